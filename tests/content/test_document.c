/*
 * test_document.c - whole documents: against tests/golden/content, and real
 * writing by others, of which nothing may be lost.
 *
 * BYLINE_UPDATE_GOLDEN=1 writes the golden files anew: read the difference.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <gumbo.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "content/document.h"
#include "content/markdown.h"
#include "content/renderer.h"
#include "safe_html.h"

static const char *const HOSTS[] = { "youtube.com", NULL };

static bool
resolve(const void *data, const char *source, const char *reference,
    enum link_kind kind, struct link_target *out_target)
{
	(void)data;
	(void)source;
	if (strstr(reference, "missing") != NULL ||
	    (kind == LINK_KIND_PAGE && *reference == '/'))
		return false;
	*out_target = (struct link_target){
		.url = g_strdup_printf("/blog/%s%s%s",
		    kind == LINK_KIND_IMAGE ? "media" : "articles",
		    *reference == '/' ? "" : "/", reference),
		.width = kind == LINK_KIND_IMAGE ? 640 : 0,
		.height = kind == LINK_KIND_IMAGE ? 480 : 0,
	};
	return true;
}

static const struct link_resolver RESOLVER = { resolve, NULL };
static const struct document_options OPTIONS = {
	.base_path = "/blog",
	.iframe_hosts = HOSTS,
	.resolver = &RESOLVER,
};

static struct document
render(const char *markdown)
{
	struct document document;

	assert_int_equal(document_render(&OPTIONS, NULL, markdown,
			     strlen(markdown), &document, NULL),
	    STATUS_OK);
	return document;
}

/* ---- against stored ones ---- */

#ifdef WITH_CMARK_GFM
static char *
describe(const struct document *document)
{
	GString *out = g_string_new(document->html);

	g_string_append_printf(out, "\n---- contents\n%s\n---- excerpt\n%s\n",
	    document->contents_html, document->excerpt);
	g_string_append_printf(out, "---- counts\n%u words, %u minutes\n",
	    document->word_count, document->minutes);
	g_string_append_printf(out, "---- text\n%s\n", document->text);
	g_string_append(out, "---- warnings\n");
	for (guint i = 0; i < document->warnings->len; i++) {
		const struct document_warning *warning = &g_array_index(
		    document->warnings, struct document_warning, i);

		g_string_append_printf(
		    out, "%u: %s\n", warning->line, warning->message);
	}
	return g_string_free(out, FALSE);
}

static void
check_golden(const char *name)
{
	g_autofree char *source = g_strdup_printf("%s/%s.md", GOLDEN, name);
	g_autofree char *target = g_strdup_printf("%s/%s.txt", GOLDEN, name);
	g_autofree char *markdown = NULL;
	g_autofree char *expected = NULL;
	g_autofree char *found = NULL;
	g_autofree char *fault = NULL;
	struct document document;

	assert_true(g_file_get_contents(source, &markdown, NULL, NULL));
	document = render(markdown);
	found = describe(&document);
	fault = safe_html_fault(document.html);
	document_release(&document);
	assert_null(fault);
	if (g_getenv("BYLINE_UPDATE_GOLDEN") != NULL)
		assert_true(g_file_set_contents(target, found, -1, NULL));
	assert_true(g_file_get_contents(target, &expected, NULL, NULL));
	assert_string_equal(found, expected);
}

