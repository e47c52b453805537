/*
 * test_page_view.c - what an author is told of the last days.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fixture.h"
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
