/*
 * page_view.c - how often articles and pages were viewed. See page_view.h.
 */
#include "config.h"

#include "model/page_view.h"

#include "base/date.h"
#include "store/database.h"

static const char SQL_ADD[] =
    "INSERT INTO page_view (article_id, day, count)"
    " SELECT id, :day, :count"
    " FROM article"
    " WHERE id = :id AND status = 'published' AND trashed_at IS NULL"
    " ON CONFLICT (article_id, day) DO UPDATE"
    " SET count = count + excluded.count";

/* Before the views themselves, which are the more: a trigger has nothing to
 * take away from a sum that is gone. */
static const char SQL_FORGET_SUMS[] = "DELETE FROM page_view_sum"
				      " WHERE day < :oldest";

static const char SQL_FORGET[] = "DELETE FROM page_view"
				 " WHERE day < :oldest";

static const char SQL_SPAN[] = "SELECT first_day, last_day"
			       " FROM page_view_span"
			       " WHERE id = 1";

static const char SQL_STORE_SPAN[] = "UPDATE page_view_span"
				     " SET first_day = :first, last_day = :last"
				     " WHERE id = 1";

static const char SQL_MOVE[] =
    "INSERT INTO page_view_window (article_id, count)"
    " SELECT article_id, :sign * count"
    " FROM page_view"
    " WHERE day BETWEEN :first AND :last"
    " ON CONFLICT (article_id) DO UPDATE"
    " SET count = count + excluded.count";

static const char SQL_SWEEP[] = "DELETE FROM page_view_window"
				" WHERE count <= 0";

static const char SQL_DAYS[] = "SELECT day, count"
			       " FROM page_view_sum"
			       " WHERE day BETWEEN :first AND :last"
			       " AND author_id = :author_id";

static const char SQL_MOST[] = "SELECT w.article_id, a.title, w.count"
			       " FROM page_view_window w"
			       " CROSS JOIN article a ON a.id = w.article_id"
			       " WHERE w.count > 0"
			       " AND (:author_id = 0 OR EXISTS (SELECT 1"
			       " FROM article_author o"
			       " WHERE o.author_id = :author_id"
			       " AND o.article_id = w.article_id))"
			       " ORDER BY w.count DESC, w.article_id DESC"
			       " LIMIT :count";

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

/* ---- the day ---- */

struct span {
	int64_t first, last; /* days; last < first: none */
};

static struct span
span_until(int64_t today)
{
	return (struct span){ today - PAGE_VIEW_DAYS + 1, today };
}

static enum status
read_span(struct database *database, struct span *out_span)
{
	struct statement *statement = database_statement(database, SQL_SPAN);
	enum status status = statement_step(statement);

	if (status != STATUS_OK)
		return status;
	out_span->first = statement_integer(statement, 0);
	out_span->last = statement_integer(statement, 1);
	statement_reset(statement);
	return STATUS_OK;
}

/* Run `statement`, which has :first and :last. */
static enum status
run_span(struct statement *statement, struct span span)
{
	statement_bind_integer(statement, ":first", span.first);
	statement_bind_integer(statement, ":last", span.last);
	return statement_run(statement);
}

/* Add the days of `span` that `other` has not to the sums of articles, `sign`
 * times. Both are of one length, or `other` is none. */
static enum status
add_days(struct database *database, int64_t sign, struct span span,
    struct span other)
{
	struct statement *statement = database_statement(database, SQL_MOVE);

	if (span.first < other.first)
		span.last = MIN(span.last, other.first - 1);
	else
		span.first = MAX(span.first, other.last + 1);
	statement_bind_integer(statement, ":sign", sign);
	return run_span(statement, span);
}

static enum status
move_window(struct database *database, struct span old, struct span new)
{
	enum status status = add_days(database, 1, new, old);

	if (status == STATUS_OK)
		status = add_days(database, -1, old, new);
	if (status == STATUS_OK)
		status = statement_run(database_statement(database, SQL_SWEEP));
	return status == STATUS_OK
		   ? run_span(database_statement(database, SQL_STORE_SPAN), new)
		   : status;
}

static enum status
forget(struct database *database, const char *sql, int64_t oldest)
{
	struct statement *statement = database_statement(database, sql);

	statement_bind_integer(statement, ":oldest", oldest);
	return statement_run(statement);
}

enum status
page_view_is_turned(
    struct database *database, int64_t today, bool *out_is_turned)
{
	struct span span;
	enum status status = read_span(database, &span);

	if (status == STATUS_OK)
		*out_is_turned = span.last == today;
	return status;
}

enum status
page_view_turn(struct database *database, int64_t today)
{
	int64_t oldest = today - PAGE_VIEW_KEPT;
	struct span span;
	enum status status = read_span(database, &span);

	if (status != STATUS_OK || span.last == today)
		return status;
	status = move_window(database, span, span_until(today));
	if (status == STATUS_OK)
		status = forget(database, SQL_FORGET_SUMS, oldest);
	return status == STATUS_OK ? forget(database, SQL_FORGET, oldest)
				   : status;
}

/* ---- summaries ---- */

static void
free_article(void *data)
{
	struct page_view_article *article = data;

	g_free(article->title);
	g_free(article);
}

static enum status
read_days(struct database *database, int64_t author_id,
    struct page_view_summary *summary)
{
	struct statement *statement = database_statement(database, SQL_DAYS);
	enum status status;

	statement_bind_integer(statement, ":first", summary->first_day);
	statement_bind_integer(
	    statement, ":last", summary->first_day + PAGE_VIEW_DAYS - 1);
	statement_bind_integer(statement, ":author_id", author_id);
	while ((status = statement_step(statement)) == STATUS_OK) {
		int64_t day = statement_integer(statement, 0);
		int64_t count = statement_integer(statement, 1);

		summary->counts[day - summary->first_day] = count;
		summary->total += count;
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status
read_most(struct database *database, int64_t author_id, GPtrArray *articles)
{
	struct statement *statement = database_statement(database, SQL_MOST);
	enum status status;

	statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_integer(statement, ":count", PAGE_VIEW_MOST);
	while ((status = statement_step(statement)) == STATUS_OK) {
		struct page_view_article *article =
		    g_new0(struct page_view_article, 1);

		article->id = statement_integer(statement, 0);
		article->title = statement_dup_text(statement, 1);
		article->count = statement_integer(statement, 2);
		g_ptr_array_add(articles, article);
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status
page_view_summarize(struct database *database, int64_t author_id, int64_t today,
    struct page_view_summary *out_summary)
{
	struct page_view_summary summary = {
		.first_day = span_until(today).first,
		.most = g_ptr_array_new_with_free_func(free_article),
	};
	enum status status = read_days(database, author_id, &summary);

	/* Where there is none, each article would be looked at for it. */
	if (status == STATUS_OK && summary.total > 0)
		status = read_most(database, author_id, summary.most);
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
