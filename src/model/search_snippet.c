/*
 * search_snippet.c - see search_snippet.h. FTS5's own snippet() compares every
 * match with every other: a word that stands some thousand times in a long text
 * would keep a process busy for seconds.
 */
#include "config.h"

#include "search_snippet.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "model/search.h"

enum {
	MATCH_LIMIT = 1000,  /* matches that are looked at, the first ones */
	WINDOW_SIZE = 200,   /* bytes within which words stand together */
	WINDOW_MATCHES = 32, /* matches of a window that are compared */
	LEAD_SIZE = 80,      /* bytes before the first match, at most, */
	LEAD_WORDS = 10,     /* and words */
	SNIPPET_WORDS = 30,
	SNIPPET_SIZE = 400 /* bytes, where there are no spaces */
};

static const char ELLIPSIS[] = "\xe2\x80\xa6";

/* A match: what stands between its marks. */
struct match {
	const char *text;
	size_t size;
};

static GArray *
find_matches(const char *marked)
{
	GArray *matches = g_array_new(FALSE, FALSE, sizeof(struct match));
	const char *at = marked;

	while (matches->len < MATCH_LIMIT &&
	       (at = strchr(at, SEARCH_MARK_BEGIN)) != NULL) {
		struct match match = { .text = at + 1 };
		const char *end = strchr(at, SEARCH_MARK_END);

		if (end == NULL)
			break;
		match.size = (size_t)(end - match.text);
		g_array_append_val(matches, match);
		at = end + 1;
	}
	return matches;
}

static bool
is_same_word(const struct match *one, const struct match *other)
{
	return one->size == other->size &&
	       g_ascii_strncasecmp(one->text, other->text, one->size) == 0;
}

/* How many different words stand in the window that begins with match
 * `first`. */
static guint
count_words(const GArray *matches, guint first)
{
	const struct match *begin =
	    &g_array_index(matches, struct match, first);
	guint end = MIN(matches->len, first + WINDOW_MATCHES);
	guint count = 0;

	for (guint i = first; i < end; i++) {
		const struct match *match =
		    &g_array_index(matches, struct match, i);
		guint k = first;

		if (match->text - begin->text > WINDOW_SIZE)
			break;
		while (!is_same_word(
		    match, &g_array_index(matches, struct match, k)))
			k++;
		count += k == i;
	}
	return count;
}

/* Where the best window begins; the beginning of the text without matches. */
static const char *
find_window(const char *marked)
{
	g_autoptr(GArray) matches = find_matches(marked);
	const char *best = marked;
	guint most = 0;

	for (guint i = 0; i < matches->len; i++) {
		guint count = count_words(matches, i);

		if (count > most) {
			most = count;
			best = g_array_index(matches, struct match, i).text - 1;
		}
	}
	return best;
}

/* Where the sentence with `at` begins if that is near, else some words before
 * it. */
static const char *
find_begin(const char *marked, const char *at)
{
	const char *begin = at;
	const char *limit = at - marked > LEAD_SIZE ? at - LEAD_SIZE : marked;
	int words = 0;

	for (const char *p = at; p > limit; p--) {
		if (p[-1] == '\n' || (p[-1] == ' ' && p - 1 > marked &&
					 strchr(".!?", p[-2]) != NULL))
			return p;
		if (p[-1] == ' ' && words++ <= LEAD_WORDS)
			begin = p;
	}
	return limit == marked && words <= LEAD_WORDS ? marked : begin;
}

/* Append from `begin` on; returns what was left out. `begin` may stand within a
 * match. */
static const char *
append_words(GString *out, const char *begin)
{
	const char *at = begin;
	int words = 0;
	bool is_marked = false;

	while (*at != '\0' && at - begin < SNIPPET_SIZE) {
		const char *next = g_utf8_next_char(at);
		bool is_stray = *at == SEARCH_MARK_END && !is_marked;

		if ((*at == ' ' || *at == '\n') && ++words == SNIPPET_WORDS)
			break;
		if (*at == SEARCH_MARK_BEGIN || *at == SEARCH_MARK_END)
			is_marked = *at == SEARCH_MARK_BEGIN;
		if (!is_stray)
			g_string_append_len(out, at, next - at);
		at = next;
	}
	if (is_marked)
		g_string_append_c(out, SEARCH_MARK_END);
	return at;
}

char *
search_cut_snippet(const char *marked)
{
	const char *begin = find_begin(marked, find_window(marked));
	GString *out = g_string_new(begin > marked ? ELLIPSIS : NULL);
	const char *rest = append_words(out, begin);

	if (rest[strspn(rest, " \n\x03")] != '\0')
		g_string_append(out, ELLIPSIS);
	return g_string_free(out, FALSE);
}
