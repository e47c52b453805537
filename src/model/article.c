/*
 * article.c - one article as its page and its card show it.
 *
 * What must hold: whatever a function here calls public is public at `now`, and
 * is found by an index; a card reads none of the pages that hold a long text.
 */
#include "config.h"

#include "model/article.h"

#include <string.h>

#include "article_private.h"
#include "author_private.h"
#include "base/logger.h"
#include "model/media.h"
#include "store/database.h"

#define ARTICLE_COLUMNS                                                        \
	ARTICLE_SUMMARY_COLUMNS                                                \
	", a.status, a.slug, a.version, a.word_count, a.summary <> "           \
	"'',"                                                                  \
	" a.canonical_url, k.description, e.name, k.series_id,"                \
	" k.series_number, a.contents_html, a.body_html"
#define ARTICLE_TABLES                                                         \
	" FROM article a"                                                      \
	" CROSS JOIN article k INDEXED BY article_card ON k.id = a.id"         \
	" LEFT JOIN series e ON e.id = k.series_id" ARTICLE_SUMMARY_JOINS

static const char SQL_ARTICLE_BY_PATH[] =
    "SELECT" ARTICLE_COLUMNS ARTICLE_TABLES " WHERE a.path = :path"
    " AND a.status = 'published'"
    " AND a.trashed_at IS NULL"
    " AND a.published_at <= :now";

static const char SQL_ARTICLE_BY_ID[] =
    "SELECT" ARTICLE_COLUMNS ARTICLE_TABLES " WHERE a.id = :id";

static const char SQL_SUMMARY_BY_ID[] =
    "SELECT" ARTICLE_SUMMARY_COLUMNS
    " FROM article k INDEXED BY article_card" ARTICLE_SUMMARY_JOINS
    " WHERE k.id = :id";

static const char SQL_CO_AUTHORS[] = "SELECT u.id, u.handle, u.name"
				     " FROM article_author w"
				     " JOIN author u ON u.id = w.author_id"
				     " WHERE w.article_id = :id"
				     " AND w.position > 1"
				     " ORDER BY w.position";

static const char SQL_TAGS[] = "SELECT t.id, t.slug, t.name"
			       " FROM article_tag g"
			       " JOIN tag t ON t.id = g.tag_id"
			       " WHERE g.article_id = :id"
			       " ORDER BY g.position";

#define AUTHOR_COLUMNS                                                         \
	" u.id, u.handle, u.name, u.job_title, u.biography, u.picture_path,"   \
	" u.website," AUTHOR_FACE

static const char SQL_AUTHOR[] = "SELECT" AUTHOR_COLUMNS " FROM author u"
				 " WHERE u.id = :id";

static const char SQL_AUTHORS[] =
    "SELECT" AUTHOR_COLUMNS " FROM article_author w"
    " JOIN author u ON u.id = w.author_id"
    " WHERE w.article_id = :id"
    " ORDER BY w.position";

/* The one that was listed before, in the order of listings. */
static const char SQL_OLDER[] =
    "SELECT c.path, c.title"
    " FROM (SELECT id"
    " FROM article"
    " WHERE listed_at IS NOT NULL"
    " AND (listed_at, id) < (:at, :id)"
    " ORDER BY listed_at DESC, id DESC"
    " LIMIT 1) n"
    " CROSS JOIN article c INDEXED BY article_card ON c.id = n.id";

static const char SQL_NEWER[] =
    "SELECT c.path, c.title"
    " FROM (SELECT id"
    " FROM article"
    " WHERE listed_at IS NOT NULL"
    " AND (listed_at, id) > (:at, :id)"
    " AND listed_at <= :now"
    " ORDER BY listed_at, id"
    " LIMIT 1) n"
    " CROSS JOIN article c INDEXED BY article_card ON c.id = n.id";

/* ---- names ---- */

