/*
 * tool.h - what the subcommands of `byline` share.
 *
 * A subcommand is a row of the table in src/tool/byline.c and a function in a
 * file of its family. It prints results on standard output and all else on
 * standard error, and returns the exit code.
 */
#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct site;

/* Exit codes, as byline(1) lists them. */
enum {
	TOOL_DONE = 0,
	TOOL_FAILED = 1, /* or done in part: the report says what is missing */
	TOOL_MISUSED = 2 /* the command line is wrong: nothing was done */
};

struct tool {
	const char *name;        /* "import" */
	const char *arguments;   /* "markdown DIR" */
	const char *summary;     /* one line, without a full stop */
	const char *description; /* more for --help; or NULL */
	/* `argv[0]` is the subcommand's name. */
	int (*run)(const struct tool *tool, const char *directory, int argc,
	    char **argv);
};

/*
 * Parse `argv` by `entries` (GOptionEntry), with --help made from `tool`. What
 * follows "--" are arguments, and so is what follows a negative number, itself
 * included. Returns true when the subcommand shall go on; what remains in argv
 * are its arguments, `argument_count` of them exactly (-1: any number). On
 * false `out_exit` is the exit code: help was shown, or the command line is
 * wrong, which was said.
 */
bool tool_parse(const struct tool *tool, const GOptionEntry *entries,
    int argument_count, int *argc, char ***argv, int *out_exit);

/* Print "byline: WORDS" on standard error, as one line in which control
 * characters are written out, and return TOOL_FAILED. */
int tool_fail(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The same of `subject`: the words of `error`, which may be NULL, or else the
 * name of `status`. */
int tool_fail_of(const char *subject, enum status status, const GError *error);

/*
 * Print what is wrong with the command line of `tool`, then how it is used, on
 * standard error, and return TOOL_MISUSED.
 */
int tool_misuse(const struct tool *tool, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/*
 * Open the site in `directory` for writing, its database brought up to date but
 * never made, or print why not and return NULL.
 */
struct site *tool_open_site(const char *directory);

/* From here on, a signal to end waits until it is looked for: who makes
 * something leaves no half of it. */
void tool_hold_signals(void);

/* STATUS_FAILED, with words that follow the name of what is made, once one has
 * come. */
MUST_CHECK enum status tool_check_signals(GError **error);

/*
 * Progress on one line of a terminal, nothing elsewhere: "importing 120 of
 * 750". `done` equal to `total` ends the line.
 */
void tool_show_progress(const char *doing, int64_t done, int64_t total);

/* The subcommands. */
int tool_init(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_author(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_setting(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_import(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_export(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_backup(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_restore(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_list(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_rebuild(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_work(
    const struct tool *tool, const char *directory, int argc, char **argv);
int tool_check(
    const struct tool *tool, const char *directory, int argc, char **argv);

#endif
