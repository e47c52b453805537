/*
 * test_site_feeds.c - what machines read: which articles are in it, under which
 * address, how much of them. Whether it is well-formed and right by its
 * specification is tested in tests/view/test_feed_view.c.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/author.h"

static const char *const NAMES[] = { "feed.xml", "rss.xml", "feed.json" };
static const char *const PLACES[] = { "", "/tags/sqlite", "/categories/backend",
	"/authors/ada-lovelace" };

static int
set_up(void **state)
{
	struct fixture *fixture;
	struct article_draft draft;

	fixture_set_up(state);
	fixture = *state;
	fixture_article(fixture, "tagged", 1, "Backend", "SQLite");
	fixture_article(fixture, "plain", 2, NULL, NULL);
	draft = fixture_draft(fixture, "long", 3);
	draft.body_html = "<h2 id=\"a\">A</h2>\n<p><a href=\"/about\">x</a>"
			  " <img src=\"/media/a.png\" alt=\"\"></p>\n";
	draft.category = "Backend";
	fixture_save(fixture, &draft);
	return 0;
}

static void
test_feeds_have_their_articles(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
		g_autofree char *all = g_strconcat("/", NAMES[i], NULL);
		g_autofree char *tag =
		    g_strconcat("/tags/sqlite/", NAMES[i], NULL);
		g_autofree char *category =
		    g_strconcat("/categories/backend/", NAMES[i], NULL);

		assert_status(fixture, all, 200);
		assert_has(fixture, "http://127.0.0.1:8080/articles/tagged");
		assert_has(fixture, "http://127.0.0.1:8080/articles/plain");
		assert_has(fixture, "http://127.0.0.1:8080/articles/long");
		assert_status(fixture, tag, 200);
		assert_has(fixture, "http://127.0.0.1:8080/articles/tagged");
		assert_has_not(fixture, "articles/plain");
		assert_has_not(fixture, "articles/long");
		assert_status(fixture, category, 200);
		assert_has(fixture, "http://127.0.0.1:8080/articles/long");
		assert_has_not(fixture, "articles/plain");
	}
}

/* Whole, and with addresses that hold outside of the blog. */
static void
test_feeds_have_the_whole_text(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
		g_autofree char *target = g_strconcat("/", NAMES[i], NULL);

		assert_status(fixture, target, 200);
		assert_has(fixture, "http://127.0.0.1:8080/media/a.png");
		assert_has(fixture, "http://127.0.0.1:8080/about");
	}
}

static void
test_feeds_are_as_long_as_set(void **state)
{
	struct fixture *fixture = *state;

	fixture_set(fixture, "feed_size", "2");

	assert_status(fixture, "/feed.xml", 200);
	assert_has(fixture, "/articles/long");
	assert_has(fixture, "/articles/plain");
	assert_has_not(fixture, "/articles/tagged");
}

static void
test_feeds_unknown(void **state)
{
	static const char *const targets[] = { "/feed.txt", "/feed.xml.gz",
		"/tags/nothing/feed.xml", "/tags/sqlite/feed.txt",
		"/tags/sqlite/feed.xml/x", "/categories/nothing/rss.xml",
		"/categories/backend/nothing", "/authors/nobody/feed.json",
		"/authors/ada-lovelace/sitemap.xml", "/archive/2025/feed.xml",
		"/FEED.XML", "/tags/nothing/rss" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++)
		assert_status(fixture, targets[i], 404);
}

static void
test_feeds_not_modified(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(PLACES); i++) {
		for (size_t k = 0; k < G_N_ELEMENTS(NAMES); k++) {
			g_autofree char *target =
			    g_strconcat(PLACES[i], "/", NAMES[k], NULL);
			const struct answer *answer =
			    assert_status(fixture, target, 200);
			g_autofree char *match =
			    g_strconcat("HTTP_IF_NONE_MATCH=",
				answer_header(answer, "ETag"), NULL);

			answer =
			    fixture_ask(fixture, "GET", target, match, NULL);
			assert_int_equal(answer->status, 304);
			assert_int_equal(answer->body->len, 0);
		}
	}
}

static void
test_sitemap_has_every_page(void **state)
{
	static const char *const paths[] = { "/", "/articles/tagged",
		"/articles/plain", "/articles/long", "/tags/sqlite",
		"/categories/backend", "/authors/ada-lovelace", "/archive" };
	struct fixture *fixture = *state;

	assert_status(fixture, "/sitemap.xml", 200);

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autofree char *entry = g_strconcat(
		    "<loc>http://127.0.0.1:8080", paths[i], "</loc>", NULL);

		assert_has(fixture, entry);
	}
	assert_has_not(fixture, "/search");
	assert_has_not(fixture, "/page/");
}

/* Each address that a sitemap names is answered, without a redirect. */
static void
test_sitemap_leads_somewhere(void **state)
{
	static const char origin[] = "http://127.0.0.1:8080";
	struct fixture *fixture = *state;
	g_auto(GStrv) parts = NULL;

	assert_status(fixture, "/sitemap.xml", 200);
	parts = g_strsplit(fixture->answer.body->str, "<loc>", -1);
	assert_true(g_strv_length(parts) > 8);

	for (char **part = parts + 1; *part != NULL; part++) {
		*strchr(*part, '<') = '\0';
		assert_true(g_str_has_prefix(*part, origin));
		assert_status(fixture, *part + sizeof origin - 1, 200);
	}
}

static void
test_robots(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/robots.txt", 200);
	assert_has(fixture, "Disallow: /desk\n");
	assert_has(fixture, "Sitemap: http://127.0.0.1:8080/sitemap.xml\n");

	fixture_set(fixture, "robots", "User-agent: *\nDisallow: /");

	assert_status(fixture, "/robots.txt", 200);
	assert_string_equal(
	    fixture->answer.body->str, "User-agent: *\nDisallow: /\n");
}

static void
test_security_without_contact(void **state)
{
	assert_status(*state, "/.well-known/security.txt", 404);
}

static void
test_security_with_contact(void **state)
{
	struct fixture *fixture = *state;

	fixture->site->settings.security_contact =
	    g_strdup("security@example.org");

	assert_status(fixture, "/.well-known/security.txt", 200);
	assert_has(fixture, "Contact: mailto:security@example.org\n");
	assert_has(fixture, "Expires: 2100-");
}

int
main(void)
{
#define ONCE(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		ONCE(test_feeds_have_their_articles),
		ONCE(test_feeds_have_the_whole_text),
		ONCE(test_feeds_are_as_long_as_set),
		ONCE(test_feeds_unknown),
		ONCE(test_feeds_not_modified),
		ONCE(test_sitemap_has_every_page),
		ONCE(test_sitemap_leads_somewhere),
		ONCE(test_robots),
		ONCE(test_security_without_contact),
		ONCE(test_security_with_contact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
