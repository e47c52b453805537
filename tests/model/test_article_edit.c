/*
 * test_article_edit.c - an article as its authors see it: read whole, named,
 * put into the trash and taken out, published when its time has come.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#include "fixture.h"
#include "model/article_edit.h"
#include "model/author.h"
#include "model/search.h"

static struct article_edit *
read_edit(struct fixture *fixture, int64_t id)
{
	struct article_edit *edit = NULL;

	assert_int_equal(
	    article_edit_read(fixture->database, id, &edit), STATUS_OK);
	return edit;
}

/* How many articles a reader finds by `word` at `now`. */
static bool
is_public(struct fixture *fixture, const char *path, int64_t now)
{
	struct article *article = NULL;
	enum status status =
	    article_find_public(fixture->database, path, now, &article);

	article_free(article);
	return status == STATUS_OK;
}

/* ---- reading ---- */

static void
test_read_gives_everything(void **state)
{
	static const char *const tags[] = { "Zebra", "Ape", NULL };
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "whole", 1);
	struct article_edit *edit;
	int64_t id;

	draft.title = "All of it";
	draft.summary = "A summary";
	draft.language = "de";
	draft.description = "For\tmachines";
	draft.direction = "rtl";
	draft.series = "Menagerie";
	draft.series_number = 4;
	draft.pinned_at = NOW - 7;
	draft.canonical_url = "https://example.net/first";
	draft.cover_path = "/media/a.png";
	draft.cover_alt = "A cover";
	draft.cover_width = 640;
	draft.cover_height = 480;
	draft.category = "Beasts";
	draft.tags = tags;
	draft.body = "\r\nThe *body*\r\n\r\n";
	id = fixture_save(fixture, &draft);

	edit = read_edit(fixture, id);

	assert_int_equal(edit->id, id);
	assert_int_equal(edit->kind, ARTICLE_KIND_ARTICLE);
	assert_int_equal(edit->status, ARTICLE_STATUS_PUBLISHED);
	assert_int_equal(edit->version, 1);
	assert_int_equal(edit->published_at, NOW - DAY);
	assert_int_equal(edit->updated_at, NOW);
	assert_int_equal(edit->created_at, NOW);
	assert_int_equal(edit->trashed_at, 0);
	assert_string_equal(edit->slug, "whole");
	assert_string_equal(edit->path, "/articles/whole");
	assert_string_equal(edit->title, "All of it");
	assert_string_equal(edit->summary, "A summary");
	assert_string_equal(edit->excerpt, "A summary");
	assert_string_equal(edit->language, "de");
	assert_string_equal(edit->description, "For machines");
	assert_string_equal(edit->direction, "rtl");
	assert_string_equal(edit->series, "Menagerie");
	assert_int_equal(edit->series_number, 4);
	assert_int_equal(edit->pinned_at, NOW - 7);
	assert_string_equal(edit->canonical_url, "https://example.net/first");
	assert_string_equal(edit->cover_path, "/media/a.png");
	assert_string_equal(edit->cover_alt, "A cover");
	assert_int_equal(edit->cover_width, 640);
	assert_int_equal(edit->cover_height, 480);
	assert_string_equal(edit->category, "Beasts");
	assert_int_equal(g_strv_length(edit->tags), 2);
	assert_string_equal(edit->tags[0], "Zebra");
	assert_string_equal(edit->tags[1], "Ape");
	assert_int_equal(edit->author_ids->len, 1);
	assert_int_equal(g_strv_length(edit->authors), 1);
	assert_string_equal(edit->authors[0], "Ada Lovelace");
	assert_true(article_ids_include(edit->author_ids, fixture->author_id));
	assert_false(
	    article_ids_include(edit->author_ids, fixture->author_id + 1));
	assert_string_equal(edit->body, "\r\nThe *body*\r\n\r\n");
	assert_int_equal(edit->word_count, 2);
	assert_int_equal(edit->minutes, 1);
	article_edit_free(edit);
}

static void
test_read_a_bare_draft(void **state)
{
	struct fixture *fixture = *state;
	const struct article_draft draft = { .slug = "bare", .title = "Bare" };
	int64_t id = fixture_save(fixture, &draft);
	struct article_edit *edit = read_edit(fixture, id);

	assert_int_equal(edit->status, ARTICLE_STATUS_DRAFT);
	assert_int_equal(edit->published_at, 0);
	assert_null(edit->cover_path);
	assert_string_equal(edit->description, "");
	assert_string_equal(edit->direction, "");
	assert_null(edit->series);
	assert_int_equal(edit->series_number, 0);
	assert_int_equal(edit->pinned_at, 0);
	assert_null(edit->category);
	assert_int_equal(g_strv_length(edit->tags), 0);
	assert_int_equal(edit->author_ids->len, 0);
	assert_string_equal(edit->body, "");
	article_edit_free(edit);
}

