/*
 * test_response_cookie.c - what goes to a browser is one cookie with all that
 * guards it, or none.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "http/cookie.h"
#include "http/response.h"
#include "http/response_cookie.h"

static void
test_response_set_cookie_attributes(void **state)
{
	static const struct {
		int64_t max_age;
		bool is_secure;
		const char *header;
	} cases[] = {
		{ 3600, true,
		    "Set-Cookie: __Host-session=abc; Path=/; HttpOnly; "
		    "SameSite=Lax; Secure; Max-Age=3600\r\n" },
		{ 3600, false,
		    "Set-Cookie: session=abc; Path=/; HttpOnly; SameSite=Lax; "
		    "Max-Age=3600\r\n" },
		{ 0, true,
		    "Set-Cookie: __Host-session=abc; Path=/; HttpOnly; "
		    "SameSite=Lax; Secure; Max-Age=0\r\n" },
		{ -1, true,
		    "Set-Cookie: __Host-session=abc; Path=/; HttpOnly; "
		    "SameSite=Lax; Secure\r\n" },
		{ INT64_MAX, false,
		    "Set-Cookie: session=abc; Path=/; HttpOnly; SameSite=Lax; "
		    "Max-Age=9223372036854775807\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct response response;

		response_init(&response);
		response.cache = CACHE_FOREVER;

		assert_int_equal(
		    response_set_cookie(&response, "session", "abc",
			cases[i].max_age, cases[i].is_secure),
		    STATUS_OK);

		assert_string_equal(response.headers->str, cases[i].header);
		assert_int_equal(response.cache, CACHE_NEVER);
		response_release(&response);
	}
}

/* Requirement 20: a value that would be more than one. */
static void
test_response_set_cookie_refused(void **state)
{
	static const struct {
		const char *name;
		const char *value;
	} cases[] = {
		{ "", "a" },
		{ "a b", "a" },
		{ "a=b", "a" },
		{ "a;b", "a" },
		{ "a\r\nb", "a" },
		{ "\xc3\xa4", "a" },
		{ "a", "a b" },
		{ "a", "a;b" },
		{ "a", "a; Domain=example.org" },
		{ "a", "a,b" },
		{ "a", "a\"b" },
		{ "a", "a\\b" },
		{ "a", "a\tb" },
		{ "a", "a\r\nSet-Cookie: b=1" },
		{ "a", "a\nb" },
		{ "a", "a\x7f" },
		{ "a", "\xc3\xa4" },
		{ "a", "\x80" },
	};
	struct response response;

	(void)state;
	response_init(&response);
	response.cache = CACHE_REVALIDATE;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(response_set_cookie(&response, cases[i].name,
				     cases[i].value, 60, true),
		    STATUS_INVALID);

	assert_string_equal(response.headers->str, "");
	assert_int_equal(response.cache, CACHE_REVALIDATE);

	response_release(&response);
}

static void
test_response_set_cookie_size(void **state)
{
	const size_t name_size = strlen("__Host-a");
	g_autofree char *longest =
	    g_strnfill(RESPONSE_MAX_COOKIE - name_size, 'x');
	g_autofree char *longer =
	    g_strnfill(RESPONSE_MAX_COOKIE - name_size + 1, 'x');
	struct response response;

	(void)state;
	response_init(&response);

	assert_int_equal(
	    response_set_cookie(&response, "a", longest, 60, true), STATUS_OK);
	assert_int_equal(response_set_cookie(&response, "a", longer, 60, true),
	    STATUS_TOO_LARGE);
	assert_int_equal(
	    response_set_cookie(&response, "a", "", 60, true), STATUS_OK);

	response_release(&response);
}

/* Whatever passes comes back as it was. */
static void
test_response_set_cookie_round_trip(void **state)
{
	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		const char value[] = { 'x', (char)byte, 'y', '\0' };
		g_autofree char *found = NULL;
		struct response response;

		response_init(&response);
		if (response_set_cookie(&response, "a", value, 60, true) ==
		    STATUS_OK) {
			found = cookie_find(
			    response.headers->str + strlen("Set-Cookie: "), "a",
			    true);
			assert_string_equal(found, value);
		} else {
			assert_true(byte <= ' ' || byte >= 0x7f ||
				    strchr("\",;\\", byte) != NULL);
		}
		response_release(&response);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_response_set_cookie_attributes),
		cmocka_unit_test(test_response_set_cookie_refused),
		cmocka_unit_test(test_response_set_cookie_size),
		cmocka_unit_test(test_response_set_cookie_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
