/*
 * test_desk_articles.c - the editor, and saving: what was typed is stored, or
 * comes back with what is wrong with it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk_fixture.h"

/* `count` times `part`. The caller frees it. */
static char *
repeat(const char *part, int count)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < count; i++)
		g_string_append(text, part);
	return g_string_free(text, FALSE);
}

/* Save article `id` from `version`: more names and values, ended by NULL. */
static void
save(struct desk_fixture *fixture, int64_t id, const char *version,
    const char *name, const char *value)
{
	g_autofree char *path = desk_article_path(id, "");

	desk_post(fixture, path, "version", version, name, value, NULL);
}

/* ---- a new article ---- */

static void
test_create_stores_what_was_typed(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_get(fixture, "/desk/articles/new");
	desk_assert_status(fixture, 200);
	desk_post(fixture, "/desk/articles", "title", "Tea & Coffee", "body",
	    "# One\r\n\r\nTwo *lines*\r\n", "excerpt", "About both", "category",
	    "Drinks", "tags", "Hot, Caf\xc3\xa9,hot", "language", "de",
	    "cover_path", "/media/a.png", "cover_alt", "A cup", "canonical_url",
	    "https://example.net/tea", NULL);

	desk_assert_goes_to(fixture, "/desk/articles/1?said=saved");
	desk_assert_text(fixture, "SELECT title FROM article", "Tea & Coffee");
	desk_assert_text(fixture, "SELECT slug FROM article", "tea-coffee");
	/* A browser ends lines with CR LF, whatever an author typed. */
	desk_assert_text(
	    fixture, "SELECT body FROM article", "# One\n\nTwo *lines*\n");
	desk_assert_text(fixture, "SELECT summary FROM article", "About both");
	desk_assert_text(fixture, "SELECT status FROM article", "draft");
	desk_assert_text(fixture, "SELECT language FROM article", "de");
	desk_assert_text(
	    fixture, "SELECT cover_path FROM article", "/media/a.png");
	desk_assert_text(fixture, "SELECT cover_alt FROM article", "A cup");
	desk_assert_text(fixture, "SELECT canonical_url FROM article",
	    "https://example.net/tea");
	desk_assert_text(fixture, "SELECT name FROM category", "Drinks");
	desk_assert_text(fixture,
	    "SELECT group_concat(t.name)"
	    " FROM article_tag g JOIN tag t ON t.id = g.tag_id",
	    "Hot,Caf\xc3\xa9");
	assert_int_equal(
	    desk_integer(fixture, "SELECT author_id FROM article_author"),
	    fixture->owner_id);
	assert_int_equal(
	    desk_integer(fixture, "SELECT author_id FROM revision"),
	    fixture->owner_id);
}

static void
test_create_a_page(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "About", "body", "x",
	    "kind", "page", NULL);

	desk_assert_goes_to(fixture, "/desk/articles/1?said=saved");
	desk_assert_text(fixture, "SELECT path FROM article", "/about");
}

/* It gets a title and an address, so that nothing waits for one. */
static void
test_create_without_a_title(void **state)
{
	static const char *const titles[] = { "", "   ", "\t\xc2\xa0 " };
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
		desk_post(fixture, "/desk/articles", "title", titles[i], "body",
		    "Text", NULL);
		desk_assert_status(fixture, 303);
	}
	assert_int_equal(desk_integer(fixture, "SELECT count(*)"
					       " FROM article"
					       " WHERE title = 'Untitled'"),
	    3);
	desk_assert_text(fixture,
	    "SELECT group_concat(slug) FROM (SELECT slug"
	    " FROM article ORDER BY id)",
	    "article,article-2,article-3");
}

static void
test_create_with_a_title_without_letters(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "\xf0\x9f\xa6\x80", "x");
	desk_article(fixture, "\xf0\x9f\xa6\x80", "x");
	desk_article(fixture, "\xe6\x97\xa5\xe6\x9c\xac", "x");

	desk_assert_text(fixture,
	    "SELECT group_concat(slug) FROM (SELECT slug"
	    " FROM article ORDER BY id)",
	    "article,article-2,\xe6\x97\xa5\xe6\x9c\xac");
}

/* White space around a category is none, and a comma is no tag. */
static void
test_create_with_names_of_nothing(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "A", "body", "x",
	    "category", "  \xc2\xa0 ", "tags", " , ,,\xc2\xa0,", NULL);

	desk_assert_status(fixture, 303);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM category"), 0);
	assert_int_equal(desk_integer(fixture, "SELECT count(*) FROM tag"), 0);
}

