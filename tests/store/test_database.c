/*
 * test_database.c - the database opens the one safe way or says why not, and
 * its transactions keep their word.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/store/database_private.h"
#include "fixture.h"
#include "store/database.h"
#include "store/migrate.h"

static void
make_database(const char *path)
{
	database_close(open_as(path, DATABASE_CREATE));
}

/* Open `path`, which must fail with `status` and a message that holds `word`.
 */
static void
assert_refused(const char *path, enum database_mode mode, enum status status,
    const char *word)
{
	struct database *database = NULL;
	g_autoptr(GError) error = NULL;
	enum status found = database_open(path, mode, &database, &error);

	assert_null(database);
	assert_string_equal(status_name(found), status_name(status));
	assert_non_null(error);
	if (strstr(error->message, word) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error->message, word);
}

/* ---- settings: requirement 60 ---- */

static const struct {
	const char *sql;
	int64_t value;
} expected_pragmas[] = {
	{ "PRAGMA synchronous", 2 },
	{ "PRAGMA foreign_keys", 1 },
	{ "PRAGMA trusted_schema", 0 },
	{ "PRAGMA cell_size_check", 1 },
	{ "PRAGMA busy_timeout", 5000 },
	{ "PRAGMA temp_store", 2 },
	{ "PRAGMA cache_size", -1536 },
	{ "PRAGMA page_size", 16384 },
};

static const struct {
	int option;
	int value;
} expected_options[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
	{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_DQS_DML, 0 },
	{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
	{ SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
};

static const struct {
	int limit;
	int value;
} expected_limits[] = {
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LENGTH, 20000000 },
	{ SQLITE_LIMIT_SQL_LENGTH, 100000 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 999 },
};

static void
assert_settings(struct database *database, bool is_query_only)
{
	sqlite3 *handle = database->handle;

	for (size_t i = 0; i < G_N_ELEMENTS(expected_pragmas); i++)
		assert_int_equal(integer(database, expected_pragmas[i].sql),
		    expected_pragmas[i].value);
	for (size_t i = 0; i < G_N_ELEMENTS(expected_options); i++) {
		int value = -1;

		assert_int_equal(sqlite3_db_config(handle,
				     expected_options[i].option, -1, &value),
		    SQLITE_OK);
		assert_int_equal(value, expected_options[i].value);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(expected_limits); i++)
		assert_int_equal(
		    sqlite3_limit(handle, expected_limits[i].limit, -1),
		    expected_limits[i].value);
	assert_int_equal(integer(database, "PRAGMA query_only"), is_query_only);
}

static void
test_open_sets_everything_in_each_mode(void **state)
{
	static const enum database_mode modes[] = { DATABASE_CREATE,
		DATABASE_MIGRATE, DATABASE_WRITE, DATABASE_READ };
	const struct folder *folder = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
		struct database *database = open_as(folder->path, modes[i]);

		assert_settings(database, modes[i] == DATABASE_READ);
		assert_int_equal(integer(database, "PRAGMA mmap_size"), 0);

		database_close(database);
	}
}

static void
test_open_in_memory_sets_everything(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	assert_settings(database, false);
	assert_int_equal(
	    integer(database, "PRAGMA user_version"), migrate_latest_version());

	database_close(database);
}

static void
test_open_forbids_what_an_injection_would_use(void **state)
{
	static const char *const forbidden[] = {
		"ATTACH ':memory:' AS other",
		"SELECT load_extension('x')",
		"SELECT \"no such column\"",
		"PRAGMA writable_schema = ON;"
		"UPDATE sqlite_schema SET sql = ''",
		"DELETE FROM article_search_data",
	};
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(forbidden); i++)
		if (store_execute(database, forbidden[i]) == STATUS_OK)
			fail_msg("allowed: %s", forbidden[i]);

	database_close(database);
}

static bool
has_journal(struct database *database, const char *name)
{
	struct statement *statement =
	    database_statement(database, "PRAGMA journal_mode");
	bool is_same;

	assert_int_equal(statement_step(statement), STATUS_OK);
	is_same = strcmp(statement_text(statement, 0), name) == 0;
	statement_reset(statement);
	return is_same;
}

