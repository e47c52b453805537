/*
 * article_edit.c - an article as its authors see it. See article_edit.h.
 */
#include "config.h"

#include "model/article_edit.h"

#include "article_private.h"
#include "base/text.h"
#include "model/author_choice.h"
#include "model/redirect.h"
#include "model/tag.h"
#include "store/database.h"
#include "term_private.h"

#define SLUG_SIZE 100

static const char SQL_READ[] =
    "SELECT a.id, a.kind, a.status, a.version, a.published_at, a.updated_at,"
    " a.created_at, a.trashed_at, a.slug, a.path, a.title, a.summary,"
    " a.excerpt, a.language, a.canonical_url, a.cover_path, a.cover_alt,"
    " a.cover_width, a.cover_height, c.name, a.body, a.word_count, a.minutes,"
    " a.description, a.direction, e.name,"
    " nullif(a.series_number, 100000), a.pinned_at"
    " FROM article a"
    " LEFT JOIN category c ON c.id = a.category_id"
    " LEFT JOIN series e ON e.id = a.series_id"
    " WHERE a.id = :id";

static const char SQL_IS_THERE[] = "SELECT 1"
				   " FROM article"
				   " WHERE id = :id";

static const char SQL_SLUG_OWNER[] = "SELECT id"
				     " FROM article"
				     " WHERE slug = :slug";

static const char SQL_FIND_CREATED[] = "SELECT id, creation_hash"
				       " FROM article"
				       " WHERE creation_key = :key";

static const char SQL_SET_KEY[] = "UPDATE article"
				  " SET creation_key = :key,"
				  " creation_hash = :hash"
				  " WHERE id = :id";

static const char SQL_TRASH[] = "UPDATE article"
				" SET trashed_at = :now"
				" WHERE id = :id AND trashed_at IS NULL";

static const char SQL_TAKE_OUT[] = "UPDATE article"
				   " SET trashed_at = NULL"
				   " WHERE id = :id"
				   " AND trashed_at IS NOT NULL";

static const char SQL_EMPTY_TRASH[] = "DELETE FROM article"
				      " WHERE trashed_at < :before";

static const char SQL_PUBLISH_DUE[] =
    "UPDATE article"
    " SET status = 'published',"
    " updated_at = max(updated_at, published_at)"
    " WHERE status = 'scheduled' AND trashed_at IS NULL"
    " AND published_at <= :now";

static const char SQL_NEXT_DUE[] =
    "SELECT min(published_at)"
    " FROM article"
    " WHERE status = 'scheduled' AND trashed_at IS NULL";

void
article_edit_free(struct article_edit *edit)
{
	if (edit == NULL)
		return;
	g_free(edit->slug);
	g_free(edit->path);
	g_free(edit->title);
	g_free(edit->summary);
	g_free(edit->excerpt);
	g_free(edit->description);
	g_free(edit->language);
	g_free(edit->direction);
	g_free(edit->series);
	g_free(edit->canonical_url);
	g_free(edit->cover_path);
	g_free(edit->cover_alt);
	g_free(edit->category);
	g_strfreev(edit->tags);
	g_strfreev(edit->authors);
	if (edit->author_ids != NULL)
		g_array_unref(edit->author_ids);
	g_free(edit->body);
	g_free(edit);
}

static struct article_edit *
edit_from_row(struct statement *row)
{
	struct article_edit *edit = g_new0(struct article_edit, 1);

	edit->id = statement_integer(row, 0);
	edit->kind = article_kind_from_name(statement_text(row, 1));
	edit->status = article_status_from_name(statement_text(row, 2));
	edit->version = statement_integer(row, 3);
	edit->published_at = statement_integer(row, 4);
	edit->updated_at = statement_integer(row, 5);
	edit->created_at = statement_integer(row, 6);
	edit->trashed_at = statement_integer(row, 7);
	edit->slug = statement_dup_text(row, 8);
	edit->path = statement_dup_text(row, 9);
	edit->title = statement_dup_text(row, 10);
	edit->summary = statement_dup_text(row, 11);
	edit->excerpt = statement_dup_text(row, 12);
	edit->language = statement_dup_text(row, 13);
	edit->canonical_url = statement_dup_text(row, 14);
	edit->cover_path = statement_dup_text(row, 15);
	edit->cover_alt = statement_dup_text(row, 16);
	edit->cover_width = (uint32_t)statement_integer(row, 17);
	edit->cover_height = (uint32_t)statement_integer(row, 18);
	edit->category = statement_dup_text(row, 19);
	edit->body = statement_dup_text(row, 20);
	edit->word_count = (uint32_t)statement_integer(row, 21);
	edit->minutes = (uint32_t)statement_integer(row, 22);
	edit->description = statement_dup_text(row, 23);
	edit->direction = statement_dup_text(row, 24);
	edit->series = statement_dup_text(row, 25);
	edit->series_number = statement_integer(row, 26);
	edit->pinned_at = statement_integer(row, 27);
	return edit;
}

static enum status
name_authors(struct database *database, struct article_edit *edit)
{
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();
	enum status status = STATUS_OK;

	for (guint i = 0; i < edit->author_ids->len && status == STATUS_OK;
	     i++) {
		g_autofree char *name = NULL;

		status = author_choice_name(database,
		    g_array_index(edit->author_ids, int64_t, i), &name);
		if (status == STATUS_OK)
			g_strv_builder_add(names, name);
	}
	edit->authors = g_strv_builder_end(names);
	return status;
}

