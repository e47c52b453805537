/*
 * test_article_series.c - a series has its parts in one order, public or not,
 * and is gone when nothing is in it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/article_edit.h"
#include "model/series.h"

static int64_t
add_part(struct fixture *fixture, const char *slug, int64_t days,
    const char *series, int64_t number)
{
	struct article_draft draft = fixture_draft(fixture, slug, days);

	draft.series = series;
	draft.series_number = number;
	return fixture_save(fixture, &draft);
}

/* "2 of 3: a, b, c" for article `id`. The caller frees it. */
static char *
describe(struct fixture *fixture, int64_t id)
{
	struct article *article;
	struct article_series *series;
	GString *words = g_string_new(NULL);

	assert_int_equal(
	    article_read_any(fixture->database, id, &article), STATUS_OK);
	assert_int_equal(
	    article_find_series(fixture->database, article, NOW, &series),
	    STATUS_OK);
	assert_non_null(series);
	g_string_printf(words, "%d of %d from %d:", (int)series->part,
	    (int)series->part_count, (int)series->first_part);
	for (guint i = 0; i < series->parts->len; i++) {
		const struct article_summary *part = series->parts->pdata[i];

		g_string_append_printf(words, " %s", part->title);
		assert_true(g_str_has_suffix(part->path, part->title));
	}
	article_series_free(series);
	article_free(article);
	return g_string_free(words, FALSE);
}

static void
assert_described(struct fixture *fixture, int64_t id, const char *expected)
{
	g_autofree char *words = describe(fixture, id);

	assert_string_equal(words, expected);
}

static void
test_find_series_in_the_order_of_publishing(void **state)
{
	struct fixture *fixture = *state;
	int64_t second = add_part(fixture, "second", 5, "Saga", 0);
	int64_t first = add_part(fixture, "first", 9, "Saga", 0);

	add_part(fixture, "third", 1, "saga", 0);
	add_part(fixture, "other", 3, "Another", 0);
	fixture_article(fixture, "alone", 2, NULL, NULL);

	assert_described(fixture, first, "1 of 3 from 1: first second third");
	assert_described(fixture, second, "2 of 3 from 1: first second third");
}

static void
test_find_series_numbers_come_first(void **state)
{
	struct fixture *fixture = *state;
	int64_t newest = add_part(fixture, "newest", 1, "Saga", 1);
	int64_t oldest = add_part(fixture, "oldest", 9, "Saga", 0);

	add_part(fixture, "two", 4, "Saga", 2);

	assert_described(fixture, newest, "1 of 3 from 1: newest two oldest");
	assert_described(fixture, oldest, "3 of 3 from 1: newest two oldest");
}

static void
test_find_series_what_is_not_public(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "draft", 3);
	int64_t first = add_part(fixture, "first", 9, "Saga", 0);
	int64_t id;

	draft.status = ARTICLE_STATUS_DRAFT;
	draft.series = "Saga";
	id = fixture_save(fixture, &draft);
	add_part(fixture, "last", 1, "Saga", 0);
	add_part(fixture, "future", -5, "Saga", 0);

	assert_described(fixture, first, "1 of 2 from 1: first last");
	/* Its own page is of it, whoever may look at that. */
	assert_described(fixture, id, "2 of 3 from 1: first draft last");
}

/* A preview of it with another number: it stands there once. */
static void
test_find_series_counts_itself_once(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = add_part(fixture, "last", 1, "Saga", 0);
	struct article *article;
	struct article_series *series;

	add_part(fixture, "first", 9, "Saga", 0);
	assert_int_equal(
	    article_read_any(fixture->database, id, &article), STATUS_OK);
	article->series_number = 1;

	assert_int_equal(
	    article_find_series(fixture->database, article, NOW, &series),
	    STATUS_OK);

	assert_int_equal(series->part, 1);
	assert_int_equal(series->part_count, 2);
	assert_int_equal(series->parts->len, 2);
	article_series_free(series);
	article_free(article);
}

static void
test_find_series_shows_what_is_near(void **state)
{
	struct fixture *fixture = *state;
	int64_t middle = 0;
	struct article *article;
	struct article_series *series;

	for (int i = 0; i < 80; i++) {
		g_autofree char *slug = g_strdup_printf("p%d", i);
		int64_t id = add_part(fixture, slug, 100 - i, "Saga", 0);

		if (i == 40)
			middle = id;
	}
	assert_int_equal(
	    article_read_any(fixture->database, middle, &article), STATUS_OK);

	assert_int_equal(
	    article_find_series(fixture->database, article, NOW, &series),
	    STATUS_OK);

	assert_int_equal(series->part, 41);
	assert_int_equal(series->part_count, 80);
	assert_int_equal(series->first_part, 16);
	assert_int_equal(series->parts->len, 2 * ARTICLE_SERIES_NEAR + 1);
	assert_string_equal(
	    ((struct article_summary *)series->parts->pdata[0])->title, "p15");
	article_series_free(series);
	article_free(article);
}

static void
test_find_series_of_what_is_in_none(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "alone", 2, NULL, NULL);
	struct article *article;
	struct article_series *series;

	assert_int_equal(
	    article_read_any(fixture->database, id, &article), STATUS_OK);

	assert_int_equal(
	    article_find_series(fixture->database, article, NOW, &series),
	    STATUS_OK);

	assert_null(series);
	article_free(article);
}

static void
test_series_is_gone_with_its_last_article(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = add_part(fixture, "a", 2, "Saga", 0);
	struct article_draft draft = fixture_draft(fixture, "a", 2);

	add_part(fixture, "b", 2, "Second", 0);
	draft.id = id;
	draft.version = 1;

	fixture_save(fixture, &draft);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM series"), 1);

	fixture_run(fixture, "DELETE FROM article WHERE slug = 'b'");
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM series"), 0);
}

static void
test_save_series_that_cannot_be(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 2);
	g_autofree char *name = g_strnfill(101, 'a');
	g_autoptr(GError) error = NULL;

	draft.series = name;
	assert_int_equal(
	    fixture_try_save(fixture, &draft, NULL, &error), STATUS_INVALID);
	assert_non_null(strstr(error->message, "series"));
	g_clear_error(&error);

	draft.series = "Saga";
	draft.series_number = ARTICLE_SERIES_LAST + 1;
	assert_int_equal(
	    fixture_try_save(fixture, &draft, NULL, &error), STATUS_INVALID);
	assert_non_null(strstr(error->message, "number"));
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM series"), 0);
}

/* ---- their names ---- */

static void
test_series_ensure_one_of_two_spellings(void **state)
{
	struct fixture *fixture = *state;
	int64_t one, other, third;

	assert_int_equal(
	    series_ensure(fixture->database, "My  Saga", &one), STATUS_OK);
	assert_int_equal(
	    series_ensure(fixture->database, "my-saga", &other), STATUS_OK);
	assert_int_equal(one, other);
	assert_int_equal(
	    series_find(fixture->database, "MY SAGA", &third), STATUS_OK);
	assert_int_equal(one, third);
	assert_int_equal(
	    series_find(fixture->database, "None", &third), STATUS_NOT_FOUND);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM series"), 1);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find_series_in_the_order_of_publishing),
		TEST(test_find_series_numbers_come_first),
		TEST(test_find_series_what_is_not_public),
		TEST(test_find_series_counts_itself_once),
		TEST(test_find_series_shows_what_is_near),
		TEST(test_find_series_of_what_is_in_none),
		TEST(test_series_is_gone_with_its_last_article),
		TEST(test_save_series_that_cannot_be),
		TEST(test_series_ensure_one_of_two_spellings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
