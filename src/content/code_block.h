/*
 * code_block.h - preformatted text and code, coloured where we know how.
 */
#ifndef CONTENT_CODE_BLOCK_H
#define CONTENT_CODE_BLOCK_H

struct cleaning;
struct html_node;

/*
 * Write a pre element: with its language's name if it holds code of one,
 * scrolling in itself and reached by keyboard, always from left to right.
 */
void code_block_write(struct cleaning *cleaning, const struct html_node *node);

#endif
