/*
 * test_renderer.c - documents that would harm whoever renders them, and that
 * the next one still renders.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "content/document.h"
#include "content/front_matter.h"
#include "content/highlighter.h"
#include "content/renderer.h"

/* Two seconds of processor time, on a machine that has other work. */
#define PATIENCE (18 * G_USEC_PER_SEC)

static const struct document_options OPTIONS = { .base_path = "" };

static int
set_up(void **state)
{
	*state = renderer_new(&OPTIONS);
	return 0;
}

static int
tear_down(void **state)
{
	renderer_free(*state);
	return 0;
}

static void
assert_renders(struct renderer *renderer)
{
	static const char TEXT[] = "# Title\n\nSome *words*.\n";
	struct document document;
	GError *error = NULL;

	if (renderer_render(renderer, "a", TEXT, strlen(TEXT), &document,
		&error) != STATUS_OK)
		fail_msg("%s", error->message);
	assert_non_null(strstr(document.html, "<em>words</em>"));
	assert_string_equal(document.text, "Title\nSome words.\n");
	document_release(&document);
}

/* The process that this one made, as /proc tells; 0 if there is none. */
static pid_t
child_of_ours(void)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	pid_t found = 0;

	assert_non_null(processes);
	while ((entry = readdir(processes)) != NULL) {
		g_autofree char *path =
		    g_strdup_printf("/proc/%s/stat", entry->d_name);
		g_autofree char *line = NULL;
		const char *name_end;

		if (!g_ascii_isdigit(entry->d_name[0]) ||
		    !g_file_get_contents(path, &line, NULL, NULL))
			continue;
		name_end = strrchr(line, ')');
		if (name_end != NULL &&
		    strtol(name_end + 4, NULL, 10) == (long)getpid())
			found = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	(void)closedir(processes);
	return found;
}

static char *
repeat(const char *text, size_t count)
{
	GString *out = g_string_new(NULL);

	while (count-- > 0)
		g_string_append(out, text);
	return g_string_free(out, FALSE);
}

