/*
 * term_list.c - tags, categories and series as they are listed and found for an
 * editor.
 *
 * What must hold: whatever is in use by a draft or in the trash alone is listed
 * and counted too, or an editor would delete what somebody writes with.
 */
#include "config.h"

#include "model/term_edit.h"

#include <string.h>

#include "base/text.h"
#include "like.h"
#include "store/database.h"
#include "term_private.h"

#define TAG_COLUMNS                                                            \
	"SELECT t.id, t.slug, t.name, t.description, t.article_count,"         \
	" (SELECT count(*) FROM article_tag j WHERE j.tag_id = t.id)"          \
	" FROM tag t"

#define CATEGORY_COLUMNS                                                       \
	"SELECT t.id, t.slug, t.name, t.description, t.article_count,"         \
	" (SELECT count(*) FROM article a WHERE a.category_id = t.id)"         \
	" FROM category t"

#define SERIES_COLUMNS                                                         \
	"SELECT t.id, t.slug, t.name, '', 0,"                                  \
	" (SELECT count(*) FROM article a WHERE a.series_id = t.id)"           \
	" FROM series t"

#define FOUND                                                                  \
	" WHERE :text IS NULL"                                                 \
	" OR t.name LIKE :text ESCAPE '\\'"                                    \
	" OR t.slug LIKE :text ESCAPE '\\'"

#define PAGED                                                                  \
	" ORDER BY t.name COLLATE NOCASE, t.id"                                \
	" LIMIT :count OFFSET :skip"

static const char SQL_READ_TAG[] = TAG_COLUMNS " WHERE t.id = :id";
static const char SQL_READ_CATEGORY[] = CATEGORY_COLUMNS " WHERE t.id = :id";
static const char SQL_READ_SERIES[] = SERIES_COLUMNS " WHERE t.id = :id";
static const char SQL_LIST_TAGS[] = TAG_COLUMNS FOUND PAGED;
static const char SQL_LIST_CATEGORIES[] = CATEGORY_COLUMNS FOUND PAGED;
static const char SQL_LIST_SERIES[] = SERIES_COLUMNS FOUND PAGED;
static const char SQL_COUNT_TAGS[] = "SELECT count(*)"
				     " FROM tag t" FOUND;
static const char SQL_COUNT_CATEGORIES[] = "SELECT count(*)"
					   " FROM category t" FOUND;
static const char SQL_COUNT_SERIES[] = "SELECT count(*)"
				       " FROM series t" FOUND;
static const char SQL_TAG_NAMES[] = "SELECT id, name"
				    " FROM tag"
				    " WHERE id <> :id";
static const char SQL_CATEGORY_NAMES[] = "SELECT id, name"
					 " FROM category"
					 " WHERE id <> :id";
static const char SQL_SERIES_NAMES[] = "SELECT id, name"
				       " FROM series"
				       " WHERE id <> :id";

static const struct {
	const char *read, *list, *count, *names;
} SQL[] = {
	[TERM_KIND_TAG] = { SQL_READ_TAG, SQL_LIST_TAGS, SQL_COUNT_TAGS,
	    SQL_TAG_NAMES },
	[TERM_KIND_CATEGORY] = { SQL_READ_CATEGORY, SQL_LIST_CATEGORIES,
	    SQL_COUNT_CATEGORIES, SQL_CATEGORY_NAMES },
	[TERM_KIND_SERIES] = { SQL_READ_SERIES, SQL_LIST_SERIES,
	    SQL_COUNT_SERIES, SQL_SERIES_NAMES },
};

static void
free_term(void *term)
{
	term_free(term);
}

static void *
used_term_from_row(struct statement *statement)
{
	struct term *term = term_from_row(statement);

	term->use_count = statement_integer(statement, 5);
	return term;
}

enum status
term_edit_read(struct database *database, enum term_kind kind, int64_t id,
    struct term **out_term)
{
	struct statement *statement =
	    database_statement(database, SQL[kind].read);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_term = used_term_from_row(statement);
	statement_reset(statement);
	return status;
}

enum status
term_edit_list(struct database *database, enum term_kind kind, const char *text,
    int64_t page, int64_t per_page, GPtrArray **out_terms)
{
	g_autofree char *pattern = like_pattern(text);
	struct statement *statement =
	    database_statement(database, SQL[kind].list);

	statement_bind_text(statement, ":text", pattern);
	statement_bind_integer(statement, ":count", per_page);
	statement_bind_integer(statement, ":skip", (page - 1) * per_page);
	return statement_list(
	    statement, used_term_from_row, free_term, out_terms);
}

enum status
term_edit_count(struct database *database, enum term_kind kind,
    const char *text, int64_t *out_count)
{
	g_autofree char *pattern = like_pattern(text);
	struct statement *statement =
	    database_statement(database, SQL[kind].count);

	statement_bind_text(statement, ":text", pattern);
	return statement_read_integer(statement, out_count);
}

static bool
has_slug_of(const char *name, const char *slug)
{
	g_autofree char *own = term_slug(name);

	return g_strcmp0(own, slug) == 0;
}

enum status
term_find_same(struct database *database, enum term_kind kind, const char *name,
    int64_t except_id, int64_t *out_id, char **out_name)
{
	g_autofree char *slug = term_slug(name);
	struct statement *statement =
	    database_statement(database, SQL[kind].names);
	enum status status;

	statement_bind_integer(statement, ":id", except_id);
	while ((status = statement_step(statement)) == STATUS_OK) {
		const char *other = statement_text(statement, 1);

		if (!term_is_same(other, name) || !has_slug_of(other, slug))
			continue;
		*out_id = statement_integer(statement, 0);
		if (out_name != NULL)
			*out_name = g_strdup(other);
		break;
	}
	statement_reset(statement);
	return status;
}

enum status
term_edit_find(struct database *database, enum term_kind kind, const char *name,
    int64_t *out_id)
{
	g_autofree char *line = NULL;

	if (!text_is_valid_utf8(name, strlen(name), NULL))
		return STATUS_NOT_FOUND;
	line = text_normalize_line(name);
	return term_find_same(database, kind, line, 0, out_id, NULL);
}
