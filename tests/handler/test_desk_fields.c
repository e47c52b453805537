/*
 * test_desk_fields.c - what an article says of itself beyond its text is saved,
 * kept, compared and previewed like the text; and who may name whom as its
 * author.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk_fixture.h"

#define ARTICLE "/desk/articles/1"

/* All of the fields, with other values around them. */
#define ALL_FIELDS                                                             \
	"description", "For  machines", "direction", "rtl", "series",          \
	    "A saga", "series_number", "3", "pinned", "true", "language", "en"

static const char SQL_FIELDS[] =
    "SELECT a.description || '|' || a.direction || '|' ||"
    " coalesce(e.name, '-') || '|' || a.series_number || '|' ||"
    " (a.pinned_at IS NOT NULL) || '|' || a.language"
    " FROM article a LEFT JOIN series e ON e.id = a.series_id"
    " WHERE a.id = 1";

static const char SQL_AUTHORS[] =
    "SELECT group_concat(name, '|') FROM (SELECT u.name"
    " FROM article_author w JOIN author u ON u.id = w.author_id"
    " WHERE w.article_id = 1 ORDER BY w.position)";

/* ---- saving and getting back ---- */

static void
test_fields_are_stored_and_come_back(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "All", "body", "x",
	    ALL_FIELDS, NULL);

	desk_assert_goes_to(fixture, ARTICLE "?said=saved");
	desk_assert_text(fixture, SQL_FIELDS, "For machines|rtl|A saga|3|1|en");
	desk_get(fixture, ARTICLE);
	desk_assert_has(fixture, "For machines</textarea>");
	desk_assert_has(fixture, "<option value=\"rtl\" selected>");
	desk_assert_has(fixture, "name=\"series\" value=\"A saga\"");
	desk_assert_has(fixture, "name=\"series_number\" value=\"3\"");
	desk_assert_has(fixture, "<option value=\"true\" selected>");
	desk_assert_has(fixture, "name=\"authors\" value=\"Ada Lovelace\"");
	/* To complete what is typed. */
	desk_assert_has(fixture, "<option value=\"A saga\"></option>");
	desk_assert_has(fixture, "<option value=\"Ada Lovelace\"></option>");
}

static void
test_fields_that_are_not_sent_stay(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t pinned_at;

	desk_post(fixture, "/desk/articles", "title", "All", "body", "x",
	    ALL_FIELDS, NULL);
	pinned_at = desk_integer(fixture, "SELECT pinned_at FROM article");
	fixture->now += 60;

	desk_post(fixture, ARTICLE, "version", "1", "title", "Another", NULL);

	desk_assert_text(fixture, SQL_FIELDS, "For machines|rtl|A saga|3|1|en");
	/* Pinned since it was: another save does not move it up. */
	assert_int_equal(
	    desk_integer(fixture, "SELECT pinned_at FROM article"), pinned_at);
}

static void
test_fields_that_are_emptied(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "All", "body", "x",
	    ALL_FIELDS, NULL);

	desk_post(fixture, ARTICLE, "version", "1", "description", "",
	    "direction", "", "series", "  ", "series_number", "", "pinned", "",
	    "language", "", NULL);

	desk_assert_goes_to(fixture, ARTICLE "?said=saved");
	desk_assert_text(fixture, SQL_FIELDS, "||-|100000|0|");
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM series"), 0);
}

static void
test_fields_stay_when_it_is_published(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "All", "body", "x",
	    ALL_FIELDS, NULL);

	desk_post(fixture, ARTICLE "/publication", "action", "publish",
	    "version", "1", NULL);

	desk_assert_text(fixture, "SELECT status FROM article", "published");
	desk_assert_text(fixture, SQL_FIELDS, "For machines|rtl|A saga|3|1|en");
	desk_assert_text(fixture, SQL_AUTHORS, "Ada Lovelace");
}

/* What a revision does not know, since it is from before that was kept. */
static void
test_fields_stay_when_an_old_revision_comes_back(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "All", "x");
	desk_run(fixture,
	    "UPDATE revision SET slug = NULL, description = NULL,"
	    " language = NULL, direction = NULL, canonical_url = NULL,"
	    " cover_path = NULL, cover_alt = NULL, category = NULL,"
	    " tags = NULL, series = NULL, series_number = NULL,"
	    " authors = NULL");
	desk_post(
	    fixture, ARTICLE, "version", "1", "body", "y", ALL_FIELDS, NULL);
	desk_get(fixture, ARTICLE "/revisions/1");
	desk_assert_has(fixture, "all else stays as it is now");
	desk_assert_has_not(fixture, "For machines");

	desk_post(
	    fixture, ARTICLE "/revisions/1/restore", "version", "2", NULL);

	desk_assert_text(fixture, "SELECT body FROM article", "x");
	desk_assert_text(fixture, SQL_FIELDS, "For machines|rtl|A saga|3|1|en");
}

