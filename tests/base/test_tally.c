/*
 * test_tally.c - each line that was added is taken once, whoever comes between.
 */
#include "config.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/tally.h"

#define WRITERS     3
#define LINES_EACH  1500
#define LONGEST_RUN 60 /* seconds until a test that hangs is ended */

struct place {
	char *directory;
	char *path;
	char *taken;  /* as number 1 */
	char *marker; /* another file there */
};

static int
set_up(void **state)
{
	struct place *place = g_new0(struct place, 1);

	place->directory = g_dir_make_tmp("byline-tally-XXXXXX", NULL);
	place->path = g_build_filename(place->directory, "tally", NULL);
	place->taken = g_strconcat(place->path, ".1", NULL);
	place->marker = g_build_filename(place->directory, "marker", NULL);
	*state = place;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *place = *state;
	g_autoptr(GDir) folder = g_dir_open(place->directory, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *path =
		    g_build_filename(place->directory, name, NULL);

		assert_int_equal(g_remove(path), 0);
	}
	assert_int_equal(g_rmdir(place->directory), 0);
	g_free(place->directory);
	g_free(place->path);
	g_free(place->taken);
	g_free(place->marker);
	g_free(place);
	return 0;
}

static void
append(const struct place *place, const char *line)
{
	assert_int_equal(tally_append(place->path, line, NULL), STATUS_OK);
}

static void
assert_taken(const struct place *place, int64_t number, const char *expected)
{
	g_autoptr(GString) lines = g_string_new(NULL);

	assert_int_equal(tally_take(place->path, number, NULL), STATUS_OK);
	assert_int_equal(
	    tally_read(place->path, number, lines, NULL), STATUS_OK);
	assert_string_equal(lines->str, expected);
}