static void
test_open_uses_wal_and_private_files(void **state)
{
	const struct folder *folder = *state;
	mode_t mask = umask(0);
	struct database *database;

	database = open_as(folder->path, DATABASE_CREATE);
	run(database, "UPDATE blog SET generation = 7");

	umask(mask);
	assert_true(has_journal(database, "wal"));
	assert_int_equal(mode_of(folder->path, ""), 0600);
	assert_int_equal(mode_of(folder->path, "-wal"), 0600);
	assert_int_equal(mode_of(folder->path, "-shm"), 0600);
	database_close(database);
}

static void
test_open_without_shared_memory_uses_a_rollback_journal(void **state)
{
	const struct folder *folder = *state;
	struct database *database;
	bool is_rollback;
	int64_t generation;

	make_database(folder->path);

	/* This one has no shared memory, as on a network's file system. */
	sqlite3_vfs_register(sqlite3_vfs_find("unix-dotfile"), 1);
	database = open_as(folder->path, DATABASE_WRITE);
	is_rollback = has_journal(database, "delete");
	run(database, "UPDATE blog SET generation = 7");
	database_close(database);
	database = open_as(folder->path, DATABASE_READ);
	generation = integer(database, "SELECT generation FROM blog");
	database_close(database);

	assert_true(is_rollback);
	assert_int_equal(generation, 7);
}

/* ---- what cannot be opened ---- */

static void
test_open_missing_file(void **state)
{
	const struct folder *folder = *state;

	assert_refused(
	    folder->path, DATABASE_READ, STATUS_NOT_FOUND, "a backup there");
	assert_refused(
	    folder->path, DATABASE_WRITE, STATUS_NOT_FOUND, "a backup there");
	assert_refused(
	    folder->path, DATABASE_MIGRATE, STATUS_NOT_FOUND, "a backup there");
	assert_false(g_file_test(folder->path, G_FILE_TEST_EXISTS));
}

static void
test_create_in_missing_directory(void **state)
{
	(void)state;
	assert_refused("/nowhere/at/all/byline.db", DATABASE_CREATE,
	    STATUS_NOT_FOUND, "No such file");
}

static void
test_open_garbage(void **state)
{
	const struct folder *folder = *state;
	g_autofree char *garbage = g_strnfill(8192, 'x');

	g_file_set_contents(folder->path, garbage, 8192, NULL);

	assert_refused(
	    folder->path, DATABASE_READ, STATUS_INVALID, "not a database");
	assert_refused(
	    folder->path, DATABASE_WRITE, STATUS_INVALID, "not a database");
	assert_refused(
	    folder->path, DATABASE_CREATE, STATUS_INVALID, "not a database");
}

static void
test_open_truncated_file(void **state)
{
	const struct folder *folder = *state;

	make_database(folder->path);
	assert_int_equal(truncate(folder->path, 3 * 16384), 0);

	assert_refused(folder->path, DATABASE_READ, STATUS_INVALID, ".recover");
	assert_refused(
	    folder->path, DATABASE_WRITE, STATUS_INVALID, ".recover");
}

static void
test_open_newer_file(void **state)
{
	const struct folder *folder = *state;
	struct database *database = open_as(folder->path, DATABASE_CREATE);

	run(database, "PRAGMA user_version = 9999");
	database_close(database);

	assert_refused(
	    folder->path, DATABASE_READ, STATUS_INVALID, "newer Byline");
	assert_refused(
	    folder->path, DATABASE_CREATE, STATUS_INVALID, "newer Byline");
}

static void
test_open_empty_file(void **state)
{
	static const enum database_mode modes[] = { DATABASE_READ,
		DATABASE_WRITE, DATABASE_MIGRATE };
	const struct folder *folder = *state;

	g_file_set_contents(folder->path, "", 0, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(modes); i++)
		assert_refused(
		    folder->path, modes[i], STATUS_INVALID, "a backup");

	make_database(folder->path);
	database_close(open_as(folder->path, DATABASE_READ));
}

