/*
 * tool_link.h - what lets an author in, or keeps them out, in the shell.
 */
#ifndef TOOL_LINK_H
#define TOOL_LINK_H

#include <stdbool.h>

struct site;

/* Print a link by which a blog that nobody can sign in to is set up. Returns an
 * exit code. */
int tool_print_setup_link(struct site *site);

/*
 * Print a link by which the author `who` (a handle or an e-mail address) sets a
 * new password; with `is_without_codes`, no one-time code is asked for any
 * more. Returns an exit code.
 */
int tool_print_reset_link(
    struct site *site, const char *who, bool is_without_codes);

/*
 * Switch the account of the author `who` (a handle or an e-mail address) off,
 * or on again. Returns an exit code.
 */
int tool_switch_off(struct site *site, const char *who);
int tool_switch_on(struct site *site, const char *who);

#endif
