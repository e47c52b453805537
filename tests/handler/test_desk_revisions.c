/*
 * test_desk_revisions.c - what was saved before: listed, compared, and had back
 * in two clicks.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "desk_fixture.h"

#define ARTICLE "/desk/articles/1"

/* Three versions: their titles, texts and excerpts differ. */
static void
save_three(struct desk_fixture *fixture)
{
	desk_article(fixture, "First title", "The first words of it.\n");
	fixture->now += 60;
	desk_post(fixture, ARTICLE, "version", "1", "title", "Second title",
	    "body", "The second words of it.\n", "excerpt", "Second", NULL);
	fixture->now += 60;
	desk_post(fixture, ARTICLE, "version", "2", "title", "Third title",
	    "body", "The third words of it.\n", "excerpt", "", "tags", "Kept",
	    "category", "Kept too", NULL);
	desk_assert_status(fixture, 303);
}

static void
test_list_has_all_of_them(void **state)
{
	struct desk_fixture *fixture = *state;

	save_three(fixture);
	desk_get(fixture, ARTICLE "/revisions");

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, ARTICLE "/revisions/1\"");
	desk_assert_has(fixture, ARTICLE "/revisions/2\"");
	desk_assert_has(fixture, "May 28, 2026, 20:27");
	desk_assert_has(fixture, "First title");
	desk_assert_has(fixture, "Ada Lovelace");
	desk_assert_has(fixture, "what is stored now");
}

static void
test_one_of_them_is_compared_with_what_is_stored(void **state)
{
	struct desk_fixture *fixture = *state;

	save_three(fixture);
	desk_get(fixture, ARTICLE "/revisions/1");

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "<del>first</del>");
	desk_assert_has(fixture, "<ins>third</ins>");
	desk_assert_has(fixture, "Restore this revision");
	desk_get(fixture, ARTICLE "/revisions/3");
	desk_assert_has(fixture, "Nothing: this is what is stored now");
}

/* To restore it would change more than the text. */
static void
test_title_and_excerpt_are_compared_too(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "First title", "The words of it.");
	desk_post(fixture, ARTICLE, "version", "1", "title", "Second title",
	    "excerpt", "In short", "tags", "Other", NULL);
	desk_get(fixture, ARTICLE "/revisions/1");

	desk_assert_has(fixture, "<del>First</del><ins>Second</ins>");
	desk_assert_has(fixture, "<ins>In short</ins>");
	desk_assert_has_not(fixture, "Tags: ");
	desk_assert_has_not(fixture, "Nothing: this is");
}

static void
test_restore(void **state)
{
	struct desk_fixture *fixture = *state;

	save_three(fixture);
	desk_post(
	    fixture, ARTICLE "/revisions/2/restore", "version", "3", NULL);

	desk_assert_goes_to(fixture, ARTICLE "?said=restored");
	desk_assert_text(fixture, "SELECT title FROM article", "Second title");
	desk_assert_text(
	    fixture, "SELECT body FROM article", "The second words of it.\n");
	desk_assert_text(fixture, "SELECT summary FROM article", "Second");
	/* What is no text stays as it is, and so does the address. */
	desk_assert_text(fixture, "SELECT slug FROM article", "first-title");
	desk_assert_text(fixture, "SELECT name FROM tag", "Kept");
	assert_int_equal(
	    desk_integer(fixture, "SELECT version FROM article"), 4);
	desk_assert_text(fixture, "SELECT body FROM revision WHERE version = 3",
	    "The third words of it.\n");
}

/* Saved meanwhile: what is lost by it is not. */
static void
test_restore_over_what_was_not_seen(void **state)
{
	static const char *const versions[] = { "2", "", "x", "4" };
	struct desk_fixture *fixture = *state;

	save_three(fixture);
	for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
		desk_post(fixture, ARTICLE "/revisions/1/restore", "version",
		    versions[i], NULL);
		desk_assert_status(fixture, 409);
	}
	desk_assert_text(fixture, "SELECT title FROM article", "Third title");
}

