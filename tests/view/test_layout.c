/*
 * test_layout.c - how addresses, counts and languages are written.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/article.h"
#include "sample_pages.h"
#include "template/template_engine.h"
#include "view/layout.h"

static const struct settings below = {
	.base_url = (char *)"https://example.org/blog",
	.origin = (char *)"https://example.org",
	.base_path = (char *)"/blog",
};
static const struct site_view below_view = { .settings = &below };

static void
assert_text(char *actual, const char *expected)
{
	assert_string_equal(actual, expected);
	g_free(actual);
}

static void
test_layout_url_puts_the_base_path_before_a_path(void **state)
{
	(void)state;

	assert_text(layout_url(&below_view, "/tags/a"), "/blog/tags/a");
	assert_text(layout_url(&below_view, "/"), "/blog/");
	assert_text(layout_url(&below_view, ""), "/blog");
}

static void
test_layout_url_leaves_whole_addresses_alone(void **state)
{
	(void)state;

	assert_text(layout_url(&below_view, "https://a.example/b"),
	    "https://a.example/b");
	assert_text(
	    layout_url(&below_view, "http://a.example"), "http://a.example");
	assert_text(
	    layout_url(&below_view, "javascript:1"), "/blogjavascript:1");
}

static void
test_layout_absolute_url_is_built_from_base_url(void **state)
{
	(void)state;

	assert_text(layout_absolute_url(&below_view, "/tags"),
	    "https://example.org/blog/tags");
	assert_text(layout_absolute_url(&below_view, "https://a.example/b"),
	    "https://a.example/b");
}

static void
test_layout_page_path_numbers_all_but_the_first(void **state)
{
	(void)state;

	assert_text(layout_page_path("/", 1), "/");
	assert_text(layout_page_path("/", 2), "/page/2");
	assert_text(layout_page_path("/tags/a", 1), "/tags/a");
	assert_text(layout_page_path("/tags/a", 12), "/tags/a/page/12");
}

static void
test_layout_count_has_one_singular(void **state)
{
	(void)state;

	assert_text(layout_count(0, "article", "articles"), "0 articles");
	assert_text(layout_count(1, "article", "articles"), "1 article");
	assert_text(layout_count(2, "article", "articles"), "2 articles");
	assert_text(
	    layout_count(10000, "article", "articles"), "10000 articles");
}

static void
test_layout_show_language_names_the_one_that_holds(void **state)
{
	static const struct {
		const char *language, *direction, *held;
	} cases[] = {
		{ "", "", "en" },
		{ NULL, NULL, "en" },
		{ "en", "", "en" },
		{ "ar", "", "ar" },
		{ "", "rtl", "en" },
	};
	struct sample_blog sample;
	struct template_dict *dict = template_dict_new();

	(void)state;
	sample_blog_init(&sample);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct article_summary article = {
			.language = (char *)cases[i].language,
			.direction = (char *)cases[i].direction,
		};

		assert_string_equal(layout_show_language(dict, &sample.view,
					&article, "S", "L", "D"),
		    cases[i].held);
	}

	template_dict_free(dict);
	sample_blog_release(&sample);
}

static const char *
find_in(const GString *page, const char *text)
{
	return strstr(page->str, text);
}

static GString *
make_frame(struct sample_blog *sample, const struct layout_page *page)
{
	GString *out = g_string_new(NULL);
	struct layout layout;

	layout_init(&layout, &sample->view, page, "site/search.html");
	assert_int_equal(layout_finish(&layout, out), STATUS_OK);
	return out;
}

static void
test_layout_init_marks_the_link_of_the_page(void **state)
{
	const struct layout_page tags = { .path = "/tags", .title = "Tags" };
	const struct layout_page tag = {
		.path = "/tags/a", .title = "A", .current = "/tags"
	};
	struct sample_blog sample;
	GString *page;

	(void)state;
	sample_blog_init(&sample);

	page = make_frame(&sample, &tags);
	assert_non_null(find_in(page, "href=\"/tags\" aria-current=\"page\""));
	g_string_free(page, TRUE);
	page = make_frame(&sample, &tag);
	assert_non_null(find_in(page, "href=\"/tags\" aria-current=\"true\""));
	g_string_free(page, TRUE);

	sample_blog_release(&sample);
}

static void
test_layout_init_does_without_a_page_path(void **state)
{
	const struct layout_page page = { .title = "Oh" };
	struct sample_blog sample;
	GString *out;

	(void)state;
	sample_blog_init(&sample);

	out = make_frame(&sample, &page);

	assert_non_null(find_in(out, "content=\"noindex\""));
	assert_null(find_in(out, "canonical"));
	assert_null(find_in(out, "og:"));
	assert_null(find_in(out, "aria-current"));
	g_string_free(out, TRUE);
	sample_blog_release(&sample);
}

/* A database that could not be read leaves a blog with nothing in it. */
static void
test_layout_init_bears_an_empty_blog(void **state)
{
	const struct layout_page page = { .title = "Oh" };
	const struct blog nothing = { 0 };
	struct sample_blog sample;
	GString *out;

	(void)state;
	sample_blog_init(&sample);
	sample.view.blog = &nothing;

	out = make_frame(&sample, &page);

	assert_non_null(find_in(out, "<html lang=\"en\" dir=\"ltr\">"));
	assert_null(find_in(out, "<nav"));
	g_string_free(out, TRUE);
	sample_blog_release(&sample);
}

static void
test_layout_finish_leaves_out_alone_when_a_template_is_missing(void **state)
{
	const struct layout_page page = { .path = "/", .title = "A" };
	struct sample_blog sample;
	struct layout layout;
	GString *out = g_string_new("before");

	(void)state;
	sample_blog_init(&sample);

	layout_init(&layout, &sample.view, &page, "site/no_such.html");

	assert_int_equal(layout_finish(&layout, out), STATUS_FAILED);
	assert_string_equal(out->str, "before");
	g_string_free(out, TRUE);
	sample_blog_release(&sample);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_layout_url_puts_the_base_path_before_a_path),
		cmocka_unit_test(test_layout_url_leaves_whole_addresses_alone),
		cmocka_unit_test(
		    test_layout_absolute_url_is_built_from_base_url),
		cmocka_unit_test(
		    test_layout_page_path_numbers_all_but_the_first),
		cmocka_unit_test(test_layout_count_has_one_singular),
		cmocka_unit_test(
		    test_layout_show_language_names_the_one_that_holds),
		cmocka_unit_test(test_layout_init_marks_the_link_of_the_page),
		cmocka_unit_test(test_layout_init_does_without_a_page_path),
		cmocka_unit_test(test_layout_init_bears_an_empty_blog),
		cmocka_unit_test(
		    test_layout_finish_leaves_out_alone_when_a_template_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