/* It would be a blank line in lists, and a link that nobody can follow. */
static void
test_title_has_something_to_see(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "All", "x");
	desk_post(fixture, ARTICLE, "version", "1", "title", "\u200b\u2060",
	    "body", "typed", NULL);

	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "<p class=\"problem\" id=\"problem-title\">"
				 "A title has something to see in it.");
	desk_assert_has(fixture, "typed</textarea>");
	desk_post(fixture, ARTICLE, "version", "1", "title",
	    "Re: \u202egpj.exe\u202c", NULL);
	desk_assert_status(fixture, 303);
	desk_assert_text(fixture, "SELECT title FROM article", "Re: gpj.exe");
}

static void
test_what_is_wrong_stands_beside_its_field(void **state)
{
	static const struct {
		const char *name, *value, *words;
	} cases[] = {
		{ "direction", "up", "A direction is ltr or rtl." },
		{ "series_number", "0", "It is a number from 1 to 99999." },
		{ "series_number", "100000", "It is a number from 1" },
		{ "series_number", "two", "It is a number from 1" },
		{ "language", "english, mostly", "A language is a tag" },
		{ "authors", "Ada Lovelace, Nobody",
		    "no author called Nobody" },
		{ "authors", " , ", "An article has an author." },
	};
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "All", "x");

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *tie = g_strdup_printf(
		    "<p class=\"problem\" id=\"problem-%s\">", cases[i].name);

		desk_post(fixture, ARTICLE, "version", "1", cases[i].name,
		    cases[i].value, "title", "Typed", NULL);

		desk_assert_status(fixture, 422);
		desk_assert_has(fixture, tie);
		desk_assert_has(fixture, cases[i].words);
		desk_assert_has(fixture, "Typed</textarea>");
	}
	assert_int_equal(
	    desk_integer(fixture, "SELECT version FROM article"), 1);
	desk_assert_text(fixture, SQL_AUTHORS, "Ada Lovelace");
}

static void
test_names_that_are_too_long(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *name = g_strnfill(101, 'a');
	g_autofree char *text = g_strnfill(1001, 'b');

	desk_post(fixture, "/desk/articles", "body", "x", "series", name,
	    "description", text, NULL);

	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "name of the series is longer than 100");
	desk_assert_has(fixture, "description is longer than 1000");
	/* They stand in a part of the page that is closed otherwise. */
	desk_assert_has(fixture, "<details class=\"rarer\" open>");
	desk_assert_has(fixture, text);
}

/* ---- what is not saved yet ---- */

static void
test_conflict_has_what_was_typed(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "All", "x");
	desk_post(fixture, ARTICLE, "version", "1", "body", "theirs", NULL);

	desk_post(fixture, ARTICLE, "version", "1", "body", "mine", "authors",
	    "ada-lovelace", ALL_FIELDS, NULL);

	desk_assert_status(fixture, 409);
	desk_assert_has(fixture, "For  machines</textarea>");
	desk_assert_has(fixture, "<option value=\"rtl\" selected>");
	desk_assert_has(fixture, "name=\"series\" value=\"A saga\"");
	desk_assert_has(fixture, "name=\"series_number\" value=\"3\"");
	desk_assert_has(fixture, "<option value=\"true\" selected>");
	desk_assert_has(fixture, "name=\"authors\" value=\"ada-lovelace\"");
	desk_assert_text(fixture, SQL_FIELDS, "||-|100000|0|");
}

/* Whoever has changed nothing but what it is filed under is seen, too. */
static void
test_conflict_has_what_differs_in_each_field(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "Old", "The text.");
	desk_post(fixture, ARTICLE, "version", "1", "title", "Theirs", "tags",
	    "sun, moon", "excerpt", "Short", NULL);

	desk_post(fixture, ARTICLE, "version", "1", "title", "Old", "tags",
	    "Sun,moon", "category", "Mine", "body", "The text.", "excerpt", "",
	    NULL);

	desk_assert_status(fixture, 409);
	desk_assert_has(fixture, "Title: </span><del>Theirs</del>");
	desk_assert_has(fixture, "<ins>Old</ins>");
	desk_assert_has(fixture, "<del>Short</del>");
	desk_assert_has(fixture, "<ins>Mine</ins>");
	desk_assert_has_not(fixture, "Tags: ");
	desk_assert_has_not(fixture, "Language: ");
}

