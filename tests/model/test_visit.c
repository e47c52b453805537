/*
 * test_visit.c - each visit that was noted counts once: whatever stands in the
 * file, and whoever is killed over it.
 */
#include "config.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/date.h"
#include "base/tally.h"
#include "base/time_zone.h"
#include "model/article.h"
#include "model/page_view.h"
#include "model/redirect.h"
#include "model/visit.h"
#include "query_plan.h"
#include "site_fixture.h"

#define KILLS       120
#define LONGEST_RUN 120 /* seconds until a test that hangs is ended */

static const char SQL_VIEWS[] = "SELECT coalesce(sum(count), 0)"
				" FROM page_view";
static const char SQL_ROWS[] = "SELECT count(*) FROM page_view";

static int64_t
add_article(struct site_fixture *fixture, const char *slug)
{
	const struct article_draft draft = {
		.status = ARTICLE_STATUS_PUBLISHED,
		.published_at = NOW - DAY,
		.slug = slug,
		.title = slug,
		.author_ids = &fixture->author_id,
		.author_count = 1,
		.body = "",
		.body_html = "",
		.contents_html = "",
		.excerpt = "",
		.text = "",
		.minutes = 1,
	};
	struct site *site = fixture->site;
	int64_t id = 0;

	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	assert_int_equal(
	    site_end_write(site, article_save(site->database, &site->blog,
				     &draft, NOW, &id, NULL, NULL)),
	    STATUS_OK);
	return id;
}

static void
add_redirect(struct site_fixture *fixture, const char *path, int64_t id)
{
	assert_int_equal(redirect_add_to_article(
			     fixture->site->database, path, id, NOW, NULL),
	    STATUS_OK);
}

static void
note_line(struct site_fixture *fixture, const char *line)
{
	g_autofree char *path = site_path(fixture->site, "tally");

	assert_int_equal(tally_append(path, line, NULL), STATUS_OK);
}

static void
fold(struct site_fixture *fixture)
{
	assert_int_equal(visit_fold(fixture->site, NOW), STATUS_OK);
}

static void
set(struct site_fixture *fixture, const char *key, const char *value)
{
	struct site *site = fixture->site;

	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	assert_int_equal(site_end_write(site,
			     setting_store(site->database, key, value, NULL)),
	    STATUS_OK);
	assert_int_equal(site_begin_read(site, NOW), STATUS_OK);
	site_end_read(site);
}

/* ---- what is written ---- */

static void
test_note_view_writes_nothing_about_who_reads(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");
	g_autofree char *lines = NULL;

	visit_note_view(fixture->site, 12, NOW);
	visit_note_redirect(fixture->site, "/old address", NOW);

	assert_true(g_file_get_contents(path, &lines, NULL, NULL));
	assert_string_equal(
	    lines, "v 12 1779999300\nr 1779999300 /old address\n");
}

static void
test_note_view_goes_on_where_it_cannot(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");

	assert_int_equal(visit_check(fixture->site), STATUS_OK);
	assert_int_equal(g_mkdir(path, 0700), 0);

	visit_note_view(fixture->site, 12, NOW);

	assert_true(fixture->site->is_tally_failing);
	assert_int_equal(g_rmdir(path), 0);
	visit_note_view(fixture->site, 12, NOW);
	assert_false(fixture->site->is_tally_failing);
}

static void
test_check_says_when_nobody_folds(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");

	visit_note_view(fixture->site, 12, NOW);
	assert_int_equal(truncate(path, TALLY_MAX_SIZE), 0);

	assert_int_equal(visit_check(fixture->site), STATUS_TOO_LARGE);
	fold(fixture);
	assert_int_equal(visit_check(fixture->site), STATUS_OK);
}

/* ---- folding ---- */

static void
test_fold_counts_by_article_and_day(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t id = add_article(fixture, "a");
	int64_t other_id = add_article(fixture, "b");
	struct page_view_summary summary;
	int64_t today = page_view_day(NOW, NULL);

	visit_note_view(fixture->site, id, NOW - DAY);
	for (int i = 0; i < 3; i++)
		visit_note_view(fixture->site, id, NOW);
	visit_note_view(fixture->site, other_id, NOW);
	fold(fixture);
	visit_note_view(fixture->site, id, NOW);
	fold(fixture);

	assert_int_equal(
	    page_view_summarize(fixture->site->database, 0, today, &summary),
	    STATUS_OK);
	assert_int_equal(summary.counts[PAGE_VIEW_DAYS - 1], 5);
	assert_int_equal(summary.counts[PAGE_VIEW_DAYS - 2], 1);
	assert_int_equal(summary.counts[PAGE_VIEW_DAYS - 3], 0);
	assert_int_equal(summary.total, 6);
	page_view_summary_release(&summary);
}