static const char *const kind_names[] = {
	[ARTICLE_KIND_ARTICLE] = "article",
	[ARTICLE_KIND_PAGE] = "page",
};

static const char *const status_names[] = {
	[ARTICLE_STATUS_DRAFT] = "draft",
	[ARTICLE_STATUS_SCHEDULED] = "scheduled",
	[ARTICLE_STATUS_PUBLISHED] = "published",
};

bool
article_ids_include(const GArray *ids, int64_t id)
{
	for (guint i = 0; i < ids->len; i++)
		if (g_array_index(ids, int64_t, i) == id)
			return true;
	return false;
}

const char *
article_kind_name(enum article_kind kind)
{
	return kind_names[kind];
}

const char *
article_status_name(enum article_status status)
{
	return status_names[status];
}

enum article_kind
article_kind_from_name(const char *name)
{
	return strcmp(name, "page") == 0 ? ARTICLE_KIND_PAGE
					 : ARTICLE_KIND_ARTICLE;
}

enum article_status
article_status_from_name(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(status_names); i++)
		if (strcmp(name, status_names[i]) == 0)
			return (enum article_status)i;
	return ARTICLE_STATUS_DRAFT;
}

/* ---- freeing ---- */

void
article_term_release(struct article_term *term)
{
	g_free(term->slug);
	g_free(term->name);
	*term = (struct article_term){ 0 };
}

static void
release_term(void *term)
{
	article_term_release(term);
}

void
article_summary_release(struct article_summary *summary)
{
	g_free(summary->path);
	g_free(summary->title);
	g_free(summary->excerpt);
	g_free(summary->language);
	g_free(summary->direction);
	g_free(summary->cover_path);
	g_free(summary->cover_alt);
	article_term_release(&summary->category);
	article_term_release(&summary->author);
	if (summary->co_authors != NULL)
		g_array_unref(summary->co_authors);
	if (summary->tags != NULL)
		g_array_unref(summary->tags);
	*summary = (struct article_summary){ 0 };
}

void
article_summary_free(struct article_summary *summary)
{
	if (summary == NULL)
		return;
	article_summary_release(summary);
	g_free(summary);
}

static void
release_author(void *data)
{
	struct article_author *author = data;

	g_free(author->handle);
	g_free(author->name);
	g_free(author->job_title);
	g_free(author->biography);
	g_free(author->picture_path);
	g_free(author->face_path);
	g_free(author->website);
}

void
article_free(struct article *article)
{
	if (article == NULL)
		return;
	article_summary_release(&article->summary);
	g_free(article->slug);
	g_free(article->canonical_url);
	g_free(article->description);
	g_free(article->series);
	g_free(article->contents_html);
	g_free(article->body_html);
	if (article->authors != NULL)
		g_array_unref(article->authors);
	if (article->cover_sizes != NULL)
		g_array_unref(article->cover_sizes);
	g_free(article);
}

/* ---- rows ---- */

static void
term_from_row(
    struct statement *statement, int column, struct article_term *term)
{
	term->id = statement_integer(statement, column);
	term->slug = statement_dup_text(statement, column + 1);
	term->name = statement_dup_text(statement, column + 2);
}

static GArray *
new_terms(void)
{
	GArray *terms = g_array_new(FALSE, FALSE, sizeof(struct article_term));

	g_array_set_clear_func(terms, release_term);
	return terms;
}

void
article_summary_from_row(
    struct statement *statement, struct article_summary *summary)
{
	summary->id = statement_integer(statement, 0);
	summary->path = statement_dup_text(statement, 1);
	summary->title = statement_dup_text(statement, 2);
	summary->excerpt = statement_dup_text(statement, 3);
	summary->language = statement_dup_text(statement, 4);
	summary->published_at = statement_integer(statement, 5);
	summary->updated_at = statement_integer(statement, 6);
	summary->minutes = (uint32_t)statement_integer(statement, 7);
	summary->cover_path = statement_dup_text(statement, 8);
	summary->cover_alt = statement_dup_text(statement, 9);
	summary->cover_width = (uint32_t)statement_integer(statement, 10);
	summary->cover_height = (uint32_t)statement_integer(statement, 11);
	term_from_row(statement, 12, &summary->category);
	term_from_row(statement, 15, &summary->author);
	summary->kind = article_kind_from_name(statement_text(statement, 18));
	summary->direction = statement_dup_text(statement, 19);
	if (statement_integer(statement, 20) != 0)
		summary->co_authors = new_terms();
	summary->tags = new_terms();
}

