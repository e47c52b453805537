/*
 * markdown.h - Markdown to HTML by cmark-gfm (or plain cmark), and nothing
 * more.
 *
 * The HTML is as unsafe as what the author typed: only sanitizer.h reads it.
 */
#ifndef CONTENT_MARKDOWN_H
#define CONTENT_MARKDOWN_H

#include <stddef.h>

/*
 * HTML of `size` bytes of valid UTF-8 Markdown: CommonMark, with tables,
 * footnotes, task lists, strikethrough and autolinks where the library has
 * them. Raw HTML passes; blocks carry data-sourcepos="line:column-line:column".
 * The caller frees it.
 */
char *markdown_to_html(const char *markdown, size_t size);

#endif
