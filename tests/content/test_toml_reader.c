/*
 * test_toml_reader.c - all of TOML 1.0, where cpptoml 0.1.1 knows it and where
 * it needs help.
 */
#include "config.h"

#include "content/toml_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "content/front_matter_field.h"

/* The fields of `text`, which must be right. */
static GHashTable *
read_fields(const char *text)
{
	GHashTable *fields = front_matter_fields_new();
	GError *error = NULL;

	if (toml_reader_read(text, strlen(text), 1, fields, &error) !=
	    STATUS_OK)
		fail_msg("%s: %s", text, error->message);
	return fields;
}

/* That the one key `a` of `text` is `expected`: a text, or a list with "|". */
static void
assert_reads(const char *text, const char *expected)
{
	g_autoptr(GHashTable) fields = read_fields(text);
	struct front_matter_field *field =
	    front_matter_fields_find(fields, NULL, "a");
	g_autoptr(GString) joined = g_string_new(NULL);

	assert_non_null(field);
	if (field->kind == FRONT_MATTER_TEXT) {
		assert_string_equal(field->text, expected);
		return;
	}
	assert_int_equal(field->kind, FRONT_MATTER_LIST);
	for (guint i = 0; i < field->items->len; i++) {
		g_string_append(joined, field->items->pdata[i]);
		g_string_append_c(joined, '|');
	}
	assert_string_equal(joined->str, expected);
}

static void
assert_refused(const char *text, const char *words)
{
	g_autoptr(GHashTable) fields = front_matter_fields_new();
	g_autoptr(GError) error = NULL;

	assert_int_equal(
	    toml_reader_read(text, strlen(text), 10, fields, &error),
	    STATUS_INVALID);
	if (!g_str_has_prefix(error->message, words)) {
		fail_msg(
		    "\"%s\" does not begin with \"%s\"", error->message, words);
	}
}

static void
test_read_strings(void **state)
{
	(void)state;

	assert_reads("a = \"x\\ty \\\" \\\\ \\u00e9 \\U0001F600\" # c",
	    "x\ty \" \\ \xc3\xa9 \xf0\x9f\x98\x80");
	assert_reads("a = 'C:\\x \"q\" # no'", "C:\\x \"q\" # no");
	assert_reads("a = \"\"", "");
	assert_reads("a = ''", "");
	assert_reads("a = \"\"\"\"\"\"", "");
	assert_reads("a = \"\"\"one\ntwo\"\"\"", "one\ntwo");
	assert_reads("a = \"\"\"\none\n\n two\n\"\"\"", "one\n\n two\n");
	assert_reads(
	    "a = \"\"\"\\\n   one \\  \n\n   two\\\n\"\"\"", "one two");
	assert_reads("a = \"\"\"\"q\" \"\" x\"\"\"\"", "\"q\" \"\" x\"");
	assert_reads("a = \"\"\"x\"\"\"\"\"", "x\"\"");
	assert_reads(
	    "a = '''\nC:\\x\\\n'y' ''z''\n'''", "C:\\x\\\n'y' ''z''\n");
	assert_reads("a = '''x'''''", "x''");
	assert_reads("a = \"\"\"x\r\ny\"\"\"\r\n", "x\ny");
}

static void
test_read_numbers_and_truths(void **state)
{
	(void)state;

	assert_reads("a = +1_000", "1000");
	assert_reads("a = 0xdead_BEEF", "3735928559");
	assert_reads("a = 0o755", "493");
	assert_reads("a = 0b101", "5");
	assert_reads("a = -0.5", "-0.5");
	assert_reads("a = 5e+06", "5e+06");
	assert_reads("a = 0e1", "0e1");
	assert_reads("a = inf", "inf");
	assert_reads("a = true", "true");
	assert_reads("a = false", "false");
}

static void
test_read_dates(void **state)
{
	(void)state;

	assert_reads("a = 1979-05-27", "1979-05-27");
	assert_reads("a = 1979-05-27T07:32:00Z", "1979-05-27T07:32:00Z");
	assert_reads("a = 1979-05-27 07:32:00Z # c", "1979-05-27T07:32:00Z");
	assert_reads("a = 1979-05-27t07:32:00z", "1979-05-27T07:32:00Z");
	assert_reads("a = 1979-05-27T00:32:00.999-07:00",
	    "1979-05-27T00:32:00.999-07:00");
	assert_reads(
	    "a = 1979-05-27T00:32:00+00:30", "1979-05-27T00:32:00+00:30");
	assert_reads(
	    "a = 1979-05-27T00:32:00-00:30", "1979-05-27T00:32:00-00:30");
	assert_reads("a = 1979-05-27T07:32:00", "1979-05-27T07:32:00");
	assert_reads("a = 07:32:00", "07:32:00");
}

