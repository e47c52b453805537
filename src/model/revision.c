/*
 * revision.c - every save of an article, whole. article_save() writes them.
 */
#include "config.h"

#include "model/revision.h"

#include "store/database.h"

static const char SQL_LIST[] =
    "SELECT r.version, r.title, NULL, NULL, a.name, r.created_at"
    " FROM revision r"
    " LEFT JOIN author a ON a.id = r.author_id"
    " WHERE r.article_id = :article_id"
    " ORDER BY r.version DESC"
    " LIMIT :count";

static const char SQL_READ[] =
    "SELECT r.version, r.title, r.summary, r.body, a.name, r.created_at"
    " FROM revision r"
    " LEFT JOIN author a ON a.id = r.author_id"
    " WHERE r.article_id = :article_id AND r.version = :version";

void
revision_free(struct revision *revision)
{
	if (revision == NULL)
		return;
	g_free(revision->title);
	g_free(revision->summary);
	g_free(revision->body);
	g_free(revision->author);
	g_free(revision);
}

static void
free_revision(void *data)
{
	revision_free(data);
}

static void *
revision_from_row(struct statement *statement)
{
	struct revision *revision = g_new0(struct revision, 1);

	revision->version = statement_integer(statement, 0);
	revision->title = statement_dup_text(statement, 1);
	revision->summary = statement_dup_text(statement, 2);
	revision->body = statement_dup_text(statement, 3);
	revision->author = statement_dup_text(statement, 4);
	revision->created_at = statement_integer(statement, 5);
	return revision;
}

enum status
revision_list(struct database *database, int64_t article_id, int64_t count,
    GPtrArray **out_revisions)
{
	struct statement *statement = database_statement(database, SQL_LIST);

	statement_bind_integer(statement, ":article_id", article_id);
	statement_bind_integer(statement, ":count", count);
	return statement_list(
	    statement, revision_from_row, free_revision, out_revisions);
}

enum status
revision_read(struct database *database, int64_t article_id, int64_t version,
    struct revision **out_revision)
{
	struct statement *statement = database_statement(database, SQL_READ);
	enum status status;

	statement_bind_integer(statement, ":article_id", article_id);
	statement_bind_integer(statement, ":version", version);
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_revision = revision_from_row(statement);
	statement_reset(statement);
	return status;
}
