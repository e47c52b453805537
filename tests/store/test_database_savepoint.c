/*
 * test_database_savepoint.c - a part of a transaction is undone alone, and what
 * it holds with it.
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
run_part(struct database *database, const char *sql, enum status status)
{
	assert_int_equal(database_begin_savepoint(database), STATUS_OK);
	run(database, sql);
	assert_int_equal(database_end_savepoint(database, status), status);
}

static void
test_savepoint_keeps_or_undoes_its_own_changes(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	assert_int_equal(database_begin(database, true), STATUS_OK);
	run(database, "INSERT INTO tag (slug, name) VALUES ('a', 'A')");

	run_part(database, "INSERT INTO tag (slug, name) VALUES ('b', 'B')",
	    STATUS_OK);
	run_part(database, "INSERT INTO tag (slug, name) VALUES ('c', 'C')",
	    STATUS_INVALID);
	assert_int_equal(database_commit(database), STATUS_OK);

	assert_int_equal(integer(database, "SELECT count(*) FROM tag"), 2);
	assert_int_equal(
	    integer(database, "SELECT count(*) FROM tag WHERE slug = 'c'"), 0);
	database_close(database);
}

static void
test_savepoint_undone_takes_the_inner_ones_along(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	assert_int_equal(database_begin(database, true), STATUS_OK);

	assert_int_equal(database_begin_savepoint(database), STATUS_OK);
	run_part(database, "INSERT INTO tag (slug, name) VALUES ('a', 'A')",
	    STATUS_OK);
	run_part(database, "INSERT INTO tag (slug, name) VALUES ('b', 'B')",
	    STATUS_CONFLICT);
	assert_int_equal(integer(database, "SELECT count(*) FROM tag"), 1);
	assert_int_equal(
	    database_end_savepoint(database, STATUS_INVALID), STATUS_INVALID);

	assert_true(database_in_transaction(database));
	assert_int_equal(integer(database, "SELECT count(*) FROM tag"), 0);
	assert_int_equal(database_commit(database), STATUS_OK);
	database_close(database);
}

static void
test_savepoint_is_undone_after_the_deadline(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	assert_int_equal(database_begin(database, true), STATUS_OK);
	assert_int_equal(database_begin_savepoint(database), STATUS_OK);
	run(database, "INSERT INTO tag (slug, name) VALUES ('a', 'A')");
	database_set_deadline(database, 1);
	g_usleep(2000);

	assert_int_equal(
	    database_end_savepoint(database, STATUS_BUSY), STATUS_BUSY);

	database_set_deadline(database, 0);
	assert_int_equal(integer(database, "SELECT count(*) FROM tag"), 0);
	database_close(database);
}

static void
test_savepoint_of_a_transaction_that_has_ended(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	assert_int_equal(database_begin(database, true), STATUS_OK);
	assert_int_equal(database_begin_savepoint(database), STATUS_OK);
	database_rollback(database);

	assert_int_equal(database_end_savepoint(database, STATUS_TOO_LARGE),
	    STATUS_TOO_LARGE);

	database_close(database);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_savepoint_keeps_or_undoes_its_own_changes),
		cmocka_unit_test(
		    test_savepoint_undone_takes_the_inner_ones_along),
		cmocka_unit_test(test_savepoint_is_undone_after_the_deadline),
		cmocka_unit_test(
		    test_savepoint_of_a_transaction_that_has_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