/* Refused in words and in time; afterwards the next document renders. */
static void
assert_refused(struct renderer *renderer, const char *markdown)
{
	gint64 start = g_get_monotonic_time();
	struct document document = { 0 };
	GError *error = NULL;
	enum status status = renderer_render(
	    renderer, NULL, markdown, strlen(markdown), &document, &error);

	if (status == STATUS_OK) {
		fail_msg("rendered, %zu bytes in, %zu bytes out",
		    strlen(markdown), strlen(document.html));
	}
	print_message("%s (%.1f s)\n", error->message,
	    (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC);
	assert_int_equal(status, STATUS_TOO_LARGE);
	assert_true(strlen(error->message) > 20);
	assert_true(g_get_monotonic_time() - start < PATIENCE);
	g_error_free(error);
	assert_renders(renderer);
}

/* A family may also render, where a library or a machine is fast enough. */
static void
assert_bounded(struct renderer *renderer, const char *markdown)
{
	gint64 start = g_get_monotonic_time();
	struct document document = { 0 };
	GError *error = NULL;
	enum status status = renderer_render(
	    renderer, NULL, markdown, strlen(markdown), &document, &error);

	assert_true(g_get_monotonic_time() - start < PATIENCE);
	if (status == STATUS_OK) {
		assert_true(strlen(document.html) <=
			    RENDERER_MAX_OUTPUT(strlen(markdown)));
		document_release(&document);
	} else {
		assert_int_equal(status, STATUS_TOO_LARGE);
		g_error_free(error);
	}
	assert_renders(renderer);
}

/* ---- what is usual ---- */

static void
test_renderer_render_many(void **state)
{
	pid_t child;

	assert_renders(*state);
	child = child_of_ours();
	for (int i = 0; i < 100; i++)
		assert_renders(*state);
	assert_int_equal(child_of_ours(), child);
}

static void
test_renderer_render_carries_everything(void **state)
{
	static const char TEXT[] = "# A\n\n# B\n\n# C\n\nText ![](x.png)\n";
	struct document here, there;

	assert_int_equal(
	    document_render(&OPTIONS, "s", TEXT, strlen(TEXT), &here, NULL),
	    STATUS_OK);

	assert_int_equal(
	    renderer_render(*state, "s", TEXT, strlen(TEXT), &there, NULL),
	    STATUS_OK);

	assert_string_equal(there.html, here.html);
	assert_string_equal(there.contents_html, here.contents_html);
	assert_string_equal(there.text, here.text);
	assert_string_equal(there.excerpt, here.excerpt);
	assert_int_equal(there.word_count, here.word_count);
	assert_int_equal(there.minutes, here.minutes);
	assert_int_equal(there.warnings->len, here.warnings->len);
	assert_int_equal(
	    g_array_index(there.warnings, struct document_warning, 0).line, 7);
	document_release(&here);
	document_release(&there);
}

static bool
resolve_by_memory(const void *data, const char *source, const char *reference,
    enum link_kind kind, struct link_target *out_target)
{
	(void)kind;
	*out_target = (struct link_target){
		.url = g_strconcat(data, source, "/", reference, NULL),
	};
	return true;
}

static void
test_renderer_render_resolves_in_child(void **state)
{
	const struct link_resolver resolver = { resolve_by_memory, "/base/" };
	const struct document_options options = { .base_path = "/base",
		.resolver = &resolver };
	struct renderer *renderer = renderer_new(&options);
	struct document document;

	(void)state;
	assert_int_equal(
	    renderer_render(renderer, "post", "[a](b)", 6, &document, NULL),
	    STATUS_OK);

	assert_non_null(strstr(document.html, "href=\"/base/post/b\""));
	assert_int_equal(document.references->len, 1);
	assert_string_equal(
	    g_array_index(document.references, struct document_reference, 0)
		.url,
	    "/base/post/b");
	document_release(&document);
	renderer_free(renderer);
}

static void
test_renderer_begin_leaves_the_caller_free(void **state)
{
	g_autofree char *text = repeat("Some words. ", 80000);
	struct document document;

	assert_int_equal(
	    renderer_begin(*state, NULL, text, strlen(text), NULL), STATUS_OK);
	assert_int_equal(renderer_finish(*state, &document, NULL), STATUS_OK);

	assert_int_equal(document.word_count, 160000);
	document_release(&document);
}

static void
test_renderer_free_while_under_way(void **state)
{
	struct renderer *renderer = renderer_new(&OPTIONS);

	(void)state;
	assert_int_equal(
	    renderer_begin(renderer, NULL, "text", 4, NULL), STATUS_OK);
	renderer_free(renderer);

	assert_int_equal(child_of_ours(), 0);
	renderer_free(NULL);
}

static void
test_renderer_render_empty(void **state)
{
	struct document document;

	assert_int_equal(
	    renderer_render(*state, NULL, "", 0, &document, NULL), STATUS_OK);

	assert_string_equal(document.html, "");
	assert_int_equal(document.minutes, 1);
	document_release(&document);
}

static void
test_renderer_render_not_utf8(void **state)
{
	struct document document;
	GError *error = NULL;

	assert_int_equal(
	    renderer_render(*state, NULL, "a\nb\xff\nc", 6, &document, &error),
	    STATUS_INVALID);

	assert_true(g_str_has_prefix(error->message, "line 2:"));
	g_error_free(error);
	assert_renders(*state);
}

static void
test_renderer_render_child_sees_no_files(void **state)
{
	g_autofree char *path = NULL;
	g_autoptr(GDir) folder = NULL;
	unsigned count = 0;

	assert_renders(*state);
	path = g_strdup_printf("/proc/%d/fd", (int)child_of_ours());
	folder = g_dir_open(path, 0, NULL);
	assert_non_null(folder);
	while (g_dir_read_name(folder) != NULL)
		count += 1;

	assert_int_equal(count, 4);
}

/* ---- a child that ends ---- */

static void
test_renderer_render_after_child_ended(void **state)
{
	pid_t child;
	siginfo_t info;

	assert_renders(*state);
	child = child_of_ours();
	assert_int_not_equal(child, 0);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(
	    waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);

	assert_renders(*state);
	assert_int_not_equal(child_of_ours(), child);
}

static void
test_renderer_finish_when_child_is_killed(void **state)
{
	struct document document;
	GError *error = NULL;

	assert_renders(*state);
	assert_int_equal(kill(child_of_ours(), SIGSTOP), 0);
	assert_int_equal(
	    renderer_begin(*state, NULL, "text", 4, NULL), STATUS_OK);
	assert_int_equal(kill(child_of_ours(), SIGKILL), 0);

	assert_int_equal(
	    renderer_finish(*state, &document, &error), STATUS_BUSY);

	g_error_free(error);
	assert_renders(*state);
}

/* As an assertion ends it, in a library or in ours. */
static void
test_renderer_finish_when_child_aborts(void **state)
{
	static const int SIGNALS[] = { SIGABRT, SIGTRAP, SIGSEGV };

	for (size_t i = 0; i < G_N_ELEMENTS(SIGNALS); i++) {
		struct document document;
		GError *error = NULL;

		assert_renders(*state);
		assert_int_equal(kill(child_of_ours(), SIGSTOP), 0);
		assert_int_equal(
		    renderer_begin(*state, NULL, "text", 4, NULL), STATUS_OK);
		assert_int_equal(kill(child_of_ours(), SIGNALS[i]), 0);
		assert_int_equal(kill(child_of_ours(), SIGCONT), 0);

		assert_int_equal(
		    renderer_finish(*state, &document, &error), STATUS_FAILED);

		assert_non_null(strstr(error->message, "please report"));
		assert_null(strstr(error->message, "memory"));
		g_error_free(error);
	}
	assert_renders(*state);
}

static void
test_renderer_render_without_descriptors(void **state)
{
	struct rlimit limit, none;
	struct document document;
	GError *error = NULL;
	enum status status;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	status = renderer_render(*state, NULL, "a", 1, &document, &error);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);

	assert_int_equal(status, STATUS_BUSY);
	g_error_free(error);
	assert_renders(*state);
}

