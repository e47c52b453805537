/*
 * test_page_view.c - what an author is told of the last days.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/article_edit.h"
#include "model/author.h"
#include "model/page_view.h"

#define TODAY (NOW / DAY)

static void
add(struct fixture *fixture, int64_t id, int64_t day, int64_t count)
{
	assert_int_equal(
	    page_view_add(fixture->database, id, day, count), STATUS_OK);
}

static struct page_view_summary
summarize(struct fixture *fixture, int64_t author_id)
{
	struct page_view_summary summary;

	assert_int_equal(page_view_turn(fixture->database, TODAY), STATUS_OK);
	assert_int_equal(
	    page_view_summarize(fixture->database, author_id, TODAY, &summary),
	    STATUS_OK);
	return summary;
}

static const struct page_view_article *
most(const struct page_view_summary *summary, guint place)
{
	assert_true(place < summary->most->len);
	return g_ptr_array_index(summary->most, place);
}

static void
test_day_is_that_of_the_zone(void **state)
{
	g_autoptr(GTimeZone) east = g_time_zone_new_offset(5 * 3600 + 2700);
	g_autoptr(GTimeZone) west = g_time_zone_new_offset(-3600);

	(void)state;

	assert_int_equal(page_view_day(5 * DAY, NULL), 5);
	assert_int_equal(page_view_day(6 * DAY - 1, NULL), 5);
	assert_int_equal(page_view_day(6 * DAY - 1, east), 6);
	assert_int_equal(page_view_day(5 * DAY, west), 4);
	assert_int_equal(page_view_day_start(5), 5 * DAY);
}

static void
test_summarize_without_views_has_days(void **state)
{
	struct page_view_summary summary = summarize(*state, 0);

	assert_int_equal(summary.first_day, TODAY - PAGE_VIEW_DAYS + 1);
	assert_int_equal(summary.total, 0);
	assert_int_equal(summary.most->len, 0);
	page_view_summary_release(&summary);
}

static void
test_summarize_ends_today(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "a", 1, NULL, NULL);
	struct page_view_summary summary;

	add(fixture, id, TODAY + 1, 64);
	add(fixture, id, TODAY, 1);
	add(fixture, id, TODAY - PAGE_VIEW_DAYS + 1, 2);
	add(fixture, id, TODAY - PAGE_VIEW_DAYS, 32);
	summary = summarize(fixture, 0);

	assert_int_equal(summary.total, 3);
	assert_int_equal(summary.counts[0], 2);
	assert_int_equal(summary.counts[PAGE_VIEW_DAYS - 1], 1);
	assert_int_equal(most(&summary, 0)->count, 3);
	page_view_summary_release(&summary);
}

static void
test_summarize_names_the_most_read(void **state)
{
	static const int64_t counts[] = { 3, 9, 1, 7, 7, 2, 8 };
	static const char *const expected[] = { "a-1", "a-6", "a-4", "a-3",
		"a-0" };
	struct fixture *fixture = *state;
	struct page_view_summary summary;

	for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_autofree char *slug = g_strdup_printf("a-%zu", i);
		int64_t id = fixture_article(fixture, slug, 1, NULL, NULL);

		add(fixture, id, TODAY, 1);
		add(fixture, id, TODAY - 1, counts[i]);
	}
	summary = summarize(fixture, 0);

	assert_int_equal(summary.most->len, PAGE_VIEW_MOST);
	for (guint i = 0; i < PAGE_VIEW_MOST; i++)
		assert_string_equal(most(&summary, i)->title, expected[i]);
	assert_int_equal(most(&summary, 0)->count, 10);
	page_view_summary_release(&summary);
}

static void
test_summarize_of_an_author_has_their_own(void **state)
{
	struct fixture *fixture = *state;
	const struct author_draft grace = { .name = "Grace" };
	struct article_draft draft = fixture_draft(fixture, "b", 1);
	int64_t id = fixture_article(fixture, "a", 1, NULL, NULL);
	struct page_view_summary summary;
	int64_t grace_id;

	assert_int_equal(
	    author_add(fixture->database, &grace, NOW, &grace_id, NULL),
	    STATUS_OK);
	draft.author_ids = &grace_id;
	add(fixture, id, TODAY, 5);
	add(fixture, fixture_save(fixture, &draft), TODAY, 3);
	summary = summarize(fixture, grace_id);

	assert_int_equal(summary.total, 3);
	assert_int_equal(summary.most->len, 1);
	assert_string_equal(most(&summary, 0)->title, "b");
	page_view_summary_release(&summary);
}

/* ---- sums ---- */

#define ARTICLES 8
#define AUTHORS  3
#define STEPS    800

/* What is kept is what adding all up gives; each row of the first two is a
 * difference. */
