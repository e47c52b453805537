/*
 * test_desk_draft.c - what is typed and not saved yet is kept beside what is,
 * and shown as it will look; readers see nothing of it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "desk_fixture.h"

#define ARTICLE "/desk/articles/1"

/* A text that takes too long to render. The caller frees it. */
static char *
make_hard_text(void)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < 6000; i++)
		g_string_append(text, "- ");
	g_string_append(text, "x");
	for (int i = 0; i < 60000; i++)
		g_string_append(text, "\n");
	return g_string_free(text, FALSE);
}

/* The last answer, which is JSON. The caller unrefs it. */
static json_t *
read_json(const struct desk_fixture *fixture)
{
	json_error_t error;
	json_t *json = json_loads(fixture->answer.body->str, 0, &error);

	assert_string_equal(answer_header(&fixture->answer, "Content-Type"),
	    "application/json; charset=utf-8");
	if (json == NULL)
		fail_msg("%s", error.text);
	return json;
}

static void
keep(struct desk_fixture *fixture, const char *key, const char *body)
{
	desk_post(fixture, ARTICLE "/autosave", "version", "1", "key", key,
	    "title", "Kept title", "body", body, NULL);
	desk_assert_status(fixture, 200);
}

/* ---- keeping ---- */

static void
test_autosave_keeps_and_changes_nothing(void **state)
{
	struct desk_fixture *fixture = *state;
	json_t *json;
	int64_t generation;

	desk_article(fixture, "A", "Stored");
	desk_post(fixture, ARTICLE "/publication", "action", "publish", NULL);
	generation = desk_integer(fixture, "SELECT generation FROM blog");
	keep(fixture, "key", "Typed\r\n& more");

	json = read_json(fixture);
	assert_int_equal(json_integer_value(json_object_get(json, "id")), 1);
	assert_int_equal(
	    json_integer_value(json_object_get(json, "version")), 1);
	json_decref(json);
	desk_assert_text(fixture, "SELECT body FROM article", "Stored");
	desk_assert_text(fixture, "SELECT status FROM article", "published");
	assert_int_equal(
	    desk_integer(fixture, "SELECT generation FROM blog"), generation);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM autosave"), 1);
}

/* The tab was closed: who comes back is asked, and goes on or does not. */
static void
test_kept_draft_is_offered_and_gone_on_with(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Stored");
	keep(fixture, "key", "Typed & \"kept\"");

	desk_get(fixture, ARTICLE);
	desk_assert_has(
	    fixture, "There is a draft of yours from May 28, 2026, 20:26");
	desk_assert_has(fixture, "Stored</textarea>");
	desk_post(fixture, ARTICLE "/draft", "key", "key", "action", "continue",
	    NULL);
	desk_assert_goes_to(fixture, ARTICLE "?draft=key");
	desk_get(fixture, ARTICLE "?draft=key");
	desk_assert_has(fixture, "Typed &amp; &quot;kept&quot;</textarea>");
	desk_assert_has(fixture, "Kept title</textarea>");
	desk_assert_has(fixture, "name=\"version\" value=\"1\"");
	desk_assert_has(fixture, "name=\"key\" value=\"key\"");
	desk_assert_has_not(fixture, "There is a draft of yours");
}

static void
test_kept_draft_is_thrown_away(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Stored");
	keep(fixture, "key", "Typed");
	keep(fixture, "other", "Typed elsewhere");

	desk_post(
	    fixture, ARTICLE "/draft", "key", "key", "action", "discard", NULL);
	desk_assert_goes_to(fixture, ARTICLE "?said=discarded");
	desk_assert_text(
	    fixture, "SELECT group_concat(editor_key) FROM autosave", "other");
	/* Its address was in the history: what is stored is shown. */
	desk_get(fixture, ARTICLE "?draft=key");
	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "Stored</textarea>");
}

static void
test_saving_ends_the_draft_of_that_editor(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Stored");
	keep(fixture, "key", "Typed");
	keep(fixture, "other", "Typed elsewhere");

	desk_post(fixture, ARTICLE, "version", "1", "key", "key", "body",
	    "Typed", NULL);

	desk_assert_status(fixture, 303);
	desk_assert_text(
	    fixture, "SELECT group_concat(editor_key) FROM autosave", "other");
}

/* A draft that began from an older text than the stored one is no reason to
 * write over that. */
