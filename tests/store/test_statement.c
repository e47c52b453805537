/*
 * test_statement.c - a statement is kept, bound anew, and says how it ended.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib.h>

#include "fixture.h"
#include "store/database.h"

static void
test_statement_is_kept_and_unbound(void **state)
{
	static const char SQL[] = "SELECT :text, :number";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	struct statement *first = database_statement(database, SQL);
	struct statement *second;

	(void)state;
	statement_bind_text(first, ":text", "a");
	statement_bind_integer(first, ":number", 7);
	assert_int_equal(statement_step(first), STATUS_OK);
	assert_string_equal(statement_text(first, 0), "a");
	assert_int_equal(statement_integer(first, 1), 7);

	second = database_statement(database, SQL);

	assert_ptr_equal(first, second);
	assert_int_equal(statement_step(second), STATUS_OK);
	assert_true(statement_is_null(second, 0));
	assert_null(statement_text_or_null(second, 0));
	assert_null(statement_dup_text(second, 0));
	assert_string_equal(statement_text(second, 0), "");
	assert_int_equal(statement_step(second), STATUS_NOT_FOUND);
	database_close(database);
}

static void
test_statement_that_is_wrong(void **state)
{
	static const char SQL[] = "SELECT nothing FROM nowhere WHERE a = :a";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	struct statement *statement;

	(void)state;
	statement = database_statement(database, SQL);
	statement_bind_text(statement, ":a", "a");

	assert_int_equal(statement_step(statement), STATUS_FAILED);
	assert_int_equal(statement_run(statement), STATUS_FAILED);
	statement_reset(statement);
	database_close(database);
}

static void
test_statement_conflict(void **state)
{
	static const char SQL[] = "INSERT INTO tag (slug, name)"
				  " VALUES (:slug, 'A')";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	struct statement *statement = database_statement(database, SQL);

	(void)state;
	statement_bind_text(statement, ":slug", "a");
	assert_int_equal(statement_run(statement), STATUS_OK);
	assert_int_equal(database_last_id(database), 1);
	assert_int_equal(database_changes(database), 1);

	statement = database_statement(database, SQL);
	statement_bind_text(statement, ":slug", "a");

	assert_int_equal(statement_run(statement), STATUS_CONFLICT);
	database_close(database);
}

static void
test_statement_value_too_large_never_runs(void **state)
{
	static const char SQL[] = "INSERT INTO setting (key, value)"
				  " VALUES ('a', coalesce(:value, 'none'))";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	g_autofree char *text = g_strnfill(20000001, 'x');
	struct statement *statement;

	(void)state;
	statement = database_statement(database, SQL);
	statement_bind_text(statement, ":value", text);

	assert_int_equal(statement_run(statement), STATUS_TOO_LARGE);
	assert_int_equal(integer(database, "SELECT count(*) FROM setting"), 0);
	database_close(database);
}

static void
test_statement_bind_bytes_of_any_value(void **state)
{
	static const char SQL[] = "SELECT :some, typeof(:some), :none,"
				  " typeof(:none)";
	static const char BYTES[] = "a\0\xff\xc3";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	struct statement *statement = database_statement(database, SQL);

	(void)state;
	statement_bind_bytes(statement, ":some", BYTES, sizeof(BYTES));
	statement_bind_bytes(statement, ":none", NULL, 0);

	assert_int_equal(statement_step(statement), STATUS_OK);
	assert_int_equal(statement_size(statement, 0), sizeof(BYTES));
	assert_memory_equal(
	    statement_bytes(statement, 0), BYTES, sizeof(BYTES));
	assert_string_equal(statement_text(statement, 1), "blob");
	assert_int_equal(statement_size(statement, 2), 0);
	assert_null(statement_bytes(statement, 2));
	assert_string_equal(statement_text(statement, 3), "blob");
	statement_reset(statement);
	database_close(database);
}

static void
collect(const char *sql, void *data)
{
	g_ptr_array_add(data, (gpointer)sql);
}

static void
test_each_statement(void **state)
{
	static const char SQL[] = "SELECT 1";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	g_autoptr(GPtrArray) texts = g_ptr_array_new();

	(void)state;
	assert_int_equal(
	    statement_run(database_statement(database, SQL)), STATUS_OK);

	database_each_statement(database, collect, texts);

	assert_true(g_ptr_array_find(texts, SQL, NULL));
	database_close(database);
}

/* A row is read into an item of its own, and nothing is left behind. */
static void *
make_pair(struct statement *statement)
{
	return g_strdup_printf("%s=%d", statement_text(statement, 0),
	    (int)statement_integer(statement, 1));
}

