/*
 * test_desk_renaming.c - an editor that was opened before a category, a tag, a
 * series or an author got another name means the same ones by what it shows.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk_fixture.h"

#define ARTICLE "/desk/articles/1"

static const char SQL_TERMS[] =
    "SELECT coalesce(c.name, '-') || '|' || coalesce(e.name, '-') || '|' ||"
    " coalesce((SELECT group_concat(name, ',') FROM (SELECT t.name"
    " FROM article_tag g JOIN tag t ON t.id = g.tag_id"
    " WHERE g.article_id = 1 ORDER BY g.position)), '-')"
    " FROM article a"
    " LEFT JOIN category c ON c.id = a.category_id"
    " LEFT JOIN series e ON e.id = a.series_id"
    " WHERE a.id = 1";

static const char SQL_ALL_TERMS[] =
    "SELECT group_concat(name, ',') FROM (SELECT name FROM category"
    " UNION SELECT name FROM series UNION SELECT name FROM tag ORDER BY 1)";

/* The fields of the form that the browser has, as the last page shows them. */
struct shown {
	char *version, *category, *category_shown;
	char *tags, *tags_shown, *series, *series_shown;
};

static struct shown
read_shown(const struct desk_fixture *fixture)
{
	return (struct shown){
		.version = desk_value_after(fixture, "name=\"version\""),
		.category = desk_value_after(fixture, "id=\"field-category\""),
		.category_shown =
		    desk_value_after(fixture, "name=\"category_shown\""),
		.tags = desk_value_after(fixture, "id=\"field-tags\""),
		.tags_shown = desk_value_after(fixture, "name=\"tags_shown\""),
		.series = desk_value_after(fixture, "id=\"field-series\""),
		.series_shown =
		    desk_value_after(fixture, "name=\"series_shown\""),
	};
}

static void
shown_release(struct shown *shown)
{
	g_free(shown->version);
	g_free(shown->category);
	g_free(shown->category_shown);
	g_free(shown->tags);
	g_free(shown->tags_shown);
	g_free(shown->series);
	g_free(shown->series_shown);
}

/* Send that form, with `text`, and other tags unless `tags` is NULL. */
static void
save_shown(struct desk_fixture *fixture, struct shown *shown, const char *tags)
{
	desk_post(fixture, ARTICLE, "version", shown->version, "body", "new",
	    "category", shown->category, "category_shown",
	    shown->category_shown, "tags", tags != NULL ? tags : shown->tags,
	    "tags_shown", shown->tags_shown, "series", shown->series,
	    "series_shown", shown->series_shown, NULL);
	shown_release(shown);
}

/* An article with all of them, and the editor of it. */
static struct shown
open_editor(struct desk_fixture *fixture)
{
	desk_post(fixture, "/desk/articles", "title", "A", "body", "x",
	    "category", "Kitchen", "tags", "one, two, three", "series",
	    "A saga", NULL);
	desk_get(fixture, ARTICLE);
	return read_shown(fixture);
}

static void
rename_all(struct desk_fixture *fixture)
{
	desk_post(fixture, "/desk/settings/categories/1", "name", "Cooking",
	    "slug", "", "description", "", NULL);
	desk_assert_status(fixture, 303);
	desk_post(fixture, "/desk/settings/tags/2", "name", "zwei", "slug", "",
	    "description", "", NULL);
	desk_assert_status(fixture, 303);
	desk_post(
	    fixture, "/desk/settings/series/1", "name", "The legend", NULL);
	desk_assert_status(fixture, 303);
}

static void
test_what_was_renamed_stays_what_it_is(void **state)
{
	struct desk_fixture *fixture = *state;
	struct shown shown = open_editor(fixture);

	rename_all(fixture);

	save_shown(fixture, &shown, NULL);

	desk_assert_goes_to(fixture, ARTICLE "?said=saved");
	desk_assert_text(fixture, "SELECT body FROM article", "new");
	desk_assert_text(
	    fixture, SQL_TERMS, "Cooking|The legend|one,zwei,three");
	desk_assert_text(
	    fixture, SQL_ALL_TERMS, "Cooking,The legend,one,three,zwei");
}

