/*
 * series.c - named series, made when an article is put into one.
 *
 * What must hold: one that no article is in is deleted by triggers alone, so
 * that nobody is offered the name of an empty one.
 */
#include "config.h"

#include "model/series.h"

#include "clean.h"
#include "store/database.h"
#include "term.h"

#define SERIES_COLUMNS                                                         \
	" s.id, s.slug, s.name, (SELECT count(*) FROM article"                 \
	" WHERE series_id = s.id)"

static const char SQL_NAMED[] = "SELECT id"
				" FROM series"
				" WHERE name = :name COLLATE NOCASE"
				" ORDER BY id"
				" LIMIT 1";

static const char SQL_AT_SLUG[] = "SELECT id, name"
				  " FROM series"
				  " WHERE slug = :slug";

static const char SQL_INSERT[] = "INSERT INTO series (slug, name)"
				 " VALUES (:slug, :name)";

static const char SQL_NAMES[] = "SELECT name"
				" FROM series"
				" ORDER BY name COLLATE NOCASE";

static const char SQL_READ[] = "SELECT" SERIES_COLUMNS " FROM series s"
			       " WHERE s.id = :id";

static const char SQL_LIST[] = "SELECT" SERIES_COLUMNS " FROM series s"
			       " ORDER BY s.name COLLATE NOCASE";

static const char SQL_RENAME[] = "UPDATE series"
				 " SET name = :name"
				 " WHERE id = :id";

static const struct term_table series_table = {
	.named_sql = SQL_NAMED,
	.find_sql = SQL_AT_SLUG,
	.insert_sql = SQL_INSERT,
};

enum status
series_ensure(struct database *database, const char *name, int64_t *out_id)
{
	return term_ensure(database, &series_table, name, out_id);
}

enum status
series_find(struct database *database, const char *name, int64_t *out_id)
{
	return term_find(database, &series_table, name, out_id);
}

enum status
series_list_names(struct database *database, GPtrArray **out_names)
{
	struct statement *statement = database_statement(database, SQL_NAMES);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(names, statement_dup_text(statement, 0));
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_names = g_steal_pointer(&names);
	return STATUS_OK;
}

void
series_free(struct series *series)
{
	if (series == NULL)
		return;
	g_free(series->slug);
	g_free(series->name);
	g_free(series);
}

static void
free_series(void *series)
{
	series_free(series);
}

static struct series *
series_from_row(struct statement *statement)
{
	struct series *series = g_new0(struct series, 1);

	series->id = statement_integer(statement, 0);
	series->slug = statement_dup_text(statement, 1);
	series->name = statement_dup_text(statement, 2);
	series->use_count = statement_integer(statement, 3);
	return series;
}

enum status
series_read(struct database *database, int64_t id, struct series **out_series)
{
	struct statement *statement = database_statement(database, SQL_READ);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_series = series_from_row(statement);
	statement_reset(statement);
	return status;
}

enum status
series_list(struct database *database, GPtrArray **out_series)
{
	struct statement *statement = database_statement(database, SQL_LIST);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_series);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(list, series_from_row(statement));
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_series = g_steal_pointer(&list);
	return STATUS_OK;
}

enum status
series_rename(
    struct database *database, int64_t id, const char *name, GError **error)
{
	struct statement *statement;
	g_autofree char *line = NULL;
	int64_t other;
	enum status status =
	    clean_field("name", name, TERM_NAME_CHARACTERS, &line, error);

	g_assert(database_in_transaction(database));
	if (status != STATUS_OK)
		return status;
	if (*line == '\0')
		return status_fail(
		    error, STATUS_INVALID, "a series needs a name");
	status = series_find(database, line, &other);
	if (status == STATUS_OK && other != id)
		return status_fail(error, STATUS_CONFLICT,
		    "another series is called %s", line);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	statement = database_statement(database, SQL_RENAME);
	statement_bind_text(statement, ":name", line);
	statement_bind_integer(statement, ":id", id);
	status = statement_run(statement);
	if (status == STATUS_OK && database_changes(database) == 0)
		return STATUS_NOT_FOUND;
	return status;
}
