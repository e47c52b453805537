/*
 * test_site_views.c - the image by which views are counted: the same for all,
 * and a line in a file for persons alone.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "fixture.h"
#include "model/redirect.h"

#define BROWSER                                                                \
	"HTTP_USER_AGENT=Mozilla/5.0 (X11; Linux x86_64; rv:125.0) "           \
	"Gecko/20100101 Firefox/125.0"

/* What was noted until now, and forget it. The caller frees it. */
static char *
take_notes(const struct fixture *fixture)
{
	g_autofree char *path =
	    g_build_filename(fixture->directory, "tally", NULL);
	char *notes = NULL;

	if (!g_file_get_contents(path, &notes, NULL, NULL))
		return g_strdup("");
	assert_int_equal(g_remove(path), 0);
	return notes;
}

static void
assert_noted(const struct fixture *fixture, const char *expected)
{
	g_autofree char *notes = take_notes(fixture);

	assert_string_equal(notes, expected);
}

/* As it is sent, whoever asks. */
static void
assert_image(const struct answer *answer)
{
	assert_int_equal(answer->status, 200);
	assert_string_equal(answer_header(answer, "Content-Type"), "image/gif");
	assert_string_equal(answer_header(answer, "Cache-Control"), "no-store");
	assert_string_equal(answer_header(answer, "Content-Length"), "43");
	assert_string_equal(answer_header(answer, "Set-Cookie"), "");
}

static void
test_image_is_a_gif_and_a_view(void **state)
{
	struct fixture *fixture = *state;
	const struct answer *answer =
	    fixture_ask(fixture, "GET", "/views/12.gif", BROWSER, NULL);

	assert_image(answer);
	assert_int_equal(answer->body->len, 43);
	assert_memory_equal(answer->body->str, "GIF89a\1\0\1\0", 10);
	assert_noted(fixture, "v 12 4102444800\n");
}

static void
test_image_without_database_is_answered(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *path =
	    g_build_filename(fixture->directory, "byline.db", NULL);

	assert_null(fixture->site->database);
	assert_int_equal(g_remove(path), 0);

	assert_image(
	    fixture_ask(fixture, "GET", "/views/12.gif", BROWSER, NULL));
	assert_noted(fixture, "v 12 4102444800\n");
}

static void
test_image_is_counted_for_persons_alone(void **state)
{
	static const char *const wholes[][2] = {
		{ "HTTP_USER_AGENT=curl/8.7.1", "" },
		{ "HTTP_USER_AGENT=", "" },
		{ BROWSER, "HTTP_SEC_PURPOSE=prefetch;prerender" },
		{ BROWSER, "HTTP_PURPOSE=prefetch" },
		{ BROWSER, "HTTP_SEC_FETCH_SITE=cross-site" },
		{ BROWSER, "HTTP_SEC_FETCH_DEST=document" },
		{ BROWSER, "HTTP_SEC_FETCH_DEST=empty" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(wholes); i++)
		assert_image(fixture_ask(fixture, "GET", "/views/12.gif",
		    wholes[i][0], wholes[i][1], NULL));
	assert_image(
	    fixture_ask(fixture, "HEAD", "/views/12.gif", BROWSER, NULL));
	assert_noted(fixture, "");

	assert_image(fixture_ask(fixture, "GET", "/views/12.gif", BROWSER,
	    "HTTP_SEC_FETCH_SITE=same-origin", "HTTP_SEC_FETCH_DEST=image",
	    NULL));
	assert_noted(fixture, "v 12 4102444800\n");
}

static void
test_image_of_no_such_name(void **state)
{
	static const char *const targets[] = { "/views/", "/views",
		"/views/.gif", "/views/0.gif", "/views/-1.gif", "/views/01.gif",
		"/views/1.png", "/views/1", "/views/a.gif", "/views/1.gif.gif",
		"/views/9223372036854775808.gif", "/views/1%0a2.gif",
		"/views/1/2.gif" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		const struct answer *answer =
		    fixture_ask(fixture, "GET", targets[i], BROWSER, NULL);

		if (answer->status != 404 && answer->status != 400)
			fail_msg("%s: %d", targets[i], answer->status);
	}
	assert_noted(fixture, "");
}

static void
test_image_is_answered_where_nothing_can_be_noted(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *path =
	    g_build_filename(fixture->directory, "tally", NULL);
	g_autofree char *log = NULL;
	int descriptor;

	assert_int_equal(g_mkdir(path, 0700), 0);
	descriptor = fixture_capture_log();
	for (int i = 0; i < 3; i++)
		assert_image(fixture_ask(
		    fixture, "GET", "/views/12.gif", BROWSER, NULL));
	log = fixture_release_log(descriptor);

	/* Once, not for each reader. */
	assert_non_null(strstr(log, "visit.uncounted"));
	assert_null(
	    strstr(strstr(log, "visit.uncounted") + 1, "visit.uncounted"));
	assert_int_equal(g_rmdir(path), 0);
}

static void
test_page_shows_the_image(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "about", 0);
	g_autofree char *image = NULL;
	g_autofree char *page_image = NULL;

	image = g_strdup_printf("<img class=\"view\" src=\"/blog/views/%d.gif\""
				" alt=\"\" width=\"1\" height=\"1\">",
	    (int)fixture_article(fixture, "a", 0, NULL, NULL));
	draft.kind = ARTICLE_KIND_PAGE;
	page_image = g_strdup_printf(
	    "/blog/views/%d.gif", (int)fixture_save(fixture, &draft));

	assert_status(fixture, "/blog/articles/a", 200);
	assert_has(fixture, image);
	assert_status(fixture, "/blog/about", 200);
	assert_has(fixture, page_image);
	assert_status(fixture, "/blog/", 200);
	assert_has_not(fixture, "/views/");
	assert_status(fixture, "/blog/feed.xml", 200);
	assert_has_not(fixture, "/views/");
}

