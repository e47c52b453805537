/*
 * test_text_escape.c - what we write for machines, read back by their own
 * parsers: expat, jansson, GLib's URI functions.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <expat.h>
#include <jansson.h>

#include "base/text.h"

#define STRING_COUNT 100000
#define BATCH        1000

/* Mostly what must be escaped, the rest from everywhere. No NUL. */
static char *
random_text(GRand *random)
{
	static const gunichar HARD[] = { '<', '>', '&', '"', '\'', '\\', '/',
		'\t', '\n', '\r', ' ', 0x01, 0x08, 0x0b, 0x0c, 0x1b, 0x1f, 0x7f,
		0x80, 0x85, 0x9f, 0xa0, 0x2028, 0x2029, 0x2027, 0x202a, 0xd7ff,
		0xe000, 0xfffd, 0xfffe, 0xffff, 0xfeff, 0x1fffe, 0x10ffff, ']',
		'{', '}' };
	GString *text = g_string_new(NULL);
	int length = g_rand_int_range(random, 0, 24);

	while (length-- > 0) {
		gunichar character =
		    HARD[g_rand_int_range(random, 0, G_N_ELEMENTS(HARD))];

		if (g_rand_boolean(random))
			character = (gunichar)g_rand_int_range(random, 1,
			    g_rand_boolean(random) ? 0x80 : 0x110000);
		if (g_unichar_validate(character))
			g_string_append_unichar(text, character);
	}
	return g_string_free(text, FALSE);
}

static bool
is_allowed_in_xml(gunichar character)
{
	return character == '\t' || character == '\n' || character == '\r' ||
	       (character >= 0x20 && character != 0xFFFE &&
		   character != 0xFFFF);
}

/* What a parser should give back. */
static char *
expected_xml(const char *text, bool is_attribute)
{
	GString *expected = g_string_new(NULL);

	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar character = g_utf8_get_char(text);

		if (!is_allowed_in_xml(character))
			character = 0xFFFD;
		if (is_attribute && (character == '\t' || character == '\n'))
			character = ' ';
		g_string_append_unichar(expected, character);
	}
	return g_string_free(expected, FALSE);
}

/* What expat saw of one document. */
struct seen {
	GPtrArray *attributes;
	GPtrArray *texts;
	GString *text;
};

static void
see_start(void *data, const char *name, const char **attributes)
{
	struct seen *seen = data;
	(void)name;

	g_string_truncate(seen->text, 0);
	if (attributes[0] != NULL)
		g_ptr_array_add(seen->attributes, g_strdup(attributes[1]));
}

static void
see_text(void *data, const char *text, int size)
{
	struct seen *seen = data;

	g_string_append_len(seen->text, text, size);
}

static void
see_end(void *data, const char *name)
{
	struct seen *seen = data;

	if (strcmp(name, "i") == 0)
		g_ptr_array_add(seen->texts, g_strdup(seen->text->str));
}

static void
parse_xml(const GString *document, struct seen *seen)
{
	XML_Parser parser = XML_ParserCreate("UTF-8");

	XML_SetUserData(parser, seen);
	XML_SetElementHandler(parser, see_start, see_end);
	XML_SetCharacterDataHandler(parser, see_text);
	if (XML_Parse(parser, document->str, (int)document->len, 1) !=
	    XML_STATUS_OK)
		fail_msg("%s: %s", XML_ErrorString(XML_GetErrorCode(parser)),
		    document->str);
	XML_ParserFree(parser);
}

static void
round_trip_xml(char *const *texts)
{
	g_autoptr(GString) document = g_string_new("<d>");
	struct seen seen = { g_ptr_array_new_with_free_func(g_free),
		g_ptr_array_new_with_free_func(g_free), g_string_new(NULL) };

	for (size_t i = 0; i < BATCH; i++) {
		g_string_append(document, "<i a=\"");
		text_append_xml(document, texts[i]);
		g_string_append(document, "\">");
		text_append_xml(document, texts[i]);
		g_string_append(document, "</i>");
	}
	g_string_append(document, "</d>");
	parse_xml(document, &seen);
	assert_int_equal(seen.texts->len, BATCH);
	assert_int_equal(seen.attributes->len, BATCH);
	for (size_t i = 0; i < BATCH; i++) {
		g_autofree char *text = expected_xml(texts[i], false);
		g_autofree char *attribute = expected_xml(texts[i], true);

		assert_string_equal(seen.texts->pdata[i], text);
		assert_string_equal(seen.attributes->pdata[i], attribute);
	}
	g_ptr_array_unref(seen.attributes);
	g_ptr_array_unref(seen.texts);
	g_string_free(seen.text, TRUE);
}

