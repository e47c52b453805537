/*
 * test_autosave.c - what was typed and not saved: each editor keeps its own,
 * and nobody another's.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/author.h"
#include "model/autosave.h"

/* What a test has: an article, and another author than its own. */
struct desk {
	struct fixture *fixture;
	int64_t article_id;
	int64_t other_id;
};

static struct desk
make_desk(struct fixture *fixture)
{
	const struct author_draft grace = { .name = "Grace" };
	struct desk desk = { .fixture = fixture };

	desk.article_id = fixture_article(fixture, "a", 1, NULL, NULL);
	assert_int_equal(
	    author_add(fixture->database, &grace, NOW, &desk.other_id, NULL),
	    STATUS_OK);
	return desk;
}

static enum status
store_for(const struct desk *desk, int64_t author_id, const char *key,
    const char *fields, int64_t now)
{
	struct autosave autosave = {
		.article_id = desk->article_id,
		.author_id = author_id,
		.version = 1,
	};
	g_autofree char *own_key = g_strdup(key);
	g_autofree char *own_fields = g_strdup(fields);

	autosave.editor_key = own_key;
	autosave.fields = own_fields;
	return autosave_store(desk->fixture->database, &autosave, now);
}

static void
store(const struct desk *desk, const char *key, const char *fields, int64_t now)
{
	assert_int_equal(
	    store_for(desk, desk->fixture->author_id, key, fields, now),
	    STATUS_OK);
}

/* What is kept by `key` for `author_id`, or NULL. */
static char *
fields_by_key(const struct desk *desk, int64_t author_id, const char *key)
{
	struct autosave autosave = { 0 };
	char *fields;
	enum status status = autosave_find_by_key(desk->fixture->database,
	    desk->article_id, author_id, key, &autosave);

	if (status != STATUS_NOT_FOUND)
		assert_int_equal(status, STATUS_OK);
	fields = g_strdup(autosave.fields);
	autosave_release(&autosave);
	return fields;
}

static void
assert_kept(const struct desk *desk, const char *key, const char *wanted)
{
	g_autofree char *fields =
	    fields_by_key(desk, desk->fixture->author_id, key);

	if (wanted == NULL)
		assert_null(fields);
	else
		assert_string_equal(fields, wanted);
}

static void
test_store_and_find(void **state)
{
	struct desk desk = make_desk(*state);
	struct autosave autosave;

	store(&desk, "key", "title=A&body=B", NOW);

	assert_int_equal(autosave_find(desk.fixture->database, desk.article_id,
			     desk.fixture->author_id, &autosave),
	    STATUS_OK);
	assert_int_equal(autosave.article_id, desk.article_id);
	assert_int_equal(autosave.author_id, desk.fixture->author_id);
	assert_string_equal(autosave.editor_key, "key");
	assert_int_equal(autosave.version, 1);
	assert_string_equal(autosave.fields, "title=A&body=B");
	assert_int_equal(autosave.saved_at, NOW);
	autosave_release(&autosave);
	assert_null(autosave.fields);
}

static void
test_store_again_takes_its_place(void **state)
{
	struct desk desk = make_desk(*state);

	store(&desk, "key", "body=1", NOW);
	store(&desk, "key", "body=2", NOW + 5);

	assert_kept(&desk, "key", "body=2");
	assert_int_equal(
	    fixture_integer(desk.fixture, "SELECT count(*) FROM autosave"
					  " WHERE saved_at > 0"),
	    1);
}

/* Two tabs, two drafts: the one that was touched last is offered. */
static void
test_find_the_one_touched_last(void **state)
{
	struct desk desk = make_desk(*state);
	struct autosave autosave;

	store(&desk, "a", "body=a", NOW + 2);
	store(&desk, "b", "body=b", NOW + 3);
	store(&desk, "c", "body=c", NOW + 1);

	assert_int_equal(autosave_find(desk.fixture->database, desk.article_id,
			     desk.fixture->author_id, &autosave),
	    STATUS_OK);
	assert_string_equal(autosave.editor_key, "b");
	autosave_release(&autosave);
	assert_kept(&desk, "a", "body=a");
}

static void
test_find_nothing(void **state)
{
	struct desk desk = make_desk(*state);
	struct autosave autosave;
	struct database *database = desk.fixture->database;

	assert_int_equal(autosave_find(database, desk.article_id,
			     desk.fixture->author_id, &autosave),
	    STATUS_NOT_FOUND);
	store(&desk, "key", "body=1", NOW);
	assert_int_equal(autosave_find(database, desk.article_id + 1,
			     desk.fixture->author_id, &autosave),
	    STATUS_NOT_FOUND);
	assert_kept(&desk, "other", NULL);
	assert_kept(&desk, "", NULL);
}

