/*
 * test_injection.c - what people type or send stays what it is: no part of an
 * SQL text (requirement 13), of a search's syntax (14), of a page, a feed or a
 * header (15, 16, 20).
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <expat.h>
#include <jansson.h>

#include "../template/html_skeleton.h"
#include "../template/xss_payloads.h"
#include "fixture.h"
#include "store/database.h"

static int
set_up(void **state)
{
	struct fixture *fixture;
	struct article_draft page;

	fixture_set_up(state);
	fixture = *state;
	fixture_set(fixture, "subscribing_open", "true");
	fixture_set(fixture, "per_page", "2");
	for (int i = 1; i <= 3; i++) {
		g_autofree char *slug = g_strdup_printf("a-%d", i);

		fixture_article(fixture, slug, i, "Backend", "SQLite");
	}
	page = fixture_draft(fixture, "about", 0);
	page.kind = ARTICLE_KIND_PAGE;
	fixture_save(fixture, &page);
	return 0;
}

/* ---- 13: SQL ---- */

/* An address for each way to ask the database, most with a place for a value.
 */
static const char *const PATTERNS[] = { "/", "/page/%s", "/%s", "/articles/%s",
	"/tags", "/tags/%s", "/tags/%s/page/2", "/tags/%s/feed.xml",
	"/tags/sqlite", "/tags/sqlite/page/%s", "/tags/sqlite/%s",
	"/tags/sqlite/feed.xml", "/categories", "/categories/%s",
	"/categories/backend", "/categories/backend/page/%s",
	"/categories/backend/feed.json", "/authors", "/authors/%s",
	"/authors/ada-lovelace", "/authors/ada-lovelace/page/%s",
	"/authors/ada-lovelace/rss.xml", "/archive", "/archive/%s",
	"/archive/2025", "/archive/2025/page/%s", "/articles/a-1", "/about",
	"/search?q=%s", "/search?q=body&page=%s", "/search?q=body", "/search",
	"/media/%s", "/static/%s", "/feed.xml", "/sitemap.xml", "/robots.txt",
	"/healthz", "/?%s=1", "/?order=%s&sort=%s" };

static const char *const HOSTILE[] = { "'", "''", "\"", "`", "\\", ";", "--",
	"/*", "*/", "#", "%", "_", "?", "?1", ":slug", "@a", "$a", "(", ")",
	"' OR 1=1 --", "' OR '1'='1", "\" OR \"\"=\"", "') OR ('1'='1",
	"1 OR 1=1", "1; DROP TABLE article", "'; DROP TABLE article; --",
	"' UNION SELECT 1,2,3,4,5,6,7,8 --", "' AND sqlite_version() --",
	"1 AND (SELECT count(*) FROM sqlite_master)", "' AND randomblob(1e9)",
	"x' AND load_extension('/tmp/x') --", "'; ATTACH '/tmp/x' AS x; --",
	"' ORDER BY 99 --", "' GLOB '*", "' LIKE '%", "CASE WHEN 1=1 THEN",
	"char(39)", "0x27", "NULL", "1e1000", "-9223372036854775809", "title:a",
	"NEAR(a b, 5)", "a AND", "{a b}", "^a", "a*b*", "\"\"\"", "é\xCC\x81",
	"\xE2\x80\xAE", "日本語" };

static void
add_statement(const char *sql, void *data)
{
	g_hash_table_add(data, (char *)sql);
}

/* The SQL texts that the readers' side has prepared until now. */
static GHashTable *
statements_of(const struct fixture *fixture)
{
	GHashTable *all = g_hash_table_new(g_str_hash, g_str_equal);

	database_each_statement(fixture->site->database, add_statement, all);
	return all;
}

/* `pattern` with `value`, percent-encoded, in each of its places. */
static char *
make_target(const char *pattern, const char *value)
{
	g_autofree char *encoded = g_uri_escape_string(value, NULL, FALSE);
	g_auto(GStrv) parts = g_strsplit(pattern, "%s", -1);

	return g_strjoinv(encoded, parts);
}