static void
test_what_is_not_there(void **state)
{
	static const char *const revisions[] = { "4", "0", "-1", "x",
		"99999999999999999999" };
	struct desk_fixture *fixture = *state;

	save_three(fixture);
	for (size_t i = 0; i < G_N_ELEMENTS(revisions); i++) {
		g_autofree char *path =
		    g_strconcat(ARTICLE "/revisions/", revisions[i], NULL);
		g_autofree char *restore = g_strconcat(path, "/restore", NULL);

		desk_get(fixture, path);
		desk_assert_status(fixture, 404);
		desk_post(fixture, restore, "version", "3", NULL);
		desk_assert_status(fixture, 404);
	}
	desk_get(fixture, "/desk/articles/4711/revisions");
	desk_assert_status(fixture, 404);
}

/* What was stored under other rules is said to be what it is. */
static void
test_restore_what_cannot_be(void **state)
{
	struct desk_fixture *fixture = *state;

	save_three(fixture);
	desk_run(fixture, "UPDATE revision SET title = printf('%.600c', 'x')"
			  " WHERE version = 1");
	desk_post(
	    fixture, ARTICLE "/revisions/1/restore", "version", "3", NULL);

	desk_assert_status(fixture, 400);
	desk_assert_has(fixture, "The title is longer than 500 characters.");
}

static void
test_revisions_of_another_author(void **state)
{
	struct desk_fixture *fixture = *state;

	save_three(fixture);
	desk_become(fixture, AUTHOR_ROLE_AUTHOR);

	desk_get(fixture, ARTICLE "/revisions");
	desk_assert_status(fixture, 403);
	desk_get(fixture, ARTICLE "/revisions/1");
	desk_assert_status(fixture, 403);
	desk_post(
	    fixture, ARTICLE "/revisions/1/restore", "version", "3", NULL);
	desk_assert_status(fixture, 403);
	desk_assert_text(fixture, "SELECT title FROM article", "Third title");
}

/* The least that is another is saved, though the text is the same. */
static void
test_save_of_what_is_hardly_another(void **state)
{
	struct desk_fixture *fixture = *state;

	(void)desk_article(fixture, "A", "x");

	desk_post(fixture, "/desk/articles/1", "version", "1", "tags",
	    "one, two", NULL);
	desk_post(fixture, "/desk/articles/1", "version", "2", "tags",
	    "two, one", NULL);
	desk_post(
	    fixture, "/desk/articles/1", "version", "3", "kind", "page", NULL);
	/* Made of the title anew. */
	desk_post(
	    fixture, "/desk/articles/1", "version", "4", "slug", "b", NULL);
	desk_post(
	    fixture, "/desk/articles/1", "version", "5", "slug", "", NULL);
	desk_assert_text(fixture, "SELECT slug FROM article", "a");
	/* What the same text is rendered to, by now. */
	desk_run(fixture, "UPDATE article SET body_html = '<p>old</p>'");
	desk_post(
	    fixture, "/desk/articles/1", "version", "6", "body", "x", NULL);

	desk_assert_text(
	    fixture, "SELECT body_html FROM article", "<p>x</p>\n");
	assert_int_equal(
	    desk_integer(fixture, "SELECT version FROM article"), 7);
}

/* A file that was deleted and has come back is in use again. */
static void
test_save_of_the_same_notes_its_files(void **state)
{
	struct desk_fixture *fixture = *state;

	(void)desk_article(fixture, "A", "[it](/media/a.pdf)");
	desk_run(fixture,
	    "INSERT INTO media (path, original_name, content_type, size,"
	    " created_at) VALUES ('a.pdf', 'a.pdf', 'application/pdf', 1, 1)");

	desk_post(fixture, "/desk/articles/1", "version", "1", "action", "save",
	    NULL);

	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM media_use"), 1);
	assert_int_equal(
	    desk_integer(fixture, "SELECT version FROM article"), 1);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, desk_fixture_set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_list_has_all_of_them),
		TEST(test_one_of_them_is_compared_with_what_is_stored),
		TEST(test_title_and_excerpt_are_compared_too),
		TEST(test_restore),
		TEST(test_restore_over_what_was_not_seen),
		TEST(test_what_is_not_there),
		TEST(test_restore_what_cannot_be),
		TEST(test_revisions_of_another_author),
		TEST(test_save_of_what_is_hardly_another),
		TEST(test_save_of_the_same_notes_its_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