static void
test_fold_takes_the_day_of_the_blog(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t id = add_article(fixture, "a");
	g_autoptr(GTimeZone) zone = time_zone_new("Pacific/Auckland");

	/* 20:15 UTC: it is tomorrow there. */
	set(fixture, "time_zone", "Pacific/Auckland");
	visit_note_view(fixture->site, id, NOW);
	fold(fixture);

	assert_int_equal(
	    site_fixture_integer(fixture, "SELECT day FROM page_view"),
	    NOW / DAY + 1);
	assert_int_equal(page_view_day(NOW, zone), NOW / DAY + 1);
}

static void
test_fold_counts_what_is_public_alone(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t draft_id = add_article(fixture, "a");
	int64_t trash_id = add_article(fixture, "b");

	site_fixture_run(
	    fixture, "UPDATE article SET status = 'draft' WHERE slug = 'a'");
	site_fixture_run(
	    fixture, "UPDATE article SET trashed_at = 5 WHERE slug = 'b'");
	visit_note_view(fixture->site, draft_id, NOW);
	visit_note_view(fixture->site, trash_id, NOW);
	visit_note_view(fixture->site, 4711, NOW);
	fold(fixture);

	assert_int_equal(site_fixture_integer(fixture, SQL_ROWS), 0);
}

static void
test_fold_skips_lines_that_are_none(void **state)
{
	static const char *const lines[] = {
		"\n", "v\n", "v 1\n", "v x 1779999300\n", "v 1 x\n", "v 1 -5\n",
		"v 1 1779999300 1\n", "v 1 v 1 1779999300\n",
		"w 1 1779999300\n", "r 1779999300 old\n",
		"r 1779999300 /\xff\n", "v 1 99999999999999999999\n",
		"v 1 1790000000\n", /* months from now */
		"v 1 1700000000\n", /* years ago */
	};
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");
	int64_t id = add_article(fixture, "a");

	assert_int_equal(id, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		note_line(fixture, lines[i]);
	visit_note_view(fixture->site, id, NOW);
	note_line(fixture, "v 1 17799"); /* a full disk; the next is spoilt */
	visit_note_view(fixture->site, id, NOW);
	visit_note_view(fixture->site, id, NOW);
	note_line(fixture, "v 1 1779999300");
	fold(fixture);

	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), 2);
	assert_int_equal(tally_size(path), 0);
}

static void
test_fold_takes_no_byte_for_another(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");
	int64_t id = add_article(fixture, "a");

	/* What a power cut leaves of a block that was not written. */
	assert_true(
	    g_file_set_contents(path, "\0\0\0v 1 1779999300\n", 18, NULL));
	visit_note_view(fixture->site, id, NOW);
	fold(fixture);

	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), 1);
}

static void
test_fold_throws_away_where_counting_is_off(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");
	int64_t id = add_article(fixture, "a");

	visit_note_view(fixture->site, id, NOW);
	set(fixture, "count_views", "false");
	fold(fixture);

	assert_int_equal(site_fixture_integer(fixture, SQL_ROWS), 0);
	assert_int_equal(tally_size(path), 0);
}

static void
test_fold_leaves_pages_as_they_are(void **state)
{
	static const char SQL_GENERATION[] = "SELECT generation FROM blog";
	struct site_fixture *fixture = *state;
	int64_t id = add_article(fixture, "a");
	int64_t generation;

	add_redirect(fixture, "/old", id);
	generation = site_fixture_integer(fixture, SQL_GENERATION);
	visit_note_view(fixture->site, id, NOW);
	visit_note_redirect(fixture->site, "/old", NOW);
	fold(fixture);

	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), 1);
	assert_int_equal(
	    site_fixture_integer(fixture, SQL_GENERATION), generation);
}

static void
test_fold_writes_nothing_without_visits(void **state)
{
	struct site_fixture *fixture = *state;

	fold(fixture);
	(void)database_has_changed(fixture->site->database);
	fold(fixture);

	assert_false(database_has_changed(fixture->site->database));
	/* A day has begun: what was viewed most is that of other days. */
	assert_int_equal(visit_fold(fixture->site, NOW + DAY), STATUS_OK);
	assert_true(database_has_changed(fixture->site->database));
}

static void
test_fold_forgets_what_is_old(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t id = add_article(fixture, "a");

	site_fixture_run(fixture,
	    "INSERT INTO page_view (article_id, day, count)"
	    " VALUES (1, 1780000000 / 86400 - 401, 7),"
	    " (1, 1780000000 / 86400 - 400, 5)");
	visit_note_view(fixture->site, id, NOW);
	fold(fixture);

	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), 6);
}

