/*
 * test_article.c - one article as its page shows it: only what is public, with
 * its neighbours and what is related to it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"

static struct article *
find(struct fixture *fixture, const char *path)
{
	struct article *article = NULL;

	assert_int_equal(
	    article_find_public(fixture->database, path, NOW, &article),
	    STATUS_OK);
	return article;
}

static enum status
try_find(struct fixture *fixture, const char *path, int64_t now)
{
	struct article *article = NULL;
	enum status status =
	    article_find_public(fixture->database, path, now, &article);

	article_free(article);
	return status;
}

static void
test_find_public_gives_everything(void **state)
{
	struct fixture *fixture = *state;
	const char *tags[] = { "SQLite", "Speed", "C++", NULL };
	struct article_draft draft = fixture_draft(fixture, "a", 3);
	struct article *article;
	const struct article_summary *summary;
	int64_t id;

	draft.title = "  A   title ";
	draft.language = "de";
	draft.canonical_url = "https://example.com/first";
	draft.cover_path = "/media/a.png";
	draft.cover_alt = "A picture";
	draft.cover_width = 640;
	draft.cover_height = 480;
	draft.category = "System design";
	draft.tags = tags;
	draft.updated_at = NOW - DAY;
	draft.word_count = 300;
	draft.minutes = 2;
	id = fixture_save(fixture, &draft);

	article = find(fixture, "/articles/a");

	summary = &article->summary;
	assert_int_equal(summary->id, id);
	assert_string_equal(summary->path, "/articles/a");
	assert_string_equal(summary->title, "A title");
	assert_string_equal(summary->excerpt, "The body.");
	assert_string_equal(summary->language, "de");
	assert_int_equal(summary->published_at, NOW - 3 * DAY);
	assert_int_equal(summary->updated_at, NOW - DAY);
	assert_int_equal(summary->minutes, 2);
	assert_string_equal(summary->cover_path, "/media/a.png");
	assert_string_equal(summary->cover_alt, "A picture");
	assert_int_equal(summary->cover_width, 640);
	assert_int_equal(summary->cover_height, 480);
	assert_string_equal(summary->category.slug, "system-design");
	assert_string_equal(summary->category.name, "System design");
	assert_string_equal(summary->author.slug, "ada-lovelace");
	assert_string_equal(summary->author.name, "Ada Lovelace");
	assert_int_equal(summary->tags->len, 3);
	for (guint i = 0; i < 3; i++)
		assert_string_equal(
		    g_array_index(summary->tags, struct article_term, i).name,
		    tags[i]);
	assert_int_equal(article->summary.kind, ARTICLE_KIND_ARTICLE);
	assert_int_equal(article->status, ARTICLE_STATUS_PUBLISHED);
	assert_string_equal(article->slug, "a");
	assert_int_equal(article->version, 1);
	assert_int_equal(article->word_count, 300);
	assert_string_equal(
	    article->canonical_url, "https://example.com/first");
	assert_string_equal(article->contents_html, "");
	assert_string_equal(article->body_html, draft.body_html);
	assert_int_equal(article->authors->len, 1);
	assert_string_equal(
	    g_array_index(article->authors, struct article_author, 0).job_title,
	    "Analyst");
	article_free(article);
}

static void
test_find_public_without_category_and_authors(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 3);
	struct article *article;

	draft.author_count = 0;
	fixture_save(fixture, &draft);

	article = find(fixture, "/articles/a");

	assert_int_equal(article->summary.category.id, 0);
	assert_int_equal(article->summary.author.id, 0);
	assert_int_equal(article->summary.tags->len, 0);
	assert_int_equal(article->authors->len, 0);
	assert_null(article->summary.cover_path);
	article_free(article);
}

static void
test_find_public_hides_the_rest(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "draft", 3);
	struct article_draft scheduled;

	draft.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &draft);
	scheduled = fixture_draft(fixture, "soon", -1);
	scheduled.status = ARTICLE_STATUS_SCHEDULED;
	fixture_save(fixture, &scheduled);
	fixture_article(fixture, "trashed", 3, NULL, NULL);
	fixture_run(fixture,
	    "UPDATE article SET trashed_at = 1 WHERE slug = 'trashed'");
	fixture_article(fixture, "public", 3, NULL, NULL);

	assert_int_equal(
	    try_find(fixture, "/articles/draft", NOW), STATUS_NOT_FOUND);
	assert_int_equal(
	    try_find(fixture, "/articles/soon", NOW), STATUS_NOT_FOUND);
	assert_int_equal(
	    try_find(fixture, "/articles/trashed", NOW), STATUS_NOT_FOUND);
	assert_int_equal(
	    try_find(fixture, "/articles/none", NOW), STATUS_NOT_FOUND);
	/* Not yet, as seen from a week ago. */
	assert_int_equal(try_find(fixture, "/articles/public", NOW - 7 * DAY),
	    STATUS_NOT_FOUND);
	assert_int_equal(try_find(fixture, "/articles/public", NOW), STATUS_OK);
}

static void
test_find_public_standing_page(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "about", 3);
	struct article_summary *previous = NULL, *next = NULL;
	GPtrArray *related = NULL;
	struct article *page;

	draft.kind = ARTICLE_KIND_PAGE;
	fixture_save(fixture, &draft);

	page = find(fixture, "/about");

	assert_int_equal(page->summary.kind, ARTICLE_KIND_PAGE);
	assert_int_equal(article_find_neighbours(
			     fixture->database, page, NOW, &previous, &next),
	    STATUS_OK);
	assert_null(previous);
	assert_null(next);
	assert_int_equal(
	    article_list_related(fixture->database, page, 3, NOW, &related),
	    STATUS_OK);
	assert_int_equal(related->len, 0);
	g_ptr_array_unref(related);
	article_free(page);
}