static void
test_draft_is_kept_with_all_fields(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "All", "x");

	desk_post(fixture, ARTICLE, "version", "1", "key", "k", "action",
	    "preview", "authors", "typed, names", ALL_FIELDS, NULL);
	desk_get(fixture, ARTICLE "?draft=k");

	desk_assert_has(fixture, "For  machines</textarea>");
	desk_assert_has(fixture, "<option value=\"rtl\" selected>");
	desk_assert_has(fixture, "name=\"series\" value=\"A saga\"");
	desk_assert_has(fixture, "name=\"series_number\" value=\"3\"");
	desk_assert_has(fixture, "<option value=\"true\" selected>");
	desk_assert_has(fixture, "name=\"authors\" value=\"typed, names\"");
	desk_assert_text(fixture, SQL_FIELDS, "||-|100000|0|");
	/* It is news to who opens the editor again. */
	desk_get(fixture, ARTICLE);
	desk_assert_has(fixture, "that was never saved");
}

static void
test_preview_shows_all_fields(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_become(fixture, AUTHOR_ROLE_EDITOR);
	desk_become_owner(fixture);
	desk_post(fixture, "/desk/articles", "title", "First", "body", "x",
	    "series", "a-saga", NULL);
	desk_post(fixture, "/desk/articles/1/publication", "action", "publish",
	    "version", "1", NULL);
	desk_article(fixture, "Second", "x");

	desk_post(fixture, "/desk/articles/2", "version", "1", "key", "k",
	    "action", "preview", "authors", "Grace, Ada Lovelace", "series",
	    "A Saga", "description", "For machines", "direction", "rtl", NULL);
	desk_get(fixture, "/desk/articles/2/preview?key=k");

	desk_assert_has(fixture, "lang=\"en\" dir=\"rtl\"");
	desk_assert_has(fixture, "content=\"For machines\"");
	desk_assert_has(fixture, "Part 2 of 2 of <b>A Saga</b>");
	desk_assert_has(fixture, "<meta name=\"author\" content=\"Grace\">");
	/* What is wrong yet is no reason to show nothing. */
	desk_post(fixture, "/desk/articles/2", "version", "1", "key", "k",
	    "action", "preview", "authors", "Nobody", "series", "New one",
	    "series_number", "x", NULL);
	desk_get(fixture, "/desk/articles/2/preview?key=k");
	desk_assert_status(fixture, 200);
	/* The only part yet of a new series. */
	desk_assert_has_not(fixture, "class=\"series\"");
	desk_assert_has(fixture, "content=\"Ada Lovelace\"");
}

/* ---- authors ---- */

static void
test_authors_in_the_order_they_are_named(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_become_owner(fixture);
	desk_article(fixture, "Of two", "x");

	desk_post(fixture, ARTICLE, "version", "1", "authors",
	    " grace,ADA lovelace,", NULL);

	desk_assert_goes_to(fixture, ARTICLE "?said=saved");
	desk_assert_text(fixture, SQL_AUTHORS, "Grace|Ada Lovelace");
	desk_get(fixture, ARTICLE);
	desk_assert_has(
	    fixture, "name=\"authors\" value=\"Grace, Ada Lovelace\"");
	/* Only one remains: who that is, an owner may say. */
	desk_post(fixture, ARTICLE, "version", "2", "authors", "Grace", NULL);
	desk_assert_text(fixture, SQL_AUTHORS, "Grace");
}

static void
test_new_article_is_by_whoever_begins_it(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_get(fixture, "/desk/articles/new");
	desk_assert_has(fixture, "name=\"authors\" value=\"Grace\"");

	desk_post(fixture, "/desk/articles", "title", "New", "body", "x",
	    "authors", "", NULL);

	desk_assert_text(fixture, SQL_AUTHORS, "Grace");
}

