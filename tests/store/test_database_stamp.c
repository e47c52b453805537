/*
 * test_database_stamp.c - no change of a database leaves its stamp as it was.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

#include "fixture.h"
#include "store/database.h"
#include "store/database_stamp.h"

/* The stamp of the database at `path`. The caller frees it. */
static char *
stamp_of(const char *path)
{
	GString *stamp = g_string_new(NULL);
	int64_t changed_at = 0;

	assert_int_equal(database_stamp(path, stamp, &changed_at), STATUS_OK);
	assert_true(changed_at > g_get_real_time() - 60 * G_USEC_PER_SEC);
	assert_true(changed_at <= g_get_real_time());
	return g_string_free(stamp, FALSE);
}

/* The clock of a file system may stand still for some milliseconds. */
static void
let_clock_tick(void)
{
	g_usleep(20000);
}

/* A commit shows at once: into the log while others have the file open, and
 * into the log anew after a checkpoint. */
static void
test_stamp_shows_each_commit(void **state)
{
	const struct folder *folder = *state;
	struct database *writer = open_as(folder->path, DATABASE_CREATE);
	struct database *reader = open_as(folder->path, DATABASE_READ);
	g_autofree char *before = stamp_of(folder->path);

	for (int i = 0; i < 20; i++) {
		g_autofree char *after = NULL;

		let_clock_tick();
		run(writer, "UPDATE blog SET generation = generation + 1");
		after = stamp_of(folder->path);
		assert_string_not_equal(after, before);
		if (i % 5 == 4)
			run(writer, "PRAGMA wal_checkpoint(RESTART)");
		g_free(before);
		before = stamp_of(folder->path);
	}
	database_close(reader);
	database_close(writer);
}

/* Who only reads changes nothing. */
static void
test_stamp_stays_while_others_read(void **state)
{
	const struct folder *folder = *state;
	struct database *writer = open_as(folder->path, DATABASE_CREATE);
	g_autofree char *in_use = NULL;
	g_autofree char *at_rest = NULL;

	run(writer, "UPDATE blog SET generation = 5");
	in_use = stamp_of(folder->path);
	for (int i = 0; i < 3; i++) {
		struct database *reader = open_as(folder->path, DATABASE_READ);
		g_autofree char *now = NULL;

		assert_int_equal(
		    integer(reader, "SELECT generation FROM blog"), 5);
		database_close(reader);
		now = stamp_of(folder->path);
		assert_string_equal(now, in_use);
	}
	database_close(writer);
	at_rest = stamp_of(folder->path);
	for (int i = 0; i < 3; i++) {
		struct database *reader = open_as(folder->path, DATABASE_READ);
		g_autofree char *now = NULL;

		assert_int_equal(
		    integer(reader, "SELECT generation FROM blog"), 5);
		database_close(reader);
		now = stamp_of(folder->path);
		assert_string_equal(now, at_rest);
	}
}

/* Between the log and the header of its index, a commit is not one yet: the
 * stamp knows the header too. */
static void
test_stamp_knows_where_the_log_ends(void **state)
{
	const struct folder *folder = *state;
	struct database *writer = open_as(folder->path, DATABASE_CREATE);
	g_autofree char *index = g_strconcat(folder->path, "-shm", NULL);
	g_autofree char *bytes = NULL;
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;
	gsize size;

	run(writer, "UPDATE blog SET generation = 5");
	before = stamp_of(folder->path);
	assert_true(g_file_get_contents(index, &bytes, &size, NULL));
	assert_true(size > 48);

	/* mxFrame, a count of frames. */
	bytes[16]++;
	assert_true(g_file_set_contents(index, bytes, (gssize)size, NULL));
	after = stamp_of(folder->path);

	assert_string_not_equal(after, before);
	database_close(writer);
}

/* A backup that is put back has the size and the time it was made with. */
static void
test_stamp_shows_a_restored_copy(void **state)
{
	const struct folder *folder = *state;
	struct database *writer = open_as(folder->path, DATABASE_CREATE);
	struct utimbuf times = { 0 };
	g_autofree char *bytes = NULL;
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;
	GStatBuf about;
	gsize size;

	database_close(writer);
	assert_true(g_file_get_contents(folder->path, &bytes, &size, NULL));
	assert_int_equal(g_stat(folder->path, &about), 0);
	before = stamp_of(folder->path);
	let_clock_tick();

	assert_true(g_file_set_contents_full(folder->path, bytes, (gssize)size,
	    G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	times.actime = times.modtime = about.st_mtime;
	assert_int_equal(utime(folder->path, &times), 0);
	after = stamp_of(folder->path);

	assert_string_not_equal(after, before);
}

/* The log is beside the file that a link leads to. */
static void
test_stamp_of_a_link(void **state)
{
	const struct folder *folder = *state;
	struct database *writer = open_as(folder->path, DATABASE_CREATE);
	g_autofree char *link = g_strconcat(folder->directory, "/link", NULL);
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;

	assert_int_equal(symlink(folder->path, link), 0);
	before = stamp_of(link);
	let_clock_tick();
	run(writer, "UPDATE blog SET generation = 5");
	after = stamp_of(link);

	assert_string_not_equal(after, before);
	database_close(writer);
	assert_int_equal(g_remove(link), 0);
}

static void
test_stamp_of_nothing(void **state)
{
	const struct folder *folder = *state;
	g_autoptr(GString) stamp = g_string_new(NULL);
	int64_t changed_at;

	assert_int_equal(
	    database_stamp(folder->path, stamp, &changed_at), STATUS_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(test_stamp_shows_each_commit),
		WITH_FOLDER(test_stamp_stays_while_others_read),
		WITH_FOLDER(test_stamp_knows_where_the_log_ends),
		WITH_FOLDER(test_stamp_shows_a_restored_copy),
		WITH_FOLDER(test_stamp_of_a_link),
		WITH_FOLDER(test_stamp_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
