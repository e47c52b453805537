/*
 * text_difference.h - what has changed from one text to another, by words, for
 * a person to read.
 */
#ifndef BASE_TEXT_DIFFERENCE_H
#define BASE_TEXT_DIFFERENCE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum text_run_kind {
	TEXT_RUN_SAME,    /* in both texts */
	TEXT_RUN_REMOVED, /* in the old one alone */
	TEXT_RUN_ADDED    /* in the new one alone */
};

struct text_run {
	enum text_run_kind kind;
	size_t offset;  /* in the new text if it was added, else in the old */
	size_t size;    /* bytes, never 0 */
	bool is_folded; /* only by text_difference_fold() */
	size_t line_count; /* of a folded run: its lines, all whole */
};

/*
 * The difference of two texts of UTF-8, of `old_size` and `new_size` bytes
 * (NUL is a character like others), as a GArray of struct text_run, which the
 * caller unrefs. The runs that are not TEXT_RUN_ADDED, joined, are the old text
 * byte for byte; those that are not TEXT_RUN_REMOVED the new one. Two runs of a
 * kind never follow each other, and of what was replaced the old comes before
 * the new. Two empty texts have no runs.
 *
 * No run begins or ends inside a character or between CR and LF, nor inside a
 * word, which is a run of letters and digits of any script (with the marks upon
 * them); each Chinese or Japanese character is a word. (Bytes that are not
 * UTF-8 count as a character each.) Lines are compared first, then words in the
 * lines that differ. A few words that stayed between two larger changes are
 * shown as changed with them, since nobody can read such a patchwork; empty
 * lines between two paragraphs stay what they are.
 *
 * The time is about that of reading the texts where little has changed. It has
 * a bound for texts of which nothing is the same, or that were made to be hard:
 * what has not been compared by then is removed and added whole. The texts are
 * meant to be of up to 1 MB each; more than 1 GB must not be given.
 */
GArray *text_difference(const char *old_text, size_t old_size,
    const char *new_text, size_t new_size);

/*
 * The same runs for a page that shows changes and `context` lines around them:
 * what is the same, and has more lines than that between it and each change, is
 * a run of its own, TEXT_RUN_SAME with `is_folded`. It is whole lines, at least
 * two: a note in place of one would save nothing. Where nothing has changed,
 * all of the text is one such run, if it has two lines. Takes the texts that
 * `runs` are of; the caller unrefs what is returned.
 */
GArray *text_difference_fold(const GArray *runs, const char *old_text,
    const char *new_text, size_t context);

#endif
