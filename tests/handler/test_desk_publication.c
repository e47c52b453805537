/*
 * test_desk_publication.c - publishing, scheduling and taking back: what is
 * said beforehand is what happens, and nothing happens that was not asked for.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk_fixture.h"
#include "model/writer.h"

#define PUBLICATION "/desk/articles/1/publication"

/* ---- what happens while a text is rendered ---- */

/* The linker calls the function below, so that nothing can be handed to it. */
static struct desk_fixture *current;
static const char *meanwhile; /* SQL */

enum status __real_writer_render(struct writer *writer, int64_t article_id,
    const char *title, const char *markdown, struct document *out_document,
    GError **error);
enum status __wrap_writer_render(struct writer *writer, int64_t article_id,
    const char *title, const char *markdown, struct document *out_document,
    GError **error);

enum status
__wrap_writer_render(struct writer *writer, int64_t article_id,
    const char *title, const char *markdown, struct document *out_document,
    GError **error)
{
	if (meanwhile != NULL)
		desk_run(current, meanwhile);
	return __real_writer_render(
	    writer, article_id, title, markdown, out_document, error);
}

static int
set_up(void **state)
{
	int result = desk_fixture_set_up(state);

	current = *state;
	meanwhile = NULL;
	return result;
}

/* ---- asking ---- */

static void
ask_for(struct desk_fixture *fixture, const char *action, const char *time)
{
	desk_post(
	    fixture, PUBLICATION, "action", action, "published_at", time, NULL);
}

static void
assert_state(
    struct desk_fixture *fixture, const char *status, int64_t published_at)
{
	desk_assert_text(fixture, "SELECT status FROM article", status);
	assert_int_equal(
	    desk_integer(fixture, "SELECT coalesce(published_at, 0)"
				  " FROM article"),
	    published_at);
}

/* ---- publishing ---- */

static void
test_page_says_what_will_happen(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A Title", "x");
	desk_get(fixture, PUBLICATION);

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture,
	    "It will stand at http://127.0.0.1:8080/articles/a-title at once");
	desk_assert_has(fixture, "value=\"publish\"");
	desk_assert_has(fixture, "value=\"schedule\"");
	desk_assert_has_not(fixture, "value=\"unpublish\"");
	desk_assert_has(fixture, "In the time zone of the blog, UTC.");
}

static void
test_publish_now(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A Title", "x");
	fixture->now += 60;
	desk_post(
	    fixture, PUBLICATION, "version", "1", "action", "publish", NULL);

	desk_assert_goes_to(fixture, "/desk/articles/1?said=published");
	assert_state(fixture, "published", DESK_NOW + 60);
	desk_get(fixture, "/desk/articles/1?said=published");
	desk_assert_has(fixture, "Published. Readers see it now.");
	desk_assert_has(fixture, "href=\"/articles/a-title\"");
	desk_get(fixture, PUBLICATION);
	desk_assert_has(fixture, "It was published on May 28, 2026, 20:27");
	desk_assert_has(fixture, "Make it a draft again");
	desk_assert_has_not(fixture, "value=\"publish\"");
	desk_assert_has_not(fixture, "value=\"schedule\"");
}

/* What a text is published under is the date that its author gives. */
static void
test_publish_under_a_date_that_has_passed(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	ask_for(fixture, "publish", "2020-02-29 12:30");

	desk_assert_status(fixture, 303);
	assert_state(fixture, "published", 1582979400);
}

static void
test_publish_what_somebody_changed_meanwhile(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Seen");
	desk_post(fixture, "/desk/articles/1", "version", "1", "body", "Unseen",
	    NULL);
	desk_post(
	    fixture, PUBLICATION, "version", "1", "action", "publish", NULL);

	desk_assert_status(fixture, 409);
	desk_assert_has(fixture, "saved elsewhere since you opened this page");
	desk_assert_has(fixture, "name=\"version\" value=\"2\"");
	assert_state(fixture, "draft", 0);
}

