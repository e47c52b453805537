/*
 * test_feed_view.c - feeds, sitemap, robots.txt and security.txt, read again by
 * parsers that are not ours.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "view/feed_view.h"

#include "feed_samples.h"
#include "xml_tree.h"

#define ATOM "http://www.w3.org/2005/Atom|"
#define MAP  "http://www.sitemaps.org/schemas/sitemap/0.9|"

/* The address of the link with this relation; NULL when there is none. */
static const char *
link_of(const struct element *parent, const char *relation)
{
	const struct element *link;

	for (guint i = 0; (link = element_nth(parent, ATOM "link", i)); i++)
		if (g_strcmp0(element_attribute(link, "rel"), relation) == 0)
			return element_attribute(link, "href");
	return NULL;
}

/* ---- what is fed ---- */

#define BODY                                                                   \
	"<p>See <a href=\"/blog/articles/b?x=1&amp;y=2\">b</a>, "              \
	"<a href=\"https://else.example/c\">c</a> &amp; <code>a&lt;b]]&gt;"    \
	"</code>.</p>\n<p><img src=\"/blog/media/i.png\" alt=\"\"></p>"
#define WHOLE_BODY                                                             \
	"<p>See <a href=\"https://example.org/blog/articles/b?x=1&amp;y=2\">"  \
	"b</a>, <a href=\"https://else.example/c\">c</a> &amp; <code>"         \
	"a&lt;b]]&gt;</code>.</p>\n<p><img "                                   \
	"src=\"https://example.org/blog/media/i.png\" alt=\"\"></p>"

/* Two articles: one with all there can be, one with nothing but a title. */
static void
add_articles(struct feed_sample *sample)
{
	struct article *full = feed_sample_add(
	    sample, 12, "/articles/caf\xc3\xa9", "A <b> & \"c\" 'd'", BODY);

	full->summary.excerpt = LITERAL("What it is about & why");
	full->summary.language = LITERAL("de");
	full->summary.updated_at += 3600;
	full->summary.cover_path = LITERAL("/media/cover.webp");
	full->summary.cover_alt = LITERAL("A \"cover\"");
	full->summary.cover_width = 1200;
	full->summary.cover_height = 630;
	full->summary.category = (struct article_term){ 3, LITERAL("back-end"),
		LITERAL("Back & End") };
	feed_sample_add_tag(full, "sqlite", "SQLite");
	feed_sample_add_tag(full, "c", "C");
	feed_sample_add_author(full, "ada", "Ada \xc3\x96.");
	feed_sample_add_author(full, "bob", "Bob");
	feed_sample_add(sample, 7, "/articles/bare", "Bare", "");
}

static GString *
make_feed(struct feed_sample *sample, enum feed_format format, const char *path,
    const char *title)
{
	const struct feed_page page = { .path = path,
		.title = title,
		.articles = sample->articles,
		.changed_at = 1770000000 };
	GString *out = g_string_new(NULL);

	assert_int_equal(
	    feed_view_feed(&sample->view, format, &page, out), STATUS_OK);
	return out;
}

/* Compare with tests/golden/feed/NAME; BYLINE_UPDATE_GOLDEN=1 writes anew. */
static void
assert_golden(const char *name, const GString *text)
{
	const char *folder = g_getenv("srcdir");
	g_autofree char *path = g_build_filename(folder != NULL ? folder : ".",
	    "tests", "golden", "feed", name, NULL);
	g_autofree char *wanted = NULL;

	if (g_getenv("BYLINE_UPDATE_GOLDEN") != NULL)
		assert_true(g_file_set_contents(
		    path, text->str, (gssize)text->len, NULL));
	if (!g_file_get_contents(path, &wanted, NULL, NULL))
		fail_msg("%s cannot be read", path);
	assert_string_equal(text->str, wanted);
}

/* ---- Atom ---- */

