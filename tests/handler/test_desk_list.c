/*
 * test_desk_list.c - the list of articles: what is looked for and chosen, and
 * whose articles are shown.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "desk_fixture.h"
#include "model/search.h"

static void
test_list_of_nothing(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, "/desk/articles");

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "Nothing has been written yet.");
}

static void
test_list_shows_what_is_looked_for(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "First of all", "x");
	desk_article(fixture, "Second & last", "x");

	desk_get(fixture, "/desk/articles");
	desk_assert_has(fixture, "First of all");
	desk_assert_has(fixture, "Second &amp; last");
	desk_get(fixture, "/desk/articles?q=second");
	desk_assert_has_not(fixture, "First of all");
	desk_assert_has(fixture, "Second &amp; last");
	desk_assert_has(fixture, "value=\"second\"");
	desk_get(fixture, "/desk/articles?list=published");
	desk_assert_has(fixture, "Nothing is published yet.");
	desk_get(fixture, "/desk/articles?list=nowhere");
	desk_assert_has(fixture, "First of all");
}

/* What stands where, of an article called "Thing", and what readers find. */
static void
assert_found(
    struct desk_fixture *fixture, const char *list, int64_t reader_count)
{
	static const char *const names[] = { "drafts", "scheduled", "published",
		"trash" };
	struct search_result result;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *target = g_strdup_printf(
		    "/desk/articles?list=%s&q=quaggas", names[i]);

		desk_get(fixture, target);
		if (strcmp(names[i], list) == 0)
			desk_assert_has(fixture, ">Thing<");
		else
			desk_assert_has_not(fixture, ">Thing<");
	}
	assert_int_equal(search_articles(fixture->site->database, "quaggas", 1,
			     10, fixture->now, &result),
	    STATUS_OK);
	assert_int_equal(result.total_count, reader_count);
	search_result_release(&result);
}

/* Readers find it while they can read it, and the desk always. */
static void
test_list_finds_words_of_a_text_wherever_it_is(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = desk_article(fixture, "Thing", "Of *quaggas* alone.");
	g_autofree char *publication = desk_article_path(id, "/publication");
	g_autofree char *trash = desk_article_path(id, "/trash");
	g_autofree char *untrash = desk_article_path(id, "/restore");

	desk_article(fixture, "Other", "Of others.");

	assert_found(fixture, "drafts", 0);
	desk_get(fixture, "/desk/articles?q=quaggas");
	desk_assert_has(fixture, "1 article<");
	desk_post(
	    fixture, publication, "version", "1", "action", "publish", NULL);
	assert_found(fixture, "published", 1);
	desk_post(
	    fixture, publication, "version", "2", "action", "unpublish", NULL);
	assert_found(fixture, "drafts", 0);
	desk_post(fixture, trash, NULL);
	assert_found(fixture, "trash", 0);
	desk_get(fixture, "/desk/articles?q=quaggas");
	desk_assert_has(fixture, "0 articles");
	desk_post(fixture, untrash, NULL);
	assert_found(fixture, "drafts", 0);
	desk_post(fixture, trash, NULL);
	desk_run(fixture, "UPDATE article SET trashed_at = 1"
			  " WHERE trashed_at IS NOT NULL");
	desk_post(fixture, "/desk/articles/2/trash", NULL);
	assert_found(fixture, "nowhere", 0);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM draft_search"), 1);
}

static void
test_list_is_chosen_by_author_category_and_tag(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "Plain", "x");
	desk_get(fixture, "/desk/articles");
	desk_assert_has_not(fixture, "class=\"filters\"");
	desk_post(fixture, "/desk/articles", "title", "Filed", "body", "x",
	    "category", "Tea & Co", "tags", "Web dev", NULL);
	desk_post(fixture, "/desk/articles", "title", "Tagged", "body", "x",
	    "tags", "Web dev", NULL);

	/* There is one author: nothing to choose. */
	desk_get(fixture, "/desk/articles?list=drafts&category=tea-co");
	desk_assert_has_not(fixture, "name=\"author\"");
	desk_assert_has(fixture, "value=\"tea-co\" selected>Tea &amp; Co<");
	desk_assert_has(fixture, "1 article<");
	desk_assert_has(fixture, ">Filed<");
	desk_assert_has_not(fixture, ">Tagged<");
	desk_assert_has(fixture,
	    "href=\"/desk/articles?list=published&amp;category=tea-co\"");
	/* How much each list has is what it has. */
	desk_assert_has(fixture, "Drafts <span>3</span>");
	desk_get(fixture, "/desk/articles?tag=web+DEV&q=tag");
	desk_assert_has(fixture, "value=\"web DEV\"");
	desk_assert_has(fixture, ">Tagged<");
	desk_assert_has_not(fixture, ">Filed<");
	desk_get(fixture, "/desk/articles?tag=none");
	desk_assert_has(fixture, "0 articles");
	desk_assert_has(fixture, "Nothing was found.");
}