static void
test_read_what_is_not_there(void **state)
{
	struct fixture *fixture = *state;
	struct article_edit *edit = NULL;
	struct article *article = NULL;

	assert_int_equal(article_edit_read(fixture->database, 4711, &edit),
	    STATUS_NOT_FOUND);
	assert_int_equal(article_read_any(fixture->database, 4711, &article),
	    STATUS_NOT_FOUND);
	article_edit_free(edit);
}

static void
test_read_any_shows_what_is_not_public(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "hidden", 1);
	struct article *article = NULL;
	int64_t id;

	draft.status = ARTICLE_STATUS_DRAFT;
	draft.published_at = 0;
	id = fixture_save(fixture, &draft);
	fixture_run(fixture, "UPDATE article SET trashed_at = 5");

	assert_int_equal(
	    article_read_any(fixture->database, id, &article), STATUS_OK);

	assert_string_equal(article->summary.title, "hidden");
	assert_string_equal(article->body_html, draft.body_html);
	assert_int_equal(article->status, ARTICLE_STATUS_DRAFT);
	article_free(article);
}

/* A category that is deleted takes nothing along. */
static void
test_read_after_its_category_was_deleted(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "a", 1, "Gone", "Tag");
	struct article_edit *edit;

	fixture_run(fixture, "DELETE FROM category");

	edit = read_edit(fixture, id);
	assert_null(edit->category);
	assert_int_equal(g_strv_length(edit->tags), 1);
	article_edit_free(edit);
	assert_true(is_public(fixture, "/articles/a", NOW));
}

/* ---- slugs ---- */

static void
assert_slug(struct fixture *fixture, const char *title, const char *wanted)
{
	g_autofree char *slug = NULL;

	assert_int_equal(
	    article_make_slug(fixture->database, title, 0, &slug), STATUS_OK);
	assert_string_equal(slug, wanted);
}