static void
test_feed_view_feed_atom(void **state)
{
	struct feed_sample sample;
	g_autoptr(GString) out = NULL;
	struct element *feed;
	const struct element *entry;

	(void)state;
	feed_sample_init(&sample);
	add_articles(&sample);
	out = make_feed(&sample, FEED_FORMAT_ATOM, "/", NULL);
	feed = element_parse(out);
	entry = element_nth(feed, ATOM "entry", 0);

	assert_string_equal(feed->name, ATOM "feed");
	assert_string_equal(
	    element_text(feed, ATOM "id"), "tag:example.org,2026:blog/feed");
	assert_string_equal(element_text(feed, ATOM "title"),
	    "Notes & Queries \xc2\xb7 Byline");
	assert_string_equal(
	    element_text(feed, ATOM "subtitle"), "On <small> programs");
	/* the newest change, not the newest article */
	assert_string_equal(
	    element_text(feed, ATOM "updated"), "2026-05-21T22:26:40+02:00");
	assert_string_equal(
	    link_of(feed, "self"), "https://example.org/blog/feed.xml");
	assert_string_equal(
	    link_of(feed, "alternate"), "https://example.org/blog/");
	assert_string_equal(
	    element_text(element_nth(feed, ATOM "author", 0), ATOM "name"),
	    "Byline");
	assert_string_equal(element_attribute(feed,
				"http://www.w3.org/XML/1998/namespace|lang"),
	    "en");
	assert_int_equal(element_count(feed, ATOM "entry"), 2);
	assert_string_equal(element_text(entry, ATOM "id"),
	    "tag:example.org,2026:blog/article-12");
	assert_string_equal(
	    element_text(entry, ATOM "title"), "A <b> & \"c\" 'd'");
	assert_string_equal(link_of(entry, "alternate"),
	    "https://example.org/blog/articles/caf%C3%A9");
	assert_string_equal(
	    element_text(entry, ATOM "published"), "2026-05-16T22:26:40+02:00");
	assert_string_equal(
	    element_text(entry, ATOM "updated"), "2026-05-16T23:26:40+02:00");
	assert_string_equal(
	    element_text(entry, ATOM "summary"), "What it is about & why");
	assert_string_equal(element_text(entry, ATOM "content"), WHOLE_BODY);
	assert_string_equal(
	    element_attribute(element_nth(entry, ATOM "content", 0), "type"),
	    "html");
	assert_int_equal(element_count(entry, ATOM "author"), 2);
	assert_int_equal(element_count(entry, ATOM "category"), 3);
	assert_string_equal(
	    element_attribute(element_nth(entry, ATOM "category", 1), "term"),
	    "sqlite");
	assert_string_equal(element_attribute(entry,
				"http://www.w3.org/XML/1998/namespace|lang"),
	    "de");
	assert_golden("atom.xml", out);
	element_free(feed);
	feed_sample_release(&sample);
}

/* RFC 4287, sections 4.1.1 and 4.1.2: what must be there once. */
static void
test_feed_view_feed_atom_required(void **state)
{
	static const char *const ONCE[] = { ATOM "id", ATOM "title",
		ATOM "updated" };
	struct feed_sample sample;
	g_autoptr(GString) out = NULL;
	struct element *feed;

	(void)state;
	feed_sample_init(&sample);
	add_articles(&sample);
	out = make_feed(&sample, FEED_FORMAT_ATOM, "/tags/c", "C");
	feed = element_parse(out);

	for (size_t i = 0; i < G_N_ELEMENTS(ONCE); i++) {
		assert_int_equal(element_count(feed, ONCE[i]), 1);
		for (guint j = 0; j < 2; j++)
			assert_int_equal(
			    element_count(
				element_nth(feed, ATOM "entry", j), ONCE[i]),
			    1);
	}
	assert_string_equal(
	    link_of(feed, "self"), "https://example.org/blog/tags/c/feed.xml");
	assert_string_equal(
	    link_of(feed, "alternate"), "https://example.org/blog/tags/c");
	assert_string_equal(element_text(feed, ATOM "id"),
	    "tag:example.org,2026:blog/feed/tags/c");
	assert_string_equal(
	    element_text(feed, ATOM "title"), "C \xc2\xb7 Byline");
	element_free(feed);
	feed_sample_release(&sample);
}

static void
test_feed_view_feed_empty(void **state)
{
	struct feed_sample sample;

	(void)state;
	feed_sample_init(&sample);
	for (int format = FEED_FORMAT_ATOM; format <= FEED_FORMAT_RSS;
	     format++) {
		g_autoptr(GString) out =
		    make_feed(&sample, (enum feed_format)format, "/", NULL);
		struct element *root = element_parse(out);

		assert_non_null(
		    strstr(out->str, format == FEED_FORMAT_ATOM
					 ? "2026-02-02T04:40:00+02:00"
					 : "Mon, 02 Feb 2026 02:40:00 +0000"));
		element_free(root);
	}
	feed_sample_release(&sample);
}

