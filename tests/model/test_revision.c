/*
 * test_revision.c - every save is there, whole, and named by its version.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/revision.h"

/* An article that was saved `count` times; its body says which time it is. */
static int64_t
save_often(struct fixture *fixture, int count)
{
	struct article_draft draft = fixture_draft(fixture, "a", 1);

	for (int i = 1; i <= count; i++) {
		g_autofree char *body = g_strdup_printf("Body %d\r\n", i);
		g_autofree char *title = g_strdup_printf("Title %d", i);

		draft.body = body;
		draft.title = title;
		draft.summary = i == 2 ? "Summary" : "";
		draft.version = i - 1;
		draft.saved_by = i == 1 ? 0 : fixture->author_id;
		draft.id = fixture_save(fixture, &draft);
	}
	return draft.id;
}

static void
test_list_has_the_newest_first(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = save_often(fixture, 3);
	g_autoptr(GPtrArray) revisions = NULL;

	assert_int_equal(
	    revision_list(fixture->database, id, 10, &revisions), STATUS_OK);

	assert_int_equal(revisions->len, 3);
	for (guint i = 0; i < 3; i++) {
		const struct revision *revision =
		    g_ptr_array_index(revisions, i);
		g_autofree char *title = g_strdup_printf("Title %u", 3 - i);

		assert_int_equal(revision->version, 3 - (int64_t)i);
		assert_string_equal(revision->title, title);
		assert_int_equal(revision->created_at, NOW);
		assert_null(revision->body);
		assert_null(revision->summary);
		assert_null(revision->description);
	}
}

static void
test_list_has_the_newest_alone(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = save_often(fixture, 5);
	g_autoptr(GPtrArray) revisions = NULL;
	const struct revision *last;

	assert_int_equal(
	    revision_list(fixture->database, id, 2, &revisions), STATUS_OK);

	assert_int_equal(revisions->len, 2);
	last = g_ptr_array_index(revisions, 1);
	assert_int_equal(last->version, 4);
}

static void
test_list_of_nothing(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) revisions = NULL;

	save_often(fixture, 1);

	assert_int_equal(
	    revision_list(fixture->database, 4711, 10, &revisions), STATUS_OK);
	assert_int_equal(revisions->len, 0);
}

static void
test_read_gives_all_of_it(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = save_often(fixture, 3);
	struct revision *revision = NULL;

	assert_int_equal(
	    revision_read(fixture->database, id, 2, &revision), STATUS_OK);

	assert_int_equal(revision->version, 2);
	assert_string_equal(revision->title, "Title 2");
	assert_string_equal(revision->summary, "Summary");
	assert_string_equal(revision->body, "Body 2\r\n");
	assert_string_equal(revision->author, "Ada Lovelace");
	revision_free(revision);
}

static struct revision *
read_one(struct fixture *fixture, int64_t id, int64_t version)
{
	struct revision *revision = NULL;

	assert_int_equal(
	    revision_read(fixture->database, id, version, &revision),
	    STATUS_OK);
	return revision;
}

/* A draft with something in every field. */
static struct article_draft
full_draft(struct fixture *fixture)
{
	static const char *const tags[] = { "Zebra", "apple", NULL };
	struct article_draft draft = fixture_draft(fixture, "a", 1);

	draft.description = " For  machines";
	draft.language = "de";
	draft.direction = "rtl";
	draft.canonical_url = "https://example.org/first";
	draft.cover_path = "/media/a.png";
	draft.cover_alt = "A hill";
	draft.category = "Travel";
	draft.tags = tags;
	draft.series = "A saga";
	draft.series_number = 3;
	return draft;
}

static void
assert_is_full(const struct revision *revision)
{
	assert_string_equal(revision->slug, "a");
	assert_string_equal(revision->description, "For machines");
	assert_string_equal(revision->language, "de");
	assert_string_equal(revision->direction, "rtl");
	assert_string_equal(
	    revision->canonical_url, "https://example.org/first");
	assert_string_equal(revision->cover_path, "/media/a.png");
	assert_string_equal(revision->cover_alt, "A hill");
	assert_string_equal(revision->category, "Travel");
	assert_string_equal(revision->tags, "Zebra, apple");
	assert_string_equal(revision->series, "A saga");
	assert_string_equal(revision->series_number, "3");
	assert_string_equal(revision->authors, "Ada Lovelace");
}