static void
test_fold_due_waits_for_an_hour_or_a_lot(void **state)
{
	struct site_fixture *fixture = *state;
	struct site *site = fixture->site;
	g_autofree char *path = site_path(site, "tally");
	int64_t id = add_article(fixture, "a");

	visit_note_view(site, id, NOW);
	fold(fixture);
	visit_note_view(site, id, NOW);

	assert_int_equal(visit_fold_due(site, NOW + 3599), STATUS_OK);
	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), 1);
	assert_int_equal(visit_fold_due(site, NOW + 3600), STATUS_OK);
	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), 2);
	visit_note_view(site, id, NOW);
	note_line(fixture, "\n");
	assert_int_equal(truncate(path, TALLY_MAX_SIZE / 4), 0);
	assert_int_equal(visit_fold_due(site, NOW + 3601), STATUS_OK);
	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), 3);
}

static void
test_fold_finds_all_by_an_index(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t id = add_article(fixture, "a");
	GPtrArray *before = query_plan_statements(fixture->site->database);

	add_redirect(fixture, "/old", id);
	visit_note_view(fixture->site, id, NOW);
	visit_note_redirect(fixture->site, "/old", NOW);
	fold(fixture);

	assert_true(query_plan_check_new(fixture->site->database, before) > 4);
	g_ptr_array_unref(before);
}

/* ---- redirects ---- */

static void
test_fold_counts_hits_of_redirects(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t id = add_article(fixture, "a");
	g_autoptr(GPtrArray) rows = NULL;
	const struct redirect *redirect;

	add_redirect(fixture, "/old", id);
	add_redirect(fixture, "/older", id);
	visit_note_redirect(fixture->site, "/old", NOW - DAY);
	visit_note_redirect(fixture->site, "/old", NOW);
	visit_note_redirect(fixture->site, "/old/page/2", NOW);
	visit_note_redirect(fixture->site, "/nowhere", NOW);
	fold(fixture);

	assert_int_equal(
	    redirect_list(fixture->site->database, NULL, 1, 10, &rows),
	    STATUS_OK);
	redirect = g_ptr_array_index(rows, 0);
	assert_string_equal(redirect->path, "/old");
	assert_int_equal(redirect->hit_count, 3);
	assert_int_equal(redirect->last_hit_day, NOW / DAY);
	redirect = g_ptr_array_index(rows, 1);
	assert_int_equal(redirect->hit_count, 0);
	assert_int_equal(redirect->last_hit_day, 0);
}

static void
test_hits_go_with_their_redirect(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t id = add_article(fixture, "a");

	add_redirect(fixture, "/old", id);
	visit_note_redirect(fixture->site, "/old", NOW);
	fold(fixture);
	assert_int_equal(
	    redirect_remove(fixture->site->database, "/old"), STATUS_OK);

	assert_int_equal(
	    site_fixture_integer(fixture, "SELECT count(*) FROM redirect_hit"),
	    0);
}

/* ---- who else is there ---- */

/* Somebody who is still writing to what was taken, and changes the database
 * before going on. */
struct writer {
	char *database_path;
	char *marker; /* goes away once somebody folds */
	int descriptor;
};

static void *
write_both(void *data)
{
	struct writer *writer = data;
	struct database *database;

	while (g_access(writer->marker, F_OK) == 0)
		g_thread_yield();
	assert_int_equal(database_open(writer->database_path, DATABASE_WRITE,
			     &database, NULL),
	    STATUS_OK);
	while (database_begin(database, true) == STATUS_BUSY)
		continue;
	close(writer->descriptor);
	database_close(database);
	return NULL;
}

/* What is noted is read while others may change the database. */
static void
test_fold_waits_for_writers_without_the_database(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");
	g_autofree char *taken = site_path(fixture->site, "tally.1");
	struct writer writer = {
		.database_path = site_path(fixture->site, "byline.db"),
		.marker = site_path(fixture->site, "tally.0"),
	};
	enum status status = STATUS_BUSY;

	visit_note_view(fixture->site, add_article(fixture, "a"), NOW);
	assert_int_equal(g_rename(path, taken), 0);
	alarm(LONGEST_RUN);
	while (status == STATUS_BUSY) {
		GThread *thread;

		assert_true(g_file_set_contents(writer.marker, "", 0, NULL));
		writer.descriptor = open(taken, O_RDONLY);
		assert_int_equal(flock(writer.descriptor, LOCK_SH), 0);
		thread = g_thread_new("writer", write_both, &writer);
		status = visit_fold(fixture->site, NOW);
		g_thread_join(thread);
	}
	alarm(0);

	assert_int_equal(status, STATUS_OK);
	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), 1);
	g_free(writer.database_path);
	g_free(writer.marker);
}

