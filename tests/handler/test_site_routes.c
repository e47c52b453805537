/*
 * test_site_routes.c - every address of the public side: which is answered, by
 * whom, for which methods, from which base path, and what is kept of it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "http/request.h"
#include "http/response.h"
#include "model/redirect.h"

/* A row for each address in src/handler/site_routes.c. */
static const struct {
	const char *target;
	const char *content_type;
} ADDRESSES[] = {
	{ "/", "text/html" },
	{ "/page/2", "text/html" },
	{ "/articles/a-05", "text/html" },
	{ "/about", "text/html" },
	{ "/tags", "text/html" },
	{ "/tags/sqlite", "text/html" },
	{ "/tags/sqlite/page/2", "text/html" },
	{ "/categories", "text/html" },
	{ "/categories/backend", "text/html" },
	{ "/categories/backend/page/2", "text/html" },
	{ "/authors", "text/html" },
	{ "/authors/ada-lovelace", "text/html" },
	{ "/authors/ada-lovelace/page/2", "text/html" },
	{ "/archive", "text/html" },
	{ "/archive/2025", "text/html" },
	{ "/archive/2025/page/2", "text/html" },
	{ "/search", "text/html" },
	{ "/search?q=body", "text/html" },
	{ "/feed.xml", "application/atom+xml" },
	{ "/rss.xml", "application/rss+xml" },
	{ "/feed.json", "application/feed+json" },
	{ "/tags/sqlite/feed.xml", "application/atom+xml" },
	{ "/tags/sqlite/rss.xml", "application/rss+xml" },
	{ "/tags/sqlite/feed.json", "application/feed+json" },
	{ "/categories/backend/feed.xml", "application/atom+xml" },
	{ "/authors/ada-lovelace/feed.json", "application/feed+json" },
	{ "/sitemap.xml", "application/xml" },
	{ "/robots.txt", "text/plain" },
	{ "/.well-known/security.txt", "text/plain" },
	{ "/healthz", "text/plain" },
	{ "/media/0123456789abcdef-a.png", "image/png" },
};

static void
fill(struct fixture *fixture)
{
	struct article_draft page = fixture_draft(fixture, "about", 0);

	for (int i = 1; i <= 12; i++) {
		g_autofree char *slug = g_strdup_printf("a-%02d", i);

		fixture_article(fixture, slug, i, "Backend", "SQLite,Linux");
	}
	page.kind = ARTICLE_KIND_PAGE;
	page.title = "About";
	fixture_save(fixture, &page);
	fixture_write(fixture, "media/0123456789abcdef-a.png", "PNG");
	fixture->site->settings.security_contact =
	    g_strdup("security@example.org");
}

static int
set_up(void **state)
{
	fixture_set_up(state);
	fill(*state);
	return 0;
}

static int
set_up_below(void **state)
{
	fixture_set_up_below(state);
	fill(*state);
	return 0;
}

/* ---- each address ---- */

static void
test_respond_every_address(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
		const struct answer *answer =
		    assert_status(fixture, ADDRESSES[i].target, 200);
		const char *type = answer_header(answer, "Content-Type");
		g_autofree char *size =
		    g_strdup_printf("%zu", answer->body->len);

		if (!g_str_has_prefix(type, ADDRESSES[i].content_type))
			fail_msg("%s: %s", ADDRESSES[i].target, type);
		assert_string_equal(
		    answer_header(answer, "Content-Length"), size);
		assert_true(answer->body->len > 2);
	}
}

static void
test_respond_every_address_below_a_base_path(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
		g_autofree char *target =
		    g_strconcat("/blog", ADDRESSES[i].target, NULL);

		assert_status(fixture, target, 200);
		/* No link leads out of the blog. */
		assert_has_not(fixture, "href=\"/tags");
		assert_has_not(fixture, "href=\"/articles");
		assert_has_not(fixture, "http://127.0.0.1:8080/a");
	}
	assert_status(fixture, "/blog", 200);
	assert_has(fixture, "href=\"/blog/articles/a-12\"");
}

static void
test_respond_redirects_below_a_base_path(void **state)
{
	struct fixture *fixture = *state;

	assert_redirect(fixture, "/blog/feed", "/blog/feed.xml");
	assert_redirect(fixture, "/blog/tags/", "/blog/tags");
	assert_redirect(fixture, "/blog/page/1", "/blog/");
	assert_redirect(fixture, "/blog/about/", "/blog/about");
}

