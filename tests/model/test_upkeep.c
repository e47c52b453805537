/*
 * test_upkeep.c - what somebody should see to is said while it is so, and not
 * any more when it is mended.
 */
#include "config.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/tally.h"
#include "model/upkeep.h"
#include "model/visit.h"
#include "site_fixture.h"

/* What is left on the disk, in bytes; 0: as the machine says. */
static unsigned long long left_on_disk;

/* How many files it has, and can have more; 0 and 0: as the machine says. */
static unsigned long long files, files_left;

int __real_statvfs(const char *path, struct statvfs *out);
int __wrap_statvfs(const char *path, struct statvfs *out);

int
__wrap_statvfs(const char *path, struct statvfs *out)
{
	int result = __real_statvfs(path, out);

	if (left_on_disk != 0) {
		out->f_frsize = 1;
		out->f_bavail = left_on_disk;
	}
	if (files != 0 || files_left != 0) {
		out->f_files = files;
		out->f_favail = files_left;
	}
	return result;
}

/* All that is said, a line each. The caller frees it. */
static char *
list(struct site_fixture *fixture, int64_t now)
{
	g_autoptr(GPtrArray) all =
	    upkeep_list(fixture->site, fixture->site->blog.zone, now);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < all->len; i++)
		g_string_append_printf(
		    text, "%s\n", (char *)g_ptr_array_index(all, i));
	return g_string_free(text, FALSE);
}

static void
assert_says(struct site_fixture *fixture, int64_t now, const char *words)
{
	g_autofree char *text = list(fixture, now);

	if (strstr(text, words) == NULL)
		fail_msg("%s is not in: %s", words, text);
	/* One of them, and a sentence. */
	assert_string_equal(strchr(text, '\n'), "\n");
	assert_int_equal(text[strlen(text) - 2], '.');
}

static void
assert_says_nothing(struct site_fixture *fixture, int64_t now)
{
	g_autofree char *text = list(fixture, now);

	assert_string_equal(text, "");
}

static void
make_file(struct site_fixture *fixture, const char *name)
{
	g_autofree char *path = site_path(fixture->site, name);

	assert_true(g_file_set_contents(path, "", 0, NULL));
}

static void
test_list_of_a_new_site_is_empty(void **state)
{
	assert_says_nothing(*state, NOW);
}

static void
test_list_has_what_is_overdue(void **state)
{
	struct site_fixture *fixture = *state;

	upkeep_note_work(fixture->site, NOW);
	fixture->site->scheduled_at = NOW - UPKEEP_OVERDUE;
	assert_says_nothing(fixture, NOW);

	fixture->site->scheduled_at = NOW - UPKEEP_OVERDUE - 1;

	assert_says(fixture, NOW, "An article is overdue");
	assert_true(upkeep_is_overdue(fixture->site, NOW));
}

static void
test_list_has_work_that_never_ran(void **state)
{
	struct site_fixture *fixture = *state;

	/* Without anything scheduled nobody needs it. */
	assert_says_nothing(fixture, NOW);
	fixture->site->scheduled_at = NOW + DAY;
	assert_says(fixture, NOW, "byline work has never run");

	upkeep_note_work(fixture->site, NOW);

	assert_says_nothing(fixture, NOW);
	assert_int_equal(upkeep_work_seen_at(fixture->site), NOW);
}

static void
test_list_has_work_that_stopped(void **state)
{
	struct site_fixture *fixture = *state;

	upkeep_note_work(fixture->site, NOW);
	assert_says_nothing(fixture, NOW + UPKEEP_WORK_LATE);

	assert_says(fixture, NOW + UPKEEP_WORK_LATE + 1,
	    "byline work has not run since May 28, 2026: start");

	upkeep_note_work(fixture->site, NOW + UPKEEP_WORK_LATE + 1);
	assert_says_nothing(fixture, NOW + UPKEEP_WORK_LATE + 1);
}

static void
test_note_work_writes_once_a_minute(void **state)
{
	struct site_fixture *fixture = *state;

	upkeep_note_work(fixture->site, NOW);
	upkeep_note_work(fixture->site, NOW + 59);
	assert_int_equal(upkeep_work_seen_at(fixture->site), NOW);
	upkeep_note_work(fixture->site, NOW + 60);
	assert_int_equal(upkeep_work_seen_at(fixture->site), NOW + 60);
	/* A clock that goes back. */
	upkeep_note_work(fixture->site, NOW - DAY);
	assert_int_equal(upkeep_work_seen_at(fixture->site), NOW - DAY);
}

static void
test_list_has_copies_of_the_database(void **state)
{
	struct site_fixture *fixture = *state;

	make_file(fixture, "byline.db.before-0008");
	make_file(fixture, "byline.db.before-0003");

	assert_says(
	    fixture, NOW, "byline.db.before-0003, byline.db.before-0008.");
}

static void
test_list_has_a_disk_that_is_nearly_full(void **state)
{
	struct site_fixture *fixture = *state;

	left_on_disk = 99 << 20;

	assert_says(fixture, NOW, "The disk is nearly full: 99.0");
	left_on_disk = 101 << 20;
	assert_says_nothing(fixture, NOW);
	left_on_disk = 0;
}

static void
test_list_has_a_disk_without_room_for_names(void **state)
{
	struct site_fixture *fixture = *state;

	files = 100000;
	files_left = 999;
	assert_says(fixture, NOW, "can have only 999 files more");
	files_left = 1000;
	assert_says_nothing(fixture, NOW);

	/* No limit at all. */
	files = 0;
	files_left = 1;
	assert_says_nothing(fixture, NOW);
	files_left = 0;
}

static void
test_is_disk_low_for_a_large_database(void **state)
{
	(void)state;

	assert_true(upkeep_is_disk_low((int64_t)3 << 30, (int64_t)2 << 30));
	assert_false(upkeep_is_disk_low((int64_t)5 << 30, (int64_t)2 << 30));
	assert_true(upkeep_is_disk_low((int64_t)50 << 20, 0));
}

static void
test_list_has_views_that_nobody_folds(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");

	visit_note_view(fixture->site, 1, NOW);
	assert_int_equal(truncate(path, TALLY_MAX_SIZE), 0);

	assert_says(fixture, NOW, "Views are not counted any more");
	assert_int_equal(visit_fold(fixture->site, NOW), STATUS_OK);
	assert_says_nothing(fixture, NOW);
}

static void
test_list_has_views_that_cannot_be_noted(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "tally");

	/* Also root cannot write to what is no file. */
	assert_int_equal(g_mkdir(path, 0500), 0);

	assert_says(fixture, NOW, "Views cannot be counted");
	fixture->site->blog.is_counting_views = false;
	assert_says_nothing(fixture, NOW);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, site_fixture_set_up, site_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_list_of_a_new_site_is_empty),
		TEST(test_list_has_what_is_overdue),
		TEST(test_list_has_work_that_never_ran),
		TEST(test_list_has_work_that_stopped),
		TEST(test_note_work_writes_once_a_minute),
		TEST(test_list_has_copies_of_the_database),
		TEST(test_list_has_a_disk_that_is_nearly_full),
		TEST(test_list_has_a_disk_without_room_for_names),
		cmocka_unit_test(test_is_disk_low_for_a_large_database),
		TEST(test_list_has_views_that_nobody_folds),
		TEST(test_list_has_views_that_cannot_be_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
