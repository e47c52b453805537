/*
 * test_desk_series.c - series are found among many and get other names, and
 * nobody takes back without knowing what somebody else has renamed.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "desk_fixture.h"

#define SERIES "/desk/settings/series"

static const char SQL_NAMES[] = "SELECT group_concat(name, '|')"
				" FROM (SELECT name FROM series ORDER BY id)";

/* Two series: "Alpha" of two articles, "Beta" of one. */
static int
set_up(void **state)
{
	static const char *const names[] = { "Alpha", "Beta", "Alpha" };
	struct desk_fixture *fixture;

	desk_fixture_set_up(state);
	fixture = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		desk_post(fixture, "/desk/articles", "title", "One", "body",
		    "x", "series", names[i], NULL);
	return 0;
}

/* More of them, "Series 001" to "Series 150", which get the ids from 3 on. */
static void
add_many(struct desk_fixture *fixture)
{
	desk_run(fixture, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
			  " SELECT i + 1 FROM n WHERE i < 150)"
			  " INSERT INTO series (id, slug, name)"
			  " SELECT i + 2, printf('series-%03d', i),"
			  " printf('Series %03d', i) FROM n");
}

static void
test_series_are_listed_with_their_names(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, SERIES);

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "<a href=\"/desk/settings/series/1\">Alpha<");
	desk_assert_has(fixture, "<td>2 articles</td>");
	desk_assert_has(fixture, "<a href=\"/desk/settings/series/2\">Beta<");
	desk_assert_has_not(fixture, ">Address</th>");
	desk_assert_has(fixture, "aria-current=\"page\">Series</a>");
}

static void
test_series_of_nothing(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_run(fixture, "UPDATE article SET series_id = NULL");

	desk_get(fixture, SERIES);

	desk_assert_has(fixture, "No article is in a series yet.");
}

static void
test_series_of_many_are_found_and_saved(void **state)
{
	struct desk_fixture *fixture = *state;

	add_many(fixture);

	desk_get(fixture, SERIES);
	desk_assert_has(fixture, "Series 048");
	desk_assert_has_not(fixture, "Series 049");
	desk_assert_has(fixture, "series?page=2\"");
	desk_get(fixture, SERIES "?page=4");
	desk_assert_has(fixture, "/desk/settings/series/152\">Series 150<");
	desk_get(fixture, SERIES "?q=ies+149");
	desk_assert_has(fixture, "1 found");
	desk_assert_has(fixture, "/desk/settings/series/151\">Series 149<");
	desk_post(fixture, SERIES "/151", "shown_name", "Series 149", "name",
	    "The last but one", NULL);
	desk_assert_goes_to(fixture, SERIES "/151?said=saved");
	desk_assert_text(fixture, "SELECT name FROM series WHERE id = 151",
	    "The last but one");
}

static void
test_series_has_a_page(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, SERIES "/1");

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "A series of 2 articles");
	desk_assert_has(fixture, "name=\"shown_name\" value=\"Alpha\"");
	desk_assert_has(fixture, "name=\"name\" value=\"Alpha\"");
	desk_assert_has_not(fixture, "name=\"slug\"");
	desk_assert_has_not(fixture, "/merge\"");
	desk_assert_has_not(fixture, "/delete\"");
	desk_get(fixture, SERIES "/99");
	desk_assert_status(fixture, 404);
}

static void
test_series_gets_another_name(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, SERIES "/1", "shown_name", "Alpha", "name",
	    " The  <Saga> ", "slug", "taken", NULL);

	desk_assert_goes_to(fixture, SERIES "/1?said=saved");
	desk_assert_text(fixture, SQL_NAMES, "The <Saga>|Beta");
	desk_assert_text(
	    fixture, "SELECT slug FROM series WHERE id = 1", "the-saga");
	desk_get(fixture, SERIES);
	desk_assert_has(fixture, ">The &lt;Saga&gt;</a>");
	desk_get(fixture, "/desk/articles/1");
	desk_assert_has(fixture, "name=\"series\" value=\"The &lt;Saga&gt;\"");
}

static void
test_series_with_a_wrong_name(void **state)
{
	static const struct {
		const char *name, *value, *words;
	} cases[] = {
		{ "", "value=\"\"", "It needs a name." },
		{ "beta", "value=\"beta\"",
		    "Another series is called Beta: give that one another "
		    "name first." },
	};
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		desk_post(fixture, SERIES "/1", "shown_name", "Alpha", "name",
		    cases[i].name, NULL);

		desk_assert_status(fixture, 422);
		desk_assert_has(fixture, cases[i].words);
		desk_assert_has(fixture, "id=\"problem-name\"");
		desk_assert_has(fixture, cases[i].value);
		desk_assert_text(fixture, SQL_NAMES, "Alpha|Beta");
	}
}

