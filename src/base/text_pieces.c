/*
 * text_pieces.c - see text_pieces.h. It must keep true that a valid text is cut
 * between characters only, CR LF never, and that cutting and numbering take
 * time in proportion to the text, whatever it is.
 */
#include "config.h"

#include "text_pieces.h"

#include <glib.h>
#include <string.h>

#include "character.h"

#define JOINER 0x200D

/* Slots of the table that are looked at for one piece. In a table that is at
 * most half full, only texts made for it need more. */
#define MOST_PROBES 256

/* A character, where it ends, and what it is. */
struct character {
	gunichar code; /* of a byte that is not UTF-8: (gunichar)-1 */
	size_t end;
	enum text_piece_kind kind;
	bool extends;  /* it belongs to the one before it */
	bool is_whole; /* letters beside it make no word with it */
};

static enum text_piece_kind
kind_of_ascii(char byte)
{
	if (g_ascii_isalnum(byte))
		return TEXT_PIECE_WORD;
	if (byte == '\n' || byte == '\r')
		return TEXT_PIECE_LINE_END;
	return g_ascii_isspace(byte) ? TEXT_PIECE_SPACE : TEXT_PIECE_OTHER;
}

static void
read_wide(
    const char *text, size_t at, size_t size, struct character *out_character)
{
	gunichar code =
	    g_utf8_get_char_validated(text + at, (gssize)(size - at));

	out_character->code = code;
	if (code >= (gunichar)-2)
		return;
	out_character->end = at + (size_t)g_utf8_skip[(guchar)text[at]];
	if (character_is_ideograph(code)) {
		out_character->kind = TEXT_PIECE_WORD;
		out_character->is_whole = true;
	} else if (g_unichar_isalnum(code)) {
		out_character->kind = TEXT_PIECE_WORD;
	} else if (g_unichar_isspace(code)) {
		out_character->kind = TEXT_PIECE_SPACE;
	}
	out_character->extends = character_extends(code);
}

static struct character
read_character(const char *text, size_t at, size_t size)
{
	struct character character = {
		.code = (guchar)text[at],
		.end = at + 1,
		.kind = TEXT_PIECE_OTHER,
	};

	if (character.code < 0x80)
		character.kind = kind_of_ascii(text[at]);
	else
		read_wide(text, at, size, &character);
	return character;
}

static size_t
end_of_line_end(const char *text, size_t at, size_t size)
{
	return at + 1 +
	       (text[at] == '\r' && at + 1 < size && text[at + 1] == '\n');
}

/* Whether `next` goes on with the piece that `first` begins and `last` has
 * ended so far. */
static bool
goes_on(const struct character *first, const struct character *last,
    const struct character *next)
{
	if (first->kind == TEXT_PIECE_SPACE)
		return next->kind == TEXT_PIECE_SPACE;
	if (next->extends)
		return true;
	if (first->kind == TEXT_PIECE_WORD && !first->is_whole)
		return next->kind == TEXT_PIECE_WORD && !next->is_whole;
	return last->code == JOINER && next->code >= 0x80 &&
	       next->kind == TEXT_PIECE_OTHER;
}

static size_t
end_of_word(const char *text, size_t at, size_t size)
{
	struct character first = read_character(text, at, size);
	struct character last = first;

	if (first.kind == TEXT_PIECE_LINE_END)
		return end_of_line_end(text, at, size);
	while (last.end < size) {
		struct character next = read_character(text, last.end, size);

		if (!goes_on(&first, &last, &next))
			break;
		last = next;
	}
	return last.end;
}

enum text_piece_kind
text_pieces_kind(const struct text_pieces *pieces, size_t index)
{
	return text_piece_kind(pieces->text, text_pieces_start(pieces, index),
	    pieces->ends[index]);
}

enum text_piece_kind
text_piece_kind(const char *text, size_t at, size_t size)
{
	return read_character(text, at, size).kind;
}

size_t
text_piece_line_end(const char *text, size_t at, size_t size)
{
	while (at < size && text[at] != '\n' && text[at] != '\r')
		at++;
	return at < size ? end_of_line_end(text, at, size) : size;
}

