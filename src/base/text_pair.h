/*
 * text_pair.h - the lines or the words of two texts side by side, and which of
 * them differ: what text_difference.c makes runs of.
 */
#ifndef BASE_TEXT_PAIR_H
#define BASE_TEXT_PAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "text_pieces.h"

/* The pieces that are not marked are the same in both, one after the other. */
struct text_pair {
	struct text_pieces old, new;
	bool *is_removed, *is_added; /* the marks: one for each piece */
};

/*
 * Mark the lines that differ, in `pair`, whose texts have been cut into lines.
 * `*work` is how many may be looked at, as sequence_difference() takes it. To
 * be released.
 */
void text_pair_compare_lines(struct text_pair *pair, size_t *work);

/*
 * The same for words. Words and punctuation are held against each other first,
 * and empty lines, which part paragraphs; other white space is the same only
 * between words that are.
 */
void text_pair_compare_words(struct text_pair *pair, size_t *work);

void text_pair_release(struct text_pair *pair);

/* Pieces that differ, and how many are the same behind them. In the first one
 * there may be none that differ. */
struct text_change {
	size_t old_from, old_to;
	size_t new_from, new_to;
	size_t same;
};

/* Go on to the next change, at first from one that is all zeros. False: there
 * is none. */
bool text_change_next(struct text_change *change, const struct text_pair *pair);

#endif