static void
test_make_slug_of_any_title(void **state)
{
	static const struct {
		const char *title, *slug;
	} titles[] = {
		{ "A Title", "a-title" },
		{ "  Tea & Coffee!  ", "tea-coffee" },
		{ "", "article" },
		{ " \t \xc2\xa0 ", "article" },
		{ "?!", "article" },
		{ "\xf0\x9f\xa6\x80\xf0\x9f\xa6\x80", "article" },
		{ "\xe2\x80\x8b", "article" },
		{ "\xf0\x9f\xa6\x80 in Rust", "in-rust" },
		{ "../../etc/passwd", "etc-passwd" },
		{ "new", "new" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
		assert_slug(fixture, titles[i].title, titles[i].slug);
}

/* Of letters of one byte and of three: what comes out can be stored. */
static void
test_make_slug_of_10000_characters(void **state)
{
	static const char *const letters[] = { "x", "\xe6\x96\x87" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
		g_autofree char *slug = NULL;
		g_autoptr(GString) title = g_string_new(NULL);
		struct article_draft draft = fixture_draft(fixture, "a", 1);

		for (int k = 0; k < 10000; k++)
			g_string_append(title, letters[i]);
		assert_int_equal(
		    article_make_slug(fixture->database, title->str, 0, &slug),
		    STATUS_OK);
		assert_in_range(strlen(slug), 90, 100);
		draft.slug = slug;
		fixture_save(fixture, &draft);
	}
}

static void
test_make_slug_that_nobody_has(void **state)
{
	struct fixture *fixture = *state;
	int64_t first = fixture_article(fixture, "same", 1, NULL, NULL);
	g_autofree char *own = NULL;

	fixture_article(fixture, "same-2", 1, NULL, NULL);

	assert_slug(fixture, "Same", "same-3");
	assert_int_equal(
	    article_make_slug(fixture->database, "Same", first, &own),
	    STATUS_OK);
	assert_string_equal(own, "same");
}

static void
test_make_slug_looks_into_the_trash(void **state)
{
	struct fixture *fixture = *state;

	fixture_article(fixture, "same", 1, NULL, NULL);
	fixture_run(fixture, "UPDATE article SET trashed_at = 5");

	assert_slug(fixture, "Same", "same-2");
}

/* ---- one form, one article ---- */

static void
test_creation_key_names_one_article(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t one = fixture_article(fixture, "one", 1, NULL, NULL);
	int64_t other = fixture_article(fixture, "other", 1, NULL, NULL);
	g_autofree char *hash = NULL;
	int64_t id = 0;

	assert_int_equal(article_find_created(database, "key", &id, &hash),
	    STATUS_NOT_FOUND);
	assert_null(hash);
	assert_int_equal(
	    article_set_creation_key(database, one, "key", "hash"), STATUS_OK);
	assert_int_equal(
	    article_find_created(database, "key", &id, &hash), STATUS_OK);
	assert_int_equal(id, one);
	assert_string_equal(hash, "hash");
	assert_int_equal(article_set_creation_key(database, other, "key", "x"),
	    STATUS_CONFLICT);
}

/* ---- the trash ---- */

static enum status
trash(struct fixture *fixture, int64_t id, int64_t now)
{
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	status = article_trash(fixture->database, id, now);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
	return status;
}

/* Take it out and save it once more, as the desk does. */
static enum status
untrash(struct fixture *fixture, int64_t id, const char *slug)
{
	struct article_edit *edit = read_edit(fixture, id);
	struct article_draft draft = fixture_draft(fixture, slug, 1);
	enum status status;

	draft.id = id;
	draft.version = edit->version;
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	status = article_untrash(fixture->database, id);
	if (status == STATUS_OK)
		status = article_save(fixture->database, &fixture->blog, &draft,
		    NOW, NULL, NULL, NULL);
	if (status == STATUS_OK)
		assert_int_equal(database_commit(fixture->database), STATUS_OK);
	else
		database_rollback(fixture->database);
	article_edit_free(edit);
	return status;
}

static void
test_trash_and_back(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "thing", 1, "Cat", "Tag");
	struct article_edit *edit;

	assert_int_equal(
	    fixture_count_found(fixture->database, "thing", NOW), 1);

	assert_int_equal(trash(fixture, id, NOW + 7), STATUS_OK);
	edit = read_edit(fixture, id);
	assert_int_equal(edit->trashed_at, NOW + 7);
	assert_int_equal(edit->status, ARTICLE_STATUS_PUBLISHED);
	article_edit_free(edit);
	assert_false(is_public(fixture, "/articles/thing", NOW + 7));
	assert_int_equal(
	    fixture_count_found(fixture->database, "thing", NOW + 7), 0);
	fixture_assert_counts(fixture);

	assert_int_equal(untrash(fixture, id, "thing"), STATUS_OK);
	assert_true(is_public(fixture, "/articles/thing", NOW));
	assert_int_equal(
	    fixture_count_found(fixture->database, "thing", NOW), 1);
	fixture_assert_counts(fixture);
}

static void
test_trash_what_is_there_already_or_nowhere(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "thing", 1, NULL, NULL);
	struct article_edit *edit;

	assert_int_equal(
	    article_untrash(fixture->database, id), STATUS_NOT_FOUND);
	assert_int_equal(trash(fixture, id, NOW), STATUS_OK);
	assert_int_equal(trash(fixture, id, NOW + DAY), STATUS_NOT_FOUND);
	edit = read_edit(fixture, id);
	assert_int_equal(edit->trashed_at, NOW);
	article_edit_free(edit);
	assert_int_equal(trash(fixture, 4711, NOW), STATUS_NOT_FOUND);
	assert_int_equal(
	    article_untrash(fixture->database, 4711), STATUS_NOT_FOUND);
}

/* What lies in the trash keeps its slug, so that it can always come back. */
static void
test_slug_of_what_is_in_the_trash_is_taken(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "thing", 1, NULL, NULL);
	struct article_draft draft = fixture_draft(fixture, "thing", 1);
	g_autoptr(GError) error = NULL;

	trash(fixture, id, NOW);

	assert_int_equal(
	    fixture_try_save(fixture, &draft, NULL, &error), STATUS_CONFLICT);
	assert_non_null(strstr(error->message, "in the trash"));
	assert_int_equal(untrash(fixture, id, "thing"), STATUS_OK);
}

/* One who comes back under a slug that is another's stays where it is. */
static void
test_untrash_with_a_slug_that_is_taken(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "thing", 1, NULL, NULL);

	fixture_article(fixture, "other", 1, NULL, NULL);
	trash(fixture, id, NOW);

	assert_int_equal(untrash(fixture, id, "other"), STATUS_CONFLICT);

	assert_false(is_public(fixture, "/articles/thing", NOW));
	assert_true(is_public(fixture, "/articles/other", NOW));
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM article"
				     " WHERE trashed_at IS NOT NULL"),
	    1);
}

