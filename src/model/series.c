/*
 * series.c - named series, made when an article is put into one.
 *
 * What must hold: one that no article is in is deleted by triggers alone, so
 * that nobody is offered the name of an empty one.
 */
#include "config.h"

#include "model/series.h"

#include "store/database.h"
#include "term_private.h"

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
	return statement_list_texts(
	    database_statement(database, SQL_NAMES), out_names);
}