/* The id stays when everything else changes. */
static void
test_feed_view_feed_stable_id(void **state)
{
	struct feed_sample sample;
	g_autoptr(GString) before = NULL;
	g_autoptr(GString) after = NULL;
	static const char ID[] = "<id>tag:example.org,2026:blog/article-7</id>";
	struct article *article;

	(void)state;
	feed_sample_init(&sample);
	article = feed_sample_add(&sample, 7, "/articles/a", "A", "<p>a</p>");
	before = make_feed(&sample, FEED_FORMAT_ATOM, "/", NULL);
	g_free(article->summary.path);
	article->summary.path = g_strdup("/2019/b");
	article->summary.published_at = 1550000000;
	sample.settings.base_url = LITERAL("http://example.org:8080/blog");
	sample.settings.origin = LITERAL("http://example.org:8080");
	after = make_feed(&sample, FEED_FORMAT_ATOM, "/", NULL);

	assert_non_null(strstr(before->str, ID));
	assert_non_null(strstr(after->str, ID));
	feed_sample_release(&sample);
}

/* ---- RSS ---- */

static void
test_feed_view_feed_rss(void **state)
{
	struct feed_sample sample;
	g_autoptr(GString) out = NULL;
	struct element *rss;
	const struct element *channel;
	const struct element *item;

	(void)state;
	feed_sample_init(&sample);
	add_articles(&sample);
	out = make_feed(&sample, FEED_FORMAT_RSS, "/", NULL);
	rss = element_parse(out);
	channel = element_nth(rss, "channel", 0);
	item = element_nth(channel, "item", 0);

	assert_string_equal(rss->name, "rss");
	assert_string_equal(element_attribute(rss, "version"), "2.0");
	assert_string_equal(
	    element_text(channel, "title"), "Notes & Queries \xc2\xb7 Byline");
	assert_string_equal(
	    element_text(channel, "link"), "https://example.org/blog/");
	assert_string_equal(
	    element_text(channel, "description"), "On <small> programs");
	assert_string_equal(element_text(channel, "language"), "en");
	assert_string_equal(element_text(channel, "lastBuildDate"),
	    "Thu, 21 May 2026 20:26:40 +0000");
	assert_string_equal(
	    link_of(channel, "self"), "https://example.org/blog/rss.xml");
	assert_int_equal(element_count(channel, "item"), 2);
	assert_string_equal(element_text(item, "title"), "A <b> & \"c\" 'd'");
	assert_string_equal(element_text(item, "link"),
	    "https://example.org/blog/articles/caf%C3%A9");
	assert_string_equal(
	    element_text(item, "guid"), "tag:example.org,2026:blog/article-12");
	assert_string_equal(
	    element_attribute(element_nth(item, "guid", 0), "isPermaLink"),
	    "false");
	assert_string_equal(
	    element_text(item, "pubDate"), "Sat, 16 May 2026 20:26:40 +0000");
	assert_string_equal(
	    element_text(item, "http://purl.org/dc/elements/1.1/|creator"),
	    "Ada \xc3\x96.");
	assert_string_equal(element_text(item, "category"), "Back & End");
	assert_int_equal(element_count(item, "category"), 3);
	assert_string_equal(
	    element_text(item, "description"), "What it is about & why");
	assert_string_equal(
	    element_text(
		item, "http://purl.org/rss/1.0/modules/content/|encoded"),
	    WHOLE_BODY);
	assert_string_equal(
	    element_attribute(
		element_nth(item, "http://search.yahoo.com/mrss/|content", 0),
		"url"),
	    "https://example.org/blog/media/cover.webp");
	assert_golden("rss.xml", out);
	element_free(rss);
	feed_sample_release(&sample);
}

/* ---- JSON Feed ---- */

static const char *
string_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static json_t *
parse_json(const GString *text)
{
	json_error_t error;
	json_t *root =
	    json_loadb(text->str, text->len, JSON_REJECT_DUPLICATES, &error);

	if (root == NULL)
		fail_msg("line %d: %s", error.line, error.text);
	return root;
}

