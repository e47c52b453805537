/*
 * article_series.c - where an article stands among the parts of its series.
 *
 * What must hold: the parts stand in one order, that of the index
 * article_series: first those that have a number, then the others as they were
 * published. The article itself may not be public yet; so it is left out of
 * what is read, and put where it belongs.
 */
#include "config.h"

#include "model/article.h"

#include "article_private.h"
#include "store/database.h"

#define PARTS                                                                  \
	" FROM article INDEXED BY article_series"                              \
	" WHERE series_id = :series"                                           \
	" AND id <> :id"                                                       \
	" AND listed_at <= :now"
#define BEFORE PARTS " AND (series_number, listed_at, id) < (:number, :at, :id)"
#define AFTER  PARTS " AND (series_number, listed_at, id) > (:number, :at, :id)"

static const char SQL_COUNT_BEFORE[] = "SELECT count(*)" BEFORE;

static const char SQL_COUNT_AFTER[] = "SELECT count(*)" AFTER;

static const char SQL_BEFORE[] =
    "SELECT id, path, title" BEFORE " ORDER BY series_number DESC,"
    " listed_at DESC, id DESC"
    " LIMIT :count";

static const char SQL_AFTER[] =
    "SELECT id, path, title" AFTER " ORDER BY series_number, listed_at, id"
    " LIMIT :count";

void
article_series_free(struct article_series *series)
{
	if (series == NULL)
		return;
	g_free(series->name);
	g_ptr_array_unref(series->parts);
	g_free(series);
}

static struct statement *
bind(struct database *database, const char *sql, const struct article *article,
    int64_t now)
{
	struct statement *statement = database_statement(database, sql);

	statement_bind_integer(statement, ":series", article->series_id);
	statement_bind_integer(statement, ":number", article->series_number);
	statement_bind_integer(statement, ":at", article->summary.published_at);
	statement_bind_integer(statement, ":id", article->summary.id);
	statement_bind_integer(statement, ":now", now);
	return statement;
}

static enum status
count_parts(struct database *database, const char *sql,
    const struct article *article, int64_t now, int64_t *out_count)
{
	struct statement *statement = bind(database, sql, article, now);
	enum status status = statement_step(statement);

	if (status == STATUS_OK)
		*out_count = statement_integer(statement, 0);
	statement_reset(statement);
	return status;
}

static struct article_summary *
new_part(int64_t id, char *path, char *title)
{
	struct article_summary *part = g_new0(struct article_summary, 1);

	part->id = id;
	part->path = path;
	part->title = title;
	return part;
}

/* Put the nearest parts into `parts`, each at `position` (-1: at the end). */
static enum status
read_parts(struct database *database, const char *sql,
    const struct article *article, int64_t now, int position, GPtrArray *parts)
{
	struct statement *statement = bind(database, sql, article, now);
	enum status status;

	statement_bind_integer(statement, ":count", ARTICLE_SERIES_NEAR);
	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_insert(parts, position,
		    new_part(statement_integer(statement, 0),
			statement_dup_text(statement, 1),
			statement_dup_text(statement, 2)));
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static void
free_part(void *part)
{
	article_summary_free(part);
}

static enum status
fill_series(struct database *database, const struct article *article,
    int64_t now, struct article_series *series)
{
	int64_t before = 0, after = 0;
	enum status status =
	    count_parts(database, SQL_COUNT_BEFORE, article, now, &before);

	if (status == STATUS_OK)
		status = count_parts(
		    database, SQL_COUNT_AFTER, article, now, &after);
	if (status == STATUS_OK)
		status = read_parts(
		    database, SQL_BEFORE, article, now, 0, series->parts);
	series->part = before + 1;
	series->part_count = before + 1 + after;
	series->first_part = before + 1 - series->parts->len;
	g_ptr_array_add(series->parts,
	    new_part(article->summary.id, g_strdup(article->summary.path),
		g_strdup(article->summary.title)));
	return status == STATUS_OK ? read_parts(database, SQL_AFTER, article,
					 now, -1, series->parts)
				   : status;
}

enum status
article_find_series(struct database *database, const struct article *article,
    int64_t now, struct article_series **out_series)
{
	struct article_series *series;
	enum status status;

	*out_series = NULL;
	if (article->series == NULL ||
	    article->summary.kind != ARTICLE_KIND_ARTICLE)
		return STATUS_OK;
	series = g_new0(struct article_series, 1);
	series->name = g_strdup(article->series);
	series->parts = g_ptr_array_new_with_free_func(free_part);
	status = fill_series(database, article, now, series);
	if (status == STATUS_OK)
		*out_series = series;
	else
		article_series_free(series);
	return status;
}