static const char *const DIFFERENCES[] = {
	"SELECT count(*) FROM (SELECT day, 0 AS author_id, sum(count) AS count"
	" FROM page_view GROUP BY day"
	" UNION ALL SELECT v.day, o.author_id, sum(v.count) FROM page_view v"
	" JOIN article_author o ON o.article_id = v.article_id"
	" GROUP BY v.day, o.author_id) s"
	" FULL JOIN page_view_sum k USING (day, author_id)"
	" WHERE coalesce(s.count, 0) <> coalesce(k.count, 0)",
	"SELECT count(*) FROM (SELECT article_id, sum(count) AS count"
	" FROM page_view, page_view_span"
	" WHERE day BETWEEN first_day AND last_day GROUP BY article_id) s"
	" FULL JOIN page_view_window k USING (article_id)"
	" WHERE coalesce(s.count, 0) <> coalesce(k.count, 0)",
	"SELECT count(*) FROM page_view_sum WHERE count < 0",
	"SELECT count(*) FROM page_view_window WHERE count < 0",
};

/* An article, if it is still there, and its views go for good. */
static void
remove_article(struct fixture *fixture, int64_t id)
{
	int64_t count;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	if (article_trash(fixture->database, id, NOW - 1) == STATUS_OK)
		assert_int_equal(article_empty_trash(fixture->database,
				     NOW + ARTICLE_TRASH_SECONDS, &count),
		    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

/* Others have written it. */
static void
change_authors(struct fixture *fixture, int64_t id, GRand *random)
{
	g_autofree char *remove = g_strdup_printf(
	    "DELETE FROM article_author WHERE article_id = %d", (int)id);
	g_autofree char *add =
	    g_strdup_printf("INSERT INTO article_author (article_id, position,"
			    " author_id)"
			    " SELECT a.id, u.id, u.id FROM article a, author u"
			    " WHERE a.id = %d AND (u.id = %d OR u.id = %d)",
		(int)id, g_rand_int_range(random, 1, AUTHORS + 1),
		g_rand_int_range(random, 1, AUTHORS + 1));

	fixture_run(fixture, remove);
	fixture_run(fixture, add);
}

/* Something that changes views, or whose they are, or which day it is. */
static void
change_something(struct fixture *fixture, GRand *random, int64_t *today)
{
	int64_t id = g_rand_int_range(random, 1, ARTICLES + 1);
	int kind = g_rand_int_range(random, 0, 1000);

	if (kind < 900) {
		add(fixture, id,
		    *today + 1 - g_rand_int_range(random, 0, 2 + kind / 2),
		    1 + kind % 3);
	} else if (kind < 950) {
		change_authors(fixture, id, random);
	} else if (kind < 956) {
		remove_article(fixture, id);
	} else {
		/* Mostly the next, now and then a clock that was wrong. */
		*today += kind < 990   ? 1
			  : kind < 996 ? -1
			  : kind < 998 ? 20
				       : -40;
		assert_int_equal(
		    page_view_turn(fixture->database, *today), STATUS_OK);
	}
}

static void
test_sums_stay_true_whatever_changes(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GRand) random = g_rand_new_with_seed(20260528);
	int64_t today = TODAY;

	for (int i = 2; i <= AUTHORS; i++) {
		g_autofree char *name = g_strdup_printf("Author %d", i);
		const struct author_draft draft = { .name = name };
		int64_t id;

		assert_int_equal(
		    author_add(fixture->database, &draft, NOW, &id, NULL),
		    STATUS_OK);
		assert_int_equal(id, i);
	}
	for (int i = 1; i <= ARTICLES; i++) {
		g_autofree char *slug = g_strdup_printf("a-%d", i);

		assert_int_equal(
		    fixture_article(fixture, slug, 1, NULL, NULL), i);
	}
	for (int i = 0; i < STEPS; i++) {
		change_something(fixture, random, &today);
		for (size_t k = 0; k < G_N_ELEMENTS(DIFFERENCES); k++)
			if (fixture_integer(fixture, DIFFERENCES[k]) != 0)
				fail_msg("step %d: %s", i, DIFFERENCES[k]);
	}

	assert_true(
	    fixture_integer(fixture, "SELECT count(*) FROM page_view") > 100);
	assert_in_range(
	    fixture_integer(fixture, "SELECT count(*) FROM article"), 1,
	    ARTICLES - 1);
}

/* Nothing is kept of a day that was forgotten, nor of an article that is gone.
 */
static void
test_sums_go_with_what_they_are_of(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "a", 1, NULL, NULL);

	add(fixture, id, TODAY - PAGE_VIEW_KEPT, 5);
	add(fixture, id, TODAY - PAGE_VIEW_KEPT - 1, 7);
	assert_int_equal(page_view_turn(fixture->database, TODAY), STATUS_OK);
	assert_int_equal(
	    fixture_integer(fixture,
		"SELECT sum(count) FROM page_view_sum WHERE author_id = 0"),
	    5);
	assert_int_equal(fixture_integer(fixture,
			     "SELECT count(DISTINCT day) FROM page_view_sum"),
	    1);

	add(fixture, id, TODAY, 3);
	remove_article(fixture, id);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT sum(count) FROM page_view_sum"),
	    0);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM page_view_window"),
	    0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_day_is_that_of_the_zone),
		TEST(test_summarize_without_views_has_days),
		TEST(test_summarize_ends_today),
		TEST(test_summarize_names_the_most_read),
		TEST(test_summarize_of_an_author_has_their_own),
		TEST(test_sums_stay_true_whatever_changes),
		TEST(test_sums_go_with_what_they_are_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
