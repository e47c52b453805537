/*
 * text_upload.c - a text that comes in pieces. See text_upload.h.
 */
#include "config.h"

#include "model/text_upload.h"

#include <glib.h>
#include <string.h>

#include "base/text.h"
#include "store/database.h"

static const char SQL_SWEEP[] = "DELETE FROM text_upload"
				" WHERE touched_at < :oldest";

static const char SQL_SWEEP_AUTHOR[] =
    "DELETE FROM text_upload"
    " WHERE id IN ("
    "  SELECT id"
    "  FROM text_upload"
    "  WHERE author_id = :author_id AND key <> :key"
    "  ORDER BY touched_at DESC, id DESC"
    "  LIMIT -1 OFFSET :kept)";

static const char SQL_WRITE[] =
    "INSERT INTO text_upload (author_id, key, touched_at, bytes)"
    " VALUES (:author_id, :key, :now, :bytes)"
    " ON CONFLICT (author_id, key) DO UPDATE"
    " SET touched_at = excluded.touched_at, bytes = excluded.bytes";

static const char SQL_SIZE[] = "SELECT length(bytes)"
			       " FROM text_upload"
			       " WHERE author_id = :author_id AND key = :key";

static const char SQL_READ[] = "SELECT bytes"
			       " FROM text_upload"
			       " WHERE author_id = :author_id AND key = :key";

/* The statement `sql` for one text of one author. */
static struct statement *
statement_for(struct database *database, const char *sql, int64_t author_id,
    const char *key)
{
	struct statement *statement = database_statement(database, sql);

	statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_text(statement, ":key", key);
	return statement;
}

/* What has come until now; empty when there is no such text. */
static enum status
read_bytes(struct database *database, int64_t author_id, const char *key,
    GByteArray *bytes)
{
	struct statement *statement =
	    statement_for(database, SQL_READ, author_id, key);
	enum status status = statement_step(statement);

	if (status == STATUS_OK && statement_bytes(statement, 0) != NULL)
		g_byte_array_append(bytes, statement_bytes(statement, 0),
		    (guint)statement_size(statement, 0));
	statement_reset(statement);
	return status;
}

static enum status
sweep(
    struct database *database, int64_t author_id, const char *key, int64_t now)
{
	struct statement *statement = database_statement(database, SQL_SWEEP);
	enum status status;

	statement_bind_integer(statement, ":oldest", now - TEXT_UPLOAD_SECONDS);
	status = statement_run(statement);
	if (status != STATUS_OK)
		return status;
	statement = statement_for(database, SQL_SWEEP_AUTHOR, author_id, key);
	statement_bind_integer(statement, ":kept", TEXT_UPLOAD_MAX_COUNT - 1);
	return statement_run(statement);
}

enum status
text_upload_write(struct database *database, int64_t author_id, const char *key,
    size_t offset, const void *bytes, size_t size, int64_t now,
    size_t *out_size)
{
	g_autoptr(GByteArray) text = g_byte_array_new();
	struct statement *statement;
	enum status status;

	if (!text_is_key(key) || size > TEXT_UPLOAD_MAX_SIZE ||
	    offset > TEXT_UPLOAD_MAX_SIZE - size)
		return STATUS_INVALID;
	status = read_bytes(database, author_id, key, text);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	if (text->len < offset)
		return STATUS_CONFLICT;
	status = sweep(database, author_id, key, now);
	if (status != STATUS_OK)
		return status;
	g_byte_array_set_size(text, (guint)offset);
	if (size > 0)
		g_byte_array_append(text, bytes, (guint)size);
	statement = statement_for(database, SQL_WRITE, author_id, key);
	statement_bind_integer(statement, ":now", now);
	statement_bind_bytes(statement, ":bytes", text->data, text->len);
	status = statement_run(statement);
	if (status == STATUS_OK)
		*out_size = text->len;
	return status;
}

enum status
text_upload_size(struct database *database, int64_t author_id, const char *key,
    size_t *out_size)
{
	int64_t size = 0;
	enum status status = statement_read_integer(
	    statement_for(database, SQL_SIZE, author_id, key), &size);

	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	*out_size = (size_t)size;
	return STATUS_OK;
}

enum status
text_upload_read(struct database *database, int64_t author_id, const char *key,
    char **out_text)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	enum status status = read_bytes(database, author_id, key, bytes);

	if (status != STATUS_OK)
		return status;
	if (!text_is_valid_utf8((const char *)bytes->data, bytes->len, NULL))
		return STATUS_INVALID;
	g_byte_array_append(bytes, (const guint8 *)"", 1);
	*out_text = (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
	return STATUS_OK;
}
