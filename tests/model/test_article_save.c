/*
 * test_article_save.c - a save keeps all that it must, refuses what is wrong in
 * words, and loses nothing.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/article_edit.h"
#include "model/author.h"
#include "model/redirect.h"
#include "model/search.h"

/* Saving `draft` must fail with `status` and say `word`, and change nothing. */
static void
assert_refused(struct fixture *fixture, const struct article_draft *draft,
    enum status status, const char *word)
{
	g_autoptr(GError) error = NULL;
	int64_t id = -1;
	enum status found = fixture_try_save(fixture, draft, &id, &error);

	assert_string_equal(status_name(found), status_name(status));
	assert_int_equal(id, -1);
	assert_non_null(error);
	if (strstr(error->message, word) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error->message, word);
}

static void
assert_leads_to(struct fixture *fixture, const char *path, const char *target)
{
	g_autofree char *found = NULL;

	if (redirect_find(fixture->database, path, NOW, &found) != STATUS_OK)
		assert_string_equal("nothing", target);
	else
		assert_string_equal(found, target);
}

/* ---- what is refused ---- */

static void
test_save_refuses_what_is_wrong(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);
	const char *tags[] = { "fine", " \t", NULL };
	g_autofree char *long_title = g_strnfill(501, 'x');

	draft.title = " \n ";
	assert_refused(fixture, &draft, STATUS_INVALID, "title");
	draft.title = long_title;
	assert_refused(fixture, &draft, STATUS_INVALID, "500");
	draft.title = "broken \xff";
	assert_refused(fixture, &draft, STATUS_INVALID, "UTF-8");
	draft = fixture_draft(fixture, "Not A Slug", 1);
	assert_refused(fixture, &draft, STATUS_INVALID, "slug");
	draft = fixture_draft(fixture, "", 1);
	draft.title = "Titled";
	assert_refused(fixture, &draft, STATUS_INVALID, "slug");
	draft = fixture_draft(fixture, "a", 1);
	draft.body = "broken \xc0\x80";
	assert_refused(fixture, &draft, STATUS_INVALID, "UTF-8");
	draft = fixture_draft(fixture, "a", 1);
	draft.tags = tags;
	assert_refused(fixture, &draft, STATUS_INVALID, "tag");
	draft = fixture_draft(fixture, "a", 1);
	draft.category = " ";
	assert_refused(fixture, &draft, STATUS_INVALID, "category");
	draft = fixture_draft(fixture, "a", 1);
	draft.canonical_url = "javascript:alert(1)";
	assert_refused(fixture, &draft, STATUS_INVALID, "http");
	draft = fixture_draft(fixture, "a", 1);
	draft.language = "not a language";
	assert_refused(fixture, &draft, STATUS_INVALID, "language");
	draft = fixture_draft(fixture, "a", 1);
	draft.status = ARTICLE_STATUS_SCHEDULED;
	draft.published_at = 0;
	assert_refused(fixture, &draft, STATUS_INVALID, "date");

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM article"), 0);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM tag"), 0);
}

static void
test_save_refuses_our_own_addresses(void **state)
{
	static const char *const ours[] = { "tags", "categories", "authors",
		"archive", "search", "subscribe", "unsubscribe", "feed", "rss",
		"media", "static", "healthz", "desk", "page", "articles" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(ours); i++) {
		struct article_draft draft = fixture_draft(fixture, ours[i], 1);

		draft.kind = ARTICLE_KIND_PAGE;
		assert_refused(
		    fixture, &draft, STATUS_INVALID, "answers itself");
		/* Below /articles there is room for it. */
		draft.kind = ARTICLE_KIND_ARTICLE;
		fixture_save(fixture, &draft);
	}
}

static void
test_save_refuses_a_taken_slug_or_address(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft same, next;

	fixture_article(fixture, "a", 1, NULL, NULL);
	same = fixture_draft(fixture, "a", 2);
	g_free(fixture->blog.permalink);
	fixture->blog.permalink = g_strdup("/{year}/{month}");
	fixture_article(fixture, "b", 1, NULL, NULL);
	next = fixture_draft(fixture, "c", 2);

	assert_refused(fixture, &same, STATUS_CONFLICT, "slug a already");
	assert_refused(
	    fixture, &next, STATUS_CONFLICT, "address /2026/05 already");
}

