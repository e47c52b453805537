/*
 * test_article_list.c - listings hold the right articles in the right order on
 * each page, and counts agree with them.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/author.h"
#include "model/category.h"
#include "model/tag.h"

static const struct article_filter all = { .scope = ARTICLE_SCOPE_ALL };

static struct article_list
list(struct fixture *fixture, const struct article_filter *filter, int64_t page,
    int64_t per_page)
{
	struct article_list found = { 0 };

	assert_int_equal(article_list_public(fixture->database, filter, page,
			     per_page, NOW, &found),
	    STATUS_OK);
	return found;
}

static enum status
try_list(struct fixture *fixture, int64_t page)
{
	struct article_list found = { 0 };
	enum status status =
	    article_list_public(fixture->database, &all, page, 2, NOW, &found);

	article_list_release(&found);
	return status;
}

static void
test_list_public_empty_blog(void **state)
{
	struct fixture *fixture = *state;
	struct article_list found;

	found = list(fixture, &all, 1, 10);

	assert_int_equal(found.articles->len, 0);
	assert_int_equal(found.total_count, 0);
	assert_int_equal(found.page, 1);
	assert_int_equal(found.page_count, 1);
	assert_int_equal(try_list(fixture, 2), STATUS_NOT_FOUND);
	article_list_release(&found);
}

static void
test_list_public_pages_that_are_not(void **state)
{
	struct fixture *fixture = *state;

	fixture_article(fixture, "a", 1, NULL, NULL);
	fixture_article(fixture, "b", 2, NULL, NULL);
	fixture_article(fixture, "c", 3, NULL, NULL);

	assert_int_equal(try_list(fixture, 2), STATUS_OK);
	assert_int_equal(try_list(fixture, 3), STATUS_NOT_FOUND);
	assert_int_equal(try_list(fixture, 0), STATUS_NOT_FOUND);
	assert_int_equal(try_list(fixture, -1), STATUS_NOT_FOUND);
	assert_int_equal(try_list(fixture, INT64_MAX), STATUS_NOT_FOUND);
	assert_int_equal(try_list(fixture, INT64_MIN), STATUS_NOT_FOUND);
}

static void
test_list_public_cards(void **state)
{
	struct fixture *fixture = *state;
	struct article_list found;
	const struct article_summary *new, *old;

	fixture_article(fixture, "old", 9, "One", "x,y");
	fixture_article(fixture, "new", 2, NULL, NULL);

	found = list(fixture, &all, 1, 10);

	assert_int_equal(found.total_count, 2);
	assert_int_equal(found.articles->len, 2);
	new = found.articles->pdata[0];
	old = found.articles->pdata[1];
	assert_string_equal(new->path, "/articles/new");
	assert_int_equal(new->tags->len, 0);
	assert_string_equal(old->path, "/articles/old");
	assert_string_equal(old->category.name, "One");
	assert_string_equal(old->author.name, "Ada Lovelace");
	assert_string_equal(
	    g_array_index(old->tags, struct article_term, 1).slug, "y");
	article_list_release(&found);
}

/* ---- those that are pinned ---- */

static void
pin(struct fixture *fixture, const char *slug, int64_t days, int64_t pinned_at)
{
	struct article_draft draft = fixture_draft(fixture, slug, days);

	draft.pinned_at = pinned_at;
	fixture_save(fixture, &draft);
}

/* "*b a" where b is pinned: the titles of a page. The caller frees it. */
static char *
titles(struct fixture *fixture, const struct article_filter *filter,
    int64_t page, int64_t per_page)
{
	struct article_list found = list(fixture, filter, page, per_page);
	GString *words = g_string_new(NULL);

	for (guint i = 0; i < found.articles->len; i++) {
		const struct article_summary *card = found.articles->pdata[i];

		g_string_append_printf(words, "%s%s%s", i > 0 ? " " : "",
		    card->is_pinned ? "*" : "", card->title);
	}
	article_list_release(&found);
	return g_string_free(words, FALSE);
}

static void
assert_titles(struct fixture *fixture, const struct article_filter *filter,
    int64_t page, const char *expected)
{
	g_autofree char *words = titles(fixture, filter, page, 2);

	assert_string_equal(words, expected);
}

static void
test_list_public_pinned_first(void **state)
{
	struct fixture *fixture = *state;
	const struct article_filter ada = { ARTICLE_SCOPE_AUTHOR,
		fixture->author_id };
	struct article_list found;

	fixture_article(fixture, "a", 1, NULL, NULL);
	pin(fixture, "b", 2, NOW - 5);
	fixture_article(fixture, "c", 3, NULL, NULL);
	pin(fixture, "d", 4, NOW - 9);
	pin(fixture, "e", -4, NOW);

	/* Once on a page, besides what stands there anyway. */
	assert_titles(fixture, &all, 1, "*b *d a");
	assert_titles(fixture, &all, 2, "c d");
	assert_titles(fixture, &ada, 1, "a b");
	found = list(fixture, &all, 1, 2);
	assert_int_equal(found.total_count, 4);
	assert_int_equal(found.page_count, 2);
	article_list_release(&found);
}

