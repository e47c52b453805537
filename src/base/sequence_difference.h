/*
 * sequence_difference.h - the shortest way from one sequence of numbers to
 * another: what text_difference.c makes of lines and words.
 *
 * The algorithm is that of E. W. Myers, "An O(ND) Difference Algorithm and Its
 * Variations" (1986), in linear space (section 4b).
 */
#ifndef BASE_SEQUENCE_DIFFERENCE_H
#define BASE_SEQUENCE_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Up to so many differences the fewest are found; beyond, nearly the fewest. */
#define SEQUENCE_DIFFERENCE_EXACT 256

/*
 * Set those of `is_removed` (`old_count` of them, all false) whose item has to
 * go, and those of `is_added` (`new_count`, all false) whose item has to come:
 * the rest of both are the same items in the same order. At most 2^30 items
 * each. What is only removed or only added, and could be so in several places
 * up to the next difference, is so in the last.
 *
 * `*work` is how many items may be looked at, and is lessened by how many were.
 * When none is left, what has not been compared yet is removed and added whole.
 */
void sequence_difference(const uint32_t *old_items, size_t old_count,
    const uint32_t *new_items, size_t new_count, size_t *work, bool *is_removed,
    bool *is_added);

#endif