static void
assert_no_failure(struct fixture *fixture, const char *target)
{
	const struct answer *answer = fixture_get(fixture, target);

	if (answer->status >= 500)
		fail_msg("%s: %d", target, answer->status);
}

static void
ask_everything(struct fixture *fixture, const char *value)
{
	for (size_t i = 0; i < G_N_ELEMENTS(PATTERNS); i++) {
		g_autofree char *target = make_target(PATTERNS[i], value);

		assert_no_failure(fixture, target);
	}
}

static void
append_random(GString *out, GRand *random)
{
	int count = g_rand_int_range(random, 1, 5);

	g_string_truncate(out, 0);
	for (int i = 0; i < count; i++) {
		g_string_append(out, HOSTILE[g_rand_int_range(
					 random, 0, G_N_ELEMENTS(HOSTILE))]);
		if (g_rand_boolean(random))
			g_string_append_c(
			    out, (char)g_rand_int_range(random, ' ', 0x7f));
	}
}

static void
test_sql_is_a_fixed_set(void **state)
{
	struct fixture *fixture = *state;
	GRand *random = g_rand_new_with_seed(13);
	g_autoptr(GString) value = g_string_new(NULL);
	g_autoptr(GHashTable) before = NULL;
	g_autoptr(GHashTable) after = NULL;
	GHashTableIter rows;
	void *sql;
	int count = 0;

	ask_everything(fixture, "nothing");
	ask_everything(fixture, "2");
	before = statements_of(fixture);
	assert_true(g_hash_table_size(before) > 20);

	for (size_t i = 0; i < G_N_ELEMENTS(HOSTILE); i++)
		ask_everything(fixture, HOSTILE[i]);
	for (; count < 3200; count++) {
		g_autofree char *target = NULL;

		append_random(value, random);
		target = make_target(
		    PATTERNS[count % G_N_ELEMENTS(PATTERNS)], value->str);
		assert_no_failure(fixture, target);
	}
	/* 5,000 hostile values altogether. */
	assert_true(
	    count + G_N_ELEMENTS(HOSTILE) * G_N_ELEMENTS(PATTERNS) >= 5000);

	after = statements_of(fixture);
	g_hash_table_iter_init(&rows, after);
	while (g_hash_table_iter_next(&rows, &sql, NULL))
		if (!g_hash_table_contains(before, sql))
			fail_msg("prepared by a visitor: %s", (char *)sql);
	assert_int_equal(g_hash_table_size(after), g_hash_table_size(before));
	g_rand_free(random);
}

/* No value is looked at as anything but a value. */
static void
test_sql_values_find_nothing(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(HOSTILE); i++) {
		static const char *const patterns[] = { "/tags/%s",
			"/categories/%s", "/authors/%s", "/archive/%s", "/%s",
			"/articles/%s", "/page/%s" };

		for (size_t k = 0; k < G_N_ELEMENTS(patterns); k++) {
			g_autofree char *target =
			    make_target(patterns[k], HOSTILE[i]);
			int status = fixture_get(fixture, target)->status;

			if (status != 404 && status != 400)
				fail_msg("%s: %d", target, status);
		}
	}
}

/* ---- 14: searches ---- */

static void
search_for(struct fixture *fixture, const char *typed)
{
	g_autofree char *target = make_target("/search?q=%s", typed);
	const struct answer *answer = fixture_get(fixture, target);

	if (answer->status != 200)
		fail_msg("%s: %d", target, answer->status);
}

static void
test_search_of_every_pair(void **state)
{
	struct fixture *fixture = *state;
	int log = fixture_capture_log();
	g_autofree char *said = NULL;

	for (int a = 1; a < 0x7f; a++)
		for (int b = ' '; b < 0x7f; b++) {
			const char typed[] = { (char)a, (char)b, '\0' };

			search_for(fixture, typed);
		}

	said = fixture_release_log(log);
	assert_string_equal(said, "");
}