static void
test_save_refuses_a_stale_version(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);
	g_autofree char *title = NULL;

	draft.id = fixture_save(fixture, &draft);
	draft.version = 1;
	draft.title = "Mine";
	fixture_save(fixture, &draft);

	draft.title = "Yours";
	assert_refused(fixture, &draft, STATUS_CONFLICT, "version 2");

	title = fixture_text(fixture, "SELECT title FROM article");
	assert_string_equal(title, "Mine");
	draft.id = 99;
	assert_refused(fixture, &draft, STATUS_NOT_FOUND, "not there");
}

static void
test_save_refuses_an_author_that_is_not(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);
	int64_t nobody = 99;

	draft.author_ids = &nobody;

	assert_refused(fixture, &draft, STATUS_CONFLICT, "stored");
}

/* ---- what is kept ---- */

static void
test_save_keeps_the_body_byte_for_byte(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);
	g_autofree char *body = NULL;
	g_autofree char *kept = NULL;

	draft.body = "\r\n  e\xcc\x81 \t\r\n\r\n\x01 end  ";

	fixture_save(fixture, &draft);

	body = fixture_text(fixture, "SELECT body FROM article");
	kept = fixture_text(fixture, "SELECT body FROM revision");
	assert_string_equal(body, draft.body);
	assert_string_equal(kept, draft.body);
}

static void
test_save_composes_titles(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);
	g_autofree char *title = NULL;

	draft.title = "  Cafe\xcc\x81\r\n au  lait\x07 ";

	fixture_save(fixture, &draft);

	title = fixture_text(fixture, "SELECT title FROM article");
	assert_string_equal(title, "Caf\xc3\xa9 au lait");
}

static void
test_save_appends_a_revision_each_time(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);

	draft.saved_by = fixture->author_id;
	draft.id = fixture_save(fixture, &draft);
	for (int64_t version = 1; version < 4; version++) {
		draft.version = version;
		draft.body = version == 2 ? "Second." : "Other.";
		fixture_save(fixture, &draft);
	}

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM revision"), 4);
	assert_int_equal(
	    fixture_integer(
		fixture, "SELECT version FROM revision WHERE body = 'Second.'"),
	    3);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT version FROM article"), 4);
	assert_int_equal(
	    fixture_integer(
		fixture, "SELECT count(*) FROM revision WHERE author_id = 1"),
	    4);
}

static void
test_save_publishes_now_or_later(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "now", 0);
	struct article_draft later, unset;

	draft.published_at = 0;
	fixture_save(fixture, &draft);
	later = fixture_draft(fixture, "later", -1);
	fixture_save(fixture, &later);
	unset = fixture_draft(fixture, "unset", 0);
	unset.status = ARTICLE_STATUS_DRAFT;
	unset.published_at = 0;
	fixture_save(fixture, &unset);

	assert_int_equal(
	    fixture_integer(
		fixture, "SELECT published_at FROM article WHERE slug = 'now'"),
	    NOW);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT status = 'scheduled' FROM article"
				     " WHERE slug = 'later'"),
	    1);
	assert_int_equal(
	    fixture_integer(fixture,
		"SELECT published_at IS NULL AND year IS NULL FROM article"
		" WHERE slug = 'unset'"),
	    1);
	assert_int_equal(
	    fixture_count_found(fixture->database, "body", NOW), 1);
}

static void
test_save_keeps_the_date_of_publishing(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 30);

	draft.id = fixture_save(fixture, &draft);
	draft.version = 1;
	draft.published_at = 0;

	fixture_save(fixture, &draft);

	assert_int_equal(
	    fixture_integer(fixture, "SELECT published_at FROM article"),
	    NOW - 30 * DAY);
}

static void
test_save_keeps_the_place_of_an_import(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);
	struct article_record *record = NULL;

	draft.import_source = "markdown:a.md";
	draft.import_hash = "abc";
	draft.id = fixture_save(fixture, &draft);
	draft.version = 1;
	draft.import_source = NULL;
	draft.import_hash = NULL;
	fixture_save(fixture, &draft);

	assert_int_equal(
	    article_find_import(fixture->database, "markdown:a.md", &record),
	    STATUS_OK);

	assert_int_equal(record->version, 2);
	assert_string_equal(record->import_hash, "abc");
	article_record_free(record);
	assert_int_equal(
	    article_find_import(fixture->database, "markdown:b.md", &record),
	    STATUS_NOT_FOUND);
}

/* ---- tags and authors ---- */

