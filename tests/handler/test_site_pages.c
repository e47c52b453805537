/*
 * test_site_pages.c - the pages of the public side, each with what belongs on
 * it and with what does not.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/author.h"

/* 25 articles of June and July 2025: three pages of ten. */
static int
set_up(void **state)
{
	struct fixture *fixture;

	fixture_set_up(state);
	fixture = *state;
	for (int i = 1; i <= 25; i++) {
		g_autofree char *slug = g_strdup_printf("a-%02d", i);

		fixture_article(fixture, slug, i,
		    i % 2 == 0 ? "Backend" : "System Design",
		    i > 5 ? "SQLite,Linux" : "Linux");
	}
	return 0;
}

static int64_t
add_author(struct fixture *fixture, const char *name)
{
	const struct author_draft draft = { .name = name,
		.role = AUTHOR_ROLE_AUTHOR };
	int64_t id;

	assert_int_equal(author_add(fixture->writer->database, &draft,
			     FIXTURE_PAST, &id, NULL),
	    STATUS_OK);
	return id;
}

/* How often `text` stands in the last answer. */
static size_t
count(const struct fixture *fixture, const char *text)
{
	size_t found = 0;

	for (const char *at = fixture->answer.body->str;
	     (at = strstr(at, text)) != NULL; at++)
		found++;
	return found;
}

/* ---- listings ---- */

static void
test_front_page_first(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/", 200);

	assert_has(fixture, "25 articles");
	assert_has(fixture, "Page 1 of 3");
	assert_has(fixture, "Ada Lovelace");
	assert_has(fixture, "href=\"/articles/a-25\"");
	assert_has(fixture, "href=\"/articles/a-16\"");
	assert_has_not(fixture, "href=\"/articles/a-15\"");
	assert_has(fixture, "href=\"/page/2\"");
	assert_int_equal(count(fixture, "<article class=\"card"), 10);
}

/* What is pinned stands first, and not a second time on that page. */
static void
test_front_page_pinned(void **state)
{
	struct fixture *fixture = *state;
	const char *first;

	fixture_run(fixture, "UPDATE article SET pinned_at = id"
			     " WHERE slug IN ('a-03', 'a-20')");

	assert_status(fixture, "/", 200);

	assert_has(fixture, "25 articles");
	assert_has(fixture, "Page 1 of 3");
	assert_int_equal(count(fixture, "<article class=\"card"), 11);
	assert_int_equal(count(fixture, "<span>Pinned</span>"), 2);
	assert_int_equal(count(fixture, "href=\"/articles/a-20\""), 1);
	first = strstr(
	    fixture->answer.body->str, "<a class=\"u-url\" href=\"/articles/");
	assert_non_null(first);
	assert_true(g_str_has_prefix(
	    first, "<a class=\"u-url\" href=\"/articles/a-20\""));
	assert_status(fixture, "/page/3", 200);
	assert_int_equal(count(fixture, "Pinned"), 0);
	assert_has(fixture, "href=\"/articles/a-03\"");
}

static void
test_front_page_last(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/page/3", 200);

	assert_int_equal(count(fixture, "<article class=\"card"), 5);
	assert_has(fixture, "href=\"/articles/a-01\"");
	assert_has(fixture, "href=\"/page/2\"");
	assert_has_not(fixture, "href=\"/page/4\"");
}

static void
test_front_page_empty(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/", 200);
	assert_has(fixture, "Nothing has been published here yet");
	assert_status(fixture, "/page/2", 404);
	assert_status(fixture, "/tags", 200);
	assert_status(fixture, "/archive", 200);
	assert_status(fixture, "/authors", 200);
	assert_status(fixture, "/feed.xml", 200);
	assert_status(fixture, "/sitemap.xml", 200);
	/* Whom the front page names has a page. */
	assert_status(fixture, "/authors/ada-lovelace", 200);
}

static void
test_listings_numbers_of_no_page(void **state)
{
	static const char *const numbers[] = { "0", "-1", "1.5", "01", "+2",
		"2x", "x", "%20", "%202", "2%20", "4", "999999", "1000001",
		"9223372036854775807", "9223372036854775808",
		"1000000000000000000000000000000", "0x2", "%D9%A2" };
	static const char *const listings[] = { "/page/", "/tags/linux/page/",
		"/categories/backend/page/", "/authors/ada-lovelace/page/",
		"/archive/2025/page/", "/search?q=body&page=" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		for (size_t k = 0; k < G_N_ELEMENTS(listings); k++) {
			g_autofree char *target =
			    g_strconcat(listings[k], numbers[i], NULL);

			assert_status(fixture, target, 404);
		}
	}
}

