/*
 * article_index.c - what the search index holds of an article.
 *
 * What must hold: the index has an article exactly while it is published or
 * scheduled, so that one whose time comes is found without being rendered. With
 * an untrusted schema no trigger may touch a virtual table: triggers only note
 * in search_removal what must not be found any more.
 */
#include "config.h"

#include "article_private.h"
#include "store/database.h"

/* No row for drafts; the last column says that the index has it so. */
static const char SQL_WANTED[] =
    "SELECT a.title, a.excerpt, g.names,"
    " s.title IS a.title AND s.excerpt IS a.excerpt"
    " AND s.tags IS g.names AND s.body IS :text"
    " AND NOT EXISTS (SELECT 1"
    " FROM search_removal r"
    " WHERE r.article_id = a.id)"
    " FROM article a"
    " JOIN (SELECT coalesce(group_concat(name, ' '), '') AS names"
    " FROM (SELECT t.name"
    " FROM article_tag j"
    " JOIN tag t ON t.id = j.tag_id"
    " WHERE j.article_id = :id"
    " ORDER BY j.position)) g"
    " LEFT JOIN article_search s ON s.rowid = a.id"
    " WHERE a.id = :id"
    " AND a.status IN ('published', 'scheduled')"
    " AND a.trashed_at IS NULL";

static const char SQL_DELETE[] = "DELETE FROM article_search"
				 " WHERE rowid = :id";

static const char SQL_FORGET[] = "DELETE FROM search_removal"
				 " WHERE article_id = :id";

static const char SQL_INSERT[] =
    "INSERT INTO article_search (rowid, title, excerpt, tags, body)"
    " VALUES (:id, :title, :excerpt, :tags, :body)";

static enum status
remove_row(struct database *database, int64_t id)
{
	struct statement *delete = database_statement(database, SQL_DELETE);
	struct statement *forget;
	enum status status;

	statement_bind_integer(delete, ":id", id);
	status = statement_run(delete);
	if (status != STATUS_OK)
		return status;
	forget = database_statement(database, SQL_FORGET);
	statement_bind_integer(forget, ":id", id);
	return statement_run(forget);
}

enum status
article_index(struct database *database, int64_t id, const char *text)
{
	struct statement *wanted = database_statement(database, SQL_WANTED);
	g_autofree char *title = NULL;
	g_autofree char *excerpt = NULL;
	g_autofree char *tags = NULL;
	struct statement *insert;
	enum status status;
	bool is_same;

	statement_bind_integer(wanted, ":id", id);
	statement_bind_text(wanted, ":text", text);
	status = statement_step(wanted);
	if (status == STATUS_NOT_FOUND)
		return remove_row(database, id);
	if (status != STATUS_OK)
		return status;
	title = statement_dup_text(wanted, 0);
	excerpt = statement_dup_text(wanted, 1);
	tags = statement_dup_text(wanted, 2);
	is_same = statement_integer(wanted, 3) != 0;
	statement_reset(wanted);
	if (is_same)
		return STATUS_OK;
	status = remove_row(database, id);
	if (status != STATUS_OK)
		return status;
	insert = database_statement(database, SQL_INSERT);
	statement_bind_integer(insert, ":id", id);
	statement_bind_text(insert, ":title", title);
	statement_bind_text(insert, ":excerpt", excerpt);
	statement_bind_text(insert, ":tags", tags);
	statement_bind_text(insert, ":body", text);
	return statement_run(insert);
}
