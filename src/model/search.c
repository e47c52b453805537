/*
 * search.c - full text search over what is public.
 *
 * What must hold: nothing a visitor types is a syntax error, or anything else
 * than words to look for; what is found is public at `now`; the number of hits
 * is exact.
 *
 * What it costs: every hit is ranked, since the best may be any of them (0.6 µs
 * each, most of it reading how long each text is), and the snippets of one page
 * are cut from their texts, which takes reading through these texts again (0.15
 * ms for 30 KB). So showing a page of ten costs more than finding it, until
 * there are thousands of hits: 1.4 ms among 20 articles, 1.8 ms for 20 hits
 * among 10,000, 7 ms for a word in each of 10,000.
 */
#include "config.h"

#include "model/search.h"

#include <string.h>

#include "article_private.h"
#include "base/paging.h"
#include "base/text.h"
#include "search_snippet.h"
#include "store/database.h"

enum {
	WORD_LIMIT = 16,       /* words looked at, those of phrases included */
	PREFIX_CHARACTERS = 2, /* a shorter prefix is taken for a word */
	QUERY_SIZE = 1000      /* bytes looked at */
};

/* The weights are those of title, excerpt, tags, body: a lower rank is a better
 * match. */
static const char SQL_HITS[] =
    "SELECT rowid, bm25(article_search, 10.0, 4.0, 6.0, 1.0)"
    " FROM article_search"
    " WHERE article_search MATCH :query";

static const char SQL_MARKS[] =
    "SELECT highlight(article_search, 0, char(2), char(3)),"
    " highlight(article_search, 3, char(2), char(3))"
    " FROM article_search"
    " WHERE article_search MATCH :query"
    " AND rowid = :id";

/* What is published and still to come, and what has left the public but not yet
 * the index: hardly ever anything. */
static const char SQL_HIDDEN_IDS[] = "SELECT id"
				     " FROM article"
				     " WHERE status = 'published'"
				     " AND trashed_at IS NULL"
				     " AND published_at > :now"
				     " UNION ALL"
				     " SELECT id"
				     " FROM article"
				     " WHERE status = 'scheduled'"
				     " AND trashed_at IS NULL"
				     " AND published_at > 0"
				     " UNION ALL"
				     " SELECT article_id"
				     " FROM search_removal";

static const char SQL_PUBLISHED_AT[] = "SELECT published_at"
				       " FROM article"
				       " WHERE id = :id";

/* ---- what was typed ---- */

/* What has been read of it. */
struct query {
	GString *text; /* FTS5 */
	int word_count;
	GPtrArray *seen; /* each part of it, folded */
};

/* The number of characters in the word, or the words of a phrase, that can be
 * looked for. */
static size_t
searchable_count(const char *text, size_t size)
{
	size_t count = 0;

	for (const char *at = text; at < text + size; at = g_utf8_next_char(at))
		count += g_unichar_isalnum(g_utf8_get_char(at)) ? 1 : 0;
	return count;
}

/* Cut `size` bytes of `text` after `limit` words; `out_count` is how many there
 * are. */
static size_t
cut_words(const char *text, size_t size, int limit, int *out_count)
{
	bool is_inside = false;

	*out_count = 0;
	for (const char *at = text; at < text + size;
	     at = g_utf8_next_char(at)) {
		bool is_word = g_unichar_isalnum(g_utf8_get_char(at));

		if (is_word && !is_inside && (*out_count)++ == limit) {
			*out_count = limit;
			return (size_t)(at - text);
		}
		is_inside = is_word;
	}
	return size;
}

/* Whether this was typed before: asked for twice, it costs twice and finds the
 * same. */
static bool
has_seen(struct query *query, const char *text, size_t size, bool is_prefix)
{
	g_autofree char *word = g_utf8_casefold(text, (gssize)size);
	char *part = g_strconcat(word, is_prefix ? "*" : "", NULL);

	for (guint i = 0; i < query->seen->len; i++) {
		if (strcmp(g_ptr_array_index(query->seen, i), part) == 0) {
			g_free(part);
			return true;
		}
	}
	g_ptr_array_add(query->seen, part);
	return false;
}

/* Add a word or phrase, quoted: between quotes FTS5 knows no syntax, and no
 * quote can be inside, since it is where words end here. */