static void
test_co_author_may_write(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_become_owner(fixture);
	desk_post(fixture, "/desk/articles", "title", "Of two", "body", "x",
	    "authors", "Ada Lovelace, Grace", NULL);

	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_get(fixture, "/desk/articles");
	desk_assert_has(fixture, "Of two");
	desk_post(fixture, ARTICLE, "version", "1", "title", "Changed", NULL);
	desk_assert_goes_to(fixture, ARTICLE "?said=saved");
	desk_assert_text(fixture, SQL_AUTHORS, "Ada Lovelace|Grace");
}

static void
test_author_loses_no_article_by_a_slip(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_article(fixture, "Of Grace", "x");

	desk_post(
	    fixture, ARTICLE, "version", "1", "authors", "Ada Lovelace", NULL);
	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "You would lose this article");
	desk_assert_text(fixture, SQL_AUTHORS, "Grace");

	/* Somebody else may join; only an editor takes somebody out again. */
	desk_post(fixture, ARTICLE, "version", "1", "authors",
	    "Grace, Ada Lovelace", NULL);
	desk_assert_text(fixture, SQL_AUTHORS, "Grace|Ada Lovelace");
	desk_post(fixture, ARTICLE, "version", "2", "authors", "Grace", NULL);
	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "Only an editor can take another");
	desk_post(fixture, "/desk/articles", "body", "x", "authors",
	    "Ada Lovelace", NULL);
	desk_assert_status(fixture, 422);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article"), 1);
}

static void
test_article_of_nobody_can_be_saved(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "Of nobody", "x");
	desk_run(fixture, "DELETE FROM article_author");

	desk_post(fixture, ARTICLE, "version", "1", "title", "Still", NULL);

	desk_assert_goes_to(fixture, ARTICLE "?said=saved");
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article_author"), 0);
}

static void
test_author_cannot_pin(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_article(fixture, "Of Grace", "x");
	desk_get(fixture, ARTICLE);
	desk_assert_has_not(fixture, "name=\"pinned\"");

	desk_post(fixture, ARTICLE, "version", "1", "pinned", "true", NULL);
	assert_int_equal(
	    desk_integer(fixture, "SELECT pinned_at IS NULL FROM article"), 1);

	desk_become(fixture, AUTHOR_ROLE_EDITOR);
	desk_post(fixture, ARTICLE, "version", "2", "pinned", "true", NULL);
	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_post(fixture, ARTICLE, "version", "3", "pinned", "", NULL);
	/* What an editor decided stays. */
	assert_int_equal(
	    desk_integer(fixture, "SELECT pinned_at IS NULL FROM article"), 0);
}

/* Send the form of the editor as it is shown, but for the text. */
static void
save_as_shown(struct desk_fixture *fixture, const char *text)
{
	g_autofree char *version =
	    desk_value_after(fixture, "name=\"version\"");
	g_autofree char *shown =
	    desk_value_after(fixture, "name=\"authors_shown\"");
	g_autofree char *ids = desk_value_after(fixture, "name=\"author_ids\"");
	g_autofree char *authors =
	    desk_value_after(fixture, "id=\"field-authors\"");

	desk_post(fixture, ARTICLE, "version", version, "body", text, "authors",
	    authors, "authors_shown", shown, "author_ids", ids, NULL);
}

/* Who changes the own name in another tab has typed nothing wrong here. */
static void
test_authors_stay_who_they_were_shown_as(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	desk_get(fixture, ARTICLE);
	desk_run(fixture, "UPDATE author SET name = 'Countess'");

	save_as_shown(fixture, "y");

	desk_assert_status(fixture, 303);
	desk_assert_text(fixture, "SELECT body FROM article", "y");
	assert_int_equal(
	    desk_integer(fixture, "SELECT author_id FROM article_author"),
	    fixture->owner_id);
}

/* A conflict shows the form again, with what it was shown with at first. */
static void
test_authors_stay_who_they_were_shown_as_in_a_conflict(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	desk_get(fixture, ARTICLE);
	desk_run(fixture, "UPDATE article SET version = 2");
	desk_run(fixture, "UPDATE author SET name = 'Countess'");
	save_as_shown(fixture, "y");
	desk_assert_status(fixture, 409);

	save_as_shown(fixture, "y");

	desk_assert_status(fixture, 303);
	desk_assert_text(fixture, "SELECT body FROM article", "y");
}

