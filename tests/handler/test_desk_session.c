/*
 * test_desk_session.c - signing in and out: what is shown, what the browser is
 * given to keep, and where it goes then.
 *
 * What it takes to compare a password is stood in for (ld --wrap): whoever
 * knows the word "right" is right.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/token.h"
#include "desk_fixture.h"
#include "model/account.h"

#define SESSION "/desk/session"

enum status __wrap_token_verify_password(
    const char *hash, const char *password, size_t size);
enum status __wrap_token_verify_nobody(const char *password, size_t size);
bool __wrap_token_password_needs_rehash(const char *hash);

enum status
__wrap_token_verify_password(
    const char *hash, const char *password, size_t size)
{
	return hash != NULL && size == 5 && strcmp(password, "right") == 0
		   ? STATUS_OK
		   : STATUS_FORBIDDEN;
}

enum status
__wrap_token_verify_nobody(const char *password, size_t size)
{
	(void)password;
	(void)size;
	return STATUS_FORBIDDEN;
}

bool
__wrap_token_password_needs_rehash(const char *hash)
{
	(void)hash;
	return false;
}

/* Ada has a password, and is not signed in. */
static int
set_up(void **state)
{
	struct desk_fixture *fixture;

	if (desk_fixture_set_up_new(state) != 0)
		return -1;
	fixture = *state;
	return account_set_password(fixture->site->database, fixture->owner_id,
		   "hash", DESK_NOW) == STATUS_OK
		   ? 0
		   : -1;
}

static void
sign_in(struct desk_fixture *fixture, const char *email, const char *password)
{
	desk_post(fixture, SESSION, "email", email, "password", password,
	    "code", "", NULL);
}

static const char *
cookie(const struct desk_fixture *fixture, const char *name)
{
	const char *value = g_hash_table_lookup(fixture->cookies, name);

	return value != NULL ? value : "";
}

/* ---- the form ---- */

static void
test_form(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, SESSION);

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "name=\"email\"");
	desk_assert_has(fixture, "autocomplete=\"username\"");
	desk_assert_has(fixture, "type=\"password\"");
	desk_assert_has(fixture, "autocomplete=\"current-password\"");
	desk_assert_has(fixture, "autocomplete=\"one-time-code\"");
	desk_assert_has(fixture, "byline author reset");
	/* Who is not signed in learns nothing of who is here. */
	desk_assert_has_not(fixture, "Ada");
	desk_assert_has_not(fixture, "/desk/articles");
}

static void
test_form_before_anybody_can_sign_in(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_run(fixture, "UPDATE author SET password_hash = NULL");
	desk_get(fixture, SESSION);
	desk_assert_goes_to(fixture, "/desk/setup");
	desk_get(fixture, "/desk");
	desk_assert_goes_to(fixture, "/desk/setup");
}

static void
test_pages_ask_to_sign_in_and_are_gone_on_to(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, "/desk");
	desk_assert_goes_to(fixture, "/desk/session");
	desk_get(fixture, "/desk/articles/7/revisions");
	desk_assert_goes_to(
	    fixture, "/desk/session?to=/desk/articles/7/revisions");
	desk_get(fixture, "/desk/session?to=/desk/articles/7/revisions");
	desk_assert_has(
	    fixture, "name=\"to\" value=\"/desk/articles/7/revisions\"");
	desk_post(fixture, SESSION, "email", "ada@example.org", "password",
	    "right", "to", "/desk/articles/7/revisions", NULL);
	desk_assert_goes_to(fixture, "/desk/articles/7/revisions");
}

static void
test_targets_elsewhere_are_not_gone_on_to(void **state)
{
	static const char *const targets[] = { "", "//evil.example",
		"https://evil.example/desk", "/desk/../..//evil.example",
		"/deskevil", "/", "/articles/a", "\\\\evil.example",
		"/desk\\@evil.example", "/desk//evil.example", "/desk/%2e%2e/x",
		"/desk/a\tb", "/desk/a\r\nSet-Cookie: a=b",
		"javascript:alert(1)", "/desk/.", "desk", "/DESK" };
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		desk_post(fixture, SESSION, "email", "ada@example.org",
		    "password", "right", "to", targets[i], NULL);
		desk_assert_goes_to(fixture, "/desk");
	}
}

/* ---- right ---- */

