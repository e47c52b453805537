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
	desk_assert_has_not(fixture, "Nothing: this is");
}

#define ALL_FIELDS                                                             \
	"slug", "old-address", "excerpt", "Old excerpt", "description",        \
	    "Old description", "language", "de", "direction", "rtl",           \
	    "canonical_url", "https://example.org/old", "cover_path",          \
	    "https://example.org/old.png", "cover_alt", "An old hill",         \
	    "category", "Old category", "tags", "Old tag, Other tag",          \
	    "series", "Old series", "series_number", "7"

/* What a restore brings back, of article 1. */
static const char SQL_OWN[] =
    "SELECT title || '|' || summary || '|' || body || '|' || description"
    " || '|' || language || '|' || direction || '|' || canonical_url"
    " || '|' || coalesce(cover_path, '-') || '|' || cover_alt FROM article";

/* And what it leaves as it is. */
static const char SQL_NAMES[] =
    "SELECT a.slug || '|' || coalesce(c.name, '-') || '|' ||"
    " coalesce(e.name, '-') || '|' || a.series_number || '|' ||"
    " (SELECT group_concat(t.name) FROM article_tag j"
    " JOIN tag t ON t.id = j.tag_id)"
    " FROM article a LEFT JOIN category c ON c.id = a.category_id"
    " LEFT JOIN series e ON e.id = a.series_id";

/* Version 1 has something in every field, version 2 something else. */
static void
save_all_fields(struct desk_fixture *fixture)
{
	desk_post(fixture, "/desk/articles", "title", "Old title", "body",
	    "Text.\n", ALL_FIELDS, NULL);
	fixture->now += 60;
	desk_post(fixture, ARTICLE, "version", "1", "slug", "new-address",
	    "excerpt", "", "description", "New", "language", "en", "direction",
	    "", "canonical_url", "", "cover_path", "", "cover_alt", "",
	    "category", "New category", "tags", "New tag", "series", "",
	    "series_number", "", NULL);
	desk_assert_status(fixture, 303);
}

static void
test_every_field_is_compared(void **state)
{
	static const char *const lines[] = { "Address: </span><del>old",
		"Excerpt: </span><del>Old excerpt", "Category: </span><del>Old",
		"Tags: </span><del>Old tag, Other", "Language: </span><del>de",
		"Appeared first at: </span><del>https://example.org/old",
		"Cover image: https://example.org/old.png",
		"What the cover shows: </span><del>An old hill",
		"Description: </span><del>Old description",
		"Text runs: </span><del>rtl", "Series: </span><del>Old series",
		"Number of the part: </span><del>7" };
	struct desk_fixture *fixture = *state;

	save_all_fields(fixture);
	desk_get(fixture, ARTICLE "/revisions/1");

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		desk_assert_has(fixture, lines[i]);
	desk_assert_has(fixture, "Restoring this revision brings back");
}

static void
test_restore_of_every_field(void **state)
{
	struct desk_fixture *fixture = *state;

	save_all_fields(fixture);
	desk_post(
	    fixture, ARTICLE "/revisions/1/restore", "version", "2", NULL);

	desk_assert_goes_to(fixture, ARTICLE "?said=restored");
	desk_assert_text(fixture, SQL_OWN,
	    "Old title|Old excerpt|Text.\n|Old description|de|rtl|"
	    "https://example.org/old|https://example.org/old.png|An old hill");
	desk_assert_text(
	    fixture, SQL_NAMES, "new-address|New category|-|100000|New tag");
	/* And back again. */
	desk_post(
	    fixture, ARTICLE "/revisions/2/restore", "version", "3", NULL);
	desk_assert_text(fixture, SQL_OWN, "Old title||Text.\n|New|en|||-|");
}

/* Where somebody was shown what differs and saved over it. */
static void
test_what_was_saved_over_is_kept(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "Title", "Text.\n");
	desk_post(fixture, ARTICLE, "version", "1", ALL_FIELDS, NULL);
	desk_post(
	    fixture, ARTICLE, "version", "1", "description", "Mine", NULL);
	desk_assert_status(fixture, 409);
	desk_post(fixture, ARTICLE, "version", "2", "slug", "title", "excerpt",
	    "", "description", "Mine", "language", "", "direction", "",
	    "canonical_url", "", "cover_path", "", "cover_alt", "", "category",
	    "", "tags", "", "series", "", "series_number", "", NULL);
	desk_assert_status(fixture, 303);

	desk_assert_text(fixture,
	    "SELECT slug || description || category || tags || series"
	    " FROM revision WHERE version = 2",
	    "old-addressOld descriptionOld categoryOld tag, Other tag"
	    "Old series");
	desk_post(
	    fixture, ARTICLE "/revisions/2/restore", "version", "3", NULL);
	desk_assert_text(
	    fixture, "SELECT description FROM article", "Old description");
}

