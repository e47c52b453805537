/*
 * test_site_article.c - what an article says of itself beyond its text: its
 * series, its authors, a description, a direction.
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

static struct article_summary parts[] = {
	{ .id = 1, .path = (char *)"/articles/one", .title = (char *)"One" },
	{ .id = 2, .path = (char *)"/articles/two", .title = (char *)"T<w>o" },
	{ .id = 3,
	    .path = (char *)"/articles/three",
	    .title = (char *)"Three" },
};

static struct article_summary older = { .path = (char *)"/articles/older",
	.title = (char *)"Older" };
static struct article_summary newer = { .path = (char *)"/articles/newer",
	.title = (char *)"Newer" };

/* An article that lacks all that can be missing. */
static struct article
bare_article(void)
{
	return (struct article){
		.summary = { .id = 2,
		    .path = (char *)"/articles/two",
		    .title = (char *)"T<w>o",
		    .excerpt = (char *)"An excerpt.",
		    .minutes = 1,
		    .published_at = 1780000000,
		    .updated_at = 1780000000 },
		.body_html = (char *)"<p>Text</p>",
	};
}

static GString *
show(const struct article_page *page)
{
	struct sample_blog sample;
	GString *out = g_string_new(NULL);

	sample_blog_init(&sample);
	assert_int_equal(site_view_article(&sample.view, page, out), STATUS_OK);
	sample_blog_release(&sample);
	return out;
}

static void
assert_has(const GString *page, const char *text)
{
	if (strstr(page->str, text) == NULL)
		fail_msg("no %s in\n%s", text, page->str);
}

static void
assert_has_not(const GString *page, const char *text)
{
	if (strstr(page->str, text) != NULL)
		fail_msg("%s in\n%s", text, page->str);
}

/* The page of part `part` of the three, with `previous` and `next` around it.
 */
static GString *
show_part_between(int64_t part, const struct article_summary *previous,
    const struct article_summary *next)
{
	struct article article = bare_article();
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	const struct article_series series = {
		.name = (char *)"A & B",
		.part = part,
		.part_count = 3,
		.first_part = 1,
		.parts = list,
	};
	const struct article_page page = { .article = &article,
		.previous = previous,
		.next = next,
		.series = &series };

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		g_ptr_array_add(list, &parts[i]);
	return show(&page);
}

static GString *
show_part(int64_t part)
{
	return show_part_between(part, &older, &newer);
}

static void
test_site_view_article_leads_to_no_part_twice(void **state)
{
	/* The third part was written first. */
	GString *page = show_part_between(1, &parts[2], &newer);

	(void)state;

	assert_has(page, "Next part");
	assert_has_not(page, "class=\"back\"");
	g_string_free(page, TRUE);
}

/* The page of an article between two, with `count` of `related`. */
static GString *
show_related(struct article_summary *related, size_t count)
{
	struct article article = bare_article();
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	const struct article_page page = { .article = &article,
		.previous = &older,
		.next = &newer,
		.related = list };

	for (size_t i = 0; i < count; i++)
		g_ptr_array_add(list, &related[i]);
	return show(&page);
}

static void
test_site_view_article_leads_to_nothing_related_twice(void **state)
{
	/* As they are read, each anew. */
	struct article_summary related[] = {
		{ .path = (char *)"/articles/newer", .title = (char *)"N" },
		{ .path = (char *)"/articles/a", .title = (char *)"A" },
		{ .path = (char *)"/articles/older", .title = (char *)"O" },
		{ .path = (char *)"/articles/b", .title = (char *)"B" },
		{ .path = (char *)"/articles/c", .title = (char *)"C" },
		{ .path = (char *)"/articles/d", .title = (char *)"D" },
	};
	GString *page = show_related(related, G_N_ELEMENTS(related));

	(void)state;

	assert_has(page, "<h2 id=\"page-related\">Read next</h2>");
	assert_has(page, "<a href=\"/articles/a\">A</a>");
	assert_has(page, "<a href=\"/articles/b\">B</a>");
	assert_has(page, "<a href=\"/articles/c\">C</a>");
	assert_has_not(page, "/articles/d");
	assert_has_not(page, "<a href=\"/articles/newer\">");
	assert_has_not(page, "<a href=\"/articles/older\">");
	g_string_free(page, TRUE);

	page = show_related(related, 1);
	assert_has(page, "rel=\"next\" href=\"/articles/newer\"");
	assert_has_not(page, "page-related");
	g_string_free(page, TRUE);
}

static void
test_site_view_article_names_its_series(void **state)
{
	GString *page = show_part(2);

	(void)state;

	assert_has(page, "Part 2 of 3 of <b>A &amp; B</b>");
	assert_has(page, "<a href=\"/articles/one\">One</a>");
	assert_has(page, "<a href=\"/articles/two\" aria-current=\"page\">"
			 "T&lt;w&gt;o</a>");
	assert_has(page, "\"position\":2,\"isPartOf\":{\"@type\":"
			 "\"CreativeWorkSeries\",\"name\":\"A \\u0026 B\"}");
	g_string_free(page, TRUE);
}

