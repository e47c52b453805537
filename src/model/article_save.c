/*
 * article_save.c - the one way in which an article changes.
 *
 * What must hold: a save is whole or not at all, whatever else the caller's
 * transaction holds; nobody's newer text is overwritten; every save leaves a
 * revision; an address that once led to the article goes on leading there.
 */
#include "config.h"

#include "model/article.h"

#include <inttypes.h>
#include <string.h>

#include "article_private.h"
#include "base/date.h"
#include "base/text.h"
#include "model/category.h"
#include "model/media.h"
#include "model/redirect.h"
#include "model/revision.h"
#include "model/series.h"
#include "model/setting.h"
#include "model/tag.h"
#include "store/database.h"

static const char SQL_CURRENT[] =
    "SELECT version, path, published_at, created_at,"
    " iif(status = 'published', published_at, 0)"
    " FROM article"
    " WHERE id = :id";

static const char SQL_SLUG_OWNER[] = "SELECT id, trashed_at"
				     " FROM article"
				     " WHERE slug = :text";

static const char SQL_PATH_OWNER[] = "SELECT id, trashed_at"
				     " FROM article"
				     " WHERE path = :text";

static const char SQL_CATEGORY_SLUG[] = "SELECT slug"
					" FROM category"
					" WHERE id = :id";

static const char SQL_NEXT_ID[] = "SELECT coalesce(max(id), 0) + 1"
				  " FROM article";

static const char SQL_INSERT[] =
    "INSERT INTO article (id, kind, status, published_at, year, updated_at,"
    " created_at, version, slug, path, title, category_id, minutes,"
    " word_count, language, excerpt, summary, cover_path, cover_alt,"
    " cover_width, cover_height, canonical_url, import_source, import_hash,"
    " contents_html, body_html, body, description, direction, series_id,"
    " series_number, pinned_at)"
    " VALUES (:id, :kind, :status, :published_at, :year, :updated_at,"
    " :now, :version, :slug, :path, :title, :category_id, :minutes,"
    " :word_count, :language, :excerpt, :summary, :cover_path, :cover_alt,"
    " :cover_width, :cover_height, :canonical_url, :import_source,"
    " :import_hash, :contents_html, :body_html, :body, :description,"
    " :direction, :series_id, coalesce(:series_number, 100000),"
    " :pinned_at)";

/* The place of an import is kept when the desk saves. */
static const char SQL_UPDATE[] =
    "UPDATE article"
    " SET kind = :kind, status = :status, published_at = :published_at,"
    " year = :year, updated_at = :updated_at, version = :version,"
    " slug = :slug, path = :path, title = :title,"
    " category_id = :category_id, minutes = :minutes,"
    " word_count = :word_count, language = :language, excerpt = :excerpt,"
    " summary = :summary, cover_path = :cover_path, cover_alt = :cover_alt,"
    " cover_width = :cover_width, cover_height = :cover_height,"
    " canonical_url = :canonical_url,"
    " import_source = coalesce(:import_source, import_source),"
    " import_hash = coalesce(:import_hash, import_hash),"
    " contents_html = :contents_html, body_html = :body_html, body = :body,"
    " description = :description, direction = :direction,"
    " series_id = :series_id,"
    " series_number = coalesce(:series_number, 100000),"
    " pinned_at = :pinned_at"
    " WHERE id = :id";

static const char SQL_SET_PATH[] = "UPDATE article"
				   " SET path = :path"
				   " WHERE id = :id";

/* A save under way. */
struct save {
	struct database *database;
	const struct blog *blog;
	const struct article_draft *draft;
	int64_t now;
	GError **error;
	/* cleaned */
	char *title, *summary, *excerpt, *description, *language, *direction;
	char *canonical_url, *cover_path, *cover_alt;
	/* found or decided */
	int64_t id; /* 0: new */
	int64_t version;
	int64_t created_at;
	int64_t public_at; /* as it is stored; 0: not published */
	enum article_status status;
	int64_t published_at; /* 0: none */
	int64_t category_id;  /* 0: none */
	int64_t series_id;    /* 0: none */
	char *category_slug;
	char *old_path; /* NULL: new */
	char *path;
	GArray *tag_ids; /* int64_t */
};