/* Who sends a form of an error page again, or a script, and names no button. */
static void
test_nothing_is_done_that_was_not_asked_for(void **state)
{
	static const char *const actions[] = { "", "PUBLISH", "delete",
		"publish " };
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
		ask_for(fixture, actions[i], "");
		desk_assert_status(fixture, 422);
		desk_assert_has(fixture, "Please choose one of the buttons.");
	}
	desk_post(fixture, PUBLICATION, "version", "1", NULL);
	desk_assert_status(fixture, 422);
	assert_state(fixture, "draft", 0);
}

static void
test_publish_from_the_trash(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	desk_run(fixture, "UPDATE article SET trashed_at = 5");
	ask_for(fixture, "publish", "");

	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "It is in the trash: take it out first.");
	assert_state(fixture, "draft", 0);
}

static void
test_publish_what_is_another_authors(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	ask_for(fixture, "publish", "");

	desk_assert_status(fixture, 403);
	assert_state(fixture, "draft", 0);
}

/* ---- scheduling ---- */

static void
test_schedule(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	ask_for(fixture, "schedule", "2026-05-30T14:00");

	desk_assert_goes_to(fixture, "/desk/articles/1?said=scheduled");
	assert_state(fixture, "scheduled", 1780149600);
	desk_get(fixture, "/desk/articles/1?said=scheduled");
	desk_assert_has(fixture, "Scheduled for May 30, 2026, 14:00");
	desk_get(fixture, PUBLICATION);
	desk_assert_has(fixture, "It will be published on May 30, 2026, 14:00");
	desk_assert_has(fixture, "value=\"2026-05-30T14:00\"");
	desk_assert_has(fixture, "Do not publish it");
}

/* What is typed is a time where the blog is. */
static void
test_schedule_in_a_time_zone(void **state)
{
	struct desk_fixture *fixture = *state;

	assert_int_equal(setting_store(fixture->site->database, "time_zone",
			     "Europe/Berlin", NULL),
	    STATUS_OK);
	desk_article(fixture, "A", "x");
	ask_for(fixture, "schedule", "2026-05-30T14:00");

	assert_state(fixture, "scheduled", 1780149600 - 2 * DESK_HOUR);
	desk_get(fixture, PUBLICATION);
	desk_assert_has(fixture, "value=\"2026-05-30T14:00\"");
	desk_assert_has(fixture, "Europe/Berlin");
}

/* At night the clocks go back, and 01:30 is there twice: the first is 05:30Z. A
 * field for date and time shows no more than that. */
static void
test_schedule_again_as_it_is(void **state)
{
	const int64_t second = 1951367400;
	struct desk_fixture *fixture = *state;

	assert_int_equal(setting_store(fixture->site->database, "time_zone",
			     "America/New_York", NULL),
	    STATUS_OK);
	desk_article(fixture, "A", "x");
	ask_for(fixture, "schedule", "2031-11-02T01:30-05:00");
	assert_state(fixture, "scheduled", second);
	desk_get(fixture, PUBLICATION);
	desk_assert_has(fixture, "value=\"2031-11-02T01:30\"");

	ask_for(fixture, "schedule", "2031-11-02T01:30");

	desk_assert_goes_to(fixture, "/desk/articles/1?said=scheduled");
	assert_state(fixture, "scheduled", second);
	ask_for(fixture, "schedule", "2031-11-02T02:30");
	ask_for(fixture, "schedule", "2031-11-02T01:30");
	desk_assert_goes_to(fixture, "/desk/articles/1?said=scheduled-first");
	assert_state(fixture, "scheduled", second - DESK_HOUR);
}