static void
test_listings_first_page_has_one_address(void **state)
{
	struct fixture *fixture = *state;

	assert_redirect(fixture, "/page/1", "/");
	assert_redirect(fixture, "/tags/linux/page/1", "/tags/linux");
	assert_redirect(
	    fixture, "/categories/backend/page/1", "/categories/backend");
	assert_redirect(
	    fixture, "/authors/ada-lovelace/page/1", "/authors/ada-lovelace");
	assert_redirect(fixture, "/archive/2025/page/1", "/archive/2025");
}

static void
test_tag_has_its_articles(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/tags/sqlite", 200);

	assert_has(fixture, "20 articles");
	assert_has(fixture, "<h1 class=\"p-name\">SQLite</h1>");
	assert_has(fixture, "/tags/sqlite/feed.xml");
	assert_status(fixture, "/tags/sqlite/page/2", 200);
	assert_has(fixture, "href=\"/articles/a-06\"");
	assert_has_not(fixture, "href=\"/articles/a-05\"");
	assert_status(fixture, "/tags/sqlite/page/3", 404);
}

static void
test_category_has_its_articles(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/categories/system-design", 200);

	assert_has(fixture, "13 articles");
	assert_has(fixture, "<h1 class=\"p-name\">System Design</h1>");
	assert_has(fixture, "/categories/system-design/feed.xml");
}

static void
test_author_has_their_articles(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = add_author(fixture, "Grace Hopper");
	struct article_draft draft = fixture_draft(fixture, "by-grace", 40);

	draft.author_ids = &id;
	fixture_save(fixture, &draft);

	assert_status(fixture, "/authors/grace-hopper", 200);
	assert_has(fixture, "1 article");
	assert_has(fixture, "href=\"/articles/by-grace\"");
	assert_has_not(fixture, "href=\"/articles/a-25\"");
	assert_status(fixture, "/authors", 200);
	assert_has(fixture, "Grace Hopper");
}

static void
test_year_has_its_articles(void **state)
{
	struct fixture *fixture = *state;

	fixture_article(fixture, "older", -365, NULL, NULL);

	assert_status(fixture, "/archive/2024", 200);
	assert_has(fixture, "1 article");
	assert_has(fixture, "href=\"/articles/older\"");
	assert_status(fixture, "/archive/2025", 200);
	assert_has(fixture, "25 articles");
	assert_has_not(fixture, "href=\"/articles/older\"");
}

static void
test_indexes_count(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/tags", 200);
	assert_has(fixture, "href=\"/tags/sqlite\"");
	assert_has(fixture, "20");
	assert_status(fixture, "/categories", 200);
	assert_has(fixture, "href=\"/categories/system-design\"");
	assert_has(fixture, "13");
	assert_status(fixture, "/authors", 200);
	assert_has(fixture, "href=\"/authors/ada-lovelace\"");
	assert_status(fixture, "/archive", 200);
	assert_has(fixture, "href=\"/archive/2025\"");
	assert_has(fixture, "25");
}

static void
test_unknown_names(void **state)
{
	static const char *const targets[] = { "/tags/nothing", "/tags/SQLite",
		"/tags/sqlit", "/tags/sqlite'", "/tags/%27%20OR%201=1",
		"/tags/sqlite%20", "/categories/nothing", "/authors/nobody",
		"/authors/1", "/archive/1999", "/archive/0", "/archive/02025",
		"/archive/-2025", "/archive/20255", "/archive/x",
		"/archive/2025/06", "/articles/nothing", "/articles/a-25/x",
		"/nothing" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++)
		assert_status(fixture, targets[i], 404);
}

static void
test_unknown_names_of_a_huge_size(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *name = g_strnfill(8000, 'a');
	g_autofree char *tag = g_strconcat("/tags/", name, NULL);
	g_autofree char *page = g_strconcat("/", name, NULL);
	g_autofree char *year = g_strconcat("/archive/", name, NULL);

	assert_status(fixture, tag, 404);
	assert_status(fixture, page, 404);
	assert_status(fixture, year, 404);
}

static void
test_settings_count(void **state)
{
	struct fixture *fixture = *state;

	fixture_set(fixture, "per_page", "20");
	fixture_set(fixture, "title", "A title of its own");
	fixture_set(fixture, "tagline", "What it is about");

	assert_status(fixture, "/page/2", 200);
	assert_int_equal(count(fixture, "<article class=\"card"), 5);
	assert_status(fixture, "/", 200);
	assert_has(fixture, "A title of its own");
	assert_has(fixture, "What it is about");
	assert_status(fixture, "/page/3", 404);
}

/* ---- articles and standing pages ---- */