static void
round_trip_json(char *const *texts)
{
	g_autoptr(GString) document = g_string_new("[");
	json_error_t error;
	json_t *array;

	for (size_t i = 0; i < BATCH; i++) {
		if (i > 0)
			g_string_append_c(document, ',');
		text_append_json(document, texts[i]);
	}
	g_string_append_c(document, ']');
	/* So it may stand inside a script element. */
	assert_null(strpbrk(document->str, "<>&"));
	assert_null(strstr(document->str, "\u2028"));
	assert_null(strstr(document->str, "\u2029"));
	array = json_loads(document->str, 0, &error);
	if (array == NULL)
		fail_msg("%s: %s", error.text, document->str);
	assert_int_equal(json_array_size(array), BATCH);
	for (size_t i = 0; i < BATCH; i++)
		assert_string_equal(
		    json_string_value(json_array_get(array, i)), texts[i]);
	json_decref(array);
}

static void
for_random_batches(guint32 seed, void (*check)(char *const *texts))
{
	GRand *random = g_rand_new_with_seed(seed);

	for (int i = 0; i < STRING_COUNT / BATCH; i++) {
		char *texts[BATCH];

		for (size_t j = 0; j < BATCH; j++)
			texts[j] = random_text(random);
		check(texts);
		for (size_t j = 0; j < BATCH; j++)
			g_free(texts[j]);
	}
	g_rand_free(random);
}

static void
test_append_xml_round_trip(void **state)
{
	(void)state;

	for_random_batches(4, round_trip_xml);
}

static void
test_append_json_round_trip(void **state)
{
	(void)state;

	for_random_batches(5, round_trip_json);
}

typedef void append_function(GString *out, const char *text);

static void
assert_appends(append_function *append, const char *text, const char *expected)
{
	g_autoptr(GString) out = g_string_new("before ");
	g_autofree char *whole = g_strconcat("before ", expected, NULL);

	append(out, text);

	assert_string_equal(out->str, whole);
}