static void
test_open_older_file(void **state)
{
	const struct folder *folder = *state;
	struct database *database = open_as(folder->path, DATABASE_CREATE);

	run(database, "PRAGMA user_version = 0");
	database_close(database);

	assert_refused(
	    folder->path, DATABASE_READ, STATUS_INVALID, "byline check");
	assert_refused(
	    folder->path, DATABASE_WRITE, STATUS_INVALID, "byline check");
	/* It tries: these tables are there already. */
	assert_refused(folder->path, DATABASE_MIGRATE, STATUS_FAILED,
	    "could not be brought up to date");
}

static void
test_open_database_of_another_program(void **state)
{
	const struct folder *folder = *state;
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(folder->path, &handle), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(handle, "CREATE TABLE cookies (a)", NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(handle);

	assert_refused(
	    folder->path, DATABASE_CREATE, STATUS_INVALID, "another program");
}

static void
test_open_directory(void **state)
{
	const struct folder *folder = *state;

	assert_refused(
	    folder->directory, DATABASE_READ, STATUS_INVALID, "not a file");
}

/*
 * What an ordinary user finds in `folder`; root passes every right by. `act`
 * returns the line that was wrong, or 0; this one -1 where nobody can be made
 * an ordinary user.
 */
static int
as_ordinary_user(
    const struct folder *folder, int (*act)(const struct folder *folder))
{
	uid_t user = geteuid();
	int line;

	if (user == 0 && seteuid(65534) < 0)
		return -1;
	line = act(folder);
	assert_int_equal(seteuid(user), 0);
	return line;
}

#define expect(condition)                                                      \
	do {                                                                   \
		if (!(condition))                                              \
			return __LINE__;                                       \
	} while (0)

static int
read_unreadable(const struct folder *folder)
{
	struct database *database;
	g_autoptr(GError) error = NULL;

	expect(database_open(folder->path, DATABASE_READ, &database, &error) ==
	       STATUS_FORBIDDEN);
	expect(strstr(error->message, "Permission denied") != NULL);
	return 0;
}

static void
test_open_without_rights(void **state)
{
	const struct folder *folder = *state;
	int line;

	make_database(folder->path);
	assert_int_equal(chmod(folder->directory, 0755), 0);
	assert_int_equal(chmod(folder->path, 0000), 0);

	line = as_ordinary_user(folder, read_unreadable);

	if (line < 0)
		skip();
	assert_int_equal(line, 0);
}

static int
use_read_only(const struct folder *folder)
{
	g_autoptr(GError) error = NULL;
	struct database *database;
	enum status status;

	expect(database_open(folder->path, DATABASE_WRITE, &database, &error) ==
	       STATUS_FORBIDDEN);
	expect(strstr(error->message, "cannot be written") != NULL);
	g_clear_error(&error);
	expect(database_open(folder->path, DATABASE_READ, &database, &error) ==
	       STATUS_OK);
	status = database_begin(database, false);
	database_close(database);
	expect(status == STATUS_OK);
	return 0;
}

static void
test_open_read_only_file(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	const struct folder *folder = *state;
	struct database *server;
	int line;

	make_database(folder->path);
	/* The log and the shared memory of a server that runs. */
	server = open_as(folder->path, DATABASE_WRITE);
	run(server, "UPDATE blog SET generation = 7");
	for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		g_autofree char *path =
		    g_strconcat(folder->path, suffixes[i], NULL);

		assert_int_equal(chmod(path, 0444), 0);
	}
	assert_int_equal(chmod(folder->directory, 0555), 0);

	line = as_ordinary_user(folder, use_read_only);

	assert_int_equal(chmod(folder->directory, 0755), 0);
	database_close(server);
	if (line < 0)
		skip();
	assert_int_equal(line, 0);
}

/* ---- transactions ---- */

static void
test_begin_write_while_another_writes(void **state)
{
	const struct folder *folder = *state;
	struct database *first = open_as(folder->path, DATABASE_CREATE);
	struct database *second = open_as(folder->path, DATABASE_WRITE);
	enum status busy, again;
	bool has_begun;

	assert_int_equal(database_begin(first, true), STATUS_OK);
	database_set_deadline(second, 30);

	busy = database_begin(second, true);
	has_begun = database_in_transaction(second);
	database_rollback(first);
	again = database_begin(second, true);

	assert_int_equal(busy, STATUS_BUSY);
	assert_false(has_begun);
	assert_int_equal(again, STATUS_OK);
	database_close(first);
	database_close(second);
}

