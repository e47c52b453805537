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
		TEST(test_read_what_nobody_saved),
		TEST(test_read_what_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