static void
test_search_of_random_texts(void **state)
{
	struct fixture *fixture = *state;
	GRand *random = g_rand_new_with_seed(14);
	g_autoptr(GString) typed = g_string_new(NULL);
	int log = fixture_capture_log();
	g_autofree char *said = NULL;

	for (int i = 0; i < 5000; i++) {
		append_random(typed, random);
		search_for(fixture, typed->str);
	}

	said = fixture_release_log(log);
	assert_string_equal(said, "");
	g_rand_free(random);
}

/* ---- 15, 16: what is stored ---- */

/* Everything of a page that a reader may come by. */
static const char *const PAGES[] = { "/", "/page/2", "/articles/a-1", "/about",
	"/tags", "/tags/sqlite", "/categories", "/categories/backend",
	"/authors", "/authors/ada-lovelace", "/archive", "/archive/2025",
	"/search", "/search?q=common", "/search?q=absent", "/nothing",
	"/search?q=%zz" };

static const char *const XML[] = { "/feed.xml", "/rss.xml",
	"/tags/sqlite/feed.xml", "/tags/sqlite/rss.xml",
	"/categories/backend/feed.xml", "/authors/ada-lovelace/rss.xml",
	"/sitemap.xml" };

static const char *const JSON[] = { "/feed.json", "/tags/sqlite/feed.json",
	"/authors/ada-lovelace/feed.json" };

/* Fields that are reached by a statement of their own, so that no address
 * changes with them. */
static const char *const FIELDS[] = {
	"UPDATE tag SET name = :value, description = :value",
	"UPDATE category SET name = :value, description = :value",
	"UPDATE author SET name = :value, job_title = :value,"
	" biography = :value, website = :value, picture_path = :value,"
	" email = :value",
	"UPDATE article SET summary = :value, cover_alt = :value,"
	" cover_path = :value, canonical_url = :value, language = :value,"
	" description = :value",
	"UPDATE series SET name = :value",
};

static const char *const SETTINGS[] = { "site_name", "section", "title",
	"tagline", "description", "subscribe_title", "subscribe_text",
	"footer" };

static void
store_fields(struct fixture *fixture, const char *value)
{
	struct database *database = fixture->writer->database;

	for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
		struct statement *statement =
		    database_statement(database, FIELDS[i]);

		statement_bind_text(statement, ":value", value);
		assert_int_equal(statement_run(statement), STATUS_OK);
	}
}

static int
store_settings(struct fixture *fixture, const char *value)
{
	struct database *database = fixture->writer->database;
	g_autofree char *link = g_strdup_printf("%s = /about", value);
	int stored = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(SETTINGS); i++)
		if (setting_store(database, SETTINGS[i], value, NULL) ==
		    STATUS_OK)
			stored++;
	/* A link's name has no "=", and ends where its line does. */
	if (setting_store(database, "navigation",
		strpbrk(value, "=\r\n") == NULL ? link : "About = /about",
		NULL) != STATUS_OK)
		fail_msg("navigation: %s", link);
	return stored;
}

/* Save article `id`, version `version`, with `value` wherever its author
 * types. */
static void
store_article(struct fixture *fixture, const char *slug, int64_t days,
    enum article_kind kind, int64_t id, int64_t version, const char *value)
{
	struct article_draft draft = fixture_draft(fixture, slug, days);
	g_autofree char *text = g_strconcat("common ", value, NULL);

	draft.id = id;
	draft.version = version;
	draft.kind = kind;
	draft.title = draft.excerpt = draft.summary = value;
	draft.text = text;
	draft.series = "A series";
	draft.category = kind == ARTICLE_KIND_PAGE ? NULL : "Backend";
	draft.tags = kind == ARTICLE_KIND_PAGE
			 ? NULL
			 : (const char *const[]){ "SQLite", NULL };
	fixture_save(fixture, &draft);
}

