/*
 * article_record.c - articles as the command line and imports see them: all of
 * them, public or not.
 *
 * What must hold: rendering again changes what was derived and nothing else,
 * and not even that (nor the generation) when it comes out the same.
 */
#include "config.h"

#include "model/article.h"

#include <string.h>

#include "article_private.h"
#include "model/media.h"
#include "model/tag.h"
#include "store/database.h"

#define RECORD_COLUMNS                                                         \
	" a.id, a.kind, a.status, a.version, a.published_at, a.updated_at,"    \
	" a.trashed_at, a.minutes, a.slug, a.path, a.title, c.name,"           \
	" a.import_source, a.import_hash"
#define RECORD_TABLES " article a LEFT JOIN category c ON c.id = a.category_id"

static const char SQL_LIST[] =
    "SELECT" RECORD_COLUMNS " FROM" RECORD_TABLES " WHERE a.trashed_at IS NULL"
    " ORDER BY coalesce(a.published_at, a.updated_at) DESC, a.id DESC";

static const char SQL_LIST_STATUS[] =
    "SELECT" RECORD_COLUMNS " FROM" RECORD_TABLES " WHERE a.trashed_at IS NULL"
    " AND a.status = :status"
    " ORDER BY coalesce(a.published_at, a.updated_at) DESC, a.id DESC";

static const char SQL_LIST_TRASH[] =
    "SELECT" RECORD_COLUMNS " FROM" RECORD_TABLES
    " WHERE a.trashed_at IS NOT NULL"
    " ORDER BY a.trashed_at DESC, a.id DESC";

static const char SQL_BY_SOURCE[] =
    "SELECT" RECORD_COLUMNS " FROM" RECORD_TABLES
    " WHERE a.import_source = :source";

static const char SQL_IDS[] = "SELECT id"
			      " FROM article"
			      " ORDER BY id";

static const char SQL_SOURCE[] = "SELECT path, title, body, summary,"
				 " import_source, version"
				 " FROM article"
				 " WHERE id = :id";

static const char SQL_IS_OF_VERSION[] = "SELECT 1"
					" FROM article"
					" WHERE id = :id"
					" AND version = :version";

static const char SQL_UPDATE[] =
    "UPDATE article"
    " SET body_html = :body_html, contents_html = :contents_html,"
    " excerpt = iif(summary = '', :excerpt, summary),"
    " word_count = :word_count, minutes = :minutes"
    " WHERE id = :id"
    " AND (body_html, contents_html, excerpt, word_count, minutes)"
    " IS NOT (:body_html, :contents_html,"
    " iif(summary = '', :excerpt, summary), :word_count, :minutes)";

void
article_record_free(struct article_record *record)
{
	if (record == NULL)
		return;
	g_free(record->slug);
	g_free(record->path);
	g_free(record->title);
	g_free(record->category);
	g_strfreev(record->tags);
	g_free(record->import_source);
	g_free(record->import_hash);
	g_free(record);
}

static void
free_record(void *record)
{
	article_record_free(record);
}

static void *
record_from_row(struct statement *statement)
{
	struct article_record *record = g_new0(struct article_record, 1);

	record->id = statement_integer(statement, 0);
	record->kind = article_kind_from_name(statement_text(statement, 1));
	record->status = article_status_from_name(statement_text(statement, 2));
	record->version = statement_integer(statement, 3);
	record->published_at = statement_integer(statement, 4);
	record->updated_at = statement_integer(statement, 5);
	record->trashed_at = statement_integer(statement, 6);
	record->minutes = (uint32_t)statement_integer(statement, 7);
	record->slug = statement_dup_text(statement, 8);
	record->path = statement_dup_text(statement, 9);
	record->title = statement_dup_text(statement, 10);
	record->category = statement_dup_text(statement, 11);
	record->import_source = statement_dup_text(statement, 12);
	record->import_hash = statement_dup_text(statement, 13);
	return record;
}

static struct statement *
list_statement(struct database *database, const char *status)
{
	struct statement *statement;

	if (status == NULL)
		return database_statement(database, SQL_LIST);
	if (strcmp(status, "trash") == 0)
		return database_statement(database, SQL_LIST_TRASH);
	statement = database_statement(database, SQL_LIST_STATUS);
	statement_bind_text(statement, ":status", status);
	return statement;
}

