/*
 * test_site.c - a site directory is made whole or not at all, and its database
 * is followed wherever it goes.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "model/site.h"

/* Later than anything that is saved. */
#define NOW INT64_C(4102444800)

struct place {
	char *parent;
	char *directory; /* for the site */
};

static int
set_up(void **state)
{
	struct place *place = g_new0(struct place, 1);

	place->parent = g_dir_make_tmp("byline-site-XXXXXX", NULL);
	place->directory = g_build_filename(place->parent, "blog", NULL);
	*state = place;
	return place->parent != NULL ? 0 : -1;
}

static void
remove_all(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_all(child);
	}
	if (dir != NULL)
		g_dir_close(dir);
	g_remove(path);
}

static int
tear_down(void **state)
{
	struct place *place = *state;

	remove_all(place->parent);
	g_free(place->parent);
	g_free(place->directory);
	g_free(place);
	return 0;
}

static struct site *
create(const struct place *place)
{
	struct site *site = NULL;
	g_autoptr(GError) error = NULL;

	if (site_create(place->directory, "https://example.org/blog", &site,
		&error) != STATUS_OK)
		fail_msg("%s", error->message);
	return site;
}

static void
assert_mode(const struct site *site, const char *name, mode_t mode)
{
	g_autofree char *path = site_path(site, name);
	struct stat info;

	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, mode);
}

static void
test_create_makes_everything(void **state)
{
	const struct place *place = *state;
	mode_t mask = umask(0);
	struct site *site;

	site = create(place);

	umask(mask);
	assert_mode(site, ".", 0711);
	assert_mode(site, "byline.db", 0600);
	assert_mode(site, "byline.conf", 0600);
	assert_mode(site, "media", 0755);
	assert_mode(site, "public", 0755);
	assert_string_equal(
	    site->settings.base_url, "https://example.org/blog");
	assert_string_equal(site->blog.title, "Blog");
	assert_int_equal(database_begin(site->database, true), STATUS_OK);
	assert_int_equal(
	    setting_store(site->database, "title", "Mine", NULL), STATUS_OK);
	assert_int_equal(database_commit(site->database), STATUS_OK);
	assert_int_equal(site_begin_read(site, NOW), STATUS_OK);
	site_end_read(site);
	assert_string_equal(site->blog.title, "Mine");
	site_free(site);
}

static void
test_create_under_a_narrow_umask(void **state)
{
	const struct place *place = *state;
	mode_t mask = umask(077);
	struct site *site;

	site = create(place);

	umask(mask);
	assert_mode(site, ".", 0711);
	assert_mode(site, "media", 0755);
	site_free(site);
}

static void
test_create_where_one_is(void **state)
{
	const struct place *place = *state;
	struct site *other = NULL;
	g_autoptr(GError) error = NULL;
	enum status status;

	site_free(create(place));

	status = site_create(
	    place->directory, "https://other.example", &other, &error);

	assert_int_equal(status, STATUS_CONFLICT);
	assert_non_null(strstr(error->message, "already"));
	assert_null(other);
	assert_int_equal(site_new(place->directory, &other, NULL), STATUS_OK);
	assert_string_equal(
	    other->settings.base_url, "https://example.org/blog");
	site_free(other);
}

static void
test_create_that_fails_leaves_nothing(void **state)
{
	const struct place *place = *state;
	struct site *site = NULL;
	g_autoptr(GError) error = NULL;
	enum status status;

	status =
	    site_create(place->directory, "ftp://example.org", &site, &error);

	assert_int_equal(status, STATUS_INVALID);
	assert_non_null(error);
	assert_false(g_file_test(place->directory, G_FILE_TEST_EXISTS));
}

static void
test_create_that_fails_leaves_what_was_there(void **state)
{
	const struct place *place = *state;
	struct site *site = NULL;
	g_autofree char *media =
	    g_build_filename(place->directory, "media", NULL);
	g_autofree char *public =
	    g_build_filename(place->directory, "public", NULL);
	g_autofree char *settings =
	    g_build_filename(place->directory, "byline.conf", NULL);
	enum status status;

	assert_int_equal(g_mkdir_with_parents(media, 0755), 0);
	/* A file where a directory is to be. */
	g_file_set_contents(public, "mine", 4, NULL);

	status =
	    site_create(place->directory, "https://example.org", &site, NULL);

	assert_int_equal(status, STATUS_FORBIDDEN);
	assert_true(g_file_test(media, G_FILE_TEST_IS_DIR));
	assert_true(g_file_test(public, G_FILE_TEST_IS_REGULAR));
	assert_false(g_file_test(settings, G_FILE_TEST_EXISTS));
}

static void
test_new_without_a_site(void **state)
{
	const struct place *place = *state;
	struct site *site = NULL;
	g_autoptr(GError) error = NULL;

	assert_int_equal(
	    site_new(place->directory, &site, &error), STATUS_NOT_FOUND);
	assert_non_null(strstr(error->message, "byline init"));
	g_clear_error(&error);
	assert_int_equal(
	    site_new(place->parent, &site, &error), STATUS_NOT_FOUND);
	assert_non_null(strstr(error->message, "byline.conf"));
}