static void
test_create_with_tags_of_emoji(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "A", "body", "x", "tags",
	    "\xf0\x9f\xa6\x80, \xe2\x9d\xa4\xef\xb8\x8f,\xf0\x9f\xa6\x80",
	    NULL);

	desk_assert_status(fixture, 303);
	desk_assert_text(fixture,
	    "SELECT group_concat(slug) FROM (SELECT slug FROM tag ORDER BY id)",
	    "u-1f980,u-2764-fe0f");
}

/* ---- the same form, sent again ---- */

/* A double click, or a browser that tries again: one article, one answer. */
static void
test_form_sent_twice_is_one_article(void **state)
{
	static const char *const titles[] = { "Once", "  Twice  of it ", "",
		"Cafe\xcc\x81" };
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
		g_autofree char *key = g_strdup_printf("key-%d", (int)i);
		g_autofree char *path =
		    g_strdup_printf("/desk/articles/%d?said=saved", (int)i + 1);

		for (int k = 0; k < 3; k++) {
			desk_post(fixture, "/desk/articles", "key", key,
			    "title", titles[i], "body", "One\r\nTwo", "tags",
			    "a, b", "category", "C", NULL);
			desk_assert_goes_to(fixture, path);
		}
	}
	assert_int_equal(desk_integer(fixture, "SELECT count(*) FROM article"),
	    (int64_t)G_N_ELEMENTS(titles));
	assert_int_equal(
	    desk_integer(fixture, "SELECT max(version) FROM article"), 1);
}

/* What differs in any field is not thrown away: it is shown, and saved if its
 * author wants it. */
static void
test_form_sent_with_something_else_is_a_conflict(void **state)
{
	static const char *const others[][2] = { { "body", "Other" },
		{ "title", "Other" }, { "excerpt", "Other" },
		{ "category", "Other" }, { "tags", "Other" },
		{ "slug", "other" }, { "kind", "page" }, { "language", "de" },
		{ "cover_path", "/media/o.png" }, { "cover_alt", "Other" },
		{ "canonical_url", "https://example.net/o" } };
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "key", "key", "title", "A", "body",
	    "Text", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		/* Of two fields of one name the first one counts. */
		desk_post(fixture, "/desk/articles", "key", "key", others[i][0],
		    others[i][1], "title", "A", "body", "Text", NULL);
		if (fixture->answer.status != 409)
			fail_msg("another %s: %d", others[i][0],
			    fixture->answer.status);
		desk_assert_has(fixture, others[i][1]);
		desk_assert_has(fixture, "action=\"/desk/articles/1\"");
	}
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article"), 1);
	assert_int_equal(
	    desk_integer(fixture, "SELECT version FROM article"), 1);
}

/* Who knows the key of another author's form sees nothing of what it made, and
 * loses nothing. */
static void
test_form_with_the_key_of_another_author(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "key", "key", "title", "Secret",
	    "body", "Of Ada", NULL);
	desk_become(fixture, AUTHOR_ROLE_AUTHOR);

	desk_post(fixture, "/desk/articles", "key", "key", "title", "Mine",
	    "body", "Of Grace", NULL);

	desk_assert_status(fixture, 403);
	desk_assert_has_not(fixture, "Of Ada");
	desk_assert_has(fixture, "Of Grace");
	desk_assert_text(fixture, "SELECT body FROM article", "Of Ada");
}

/* ---- what is wrong comes back with what was typed ---- */

struct wrong {
	const char *name, *value;
	const char *said; /* beside the field */
};

static void
test_what_is_wrong_stands_beside_its_field(void **state)
{
	g_autofree char *long_title = repeat("x", 501);
	g_autofree char *longest = repeat("\xf0\x9f\xa6\x80", 10000);
	g_autofree char *long_tag = repeat("t", 101);
	g_autofree char *long_category = repeat("c", 101);
	g_autofree char *long_excerpt = repeat("e", 5001);
	const struct wrong wrongs[] = {
		{ "title", long_title, "id=\"problem-title\"" },
		{ "title", longest, "id=\"problem-title\"" },
		{ "slug", "Not A Slug", "id=\"problem-slug\"" },
		{ "slug", "-a", "id=\"problem-slug\"" },
		{ "excerpt", long_excerpt, "id=\"problem-excerpt\"" },
		{ "category", long_category, "id=\"problem-category\"" },
		{ "tags", long_tag, "id=\"problem-tags\"" },
		{ "language", "no language", "id=\"problem-language\"" },
		{ "canonical_url", "javascript:alert(1)",
		    "id=\"problem-canonical_url\"" },
	};
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		desk_post(fixture, "/desk/articles", wrongs[i].name,
		    wrongs[i].value, "title", "Typed title", "body",
		    "Typed <body>", "key", "the-key", NULL);
		desk_assert_status(fixture, 422);
		desk_assert_has(fixture, wrongs[i].said);
		desk_assert_has(fixture, "Typed &lt;body&gt;");
		desk_assert_has(fixture, wrongs[i].value);
		desk_assert_has(fixture, "value=\"the-key\"");
	}
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article"), 0);
}