static void
test_draft_of_an_older_version(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *version = NULL;

	desk_article(fixture, "A", "Stored");
	keep(fixture, "key", "Typed");
	desk_post(fixture, ARTICLE, "version", "1", "body", "Newer", NULL);

	desk_get(fixture, ARTICLE "?draft=key");
	version = desk_value_after(fixture, "name=\"version\"");
	assert_string_equal(version, "1");
	desk_post(fixture, ARTICLE, "version", version, "key", "key", "body",
	    "Typed", NULL);
	desk_assert_status(fixture, 409);
	desk_assert_text(fixture, "SELECT body FROM article", "Newer");
}

/* What one has typed another does not see, nor write over. */
static void
test_draft_is_its_authors_alone(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Stored");
	keep(fixture, "key", "Of Ada");
	desk_become(fixture, AUTHOR_ROLE_EDITOR);

	desk_get(fixture, ARTICLE);
	desk_assert_has_not(fixture, "There is a draft of yours");
	desk_get(fixture, ARTICLE "?draft=key");
	desk_assert_has_not(fixture, "Of Ada");
	keep(fixture, "key", "Of Grace");
	desk_post(
	    fixture, ARTICLE "/draft", "key", "key", "action", "discard", NULL);
	desk_become_owner(fixture);
	desk_get(fixture, ARTICLE "?draft=key");
	desk_assert_has(fixture, "Of Ada</textarea>");
}

static void
test_draft_in_the_article_of_another_author(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Stored");
	desk_become(fixture, AUTHOR_ROLE_AUTHOR);
	desk_post(fixture, ARTICLE "/autosave", "version", "1", "key", "key",
	    "body", "Typed", NULL);

	desk_assert_status(fixture, 403);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM autosave"), 0);
}

/* What no form of ours has sent is answered all the same. */
static void
test_keys_that_are_none(void **state)
{
	static const char *const keys[] = { "", "a b", "a&said=trashed",
		"a\r\nSet-Cookie: a=b", "../x", "\xc3\xa4",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxxxx" };
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Stored");
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		desk_post(fixture, ARTICLE "/draft", "key", keys[i], "action",
		    "continue", NULL);
		desk_assert_status(fixture, 400);
		desk_post(fixture, ARTICLE, "version", "1", "key", keys[i],
		    "action", "preview", "body", "Typed", NULL);
		desk_assert_status(fixture, 303);
		assert_null(
		    strpbrk(answer_header(&fixture->answer, "Location") +
				strlen(ARTICLE "?draft="),
			"\r\n ;/"));
	}
	desk_post(fixture, "/desk/articles", "title", "B", "body", "x", "key",
	    keys[6], NULL);
	desk_assert_status(fixture, 303);
	assert_in_range(desk_integer(fixture, "SELECT max(length("
					      "creation_key)) FROM article"),
	    40, 64);
}

/* ---- a new article ---- */

/* It is there from the first words on, so that there is something to keep; the
 * same editor goes on with the same article. */
static void
test_autosave_of_a_new_article(void **state)
{
	struct desk_fixture *fixture = *state;
	json_t *json;

	for (int i = 0; i < 3; i++) {
		desk_post(fixture, "/desk/articles/new/autosave", "key", "key",
		    "title", "First words", "body", "Typed", NULL);
		desk_assert_status(fixture, 200);
		json = read_json(fixture);
		assert_int_equal(
		    json_integer_value(json_object_get(json, "id")), 1);
		assert_int_equal(
		    json_integer_value(json_object_get(json, "version")), 1);
		json_decref(json);
	}
	desk_assert_text(fixture, "SELECT status FROM article", "draft");
	desk_assert_text(fixture, "SELECT slug FROM article", "first-words");
	/* The answer was lost: saving says so, and the other text is there. */
	desk_post(fixture, "/desk/articles", "key", "key", "title",
	    "First words", "body", "Typed and more", NULL);
	desk_assert_status(fixture, 409);
	desk_assert_has(fixture, "Typed and more</textarea>");
	/* Sent as it was kept, it is done. */
	desk_post(fixture, "/desk/articles", "key", "key", "title",
	    "First words", "body", "Typed", NULL);
	desk_assert_goes_to(fixture, "/desk/articles/1?said=saved");
}

/* Whatever is wrong with it is said when it is saved; until then it is kept as
 * it was typed, and offered to who comes back. */