/* A name that is another by now is shown, and nothing is offered that would do
 * nothing. */
static void
test_names_alone_are_compared(void **state)
{
	struct desk_fixture *fixture = *state;

	save_three(fixture);
	desk_run(fixture, "UPDATE tag SET name = 'Renamed', slug = 'renamed'");
	desk_get(fixture, ARTICLE "/revisions/3");

	desk_assert_has(fixture, "<del>Kept</del><ins>Renamed</ins>");
	desk_assert_has(fixture, "Nothing that restoring would bring back");
	desk_assert_has_not(fixture, "Restore this revision");
	desk_assert_has_not(fixture, "Nothing: this is");
}

static void
assert_cover(struct desk_fixture *fixture, const char *cover)
{
	desk_assert_goes_to(fixture, ARTICLE "?said=restored");
	desk_assert_text(fixture,
	    "SELECT cover_path || '|' || cover_alt FROM article", cover);
}

/* A file of the library that was deleted since is not named again, and nothing
 * is offered where that is all; until it is there again. */
static void
test_restore_of_a_cover(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	desk_post(fixture, ARTICLE, "version", "1", "cover_path",
	    "/media/old.png", "cover_alt", "Old", NULL);
	desk_post(fixture, ARTICLE, "version", "2", "cover_path",
	    "/media/new.png", "cover_alt", "New", NULL);
	desk_get(fixture, ARTICLE "/revisions/2");
	desk_assert_has(fixture, "Cover image: ");
	desk_assert_has(fixture, "Nothing that restoring would bring back");
	desk_assert_has_not(fixture, "Restore this revision");
	desk_post(fixture, ARTICLE, "version", "3", "title", "B", NULL);

	desk_post(
	    fixture, ARTICLE "/revisions/2/restore", "version", "4", NULL);
	assert_cover(fixture, "/media/new.png|New");
	desk_assert_text(fixture, "SELECT title FROM article", "A");

	desk_run(fixture,
	    "INSERT INTO media (path, original_name, content_type, size,"
	    " created_at)"
	    " VALUES ('old.png', 'old.png', 'image/png', 1, 1)");
	desk_get(fixture, ARTICLE "/revisions/2");
	desk_assert_has(fixture, "Restore this revision");
	desk_post(
	    fixture, ARTICLE "/revisions/2/restore", "version", "5", NULL);
	assert_cover(fixture, "/media/old.png|Old");
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
	/* What names something else stays as it is, and so does the address. */
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

/* Each field that a revision keeps makes one, and the same again makes none. */
static void
test_save_of_one_field(void **state)
{
	static const char *const fields[][2] = { { "description", "D" },
		{ "language", "de" }, { "direction", "rtl" },
		{ "canonical_url", "https://example.org/" },
		{ "cover_path", "/media/a.png" }, { "cover_alt", "Hill" },
		{ "category", "C" }, { "tags", "T" }, { "series", "S" },
		{ "series_number", "3" }, { "slug", "b" } };
	struct desk_fixture *fixture = *state;

	(void)desk_article(fixture, "A", "x");
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(fields); i++) {
		g_autofree char *version =
		    g_strdup_printf("%zu", (i + 1) / 2 + 1);
		const char *const *field = fields[i / 2];

		desk_post(fixture, ARTICLE, "version", version, field[0],
		    field[1], NULL);
		desk_assert_status(fixture, 303);
		assert_int_equal(
		    desk_integer(fixture, "SELECT max(version) FROM revision"),
		    (int64_t)i / 2 + 2);
	}
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
		TEST(test_every_field_is_compared),
		TEST(test_restore_of_every_field),
		TEST(test_what_was_saved_over_is_kept),
		TEST(test_names_alone_are_compared),
		TEST(test_restore_of_a_cover),
		TEST(test_restore),
		TEST(test_restore_over_what_was_not_seen),
		TEST(test_what_is_not_there),
		TEST(test_restore_what_cannot_be),
		TEST(test_revisions_of_another_author),
		TEST(test_save_of_what_is_hardly_another),
		TEST(test_save_of_one_field),
		TEST(test_save_of_the_same_notes_its_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
