/*
 * test_site_view.c - every kind of page against the one in tests/golden/site,
 * and what holds for all of them.
 *
 * BYLINE_UPDATE_GOLDEN=1 writes the golden pages anew: read their difference.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "model/article.h"
#include "model/author.h"
#include "model/media.h"
#include "sample_pages.h"
#include "view/static_file.h"

/* At most, compressed as a web server sends them. */
#define MAX_STYLE_SIZE 8192
#define MAX_PAGE_SIZE  14336

/* The address of the style sheet changes with each of its bytes. */
static void
forget_hashes(GString *page)
{
	g_autoptr(GRegex) hash =
	    g_regex_new("/static/([a-z]+)-[0-9a-f]{8,}\\.", 0, 0, NULL);
	g_autofree char *text = g_regex_replace(
	    hash, page->str, -1, 0, "/static/\\1-HASH.", 0, NULL);

	g_string_assign(page, text);
}

static void
test_each_page_is_the_golden_one(void **state)
{
	const char *name = *state;
	g_autofree char *file = g_strconcat(name, ".html", NULL);
	g_autofree char *path = g_build_filename(GOLDEN_DIRECTORY, file, NULL);
	g_autofree char *golden = NULL;
	GString *page = sample_page_make(name);

	forget_hashes(page);
	if (g_getenv("BYLINE_UPDATE_GOLDEN") != NULL)
		assert_true(g_file_set_contents(
		    path, page->str, (gssize)page->len, NULL));

	assert_true(g_file_get_contents(path, &golden, NULL, NULL));
	assert_string_equal(page->str, golden);
	g_string_free(page, TRUE);
}

static void
test_each_page_stands_behind_what_was_there(void **state)
{
	(void)state;

	for (size_t i = 0; i < sample_pages_count; i++) {
		struct sample_blog sample;
		GString *out = g_string_new("before");

		sample_blog_init(&sample);
		assert_int_equal(sample_pages[i].show(&sample, out), STATUS_OK);
		assert_true(g_str_has_prefix(out->str, "before<!DOCTYPE"));
		sample_blog_release(&sample);
		g_string_free(out, TRUE);
	}
}

static guint
count_of(const GString *page, const char *text)
{
	guint count = 0;

	for (const char *at = page->str; (at = strstr(at, text)) != NULL;
	     at += strlen(text))
		count++;
	return count;
}

static void
test_each_page_keeps_the_strict_policy(void **state)
{
	(void)state;

	for (size_t i = 0; i < sample_pages_count; i++) {
		GString *page = sample_page_make(sample_pages[i].name);

		assert_int_equal(count_of(page, " style="), 0);
		assert_int_equal(count_of(page, "<style"), 0);
		assert_int_equal(count_of(page, " onclick="), 0);
		assert_int_equal(count_of(page, "<script"),
		    count_of(page, "<script type=\"application/ld+json\">"));
		assert_int_equal(count_of(page, "<h1"), 1);
		assert_int_equal(count_of(page, "<main"), 1);
		assert_true(count_of(page, "rel=\"canonical\"") <= 1);
		assert_int_equal(count_of(page, "{{"), 0);
		g_string_free(page, TRUE);
	}
}

/* Below /blog no address may point beside it. */
static void
test_each_own_address_has_the_base_path(void **state)
{
	static const char *const names[] = { "tag", "article-arabic" };
	g_autoptr(GRegex) beside = g_regex_new(
	    "(href|src|action)=\"/(?!blog/|articles/an-outbox)", 0, 0, NULL);

	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		GString *page = sample_page_make(names[i]);

		assert_false(g_regex_match(beside, page->str, 0, NULL));
		assert_true(count_of(page, "=\"/blog/") > 8);
		g_string_free(page, TRUE);
	}
}

/* Size of `bytes` in gzip, as a web server keeps it ready. */
static int64_t
compressed_size(const char *bytes, size_t size)
{
	g_autofree char *path = NULL;
	g_autofree char *printed = NULL;
	int descriptor = g_file_open_tmp("byline-XXXXXX", &path, NULL);
	char *command[] = { (char *)"sh", (char *)"-c",
		(char *)"gzip -9nc \"$0\" | wc -c", path, NULL };
	int wait_status = -1;

	assert_true(descriptor >= 0);
	close(descriptor);
	assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
	assert_true(g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL,
	    NULL, &printed, NULL, &wait_status, NULL));
	assert_int_equal(wait_status, 0);
	g_unlink(path);
	return g_ascii_strtoll(printed, NULL, 10);
}