static void
save_release(struct save *save)
{
	g_free(save->title);
	g_free(save->summary);
	g_free(save->excerpt);
	g_free(save->description);
	g_free(save->language);
	g_free(save->direction);
	g_free(save->canonical_url);
	g_free(save->cover_path);
	g_free(save->cover_alt);
	g_free(save->category_slug);
	g_free(save->old_path);
	g_free(save->path);
	g_array_unref(save->tag_ids);
}

/* ---- what a person may have got wrong ---- */

static enum status
clean_lines(struct save *save)
{
	const struct article_draft *draft = save->draft;
	const struct {
		enum article_field field;
		const char *text;
		char **out;
	} lines[] = {
		{ ARTICLE_FIELD_TITLE, draft->title, &save->title },
		{ ARTICLE_FIELD_SUMMARY, draft->summary, &save->summary },
		{ ARTICLE_FIELD_EXCERPT, draft->excerpt, &save->excerpt },
		{ ARTICLE_FIELD_DESCRIPTION, draft->description,
		    &save->description },
		{ ARTICLE_FIELD_LANGUAGE, draft->language, &save->language },
		{ ARTICLE_FIELD_DIRECTION, draft->direction, &save->direction },
		{ ARTICLE_FIELD_CANONICAL_URL, draft->canonical_url,
		    &save->canonical_url },
		{ ARTICLE_FIELD_COVER_PATH, draft->cover_path,
		    &save->cover_path },
		{ ARTICLE_FIELD_COVER_ALT, draft->cover_alt, &save->cover_alt },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		enum status status = article_clean_field(
		    lines[i].field, lines[i].text, lines[i].out, save->error);

		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

static enum status
check_texts(struct save *save)
{
	const struct article_draft *draft = save->draft;
	const char *const texts[] = { draft->body, draft->body_html,
		draft->contents_html, draft->text };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i] != NULL &&
		    !text_is_valid_utf8(texts[i], strlen(texts[i]), NULL))
			return status_fail(save->error, STATUS_INVALID,
			    "the text is not valid UTF-8");
	return STATUS_OK;
}

static enum status
check_draft(struct save *save)
{
	enum status status = clean_lines(save);
	const char *problem = NULL;

	if (status == STATUS_OK)
		status = check_texts(save);
	if (status != STATUS_OK)
		return status;
	if (*save->title == '\0')
		problem = "an article needs a title";
	else if (save->draft->slug == NULL || !text_is_slug(save->draft->slug))
		problem = "a slug is made of lower-case letters, digits and "
			  "hyphens, like \"my-first-article\"";
	else if (save->draft->status == ARTICLE_STATUS_SCHEDULED &&
		 save->draft->published_at == 0)
		problem = "a scheduled article needs its date";
	else if (save->draft->series_number < 0 ||
		 save->draft->series_number > ARTICLE_SERIES_LAST)
		problem = "a part has a number from 1 to 99999";
	return problem != NULL
		   ? status_fail(save->error, STATUS_INVALID, "%s", problem)
		   : STATUS_OK;
}

/* ---- what is there already ---- */

static enum status
read_current(struct save *save)
{
	struct statement *statement;
	enum status status;
	int64_t version;

	save->version = 1;
	save->created_at = save->now;
	save->published_at = save->draft->published_at;
	save->id = save->draft->id;
	if (save->id == 0)
		return STATUS_OK;
	statement = database_statement(save->database, SQL_CURRENT);
	statement_bind_integer(statement, ":id", save->id);
	status = statement_step(statement);
	if (status == STATUS_NOT_FOUND)
		return status_fail(
		    save->error, status, "this article is not there any more");
	if (status != STATUS_OK)
		return status;
	version = statement_integer(statement, 0);
	save->version = version + 1;
	save->old_path = statement_dup_text(statement, 1);
	if (save->published_at == 0 &&
	    save->draft->status == ARTICLE_STATUS_PUBLISHED)
		save->published_at = statement_integer(statement, 2);
	save->created_at = statement_integer(statement, 3);
	save->public_at = statement_integer(statement, 4);
	statement_reset(statement);
	if (version != save->draft->version)
		return status_fail(save->error, STATUS_CONFLICT,
		    "somebody saved this article since you opened it (version "
		    "%" PRId64 " is there, yours began from %" PRId64 ")",
		    version, save->draft->version);
	return STATUS_OK;
}

