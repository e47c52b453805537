/*
 * test_author_choice.c - what an author is called finds that author, and nobody
 * else.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/author.h"
#include "model/author_choice.h"

static int64_t
add_author(struct fixture *fixture, const char *name, const char *handle)
{
	const struct author_draft draft = { .name = name, .handle = handle };
	int64_t id;

	assert_int_equal(
	    author_add(fixture->database, &draft, NOW, &id, NULL), STATUS_OK);
	return id;
}

static char *
name_of(struct fixture *fixture, int64_t id)
{
	char *name;

	assert_int_equal(
	    author_choice_name(fixture->database, id, &name), STATUS_OK);
	return name;
}

static void
assert_called(struct fixture *fixture, int64_t id, const char *expected)
{
	g_autofree char *name = name_of(fixture, id);

	assert_string_equal(name, expected);
}

/* The ids of who is named in `text`, or NULL and why. */
static GArray *
find(struct fixture *fixture, const char *text, GError **error)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));

	if (author_choice_find(fixture->database, text, NULL, ids, error) ==
	    STATUS_OK)
		return ids;
	g_array_unref(ids);
	return NULL;
}

static void
assert_refused(struct fixture *fixture, const char *text, const char *words)
{
	g_autoptr(GError) error = NULL;

	assert_null(find(fixture, text, &error));
	assert_non_null(strstr(error->message, words));
}

static void
test_find_in_the_order_they_are_named(void **state)
{
	struct fixture *fixture = *state;
	int64_t grace = add_author(fixture, "Grace Hopper", NULL);
	g_autoptr(GArray) ids = find(
	    fixture, " grace  hopper ,, ada-lovelace, Grace Hopper, ", NULL);

	assert_non_null(ids);
	assert_int_equal(ids->len, 2);
	assert_int_equal(g_array_index(ids, int64_t, 0), grace);
	assert_int_equal(g_array_index(ids, int64_t, 1), fixture->author_id);
}

static void
test_find_nobody_in_nothing(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GArray) ids = find(fixture, " , ", NULL);

	assert_int_equal(ids->len, 0);
}

static void
test_find_who_is_not_there(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *many = g_strnfill(ARTICLE_AUTHORS_MOST, ',');

	assert_refused(fixture, "Ada Lovelace, Nobody", "called Nobody");
	assert_refused(fixture, many, "at most 64");
}

static void
test_name_is_the_handle_where_two_share_it(void **state)
{
	struct fixture *fixture = *state;
	int64_t one = add_author(fixture, "Sam", "sam-one");
	int64_t other = add_author(fixture, "sam", "sam-two");

	assert_called(fixture, one, "sam-one");
	assert_called(fixture, other, "sam-two");
	assert_refused(fixture, "Sam", "several");
}

static void
test_name_finds_the_same_author(void **state)
{
	struct fixture *fixture = *state;
	GPtrArray *names;
	g_autofree char *all = NULL;
	g_autoptr(GArray) ids = NULL;

	add_author(fixture, "Smith, John", "john");
	/* One's name is another's handle, and the other way round. */
	add_author(fixture, "kim", "lee");
	add_author(fixture, "lee", "kim");
	assert_int_equal(
	    author_choice_list(fixture->database, &names), STATUS_OK);
	g_ptr_array_add(names, NULL);

	all = g_strjoinv(", ", (char **)names->pdata);
	ids = find(fixture, all, NULL);

	assert_string_equal(all, "Ada Lovelace, john, lee, kim");
	assert_int_equal(ids->len, 4);
	for (guint i = 0; i < ids->len; i++)
		assert_called(
		    fixture, g_array_index(ids, int64_t, i), names->pdata[i]);
	g_ptr_array_unref(names);
}

/* ---- names that were shown ---- */

static void
assert_finds(struct fixture *fixture, const char *text,
    const struct author_choice_shown *shown, const char *expected)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autofree char *found = NULL;

	assert_int_equal(
	    author_choice_find(fixture->database, text, shown, ids, NULL),
	    STATUS_OK);
	found = author_choice_join(ids);
	assert_string_equal(found, expected);
}

/* Who was renamed is meant by the former name, even where it is another's. */
static void
test_find_who_was_shown(void **state)
{
	struct fixture *fixture = *state;
	int64_t grace = add_author(fixture, "Grace Hopper", NULL);
	int64_t other = add_author(fixture, "Ada Byron", "other");
	g_autofree char *shown_ids = g_strdup_printf(
	    "%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT, other, grace);
	g_autofree char *turned = g_strdup_printf(
	    "%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT, grace, other);
	const struct author_choice_shown shown = {
		.names = "Ada Lovelace, Amazing Grace", .ids = shown_ids
	};

	assert_finds(fixture, "Ada Lovelace, Amazing Grace", &shown, shown_ids);
	assert_finds(fixture, " Amazing  Grace,Ada Lovelace", &shown, turned);
	assert_finds(fixture, "Grace Hopper, other", &shown, turned);
}

static void
test_find_who_was_shown_in_no_way(void **state)
{
	static const struct author_choice_shown wrongs[] = {
		{ "Ada Lovelace", "" },
		{ "Ada Lovelace", "2,2" },
		{ "Ada Lovelace,", "2" },
		{ "", "2" },
		{ "Ada Lovelace", "4711" },
		{ "Ada Lovelace", "-1" },
		{ "Ada Lovelace", "99999999999999999999" },
		{ "Ada Lovelace", "2 OR 1" },
		{ "\xff", "2" },
	};
	struct fixture *fixture = *state;
	g_autofree char *ada =
	    g_strdup_printf("%" G_GINT64_FORMAT, fixture->author_id);

	add_author(fixture, "Grace Hopper", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(wrongs); i++)
		assert_finds(fixture, "Ada Lovelace", &wrongs[i], ada);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find_in_the_order_they_are_named),
		TEST(test_find_nobody_in_nothing),
		TEST(test_find_who_is_not_there),
		TEST(test_name_is_the_handle_where_two_share_it),
		TEST(test_name_finds_the_same_author),
		TEST(test_find_who_was_shown),
		TEST(test_find_who_was_shown_in_no_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