static void
test_begin_read_while_another_holds_it_exclusively(void **state)
{
	const struct folder *folder = *state;
	struct database *reader = NULL;
	struct database *writer;

	make_database(folder->path);
	reader = open_as(folder->path, DATABASE_READ);
	writer = open_as(folder->path, DATABASE_WRITE);
	run(writer, "BEGIN EXCLUSIVE");

	/* In WAL mode even that keeps no reader waiting. */
	assert_int_equal(database_begin(reader, false), STATUS_OK);
	assert_int_equal(integer(reader, "SELECT generation FROM blog"),
	    integer(writer, "SELECT generation FROM blog"));

	database_close(writer);
	database_close(reader);
}

static void
test_begin_read_fixes_the_snapshot(void **state)
{
	const struct folder *folder = *state;
	struct database *writer = open_as(folder->path, DATABASE_CREATE);
	struct database *reader = open_as(folder->path, DATABASE_READ);
	int64_t inside, after;

	run(writer, "UPDATE blog SET generation = 5");
	assert_int_equal(database_begin(reader, false), STATUS_OK);

	/* After the beginning, and before anything was read. */
	run(writer, "UPDATE blog SET generation = 6");
	inside = integer(reader, "SELECT generation FROM blog");
	assert_int_equal(database_commit(reader), STATUS_OK);
	after = integer(reader, "SELECT generation FROM blog");

	assert_int_equal(inside, 5);
	assert_int_equal(after, 6);
	database_close(reader);
	database_close(writer);
}

static void
test_commit_and_rollback(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	assert_int_equal(database_begin(database, true), STATUS_OK);
	assert_true(database_in_transaction(database));
	run(database, "UPDATE blog SET generation = 5");
	assert_int_equal(database_commit(database), STATUS_OK);
	assert_int_equal(database_begin(database, true), STATUS_OK);
	run(database, "UPDATE blog SET generation = 6");
	database_rollback(database);
	database_rollback(database);

	assert_false(database_in_transaction(database));
	assert_int_equal(integer(database, "SELECT generation FROM blog"), 5);
	database_close(database);
}

static void
test_write_in_read_mode(void **state)
{
	const struct folder *folder = *state;
	struct database *database;
	enum status status;

	make_database(folder->path);
	database = open_as(folder->path, DATABASE_READ);

	status = database_execute(database, "UPDATE blog SET generation = 5");

	assert_int_equal(status, STATUS_FORBIDDEN);
	database_close(database);
}

static void
test_write_to_full_disk(void **state)
{
	static const char SQL[] = "INSERT INTO setting (key, value)"
				  " VALUES ('large', :value)";
	const struct folder *folder = *state;
	struct database *database = open_as(folder->path, DATABASE_CREATE);
	int64_t pages = integer(database, "PRAGMA page_count");
	g_autofree char *text = g_strnfill(300000, 'x');
	struct statement *statement;
	enum status full;

	run(database, "PRAGMA max_page_count = 1");
	assert_int_equal(integer(database, "PRAGMA max_page_count"), pages);

	assert_int_equal(database_begin(database, true), STATUS_OK);
	statement = database_statement(database, SQL);
	statement_bind_text(statement, ":value", text);
	full = statement_run(statement);
	database_rollback(database);

	/* With space again, it works again. */
	run(database, "PRAGMA max_page_count = 100000");
	statement = database_statement(database, SQL);
	statement_bind_text(statement, ":value", text);
	assert_int_equal(statement_run(statement), STATUS_OK);
	assert_int_equal(full, STATUS_TOO_LARGE);
	assert_int_equal(database_check(database, true, NULL), STATUS_OK);
	database_close(database);
}

static void
test_deadline_ends_a_statement(void **state)
{
	static const char SQL[] = "WITH RECURSIVE n (i) AS"
				  " (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
				  " SELECT max(i) FROM n";
	struct database *database = open_as(":memory:", DATABASE_CREATE);
	enum status status;

	(void)state;
	database_set_deadline(database, 20);

	status = statement_run(database_statement(database, SQL));
	database_set_deadline(database, 0);

	assert_int_equal(status, STATUS_BUSY);
	assert_int_equal(integer(database, "SELECT 1"), 1);
	assert_int_equal(integer(database, "PRAGMA busy_timeout"), 5000);
	database_close(database);
}

