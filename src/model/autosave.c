/*
 * autosave.c - what was typed and not saved yet. See autosave.h.
 */
#include "config.h"

#include "model/autosave.h"

#include <glib.h>
#include <string.h>

#include "store/database.h"

#define KEY_SIZE 64

static const char SQL_STORE[] =
    "INSERT INTO autosave (article_id, editor_key, author_id, version,"
    " fields, saved_at)"
    " VALUES (:article_id, :editor_key, :author_id, :version, :fields, :now)"
    " ON CONFLICT (article_id, author_id, editor_key) DO UPDATE"
    " SET version = excluded.version, fields = excluded.fields,"
    " saved_at = excluded.saved_at";

static const char SQL_SWEEP[] = "DELETE FROM autosave"
				" WHERE saved_at < :oldest";

/* By name: the texts are large, and are not to be sorted. */
static const char SQL_FIND[] =
    "SELECT article_id, editor_key, author_id, version, fields, saved_at"
    " FROM autosave INDEXED BY autosave_newest"
    " WHERE article_id = :article_id AND author_id = :author_id"
    " ORDER BY saved_at DESC, editor_key"
    " LIMIT 1";

static const char SQL_FIND_BY_KEY[] =
    "SELECT article_id, editor_key, author_id, version, fields, saved_at"
    " FROM autosave"
    " WHERE article_id = :article_id AND editor_key = :editor_key"
    " AND author_id = :author_id";

static const char SQL_REMOVE[] =
    "DELETE FROM autosave"
    " WHERE article_id = :article_id AND author_id = :author_id"
    " AND editor_key = :editor_key";

void
autosave_release(struct autosave *autosave)
{
	g_free(autosave->editor_key);
	g_free(autosave->fields);
	*autosave = (struct autosave){ 0 };
}

enum status
autosave_store(
    struct database *database, const struct autosave *autosave, int64_t now)
{
	struct statement *statement = database_statement(database, SQL_SWEEP);
	enum status status;

	if (autosave->editor_key[0] == '\0' ||
	    strlen(autosave->editor_key) > KEY_SIZE)
		return STATUS_INVALID;
	statement_bind_integer(statement, ":oldest", now - AUTOSAVE_SECONDS);
	status = statement_run(statement);
	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_STORE);
	statement_bind_integer(statement, ":article_id", autosave->article_id);
	statement_bind_text(statement, ":editor_key", autosave->editor_key);
	statement_bind_integer(statement, ":author_id", autosave->author_id);
	statement_bind_integer(statement, ":version", autosave->version);
	statement_bind_text(statement, ":fields", autosave->fields);
	statement_bind_integer(statement, ":now", now);
	return statement_run(statement);
}

static enum status
read_one(struct statement *statement, struct autosave *out_autosave)
{
	enum status status = statement_step(statement);

	if (status == STATUS_OK)
		*out_autosave = (struct autosave){
			.article_id = statement_integer(statement, 0),
			.editor_key = statement_dup_text(statement, 1),
			.author_id = statement_integer(statement, 2),
			.version = statement_integer(statement, 3),
			.fields = statement_dup_text(statement, 4),
			.saved_at = statement_integer(statement, 5),
		};
	statement_reset(statement);
	return status;
}

enum status
autosave_find(struct database *database, int64_t article_id, int64_t author_id,
    struct autosave *out_autosave)
{
	struct statement *statement = database_statement(database, SQL_FIND);

	statement_bind_integer(statement, ":article_id", article_id);
	statement_bind_integer(statement, ":author_id", author_id);
	return read_one(statement, out_autosave);
}

enum status
autosave_find_by_key(struct database *database, int64_t article_id,
    int64_t author_id, const char *editor_key, struct autosave *out_autosave)
{
	struct statement *statement =
	    database_statement(database, SQL_FIND_BY_KEY);

	statement_bind_integer(statement, ":article_id", article_id);
	statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_text(statement, ":editor_key", editor_key);
	return read_one(statement, out_autosave);
}

enum status
autosave_remove(struct database *database, int64_t article_id,
    int64_t author_id, const char *editor_key)
{
	struct statement *statement = database_statement(database, SQL_REMOVE);

	statement_bind_integer(statement, ":article_id", article_id);
	statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_text(statement, ":editor_key", editor_key);
	return statement_run(statement);
}