/* Who counted it was killed before it could. */
static void
test_fold_drops_what_was_counted(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");
	g_autofree char *taken = site_path(fixture->site, "tally.1");

	visit_note_view(fixture->site, add_article(fixture, "a"), NOW);
	assert_int_equal(g_rename(path, taken), 0);
	site_fixture_run(fixture, "UPDATE tally SET taken = 1");
	fold(fixture);

	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), 0);
	assert_int_equal(g_access(taken, F_OK), -1);
}

/* ---- who is killed ---- */

/* Fold again and again, until somebody ends it. That it begins is said by a
 * byte into `begun`. */
static void
fold_forever(const char *directory, int begun)
{
	struct site *site;

	if (site_new(directory, &site, NULL) != STATUS_OK ||
	    site_open_database(site, DATABASE_WRITE, NOW, NULL) != STATUS_OK ||
	    write(begun, "", 1) != 1)
		_exit(1);
	for (;;)
		if (visit_fold(site, NOW) == STATUS_FAILED)
			_exit(1);
}

/* Let two fold for a while, note views meanwhile, and kill both. The while is
 * measured from when both have the database open, however long that takes.
 * Returns how many were noted. */
static int64_t
note_and_kill(const char *directory, const char *path)
{
	int64_t count = 0;
	pid_t folders[2];
	int begun[2];
	gint64 end;

	assert_int_equal(pipe(begun), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		folders[i] = fork();
		if (folders[i] == 0)
			fold_forever(directory, begun[1]);
		assert_true(folders[i] > 0);
	}
	close(begun[1]);
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
		assert_int_equal(read(begun[0], (char[1]){ 0 }, 1), 1);
	close(begun[0]);
	end = g_get_monotonic_time() + g_random_int_range(0, 25000);
	do {
		assert_int_equal(
		    tally_append(path, "v 1 1779999300\n", NULL), STATUS_OK);
		count++;
	} while (g_get_monotonic_time() < end);
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		int status;

		assert_int_equal(kill(folders[i], SIGKILL), 0);
		assert_int_equal(waitpid(folders[i], &status, 0), folders[i]);
		assert_true(WIFSIGNALED(status));
	}
	return count;
}

static void
test_fold_killed_anywhere_counts_each_once(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *directory = g_strdup(fixture->site->directory);
	g_autofree char *path = site_path(fixture->site, "tally");
	int64_t noted = 0;
	int64_t taken;

	assert_int_equal(add_article(fixture, "a"), 1);
	/* Nothing of a database goes through a fork. */
	site_free(fixture->site);
	alarm(LONGEST_RUN);
	for (int i = 0; i < KILLS; i++)
		noted += note_and_kill(directory, path);
	alarm(0);
	assert_int_equal(site_new(directory, &fixture->site, NULL), STATUS_OK);
	assert_int_equal(
	    site_open_database(fixture->site, DATABASE_WRITE, NOW, NULL),
	    STATUS_OK);
	fold(fixture);

	taken = site_fixture_integer(fixture, "SELECT taken FROM tally");
	assert_true(taken > 10);
	assert_int_equal(site_fixture_integer(fixture, SQL_VIEWS), noted);
	assert_false(tally_is_waiting(path, taken + 1));
	assert_int_equal(
	    database_check(fixture->site->database, true, NULL), STATUS_OK);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, site_fixture_set_up, site_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_note_view_writes_nothing_about_who_reads),
		TEST(test_note_view_goes_on_where_it_cannot),
		TEST(test_check_says_when_nobody_folds),
		TEST(test_fold_counts_by_article_and_day),
		TEST(test_fold_takes_the_day_of_the_blog),
		TEST(test_fold_counts_what_is_public_alone),
		TEST(test_fold_skips_lines_that_are_none),
		TEST(test_fold_takes_no_byte_for_another),
		TEST(test_fold_throws_away_where_counting_is_off),
		TEST(test_fold_leaves_pages_as_they_are),
		TEST(test_fold_writes_nothing_without_visits),
		TEST(test_fold_forgets_what_is_old),
		TEST(test_fold_due_waits_for_an_hour_or_a_lot),
		TEST(test_fold_finds_all_by_an_index),
		TEST(test_fold_counts_hits_of_redirects),
		TEST(test_hits_go_with_their_redirect),
		TEST(test_fold_waits_for_writers_without_the_database),
		TEST(test_fold_drops_what_was_counted),
		TEST(test_fold_killed_anywhere_counts_each_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
