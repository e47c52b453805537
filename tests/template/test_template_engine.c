/*
 * test_template_engine.c - pages from templates: what is filled, what is
 * escaped, and what serves when a template is broken.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "template/template_engine.h"

#include "html_skeleton.h"
#include "xss_payloads.h"

#define HTML "{{%AUTOESCAPE context=\"HTML\"}}\n"
#define FILE_OF(name, text)                                                    \
	{                                                                      \
		name, text, sizeof(text) - 1                                   \
	}

static struct template_engine *
engine_of(const struct data_file *files, size_t count)
{
	return template_engine_new(files, count, NULL);
}

/* `text` expanded with `dict`, which is freed. The caller frees the result. */
static char *
expand(const char *text, struct template_dict *dict)
{
	const struct data_file file = { "a.html", text, strlen(text) };
	struct template_engine *engine = engine_of(&file, 1);
	GString *out = g_string_new(NULL);

	assert_int_equal(
	    template_expand(engine, "a.html", dict, out), STATUS_OK);
	template_dict_free(dict);
	template_engine_free(engine);
	return g_string_free(out, FALSE);
}

/* ---- filling ---- */

static void
test_template_expand_fills(void **state)
{
	struct template_dict *dict = template_dict_new();
	g_autofree char *out = NULL;

	(void)state;
	template_dict_set(dict, "TITLE", "A & B");
	template_dict_set(dict, "GONE", NULL);
	template_dict_set_integer(dict, "COUNT", INT64_MIN);
	template_dict_set_trusted_html(dict, "BODY_HTML", "<i>x</i>yyy", 8);
	out = expand(HTML "{{TITLE}}|{{COUNT}}|{{GONE}}|{{NEVER}}|"
			  "{{BODY_HTML:none}}|{{BODY_HTML}}",
	    dict);

	assert_string_equal(out, "A &amp; B|-9223372036854775808|||<i>x</i>|"
				 "&lt;i&gt;x&lt;/i&gt;");
}

static void
test_template_expand_copies_values(void **state)
{
	struct template_dict *dict = template_dict_new();
	char value[] = "before";
	g_autofree char *out = NULL;

	(void)state;
	template_dict_set(dict, "X", value);
	memset(value, 'z', sizeof(value) - 1);
	template_dict_set(dict, "Y", "one");
	template_dict_set(dict, "Y", "two");
	out = expand(HTML "{{X}} {{Y}}", dict);

	assert_string_equal(out, "before two");
}

static void
test_template_expand_sections(void **state)
{
	struct template_dict *dict = template_dict_new();
	g_autofree char *out = NULL;

	(void)state;
	template_dict_set(dict, "X", "outer");
	template_dict_show(dict, "SHOWN");
	template_dict_show(dict, "SHOWN");
	for (int i = 0; i < 3; i++) {
		struct template_dict *item = template_dict_add(dict, "ITEMS");

		template_dict_set_integer(item, "NUMBER", i);
		if (i == 1)
			template_dict_set(item, "X", "own");
		for (int j = 0; j < i; j++)
			template_dict_add(item, "MARKS");
	}
	out = expand(HTML "{{#SHOWN}}s{{X}} {{/SHOWN}}{{#HIDDEN}}h{{/HIDDEN}}"
			  "{{#ITEMS}}{{NUMBER}}{{X}}{{#MARKS}}!{{/MARKS}}"
			  "{{#ITEMS_separator}}, {{/ITEMS_separator}}"
			  "{{/ITEMS}}",
	    dict);

	assert_string_equal(out, "souter 0outer, 1own!, 2outer!!");
}

static void
test_template_expand_many(void **state)
{
	struct template_dict *dict = template_dict_new();
	g_autofree char *large = g_strnfill(100000, 'x');
	g_autofree char *out = NULL;
	size_t size;

	(void)state;
	for (int i = 0; i < 1000; i++)
		template_dict_set(template_dict_add(dict, "ITEMS"), "X", large);
	out = expand(HTML "{{#ITEMS}}{{X}}{{/ITEMS}}", dict);
	size = strlen(out);

	assert_int_equal(size, 100000 * 1000);
}