static void
test_respond_head_is_get_without_a_body(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
		const char *target = ADDRESSES[i].target;
		g_autofree char *head =
		    g_strdup(fixture_get(fixture, target)->head);

		fixture_ask(fixture, "HEAD", target, NULL);

		assert_string_equal(fixture->answer.head, head);
		assert_int_equal(fixture->answer.body->len, 0);
	}
}

static void
test_respond_head_of_errors_and_redirects(void **state)
{
	static const char *const targets[] = { "/nothing", "/feed", "/page/0",
		"/tags/", "/search?q=%zz" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		g_autofree char *head =
		    g_strdup(fixture_get(fixture, targets[i])->head);

		fixture_ask(fixture, "HEAD", targets[i], NULL);

		assert_string_equal(fixture->answer.head, head);
		assert_int_equal(fixture->answer.body->len, 0);
	}
}

/* ---- methods ---- */

static const char *const METHODS[] = { "POST", "PUT", "PATCH", "DELETE",
	"OPTIONS", "CONNECT", "TRACE", "PROPFIND", "get" };

static void
assert_refuses_methods(struct fixture *fixture, const char *target)
{
	for (size_t i = 0; i < G_N_ELEMENTS(METHODS); i++) {
		const struct answer *answer =
		    fixture_ask(fixture, METHODS[i], target, NULL);

		if (answer->status != 405)
			fail_msg(
			    "%s %s: %d", METHODS[i], target, answer->status);
		assert_string_equal(
		    answer_header(answer, "Allow"), "GET, HEAD");
		assert_string_equal(
		    answer_header(answer, "Cache-Control"), "no-store");
		assert_has(fixture, "405");
	}
}

static void
test_respond_wrong_methods(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(ADDRESSES); i++)
		assert_refuses_methods(fixture, ADDRESSES[i].target);
	assert_refuses_methods(fixture, "/tags/");
	assert_refuses_methods(fixture, "/page/1/");
	assert_refuses_methods(fixture, "/about/");
}

static void
test_respond_wrong_methods_of_what_no_route_knows(void **state)
{
	struct fixture *fixture = *state;

	assert_refuses_methods(fixture, "/nothing");
	assert_refuses_methods(fixture, "/feed");
	assert_refuses_methods(fixture, "/static/style.css");
}

/* ---- slashes and guesses ---- */

static void
test_respond_slash_at_the_end(void **state)
{
	static const char *const targets[] = { "/page/2", "/tags",
		"/tags/sqlite", "/tags/sqlite/page/2", "/categories/backend",
		"/authors/ada-lovelace", "/archive/2025", "/search",
		"/articles/a-05", "/about", "/feed.xml", "/sitemap.xml" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		g_autofree char *target = g_strconcat(targets[i], "/", NULL);

		assert_redirect(fixture, target, targets[i]);
	}
}

static void
test_respond_slash_keeps_the_query(void **state)
{
	struct fixture *fixture = *state;

	assert_redirect(fixture, "/search/?q=a%20b&x=2", "/search?q=a%20b&x=2");
	/* Nobody is sent to where nothing is. */
	assert_status(fixture, "/search/?q=a%20b&page=2", 404);
	assert_status(fixture, "/tags/nothing/", 404);
}

/* One hop: what a redirect leads to is there, and does not redirect. */
static void
test_respond_redirects_in_one_hop(void **state)
{
	static const char *const targets[] = { "/page/1", "/page/1/",
		"/tags/sqlite/page/1", "/tags/sqlite/page/1/", "/feed",
		"/feed/", "/atom.xml", "/atom", "/index.xml", "/rss", "/rss/",
		"/articles", "/articles/", "/index.html", "/security.txt",
		"/tags/sqlite/feed", "/tags/sqlite/rss", "/tags/sqlite/feed/",
		"/authors/ada-lovelace/rss/", "/categories/backend/index.xml",
		"/authors/ada-lovelace/atom.xml" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		const struct answer *answer =
		    assert_status(fixture, targets[i], 301);
		g_autofree char *location =
		    g_strdup(answer_header(answer, "Location"));

		assert_status(fixture, location, 200);
	}
}