static void
test_signing_in(void **state)
{
	struct desk_fixture *fixture = *state;
	const char *header;

	sign_in(fixture, "Ada@example.org", "right");

	desk_assert_goes_to(fixture, "/desk");
	header = answer_header(&fixture->answer, "Set-Cookie");
	assert_non_null(strstr(header, "byline_session="));
	assert_non_null(strstr(header, "byline_browser="));
	assert_non_null(strstr(header, "HttpOnly"));
	assert_non_null(strstr(header, "SameSite=Lax"));
	assert_non_null(strstr(header, "Path=/"));
	/* Over http from the machine itself, which no cookie for https is. */
	assert_null(strstr(header, "Secure"));
	assert_null(strstr(header, "__Host-"));
	desk_get(fixture, "/desk/articles");
	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "Ada Lovelace");
	desk_get(fixture, SESSION);
	desk_assert_goes_to(fixture, "/desk");
}

/* One session a browser: who signs in again has another token, and the former
 * one is worth nothing. */
static void
test_signing_in_again(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	sign_in(fixture, "ada@example.org", "right");
	first = g_strdup(cookie(fixture, "byline_session"));
	sign_in(fixture, "ada@example.org", "right");
	second = g_strdup(cookie(fixture, "byline_session"));

	assert_string_not_equal(first, second);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM session"), 1);
	g_hash_table_insert(
	    fixture->cookies, g_strdup("byline_session"), g_strdup(first));
	desk_get(fixture, "/desk/articles");
	desk_assert_status(fixture, 303);
}

/* A token that was there before is not taken over. */
static void
test_token_that_was_planted(void **state)
{
	struct desk_fixture *fixture = *state;
	char *planted = token_new();
	g_autofree char *copy = g_strdup(planted);

	g_hash_table_insert(
	    fixture->cookies, g_strdup("byline_session"), planted);
	sign_in(fixture, "ada@example.org", "right");

	desk_assert_status(fixture, 303);
	assert_string_not_equal(cookie(fixture, "byline_session"), copy);
}

/* ---- wrong ---- */

static void
test_what_does_not_match(void **state)
{
	static const char *const emails[] = { "ada@example.org",
		"nobody@example.org", "no address", "" };
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(emails); i++) {
		g_autofree char *email = NULL;

		sign_in(fixture, emails[i], "wr\"ong");
		desk_assert_status(fixture, 403);
		desk_assert_has(fixture,
		    "That did not match. Please check address, password and "
		    "code.");
		email = desk_value_after(fixture, "name=\"email\"");
		assert_string_equal(email, emails[i]);
		/* What was typed in secret does not stand in a page. */
		desk_assert_has_not(fixture, "wr&quot;ong");
		assert_string_equal(cookie(fixture, "byline_session"), "");
	}
}

static void
test_too_many_tries(void **state)
{
	struct desk_fixture *fixture = *state;

	for (int i = 0; i < 5; i++)
		sign_in(fixture, "ada@example.org", "wrong");
	sign_in(fixture, "ada@example.org", "right");

	desk_assert_status(fixture, 429);
	assert_string_equal(
	    answer_header(&fixture->answer, "Retry-After"), "30");
	desk_assert_has(fixture, "Please try again in 30 seconds.");
	desk_assert_has(fixture, "value=\"ada@example.org\"");
	fixture->now += 30;
	sign_in(fixture, "ada@example.org", "right");
	desk_assert_status(fixture, 303);
}

static void
test_wait_of_minutes_is_said_in_minutes(void **state)
{
	struct desk_fixture *fixture = *state;

	for (int i = 0; i < 12; i++) {
		sign_in(fixture, "ada@example.org", "wrong");
		if (fixture->answer.status == 429)
			fixture->now += g_ascii_strtoll(
			    answer_header(&fixture->answer, "Retry-After"),
			    NULL, 10);
	}
	sign_in(fixture, "ada@example.org", "wrong");
	sign_in(fixture, "ada@example.org", "wrong");

	desk_assert_status(fixture, 429);
	desk_assert_has(fixture, " minutes.");
}

static void
test_form_from_elsewhere(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *token = desk_form_token(fixture);
	g_autofree char *body = g_strdup_printf(
	    "email=ada%%40example.org&password=right&form_token=%s", token);

	desk_ask(fixture, "POST", SESSION, body,
	    "HTTP_SEC_FETCH_SITE=cross-site", NULL);
	desk_assert_status(fixture, 403);
	desk_ask(fixture, "POST", SESSION,
	    "email=ada%40example.org&password=right", NULL);
	desk_assert_status(fixture, 403);
	desk_assert_has(
	    fixture, "That did not come from a form that this desk");
	desk_assert_has_not(fixture, "role");
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM session"), 0);
	/* Nothing was counted that nobody here has sent. */
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM sign_in_failure"), 0);
}