static void
test_feed_view_feed_json(void **state)
{
	struct feed_sample sample;
	g_autoptr(GString) out = NULL;
	json_t *feed;
	const json_t *items;
	const json_t *item;
	const json_t *bare;

	(void)state;
	feed_sample_init(&sample);
	add_articles(&sample);
	out = make_feed(&sample, FEED_FORMAT_JSON, "/authors/ada", "Ada");
	feed = parse_json(out);
	items = json_object_get(feed, "items");
	item = json_array_get(items, 0);
	bare = json_array_get(items, 1);

	assert_string_equal(
	    string_of(feed, "version"), "https://jsonfeed.org/version/1.1");
	assert_string_equal(string_of(feed, "title"), "Ada \xc2\xb7 Byline");
	assert_string_equal(string_of(feed, "home_page_url"),
	    "https://example.org/blog/authors/ada");
	assert_string_equal(string_of(feed, "feed_url"),
	    "https://example.org/blog/authors/ada/feed.json");
	assert_string_equal(string_of(feed, "language"), "en");
	assert_int_equal(json_array_size(items), 2);
	assert_string_equal(
	    string_of(item, "id"), "tag:example.org,2026:blog/article-12");
	assert_string_equal(string_of(item, "url"),
	    "https://example.org/blog/articles/caf%C3%A9");
	assert_string_equal(string_of(item, "title"), "A <b> & \"c\" 'd'");
	assert_string_equal(string_of(item, "content_html"), WHOLE_BODY);
	assert_string_equal(
	    string_of(item, "summary"), "What it is about & why");
	assert_string_equal(string_of(item, "image"),
	    "https://example.org/blog/media/cover.webp");
	assert_string_equal(
	    string_of(item, "date_published"), "2026-05-16T22:26:40+02:00");
	assert_string_equal(
	    string_of(item, "date_modified"), "2026-05-16T23:26:40+02:00");
	assert_string_equal(string_of(item, "language"), "de");
	assert_int_equal(json_array_size(json_object_get(item, "authors")), 2);
	assert_int_equal(json_array_size(json_object_get(item, "tags")), 3);
	assert_string_equal(string_of(bare, "content_html"), "");
	assert_null(json_object_get(bare, "authors"));
	assert_null(json_object_get(bare, "tags"));
	assert_null(json_object_get(bare, "image"));
	assert_golden("feed.json", out);
	json_decref(feed);
	feed_sample_release(&sample);
}

/* ---- whatever an article holds ---- */

/* Characters of every size, those that mean something more often. */
static char *
random_text(GRand *random, const char *without)
{
	static const char SPECIAL[] = "<>&\"'\\]/{}% \t\n";
	GString *text = g_string_new(NULL);
	int count = g_rand_int_range(random, 0, 60);

	while (count-- > 0) {
		gunichar c;

		switch (g_rand_int_range(random, 0, 4)) {
		case 0:
			c = (gunichar)SPECIAL[g_rand_int_range(
			    random, 0, sizeof(SPECIAL) - 1)];
			break;
		case 1:
			c = (gunichar)g_rand_int_range(random, 0x20, 0x7f);
			break;
		case 2:
			c = (gunichar)g_rand_int_range(random, 0xa0, 0xd800);
			break;
		default:
			c = (gunichar)g_rand_int_range(
			    random, 0xe000, 0x110000);
			break;
		}
		if (c != 0xfffe && c != 0xffff &&
		    (c > 0x7f || strchr(without, (int)c) == NULL))
			g_string_append_unichar(text, c);
	}
	return g_string_free(text, FALSE);
}

struct random_article {
	char *title;
	char *body;
};

static void
check_feeds(struct feed_sample *sample, const struct random_article *wanted)
{
	g_autoptr(GString) atom =
	    make_feed(sample, FEED_FORMAT_ATOM, "/", NULL);
	g_autoptr(GString) rss = make_feed(sample, FEED_FORMAT_RSS, "/", NULL);
	g_autoptr(GString) text =
	    make_feed(sample, FEED_FORMAT_JSON, "/", NULL);
	struct element *feed = element_parse(atom);
	struct element *channel_root = element_parse(rss);
	const struct element *channel = element_nth(channel_root, "channel", 0);
	json_t *json = parse_json(text);

	for (guint i = 0; i < sample->articles->len; i++) {
		const struct element *entry =
		    element_nth(feed, ATOM "entry", i);
		const struct element *item = element_nth(channel, "item", i);
		const json_t *object =
		    json_array_get(json_object_get(json, "items"), i);

		assert_string_equal(
		    element_text(entry, ATOM "title"), wanted[i].title);
		assert_string_equal(
		    element_text(entry, ATOM "content"), wanted[i].body);
		assert_string_equal(
		    element_text(item, "title"), wanted[i].title);
		assert_string_equal(
		    element_text(item,
			"http://purl.org/rss/1.0/modules/content/|encoded"),
		    wanted[i].body);
		assert_string_equal(
		    string_of(object, "title"), wanted[i].title);
		assert_string_equal(
		    string_of(object, "content_html"), wanted[i].body);
	}
	element_free(feed);
	element_free(channel_root);
	json_decref(json);
}