static struct article *
article_from_row(struct statement *statement)
{
	struct article *article = g_new0(struct article, 1);
	int column = ARTICLE_SUMMARY_COLUMN_COUNT;

	article_summary_from_row(statement, &article->summary);
	article->status =
	    article_status_from_name(statement_text(statement, column++));
	article->slug = statement_dup_text(statement, column++);
	article->version = statement_integer(statement, column++);
	article->word_count = (uint32_t)statement_integer(statement, column++);
	article->has_typed_excerpt =
	    statement_integer(statement, column++) != 0;
	article->canonical_url = statement_dup_text(statement, column++);
	article->description = statement_dup_text(statement, column++);
	article->series = statement_dup_text(statement, column++);
	article->series_id = statement_integer(statement, column++);
	article->series_number = statement_integer(statement, column++);
	article->contents_html = statement_dup_text(statement, column++);
	article->body_html = statement_dup_text(statement, column);
	article->authors =
	    g_array_new(FALSE, FALSE, sizeof(struct article_author));
	g_array_set_clear_func(article->authors, release_author);
	return article;
}

static enum status
read_terms(
    struct database *database, const char *sql, int64_t id, GArray *terms)
{
	struct statement *statement = database_statement(database, sql);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	while ((status = statement_step(statement)) == STATUS_OK) {
		struct article_term term;

