/*
 * author_choice.c - the authors of an article as somebody types them. See
 * author_choice.h.
 */
#include "config.h"

#include "model/author_choice.h"

#include "article_private.h"
#include "base/text.h"
#include "store/database.h"

/* What finds an author again, and nobody else. */
#define CALLED                                                                 \
	" iif(instr(u.name, ',') > 0"                                          \
	" OR EXISTS (SELECT 1 FROM author o"                                   \
	" WHERE o.name = u.name COLLATE NOCASE AND o.id <> u.id)"              \
	" OR EXISTS (SELECT 1 FROM author o"                                   \
	" WHERE o.handle = u.name AND o.id <> u.id), u.handle, u.name)"

static const char SQL_NAME[] = "SELECT" CALLED " FROM author u"
			       " WHERE u.id = :id";

static const char SQL_LIST[] = "SELECT" CALLED " FROM author u"
			       " ORDER BY u.id";

static const char SQL_BY_HANDLE[] = "SELECT id"
				    " FROM author"
				    " WHERE handle = :name";

static const char SQL_BY_NAME[] = "SELECT id"
				  " FROM author"
				  " WHERE name = :name COLLATE NOCASE"
				  " LIMIT 2";

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
	struct statement *statement = database_statement(database, SQL_LIST);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(names, statement_dup_text(statement, 0));
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_names = g_steal_pointer(&names);
	return STATUS_OK;
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

enum status
author_choice_find(
    struct database *database, const char *text, GArray *ids, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	if (g_strv_length(parts) > ARTICLE_AUTHORS_MOST)
		return status_fail(error, STATUS_INVALID,
		    "an article has at most %d authors", ARTICLE_AUTHORS_MOST);
	for (size_t i = 0; parts[i] != NULL; i++) {
		g_autofree char *name = text_normalize_line(parts[i]);
		int64_t id;
		enum status status;

		if (*name == '\0')
			continue;
		status = find_author(database, name, &id, error);
		if (status != STATUS_OK)
			return status;
		if (!article_ids_include(ids, id))
			g_array_append_val(ids, id);
	}
	return STATUS_OK;
}