static void
test_respond_guesses(void **state)
{
	struct fixture *fixture = *state;

	assert_redirect(fixture, "/feed", "/feed.xml");
	assert_redirect(fixture, "/atom.xml", "/feed.xml");
	assert_redirect(fixture, "/index.xml", "/feed.xml");
	assert_redirect(fixture, "/rss", "/rss.xml");
	assert_redirect(fixture, "/articles", "/");
	assert_redirect(fixture, "/index.html", "/");
	assert_redirect(fixture, "/security.txt", "/.well-known/security.txt");
	assert_redirect(fixture, "/tags/sqlite/rss", "/tags/sqlite/rss.xml");
	assert_redirect(
	    fixture, "/tags/sqlite/index.xml", "/tags/sqlite/feed.xml");
}

/* Where somebody wrote a page, nobody is sent elsewhere. */
static void
test_respond_page_before_guess(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft page = fixture_draft(fixture, "atom", 0);

	page.kind = ARTICLE_KIND_PAGE;
	page.title = "About atoms";
	fixture_save(fixture, &page);

	assert_status(fixture, "/atom", 200);
	assert_has(fixture, "About atoms");
}

/* What was decoded is encoded again: one address leads to one address. */
static void
test_respond_redirect_encodes(void **state)
{
	struct fixture *fixture = *state;

	fixture_article(fixture, "dates", 20, NULL, "\xe6\x97\xa5");
	fixture_run(fixture, "INSERT INTO redirect (path, target, created_at)"
			     " VALUES ('/odd', '/tags/a?b#c%d', 1)");

	assert_redirect(fixture, "/odd", "/tags/a%3Fb%23c%25d");
	assert_redirect(fixture, "/odd/", "/tags/a%3Fb%23c%25d");
	assert_redirect(fixture, "/tags/%E6%97%A5/", "/tags/%E6%97%A5");
	assert_redirect(fixture, "/tags/%E6%97%A5/?x=%0d%0aY:%20z",
	    "/tags/%E6%97%A5?x=%0d%0aY:%20z");
}

/* ---- old addresses ---- */

static void
test_respond_old_address(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->writer->database;
	int64_t id = fixture_article(fixture, "new", 20, NULL, NULL);

	assert_int_equal(redirect_add_to_article(database, "/2019/old place",
			     id, FIXTURE_PAST, NULL),
	    STATUS_OK);

	assert_redirect(fixture, "/2019/old%20place", "/articles/new");
	assert_redirect(fixture, "/2019/old%20place/", "/articles/new");
	assert_string_equal(answer_header(&fixture->answer, "Cache-Control"),
	    "public, no-cache");
}

/* What lies below our own addresses may have been somebody's, in the shape of
 * each of our patterns; what is there comes first. */
static void
test_respond_old_address_below_our_own(void **state)
{
	static const char *const paths[] = { "/page/about", "/page/99",
		"/tags/old-name.html", "/tags/x/feed.xml", "/tags/x/page/2",
		"/categories/old", "/authors/old", "/archive/2013",
		"/archive/2013/page/2", "/archive/2013/05/06/a.html",
		"/static/picture.png", "/media/picture.png" };
	struct fixture *fixture = *state;
	struct database *database = fixture->writer->database;
	int64_t id = fixture_article(fixture, "new", 20, NULL, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autofree char *with_slash = g_strconcat(paths[i], "/", NULL);

		assert_int_equal(redirect_add_to_article(database, paths[i], id,
				     FIXTURE_PAST, NULL),
		    STATUS_OK);
		assert_redirect(fixture, paths[i], "/articles/new");
		assert_redirect(fixture, with_slash, "/articles/new");
	}
	assert_int_equal(redirect_add_to_article(
			     database, "/tags/sqlite", id, FIXTURE_PAST, NULL),
	    STATUS_OK);
	assert_status(fixture, "/tags/sqlite", 200);
	assert_redirect(fixture, "/tags/sqlite/", "/tags/sqlite");
}

static void
test_respond_renamed_twice_in_one_hop(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "first", 20);

	draft.id = fixture_save(fixture, &draft);
	draft.version = 1;
	draft.slug = "second";
	fixture_save(fixture, &draft);
	draft.version = 2;
	draft.slug = "third";
	fixture_save(fixture, &draft);

	assert_redirect(fixture, "/articles/first", "/articles/third");
	assert_redirect(fixture, "/articles/second", "/articles/third");
	assert_status(fixture, "/articles/third", 200);
}