/* ---- out ---- */

static void
test_signing_out(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *token = NULL;

	sign_in(fixture, "ada@example.org", "right");
	token = g_strdup(cookie(fixture, "byline_session"));
	desk_post(fixture, "/desk/session/end", NULL);

	desk_assert_goes_to(fixture, "/desk/session?said=signed-out");
	assert_string_equal(cookie(fixture, "byline_session"), "");
	assert_string_not_equal(cookie(fixture, "byline_browser"), "");
	desk_get(fixture, "/desk/session?said=signed-out");
	desk_assert_has(fixture, "You are signed out.");
	/* Nor with the cookie that was taken before. */
	g_hash_table_insert(
	    fixture->cookies, g_strdup("byline_session"), g_strdup(token));
	desk_get(fixture, "/desk/articles");
	desk_assert_status(fixture, 303);
}

/* A session that ended while somebody wrote: what was typed is there, and can
 * be sent again once they have signed in in another tab. */
static void
test_session_that_ended_while_writing(void **state)
{
	struct desk_fixture *fixture = *state;

	sign_in(fixture, "ada@example.org", "right");
	desk_run(fixture, "DELETE FROM session");
	desk_post(fixture, "/desk/articles", "title", "Typed title", "body",
	    "Typed body", "tags", "typed tag", "key", "the-key", NULL);

	desk_assert_status(fixture, 403);
	desk_assert_has(fixture, "You are signed out.");
	/* It is known why: nobody guesses at it. */
	desk_assert_has_not(fixture, "Your role does not allow");
	desk_assert_has(fixture, "Typed title");
	desk_assert_has(fixture, "Typed body");
	desk_assert_has(fixture, "typed tag");
	desk_assert_has(fixture, "name=\"key\" value=\"the-key\"");
	desk_assert_has(fixture, "action=\"/desk/articles\"");
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article"), 0);
	sign_in(fixture, "ada@example.org", "right");
	desk_post(fixture, "/desk/articles", "title", "Typed title", "body",
	    "Typed body", "tags", "typed tag", "key", "the-key", NULL);
	desk_assert_status(fixture, 303);
}

static void
test_use_keeps_a_session(void **state)
{
	struct desk_fixture *fixture = *state;

	sign_in(fixture, "ada@example.org", "right");
	for (int day = 0; day < 10; day += 5) {
		fixture->now += 5 * DESK_DAY;
		desk_get(fixture, "/desk/articles");
		desk_assert_status(fixture, 200);
	}
	assert_int_equal(
	    desk_integer(fixture, "SELECT seen_at FROM session"), fixture->now);
	fixture->now += 7 * DESK_DAY;
	desk_get(fixture, "/desk/articles");
	desk_assert_status(fixture, 303);
}

/* ---- below a path, over https ---- */

static void
test_cookies_for_https(void **state)
{
	struct desk_fixture *fixture = *state;
	const char *header;

	desk_run(fixture, "DELETE FROM session");
	g_hash_table_remove_all(fixture->cookies);
	desk_post(fixture, "/blog/desk/session", "email", "ada@example.org",
	    "password", "right", NULL);

	desk_assert_goes_to(fixture, "/desk");
	header = answer_header(&fixture->answer, "Set-Cookie");
	assert_non_null(strstr(header, "__Host-byline_session="));
	assert_non_null(strstr(header, "; Secure"));
	assert_non_null(strstr(header, "; HttpOnly"));
	assert_non_null(strstr(header, "; Path=/;"));
	desk_get(fixture, "/blog/desk/articles");
	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "href=\"/blog/desk/articles/new\"");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_form),
		TEST(test_form_before_anybody_can_sign_in),
		TEST(test_pages_ask_to_sign_in_and_are_gone_on_to),
		TEST(test_targets_elsewhere_are_not_gone_on_to),
		TEST(test_signing_in),
		TEST(test_signing_in_again),
		TEST(test_token_that_was_planted),
		TEST(test_what_does_not_match),
		TEST(test_too_many_tries),
		TEST(test_wait_of_minutes_is_said_in_minutes),
		TEST(test_form_from_elsewhere),
		TEST(test_signing_out),
		TEST(test_session_that_ended_while_writing),
		TEST(test_use_keeps_a_session),
		cmocka_unit_test_setup_teardown(test_cookies_for_https,
		    desk_fixture_set_up_below, desk_fixture_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