/* ---- bounds ---- */

static void
test_renderer_render_input_too_large(void **state)
{
	g_autofree char *text = repeat("a", RENDERER_MAX_INPUT + 1);
	struct document document;
	GError *error = NULL;

	assert_int_equal(renderer_render(*state, NULL, text, strlen(text),
			     &document, &error),
	    STATUS_TOO_LARGE);
	assert_non_null(strstr(error->message, "1024 KB"));
	assert_int_equal(child_of_ours(), 0);
	g_error_free(error);

	assert_int_equal(renderer_render(*state, NULL, text, RENDERER_MAX_INPUT,
			     &document, NULL),
	    STATUS_OK);
	document_release(&document);
}

static void
test_renderer_render_image_brackets(void **state)
{
	g_autofree char *text = repeat("![[]()", 20000);

	assert_bounded(*state, text);
}

static void
test_renderer_render_lists_and_blank_lines(void **state)
{
	g_autofree char *dashes = repeat("- ", 19000);
	g_autofree char *blank = repeat("\n", 20000);
	g_autofree char *text = g_strconcat(dashes, "x", blank, NULL);

	assert_refused(*state, text);
}

static void
test_renderer_render_quotes_and_lists(void **state)
{
	g_autofree char *quotes = repeat("> ", 15000);
	g_autofree char *lists = repeat("a*", 15000);
	g_autofree char *blank = repeat("\n", 20000);
	g_autofree char *first = g_strconcat(quotes, lists, NULL);
	g_autofree char *second = g_strconcat(quotes, "x", blank, NULL);

	assert_refused(*state, first);
	assert_refused(*state, second);
}

static void
test_renderer_render_deep_quotes(void **state)
{
	g_autofree char *text = repeat(">", 200000);

	assert_refused(*state, text);
}