/* In the trash it is not found, whatever it was, and not published either. */
static void
test_trash_a_scheduled_one(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "thing", -1);
	int64_t id = fixture_save(fixture, &draft);
	int64_t count = -1;
	int64_t next_at = -1;

	assert_int_equal(trash(fixture, id, NOW), STATUS_OK);

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(article_publish_due(fixture->database, NOW + 2 * DAY,
			     &count, &next_at),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
	assert_int_equal(count, 0);
	assert_int_equal(next_at, 0);
	assert_int_equal(
	    fixture_count_found(fixture->database, "thing", NOW + 2 * DAY), 0);
}

static void
test_empty_trash(void **state)
{
	struct fixture *fixture = *state;
	int64_t old = fixture_article(fixture, "old", 1, NULL, "Tag");
	int64_t young = fixture_article(fixture, "young", 1, NULL, "Tag");
	int64_t count = -1;

	fixture_article(fixture, "kept", 1, NULL, "Tag");
	trash(fixture, old, NOW - 1);
	trash(fixture, young, NOW);

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(article_empty_trash(fixture->database,
			     NOW + ARTICLE_TRASH_SECONDS, &count),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);

	assert_int_equal(count, 1);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM article"), 2);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM revision"), 2);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM search_removal"
				     " WHERE article_id NOT IN"
				     " (SELECT id FROM article)"),
	    0);
	assert_int_equal(fixture_count_found(fixture->database, "old", NOW), 0);
	assert_int_equal(
	    fixture_count_found(fixture->database, "kept", NOW), 1);
	fixture_assert_counts(fixture);
}

/* ---- what is due ---- */

static int64_t
publish_due(struct database *database, int64_t now, int64_t *out_next_at)
{
	int64_t count = -1;

	assert_int_equal(database_begin(database, true), STATUS_OK);
	assert_int_equal(
	    article_publish_due(database, now, &count, out_next_at), STATUS_OK);
	assert_int_equal(database_commit(database), STATUS_OK);
	return count;
}

static void
test_publish_due_what_is_due(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft first = fixture_draft(fixture, "first", -1);
	struct article_draft second = fixture_draft(fixture, "second", -2);
	int64_t next_at = -1;
	struct article_edit *edit;
	int64_t id = fixture_save(fixture, &first);

	fixture_save(fixture, &second);
	assert_int_equal(
	    article_next_due(fixture->database, &next_at), STATUS_OK);
	assert_int_equal(next_at, NOW + DAY);

	assert_int_equal(
	    publish_due(fixture->database, NOW + DAY - 1, &next_at), 0);
	assert_int_equal(next_at, NOW + DAY);
	assert_int_equal(
	    fixture_count_found(fixture->database, "first", NOW + DAY - 1), 0);
	assert_false(is_public(fixture, "/articles/first", NOW + DAY));

	assert_int_equal(
	    publish_due(fixture->database, NOW + DAY, &next_at), 1);
	assert_int_equal(next_at, NOW + 2 * DAY);
	assert_int_equal(
	    fixture_count_found(fixture->database, "first", NOW + DAY), 1);
	assert_int_equal(
	    fixture_count_found(fixture->database, "second", NOW + DAY), 0);
	assert_true(is_public(fixture, "/articles/first", NOW + DAY));
	edit = read_edit(fixture, id);
	assert_int_equal(edit->status, ARTICLE_STATUS_PUBLISHED);
	assert_int_equal(edit->published_at, NOW + DAY);
	assert_int_equal(edit->updated_at, NOW + DAY);
	article_edit_free(edit);
	fixture_assert_counts(fixture);

	assert_int_equal(
	    publish_due(fixture->database, NOW + 9 * (int64_t)DAY, &next_at),
	    1);
	assert_int_equal(next_at, 0);
	assert_int_equal(
	    publish_due(fixture->database, NOW + 9 * (int64_t)DAY, &next_at),
	    0);
}

/* Nothing is taken for an author's next save: the form that was open goes on.
 */
static void
test_publish_due_leaves_the_version(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "first", -1);
	int64_t next_at;

	draft.id = fixture_save(fixture, &draft);
	publish_due(fixture->database, NOW + DAY, &next_at);

	draft.version = 1;
	draft.status = ARTICLE_STATUS_PUBLISHED;
	draft.published_at = 0;
	fixture_save(fixture, &draft);

	assert_int_equal(
	    fixture_integer(fixture, "SELECT published_at FROM article"),
	    NOW + DAY);
}