static void
test_respond_other_permalink(void **state)
{
	struct fixture *fixture = *state;

	fixture_set(fixture, "permalink", "/{year}/{month}/{slug}");
	fixture_article(fixture, "dated", 0, NULL, NULL);

	assert_status(fixture, "/2025/06/dated", 200);
	assert_redirect(fixture, "/2025/06/dated/", "/2025/06/dated");
	assert_status(fixture, "/2025/07/dated", 404);
	assert_status(fixture, "/articles/dated", 404);
}

/* ---- caching ---- */

static void
test_respond_not_modified(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
		const char *target = ADDRESSES[i].target;
		const struct answer *answer = fixture_get(fixture, target);
		g_autofree char *match = g_strconcat(
		    "HTTP_IF_NONE_MATCH=", answer_header(answer, "ETag"), NULL);
		g_autofree char *since = g_strconcat("HTTP_IF_MODIFIED_SINCE=",
		    answer_header(answer, "Last-Modified"), NULL);
		bool is_kept = strcmp(answer_header(answer, "Cache-Control"),
				   "public, no-cache") == 0 &&
			       strstr(target, "security.txt") == NULL;

		fixture_ask(fixture, "GET", target, match, NULL);
		assert_int_equal(fixture->answer.status, is_kept ? 304 : 200);
		fixture_ask(fixture, "GET", target, since, NULL);
		assert_int_equal(fixture->answer.status, is_kept ? 304 : 200);
		fixture_ask(fixture, "HEAD", target, match, NULL);
		assert_int_equal(fixture->answer.status, is_kept ? 304 : 200);
		assert_int_equal(fixture->answer.body->len, 0);
		assert_true(strncmp(target, "/media", 6) == 0 ||
			    strcmp(target, "/healthz") == 0 ||
			    strstr(target, "security.txt") != NULL || is_kept);
	}
}

static void
test_respond_not_modified_has_the_same_headers(void **state)
{
	struct fixture *fixture = *state;
	const struct answer *answer = fixture_get(fixture, "/about");
	g_autofree char *etag = g_strdup(answer_header(answer, "ETag"));
	g_autofree char *policy =
	    g_strdup(answer_header(answer, "Content-Security-Policy"));
	g_autofree char *match =
	    g_strconcat("HTTP_IF_NONE_MATCH=W/\"x\", ", etag, NULL);

	answer = fixture_ask(fixture, "GET", "/about", match, NULL);

	assert_int_equal(answer->status, 304);
	assert_string_equal(answer_header(answer, "ETag"), etag);
	assert_string_equal(
	    answer_header(answer, "Content-Security-Policy"), policy);
	assert_string_equal(answer_header(answer, "Content-Length"), "");
	assert_int_equal(answer->body->len, 0);
}

/* Each kind of change that a reader can see makes every page another one. */
static void
assert_changes(struct fixture *fixture, const char *what, char **etag)
{
	const struct answer *answer = fixture_get(fixture, "/");

	if (strcmp(answer_header(answer, "ETag"), *etag) == 0)
		fail_msg("%s: the same ETag %s", what, *etag);
	g_free(*etag);
	*etag = g_strdup(answer_header(answer, "ETag"));
}

static void
test_respond_etag_changes_with_the_blog(void **state)
{
	struct fixture *fixture = *state;
	char *etag = g_strdup("");

	assert_changes(fixture, "first", &etag);
	fixture_set(fixture, "title", "Another title");
	assert_changes(fixture, "a setting", &etag);
	assert_has(fixture, "Another title");
	fixture_article(fixture, "newest", 30, NULL, "SQLite");
	assert_changes(fixture, "an article", &etag);
	fixture_run(fixture, "UPDATE author SET biography = 'Another life.'");
	assert_changes(fixture, "an author", &etag);
	fixture->application.signature = "other";
	assert_changes(fixture, "the theme", &etag);
	g_free(etag);
}

/* An older database takes the place of one that went on: the number of its
 * changes comes again, what it says is another thing. */
static void
test_respond_etag_differs_after_a_restore(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *etag =
	    g_strdup(answer_header(fixture_get(fixture, "/"), "ETag"));

	fixture_run(fixture, "UPDATE blog SET changed_at = changed_at - 7");

	assert_string_not_equal(
	    answer_header(fixture_get(fixture, "/"), "ETag"), etag);
}

