/*
 * test_text.c - validity, normal form, numbers, cutting and counting.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void
test_is_valid_utf8_table(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		bool is_valid;
		size_t offset;
	} CASES[] = {
		{ "", 0, true, 0 }, { "plain", 5, true, 0 },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 9, true, 0 },
		{ "\xef\xbf\xbf\xf4\x8f\xbf\xbf", 7, true, 0 },
		{ "a\0b", 3, false, 1 },
		{ "\xc0\x80", 2, false, 0 },             /* overlong NUL */
		{ "/\xc0\xae\xc0\xae/", 6, false, 1 },   /* overlong dots */
		{ "\xe0\x80\xaf", 3, false, 0 },         /* overlong slash */
		{ "\xf0\x80\x80\xaf", 4, false, 0 },     /* overlong slash */
		{ "ab\xed\xa0\x80", 5, false, 2 },       /* surrogate */
		{ "\xf4\x90\x80\x80", 4, false, 0 },     /* over U+10FFFF */
		{ "\xf8\x88\x80\x80\x80", 5, false, 0 }, /* five bytes */
		{ "abc\xe2\x82", 5, false, 3 },          /* cut off */
		{ "\x80", 1, false, 0 },
		{ "caf\xe9 au lait", 12, false, 3 }, /* Latin-1 */
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		size_t offset = 77;
		bool is_valid =
		    text_is_valid_utf8(CASES[i].bytes, CASES[i].size, &offset);

		assert_int_equal(is_valid, CASES[i].is_valid);
		assert_int_equal(offset, is_valid ? 77 : CASES[i].offset);
		assert_int_equal(
		    text_is_valid_utf8(CASES[i].bytes, CASES[i].size, NULL),
		    CASES[i].is_valid);
	}
}

static void
assert_normalizes(const char *text, const char *expected)
{
	g_autofree char *normal = text_normalize(text);

	assert_string_equal(normal, expected);
}

static void
test_normalize_composes_and_cleans(void **state)
{
	(void)state;

	assert_normalizes("", "");
	assert_normalizes("plain\ttext\n", "plain\ttext\n");
	assert_normalizes("a\r\nb\rc\n", "a\nb\nc\n");
	assert_normalizes("u\u0308ber", "über");
	assert_normalizes("bell\a nul\x01 del\x7f c1\xc2\x85\xc2\x9b",
	    "bell nul "
	    "del c1");
	/* A control between a letter and its accent does not part them. */
	assert_normalizes("e\x01\u0301", "é");
	assert_normalizes("\u1112\u1161\u11ab", "한");
	assert_normalizes("\xff", "");
}

static void
test_normalize_line_has_single_spaces(void **state)
{
	static const char *const CASES[][2] = { { "", "" }, { " \n ", "" },
		{ "  a \t\n b\u00a0\u2003c  ", "a b c" }, { "one", "one" },
		{ "x\u2028y", "x y" }, { "\u202e", "" },
		{ "a \u202egpj\u202c .exe", "a gpj .exe" },
		{ "\u2066e\u2069\u0301", "é" },
		/* Marks of a direction turn nothing. */
		{ "a\u200eb\u200f", "a\u200eb\u200f" } };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *line = text_normalize_line(CASES[i][0]);

		assert_string_equal(line, CASES[i][1]);
	}
}