static void
test_feed_view_feed_random(void **state)
{
	enum {
		COUNT = 1000
	};
	GRand *random = g_rand_new_with_seed(20260530);
	struct feed_sample sample;
	struct random_article *wanted = g_new0(struct random_article, COUNT);

	(void)state;
	feed_sample_init(&sample);
	for (int i = 0; i < COUNT; i++) {
		g_autofree char *inner = random_text(random, "<>");

		wanted[i].title = random_text(random, "");
		wanted[i].body = g_strdup_printf("<p>%s</p>", inner);
		feed_sample_add(
		    &sample, i + 1, "/a", wanted[i].title, wanted[i].body);
	}
	check_feeds(&sample, wanted);
	for (int i = 0; i < COUNT; i++) {
		g_free(wanted[i].title);
		g_free(wanted[i].body);
	}
	g_free(wanted);
	g_rand_free(random);
	feed_sample_release(&sample);
}

/* XML 1.0, section 2.2: these must never get out, however they got in. */
static void
test_feed_view_feed_forbidden(void **state)
{
	struct feed_sample sample;
	g_autoptr(GString) text = g_string_new(NULL);

	(void)state;
	for (char c = 1; c < 0x20; c++)
		g_string_append_c(text, c);
	g_string_append(text, "\xef\xbf\xbe\xef\xbf\xbf"
			      "\xff"
			      "\xed\xa0\x80"
			      "\xc0\x80"
			      "\xf4\x90\x80\x80"
			      "\xc3");
	feed_sample_init(&sample);
	feed_sample_add(&sample, 1, "/a", text->str, text->str);
	for (int format = FEED_FORMAT_ATOM; format <= FEED_FORMAT_RSS;
	     format++) {
		g_autoptr(GString) out =
		    make_feed(&sample, (enum feed_format)format, "/", NULL);
		struct element *root = element_parse(out);

		assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
		assert_non_null(strstr(out->str, "\xef\xbf\xbd"));
		element_free(root);
	}
	feed_sample_release(&sample);
}

/* ---- the rest ---- */

static void
test_feed_view_names(void **state)
{
	(void)state;
	assert_string_equal(feed_view_content_type(FEED_FORMAT_ATOM),
	    "application/atom+xml; charset=utf-8");
	assert_string_equal(feed_view_content_type(FEED_FORMAT_RSS),
	    "application/rss+xml; charset=utf-8");
	assert_string_equal(feed_view_content_type(FEED_FORMAT_JSON),
	    "application/feed+json; charset=utf-8");
	assert_string_equal(feed_view_file_name(FEED_FORMAT_ATOM), "feed.xml");
	assert_string_equal(feed_view_file_name(FEED_FORMAT_RSS), "rss.xml");
	assert_string_equal(feed_view_file_name(FEED_FORMAT_JSON), "feed.json");
}

static void
test_sitemap(void **state)
{
	struct feed_sample sample;
	struct sitemap sitemap;
	g_autoptr(GString) out = g_string_new(NULL);
	struct element *root;
	const struct element *url;

	(void)state;
	feed_sample_init(&sample);
	sitemap_begin(&sitemap, &sample.view, out);
	assert_true(sitemap_add(&sitemap, "/", 1780000000));
	assert_true(sitemap_add(&sitemap, "/a&b'c \"<>?#%\xc3\xa9", 0));
	sitemap_end(&sitemap);
	root = element_parse(out);
	url = element_nth(root, MAP "url", 1);

	assert_string_equal(root->name, MAP "urlset");
	assert_string_equal(
	    element_text(element_nth(root, MAP "url", 0), MAP "lastmod"),
	    "2026-05-28T22:26:40+02:00");
	assert_string_equal(element_text(url, MAP "loc"),
	    "https://example.org/blog/a&b'c%20%22%3C%3E%3F%23%25%C3%A9");
	assert_null(element_nth(url, MAP "lastmod", 0));
	assert_golden("sitemap.xml", out);
	element_free(root);
	feed_sample_release(&sample);
}