static void
test_template_expand_names(void **state)
{
	/* names that a careless hash would take for one another */
	static const char *const NAMES[] = { "A", "B", "AB", "BA", "A_B",
		"AAAAAAAA", "AAAAAAAB", "AAAAAAAAA", "BAAAAAAA", "BAAAAAAAA",
		"AAAAAAAAAAAAAAAA", "AAAAAAAABAAAAAAAA", "AAAAAAAACAAAAAAAA",
		"AAAAAAAAABAAAAAAAA", "A0", "A1" };
	g_autoptr(GString) text = g_string_new(HTML);
	g_autoptr(GString) wanted = g_string_new(NULL);
	struct template_dict *dict = template_dict_new();
	g_autofree char *out = NULL;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
		template_dict_set_integer(dict, NAMES[i], (int64_t)i);
		g_string_append_printf(text, "{{%s}} ", NAMES[i]);
		g_string_append_printf(wanted, "%zu ", i);
	}
	g_string_truncate(wanted, wanted->len - 1);
	out = expand(text->str, dict);

	assert_string_equal(out, wanted->str);
}

/* ---- including ---- */

static const struct data_file LAYOUT[] = {
	FILE_OF("layout.html", HTML "<b>{{X}}</b>{{>MAIN}}<i>{{>MAIN}}</i>"),
	FILE_OF("main.html", HTML "({{X}} {{Y}} {{Z}} {{>MAIN}})"),
	FILE_OF("other.html", HTML "[{{X}}]"),
};

static void
test_template_dict_include_inherits(void **state)
{
	struct template_engine *engine = engine_of(LAYOUT, 3);
	struct template_dict *dict = template_dict_new();
	struct template_dict *main =
	    template_dict_include(dict, "MAIN", "main.html");
	g_autoptr(GString) out = g_string_new("kept:");

	(void)state;
	template_dict_set(dict, "X", "x");
	template_dict_set(dict, "Y", "y");
	template_dict_set(main, "X", "own");
	template_dict_set_everywhere(main, "Z", "z");
	template_dict_include(dict, "MAIN", "other.html");
	assert_int_equal(
	    template_expand(engine, "layout.html", dict, out), STATUS_OK);

	assert_string_equal(
	    out->str, "kept:<b>x</b>(own y z )[x]<i>(own y z )[x]</i>");
	template_dict_free(dict);
	template_engine_free(engine);
}

static void
test_template_dict_include_in_section(void **state)
{
	static const struct data_file FILES[] = {
		FILE_OF(
		    "list.html", HTML "{{#ITEMS}}<p>{{>CARD}}</p>{{/ITEMS}}"),
		FILE_OF("card.html", HTML "{{X}}{{#WIDE}}!{{/WIDE}}"),
	};
	struct template_engine *engine = engine_of(FILES, 2);
	struct template_dict *dict = template_dict_new();
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	template_dict_show_everywhere(dict, "WIDE");
	for (int i = 0; i < 2; i++) {
		struct template_dict *item = template_dict_add(dict, "ITEMS");

		template_dict_set_integer(
		    template_dict_include(item, "CARD", "card.html"), "X", i);
	}
	assert_int_equal(
	    template_expand(engine, "list.html", dict, out), STATUS_OK);

	assert_string_equal(out->str, "<p>0!</p><p>1!</p>");
	template_dict_free(dict);
	template_engine_free(engine);
}

static void
test_template_expand_missing_include(void **state)
{
	struct template_engine *engine = engine_of(LAYOUT, 3);
	struct template_dict *dict = template_dict_new();
	g_autoptr(GString) out = g_string_new("kept");

	(void)state;
	template_dict_include(dict, "MAIN", "nowhere.html");

	assert_int_equal(
	    template_expand(engine, "layout.html", dict, out), STATUS_FAILED);
	assert_string_equal(out->str, "kept");
	assert_int_equal(
	    template_expand(engine, "nowhere.html", dict, out), STATUS_FAILED);
	assert_string_equal(out->str, "kept");
	template_dict_free(dict);
	template_engine_free(engine);
}