static void
add_token(struct query *query, const char *text, size_t size, bool is_prefix)
{
	size_t characters = searchable_count(text, size);
	int count;
	size_t kept;

	if (characters == 0 || query->word_count == WORD_LIMIT ||
	    has_seen(query, text, size, is_prefix))
		return;
	kept = cut_words(text, size, WORD_LIMIT - query->word_count, &count);
	query->word_count += count;
	if (query->text->len > 0)
		g_string_append_c(query->text, ' ');
	g_string_append_c(query->text, '"');
	g_string_append_len(query->text, text, (gssize)kept);
	g_string_append_c(query->text, '"');
	if (is_prefix && kept == size && characters >= PREFIX_CHARACTERS)
		g_string_append_c(query->text, '*');
}

/* The phrase that begins after the quote at `at`; returns what follows it. */
static const char *
add_phrase(struct query *query, const char *at)
{
	const char *begin = at + 1;
	size_t size = strcspn(begin, "\"");
	const char *end = begin + size;
	bool is_closed = *end == '"';

	add_token(query, begin, size, is_closed && end[1] == '*');
	return is_closed ? end + 1 : end;
}

static const char *
add_word(struct query *query, const char *at)
{
	size_t size = strcspn(at, " \"");
	size_t stars = 0;

	while (stars < size && at[size - stars - 1] == '*')
		stars++;
	add_token(query, at, size - stars, stars > 0);
	return at + size;
}

/* At most QUERY_SIZE bytes of `typed`, in NFC, with single spaces as the only
 * white space; NULL when it is not UTF-8. */
static char *
clean_query(const char *typed)
{
	size_t size = strnlen(typed, QUERY_SIZE + 1);
	g_autofree char *begin = NULL;

	if (size > QUERY_SIZE) {
		size = QUERY_SIZE;
		while (size > 0 && ((guchar)typed[size] & 0xc0) == 0x80)
			size--;
	}
	if (!text_is_valid_utf8(typed, size, NULL))
		return NULL;
	begin = g_strndup(typed, size);
	return text_normalize_line(begin);
}

char *
search_make_query(const char *typed)
{
	g_autofree char *line = clean_query(typed);
	struct query query = { 0 };

	if (line == NULL)
		return NULL;
	query.text = g_string_new(NULL);
	query.seen = g_ptr_array_new_with_free_func(g_free);
	for (const char *at = line; *at != '\0';) {
		if (*at == '"')
			at = add_phrase(&query, at);
		else if (*at == ' ')
			at++;
		else
			at = add_word(&query, at);
	}
	g_ptr_array_unref(query.seen);
	return g_string_free(query.text, query.text->len == 0);
}

/* ---- what is found ---- */

struct rank {
	int64_t id;
	int64_t published_at; /* read only where it decides */
	double rank;
};

static void
free_hit(void *data)
{
	struct search_hit *hit = data;

	article_summary_free(hit->article);
	g_free(hit->title_marked);
	g_free(hit->snippet);
	g_free(hit);
}

void
search_result_release(struct search_result *result)
{
	if (result->hits != NULL)
		g_ptr_array_unref(result->hits);
	*result = (struct search_result){ 0 };
}

static enum status
read_hidden_ids(struct database *database, int64_t now, GArray *ids)
{
	struct statement *statement =
	    database_statement(database, SQL_HIDDEN_IDS);

	statement_bind_integer(statement, ":now", now);
	return statement_append_integers(statement, ids);
}

