/*
 * text_difference.c - see text_difference.h. It must keep true that the runs
 * give back both texts, whatever was cut short or merged on the way.
 *
 * What is the same at the beginning and end is taken off as bytes. Of the rest
 * the lines are compared (text_pair.c); then, wherever
 * lines differ, their words. Of an article in which a word was changed here and
 * there only those lines are ever cut into words.
 */
#include "config.h"

#include "base/text_difference.h"

#include "text_pair.h"
#include "text_pieces.h"

/* Pieces that may be looked at: in all, and for each that there is. They bound
 * the time for two texts of 1 MB to about that of cutting them into words, less
 * than a tenth of a second, and leave room for a change in each line of a book.
 */
#define MOST_WORK           ((size_t)1 << 23)
#define MOST_WORK_FOR_PIECE 512

struct comparison {
	const char *old_text, *new_text;
	GArray *runs;
	size_t work; /* that is left */
};

/* One change, and what is the same behind it, in bytes. */
struct edit {
	size_t removed, added, same;
	/* The same sizes, but each stretch of white space counts 1: what an
	 * edit means to a reader. */
	size_t removed_weight, added_weight, same_weight;
	bool is_paragraph; /* the same has an empty line in it */
};

static void
append_run(struct comparison *comparison, enum text_run_kind kind,
    size_t offset, size_t size)
{
	struct text_run run = { .kind = kind, .offset = offset, .size = size };
	GArray *runs = comparison->runs;
	struct text_run *last =
	    runs->len > 0 ? &g_array_index(runs, struct text_run, runs->len - 1)
			  : NULL;

	if (size == 0)
		return;
	if (last != NULL && last->kind == kind)
		last->size += size;
	else
		g_array_append_val(runs, run);
}

/* The work there is for `pair`, which has been cut; what is not needed is to be
 * given back. */
static size_t
take_work(struct comparison *comparison, const struct text_pair *pair)
{
	size_t count = pair->old.count + pair->new.count;
	size_t work = MIN(comparison->work, count * MOST_WORK_FOR_PIECE);

	comparison->work -= work;
	return work;
}

/* A stretch of the old text and the one of the new that stands in its place. */
struct block {
	size_t old_from, old_to;
	size_t new_from, new_to;
};

/* ---- words ---- */

static size_t
size_between(const struct text_pieces *pieces, size_t from, size_t to)
{
	return text_pieces_start(pieces, to) - text_pieces_start(pieces, from);
}

static size_t
weight_between(const struct text_pieces *pieces, size_t from, size_t to)
{
	size_t weight = 0;

	for (; from < to; from++) {
		enum text_piece_kind kind = text_pieces_kind(pieces, from);

		weight +=
		    kind == TEXT_PIECE_SPACE || kind == TEXT_PIECE_LINE_END
			? 1
			: size_between(pieces, from, from + 1);
	}
	return weight;
}

/* Whether there is an empty line among the pieces, or the end of one before an
 * empty line. */
static bool
has_empty_line(const struct text_pieces *pieces, size_t from, size_t to)
{
	size_t line_ends = 0;

	for (; from < to && line_ends < 2; from++) {
		enum text_piece_kind kind = text_pieces_kind(pieces, from);

		if (kind == TEXT_PIECE_LINE_END)
			line_ends++;
		else if (kind != TEXT_PIECE_SPACE)
			line_ends = 0;
	}
	return line_ends == 2;
}

static struct edit
make_edit(const struct text_pair *words, const struct text_change *change)
{
	const struct text_pieces *old = &words->old;
	const struct text_pieces *new = &words->new;
	size_t same_to = change->old_to + change->same;

	return (struct edit){
		.removed = size_between(old, change->old_from, change->old_to),
		.added = size_between(new, change->new_from, change->new_to),
		.same = size_between(old, change->old_to, same_to),
		.removed_weight =
		    weight_between(old, change->old_from, change->old_to),
		.added_weight =
		    weight_between(new, change->new_from, change->new_to),
		.same_weight = weight_between(old, change->old_to, same_to),
		.is_paragraph = has_empty_line(old, change->old_to, same_to),
	};
}

/* Whether what stayed between `edit` and `next` is no more than what changed
 * before it and no more than what changed behind it. */
static bool
is_island(const struct edit *edit, const struct edit *next)
{
	return !edit->is_paragraph &&
	       edit->same_weight <=
		   MAX(edit->removed_weight, edit->added_weight) &&
	       edit->same_weight <=
		   MAX(next->removed_weight, next->added_weight);
}

/* Make `edit`, what stayed behind it and `next` one edit. */
static void
merge(struct edit *edit, const struct edit *next)
{
	edit->removed += edit->same + next->removed;
	edit->removed_weight += edit->same_weight + next->removed_weight;
	edit->added += edit->same + next->added;
	edit->added_weight += edit->same_weight + next->added_weight;
	edit->same = next->same;
	edit->same_weight = next->same_weight;
	edit->is_paragraph = next->is_paragraph;
}

/* Append an edit, and merge from the end what only an island parts: a change
 * that has grown may make one of what was none. */
static void
append_edit(GArray *edits, struct edit edit)
{
	g_array_append_val(edits, edit);
	while (edits->len > 1) {
		struct edit *last =
		    &g_array_index(edits, struct edit, edits->len - 1);

		if (!is_island(last - 1, last))
			return;
		merge(last - 1, last);
		g_array_set_size(edits, edits->len - 1);
	}
}