/* A blog that has `value` in every field; returns how many settings took it. */
static int
fill(struct fixture *fixture, const char *value, int64_t version)
{
	/* The names by which the save finds them. */
	fixture_run(fixture, "UPDATE tag SET name = 'SQLite';"
			     "UPDATE category SET name = 'Backend'");
	for (int i = 1; i <= 3; i++) {
		g_autofree char *slug = g_strdup_printf("a-%d", i);

		store_article(
		    fixture, slug, i, ARTICLE_KIND_ARTICLE, i, version, value);
	}
	store_article(
	    fixture, "about", 0, ARTICLE_KIND_PAGE, 4, version, value);
	store_fields(fixture, value);
	return store_settings(fixture, value);
}

static void
append_start(void *data, const char *name, const char **attributes)
{
	g_string_append_printf(data, "<%s", name);
	for (; *attributes != NULL; attributes += 2)
		g_string_append_printf(data, " %s", *attributes);
	g_string_append_c(data, '>');
}

static void
append_end(void *data, const char *name)
{
	g_string_append_printf(data, "</%s>", name);
}

/* The elements and attributes of `xml`, which must be well-formed. */
static char *
xml_skeleton(const GString *xml)
{
	XML_Parser parser = XML_ParserCreate(NULL);
	GString *out = g_string_new(NULL);

	XML_SetUserData(parser, out);
	XML_SetElementHandler(parser, append_start, append_end);
	if (XML_Parse(parser, xml->str, (int)xml->len, 1) != XML_STATUS_OK)
		fail_msg("%s: %s", XML_ErrorString(XML_GetErrorCode(parser)),
		    xml->str);
	XML_ParserFree(parser);
	return g_string_free(out, FALSE);
}

static void
append_json(GString *out, const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_object(value))
		json_object_foreach((json_t *)value, key, member)
		{
			g_string_append_printf(out, "{%s:", key);
			append_json(out, member);
			g_string_append_c(out, '}');
		}
	json_array_foreach(value, i, member)
	{
		g_string_append_c(out, '[');
		append_json(out, member);
		g_string_append_c(out, ']');
	}
}

static char *
json_skeleton(const GString *text)
{
	json_error_t error;
	json_t *root = json_loadb(text->str, text->len, 0, &error);
	GString *out = g_string_new(NULL);

	if (root == NULL)
		fail_msg("%s: %s", error.text, text->str);
	append_json(out, root);
	json_decref(root);
	return g_string_free(out, FALSE);
}

static char *
skeleton_of(struct fixture *fixture, const char *target)
{
	const GString *body = fixture_get(fixture, target)->body;

	assert_true(fixture->answer.status < 500);
	if (g_str_has_suffix(target, ".xml"))
		return xml_skeleton(body);
	if (g_str_has_suffix(target, ".json"))
		return json_skeleton(body);
	return html_skeleton(body->str);
}

