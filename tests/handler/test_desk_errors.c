/*
 * test_desk_errors.c - whatever fails, the desk says what it means and what to
 * do, and gives back what was typed.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/time_zone.h"
#include "desk_fixture.h"
#include "http/request.h"
#include "http/router.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"

/* ---- zones that are held ---- */

GTimeZone *__real_time_zone_new(const char *name);
GTimeZone *__wrap_time_zone_new(const char *name);
void __real_g_time_zone_unref(GTimeZone *zone);
void __wrap_g_time_zone_unref(GTimeZone *zone);

/* Who has the zone of the one who asks: those who made it, less those who let
 * go of it. */
static GTimeZone *watched_zone;
static int zone_holders;

GTimeZone *
__wrap_time_zone_new(const char *name)
{
	GTimeZone *zone = __real_time_zone_new(name);

	if (zone != NULL && zone == watched_zone)
		zone_holders++;
	return zone;
}

void
__wrap_g_time_zone_unref(GTimeZone *zone)
{
	if (zone == watched_zone)
		zone_holders--;
	__real_g_time_zone_unref(zone);
}

/* ---- each status ---- */

static void
test_unknown_address(void **state)
{
	static const char *const targets[] = { "/desk/nowhere", "/desk/article",
		"/desk/articles/1/2/3", "/deskx", "/", "/desk/static/none.js" };
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		desk_get(fixture, targets[i]);
		desk_assert_status(fixture, 404);
		desk_assert_has(fixture, "There is nothing here");
		desk_assert_has(fixture, "href=\"/desk\"");
	}
}

static void
test_slash_at_the_end(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, "/desk/articles/");

	desk_assert_status(fixture, 301);
	assert_string_equal(
	    answer_header(&fixture->answer, "Location"), "/desk/articles");
}

static void
test_wrong_method(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, "/desk/preview");
	desk_assert_status(fixture, 405);
	assert_string_equal(answer_header(&fixture->answer, "Allow"), "POST");
	desk_ask(fixture, "DELETE", "/desk/articles/1", NULL, NULL);
	desk_assert_status(fixture, 405);
	assert_string_equal(
	    answer_header(&fixture->answer, "Allow"), "GET, HEAD, POST");
}

static void
test_another_host(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_ask(fixture, "GET", "/desk/articles", NULL,
	    "HTTP_HOST=evil.example", NULL);

	desk_assert_status(fixture, 421);
	desk_assert_has(fixture, "The desk has another address");
	desk_assert_has_not(fixture, "evil.example");
}

static void
test_what_the_edge_refuses(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, "/desk/articles?q=%ff");
	desk_assert_status(fixture, 400);
	desk_assert_has(fixture, "That was not understood");
	desk_ask(fixture, "POST", "/desk/articles", "title=%00", NULL);
	desk_assert_status(fixture, 400);
	desk_ask(fixture, "POST", "/desk/articles", "title=%ed%a0%80", NULL);
	desk_assert_status(fixture, 400);
	desk_ask(fixture, "POST", "/desk/articles", "",
	    "CONTENT_LENGTH=99999999", NULL);
	desk_assert_status(fixture, 413);
	desk_assert_has(fixture, "That is too large");
}

/* ---- what was typed ---- */

/* Every field of the form, and none of what is not for a page. */
static void
assert_form_is_offered_again(struct desk_fixture *fixture)
{
	static const char *const typed[] = { "Typed title",
		"Typed &lt;body&gt;", "typed-slug", "Typed excerpt",
		"Typed category", "Typed tags", "/media/typed.png", "Typed alt",
		"https://example.net/typed", "typed-language" };

	for (size_t i = 0; i < G_N_ELEMENTS(typed); i++)
		desk_assert_has(fixture, typed[i]);
	/* By the names that its own page gives them. */
	desk_assert_has(fixture, ">Appeared first at</label>");
	desk_assert_has_not(fixture, ">canonical_url</label>");
	desk_assert_has(fixture, "name=\"action\" value=\"publish\"");
	desk_assert_has(fixture, "name=\"version\" value=\"1\"");
	desk_assert_has(fixture, "name=\"key\" value=\"the-key\"");
	desk_assert_has(fixture, "name=\"kind\" value=\"page\"");
	desk_assert_has(fixture, "<form method=\"post\" "
				 "action=\"/desk/articles/1\">");
	desk_assert_has(fixture, "Send it again");
}

static void
send_form(struct desk_fixture *fixture)
{
	desk_post(fixture, "/desk/articles/1", "title", "Typed title", "body",
	    "Typed <body>", "slug", "typed-slug", "excerpt", "Typed excerpt",
	    "category", "Typed category", "tags", "Typed tags", "cover_path",
	    "/media/typed.png", "cover_alt", "Typed alt", "canonical_url",
	    "https://example.net/typed", "language", "typed-language",
	    "version", "1", "key", "the-key", "kind", "page", "action",
	    "publish", NULL);
}

