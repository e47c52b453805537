/*
 * author_choice.c - the authors of an article as somebody types them. See
 * author_choice.h.
 */
#include "config.h"

#include "model/author_choice.h"

#include <string.h>

#include "article_private.h"
#include "author_private.h"
#include "base/text.h"
#include "store/database.h"

static const char SQL_NAME[] = "SELECT" AUTHOR_CALLED " FROM author u"
			       " WHERE u.id = :id";

static const char SQL_LIST[] = "SELECT" AUTHOR_CALLED " FROM author u"
			       " ORDER BY u.id";

static const char SQL_BY_HANDLE[] = "SELECT id"
				    " FROM author"
				    " WHERE handle = :name";

static const char SQL_BY_NAME[] = "SELECT id"
				  " FROM author"
				  " WHERE name = :name COLLATE NOCASE"
				  " LIMIT 2";

static const char SQL_BY_ID[] = "SELECT id"
				" FROM author"
				" WHERE id = :id";

enum status
author_choice_name(struct database *database, int64_t id, char **out_name)
{
	struct statement *statement = database_statement(database, SQL_NAME);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_name = statement_dup_text(statement, 0);
	statement_reset(statement);
	return status;
}

enum status
author_choice_list(struct database *database, GPtrArray **out_names)
{
	return statement_list_texts(
	    database_statement(database, SQL_LIST), out_names);
}

/* The one that `sql` finds by `name`; STATUS_CONFLICT when there are two. */
static enum status
find_one(struct database *database, const char *sql, const char *name,
    int64_t *out_id)
{
	struct statement *statement = database_statement(database, sql);
	enum status status, second;

	statement_bind_text(statement, ":name", name);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	*out_id = statement_integer(statement, 0);
	second = statement_step(statement);
	statement_reset(statement);
	return second == STATUS_OK          ? STATUS_CONFLICT
	       : second == STATUS_NOT_FOUND ? STATUS_OK
					    : second;
}

static enum status
find_author(struct database *database, const char *name, int64_t *out_id,
    GError **error)
{
	enum status status = find_one(database, SQL_BY_HANDLE, name, out_id);

	if (status == STATUS_NOT_FOUND)
		status = find_one(database, SQL_BY_NAME, name, out_id);
	if (status == STATUS_NOT_FOUND)
		return status_fail(error, STATUS_INVALID,
		    "there is no author called %s", name);
	if (status == STATUS_CONFLICT)
		return status_fail(error, STATUS_INVALID,
		    "several authors are called %s: please name the one you "
		    "mean by handle, as in the address of the author's page",
		    name);
	return status;
}

/* ---- what was shown ---- */

struct shown {
	char **names; /* each has an id, or there are none */
	char **ids;
};

static void
shown_init(struct shown *shown, const struct author_choice_shown *given)
{
	shown->names = g_strsplit(given != NULL ? given->names : "", ",", -1);
	shown->ids = g_strsplit(given != NULL ? given->ids : "", ",", -1);
	if (g_strv_length(shown->names) == g_strv_length(shown->ids))
		return;
	g_clear_pointer(&shown->names, g_strfreev);
	shown->names = g_new0(char *, 1);
}

static void
shown_release(struct shown *shown)
{
	g_strfreev(shown->names);
	g_strfreev(shown->ids);
}

/* Whoever was shown as `name`. STATUS_NOT_FOUND: nobody who is still there. */
static enum status
find_shown(struct database *database, const struct shown *shown,
    const char *name, int64_t *out_id)
{
	for (size_t i = 0; shown->names[i] != NULL; i++) {
		g_autofree char *other = text_normalize_line(shown->names[i]);
		struct statement *statement;
		enum status status;
		int64_t id;

		if (strcmp(other, name) != 0 ||
		    text_parse_integer(shown->ids[i], INT64_MAX, &id) !=
			STATUS_OK)
			continue;
		statement = database_statement(database, SQL_BY_ID);
		statement_bind_integer(statement, ":id", id);
		status = statement_step(statement);
		statement_reset(statement);
		if (status == STATUS_OK)
			*out_id = id;
		return status;
	}
	return STATUS_NOT_FOUND;
}

char *
author_choice_join(const GArray *ids)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < ids->len; i++)
		g_string_append_printf(text, "%s%" G_GINT64_FORMAT,
		    i > 0 ? "," : "", g_array_index(ids, int64_t, i));
	return g_string_free(text, FALSE);
}

/* ---- what was typed ---- */

/* Append whoever is called `name`. */
static enum status
append_author(struct database *database, const struct shown *shown,
    const char *name, GArray *ids, GError **error)
{
	int64_t id;
	enum status status = find_shown(database, shown, name, &id);

	if (status == STATUS_NOT_FOUND)
		status = find_author(database, name, &id, error);
	if (status == STATUS_OK && !article_ids_include(ids, id))
		g_array_append_val(ids, id);
	return status;
}

enum status
author_choice_find(struct database *database, const char *text,
    const struct author_choice_shown *given, GArray *ids, GError **error)
{
	struct shown shown;
	enum status status = STATUS_OK;
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	if (g_strv_length(parts) > ARTICLE_AUTHORS_MOST)
		return status_fail(error, STATUS_INVALID,
		    "an article has at most %d authors", ARTICLE_AUTHORS_MOST);
	shown_init(&shown, given);
	for (size_t i = 0; status == STATUS_OK && parts[i] != NULL; i++) {
		g_autofree char *name = text_normalize_line(parts[i]);

		if (*name != '\0')
			status =
			    append_author(database, &shown, name, ids, error);
	}
	shown_release(&shown);
	return status;
}
