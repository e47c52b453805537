/*
 * test_term.c - tags and categories: one thing has one slug, two have two.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "../../src/model/term_private.h"
#include "fixture.h"
#include "model/category.h"
#include "model/tag.h"
#include "model/term.h"

static int64_t
ensure(struct fixture *fixture, const char *name)
{
	int64_t id = 0;

	assert_int_equal(tag_ensure(fixture->database, name, &id), STATUS_OK);
	return id;
}

static void
assert_tag(struct fixture *fixture, const char *slug, const char *name)
{
	struct term *tag = NULL;

	assert_int_equal(tag_find(fixture->database, slug, &tag), STATUS_OK);
	assert_string_equal(tag->slug, slug);
	assert_string_equal(tag->name, name);
	term_free(tag);
}

static void
test_ensure_makes_once(void **state)
{
	struct fixture *fixture = *state;
	int64_t id;

	id = ensure(fixture, "Web Dev");

	assert_int_equal(ensure(fixture, "Web Dev"), id);
	assert_int_equal(ensure(fixture, "web dev"), id);
	assert_int_equal(ensure(fixture, " web-dev "), id);
	assert_int_equal(ensure(fixture, "Web_Dev"), id);
	assert_int_equal(ensure(fixture, "\xef\xbc\xb7\x65\x62 dev"), id);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM tag"), 1);
	assert_tag(fixture, "web-dev", "Web Dev");
}

static void
test_ensure_keeps_different_names_apart(void **state)
{
	struct fixture *fixture = *state;
	int64_t c, plus, sharp;

	c = ensure(fixture, "C");
	plus = ensure(fixture, "C++");
	sharp = ensure(fixture, "C#");

	assert_true(c != plus && plus != sharp && c != sharp);
	assert_int_equal(ensure(fixture, "c"), c);
	assert_int_equal(ensure(fixture, "c++"), plus);
	assert_int_equal(ensure(fixture, "c#"), sharp);
	assert_tag(fixture, "c", "C");
	assert_tag(fixture, "c-2", "C++");
	assert_tag(fixture, "c-3", "C#");
}

/* A slug that is not made of the name, since one of them was changed. */
static void
test_ensure_finds_a_name_whatever_its_slug(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = ensure(fixture, "Golang");

	fixture_run(fixture, "UPDATE tag SET name = 'Go'");

	assert_int_equal(ensure(fixture, "Go"), id);
	assert_int_equal(ensure(fixture, "go"), id);
	assert_true(ensure(fixture, "Golang") != id);
}

static void
test_ensure_symbols_and_emoji(void **state)
{
	struct fixture *fixture = *state;

	ensure(fixture, "\xf0\x9f\xa6\x80");
	ensure(fixture, "\xf0\x9f\xa6\x80 \xe2\x9d\xa4");
	ensure(fixture, "\xe6\xbc\xa2\xe5\xad\x97");

	assert_tag(fixture, "u-1f980", "\xf0\x9f\xa6\x80");
	assert_tag(fixture, "u-1f980-2764", "\xf0\x9f\xa6\x80 \xe2\x9d\xa4");
	assert_tag(
	    fixture, "\xe6\xbc\xa2\xe5\xad\x97", "\xe6\xbc\xa2\xe5\xad\x97");
}

static void
test_ensure_refuses(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *long_name = g_strnfill(101, 'x');
	const char *wrong[] = { "", " \t\n", "\xff", long_name };
	int64_t id;

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		assert_int_equal(tag_ensure(fixture->database, wrong[i], &id),
		    STATUS_INVALID);
		assert_int_equal(
		    category_ensure(fixture->database, wrong[i], &id),
		    STATUS_INVALID);
	}
}

static void
test_slug_of_many_symbols_has_an_end(void **state)
{
	GString *name = g_string_new(NULL);
	g_autofree char *slug = NULL;

	(void)state;
	for (int i = 0; i < 90; i++)
		g_string_append(name, "\xf0\x9f\xa6\x80");

	slug = term_slug(name->str);

	assert_true(strlen(slug) <= TERM_SLUG_SIZE);
	assert_true(g_str_has_prefix(slug, "u-1f980-1f980"));
	g_string_free(name, TRUE);
}

static void
test_find_missing(void **state)
{
	struct fixture *fixture = *state;
	struct term *tag;
	struct term *category;

	assert_int_equal(
	    tag_find(fixture->database, "none", &tag), STATUS_NOT_FOUND);
	assert_int_equal(category_find(fixture->database, "none", &category),
	    STATUS_NOT_FOUND);
}

static void
test_list_used_by_name(void **state)
{
	struct fixture *fixture = *state;
	GPtrArray *tags = NULL, *categories = NULL;
	const struct term *tag;
	const struct term *category;

	fixture_article(fixture, "a", 1, "zeta", "beta,Alpha");
	fixture_article(fixture, "b", 1, "Eta", "Alpha,gamma");
	ensure(fixture, "Unused");

	assert_int_equal(tag_list_used(fixture->database, &tags), STATUS_OK);
	assert_int_equal(
	    category_list_used(fixture->database, &categories), STATUS_OK);

	assert_int_equal(tags->len, 3);
	tag = tags->pdata[0];
	assert_string_equal(tag->name, "Alpha");
	assert_int_equal(tag->article_count, 2);
	tag = tags->pdata[1];
	assert_string_equal(tag->name, "beta");
	assert_int_equal(categories->len, 2);
	category = categories->pdata[0];
	assert_string_equal(category->name, "Eta");
	g_ptr_array_unref(tags);
	g_ptr_array_unref(categories);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ensure_makes_once),
		TEST(test_ensure_keeps_different_names_apart),
		cmocka_unit_test_setup_teardown(
		    test_ensure_finds_a_name_whatever_its_slug, fixture_set_up,
		    fixture_tear_down),
		TEST(test_ensure_symbols_and_emoji),
		TEST(test_ensure_refuses),
		cmocka_unit_test(test_slug_of_many_symbols_has_an_end),
		TEST(test_find_missing),
		TEST(test_list_used_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