static void
test_site_view_article_goes_on_with_its_series(void **state)
{
	GString *first = show_part(1);
	GString *second = show_part(2);
	GString *last = show_part(3);

	(void)state;

	assert_has(first, "<small>Previous</small> Older");
	assert_has(first, "<small>Next part</small> T&lt;w&gt;o");
	assert_has(second, "<small>Previous part</small> One");
	assert_has(second, "<link rel=\"prev\" href=\"/articles/one\">");
	assert_has(second, "<small>Next part</small> Three");
	assert_has_not(second, "Newer");
	assert_has(last, "<small>Next</small> Newer");
	g_string_free(first, TRUE);
	g_string_free(second, TRUE);
	g_string_free(last, TRUE);
}

static void
test_site_view_article_without_a_series(void **state)
{
	struct article article = bare_article();
	const struct article_page page = { .article = &article };
	GString *out = show(&page);

	(void)state;

	assert_has_not(out, "class=\"series\"");
	assert_has_not(out, "isPartOf");
	g_string_free(out, TRUE);
}

/* Machines are told the series all the same. */
static void
test_site_view_article_alone_in_its_series(void **state)
{
	struct article article = bare_article();
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	const struct article_series series = {
		.name = (char *)"Saga",
		.part = 1,
		.part_count = 1,
		.first_part = 1,
		.parts = list,
	};
	const struct article_page page = { .article = &article,
		.series = &series };
	GString *out;

	(void)state;
	g_ptr_array_add(list, &parts[0]);

	out = show(&page);

	assert_has_not(out, "class=\"series\"");
	assert_has(out, "\"name\":\"Saga\"");
	g_string_free(out, TRUE);
}

static void
test_site_view_article_describes_itself(void **state)
{
	struct article article = bare_article();
	const struct article_page page = { .article = &article };
	GString *excerpt = show(&page);
	GString *described;

	(void)state;
	article.description = (char *)"For \"machines\".";

	described = show(&page);

	assert_has(
	    excerpt, "<meta name=\"description\" content=\"An excerpt.\">");
	assert_has(described, "<meta name=\"description\" content="
			      "\"For &quot;machines&quot;.\">");
	assert_has(described, "<meta property=\"og:description\" content="
			      "\"For &quot;machines&quot;.\">");
	assert_has(described, "\"description\":\"For \\\"machines\\\".\"");
	/* Readers see the excerpt still. */
	assert_has(described, "class=\"p-summary\" value=\"An excerpt.\"");
	g_string_free(excerpt, TRUE);
	g_string_free(described, TRUE);
}

static void
test_site_view_article_runs_as_it_says(void **state)
{
	struct article article = bare_article();
	const struct article_page page = { .article = &article };
	GString *blogs, *own, *both;

	(void)state;

	blogs = show(&page);
	article.summary.direction = (char *)"rtl";
	own = show(&page);
	article.summary.language = (char *)"ar";
	article.summary.direction = (char *)"ltr";
	both = show(&page);

	assert_has(blogs, "<article class=\"h-entry\">");
	assert_has(own, "<article class=\"h-entry\" lang=\"en\" dir=\"rtl\">");
	assert_has(both, "<article class=\"h-entry\" lang=\"ar\" dir=\"ltr\">");
	g_string_free(blogs, TRUE);
	g_string_free(own, TRUE);
	g_string_free(both, TRUE);
}

static void
test_site_view_article_names_all_who_wrote_it(void **state)
{
	struct article article = bare_article();
	const struct article_page page = { .article = &article };
	const struct article_author authors[] = {
		{ .id = 1, .handle = (char *)"ada", .name = (char *)"Ada" },
		{ .id = 2, .handle = (char *)"bo", .name = (char *)"Bo" },
	};
	GString *out;

	(void)state;
	article.authors =
	    g_array_new(FALSE, FALSE, sizeof(struct article_author));
	g_array_append_vals(article.authors, authors, 2);

	out = show(&page);

	assert_has(out, "<meta name=\"author\" content=\"Ada\">");
	assert_has(out, "<meta name=\"author\" content=\"Bo\">");
	assert_has(out, "href=\"/authors/ada\"");
	assert_has(out, "href=\"/authors/bo\"");
	assert_has(out, "{\"@type\":\"Person\",\"name\":\"Bo\"");
	g_array_unref(article.authors);
	g_string_free(out, TRUE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_site_view_article_names_its_series),
		cmocka_unit_test(
		    test_site_view_article_goes_on_with_its_series),
		cmocka_unit_test(test_site_view_article_leads_to_no_part_twice),
		cmocka_unit_test(
		    test_site_view_article_leads_to_nothing_related_twice),
		cmocka_unit_test(test_site_view_article_without_a_series),
		cmocka_unit_test(test_site_view_article_alone_in_its_series),
		cmocka_unit_test(test_site_view_article_describes_itself),
		cmocka_unit_test(test_site_view_article_runs_as_it_says),
		cmocka_unit_test(test_site_view_article_names_all_who_wrote_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