/* All hits with their ranks, in no order. */
static enum status
read_ranks(
    struct database *database, const char *query, int64_t now, GArray *ranks)
{
	g_autoptr(GArray) hidden = g_array_new(FALSE, FALSE, sizeof(int64_t));
	enum status status = read_hidden_ids(database, now, hidden);
	struct statement *statement;

	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_HITS);
	statement_bind_text(statement, ":query", query);
	while ((status = statement_step(statement)) == STATUS_OK) {
		const struct rank rank = {
			.id = statement_integer(statement, 0),
			.rank = statement_real(statement, 1),
		};

		if (!article_ids_include(hidden, rank.id))
			g_array_append_val(ranks, rank);
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static int
compare_ranks(const void *left, const void *right)
{
	const struct rank *a = left;
	const struct rank *b = right;

	if (a->rank < b->rank || a->rank > b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->id == b->id ? 0 : a->id > b->id ? -1 : 1;
}

static int
compare_ranks_and_dates(const void *left, const void *right)
{
	const struct rank *a = left;
	const struct rank *b = right;

	if (a->rank < b->rank || a->rank > b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->published_at != b->published_at)
		return a->published_at > b->published_at ? -1 : 1;
	return a->id == b->id ? 0 : a->id > b->id ? -1 : 1;
}

static bool
is_tied(const GArray *ranks, guint left, guint right)
{
	double a = g_array_index(ranks, struct rank, left).rank;
	double b = g_array_index(ranks, struct rank, right).rank;

	return !(a < b) && !(a > b);
}

static enum status
read_published_at(struct database *database, struct rank *rank)
{
	struct statement *statement =
	    database_statement(database, SQL_PUBLISHED_AT);
	enum status status;

	statement_bind_integer(statement, ":id", rank->id);
	status = statement_step(statement);
	rank->published_at =
	    status == STATUS_OK ? statement_integer(statement, 0) : 0;
	statement_reset(statement);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/*
 * Bring the hits from `begin` to before `end` into their order. Dates are read
 * only of those and of whatever ties with the first or the last of them.
 */
static enum status
sort_ranks(struct database *database, GArray *ranks, guint begin, guint end)
{
	g_array_sort(ranks, compare_ranks);
	while (begin > 0 && is_tied(ranks, begin - 1, begin))
		begin--;
	while (end < ranks->len && is_tied(ranks, end - 1, end))
		end++;
	for (guint i = begin; i < end; i++) {
		enum status status = read_published_at(
		    database, &g_array_index(ranks, struct rank, i));

		if (status != STATUS_OK)
			return status;
	}
	qsort(&g_array_index(ranks, struct rank, begin), end - begin,
	    sizeof(struct rank), compare_ranks_and_dates);
	return STATUS_OK;
}

static enum status
read_marks(struct database *database, const char *query, int64_t id,
    struct search_hit *hit)
{
	struct statement *statement = database_statement(database, SQL_MARKS);
	enum status status;

	statement_bind_text(statement, ":query", query);
	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	hit->title_marked = statement_dup_text(statement, 0);
	hit->snippet = search_cut_snippet(statement_text(statement, 1));
	statement_reset(statement);
	return STATUS_OK;
}

static enum status
read_hits(struct database *database, const char *query, const GArray *ranks,
    guint begin, guint end, GPtrArray *hits)
{
	for (guint i = begin; i < end; i++) {
		int64_t id = g_array_index(ranks, struct rank, i).id;
		struct search_hit *hit = g_new0(struct search_hit, 1);
		enum status status;

		g_ptr_array_add(hits, hit);
		status = article_read_summary(database, id, &hit->article);
		if (status == STATUS_OK)
			status = read_marks(database, query, id, hit);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

enum status
search_articles(struct database *database, const char *typed, int64_t page,
    int64_t per_page, int64_t now, struct search_result *out_result)
{
	g_autofree char *query = search_make_query(typed);
	g_autoptr(GArray) ranks =
	    g_array_new(FALSE, FALSE, sizeof(struct rank));
	g_autoptr(GPtrArray) hits = NULL;
	enum status status = STATUS_OK;
	int64_t total_count, page_count;
	guint begin, end;

	if (query != NULL)
		status = read_ranks(database, query, now, ranks);
	if (status != STATUS_OK)
		return status;
	total_count = ranks->len;
	page_count = paging_count(total_count, per_page);
	if (page < 1 || page > page_count)
		return STATUS_NOT_FOUND;
	begin = (guint)((page - 1) * per_page);
	end = (guint)MIN(page * per_page, total_count);
	hits = g_ptr_array_new_with_free_func(free_hit);
	if (begin < end)
		status = sort_ranks(database, ranks, begin, end);
	if (status == STATUS_OK)
		status = read_hits(database, query, ranks, begin, end, hits);
	if (status != STATUS_OK)
		return status;
	*out_result = (struct search_result){
		.hits = g_steal_pointer(&hits),
		.total_count = total_count,
		.page = page,
		.page_count = page_count,
	};
	return STATUS_OK;
}
