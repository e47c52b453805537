/*
 * test_header.c - tokens, and parameters as browsers and others write them.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "../../src/http/header.h"

static void
test_header_is_token_cases(void **state)
{
	static const char *const good[] = { "a", "Set-Cookie", "0",
		"!#$%&'*+-.^_`|~" };
	static const char *const bad[] = { "", " ", "a b", "a:", "a\t", "a=b",
		"a;b", "a\"b", "a\r\n", "(a)", "\x7f", "\xc3\xa4" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
		assert_true(header_is_token(good[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_false(header_is_token(bad[i]));
}

static void
test_header_find_parameter_values(void **state)
{
	static const struct {
		const char *parameters;
		const char *value;
	} cases[] = {
		{ ";a=x", "x" },
		{ "; a=x", "x" },
		{ " ; \t a=x \t", "x" },
		{ ";A=x", "x" },
		{ ";a=", "" },
		{ ";a=\"\"", "" },
		{ ";a=\"x y;z\"", "x y;z" },
		{ ";b=1;a=x;a=y", "x" },
		{ ";b=\"a=1;a=2\";a=x", "x" },
		{ ";;a=x;", "x" },
		{ "; ;a=x; ", "x" },
		{ ";aa=1;a=x", "x" },
		{ ";a=x=y", "x=y" },
		{ ";a=x\"y", "x\"y" },
		/* a quote that somebody quoted */
		{ ";a=\"x\\\"y\"", "x\"y" },
		{ ";a=\"\\\"\\\"\"", "\"\"" },
		/* a backslash that is one */
		{ ";a=\"C:\\new\\x\"", "C:\\new\\x" },
		{ ";a=\"x\\\"", "x\\" },
		{ ";a=\"x\\\\\"", "x\\\\" },
		{ ";a=\xc3\xa4\xff", "\xc3\xa4\xff" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *value = NULL;

		assert_int_equal(
		    header_find_parameter(cases[i].parameters, "a", &value),
		    STATUS_OK);
		assert_string_equal(value, cases[i].value);
	}
}

static void
test_header_find_parameter_without_one(void **state)
{
	static const struct {
		const char *parameters;
		enum status status;
	} cases[] = {
		{ "", STATUS_NOT_FOUND },
		{ "  ", STATUS_NOT_FOUND },
		{ ";", STATUS_NOT_FOUND },
		{ ";b=a", STATUS_NOT_FOUND },
		{ ";a*=x", STATUS_NOT_FOUND },
		{ ";b=\";a=x\"", STATUS_NOT_FOUND },
		{ "a=x", STATUS_INVALID },
		{ ";a", STATUS_INVALID },
		{ ";a =x", STATUS_INVALID },
		{ ";a;b=1", STATUS_INVALID },
		{ ";a=\"x", STATUS_INVALID },
		{ ";a=\"", STATUS_INVALID },
		{ ";a=\"x\"y", STATUS_INVALID },
		{ ";a=x y", STATUS_INVALID },
		/* what comes behind it counts, too */
		{ ";a=x;b", STATUS_INVALID },
		{ ";a=x;b=\"", STATUS_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *value = NULL;

		assert_int_equal(
		    header_find_parameter(cases[i].parameters, "a", &value),
		    cases[i].status);
		assert_null(value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_is_token_cases),
		cmocka_unit_test(test_header_find_parameter_values),
		cmocka_unit_test(test_header_find_parameter_without_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