static void
test_article_shows_itself(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "shown", 40);
	const char *const tags[] = { "SQLite", "Linux", NULL };

	draft.title = "Shown as it is";
	draft.body_html = "<p>Shown <em>itself</em>.</p>\n";
	draft.contents_html = "";
	draft.category = "Backend";
	draft.tags = tags;
	draft.minutes = 7;
	fixture_save(fixture, &draft);

	assert_status(fixture, "/articles/shown", 200);

	assert_has(fixture, "<p>Shown <em>itself</em>.</p>");
	assert_has(fixture, "Shown as it is");
	assert_has(fixture, "Ada Lovelace");
	assert_has(fixture, "7 min read");
	assert_has(fixture, "July 25, 2025");
	assert_has(fixture, "href=\"/categories/backend\"");
	assert_has(fixture, "href=\"/tags/sqlite\"");
	/* The one before it in time, and the three next to that to read. */
	assert_has(fixture, "rel=\"prev\" href=\"/articles/a-25\"");
	assert_has_not(fixture, "<a href=\"/articles/a-25\"");
	assert_has(fixture, "<a href=\"/articles/a-24\"");
	assert_has(fixture, "<a href=\"/articles/a-22\"");
	assert_has_not(fixture, "<a href=\"/articles/a-21\"");
	assert_has(fixture, "<link rel=\"canonical\" "
			    "href=\"http://127.0.0.1:8080/articles/shown\">");
}

static void
test_standing_page_shows_itself(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft page = fixture_draft(fixture, "about", 1);

	page.kind = ARTICLE_KIND_PAGE;
	page.title = "About this";
	page.body_html = "<p>Of ourselves.</p>\n";
	fixture_save(fixture, &page);

	assert_status(fixture, "/about", 200);
	assert_has(fixture, "<p>Of ourselves.</p>");
	assert_has(fixture, "About this");
	assert_has_not(fixture, "min read");
	assert_status(fixture, "/articles/about", 404);
	/* It stands in the navigation and the sitemap, but in no listing. */
	assert_status(fixture, "/", 200);
	assert_has(fixture, "href=\"/about\"");
	assert_has(fixture, "25 articles");
	assert_status(fixture, "/sitemap.xml", 200);
	assert_has(fixture, "http://127.0.0.1:8080/about<");
	assert_status(fixture, "/feed.xml", 200);
	assert_has_not(fixture, "About this");
	assert_status(fixture, "/archive/2025", 200);
	assert_has(fixture, "25 articles");
}

static void
test_article_of_a_series(void **state)
{
	struct fixture *fixture = *state;

	fixture_run(
	    fixture, "INSERT INTO series (slug, name) VALUES ('s', 'Saga')");
	fixture_run(fixture, "UPDATE article SET series_id = 1"
			     " WHERE slug IN ('a-03', 'a-09', 'a-20')");

	assert_status(fixture, "/articles/a-09", 200);

	assert_has(fixture, "Part 2 of 3 of <b>Saga</b>");
	assert_has(fixture, "<link rel=\"prev\" href=\"/articles/a-03\">");
	assert_has(fixture, "<link rel=\"next\" href=\"/articles/a-20\">");
	/* The parts follow the one whose name changes. */
	fixture_run(fixture, "UPDATE series SET name = 'Tale'");
	assert_status(fixture, "/articles/a-20", 200);
	assert_has(fixture, "Part 3 of 3 of <b>Tale</b>");
}

static void
test_article_with_a_slug_of_another_script(void **state)
{
	struct fixture *fixture = *state;

	fixture_article(fixture, "日本語の記事", 40, NULL, NULL);

	assert_status(fixture,
	    "/articles/%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E8%A8%98%E4%BA%8B",
	    200);
	assert_status(fixture, "/articles/日本語の記事", 200);
	assert_redirect(fixture, "/articles/日本語の記事/",
	    "/articles/"
	    "%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E8%A8%98%E4%BA%8B");
}

/* ---- search ---- */

static void
add_texts(struct fixture *fixture)
{
	static const struct {
		const char *slug;
		const char *text;
	} texts[] = {
		{ "one", "The quick brown fox jumps over the lazy dog." },
		{ "two", "A brown and quick animal, said the foxglove." },
		{ "three", "Nothing of that kind: l'été à la plage." },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct article_draft draft =
		    fixture_draft(fixture, texts[i].slug, 50 + (int)i);

		draft.text = texts[i].text;
		fixture_save(fixture, &draft);
	}
}

/* Search for `typed` and see exactly those articles of "one two three". */
static void
assert_finds(struct fixture *fixture, const char *typed, const char *slugs)
{
	static const char *const all[] = { "one", "two", "three" };
	g_autoptr(GString) target = g_string_new("/search?q=");

	g_string_append_uri_escaped(target, typed, NULL, FALSE);
	assert_status(fixture, target->str, 200);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *link =
		    g_strdup_printf("href=\"/articles/%s\"", all[i]);

		if (strstr(slugs, all[i]) != NULL)
			assert_has(fixture, link);
		else
			assert_has_not(fixture, link);
	}
}