/* What was typed besides is what was typed. */
static void
test_tags_that_were_renamed_beside_typed_ones(void **state)
{
	static const struct {
		const char *typed, *stored;
	} cases[] = {
		{ "one, two, three, four", "one,zwei,three,four" },
		{ "Two,one", "zwei,one" },
		{ "one, three", "one,three" },
		{ "four", "four" },
		{ "two, zwei", "zwei" },
		{ " ", "-" },
	};
	struct desk_fixture *fixture = *state;
	struct shown shown = open_editor(fixture);

	shown_release(&shown);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *wanted =
		    g_strconcat("Kitchen|A saga|", cases[i].stored, NULL);

		desk_run(fixture, "UPDATE tag SET name = 'two', slug = 'two'"
				  " WHERE id = 2");
		desk_get(fixture, ARTICLE);
		shown = read_shown(fixture);
		g_free(shown.tags);
		shown.tags = g_strdup("one, two, three");
		save_shown(fixture, &shown, NULL);
		desk_get(fixture, ARTICLE);
		shown = read_shown(fixture);
		desk_run(fixture, "UPDATE tag SET name = 'zwei', slug = 'zwei'"
				  " WHERE id = 2");

		save_shown(fixture, &shown, cases[i].typed);

		desk_assert_goes_to(fixture, ARTICLE "?said=saved");
		desk_assert_text(fixture, SQL_TERMS, wanted);
	}
}

static void
test_tags_that_have_become_one(void **state)
{
	static const struct {
		const char *id, *into, *typed, *stored;
	} cases[] = {
		{ "2", "3", "one, two, three, four", "one,three,four" },
		{ "2", "4", "one, two, three, five", "one,other,three,five" },
		{ "3", "4", "one, three, two", "one,other,two" },
	};
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct shown shown;
		g_autofree char *path = g_strdup_printf(
		    "/desk/settings/tags/%s/merge", cases[i].id);
		g_autofree char *wanted =
		    g_strconcat("Kitchen|A saga|", cases[i].stored, NULL);

		desk_run(fixture, "DELETE FROM article");
		desk_run(fixture, "DELETE FROM tag");
		shown = open_editor(fixture);
		desk_run(fixture, "INSERT INTO tag (id, slug, name)"
				  " VALUES (4, 'other', 'other')");
		desk_post(fixture, path, "into", cases[i].into, NULL);
		desk_assert_status(fixture, 303);

		save_shown(fixture, &shown, cases[i].typed);

		desk_assert_goes_to(fixture, ARTICLE "?said=saved");
		desk_assert_text(fixture, SQL_TERMS, wanted);
	}
}

/* One of two became the other, and a third got another name. */
static void
test_tag_that_was_renamed_where_two_have_become_one(void **state)
{
	struct desk_fixture *fixture = *state;
	struct shown shown = open_editor(fixture);

	desk_post(fixture, "/desk/settings/tags/1/merge", "into", "2", NULL);
	desk_assert_status(fixture, 303);
	desk_run(fixture, "UPDATE tag SET name = 'drei' WHERE id = 3");

	save_shown(fixture, &shown, "one, two, three, four");

	desk_assert_text(fixture, SQL_TERMS, "Kitchen|A saga|two,four,drei");
}

/* A draft of nothing else is no other than what is stored. */
static void
test_draft_from_before_a_renaming(void **state)
{
	struct desk_fixture *fixture = *state;
	struct shown shown = open_editor(fixture);

	desk_post(fixture, ARTICLE, "version", shown.version, "key", "k",
	    "action", "preview", NULL);
	shown_release(&shown);
	rename_all(fixture);

	desk_get(fixture, ARTICLE);

	desk_assert_has_not(fixture, "that was never saved");
	desk_get(fixture, ARTICLE "/preview?key=k");
	desk_assert_has(fixture, "Cooking");
	desk_assert_has_not(fixture, "Kitchen");
	desk_get(fixture, ARTICLE "?draft=k");
	shown = read_shown(fixture);
	save_shown(fixture, &shown, NULL);
	desk_assert_text(
	    fixture, SQL_TERMS, "Cooking|The legend|one,zwei,three");
}

/* What nobody touched in the form is what somebody else has saved since. */
static void
test_conflict_after_a_renaming(void **state)
{
	struct desk_fixture *fixture = *state;
	struct shown shown = open_editor(fixture);

	rename_all(fixture);
	desk_post(fixture, ARTICLE, "version", "1", "body", "theirs", "tags",
	    "one, zwei, three, four", NULL);
	save_shown(fixture, &shown, NULL);
	desk_assert_status(fixture, 409);
	shown = read_shown(fixture);
	assert_string_equal(shown.category, "Cooking");
	assert_string_equal(shown.series, "The legend");
	assert_string_equal(shown.tags, "one, zwei, three, four");
	assert_string_equal(shown.tags_shown, shown.tags);

	save_shown(fixture, &shown, NULL);

	desk_assert_goes_to(fixture, ARTICLE "?said=saved");
	desk_assert_text(
	    fixture, SQL_TERMS, "Cooking|The legend|one,zwei,three,four");
}