static void
test_series_that_was_renamed_meanwhile(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, SERIES "/1", "shown_name", "Alpha", "name",
	    "Alpha new", NULL);
	(void)desk_become(fixture, AUTHOR_ROLE_EDITOR);

	/* The page of an editor that was opened before. */
	desk_post(fixture, SERIES "/1", "shown_name", "Alpha", "name",
	    "My Alpha", NULL);

	desk_assert_status(fixture, 409);
	desk_assert_has(fixture, "It was renamed Alpha new since");
	desk_assert_has(fixture, "id=\"problem-name\"");
	desk_assert_has(fixture, "name=\"name\" value=\"My Alpha\"");
	desk_assert_has(fixture, "name=\"shown_name\" value=\"Alpha new\"");
	desk_assert_text(fixture, SQL_NAMES, "Alpha new|Beta");

	/* Who knows it may. */
	desk_post(fixture, SERIES "/1", "shown_name", "Alpha new", "name",
	    "My Alpha", NULL);
	desk_assert_text(fixture, SQL_NAMES, "My Alpha|Beta");
}

static void
test_series_beside_one_that_was_renamed_meanwhile(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, SERIES "/1", "shown_name", "Alpha", "name",
	    "Alpha new", NULL);
	(void)desk_become(fixture, AUTHOR_ROLE_EDITOR);

	desk_post(fixture, SERIES "/2", "shown_name", "Beta", "name",
	    "Beta new", NULL);

	desk_assert_goes_to(fixture, SERIES "/2?said=saved");
	desk_assert_text(fixture, SQL_NAMES, "Alpha new|Beta new");
}

static void
test_tag_that_was_renamed_meanwhile(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "One", "body", "x",
	    "tags", "Golang", NULL);
	desk_run(fixture, "UPDATE tag SET name = 'Go' WHERE id = 1");

	desk_post(fixture, "/desk/settings/tags/1", "shown_name", "Golang",
	    "name", "Golang", "slug", "golang", "description", "Words", NULL);

	desk_assert_status(fixture, 409);
	desk_assert_has(fixture, "Words</textarea>");
	desk_assert_text(fixture, "SELECT name || description FROM tag", "Go");
}

/* The page of an editor that was opened before another one saved. */
static void
test_tag_that_was_described_meanwhile(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "One", "body", "x",
	    "tags", "Golang", NULL);
	desk_get(fixture, "/desk/settings/tags/1");
	desk_assert_has(fixture, "name=\"shown_slug\" value=\"golang\"");
	desk_assert_has(fixture, "name=\"shown_description\" value=\"\"");
	desk_post(fixture, "/desk/settings/tags/1", "shown_name", "Golang",
	    "name", "Golang", "shown_slug", "golang", "slug", "go",
	    "shown_description", "", "description", "Of Go", NULL);
	desk_assert_goes_to(fixture, "/desk/settings/tags/1?said=saved");

	desk_post(fixture, "/desk/settings/tags/1", "shown_name", "Golang",
	    "name", "The Go", "shown_slug", "golang", "slug", "golang",
	    "shown_description", "", "description", "Words", NULL);

	desk_assert_status(fixture, 409);
	desk_assert_has(fixture, "It became go since");
	desk_assert_has(fixture, "It became &quot;Of Go&quot; since");
	desk_assert_has(fixture, "name=\"name\" value=\"The Go\"");
	desk_assert_has(fixture, "name=\"slug\" value=\"golang\"");
	desk_assert_has(fixture, "Words</textarea>");
	desk_assert_has(fixture, "name=\"shown_slug\" value=\"go\"");
	desk_assert_has(fixture, "name=\"shown_description\" value=\"Of Go\"");
	desk_assert_text(fixture,
	    "SELECT name || ' ' || slug || ' ' || description FROM tag",
	    "Golang go Of Go");
}

static void
test_series_are_for_editors(void **state)
{
	struct desk_fixture *fixture = *state;

	(void)desk_become(fixture, AUTHOR_ROLE_AUTHOR);

	desk_get(fixture, SERIES);
	desk_assert_status(fixture, 403);
	desk_get(fixture, SERIES "/1");
	desk_assert_status(fixture, 403);
	desk_post(
	    fixture, SERIES "/1", "shown_name", "Alpha", "name", "Taken", NULL);
	desk_assert_status(fixture, 403);
	desk_assert_has(fixture, "Your role does not allow it.");
	desk_assert_has_not(fixture, "did not come from");
	desk_assert_text(fixture, SQL_NAMES, "Alpha|Beta");
	(void)desk_become(fixture, AUTHOR_ROLE_EDITOR);
	desk_get(fixture, SERIES "/1");
	desk_assert_status(fixture, 200);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_series_are_listed_with_their_names),
		TEST(test_series_of_nothing),
		TEST(test_series_of_many_are_found_and_saved),
		TEST(test_series_has_a_page),
		TEST(test_series_gets_another_name),
		TEST(test_series_with_a_wrong_name),
		TEST(test_series_that_was_renamed_meanwhile),
		TEST(test_series_beside_one_that_was_renamed_meanwhile),
		TEST(test_tag_that_was_renamed_meanwhile),
		TEST(test_tag_that_was_described_meanwhile),
		TEST(test_series_are_for_editors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