static void
test_list_public_ten_pinned_at_most(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *words = NULL;

	for (int i = 0; i < ARTICLE_PINNED_MOST + 2; i++) {
		g_autofree char *slug = g_strdup_printf("p%d", i);

		pin(fixture, slug, 100 - i, NOW - 50 + i);
	}

	words = titles(fixture, &all, 1, 1);

	assert_string_equal(words, "*p11 *p10 *p9 *p8 *p7 *p6 *p5 *p4 *p3 *p2");
}

static void
test_list_public_pinned_no_more(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "b", 2);

	fixture_article(fixture, "a", 1, NULL, NULL);
	pin(fixture, "b", 2, NOW - 5);
	draft.id = 2;
	draft.version = 1;

	fixture_save(fixture, &draft);

	assert_titles(fixture, &all, 1, "a b");
}

static void
test_list_public_all_who_wrote_it(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "both", 1);
	int64_t ids[2] = { 0, fixture->author_id };
	struct article_list found;
	const struct article_summary *card;

	assert_int_equal(
	    author_ensure(fixture->database, "Grace Hopper", NOW, &ids[0]),
	    STATUS_OK);
	draft.author_ids = ids;
	draft.author_count = 2;
	fixture_save(fixture, &draft);

	found = list(fixture, &all, 1, 10);

	card = found.articles->pdata[0];
	assert_string_equal(card->author.name, "Grace Hopper");
	assert_int_equal(card->co_authors->len, 1);
	assert_string_equal(
	    g_array_index(card->co_authors, struct article_term, 0).slug,
	    "ada-lovelace");
	article_list_release(&found);
}

/* The numbers that make_many() gives to articles, newest first, one after
 * another over all pages. */
static void
assert_pages(struct fixture *fixture, const struct article_filter *filter,
    int64_t per_page, const GArray *expected)
{
	guint position = 0;
	int64_t page_count = 1;

	for (int64_t page = 1; page <= page_count; page++) {
		struct article_list found =
		    list(fixture, filter, page, per_page);

		page_count = found.page_count;
		assert_int_equal(found.total_count, expected->len);
		for (guint i = 0; i < found.articles->len; i++) {
			const struct article_summary *card =
			    found.articles->pdata[i];

			assert_true(position < expected->len);
			assert_int_equal(card->id,
			    g_array_index(expected, int64_t, position));
			position++;
		}
		article_list_release(&found);
	}
	assert_int_equal(position, expected->len);
}

enum {
	MANY = 400
};

/* Uneven stretches of time, several at one second, one very old. */
static int64_t
date_of(int64_t number)
{
	if (number == 0)
		return -5000000000;
	return NOW - (MANY - number) * (MANY - number) / 7 * 40000;
}

static void
make_many(struct fixture *fixture)
{
	const char *tags[] = { "all", NULL, NULL };

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	for (int64_t i = 0; i < MANY; i++) {
		g_autofree char *slug = g_strdup_printf("a-%d", (int)i);
		struct article_draft draft = fixture_draft(fixture, slug, 0);

		draft.published_at = date_of(i);
		draft.category = i % 3 != 0 ? "Some" : NULL;
		tags[1] = i % 5 == 0 ? "Fifth" : NULL;
		draft.tags = tags;
		assert_int_equal(article_save(fixture->database, &fixture->blog,
				     &draft, NOW, NULL, NULL, NULL),
		    STATUS_OK);
	}
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

static const char SQL_ALL[] = "SELECT id FROM article"
			      " WHERE listed_at <= :now"
			      " ORDER BY +listed_at DESC, id DESC";
static const char SQL_TAGGED[] =
    "SELECT a.id FROM article a, article_tag t"
    " WHERE t.article_id = a.id AND t.tag_id = :key"
    " AND a.listed_at <= :now ORDER BY +a.listed_at DESC, a.id DESC";
static const char SQL_FILED[] = "SELECT id FROM article"
				" WHERE +category_id = :key"
				" AND listed_at <= :now"
				" ORDER BY +listed_at DESC, id DESC";
static const char SQL_WRITTEN[] =
    "SELECT a.id FROM article a, article_author t"
    " WHERE t.article_id = a.id AND t.author_id = :key"
    " AND a.listed_at <= :now ORDER BY +a.listed_at DESC, a.id DESC";
static const char SQL_OF_YEAR[] = "SELECT id FROM article"
				  " WHERE +year = :key AND listed_at <= :now"
				  " ORDER BY +listed_at DESC, id DESC";

/* What listing by `filter` must give, found the long way. */
static GArray *
expect(struct fixture *fixture, const char *sql,
    const struct article_filter *filter)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct statement *statement =
	    database_statement(fixture->database, sql);

	statement_bind_integer(statement, ":now", NOW);
	if (filter->scope != ARTICLE_SCOPE_ALL)
		statement_bind_integer(statement, ":key", filter->key);
	while (statement_step(statement) == STATUS_OK) {
		int64_t id = statement_integer(statement, 0);

		g_array_append_val(ids, id);
	}
	return ids;
}

