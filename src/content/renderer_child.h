/*
 * renderer_child.h - the process that renders.
 */
#ifndef CONTENT_RENDERER_CHILD_H
#define CONTENT_RENDERER_CHILD_H

#include <glib.h>

struct document_options;

/*
 * Be the child of a renderer, just after fork(2): close every other descriptor
 * than `descriptor` and standard error, load the languages of code, enter the
 * sandbox, send one empty message, then answer each request with a reply until
 * the other end is closed. Never returns.
 */
void renderer_child_run(
    int descriptor, const struct document_options *options) G_GNUC_NORETURN;

#endif
