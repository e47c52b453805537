/*
 * password_guess.h - how soon a password is guessed. For password_rules.c
 * alone.
 */
#ifndef BASE_PASSWORD_GUESS_H
#define BASE_PASSWORD_GUESS_H

#include <glib.h>

/* What makes a password easy to guess; several may be in one. */
enum guess_kind {
	GUESS_OWN = 1,    /* what belongs to its owner */
	GUESS_WORD = 2,   /* common words and names */
	GUESS_NUMBER = 4, /* a date or year */
	GUESS_ROW = 8     /* keys in a row, a run, a repetition */
};

struct guess {
	unsigned cost;  /* tenths of a bit: the logarithm of the guesses */
	unsigned kinds; /* of enum guess_kind: why it is so low */
};

/* From this cost on a password is not among the first; what costs more is not
 * counted further. It is that of two million guesses: two words and two digits
 * stay below, three words, seven digits or five letters made by chance do not.
 */
#define GUESS_ENOUGH 210U

/* The words that people make passwords of, by their first byte: a space or NUL
 * ends each. NULL where none begins so. */
struct password_words {
	GPtrArray *by_first[256];
};

void password_words_init(struct password_words *words);
void password_words_release(struct password_words *words);

/*
 * The cost of `text`, at most GUESS_ENOUGH: the cheapest way to put it together
 * of words, runs and single characters. `text` and the words in `own` (strings
 * without spaces) are valid UTF-8 in lower case without marks.
 */
struct guess password_guess(
    const struct password_words *words, const GPtrArray *own, const char *text);

#endif