/* ctemplate would find this one where the program happens to be started. */
static void
test_template_expand_opens_no_file(void **state)
{
	g_autofree char *name = g_strdup("./byline-XXXXXX");
	int descriptor = g_mkstemp(name);
	struct template_engine *engine = engine_of(LAYOUT, 3);
	struct template_dict *dict = template_dict_new();
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, HTML "found", 36), 36);
	close(descriptor);
	template_dict_include(dict, "MAIN", name);

	assert_int_equal(
	    template_expand(engine, "layout.html", dict, out), STATUS_FAILED);
	assert_int_equal(
	    template_expand(engine, name, dict, out), STATUS_FAILED);
	assert_string_equal(out->str, "");
	g_unlink(name);
	template_dict_free(dict);
	template_engine_free(engine);
}

static void
test_template_expand_broken_include(void **state)
{
	static const struct data_file FILES[] = {
		FILE_OF("layout.html", HTML "<b>{{X}}</b>{{>MAIN}}"),
		FILE_OF("main.html", "<p>{{X}}</p>"),
	};
	struct template_engine *engine = engine_of(FILES, 2);
	struct template_dict *dict = template_dict_new();
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	template_dict_include(dict, "MAIN", "main.html");

	assert_int_equal(
	    template_expand(engine, "layout.html", dict, out), STATUS_FAILED);
	assert_string_equal(out->str, "");
	assert_int_equal(template_engine_load(engine, NULL), STATUS_FAILED);
	template_dict_free(dict);
	template_engine_free(engine);
}

/* ---- escaping ---- */

static char *
expand_value(const char *text, const char *value)
{
	struct template_dict *dict = template_dict_new();

	template_dict_set(dict, "X", value);
	template_dict_set(dict, "Y", "EXPANDED");
	template_dict_show(dict, "S");
	return expand(text, dict);
}

static void
test_template_expand_no_new_markup(void **state)
{
	static const char *const CONTEXTS[] = {
		HTML "<!doctype html><p>a{{X}}b</p>",
		HTML "<!doctype html><title>{{X}}</title><p>b</p>",
		HTML "<!doctype html><textarea>{{X}}</textarea><p>b</p>",
		HTML "<!doctype html><p title=\"{{X}}\">b</p>",
		HTML "<!doctype html><p title='{{X}}'>b</p>",
		HTML "<!doctype html><p class=\"a {{X}} b\">b</p>",
		HTML "<!doctype html><a href=\"{{X}}\">b</a>",
		HTML "<!doctype html><a href='{{X}}'>b</a>",
		HTML "<!doctype html><a href=\"/search?q={{X}}\">b</a>",
		HTML "<!doctype html><a href=\"/search?q={{X:u}}\">b</a>",
		HTML "<!doctype html><img src=\"{{X}}\" alt=\"{{X}}\">b",
		HTML "<!doctype html><form action=\"{{X}}\"></form>b",
		HTML "<!doctype html><meta http-equiv=\"refresh\" "
		     "content=\"0;url={{X}}\"><p>b</p>",
		HTML "<!doctype html><input value=\"{{X}}\">b",
		HTML "<!doctype html><script>var a='{{X}}';</script>b",
		HTML "<!doctype html><script>var a={{X}};</script>b",
		HTML "<!doctype html><style>a{color:{{X}}}</style>b",
		HTML "<!doctype html><p style=\"color:{{X}}\">b</p>",
		HTML "<!doctype html><p onclick=\"f('{{X}}')\">b</p>",
		HTML "<!doctype html><!-- {{X}} --><p>b</p>",
		HTML "<!doctype html><p>{{X:u}}{{X:h}}</p>",
		HTML
		"<!doctype html><p>{{X:p}}</p><textarea>{{X:p}}</textarea>",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(CONTEXTS); i++) {
		g_autofree char *plain = expand_value(CONTEXTS[i], "x");
		g_autofree char *wanted = html_skeleton(plain);

		for (size_t j = 0; j < G_N_ELEMENTS(XSS_PAYLOADS); j++) {
			g_autofree char *page =
			    expand_value(CONTEXTS[i], XSS_PAYLOADS[j]);
			g_autofree char *got = html_skeleton(page);

			assert_null(strstr(page, "EXPANDED"));
			if (strcmp(got, wanted) != 0)
				fail_msg("%s\nwith %s\ngives %s", CONTEXTS[i],
				    XSS_PAYLOADS[j], page);
		}
	}
}