static void
test_is_visible_where_something_is_seen(void **state)
{
	static const char *const SEEN[] = { "a", "\u200b.\u200b", "é", "日本",
		"\U0001F600", "\U0001FAFF", "\ue000" };
	static const char *const UNSEEN[] = { "", " \t\n", "\u200b",
		"\u200b\u200c\u200d\u2060\ufeff", "\u00ad", "\u0301", "\u3164",
		"\u2800", "\u115f\u1160", "\u00a0\u3000", "\u202e" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(SEEN); i++)
		assert_true(text_is_visible(SEEN[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(UNSEEN); i++)
		assert_false(text_is_visible(UNSEEN[i]));
}

/* Characters from where normalization is hardest, and from everywhere. */
static char *
random_text(GRand *random)
{
	static const gunichar HARD[] = { 'a', 'A', ' ', '\t', '\r', '\n', 0x01,
		0x7f, 0x85, 0xa0, 0x301, 0x308, 0x323, 0x345, 0xdf, 0x130,
		0x131, 0x1e9e, 0x3a3, 0x3c2, 0x1100, 0x1161, 0x11a8, 0x2028,
		0x202e, 0x2067, 0xfb01, 0xff21, 0x212b, 0x1f80, 0x0f73, 0x0958,
		0x1d15e };
	GString *text = g_string_new(NULL);
	int length = g_rand_int_range(random, 0, 12);

	while (length-- > 0) {
		gunichar character =
		    HARD[g_rand_int_range(random, 0, G_N_ELEMENTS(HARD))];

		if (g_rand_int_range(random, 0, 3) == 0)
			character =
			    (gunichar)g_rand_int_range(random, 1, 0x20000);
		if (g_unichar_validate(character))
			g_string_append_unichar(text, character);
	}
	return g_string_free(text, FALSE);
}

static void
test_normalize_is_stable(void **state)
{
	GRand *random = g_rand_new_with_seed(1);
	(void)state;

	for (int i = 0; i < 50000; i++) {
		g_autofree char *text = random_text(random);
		g_autofree char *once = text_normalize(text);
		g_autofree char *twice = text_normalize(once);
		g_autofree char *line = text_normalize_line(text);
		g_autofree char *again = text_normalize_line(line);
		g_autofree char *composed =
		    g_utf8_normalize(once, -1, G_NORMALIZE_NFC);

		assert_string_equal(once, twice);
		assert_string_equal(once, composed);
		assert_string_equal(line, again);
		assert_null(strpbrk(line, "\t\r\n\v\f"));
	}
	g_rand_free(random);
}

static void
test_parse_integer_takes_whole_numbers(void **state)
{
	int64_t value = -1;
	(void)state;

	assert_int_equal(text_parse_integer("0", 10, &value), STATUS_OK);
	assert_int_equal(value, 0);
	assert_int_equal(text_parse_integer("10", 10, &value), STATUS_OK);
	assert_int_equal(value, 10);
	assert_int_equal(
	    text_parse_integer("9223372036854775807", INT64_MAX, &value),
	    STATUS_OK);
	assert_true(value == INT64_MAX);
}

static void
test_parse_integer_refuses_the_rest(void **state)
{
	static const char *const INVALID[] = { "", "-1", "+1", " 1", "1 ", "01",
		"00", "1.0", "0x10", "1e3", "١", "a", "1a" };
	static const char *const LARGE[] = { "11", "9223372036854775808",
		"1000000000000000000000000000000",
		"99999999999999999999999999999999999999999999999999999" };
	int64_t value = 42;
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(INVALID); i++)
		assert_int_equal(
		    text_parse_integer(INVALID[i], 10, &value), STATUS_INVALID);
	for (size_t i = 0; i < G_N_ELEMENTS(LARGE); i++)
		assert_int_equal(
		    text_parse_integer(LARGE[i], 10, &value), STATUS_TOO_LARGE);
	assert_int_equal(value, 42);
}

static void
test_truncate_cuts_between_words(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *expected;
	} CASES[] = {
		{ "", 5, "" },
		{ "short", 5, "short" },
		{ "a longer text", 13, "a longer text" },
		{ "a longer text", 12, "a longer…" },
		{ "a longer text", 9, "a longer…" },
		{ "a longer text", 8, "a longer…" },
		{ "a longer text", 7, "a…" },
		{ "unbreakable", 4, "unbr…" },
		{ "über größe", 8, "über…" },
		{ "日本語の文章です", 5, "日本語の文…" },
		{ "Go 言語の仕様", 5, "Go 言語…" },
		{ "nai\u0308ve", 3, "na…" }, /* not between i and its dots */
		{ "text", 0, "…" },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *cut =
		    text_truncate(CASES[i].text, CASES[i].max);

		assert_string_equal(cut, CASES[i].expected);
	}
}