static void
test_document_render_golden(void **state)
{
	static const char *const NAMES[] = { "article", "footnotes", "raw_html",
		"headings", "media", "right_to_left" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
		check_golden(NAMES[i]);
}
#else
static void
test_document_render_golden(void **state)
{
	(void)state;
	print_message("golden files are of cmark-gfm\n");
	skip();
}
#endif

/* ---- single properties ---- */

static void
test_document_render_counts_code_apart(void **state)
{
	struct document document = render("one two\n\n```\nthree four\n```\n");

	(void)state;
	assert_int_equal(document.word_count, 4);
	document_release(&document);
}

static void
test_document_render_not_utf8(void **state)
{
	static const char TEXT[] = "a\n\nb \xc3\x28\n";
	struct document document;
	GError *error = NULL;

	(void)state;
	assert_int_equal(document_render(&OPTIONS, NULL, TEXT, strlen(TEXT),
			     &document, &error),
	    STATUS_INVALID);
	assert_true(g_str_has_prefix(error->message, "line 3:"));
	g_clear_error(&error);

	assert_int_equal(
	    document_render(&OPTIONS, NULL, "a\0b", 3, &document, &error),
	    STATUS_INVALID);
	g_clear_error(&error);
}

static void
test_document_render_warns_with_line(void **state)
{
	struct document document = render("a\n\nb\n![](missing.png)\n\n"
					  "<div>\n\n<img src=missing.gif>\n");
	GArray *warnings = document.warnings;

	(void)state;
	assert_int_equal(warnings->len, 4);
	assert_int_equal(
	    g_array_index(warnings, struct document_warning, 0).line, 4);
	assert_int_equal(
	    g_array_index(warnings, struct document_warning, 3).line, 8);
	document_release(&document);
}

static void
test_document_render_input_bound(void **state)
{
	g_autofree char *text = g_strnfill(RENDERER_MAX_INPUT + 1, 'a');
	struct document document;
	GError *error = NULL;

	(void)state;
	assert_int_equal(document_render(&OPTIONS, NULL, text,
			     RENDERER_MAX_INPUT + 1, &document, &error),
	    STATUS_TOO_LARGE);
	g_error_free(error);
}

/* Quotes grow sixfold when they are escaped: still within the bound. */
static void
test_document_render_output_bound_is_wide(void **state)
{
	g_autofree char *text = g_strnfill(200000, '"');
	struct document document = render(text);

	(void)state;
	assert_true(strlen(document.html) > 6 * 200000);
	document_release(&document);
}

/* ---- real writing ---- */

/* What a reader would miss. */
struct possessions {
	unsigned tables, code, details, notes, images, rows, items;
};

struct corpus {
	unsigned files;
	struct possessions all;
	double seconds;
};

static const char *
corpus_folder(void)
{
	const char *folder = g_getenv("BYLINE_CORPUS");

	return folder != NULL ? folder : "../shared/corpus";
}

static void
count_element(const GumboElement *element, struct possessions *out)
{
	GumboAttribute *id = gumbo_get_attribute(&element->attributes, "id");

	switch (element->tag) {
	case GUMBO_TAG_TABLE:
		out->tables += 1;
		break;
	case GUMBO_TAG_TR:
		out->rows += 1;
		break;
	case GUMBO_TAG_PRE:
		out->code += 1;
		break;
	case GUMBO_TAG_DETAILS:
		out->details += 1;
		break;
	case GUMBO_TAG_IMG:
		out->images += 1;
		break;
	case GUMBO_TAG_LI:
		out->items += 1;
		out->notes +=
		    id != NULL && g_str_has_prefix(id->value, "fn-") ? 1 : 0;
		break;
	default:
		break;
	}
}

static void
count_node(const GumboNode *node, struct possessions *out)
{
	const GumboVector *children = &node->v.element.children;

	for (unsigned i = 0; i < children->length; i++) {
		const GumboNode *child = children->data[i];

		if (child->type == GUMBO_NODE_ELEMENT) {
			count_element(&child->v.element, out);
			count_node(child, out);
		}
	}
}

static struct possessions
count_html(const char *html)
{
	GumboOptions options = kGumboDefaultOptions;
	GumboOutput *output;
	struct possessions found = { 0 };

	options.fragment_context = GUMBO_TAG_BODY;
	output = gumbo_parse_with_options(&options, html, strlen(html));
	count_node(output->root, &found);
	gumbo_destroy_output(&options, output);
	return found;
}

/* What stands after the front matter. */
static const char *
body_of(const char *text)
{
	static const char *const MARKS[] = { "+++", "---" };

	for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++) {
		g_autofree char *end = g_strdup_printf("\n%s\n", MARKS[i]);
		const char *found;

		if (g_str_has_prefix(text, MARKS[i])) {
			found = strstr(text, end);
			return found == NULL ? text : found + strlen(end);
		}
	}
	return text;
}

static void
assert_nothing_lost(
    const char *path, const char *markdown, const struct document *document)
{
	struct possessions before, after;
	char *raw;
	size_t size;

	assert_int_equal(markdown_to_html(markdown, strlen(markdown), SIZE_MAX,
			     &raw, &size, NULL),
	    STATUS_OK);
	before = count_html(raw);
	after = count_html(document->html);
	free(raw);
	if (memcmp(&before, &after, sizeof(before)) != 0) {
		fail_msg("%s: tables %u %u, rows %u %u, code %u %u, details "
			 "%u %u, notes %u %u, images %u %u, items %u %u",
		    path, before.tables, after.tables, before.rows, after.rows,
		    before.code, after.code, before.details, after.details,
		    before.notes, after.notes, before.images, after.images,
		    before.items, after.items);
	}
}

static double
now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void
check_file(const char *path, struct corpus *corpus)
{
	g_autofree char *text = NULL;
	g_autofree char *fault = NULL;
	struct document document;
	struct possessions found;
	double start;

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	start = now();
	document = render(body_of(text));
	corpus->seconds += now() - start;
	fault = safe_html_fault(document.html);
	if (fault != NULL)
		fail_msg("%s: %s", path, fault);
	assert_null(safe_html_fault(document.contents_html));
	assert_nothing_lost(path, body_of(text), &document);
	found = count_html(document.html);
	corpus->files += 1;
	corpus->all.tables += found.tables;
	corpus->all.code += found.code;
	corpus->all.details += found.details;
	corpus->all.notes += found.notes;
	document_release(&document);
}

static void
check_folder(const char *folder, struct corpus *corpus)
{
	g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
	const char *name;

	assert_non_null(directory);
	while ((name = g_dir_read_name(directory)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			check_folder(path, corpus);
		else if (g_str_has_suffix(name, ".md") ||
			 g_str_has_suffix(name, ".markdown"))
			check_file(path, corpus);
	}
}

static void
test_document_render_real_writing(void **state)
{
	const char *folder = corpus_folder();
	struct corpus corpus = { 0 };

	(void)state;
	if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
		print_message("no corpus in %s\n", folder);
		skip();
	}
	check_folder(folder, &corpus);

	print_message("%u files in %.2f s: %u tables, %u blocks of code, "
		      "%u details, %u footnotes\n",
	    corpus.files, corpus.seconds, corpus.all.tables, corpus.all.code,
	    corpus.all.details, corpus.all.notes);
	assert_true(corpus.files >= 856);
	assert_true(corpus.all.tables > 100);
	assert_true(corpus.all.code > 1000);
	assert_true(corpus.all.details > 100);
#ifdef WITH_CMARK_GFM
	assert_true(corpus.all.notes > 50);
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_document_render_golden),
		cmocka_unit_test(test_document_render_counts_code_apart),
		cmocka_unit_test(test_document_render_not_utf8),
		cmocka_unit_test(test_document_render_warns_with_line),
		cmocka_unit_test(test_document_render_input_bound),
		cmocka_unit_test(test_document_render_output_bound_is_wide),
		cmocka_unit_test(test_document_render_real_writing),
	};

	return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
