/*
 * revision.c - every save of an article. See revision.h.
 *
 * What must hold: it costs a save one row, which repeats its text and small
 * fields, and nothing that is made of them.
 */
#include "config.h"

#include "model/revision.h"

#include "author_private.h"
#include "store/database.h"

/* The migration that added the columns from slug on says the same. */
static const char SQL_KEEP[] =
    "INSERT INTO revision (article_id, version, title, summary, body,"
    " author_id, created_at, slug, description, language, direction,"
    " canonical_url, cover_path, cover_alt, category, tags, series,"
    " series_number, authors)"
    " SELECT a.id, a.version, a.title, a.summary, a.body, :author_id, :now,"
    " a.slug, a.description, a.language, a.direction, a.canonical_url,"
    " coalesce(a.cover_path, ''), a.cover_alt, coalesce(c.name, ''),"
    " coalesce((SELECT group_concat(name, ', ') FROM (SELECT t.name"
    " FROM article_tag j JOIN tag t ON t.id = j.tag_id"
    " WHERE j.article_id = a.id ORDER BY j.position)), ''),"
    " coalesce(e.name, ''), coalesce(nullif(a.series_number, 100000), ''),"
    " coalesce((SELECT group_concat(name, ', ')"
    " FROM (SELECT" AUTHOR_CALLED " AS name"
    " FROM article_author w JOIN author u ON u.id = w.author_id"
    " WHERE w.article_id = a.id ORDER BY w.position)), '')"
    " FROM article a"
    " LEFT JOIN category c ON c.id = a.category_id"
    " LEFT JOIN series e ON e.id = a.series_id"
    " WHERE a.id = :article_id";

static const char SQL_LIST[] = "SELECT r.version, r.title, a.name, r.created_at"
			       " FROM revision r"
			       " LEFT JOIN author a ON a.id = r.author_id"
			       " WHERE r.article_id = :article_id"
			       " ORDER BY r.version DESC"
			       " LIMIT :count";

static const char SQL_READ[] =
    "SELECT r.version, r.title, a.name, r.created_at, r.summary, r.body,"
    " r.slug, r.description, r.language, r.direction, r.canonical_url,"
    " r.cover_path, r.cover_alt, r.category, r.tags, r.series,"
    " r.series_number, r.authors"
    " FROM revision r"
    " LEFT JOIN author a ON a.id = r.author_id"
    " WHERE r.article_id = :article_id AND r.version = :version";

void
revision_free(struct revision *revision)
{
	if (revision == NULL)
		return;
	g_free(revision->title);
	g_free(revision->author);
	g_free(revision->summary);
	g_free(revision->body);
	g_free(revision->slug);
	g_free(revision->description);
	g_free(revision->language);
	g_free(revision->direction);
	g_free(revision->canonical_url);
	g_free(revision->cover_path);
	g_free(revision->cover_alt);
	g_free(revision->category);
	g_free(revision->tags);
	g_free(revision->series);
	g_free(revision->series_number);
	g_free(revision->authors);
	g_free(revision);
}

static void
free_revision(void *data)
{
	revision_free(data);
}

/* What a list has of one. */
static void *
revision_from_row(struct statement *statement)
{
	struct revision *revision = g_new0(struct revision, 1);

	revision->version = statement_integer(statement, 0);
	revision->title = statement_dup_text(statement, 1);
	revision->author = statement_dup_text(statement, 2);
	revision->created_at = statement_integer(statement, 3);
	return revision;
}

static struct revision *
whole_revision_from_row(struct statement *statement)
{
	struct revision *revision = revision_from_row(statement);

	revision->summary = statement_dup_text(statement, 4);
	revision->body = statement_dup_text(statement, 5);
	revision->slug = statement_dup_text(statement, 6);
	revision->description = statement_dup_text(statement, 7);
	revision->language = statement_dup_text(statement, 8);
	revision->direction = statement_dup_text(statement, 9);
	revision->canonical_url = statement_dup_text(statement, 10);
	revision->cover_path = statement_dup_text(statement, 11);
	revision->cover_alt = statement_dup_text(statement, 12);
	revision->category = statement_dup_text(statement, 13);
	revision->tags = statement_dup_text(statement, 14);
	revision->series = statement_dup_text(statement, 15);
	revision->series_number = statement_dup_text(statement, 16);
	revision->authors = statement_dup_text(statement, 17);
	return revision;
}

enum status
revision_keep(struct database *database, int64_t article_id, int64_t author_id,
    int64_t now)
{
	struct statement *statement = database_statement(database, SQL_KEEP);

	statement_bind_integer(statement, ":article_id", article_id);
	if (author_id != 0)
		statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_integer(statement, ":now", now);
	return statement_run(statement);
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
		*out_revision = whole_revision_from_row(statement);
	statement_reset(statement);
	return status;
}