static void
test_pages_are_as_light_as_promised(void **state)
{
	struct sample_blog sample;
	const struct static_file *style;
	int64_t style_size;

	(void)state;
	sample_blog_init(&sample);
	style = static_files_by_name(sample.static_files, "style.css");
	style_size = compressed_size(style->bytes, style->size);

	assert_in_range(style_size, 1000, MAX_STYLE_SIZE);
	for (size_t i = 0; i < sample_pages_count; i++) {
		GString *page = sample_page_make(sample_pages[i].name);

		assert_in_range(
		    style_size + compressed_size(page->str, page->len), 1000,
		    MAX_PAGE_SIZE);
		g_string_free(page, TRUE);
	}
	sample_blog_release(&sample);
}

static void
test_site_view_article_shows_an_excerpt_that_is_not_its_beginning(void **state)
{
	GString *summed_up = sample_page_make("article");
	GString *begun = sample_page_make("article-bare");

	(void)state;

	assert_int_equal(
	    count_of(summed_up, "<p class=\"lead p-summary\">"), 1);
	assert_int_equal(count_of(begun, "lead"), 0);
	assert_int_equal(count_of(begun, "<data class=\"p-summary\""), 1);
	g_string_free(summed_up, TRUE);
	g_string_free(begun, TRUE);
}

/* The page of an article, or a standing one, whose cover has these sizes. The
 * caller frees it. */
static GString *
make_page_with_cover(
    enum article_kind kind, const struct media_size *sizes, guint count)
{
	struct sample_blog sample;
	char path[] = "/a", title[] = "A", alt[] = "A view", empty[] = "",
	     cover[] = "/media/a.png";
	struct article article = {
		.summary = { .kind = kind,
		    .path = path,
		    .title = title,
		    .excerpt = empty,
		    .language = empty,
		    .cover_path = cover,
		    .cover_alt = alt,
		    .cover_width = 1200,
		    .cover_height = 900,
		    .tags = g_array_new(
			FALSE, FALSE, sizeof(struct article_term)) },
		.status = ARTICLE_STATUS_PUBLISHED,
		.slug = path,
		.canonical_url = empty,
		.contents_html = empty,
		.body_html = empty,
		.authors =
		    g_array_new(FALSE, FALSE, sizeof(struct article_author)),
		.cover_sizes =
		    g_array_new(FALSE, FALSE, sizeof(struct media_size)),
	};
	const struct article_page page = { .article = &article };
	GString *out = g_string_new(NULL);

	g_array_append_vals(article.cover_sizes, sizes, count);
	sample_blog_init(&sample);
	assert_int_equal(
	    site_view_article(&sample.view, &page, out), STATUS_OK);
	sample_blog_release(&sample);
	g_array_unref(article.summary.tags);
	g_array_unref(article.authors);
	g_array_unref(article.cover_sizes);
	return out;
}

static void
test_site_view_article_offers_its_cover_in_all_sizes(void **state)
{
	char narrow[] = "/media/a_480.png", small[] = "/media/a_480.webp",
	     own[] = "/media/a.png";
	const struct media_size sizes[] = { { narrow, 480, false },
		{ small, 480, true }, { own, 1200, false } };
	static const enum article_kind kinds[] = { ARTICLE_KIND_ARTICLE,
		ARTICLE_KIND_PAGE };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		GString *page = make_page_with_cover(kinds[i], sizes, 3);

		assert_int_equal(
		    count_of(page, " src=\"/media/a.png\" "
				   "srcset=\"/media/a_480.png 480w, "
				   "/media/a.png 1200w\" sizes=\"(min-"),
		    1);
		assert_int_equal(
		    count_of(page, "<picture>\n<source type=\"image/webp\" "
				   "srcset=\"/media/a_480.webp 480w\" sizes"),
		    1);
		assert_int_equal(count_of(page, "</picture>"), 1);
		assert_int_equal(
		    count_of(page, " width=\"1200\" height=\"900\""), 1);
		/* It is the first that is seen. */
		assert_int_equal(count_of(page, "loading=\"lazy\""), 0);
		g_string_free(page, TRUE);
	}
}

