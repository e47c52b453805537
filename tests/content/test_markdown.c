/*
 * test_markdown.c - that cmark is called as we mean it: what it understands,
 * what it says about lines, and where it stops.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "content/markdown.h"

static void
assert_html(const char *markdown, const char *expected)
{
	char *html;
	size_t size;

	assert_int_equal(markdown_to_html(markdown, strlen(markdown), SIZE_MAX,
			     &html, &size, NULL),
	    STATUS_OK);
	assert_string_equal(html, expected);
	assert_int_equal(size, strlen(expected));
	free(html);
}

static void
assert_holds(const char *markdown, const char *expected)
{
	char *html;
	size_t size;

	assert_int_equal(markdown_to_html(markdown, strlen(markdown), SIZE_MAX,
			     &html, &size, NULL),
	    STATUS_OK);
	if (strstr(html, expected) == NULL)
		fail_msg("no %s in %s", expected, html);
	free(html);
}

static void
test_markdown_to_html_positions(void **state)
{
	(void)state;
	assert_html("a\n\n> b\n", "<p data-sourcepos=\"1:1-1:1\">a</p>\n"
				  "<blockquote data-sourcepos=\"3:1-3:3\">\n"
				  "<p data-sourcepos=\"3:3-3:3\">b</p>\n"
				  "</blockquote>\n");
	assert_html("a\n\n<div>\n\nb\n\n</div>\n",
	    "<p data-sourcepos=\"1:1-1:1\">a</p>\n<!--line 3--><div>\n"
	    "<p data-sourcepos=\"5:1-5:1\">b</p>\n<!--line 7--></div>\n");
}

static void
test_markdown_to_html_passes_html(void **state)
{
	(void)state;
	assert_holds("a <b onclick=x>c</b>\n", "a <b onclick=x>c</b>");
	assert_holds("[a](javascript:x)\n", "href=\"javascript:x\"");
}

static void
test_markdown_to_html_is_not_smart(void **state)
{
	(void)state;
	assert_holds("\"a\" -- b...\n", "&quot;a&quot; -- b...");
}

#ifdef WITH_CMARK_GFM
static void
test_markdown_to_html_extensions(void **state)
{
	(void)state;
	assert_holds("|a|b|\n|-|:-:|\n|1|2|\n", "<td align=\"center\"");
	assert_holds("~~a~~\n", "<del>a</del>");
	assert_holds("see www.a.b now\n", "<a href=\"http://www.a.b\">");
	assert_holds("- [x] a\n", "<input type=\"checkbox\" checked");
	assert_holds("a[^1]\n\n[^1]: b\n", "data-footnote-backref");
	assert_holds("<title>a</title>\n", "<title>a</title>");
}
#else
static void
test_markdown_to_html_extensions(void **state)
{
	(void)state;
	assert_holds("|a|b|\n|-|:-:|\n|1|2|\n", "|a|b|\n|-|:-:|");
}
#endif

static enum status
status_of(const char *markdown, size_t max_output, char **out_message)
{
	char *html;
	size_t size;
	GError *error = NULL;
	enum status status = markdown_to_html(
	    markdown, strlen(markdown), max_output, &html, &size, &error);

	if (status == STATUS_OK) {
		free(html);
	} else {
		*out_message = g_strdup(error->message);
		g_error_free(error);
	}
	return status;
}

static char *
nested_quotes(size_t depth)
{
	char *text = g_strnfill(depth + 1, '>');

	text[depth] = 'x';
	return text;
}

static void
test_markdown_to_html_depth(void **state)
{
	g_autofree char *fits = nested_quotes(MARKDOWN_MAX_DEPTH - 2);
	g_autofree char *deep = nested_quotes(MARKDOWN_MAX_DEPTH);
	g_autofree char *very_deep = nested_quotes(100000);
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	(void)state;
	assert_int_equal(status_of(fits, SIZE_MAX, NULL), STATUS_OK);
	assert_int_equal(status_of(deep, SIZE_MAX, &first), STATUS_TOO_LARGE);
	assert_int_equal(
	    status_of(very_deep, SIZE_MAX, &second), STATUS_TOO_LARGE);
	assert_non_null(strstr(second, "200 deep"));
}

static void
test_markdown_to_html_output(void **state)
{
	g_autofree char *message = NULL;

	/* It is 34 bytes with its position, which may be three times as large
	 * as the rest. */
	(void)state;
	assert_int_equal(status_of("a\n", 9, NULL), STATUS_OK);
	assert_int_equal(status_of("a\n", 8, &message), STATUS_TOO_LARGE);
}

/* Stopped before the HTML is made, not after. */
static void
test_markdown_to_html_repeated_address(void **state)
{
	g_autofree char *address = g_strnfill(2000, 'u');
	GString *text = g_string_new("[a]: /");
	g_autofree char *message = NULL;

	(void)state;
	g_string_append_printf(text, "%s\n\n", address);
	for (int i = 0; i < 40; i++)
		g_string_append(text, "[a] ");
	assert_int_equal(
	    status_of(text->str, 12500, &message), STATUS_TOO_LARGE);
	assert_non_null(strstr(message, "more than 12 KB of HTML"));
	(void)g_string_free(text, TRUE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markdown_to_html_positions),
		cmocka_unit_test(test_markdown_to_html_passes_html),
		cmocka_unit_test(test_markdown_to_html_is_not_smart),
		cmocka_unit_test(test_markdown_to_html_extensions),
		cmocka_unit_test(test_markdown_to_html_depth),
		cmocka_unit_test(test_markdown_to_html_output),
		cmocka_unit_test(test_markdown_to_html_repeated_address),
	};

	return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
