/*
 * permalink.c - see permalink.h. What must hold: no link that led to an article
 * before leads nowhere afterwards, and no address is two articles'.
 *
 * Addresses are decided for all articles first and written then, by way of ones
 * that nobody can have: one article may take the address that another leaves.
 */
#include "config.h"

#include "model/permalink.h"

#include <inttypes.h>
#include <string.h>

#include "article_private.h"
#include "base/date.h"
#include "model/article.h"
#include "model/redirect.h"
#include "model/setting.h"
#include "store/database.h"

static const char SQL_ARTICLES[] =
    "SELECT a.id, a.kind, a.slug, a.published_at, a.created_at, a.path, a.year,"
    " c.slug, a.status = 'published' AND a.trashed_at IS NULL"
    " FROM article a"
    " LEFT JOIN category c ON c.id = a.category_id"
    " ORDER BY a.id";

static const char SQL_SET_PATH[] = "UPDATE article"
				   " SET path = :path"
				   " WHERE id = :id";

static const char SQL_SET_YEAR[] = "UPDATE article"
				   " SET year = :year"
				   " WHERE id = :id";

/* Where an article stood and stands, and the year of it. */
struct move {
	int64_t id;
	char *old_path;
	char *path;
	int year, old_year; /* 0: none */
	bool is_public;
};

static void
free_move(void *data)
{
	struct move *move = data;

	g_free(move->old_path);
	g_free(move->path);
	g_free(move);
}

static bool
is_moved(const struct move *move)
{
	return strcmp(move->path, move->old_path) != 0;
}

bool
permalink_depends_on(const char *key)
{
	return strcmp(key, "permalink") == 0 || strcmp(key, "time_zone") == 0;
}

static struct move *
move_from_row(struct statement *row, const struct blog *blog)
{
	struct move *move = g_new0(struct move, 1);
	int64_t published_at = statement_integer(row, 3);
	int64_t created_at = statement_integer(row, 4);
	int month, day;

	move->id = statement_integer(row, 0);
	move->old_path = statement_dup_text(row, 5);
	move->old_year = (int)statement_integer(row, 6);
	move->is_public = statement_integer(row, 8) != 0;
	move->path = article_make_path(blog,
	    article_kind_from_name(statement_text(row, 1)), move->id,
	    statement_text(row, 2),
	    published_at != 0 ? published_at : created_at,
	    statement_text_or_null(row, 7));
	if (published_at != 0)
		date_split(published_at, blog->zone, &move->year, &month, &day);
	return move;
}

/* Decide on all of them: struct move *. */
static enum status
decide(struct database *database, const struct blog *blog, GPtrArray *moves)
{
	struct statement *statement =
	    database_statement(database, SQL_ARTICLES);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(moves, move_from_row(statement, blog));
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Whether what was decided can be. */
static enum status
check(const GPtrArray *moves, GError **error)
{
	/* By path; borrowed from the moves. */
	g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < moves->len; i++) {
		const struct move *move = g_ptr_array_index(moves, i);
		const struct move *other =
		    g_hash_table_lookup(taken, move->path);

		if (strlen(move->path) > ARTICLE_PATH_SIZE)
			return status_fail(error, STATUS_INVALID,
			    "the address of %s would be too long",
			    move->old_path);
		if (article_path_is_reserved(move->path))
			return status_fail(error, STATUS_INVALID,
			    "%s would stand at %s, an address that Byline "
			    "answers itself",
			    move->old_path, move->path);
		if (other != NULL)
			return status_fail(error, STATUS_CONFLICT,
			    "%s and %s would both stand at %s", other->old_path,
			    move->old_path, move->path);
		g_hash_table_insert(taken, move->path, (gpointer)move);
	}
	return STATUS_OK;
}

static enum status
set_path(struct database *database, int64_t id, const char *path)
{
	struct statement *statement =
	    database_statement(database, SQL_SET_PATH);

	statement_bind_integer(statement, ":id", id);
	statement_bind_text(statement, ":path", path);
	return statement_run(statement);
}

/* Let the old address of an article go, and put what nobody asks for there. */
static enum status
leave(struct database *database, const struct move *move)
{
	g_autofree char *nowhere = g_strdup_printf("//%" PRId64, move->id);

	return set_path(database, move->id, nowhere);
}

static enum status
arrive(struct database *database, const struct move *move, int64_t now)
{
	enum status status = set_path(database, move->id, move->path);

	if (status != STATUS_OK)
		return status;
	return redirect_keep_path(database, move->old_path, move->id, now);
}

static enum status
set_year(struct database *database, const struct move *move)
{
	struct statement *statement =
	    database_statement(database, SQL_SET_YEAR);

	statement_bind_integer(statement, ":id", move->id);
	statement_bind_integer(statement, ":year", move->year);
	return statement_run(statement);
}

static enum status
write_moves(struct database *database, const GPtrArray *moves, int64_t now,
    int64_t *out_count)
{
	enum status status = STATUS_OK;
	int64_t count = 0;

	for (guint i = 0; i < moves->len && status == STATUS_OK; i++)
		if (is_moved(g_ptr_array_index(moves, i)))
			status = leave(database, g_ptr_array_index(moves, i));
	for (guint i = 0; i < moves->len && status == STATUS_OK; i++) {
		const struct move *move = g_ptr_array_index(moves, i);

		if (is_moved(move)) {
			status = arrive(database, move, now);
			count++;
		}
		if (status == STATUS_OK && move->year != move->old_year)
			status = set_year(database, move);
	}
	/* What one article left, another may have taken; where that is not
	 * public, readers are still led on. */
	for (guint i = 0; i < moves->len && status == STATUS_OK; i++) {
		const struct move *move = g_ptr_array_index(moves, i);

		if (is_moved(move) && move->is_public)
			status = redirect_remove(database, move->path);
	}
	if (status == STATUS_OK && out_count != NULL)
		*out_count = count;
	return status;
}

enum status
permalink_apply(
    struct database *database, int64_t now, int64_t *out_count, GError **error)
{
	g_autoptr(GPtrArray) moves = g_ptr_array_new_with_free_func(free_move);
	struct blog blog;
	enum status status;

	g_assert(database_in_transaction(database));
	status = setting_load(database, &blog);
	if (status == STATUS_OK) {
		status = decide(database, &blog, moves);
		setting_release(&blog);
	}
	if (status == STATUS_OK) {
		status = check(moves, error);
		if (status != STATUS_OK)
			return status;
		status = write_moves(database, moves, now, out_count);
	}
	if (status != STATUS_OK)
		status_fail(error, status, "the articles cannot be moved: %s",
		    status_name(status));
	return status;
}