/* What was typed in a conflict stays typed. */
static void
test_conflict_with_typed_names(void **state)
{
	struct desk_fixture *fixture = *state;
	struct shown shown = open_editor(fixture);

	desk_post(fixture, ARTICLE, "version", "1", "tags", "one, four", NULL);
	save_shown(fixture, &shown, "one, two, mine");
	desk_assert_status(fixture, 409);
	shown = read_shown(fixture);

	assert_string_equal(shown.tags, "one, two, mine");
	assert_string_equal(shown.tags_shown, "one, four");
	shown_release(&shown);
}

/* ---- by a script ---- */

/* Send `fields` of a form to `path` as the script does. */
static void
send_by_script(
    struct desk_fixture *fixture, const char *path, const char *fields)
{
	g_autofree char *token = desk_form_token(fixture);
	g_autofree char *header =
	    g_strconcat("HTTP_X_FORM_TOKEN=", token, NULL);

	desk_ask(fixture, "POST", path, fields, header, NULL);
	desk_assert_status(fixture, 200);
}

/* The same editor goes on with what a save tells it. */
static void
test_script_is_told_what_its_names_mean(void **state)
{
	struct desk_fixture *fixture = *state;
	struct shown shown = open_editor(fixture);

	shown_release(&shown);
	(void)desk_become(fixture, AUTHOR_ROLE_EDITOR);

	send_by_script(fixture, ARTICLE,
	    "version=1&title=A&body=y&authors=Ada+Lovelace,Grace"
	    "&authors_shown=Ada+Lovelace&author_ids=1"
	    "&category=Kitchen&category_shown=Kitchen&tags=one,four"
	    "&tags_shown=one,+two,+three&series=&series_shown=A+saga");

	desk_assert_has(fixture,
	    "\"fields\":[[\"version\",\"2\"],"
	    "[\"authors_shown\",\"Ada Lovelace, Grace\"],"
	    "[\"author_ids\",\"1,2\"],[\"category_shown\",\"Kitchen\"],"
	    "[\"tags_shown\",\"one, four\"],[\"series_shown\",\"\"]]");
	desk_run(fixture, "UPDATE author SET name = 'Admiral' WHERE id = 2");
	desk_run(fixture, "UPDATE tag SET name = 'vier' WHERE name = 'four'");
	send_by_script(fixture, ARTICLE,
	    "version=2&title=A&body=z&authors=Ada+Lovelace,Grace"
	    "&authors_shown=Ada+Lovelace,+Grace&author_ids=1,2"
	    "&category=Kitchen&category_shown=Kitchen&tags=one,four,five"
	    "&tags_shown=one,+four&series=&series_shown=");
	desk_assert_text(fixture, SQL_TERMS, "Kitchen|-|one,vier,five");
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article_author"), 2);
}

/* A draft changes nothing that is stored: what its names mean, neither. */
static void
test_script_that_keeps_a_draft_is_told_the_same_again(void **state)
{
	struct desk_fixture *fixture = *state;
	struct shown shown = open_editor(fixture);

	shown_release(&shown);

	send_by_script(fixture, ARTICLE "/autosave",
	    "version=1&key=k&title=A&body=y&authors=Ada+Lovelace"
	    "&authors_shown=Ada+Lovelace&author_ids=1"
	    "&category=Other&category_shown=Kitchen&tags=one"
	    "&tags_shown=one,+two,+three&series=&series_shown=A+saga");

	desk_assert_has(fixture, "[\"category_shown\",\"Kitchen\"],"
				 "[\"tags_shown\",\"one, two, three\"],"
				 "[\"series_shown\",\"A saga\"]]");
	desk_assert_has(fixture, "[\"version\",\"1\"]");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, desk_fixture_set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_was_renamed_stays_what_it_is),
		TEST(test_tags_that_were_renamed_beside_typed_ones),
		TEST(test_tags_that_have_become_one),
		TEST(test_tag_that_was_renamed_where_two_have_become_one),
		TEST(test_draft_from_before_a_renaming),
		TEST(test_conflict_after_a_renaming),
		TEST(test_conflict_with_typed_names),
		TEST(test_script_is_told_what_its_names_mean),
		TEST(test_script_that_keeps_a_draft_is_told_the_same_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