static void
test_typed_text_of_what_is_gone(void **state)
{
	struct desk_fixture *fixture = *state;

	send_form(fixture);

	desk_assert_status(fixture, 404);
	assert_form_is_offered_again(fixture);
}

static void
test_typed_text_of_who_is_signed_out(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	desk_run(fixture, "DELETE FROM session");
	send_form(fixture);

	desk_assert_status(fixture, 403);
	assert_form_is_offered_again(fixture);
}

static void
test_typed_text_while_the_database_is_locked(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *path = site_path(fixture->site, "byline.db");
	struct database *other;

	desk_article(fixture, "A", "x");
	assert_int_equal(
	    database_open(path, DATABASE_WRITE, &other, NULL), STATUS_OK);
	assert_int_equal(database_begin(other, true), STATUS_OK);
	desk_post(fixture, "/desk/articles/1", "version", "1", "body",
	    "Typed body", NULL);

	desk_assert_status(fixture, 503);
	desk_assert_has(fixture, "Busy just now");
	desk_assert_has(fixture, "Typed body");
	assert_string_equal(
	    answer_header(&fixture->answer, "Retry-After"), "5");
	database_rollback(other);
	database_close(other);
	desk_post(fixture, "/desk/articles/1", "version", "1", "body",
	    "Typed body", NULL);
	desk_assert_status(fixture, 303);
}

/* What changed nothing is offered again by its own button, and no other: "do
 * not publish it" is not "publish". */
static void
test_button_that_was_pressed_is_kept(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles/1/publication", "version", "1",
	    "action", "unpublish", "published_at", "2026-05-30T14:00", NULL);

	desk_assert_status(fixture, 404);
	desk_assert_has(fixture, "name=\"action\" value=\"unpublish\"");
	desk_assert_has_not(fixture, "value=\"publish\"");
}

static void
test_passwords_are_not_given_back(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_run(fixture, "DELETE FROM session");
	desk_post(fixture, "/desk/account/password", "password", "Typed secret",
	    "new_password", "Typed other", NULL);

	desk_assert_status(fixture, 403);
	desk_assert_has_not(fixture, "Typed");
	desk_assert_has_not(fixture, "Send it again");
}

/* ---- when all fails ---- */

static void
test_page_without_its_template(void **state)
{
	struct desk_fixture *fixture = *state;
	struct template_engine *whole = fixture->application.engine;

	fixture->application.engine =
	    template_engine_new(desk_template_files, 0, NULL);
	desk_get(fixture, "/desk/articles");
	template_engine_free(fixture->application.engine);
	fixture->application.engine = whole;

	desk_assert_status(fixture, 500);
	assert_string_equal(answer_header(&fixture->answer, "Content-Type"),
	    "text/plain; charset=utf-8");
	desk_assert_has(fixture, "Please try again later.");
}

static void
test_damage_is_a_number_and_no_more(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_run(fixture, "ALTER TABLE article RENAME TO gone");
	desk_get(fixture, "/desk/articles");

	desk_assert_status(fixture, 500);
	desk_assert_has(fixture, "The number of this error is ");
	desk_assert_has_not(fixture, "SELECT");
	desk_assert_has_not(fixture, "no such table");
	desk_run(fixture, "ALTER TABLE gone RENAME TO article");
}

/* ---- what every answer has ---- */