		term_from_row(statement, 0, &term);
		g_array_append_val(terms, term);
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status
article_read_terms(struct database *database, struct article_summary *summary)
{
	enum status status =
	    read_terms(database, SQL_TAGS, summary->id, summary->tags);

	if (status != STATUS_OK || summary->co_authors == NULL)
		return status;
	return read_terms(
	    database, SQL_CO_AUTHORS, summary->id, summary->co_authors);
}

static struct article_author
author_from_row(struct statement *statement)
{
	return (struct article_author){
		.id = statement_integer(statement, 0),
		.handle = statement_dup_text(statement, 1),
		.name = statement_dup_text(statement, 2),
		.job_title = statement_dup_text(statement, 3),
		.biography = statement_dup_text(statement, 4),
		.picture_path = statement_dup_text(statement, 5),
		.website = statement_dup_text(statement, 6),
		.face_path = statement_dup_text(statement, 7),
	};
}

static enum status
read_authors(struct database *database, struct article *article)
{
	struct statement *statement = database_statement(database, SQL_AUTHORS);
	enum status status;

	statement_bind_integer(statement, ":id", article->summary.id);
	while ((status = statement_step(statement)) == STATUS_OK) {
		const struct article_author author = author_from_row(statement);

		g_array_append_val(article->authors, author);
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status
article_read_author(
    struct database *database, int64_t id, struct article *article)
{
	struct statement *statement = database_statement(database, SQL_AUTHOR);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status == STATUS_OK) {
		const struct article_author author = author_from_row(statement);

		g_array_append_val(article->authors, author);
	}
	statement_reset(statement);
	return status;
}

/* ---- one article ---- */

/* What one table or index of a snapshot names and another does not have is no
 * page that is not found, but a damaged file. */
static enum status
if_listed(enum status status)
{
	if (status != STATUS_NOT_FOUND)
		return status;
	log_error("database.damaged", "reason",
	    "an article that is listed is not there: see byline check");
	return STATUS_FAILED;
}

enum status
article_read_summary(
    struct database *database, int64_t id, struct article_summary **out_summary)
{
	struct statement *statement =
	    database_statement(database, SQL_SUMMARY_BY_ID);
	struct article_summary *summary;
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = if_listed(statement_step(statement));
	if (status != STATUS_OK)
		return status;
	summary = g_new0(struct article_summary, 1);
	article_summary_from_row(statement, summary);
	statement_reset(statement);
	status = article_read_terms(database, summary);
	if (status != STATUS_OK) {
		article_summary_free(summary);
		return status;
	}
	*out_summary = summary;
	return STATUS_OK;
}

/* The article that `statement`, bound, finds, with its tags and authors. */
static enum status
read_whole(struct database *database, struct statement *statement,
    struct article **out_article)
{
	enum status status = statement_step(statement);
	struct article *article;

	if (status != STATUS_OK)
		return status;
	article = article_from_row(statement);
	statement_reset(statement);
	status = article_read_terms(database, &article->summary);
	if (status == STATUS_OK)
		status = read_authors(database, article);
	if (status == STATUS_OK && article->summary.cover_path != NULL)
		status = media_list_sizes(database, article->summary.cover_path,
		    &article->cover_sizes);
	if (status != STATUS_OK) {
		article_free(article);
		return status;
	}
	*out_article = article;
	return STATUS_OK;
}

enum status
article_read(
    struct database *database, int64_t id, struct article **out_article)
{
	struct statement *statement =
	    database_statement(database, SQL_ARTICLE_BY_ID);

	statement_bind_integer(statement, ":id", id);
	return if_listed(read_whole(database, statement, out_article));
}

enum status
article_find_public(struct database *database, const char *path, int64_t now,
    struct article **out_article)
{
	struct statement *statement =
	    database_statement(database, SQL_ARTICLE_BY_PATH);

	statement_bind_text(statement, ":path", path);
	statement_bind_integer(statement, ":now", now);
	return read_whole(database, statement, out_article);
}

/* ---- its neighbours ---- */

static enum status
read_neighbour(
    struct statement *statement, struct article_summary **out_neighbour)
{
	enum status status = statement_step(statement);
	struct article_summary *neighbour;

	if (status == STATUS_NOT_FOUND) {
		*out_neighbour = NULL;
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	neighbour = g_new0(struct article_summary, 1);
	neighbour->path = statement_dup_text(statement, 0);
	neighbour->title = statement_dup_text(statement, 1);
	statement_reset(statement);
	*out_neighbour = neighbour;
	return STATUS_OK;
}

static enum status
find_older(struct database *database, const struct article *article,
    struct article_summary **out_older)
{
	struct statement *statement = database_statement(database, SQL_OLDER);

	statement_bind_integer(statement, ":at", article->summary.published_at);
	statement_bind_integer(statement, ":id", article->summary.id);
	return read_neighbour(statement, out_older);
}

static enum status
find_newer(struct database *database, const struct article *article,
    int64_t now, struct article_summary **out_newer)
{
	struct statement *statement = database_statement(database, SQL_NEWER);

	statement_bind_integer(statement, ":at", article->summary.published_at);
	statement_bind_integer(statement, ":id", article->summary.id);
	statement_bind_integer(statement, ":now", now);
	return read_neighbour(statement, out_newer);
}

enum status
article_find_neighbours(struct database *database,
    const struct article *article, int64_t now,
    struct article_summary **out_previous, struct article_summary **out_next)
{
	struct article_summary *previous = NULL, *next = NULL;
	enum status status = STATUS_OK;

	if (article->summary.kind == ARTICLE_KIND_ARTICLE) {
		status = find_older(database, article, &previous);
		if (status == STATUS_OK)
			status = find_newer(database, article, now, &next);
	}
	if (status != STATUS_OK) {
		article_summary_free(previous);
		return status;
	}
	*out_previous = previous;
	*out_next = next;
	return STATUS_OK;
}