static void
test_open_database_that_is_not_there(void **state)
{
	const struct place *place = *state;
	struct site *site = create(place);
	g_autofree char *path = site_path(site, "byline.db");
	g_autoptr(GError) error = NULL;
	enum status status;

	site_free(site);
	g_remove(path);
	assert_int_equal(site_new(place->directory, &site, NULL), STATUS_OK);

	status = site_open_database(site, DATABASE_READ, NOW, &error);

	assert_int_equal(status, STATUS_NOT_FOUND);
	assert_null(site->database);
	assert_non_null(error);
	site_free(site);
}

static struct site *
open_reader(const struct place *place)
{
	struct site *site = NULL;

	assert_int_equal(site_new(place->directory, &site, NULL), STATUS_OK);
	assert_int_equal(
	    site_open_database(site, DATABASE_READ, NOW, NULL), STATUS_OK);
	return site;
}

static void
test_begin_read_follows_changes(void **state)
{
	const struct place *place = *state;
	struct site *writer = create(place);
	struct site *reader = open_reader(place);
	int64_t before = reader->generation;

	assert_int_equal(
	    setting_store(writer->database, "title", "Mine", NULL), STATUS_OK);
	assert_int_equal(site_begin_read(reader, NOW), STATUS_OK);
	site_end_read(reader);

	assert_string_equal(reader->blog.title, "Mine");
	assert_true(reader->generation > before);
	assert_true(reader->changed_at > 0);
	site_free(reader);
	site_free(writer);
}

/* A change that could not be read is not taken for one that was. */
static void
test_begin_read_fails_until_a_change_is_read(void **state)
{
	const struct place *place = *state;
	struct site *writer = create(place);
	struct site *reader = open_reader(place);

	assert_int_equal(
	    database_execute(writer->database, "DELETE FROM blog"), STATUS_OK);

	assert_int_not_equal(site_begin_read(reader, NOW), STATUS_OK);
	assert_int_not_equal(site_begin_read(reader, NOW), STATUS_OK);
	site_free(reader);
	site_free(writer);
}

/* Put `backup` in the place of the database of `site`. */
static void
restore(const struct site *site, const char *backup)
{
	static const char *const names[] = { "byline.db", "byline.db-wal",
		"byline.db-shm" };
	g_autofree char *path = site_path(site, "byline.db");

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *name = site_path(site, names[i]);

		g_remove(name);
	}
	assert_int_equal(g_rename(backup, path), 0);
}

static void
test_begin_read_follows_a_restored_backup(void **state)
{
	const struct place *place = *state;
	struct site *writer = create(place);
	g_autofree char *path = site_path(writer, "byline.db");
	g_autofree char *backup = site_path(writer, "backup.db");
	struct site *reader;

	assert_int_equal(
	    setting_store(writer->database, "title", "Old", NULL), STATUS_OK);
	assert_int_equal(
	    database_backup(writer->database, backup, NULL), STATUS_OK);
	assert_int_equal(
	    setting_store(writer->database, "title", "New", NULL), STATUS_OK);
	reader = open_reader(place);
	assert_string_equal(reader->blog.title, "New");

	g_remove(path);
	assert_int_equal(site_begin_read(reader, NOW), STATUS_BUSY);
	restore(writer, backup);
	assert_int_equal(site_begin_read(reader, NOW), STATUS_OK);
	site_end_read(reader);

	assert_string_equal(reader->blog.title, "Old");
	assert_int_equal(database_begin(writer->database, true), STATUS_BUSY);
	site_free(reader);
	site_free(writer);
}

/* A restored database counts its generations again: the settings of one are not
 * those of the other. */
static void
test_begin_read_tells_generations_of_two_files_apart(void **state)
{
	const struct place *place = *state;
	struct site *writer = create(place);
	g_autofree char *backup = site_path(writer, "backup.db");
	struct site *reader;

	assert_int_equal(
	    database_backup(writer->database, backup, NULL), STATUS_OK);
	assert_int_equal(
	    setting_store(writer->database, "title", "Lost", NULL), STATUS_OK);
	reader = open_reader(place);
	assert_string_equal(reader->blog.title, "Lost");
	site_free(writer);

	restore(reader, backup);
	assert_int_equal(site_new(place->directory, &writer, NULL), STATUS_OK);
	assert_int_equal(
	    site_open_database(writer, DATABASE_WRITE, NOW, NULL), STATUS_OK);
	assert_int_equal(
	    setting_store(writer->database, "title", "Found", NULL), STATUS_OK);
	assert_int_equal(site_begin_read(reader, NOW), STATUS_OK);
	site_end_read(reader);

	assert_string_equal(reader->blog.title, "Found");
	site_free(reader);
	site_free(writer);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_create_makes_everything),
		TEST(test_create_under_a_narrow_umask),
		TEST(test_create_where_one_is),
		TEST(test_create_that_fails_leaves_nothing),
		TEST(test_create_that_fails_leaves_what_was_there),
		TEST(test_new_without_a_site),
		TEST(test_open_database_that_is_not_there),
		TEST(test_begin_read_follows_changes),
		TEST(test_begin_read_fails_until_a_change_is_read),
		TEST(test_begin_read_follows_a_restored_backup),
		TEST(test_begin_read_tells_generations_of_two_files_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