static void
test_schedule_what_cannot_be(void **state)
{
	static const struct {
		const char *typed, *said;
	} wrongs[] = {
		{ "", "Please say when." },
		{ "2026-05-28T20:26", "That has passed already." },
		{ "1999-01-01T00:00", "That has passed already." },
		{ "tomorrow", "That is no date and time" },
		{ "2026-02-30T14:00", "That is no date and time" },
		{ "2026-05-30T25:00", "That is no date and time" },
		{ "99999-05-30T14:00", "That is no date and time" },
		{ "\"><b>", "That is no date and time" },
	};
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	for (size_t i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		g_autofree char *typed = NULL;

		ask_for(fixture, "schedule", wrongs[i].typed);
		desk_assert_status(fixture, 422);
		desk_assert_has(fixture, "id=\"problem-published_at\"");
		desk_assert_has(fixture, wrongs[i].said);
		typed = desk_value_after(fixture, "id=\"field-published_at\"");
		assert_string_equal(typed, wrongs[i].typed);
	}
	assert_state(fixture, "draft", 0);
}

static void
test_schedule_again(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	ask_for(fixture, "schedule", "2026-05-30T14:00");
	ask_for(fixture, "schedule", "2026-06-01T08:00");

	desk_assert_status(fixture, 303);
	assert_state(fixture, "scheduled", 1780300800);
}

/* The form to publish now has no date in it: what waits waits no more. */
static void
test_publish_now_what_is_scheduled(void **state)
{
	struct desk_fixture *fixture = *state;
	const char *form, *field;

	desk_article(fixture, "A", "x");
	ask_for(fixture, "schedule", "2026-05-30T14:00");
	desk_get(fixture, PUBLICATION);
	form = strstr(fixture->answer.body->str, "value=\"publish\"");
	field = strstr(fixture->answer.body->str, "name=\"published_at\"");
	assert_true(strstr(form, "</form>") < field);

	desk_post(
	    fixture, PUBLICATION, "version", "2", "action", "publish", NULL);

	desk_assert_goes_to(fixture, "/desk/articles/1?said=published");
	assert_state(fixture, "published", DESK_NOW);
}

/* A script that publishes under a date to come schedules. */
static void
test_publish_under_a_date_to_come(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	ask_for(fixture, "publish", "2026-05-30T14:00");

	desk_assert_goes_to(fixture, "/desk/articles/1?said=scheduled");
	assert_state(fixture, "scheduled", 1780149600);
}

static void
test_save_what_is_scheduled(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	ask_for(fixture, "schedule", "2026-05-30T14:00");
	desk_post(
	    fixture, "/desk/articles/1", "version", "2", "body", "y", NULL);

	desk_assert_status(fixture, 303);
	assert_state(fixture, "scheduled", 1780149600);
}

static void
publish_due(struct desk_fixture *fixture, const char *target)
{
	desk_article(fixture, "A", "Words to find");
	ask_for(fixture, "schedule", "2026-05-30T14:00");
	fixture->now = 1780149599;
	/* Another process is at it, while the text is rendered here. */
	meanwhile = "UPDATE article SET status = 'published'"
		    " WHERE status = 'scheduled'";
	desk_post(fixture, target, "version", "2", "body", "Other words", NULL);
	meanwhile = NULL;
}

/* Its time comes while its author saves: it was published, and stays so. */
static void
test_save_what_is_published_meanwhile(void **state)
{
	struct desk_fixture *fixture = *state;

	publish_due(fixture, "/desk/articles/1");

	desk_assert_status(fixture, 303);
	assert_state(fixture, "published", 1780149600);
	desk_assert_text(fixture, "SELECT body FROM article", "Other words");
}

static void
test_restore_what_is_published_meanwhile(void **state)
{
	struct desk_fixture *fixture = *state;

	publish_due(fixture, "/desk/articles/1/revisions/1/restore");

	desk_assert_status(fixture, 303);
	assert_state(fixture, "published", 1780149600);
}

