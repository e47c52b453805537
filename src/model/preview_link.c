/*
 * preview_link.c - links by which anybody can look at an article that is not
 * public. See preview_link.h.
 */
#include "config.h"

#include "model/preview_link.h"

#include "base/token.h"
#include "store/database.h"

static const char SQL_INSERT[] =
    "INSERT INTO preview_link (token_hash, article_id, created_by,"
    " created_at)"
    " VALUES (:hash, :article_id, :author_id, :now)";

static const char SQL_FIND[] = "SELECT p.article_id"
			       " FROM preview_link p"
			       " JOIN article a ON a.id = p.article_id"
			       " WHERE p.token_hash = :hash"
			       " AND a.trashed_at IS NULL";

static const char SQL_LIST[] = "SELECT p.token_hash, u.name, p.created_at"
			       " FROM preview_link p"
			       " LEFT JOIN author u ON u.id = p.created_by"
			       " WHERE p.article_id = :article_id"
			       " ORDER BY p.created_at DESC";

static const char SQL_END[] =
    "DELETE FROM preview_link"
    " WHERE token_hash = :hash AND article_id = :article_id";

static const char SQL_END_AUTHOR[] = "DELETE FROM preview_link"
				     " WHERE created_by = :author_id";

enum status
preview_link_make(struct database *database, int64_t article_id,
    int64_t author_id, int64_t now, char **out_token)
{
	g_autofree char *token = token_new();
	g_autofree char *hash = token_hash(token);
	struct statement *statement = database_statement(database, SQL_INSERT);
	enum status status;

	statement_bind_text(statement, ":hash", hash);
	statement_bind_integer(statement, ":article_id", article_id);
	statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_integer(statement, ":now", now);
	status = statement_run(statement);
	if (status == STATUS_OK)
		*out_token = g_steal_pointer(&token);
	return status;
}

enum status
preview_link_find(
    struct database *database, const char *token, int64_t *out_article_id)
{
	g_autofree char *hash = token_hash(token);
	struct statement *statement = database_statement(database, SQL_FIND);

	statement_bind_text(statement, ":hash", hash);
	return statement_read_integer(statement, out_article_id);
}

static void
free_link(void *data)
{
	struct preview_link *link = data;

	g_free(link->token_hash);
	g_free(link->author);
	g_free(link);
}

static void *
link_from_row(struct statement *statement)
{
	struct preview_link *link = g_new0(struct preview_link, 1);

	link->token_hash = statement_dup_text(statement, 0);
	link->author = statement_dup_text(statement, 1);
	link->created_at = statement_integer(statement, 2);
	return link;
}

enum status
preview_link_list(
    struct database *database, int64_t article_id, GPtrArray **out_links)
{
	struct statement *statement = database_statement(database, SQL_LIST);

	statement_bind_integer(statement, ":article_id", article_id);
	return statement_list(statement, link_from_row, free_link, out_links);
}

enum status
preview_link_end(
    struct database *database, int64_t article_id, const char *hash)
{
	struct statement *statement = database_statement(database, SQL_END);
	enum status status;

	statement_bind_text(statement, ":hash", hash);
	statement_bind_integer(statement, ":article_id", article_id);
	status = statement_run(statement);
	if (status == STATUS_OK && database_changes(database) == 0)
		return STATUS_NOT_FOUND;
	return status;
}

enum status
preview_link_end_author(struct database *database, int64_t author_id)
{
	struct statement *statement =
	    database_statement(database, SQL_END_AUTHOR);

	statement_bind_integer(statement, ":author_id", author_id);
	return statement_run(statement);
}
