/*
 * test_schema.c - db/schema.sql, which people read, is what the migrations
 * make.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib.h>
#include <stdlib.h>

#include "store/database.h"

static const char SQL_SCHEMA[] =
    "SELECT sql"
    " FROM sqlite_schema"
    " WHERE sql IS NOT NULL"
    " AND name NOT IN"
    " (SELECT name FROM pragma_table_list WHERE type = 'shadow')"
    " ORDER BY rowid";

static void
test_schema_is_what_the_migrations_make(void **state)
{
	const char *source = getenv("srcdir");
	g_autofree char *path = g_build_filename(
	    source != NULL ? source : ".", "db/schema.sql", NULL);
	g_autofree char *stored = NULL;
	struct database *database = NULL;
	g_autoptr(GString) made = NULL;
	struct statement *statement;

	(void)state;
	assert_true(g_file_get_contents(path, &stored, NULL, NULL));
	assert_int_equal(
	    database_open(":memory:", DATABASE_CREATE, &database, NULL),
	    STATUS_OK);
	made = g_string_new(
	    "-- Made by db/make-schema from db/migrations: change those, not "
	    "this.\n");

	statement = database_statement(database, SQL_SCHEMA);
	while (statement_step(statement) == STATUS_OK)
		g_string_append_printf(
		    made, "\n%s;\n", statement_text(statement, 0));

	assert_string_equal(stored, made->str);
	database_close(database);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schema_is_what_the_migrations_make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
