/*
 * term_edit.c - tags, categories and series are renamed, and the first two of
 * them merged and deleted.
 *
 * What must hold: no address that readers had leads nowhere afterwards; nobody
 * takes back, without knowing, what another one has just changed; the
 * counts stay the triggers' alone, which see a row go and another one come but
 * not one that changes its tag; an article is found by the tags it has now.
 */
#include "config.h"

#include "model/term_edit.h"

#include <string.h>

#include "article_private.h"
#include "base/text.h"
#include "clean.h"
#include "model/permalink.h"
#include "model/redirect.h"
#include "store/database.h"
#include "term_private.h"

static const char SQL_TAG_AT[] = "SELECT id, name"
				 " FROM tag"
				 " WHERE slug = :slug";

static const char SQL_CATEGORY_AT[] = "SELECT id, name"
				      " FROM category"
				      " WHERE slug = :slug";

static const char SQL_SERIES_AT[] = "SELECT id, name"
				    " FROM series"
				    " WHERE slug = :slug";

static const char SQL_UPDATE_TAG[] =
    "UPDATE tag"
    " SET name = :name, slug = :slug, description = :description"
    " WHERE id = :id";

static const char SQL_UPDATE_CATEGORY[] =
    "UPDATE category"
    " SET name = :name, slug = :slug, description = :description"
    " WHERE id = :id";

static const char SQL_UPDATE_SERIES[] = "UPDATE series"
					" SET name = :name, slug = :slug"
					" WHERE id = :id";

static const char SQL_DELETE_TAG[] = "DELETE FROM tag"
				     " WHERE id = :id";

static const char SQL_DELETE_CATEGORY[] = "DELETE FROM category"
					  " WHERE id = :id";

static const char SQL_GIVE_CATEGORY[] = "UPDATE article"
					" SET category_id = :into_id"
					" WHERE category_id = :id";

static const char SQL_TAGGED[] = "SELECT article_id"
				 " FROM article_tag"
				 " WHERE tag_id = :id";

static const char SQL_INDEXED_TEXT[] = "SELECT body"
				       " FROM article_search"
				       " WHERE rowid = :id";

static const struct {
	const char *path; /* NULL: readers have no address of it */
	const char *name;
	const char *at_sql, *update_sql;
	const char *delete_sql; /* NULL: it goes by itself */
	const char *advice;     /* where another one has the name */
} KINDS[] = {
	[TERM_KIND_TAG] = { "/tags/", "tag", SQL_TAG_AT, SQL_UPDATE_TAG,
	    SQL_DELETE_TAG, "merge them instead" },
	[TERM_KIND_CATEGORY] = { "/categories/", "category", SQL_CATEGORY_AT,
	    SQL_UPDATE_CATEGORY, SQL_DELETE_CATEGORY, "merge them instead" },
	[TERM_KIND_SERIES] = { NULL, "series", SQL_SERIES_AT, SQL_UPDATE_SERIES,
	    NULL, "give that one another name first" },
};

/* ---- what follows ---- */

/* The articles that have tag `id`: GArray of int64_t. */
static enum status
list_tagged(struct database *database, int64_t id, GArray **out_ids)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct statement *statement = database_statement(database, SQL_TAGGED);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_append_integers(statement, ids);
	if (status == STATUS_OK)
		*out_ids = g_steal_pointer(&ids);
	return status;
}

/* Have the index that article `id` is in hold what it is tagged with now. Only
 * that of readers has its text; the other one takes it from its row. */
static enum status
index_again(struct database *database, int64_t id)
{
	struct statement *statement =
	    database_statement(database, SQL_INDEXED_TEXT);
	g_autofree char *text = NULL;
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status == STATUS_OK)
		text = statement_dup_text(statement, 0);
	statement_reset(statement);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	return article_index(database, id, text != NULL ? text : "");
}

static enum status
index_each(struct database *database, const GArray *ids)
{
	enum status status = STATUS_OK;

	for (guint i = 0; i < ids->len && status == STATUS_OK; i++)
		status = index_again(database, g_array_index(ids, int64_t, i));
	return status;
}

/* Readers who ask for `term` are led to where `slug` stands. One that they
 * never saw tells nothing of itself. */
static enum status
move_addresses(struct database *database, enum term_kind kind,
    const struct term *term, const char *slug, int64_t now)
{
	g_autofree char *from = g_strconcat(KINDS[kind].path, term->slug, NULL);
	g_autofree char *to = g_strconcat(KINDS[kind].path, slug, NULL);

	return redirect_move_list(
	    database, from, to, term->article_count > 0, now);
}