static void
test_too_many_tags(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autoptr(GString) tags = g_string_new(NULL);

	for (int i = 0; i < 64; i++)
		g_string_append_printf(tags, "tag %d, ", i);
	desk_post(fixture, "/desk/articles", "title", "A", "body", "x", "tags",
	    tags->str, NULL);
	desk_assert_status(fixture, 303);

	g_string_append(tags, "one more");
	desk_post(fixture, "/desk/articles", "title", "B", "body", "x", "tags",
	    tags->str, NULL);
	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "id=\"problem-tags\"");
	desk_assert_has(fixture, "at most 64 tags");
	desk_assert_has(fixture, "tag 63, one more");
}

static void
test_slug_of_another_article(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = desk_article(fixture, "First", "x");

	desk_post(fixture, "/desk/articles", "title", "Other", "slug", "first",
	    "body", "Typed", NULL);
	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "id=\"problem-slug\"");
	desk_assert_has(fixture, "Another article has the slug first already.");
	desk_assert_has(fixture, "Typed");

	desk_run(fixture, "UPDATE article SET trashed_at = 5");
	desk_post(fixture, "/desk/articles", "title", "Other", "slug", "first",
	    "body", "Typed", NULL);
	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "in the trash");
	assert_int_equal(id, 1);
}

static void
test_slug_that_is_an_address_of_ours(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "Tags", "kind", "page",
	    "body", "Typed", NULL);

	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "/tags is an address that Byline answers");
	desk_assert_has(fixture, "Typed");
	desk_assert_has(fixture, "<option value=\"page\" selected>");
}

/* A text that is too large to render, in a form that is not too large. */
static void
test_body_that_cannot_be_rendered(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *lists = repeat("- ", 6000);
	g_autofree char *lines = repeat("\n", 60000);
	g_autofree char *body = g_strconcat(lists, "x", lines, NULL);

	desk_post(fixture, "/desk/articles", "title", "A", "body", body, NULL);

	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "id=\"problem-body\"");
	desk_assert_has(fixture, lists);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article"), 0);
}

/* What a form may hold is one megabyte: what to do is said, and the server
 * keeps nothing of it. */
static void
test_form_that_is_too_large(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *body = repeat("x", (1 << 20) + 1);

	desk_post(fixture, "/desk/articles", "title", "A", "body", body, NULL);

	desk_assert_status(fixture, 413);
	desk_assert_has(fixture, "what you typed is still in your browser");
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article"), 0);
}

/* ---- saving again ---- */

static void
test_update_what_was_sent_alone(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "A", "body", "Text",
	    "tags", "One", "category", "Two", "language", "de", NULL);
	save(fixture, 1, "1", "title", "B");

	desk_assert_goes_to(fixture, "/desk/articles/1?said=saved");
	desk_assert_text(fixture, "SELECT title FROM article", "B");
	desk_assert_text(fixture, "SELECT body FROM article", "Text");
	desk_assert_text(fixture, "SELECT name FROM category", "Two");
	desk_assert_text(fixture, "SELECT language FROM article", "de");
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article_tag"), 1);
	assert_int_equal(
	    desk_integer(fixture, "SELECT version FROM article"), 2);
}

/* What was typed goes through the form and back as it was. */
static void
test_editor_gives_back_what_is_stored(void **state)
{
	static const char *const bodies[] = { "", "\n", "\n\nTwo\n\n",
		"</textarea><script>", "&amp; \"quoted\" 'it'", "a\tb",
		"\xf0\x9f\xa6\x80 \xe2\x80\xa8 \xc2\xa0" };
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_autofree char *title = g_strdup_printf("Number %d", (int)i);
		int64_t id = desk_article(fixture, title, bodies[i]);
		g_autofree char *path = desk_article_path(id, "");
		const char *begin;
		g_autoptr(GString) shown = NULL;

		desk_get(fixture, path);
		begin = strstr(fixture->answer.body->str, "name=\"body\"");
		begin = strchr(begin, '>') + 1;
		/* A browser drops the first line end. */
		assert_int_equal(*begin, '\n');
		begin++;
		shown = g_string_new_len(
		    begin, strstr(begin, "</textarea>") - begin);
		g_string_replace(shown, "&lt;", "<", 0);
		g_string_replace(shown, "&gt;", ">", 0);
		g_string_replace(shown, "&quot;", "\"", 0);
		g_string_replace(shown, "&#39;", "'", 0);
		g_string_replace(shown, "&amp;", "&", 0);
		assert_string_equal(shown->str, bodies[i]);
	}
}