static void
test_save_sets_tags_in_order_without_doubles(void **state)
{
	static const char SQL[] =
	    "SELECT group_concat(name) FROM (SELECT t.name"
	    " FROM article_tag j JOIN tag t ON t.id = j.tag_id"
	    " ORDER BY j.position)";
	struct fixture *fixture = *state;
	const char *first[] = { "Web dev", "SQLite", "web-dev", NULL };
	const char *second[] = { "SQLite", "Web dev", NULL };
	struct article_draft draft = fixture_draft(fixture, "a", 1);
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;

	draft.tags = first;
	draft.id = fixture_save(fixture, &draft);

	before = fixture_text(fixture, SQL);
	draft.version = 1;
	draft.tags = second;
	fixture_save(fixture, &draft);
	after = fixture_text(fixture, SQL);

	assert_string_equal(before, "Web dev,SQLite");
	assert_string_equal(after, "SQLite,Web dev");
	fixture_assert_counts(fixture);
}

static void
test_save_sets_several_authors(void **state)
{
	struct fixture *fixture = *state;
	int64_t ids[2] = { 0, fixture->author_id };
	struct article *article = NULL;
	struct article_draft draft;

	assert_int_equal(
	    author_ensure(fixture->database, "Charles Babbage", NOW, &ids[0]),
	    STATUS_OK);
	draft = fixture_draft(fixture, "a", 1);
	draft.author_ids = ids;
	draft.author_count = 2;
	fixture_save(fixture, &draft);

	assert_int_equal(article_find_public(
			     fixture->database, "/articles/a", NOW, &article),
	    STATUS_OK);

	assert_int_equal(article->authors->len, 2);
	assert_string_equal(
	    g_array_index(article->authors, struct article_author, 0).name,
	    "Charles Babbage");
	assert_string_equal(article->summary.author.slug, "charles-babbage");
	article_free(article);
	fixture_assert_counts(fixture);
}

/* ---- addresses ---- */

static void
test_make_path(void **state)
{
	static const struct {
		const char *pattern;
		const char *path;
	} cases[] = {
		{ "/articles/{slug}", "/articles/a" },
		{ "/{slug}", "/a" },
		{ "/{year}/{month}/{day}/{slug}", "/2026/05/28/a" },
		{ "/{category}/{id}-{slug}", "/c/7-a" },
		{ "/{other}/{slug}", "/{other}/a" },
		{ "/x{slug", "/x{slug" },
	};
	struct fixture *fixture = *state;
	g_autofree char *page = NULL;
	g_autofree char *bare = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = NULL;

		g_free(fixture->blog.permalink);
		fixture->blog.permalink = g_strdup(cases[i].pattern);
		path = article_make_path(
		    &fixture->blog, ARTICLE_KIND_ARTICLE, 7, "a", NOW, "c");
		assert_string_equal(path, cases[i].path);
	}
	page = article_make_path(
	    &fixture->blog, ARTICLE_KIND_PAGE, 7, "about", NOW, "c");
	assert_string_equal(page, "/about");
	g_free(fixture->blog.permalink);
	fixture->blog.permalink = g_strdup("/{category}/{slug}");
	bare = article_make_path(
	    &fixture->blog, ARTICLE_KIND_ARTICLE, 7, "a", NOW, NULL);
	assert_string_equal(bare, "/uncategorized/a");
}

static void
test_save_with_the_id_in_the_address(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *path = NULL;
	g_autofree char *expected = NULL;
	int64_t id;

	g_free(fixture->blog.permalink);
	fixture->blog.permalink = g_strdup("/{id}");

	id = fixture_article(fixture, "a", 1, NULL, NULL);

	path = fixture_text(fixture, "SELECT path FROM article");
	expected = g_strdup_printf("/%d", (int)id);
	assert_string_equal(path, expected);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM redirect"), 0);
}