static void
cut(struct text_pieces *pieces, const char *text, size_t from, size_t to,
    size_t (*find_end)(const char *text, size_t at, size_t size))
{
	GArray *ends = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (size_t at = from; at < to;) {
		uint32_t end;

		at = find_end(text, at, to);
		end = (uint32_t)at;
		g_array_append_val(ends, end);
	}
	*pieces = (struct text_pieces){
		.text = text,
		.from = from,
		.count = ends->len,
		.numbers = g_new(uint32_t, ends->len),
	};
	pieces->ends = (uint32_t *)(void *)g_array_free(ends, FALSE);
}

void
text_pieces_init_lines(
    struct text_pieces *pieces, const char *text, size_t from, size_t to)
{
	cut(pieces, text, from, to, text_piece_line_end);
}

void
text_pieces_init_words(
    struct text_pieces *pieces, const char *text, size_t from, size_t to)
{
	cut(pieces, text, from, to, end_of_word);
}

void
text_pieces_release(struct text_pieces *pieces)
{
	g_free(pieces->ends);
	g_free(pieces->numbers);
}

size_t
text_pieces_start(const struct text_pieces *pieces, size_t index)
{
	return index == 0 ? pieces->from : pieces->ends[index - 1];
}

/* The first of its kind: its hash, and its index plus one, counted through
 * both. No slot is taken where that is 0. */
struct slot {
	uint32_t hash;
	uint32_t index;
};

struct table {
	const struct text_pieces *one, *other;
	struct slot *slots;
	size_t mask;
};

static const char *
bytes_of(const struct text_pieces *pieces, size_t index, size_t *out_size)
{
	size_t start = text_pieces_start(pieces, index);

	*out_size = pieces->ends[index] - start;
	return pieces->text + start;
}

/* FNV-1a, and its upper bits in the lower ones. */
static uint32_t
hash_bytes(const char *bytes, size_t size)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (guchar)bytes[i]) * 16777619U;
	return hash ^ hash >> 15;
}

/* Whether the piece in `slot` is these bytes. */
static bool
is_in_slot(const struct table *table, const struct slot *slot, uint32_t hash,
    const char *bytes, size_t size)
{
	size_t index = slot->index - 1;
	const struct text_pieces *pieces = table->one;
	const char *known;
	size_t known_size;

	if (slot->hash != hash)
		return false;
	if (index >= pieces->count) {
		index -= pieces->count;
		pieces = table->other;
	}
	known = bytes_of(pieces, index, &known_size);
	return known_size == size && memcmp(known, bytes, size) == 0;
}

/* The number of the bytes, which are piece `index`, counted through both. */
static uint32_t
number_of(struct table *table, const char *bytes, size_t size, uint32_t index)
{
	uint32_t hash = hash_bytes(bytes, size);

	for (size_t i = 0; i < MOST_PROBES; i++) {
		struct slot *slot = &table->slots[(hash + i) & table->mask];

		if (slot->index == 0)
			*slot = (struct slot){ hash, index + 1 };
		else if (!is_in_slot(table, slot, hash, bytes, size))
			continue;
		return slot->index - 1;
	}
	return index;
}

static void
number_all(struct table *table, struct text_pieces *pieces, size_t before)
{
	for (size_t i = 0; i < pieces->count; i++) {
		size_t size;
		const char *bytes = bytes_of(pieces, i, &size);

		pieces->numbers[i] =
		    number_of(table, bytes, size, (uint32_t)(before + i));
	}
}

void
text_pieces_number(struct text_pieces *one, struct text_pieces *other)
{
	struct table table = { .one = one, .other = other };
	size_t capacity = 16;

	while (capacity < 2 * (one->count + other->count))
		capacity *= 2;
	table.slots = g_new0(struct slot, capacity);
	table.mask = capacity - 1;
	number_all(&table, one, 0);
	number_all(&table, other, one->count);
	g_free(table.slots);
}