static void
test_rollback_after_the_deadline(void **state)
{
	struct database *database = open_as(":memory:", DATABASE_CREATE);

	(void)state;
	assert_int_equal(database_begin(database, true), STATUS_OK);
	database_set_deadline(database, 1);
	g_usleep(2000);

	database_rollback(database);

	assert_false(database_in_transaction(database));
	database_close(database);
}

/* ---- changes ---- */

static void
test_has_changed(void **state)
{
	const struct folder *folder = *state;
	struct database *writer = open_as(folder->path, DATABASE_CREATE);
	struct database *reader = open_as(folder->path, DATABASE_READ);

	assert_false(database_has_changed(reader));
	run(writer, "UPDATE blog SET generation = 5");
	assert_true(database_has_changed(reader));
	assert_false(database_has_changed(reader));
	/* One's own changes count too. */
	assert_true(database_has_changed(writer));
	assert_false(database_has_changed(writer));

	database_close(reader);
	database_close(writer);
}

static void
test_has_changed_inside_a_snapshot(void **state)
{
	const struct folder *folder = *state;
	struct database *writer = open_as(folder->path, DATABASE_CREATE);
	struct database *reader = open_as(folder->path, DATABASE_READ);

	assert_int_equal(database_begin(reader, false), STATUS_OK);
	run(writer, "UPDATE blog SET generation = 5");

	assert_false(database_has_changed(reader));
	assert_int_equal(database_commit(reader), STATUS_OK);
	assert_int_equal(database_begin(reader, false), STATUS_OK);
	assert_true(database_has_changed(reader));

	database_close(reader);
	database_close(writer);
}

static void
test_replaced_file_is_noticed_and_not_written(void **state)
{
	const struct folder *folder = *state;
	struct database *database = open_as(folder->path, DATABASE_CREATE);
	g_autofree char *other = g_strconcat(folder->path, ".other", NULL);

	make_database(other);
	assert_false(database_is_replaced(database));
	assert_int_equal(database_begin(database, true), STATUS_OK);
	run(database, "UPDATE blog SET generation = 5");

	assert_int_equal(g_rename(other, folder->path), 0);

	assert_true(database_is_replaced(database));
	assert_int_equal(database_commit(database), STATUS_BUSY);
	assert_int_equal(database_begin(database, true), STATUS_BUSY);
	assert_false(database_in_transaction(database));
	assert_true(database_has_changed(database));
	assert_true(database_has_changed(database));
	database_close(database);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(test_open_sets_everything_in_each_mode),
		cmocka_unit_test(test_open_in_memory_sets_everything),
		cmocka_unit_test(test_open_forbids_what_an_injection_would_use),
		WITH_FOLDER(test_open_uses_wal_and_private_files),
		WITH_FOLDER(
		    test_open_without_shared_memory_uses_a_rollback_journal),
		WITH_FOLDER(test_open_missing_file),
		cmocka_unit_test(test_create_in_missing_directory),
		WITH_FOLDER(test_open_garbage),
		WITH_FOLDER(test_open_truncated_file),
		WITH_FOLDER(test_open_newer_file),
		WITH_FOLDER(test_open_empty_file),
		WITH_FOLDER(test_open_older_file),
		WITH_FOLDER(test_open_database_of_another_program),
		WITH_FOLDER(test_open_directory),
		WITH_FOLDER(test_open_without_rights),
		WITH_FOLDER(test_open_read_only_file),
		WITH_FOLDER(test_begin_write_while_another_writes),
		WITH_FOLDER(test_begin_read_while_another_holds_it_exclusively),
		WITH_FOLDER(test_begin_read_fixes_the_snapshot),
		cmocka_unit_test(test_commit_and_rollback),
		WITH_FOLDER(test_write_in_read_mode),
		WITH_FOLDER(test_write_to_full_disk),
		cmocka_unit_test(test_deadline_ends_a_statement),
		cmocka_unit_test(test_rollback_after_the_deadline),
		WITH_FOLDER(test_has_changed),
		WITH_FOLDER(test_has_changed_inside_a_snapshot),
		WITH_FOLDER(test_replaced_file_is_noticed_and_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