static void
test_read_arrays(void **state)
{
	(void)state;

	assert_reads("a = []", "");
	assert_reads("a = [ # c\n # d\n]", "");
	assert_reads(
	    "a = [\"x\", 'y',\n \"\"\"z\n\"\"\", # c, ]\n]", "x|y|z\n|");
	assert_reads("a = [1, 2.5, true, \"x\", 1979-05-27 07:32:00]",
	    "1|2.5|true|x|1979-05-27 07:32:00|");
	assert_reads("a = [1, [2, 3], {b = 1}, 4]", "1|4|");
	assert_reads("a = [\"]\", \"#\", \",\"]", "]|#|,|");
	assert_reads("a = [[1, 2], [\"x\"]]", "");
	assert_reads("a = [{name = \"x\"}, {name = \"y\", b.c = [1]}]", "x|y|");
	assert_reads("[[a]]\nname = 'x'\n[[a.b]]\n[[a]]\nname = 'y'", "x|y|");
}

static void
test_read_tables(void **state)
{
	g_autoptr(GHashTable) fields = NULL;
	struct front_matter_field *field;
	(void)state;

	fields = read_fields("title = 'x'\n"
			     "b.\"c d\".e = 1\n"
			     " [ extra . deep ] # c\n"
			     "cover = 'p.png'\n"
			     "more.x.y = 1\n"
			     "[taxonomies]\n"
			     "\n"
			     "\"tags\" = ['t']\n"
			     "[params]\n"
			     "cover = { image = 'i', alt = 'a' }\n");

	field = front_matter_fields_find(fields, NULL, "b.c d.e");
	assert_string_equal(field->text, "1");
	field = front_matter_fields_find(fields, "Extra.Deep", "COVER");
	assert_string_equal(field->text, "p.png");
	assert_int_equal(field->line, 4);
	field = front_matter_fields_find(fields, NULL, "extra.deep");
	assert_int_equal(field->kind, FRONT_MATTER_TABLE);
	assert_int_equal(field->line, 3);
	field = front_matter_fields_find(fields, NULL, "taxonomies.tags");
	assert_int_equal(field->line, 8);
	field = front_matter_fields_find(fields, NULL, "params.cover.alt");
	assert_string_equal(field->text, "a");
	assert_int_equal(field->line, 10);
	assert_null(
	    front_matter_fields_find(fields, NULL, "extra.deep.more.x"));
}

static void
test_read_refuses_with_line(void **state)
{
	(void)state;

	assert_refused("a", "10: \"=\" was expected");
	assert_refused("\na =", "11: a value was expected");
	assert_refused("a = 1 b = 2", "10: the end of the line");
	assert_refused("a = 'x", "10: a string is not closed");
	assert_refused("a = 'x\n'", "10: a string is not closed");
	assert_refused("a = \"\"\"x\n\n", "12: a string is not closed");
	assert_refused("a = \"\\x\"", "10: Invalid escape");
	assert_refused("a = \"\\uD800\"", "10: Unicode escape");
	assert_refused("a = \"\x01\"", "10: a control character");
	assert_refused("a = tru", "10: not a value");
	assert_refused("a = [x]", "10: not a value");
	assert_refused("a = 01", "10: Numbers may not");
	assert_refused("a = 1__0", "10: Malformed number");
	assert_refused("a = 99999999999999999999", "10: Malformed number");
	assert_refused("a = {b = 1", "10: \"}\" was expected");
	assert_refused("a = 1\n# c\n\na = 2", "13: Key a already");
	assert_refused("[a]\nb = 1\n[a]\nb = 2", "12: Redefinition of table");
	assert_refused("a = [\n\"\"\"\n\"\"\",\n1\n]\na = 1", "15: Key a");
	assert_refused("[a", "10: \"]\" was expected");
	assert_refused("[]", "10: a key was expected");
	assert_refused("= 1", "10: a key was expected");
	assert_refused("a b = 1", "10: \"=\" was expected");
	assert_refused("a.b = 1\na = 2", "11: Key a already");
	assert_refused("a = 1\nb = 2 \r c = 3", "11: the end of the line");
}

static void
test_read_refuses_depth(void **state)
{
	static const char *const UNITS[] = { "[", "{a=", "a.", "[[", "{a=[" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++) {
		g_autoptr(GString) text = g_string_new("a = ");
		g_autoptr(GHashTable) fields = front_matter_fields_new();
		g_autoptr(GError) error = NULL;

		if (strcmp(UNITS[i], "a.") == 0)
			g_string_truncate(text, 0);
		while (text->len < 60000)
			g_string_append(text, UNITS[i]);
		assert_int_equal(
		    toml_reader_read(text->str, text->len, 1, fields, &error),
		    STATUS_INVALID);
		assert_true(g_str_has_prefix(error->message, "1: "));
	}
}

static void
test_read_many_tables(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GHashTable) fields = NULL;
	(void)state;

	for (int i = 0; text->len < 60000; i++)
		g_string_append_printf(text, "[[a]]\n[a.b%d]\nc = %d\n", i, i);

	fields = read_fields(text->str);

	assert_true(front_matter_fields_find(fields, NULL, "a")->is_partial);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_strings),
		cmocka_unit_test(test_read_numbers_and_truths),
		cmocka_unit_test(test_read_dates),
		cmocka_unit_test(test_read_arrays),
		cmocka_unit_test(test_read_tables),
		cmocka_unit_test(test_read_refuses_with_line),
		cmocka_unit_test(test_read_refuses_depth),
		cmocka_unit_test(test_read_many_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
