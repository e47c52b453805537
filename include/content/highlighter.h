/*
 * highlighter.h - colours for code, by source-highlight: the C face of it.
 *
 * Colours are classes, never styles: "hl-keyword", "hl-type", "hl-string",
 * "hl-number", "hl-comment", "hl-function", "hl-preprocessor", "hl-variable",
 * "hl-constant", "hl-symbol", "hl-tag", "hl-attribute", "hl-property",
 * "hl-inserted", "hl-deleted", "hl-heading", "hl-prompt". The style sheet
 * colours each for light and dark, and keeps "hl-prompt" (the "$ " before a
 * command in a session) from being selected with the command.
 */
#ifndef CONTENT_HIGHLIGHTER_H
#define CONTENT_HIGHLIGHTER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct highlighter;

/*
 * Make one; languages are loaded when first used, from the folders of our own
 * and the library's definitions. NULL without the library
 * (--without-source-highlight).
 */
struct highlighter *highlighter_new(void);
void highlighter_free(struct highlighter *highlighter);

/*
 * Load all languages now, so that a process that will lose the right to open
 * files has them.
 */
void highlighter_preload(struct highlighter *highlighter);

/*
 * The name readers see for the language an author wrote after the fence ("rs",
 * "rust,ignore", "Rust" all give "Rust"; "" and "text" give NULL; an unknown
 * one gives itself, cut to 30 characters, with letters, digits, "+", "#", "."
 * and "-" only). The caller frees it.
 */
char *highlighter_language_name(const char *info);

/*
 * Append `code` as HTML: escaped, with spans of the classes above where `info`
 * is a language we know and plain otherwise. Never fails: code that the library
 * cannot colour comes out plain. Text is never lost: without its tags and
 * entities the result is `code`. The spans are not nested and never hold a line
 * end. Plain too: a line over 4 KB, a block over 512 KB, and a block whose
 * spans would weigh several times its text. `highlighter` and `info` may be
 * NULL.
 */
void highlighter_append_html(struct highlighter *highlighter, GString *out,
    const char *info, const char *code, size_t size);

#ifdef __cplusplus
}
#endif

#endif