static void
test_append_makes_a_file_of_ones_own(void **state)
{
	const struct place *place = *state;
	struct stat about;

	append(place, "a 1\n");

	assert_int_equal(stat(place->path, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(tally_size(place->path), 4);
}

static void
test_append_ends_at_the_limit(void **state)
{
	const struct place *place = *state;
	g_autoptr(GError) error = NULL;

	append(place, "a 1\n");
	assert_int_equal(truncate(place->path, TALLY_MAX_SIZE), 0);

	assert_int_equal(
	    tally_append(place->path, "a 2\n", &error), STATUS_TOO_LARGE);

	assert_non_null(error);
	assert_int_equal(tally_size(place->path), TALLY_MAX_SIZE);
}

static void
test_append_says_why_it_cannot(void **state)
{
	const struct place *place = *state;
	g_autofree char *path =
	    g_build_filename(place->directory, "none", "tally", NULL);
	g_autoptr(GError) error = NULL;

	assert_int_equal(tally_append(path, "a\n", &error), STATUS_FAILED);

	assert_string_equal(error->message, "No such file or directory");
}

static void
test_append_follows_no_link(void **state)
{
	const struct place *place = *state;

	assert_int_equal(symlink("elsewhere", place->path), 0);

	assert_int_equal(tally_append(place->path, "a\n", NULL), STATUS_FAILED);
}

static void
test_take_gives_what_was_added(void **state)
{
	const struct place *place = *state;

	append(place, "a 1\n");
	append(place, "a 2\n");

	assert_taken(place, 1, "a 1\na 2\n");
	tally_drop(place->path, 1);
	assert_false(tally_is_waiting(place->path, 2));
	assert_int_equal(g_access(place->taken, F_OK), -1);
}

static void
test_take_without_lines_finds_nothing(void **state)
{
	const struct place *place = *state;

	assert_false(tally_is_waiting(place->path, 1));
	assert_int_equal(tally_take(place->path, 1, NULL), STATUS_NOT_FOUND);
}

/* Who took the same has counted it. */
static void
test_read_of_what_was_dropped_finds_nothing(void **state)
{
	const struct place *place = *state;
	g_autoptr(GString) lines = g_string_new(NULL);

	append(place, "a 1\n");
	assert_int_equal(tally_take(place->path, 1, NULL), STATUS_OK);
	tally_drop(place->path, 1);
	append(place, "a 2\n");

	assert_int_equal(
	    tally_read(place->path, 1, lines, NULL), STATUS_NOT_FOUND);
	assert_int_equal(lines->len, 0);
}

/* A taker who was killed before it made them last left them there. */
static void
test_take_again_gives_the_same(void **state)
{
	const struct place *place = *state;

	append(place, "a 1\n");
	assert_taken(place, 1, "a 1\n");
	append(place, "a 2\n");

	assert_true(tally_is_left(place->path, 1));
	assert_taken(place, 1, "a 1\n");
	tally_drop(place->path, 1);
	assert_false(tally_is_left(place->path, 2));
	assert_taken(place, 2, "a 2\n");
}

static void
test_is_waiting_sees_what_others_left(void **state)
{
	const struct place *place = *state;

	append(place, "a 1\n");
	assert_taken(place, 1, "a 1\n");

	assert_true(tally_is_waiting(place->path, 1));
	assert_true(tally_is_waiting(place->path, 2));
	assert_false(tally_is_waiting(place->path, 3));
}

/* Who was let into the file before it was moved away writes to the new one. */
static void
test_append_leaves_a_file_that_is_taken(void **state)
{
	const struct place *place = *state;
	int descriptor;

	append(place, "a 1\n");
	descriptor = open(place->path, O_RDONLY);
	assert_int_equal(flock(descriptor, LOCK_EX), 0);
	assert_int_equal(g_rename(place->path, place->taken), 0);

	append(place, "a 2\n");

	close(descriptor);
	assert_int_equal(tally_size(place->path), 4);
	assert_int_equal(tally_size(place->taken), 4);
}

static void
test_read_does_not_wait_for_a_writer_who_sleeps(void **state)
{
	const struct place *place = *state;
	g_autoptr(GString) lines = g_string_new(NULL);
	int descriptor;

	append(place, "a 1\n");
	descriptor = open(place->path, O_RDONLY);
	assert_int_equal(flock(descriptor, LOCK_SH), 0);

	assert_int_equal(tally_take(place->path, 1, NULL), STATUS_OK);
	assert_int_equal(tally_read(place->path, 1, lines, NULL), STATUS_BUSY);

	close(descriptor);
	assert_taken(place, 1, "a 1\n");
}

/* The second half only once some of the first has been taken. */
static void
write_lines(const struct place *place, int writer)
{
	for (int i = 0; i < LINES_EACH; i++) {
		g_autofree char *line = g_strdup_printf("%d %d\n", writer, i);

		while (
		    i == LINES_EACH / 2 && g_access(place->marker, F_OK) != 0)
			g_thread_yield();
		if (tally_append(place->path, line, NULL) != STATUS_OK)
			_exit(1);
	}
	_exit(0);
}

/* Take once; false when there was nothing. */
static bool
take_some(const struct place *place, int64_t number, GString *lines)
{
	enum status status = tally_take(place->path, number, NULL);

	if (status == STATUS_NOT_FOUND)
		return false;
	assert_int_equal(status, STATUS_OK);
	/* A machine with much else to do lets a writer wait. */
	do {
		status = tally_read(place->path, number, lines, NULL);
	} while (status == STATUS_BUSY);
	assert_int_equal(status, STATUS_OK);
	tally_drop(place->path, number);
	return true;
}

/* Take until all writers have ended and nothing is left. */
static void
take_all(const struct place *place, const pid_t *writers, GString *lines)
{
	int64_t number = 0;
	int ended = 0;
	bool is_last = false;

	while (!is_last) {
		int status;

		is_last = ended == WRITERS;
		if (take_some(place, number + 1, lines) && number++ == 0)
			assert_true(
			    g_file_set_contents(place->marker, "", 0, NULL));
		while (ended < WRITERS &&
		       waitpid(writers[ended], &status, WNOHANG) > 0) {
			assert_true(
			    WIFEXITED(status) && WEXITSTATUS(status) == 0);
			ended++;
		}
	}
	assert_true(number > 1);
}

static void
test_take_while_many_write_loses_nothing(void **state)
{
	const struct place *place = *state;
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_auto(GStrv) all = NULL;
	pid_t writers[WRITERS];

	alarm(LONGEST_RUN);
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = fork();
		if (writers[i] == 0)
			write_lines(place, i);
		assert_true(writers[i] > 0);
	}
	take_all(place, writers, lines);
	alarm(0);

	all = g_strsplit(lines->str, "\n", -1);
	for (char **line = all; **line != '\0'; line++)
		assert_true(g_hash_table_add(seen, *line));
	assert_int_equal(g_hash_table_size(seen), WRITERS * LINES_EACH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_append_makes_a_file_of_ones_own),
		TEST(test_append_ends_at_the_limit),
		TEST(test_append_says_why_it_cannot),
		TEST(test_append_follows_no_link),
		TEST(test_take_gives_what_was_added),
		TEST(test_take_without_lines_finds_nothing),
		TEST(test_read_of_what_was_dropped_finds_nothing),
		TEST(test_take_again_gives_the_same),
		TEST(test_is_waiting_sees_what_others_left),
		TEST(test_append_leaves_a_file_that_is_taken),
		TEST(test_read_does_not_wait_for_a_writer_who_sleeps),
		TEST(test_take_while_many_write_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