static void
test_autosave_of_a_new_article_that_cannot_be_saved(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *title = g_strnfill(10000, 'x');
	g_autofree char *hard = make_hard_text();
	const char *const wrongs[][2] = { { "title", title }, { "body", hard },
		{ "slug", "Not A Slug" }, { "canonical_url", "not an address" },
		{ "tags", title } };

	for (size_t i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		g_autofree char *key = g_strdup_printf("key%zu", i);
		g_autofree char *kept = NULL;
		json_t *json;

		/* The first of two fields of one name counts. Its answer is
		 * lost, and more is typed. */
		for (int turn = 0; turn < 2; turn++)
			desk_post(fixture, "/desk/articles/new/autosave", "key",
			    key, wrongs[i][0], wrongs[i][1], "title", "A",
			    "excerpt", turn == 0 ? "One" : "Two", "body", "x",
			    NULL);

		desk_assert_status(fixture, 200);
		json = read_json(fixture);
		assert_int_equal(
		    json_integer_value(json_object_get(json, "id")), i + 1);
		json_decref(json);
		kept =
		    g_strdup_printf("/desk/articles/%zu?draft=%s", i + 1, key);
		desk_get(fixture, kept);
		desk_assert_has(fixture, wrongs[i][1]);
		desk_assert_has(fixture, "Two</textarea>");
	}
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article"), 5);
	desk_assert_text(
	    fixture, "SELECT title FROM article WHERE id = 1", "Untitled");
	desk_assert_text(
	    fixture, "SELECT title FROM article WHERE id = 3", "A");
	/* Saving it says what is wrong. */
	desk_post(fixture, "/desk/articles/3", "version", "1", "key", "key2",
	    "slug", "Not A Slug", NULL);
	desk_assert_status(fixture, 422);
}

/* ---- how it will look ---- */

static void
test_preview_beside_the_text(void **state)
{
	struct desk_fixture *fixture = *state;
	const char *html;
	json_t *json;

	desk_post(fixture, "/desk/preview", "id", "0", "body",
	    "One *two* </script>\r\n\r\n<script>alert(1)</script>", NULL);

	desk_assert_status(fixture, 200);
	json = read_json(fixture);
	html = json_string_value(json_object_get(json, "html"));
	assert_non_null(strstr(html, "<p>One <em>two</em>"));
	assert_null(strstr(html, "script"));
	assert_int_equal(json_integer_value(json_object_get(json, "words")), 2);
	assert_int_equal(
	    json_integer_value(json_object_get(json, "minutes")), 1);
	json_decref(json);
	assert_int_equal(
	    desk_integer(fixture, "SELECT count(*) FROM article"), 0);
}

static void
test_preview_of_what_cannot_be_rendered(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *hard = make_hard_text();
	json_t *json;

	desk_post(fixture, "/desk/preview", "body", hard, NULL);

	desk_assert_status(fixture, 422);
	json = read_json(fixture);
	assert_non_null(
	    strstr(json_string_value(json_object_get(json, "problem")),
		"takes longer"));
	json_decref(json);
}

/* Without a script: the form is kept, and its page shows how it will look. */
static void
test_preview_button_keeps_and_shows(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Stored");
	desk_post(fixture, ARTICLE, "version", "1", "key", "key", "title",
	    "Typed title", "body", "Typed *body*", "action", "preview", NULL);
	desk_assert_goes_to(fixture, ARTICLE "?draft=key&preview=1");
	desk_get(fixture, ARTICLE "?draft=key&preview=1");
	desk_assert_has(fixture, "Typed *body*</textarea>");
	desk_assert_has(fixture, "src=\"/desk/articles/1/preview?key=key\"");
	desk_assert_text(fixture, "SELECT body FROM article", "Stored");
}

static void
test_preview_is_the_page_as_it_would_be(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_post(fixture, "/desk/articles", "title", "Stored title", "body",
	    "Stored", "tags", "Stored tag", "category", "Stored category",
	    NULL);
	desk_run(fixture,
	    "INSERT INTO media (path, original_name, content_type, size, width,"
	    " height, created_at)"
	    " VALUES ('a.png', 'a.png', 'image/png', 1, 640, 480, 0)");
	desk_post(fixture, ARTICLE "/autosave", "version", "1", "key", "key",
	    "title", "Typed title", "body", "Typed *body*", "tags",
	    "Typed tag, \xf0\x9f\xa6\x80", "category", "Typed category",
	    "cover_path", "/media/a.png", "cover_alt", "A cover", "language",
	    "de", "excerpt", "Typed excerpt", NULL);

	desk_get(fixture, ARTICLE "/preview?key=key");
	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "Typed title</h1>");
	desk_assert_has(fixture, "Typed <em>body</em>");
	desk_assert_has(fixture, ">Typed tag</a>");
	desk_assert_has(fixture, ">Typed category</a>");
	desk_assert_has(fixture, "width=\"640\"");
	desk_assert_has(fixture, "alt=\"A cover\"");
	desk_assert_has(fixture, "lang=\"de\"");
	desk_assert_has(fixture, "Typed excerpt");
	desk_assert_has_not(fixture, "Stored");
	assert_non_null(
	    strstr(answer_header(&fixture->answer, "Content-Security-Policy"),
		"; frame-ancestors 'self'; "));
	assert_string_equal(
	    answer_header(&fixture->answer, "Cache-Control"), "no-store");

	desk_get(fixture, ARTICLE "/preview");
	desk_assert_has(fixture, "Stored title</h1>");
	desk_assert_has_not(fixture, "Typed");
	desk_get(fixture, ARTICLE "/preview?key=none");
	desk_assert_has(fixture, "Stored title</h1>");
}

