/*
 * test_style.c - each colour of style.css against what it stands on, light and
 * dark: 4.5:1 for text, 3:1 for the edges of controls (WCAG 2.2, 1.4.3 and
 * 1.4.11).
 */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "view/builtin_files.h"

struct pair {
	const char *colour;
	const char *ground;
	double least;
};

static const struct pair pairs[] = {
	{ "ink", "paper", 7 },
	{ "ink", "wash", 7 },
	{ "soft", "paper", 4.5 },
	{ "soft", "wash", 4.5 },
	{ "accent", "paper", 4.5 },
	{ "accent", "wash", 4.5 },
	{ "on-accent", "accent", 4.5 },
	{ "on-marker", "marker", 4.5 },
	{ "edge", "paper", 3 },
	{ "edge", "wash", 3 },
	{ "code-comment", "wash", 4.5 },
	{ "code-keyword", "wash", 4.5 },
	{ "code-type", "wash", 4.5 },
	{ "code-string", "wash", 4.5 },
	{ "code-number", "wash", 4.5 },
	{ "code-function", "wash", 4.5 },
	{ "code-name", "wash", 4.5 },
	{ "code-in", "code-in-wash", 4.5 },
	{ "code-out", "code-out-wash", 4.5 },
	{ "code-out", "paper", 4.5 },
};

static const char *const classes[] = { "keyword", "type", "string", "number",
	"comment", "function", "preprocessor", "variable", "constant", "symbol",
	"tag", "attribute", "property", "inserted", "deleted", "heading" };

static const char *
style_sheet(void)
{
	for (size_t i = 0; i < builtin_static_files_count; i++)
		if (strcmp(builtin_static_files[i].name, "style.css") == 0)
			return builtin_static_files[i].bytes;
	fail_msg("no style.css");
	return NULL;
}

/* The relative luminance of "--NAME: #RRGGBB" or "#RGB" in `block`. */
static double
luminance(const char *block, const char *name)
{
	g_autofree char *pattern =
	    g_strdup_printf("--%s: #([0-9a-f]{3,6});", name);
	g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *digits = NULL;
	static const double weights[] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	if (!g_regex_match(regex, block, 0, &match))
		fail_msg("--%s is not in the style sheet", name);
	digits = g_match_info_fetch(match, 1);
	for (size_t i = 0; i < 3; i++) {
		bool is_short = strlen(digits) == 3;
		int high = g_ascii_xdigit_value(digits[is_short ? i : 2 * i]);
		int low =
		    is_short ? high : g_ascii_xdigit_value(digits[2 * i + 1]);
		double part = (high * 16 + low) / 255.0;

		sum += weights[i] * (part <= 0.04045
					    ? part / 12.92
					    : pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static void
assert_contrasts(const char *block)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		double a = luminance(block, pairs[i].colour);
		double b = luminance(block, pairs[i].ground);
		double ratio = (MAX(a, b) + 0.05) / (MIN(a, b) + 0.05);

		if (ratio < pairs[i].least)
			fail_msg("--%s on --%s has %.2f:1", pairs[i].colour,
			    pairs[i].ground, ratio);
	}
}

static void
test_light_colours_can_be_read(void **state)
{
	g_auto(GStrv) parts = g_strsplit(style_sheet(), "@media", 2);

	(void)state;

	assert_contrasts(parts[0]);
}

static void
test_dark_colours_can_be_read(void **state)
{
	const char *begin =
	    strstr(style_sheet(), "(prefers-color-scheme: dark)");
	g_autofree char *block = NULL;

	(void)state;
	assert_non_null(begin);
	block = g_strndup(begin, (gsize)(strstr(begin, "\n}\n") - begin));

	assert_contrasts(block);
}

static void
test_each_class_of_the_highlighter_has_a_colour(void **state)
{
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
		g_autofree char *class =
		    g_strdup_printf("\n\\.hl-%s[ ,]", classes[i]);

		assert_true(g_regex_match_simple(class, style_sheet(), 0, 0));
	}
}

static void
test_nothing_comes_from_elsewhere(void **state)
{
	const char *style = style_sheet();

	(void)state;

	assert_null(strstr(style, "url("));
	assert_null(strstr(style, "@import"));
	assert_null(strstr(style, "@font-face"));
	assert_null(strstr(style, "http:"));
	assert_null(strstr(style, "https:"));
}

/* Logical properties, so that right-to-left needs no rules of its own. */
static void
test_no_side_is_called_left_or_right(void **state)
{
	(void)state;

	assert_false(g_regex_match_simple(
	    "(margin|padding|border)-(left|right)|[\t ](left|right|float):",
	    style_sheet(), 0, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_light_colours_can_be_read),
		cmocka_unit_test(test_dark_colours_can_be_read),
		cmocka_unit_test(
		    test_each_class_of_the_highlighter_has_a_colour),
		cmocka_unit_test(test_nothing_comes_from_elsewhere),
		cmocka_unit_test(test_no_side_is_called_left_or_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
