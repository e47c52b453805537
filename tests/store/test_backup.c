/*
 * test_backup.c - a copy is whole while others write, and damage is found.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "store/database.h"

static void
test_backup_while_in_use(void **state)
{
	const struct folder *folder = *state;
	g_autofree char *copy = g_strconcat(folder->path, ".copy", NULL);
	struct database *database = open_as(folder->path, DATABASE_CREATE);
	struct database *other = open_as(folder->path, DATABASE_WRITE);
	struct database *backup;

	run(database, "UPDATE blog SET generation = 5");
	assert_int_equal(database_begin(other, true), STATUS_OK);
	run(other, "UPDATE blog SET generation = 6");

	assert_int_equal(database_backup(database, copy, NULL), STATUS_OK);

	assert_int_equal(mode_of(copy, ""), 0600);
	backup = open_as(copy, DATABASE_READ);
	assert_int_equal(integer(backup, "SELECT generation FROM blog"), 5);
	assert_int_equal(database_check(backup, true, NULL), STATUS_OK);
	database_close(backup);
	database_close(other);
	database_close(database);
}

static void
test_backup_over_a_file(void **state)
{
	const struct folder *folder = *state;
	struct database *database = open_as(folder->path, DATABASE_CREATE);
	g_autofree char *copy = g_strconcat(folder->path, ".copy", NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *content = NULL;
	enum status status;

	g_file_set_contents(copy, "mine", 4, NULL);

	status = database_backup(database, copy, &error);

	g_file_get_contents(copy, &content, NULL, NULL);
	assert_int_equal(status, STATUS_CONFLICT);
	assert_non_null(error);
	assert_string_equal(content, "mine");
	database_close(database);
}

/* It is read as it is: nobody brings it up to date, or writes into it. */
static void
test_open_copy_of_an_older_schema(void **state)
{
	const struct folder *folder = *state;
	struct database *database = open_as(folder->path, DATABASE_CREATE);
	g_autoptr(GError) error = NULL;
	int64_t version = integer(database, "PRAGMA user_version");

	run(database, "PRAGMA user_version = 3");
	database_close(database);
	assert_int_equal(
	    database_open(folder->path, DATABASE_READ, &database, NULL),
	    STATUS_INVALID);

	database = open_as(folder->path, DATABASE_COPY);

	assert_int_equal(integer(database, "PRAGMA user_version"), 3);
	assert_int_not_equal(
	    database_execute(database, "DELETE FROM tag"), STATUS_OK);
	database_close(database);
	assert_true(version > 3);
}

static void
test_check_finds_a_dangling_row(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	g_autoptr(GError) error = NULL;
	enum status status;

	(void)state;
	assert_int_equal(database_check(database, false, NULL), STATUS_OK);
	run(database, "PRAGMA foreign_keys = OFF;"
		      "INSERT INTO redirect (path, article_id, created_at)"
		      " VALUES ('/a', 99, 0)");

	status = database_check(database, false, &error);

	assert_int_equal(status, STATUS_INVALID);
	assert_non_null(strstr(error->message, "redirect"));
	database_close(database);
}

static void
test_check_finds_damage(void **state)
{
	const struct folder *folder = *state;
	struct database *database = open_as(folder->path, DATABASE_CREATE);
	g_autoptr(GError) error = NULL;
	FILE *file;
	enum status status;
	int64_t root;

	run(database, "WITH RECURSIVE n (i) AS"
		      " (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)"
		      " INSERT INTO tag (slug, name)"
		      " SELECT 'slug-' || i, 'Name ' || i FROM n");
	root = integer(
	    database, "SELECT rootpage FROM sqlite_schema WHERE name = 'tag'");
	database_close(database);
	file = fopen(folder->path, "r+b");
	fseek(file, (long)(root - 1) * 16384 + 12, SEEK_SET);
	fputs("damaged beyond what any page may hold", file);
	fclose(file);

	database = open_as(folder->path, DATABASE_READ);
	status = database_check(database, true, &error);

	assert_int_equal(status, STATUS_INVALID);
	assert_non_null(error);
	database_close(database);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(test_backup_while_in_use),
		WITH_FOLDER(test_backup_over_a_file),
		WITH_FOLDER(test_open_copy_of_an_older_schema),
		cmocka_unit_test(test_check_finds_a_dangling_row),
		WITH_FOLDER(test_check_finds_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