static void
test_respond_wrong_etag_gets_the_page(void **state)
{
	static const char *const values[] = { "HTTP_IF_NONE_MATCH=\"other\"",
		"HTTP_IF_NONE_MATCH=nonsense",
		"HTTP_IF_NONE_MATCH=", "HTTP_IF_MODIFIED_SINCE=nonsense",
		"HTTP_IF_MODIFIED_SINCE=Sat, 01 Jan 2000 00:00:00 GMT" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		fixture_ask(fixture, "GET", "/about", values[i], NULL);
		assert_int_equal(fixture->answer.status, 200);
		assert_has(fixture, "About");
	}
}

/* What does not exist, or no longer, is no page that somebody has already. */
static void
test_respond_not_found_is_never_not_modified(void **state)
{
	static const char *const targets[] = { "/nothing", "/tags/nothing",
		"/tags/nothing/feed.xml", "/page/99", "/page/0",
		"/search?q=body&page=99", "/archive/1999", "/static/nothing" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		const struct answer *answer = fixture_ask(
		    fixture, "GET", targets[i], "HTTP_IF_NONE_MATCH=*", NULL);

		assert_int_equal(answer->status, 404);
		assert_string_equal(
		    answer_header(answer, "Cache-Control"), "no-store");
		assert_string_equal(answer_header(answer, "ETag"), "");
		assert_string_equal(answer_header(answer, "Last-Modified"), "");
	}
}

/* ---- errors ---- */

static void
respond_refused(struct fixture *fixture, int http_status)
{
	static const char *const variables[] = { "REQUEST_METHOD=GET",
		"REQUEST_URI=/about", NULL };
	const struct request_options options = { .base_path = "" };
	struct request request;
	struct response response;
	const char *reason = NULL;
	int ignored;

	response_init(&response);
	assert_int_equal(request_parse(&options, variables, NULL, 0,
			     FIXTURE_NOW, &request, &ignored, &reason),
	    STATUS_OK);
	site_respond(&fixture->application, &request, http_status,
	    "the reason in words", &response);
	assert_int_equal(response.status, http_status);
	assert_int_equal(response.cache, CACHE_NEVER);
	g_string_assign(fixture->answer.body, response.body->str);
	response_release(&response);
	request_release(&request);
}

/* What is refused at the edge gets a page of the blog, with what was wrong. */
static void
test_respond_refused_at_the_edge(void **state)
{
	static const int statuses[] = { 400, 408, 413, 414, 431, 501 };
	struct fixture *fixture = *state;

	fixture_set(fixture, "site_name", "The name of the blog");
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		g_autofree char *number = g_strdup_printf("%d", statuses[i]);

		respond_refused(fixture, statuses[i]);

		assert_has(fixture, number);
		assert_has(fixture, "<h1");
		assert_has(fixture, "The name of the blog");
		assert_has(fixture, "the reason in words");
		/* The page asked for is not shown. */
		assert_has_not(fixture, "The <em>body</em>");
	}
}

static void
test_respond_bad_input(void **state)
{
	static const struct {
		const char *target;
		int status;
	} cases[] = {
		{ "/%zz", 400 },
		{ "/%", 400 },
		{ "/a%00b", 400 },
		{ "/a%2fb", 400 },
		{ "/%c0%af", 400 },
		{ "/%ed%a0%80", 400 },
		{ "/../etc/passwd", 400 },
		{ "/%2e%2e/etc/passwd", 400 },
		{ "/tags/../byline.conf", 400 },
		{ "//about", 400 },
		{ "/a\\b", 400 },
		{ "/search?q=%zz", 400 },
		{ "/search?q=%00", 400 },
		{ "/search?q=%c0%af", 400 },
		{ "/about?%ff=1", 400 },
		{ "/nothing", 404 },
		{ "/About", 404 },
		{ "/ABOUT", 404 },
		{ "/about;a=b", 404 },
		{ "/about.html", 404 },
		{ "/tags/sqlite/other", 404 },
		{ "/tags/sqlite/page/2/x", 404 },
		{ "/.well-known/other", 404 },
		{ "/.git/config", 404 },
		{ "/byline.db", 404 },
		{ "/byline.conf", 404 },
		{ "/desk", 404 },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		assert_status(fixture, cases[i].target, cases[i].status);
		assert_has(fixture, "<h1");
		if (cases[i].status == 404)
			assert_has(fixture, "name=\"q\"");
	}
}

