/*
 * test_form.c - queries and forms as the WHATWG URL Standard reads them.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "http/form.h"
#include "http/request.h"

static struct form *
parse_good(const char *text)
{
	struct form *form = NULL;

	assert_int_equal(form_parse(text, strlen(text), &form), STATUS_OK);
	assert_non_null(form);
	return form;
}

/* `count` fields called a0, a1, … */
static char *
many_fields(size_t count)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < count; i++)
		g_string_append_printf(text, "&a%zu=%zu", i, i);
	return g_string_free(text, FALSE);
}

static void
test_form_parse_values(void **state)
{
	static const struct {
		const char *text;
		const char *name;
		const char *value;
	} cases[] = {
		{ "q=one", "q", "one" },
		{ "q=one+two", "q", "one two" },
		{ "q=one%20two%2B", "q", "one two+" },
		{ "q=%C3%A4", "q", "\xc3\xa4" },
		{ "q=\xc3\xa4", "q", "\xc3\xa4" },
		{ "%71=x", "q", "x" },
		{ "q=a=b", "q", "a=b" },
		{ "q", "q", "" },
		{ "q=", "q", "" },
		{ "=x", "", "x" },
		{ "&&a=1&&q=2&", "q", "2" },
		{ "q=%2525", "q", "%25" },
		{ "q=%0d%0A", "q", "\r\n" },
		{ "q=1;r=2", "q", "1;r=2" },
		{ "a=1", "q", NULL },
		{ "Q=1", "q", NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct form *form = parse_good(cases[i].text);
		const char *value = form_value(form, cases[i].name);

		if (cases[i].value == NULL)
			assert_null(value);
		else
			assert_string_equal(value, cases[i].value);
		form_free(form);
	}
}

static void
append_field(const char *name, const char *value, void *data)
{
	g_string_append_printf(data, "[%s|%s]", name, value);
}

static void
test_form_each_in_their_order(void **state)
{
	g_autoptr(GString) seen = g_string_new(NULL);
	struct form *form = parse_good("b=2&a=%31&b=&c");

	(void)state;
	form_each(form, append_field, seen);
	form_each(NULL, append_field, seen);

	assert_string_equal(seen->str, "[b|2][a|1][b|][c|]");
	form_free(form);
}

static void
test_form_parse_first_value_counts(void **state)
{
	struct form *form = parse_good("a=1&a=2&b=3");

	(void)state;

	assert_string_equal(form_value(form, "a"), "1");
	assert_int_equal(form_count(form), 3);

	form_free(form);
}

static void
test_form_parse_empty(void **state)
{
	static const char *const texts[] = { "", "&", "&&&" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct form *form = parse_good(texts[i]);

		assert_int_equal(form_count(form), 0);
		assert_null(form_value(form, ""));
		form_free(form);
	}
}

static void
test_form_parse_invalid(void **state)
{
	static const char *const texts[] = {
		"q=%",
		"q=%2",
		"q=%zz",
		"q=%2x",
		"%=1",
		"a=1&q=%u0041",
		"q=%00",
		"q=a%00b",
		"%00=b",
		"q=%ff",
		"q=\xff",
		"q=%c0%af",
		"q=%ed%a0%80",
		"q=%f4%90%80%80",
		"q=%c3",
		"q=%c3&r=%a4",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct form *form = NULL;

		assert_int_equal(form_parse(texts[i], strlen(texts[i]), &form),
		    STATUS_INVALID);
		assert_null(form);
	}
}

static void
test_form_parse_nul_byte(void **state)
{
	struct form *form = NULL;

	(void)state;

	assert_int_equal(form_parse("q=a\0b", 5, &form), STATUS_INVALID);
}

static void
test_form_parse_too_many(void **state)
{
	static const struct {
		size_t count;
		enum status status;
	} cases[] = {
		{ REQUEST_MAX_PARAMETERS - 1, STATUS_OK },
		{ REQUEST_MAX_PARAMETERS, STATUS_OK },
		{ REQUEST_MAX_PARAMETERS + 1, STATUS_TOO_LARGE },
		{ REQUEST_MAX_PARAMETERS * 100, STATUS_TOO_LARGE },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = many_fields(cases[i].count);
		struct form *form = NULL;

		assert_int_equal(
		    form_parse(text, strlen(text), &form), cases[i].status);
		if (cases[i].status == STATUS_OK)
			assert_int_equal(form_count(form), cases[i].count);
		form_free(form);
	}
}

static void
test_form_value_of_nothing(void **state)
{
	(void)state;

	assert_null(form_value(NULL, "a"));
	assert_int_equal(form_count(NULL), 0);
	form_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form_parse_values),
		cmocka_unit_test(test_form_parse_first_value_counts),
		cmocka_unit_test(test_form_each_in_their_order),
		cmocka_unit_test(test_form_parse_empty),
		cmocka_unit_test(test_form_parse_invalid),
		cmocka_unit_test(test_form_parse_nul_byte),
		cmocka_unit_test(test_form_parse_too_many),
		cmocka_unit_test(test_form_value_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