/* A draft knows whom it was typed with, and is no more than what is stored. */
static void
test_authors_stay_who_they_were_shown_as_in_a_draft(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "x");
	desk_post(fixture, ARTICLE, "version", "1", "key", "k", "action",
	    "preview", NULL);
	desk_run(fixture, "UPDATE author SET name = 'Countess'");
	desk_get(fixture, ARTICLE);
	desk_assert_has_not(fixture, "that was never saved");
	desk_get(fixture, ARTICLE "?draft=k");
	desk_assert_has(fixture, "value=\"Ada Lovelace\"");

	save_as_shown(fixture, "y");

	desk_assert_status(fixture, 303);
	desk_assert_text(fixture, "SELECT body FROM article", "y");
}

/* Images alone, the newest first, by what they show or by name. */
static void
test_cover_is_chosen_among_the_images(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_run(fixture,
	    "INSERT INTO media (path, original_name, content_type, size, width,"
	    " height, alt, created_at)"
	    " VALUES ('1-a.png', 'A.png', 'image/png', 1, 9, 9, '', 1),"
	    " ('2-b.png', 'B.png', 'image/png', 1, 9, 9, 'A \"sea\"', 2),"
	    " ('3-c.pdf', 'C.pdf', 'application/pdf', 1, 0, 0, '', 3)");

	desk_get(fixture, "/desk/articles/new");
	desk_assert_has(fixture,
	    "<option value=\"/media/2-b.png\""
	    " label=\"A &quot;sea&quot;\"></option>\n"
	    "<option value=\"/media/1-a.png\" label=\"A.png\"></option>\n"
	    "</datalist>");
	desk_assert_has(fixture, "list=\"known-covers\"");
	desk_get(fixture, "/desk/media/2");
	desk_assert_has(fixture, "<code>/media/2-b.png</code>");
	desk_get(fixture, "/desk/media/3");
	desk_assert_has_not(fixture, "<code>/media/3-c.pdf</code>");
	desk_run(fixture,
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
	    " SELECT i + 1 FROM n WHERE i < 60)"
	    " INSERT INTO media (path, original_name, content_type, size,"
	    " width, height, alt, created_at)"
	    " SELECT i || '.png', 'N', 'image/png', 1, 9, 9, '', 10 + i"
	    " FROM n");
	desk_get(fixture, "/desk/articles/new");
	desk_assert_has(fixture, "value=\"/media/11.png\"");
	desk_assert_has_not(fixture, "value=\"/media/10.png\"");
}

/* An address may be written down before its file is there. */
static void
test_cover_that_comes_later_is_measured(void **state)
{
	struct desk_fixture *fixture = *state;
	static const char WIDTH[] = "SELECT cover_width FROM article";

	desk_post(fixture, "/desk/articles", "title", "A", "body", "x",
	    "cover_path", "/media/a.png", NULL);
	assert_int_equal(desk_integer(fixture, WIDTH), 0);
	desk_run(fixture,
	    "INSERT INTO media (path, original_name, content_type, size, width,"
	    " height, created_at)"
	    " VALUES ('a.png', 'a.png', 'image/png', 1, 640, 480, 0)");

	desk_post(fixture, ARTICLE, "version", "1", "body", "y", "cover_path",
	    "/media/a.png", NULL);

	desk_assert_status(fixture, 303);
	assert_int_equal(desk_integer(fixture, WIDTH), 640);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, desk_fixture_set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fields_are_stored_and_come_back),
		TEST(test_fields_that_are_not_sent_stay),
		TEST(test_fields_that_are_emptied),
		TEST(test_fields_stay_when_it_is_published),
		TEST(test_fields_stay_when_an_old_revision_comes_back),
		TEST(test_title_has_something_to_see),
		TEST(test_what_is_wrong_stands_beside_its_field),
		TEST(test_names_that_are_too_long),
		TEST(test_conflict_has_what_was_typed),
		TEST(test_conflict_has_what_differs_in_each_field),
		TEST(test_draft_is_kept_with_all_fields),
		TEST(test_preview_shows_all_fields),
		TEST(test_authors_in_the_order_they_are_named),
		TEST(test_new_article_is_by_whoever_begins_it),
		TEST(test_co_author_may_write),
		TEST(test_author_loses_no_article_by_a_slip),
		TEST(test_article_of_nobody_can_be_saved),
		TEST(test_author_cannot_pin),
		TEST(test_authors_stay_who_they_were_shown_as),
		TEST(test_authors_stay_who_they_were_shown_as_in_a_conflict),
		TEST(test_authors_stay_who_they_were_shown_as_in_a_draft),
		TEST(test_cover_is_chosen_among_the_images),
		TEST(test_cover_that_comes_later_is_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