/* What has no title yet is called what it will be. */
static void
test_preview_without_a_title(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Stored");
	desk_post(fixture, ARTICLE "/autosave", "version", "1", "key", "key",
	    "title", " ", "body", "Typed", NULL);

	desk_get(fixture, ARTICLE "/preview?key=key");
	desk_assert_has(fixture, "Untitled</h1>");
}

/* A text that begins with its title shows it once: saved, and in previews. */
static void
test_heading_that_is_the_title_is_seen_once(void **state)
{
	struct desk_fixture *fixture = *state;
	json_t *json;

	desk_article(fixture, "Its title", "# Its title\n\nText");
	desk_assert_text(
	    fixture, "SELECT body_html FROM article", "<p>Text</p>\n");
	desk_assert_text(
	    fixture, "SELECT body FROM article", "# Its title\n\nText");

	desk_post(fixture, ARTICLE "/autosave", "version", "1", "key", "key",
	    "title", "Typed title", "body", "# Typed title\n\nTyped", NULL);
	desk_get(fixture, ARTICLE "/preview?key=key");
	desk_assert_has(fixture, ">Typed title</h1>");
	desk_assert_has_not(fixture, "id=\"typed-title\"");

	desk_post(fixture, "/desk/preview", "id", "1", "title", "T", "body",
	    "# T\n\nText", NULL);
	json = read_json(fixture);
	assert_string_equal(
	    json_string_value(json_object_get(json, "html")), "<p>Text</p>\n");
	json_decref(json);
}

static void
test_preview_as_a_page(void **state)
{
	struct desk_fixture *fixture = *state;

	desk_article(fixture, "A", "Stored");
	desk_post(fixture, ARTICLE "/autosave", "version", "1", "key", "key",
	    "kind", "page", "tags", "Tag", "body", "Typed", NULL);

	desk_get(fixture, ARTICLE "/preview?key=key");
	desk_assert_status(fixture, 200);
	desk_assert_has_not(fixture, "/tags/tag");
}

static void
test_preview_of_a_draft_that_cannot_be_rendered(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *hard = make_hard_text();

	desk_article(fixture, "A", "Stored");
	keep(fixture, "key", hard);

	desk_get(fixture, ARTICLE "/preview?key=key");
	desk_assert_status(fixture, 400);
	desk_assert_has(fixture, "akes longer than 2 s to render");
}

/* A text of many bytes for each character comes back whole, too. */
static void
test_large_text_in_another_script(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *ending = NULL;

	while (text->len < 110000)
		g_string_append(text, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e ");
	g_string_append(text, "END");
	desk_article(fixture, "A", "Stored");
	keep(fixture, "key", text->str);

	desk_get(fixture, ARTICLE "?draft=key");
	ending = g_strconcat(text->str, "</textarea>", NULL);
	desk_assert_has(fixture, ending);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, desk_fixture_set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_autosave_keeps_and_changes_nothing),
		TEST(test_kept_draft_is_offered_and_gone_on_with),
		TEST(test_kept_draft_is_thrown_away),
		TEST(test_saving_ends_the_draft_of_that_editor),
		TEST(test_draft_of_an_older_version),
		TEST(test_draft_is_its_authors_alone),
		TEST(test_draft_in_the_article_of_another_author),
		TEST(test_keys_that_are_none),
		TEST(test_autosave_of_a_new_article),
		TEST(test_autosave_of_a_new_article_that_cannot_be_saved),
		TEST(test_preview_beside_the_text),
		TEST(test_preview_of_what_cannot_be_rendered),
		TEST(test_preview_button_keeps_and_shows),
		TEST(test_preview_is_the_page_as_it_would_be),
		TEST(test_preview_without_a_title),
		TEST(test_heading_that_is_the_title_is_seen_once),
		TEST(test_preview_as_a_page),
		TEST(test_preview_of_a_draft_that_cannot_be_rendered),
		TEST(test_large_text_in_another_script),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