static void
test_page_without_counting_shows_none(void **state)
{
	struct fixture *fixture = *state;

	(void)fixture_article(fixture, "a", 0, NULL, NULL);
	assert_status(fixture, "/articles/a", 200);
	assert_has(fixture, "/views/");

	fixture_set(fixture, "count_views", "false");

	assert_status(fixture, "/articles/a", 200);
	assert_has_not(fixture, "/views/");
}

/* A page that a browser has kept asks for it still. */
static void
test_image_without_counting_is_answered_and_not_noted(void **state)
{
	struct fixture *fixture = *state;

	fixture_set(fixture, "count_views", "false");
	assert_null(fixture->site->database);

	for (int i = 0; i < 2; i++)
		assert_image(fixture_ask(
		    fixture, "GET", "/views/12.gif", BROWSER, NULL));
	assert_noted(fixture, "");

	fixture_set(fixture, "count_views", "true");
	assert_image(
	    fixture_ask(fixture, "GET", "/views/12.gif", BROWSER, NULL));
	assert_noted(fixture, "v 12 4102444800\n");
}

static void
test_robots_are_kept_from_the_image(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/blog/robots.txt", 200);
	assert_has(fixture, "Disallow: /blog/views/\n");
}

static void
test_redirect_that_is_followed_is_a_hit(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "a", 0, NULL, NULL);

	assert_int_equal(redirect_add_to_article(fixture->writer->database,
			     "/old one", id, FIXTURE_PAST, NULL),
	    STATUS_OK);

	assert_int_equal(
	    fixture_ask(fixture, "GET", "/old%20one", BROWSER, NULL)->status,
	    301);
	assert_noted(fixture, "r 4102444800 /old one\n");
	(void)fixture_ask(fixture, "GET", "/old%20one/?q=1", BROWSER, NULL);
	assert_noted(fixture, "r 4102444800 /old one\n");
	(void)fixture_ask(fixture, "HEAD", "/old%20one", BROWSER, NULL);
	(void)fixture_get(fixture, "/old%20one");
	(void)fixture_ask(fixture, "GET", "/nowhere", BROWSER, NULL);
	(void)fixture_ask(fixture, "GET", "/articles/a/", BROWSER, NULL);
	(void)fixture_ask(fixture, "GET", "/feed", BROWSER, NULL);
	assert_noted(fixture, "");

	fixture_set(fixture, "count_views", "false");
	(void)fixture_ask(fixture, "GET", "/old%20one", BROWSER, NULL);
	assert_noted(fixture, "");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
#define BELOW(name)                                                            \
	cmocka_unit_test_setup_teardown(                                       \
	    name, fixture_set_up_below, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_image_is_a_gif_and_a_view),
		TEST(test_image_without_database_is_answered),
		TEST(test_image_is_counted_for_persons_alone),
		TEST(test_image_of_no_such_name),
		TEST(test_image_is_answered_where_nothing_can_be_noted),
		BELOW(test_page_shows_the_image),
		TEST(test_page_without_counting_shows_none),
		TEST(test_image_without_counting_is_answered_and_not_noted),
		BELOW(test_robots_are_kept_from_the_image),
		TEST(test_redirect_that_is_followed_is_a_hit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