/* ---- what follows from the draft ---- */

static void
decide_status(struct save *save)
{
	save->status = save->draft->status;
	if (save->status != ARTICLE_STATUS_PUBLISHED)
		return;
	if (save->published_at == 0)
		save->published_at = save->now;
	/* What is published does not wait again: the clock went back, or its
	 * time came since `now`. */
	if (save->published_at > save->now &&
	    save->published_at != save->public_at)
		save->status = ARTICLE_STATUS_SCHEDULED;
}

static enum status
ensure_category(struct save *save)
{
	const char *name = save->draft->category;
	struct statement *statement;
	enum status status;

	if (name == NULL || *name == '\0')
		return STATUS_OK;
	status = category_ensure(save->database, name, &save->category_id);
	if (status == STATUS_INVALID)
		return status_fail(save->error, status,
		    "\"%s\" cannot be the name of a category", name);
	if (status != STATUS_OK)
		return status;
	statement = database_statement(save->database, SQL_CATEGORY_SLUG);
	statement_bind_integer(statement, ":id", save->category_id);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	save->category_slug = statement_dup_text(statement, 0);
	statement_reset(statement);
	return STATUS_OK;
}

static enum status
ensure_series(struct save *save)
{
	const char *name = save->draft->series;
	enum status status;

	if (name == NULL || *name == '\0')
		return STATUS_OK;
	status = series_ensure(save->database, name, &save->series_id);
	if (status == STATUS_INVALID)
		return status_fail(save->error, status,
		    "\"%s\" cannot be the name of a series", name);
	return status;
}

static enum status
ensure_tags(struct save *save)
{
	const char *const *names = save->draft->tags;

	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		int64_t id;
		enum status status = tag_ensure(save->database, names[i], &id);

		if (status == STATUS_INVALID)
			return status_fail(save->error, status,
			    "\"%s\" cannot be the name of a tag", names[i]);
		if (status != STATUS_OK)
			return status;
		if (article_ids_include(save->tag_ids, id))
			continue;
		if (save->tag_ids->len == ARTICLE_TAGS_MOST)
			return status_fail(save->error, STATUS_INVALID,
			    "an article has at most %d tags",
			    ARTICLE_TAGS_MOST);
		g_array_append_val(save->tag_ids, id);
	}
	return STATUS_OK;
}

/* ---- where it stands ---- */

/* Whether another article has this slug or path. */
static enum status
check_owner(
    struct save *save, const char *sql, const char *text, const char *what)
{
	struct statement *statement = database_statement(save->database, sql);
	enum status status;

	statement_bind_text(statement, ":text", text);
	status = statement_step(statement);
	if (status == STATUS_NOT_FOUND)
		return STATUS_OK;
	/* One in the trash keeps what it has, so that it can come back. */
	if (status == STATUS_OK && statement_integer(statement, 0) != save->id)
		status = status_fail(save->error, STATUS_CONFLICT,
		    "another article%s has the %s %s already",
		    statement_is_null(statement, 1) ? "" : " in the trash",
		    what, text);
	statement_reset(statement);
	return status;
}

/* Make the path, once the id is known if the pattern asks for it. */
static void
make_path(struct save *save)
{
	const struct article_draft *draft = save->draft;

	save->path = article_make_path(save->blog, draft->kind,
	    save->id != 0 ? save->id : draft->new_id, draft->slug,
	    save->published_at != 0 ? save->published_at : save->created_at,
	    save->category_slug);
}

static enum status
decide_path(struct save *save)
{
	make_path(save);
	if (strlen(save->path) > ARTICLE_PATH_SIZE)
		return status_fail(
		    save->error, STATUS_INVALID, "the address is too long");
	if (article_path_is_reserved(save->path))
		return status_fail(save->error, STATUS_INVALID,
		    "%s is an address that Byline answers itself: choose "
		    "another slug",
		    save->path);
	return check_owner(save, SQL_PATH_OWNER, save->path, "address");
}

static bool
needs_id(const struct save *save)
{
	return save->id == 0 && save->draft->new_id == 0 &&
	       save->draft->kind == ARTICLE_KIND_ARTICLE &&
	       strstr(save->blog->permalink, "{id}") != NULL;
}

