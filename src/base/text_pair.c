/*
 * text_pair.c - see text_pair.h. It must keep true that as many pieces of the
 * one text as of the other are not marked, and that they are the same.
 */
#include "config.h"

#include "text_pair.h"

#include <glib.h>

#include "sequence_difference.h"

void
text_pair_compare_lines(struct text_pair *pair, size_t *work)
{
	pair->is_removed = g_new0(bool, pair->old.count);
	pair->is_added = g_new0(bool, pair->new.count);
	text_pieces_number(&pair->old, &pair->new);
	sequence_difference(pair->old.numbers, pair->old.count,
	    pair->new.numbers, pair->new.count, work, pair->is_removed,
	    pair->is_added);
}

void
text_pair_release(struct text_pair *pair)
{
	text_pieces_release(&pair->old);
	text_pieces_release(&pair->new);
	g_free(pair->is_removed);
	g_free(pair->is_added);
}

static size_t
skip_marked(const bool *is_marked, size_t count, size_t at)
{
	while (at < count && is_marked[at])
		at++;
	return at;
}

bool
text_change_next(struct text_change *change, const struct text_pair *pair)
{
	size_t old_count = pair->old.count;
	size_t new_count = pair->new.count;

	change->old_from = change->old_to + change->same;
	change->new_from = change->new_to + change->same;
	if (change->old_from == old_count && change->new_from == new_count)
		return false;
	change->old_to =
	    skip_marked(pair->is_removed, old_count, change->old_from);
	change->new_to =
	    skip_marked(pair->is_added, new_count, change->new_from);
	change->same = 0;
	while (change->old_to + change->same < old_count &&
	       change->new_to + change->same < new_count &&
	       !pair->is_removed[change->old_to + change->same] &&
	       !pair->is_added[change->new_to + change->same])
		change->same++;
	return true;
}

/* ---- words ---- */

/*
 * The pieces that are held against each other first: all but white space within
 * a paragraph. Of that there is some behind every word, so that it would be
 * found the same anywhere, and words would be taken apart for its sake.
 */
struct selection {
	size_t count;
	uint32_t *indexes; /* in the pieces that it is of */
	uint32_t *numbers;
	bool *is_marked;
};

static void
selection_init(struct selection *selection, const struct text_pieces *words)
{
	bool is_line_begun = false;

	selection->count = 0;
	selection->indexes = g_new(uint32_t, words->count);
	selection->numbers = g_new(uint32_t, words->count);
	selection->is_marked = g_new0(bool, words->count);
	for (size_t i = 0; i < words->count; i++) {
		enum text_piece_kind kind = text_pieces_kind(words, i);
		bool is_in_paragraph =
		    kind == TEXT_PIECE_SPACE ||
		    (kind == TEXT_PIECE_LINE_END && is_line_begun);

		if (kind != TEXT_PIECE_SPACE)
			is_line_begun = kind != TEXT_PIECE_LINE_END;
		if (is_in_paragraph)
			continue;
		selection->indexes[selection->count] = (uint32_t)i;
		selection->numbers[selection->count++] = words->numbers[i];
	}
}

static void
selection_release(struct selection *selection)
{
	g_free(selection->indexes);
	g_free(selection->numbers);
	g_free(selection->is_marked);
}

/* The marks of all `count` pieces: what was not selected is marked. */
static bool *
selection_spread(const struct selection *selection, size_t count)
{
	bool *is_marked = g_new(bool, count);

	for (size_t i = 0; i < count; i++)
		is_marked[i] = true;
	for (size_t i = 0; i < selection->count; i++)
		is_marked[selection->indexes[i]] = selection->is_marked[i];
	return is_marked;
}

/* Take off the marks of what is the same at both ends of a change: white space
 * beside words that are. */
static void
unmark_ends(struct text_pair *pair, struct text_change change)
{
	const uint32_t *old = pair->old.numbers;
	const uint32_t *new = pair->new.numbers;

	while (change.old_from < change.old_to &&
	       change.new_from < change.new_to &&
	       old[change.old_from] == new[change.new_from]) {
		pair->is_removed[change.old_from++] = false;
		pair->is_added[change.new_from++] = false;
	}
	while (change.old_from < change.old_to &&
	       change.new_from < change.new_to &&
	       old[change.old_to - 1] == new[change.new_to - 1]) {
		pair->is_removed[--change.old_to] = false;
		pair->is_added[--change.new_to] = false;
	}
}

void
text_pair_compare_words(struct text_pair *pair, size_t *work)
{
	struct text_change change = { .same = 0 };
	struct selection old_selection, new_selection;

	text_pieces_number(&pair->old, &pair->new);
	selection_init(&old_selection, &pair->old);
	selection_init(&new_selection, &pair->new);
	sequence_difference(old_selection.numbers, old_selection.count,
	    new_selection.numbers, new_selection.count, work,
	    old_selection.is_marked, new_selection.is_marked);
	pair->is_removed = selection_spread(&old_selection, pair->old.count);
	pair->is_added = selection_spread(&new_selection, pair->new.count);
	while (text_change_next(&change, pair))
		unmark_ends(pair, change);
	selection_release(&old_selection);
	selection_release(&new_selection);
}