static void
test_sitemap_add_full(void **state)
{
	struct feed_sample sample;
	struct sitemap sitemap;
	g_autoptr(GString) out = g_string_new(NULL);
	struct element *root;
	int count = 0;

	(void)state;
	feed_sample_init(&sample);
	sitemap_begin(&sitemap, &sample.view, out);
	while (count < 60000 && sitemap_add(&sitemap, "/a", 1780000000))
		count++;
	sitemap_end(&sitemap);
	root = element_parse(out);

	assert_int_equal(count, 50000);
	assert_int_equal(root->children->len, 50000);
	element_free(root);
	feed_sample_release(&sample);
}

static void
test_sitemap_add_too_large(void **state)
{
	struct feed_sample sample;
	struct sitemap sitemap;
	g_autoptr(GString) out = g_string_new("before");
	g_autofree char *path = g_strnfill(100000, 'a');

	(void)state;
	feed_sample_init(&sample);
	sitemap_begin(&sitemap, &sample.view, out);
	while (sitemap_add(&sitemap, path, 0))
		assert_true(sitemap.entry_count < 1000);
	sitemap_end(&sitemap);

	assert_in_range(
	    out->len - 6, 50 * 1024 * 1024 - 110000, 50 * 1024 * 1024);
	assert_true(g_str_has_suffix(out->str, "</url>\n</urlset>\n"));
	feed_sample_release(&sample);
}

static void
test_feed_view_robots(void **state)
{
	struct feed_sample sample;
	g_autoptr(GString) standard = g_string_new(NULL);
	g_autoptr(GString) own = g_string_new(NULL);

	(void)state;
	feed_sample_init(&sample);
	feed_view_robots(&sample.view, standard);
	sample.blog.robots = LITERAL("User-agent: *\nDisallow: /");
	feed_view_robots(&sample.view, own);

	assert_golden("robots.txt", standard);
	assert_string_equal(own->str, "User-agent: *\nDisallow: /\n");
	feed_sample_release(&sample);
}

static void
test_feed_view_security(void **state)
{
	struct feed_sample sample;
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	feed_sample_init(&sample);
	assert_int_equal(feed_view_security(&sample.view, out), STATUS_OK);

	assert_golden("security.txt", out);
	feed_sample_release(&sample);
}

static void
test_feed_view_security_contact(void **state)
{
	static const char *const REFUSED[] = { NULL, "", "a b@example.org",
		"a@example.org\nContact: evil", "a@example.org\x7f" };
	struct feed_sample sample;
	g_autoptr(GString) out = g_string_new("kept");

	(void)state;
	feed_sample_init(&sample);
	for (size_t i = 0; i < G_N_ELEMENTS(REFUSED); i++) {
		sample.settings.security_contact = LITERAL(REFUSED[i]);
		assert_int_equal(
		    feed_view_security(&sample.view, out), STATUS_NOT_FOUND);
		assert_string_equal(out->str, "kept");
	}
	sample.settings.security_contact =
	    LITERAL("https://example.org/report");
	assert_int_equal(feed_view_security(&sample.view, out), STATUS_OK);
	assert_non_null(
	    strstr(out->str, "Contact: https://example.org/report\n"));
	feed_sample_release(&sample);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(test_feed_view_feed_atom),
		cmocka_unit_test(test_feed_view_feed_atom_required),
		cmocka_unit_test(test_feed_view_feed_empty),
		cmocka_unit_test(test_feed_view_feed_stable_id),
		cmocka_unit_test(test_feed_view_feed_rss),
		cmocka_unit_test(test_feed_view_feed_json),
		cmocka_unit_test(test_feed_view_feed_random),
		cmocka_unit_test(test_feed_view_feed_forbidden),
		cmocka_unit_test(test_feed_view_names),
		cmocka_unit_test(test_sitemap),
		cmocka_unit_test(test_sitemap_add_full),
		cmocka_unit_test(test_sitemap_add_too_large),
		cmocka_unit_test(test_feed_view_robots),
		cmocka_unit_test(test_feed_view_security),
		cmocka_unit_test(test_feed_view_security_contact),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