/* ---- writing ---- */

static void
bind_optional(struct statement *statement, const char *name, int64_t value)
{
	if (value != 0)
		statement_bind_integer(statement, name, value);
}

static void
bind_text(struct statement *statement, const char *name, const char *text)
{
	statement_bind_text(statement, name, text != NULL ? text : "");
}

static void
bind_derived(struct statement *statement, const struct article_draft *draft)
{
	statement_bind_integer(statement, ":minutes", draft->minutes);
	statement_bind_integer(statement, ":word_count", draft->word_count);
	bind_text(statement, ":contents_html", draft->contents_html);
	bind_text(statement, ":body_html", draft->body_html);
	bind_text(statement, ":body", draft->body);
	statement_bind_text(statement, ":import_source", draft->import_source);
	statement_bind_text(statement, ":import_hash", draft->import_hash);
}

/* Write the row, at `path`. */
static enum status
write_row(struct save *save, const char *path)
{
	const struct article_draft *draft = save->draft;
	struct statement *row = database_statement(
	    save->database, save->id != 0 ? SQL_UPDATE : SQL_INSERT);
	enum status status;

	bind_derived(row, draft);
	statement_bind_text(row, ":kind", article_kind_name(draft->kind));
	statement_bind_text(row, ":status", article_status_name(save->status));
	if (save->published_at != 0) {
		int year, month, day;

		date_split(
		    save->published_at, save->blog->zone, &year, &month, &day);
		statement_bind_integer(
		    row, ":published_at", save->published_at);
		statement_bind_integer(row, ":year", year);
	}
	statement_bind_integer(row, ":updated_at",
	    draft->updated_at != 0 ? draft->updated_at : save->now);
	statement_bind_integer(row, ":version", save->version);
	statement_bind_text(row, ":slug", draft->slug);
	statement_bind_text(row, ":path", path);
	statement_bind_text(row, ":title", save->title);
	bind_optional(row, ":category_id", save->category_id);
	statement_bind_text(row, ":description", save->description);
	statement_bind_text(row, ":language", save->language);
	statement_bind_text(row, ":direction", save->direction);
	bind_optional(row, ":series_id", save->series_id);
	bind_optional(row, ":series_number", draft->series_number);
	bind_optional(row, ":pinned_at", draft->pinned_at);
	statement_bind_text(row, ":excerpt",
	    save->summary[0] != '\0' ? save->summary : save->excerpt);
	statement_bind_text(row, ":summary", save->summary);
	statement_bind_text(row, ":cover_path",
	    *save->cover_path != '\0' ? save->cover_path : NULL);
	statement_bind_text(row, ":cover_alt", save->cover_alt);
	statement_bind_integer(row, ":cover_width", draft->cover_width);
	statement_bind_integer(row, ":cover_height", draft->cover_height);
	statement_bind_text(row, ":canonical_url", save->canonical_url);
	bind_optional(row, ":id", save->id != 0 ? save->id : draft->new_id);
	if (save->id == 0)
		statement_bind_integer(row, ":now", save->now);
	status = statement_run(row);
	if (status == STATUS_OK && save->id == 0)
		save->id = database_last_id(save->database);
	return status;
}

/* A new article whose address holds its id gets it once there is one. */
static enum status
write_row_then_path(struct save *save)
{
	g_autofree char *meanwhile =
	    g_strconcat("/.new/", save->draft->slug, NULL);
	enum status status = write_row(save, meanwhile);
	struct statement *statement;

	if (status == STATUS_OK)
		status = decide_path(save);
	if (status != STATUS_OK)
		return status;
	statement = database_statement(save->database, SQL_SET_PATH);
	statement_bind_text(statement, ":path", save->path);
	statement_bind_integer(statement, ":id", save->id);
	return statement_run(statement);
}

static enum status
write_article(struct save *save)
{
	enum status status;

	if (needs_id(save))
		return write_row_then_path(save);
	status = decide_path(save);
	return status == STATUS_OK ? write_row(save, save->path) : status;
}

/* Until it is public, an old address of others that it has taken goes on
 * leading where it led: nobody could read anything there. */