static void
assert_all_listings(struct fixture *fixture)
{
	const struct {
		const char *sql;
		struct article_filter filter;
	} listings[] = {
		{ SQL_ALL, all },
		{ SQL_TAGGED, { ARTICLE_SCOPE_TAG, 1 } },
		{ SQL_TAGGED, { ARTICLE_SCOPE_TAG, 2 } },
		{ SQL_FILED, { ARTICLE_SCOPE_CATEGORY, 1 } },
		{ SQL_WRITTEN, { ARTICLE_SCOPE_AUTHOR, 1 } },
		{ SQL_OF_YEAR, { ARTICLE_SCOPE_YEAR, 2026 } },
		{ SQL_OF_YEAR, { ARTICLE_SCOPE_YEAR, 2025 } },
		{ SQL_OF_YEAR, { ARTICLE_SCOPE_YEAR, 1811 } },
		{ SQL_OF_YEAR, { ARTICLE_SCOPE_YEAR, 1700 } },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(listings); i++) {
		g_autoptr(GArray) ids =
		    expect(fixture, listings[i].sql, &listings[i].filter);

		assert_pages(fixture, &listings[i].filter, 7, ids);
		assert_pages(fixture, &listings[i].filter, 100, ids);
	}
}

static void
test_list_public_every_page_of_every_listing(void **state)
{
	struct fixture *fixture = *state;

	make_many(fixture);

	fixture_assert_counts(fixture);
	assert_int_equal(
	    fixture_integer(fixture,
		"SELECT count(*) FROM article WHERE listed_at IS NOT NULL"),
	    MANY);
	assert_all_listings(fixture);
}

static void
test_list_public_without_what_is_in_the_future(void **state)
{
	struct fixture *fixture = *state;
	int64_t count;

	make_many(fixture);
	/* As only a clock that was set back can leave it. */
	fixture_run(fixture, "UPDATE article SET published_at = 1790000000 + id"
			     " WHERE id % 4 = 0");

	fixture_assert_counts(fixture);
	assert_all_listings(fixture);
	assert_int_equal(
	    article_count_public(fixture->database, &all, NOW, &count),
	    STATUS_OK);
	assert_int_equal(count, MANY - MANY / 4);
}

static void
test_counts_follow_every_change(void **state)
{
	static const char *const changes[] = {
		"UPDATE article SET trashed_at = 5 WHERE id % 3 = 0",
		"UPDATE article SET trashed_at = NULL WHERE id % 6 = 0",
		"UPDATE article SET status = 'draft' WHERE id % 5 = 0",
		"UPDATE article SET kind = 'page' WHERE id % 7 = 0",
		"UPDATE article SET published_at = published_at + 40000000,"
		" year = year + 1 WHERE id % 11 = 0",
		"UPDATE article SET category_id = NULL WHERE id % 13 = 0",
		"UPDATE article SET category_id = 1 WHERE id % 17 = 0",
		"DELETE FROM article WHERE id % 19 = 0",
		"DELETE FROM tag WHERE slug = 'fifth'",
		"DELETE FROM article_author WHERE article_id % 23 = 0",
		"UPDATE article SET status = 'published', trashed_at = NULL,"
		" kind = 'article'",
		"DELETE FROM category",
		"DELETE FROM author",
		"DELETE FROM article",
	};
	struct fixture *fixture = *state;

	make_many(fixture);

	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		fixture_run(fixture, changes[i]);
		fixture_assert_counts(fixture);
	}

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM listing_bucket"), 0);
}