/* The first request after its time publishes it, whoever sends it. */
static void
test_due_article_is_published_by_a_request(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	ask_for(fixture, "schedule", "2026-05-30T14:00");
	fixture->now = 1780149599;
	desk_get(fixture, "/desk/articles/1");
	assert_state(fixture, "scheduled", 1780149600);

	fixture->now = 1780149600;
	desk_get(fixture, "/desk/articles/1");

	assert_state(fixture, "published", 1780149600);
	desk_assert_has(fixture, "Published on May 30, 2026, 14:00");
	assert_int_equal(
	    desk_integer(fixture, "SELECT version FROM article"), 2);
}

/* ---- taking back ---- */

static void
test_take_back_and_publish_again(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	ask_for(fixture, "publish", "");
	fixture->now += DESK_DAY;
	ask_for(fixture, "unpublish", "");
	desk_assert_goes_to(fixture, "/desk/articles/1?said=unpublished");
	assert_state(fixture, "draft", DESK_NOW);
	desk_get(fixture, PUBLICATION);
	desk_assert_has(
	    fixture, "under the date it had before: May 28, 2026, 20:26.");
	desk_assert_has(fixture, "name=\"published_at\" value=\"\"");

	desk_post(
	    fixture, PUBLICATION, "version", "3", "action", "publish", NULL);
	assert_state(fixture, "published", DESK_NOW);
}

static void
test_take_back_what_is_scheduled(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	ask_for(fixture, "schedule", "2026-05-30T14:00");
	ask_for(fixture, "unpublish", "nonsense");

	desk_assert_goes_to(fixture, "/desk/articles/1?said=unpublished");
	assert_state(fixture, "draft", 0);
	fixture->now += 9 * DESK_DAY;
	desk_get(fixture, "/desk/articles/1");
	assert_state(fixture, "draft", 0);
}

/* ---- what readers would stumble over ---- */

static void
test_page_warns_and_lets_it_be_published(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A",
	    "[nowhere](/articles/none) ![](/media/none.png) [x](#none)");
	desk_get(fixture, PUBLICATION);

	desk_assert_has(fixture, "The link to /articles/none leads nowhere.");
	desk_assert_has(fixture, "There is no file at /media/none.png.");
	/* Named once. */
	desk_assert_has(
	    fixture, "Line 1: image without a description: /media/none.png");
	desk_assert_has_not(fixture, "has no text for who");
	desk_assert_has(
	    fixture, "Line 1: nothing in the text has the anchor #none");
	desk_assert_has_not(fixture, "The link to #none");
	ask_for(fixture, "publish", "");
	assert_state(fixture, "published", DESK_NOW);
}

/* A draft leads nowhere yet, unless readers are led on from where it stands. */
static void
test_links_to_what_is_not_public(void **state)
{
	static const char words[] =
	    "The link to /articles/b leads to what is not public yet.";
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "[b](/articles/b)");
	desk_article(fixture, "B", "x");
	desk_get(fixture, PUBLICATION);
	desk_assert_has(fixture, words);

	desk_run(fixture, "INSERT INTO redirect (path, target, created_at)"
			  " VALUES ('/articles/b', '/archive', 1)");
	desk_get(fixture, PUBLICATION);
	desk_assert_has_not(fixture, "The link to");
}

