/*
 * test_migrate.c - a migration is whole or not at all, and the file as it was
 * is kept.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "base/data_file.h"
#include "fixture.h"
#include "store/migrate.h"

#define DATA_FILE(file_name, text)                                             \
	{                                                                      \
		.name = file_name, .bytes = text, .size = sizeof(text) - 1     \
	}

static const struct data_file good_files[] = {
	DATA_FILE("0001_a.sql", ""),
	DATA_FILE("9001_b.sql", "CREATE TABLE one (a INTEGER) STRICT;"
				"INSERT INTO one (a) VALUES (7);"
				"PRAGMA user_version = 9001;"),
	DATA_FILE("9002_c.sql", "ALTER TABLE one ADD COLUMN b TEXT;"
				"PRAGMA user_version = 9002;"),
};

static const struct data_file bad_files[] = {
	DATA_FILE("0001_a.sql", ""),
	DATA_FILE("9001_b.sql", "CREATE TABLE one (a INTEGER) STRICT;"
				"PRAGMA user_version = 9001;"),
	DATA_FILE("9002_c.sql", "CREATE TABLE two (a INTEGER) STRICT;"
				"INSERT INTO one (a) VALUES (7);"
				"PRAGMA user_version = 9002;"
				"INSERT INTO nowhere (a) VALUES (7);"),
};

static const struct data_file forgetful_files[] = {
	DATA_FILE("0001_a.sql", ""),
	DATA_FILE("9001_b.sql", "CREATE TABLE one (a INTEGER) STRICT;"),
};

static void
test_migrate_new_database(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	assert_int_equal(
	    migrate_current_version(database), migrate_latest_version());
	assert_true(migrate_latest_version() >= 1);

	database_close(database);
}

static void
test_migrate_again_changes_nothing(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	int64_t cookie = integer(database, "PRAGMA schema_version");

	(void)state;
	assert_int_equal(
	    migrate_database(database, ":memory:", NULL), STATUS_OK);

	assert_int_equal(integer(database, "PRAGMA schema_version"), cookie);
	database_close(database);
}

static void
test_migrate_runs_what_is_missing(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	assert_int_equal(
	    migrate_files(database, NULL, good_files, 3, NULL), STATUS_OK);

	assert_int_equal(migrate_current_version(database), 9002);
	assert_int_equal(
	    integer(database, "SELECT a FROM one WHERE b IS NULL"), 7);
	database_close(database);
}

static void
test_migrate_newer_file(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	g_autoptr(GError) error = NULL;
	enum status status;

	(void)state;
	assert_int_equal(
	    migrate_files(database, NULL, good_files, 3, NULL), STATUS_OK);

	status = migrate_files(database, NULL, good_files, 2, &error);

	assert_int_equal(status, STATUS_INVALID);
	assert_non_null(strstr(error->message, "newer"));
	assert_int_equal(migrate_current_version(database), 9002);
	database_close(database);
}

static void
test_migrate_failure_leaves_nothing_of_it(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	g_autoptr(GError) error = NULL;
	enum status status;

	(void)state;
	status = migrate_files(database, NULL, bad_files, 3, &error);

	assert_int_not_equal(status, STATUS_OK);
	assert_non_null(
	    strstr(error->message, "9002_c.sql: no such table: nowhere"));
	assert_false(database_in_transaction(database));
	assert_int_equal(migrate_current_version(database), 9001);
	assert_int_equal(integer(database, "SELECT count(*) FROM one"), 0);
	assert_int_equal(
	    integer(database,
		"SELECT count(*) FROM sqlite_schema WHERE name = 'two'"),
	    0);
	database_close(database);
}

static void
test_migrate_that_does_not_set_its_number(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	g_autoptr(GError) error = NULL;

	(void)state;
	assert_int_not_equal(
	    migrate_files(database, NULL, forgetful_files, 2, &error),
	    STATUS_OK);

	assert_non_null(strstr(error->message, "9001_b.sql: it does not set"));
	assert_int_equal(
	    migrate_current_version(database), migrate_latest_version());
	database_close(database);
}

static void
test_migrate_keeps_a_copy_before_the_first(void **state)
{
	static const char *const left[] = { ".before-9001", ".before-9001-wal",
		".before-9001-shm", "" };
	g_autofree char *directory =
	    g_dir_make_tmp("byline-store-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(directory, "byline.db", NULL);
	g_autofree char *copy = g_strconcat(path, ".before-9001", NULL);
	struct database *database = open_as(path, DATABASE_CREATE);
	struct database *before;

	(void)state;
	assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
	/* What an earlier try has left gives way to what is there now. */
	g_file_set_contents(copy, "old", 3, NULL);

	assert_int_equal(
	    migrate_files(database, path, good_files, 3, NULL), STATUS_OK);

	before = open_as(copy, DATABASE_READ);
	assert_int_equal(
	    migrate_current_version(before), migrate_latest_version());
	database_close(before);
	database_close(database);
	for (size_t i = 0; i < G_N_ELEMENTS(left); i++) {
		g_autofree char *name = g_strconcat(path, left[i], NULL);

		g_remove(name);
	}
	assert_int_equal(g_rmdir(directory), 0);
}

