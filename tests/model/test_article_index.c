/*
 * test_article_index.c - what is not public is found by the words of its text
 * at the desk, and by nobody else; wherever an article goes, it is in one of
 * the two indexes.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/article_edit.h"
#include "model/term_edit.h"

/* The word that every text here has. */
#define WORD "quaggas"

/* Rows of either index that should not be there, and articles that are in none:
 * none may remain. */
static const char SQL_MISPLACED[] =
    "WITH wanted (id, is_public) AS ("
    " SELECT id, status <> 'draft' AND trashed_at IS NULL"
    " FROM article),"
    " found (id, is_public) AS ("
    " SELECT rowid, 1 FROM article_search"
    " UNION ALL SELECT rowid, 0 FROM draft_search)"
    " SELECT count(*) FROM ("
    " SELECT * FROM (SELECT * FROM wanted EXCEPT SELECT * FROM found)"
    " UNION ALL"
    " SELECT * FROM (SELECT * FROM found EXCEPT SELECT * FROM wanted))";

static struct article_draft
make_draft(const struct fixture *fixture, enum article_status status)
{
	struct article_draft draft = fixture_draft(fixture, "thing", 1);

	draft.title = "Thing";
	draft.status = status;
	draft.body = "Of [" WORD "](/a) & others.";
	draft.text = "Of " WORD " & others.";
	if (status == ARTICLE_STATUS_DRAFT)
		draft.published_at = 0;
	if (status == ARTICLE_STATUS_SCHEDULED)
		draft.published_at = NOW + DAY;
	return draft;
}

/* Save the article `id`, 0: a new one, as it is now, as `status`. */
static int64_t
save_as(struct fixture *fixture, int64_t id, enum article_status status)
{
	struct article_draft draft = make_draft(fixture, status);
	struct article_edit *edit = NULL;

	draft.id = id;
	if (id != 0) {
		assert_int_equal(
		    article_edit_read(fixture->database, id, &edit), STATUS_OK);
		draft.version = edit->version;
		article_edit_free(edit);
	}
	return fixture_save(fixture, &draft);
}