static char *
wide_table(size_t columns)
{
	g_autofree char *head = repeat("|a", columns);
	g_autofree char *line = repeat("|-", columns);
	g_autofree char *rows = repeat("|x\n", columns);

	return g_strconcat(head, "\n", line, "\n", rows, NULL);
}

#ifdef WITH_CMARK_GFM
static void
test_renderer_render_wide_tables(void **state)
{
	g_autofree char *small = wide_table(1000);
	g_autofree char *large = wide_table(2000);

	assert_refused(*state, small);
	assert_refused(*state, large);
}
#else
static void
test_renderer_render_wide_tables(void **state)
{
	g_autofree char *large = wide_table(2000);

	assert_bounded(*state, large);
}
#endif

static void
test_renderer_render_expanding_references(void **state)
{
	g_autofree char *address = repeat("u", 39000);
	g_autofree char *uses = repeat("[a]\n", 5000);
	g_autofree char *text =
	    g_strconcat("[a]: /", address, "\n\n", uses, NULL);
#ifdef WITH_CMARK_GFM
	assert_refused(*state, text);
#else
	assert_bounded(*state, text);
#endif
}

static void
test_renderer_render_nested_html(void **state)
{
	g_autofree char *divisions = repeat("<div>", 100000);
	g_autofree char *quotes = repeat("<blockquote>\n\n", 20000);

	assert_refused(*state, divisions);
	assert_refused(*state, quotes);
}

static void
test_renderer_render_open_formatting(void **state)
{
	GString *text = g_string_new("<p>");

	for (int i = 0; i < 200; i++)
		g_string_append_printf(text, "<b title=%d>", i);
	for (int i = 0; i < 50000; i++)
		g_string_append(text, "<p>x");
	assert_refused(*state, text->str);
	(void)g_string_free(text, TRUE);
}

/* Linear in cmark: these must render, or be refused, but in time. */
static void
test_renderer_render_other_families(void **state)
{
	static const char *const UNITS[] = { "a<!--", "[", "`a", "&amp", "[^1]",
		"http://a.b ", "*a _b ", "<a ", "~~a", "|", "<table>", "<p><b>",
		"[a](", "![a](b) ", "\\", "# a\n", "- a\n", "1. a\n", "> a\n\n",
		"```\n", "<b></p>", "<a href=x>", "<td>", "&#0;", "<svg><p>",
		"x[^a]\n\n[^a]: b\n\n" };

	for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++) {
		g_autofree char *text =
		    repeat(UNITS[i], 100000 / strlen(UNITS[i]));

		assert_bounded(*state, text);
	}
}

/* ---- front matter ---- */

static void
assert_parses(struct renderer *renderer)
{
	static const char TEXT[] = "---\ntitle: A\nslug: a\ndate: 2026-05-30\n"
				   "tags: [x, y]\nauthor: Ada\ndraft: true\n"
				   "cover: [1, 2]\n---\nText\n";
	struct front_matter parsed, expected;

	assert_int_equal(renderer_parse_front_matter(
			     renderer, TEXT, strlen(TEXT), &parsed, NULL),
	    STATUS_OK);
	assert_int_equal(
	    front_matter_parse(TEXT, strlen(TEXT), &expected, NULL), STATUS_OK);

	assert_int_equal(parsed.format, FRONT_MATTER_YAML);
	assert_string_equal(parsed.title, "A");
	assert_string_equal(parsed.slug, "a");
	assert_string_equal(parsed.date, "2026-05-30");
	assert_string_equal(parsed.cover, expected.cover);
	assert_null(parsed.summary);
	assert_true(parsed.is_draft);
	assert_int_equal(g_strv_length(parsed.tags), 2);
	assert_string_equal(parsed.tags[1], "y");
	assert_string_equal(parsed.authors[0], "Ada");
	assert_int_equal(g_strv_length(parsed.aliases), 0);
	assert_string_equal(TEXT + parsed.body_offset, "Text\n");
	assert_int_equal(parsed.body_line, expected.body_line);
	assert_int_equal(front_matter_line(&parsed, &parsed.tags), 5);
	assert_int_equal(parsed.warnings->len, expected.warnings->len);
	assert_int_equal(
	    g_array_index(parsed.warnings, struct document_warning, 0).line, 8);
	front_matter_release(&parsed);
	front_matter_release(&expected);
}