static enum status
read_authors(struct database *database, struct article_edit *edit)
{
	enum status status = article_list_joined(
	    database, ARTICLE_JOIN_AUTHORS, edit->id, &edit->author_ids);

	return status == STATUS_OK ? name_authors(database, edit) : status;
}

enum status
article_edit_read(
    struct database *database, int64_t id, struct article_edit **out_edit)
{
	struct statement *statement = database_statement(database, SQL_READ);
	struct article_edit *edit;
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	edit = edit_from_row(statement);
	statement_reset(statement);
	status = tag_list_names(database, edit->id, &edit->tags);
	if (status == STATUS_OK)
		status = read_authors(database, edit);
	if (status == STATUS_OK)
		*out_edit = edit;
	else
		article_edit_free(edit);
	return status;
}

enum status
article_read_any(
    struct database *database, int64_t id, struct article **out_article)
{
	struct statement *statement =
	    database_statement(database, SQL_IS_THERE);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	statement_reset(statement);
	return status == STATUS_OK ? article_read(database, id, out_article)
				   : status;
}

enum status
article_show_authors(struct database *database, struct article *article,
    const GArray *author_ids)
{
	enum status status = STATUS_OK;

	g_array_set_size(article->authors, 0);
	for (guint i = 0; i < author_ids->len && status == STATUS_OK; i++)
		status = article_read_author(
		    database, g_array_index(author_ids, int64_t, i), article);
	return status;
}

/* Whether another article than `id` has this slug. */
static enum status
slug_is_taken(
    struct database *database, const char *slug, int64_t id, bool *out_is_taken)
{
	struct statement *statement =
	    database_statement(database, SQL_SLUG_OWNER);
	enum status status;

	statement_bind_text(statement, ":slug", slug);
	status = statement_step(statement);
	*out_is_taken =
	    status == STATUS_OK && statement_integer(statement, 0) != id;
	statement_reset(statement);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status
article_make_slug(
    struct database *database, const char *title, int64_t id, char **out_slug)
{
	g_autofree char *own = text_slug(title, SLUG_SIZE);
	const char *stem = own[0] != '\0' ? own : "article";

	for (int number = 1; number <= TERM_SLUG_TRIES; number++) {
		g_autofree char *slug = term_numbered_slug(stem, number);
		bool is_taken;
		enum status status =
		    slug_is_taken(database, slug, id, &is_taken);

		if (status != STATUS_OK)
			return status;
		if (is_taken)
			continue;
		*out_slug = g_steal_pointer(&slug);
		return STATUS_OK;
	}
	return STATUS_CONFLICT;
}

enum status
article_find_created(struct database *database, const char *key,
    int64_t *out_id, char **out_hash)
{
	struct statement *statement =
	    database_statement(database, SQL_FIND_CREATED);
	enum status status;

	statement_bind_text(statement, ":key", key);
	status = statement_step(statement);
	if (status == STATUS_OK) {
		*out_id = statement_integer(statement, 0);
		*out_hash = statement_dup_text(statement, 1);
	}
	statement_reset(statement);
	return status;
}

enum status
article_set_creation_key(
    struct database *database, int64_t id, const char *key, const char *hash)
{
	struct statement *statement = database_statement(database, SQL_SET_KEY);

	statement_bind_integer(statement, ":id", id);
	statement_bind_text(statement, ":key", key);
	statement_bind_text(statement, ":hash", hash);
	return statement_run(statement);
}

/* ---- the trash ---- */

static enum status
run_on_article(
    struct database *database, struct statement *statement, int64_t id)
{
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_run(statement);
	if (status == STATUS_OK && database_changes(database) == 0)
		return STATUS_NOT_FOUND;
	return status;
}

enum status
article_trash(struct database *database, int64_t id, int64_t now)
{
	struct statement *statement = database_statement(database, SQL_TRASH);
	enum status status;

	g_assert(database_in_transaction(database));
	statement_bind_integer(statement, ":now", now);
	status = run_on_article(database, statement, id);
	/* Readers find it no more, and the desk finds it in the trash. */
	return status == STATUS_OK ? article_index(database, id, "") : status;
}

enum status
article_untrash(struct database *database, int64_t id)
{
	return run_on_article(
	    database, database_statement(database, SQL_TAKE_OUT), id);
}

enum status
article_empty_trash(struct database *database, int64_t now, int64_t *out_count)
{
	struct statement *statement =
	    database_statement(database, SQL_EMPTY_TRASH);
	enum status status;

	g_assert(database_in_transaction(database));
	statement_bind_integer(
	    statement, ":before", now - ARTICLE_TRASH_SECONDS);
	status = statement_run(statement);
	if (status != STATUS_OK)
		return status;
	*out_count = database_changes(database);
	return *out_count > 0 ? article_index_sweep(database) : STATUS_OK;
}

/* ---- what is due ---- */

enum status
article_next_due(struct database *database, int64_t *out_next_at)
{
	return statement_read_integer(
	    database_statement(database, SQL_NEXT_DUE), out_next_at);
}

enum status
article_publish_due(struct database *database, int64_t now, int64_t *out_count,
    int64_t *out_next_at)
{
	struct statement *statement;
	enum status status;

	g_assert(database_in_transaction(database));
	status = redirect_remove_due(database, now);
	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_PUBLISH_DUE);
	statement_bind_integer(statement, ":now", now);
	status = statement_run(statement);
	if (status != STATUS_OK)
		return status;
	*out_count = database_changes(database);
	return article_next_due(database, out_next_at);
}