static void
append_runs(struct comparison *comparison, const struct block *block,
    const GArray *edits)
{
	size_t old_at = block->old_from;
	size_t new_at = block->new_from;

	for (guint i = 0; i < edits->len; i++) {
		const struct edit *edit = &g_array_index(edits, struct edit, i);

		append_run(comparison, TEXT_RUN_REMOVED, old_at, edit->removed);
		append_run(comparison, TEXT_RUN_ADDED, new_at, edit->added);
		old_at += edit->removed;
		new_at += edit->added + edit->same;
		append_run(comparison, TEXT_RUN_SAME, old_at, edit->same);
		old_at += edit->same;
	}
}

static void
compare_words(struct comparison *comparison, const struct block *block)
{
	g_autoptr(GArray) edits =
	    g_array_new(FALSE, FALSE, sizeof(struct edit));
	struct text_change change = { .same = 0 };
	struct text_pair words = { .is_added = NULL };
	size_t work;

	text_pieces_init_words(
	    &words.old, comparison->old_text, block->old_from, block->old_to);
	text_pieces_init_words(
	    &words.new, comparison->new_text, block->new_from, block->new_to);
	work = take_work(comparison, &words);
	text_pair_compare_words(&words, &work);
	comparison->work += work;
	while (text_change_next(&change, &words))
		append_edit(edits, make_edit(&words, &change));
	append_runs(comparison, block, edits);
	text_pair_release(&words);
}

/* ---- lines ---- */

/* Whether one of the lines has a letter or a digit: a brace, a rule or an empty
 * line says nothing of where it stands. */
static bool
has_words(const struct text_pieces *lines, size_t from, size_t to)
{
	size_t end = text_pieces_start(lines, to);

	for (size_t at = text_pieces_start(lines, from); at < end; at++) {
		if (text_piece_kind(lines->text, at, end) == TEXT_PIECE_WORD)
			return true;
	}
	return false;
}

/*
 * Lines without words that are the same between two changes may well be the
 * wrong ones, of a text where every second line is empty: mark them, and leave
 * them to the comparison of words, which sees what stands around them.
 */
static void
mark_lines_without_words(struct text_pair *lines)
{
	struct text_change change = { .same = 0 };

	while (text_change_next(&change, lines)) {
		size_t same_to = change.old_to + change.same;
		bool is_first = change.old_to + change.new_to == 0;
		bool is_last = same_to == lines->old.count &&
			       change.new_to + change.same == lines->new.count;

		if (is_first || is_last ||
		    has_words(&lines->old, change.old_to, same_to))
			continue;
		for (size_t i = 0; i < change.same; i++) {
			lines->is_removed[change.old_to + i] = true;
			lines->is_added[change.new_to + i] = true;
		}
	}
}

static void
compare_lines(struct comparison *comparison, const struct block *block)
{
	struct text_change change = { .same = 0 };
	struct text_pair lines = { .is_added = NULL };
	size_t work;

	text_pieces_init_lines(
	    &lines.old, comparison->old_text, block->old_from, block->old_to);
	text_pieces_init_lines(
	    &lines.new, comparison->new_text, block->new_from, block->new_to);
	work = take_work(comparison, &lines);
	text_pair_compare_lines(&lines, &work);
	comparison->work += work;
	mark_lines_without_words(&lines);
	while (text_change_next(&change, &lines)) {
		struct block changed = {
			text_pieces_start(&lines.old, change.old_from),
			text_pieces_start(&lines.old, change.old_to),
			text_pieces_start(&lines.new, change.new_from),
			text_pieces_start(&lines.new, change.new_to),
		};

		compare_words(comparison, &changed);
		append_run(comparison, TEXT_RUN_SAME, changed.old_to,
		    size_between(&lines.old, change.old_to,
			change.old_to + change.same));
	}
	text_pair_release(&lines);
}

/* ---- bytes ---- */

/* Take from the block what is the same at both ends, in whole lines. */
static void
strip(const struct comparison *comparison, struct block *block)
{
	const char *old_text = comparison->old_text;
	const char *new_text = comparison->new_text;
	size_t most = MIN(block->old_to, block->new_to);
	size_t same = 0;

	while (same < most && old_text[same] == new_text[same])
		same++;
	/* Of two equal texts there is nothing to cut. */
	if (same < MAX(block->old_to, block->new_to))
		while (same > 0 && old_text[same - 1] != '\n')
			same--;
	block->old_from = block->new_from = same;
	most -= same;
	same = 0;
	while (same < most && old_text[block->old_to - same - 1] ==
				  new_text[block->new_to - same - 1])
		same++;
	while (same > 0 && old_text[block->old_to - same] != '\n')
		same--;
	same -= same > 0;
	block->old_to -= same;
	block->new_to -= same;
}

GArray *
text_difference(const char *old_text, size_t old_size, const char *new_text,
    size_t new_size)
{
	struct comparison comparison = {
		.old_text = old_text,
		.new_text = new_text,
		.runs = g_array_new(FALSE, FALSE, sizeof(struct text_run)),
		.work = MOST_WORK,
	};
	struct block block = { .old_to = old_size, .new_to = new_size };

	strip(&comparison, &block);
	append_run(&comparison, TEXT_RUN_SAME, 0, block.old_from);
	compare_lines(&comparison, &block);
	append_run(
	    &comparison, TEXT_RUN_SAME, block.old_to, old_size - block.old_to);
	return comparison.runs;
}