static void
test_list_newest(void **state)
{
	const struct article_filter tag = { ARTICLE_SCOPE_TAG, 1 };
	struct fixture *fixture = *state;
	GPtrArray *newest = NULL, *tagged = NULL;
	const struct article *first;

	fixture_article(fixture, "a", 3, NULL, "x");
	fixture_article(fixture, "b", 2, NULL, "x");
	fixture_article(fixture, "c", 1, NULL, NULL);

	assert_int_equal(
	    article_list_newest(fixture->database, &all, 2, NOW, &newest),
	    STATUS_OK);
	assert_int_equal(
	    article_list_newest(fixture->database, &tag, 20, NOW, &tagged),
	    STATUS_OK);

	assert_int_equal(newest->len, 2);
	assert_int_equal(tagged->len, 2);
	first = newest->pdata[0];
	assert_string_equal(first->slug, "c");
	assert_string_equal(first->body_html, "<p>The <em>body</em>.</p>\n");
	first = tagged->pdata[0];
	assert_string_equal(first->slug, "b");
	assert_int_equal(first->authors->len, 1);
	g_ptr_array_unref(newest);
	g_ptr_array_unref(tagged);
}

static bool
collect(const char *path, int64_t updated_at, void *data)
{
	GString *paths = data;

	assert_true(updated_at > 0);
	g_string_append_printf(paths, "%s ", path);
	return paths->len < 40;
}

static void
test_each_public(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GString) paths = g_string_new(NULL);
	struct article_draft page, draft;

	fixture_article(fixture, "a", 3, NULL, NULL);
	page = fixture_draft(fixture, "about", 2);
	page.kind = ARTICLE_KIND_PAGE;
	fixture_save(fixture, &page);
	draft = fixture_draft(fixture, "draft", 1);
	draft.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &draft);

	assert_int_equal(
	    article_each_public(fixture->database, NOW, collect, paths),
	    STATUS_OK);

	assert_string_equal(paths->str, "/about /articles/a ");
}

static void
test_each_public_ends_early(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GString) paths = g_string_new(NULL);

	make_many(fixture);

	assert_int_equal(
	    article_each_public(fixture->database, NOW, collect, paths),
	    STATUS_OK);

	assert_string_equal(
	    paths->str, "/articles/a-399 /articles/a-398 /articles/a-397 ");
}

static void
test_list_pages_by_title(void **state)
{
	static const char *const titles[] = { "zoo", "About", "me" };
	struct fixture *fixture = *state;
	GPtrArray *pages = NULL;
	const struct article_summary *first;

	for (size_t i = 0; i < 3; i++) {
		g_autofree char *slug = g_ascii_strdown(titles[i], -1);
		struct article_draft page = fixture_draft(fixture, slug, 2);

		page.kind = ARTICLE_KIND_PAGE;
		page.title = titles[i];
		if (i == 2)
			page.status = ARTICLE_STATUS_DRAFT;
		fixture_save(fixture, &page);
	}
	fixture_article(fixture, "a", 3, NULL, NULL);

	assert_int_equal(
	    article_list_pages(fixture->database, NOW, &pages), STATUS_OK);

	assert_int_equal(pages->len, 2);
	first = pages->pdata[0];
	assert_string_equal(first->title, "About");
	assert_string_equal(first->path, "/about");
	g_ptr_array_unref(pages);
}

static void
test_list_years_in_the_zone_of_the_blog(void **state)
{
	struct fixture *fixture = *state;
	GArray *years = NULL;
	struct article_draft draft;

	fixture_run(fixture, "INSERT INTO setting (key, value)"
			     " VALUES ('time_zone', 'Pacific/Auckland')");
	setting_release(&fixture->blog);
	assert_int_equal(
	    setting_load(fixture->database, &fixture->blog), STATUS_OK);
	draft = fixture_draft(fixture, "a", 0);
	/* 2024-12-31T18:00:00Z is 2025 in Auckland. */
	draft.published_at = 1735668000;
	fixture_save(fixture, &draft);
	fixture_article(fixture, "b", 1, NULL, NULL);

	assert_int_equal(
	    article_list_years(fixture->database, &years), STATUS_OK);

	assert_int_equal(years->len, 2);
	assert_int_equal(
	    g_array_index(years, struct archive_year, 0).year, 2026);
	assert_int_equal(
	    g_array_index(years, struct archive_year, 1).year, 2025);
	assert_int_equal(
	    g_array_index(years, struct archive_year, 1).article_count, 1);
	g_array_unref(years);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_list_public_empty_blog),
		TEST(test_list_public_pages_that_are_not),
		TEST(test_list_public_cards),
		TEST(test_list_public_pinned_first),
		TEST(test_list_public_ten_pinned_at_most),
		TEST(test_list_public_pinned_no_more),
		TEST(test_list_public_all_who_wrote_it),
		TEST(test_list_public_every_page_of_every_listing),
		TEST(test_list_public_without_what_is_in_the_future),
		TEST(test_counts_follow_every_change),
		TEST(test_list_newest),
		TEST(test_each_public),
		TEST(test_each_public_ends_early),
		TEST(test_list_pages_by_title),
		TEST(test_list_years_in_the_zone_of_the_blog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