static void
test_site_view_article_offers_no_choice_of_one(void **state)
{
	GString *page = make_page_with_cover(ARTICLE_KIND_ARTICLE, NULL, 0);

	(void)state;

	assert_int_equal(count_of(page, "srcset"), 0);
	assert_int_equal(count_of(page, "picture>"), 0);
	g_string_free(page, TRUE);
}

static void
test_site_view_article_gives_json_ld_that_no_title_breaks(void **state)
{
	GString *page = sample_page_make("article-bare");

	(void)state;

	assert_int_equal(
	    count_of(page, "\"headline\":\"\\u003cscript\\u003e"), 1);
	assert_int_equal(count_of(page, "</script>"), 1);
	g_string_free(page, TRUE);
}

static void
test_site_view_search_marks_words_and_escapes_the_rest(void **state)
{
	GString *page = sample_page_make("search");

	(void)state;

	assert_int_equal(count_of(page, "<mark>query plan</mark>"), 3);
	assert_int_equal(count_of(page, "<mark>query</mark>"), 1);
	assert_int_equal(count_of(page, "&lt;SCAN&gt;"), 1);
	assert_int_equal(count_of(page, "\x02"), 0);
	assert_int_equal(count_of(page, "42 results"), 1);
	assert_int_equal(
	    count_of(page, "/search?q=%22query%20plan%22%20%C3%BCnd%2A"
			   "&amp;page=3"),
	    2);
	g_string_free(page, TRUE);
}

static void
test_site_view_listing_is_kind_when_empty(void **state)
{
	GString *page = sample_page_make("front-empty");

	(void)state;

	assert_int_equal(count_of(page, "Nothing has been published"), 1);
	assert_int_equal(count_of(page, "0 articles"), 0);
	assert_int_equal(count_of(page, "name=\"email\""), 1);
	g_string_free(page, TRUE);
}

/* Whoever sets nothing up has something to show to search engines still. */
static void
test_site_view_listing_describes_itself_without_a_tagline(void **state)
{
	struct article_list list = { g_ptr_array_new(), 12, 1, 1 };
	const struct listing_page listing = {
		.list = &list, .path = "/", .description = ""
	};
	struct sample_blog sample;
	GString *page = g_string_new(NULL);

	(void)state;
	sample_blog_init(&sample);
	sample.blog.tagline[0] = '\0';

	assert_int_equal(
	    site_view_listing(&sample.view, &listing, page), STATUS_OK);

	assert_int_equal(
	    count_of(page, "<meta name=\"description\" "
			   "content=\"Ada Quell, Blog: 12 articles.\">"),
	    1);
	g_string_free(page, TRUE);
	g_ptr_array_unref(list.articles);
	sample_blog_release(&sample);
}

static void
test_site_view_author_without_a_picture_has_initials(void **state)
{
	static const struct {
		const char *name, *initials;
	} names[] = {
		{ "Ada Quell", "AQ" },
		{ "Ada", "A" },
		{ "ada maria quell", "AQ" },
		{ "\"Ada\" (Quell)", "AQ" },
		{ "¡Olé! Ángel — ñandú", "OÑ" },
		{ "🦀 Ferris", "F" },
		{ "🦀", "🦀" },
		{ "4 Seasons", "4S" },
		{ "ǆ x", "ǅX" },
		{ "ليلى سعيد", "لس" },
	};
	struct article_list list = { g_ptr_array_new(), 0, 1, 1 };
	struct sample_blog sample;

	(void)state;
	sample_blog_init(&sample);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const struct author author = { .handle = (char *)"a",
			.name = (char *)names[i].name };
		const struct listing_page listing = { .list = &list,
			.path = "/",
			.description = "",
			.author = &author };
		g_autofree char *face = g_strdup_printf(
		    "<span class=\"face\" aria-hidden=\"true\">%s</span>",
		    names[i].initials);
		GString *page = g_string_new(NULL);

		assert_int_equal(
		    site_view_listing(&sample.view, &listing, page), STATUS_OK);
		assert_int_equal(count_of(page, face), 1);
		g_string_free(page, TRUE);
	}
	g_ptr_array_unref(list.articles);
	sample_blog_release(&sample);
}

