/*
 * test_title.c - a heading is a title outside of code, and is hidden where the
 * page says the same.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib.h>

#include "content/title.h"

static void
test_title_find(void **state)
{
	static const struct {
		const char *markdown, *title;
	} cases[] = {
		{ "", NULL },
		{ "Words.\n## Part\n#no\n# \n", NULL },
		{ "# A", "A" },
		{ "Words.\n\n#\tA  \r\nMore.", "A" },
		{ "# A # B ##\n", "A # B" },
		{ "# C#\n", "C#" },
		{ "# ##\n# A\n", "A" },
		{ "```\n# no\n```\n# A\n", "A" },
		{ "```` x\n```\n# no\n````` \r\n# A\n", "A" },
		{ "~~~ ` `\n# no\n```\n~~~ x\n~~~\n# A\n", "A" },
		{ "```a```\n# A\n", "A" },
		{ "``\n# A\n", "A" },
		{ "```\n# no", NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *title = title_find(cases[i].markdown);

		if (g_strcmp0(title, cases[i].title) != 0)
			fail_msg("%s: %s", cases[i].markdown, title);
	}
}

static void
test_title_hide(void **state)
{
	static const struct {
		const char *markdown, *rendered;
	} cases[] = {
		{ "", "" },
		{ "# A  title", "" },
		{ "# A title\nWords.\n", "\nWords.\n" },
		{ "\n \t\r\n# A title #\r\nWords.", "\n \t\r\n\nWords." },
		{ "# A title\n# A title\n", "\n# A title\n" },
		{ "# Another\n", "# Another\n" },
		{ "## A title\n", "## A title\n" },
		{ "Words.\n# A title\n", "Words.\n# A title\n" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *rendered =
		    title_hide(cases[i].markdown, " A title");

		assert_string_equal(rendered, cases[i].rendered);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_title_find),
		cmocka_unit_test(test_title_hide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
