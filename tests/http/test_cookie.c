/*
 * test_cookie.c - cookies as browsers send them, and as nobody should.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "http/cookie.h"

static void
test_cookie_full_name_of_both(void **state)
{
	g_autofree char *secure = cookie_full_name("session", true);
	g_autofree char *plain = cookie_full_name("session", false);

	(void)state;

	assert_string_equal(secure, "__Host-session");
	assert_string_equal(plain, "session");
}

static void
test_cookie_find_values(void **state)
{
	static const struct {
		const char *cookies;
		const char *value;
	} cases[] = {
		{ "a=1", "1" },
		{ "b=2; a=1; c=3", "1" },
		{ "b=2;a=1;c=3", "1" },
		{ "b=2 ;\ta=1 ; c=3", "1" },
		{ ";; ;a=1;", "1" },
		{ "a=", "" },
		{ "a=; b=2", "" },
		{ "a==1=", "=1=" },
		{ "a=\"1 2\"", "\"1 2\"" },
		{ "b; a=1", "1" },
		{ "aa=2; xa=3; a=1", "1" },
		{ "b=a=2; a=1", "1" },
		{ "\xef\xbf\xbd=2; a=\xef\xbf\xbd", "\xef\xbf\xbd" },
		/* the first of two */
		{ "a=1; a=2", "1" },
		{ "a=; a=2", "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *value =
		    cookie_find(cases[i].cookies, "a", false);

		assert_non_null(value);
		assert_string_equal(value, cases[i].value);
	}
}

static void
test_cookie_find_without_one(void **state)
{
	static const char *const cases[] = { NULL, "", ";", " ", "a", "a;=1",
		"A=1", "b=1", "aa=1", " =1", "b=a=1", "a =1", "__Host-a=1",
		"b=\"; c\"" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_null(cookie_find(cases[i], "a", false));
}

/* One that anybody may set is not taken for one that this host alone could. */
static void
test_cookie_find_secure(void **state)
{
	g_autofree char *value =
	    cookie_find("a=0; __host-a=1; __Host-a=2", "a", true);

	(void)state;

	assert_string_equal(value, "2");
	assert_null(cookie_find("a=0; __Secure-a=1", "a", true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cookie_full_name_of_both),
		cmocka_unit_test(test_cookie_find_values),
		cmocka_unit_test(test_cookie_find_without_one),
		cmocka_unit_test(test_cookie_find_secure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