static void
test_truncate_is_never_longer(void **state)
{
	GRand *random = g_rand_new_with_seed(2);
	(void)state;

	for (int i = 0; i < 20000; i++) {
		g_autofree char *text = random_text(random);
		size_t max = (size_t)g_rand_int_range(random, 0, 8);
		g_autofree char *cut = text_truncate(text, max);

		assert_true(g_utf8_validate(cut, -1, NULL));
		assert_true((size_t)g_utf8_strlen(cut, -1) <= max + 1);
	}
	g_rand_free(random);
}

static struct text_count
count(const char *text, bool is_code)
{
	struct text_count result = { 0 };

	text_count_words(&result, text, is_code);
	return result;
}

static void
test_count_words_by_kind(void **state)
{
	(void)state;

	assert_int_equal(count("", false).words, 0);
	assert_int_equal(count("two words", false).words, 2);
	assert_int_equal(count("  don't — stop\n", false).words, 2);
	assert_int_equal(count("日本語、テキスト。", false).ideographs, 7);
	assert_int_equal(count("日本語、テキスト。", false).words, 0);
	assert_int_equal(count("Rust は速い", false).words, 1);
	assert_int_equal(count("Rust は速い", false).ideographs, 3);
	assert_int_equal(count("서울 시청", false).words, 2);
	assert_int_equal(count("Ünïcode мир", false).words, 2);
	assert_int_equal(count("if (a) {\n\t日本 }", true).code_words, 5);
	assert_int_equal(count("if (a)", true).words, 0);
}

static void
test_count_words_adds(void **state)
{
	struct text_count total = { 0 };
	(void)state;

	text_count_words(&total, "one two", false);
	text_count_words(&total, "three", false);
	text_count_words(&total, "x = 1;", true);

	assert_int_equal(total.words, 3);
	assert_int_equal(total.code_words, 3);
}

static void
test_minutes_by_kind(void **state)
{
	static const struct {
		struct text_count count;
		uint32_t minutes;
	} CASES[] = {
		{ { 0, 0, 0 }, 1 },
		{ { 1, 0, 0 }, 1 },
		{ { 230, 0, 0 }, 1 },
		{ { 344, 0, 0 }, 1 },
		{ { 345, 0, 0 }, 2 }, /* 1.5 */
		{ { 4600, 0, 0 }, 20 },
		{ { 0, 5000, 0 }, 10 },
		{ { 0, 0, 1150 }, 10 },
		{ { 460, 1000, 230 }, 6 },
		{ { UINT32_MAX, UINT32_MAX, UINT32_MAX }, 64611247 },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
		assert_int_equal(
		    text_minutes(&CASES[i].count), CASES[i].minutes);
}

static void
test_is_key_takes_what_tokens_are_made_of(void **state)
{
	g_autofree char *longest = g_strnfill(64, 'k');
	g_autofree char *longer = g_strnfill(65, 'k');

	(void)state;
	assert_true(text_is_key("azAZ09-_"));
	assert_true(text_is_key(longest));
	assert_false(text_is_key(longer));
	assert_false(text_is_key(""));
	assert_false(text_is_key("a b"));
	assert_false(text_is_key("\xc3\xa9"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_valid_utf8_table),
		cmocka_unit_test(test_normalize_composes_and_cleans),
		cmocka_unit_test(test_normalize_line_has_single_spaces),
		cmocka_unit_test(test_is_visible_where_something_is_seen),
		cmocka_unit_test(test_normalize_is_stable),
		cmocka_unit_test(test_parse_integer_takes_whole_numbers),
		cmocka_unit_test(test_parse_integer_refuses_the_rest),
		cmocka_unit_test(test_truncate_cuts_between_words),
		cmocka_unit_test(test_truncate_is_never_longer),
		cmocka_unit_test(test_count_words_by_kind),
		cmocka_unit_test(test_count_words_adds),
		cmocka_unit_test(test_minutes_by_kind),
		cmocka_unit_test(test_is_key_takes_what_tokens_are_made_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