static GPtrArray *
all_targets(void)
{
	GPtrArray *all = g_ptr_array_new();

	for (size_t i = 0; i < G_N_ELEMENTS(PAGES); i++)
		g_ptr_array_add(all, (char *)PAGES[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(XML); i++)
		g_ptr_array_add(all, (char *)XML[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(JSON); i++)
		g_ptr_array_add(all, (char *)JSON[i]);
	return all;
}

static void
test_stored_values_change_no_page(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) targets = all_targets();
	g_autoptr(GPtrArray) harmless = g_ptr_array_new_with_free_func(g_free);
	int stored = 0;

	fill(fixture, "harmless", 1);
	for (guint i = 0; i < targets->len; i++)
		g_ptr_array_add(harmless,
		    skeleton_of(fixture, g_ptr_array_index(targets, i)));

	for (size_t k = 0; k < G_N_ELEMENTS(XSS_PAYLOADS); k++) {
		stored += fill(fixture, XSS_PAYLOADS[k], (int64_t)k + 2);
		for (guint i = 0; i < targets->len; i++) {
			const char *target = g_ptr_array_index(targets, i);
			g_autofree char *skeleton =
			    skeleton_of(fixture, target);

			if (strcmp(skeleton, g_ptr_array_index(harmless, i)) !=
			    0)
				fail_msg("%s: %s\n%s\n%s", target,
				    XSS_PAYLOADS[k], skeleton,
				    (char *)g_ptr_array_index(harmless, i));
			if (html_runs_script(
				fixture->answer.body->str, "alert"))
				fail_msg(
				    "%s: %s runs", target, XSS_PAYLOADS[k]);
		}
	}
	/* Most fit into a setting: what was looked for was there. */
	assert_true(G_N_ELEMENTS(XSS_PAYLOADS) >= 50);
	assert_true(stored > 400);
}

/* The test above would notice: what is trusted is changed by what it holds. */
static void
test_stored_values_would_be_noticed(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *before = skeleton_of(fixture, "/articles/a-1");
	g_autofree char *after = NULL;

	fixture_run(
	    fixture, "UPDATE article SET body_html = '<p onclick=\"x\">x</p>'");
	after = skeleton_of(fixture, "/articles/a-1");

	assert_string_not_equal(before, after);
}

/* What a visitor types is shown on the page of the search. */
static void
test_typed_values_change_no_page(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *found_none = skeleton_of(fixture, "/search?q=absent");
	g_autofree char *asked_none = skeleton_of(fixture, "/search?q=...");

	for (size_t k = 0; k < G_N_ELEMENTS(XSS_PAYLOADS); k++) {
		g_autofree char *target =
		    make_target("/search?q=%s", XSS_PAYLOADS[k]);
		g_autofree char *skeleton = skeleton_of(fixture, target);

		assert_int_equal(fixture->answer.status, 200);
		if (strcmp(skeleton, found_none) != 0 &&
		    strcmp(skeleton, asked_none) != 0)
			fail_msg("%s: %s", target, skeleton);
		assert_false(
		    html_runs_script(fixture->answer.body->str, "alert"));
	}
}

/* ---- 20: headers ---- */

static void
test_no_header_is_split(void **state)
{
	static const char *const patterns[] = { "/tags/%s/", "/about/?%s",
		"/page/1?%s", "/feed?%s", "/%s/", "/search/?q=%s" };
	static const char *const values[] = { "\r\nX-Forged: yes",
		"\nX-Forged: yes", "\rX-Forged: yes", "a\xC2\x85X-Forged: yes",
		"\xE5\x98\x8A\xE5\x98\x8DX-Forged: yes" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
		for (size_t k = 0; k < G_N_ELEMENTS(values); k++) {
			g_autofree char *encoded =
			    make_target(patterns[i], values[k]);
			g_auto(GStrv) parts = g_strsplit(patterns[i], "%s", 2);
			g_autofree char *raw = g_strjoinv(values[k], parts);

			fixture_get(fixture, encoded);
			assert_string_equal(
			    answer_header(&fixture->answer, "X-Forged"), "");
			fixture_get(fixture, raw);
			assert_string_equal(
			    answer_header(&fixture->answer, "X-Forged"), "");
		}
	}
}

/* No redirect leads to where somebody else says. */
static void
test_redirects_stay_here(void **state)
{
	static const char *const targets[] = { "//evil.example/",
		"/\\evil.example/", "/%5cevil.example/", "/%2f/evil.example/",
		"/https://evil.example/", "/.//evil.example/",
		"/%09/evil.example/", "/tags/%2f%2fevil.example/",
		"/tags/https:%2f%2fevil.example/", "http://evil.example/tags/",
		"/about/?next=//evil.example", "/tags/@evil.example/" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		const struct answer *answer = fixture_get(fixture, targets[i]);
		const char *location = answer_header(answer, "Location");

		if (answer->status != 301)
			continue;
		assert_true(location[0] == '/' && location[1] != '/');
	}
}

int
main(void)
{
#define ONCE(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		ONCE(test_sql_is_a_fixed_set),
		ONCE(test_sql_values_find_nothing),
		ONCE(test_search_of_every_pair),
		ONCE(test_search_of_random_texts),
		ONCE(test_stored_values_change_no_page),
		ONCE(test_stored_values_would_be_noticed),
		ONCE(test_typed_values_change_no_page),
		ONCE(test_no_header_is_split),
		ONCE(test_redirects_stay_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
