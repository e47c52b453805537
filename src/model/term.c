/*
 * term.c - the slugs of names, and tables of what has both.
 *
 * What must hold: two names that mean different things never share a slug
 * silently, and one thing written in two ways does.
 */
#include "config.h"

#include "model/term.h"

#include <string.h>

#include "base/text.h"
#include "clean.h"
#include "store/database.h"
#include "term_private.h"

char *
term_slug(const char *name)
{
	g_autofree char *slug = NULL;
	GString *points;

	if (*name == '\0')
		return NULL;
	slug = text_slug(name, TERM_SLUG_SIZE);
	if (*slug != '\0')
		return g_steal_pointer(&slug);
	points = g_string_new("u");
	for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar point = g_utf8_get_char(at);

		if (g_unichar_isspace(point))
			continue;
		if (points->len + 8 > TERM_SLUG_SIZE)
			break;
		g_string_append_printf(points, "-%x", (unsigned)point);
	}
	return g_string_free(points, FALSE);
}

static bool
is_separator(gunichar point)
{
	switch (g_unichar_type(point)) {
	case G_UNICODE_SPACE_SEPARATOR:
	case G_UNICODE_DASH_PUNCTUATION:
	case G_UNICODE_CONNECT_PUNCTUATION:
	case G_UNICODE_INITIAL_PUNCTUATION:
	case G_UNICODE_FINAL_PUNCTUATION:
		return true;
	default:
		return point < 0x80 && strchr(".,:;/'\"", (int)point) != NULL;
	}
}

/* What remains of a name when only its meaning counts. */
static char *
essence(const char *name)
{
	g_autofree char *composed =
	    g_utf8_normalize(name, -1, G_NORMALIZE_NFKC);
	g_autofree char *folded = g_utf8_casefold(composed, -1);
	GString *rest = g_string_new(NULL);

	for (const char *at = folded; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar point = g_utf8_get_char(at);

		if (!is_separator(point))
			g_string_append_unichar(rest, point);
	}
	return g_string_free(rest, FALSE);
}

bool
term_is_same(const char *left, const char *right)
{
	g_autofree char *left_essence = essence(left);
	g_autofree char *right_essence = essence(right);

	return strcmp(left_essence, right_essence) == 0;
}

char *
term_numbered_slug(const char *slug, int number)
{
	if (number == 1)
		return g_strdup(slug);
	return g_strdup_printf("%s-%d", slug, number);
}

/* The id of the term called `name`, whose slug may be that of a former name. */
static enum status
find_named(struct database *database, const struct term_table *table,
    const char *name, int64_t *out_id)
{
	struct statement *statement =
	    database_statement(database, table->named_sql);

	statement_bind_text(statement, ":name", name);
	return statement_read_integer(statement, out_id);
}

/* The id of the term with `slug` if it means the same as `name`: NOT_FOUND when
 * the slug is free, CONFLICT when it is another's. */
static enum status
find_same(struct database *database, const struct term_table *table,
    const char *slug, const char *name, int64_t *out_id)
{
	struct statement *statement =
	    database_statement(database, table->find_sql);
	enum status status;

	statement_bind_text(statement, ":slug", slug);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	if (term_is_same(statement_text(statement, 1), name))
		*out_id = statement_integer(statement, 0);
	else
		status = STATUS_CONFLICT;
	statement_reset(statement);
	return status;
}

static enum status
insert(struct database *database, const struct term_table *table,
    const char *slug, const char *name, int64_t *out_id)
{
	struct statement *statement =
	    database_statement(database, table->insert_sql);
	enum status status;

	statement_bind_text(statement, ":slug", slug);
	statement_bind_text(statement, ":name", name);
	status = statement_run(statement);
	if (status == STATUS_OK)
		*out_id = database_last_id(database);
	return status;
}

/* Look for a term called `name`; where there is none, the first slug that is
 * free for it is in `out_slug`. */
static enum status
look_for(struct database *database, const struct term_table *table,
    const char *name, int64_t *out_id, char **out_slug)
{
	g_autofree char *slug = term_slug(name);
	enum status found = find_named(database, table, name, out_id);

	if (found != STATUS_NOT_FOUND)
		return found;
	for (int number = 1; number <= TERM_SLUG_TRIES; number++) {
		g_autofree char *candidate = term_numbered_slug(slug, number);
		enum status status =
		    find_same(database, table, candidate, name, out_id);

		if (status == STATUS_NOT_FOUND)
			*out_slug = g_steal_pointer(&candidate);
		if (status != STATUS_CONFLICT)
			return status;
	}
	return STATUS_CONFLICT;
}

/* `name` as it is stored. STATUS_INVALID. */
static enum status
clean_name(const char *name, char **out_line)
{
	g_autofree char *line = NULL;

	if (clean_line(name, TERM_NAME_CHARACTERS, &line) != STATUS_OK ||
	    *line == '\0')
		return STATUS_INVALID;
	*out_line = g_steal_pointer(&line);
	return STATUS_OK;
}

enum status
term_ensure(struct database *database, const struct term_table *table,
    const char *name, int64_t *out_id)
{
	g_autofree char *line = NULL;
	g_autofree char *slug = NULL;
	enum status status = clean_name(name, &line);

	if (status == STATUS_OK)
		status = look_for(database, table, line, out_id, &slug);
	return status == STATUS_NOT_FOUND
		   ? insert(database, table, slug, line, out_id)
		   : status;
}

enum status
term_find(struct database *database, const struct term_table *table,
    const char *name, int64_t *out_id)
{
	g_autofree char *line = NULL;
	g_autofree char *slug = NULL;
	enum status status = clean_name(name, &line);

	return status == STATUS_OK
		   ? look_for(database, table, line, out_id, &slug)
		   : STATUS_NOT_FOUND;
}

void
term_free(struct term *term)
{
	if (term == NULL)
		return;
	g_free(term->slug);
	g_free(term->name);
	g_free(term->description);
	g_free(term);
}

static void
free_term(void *term)
{
	term_free(term);
}

void *
term_from_row(struct statement *statement)
{
	struct term *term = g_new0(struct term, 1);

	term->id = statement_integer(statement, 0);
	term->slug = statement_dup_text(statement, 1);
	term->name = statement_dup_text(statement, 2);
	term->description = statement_dup_text(statement, 3);
	term->article_count = statement_integer(statement, 4);
	return term;
}

enum status
term_list_rows(struct statement *statement, GPtrArray **out_terms)
{
	return statement_list(statement, term_from_row, free_term, out_terms);
}

enum status
term_read(struct database *database, const struct term_table *table,
    const char *slug, struct term **out_term)
{
	struct statement *statement =
	    database_statement(database, table->read_sql);
	enum status status;

	statement_bind_text(statement, ":slug", slug);
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_term = term_from_row(statement);
	statement_reset(statement);
	return status;
}

enum status
term_list_used(struct database *database, const struct term_table *table,
    GPtrArray **out_terms)
{
	return term_list_rows(
	    database_statement(database, table->list_used_sql), out_terms);
}