/* Its address is known only once its row is written. */
static void
test_plan_path_says_where_an_article_will_stand(void **state)
{
	static const char *const categories[] = { "C", "C++", "\U0001f980",
		NULL };
	struct fixture *fixture = *state;
	char *paths[4];
	struct article_draft drafts[4];
	int64_t id;

	g_free(fixture->blog.permalink);
	fixture->blog.permalink = g_strdup("/{year}/{category}/{id}/{slug}");
	fixture_article(fixture, "before", 1, "C#", "");
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(article_next_id(fixture->database, &id), STATUS_OK);
	for (size_t i = 0; i < 4; i++) {
		drafts[i] = fixture_draft(fixture, "a", 1);
		drafts[i].slug = i % 2 == 0 ? "even" : "odd";
		drafts[i].category = categories[i];
		drafts[i].new_id = id + (int64_t)i;
		/* A draft has no date: it stands where it is made. */
		drafts[i].status = ARTICLE_STATUS_DRAFT;
		drafts[i].published_at = 0;
		assert_int_equal(
		    article_plan_path(fixture->database, &fixture->blog,
			&drafts[i], NOW, &paths[i], NULL),
		    STATUS_OK);
	}
	assert_int_equal(database_commit(fixture->database), STATUS_OK);

	for (size_t i = 4; i > 2; i--) {
		g_autofree char *sql = g_strdup_printf(
		    "SELECT path = '%s' FROM article WHERE id = %d",
		    paths[i - 1], (int)(id + (int64_t)i - 1));

		assert_int_equal(
		    fixture_save(fixture, &drafts[i - 1]), id + (int64_t)i - 1);
		assert_int_equal(fixture_integer(fixture, sql), 1);
	}
	assert_true(g_str_has_suffix(paths[0], "/c-2/2/even"));
	assert_true(g_str_has_suffix(paths[1], "/c-3/3/odd"));
	for (size_t i = 0; i < 4; i++)
		g_free(paths[i]);
}

static void
test_save_refused_with_the_id_in_the_address_leaves_nothing(void **state)
{
	static const char *const tags[] = { "new", NULL };
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "a", 1, NULL, NULL);
	g_autofree char *next = g_strdup_printf("%d", (int)id + 2);
	struct article_draft page = fixture_draft(fixture, next, 1);
	struct article_draft draft;

	page.kind = ARTICLE_KIND_PAGE;
	fixture_save(fixture, &page);
	g_free(fixture->blog.permalink);
	fixture->blog.permalink = g_strdup("/{id}");
	draft = fixture_draft(fixture, "b", 1);
	draft.category = "New";
	draft.tags = tags;

	assert_refused(fixture, &draft, STATUS_CONFLICT, "address");

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM article"), 2);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM tag"), 0);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM category"), 0);
	fixture_assert_counts(fixture);
}

static void
test_save_leaves_redirects_in_one_hop(void **state)
{
	static const char *const slugs[] = { "b", "c", "a", "d" };
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);

	draft.id = fixture_save(fixture, &draft);
	for (size_t i = 0; i < G_N_ELEMENTS(slugs); i++) {
		draft.version = (int64_t)i + 1;
		draft.slug = slugs[i];
		fixture_save(fixture, &draft);
	}

	assert_leads_to(fixture, "/articles/a", "/articles/d");
	assert_leads_to(fixture, "/articles/b", "/articles/d");
	assert_leads_to(fixture, "/articles/c", "/articles/d");
	assert_leads_to(fixture, "/articles/d", "nothing");
}

static void
test_save_takes_an_address_from_a_redirect(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);

	draft.id = fixture_save(fixture, &draft);
	draft.version = 1;
	draft.slug = "b";
	fixture_save(fixture, &draft);
	assert_leads_to(fixture, "/articles/a", "/articles/b");

	fixture_article(fixture, "a", 1, NULL, NULL);

	assert_leads_to(fixture, "/articles/a", "nothing");
}