/* What somebody typed is had back as it was typed, where a template asks for
 * that; anywhere else white space is one space each. */
static void
test_template_expand_keeps_line_ends(void **state)
{
	static const char typed[] = "\n\ta  b\r\n\r\n<i>&\"'\n";
	static const char kept[] =
	    "\n\ta  b\r\n\r\n&lt;i&gt;&amp;&quot;&#39;\n";
	static const char *const modifiers[] = { "p", "pre_escape" };
	g_autofree char *plain =
	    expand_value(HTML "<p title=\"{{X}}\">{{X}}</p>", typed);

	(void)state;
	assert_null(strpbrk(plain, "\n\r\t"));
	for (size_t i = 0; i < G_N_ELEMENTS(modifiers); i++) {
		g_autofree char *body = g_strdup_printf(
		    "<p>{{X:%s}}</p><textarea>\n{{X:%s}}</textarea>",
		    modifiers[i], modifiers[i]);
		g_autofree char *text = g_strconcat(HTML, body, NULL);
		g_autofree char *wanted = g_strdup_printf(
		    "<p>%s</p><textarea>\n%s</textarea>", kept, kept);
		g_autofree char *page = expand_value(text, typed);

		assert_string_equal(page, wanted);
	}
}

static void
test_template_expand_no_script_address(void **state)
{
	static const char *const CONTEXTS[] = {
		HTML "<a href=\"{{X}}\">b</a>",
		HTML "<a href='{{X}}'>b</a>",
		HTML "<a href=\"{{Z}}{{X}}\">b</a>",
		HTML "<a href=\"{{#S}}{{X}}{{/S}}\">b</a>",
		HTML "<A HREF = \"{{X}}\">b</A>",
		HTML "<form action=\"{{X}}\"></form>",
		HTML "<iframe src=\"{{X}}\"></iframe>",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(CONTEXTS); i++)
		for (size_t j = 0; j < G_N_ELEMENTS(XSS_PAYLOADS); j++) {
			g_autofree char *page =
			    expand_value(CONTEXTS[i], XSS_PAYLOADS[j]);

			if (html_runs_script(page, ""))
				fail_msg("%s with %s gives %s", CONTEXTS[i],
				    XSS_PAYLOADS[j], page);
		}
	/* the check itself sees one */
	assert_true(html_runs_script("<a href=' Java\nScript:x'>", ""));
}

static void
test_template_expand_href(void **state)
{
	g_autofree char *bad =
	    expand_value(HTML "<a href=\"{{X}}\">", "javascript:alert(1)");
	g_autofree char *good = expand_value(
	    HTML "<a href=\"{{X}}\">", "https://example.org/?a=b&c=\"d\"");

	(void)state;
	assert_string_equal(bad, "<a href=\"#\">");
	assert_string_equal(
	    good, "<a href=\"https://example.org/?a=b&amp;c=&quot;d&quot;\">");
}

static void
test_template_expand_xml(void **state)
{
	g_autofree char *out =
	    expand_value("{{%AUTOESCAPE context=\"XML\"}}\n<a b=\"{{X}}\">"
			 "{{X}}</a>",
		"<\"'&>");

	(void)state;
	assert_string_equal(out,
	    "<a b=\"&lt;&quot;&#39;&amp;&gt;\">&lt;&quot;&#39;&amp;&gt;</a>");
}

