/*
 * sanitizer.h - any HTML in, only what we know to be safe out.
 *
 * A real HTML5 parser (gumbo) builds the tree that a browser would; a walk over
 * it writes what is on the list and nothing else. The same walk does what makes
 * an article of it: heading levels and anchors, the contents list, coloured
 * code, resolved links, sizes of images, tables that scroll in themselves.
 *
 * What is written has one form that others rely on: lower-case names,
 * attributes in double quotes, "&", "<", ">" and "\"" escaped, no comment, no
 * NUL. Own ids never begin with "page-": those are the page's.
 */
#ifndef CONTENT_SANITIZER_H
#define CONTENT_SANITIZER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "content/document.h"

/*
 * Write the safe form of `html` into `out_document`, and all that is derived
 * from it on the way. Code is coloured by `options->highlighter`.
 * STATUS_TOO_LARGE when the tree is nested deeper than 256 or the output
 * exceeds `max_output` bytes. The caller releases `out_document`.
 */
MUST_CHECK enum status sanitizer_clean(const struct document_options *options,
    const char *source, const char *html, size_t size, size_t max_output,
    struct document *out_document, GError **error);

/*
 * Whether `address` may stand in a link or, with `is_image`, as the source of
 * an image: relative, http, https, or (links only) mailto. Control bytes and
 * white space are looked through as a browser would (WHATWG URL, section 4.4).
 */
bool sanitizer_allows_address(const char *address, bool is_image);

#endif
