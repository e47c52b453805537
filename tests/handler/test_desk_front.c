/*
 * test_desk_front.c - what an author sees first: how much was viewed, and what
 * somebody should see to, while it is so.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "desk_fixture.h"
#include "model/redirect.h"
#include "model/upkeep.h"
#include "model/visit.h"

/* A published article; its id. */
static int64_t
publish(struct desk_fixture *fixture, const char *title)
{
	int64_t id = desk_article(fixture, title, "Words.\n");
	g_autofree char *path = desk_article_path(id, "/publication");

	desk_post(fixture, path, "action", "publish", "version", "1", NULL);
	desk_assert_status(fixture, 303);
	return id;
}

static void
view(struct desk_fixture *fixture, int64_t id, int count)
{
	for (int i = 0; i < count; i++)
		visit_note_view(fixture->site, id, fixture->now);
}

static void
test_front_counts_what_was_noted(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = publish(fixture, "First title");

	desk_get(fixture, "/desk");
	desk_assert_has(fixture, "No article was viewed in the last 30 days");
	desk_assert_has_not(fixture, "<svg");

	view(fixture, id, 3);
	view(fixture, publish(fixture, "Second title"), 1);
	desk_get(fixture, "/desk");

	desk_assert_status(fixture, 200);
	desk_assert_has(
	    fixture, "4 views in the last 30 days, 4 of them today.");
	desk_assert_has(fixture, "<title>May 28, 2026: 4</title>");
	desk_assert_has(fixture,
	    "<li><a href=\"/desk/articles/1\">First title</a> "
	    "<span>3 views</span></li>");
	desk_assert_has(fixture, "<span>1 view</span>");
	desk_get(fixture, "/desk");
	desk_assert_has(fixture, "4 views in the last 30 days");
}

static void
test_front_of_an_author_has_their_own(void **state)
{
	struct desk_fixture *fixture = *state;

	view(fixture, publish(fixture, "First title"), 3);
	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	view(fixture, publish(fixture, "Second title"), 1);
	desk_get(fixture, "/desk");

	desk_assert_has(fixture, "1 view in the last 30 days");
	desk_assert_has(fixture, "Second title");
	desk_assert_has_not(fixture, "First title");
}

static void
test_front_without_counting_says_so(void **state)
{
	struct desk_fixture *fixture = *state;

	view(fixture, publish(fixture, "First title"), 3);
	desk_post(
	    fixture, "/desk/settings/counting", "count_views", "false", NULL);
	desk_assert_goes_to(fixture, "/desk/settings/counting?said=saved");
	desk_get(fixture, "/desk");

	desk_assert_has(fixture, "Views are not counted.");
	desk_assert_has(fixture, "/desk/settings/counting\"");
	desk_assert_has_not(fixture, "<svg");
	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_get(fixture, "/desk");
	desk_assert_has_not(fixture, "/desk/settings/counting");
}

static void
test_counting_takes_two_words_alone(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(
	    fixture, "/desk/settings/counting", "count_views", "perhaps", NULL);

	desk_assert_status(fixture, 422);
	desk_get(fixture, "/desk/settings/counting");
	desk_assert_has(fixture, "<option value=\"true\" selected");
	desk_assert_has(fixture, "no cookie, no address");
}

/* Somebody else writes: the page is shown, and counts the next time. */
static void
test_front_while_the_database_is_locked(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = publish(fixture, "First title");
	g_autofree char *path = site_path(fixture->site, "byline.db");
	struct database *other = NULL;

	view(fixture, id, 3);
	assert_int_equal(
	    database_open(path, DATABASE_WRITE, &other, NULL), STATUS_OK);
	assert_int_equal(database_begin(other, true), STATUS_OK);

	desk_get(fixture, "/desk");
	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "No article was viewed");

	database_close(other);
	desk_get(fixture, "/desk");
	desk_assert_has(fixture, "3 views in the last 30 days");
}

