/*
 * test_language.c - what is a tag of a language, and which way it runs.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "base/language.h"

static void
test_is_tag(void **state)
{
	static const char *const tags[] = { "en", "pt-BR", "zh-Hant-TW",
		"de-1996", "gsw" };
	static const char *const others[] = { "", "e", "en-", "-en", "en_US",
		"english language", "en--US", "ninelette", "12", "\"><script>",
		"日本" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
		assert_true(language_is_tag(tags[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		assert_false(language_is_tag(others[i]));
}

static void
test_is_right_to_left(void **state)
{
	static const char *const rtl[] = { "ar", "AR", "ar-EG", "he", "fa-IR",
		"az-Arab", "ku-Arab-IQ", "ur-PK", "ff-Adlm" };
	static const char *const ltr[] = { "", "en", "az", "ku", "ar-Latn",
		"arn", "ha", "fa-Latn-IR", "sl-1994", "x" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rtl); i++)
		assert_true(language_is_right_to_left(rtl[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(ltr); i++)
		assert_false(language_is_right_to_left(ltr[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_tag),
		cmocka_unit_test(test_is_right_to_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