static void
test_update_changes_the_address(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = desk_article(fixture, "First", "x");

	save(fixture, id, "1", "slug", "second");
	desk_assert_status(fixture, 303);
	desk_assert_text(
	    fixture, "SELECT path FROM article", "/articles/second");
	assert_int_equal(desk_integer(fixture, "SELECT article_id"
					       " FROM redirect"
					       " WHERE path = "
					       "'/articles/first'"),
	    id);
	/* An empty one is made of the title again. */
	save(fixture, id, "2", "slug", "");
	desk_assert_text(
	    fixture, "SELECT path FROM article", "/articles/first");
}

/* Two tabs: the second one gets both texts, and nothing is thrown away. */
static void
test_update_from_an_older_version(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id =
	    desk_article(fixture, "A", "One line.\n\nThe stored words.\n");
	g_autofree char *version = NULL;

	save(fixture, id, "1", "body", "One line.\n\nThe newer words.\n");
	save(fixture, id, "1", "body", "One line.\n\nThe typed words.\n");

	desk_assert_status(fixture, 409);
	desk_assert_has(fixture, "<del>newer</del>");
	desk_assert_has(fixture, "<ins>typed</ins>");
	desk_assert_has(fixture, "The typed words.\n</textarea>");
	desk_assert_text(fixture, "SELECT body FROM article",
	    "One line.\n\nThe newer words.\n");
	/* To save it again is a decision. */
	version = desk_value_after(fixture, "name=\"version\"");
	assert_string_equal(version, "2");
	save(fixture, id, version, "body", "One line.\n\nThe typed words.\n");
	desk_assert_status(fixture, 303);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM revision"), 3);
}

static void
test_update_from_no_version(void **state)
{
	static const char *const versions[] = { "", "x", "-1", "0", "2",
		"99999999999999999999" };
	struct desk_fixture *fixture = *state;
	int64_t id = desk_article(fixture, "A", "Text");

	for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
		save(fixture, id, versions[i], "body", "Other");
		desk_assert_status(fixture, 409);
	}
	desk_assert_text(fixture, "SELECT body FROM article", "Text");
}

static void
test_update_what_is_not_there(void **state)
{
	static const char *const paths[] = { "/desk/articles/4711",
		"/desk/articles/0", "/desk/articles/-1", "/desk/articles/x",
		"/desk/articles/99999999999999999999" };
	struct desk_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		desk_get(fixture, paths[i]);
		desk_assert_status(fixture, 404);
		desk_post(
		    fixture, paths[i], "version", "1", "body", "Typed", NULL);
		desk_assert_status(fixture, 404);
		desk_assert_has(fixture, "Typed");
	}
}

static void
test_update_after_its_category_was_deleted(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "A", "body", "x",
	    "category", "Gone", NULL);
	desk_run(fixture, "DELETE FROM category");

	desk_get(fixture, "/desk/articles/1");
	desk_assert_status(fixture, 200);
	save(fixture, 1, "1", "body", "y");
	desk_assert_status(fixture, 303);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM category"), 0);
}

/* Whoever saves, an article stays its author's. */
static void
test_update_by_an_editor(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t author = desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	int64_t id = desk_article(fixture, "A", "x");
	int64_t editor = desk_become(fixture, AUTHOR_ROLE_EDITOR);

	save(fixture, id, "1", "body", "y");

	desk_assert_status(fixture, 303);
	assert_int_equal(
	    desk_integer(fixture, "SELECT author_id FROM article_author"),
	    author);
	assert_int_equal(desk_integer(fixture, "SELECT author_id FROM revision"
					       " WHERE version = 2"),
	    editor);
}

static void
test_save_and_go_on_to_publishing(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = desk_article(fixture, "A", "x");

	desk_post(fixture, "/desk/articles/1", "version", "1", "body", "y",
	    "action", "publish", NULL);

	desk_assert_goes_to(fixture, "/desk/articles/1/publication");
	desk_assert_text(fixture, "SELECT body FROM article", "y");
	desk_assert_text(fixture, "SELECT status FROM article", "draft");

	/* And again: nothing is another, nor is there another revision. */
	fixture->now += 60;
	save(fixture, id, "2", "action", "publish");
	desk_assert_goes_to(fixture, "/desk/articles/1/publication");
	save(fixture, id, "2", "body", "y");
	desk_assert_goes_to(fixture, "/desk/articles/1?said=saved");
	assert_int_equal(
	    desk_integer(fixture, "SELECT max(version) FROM revision"), 2);
	assert_int_equal(desk_integer(fixture,
			     "SELECT version FROM article WHERE updated_at ="
			     " (SELECT max(created_at) FROM revision)"),
	    2);
}