static void
test_respond_huge_queries(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *long_query = g_strnfill(64 << 10, 'a');
	g_autofree char *target = g_strconcat("/about?a=", long_query, NULL);
	g_autoptr(GString) many = g_string_new("/about?");

	while (many->len < 8000)
		g_string_append(many, "a&");

	assert_status(fixture, target, 414);
	assert_status(fixture, many->str, 400);
	assert_has(fixture, "too many parameters");
}

static void
test_respond_missing_variables(void **state)
{
	static const char *const nothing[] = { NULL };
	const struct request_options options = { .base_path = "" };
	struct fixture *fixture = *state;
	struct request request;
	struct response response;
	const char *reason;
	int http_status;

	response_init(&response);
	assert_int_equal(request_parse(&options, nothing, NULL, 0, FIXTURE_NOW,
			     &request, &http_status, &reason),
	    STATUS_INVALID);
	site_respond(
	    &fixture->application, &request, http_status, reason, &response);

	assert_int_equal(response.status, 400);
	assert_non_null(strstr(response.body->str, "<h1"));
	response_release(&response);
	request_release(&request);
}

/* Store whose frames may stand in articles, and assert that `target` says so.
 */
static void
assert_frames_from(struct fixture *fixture, const char *hosts,
    const char *target, const char *sources)
{
	g_autofree char *wanted = g_strdup_printf("; frame-src %s; ", sources);
	const char *policy;

	if (hosts != NULL)
		assert_int_equal(setting_store(fixture->writer->database,
				     "iframe_hosts", hosts, NULL),
		    STATUS_OK);
	fixture_get(fixture, target);
	policy = answer_header(&fixture->answer, "Content-Security-Policy");
	if (strstr(policy, wanted) == NULL)
		fail_msg("%s: %s", target, policy);
}

static void
test_respond_policy_follows_the_setting(void **state)
{
	struct fixture *fixture = *state;

	assert_frames_from(fixture, NULL, "/",
	    "https://www.youtube-nocookie.com https://www.youtube.com "
	    "https://player.vimeo.com https://www.player.vimeo.com");
	assert_frames_from(fixture, "*.a.org\nwww.b.org", "/articles/a-05",
	    "https://*.a.org https://www.b.org");
	assert_frames_from(
	    fixture, "a.org", "/nothing", "https://a.org https://www.a.org");
	assert_frames_from(fixture, "", "/", "'none'");
	assert_frames_from(fixture, NULL, "/healthz", "'none'");
}

int
main(void)
{
#define ONCE(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_respond_every_address_below_a_base_path, set_up_below,
		    fixture_tear_down),
		cmocka_unit_test_setup_teardown(
		    test_respond_redirects_below_a_base_path, set_up_below,
		    fixture_tear_down),
		ONCE(test_respond_every_address),
		ONCE(test_respond_head_is_get_without_a_body),
		ONCE(test_respond_head_of_errors_and_redirects),
		ONCE(test_respond_wrong_methods),
		ONCE(test_respond_wrong_methods_of_what_no_route_knows),
		ONCE(test_respond_slash_at_the_end),
		ONCE(test_respond_slash_keeps_the_query),
		ONCE(test_respond_redirects_in_one_hop),
		ONCE(test_respond_guesses),
		ONCE(test_respond_page_before_guess),
		ONCE(test_respond_redirect_encodes),
		ONCE(test_respond_old_address),
		ONCE(test_respond_old_address_below_our_own),
		ONCE(test_respond_renamed_twice_in_one_hop),
		ONCE(test_respond_other_permalink),
		ONCE(test_respond_not_modified),
		ONCE(test_respond_not_modified_has_the_same_headers),
		ONCE(test_respond_etag_changes_with_the_blog),
		ONCE(test_respond_etag_differs_after_a_restore),
		ONCE(test_respond_wrong_etag_gets_the_page),
		ONCE(test_respond_not_found_is_never_not_modified),
		ONCE(test_respond_refused_at_the_edge),
		ONCE(test_respond_bad_input),
		ONCE(test_respond_huge_queries),
		ONCE(test_respond_missing_variables),
		ONCE(test_respond_policy_follows_the_setting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