/* Also once others have taken their place, and are called otherwise. */
static void
test_read_gives_every_field(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = full_draft(fixture);
	struct revision *revision;
	int64_t id = fixture_save(fixture, &draft);

	draft = fixture_draft(fixture, "b", 1);
	draft.id = id;
	draft.version = 1;
	fixture_save(fixture, &draft);
	fixture_run(fixture, "UPDATE tag SET name = 'Horse', slug = 'horse'"
			     " WHERE name = 'Zebra'");
	fixture_run(fixture, "DELETE FROM category");
	fixture_run(fixture, "UPDATE author SET name = 'Ada King'");

	revision = read_one(fixture, id, 1);
	assert_is_full(revision);
	revision_free(revision);
}

/* Nothing is another thing than not known. */
static void
test_read_gives_what_was_empty(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "b", 1);
	struct revision *revision;
	int64_t id;

	draft.author_count = 0;
	id = fixture_save(fixture, &draft);

	revision = read_one(fixture, id, 1);
	assert_string_equal(revision->slug, "b");
	assert_string_equal(revision->description, "");
	assert_string_equal(revision->language, "");
	assert_string_equal(revision->direction, "");
	assert_string_equal(revision->canonical_url, "");
	assert_string_equal(revision->cover_path, "");
	assert_string_equal(revision->cover_alt, "");
	assert_string_equal(revision->category, "");
	assert_string_equal(revision->tags, "");
	assert_string_equal(revision->series, "");
	assert_string_equal(revision->series_number, "");
	assert_string_equal(revision->authors, "");
	revision_free(revision);
}

/* Authors are called what tells them apart, as in the editor. */
static void
test_read_tells_authors_apart(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);
	g_autofree char *wanted =
	    fixture_text(fixture, "SELECT handle FROM author");
	struct revision *revision;
	int64_t id;

	fixture_run(fixture, "INSERT INTO author (handle, name, created_at,"
			     " updated_at)"
			     " VALUES ('other', 'ada lovelace', 1, 1)");
	id = fixture_save(fixture, &draft);

	revision = read_one(fixture, id, 1);
	assert_string_equal(revision->authors, wanted);
	revision_free(revision);
}

/* As it was saved before these were kept. */
static void
test_read_what_was_not_kept(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = full_draft(fixture);
	int64_t id = fixture_save(fixture, &draft);
	struct revision *revision;

	fixture_run(fixture, "DELETE FROM revision");
	fixture_run(fixture,
	    "INSERT INTO revision (article_id, version, title, summary, body,"
	    " created_at) VALUES (1, 1, 'T', '', 'B', 1)");

	revision = read_one(fixture, id, 1);
	assert_string_equal(revision->body, "B");
	assert_null(revision->slug);
	assert_null(revision->description);
	assert_null(revision->cover_path);
	assert_null(revision->tags);
	assert_null(revision->series_number);
	revision_free(revision);
}

/* Who saved and is gone has left what was written. */
static void
test_read_what_nobody_saved(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = save_often(fixture, 2);
	struct revision *revision = NULL;

	assert_int_equal(
	    revision_read(fixture->database, id, 1, &revision), STATUS_OK);
	assert_null(revision->author);
	revision_free(revision);

	fixture_run(fixture, "DELETE FROM author");
	assert_int_equal(
	    revision_read(fixture->database, id, 2, &revision), STATUS_OK);
	assert_null(revision->author);
	assert_string_equal(revision->body, "Body 2\r\n");
	revision_free(revision);
}

static void
test_read_what_is_not_there(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = save_often(fixture, 2);
	struct revision *revision = NULL;

	assert_int_equal(revision_read(fixture->database, id, 3, &revision),
	    STATUS_NOT_FOUND);
	assert_int_equal(revision_read(fixture->database, id, 0, &revision),
	    STATUS_NOT_FOUND);
	assert_int_equal(revision_read(fixture->database, id + 1, 1, &revision),
	    STATUS_NOT_FOUND);
	revision_free(revision);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_list_has_the_newest_first),
		TEST(test_list_has_the_newest_alone),
		TEST(test_list_of_nothing),
		TEST(test_read_gives_all_of_it),
		TEST(test_read_gives_every_field),
		TEST(test_read_gives_what_was_empty),
		TEST(test_read_tells_authors_apart),
		TEST(test_read_what_was_not_kept),
		TEST(test_read_what_nobody_saved),
		TEST(test_read_what_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
