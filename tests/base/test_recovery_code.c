/*
 * test_recovery_code.c - codes on paper: made, and typed in every way.
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

#include "base/recovery_code.h"

static void
test_new_set_is_ten_that_differ(void **state)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	(void)state;

	for (int i = 0; i < 100; i++) {
		g_autofree char **codes = recovery_code_new_set();

		assert_int_equal(g_strv_length(codes), RECOVERY_CODE_COUNT);
		for (size_t at = 0; codes[at] != NULL; at++)
			assert_true(g_hash_table_add(seen, codes[at]));
	}
}

/* Three groups of four, of 25 characters: 12 * log2(25) = 55.7 bits. */
static void
test_new_set_is_legible(void **state)
{
	bool has_been_seen[128] = { false };
	unsigned count = 0;
	(void)state;

	for (int i = 0; i < 100; i++) {
		g_auto(GStrv) codes = recovery_code_new_set();

		for (size_t at = 0; codes[at] != NULL; at++) {
			const char *code = codes[at];

			assert_int_equal(strlen(code), RECOVERY_CODE_LENGTH);
			for (size_t c = 0; code[c] != '\0'; c++) {
				assert_int_equal(
				    code[c] == '-', c == 4 || c == 9);
				has_been_seen[(unsigned char)code[c]] = true;
			}
		}
	}

	has_been_seen['-'] = false;
	for (size_t i = 0; i < 128; i++)
		count += has_been_seen[i];
	assert_int_equal(count, 25);
	for (const char *other = "015bgilosuzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	     *other != '\0'; other++)
		assert_false(has_been_seen[(unsigned char)*other]);
}

static void
test_normalize_table(void **state)
{
	static const char CODE[] = "k7qm2xvd9rtw";
	static const struct {
		const char *typed, *code;
	} TABLE[] = {
		{ "k7qm-2xvd-9rtw", CODE },
		{ "k7qm2xvd9rtw", CODE },
		{ "K7QM-2XVD-9RTW", CODE },
		{ "  k7qm 2xvd\t9rtw\r\n", CODE },
		{ "k7 qm-2x vd--9r tw", CODE },
		{ "k7qm–2xvd—9rtw", CODE },
		{ "k7qm\xC2\xA0"
		  "2xvd\xE2\x80\x91"
		  "9rtw",
		    CODE },
		{ "", NULL },
		{ "---", NULL },
		{ "k7qm-2xvd-9rt", NULL },
		{ "k7qm-2xvd-9rtww", NULL },
		{ "k7qm-2xvd-9rt0", NULL },
		{ "k7qm.2xvd.9rtw", NULL },
		{ "k7qm_2xvd_9rtw", NULL },
		{ "ｋ７ｑｍ２ｘｖｄ９ｒｔｗ", NULL },
		{ "k7qm-2xvd-9rtw\xFF", NULL },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++) {
		g_autofree char *code = recovery_code_normalize(TABLE[i].typed);

		if (TABLE[i].code == NULL)
			assert_null(code);
		else
			assert_string_equal(code, TABLE[i].code);
	}
}

/* What is shown is found again, whatever was made of its case and grouping. */
static void
test_normalize_reads_what_was_made(void **state)
{
	g_auto(GStrv) codes = recovery_code_new_set();
	(void)state;

	for (size_t i = 0; codes[i] != NULL; i++) {
		g_autofree char *upper = g_ascii_strup(codes[i], -1);
		g_autofree char *code = recovery_code_normalize(codes[i]);
		g_autofree char *of_upper = recovery_code_normalize(upper);
		g_autofree char *again = recovery_code_normalize(code);

		assert_int_equal(strlen(code), RECOVERY_CODE_CHARACTERS);
		assert_string_equal(of_upper, code);
		assert_string_equal(again, code);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_set_is_ten_that_differ),
		cmocka_unit_test(test_new_set_is_legible),
		cmocka_unit_test(test_normalize_table),
		cmocka_unit_test(test_normalize_reads_what_was_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
