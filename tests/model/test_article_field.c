/*
 * test_article_field.c - what a person may type into an article is judged alike
 * before a save and by it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "model/article.h"

static void
assert_refused(enum article_field field, const char *text, const char *words)
{
	g_autoptr(GError) error = NULL;

	assert_int_equal(
	    article_check_field(field, text, &error), STATUS_INVALID);

	assert_non_null(strstr(error->message, words));
}

static void
test_check_field_takes_what_is_right(void **state)
{
	static const struct {
		enum article_field field;
		const char *text;
	} right[] = {
		{ ARTICLE_FIELD_TITLE, "Tüv, 100 % of it" },
		{ ARTICLE_FIELD_SUMMARY, NULL },
		{ ARTICLE_FIELD_LANGUAGE, "" },
		{ ARTICLE_FIELD_LANGUAGE, "pt-BR" },
		{ ARTICLE_FIELD_CANONICAL_URL, "https://example.org/a?b=c" },
		{ ARTICLE_FIELD_COVER_PATH, "" },
		{ ARTICLE_FIELD_COVER_PATH, "/media/a.png" },
		{ ARTICLE_FIELD_COVER_PATH, "https://example.org/a.png?b" },
		{ ARTICLE_FIELD_TAG, "C++" },
		{ ARTICLE_FIELD_CATEGORY, "🦀" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(right); i++)
		assert_int_equal(
		    article_check_field(right[i].field, right[i].text, NULL),
		    STATUS_OK);
}

static void
test_check_field_says_what_is_wrong(void **state)
{
	(void)state;

	assert_refused(ARTICLE_FIELD_LANGUAGE, "english, mostly", "a language");
	assert_refused(
	    ARTICLE_FIELD_CANONICAL_URL, "javascript:alert(1)", "http");
	assert_refused(ARTICLE_FIELD_CANONICAL_URL, "/here", "http");
	assert_refused(ARTICLE_FIELD_COVER_PATH, "//example.net/a.png", "like");
	assert_refused(
	    ARTICLE_FIELD_COVER_PATH, "/\\example.net/a.png", "like");
	assert_refused(ARTICLE_FIELD_COVER_PATH, "javascript:alert(1)", "like");
	assert_refused(ARTICLE_FIELD_COVER_PATH, "a.png", "like");
	assert_refused(ARTICLE_FIELD_TAG, "a\xff", "UTF-8");
	assert_refused(ARTICLE_FIELD_DIRECTION, "up", "ltr or rtl");
}

static void
test_check_field_counts_characters(void **state)
{
	g_autofree char *tag = g_strnfill(101, 'a');
	GString *hundred = g_string_new(NULL);

	(void)state;
	for (int i = 0; i < 100; i++)
		g_string_append(hundred, "ü");

	assert_refused(ARTICLE_FIELD_TAG, tag, "longer than 100 characters");
	assert_int_equal(
	    article_check_field(ARTICLE_FIELD_TAG, hundred->str, NULL),
	    STATUS_OK);

	g_string_free(hundred, TRUE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_field_takes_what_is_right),
		cmocka_unit_test(test_check_field_says_what_is_wrong),
		cmocka_unit_test(test_check_field_counts_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