/* Published by who had a clock that is ahead of ours, or before ours went back:
 * it does not wait again. */
static void
test_save_of_what_is_published_already(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "first", -1);
	int64_t next_at;

	draft.id = fixture_save(fixture, &draft);
	publish_due(fixture->database, NOW + DAY, &next_at);

	draft.version = 1;
	fixture_save(fixture, &draft);
	assert_int_equal(fixture_integer(fixture,
			     "SELECT status = 'published' FROM article"),
	    1);
	/* Another date is another matter. */
	draft.version = 2;
	draft.published_at = NOW + 2 * DAY;
	fixture_save(fixture, &draft);
	assert_int_equal(fixture_integer(fixture,
			     "SELECT status = 'scheduled' FROM article"),
	    1);
}

/* Two programs of one blog: each connection publishes what the other has not.
 */
static void
test_publish_due_once_from_two_connections(void **state)
{
	g_autofree char *directory = g_dir_make_tmp("byline-edit-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(directory, "db", NULL);
	struct fixture first = { 0 };
	struct database *second = NULL;
	struct article_draft draft;
	int64_t next_at;
	int64_t sum = 0;

	(void)state;
	assert_int_equal(
	    database_open(path, DATABASE_CREATE, &first.database, NULL),
	    STATUS_OK);
	assert_int_equal(
	    database_open(path, DATABASE_WRITE, &second, NULL), STATUS_OK);
	assert_int_equal(setting_load(first.database, &first.blog), STATUS_OK);
	for (int i = 0; i < 20; i++) {
		g_autofree char *slug = g_strdup_printf("a-%d", i);

		draft = fixture_draft(&first, slug, 0);
		draft.author_count = 0;
		draft.published_at = NOW + 1 + i / 2;
		fixture_save(&first, &draft);
	}

	for (int64_t now = NOW; now < NOW + 12; now++) {
		sum += publish_due(first.database, now, &next_at);
		sum += publish_due(second, now, &next_at);
		sum += publish_due(first.database, now, &next_at);
	}

	assert_int_equal(sum, 20);
	assert_int_equal(fixture_count_found(second, "body", NOW + 12), 20);
	database_close(first.database);
	database_close(second);
	setting_release(&first.blog);
	g_unlink(path);
	g_rmdir(directory);
}

/* ---- where it stands ---- */

/* In an address with the year, a new date is a new address: the old one leads
 * there. */
static void
test_date_changes_an_address_with_the_year(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "moved", 1);
	struct article_edit *edit;

	g_free(fixture->blog.permalink);
	fixture->blog.permalink = g_strdup("/{year}/{slug}");
	draft.id = fixture_save(fixture, &draft);
	assert_true(is_public(fixture, "/2026/moved", NOW));

	draft.version = 1;
	draft.published_at = NOW - 366 * (int64_t)DAY;
	fixture_save(fixture, &draft);

	assert_true(is_public(fixture, "/2025/moved", NOW));
	assert_false(is_public(fixture, "/2026/moved", NOW));
	edit = read_edit(fixture, draft.id);
	assert_string_equal(edit->path, "/2025/moved");
	article_edit_free(edit);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*)"
				     " FROM redirect r"
				     " JOIN article a ON a.id = r.article_id"
				     " WHERE r.path = '/2026/moved'"
				     " AND a.path = '/2025/moved'"),
	    1);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read_gives_everything),
		TEST(test_read_a_bare_draft),
		TEST(test_read_what_is_not_there),
		TEST(test_read_any_shows_what_is_not_public),
		TEST(test_read_after_its_category_was_deleted),
		TEST(test_make_slug_of_any_title),
		TEST(test_make_slug_of_10000_characters),
		TEST(test_make_slug_that_nobody_has),
		TEST(test_make_slug_looks_into_the_trash),
		TEST(test_creation_key_names_one_article),
		TEST(test_trash_and_back),
		TEST(test_trash_what_is_there_already_or_nowhere),
		TEST(test_slug_of_what_is_in_the_trash_is_taken),
		TEST(test_untrash_with_a_slug_that_is_taken),
		TEST(test_trash_a_scheduled_one),
		TEST(test_empty_trash),
		TEST(test_publish_due_what_is_due),
		TEST(test_publish_due_leaves_the_version),
		TEST(test_save_of_what_is_published_already),
		TEST(test_publish_due_once_from_two_connections),
		TEST(test_date_changes_an_address_with_the_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