static void
test_site_view_listing_has_one_link_a_card(void **state)
{
	GString *page = sample_page_make("front");
	g_autofree char *cards = NULL;
	GString *inside;

	(void)state;
	cards = g_strndup(strstr(page->str, "<article"),
	    (gsize)(strstr(page->str, "<nav class=\"paging\"") -
		    strstr(page->str, "<article")));
	inside = g_string_new(cards);

	assert_int_equal(count_of(inside, "<a "), 6);
	assert_int_equal(count_of(inside, "<article "), 6);
	assert_int_equal(count_of(page, "20 articles"), 1);
	g_string_free(inside, TRUE);
	g_string_free(page, TRUE);
}

static void
test_site_view_error_has_words_for_every_status(void **state)
{
	static const int statuses[] = { 400, 403, 404, 405, 409, 413, 414, 418,
		429, 431, 500, 501, 503 };
	struct sample_blog sample;

	(void)state;
	sample_blog_init(&sample);

	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		GString *page = g_string_new(NULL);
		g_autofree char *kicker =
		    g_strdup_printf("Error %d<", statuses[i]);

		assert_int_equal(site_view_error(&sample.view, statuses[i],
				     "Because <so>.", page),
		    STATUS_OK);
		assert_int_equal(count_of(page, kicker), 1);
		assert_int_equal(count_of(page, "Because &lt;so&gt;."), 1);
		assert_int_equal(
		    count_of(page, "name=\"q\""), statuses[i] == 404 ? 1 : 0);
		g_string_free(page, TRUE);
	}
	sample_blog_release(&sample);
}

/* Nothing is known of a blog whose database cannot be read. */
static void
test_site_view_error_without_a_blog_has_the_name_of_its_host(void **state)
{
	struct sample_blog sample;
	GString *page = g_string_new(NULL);

	(void)state;
	sample_blog_init(&sample);
	sample.blog.site_name[0] = '\0';
	sample.blog.title[0] = '\0';

	assert_int_equal(
	    site_view_error(&sample.view, 503, NULL, page), STATUS_OK);

	assert_int_equal(count_of(page, " – example.org</title>"), 1);
	assert_int_equal(count_of(page, ">example.org</a>"), 1);
	assert_int_equal(count_of(page, "title=\"\""), 0);
	g_string_free(page, TRUE);
	sample_blog_release(&sample);
}

/* The golden tests, one for each page, and after them the others. */
int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_each_page_stands_behind_what_was_there),
		cmocka_unit_test(test_each_page_keeps_the_strict_policy),
		cmocka_unit_test(test_each_own_address_has_the_base_path),
		cmocka_unit_test(test_pages_are_as_light_as_promised),
		cmocka_unit_test(
		    test_site_view_article_shows_an_excerpt_that_is_not_its_beginning),
		cmocka_unit_test(
		    test_site_view_article_gives_json_ld_that_no_title_breaks),
		cmocka_unit_test(
		    test_site_view_article_offers_its_cover_in_all_sizes),
		cmocka_unit_test(
		    test_site_view_article_offers_no_choice_of_one),
		cmocka_unit_test(
		    test_site_view_search_marks_words_and_escapes_the_rest),
		cmocka_unit_test(test_site_view_listing_is_kind_when_empty),
		cmocka_unit_test(
		    test_site_view_listing_describes_itself_without_a_tagline),
		cmocka_unit_test(
		    test_site_view_author_without_a_picture_has_initials),
		cmocka_unit_test(test_site_view_listing_has_one_link_a_card),
		cmocka_unit_test(
		    test_site_view_error_has_words_for_every_status),
		cmocka_unit_test(
		    test_site_view_error_without_a_blog_has_the_name_of_its_host),
	};
	g_autofree struct CMUnitTest *golden =
	    g_new0(struct CMUnitTest, sample_pages_count);
	int failed = 0;

	for (size_t i = 0; i < sample_pages_count; i++)
		golden[i] = (struct CMUnitTest){
			.name = sample_pages[i].name,
			.test_func = test_each_page_is_the_golden_one,
			.initial_state = (void *)sample_pages[i].name,
		};
	failed += _cmocka_run_group_tests(
	    "golden", golden, sample_pages_count, NULL, NULL);
	failed += cmocka_run_group_tests(others, NULL, NULL);
	return failed;
}
