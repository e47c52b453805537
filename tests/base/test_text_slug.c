/*
 * test_text_slug.c - addresses made from titles.
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
assert_slug(const char *text, const char *expected)
{
	g_autofree char *slug = text_slug(text, 200);

	assert_string_equal(slug, expected);
}

static void
test_slug_ascii(void **state)
{
	(void)state;

	assert_slug("", "");
	assert_slug("-- !? --", "");
	assert_slug("Hello, World!", "hello-world");
	assert_slug("already-a-slug", "already-a-slug");
	assert_slug("Announcing Rust 1.70.0", "announcing-rust-1-70-0");
	assert_slug("C++ & you", "c-you");
	assert_slug("snake_case/and.path", "snake-case-and-path");
	assert_slug("Don't panic", "dont-panic");
	assert_slug("It’s fine", "its-fine");
}

static void
test_slug_latin_letters_lose_their_marks(void **state)
{
	(void)state;

	assert_slug("Über Größe", "uber-grosse");
	assert_slug("GROẞ", "gross");
	assert_slug("Æther Œuvre Øre", "aether-oeuvre-ore");
	assert_slug("Đorđe Łódź Þór ðe", "dorde-lodz-thor-de");
	assert_slug("İstanbul DIYARBAKIR ılık", "istanbul-diyarbakir-ilik");
	assert_slug("Việt Nam, Đà Nẵng", "viet-nam-da-nang");
	assert_slug("u\u0308ber m\u0303", "uber-m");
	assert_slug("col·lecció", "colleccio");
	assert_slug("ﬁne ½ x² Ｆｕｌｌ Ⅳ", "fine-1-2-x2-full-iv");
	assert_slug("Ħal Għaxaq ŋ ŧ", "hal-ghaxaq-ng-t");
}

static void
test_slug_other_scripts_stay(void **state)
{
	(void)state;

	assert_slug("Привет, Мир! Йод", "привет-мир-йод");
	assert_slug("日本語 の タイトル", "日本語-の-タイトル");
	assert_slug("हिन्दी में", "हिन्दी-में");
	assert_slug("مرحبا بالعالم ١٢", "مرحبا-بالعالم-١٢");
	assert_slug("ΟΔΟΣ ΣΟΦΟΣ", "οδος-σοφος");
	assert_slug("\u1112\u1161\u11ab글", "한글");
	assert_slug("می\u200cخواهم", "می-خواهم");
	assert_slug("soft\u00adhyphen", "softhyphen");
}

static void
test_slug_is_cut_at_a_hyphen(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *expected;
	} CASES[] = {
		{ "one two three", 13, "one-two-three" },
		{ "one two three", 12, "one-two" },
		{ "one two three", 7, "one-two" },
		{ "one two three", 6, "one" },
		{ "unbreakable", 4, "unbr" },
		{ "日本語", 7, "日本" },
		{ "日本語", 2, "" },
		{ "text", 0, "" },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *slug = text_slug(CASES[i].text, CASES[i].max);

		assert_string_equal(slug, CASES[i].expected);
	}
}

static void
test_is_slug_table(void **state)
{
	static const char *const SLUGS[] = { "a", "1", "a-b", "rust-1-70",
		"日本語", "привет-мир", "हिन्दी" };
	static const char *const OTHERS[] = { "", "-", "-a", "a-", "a--b", "A",
		"a b", "a/b", "..", "a.b", "a_b", "ü", "u\u0308", "Привет",
		"日本 語", "\xff", "a\n", "e\u0301", "\u0301", "ﬁ", "don't" };
	g_autofree char *longest = g_strnfill(200, 'a');
	g_autofree char *longer = g_strnfill(201, 'a');
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(SLUGS); i++)
		assert_true(text_is_slug(SLUGS[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(OTHERS); i++)
		assert_false(text_is_slug(OTHERS[i]));
	assert_true(text_is_slug(longest));
	assert_false(text_is_slug(longer));
}

/* Every character there is, alone and between two letters. */
static void
test_slug_of_a_slug_is_itself_for_each_character(void **state)
{
	(void)state;

	for (gunichar character = 1; character <= 0x10FFFF; character++) {
		char text[16] = "a";
		int size;
		g_autofree char *slug = NULL;

		if (!g_unichar_validate(character))
			continue;
		size = g_unichar_to_utf8(character, text + 1);
		text[1 + size] = '\0';
		slug = text_slug(text, 200);
		if (!text_is_slug(slug))
			fail_msg("U+%04X gives \"%s\"", character, slug);
	}
}

static void
test_slug_of_a_slug_is_itself_at_random(void **state)
{
	static const gunichar RANGES[][2] = { { 0x20, 0x7f }, { 0xa0, 0x250 },
		{ 0x250, 0x370 }, { 0x370, 0x530 }, { 0x590, 0x1200 },
		{ 0x1100, 0x1200 }, { 0x1e00, 0x2200 }, { 0x3000, 0x3100 },
		{ 0xac00, 0xd7a4 }, { 0xf900, 0x10000 }, { 0x1d000, 0x1d800 } };
	GRand *random = g_rand_new_with_seed(3);
	(void)state;

	for (int i = 0; i < 100000; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		size_t max = (size_t)g_rand_int_range(random, 1, 40);
		g_autofree char *slug = NULL;

		for (int j = g_rand_int_range(random, 1, 10); j > 0; j--) {
			int range =
			    g_rand_int_range(random, 0, G_N_ELEMENTS(RANGES));

			g_string_append_unichar(
			    text, (gunichar)g_rand_int_range(random,
				      (gint32)RANGES[range][0],
				      (gint32)RANGES[range][1]));
		}
		slug = text_slug(text->str, max);
		assert_true(strlen(slug) <= max);
		if (*slug != '\0' && !text_is_slug(slug))
			fail_msg("\"%s\" gives \"%s\"", text->str, slug);
	}
	g_rand_free(random);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slug_ascii),
		cmocka_unit_test(test_slug_latin_letters_lose_their_marks),
		cmocka_unit_test(test_slug_other_scripts_stay),
		cmocka_unit_test(test_slug_is_cut_at_a_hyphen),
		cmocka_unit_test(test_is_slug_table),
		cmocka_unit_test(
		    test_slug_of_a_slug_is_itself_for_each_character),
		cmocka_unit_test(test_slug_of_a_slug_is_itself_at_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
