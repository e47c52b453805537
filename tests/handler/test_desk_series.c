/*
 * test_desk_series.c - series get other names, all of them or none.
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

/* Two series: "Saga" of two articles, "Tale" of one. */
static int
set_up(void **state)
{
	static const char *const names[] = { "Saga", "Tale", "Saga" };
	struct desk_fixture *fixture;

	desk_fixture_set_up(state);
	fixture = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		desk_post(fixture, "/desk/articles", "title", "One", "body",
		    "x", "series", names[i], NULL);
	return 0;
}

static void
test_series_are_listed_with_their_names(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, SERIES);

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "Saga, 2 articles");
	desk_assert_has(fixture, "name=\"name-1\" value=\"Saga\"");
	desk_assert_has(fixture, "name=\"name-2\" value=\"Tale\"");
	desk_assert_has(fixture, "aria-current=\"page\">Series</a>");
}

static void
test_series_of_nothing(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_run(fixture, "UPDATE article SET series_id = NULL");

	desk_get(fixture, SERIES);

	desk_assert_has(fixture, "No article is in a series yet.");
	desk_assert_has_not(fixture, "action=\"/desk/settings/series\"");
}

static void
test_series_get_other_names(void **state)
{
	struct desk_fixture *fixture = *state;

	/* Of the second nothing is said: it came since. */
	desk_post(fixture, SERIES, "name-1", " The  <Saga> ", NULL);

	desk_assert_goes_to(fixture, SERIES "?said=saved");
	desk_assert_text(fixture, SQL_NAMES, "The <Saga>|Tale");
	desk_get(fixture, SERIES);
	desk_assert_has(fixture, "value=\"The &lt;Saga&gt;\"");
	desk_get(fixture, "/desk/articles/1");
	desk_assert_has(fixture, "name=\"series\" value=\"The &lt;Saga&gt;\"");
}

static void
test_series_with_a_wrong_name_changes_none(void **state)
{
	static const struct {
		const char *name, *words;
	} cases[] = {
		{ "", "A series needs a name." },
		{ "saga 2", "Another series is called saga 2." },
	};
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		desk_post(fixture, SERIES, "name-1", "Saga 2", "name-2",
		    cases[i].name, NULL);

		desk_assert_status(fixture, 422);
		desk_assert_has(fixture, cases[i].words);
		desk_assert_has(fixture, "id=\"problem-name-2\"");
		desk_assert_has(fixture, "name=\"name-1\" value=\"Saga 2\"");
		desk_assert_text(fixture, SQL_NAMES, "Saga|Tale");
	}
}

static void
test_series_are_for_editors(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_become(fixture, AUTHOR_ROLE_AUTHOR);

	desk_get(fixture, SERIES);
	desk_assert_status(fixture, 403);
	desk_post(fixture, SERIES, "name-1", "Taken", NULL);
	desk_assert_status(fixture, 403);
	desk_assert_text(fixture, SQL_NAMES, "Saga|Tale");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_series_are_listed_with_their_names),
		TEST(test_series_of_nothing),
		TEST(test_series_get_other_names),
		TEST(test_series_with_a_wrong_name_changes_none),
		TEST(test_series_are_for_editors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