static void
test_search_words_phrase_prefix(void **state)
{
	struct fixture *fixture = *state;

	add_texts(fixture);

	assert_finds(fixture, "quick brown", "one two");
	assert_has(fixture, "<mark>quick</mark>");
	assert_finds(fixture, "QUICK", "one two");
	assert_finds(fixture, "\"quick brown\"", "one");
	assert_finds(fixture, "fox", "one");
	assert_finds(fixture, "fox*", "one two");
	assert_finds(fixture, "ete", "three");
	assert_finds(fixture, "quick plage", "");
	assert_finds(fixture, "one", "one");
	/* What would be syntax of the index is text. */
	assert_finds(fixture, "quick OR plage", "");
	assert_finds(fixture, "title:one", "");
	assert_finds(fixture, "quick\"", "one two");
	assert_finds(fixture, "(quick", "one two");
}

static void
test_search_counts_and_pages(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/search?q=body", 200);
	assert_has(fixture, "25 ");
	assert_has(fixture, "/search?q=body&amp;page=2");
	assert_status(fixture, "/search?q=body&page=2", 200);
	assert_status(fixture, "/search?q=body&page=3", 404);
	assert_status(fixture, "/search?q=body&page=1", 200);
}

static void
test_search_nothing(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/search", 200);
	assert_has(fixture, "name=\"q\"");
	assert_status(fixture, "/search?q=", 200);
	assert_status(fixture, "/search?q=%20%20", 200);
	assert_status(fixture, "/search?q=%22%22", 200);
	assert_status(fixture, "/search?q=***", 200);
	assert_status(fixture, "/search?q=absent", 200);
	assert_has(fixture, "value=\"absent\"");
	assert_status(fixture, "/search?q=absent&page=2", 404);
	assert_status(fixture, "/search?Q=body", 200);
}

static void
test_search_too_long(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *word = g_strnfill(200, 'a');
	g_autofree char *longest = g_strconcat("/search?q=", word, NULL);
	g_autofree char *over = g_strconcat("/search?q=a", word, NULL);
	g_autofree char *text = g_strnfill(5000, 'a');
	g_autofree char *huge = g_strconcat("/search?q=", text, NULL);
	g_autoptr(GString) letters = g_string_new("/search?q=");

	for (int i = 0; i < 200; i++)
		g_string_append(letters, "%E6%97%A5");

	assert_status(fixture, letters->str, 200);
	g_string_append(letters, "%E6%97%A5");
	assert_status(fixture, letters->str, 400);
	assert_status(fixture, longest, 200);
	assert_status(fixture, over, 400);
	assert_has(fixture, "too long");
	assert_string_equal(
	    answer_header(&fixture->answer, "Cache-Control"), "no-store");
	assert_status(fixture, huge, 400);
	assert_has(fixture, "name=\"q\"");
}

static void
test_search_shows_what_was_typed_as_text(void **state)
{
	struct fixture *fixture = *state;

	assert_status(
	    fixture, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", 200);
	assert_has_not(fixture, "<script>");
	assert_has(fixture, "&lt;script&gt;");
}

/* ---- health ---- */

static void
test_health(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/healthz", 200);
	assert_string_equal(fixture->answer.body->str, "ok\n");
	assert_string_equal(
	    answer_header(&fixture->answer, "Cache-Control"), "no-store");
}

int
main(void)
{
#define ONCE(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_front_page_empty, fixture_set_up, fixture_tear_down),
		ONCE(test_front_page_first),
		ONCE(test_front_page_last),
		ONCE(test_front_page_pinned),
		ONCE(test_listings_numbers_of_no_page),
		ONCE(test_listings_first_page_has_one_address),
		ONCE(test_tag_has_its_articles),
		ONCE(test_category_has_its_articles),
		ONCE(test_author_has_their_articles),
		ONCE(test_year_has_its_articles),
		ONCE(test_indexes_count),
		ONCE(test_unknown_names),
		ONCE(test_unknown_names_of_a_huge_size),
		ONCE(test_settings_count),
		ONCE(test_article_shows_itself),
		ONCE(test_article_of_a_series),
		ONCE(test_standing_page_shows_itself),
		ONCE(test_article_with_a_slug_of_another_script),
		ONCE(test_search_words_phrase_prefix),
		ONCE(test_search_counts_and_pages),
		ONCE(test_search_nothing),
		ONCE(test_search_too_long),
		ONCE(test_search_shows_what_was_typed_as_text),
		ONCE(test_health),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