enum status
article_list_records(
    struct database *database, const char *status_word, GPtrArray **out_records)
{
	struct statement *statement = list_statement(database, status_word);
	g_autoptr(GPtrArray) records = NULL;
	enum status status =
	    statement_list(statement, record_from_row, free_record, &records);

	if (status != STATUS_OK)
		return status;
	for (guint i = 0; i < records->len; i++) {
		struct article_record *record = records->pdata[i];

		status = tag_list_names(database, record->id, &record->tags);
		if (status != STATUS_OK)
			return status;
	}
	*out_records = g_steal_pointer(&records);
	return STATUS_OK;
}

enum status
article_find_import(struct database *database, const char *source,
    struct article_record **out_record)
{
	struct statement *statement =
	    database_statement(database, SQL_BY_SOURCE);
	struct article_record *record;
	enum status status;

	statement_bind_text(statement, ":source", source);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	record = record_from_row(statement);
	statement_reset(statement);
	status = tag_list_names(database, record->id, &record->tags);
	if (status != STATUS_OK) {
		article_record_free(record);
		return status;
	}
	*out_record = record;
	return STATUS_OK;
}

/* ---- rendering again ---- */

/* The texts are copied: `visit` may change the very row they come from. */
static enum status
visit_source(struct database *database, int64_t id,
    enum status (*visit)(const struct article_source *source, void *data),
    void *data)
{
	struct statement *statement = database_statement(database, SQL_SOURCE);
	g_autofree char *path = NULL;
	g_autofree char *title = NULL;
	g_autofree char *body = NULL;
	g_autofree char *summary = NULL;
	g_autofree char *import_source = NULL;
	int64_t version;
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	/* Another visit may have deleted it. */
	if (status != STATUS_OK)
		return status == STATUS_NOT_FOUND ? STATUS_OK : status;
	path = statement_dup_text(statement, 0);
	title = statement_dup_text(statement, 1);
	body = statement_dup_text(statement, 2);
	summary = statement_dup_text(statement, 3);
	import_source = statement_dup_text(statement, 4);
	version = statement_integer(statement, 5);
	statement_reset(statement);
	return visit(
	    &(struct article_source){
		.id = id,
		.version = version,
		.path = path,
		.title = title,
		.body = body,
		.summary = summary,
		.import_source = import_source,
	    },
	    data);
}

enum status
article_each_source(struct database *database,
    enum status (*visit)(const struct article_source *source, void *data),
    void *data)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct statement *statement = database_statement(database, SQL_IDS);
	enum status status = statement_append_integers(statement, ids);

	if (status != STATUS_OK)
		return status;
	for (guint i = 0; i < ids->len; i++) {
		status = visit_source(
		    database, g_array_index(ids, int64_t, i), visit, data);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* STATUS_NOT_FOUND: it is not. */
static enum status
require_version(struct database *database, int64_t id, int64_t version)
{
	struct statement *statement =
	    database_statement(database, SQL_IS_OF_VERSION);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	statement_bind_integer(statement, ":version", version);
	status = statement_step(statement);
	statement_reset(statement);
	return status;
}

enum status
article_update_derived(struct database *database, int64_t id, int64_t version,
    const struct article_derived *derived)
{
	g_autofree char *excerpt = NULL;
	struct statement *statement;
	enum status status;

	g_assert(database_in_transaction(database));
	status = require_version(database, id, version);
	if (status != STATUS_OK)
		return status;
	status = article_clean_field(
	    ARTICLE_FIELD_EXCERPT, derived->excerpt, &excerpt, NULL);
	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_UPDATE);
	statement_bind_integer(statement, ":id", id);
	statement_bind_text(statement, ":body_html", derived->body_html);
	statement_bind_text(
	    statement, ":contents_html", derived->contents_html);
	statement_bind_text(statement, ":excerpt", excerpt);
	statement_bind_integer(statement, ":word_count", derived->word_count);
	statement_bind_integer(statement, ":minutes", derived->minutes);
	status = statement_run(statement);
	if (status == STATUS_OK)
		status = media_note_uses(database, id, derived->body_html);
	if (status == STATUS_OK)
		status = article_index(database, id, derived->text);
	return status;
}
