/*
 * page_view.c - how often articles and pages were viewed. See page_view.h.
 */
#include "config.h"

#include "model/page_view.h"

#include <string.h>

#include "base/date.h"
#include "store/database.h"

static const char SQL_ADD[] =
    "INSERT INTO page_view (article_id, day, count)"
    " SELECT id, :day, :count"
    " FROM article"
    " WHERE id = :id AND status = 'published' AND trashed_at IS NULL"
    " ON CONFLICT (article_id, day) DO UPDATE"
    " SET count = count + excluded.count";

static const char SQL_FORGET[] = "DELETE FROM page_view"
				 " WHERE day < :oldest";

static const char SQL_LIST[] = "SELECT day, article_id, count"
			       " FROM page_view"
			       " WHERE day BETWEEN :first AND :last"
			       " AND (:author_id IS NULL OR EXISTS (SELECT 1"
			       " FROM article_author w"
			       " WHERE w.article_id = page_view.article_id"
			       " AND w.author_id = :author_id))";

static const char SQL_TITLE[] = "SELECT title"
				" FROM article"
				" WHERE id = :id";

int64_t
page_view_day(int64_t time, GTimeZone *zone)
{
	int year, month, day;

	date_split(time, zone, &year, &month, &day);
	return date_from_civil(year, month, day) / DAY_SECONDS;
}

int64_t
page_view_day_start(int64_t day)
{
	return day * DAY_SECONDS;
}

enum status
page_view_add(
    struct database *database, int64_t article_id, int64_t day, int64_t count)
{
	struct statement *statement = database_statement(database, SQL_ADD);

	statement_bind_integer(statement, ":id", article_id);
	statement_bind_integer(statement, ":day", day);
	statement_bind_integer(statement, ":count", count);
	return statement_run(statement);
}

enum status
page_view_forget(struct database *database, int64_t today)
{
	struct statement *statement = database_statement(database, SQL_FORGET);

	statement_bind_integer(statement, ":oldest", today - PAGE_VIEW_KEPT);
	return statement_run(statement);
}

/* ---- summaries ---- */

static void
free_article(void *data)
{
	struct page_view_article *article = data;

	g_free(article->title);
	g_free(article);
}

/* Add `count` to what `sums` has for the article. */
static void
add_to_article(GHashTable *sums, int64_t article_id, int64_t count)
{
	int64_t *sum = g_hash_table_lookup(sums, &article_id);

	if (sum == NULL) {
		sum = g_new0(int64_t, 2);
		sum[0] = article_id;
		g_hash_table_insert(sums, sum, sum);
	}
	sum[1] += count;
}

/* Read the days; `sums` becomes the views of each article in all of them. */
static enum status
read_days(struct database *database, int64_t author_id,
    struct page_view_summary *summary, GHashTable *sums)
{
	struct statement *statement = database_statement(database, SQL_LIST);
	enum status status;

	statement_bind_integer(statement, ":first", summary->first_day);
	statement_bind_integer(
	    statement, ":last", summary->first_day + PAGE_VIEW_DAYS - 1);
	if (author_id != 0)
		statement_bind_integer(statement, ":author_id", author_id);
	while ((status = statement_step(statement)) == STATUS_OK) {
		int64_t day = statement_integer(statement, 0);
		int64_t count = statement_integer(statement, 2);

		summary->counts[day - summary->first_day] += count;
		summary->total += count;
		add_to_article(sums, statement_integer(statement, 1), count);
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Whether the first sum comes before the second: the higher one, and of two
 * that are equal the newer article. */
static bool
is_before(const int64_t *sum, const int64_t *other)
{
	return sum[1] > other[1] || (sum[1] == other[1] && sum[0] > other[0]);
}

/* The highest of `sums`, in order. Returns how many. */
static size_t
find_most(GHashTable *sums, const int64_t *most[PAGE_VIEW_MOST])
{
	GHashTableIter iterator;
	const void *key;
	size_t count = 0;

	g_hash_table_iter_init(&iterator, sums);
	while (g_hash_table_iter_next(&iterator, (gpointer *)&key, NULL)) {
		const int64_t *sum = key;
		size_t at;

		if (count == PAGE_VIEW_MOST && !is_before(sum, most[count - 1]))
			continue;
		if (count < PAGE_VIEW_MOST)
			count++;
		for (at = count - 1; at > 0 && is_before(sum, most[at - 1]);
		     at--)
			most[at] = most[at - 1];
		most[at] = sum;
	}
	return count;
}

static enum status
name_most(struct database *database, GHashTable *sums, GPtrArray *articles)
{
	const int64_t *most[PAGE_VIEW_MOST];
	size_t count = find_most(sums, most);

	for (size_t i = 0; i < count; i++) {
		struct statement *statement =
		    database_statement(database, SQL_TITLE);
		struct page_view_article *article;
		enum status status;

		statement_bind_integer(statement, ":id", most[i][0]);
		status = statement_step(statement);
		if (status != STATUS_OK)
			return status;
		article = g_new0(struct page_view_article, 1);
		article->id = most[i][0];
		article->title = statement_dup_text(statement, 0);
		article->count = most[i][1];
		g_ptr_array_add(articles, article);
		statement_reset(statement);
	}
	return STATUS_OK;
}

enum status
page_view_summarize(struct database *database, int64_t author_id, int64_t today,
    struct page_view_summary *out_summary)
{
	g_autoptr(GHashTable) sums =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct page_view_summary summary = {
		.first_day = today - PAGE_VIEW_DAYS + 1,
		.most = g_ptr_array_new_with_free_func(free_article),
	};
	enum status status = read_days(database, author_id, &summary, sums);

	if (status == STATUS_OK)
		status = name_most(database, sums, summary.most);
	if (status == STATUS_OK)
		*out_summary = summary;
	else
		page_view_summary_release(&summary);
	return status;
}

void
page_view_summary_release(struct page_view_summary *summary)
{
	g_clear_pointer(&summary->most, g_ptr_array_unref);
}
