/*
 * text_pieces.h - a text cut into lines, or into words and what stands between
 * them, with a number for each piece: what text_difference.c compares.
 */
#ifndef BASE_TEXT_PIECES_H
#define BASE_TEXT_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum text_piece_kind {
	TEXT_PIECE_WORD,     /* letters and digits; an ideograph by itself */
	TEXT_PIECE_SPACE,    /* white space within a line */
	TEXT_PIECE_LINE_END, /* LF, CR LF, or CR */
	TEXT_PIECE_OTHER     /* one character, with what is drawn upon it */
};

/* Joined without gaps they are the stretch of `text` that was cut. Bytes that
 * are not UTF-8 are pieces of one byte. */
struct text_pieces {
	const char *text; /* borrowed */
	size_t from;      /* where the first piece begins */
	size_t count;
	uint32_t *ends;    /* where each ends */
	uint32_t *numbers; /* of each, by text_pieces_number() */
};

/*
 * Cut `text` between the offsets `from` and `to`, less than 2^30, into lines
 * with their line end, or into words. To be released.
 */
void text_pieces_init_lines(
    struct text_pieces *pieces, const char *text, size_t from, size_t to);
void text_pieces_init_words(
    struct text_pieces *pieces, const char *text, size_t from, size_t to);
void text_pieces_release(struct text_pieces *pieces);

/*
 * Number the pieces of both. Two with the same number are the same bytes; two
 * that are the same have the same number, but for texts made so that hashing
 * them takes long: then some have not.
 */
void text_pieces_number(struct text_pieces *one, struct text_pieces *other);

/* Where piece `index` begins; for the index behind the last, where that ends.
 */
size_t text_pieces_start(const struct text_pieces *pieces, size_t index);

/* What piece `index` is: of a line, what it begins with. */
enum text_piece_kind text_pieces_kind(
    const struct text_pieces *pieces, size_t index);

/* What the piece is that begins at `at`, of a text of `size` bytes. */
enum text_piece_kind text_piece_kind(const char *text, size_t at, size_t size);

/* Where the line ends that begins at `at`, behind its line end. */
size_t text_piece_line_end(const char *text, size_t at, size_t size);

#endif