static void
trash(struct fixture *fixture, int64_t id)
{
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(article_trash(fixture->database, id, NOW), STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

/* Take it out of the trash, and save it as `status`, as the desk does. */
static void
untrash(struct fixture *fixture, int64_t id, enum article_status status)
{
	struct article_draft draft = make_draft(fixture, status);
	struct article_edit *edit = NULL;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(
	    article_edit_read(fixture->database, id, &edit), STATUS_OK);
	draft.id = id;
	draft.version = edit->version;
	article_edit_free(edit);
	assert_int_equal(article_untrash(fixture->database, id), STATUS_OK);
	assert_int_equal(article_save(fixture->database, &fixture->blog, &draft,
			     NOW, NULL, NULL, NULL),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

static void
empty_trash(struct fixture *fixture, int64_t *out_count)
{
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(article_empty_trash(fixture->database,
			     NOW + ARTICLE_TRASH_SECONDS + 1, out_count),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

static int64_t
count_at_desk(
    struct fixture *fixture, enum article_shelf shelf, const char *text)
{
	const struct article_shelf_filter filter = { .shelf = shelf,
		.text = text };
	GPtrArray *rows = NULL;
	int64_t total = -1;

	assert_int_equal(article_list_shelf(
			     fixture->database, &filter, 1, 10, &rows, &total),
	    STATUS_OK);
	g_ptr_array_unref(rows);
	return total;
}

/* The article is found by its word on `shelf`, on no other one but that of all,
 * and by readers when they can read it. */
static void
assert_found_on(struct fixture *fixture, enum article_shelf shelf)
{
	for (int i = 0; i < ARTICLE_SHELF_COUNT; i++) {
		bool is_there =
		    i == (int)shelf ||
		    (i == ARTICLE_SHELF_ALL && shelf != ARTICLE_SHELF_TRASH);

		assert_int_equal(
		    count_at_desk(fixture, (enum article_shelf)i, WORD),
		    is_there ? 1 : 0);
	}
	assert_int_equal(fixture_count_found(fixture->database, WORD, NOW),
	    shelf == ARTICLE_SHELF_PUBLISHED ? 1 : 0);
	assert_int_equal(fixture_integer(fixture, SQL_MISPLACED), 0);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM search_removal"), 0);
}

static void
test_text_of_a_draft_is_found_by_its_words(void **state)
{
	static const char *const finding[] = { WORD, "OTHERS quagg*",
		"\"quaggas a\"", "thing others", "tagged", "excerpted",
		"cafe" };
	static const char *const tags[] = { "Tagged", NULL };
	struct fixture *fixture = *state;
	struct article_draft draft = make_draft(fixture, ARTICLE_STATUS_DRAFT);

	draft.body = "Of [" WORD "](/a) & others. Café.";
	draft.tags = tags;
	draft.excerpt = "Excerpted.";
	fixture_save(fixture, &draft);

	for (size_t i = 0; i < G_N_ELEMENTS(finding); i++) {
		assert_int_equal(
		    count_at_desk(fixture, ARTICLE_SHELF_DRAFTS, finding[i]),
		    1);
		assert_int_equal(
		    fixture_count_found(fixture->database, finding[i], NOW), 0);
	}
	assert_int_equal(
	    count_at_desk(fixture, ARTICLE_SHELF_DRAFTS, "quagg"), 0);
}

static void
test_draft_is_found_as_it_was_saved_last(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = save_as(fixture, 0, ARTICLE_STATUS_DRAFT);
	struct article_draft draft = make_draft(fixture, ARTICLE_STATUS_DRAFT);

	draft.id = id;
	draft.version = 1;
	draft.body = "Of dodos.";
	fixture_save(fixture, &draft);

	assert_int_equal(count_at_desk(fixture, ARTICLE_SHELF_DRAFTS, WORD), 0);
	assert_int_equal(
	    count_at_desk(fixture, ARTICLE_SHELF_DRAFTS, "dodos"), 1);
	assert_int_equal(fixture_integer(fixture, SQL_MISPLACED), 0);
}

/* From each state into each other. */
static void
test_article_is_found_where_it_goes(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = save_as(fixture, 0, ARTICLE_STATUS_DRAFT);

	assert_found_on(fixture, ARTICLE_SHELF_DRAFTS);
	save_as(fixture, id, ARTICLE_STATUS_SCHEDULED);
	assert_found_on(fixture, ARTICLE_SHELF_SCHEDULED);
	save_as(fixture, id, ARTICLE_STATUS_DRAFT);
	assert_found_on(fixture, ARTICLE_SHELF_DRAFTS);
	save_as(fixture, id, ARTICLE_STATUS_PUBLISHED);
	assert_found_on(fixture, ARTICLE_SHELF_PUBLISHED);
	save_as(fixture, id, ARTICLE_STATUS_DRAFT);
	assert_found_on(fixture, ARTICLE_SHELF_DRAFTS);
	trash(fixture, id);
	assert_found_on(fixture, ARTICLE_SHELF_TRASH);
	untrash(fixture, id, ARTICLE_STATUS_DRAFT);
	assert_found_on(fixture, ARTICLE_SHELF_DRAFTS);
	save_as(fixture, id, ARTICLE_STATUS_PUBLISHED);
	trash(fixture, id);
	assert_found_on(fixture, ARTICLE_SHELF_TRASH);
	untrash(fixture, id, ARTICLE_STATUS_PUBLISHED);
	assert_found_on(fixture, ARTICLE_SHELF_PUBLISHED);
	save_as(fixture, id, ARTICLE_STATUS_SCHEDULED);
	trash(fixture, id);
	assert_found_on(fixture, ARTICLE_SHELF_TRASH);
	untrash(fixture, id, ARTICLE_STATUS_DRAFT);
	assert_found_on(fixture, ARTICLE_SHELF_DRAFTS);
}

static void
test_article_that_is_due_stays_where_it_is(void **state)
{
	struct fixture *fixture = *state;
	int64_t count, next_at;

	save_as(fixture, 0, ARTICLE_STATUS_SCHEDULED);

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(
	    article_publish_due(fixture->database, NOW + DAY, &count, &next_at),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);

	assert_int_equal(count, 1);
	assert_int_equal(
	    fixture_count_found(fixture->database, WORD, NOW + DAY), 1);
	assert_int_equal(fixture_integer(fixture, SQL_MISPLACED), 0);
}

static void
test_what_is_deleted_for_good_leaves_nothing(void **state)
{
	static const enum article_status statuses[] = { ARTICLE_STATUS_DRAFT,
		ARTICLE_STATUS_SCHEDULED, ARTICLE_STATUS_PUBLISHED };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		int64_t count = -1;

		trash(fixture, save_as(fixture, 0, statuses[i]));
		assert_found_on(fixture, ARTICLE_SHELF_TRASH);

		empty_trash(fixture, &count);

		assert_int_equal(count, 1);
		assert_int_equal(
		    fixture_integer(fixture, "SELECT (SELECT count(*)"
					     " FROM article_search)"
					     " + (SELECT count(*)"
					     " FROM draft_search)"
					     " + (SELECT count(*)"
					     " FROM search_removal)"),
		    0);
	}
}

/* Not by the models: what triggers have noted is swept with the trash. */
static void
test_what_somebody_else_deleted_is_swept(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft other = fixture_draft(fixture, "other", 1);
	int64_t count, kept;

	fixture_save(fixture, &other);
	other.slug = "another";
	other.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &other);
	fixture_run(fixture, "DELETE FROM article");
	kept = save_as(fixture, 0, ARTICLE_STATUS_DRAFT);
	other.slug = "old";
	trash(fixture, fixture_save(fixture, &other));
	fixture_run(
	    fixture, "UPDATE article SET trashed_at = 1 WHERE slug = 'old'");

	empty_trash(fixture, &count);

	assert_int_equal(count, 1);
	assert_found_on(fixture, ARTICLE_SHELF_DRAFTS);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT rowid FROM draft_search"), kept);
}

static void
test_draft_is_found_by_the_new_name_of_its_tag(void **state)
{
	static const char *const tags[] = { "Golang", NULL };
	const struct term_wish wish = {
		.name = "Gopher", .slug = "", .description = ""
	};
	struct fixture *fixture = *state;
	struct article_draft draft = make_draft(fixture, ARTICLE_STATUS_DRAFT);
	struct term_problems problems = { 0 };
	int64_t id, moved;

	draft.tags = tags;
	fixture_save(fixture, &draft);
	assert_int_equal(
	    term_edit_find(fixture->database, TERM_KIND_TAG, "Golang", &id),
	    STATUS_OK);

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(term_edit_update(fixture->database, TERM_KIND_TAG, id,
			     &wish, NOW, &moved, &problems),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);

	assert_int_equal(
	    count_at_desk(fixture, ARTICLE_SHELF_DRAFTS, "golang"), 0);
	assert_int_equal(
	    count_at_desk(fixture, ARTICLE_SHELF_DRAFTS, "gopher"), 1);
	assert_found_on(fixture, ARTICLE_SHELF_DRAFTS);
	term_problems_release(&problems);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_text_of_a_draft_is_found_by_its_words),
		TEST(test_draft_is_found_as_it_was_saved_last),
		TEST(test_article_is_found_where_it_goes),
		TEST(test_article_that_is_due_stays_where_it_is),
		TEST(test_what_is_deleted_for_good_leaves_nothing),
		TEST(test_what_somebody_else_deleted_is_swept),
		TEST(test_draft_is_found_by_the_new_name_of_its_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
