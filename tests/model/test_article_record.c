/*
 * test_article_record.c - articles as the command line lists them, and what is
 * derived from their texts anew.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/article.h"
#include "model/setting.h"

/* ---- records and rendering again ---- */

static void
test_list_records(void **state)
{
	static const struct {
		const char *status;
		const char *slugs;
	} cases[] = {
		{ NULL, "b c a " },
		{ "published", "b a " },
		{ "draft", "c " },
		{ "scheduled", "" },
		{ "trash", "d " },
	};
	struct fixture *fixture = *state;
	struct article_draft draft;

	fixture_article(fixture, "a", 5, "One", "x,y");
	fixture_article(fixture, "b", 1, NULL, NULL);
	draft = fixture_draft(fixture, "c", 3);
	draft.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &draft);
	fixture_article(fixture, "d", 2, NULL, NULL);
	fixture_run(
	    fixture, "UPDATE article SET trashed_at = 1 WHERE slug = 'd'");

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GPtrArray *records = NULL;
		g_autoptr(GString) slugs = g_string_new(NULL);

		assert_int_equal(article_list_records(fixture->database,
				     cases[i].status, &records),
		    STATUS_OK);
		for (guint k = 0; k < records->len; k++) {
			const struct article_record *record = records->pdata[k];

			g_string_append_printf(slugs, "%s ", record->slug);
			if (strcmp(record->slug, "a") == 0) {
				assert_string_equal(record->category, "One");
				assert_string_equal(record->tags[1], "y");
				assert_null(record->tags[2]);
			}
		}
		assert_string_equal(slugs->str, cases[i].slugs);
		g_ptr_array_unref(records);
	}
}

static enum status
render_again(const struct article_source *source, void *data)
{
	struct fixture *fixture = data;
	g_autofree char *html = g_strconcat("<p>", source->body, "</p>", NULL);
	const struct article_derived derived = {
		.body_html = html,
		.contents_html = "",
		.excerpt = "Other excerpt",
		.text = "again rendered",
		.word_count = 9,
		.minutes = 3,
	};

	return article_update_derived(
	    fixture->database, source->id, source->version, &derived);
}

static void
render_all(struct fixture *fixture)
{
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(
	    article_each_source(fixture->database, render_again, fixture),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

static void
test_update_derived(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft;
	int64_t first, second, changed_at;

	fixture_article(fixture, "a", 5, "One", "x,y");
	draft = fixture_draft(fixture, "b", 3);
	draft.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &draft);

	render_all(fixture);
	assert_int_equal(
	    setting_generation(fixture->database, &first, &changed_at),
	    STATUS_OK);
	render_all(fixture);
	assert_int_equal(
	    setting_generation(fixture->database, &second, &changed_at),
	    STATUS_OK);

	/* The second time nothing came out otherwise. */
	assert_int_equal(first, second);
	assert_int_equal(
	    fixture_integer(fixture,
		"SELECT count(*) FROM article WHERE version = 1"
		" AND body_html = '<p>' || body || '</p>' AND minutes = 3"),
	    2);
	assert_int_equal(
	    fixture_count_found(fixture->database, "again", NOW), 1);
	assert_int_equal(fixture_count_found(fixture->database, "x", NOW), 1);
	assert_int_equal(
	    fixture_count_found(fixture->database, "body", NOW), 0);
}

/* A blog of a former version has nothing remembered. */
static void
test_update_derived_remembers_which_files_are_named(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 3);

	fixture_run(fixture, "INSERT INTO media (path, original_name,"
			     " content_type, size, created_at)"
			     " VALUES ('1-a.png', 'a.png', 'image/png', 1, 1),"
			     " ('2-b.png', 'b.png', 'image/png', 1, 1),"
			     " ('3-c.png', 'c.png', 'image/png', 1, 1)");
	draft.body = "<img src=\"/media/1-a.png\">";
	draft.cover_path = "/media/2-b.png";
	fixture_save(fixture, &draft);
	fixture_run(fixture, "DELETE FROM media_use");

	render_all(fixture);

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM media_use"
				     " WHERE media_id IN (1, 2)"),
	    2);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM media_use"), 2);
}

static void
test_update_derived_leaves_a_typed_excerpt(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 3);
	g_autofree char *excerpt = NULL;

	draft.summary = "As typed";
	fixture_save(fixture, &draft);

	render_all(fixture);

	excerpt = fixture_text(fixture, "SELECT excerpt FROM article");
	assert_string_equal(excerpt, "As typed");
}

static void
test_update_derived_leaves_what_was_saved_since(void **state)
{
	struct fixture *fixture = *state;
	const struct article_derived derived = {
		.body_html = "old",
		.contents_html = "",
		.excerpt = "",
		.text = "",
	};
	int64_t id = fixture_article(fixture, "a", 5, "One", "");

	fixture_run(fixture, "UPDATE article SET version = 2");
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);

	assert_int_equal(
	    article_update_derived(fixture->database, id, 1, &derived),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    article_update_derived(fixture->database, id, 2, &derived),
	    STATUS_OK);
	assert_int_equal(
	    article_update_derived(fixture->database, id + 1, 2, &derived),
	    STATUS_NOT_FOUND);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_list_records),
		TEST(test_update_derived),
		TEST(test_update_derived_remembers_which_files_are_named),
		TEST(test_update_derived_leaves_a_typed_excerpt),
		TEST(test_update_derived_leaves_what_was_saved_since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