/* Each where readers would find it or not. */
static void
test_links_of_every_kind_are_followed(void **state)
{
	static const char *const right[] = { "/tags/one", "/tags/one/feed.xml",
		"/categories/c", "/authors/ada-lovelace", "/articles/a", "a",
		"./a#top", "?q=x", "../archive", "/feed.xml",
		"mailto:ada@example.org", "//example.org/x", "/tags", "/page/1",
		"/page/2", "/archive/2025", "/archive/2025/page/1",
		"/archive/2026", "/tags/one/page/1" };
	static const char *const wrong[] = { "/tags/none",
		"/tags/none/feed.xml", "/categories/none", "/authors/none",
		"none.html", "../none", "b", "/page/3", "/page/0", "/page/x",
		"/archive/1900", "/archive/x", "/archive/2025/page/3",
		"/archive/2026/page/2", "/tags/one/page/2" };
	struct desk_fixture *fixture = *state;
	g_autoptr(GString) body = g_string_new(NULL);

	/* One is public; this one will be the other. */
	desk_article(fixture, "Old", "x");
	desk_run(fixture, "UPDATE article SET status = 'published',"
			  " published_at = 1750000000, year = 2025");
	desk_run(fixture, "INSERT INTO setting VALUES ('per_page', '1')");
	for (size_t i = 0; i < G_N_ELEMENTS(right); i++)
		g_string_append_printf(body, "[x](%s)\n", right[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_string_append_printf(body, "[x](%s)\n", wrong[i]);
	desk_post(fixture, "/desk/articles", "key", "key", "title", "A", "tags",
	    "one", "category", "C", "body", body->str, NULL);
	desk_get(fixture, "/desk/articles/2/publication");

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autofree char *said =
		    g_strdup_printf("The link to %s leads nowhere.", wrong[i]);

		desk_assert_has(fixture, said);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
		g_autofree char *said =
		    g_strdup_printf("The link to %s leads", right[i]);

		desk_assert_has_not(fixture, said);
	}
}

static void
test_old_address_of_another_is_told(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "Old", "x");
	ask_for(fixture, "publish", "");
	desk_get(fixture, PUBLICATION);
	desk_assert_has_not(fixture, "has been led to");
	desk_post(fixture, "/desk/articles/1", "version", "2", "title", "Old",
	    "slug", "new", "body", "x", NULL);
	desk_assert_goes_to(fixture, "/desk/articles/1?said=saved");
	desk_article(fixture, "Old", "y");

	desk_get(fixture, "/desk/articles/2/publication");

	desk_assert_has(fixture, "led to /articles/new so far, and will find "
				 "this instead.");
}

static void
test_hosts_that_are_none(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A",
	    "[x](https://a..b/) [x](http://.c/) [x](https://example.org./) "
	    "[x](http://[::1]/)");
	desk_get(fixture, PUBLICATION);

	desk_assert_has(fixture, "https://a..b/ is no address");
	desk_assert_has(fixture, "http://.c/ is no address");
	desk_assert_has_not(fixture, "example.org./ is no");
	desk_assert_has_not(fixture, "]/ is no address");
}

static void
test_page_of_what_is_not_there(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, PUBLICATION);
	desk_assert_status(fixture, 404);
	ask_for(fixture, "publish", "");
	desk_assert_status(fixture, 404);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_page_says_what_will_happen),
		TEST(test_publish_now),
		TEST(test_publish_under_a_date_that_has_passed),
		TEST(test_publish_what_somebody_changed_meanwhile),
		TEST(test_nothing_is_done_that_was_not_asked_for),
		TEST(test_publish_from_the_trash),
		TEST(test_publish_what_is_another_authors),
		TEST(test_schedule),
		TEST(test_schedule_in_a_time_zone),
		TEST(test_schedule_again_as_it_is),
		TEST(test_schedule_what_cannot_be),
		TEST(test_schedule_again),
		TEST(test_publish_now_what_is_scheduled),
		TEST(test_publish_under_a_date_to_come),
		TEST(test_save_what_is_scheduled),
		TEST(test_save_what_is_published_meanwhile),
		TEST(test_restore_what_is_published_meanwhile),
		TEST(test_due_article_is_published_by_a_request),
		TEST(test_take_back_and_publish_again),
		TEST(test_take_back_what_is_scheduled),
		TEST(test_page_warns_and_lets_it_be_published),
		TEST(test_links_to_what_is_not_public),
		TEST(test_links_of_every_kind_are_followed),
		TEST(test_old_address_of_another_is_told),
		TEST(test_hosts_that_are_none),
		TEST(test_page_of_what_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
