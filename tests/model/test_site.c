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

#include "model/article.h"
#include "model/author.h"
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

/* ---- changing ---- */

static struct site *
open_writer(const struct place *place)
{
	struct site *site = NULL;

	assert_int_equal(site_new(place->directory, &site, NULL), STATUS_OK);
	assert_int_equal(
	    site_open_database(site, DATABASE_WRITE, NOW, NULL), STATUS_OK);
	return site;
}

/* The one number that `sql` asks for, static text. */
static int64_t
count(struct site *site, const char *sql)
{
	struct statement *statement = database_statement(site->database, sql);
	int64_t value;

	assert_int_equal(statement_step(statement), STATUS_OK);
	value = statement_integer(statement, 0);
	statement_reset(statement);
	return value;
}

static void
test_end_write_keeps_what_went_well(void **state)
{
	const struct place *place = *state;
	struct site *site = create(place);
	struct site *other = open_writer(place);

	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	assert_int_equal(
	    setting_store(site->database, "title", "Kept", NULL), STATUS_OK);
	assert_int_equal(site_end_write(site, STATUS_OK), STATUS_OK);

	assert_false(database_in_transaction(site->database));
	assert_int_equal(site_begin_write(other, NOW), STATUS_OK);
	assert_string_equal(other->blog.title, "Kept");
	assert_int_equal(site_end_write(other, STATUS_OK), STATUS_OK);
	site_free(other);
	site_free(site);
}

/* What was wrong is what the caller hears, and nothing of the change stays. */
static void
test_end_write_undoes_what_went_wrong(void **state)
{
	static const enum status wrong[] = { STATUS_INVALID, STATUS_CONFLICT,
		STATUS_NOT_FOUND, STATUS_FAILED, STATUS_BUSY };
	const struct place *place = *state;
	struct site *site = create(place);

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
		assert_int_equal(
		    setting_store(site->database, "title", "Lost", NULL),
		    STATUS_OK);
		assert_int_equal(site_end_write(site, wrong[i]), wrong[i]);
		assert_false(database_in_transaction(site->database));
	}

	assert_int_equal(site_begin_read(site, NOW), STATUS_OK);
	assert_string_equal(site->blog.title, "Blog");
	site_end_read(site);
	site_free(site);
}

/* The disk may be full only when it comes to that. */
static void
test_end_write_that_cannot_be_kept(void **state)
{
	const struct place *place = *state;
	struct site *site = create(place);

	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	assert_int_equal(
	    database_execute(site->database, "PRAGMA defer_foreign_keys = ON"),
	    STATUS_OK);
	assert_int_equal(
	    database_execute(site->database,
		"INSERT INTO redirect (path, article_id, created_at)"
		" VALUES ('/x', 1234, 1)"),
	    STATUS_OK);
	assert_int_not_equal(site_end_write(site, STATUS_OK), STATUS_OK);

	assert_false(database_in_transaction(site->database));
	assert_int_equal(count(site, "SELECT count(*) FROM redirect"), 0);
	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	assert_int_equal(site_end_write(site, STATUS_OK), STATUS_OK);
	site_free(site);
}

/* One who may wait does; one for whom it is not worth it goes on. */
static void
test_try_write_waits_for_nobody(void **state)
{
	const struct place *place = *state;
	struct site *site = create(place);
	struct site *other = open_writer(place);
	gint64 start;

	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	start = g_get_monotonic_time();
	assert_int_equal(site_try_write(other, NOW), STATUS_BUSY);
	assert_true(g_get_monotonic_time() - start <
		    SITE_WRITE_MILLISECONDS * G_GINT64_CONSTANT(500));
	assert_false(database_in_transaction(other->database));
	assert_int_equal(site_end_write(site, STATUS_OK), STATUS_OK);

	assert_int_equal(site_try_write(other, NOW), STATUS_OK);
	assert_int_equal(site_end_write(other, STATUS_OK), STATUS_OK);
	site_free(other);
	site_free(site);
}

