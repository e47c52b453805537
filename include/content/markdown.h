/*
 * markdown.h - Markdown to HTML by cmark-gfm (or plain cmark), and nothing
 * more.
 *
 * The HTML is as unsafe as what the author typed: only sanitizer.h reads it.
 */
#ifndef CONTENT_MARKDOWN_H
#define CONTENT_MARKDOWN_H

#include <glib.h>
#include <stddef.h>

#include "base/status.h"

/* How deep quotes, lists and emphasis may stand in one another. */
#define MARKDOWN_MAX_DEPTH 200

/*
 * HTML of `size` bytes of valid UTF-8 Markdown: CommonMark, with tables,
 * footnotes, task lists, strikethrough and autolinks where the library has
 * them. Raw HTML passes; blocks carry data-sourcepos="line:column-line:column",
 * and before a block of raw HTML stands <!--line N-->, so that the sanitizer
 * knows where in the Markdown it is.
 *
 * STATUS_TOO_LARGE, with words for the author: nested deeper than
 * MARKDOWN_MAX_DEPTH, or so much HTML that more than `max_output` bytes of it
 * would remain without the positions. The caller frees `out_html` with free().
 */
MUST_CHECK enum status markdown_to_html(const char *markdown, size_t size,
    size_t max_output, char **out_html, size_t *out_size, GError **error);

#endif