/* ---- the trash ---- */

static void
test_trash_and_back(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = desk_article(fixture, "A", "x");
	g_autofree char *trash = desk_article_path(id, "/trash");
	g_autofree char *restore = desk_article_path(id, "/restore");

	desk_post(fixture, trash, NULL);
	desk_assert_goes_to(fixture, "/desk/articles?list=trash&said=trashed");
	desk_get(fixture, "/desk/articles?list=trash&said=trashed");
	desk_assert_has(fixture, "Moved to the trash");
	desk_assert_has(fixture, "<a href=\"/desk/articles/1\">A</a>");
	assert_int_equal(
	    desk_integer(fixture, "SELECT trashed_at FROM article"),
	    fixture->now);
	/* Twice is as good as once. */
	desk_post(fixture, trash, NULL);
	desk_assert_status(fixture, 303);

	desk_post(fixture, restore, NULL);
	desk_assert_goes_to(fixture, "/desk/articles/1?said=untrashed");
	assert_int_equal(desk_integer(fixture, "SELECT count(*) FROM article"
					       " WHERE trashed_at IS NULL"),
	    1);
	desk_post(fixture, restore, NULL);
	desk_assert_goes_to(fixture, "/desk/articles/1?said=untrashed");
}

/* What was waiting for its time waits no more: that may have passed. */
static void
test_scheduled_one_comes_back_as_a_draft(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = desk_article(fixture, "A", "x");
	g_autofree char *restore = desk_article_path(id, "/restore");

	desk_run(fixture, "UPDATE article SET status = 'scheduled',"
			  " published_at = 1780086400, year = 2026,"
			  " trashed_at = 5");
	fixture->now += 2 * DESK_DAY;
	desk_post(fixture, restore, NULL);

	desk_assert_status(fixture, 303);
	desk_assert_text(fixture, "SELECT status FROM article", "draft");
}

/* What is saved into the trash would go with it. */
static void
test_save_in_the_trash(void **state)
{
	struct desk_fixture *fixture = *state;
	int64_t id = desk_article(fixture, "A", "x");

	desk_run(fixture, "UPDATE article SET trashed_at = 5");
	save(fixture, id, "1", "body", "y");

	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "take it out first");
	desk_assert_text(fixture, "SELECT body FROM article", "x");
	/* What was typed can be sent again. */
	desk_assert_has(fixture, "value=\"save\"");
	desk_get(fixture, "/desk/articles/1");
	desk_assert_has(fixture, "In the trash");
	desk_assert_has(fixture, "<button type=\"submit\" form=\"trashing\">"
				 "Take it out of the trash</button>");
	desk_assert_has_not(fixture, "value=\"save\"");
	desk_assert_has_not(fixture, "value=\"publish\"");
	desk_get(fixture, "/desk/articles?list=trash");
	desk_assert_has(fixture, ">since January 1, 1970");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, desk_fixture_set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_create_stores_what_was_typed),
		TEST(test_create_a_page),
		TEST(test_create_without_a_title),
		TEST(test_create_with_a_title_without_letters),
		TEST(test_create_with_names_of_nothing),
		TEST(test_create_with_tags_of_emoji),
		TEST(test_form_sent_twice_is_one_article),
		TEST(test_form_sent_with_something_else_is_a_conflict),
		TEST(test_form_with_the_key_of_another_author),
		TEST(test_what_is_wrong_stands_beside_its_field),
		TEST(test_too_many_tags),
		TEST(test_slug_of_another_article),
		TEST(test_slug_that_is_an_address_of_ours),
		TEST(test_body_that_cannot_be_rendered),
		TEST(test_form_that_is_too_large),
		TEST(test_update_what_was_sent_alone),
		TEST(test_editor_gives_back_what_is_stored),
		TEST(test_update_changes_the_address),
		TEST(test_update_from_an_older_version),
		TEST(test_update_from_no_version),
		TEST(test_update_what_is_not_there),
		TEST(test_update_after_its_category_was_deleted),
		TEST(test_update_by_an_editor),
		TEST(test_save_and_go_on_to_publishing),
		TEST(test_trash_and_back),
		TEST(test_scheduled_one_comes_back_as_a_draft),
		TEST(test_save_in_the_trash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