static void
test_list_is_chosen_by_author_for_who_sees_all(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "Of Ada", "x");
	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_article(fixture, "Of Grace", "x");

	/* An author has their own list, and no way to another's. */
	desk_get(fixture, "/desk/articles?author=ada-lovelace");
	desk_assert_has(fixture, "Of Grace");
	desk_assert_has_not(fixture, "Of Ada");
	desk_assert_has_not(fixture, "name=\"author\"");
	desk_become(fixture, AUTHOR_ROLE_EDITOR);
	desk_get(fixture, "/desk/articles?author=ada-lovelace");
	desk_assert_has(fixture, "Of Ada");
	desk_assert_has_not(fixture, ">Of Grace<");
	desk_assert_has(fixture, "value=\"ada-lovelace\" selected>");
	desk_assert_has(fixture, "All <span>2</span>");
}

/* What is chosen is kept from page to page. */
static void
test_list_pages_of_what_is_chosen(void **state)
{
	struct desk_fixture *fixture = *state;

	for (int i = 0; i < 51; i++)
		desk_post(fixture, "/desk/articles", "title", "A", "body", "x",
		    "tags", "one", NULL);
	desk_article(fixture, "B", "x");

	desk_get(fixture, "/desk/articles?tag=one&list=drafts&q=A");
	desk_assert_has(fixture, "51 articles");
	desk_assert_has(fixture, "Page 1 of 2");
	desk_assert_has(fixture,
	    "href=\"/desk/"
	    "articles?list=drafts&amp;tag=one&amp;q=A&amp;page=2\"");
}

static void
test_list_pages(void **state)
{
	static const char *const pages[] = { "0", "-1", "x", "", "1" };
	struct desk_fixture *fixture = *state;

	for (int i = 0; i < 51; i++) {
		g_autofree char *title = g_strdup_printf("Number %d", i);

		desk_article(fixture, title, "x");
	}

	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autofree char *target =
		    g_strconcat("/desk/articles?page=", pages[i], NULL);

		desk_get(fixture, target);
		desk_assert_has(fixture, "Page 1 of 2");
		desk_assert_has(fixture, "Number 50");
		desk_assert_has_not(fixture, "Number 0<");
	}
	desk_get(fixture, "/desk/articles?page=2");
	desk_assert_has(fixture, "Page 2 of 2");
	desk_assert_has(fixture, "Number 0<");
	desk_get(fixture, "/desk/articles?page=99999999999999999999");
	desk_assert_status(fixture, 200);
}

static void
test_authors_see_their_own(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = desk_article(fixture, "Of Ada", "x");
	g_autofree char *path = desk_article_path(id, "");

	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_article(fixture, "Of Grace", "x");

	desk_get(fixture, "/desk/articles");
	desk_assert_has(fixture, "Of Grace");
	desk_assert_has_not(fixture, "Of Ada");
	desk_get(fixture, path);
	desk_assert_status(fixture, 403);
	desk_assert_has(fixture, "another author");
	desk_post(fixture, path, "version", "1", "title", "Taken over", NULL);
	desk_assert_status(fixture, 403);
	desk_become(fixture, AUTHOR_ROLE_EDITOR);
	desk_get(fixture, path);
	desk_assert_status(fixture, 200);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, desk_fixture_set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_list_of_nothing),
		TEST(test_list_shows_what_is_looked_for),
		TEST(test_list_finds_words_of_a_text_wherever_it_is),
		TEST(test_list_is_chosen_by_author_category_and_tag),
		TEST(test_list_is_chosen_by_author_for_who_sees_all),
		TEST(test_list_pages_of_what_is_chosen),
		TEST(test_list_pages),
		TEST(test_authors_see_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