/* ---- changing one ---- */

/* Clean the name; says what is wrong with it. */
static enum status
clean_name(struct database *database, enum term_kind kind,
    const struct term *term, const char *text, char **out_name,
    struct term_problems *problems)
{
	g_autofree char *name = NULL;
	g_autofree char *other = NULL;
	enum status status = clean_line(text, TERM_EDIT_NAME_CHARACTERS, &name);
	int64_t id;

	if (status == STATUS_INVALID)
		problems->name = g_strdup("it is not UTF-8");
	else if (status == STATUS_TOO_LARGE)
		problems->name = g_strdup("it is longer than 100 characters");
	else if (*name == '\0')
		problems->name = g_strdup("it needs a name");
	else if (kind == TERM_KIND_TAG && strchr(name, ',') != NULL)
		problems->name = g_strdup(
		    "a comma would make it two tags where articles are "
		    "written");
	if (problems->name != NULL)
		return STATUS_OK;
	if (strcmp(name, term->name) != 0)
		status =
		    term_find_same(database, kind, name, term->id, &id, &other);
	else
		status = STATUS_NOT_FOUND;
	if (status == STATUS_OK)
		problems->name = g_strdup_printf("another %s is called %s: %s",
		    KINDS[kind].name, other, KINDS[kind].advice);
	else if (status == STATUS_NOT_FOUND)
		*out_name = g_steal_pointer(&name);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* STATUS_NOT_FOUND when `slug` is free for term `id`; STATUS_OK with the name
 * of whose it is. */
static enum status
find_holder(struct database *database, enum term_kind kind, const char *slug,
    int64_t id, char **out_name)
{
	struct statement *statement =
	    database_statement(database, KINDS[kind].at_sql);
	enum status status;

	statement_bind_text(statement, ":slug", slug);
	status = statement_step(statement);
	if (status == STATUS_OK && statement_integer(statement, 0) == id)
		status = STATUS_NOT_FOUND;
	else if (status == STATUS_OK)
		*out_name = statement_dup_text(statement, 1);
	statement_reset(statement);
	return status;
}

/* The first free slug of `name`. */
static enum status
make_slug(struct database *database, enum term_kind kind, int64_t id,
    const char *name, char **out_slug)
{
	g_autofree char *slug = term_slug(name);

	for (int number = 1; number <= TERM_SLUG_TRIES; number++) {
		g_autofree char *candidate = term_numbered_slug(slug, number);
		g_autofree char *holder = NULL;
		enum status status =
		    find_holder(database, kind, candidate, id, &holder);

		if (status == STATUS_NOT_FOUND)
			*out_slug = g_steal_pointer(&candidate);
		if (status != STATUS_OK)
			return status == STATUS_NOT_FOUND ? STATUS_OK : status;
	}
	return STATUS_CONFLICT;
}

/* The slug as typed, or that of `name` (NULL: which is wrong). */
static enum status
clean_slug(struct database *database, enum term_kind kind, int64_t id,
    const char *text, const char *name, char **out_slug,
    struct term_problems *problems)
{
	g_autofree char *line = NULL;
	g_autofree char *slug = NULL;
	g_autofree char *holder = NULL;
	enum status status = clean_line(text, TERM_EDIT_SLUG_SIZE, &line);

