/*
 * test_redirect.c - old addresses lead to where the article stands now, and
 * whatever other generators call an address is brought into one form.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/redirect.h"

static char *
lead(struct fixture *fixture, const char *path)
{
	char *target = NULL;
	enum status status =
	    redirect_find(fixture->database, path, NOW, &target);

	if (status != STATUS_OK)
		return g_strdup(status_name(status));
	return target;
}

static void
assert_leads_to(struct fixture *fixture, const char *path, const char *target)
{
	g_autofree char *found = lead(fixture, path);

	assert_string_equal(found, target);
}

static void
test_find_article_and_address(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "a", 1, NULL, NULL);
	bool is_new = false;

	assert_int_equal(redirect_add_to_article(
			     fixture->database, "/2020/old", id, NOW, &is_new),
	    STATUS_OK);
	fixture_run(fixture, "INSERT INTO redirect (path, target, created_at)"
			     " VALUES ('/away', 'https://example.com/b', 0)");

	assert_true(is_new);
	assert_leads_to(fixture, "/2020/old", "/articles/a");
	assert_leads_to(fixture, "/away", "https://example.com/b");
	assert_leads_to(fixture, "/none", "not found");
}

static void
test_find_only_what_is_public(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "a", 1, NULL, NULL);

	assert_int_equal(
	    redirect_add_to_article(fixture->database, "/old", id, NOW, NULL),
	    STATUS_OK);

	fixture_run(fixture, "UPDATE article SET status = 'draft'");
	assert_leads_to(fixture, "/old", "not found");
	fixture_run(
	    fixture, "UPDATE article SET status = 'published', trashed_at = 1");
	assert_leads_to(fixture, "/old", "not found");
	fixture_run(fixture, "UPDATE article SET trashed_at = NULL");
	assert_leads_to(fixture, "/old", "/articles/a");
	fixture_run(fixture, "UPDATE article SET published_at = 1790000000");
	assert_leads_to(fixture, "/old", "not found");
}

static void
test_add_conflicts(void **state)
{
	struct fixture *fixture = *state;
	int64_t a = fixture_article(fixture, "a", 1, NULL, NULL);
	int64_t b = fixture_article(fixture, "b", 1, NULL, NULL);
	g_autofree char *rest = g_strnfill(1024, 'x');
	g_autofree char *long_path = g_strconcat("/", rest, NULL);
	bool is_new = true;
	struct database *database = fixture->database;

	assert_int_equal(
	    redirect_add_to_article(database, "/old", a, NOW, NULL), STATUS_OK);

	assert_int_equal(
	    redirect_add_to_article(database, "/old", a, NOW, &is_new),
	    STATUS_OK);
	assert_false(is_new);
	assert_int_equal(
	    redirect_add_to_article(database, "/old", b, NOW, NULL),
	    STATUS_CONFLICT);
	assert_int_equal(
	    redirect_add_to_article(database, "/articles/b", a, NOW, NULL),
	    STATUS_CONFLICT);
	assert_int_equal(redirect_add_to_article(database, "old", a, NOW, NULL),
	    STATUS_INVALID);
	assert_int_equal(
	    redirect_add_to_article(database, long_path, a, NOW, NULL),
	    STATUS_INVALID);
}

static void
test_normalize_path(void **state)
{
	static const struct {
		const char *text;
		const char *path; /* NULL: none */
	} cases[] = {
		{ "/a", "/a" },
		{ "a", "/a" },
		{ "a/b/", "/a/b" },
		{ "//example.org/a", "/a" },
		{ "/a//b///c/", "/a/b/c" },
		{ "/a/./b", "/a/b" },
		{ "/a/index.html", "/a" },
		{ "/index.html", NULL },
		{ "/index.html/a", "/index.html/a" },
		{ "/a.html", "/a.html" },
		{ "https://example.org/2020/01/a/", "/2020/01/a" },
		{ "HTTP://example.org/a?b=c#d", "/a" },
		{ "/a?b", "/a" },
		{ "/a#b", "/a" },
		{ "https://example.org", NULL },
		{ "/", NULL },
		{ "", NULL },
		{ "   ", NULL },
		{ "/a%20b", "/a b" },
		{ "/%C3%BC", "/\xc3\xbc" },
		{ "/u%CC%88", "/\xc3\xbc" },
		{ "/a%2520b", "/a%20b" },
		{ "/a%", NULL },
		{ "/a%zz", NULL },
		{ "/a%00b", NULL },
		{ "/a%ffb", NULL },
		{ "/a%0ab", NULL },
		{ "/a\nb", NULL },
		{ "/../a", NULL },
		{ "/a/..", NULL },
		{ "/a/%2e%2e/b", NULL },
		{ "/a\\b", NULL },
		{ "/a..b", "/a..b" },
		{ "mailto:a@b", NULL },
		{ "javascript:alert(1)", NULL },
		{ "/a:b", "/a:b" },
		{ "2020/a:b", "/2020/a:b" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = redirect_normalize_path(cases[i].text);

		if (g_strcmp0(path, cases[i].path) != 0)
			fail_msg("\"%s\" became \"%s\"", cases[i].text,
			    path != NULL ? path : "nothing");
	}
}

static void
test_normalize_path_of_endless_text(void **state)
{
	g_autofree char *fits = g_strnfill(1023, 'x');
	g_autofree char *over = g_strnfill(1024, 'x');
	g_autofree char *path = NULL;
	g_autofree char *none = NULL;

	(void)state;
	path = redirect_normalize_path(fits);
	none = redirect_normalize_path(over);

	assert_int_equal(strlen(path), 1024);
	assert_null(none);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find_article_and_address),
		TEST(test_find_only_what_is_public),
		TEST(test_add_conflicts),
		cmocka_unit_test(test_normalize_path),
		cmocka_unit_test(test_normalize_path_of_endless_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