static void
test_append_xml_table(void **state)
{
	(void)state;

	assert_appends(text_append_xml, "", "");
	assert_appends(text_append_xml, "<a b=\"c\">'&'</a>",
	    "&lt;a b=&quot;c&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
	assert_appends(text_append_xml, "a\tb\nc\rd", "a\tb\nc&#13;d");
	assert_appends(text_append_xml, "\x01\x1b\ufffe\uffff\xff\xe2\x82",
	    "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd");
	assert_appends(text_append_xml, "größe 日本 😀", "größe 日本 😀");
}

static void
test_append_json_table(void **state)
{
	(void)state;

	assert_appends(text_append_json, "", "\"\"");
	assert_appends(text_append_json, "a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
	assert_appends(text_append_json, "\b\f\n\r\t\x01\x1f",
	    "\"\\b\\f\\n\\r\\t\\u0001\\u001f\"");
	assert_appends(text_append_json, "</script>&\u2028\u2029",
	    "\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\"");
	assert_appends(text_append_json, "\xc3\xed\xa0\x80",
	    "\"\ufffd\ufffd\ufffd\ufffd\"");
	assert_appends(text_append_json, "größe 😀\x7f", "\"größe 😀\x7f\"");
}

static void
test_append_log_table(void **state)
{
	(void)state;

	assert_appends(text_append_log, "GET /a?b=\"c\" é😀",
	    "GET /a?b=\"c\" "
	    "é😀");
	assert_appends(text_append_log, "a\nb\r\tc\x1b[2J\x7f",
	    "a\\x0ab\\x0d\\x09c"
	    "\\x1b[2J\\x7f");
	assert_appends(
	    text_append_log, "\xc2\x85\xc2\x9b\u00a0", "\\u0085\\u009b\u00a0");
	assert_appends(text_append_log, "\u2028\u2029", "\\u2028\\u2029");
	assert_appends(text_append_log, "\u202ea\u202b\u2066\u2069\u200f",
	    "\\u202ea\\u202b\\u2066\\u2069\u200f");
	assert_appends(text_append_log, "\\x0a", "\\x5cx0a");
	assert_appends(text_append_log, "\xff\xc0\xae\xe2\x82",
	    "\\xff\\xc0\\xae\\xe2\\x82");
}

static void
test_append_log_bytes_are_one_line(void **state)
{
	GRand *random = g_rand_new_with_seed(6);
	(void)state;

	for (int i = 0; i < 50000; i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		char bytes[16];

		for (size_t j = 0; j < sizeof(bytes) - 1; j++)
			bytes[j] = (char)g_rand_int_range(random, 1, 256);
		bytes[sizeof(bytes) - 1] = '\0';
		text_append_log(out, bytes);
		assert_true(g_utf8_validate(out->str, -1, NULL));
		for (const char *at = out->str; *at != '\0';
		     at = g_utf8_next_char(at))
			assert_false(g_unichar_iscntrl(g_utf8_get_char(at)));
	}
	g_rand_free(random);
}

static void
test_append_path_segment_table(void **state)
{
	(void)state;

	assert_appends(text_append_path_segment, "a-b_c.d~e", "a-b_c.d~e");
	assert_appends(
	    text_append_path_segment, "a/b c?d#e%", "a%2Fb%20c%3Fd%23e%25");
	assert_appends(text_append_path_segment, "日", "%E6%97%A5");
	assert_appends(text_append_path_segment, "\"'<>&\n+:@",
	    "%22%27%3C%3E%26%0A%2B%3A%40");
}

static void
test_append_path_segment_round_trip(void **state)
{
	GRand *random = g_rand_new_with_seed(7);
	(void)state;

	for (int i = 0; i < 20000; i++) {
		g_autofree char *text = random_text(random);
		g_autoptr(GString) out = g_string_new(NULL);
		g_autofree char *back = NULL;

		text_append_path_segment(out, text);
		back = g_uri_unescape_string(out->str, NULL);
		assert_string_equal(back, text);
	}
	g_rand_free(random);
}

static void
assert_absolute(const char *html, const char *expected)
{
	g_autoptr(GString) out = g_string_new(NULL);

	text_append_absolute_html(out, html, "https://e.org");

	assert_string_equal(out->str, expected);
}

static void
test_append_absolute_html_addresses(void **state)
{
	(void)state;

	assert_absolute("", "");
	assert_absolute("<p>none</p>", "<p>none</p>");
	assert_absolute("<a href=\"/a/b\">x</a><a href=\"/\">y</a>",
	    "<a href=\"https://e.org/a/b\">x</a>"
	    "<a href=\"https://e.org/\">y</a>");
	assert_absolute("<img class=\"x\" src=\"/m/a.png\" alt=\"/no\">",
	    "<img class=\"x\" src=\"https://e.org/m/a.png\" alt=\"/no\">");
	assert_absolute("<video poster=\"/p.jpg\" src=\"/v.mp4\"></video>",
	    "<video poster=\"https://e.org/p.jpg\" "
	    "src=\"https://e.org/v.mp4\"></video>");
}

static void
test_append_absolute_html_leaves_the_rest(void **state)
{
	static const char *const SAME[] = {
		"<a href=\"//other.org/\">x</a>",
		"<a href=\"https://other.org/\">x</a>",
		"<a href=\"#top\">x</a>",
		"<a href=\"\">x</a>",
		"<a href=\"a/b\">x</a>",
		"<a data-href=\"/a\" xsrc=\"/b\">x</a>",
		"<p>text href=&quot;/a&quot; src=/b</p>",
		"<a title=\" href=\">/a</a>",
		"\"", /* not the sanitizer's form: still no harm */
		"=\"/a\"",
		"<a href=\"/unclosed",
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(SAME); i++)
		assert_absolute(SAME[i], SAME[i]);
}

static void
test_append_absolute_html_srcset(void **state)
{
	(void)state;

	assert_absolute("<img srcset=\"/a.webp 1x, /b.webp 2x\">",
	    "<img srcset=\"https://e.org/a.webp 1x, "
	    "https://e.org/b.webp 2x\">");
	assert_absolute("<img srcset=\"https://o.org/a 1x, //o.org/b 2x, /c\">",
	    "<img srcset=\"https://o.org/a 1x, //o.org/b 2x, "
	    "https://e.org/c\">");
	assert_absolute("<img srcset=\"/a,b,/c 100w,\n /d 200w\">",
	    "<img srcset=\"https://e.org/a,b,/c 100w,\n "
	    "https://e.org/d 200w\">");
	assert_absolute("<img srcset=\"\"><img srcset=\",\">",
	    "<img srcset=\"\"><img srcset=\",\">");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append_xml_table),
		cmocka_unit_test(test_append_xml_round_trip),
		cmocka_unit_test(test_append_json_table),
		cmocka_unit_test(test_append_json_round_trip),
		cmocka_unit_test(test_append_log_table),
		cmocka_unit_test(test_append_log_bytes_are_one_line),
		cmocka_unit_test(test_append_path_segment_table),
		cmocka_unit_test(test_append_path_segment_round_trip),
		cmocka_unit_test(test_append_absolute_html_addresses),
		cmocka_unit_test(test_append_absolute_html_leaves_the_rest),
		cmocka_unit_test(test_append_absolute_html_srcset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