	if (status == STATUS_OK && *line == '\0')
		return name != NULL
			   ? make_slug(database, kind, id, name, out_slug)
			   : STATUS_OK;
	if (status == STATUS_OK)
		slug = text_slug(line, 2 * TERM_EDIT_SLUG_SIZE);
	if (status == STATUS_INVALID)
		problems->slug = g_strdup("it is not UTF-8");
	else if (slug == NULL || strlen(slug) > TERM_EDIT_SLUG_SIZE)
		problems->slug = g_strdup("it is longer than 100 bytes");
	else if (*slug == '\0')
		problems->slug = g_strdup("it has no letter or digit");
	if (problems->slug != NULL)
		return STATUS_OK;
	status = find_holder(database, kind, slug, id, &holder);
	if (status == STATUS_OK)
		problems->slug = g_strdup_printf(
		    "the %s %s has it", KINDS[kind].name, holder);
	else if (status == STATUS_NOT_FOUND)
		*out_slug = g_steal_pointer(&slug);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static void
clean_description(
    const char *text, char **out_description, struct term_problems *problems)
{
	enum status status =
	    clean_line(text, TERM_EDIT_DESCRIPTION_CHARACTERS, out_description);

	if (status != STATUS_OK)
		problems->description =
		    g_strdup(status == STATUS_INVALID
				 ? "it is not UTF-8"
				 : "it is longer than 500 characters");
}

void
term_problems_release(struct term_problems *problems)
{
	g_free(problems->name);
	g_free(problems->slug);
	g_free(problems->description);
	g_free(problems->all);
}

static enum status
store(struct database *database, enum term_kind kind, int64_t id,
    const struct term_wish *wish)
{
	struct statement *statement =
	    database_statement(database, KINDS[kind].update_sql);

	statement_bind_text(statement, ":name", wish->name);
	statement_bind_text(statement, ":slug", wish->slug);
	if (kind != TERM_KIND_SERIES)
		statement_bind_text(
		    statement, ":description", wish->description);
	statement_bind_integer(statement, ":id", id);
	return statement_run(statement);
}

/* Store what is right, and move what stands elsewhere by it. */
static enum status
apply(struct database *database, enum term_kind kind, const struct term *term,
    const struct term_wish *wish, int64_t now, int64_t *out_moved,
    GError **error)
{
	bool is_moved = strcmp(wish->slug, term->slug) != 0;
	bool is_renamed = strcmp(wish->name, term->name) != 0;
	enum status status = store(database, kind, term->id, wish);

	if (status == STATUS_OK && is_moved && KINDS[kind].path != NULL)
		status = move_addresses(database, kind, term, wish->slug, now);
	if (status == STATUS_OK && is_moved && kind == TERM_KIND_CATEGORY)
		status = permalink_apply(database, now, out_moved, error);
	if (status == STATUS_OK && is_renamed && kind == TERM_KIND_TAG) {
		g_autoptr(GArray) ids = NULL;

		status = list_tagged(database, term->id, &ids);
		if (status == STATUS_OK)
			status = index_each(database, ids);
	}
	return status;
}

static bool
is_wrong(const struct term_problems *problems)
{
	return problems->name != NULL || problems->slug != NULL ||
	       problems->description != NULL;
}

/* What to do about what was changed to something else meanwhile. */
#define SINCE " since this page was shown, so nothing was saved: save again to "

static bool
was_changed(const char *shown, const char *stored, const char *wanted)
{
	return shown != NULL && strcmp(shown, stored) != 0 &&
	       strcmp(wanted, stored) != 0;
}

/* Whether `wish` was made before somebody else changed `term`; says what. */
static bool
is_stale(const struct term *term, const struct term_wish *wish,
    struct term_problems *problems)
{
	if (was_changed(wish->shown_name, term->name, wish->name))
		problems->name = g_strdup_printf("it was renamed %s" SINCE
						 "call it what stands here",
		    term->name);
	if (was_changed(wish->shown_slug, term->slug, wish->slug))
		problems->slug = g_strdup_printf("it became %s" SINCE
						 "make it what stands here",
		    term->slug);
	if (was_changed(
		wish->shown_description, term->description, wish->description))
		problems->description =
		    *term->description == '\0'
			? g_strdup(
			      "it was emptied" SINCE "say what stands here")
			: g_strdup_printf("it became \"%s\"" SINCE
					  "say what stands here",
			      term->description);
	return is_wrong(problems);
}

static enum status
update(struct database *database, enum term_kind kind, const struct term *term,
    const struct term_wish *wish, int64_t now, int64_t *out_moved,
    struct term_problems *problems)
{
	g_autofree char *name = NULL;
	g_autofree char *slug = NULL;
	g_autofree char *description = NULL;
	g_autoptr(GError) error = NULL;
	enum status status =
	    clean_name(database, kind, term, wish->name, &name, problems);

	if (status == STATUS_OK)
		status = clean_slug(database, kind, term->id, wish->slug, name,
		    &slug, problems);
	if (status != STATUS_OK)
		return status;
	clean_description(wish->description, &description, problems);
	if (is_wrong(problems))
		return STATUS_INVALID;
	status = apply(database, kind, term,
	    &(struct term_wish){
		.name = name, .slug = slug, .description = description },
	    now, out_moved, &error);
	if (status != STATUS_INVALID && status != STATUS_CONFLICT)
		return status;
	problems->all = g_strdup(error != NULL ? error->message : "it clashes");
	return STATUS_INVALID;
}

enum status
term_edit_update(struct database *database, enum term_kind kind, int64_t id,
    const struct term_wish *wish, int64_t now, int64_t *out_moved,
    struct term_problems *problems)
{
	struct term *term;
	enum status status = term_edit_read(database, kind, id, &term);

