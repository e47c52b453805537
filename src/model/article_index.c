/*
 * article_index.c - what the two search indexes hold of an article.
 *
 * What must hold: each article is in one of them and not in the other. It is
 * in article_search, with the text that readers see, while it is published or
 * scheduled, so that one whose time comes is found without being rendered;
 * else, as a draft or in the trash, it is in draft_search, with the Markdown of
 * its row, which is for the desk alone. What was deleted for good is in
 * neither. With an untrusted schema no trigger may touch a virtual table:
 * triggers only note in search_removal what must not be found any more, and
 * what is deleted.
 */
#include "config.h"

#include "article_private.h"
#include "store/database.h"

#define IS_PUBLIC                                                              \
	" AND a.status IN ('published', 'scheduled')"                          \
	" AND a.trashed_at IS NULL"

#define IS_PRIVATE " AND (a.status = 'draft' OR a.trashed_at IS NOT NULL)"

/* Article `id`, and the names of its tags. */
#define ARTICLE                                                                \
	" FROM article a"                                                      \
	" JOIN (SELECT coalesce(group_concat(name, ' '), '') AS names"         \
	" FROM (SELECT t.name"                                                 \
	" FROM article_tag j"                                                  \
	" JOIN tag t ON t.id = j.tag_id"                                       \
	" WHERE j.article_id = :id"                                            \
	" ORDER BY j.position)) g"

/* Whether `index` has the article as it should. */
#define HAS(index, body, condition)                                            \
	"SELECT 1" ARTICLE " JOIN " index " s ON s.rowid = a.id"               \
	" WHERE a.id = :id" condition " AND s.title IS a.title"                \
	" AND s.excerpt IS a.excerpt AND s.tags IS g.names"                    \
	" AND s.body IS " body

#define DELETE(index) "DELETE FROM " index " WHERE rowid = :id"

#define INSERT(index, body, condition)                                         \
	"INSERT INTO " index " (rowid, title, excerpt, tags, body)"            \
	" SELECT a.id, a.title, a.excerpt, g.names, " body ARTICLE             \
	" WHERE a.id = :id" condition

/* What triggers have noted of articles that are no more. */
#define IS_DELETED(id)                                                         \
	" WHERE " id " IN (SELECT r.article_id"                                \
	" FROM search_removal r"                                               \
	" LEFT JOIN article a ON a.id = r.article_id"                          \
	" WHERE a.id IS NULL)"

static const char SQL_PUBLIC_HAS[] = HAS("article_search", ":text", IS_PUBLIC);
static const char SQL_PUBLIC_DELETE[] = DELETE("article_search");
static const char SQL_PUBLIC_INSERT[] =
    INSERT("article_search", ":text", IS_PUBLIC);
static const char SQL_PUBLIC_SWEEP[] =
    "DELETE FROM article_search" IS_DELETED("rowid");

static const char SQL_PRIVATE_HAS[] = HAS("draft_search", "a.body", IS_PRIVATE);
static const char SQL_PRIVATE_DELETE[] = DELETE("draft_search");
static const char SQL_PRIVATE_INSERT[] =
    INSERT("draft_search", "a.body", IS_PRIVATE);
static const char SQL_PRIVATE_SWEEP[] =
    "DELETE FROM draft_search" IS_DELETED("rowid");

static const char SQL_REMOVAL_DELETE[] = "DELETE FROM search_removal"
					 " WHERE article_id = :id";
static const char SQL_REMOVAL_SWEEP[] =
    "DELETE FROM search_removal" IS_DELETED("article_id");

static enum status
run_on(struct database *database, const char *sql, int64_t id)
{
	struct statement *statement = database_statement(database, sql);

	statement_bind_integer(statement, ":id", id);
	return statement_run(statement);
}

/* ---- one article ---- */

static const struct search_index {
	const char *has, *delete, *insert;
	bool has_text; /* it takes :text */
} INDEXES[] = {
	{ SQL_PUBLIC_HAS, SQL_PUBLIC_DELETE, SQL_PUBLIC_INSERT, true },
	{ SQL_PRIVATE_HAS, SQL_PRIVATE_DELETE, SQL_PRIVATE_INSERT, false },
};

static struct statement *
bind(struct database *database, const struct search_index *index,
    const char *sql, int64_t id, const char *text)
{
	struct statement *statement = database_statement(database, sql);

	statement_bind_integer(statement, ":id", id);
	if (index->has_text)
		statement_bind_text(statement, ":text", text);
	return statement;
}

/* Have `index` hold the article, or nothing of it where it is the other's. */
static enum status
bring_up_to_date(struct database *database, const struct search_index *index,
    int64_t id, const char *text)
{
	struct statement *has = bind(database, index, index->has, id, text);
	enum status status = statement_step(has);

	statement_reset(has);
	if (status != STATUS_NOT_FOUND)
		return status;
	status = run_on(database, index->delete, id);
	if (status != STATUS_OK)
		return status;
	return statement_run(bind(database, index, index->insert, id, text));
}

enum status
article_index(struct database *database, int64_t id, const char *text)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < G_N_ELEMENTS(INDEXES) && status == STATUS_OK;
	     i++)
		status = bring_up_to_date(database, &INDEXES[i], id, text);
	return status == STATUS_OK ? run_on(database, SQL_REMOVAL_DELETE, id)
				   : status;
}

/* ---- those that are no more ---- */

enum status
article_index_sweep(struct database *database)
{
	static const char *const sweeps[] = { SQL_PUBLIC_SWEEP,
		SQL_PRIVATE_SWEEP, SQL_REMOVAL_SWEEP };
	enum status status = STATUS_OK;

	for (size_t i = 0; i < G_N_ELEMENTS(sweeps) && status == STATUS_OK; i++)
		status = statement_run(database_statement(database, sweeps[i]));
	return status;
}