static void
test_template_expand_value_is_not_a_template(void **state)
{
	g_autofree char *out =
	    expand_value(HTML "{{X}}", "{{Y}}{{#S}}s{{/S}}{{>MAIN}}{{!");

	(void)state;
	assert_string_equal(out, "{{Y}}{{#S}}s{{/S}}{{&gt;MAIN}}{{!");
}

/* Setting what is not trusted where it would be written as it is aborts. */
static int
status_of_child(void (*act)(struct template_dict *dict))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct template_dict *dict = template_dict_new();

		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(0);
		signal(SIGTRAP, SIG_DFL);
		signal(SIGABRT, SIG_DFL);
		act(dict);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
set_plain(struct template_dict *dict)
{
	template_dict_set(dict, "BODY_HTML", "<script>");
}

static void
set_trusted(struct template_dict *dict)
{
	template_dict_set_trusted_html(dict, "BODY", "<script>", 8);
}

static void
test_template_dict_set_wrong_name(void **state)
{
	(void)state;
	assert_true(WIFSIGNALED(status_of_child(set_plain)));
	assert_true(WIFSIGNALED(status_of_child(set_trusted)));
}

/* ---- themes ---- */

struct theme {
	char *directory;
	char *file; /* DIR/site/page.html */
};

#define PAGE HTML "<h1>{{TITLE}}</h1>\n<a href=\"{{URL}}\">x</a>\n{{>MAIN}}"
static const struct data_file PAGES[] = {
	FILE_OF("site/page.html", PAGE),
	FILE_OF("site/main.html", HTML "<p>{{TEXT}}</p>"),
};
#define BUILTIN_PAGE "<h1>T&lt;</h1>\n<a href=\"/u\">x</a>\n<p>t</p>"

static int
set_up_theme(void **state)
{
	struct theme *theme = g_new0(struct theme, 1);
	g_autofree char *folder = NULL;

	theme->directory = g_dir_make_tmp("byline-theme-XXXXXX", NULL);
	folder = g_build_filename(theme->directory, "site", NULL);
	theme->file = g_build_filename(folder, "page.html", NULL);
	*state = theme;
	return g_mkdir(folder, 0700);
}

static int
tear_down_theme(void **state)
{
	struct theme *theme = *state;
	g_autofree char *folder = g_path_get_dirname(theme->file);

	if (g_unlink(theme->file) != 0)
		g_rmdir(theme->file);
	g_rmdir(folder);
	g_rmdir(theme->directory);
	g_free(theme->directory);
	g_free(theme->file);
	g_free(theme);
	return 0;
}

static void
write_override(const struct theme *theme, const char *text, size_t size)
{
	assert_true(g_file_set_contents(theme->file, text, (gssize)size, NULL));
}

/* The page as `engine` makes it, which is freed. */
static char *
theme_page(struct template_engine *engine)
{
	struct template_dict *dict = template_dict_new();
	GString *out = g_string_new(NULL);

	template_dict_set(dict, "TITLE", "T<");
	template_dict_set(dict, "URL", "/u");
	template_dict_set(dict, "TEXT", "t");
	template_dict_include(dict, "MAIN", "site/main.html");
	assert_int_equal(
	    template_expand(engine, "site/page.html", dict, out), STATUS_OK);
	template_dict_free(dict);
	template_engine_free(engine);
	return g_string_free(out, FALSE);
}

/* Load all with the theme: the one problem expected, or none for NULL. */
static char *
load_theme(const struct theme *theme, uint32_t line, const char *message)
{
	struct template_engine *engine =
	    template_engine_new(PAGES, 2, theme->directory);
	g_autoptr(GArray) problems = NULL;

	assert_int_equal(template_engine_load(engine, &problems), STATUS_OK);
	assert_int_equal(problems->len, message ? 1 : 0);
	if (message != NULL) {
		const struct template_problem *problem =
		    &g_array_index(problems, struct template_problem, 0);

		assert_string_equal(problem->file, theme->file);
		assert_int_equal(problem->line, line);
		if (strstr(problem->message, message) == NULL)
			fail_msg("%s, not %s", problem->message, message);
	}
	return theme_page(engine);
}