/* What one author typed is shown to no other, whatever key is named; and one
 * who signs in where another was writing keeps what is typed too. */
static void
test_store_by_the_key_of_another_author(void **state)
{
	struct desk desk = make_desk(*state);
	g_autofree char *foreign = NULL;
	struct autosave autosave;

	store(&desk, "key", "body=mine", NOW);
	assert_int_equal(autosave_find(desk.fixture->database, desk.article_id,
			     desk.other_id, &autosave),
	    STATUS_NOT_FOUND);

	assert_int_equal(
	    store_for(&desk, desk.other_id, "key", "body=hers", NOW + 1),
	    STATUS_OK);

	assert_kept(&desk, "key", "body=mine");
	foreign = fields_by_key(&desk, desk.other_id, "key");
	assert_string_equal(foreign, "body=hers");
	assert_int_equal(autosave_remove(desk.fixture->database,
			     desk.article_id, desk.other_id, "key"),
	    STATUS_OK);
	assert_kept(&desk, "key", "body=mine");
}

static void
test_store_refuses_a_key_that_is_none(void **state)
{
	struct desk desk = make_desk(*state);
	g_autofree char *longest = g_strnfill(64, 'k');
	g_autofree char *longer = g_strnfill(65, 'k');
	int64_t id = desk.fixture->author_id;

	assert_int_equal(
	    store_for(&desk, id, "", "body=1", NOW), STATUS_INVALID);
	assert_int_equal(
	    store_for(&desk, id, longer, "body=1", NOW), STATUS_INVALID);
	assert_int_equal(
	    store_for(&desk, id, longest, "body=1", NOW), STATUS_OK);
	assert_kept(&desk, longest, "body=1");
}

/* No article, no draft of it: nothing is kept that nobody finds again. */
static void
test_store_for_what_is_not_there(void **state)
{
	struct desk desk = make_desk(*state);

	desk.article_id = 4711;

	assert_int_equal(
	    store_for(&desk, desk.fixture->author_id, "key", "body=1", NOW),
	    STATUS_CONFLICT);
}

static void
test_store_a_megabyte(void **state)
{
	struct desk desk = make_desk(*state);
	g_autofree char *fields = g_strnfill(3 << 20, 'x');

	store(&desk, "key", fields, NOW);

	assert_kept(&desk, "key", fields);
}

static void
test_store_sweeps_what_is_old(void **state)
{
	struct desk desk = make_desk(*state);

	store(&desk, "old", "body=1", NOW);
	store(&desk, "young", "body=2", NOW + 1);
	store(&desk, "new", "body=3", NOW + AUTOSAVE_SECONDS + 1);

	assert_kept(&desk, "old", NULL);
	assert_kept(&desk, "young", "body=2");
}

static void
test_remove(void **state)
{
	struct desk desk = make_desk(*state);
	struct database *database = desk.fixture->database;
	int64_t id = desk.fixture->author_id;

	store(&desk, "a", "body=a", NOW);
	store(&desk, "b", "body=b", NOW);

	assert_int_equal(
	    autosave_remove(database, desk.article_id, id, "a"), STATUS_OK);
	assert_int_equal(
	    autosave_remove(database, desk.article_id, id, "a"), STATUS_OK);
	assert_kept(&desk, "a", NULL);
	assert_kept(&desk, "b", "body=b");
}

static void
test_draft_goes_with_its_article(void **state)
{
	struct desk desk = make_desk(*state);

	store(&desk, "a", "body=a", NOW);
	fixture_run(desk.fixture, "DELETE FROM article");

	assert_int_equal(
	    fixture_integer(desk.fixture, "SELECT count(*) FROM autosave"), 0);
}

static void
test_nothing_of_it_is_seen_by_readers(void **state)
{
	struct desk desk = make_desk(*state);
	int64_t before =
	    fixture_integer(desk.fixture, "SELECT generation FROM blog");

	store(&desk, "a", "body=a", NOW);

	assert_int_equal(
	    fixture_integer(desk.fixture, "SELECT generation FROM blog"),
	    before);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_store_and_find),
		TEST(test_store_again_takes_its_place),
		TEST(test_find_the_one_touched_last),
		TEST(test_find_nothing),
		TEST(test_store_by_the_key_of_another_author),
		TEST(test_store_refuses_a_key_that_is_none),
		TEST(test_store_for_what_is_not_there),
		TEST(test_store_a_megabyte),
		TEST(test_store_sweeps_what_is_old),
		TEST(test_remove),
		TEST(test_draft_goes_with_its_article),
		TEST(test_nothing_of_it_is_seen_by_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