static enum status
write_redirects(struct save *save)
{
	enum status status = STATUS_OK;

	if (save->status == ARTICLE_STATUS_PUBLISHED)
		status = redirect_remove(save->database, save->path);
	if (status != STATUS_OK || save->old_path == NULL ||
	    strcmp(save->old_path, save->path) == 0)
		return status;
	return redirect_keep_path(
	    save->database, save->old_path, save->id, save->now);
}

static enum status
check_all(struct save *save)
{
	enum status status = check_draft(save);

	if (status == STATUS_OK)
		status = read_current(save);
	if (status == STATUS_OK)
		status = check_owner(
		    save, SQL_SLUG_OWNER, save->draft->slug, "slug");
	if (status != STATUS_OK)
		return status;
	decide_status(save);
	status = ensure_category(save);
	if (status == STATUS_OK)
		status = ensure_series(save);
	return status == STATUS_OK ? ensure_tags(save) : status;
}

static enum status
write_all(struct save *save)
{
	enum status status = write_article(save);

	if (status == STATUS_OK)
		status = article_write_joined(save->database, ARTICLE_JOIN_TAGS,
		    save->id,
		    (const int64_t *)(const void *)save->tag_ids->data,
		    save->tag_ids->len);
	if (status == STATUS_OK)
		status = article_write_joined(save->database,
		    ARTICLE_JOIN_AUTHORS, save->id, save->draft->author_ids,
		    save->draft->author_count);
	if (status == STATUS_OK)
		status = revision_keep(
		    save->database, save->id, save->draft->saved_by, save->now);
	if (status == STATUS_OK)
		status = write_redirects(save);
	if (status == STATUS_OK)
		status = media_note_uses(
		    save->database, save->id, save->draft->body_html);
	if (status == STATUS_OK)
		status = article_index(save->database, save->id,
		    save->draft->text != NULL ? save->draft->text : "");
	return status;
}

/* In a savepoint: a category is made before the address is known, and a row
 * before an address that holds its id. */
static enum status
check_and_write(struct save *save)
{
	enum status status = database_begin_savepoint(save->database);

	if (status != STATUS_OK)
		return status;
	status = check_all(save);
	if (status == STATUS_OK)
		status = write_all(save);
	return database_end_savepoint(save->database, status);
}

enum status
article_next_id(struct database *database, int64_t *out_id)
{
	return statement_read_integer(
	    database_statement(database, SQL_NEXT_ID), out_id);
}

static struct save
new_save(struct database *database, const struct blog *blog,
    const struct article_draft *draft, int64_t now, GError **reason)
{
	g_assert(database_in_transaction(database));
	return (struct save){
		.database = database,
		.blog = blog,
		.draft = draft,
		.now = now,
		.error = reason,
		.tag_ids = g_array_new(FALSE, FALSE, sizeof(int64_t)),
	};
}

/* Whoever reads of a failure finds words, and `save` is done with. */
static void
end_save(struct save *save, enum status status, GError **error)
{
	if (*save->error != NULL)
		g_propagate_error(error, g_steal_pointer(save->error));
	else if (status != STATUS_OK)
		status_fail(error, status,
		    "the article could not be stored: %s", status_name(status));
	save_release(save);
}

enum status
article_plan_path(struct database *database, const struct blog *blog,
    const struct article_draft *draft, int64_t now, char **out_path,
    GError **error)
{
	GError *reason = NULL;
	struct save save = new_save(database, blog, draft, now, &reason);
	enum status status = read_current(&save);

	if (status == STATUS_OK) {
		decide_status(&save);
		status = ensure_category(&save);
	}
	if (status == STATUS_OK) {
		make_path(&save);
		*out_path = g_steal_pointer(&save.path);
	}
	end_save(&save, status, error);
	return status;
}

enum status
article_save(struct database *database, const struct blog *blog,
    const struct article_draft *draft, int64_t now, int64_t *out_id,
    int64_t *out_version, GError **error)
{
	GError *reason = NULL;
	struct save save = new_save(database, blog, draft, now, &reason);
	enum status status = check_and_write(&save);

	if (status == STATUS_OK && out_id != NULL)
		*out_id = save.id;
	if (status == STATUS_OK && out_version != NULL)
		*out_version = save.version;
	end_save(&save, status, error);
	return status;
}