static void
test_begin_write_follows_a_restored_backup(void **state)
{
	const struct place *place = *state;
	struct site *site = create(place);
	g_autofree char *backup = site_path(site, "backup.db");

	assert_int_equal(
	    database_backup(site->database, backup, NULL), STATUS_OK);
	assert_int_equal(
	    setting_store(site->database, "title", "Lost", NULL), STATUS_OK);
	restore(site, backup);

	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	assert_string_equal(site->blog.title, "Blog");
	assert_int_equal(
	    setting_store(site->database, "title", "New", NULL), STATUS_OK);
	assert_int_equal(site_end_write(site, STATUS_OK), STATUS_OK);
	assert_int_equal(site_begin_read(site, NOW), STATUS_OK);
	assert_string_equal(site->blog.title, "New");
	site_end_read(site);
	site_free(site);
}

/* ---- what was scheduled ---- */

/* An article for the time `at`. */
static void
schedule(struct site *site, const char *slug, int64_t at)
{
	const struct author_draft author = { .name = slug };
	struct article_draft draft = {
		.status = ARTICLE_STATUS_SCHEDULED,
		.published_at = at,
		.slug = slug,
		.title = slug,
		.author_count = 1,
	};
	int64_t author_id, id;

	assert_int_equal(site_begin_write(site, at - 60), STATUS_OK);
	assert_int_equal(
	    author_add(site->database, &author, at - 60, &author_id, NULL),
	    STATUS_OK);
	draft.author_ids = &author_id;
	assert_int_equal(article_save(site->database, &site->blog, &draft,
			     at - 60, &id, NULL, NULL),
	    STATUS_OK);
	assert_int_equal(site_end_write(site, STATUS_OK), STATUS_OK);
}

static int64_t
count_published(struct site *site, int64_t now)
{
	int64_t published;

	assert_int_equal(site_begin_read(site, now), STATUS_OK);
	published = count(
	    site, "SELECT count(*) FROM article WHERE status = 'published'");
	site_end_read(site);
	return published;
}

/* Also where the database is read only, as the readers' program has it. */
static void
test_begin_read_publishes_what_is_due(void **state)
{
	const struct place *place = *state;
	struct site *writer = create(place);
	struct site *reader = open_reader(place);

	schedule(writer, "first", NOW);
	schedule(writer, "second", NOW + 3600);

	assert_int_equal(count_published(reader, NOW - 1), 0);
	assert_int_equal(reader->scheduled_at, NOW);
	assert_int_equal(count_published(reader, NOW), 1);
	assert_int_equal(reader->scheduled_at, NOW + 3600);
	assert_int_equal(count_published(reader, NOW + 3599), 1);
	assert_int_equal(count_published(writer, NOW + 3600), 2);
	assert_int_equal(count_published(reader, NOW + 3600), 2);
	assert_int_equal(reader->scheduled_at, 0);
	/* It cannot write but for that. */
	assert_int_not_equal(
	    setting_store(reader->database, "title", "x", NULL), STATUS_OK);
	site_free(reader);
	site_free(writer);
}

/* A reader is answered, and what could not be published is some time later. */
static void
test_begin_read_while_nothing_can_be_written(void **state)
{
	const struct place *place = *state;
	struct site *writer = create(place);
	struct site *reader = open_reader(place);

	schedule(writer, "first", NOW);
	assert_int_equal(site_begin_write(writer, NOW), STATUS_OK);
	assert_int_equal(count_published(reader, NOW), 0);
	assert_int_equal(site_end_write(writer, STATUS_OK), STATUS_OK);

	/* Not at once: a disk that is full would be tried all the time. */
	assert_int_equal(count_published(reader, NOW), 0);
	assert_int_equal(count_published(reader, NOW + 60), 1);
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
		TEST(test_end_write_keeps_what_went_well),
		TEST(test_end_write_undoes_what_went_wrong),
		TEST(test_end_write_that_cannot_be_kept),
		TEST(test_try_write_waits_for_nobody),
		TEST(test_begin_write_follows_a_restored_backup),
		TEST(test_begin_read_publishes_what_is_due),
		TEST(test_begin_read_while_nothing_can_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