	g_assert(database_in_transaction(database));
	if (status != STATUS_OK)
		return status;
	*out_moved = 0;
	problems->is_stale = is_stale(term, wish, problems);
	status = problems->is_stale ? STATUS_CONFLICT
				    : update(database, kind, term, wish, now,
					  out_moved, problems);
	term_free(term);
	return status;
}

/* ---- merging two ---- */

/* Tag an article with `into_id` where it had `id`, once. */
static enum status
tag_again(
    struct database *database, int64_t article_id, int64_t id, int64_t into_id)
{
	g_autoptr(GArray) tags = NULL;
	enum status status =
	    article_list_joined(database, ARTICLE_JOIN_TAGS, article_id, &tags);
	int64_t *ids;
	size_t count = 0;
	bool has_it = false;

	if (status != STATUS_OK)
		return status;
	ids = (int64_t *)(void *)tags->data;
	for (guint i = 0; i < tags->len; i++) {
		bool is_it = ids[i] == id || ids[i] == into_id;

		if (is_it && has_it)
			continue;
		has_it = has_it || is_it;
		ids[count++] = is_it ? into_id : ids[i];
	}
	return article_write_joined(
	    database, ARTICLE_JOIN_TAGS, article_id, ids, count);
}

static enum status
give_tag(struct database *database, int64_t id, int64_t into_id)
{
	g_autoptr(GArray) ids = NULL;
	enum status status = list_tagged(database, id, &ids);

	if (status != STATUS_OK)
		return status;
	for (guint i = 0; i < ids->len && status == STATUS_OK; i++)
		status = tag_again(
		    database, g_array_index(ids, int64_t, i), id, into_id);
	return status == STATUS_OK ? index_each(database, ids) : status;
}

static enum status
give_category(struct database *database, int64_t id, int64_t into_id)
{
	struct statement *statement =
	    database_statement(database, SQL_GIVE_CATEGORY);

	statement_bind_integer(statement, ":id", id);
	statement_bind_integer(statement, ":into_id", into_id);
	return statement_run(statement);
}

static enum status
delete_row(struct database *database, enum term_kind kind, int64_t id)
{
	struct statement *statement =
	    database_statement(database, KINDS[kind].delete_sql);

	statement_bind_integer(statement, ":id", id);
	return statement_run(statement);
}

static enum status
merge(struct database *database, enum term_kind kind, const struct term *term,
    const struct term *into, int64_t now, int64_t *out_moved, GError **error)
{
	enum status status = kind == TERM_KIND_TAG
				 ? give_tag(database, term->id, into->id)
				 : give_category(database, term->id, into->id);

	if (status == STATUS_OK)
		status = delete_row(database, kind, term->id);
	if (status == STATUS_OK)
		status = move_addresses(database, kind, term, into->slug, now);
	if (status == STATUS_OK && kind == TERM_KIND_CATEGORY)
		status = permalink_apply(database, now, out_moved, error);
	return status;
}

enum status
term_edit_merge(struct database *database, enum term_kind kind, int64_t id,
    int64_t into_id, int64_t now, int64_t *out_moved, GError **error)
{
	struct term *term = NULL;
	struct term *into = NULL;
	enum status status = term_edit_read(database, kind, id, &term);

	g_assert(database_in_transaction(database));
	*out_moved = 0;
	if (status == STATUS_OK)
		status = term_edit_read(database, kind, into_id, &into);
	if (status == STATUS_OK && id == into_id)
		status = status_fail(error, STATUS_INVALID, "it is the same %s",
		    KINDS[kind].name);
	if (status == STATUS_OK)
		status =
		    merge(database, kind, term, into, now, out_moved, error);
	term_free(term);
	term_free(into);
	return status;
}

/* ---- deleting one ---- */

enum status
term_edit_delete(struct database *database, enum term_kind kind, int64_t id)
{
	struct term *term;
	enum status status = term_edit_read(database, kind, id, &term);
	g_autofree char *path = NULL;

	if (status != STATUS_OK)
		return status;
	path = g_strconcat(KINDS[kind].path, term->slug, NULL);
	if (term->use_count > 0)
		status = STATUS_CONFLICT;
	if (status == STATUS_OK)
		status = redirect_forget_list(database, path);
	if (status == STATUS_OK)
		status = delete_row(database, kind, id);
	term_free(term);
	return status;
}