static void
assert_guarded(const struct desk_fixture *fixture)
{
	const struct answer *answer = &fixture->answer;
	const char *policy = answer_header(answer, "Content-Security-Policy");

	assert_string_equal(answer_header(answer, "Cache-Control"), "no-store");
	assert_non_null(strstr(policy, "default-src 'none'"));
	assert_non_null(strstr(policy, "frame-ancestors 'none'"));
	assert_non_null(strstr(policy, "require-trusted-types-for 'script'"));
	assert_null(strstr(policy, "unsafe"));
	assert_string_equal(
	    answer_header(answer, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(answer_header(answer, "X-Robots-Tag"), "noindex");
}

static void
test_every_answer_is_guarded(void **state)
{
	static const char *const targets[] = { "/desk/articles", "/desk/none",
		"/desk/articles/new", "/desk/articles/1", "/desk/session",
		"/desk", "/desk/preview", "/desk/articles?q=%ff" };
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		desk_get(fixture, targets[i]);
		assert_guarded(fixture);
	}
	desk_post(fixture, "/desk/articles", "title", "A", NULL);
	assert_guarded(fixture);
	desk_post(fixture, "/desk/articles", "slug", "Not A", NULL);
	assert_guarded(fixture);
	desk_ask(fixture, "POST", "/desk/articles", "title=A", NULL);
	assert_guarded(fixture);
}

static void
test_files_are_kept_for_ever(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *path = NULL;
	const char *at;

	desk_get(fixture, "/desk/articles");
	at = strstr(fixture->answer.body->str, "/desk/static/desk-");
	path = g_strndup(at, strcspn(at, "\""));
	g_hash_table_remove_all(fixture->cookies);
	desk_get(fixture, path);

	desk_assert_status(fixture, 200);
	assert_non_null(strstr(
	    answer_header(&fixture->answer, "Cache-Control"), "immutable"));
	assert_string_equal(answer_header(&fixture->answer, "Set-Cookie"), "");
}

/* ---- what is said ---- */

static void
test_notice_is_one_of_ours(void **state)
{
	static const char *const nothing[] = { "", "none", "SAVED", "saved ",
		"%3Cscript%3E", "saved&said=trashed" };
	struct desk_fixture *fixture = *state;

	desk_get(fixture, "/desk/articles?said=saved");
	desk_assert_has(
	    fixture, "<p class=\"notice\" role=\"status\">Saved.</p>");
	for (size_t i = 0; i + 1 < G_N_ELEMENTS(nothing); i++) {
		g_autofree char *target =
		    g_strconcat("/desk/articles?said=", nothing[i], NULL);

		desk_get(fixture, target);
		desk_assert_status(fixture, 200);
		desk_assert_has_not(fixture, "role=\"status\"");
	}
}

/* ---- who may what ---- */

/* No page of an author's is shown to who is not signed in, nor anything done
 * for them: whatever routes there are. */
static void
test_no_route_answers_without_its_guard(void **state)
{
	struct desk_fixture *fixture = *state;
	size_t count;
	const struct route *routes = desk_routes(&count);
	int guarded = 0;

	desk_run(fixture, "DELETE FROM session");
	for (size_t i = 0; i < count; i++) {
		bool is_post = routes[i].methods == HTTP_METHOD_POST;
		GString *path = g_string_new(routes[i].pattern);

		if (routes[i].needs == DESK_GUARD_ANYBODY ||
		    routes[i].needs == DESK_GUARD_FILE) {
			g_string_free(path, TRUE);
			continue;
		}
		g_string_replace(path, "{id}", "1", 0);
		g_string_replace(path, "{version}", "1", 0);
		g_string_replace(path, "{part}", "blog", 0);
		if (is_post)
			desk_post(fixture, path->str, NULL);
		else
			desk_get(fixture, path->str);
		if (fixture->answer.status != (is_post ? 403 : 303))
			fail_msg("%s: %d", path->str, fixture->answer.status);
		guarded++;
		g_string_free(path, TRUE);
	}
	assert_true(guarded > 30);
}

/* As long as the answer is made, and no longer: a reason that is given, or two,
 * do not take it away. */
static void
test_zone_of_an_author_is_let_go_once(void **state)
{
	static const char *const targets[] = { "/desk", "/desk/nowhere",
		"/desk/shared/nothing", "/desk/articles/1" };
	struct desk_fixture *fixture = *state;
	GTimeZone *zone = __real_time_zone_new("Asia/Tokyo");

	assert_non_null(zone);
	desk_run(fixture, "UPDATE author SET time_zone = 'Asia/Tokyo'");
	watched_zone = zone;
	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		desk_get(fixture, targets[i]);
		assert_int_equal(zone_holders, 0);
	}
	desk_post(fixture, "/desk/account/password", "password", "wrong", NULL);
	assert_int_equal(zone_holders, 0);
	watched_zone = NULL;

	__real_g_time_zone_unref(zone);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, desk_fixture_set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unknown_address),
		TEST(test_slash_at_the_end),
		TEST(test_wrong_method),
		TEST(test_another_host),
		TEST(test_what_the_edge_refuses),
		TEST(test_typed_text_of_what_is_gone),
		TEST(test_typed_text_of_who_is_signed_out),
		TEST(test_typed_text_while_the_database_is_locked),
		TEST(test_button_that_was_pressed_is_kept),
		TEST(test_passwords_are_not_given_back),
		TEST(test_page_without_its_template),
		TEST(test_damage_is_a_number_and_no_more),
		TEST(test_every_answer_is_guarded),
		TEST(test_files_are_kept_for_ever),
		TEST(test_notice_is_one_of_ours),
		TEST(test_no_route_answers_without_its_guard),
		TEST(test_zone_of_an_author_is_let_go_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
