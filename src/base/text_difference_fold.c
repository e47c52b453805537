/*
 * text_difference_fold.c - the other half of text_difference.h: what of two
 * texts is the same and far from any change.
 */
#include "config.h"

#include "base/text_difference.h"
#include "text_pieces.h"

static bool
is_line_end(char byte)
{
	return byte == '\n' || byte == '\r';
}

/* Whether a line begins at `at`. */
static bool
is_line_start(const char *text, size_t at)
{
	return at == 0 || is_line_end(text[at - 1]);
}

/* Where the line begins that ends at `at`, but not before `from`. */
static size_t
line_start_before(const char *text, size_t from, size_t at)
{
	if (at > from && text[at - 1] == '\n')
		at--;
	if (at > from && text[at - 1] == '\r')
		at--;
	while (at > from && !is_line_end(text[at - 1]))
		at--;
	return at;
}

static void
append_part(GArray *runs, size_t from, size_t to, size_t line_count)
{
	struct text_run part = {
		.kind = TEXT_RUN_SAME,
		.offset = from,
		.size = to - from,
		.is_folded = line_count > 0,
		.line_count = line_count,
	};

	if (from < to)
		g_array_append_val(runs, part);
}

/* Append what is the same from `from` to `to`; of it, what lies between
 * `far_from` and `far_to` as a run of its own, if that saves anything. */
static void
append_same(GArray *runs, const char *text, size_t from, size_t to,
    size_t far_from, size_t far_to)
{
	size_t line_count = 0;

	for (size_t at = far_from; at < far_to; line_count++)
		at = text_piece_line_end(text, at, far_to);
	if (line_count < 2) {
		append_part(runs, from, to, 0);
		return;
	}
	append_part(runs, from, far_from, 0);
	append_part(runs, far_from, far_to, line_count);
	append_part(runs, far_to, to, 0);
}

/* Where a change no longer is near that ends at `from`: behind the rest of its
 * line and `context` lines more, but not behind `to`. */
static size_t
skip_lines(
    const char *text, size_t from, size_t to, bool is_start, size_t context)
{
	size_t count = context + !is_start;

	for (; count > 0 && from < to; count--)
		from = text_piece_line_end(text, from, to);
	return from;
}

/* The same towards the beginning, of a change that begins at `to`. */
static size_t
skip_lines_back(const char *text, size_t from, size_t to, size_t context)
{
	size_t count = context + !is_line_start(text, to);

	for (; count > 0 && to > from; count--)
		to = line_start_before(text, from, to);
	return to;
}

GArray *
text_difference_fold(const GArray *runs, const char *old_text,
    const char *new_text, size_t context)
{
	GArray *folded = g_array_new(FALSE, FALSE, sizeof(struct text_run));
	size_t new_at = 0;

	for (guint i = 0; i < runs->len; i++) {
		const struct text_run *run =
		    &g_array_index(runs, struct text_run, i);
		size_t from = run->offset;
		size_t to = from + run->size;
		size_t far_from = from, far_to = to;

		if (run->kind != TEXT_RUN_SAME)
			g_array_append_vals(folded, run, 1);
		else {
			/* A line may have been joined in one text alone. */
			bool is_start = is_line_start(old_text, from) &&
					is_line_start(new_text, new_at);

			if (i > 0)
				far_from = skip_lines(
				    old_text, from, to, is_start, context);
			if (i + 1 < runs->len)
				far_to = skip_lines_back(
				    old_text, from, to, context);
			append_same(
			    folded, old_text, from, to, far_from, far_to);
		}
		if (run->kind != TEXT_RUN_REMOVED)
			new_at += run->size;
	}
	return folded;
}
