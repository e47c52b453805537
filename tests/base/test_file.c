/*
 * test_file.c - a file is read whole or not at all, and nothing but a file.
 */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "base/content_type.h"
#include "base/file.h"

struct place {
	char *directory;
	char *file; /* "bytes", five of them, a NUL among them */
};

static int
set_up(void **state)
{
	struct place *place = g_new0(struct place, 1);

	place->directory = g_dir_make_tmp("byline-file-XXXXXX", NULL);
	place->file = g_build_filename(place->directory, "a.txt", NULL);
	assert_true(g_file_set_contents(place->file, "a\0cde", 5, NULL));
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
	g_free(place->file);
	g_free(place);
	return 0;
}

static void
test_read_appends_every_byte(void **state)
{
	const struct place *place = *state;
	g_autoptr(GString) out = g_string_new("x");

	assert_int_equal(
	    file_read(place->file, FILE_LINKS_REFUSE, 5, out, NULL), STATUS_OK);

	assert_int_equal(out->len, 6);
	assert_memory_equal(out->str, "xa\0cde", 7);
}

static void
test_read_refuses_what_is_too_large(void **state)
{
	const struct place *place = *state;
	g_autoptr(GString) out = g_string_new("x");
	g_autoptr(GError) error = NULL;

	assert_int_equal(
	    file_read(place->file, FILE_LINKS_FOLLOW, 4, out, &error),
	    STATUS_TOO_LARGE);

	assert_string_equal(out->str, "x");
	assert_non_null(error);
}

static void
test_read_follows_links_if_it_may(void **state)
{
	const struct place *place = *state;
	g_autofree char *link = g_build_filename(place->directory, "l", NULL);
	g_autoptr(GString) out = g_string_new(NULL);

	assert_int_equal(symlink("a.txt", link), 0);

	assert_int_equal(
	    file_read(link, FILE_LINKS_REFUSE, 5, out, NULL), STATUS_NOT_FOUND);
	assert_int_equal(out->len, 0);
	assert_int_equal(
	    file_read(link, FILE_LINKS_FOLLOW, 5, out, NULL), STATUS_OK);
	assert_int_equal(out->len, 5);
}

static void
test_read_takes_nothing_but_files(void **state)
{
	const struct place *place = *state;
	g_autofree char *pipe = g_build_filename(place->directory, "p", NULL);
	g_autofree char *gone = g_build_filename(place->directory, "g", NULL);
	g_autofree char *below = g_build_filename(place->file, "b", NULL);
	g_autoptr(GString) out = g_string_new(NULL);

	assert_int_equal(mkfifo(pipe, 0600), 0);

	assert_int_equal(
	    file_read(pipe, FILE_LINKS_FOLLOW, 5, out, NULL), STATUS_INVALID);
	assert_int_equal(
	    file_read(place->directory, FILE_LINKS_FOLLOW, 5, out, NULL),
	    STATUS_INVALID);
	assert_int_equal(
	    file_read(gone, FILE_LINKS_FOLLOW, 5, out, NULL), STATUS_NOT_FOUND);
	assert_int_equal(file_read(below, FILE_LINKS_FOLLOW, 5, out, NULL),
	    STATUS_NOT_FOUND);
	assert_int_equal(out->len, 0);
}

static void
test_content_type_of(void **state)
{
	(void)state;

	assert_string_equal(content_type_of("1-a.b.png"), "image/png");
	assert_string_equal(
	    content_type_of("style.css"), "text/css; charset=utf-8");
	assert_null(content_type_of("a.php"));
	assert_null(content_type_of("a.PNG"));
	assert_null(content_type_of("png"));
	assert_true(content_type_is_media(content_type_of("a.webm")));
	assert_true(content_type_is_media(content_type_of("a.mp3")));
	assert_false(content_type_is_media(content_type_of("a.js")));
}

static void
test_replace_makes_and_replaces(void **state)
{
	const struct place *place = *state;
	g_autofree char *fresh =
	    g_build_filename(place->directory, "b.txt", NULL);
	g_autofree char *old = NULL;
	g_autofree char *made = NULL;
	struct stat about;
	mode_t mask = umask(077);

	assert_int_equal(
	    file_replace(place->file, "other", 5, NULL), STATUS_OK);
	assert_int_equal(file_replace(fresh, "new", 3, NULL), STATUS_OK);
	umask(mask);

	assert_true(g_file_get_contents(place->file, &old, NULL, NULL));
	assert_string_equal(old, "other");
	assert_true(g_file_get_contents(fresh, &made, NULL, NULL));
	assert_string_equal(made, "new");
	assert_int_equal(stat(fresh, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0644);
}

/* Nothing is left behind, and what was there stays. */
static void
test_replace_that_fails(void **state)
{
	const struct place *place = *state;
	g_autofree char *nowhere =
	    g_build_filename(place->directory, "none", "a", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) folder = NULL;
	int count = 0;

	assert_int_equal(
	    file_replace(nowhere, "new", 3, &error), STATUS_FAILED);
	assert_string_equal(
	    error->message, "cannot be written: No such file or directory");
	/* A folder stands where the file should. */
	assert_int_equal(
	    file_replace(place->directory, "new", 3, NULL), STATUS_FAILED);

	folder = g_dir_open(place->directory, 0, NULL);
	while (g_dir_read_name(folder) != NULL)
		count++;
	assert_int_equal(count, 1);
}

static void
test_rename_new_takes_no_place(void **state)
{
	const struct place *place = *state;
	g_autofree char *other =
	    g_build_filename(place->directory, "b.txt", NULL);
	g_autofree char *third =
	    g_build_filename(place->directory, "c.txt", NULL);
	g_autofree char *content = NULL;

	assert_true(g_file_set_contents(other, "mine", 4, NULL));

	assert_false(file_rename_new(place->file, other));
	assert_int_equal(errno, EEXIST);
	assert_true(file_rename_new(place->file, third));

	assert_true(g_file_get_contents(other, &content, NULL, NULL));
	assert_string_equal(content, "mine");
	assert_false(g_file_test(place->file, G_FILE_TEST_EXISTS));
	assert_true(g_file_test(third, G_FILE_TEST_EXISTS));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_read_appends_every_byte),
		TEST(test_read_refuses_what_is_too_large),
		TEST(test_read_follows_links_if_it_may),
		TEST(test_read_takes_nothing_but_files),
		TEST(test_replace_makes_and_replaces),
		TEST(test_replace_that_fails),
		TEST(test_rename_new_takes_no_place),
		cmocka_unit_test(test_content_type_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