static void
test_template_engine_load_override(void **state)
{
	static const char TEXT[] = HTML "<h2>{{TITLE}}</h2>";
	const struct theme *theme = *state;
	g_autofree char *out = NULL;

	write_override(theme, TEXT, strlen(TEXT));
	out = load_theme(theme, 0, NULL);

	assert_string_equal(out, "<h2>T&lt;</h2>");
}

static void
test_template_engine_load_no_theme(void **state)
{
	const struct theme *theme = *state;
	struct template_engine *engine =
	    template_engine_new(PAGES, 2, "/nonexistent/theme");
	g_autofree char *without = theme_page(engine);
	g_autofree char *missing = load_theme(theme, 0, NULL);

	assert_string_equal(without, BUILTIN_PAGE);
	assert_string_equal(missing, BUILTIN_PAGE);
}

static void
test_template_engine_load_broken(void **state)
{
	static const struct {
		const char *text;
		uint32_t line;
		const char *message;
	} SAMPLES[] = {
		{ "<h1>{{TITLE}}</h1>", 1, "first line" },
		{ HTML "<h1>\n{{TITLE", 3, "without" },
		{ HTML "<h1>\n{{TITLE:none}}", 3, "_HTML" },
		{ HTML "\n\n{{#A}}\n<p>", 4, "not closed" },
		{ HTML "<a href={{URL}}>", 2, "quotes" },
		/* found by ctemplate alone: the line is ours to find */
		{ HTML "<p>\n<p>\n<a =<x href=\"\"\">\n<p>{{TITLE}}</p>", 4,
		    "Failed parsing" },
		{ HTML "{{#A}}\n{{#B}}\n<a =<x href=\"\"\">\n{{/B}}{{/A}}\n\n",
		    4, "Failed parsing" },
		{ HTML "<p>\xff</p>", 2, "UTF-8" },
		{ "", 1, "first line" },
	};
	const struct theme *theme = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
		g_autofree char *out = NULL;

		write_override(theme, SAMPLES[i].text, strlen(SAMPLES[i].text));
		out = load_theme(theme, SAMPLES[i].line, SAMPLES[i].message);

		assert_string_equal(out, BUILTIN_PAGE);
	}
}

static void
test_template_engine_load_unknown_marker(void **state)
{
	static const char TEXT[] =
	    HTML "<h2>{{TITLE}}</h2>\n{{TITEL}}{{TEXT}}\n";
	const struct theme *theme = *state;
	g_autofree char *out = NULL;

	write_override(theme, TEXT, strlen(TEXT));
	out = load_theme(theme, 3, "{{TITEL}}");

	assert_string_equal(out, "<h2>T&lt;</h2>\nt\n");
}

static void
test_template_engine_load_not_a_file(void **state)
{
	const struct theme *theme = *state;
	g_autofree char *large = g_strnfill(1024 * 1024 + 1, 'x');
	g_autofree char *folder = NULL;
	g_autofree char *pipe = NULL;
	g_autofree char *too_large = NULL;

	g_mkdir(theme->file, 0700);
	folder = load_theme(theme, 0, "not a regular file");
	g_rmdir(theme->file);
	assert_int_equal(mkfifo(theme->file, 0600), 0);
	pipe = load_theme(theme, 0, "not a regular file");
	g_unlink(theme->file);
	write_override(theme, large, strlen(large));
	too_large = load_theme(theme, 0, "1 MiB");

	assert_string_equal(folder, BUILTIN_PAGE);
	assert_string_equal(pipe, BUILTIN_PAGE);
	assert_string_equal(too_large, BUILTIN_PAGE);
}