static void
test_statement_list(void **state)
{
	static const char SQL[] = "SELECT column1, column2"
				  " FROM (VALUES ('b', 1), (NULL, 2))"
				  " WHERE column2 <= :most";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	struct statement *statement = database_statement(database, SQL);
	g_autoptr(GPtrArray) pairs = NULL;
	g_autoptr(GPtrArray) texts = NULL;
	g_autoptr(GPtrArray) none = NULL;

	(void)state;
	statement_bind_integer(statement, ":most", 2);
	assert_int_equal(
	    statement_list(statement, make_pair, g_free, &pairs), STATUS_OK);
	statement_bind_integer(statement, ":most", 1);
	assert_int_equal(statement_list_texts(statement, &texts), STATUS_OK);
	statement_bind_integer(statement, ":most", 0);
	assert_int_equal(statement_list_texts(statement, &none), STATUS_OK);

	assert_int_equal(pairs->len, 2);
	assert_string_equal(pairs->pdata[0], "b=1");
	assert_string_equal(pairs->pdata[1], "=2");
	assert_int_equal(texts->len, 1);
	assert_string_equal(texts->pdata[0], "b");
	assert_int_equal(none->len, 0);
	database_close(database);
}

static void
test_statement_integers(void **state)
{
	static const char SQL[] = "SELECT column1"
				  " FROM (VALUES (7), (-1))"
				  " WHERE column1 < :below";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	struct statement *statement = database_statement(database, SQL);
	g_autoptr(GArray) integers = g_array_new(FALSE, FALSE, sizeof(int64_t));
	int64_t first = 0;

	(void)state;
	statement_bind_integer(statement, ":below", 8);
	assert_int_equal(
	    statement_append_integers(statement, integers), STATUS_OK);
	statement_bind_integer(statement, ":below", 8);
	assert_int_equal(statement_read_integer(statement, &first), STATUS_OK);

	assert_int_equal(integers->len, 2);
	assert_int_equal(g_array_index(integers, int64_t, 1), -1);
	assert_int_equal(first, 7);
	/* What was bound is forgotten, and nothing is less than NULL. */
	assert_int_equal(
	    statement_read_integer(statement, &first), STATUS_NOT_FOUND);
	assert_int_equal(first, 7);
	database_close(database);
}

/* Where a statement fails, nothing is given. */
static void
test_statement_list_of_one_that_is_wrong(void **state)
{
	static const char SQL[] = "SELECT nothing FROM nowhere";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	struct statement *statement = database_statement(database, SQL);
	GPtrArray *texts = NULL;
	g_autoptr(GArray) integers = g_array_new(FALSE, FALSE, sizeof(int64_t));
	int64_t integer;

	(void)state;
	assert_int_equal(
	    statement_list_texts(statement, &texts), STATUS_FAILED);
	assert_int_equal(
	    statement_append_integers(statement, integers), STATUS_FAILED);
	assert_int_equal(
	    statement_read_integer(statement, &integer), STATUS_FAILED);

	assert_null(texts);
	assert_int_equal(integers->len, 0);
	database_close(database);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statement_is_kept_and_unbound),
		cmocka_unit_test(test_statement_that_is_wrong),
		cmocka_unit_test(test_statement_conflict),
		cmocka_unit_test(test_statement_value_too_large_never_runs),
		cmocka_unit_test(test_statement_bind_bytes_of_any_value),
		cmocka_unit_test(test_statement_list),
		cmocka_unit_test(test_statement_integers),
		cmocka_unit_test(test_statement_list_of_one_that_is_wrong),
		cmocka_unit_test(test_each_statement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