static void
test_address_is_a_redirect_until_the_article_is_public(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft old = fixture_draft(fixture, "a", 1);
	struct article_draft draft = fixture_draft(fixture, "a", 1);
	int64_t count, next_at;

	old.id = fixture_save(fixture, &old);
	old.version = 1;
	old.slug = "b";
	fixture_save(fixture, &old);
	draft.status = ARTICLE_STATUS_DRAFT;
	draft.id = fixture_save(fixture, &draft);
	assert_leads_to(fixture, "/articles/a", "/articles/b");

	draft.version = 1;
	draft.slug = "c";
	fixture_save(fixture, &draft);
	assert_leads_to(fixture, "/articles/a", "/articles/b");

	draft.version = 2;
	draft.slug = "a";
	draft.status = ARTICLE_STATUS_SCHEDULED;
	draft.published_at = NOW + 1;
	fixture_save(fixture, &draft);
	assert_leads_to(fixture, "/articles/a", "/articles/b");

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(
	    article_publish_due(fixture->database, NOW + 1, &count, &next_at),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
	assert_int_equal(count, 1);
	assert_leads_to(fixture, "/articles/a", "nothing");
}

/* ---- the search index and the generation ---- */

static void
test_save_refreshes_the_search_index(void **state)
{
	struct fixture *fixture = *state;
	const char *tags[] = { "Tagged", NULL };
	struct article_draft draft = fixture_draft(fixture, "a", 1);

	draft.text = "one two";
	draft.id = fixture_save(fixture, &draft);
	assert_int_equal(fixture_count_found(fixture->database, "one", NOW), 1);

	draft.version = 1;
	draft.text = "three";
	draft.tags = tags;
	fixture_save(fixture, &draft);
	assert_int_equal(fixture_count_found(fixture->database, "one", NOW), 0);
	assert_int_equal(
	    fixture_count_found(fixture->database, "three", NOW), 1);
	assert_int_equal(
	    fixture_count_found(fixture->database, "tagged", NOW), 1);

	draft.version = 2;
	draft.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &draft);
	assert_int_equal(
	    fixture_count_found(fixture->database, "three", NOW), 0);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM article_search"), 0);

	draft.version = 3;
	draft.status = ARTICLE_STATUS_PUBLISHED;
	fixture_save(fixture, &draft);
	assert_int_equal(
	    fixture_count_found(fixture->database, "three", NOW), 1);
}

static void
test_what_is_not_public_is_not_found_whoever_hid_it(void **state)
{
	struct fixture *fixture = *state;

	fixture_article(fixture, "a", 1, NULL, NULL);
	fixture_article(fixture, "b", 1, NULL, NULL);
	fixture_article(fixture, "c", 1, NULL, NULL);
	fixture_article(fixture, "d", 1, NULL, NULL);
	assert_int_equal(
	    fixture_count_found(fixture->database, "body", NOW), 4);

	/* Without the models. */
	fixture_run(fixture, "UPDATE article SET trashed_at = 1 WHERE id = 1");
	fixture_run(
	    fixture, "UPDATE article SET status = 'draft' WHERE id = 2");
	fixture_run(fixture, "DELETE FROM article WHERE id = 3");

	assert_int_equal(
	    fixture_count_found(fixture->database, "body", NOW), 1);
}

static void
test_generation_goes_up_with_what_readers_see(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft;
	int64_t before, draft_saved, published, changed_at;

	assert_int_equal(
	    setting_generation(fixture->database, &before, &changed_at),
	    STATUS_OK);

	draft = fixture_draft(fixture, "a", 1);
	draft.status = ARTICLE_STATUS_DRAFT;
	draft.id = fixture_save(fixture, &draft);
	assert_int_equal(
	    setting_generation(fixture->database, &draft_saved, &changed_at),
	    STATUS_OK);
	draft.status = ARTICLE_STATUS_PUBLISHED;
	draft.version = 1;
	fixture_save(fixture, &draft);
	assert_int_equal(
	    setting_generation(fixture->database, &published, &changed_at),
	    STATUS_OK);

	assert_int_equal(draft_saved, before);
	assert_true(published > before);
	assert_true(changed_at > 0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_save_refuses_what_is_wrong),
		TEST(test_save_refuses_our_own_addresses),
		TEST(test_save_refuses_a_taken_slug_or_address),
		TEST(test_save_refuses_a_stale_version),
		TEST(test_save_refuses_an_author_that_is_not),
		TEST(test_save_keeps_the_body_byte_for_byte),
		TEST(test_save_composes_titles),
		TEST(test_save_appends_a_revision_each_time),
		TEST(test_save_publishes_now_or_later),
		TEST(test_save_keeps_the_date_of_publishing),
		TEST(test_save_keeps_the_place_of_an_import),
		TEST(test_save_sets_tags_in_order_without_doubles),
		TEST(test_save_sets_several_authors),
		TEST(test_make_path),
		TEST(test_save_with_the_id_in_the_address),
		TEST(test_plan_path_says_where_an_article_will_stand),
		TEST(
		    test_save_refused_with_the_id_in_the_address_leaves_nothing),
		TEST(test_save_leaves_redirects_in_one_hop),
		TEST(test_save_takes_an_address_from_a_redirect),
		TEST(test_address_is_a_redirect_until_the_article_is_public),
		TEST(test_save_refreshes_the_search_index),
		TEST(test_what_is_not_public_is_not_found_whoever_hid_it),
		TEST(test_generation_goes_up_with_what_readers_see),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