/* ---- neighbours ---- */

/* Fail unless the neighbours of the article at `path` are these. */
static void
assert_neighbours(struct fixture *fixture, const char *path,
    const char *previous_path, const char *next_path)
{
	struct article *article = find(fixture, path);
	struct article_summary *previous, *next;

	assert_int_equal(article_find_neighbours(
			     fixture->database, article, NOW, &previous, &next),
	    STATUS_OK);
	assert_string_equal(
	    previous != NULL ? previous->path : "none", previous_path);
	assert_string_equal(next != NULL ? next->path : "none", next_path);
	article_summary_free(previous);
	article_summary_free(next);
	article_free(article);
}

static void
test_find_neighbours(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft page, draft;

	fixture_article(fixture, "c", 1, NULL, NULL);
	fixture_article(fixture, "a", 3, NULL, NULL);
	fixture_article(fixture, "b", 2, NULL, NULL);
	page = fixture_draft(fixture, "about", 2);
	page.kind = ARTICLE_KIND_PAGE;
	fixture_save(fixture, &page);
	draft = fixture_draft(fixture, "draft", 2);
	draft.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &draft);

	assert_neighbours(fixture, "/articles/a", "none", "/articles/b");
	assert_neighbours(fixture, "/articles/b", "/articles/a", "/articles/c");
	assert_neighbours(fixture, "/articles/c", "/articles/b", "none");
}

static void
test_find_neighbours_of_one_second(void **state)
{
	struct fixture *fixture = *state;

	fixture_article(fixture, "a", 1, NULL, NULL);
	fixture_article(fixture, "b", 1, NULL, NULL);
	fixture_article(fixture, "c", 1, NULL, NULL);

	assert_neighbours(fixture, "/articles/a", "none", "/articles/b");
	assert_neighbours(fixture, "/articles/b", "/articles/a", "/articles/c");
	assert_neighbours(fixture, "/articles/c", "/articles/b", "none");
}

static void
test_find_neighbours_not_in_the_future(void **state)
{
	struct fixture *fixture = *state;

	fixture_article(fixture, "a", 1, NULL, NULL);
	fixture_article(fixture, "b", 0, NULL, NULL);
	/* As only a clock that was set back can leave it. */
	fixture_run(fixture,
	    "UPDATE article SET published_at = published_at + 999999"
	    " WHERE slug = 'b'");

	assert_neighbours(fixture, "/articles/a", "none", "none");
}

/* ---- related ---- */

static char *
related_to(struct fixture *fixture, const char *path, int64_t count)
{
	struct article *article = find(fixture, path);
	GPtrArray *related = NULL;
	GString *titles = g_string_new(NULL);

	assert_int_equal(article_list_related(
			     fixture->database, article, count, NOW, &related),
	    STATUS_OK);
	for (guint i = 0; i < related->len; i++) {
		const struct article_summary *summary = related->pdata[i];

		g_string_append_printf(
		    titles, "%s%s", i > 0 ? " " : "", summary->title);
	}
	g_ptr_array_unref(related);
	article_free(article);
	return g_string_free(titles, FALSE);
}

static void
test_list_related_prefers_shared_tags_then_nearness(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *found = NULL;

	fixture_article(fixture, "this", 10, "One", "x,y,z");
	fixture_article(fixture, "three", 90, "Two", "x,y,z");
	fixture_article(fixture, "two", 50, "Two", "x,y");
	fixture_article(fixture, "near", 11, "Two", "x");
	fixture_article(fixture, "newer", 8, "Two", "z");
	fixture_article(fixture, "none", 10, "Two", "w");

	found = related_to(fixture, "/articles/this", 4);

	assert_string_equal(found, "three two near newer");
}

static void
test_list_related_fills_up_from_category_then_newest(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *found = NULL;
	g_autofree char *all = NULL;

	fixture_article(fixture, "this", 10, "One", "x");
	fixture_article(fixture, "tagged", 30, "One", "x");
	fixture_article(fixture, "same-category", 40, "One", NULL);
	fixture_article(fixture, "newest", 1, "Two", NULL);
	fixture_article(fixture, "new", 2, NULL, NULL);

	found = related_to(fixture, "/articles/this", 4);
	all = related_to(fixture, "/articles/this", 40);

	assert_string_equal(found, "tagged same-category newest new");
	assert_string_equal(all, found);
}

static void
test_list_related_shows_only_what_is_public(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *found = NULL;

	fixture_article(fixture, "this", 10, "One", "x");
	fixture_article(fixture, "future", 1, "One", "x");
	fixture_article(fixture, "trashed", 12, "One", "x");
	fixture_run(fixture,
	    "UPDATE article SET published_at = published_at + 999999"
	    " WHERE slug = 'future'");
	fixture_run(fixture,
	    "UPDATE article SET trashed_at = 1 WHERE slug = 'trashed'");

	found = related_to(fixture, "/articles/this", 3);

	assert_string_equal(found, "");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find_public_gives_everything),
		TEST(test_find_public_without_category_and_authors),
		TEST(test_find_public_hides_the_rest),
		TEST(test_find_public_standing_page),
		TEST(test_find_neighbours),
		TEST(test_find_neighbours_of_one_second),
		TEST(test_find_neighbours_not_in_the_future),
		TEST(test_list_related_prefers_shared_tags_then_nearness),
		TEST(test_list_related_fills_up_from_category_then_newest),
		TEST(test_list_related_shows_only_what_is_public),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
