/*
 * redirect_list.c - the redirects as they are listed for who keeps them.
 */
#include "config.h"

#include "model/redirect.h"

#include "like.h"
#include "store/database.h"

#define FOUND                                                                  \
	" FROM redirect r"                                                     \
	" LEFT JOIN article a ON a.id = r.article_id"                          \
	" LEFT JOIN redirect_hit h ON h.path = r.path"                         \
	" WHERE :text IS NULL"                                                 \
	" OR r.path LIKE :text ESCAPE '\\'"                                    \
	" OR r.target LIKE :text ESCAPE '\\'"                                  \
	" OR a.title LIKE :text ESCAPE '\\'"

static const char SQL_LIST[] =
    "SELECT r.path, r.article_id, a.title, coalesce(r.target, a.path),"
    " r.created_at, coalesce(h.count, 0), coalesce(h.last_day, 0)" FOUND
    " ORDER BY r.path"
    " LIMIT :count OFFSET :skip";

static const char SQL_COUNT[] = "SELECT count(*)" FOUND;

static void
free_redirect(void *data)
{
	struct redirect *redirect = data;

	g_free(redirect->path);
	g_free(redirect->article_title);
	g_free(redirect->target);
	g_free(redirect);
}

static void *
redirect_from_row(struct statement *statement)
{
	struct redirect *redirect = g_new0(struct redirect, 1);

	redirect->path = statement_dup_text(statement, 0);
	redirect->article_id = statement_integer(statement, 1);
	redirect->article_title = statement_dup_text(statement, 2);
	redirect->target = statement_dup_text(statement, 3);
	redirect->created_at = statement_integer(statement, 4);
	redirect->hit_count = statement_integer(statement, 5);
	redirect->last_hit_day = statement_integer(statement, 6);
	return redirect;
}

enum status
redirect_list(struct database *database, const char *text, int64_t page,
    int64_t per_page, GPtrArray **out_rows)
{
	g_autofree char *pattern = like_pattern(text);
	struct statement *statement = database_statement(database, SQL_LIST);

	statement_bind_text(statement, ":text", pattern);
	statement_bind_integer(statement, ":count", per_page);
	statement_bind_integer(statement, ":skip", (page - 1) * per_page);
	return statement_list(
	    statement, redirect_from_row, free_redirect, out_rows);
}

enum status
redirect_count(struct database *database, const char *text, int64_t *out_count)
{
	g_autofree char *pattern = like_pattern(text);
	struct statement *statement = database_statement(database, SQL_COUNT);

	statement_bind_text(statement, ":text", pattern);
	return statement_read_integer(statement, out_count);
}