static void
test_redirects_show_how_often_they_were_followed(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = publish(fixture, "First title");

	assert_int_equal(redirect_add_to_article(fixture->site->database,
			     "/old", id, fixture->now, NULL),
	    STATUS_OK);
	desk_get(fixture, "/desk/settings/redirects");
	desk_assert_has(fixture, "<td>Never followed ");
	visit_note_redirect(fixture->site, "/old", fixture->now);
	desk_get(fixture, "/desk/settings/redirects");
	desk_assert_has(fixture,
	    "<td>Followed 1 time, last on "
	    "<time datetime=\"2026-05-28\">May 28, 2026</time>");
	visit_note_redirect(fixture->site, "/old", fixture->now);
	desk_get(fixture, "/desk/settings/redirects");
	desk_assert_has(fixture, "<td>Followed 2 times, last on <time");
}

/* ---- what somebody should see to ---- */

#define HEADING "Needs attention"

static void
test_front_has_nothing_to_see_to(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, "/desk");

	desk_assert_has_not(fixture, HEADING);
}

static void
test_front_says_what_to_see_to(void **state)
{
	struct desk_fixture *fixture = *state;

	upkeep_note_work(fixture->site, fixture->now - 2 * UPKEEP_WORK_LATE);
	desk_get(fixture, "/desk");

	desk_assert_has(fixture, HEADING);
	desk_assert_has(fixture, "byline work has not run since May 28, 2026");
	/* Who cannot do anything about it is not told. */
	desk_become(fixture, AUTHOR_ROLE_EDITOR);
	desk_get(fixture, "/desk");
	desk_assert_has_not(fixture, HEADING);
}

/* It was seen at 18:26 in UTC, when the next day had begun on Kiritimati. */
static void
test_front_says_it_in_the_zone_of_who_reads(void **state)
{
	struct desk_fixture *fixture = *state;

	upkeep_note_work(fixture->site, fixture->now - 2 * UPKEEP_WORK_LATE);
	desk_run(fixture, "UPDATE author SET time_zone = 'Pacific/Kiritimati'");
	desk_get(fixture, "/desk");

	desk_assert_has(fixture, "byline work has not run since May 29, 2026");
}

static void
test_front_says_that_passwords_can_be_read(void **state)
{
	struct desk_fixture *fixture = *state;
	struct settings *settings = &fixture->site->settings;

	g_free(settings->origin);
	settings->origin = g_strdup("http://blog.example");
	desk_ask(fixture, "GET", "/desk", NULL, "HTTP_HOST=blog.example", NULL);
	desk_assert_has(fixture, "not reached by https");

	/* The browser has another cookie for https. */
	g_hash_table_insert(fixture->cookies, g_strdup("__Host-byline_session"),
	    g_strdup(g_hash_table_lookup(fixture->cookies, "byline_session")));
	desk_ask(fixture, "GET", "/desk", NULL, "HTTP_HOST=blog.example",
	    "HTTPS=on", NULL);
	desk_assert_has(fixture, "You came by https");
}

static void
test_front_says_that_a_password_alone_is_little(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, "/blog/desk");

	desk_assert_has(fixture, "codes for signing in");
	desk_assert_has_not(fixture, "You came by https");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, desk_fixture_set_up, desk_fixture_tear_down)
#define BELOW(name)                                                            \
	cmocka_unit_test_setup_teardown(                                       \
	    name, desk_fixture_set_up_below, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_front_counts_what_was_noted),
		TEST(test_front_of_an_author_has_their_own),
		TEST(test_front_without_counting_says_so),
		TEST(test_counting_takes_two_words_alone),
		TEST(test_front_while_the_database_is_locked),
		TEST(test_redirects_show_how_often_they_were_followed),
		TEST(test_front_has_nothing_to_see_to),
		TEST(test_front_says_what_to_see_to),
		TEST(test_front_says_it_in_the_zone_of_who_reads),
		TEST(test_front_says_that_passwords_can_be_read),
		BELOW(test_front_says_that_a_password_alone_is_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
