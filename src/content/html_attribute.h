/*
 * html_attribute.h - attributes of an element, checked and written.
 */
#ifndef CONTENT_HTML_ATTRIBUTE_H
#define CONTENT_HTML_ATTRIBUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "content/document.h"

struct cleaning;
struct html_node;

/*
 * Append the listed attributes of `node`, each with a value that passed.
 * `more_class` (may be NULL) is a class of ours to add.
 */
void html_write_attributes(struct cleaning *cleaning,
    const struct html_node *node, const char *more_class);

/* Append class="..." of what may stay, and of `more_class` (may be NULL). */
void html_write_class(struct cleaning *cleaning, const struct html_node *node,
    const char *more_class);

/* Append id="..." if nothing in the document had it before. */
void html_write_id(struct cleaning *cleaning, const struct html_node *node);

/*
 * What an address in the document becomes: resolved, under the base path, or
 * as it is. False, with a warning where the author should know: it may not be
 * written. The caller frees the url of `out_target`.
 */
bool html_resolve_address(struct cleaning *cleaning,
    const struct html_node *node, const char *address, enum link_kind kind,
    struct link_target *out_target);

/* A length in pixels ("300", "300px"); 0 when it is none. */
uint32_t html_pixels(const char *value);

#endif
