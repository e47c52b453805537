/*
 * test_template_random.c - templates nobody would write. Whatever is accepted
 * must hold: no value changes what a browser makes of the page, whichever
 * sections are shown.
 *
 * RANDOM_COUNT and RANDOM_SEED in the environment make it look further.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "template/template_engine.h"
#include "template/template_scan.h"

#include "html_skeleton.h"

#define PRAGMA "{{%AUTOESCAPE context=\"HTML\"}}"

static const char *const PIECES[] = { "<a ", "<p", "<b>", "</b>", "<img ",
	" href=", " title=", " src=", " style=", " onclick=", " type=",
	" formaction=", "\"", "\"", "\"", "'", ">", ">", "{{X}}", "{{X}}", " ",
	"=", "</a>", "</p>", "<script>", "</script>",
	"<script type=\"application/json\">", "<style>", "</style>", "<!--",
	"-->", "--", "!", "x", "/", "<textarea>", "</textarea>", "<title>",
	"</title>", "javascript:", "http://y/", "?q=", "\n", "<!doctype html>",
	"<", "</", "data-x", "hidden", "{{! c }}",
	"<meta content=", "0;url=", " http-equiv=refresh", "<svg>", "</svg>",
	"<math>", "<iframe>", "</iframe>", "<xmp>", "</xmp>", "<noscript>",
	"</noscript>", "<select>", "<option", "<table>", "<td>", "<template>",
	"<noembed>", "<base ", "&", "&quot;", "<form action=\"", "<a href=\"",
	"<a title=\"", "\">" };

static const char *const VALUES[] = { "javascript:word", " javascript:word",
	"\"><s>", "'><s>", "<s>", "</script><s>", "</style><s>", "--><s>",
	"</textarea><s>", "</title><s>", " onx=1 ", "</iframe><s>", "</xmp><s>",
	"</noscript><s>" };

/* gumbo loses the attributes of tags that it drops: its fault, not ours. The
 * leak sanitizer asks for this function by name. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libgumbo\n";
}

/* Pieces in any order, a section somewhere, a marker after it. */
static GString *
make_template(GRand *random)
{
	GString *text = g_string_new(PRAGMA);
	int count = g_rand_int_range(random, 2, 12);
	int begin = g_rand_int_range(random, 0, count);
	int end = g_rand_int_range(random, begin, count) + 1;
	int marker = g_rand_int_range(random, end, count + 1);

	for (int i = 0; i <= count; i++) {
		if (i == begin)
			g_string_append(text, "{{#A}}");
		if (i == end)
			g_string_append(text, "{{/A}}");
		if (i == marker)
			g_string_append(text, "{{X}}");
		if (i < count)
			g_string_append(text, PIECES[g_rand_int_range(random, 0,
						  G_N_ELEMENTS(PIECES))]);
	}
	return text;
}

/* NULL when ctemplate refuses the template. The caller frees it. */
static char *
expand(struct template_engine *engine, const char *value, bool is_shown)
{
	struct template_dict *dict = template_dict_new();
	GString *out = g_string_new(NULL);
	enum status status;

	template_dict_set(dict, "X", value);
	if (is_shown)
		template_dict_show(dict, "A");
	status = template_expand(engine, "a", dict, out);
	template_dict_free(dict);
	return g_string_free(out, status != STATUS_OK);
}

static void
check_values(
    struct template_engine *engine, const char *template, bool is_shown)
{
	g_autofree char *plain = expand(engine, "x", is_shown);
	g_autofree char *wanted = html_skeleton(plain);

	for (size_t i = 0; i < G_N_ELEMENTS(VALUES); i++) {
		g_autofree char *page = expand(engine, VALUES[i], is_shown);
		g_autofree char *got = html_skeleton(page);

		if (strcmp(got, wanted) != 0 || html_runs_script(page, "word"))
			fail_msg(
			    "%s\nwith %s gives\n%s", template, VALUES[i], page);
	}
}

/* Whether the template is accepted. */
static bool
check_template(const GString *text)
{
	const struct data_file file = { "a", text->str, text->len };
	struct template_engine *engine;
	struct template_scan scan;
	g_autofree char *page = NULL;
	bool is_accepted = template_scan_check(
			       text->str, text->len, FALSE, &scan) == STATUS_OK;

	template_scan_release(&scan);
	if (!is_accepted)
		return false;
	engine = template_engine_new(&file, 1, NULL);
	page = expand(engine, "x", false);
	if (page != NULL) {
		check_values(engine, text->str, false);
		check_values(engine, text->str, true);
	}
	template_engine_free(engine);
	return page;
}

static long
number_from(const char *variable, long otherwise)
{
	const char *text = g_getenv(variable);

	return text != NULL ? (long)g_ascii_strtoll(text, NULL, 10) : otherwise;
}

static void
test_template_expand_random(void **state)
{
	long count = number_from("RANDOM_COUNT", 10000);
	GRand *random =
	    g_rand_new_with_seed((guint32)number_from("RANDOM_SEED", 1));
	long accepted = 0;

	(void)state;
	for (long i = 0; i < count; i++) {
		g_autoptr(GString) text = make_template(random);

		accepted += check_template(text) ? 1 : 0;
	}
	g_rand_free(random);

	/* or it would show nothing */
	assert_true(accepted > count / 10);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(test_template_expand_random),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