/* ---- what a migration makes of what is there ---- */

extern const struct data_file migration_files[];
extern const size_t migration_files_count;

/* A database at `path` as the migrations before the one called `name` make it,
 * in which `sql` has been run. */
static void
make_older(const char *path, const char *name, const char *sql)
{
	sqlite3 *handle = NULL;
	size_t i;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	for (i = 0; i < migration_files_count &&
		    strstr(migration_files[i].name, name) == NULL;
	     i++)
		assert_int_equal(sqlite3_exec(handle, migration_files[i].bytes,
				     NULL, NULL, NULL),
		    SQLITE_OK);
	assert_true(i < migration_files_count);
	assert_int_equal(
	    sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

/* The newest revision of an article says what that does; of older ones nothing
 * is known. */
static void
test_migrate_fills_newest_revisions(void **state)
{
	static const char SQL_KEPT[] =
	    "SELECT group_concat(coalesce(slug || ';' || description || ';' ||"
	    " language || ';' || direction || ';' || canonical_url || ';' ||"
	    " cover_path || ';' || cover_alt || ';' || category || ';' ||"
	    " tags || ';' || series || ';' || series_number || ';' || authors,"
	    " '-'), '|') FROM (SELECT * FROM revision"
	    " ORDER BY article_id, version)";
	static const char SQL_OLD[] =
	    "INSERT INTO author (id, handle, name, created_at,"
	    " updated_at) VALUES"
	    " (1, 'ada', 'Ada', 1, 1), (2, 'bob', 'Bob', 1, 1),"
	    " (3, 'other', 'bob', 1, 1);"
	    "INSERT INTO category (id, slug, name) VALUES (1, 'c', 'C');"
	    "INSERT INTO series (id, slug, name) VALUES (1, 's', 'S');"
	    "INSERT INTO tag (id, slug, name) VALUES (1, 'x', 'X'),"
	    " (2, 'y', 'Y');"
	    "INSERT INTO article (id, kind, status, version, slug, path,"
	    " title, updated_at, created_at, description, language, direction,"
	    " canonical_url, cover_path, cover_alt, category_id, series_id,"
	    " series_number) VALUES"
	    " (1, 'article', 'draft', 2, 'a', '/a', 'A', 1, 1, 'D', 'de',"
	    " 'rtl', 'https://example.org/', '/media/a.png', 'Alt', 1, 1, 3),"
	    " (2, 'article', 'draft', 1, 'b', '/b', 'B', 1, 1, '', '', '',"
	    " '', NULL, '', NULL, NULL, 100000);"
	    "INSERT INTO article_tag (article_id, position, tag_id) VALUES"
	    " (1, 1, 2), (1, 2, 1);"
	    "INSERT INTO article_author (article_id, position, author_id)"
	    " VALUES (1, 1, 2), (1, 2, 1);"
	    "INSERT INTO revision (article_id, version, title, summary, body,"
	    " created_at) VALUES (1, 1, 'A', '', 'Old', 1),"
	    " (1, 2, 'A', '', 'New', 1), (2, 1, 'B', '', 'Only', 1);";
	struct folder *folder = *state;
	struct database *database;
	struct statement *statement;

	make_older(folder->path, "_revision_fields.sql", SQL_OLD);
	database = open_as(folder->path, DATABASE_MIGRATE);

	statement = database_statement(database, SQL_KEPT);
	assert_int_equal(statement_step(statement), STATUS_OK);
	assert_string_equal(statement_text(statement, 0),
	    "-|a;D;de;rtl;https://example.org/;/media/a.png;Alt;C;Y, X;S;3;"
	    "bob, Ada|b;;;;;;;;;;;");
	statement_reset(statement);
	database_close(database);
}

static void
test_migrate_finds_drafts_that_are_there(void **state)
{
	static const char articles[] =
	    "INSERT INTO article (id, status, published_at, year, updated_at,"
	    " created_at, slug, path, title, excerpt, body, trashed_at)"
	    " VALUES (1, 'draft', NULL, NULL, 1, 1, 'a', '/a', 'Title', 'Ex',"
	    " 'Of *dodos*.', NULL),"
	    " (2, 'published', 1, 1970, 1, 1, 'b', '/b', 'Title', 'Ex',"
	    " 'Of dodos.', NULL),"
	    " (3, 'published', 1, 1970, 1, 1, 'c', '/c', 'Title', 'Ex',"
	    " 'Of dodos.', 1),"
	    " (4, 'scheduled', 1, 1970, 1, 1, 'd', '/d', 'Title', 'Ex',"
	    " 'Of dodos.', NULL);"
	    "INSERT INTO tag (id, slug, name)"
	    " VALUES (1, 'one', 'One'), (2, 'two', 'Two');"
	    "INSERT INTO article_tag (article_id, position, tag_id)"
	    " VALUES (1, 1, 2), (1, 2, 1), (2, 1, 1);";
	struct folder *folder = *state;
	struct database *database;

	make_older(folder->path, "_draft_search.sql", articles);
	database = open_as(folder->path, DATABASE_MIGRATE);

	/* Those two, and nothing else. */
	assert_int_equal(
	    integer(database, "SELECT sum(rowid * 100 + 1) FROM draft_search"
			      " WHERE draft_search MATCH 'dodos'"),
	    402);
	assert_int_equal(
	    integer(database, "SELECT count(*) FROM draft_search"), 2);
	assert_int_equal(
	    integer(database, "SELECT count(*) FROM draft_search"
			      " WHERE rowid = 1 AND title = 'Title'"
			      " AND excerpt = 'Ex' AND tags = 'Two One'"
			      " AND body = 'Of *dodos*.'"),
	    1);
	assert_int_equal(integer(database, "SELECT count(*) FROM draft_search"
					   " WHERE rowid = 3 AND tags = ''"),
	    1);
	database_close(database);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_migrate_new_database),
		cmocka_unit_test(test_migrate_again_changes_nothing),
		cmocka_unit_test(test_migrate_runs_what_is_missing),
		cmocka_unit_test(test_migrate_newer_file),
		cmocka_unit_test(test_migrate_failure_leaves_nothing_of_it),
		cmocka_unit_test(test_migrate_that_does_not_set_its_number),
		cmocka_unit_test(test_migrate_keeps_a_copy_before_the_first),
		WITH_FOLDER(test_migrate_fills_newest_revisions),
		WITH_FOLDER(test_migrate_finds_drafts_that_are_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
