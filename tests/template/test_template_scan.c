/*
 * test_template_scan.c - what is refused in a template, and in which line.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "template/template_scan.h"

#define HTML "{{%AUTOESCAPE context=\"HTML\"}}\n"
#define XML  "{{%AUTOESCAPE context=\"XML\"}}\n"

/* A template and the line it is refused for; 0: it is accepted. */
struct sample {
	const char *text;
	uint32_t line;
	const char *word; /* of the message */
};

static void
check_samples(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct sample *sample = &samples[i];
		struct template_scan scan;
		enum status status = template_scan_check(
		    sample->text, strlen(sample->text), FALSE, &scan);

		if ((status == STATUS_OK) != (sample->line == 0) ||
		    scan.line != sample->line ||
		    (sample->word != NULL &&
			(scan.message == NULL ||
			    strstr(scan.message, sample->word) == NULL)))
			fail_msg("%s\nline %u, not %u: %s", sample->text,
			    scan.line, sample->line,
			    scan.message ? scan.message : "accepted");
		template_scan_release(&scan);
	}
}

static void
test_template_scan_check_pragma(void **state)
{
	static const struct sample SAMPLES[] = {
		{ HTML, 0, NULL },
		{ XML "<a>{{X}}</a>", 0, NULL },
		{ "{{%AUTOESCAPE context=\"JSON\"}}{\"a\":\"{{X}}\"}", 0,
		    NULL },
		{ "{{%AUTOESCAPE context=\"CSS\"}}a{b:{{X}}}", 0, NULL },
		{ "", 1, "first line" },
		{ "<p>{{X}}</p>", 1, "first line" },
		{ "\n" HTML, 1, "first line" },
		{ "{{! c }}" HTML, 1, "first line" },
		{ "{{%AUTOESCAPE context=\"JAVASCRIPT\"}}\n", 1, "first line" },
		{ "{{%AUTOESCAPE context=\"html\"}}\n", 1, "first line" },
		{ "{{%AUTOESCAPE context=\"HTML\" state=\"IN_TAG\"}}\n", 1,
		    "first line" },
		{ HTML "a\n" HTML, 3, "only the first line" },
	};

	(void)state;
	check_samples(SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static void
test_template_scan_check_writing(void **state)
{
	static const struct sample SAMPLES[] = {
		{ HTML "a { b {{X}} }} c }", 0, NULL },
		{ HTML "{{! a\n b }}{{X}}", 0, NULL },
		{ HTML "{{#A}}{{#B}}{{/B}}{{#A_separator}},{{/A_separator}}"
		       "{{/A}}",
		    0, NULL },
		{ HTML "a\nb {{X\n}}", 3, "without" },
		{ HTML "a\nb {{X", 3, "without" },
		{ HTML "a\n{{! b", 3, "without" },
		{ HTML "{{x}}", 2, "\"x\" is not a name" },
		{ HTML "{{ X }}", 2, "is not a name" },
		{ HTML "{{X Y}}", 2, "is not a name" },
		{ HTML "{{}}", 2, "is not a name" },
		{ HTML "{{#}}{{/}}", 2, "is not a name" },
		{ HTML "{{X_separator}}", 2, "is not a name" },
		{ HTML "{{{X}}}", 2, "is not a name" },
		{ HTML "{{&X}}{{/X}}", 2, "is not a name" },
		{ HTML "{{\xc3\x9c}}", 2, "is not a name" },
		{ HTML "{{BI_SPACE}}", 2, "BI_" },
		{ HTML "{{=| |=}}|X|", 2, "delimiters" },
		{ HTML "\n\n{{X:raw}}", 4, "unknown modifier \":raw\"" },
		{ HTML "{{X:x-own}}", 2, "unknown modifier" },
		{ HTML "{{X:j}}", 2, "unknown modifier" },
		{ HTML "{{X:H=attribute}}", 2, "unknown modifier" },
		{ HTML "{{#X:h}}{{/X}}", 2, "takes a modifier" },
		{ HTML "{{>X:h}}", 2, "takes a modifier" },
		{ HTML "{{X:h}}{{X:u}}{{X:url_query_escape}}", 0, NULL },
		{ HTML "<p>{{X:p}}</p><textarea>{{X:pre_escape}}</textarea>", 0,
		    NULL },
		{ HTML "<p title=\"{{X:p}}\">", 2, "only in text" },
		{ HTML "<script>{{X:p}}</script>", 2, "" },
		{ HTML "a\n{{#A}}\nb\n", 3, "{{#A}} is not closed" },
		{ HTML "a\n{{#A}}\n{{#B}}\n{{/A}}\n", 5, "{{#B}} of line 4" },
		{ HTML "a\n{{/A}}", 3, "not open" },
		{ HTML "a\n\xff{{X}}", 3, "UTF-8" },
	};

	(void)state;
	check_samples(SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static void
test_template_scan_check_nul(void **state)
{
	static const char TEXT[] = HTML "a\0b";
	struct template_scan scan;

	(void)state;
	assert_int_equal(
	    template_scan_check(TEXT, sizeof(TEXT) - 1, FALSE, &scan),
	    STATUS_INVALID);

	assert_int_equal(scan.line, 2);
	template_scan_release(&scan);
}

static void
test_template_scan_check_depth(void **state)
{
	g_autoptr(GString) text = g_string_new(HTML);
	struct template_scan scan;

	(void)state;
	for (int i = 0; i < 100000; i++)
		g_string_append(text, "{{#A}}");
	assert_int_equal(
	    template_scan_check(text->str, text->len, FALSE, &scan),
	    STATUS_INVALID);

	assert_non_null(strstr(scan.message, "deeper than"));
	template_scan_release(&scan);
}

static void
test_template_scan_check_trusted(void **state)
{
	static const struct sample SAMPLES[] = {
		{ HTML "<p>{{X_HTML:none}}</p>", 0, NULL },
		{ HTML "<p>{{X_HTML}}</p>", 0, NULL },
		{ HTML "<script type=\"application/ld+json\">{{X_HTML:none}}"
		       "</script>",
		    0, NULL },
		{ HTML "<script nonce=a type='application/json'>"
		       "{{X_HTML:none}}</script>",
		    0, NULL },
		{ XML "<a>{{X_HTML:none}}</a>", 0, NULL },
		{ HTML "{{X:none}}", 2, "_HTML" },
		{ HTML "{{X_HTM:none}}", 2, "_HTML" },
		{ HTML "{{_HTML:none}}", 2, "_HTML" },
		{ HTML "{{HTML_X:none}}", 2, "_HTML" },
		{ HTML "{{X:h:none}}", 2, "_HTML" },
		{ XML "<a>{{X:none}}</a>", 2, "_HTML" },
		{ HTML "<a title=\"{{X_HTML:none}}\">", 2, "attribute" },
		{ HTML "<!-- {{X_HTML:none}} -->", 2, "comment" },
		{ HTML "<style>{{X_HTML:none}}</style>", 2, "style sheet" },
		{ HTML "<script>{{X_HTML:none}}</script>", 2, "script" },
		{ HTML "<script type=\"module\">{{X_HTML:none}}</script>", 2,
		    "script" },
		{ HTML "<script type=\"application/json\"></script>"
		       "<script>{{X_HTML:none}}</script>",
		    2, "script" },
		{ HTML "<script type=\"application/ld+json\">{\"a\":\"{{X}}\"}"
		       "</script>",
		    2, "JSON" },
	};

	(void)state;
	check_samples(SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static void
test_template_scan_check_place(void **state)
{
	static const struct sample SAMPLES[] = {
		{ HTML "<a href=\"{{X}}\" title='{{Y}}'>{{Z}}</a>", 0, NULL },
		{ HTML "<a href=\"{{X}}{{Y}}\">", 0, NULL },
		{ HTML "<a href=\"/a?q={{X}}\">", 0, NULL },
		{ HTML "<a\nhref\n=\n\"{{X}}\">", 0, NULL },
		{ HTML "<title>{{X}}</title><textarea>{{Y}}</textarea>", 0,
		    NULL },
		{ HTML "<!doctype html>\n<!-- {{X}} <a -->{{Y}}", 0, NULL },
		{ HTML "a < b {{X}}", 0, NULL },
		{ HTML "<script>if (a < b) f('{{X}}')</script>", 0, NULL },
		{ HTML "<script>if (a<b) f('{{X}}')</script>", 2, "space" },
		{ HTML "<svg><title><a {{X}}></title></svg>", 2, "inside" },
		{ HTML "<style><!-- {{X}} --></style>", 2, "inside" },
		{ HTML "<title></tit {{X}}</title>", 0, NULL },
		{ HTML "<p>\n<a href={{X}}>", 3, "quotes" },
		{ HTML "<a href=/{{X}}>", 2, "quotes" },
		{ HTML "<a {{X}}>", 2, "quotes" },
		{ HTML "<a {{X}}=\"b\">", 2, "quotes" },
		{ HTML "<{{X}}>", 2, "quotes" },
		{ HTML "</{{X}}>", 2, "quotes" },
		{ HTML "<a href=\"b\"{{X}}>", 2, "quotes" },
		{ HTML "<button formaction=\"{{X}}\">", 2, "formaction" },
		{ HTML "<button FormAction = '/{{X}}'>", 2, "formaction" },
		{ HTML "<use xlink:href=\"{{X}}\">", 2, "xlink:href" },
		{ HTML "<iframe srcdoc=\"{{X}}\">", 2, "srcdoc" },
		{ HTML "<set attributeName=\"href\" to=\"{{X}}\">", 2, "to" },
		{ HTML "<a href=\" {{X}}\">", 2, "white space" },
		{ HTML "<a href=\"\n{{X}}\">", 3, "white space" },
		{ HTML "<p title=\" {{X}}\">", 0, NULL },
		{ HTML "<a href=\"JavaScript:f({{X}})\">", 2, "script" },
		{ HTML "<a href=\" data:text/html,{{X}}\">", 2, "script" },
		{ HTML "<<a {{X}}>", 2, "quotes" },
		{ HTML "<!{{X}}>", 2, "quotes" },
		{ HTML "<!doctype {{X}}>", 2, "quotes" },
		{ HTML "<?{{X}}>", 2, "quotes" },
		{ HTML "<!--><a {{X}}>", 2, "quotes" },
		{ HTML "<!--- --!><a {{X}}>", 2, "quotes" },
		{ HTML "<!-- -- > --!- --!!> <a {{X}}>-->", 0, NULL },
		{ HTML "<title><</title><a {{X}}>", 2, "quotes" },
		{ HTML "<a title=\"{{>X}}\">", 2, "included" },
		{ HTML "<script>{{>X}}</script>", 2, "included" },
		{ HTML "<p>\n<a href=\"b", 3, "ends inside" },
		{ HTML "<script>", 2, "ends inside" },
		{ HTML "<!-- ", 2, "ends inside" },
		{ HTML "<p", 2, "ends inside" },
	};

	(void)state;
	check_samples(SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static void
test_template_scan_check_section(void **state)
{
	static const struct sample SAMPLES[] = {
		{ HTML "<p{{#A}} lang=\"{{X}}\"{{/A}}>", 0, NULL },
		{ HTML "<p {{#A}}lang=\"{{X}}\"{{/A}}>", 0, NULL },
		{ HTML "<p {{#A}}hidden{{/A}} id=\"a\">", 0, NULL },
		{ HTML "<p {{#A}}hidden{{/A}}{{#B}} id=\"a\"{{/B}}>", 0, NULL },
		{ HTML "<p class=\"a{{#A}} b{{/A}}\">", 0, NULL },
		{ HTML "<a href=\"{{#A}}{{X}}{{/A}}\">", 0, NULL },
		{ HTML "<a href=\"/b{{#A}}/c{{/A}}/{{X}}\">", 0, NULL },
		{ HTML "{{#A}}<p>{{/A}}{{X}}{{#A}}</p>{{/A}}", 0, NULL },
		{ HTML "{{#A}}<script>{{/A}}{{X}}{{#A}}</script>{{/A}}", 2,
		    "another place" },
		{ HTML "<script>{{#A}}</script>{{/A}}{{X}}", 2, "script" },
		{ HTML "<script>f({{#A}}'{{/A}}{{X}})</script>", 2, "script" },
		{ HTML "<style>{{#A}}a{}{{/A}}</style>", 2, "style sheet" },
		{ HTML "<a title=\"{{#A}}\" href=\"{{/A}}{{X}}\">", 2,
		    "another place" },
		{ HTML "<a href=\"{{#A}}\" title=\"{{/A}}{{X}}\">", 2,
		    "another place" },
		{ HTML "<a title{{#A}}=\"b\" href{{/A}}=\"{{X}}\">", 2,
		    "inside a tag" },
		{ HTML "<a href{{#A}} title{{/A}} =\"{{X}}\">", 2,
		    "inside a tag" },
		{ HTML "<a href{{#A}} title{{/A}}{{! c }} =\"{{X}}\">", 2,
		    "inside a tag" },
		{ HTML "<a hre{{#A}} x{{/A}}f=\"{{X}}\">", 2, "inside a tag" },
		{ HTML "<a href{{#A}}=\"{{/A}}{{X}}\">", 2, "another place" },
		{ HTML "<a href=\n{{#A}}\n{{/A}}\n\"{{X}}\">", 4,
		    "another place" },
		{ HTML "<a href={{#A}}\"b\" title={{/A}} \"{{X}}\">", 2,
		    "another place" },
		{ HTML "<a href=b{{#A}}c{{/A}}>", 2, "without quotes" },
		{ HTML "<a href=\"{{#A}}/b{{/A}}{{X}}\">", 2, "another place" },
		{ HTML "<a href=\" {{#A}}/b{{/A}}{{X}}\">", 2,
		    "another place" },
		{ HTML "<a style=\"{{#A}}color:{{/A}}{{X}}\">", 2, "style" },
		{ HTML "<a onclick=\"f({{#A}}'{{/A}}{{X}})\">", 2, "onclick" },
		{ HTML "<script{{#A}} type=\"application/json\"{{/A}}>"
		       "{{X_HTML:none}}</script>",
		    2, "another place" },
		{ HTML "{{#A}}<!-- {{/A}}{{X}} -->", 2, "another place" },
	};

	(void)state;
	check_samples(SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static void
test_template_scan_check_markers(void **state)
{
	static const char TEXT[] =
	    HTML "{{X}}\n{{#A}}{{X}}{{/A}}\n{{>MAIN}}{{! NOT }}";
	struct template_scan scan;

	(void)state;
	assert_int_equal(
	    template_scan_check(TEXT, strlen(TEXT), TRUE, &scan), STATUS_OK);

	assert_int_equal(g_hash_table_size(scan.markers), 3);
	assert_int_equal(
	    GPOINTER_TO_UINT(g_hash_table_lookup(scan.markers, "X")), 2);
	assert_int_equal(
	    GPOINTER_TO_UINT(g_hash_table_lookup(scan.markers, "#A")), 3);
	assert_int_equal(
	    GPOINTER_TO_UINT(g_hash_table_lookup(scan.markers, ">MAIN")), 4);
	template_scan_release(&scan);
}

static void
test_template_scan_strip_lines(void **state)
{
	static const char *const SAMPLES[][2] = {
		{ "  <p>\n\n\t a \n b</p>  \n", "<p>\na\nb</p>\n" },
		{ "a\n  {{#X}}\n  b\n  {{/X}}\nc\n", "a\n{{#X}}b\n{{/X}}c\n" },
		{ "{{#X}} {{! c }}\na", "{{#X}} {{! c }}a" },
		{ "a {{X}}\n{{Y}}\nb", "a {{X}}\n{{Y}}\nb" },
		{ "{{#X}}a{{/X}}\nb", "{{#X}}a{{/X}}\nb" },
		{ "{{! a\n\n b }}\nc", "{{! a\n\n b }}c" },
		{ "{{! a\n b }} d\nc", "{{! a\n b }} d\nc" },
		{ "  {{>X}}\n", "{{>X}}" },
		{ "a\r\nb\r\n", "a\nb\n" },
		{ "{{X\n a", "{{X\na" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
		g_autoptr(GString) text =
		    template_scan_strip(SAMPLES[i][0], strlen(SAMPLES[i][0]));

		assert_string_equal(text->str, SAMPLES[i][1]);
	}
}

static void
test_template_scan_prefix_closes(void **state)
{
	static const char TEXT[] = HTML "{{#A}}\na{{#B}}b{{/B}}{{#C}}\n{{/C}}";
	g_autoptr(GString) one = template_scan_prefix(TEXT, strlen(TEXT), 2);
	g_autoptr(GString) two = template_scan_prefix(TEXT, strlen(TEXT), 3);

	(void)state;
	assert_string_equal(one->str, HTML "{{#A}}\n{{/A}}");
	assert_string_equal(
	    two->str, HTML "{{#A}}\na{{#B}}b{{/B}}{{#C}}\n{{/C}}{{/A}}");
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(test_template_scan_check_pragma),
		cmocka_unit_test(test_template_scan_check_writing),
		cmocka_unit_test(test_template_scan_check_nul),
		cmocka_unit_test(test_template_scan_check_depth),
		cmocka_unit_test(test_template_scan_check_trusted),
		cmocka_unit_test(test_template_scan_check_place),
		cmocka_unit_test(test_template_scan_check_section),
		cmocka_unit_test(test_template_scan_check_markers),
		cmocka_unit_test(test_template_scan_strip_lines),
		cmocka_unit_test(test_template_scan_prefix_closes),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