static void
test_renderer_parse_front_matter(void **state)
{
	struct renderer *parser = renderer_new(NULL);
	GError *error = NULL;
	struct front_matter front_matter;
	static const char WRONG[] = "---\na: b\nc: \"d\n---\nText\n";

	assert_parses(parser);
	assert_int_not_equal(child_of_ours(), 0);
	assert_int_equal(renderer_parse_front_matter(parser, WRONG,
			     strlen(WRONG), &front_matter, &error),
	    STATUS_INVALID);
	assert_true(g_str_has_prefix(error->message, "3: "));
	g_error_free(error);
	/* One child can do both, and does them in turn. */
	assert_parses(parser);
	renderer_free(parser);
	assert_parses(*state);
	assert_renders(*state);
	assert_parses(*state);
}

static void
test_renderer_parse_front_matter_input_too_large(void **state)
{
	g_autofree char *text = g_strnfill(RENDERER_MAX_FILE + 1, 'a');
	struct front_matter front_matter;

	assert_int_equal(renderer_parse_front_matter(*state, text,
			     RENDERER_MAX_FILE + 1, &front_matter, NULL),
	    STATUS_TOO_LARGE);
	assert_parses(*state);
}

/* A reader that stops, here for want of memory that it should have had, is told
 * as what it is, and another one takes its place. */
static void
test_renderer_parse_front_matter_reader_stops(void **state)
{
	const struct rlimit little = { 1, 1 };
	g_autofree char *text = NULL;
	struct front_matter front_matter;
	GError *error = NULL;

#ifdef WITH_SANITIZERS
	skip();
#endif
	text = g_strnfill(RENDERER_MAX_FILE, '\n');
	assert_parses(*state);
	assert_int_equal(
	    prlimit(child_of_ours(), RLIMIT_DATA, &little, NULL), 0);
	assert_int_equal(renderer_parse_front_matter(*state, text,
			     RENDERER_MAX_FILE, &front_matter, &error),
	    STATUS_FAILED);
	assert_non_null(
	    strstr(error->message, "the front matter could not be read"));
	g_error_free(error);
	assert_parses(*state);
}

static void
test_renderer_leaves_no_process(void **state)
{
	struct renderer *renderer = *state;

	assert_renders(renderer);
	renderer_free(renderer);
	*state = NULL;

	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_renderer_render_many),
		TEST(test_renderer_render_carries_everything),
		TEST(test_renderer_render_resolves_in_child),
		TEST(test_renderer_begin_leaves_the_caller_free),
		TEST(test_renderer_free_while_under_way),
		TEST(test_renderer_render_empty),
		TEST(test_renderer_render_not_utf8),
		TEST(test_renderer_render_child_sees_no_files),
		TEST(test_renderer_render_after_child_ended),
		TEST(test_renderer_finish_when_child_is_killed),
		TEST(test_renderer_finish_when_child_aborts),
		TEST(test_renderer_render_without_descriptors),
		TEST(test_renderer_render_input_too_large),
		TEST(test_renderer_render_image_brackets),
		TEST(test_renderer_render_lists_and_blank_lines),
		TEST(test_renderer_render_quotes_and_lists),
		TEST(test_renderer_render_deep_quotes),
		TEST(test_renderer_render_wide_tables),
		TEST(test_renderer_render_expanding_references),
		TEST(test_renderer_render_nested_html),
		TEST(test_renderer_render_open_formatting),
		TEST(test_renderer_render_other_families),
		TEST(test_renderer_parse_front_matter),
		TEST(test_renderer_parse_front_matter_input_too_large),
		TEST(test_renderer_parse_front_matter_reader_stops),
		TEST(test_renderer_leaves_no_process),
	};

	return cmocka_run_group_tests_name("renderer", tests, NULL, NULL);
}
