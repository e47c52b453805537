/*
 * html_element.h - elements that are written otherwise than they were read:
 * links, headings, code, tables, images, players, frames, check boxes.
 */
#ifndef CONTENT_HTML_ELEMENT_H
#define CONTENT_HTML_ELEMENT_H

struct cleaning;
struct html_node;

/* Write an element whose rule says HTML_REWRITE. */
void html_write_rewritten(
    struct cleaning *cleaning, const struct html_node *node);

#endif