/* As root everything can be read: then a link to itself cannot. */
static void
test_template_engine_load_unreadable(void **state)
{
	const struct theme *theme = *state;
	g_autofree char *out = NULL;

	if (geteuid() == 0) {
		assert_int_equal(symlink("page.html", theme->file), 0);
	} else {
		write_override(theme, PAGE, strlen(PAGE));
		g_chmod(theme->file, 0);
	}
	out = load_theme(theme, 0, "cannot be read");

	assert_string_equal(out, BUILTIN_PAGE);
}

/* Cut anywhere, it is either refused or still a whole, escaped page. */
static void
test_template_engine_load_truncated(void **state)
{
	const struct theme *theme = *state;
	size_t refused = 0;

	for (size_t size = 0; size <= strlen(PAGE); size++) {
		struct template_engine *engine =
		    template_engine_new(PAGES, 2, theme->directory);
		g_autoptr(GArray) problems = NULL;
		g_autofree char *out = NULL;

		write_override(theme, PAGE, size);
		assert_int_equal(
		    template_engine_load(engine, &problems), STATUS_OK);
		out = theme_page(engine);

		assert_null(strstr(out, "T<"));
		assert_null(strstr(out, "{{"));
		if (problems->len == 0)
			continue;
		refused++;
		assert_string_equal(out, BUILTIN_PAGE);
	}
	/* the pragma, and every place inside a tag or a marker */
	assert_in_range(refused, strlen(HTML) - 1, strlen(PAGE) - 5);
}

/* On first use it is checked as strictly. */
static void
test_template_expand_broken_override(void **state)
{
	static const char TEXT[] = "<h1>{{TITLE}}</h1>";
	const struct theme *theme = *state;
	g_autofree char *out = NULL;

	write_override(theme, TEXT, strlen(TEXT));
	out = theme_page(template_engine_new(PAGES, 2, theme->directory));

	assert_string_equal(out, BUILTIN_PAGE);
}

/* What was loaded stays, whatever happens to the file. */
static void
test_template_expand_override_removed(void **state)
{
	static const char TEXT[] = HTML "<h2>{{TITLE}}</h2>";
	const struct theme *theme = *state;
	struct template_engine *engine;
	g_autofree char *out = NULL;

	write_override(theme, TEXT, strlen(TEXT));
	engine = template_engine_new(PAGES, 2, theme->directory);
	assert_int_equal(template_engine_load(engine, NULL), STATUS_OK);
	g_unlink(theme->file);
	out = theme_page(engine);

	assert_string_equal(out, "<h2>T&lt;</h2>");
}

#define THEME_TEST(function)                                                   \
	cmocka_unit_test_setup_teardown(function, set_up_theme, tear_down_theme)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(test_template_expand_fills),
		cmocka_unit_test(test_template_expand_copies_values),
		cmocka_unit_test(test_template_expand_sections),
		cmocka_unit_test(test_template_expand_many),
		cmocka_unit_test(test_template_expand_names),
		cmocka_unit_test(test_template_dict_include_inherits),
		cmocka_unit_test(test_template_dict_include_in_section),
		cmocka_unit_test(test_template_expand_missing_include),
		cmocka_unit_test(test_template_expand_opens_no_file),
		cmocka_unit_test(test_template_expand_broken_include),
		cmocka_unit_test(test_template_expand_no_new_markup),
		cmocka_unit_test(test_template_expand_keeps_line_ends),
		cmocka_unit_test(test_template_expand_no_script_address),
		cmocka_unit_test(test_template_expand_href),
		cmocka_unit_test(test_template_expand_xml),
		cmocka_unit_test(test_template_expand_value_is_not_a_template),
		cmocka_unit_test(test_template_dict_set_wrong_name),
		THEME_TEST(test_template_engine_load_override),
		THEME_TEST(test_template_engine_load_no_theme),
		THEME_TEST(test_template_engine_load_broken),
		THEME_TEST(test_template_engine_load_unknown_marker),
		THEME_TEST(test_template_engine_load_not_a_file),
		THEME_TEST(test_template_engine_load_unreadable),
		THEME_TEST(test_template_engine_load_truncated),
		THEME_TEST(test_template_expand_broken_override),
		THEME_TEST(test_template_expand_override_removed),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
