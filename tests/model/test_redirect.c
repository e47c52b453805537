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
test_find_page_that_follows(void **state)
{
	struct fixture *fixture = *state;

	fixture_run(fixture, "INSERT INTO redirect (path, target, created_at)"
			     " VALUES ('/tags/old', '/tags/new', 0),"
			     " ('/tags/old/page/3', '/tags/third', 0)");

	assert_leads_to(fixture, "/tags/old/page/2", "/tags/new");
	assert_leads_to(fixture, "/tags/old/page/12", "/tags/new");
	assert_leads_to(fixture, "/tags/old/page/3", "/tags/third");
	assert_leads_to(fixture, "/tags/old/page/", "not found");
	assert_leads_to(fixture, "/tags/old/page/2a", "not found");
	assert_leads_to(fixture, "/tags/old/homepage/2", "not found");
	assert_leads_to(fixture, "/tags/old/page/2/page/2", "not found");
	assert_leads_to(fixture, "/tags/none/page/2", "not found");
	assert_leads_to(fixture, "/page/2", "not found");
	assert_leads_to(fixture, "page/2", "not found");
	assert_leads_to(fixture, "/2", "not found");
	assert_leads_to(fixture, "2", "not found");
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

/* ---- to addresses ---- */

#define BASE_URL "https://blog.example/b"

/* "" when `path` leads to `target` now, else why not. */
static char *
add(struct fixture *fixture, const char *path, const char *target)
{
	g_autoptr(GError) error = NULL;
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	status = redirect_add_target(
	    fixture->database, BASE_URL, path, target, NOW, NULL, &error);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
	assert_true((status == STATUS_OK) == (error == NULL));
	return g_strdup(error == NULL ? "" : error->message);
}

static void
assert_added(struct fixture *fixture, const char *path, const char *target)
{
	g_autofree char *problem = add(fixture, path, target);

	assert_string_equal(problem, "");
}

static void
test_add_target_takes_paths_and_addresses(void **state)
{
	struct fixture *fixture = *state;

	assert_added(fixture, "/old/", "/new//place");
	assert_added(fixture, "/a%20b", "https://elsewhere.example/x?y#z");
	assert_added(fixture, BASE_URL "/whole", BASE_URL);
	assert_added(fixture, "/front", "/");

	assert_leads_to(fixture, "/old", "/new/place");
	assert_leads_to(fixture, "/a b", "https://elsewhere.example/x?y#z");
	assert_leads_to(fixture, "/whole", "/");
	assert_leads_to(fixture, "/front", "/");
	assert_added(fixture, "/old", "/new/place");
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM redirect"), 4);
}

static void
test_add_target_says_what_is_wrong(void **state)
{
	static const struct {
		const char *path, *target, *problem;
	} cases[] = {
		{ "old", "/n", "begins with a slash" },
		{ "", "/n", "begins with a slash" },
		{ "/", "/n", "front page" },
		{ BASE_URL, "/n", "front page" },
		{ "//x/y", "/n", "one slash" },
		{ "/a?b", "/n", "without ? and #" },
		{ "/../a", "/n", "no path like" },
		{ "/o", "", "begins with https://" },
		{ "/o", "n", "begins with https://" },
		{ "/o", "javascript:alert(1)", "begins with https://" },
		{ "/o", "https://a b", "begins with https://" },
		{ "/o", "//evil.example", "one slash" },
		{ "/o", "/n#x", "without ? and #" },
		{ "/o", "/o/", "same address" },
		{ "/desk/x", "/n", "answers there itself" },
		{ "/tags", "/n", "answers there itself" },
		{ "/page/2", "/n", "answers there itself" },
		{ "/tags/sqlite", "/n", "answers there itself" },
		{ "/tags/sqlite/feed.xml", "/n", "answers there itself" },
		{ "/categories/backend/page/3", "/n", "answers there itself" },
		{ "/authors/ada-lovelace", "/n", "answers there itself" },
		{ "/archive/2026", "/n", "answers there itself" },
		{ "/views/1.gif", "/n", "answers there itself" },
		{ "/articles/a", "/n", "an article stands there" },
		{ "/there", "/n", "leads to /else already" },
		{ "/else", "/there", "a circle" },
	};
	struct fixture *fixture = *state;

	(void)fixture_article(fixture, "a", 1, "Backend", "SQLite");
	assert_added(fixture, "/there", "/else");

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *problem =
		    add(fixture, cases[i].path, cases[i].target);

		if (strstr(problem, cases[i].problem) == NULL)
			fail_msg("%s %s: \"%s\"", cases[i].path,
			    cases[i].target, problem);
	}
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM redirect"), 1);
}

static void
test_add_target_where_something_stood(void **state)
{
	struct fixture *fixture = *state;

	(void)fixture_article(fixture, "a", 1, "Backend", "SQLite");

	assert_added(fixture, "/tags/gone", "/tags/sqlite");
	assert_added(fixture, "/tags/sqlite/more", "/tags/sqlite");
	assert_added(fixture, "/archive/2013/05/06/a.html", "/n");
	assert_added(fixture, "/media/none.png", "/n");
	assert_added(fixture, "/views/from-the-hill.gif", "/n");
}

static void
test_add_target_is_one_hop(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "a", 1, NULL, NULL);

	assert_int_equal(
	    redirect_add_to_article(fixture->database, "/alias", id, NOW, NULL),
	    STATUS_OK);
	assert_added(fixture, "/one", "/two");
	assert_added(fixture, "/two", "/three");
	assert_added(fixture, "/zero", "/one");
	assert_added(fixture, "/x", "/alias");
	assert_added(fixture, "/three", "/articles/a");

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM redirect"
				     " WHERE article_id IS NOT NULL"),
	    6);
	assert_leads_to(fixture, "/zero", "/articles/a");
	assert_leads_to(fixture, "/x", "/articles/a");
}

/* Somebody who adds all of them again is not refused because of a draft. */
static void
test_add_again_where_a_draft_stands(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "old", 1);
	int64_t id = fixture_article(fixture, "a", 1, NULL, NULL);
	bool is_new = true;

	assert_int_equal(redirect_add_to_article(
			     fixture->database, "/articles/old", id, NOW, NULL),
	    STATUS_OK);
	draft.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &draft);

	assert_int_equal(redirect_add_to_article(fixture->database,
			     "/articles/old", id, NOW, &is_new),
	    STATUS_OK);
	assert_false(is_new);
	assert_added(fixture, "/articles/old", "/articles/a");
	assert_int_equal(redirect_add_to_article(fixture->database,
			     "/articles/old", id + 1, NOW, NULL),
	    STATUS_CONFLICT);
	assert_leads_to(fixture, "/articles/old", "/articles/a");
}

static void
test_move_and_back(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;

	assert_added(fixture, "/x", "/tags/a");

	assert_int_equal(
	    redirect_move(database, "/tags/a", "/tags/b", NOW), STATUS_OK);
	assert_leads_to(fixture, "/x", "/tags/b");
	assert_leads_to(fixture, "/tags/a", "/tags/b");
	assert_int_equal(
	    redirect_move(database, "/tags/b", "/tags/a", NOW), STATUS_OK);
	assert_leads_to(fixture, "/x", "/tags/a");
	assert_leads_to(fixture, "/tags/b", "/tags/a");
	assert_leads_to(fixture, "/tags/a", "not found");
	assert_int_equal(redirect_forget_list(database, "/tags/a"), STATUS_OK);
	assert_leads_to(fixture, "/x", "not found");
}

static enum status
add_lines(struct fixture *fixture, const char *text, int64_t *out_count,
    GPtrArray *problems)
{
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	status = redirect_add_lines(
	    fixture->database, NULL, text, NOW, out_count, problems);
	if (status == STATUS_OK)
		assert_int_equal(database_commit(fixture->database), STATUS_OK);
	else
		database_rollback(fixture->database);
	return status;
}

static void
test_add_lines(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) problems =
	    g_ptr_array_new_with_free_func(redirect_problem_free);
	int64_t count = 0;

	assert_int_equal(add_lines(fixture,
			     "# from the old blog\r\n/a /b\r\n\r\n"
			     "  /c\t https://x.example/  \n/a /b\n",
			     &count, problems),
	    STATUS_OK);

	assert_int_equal(count, 2);
	assert_int_equal(problems->len, 0);
	assert_leads_to(fixture, "/c", "https://x.example/");
}

static void
test_add_lines_names_every_wrong_one(void **state)
{
	static const struct {
		int64_t line;
		const char *reason;
	} wanted[] = {
		{ 2, "an old and a new address" },
		{ 3, "the old address: it begins with a slash" },
		{ 5, "the new address: it is a path like" },
		{ 6, "it leads to /b already" },
		{ 7, "an old and a new address" },
	};
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) problems =
	    g_ptr_array_new_with_free_func(redirect_problem_free);
	int64_t count = 0;

	assert_int_equal(
	    add_lines(fixture,
		"/a /b\n/alone\nold /new\n/d /e\n/f g\n/a /z\n/1 /2 /3", &count,
		problems),
	    STATUS_INVALID);

	assert_int_equal(problems->len, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < problems->len; i++) {
		const struct redirect_problem *problem =
		    g_ptr_array_index(problems, i);

		assert_int_equal(problem->line, wanted[i].line);
		assert_non_null(strstr(problem->reason, wanted[i].reason));
	}
	assert_leads_to(fixture, "/a", "not found");
}

static void
test_list_and_count(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = fixture_article(fixture, "a-title", 1, NULL, NULL);
	g_autoptr(GPtrArray) rows = NULL;
	const struct redirect *row;
	int64_t count;

	assert_int_equal(
	    redirect_add_to_article(fixture->database, "/2", id, NOW, NULL),
	    STATUS_OK);
	assert_added(fixture, "/1", "/100%25");
	assert_added(fixture, "/3", "https://x.example/");

	assert_int_equal(
	    redirect_list(fixture->database, NULL, 2, 2, &rows), STATUS_OK);
	assert_int_equal(rows->len, 1);
	row = g_ptr_array_index(rows, 0);
	assert_string_equal(row->path, "/3");
	assert_string_equal(row->target, "https://x.example/");
	assert_null(row->article_title);
	assert_int_equal(row->created_at, NOW);
	g_clear_pointer(&rows, g_ptr_array_unref);
	assert_int_equal(
	    redirect_list(fixture->database, "TITLE", 1, 50, &rows), STATUS_OK);
	assert_int_equal(rows->len, 1);
	row = g_ptr_array_index(rows, 0);
	assert_int_equal(row->article_id, id);
	assert_string_equal(row->article_title, "a-title");
	assert_string_equal(row->target, "/articles/a-title");
	assert_int_equal(
	    redirect_count(fixture->database, "%", &count), STATUS_OK);
	assert_int_equal(count, 1);
	assert_int_equal(
	    redirect_count(fixture->database, "", &count), STATUS_OK);
	assert_int_equal(count, 3);
}

/* ---- other generators' addresses ---- */

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
		TEST(test_find_page_that_follows),
		TEST(test_add_conflicts),
		TEST(test_add_again_where_a_draft_stands),
		cmocka_unit_test(test_normalize_path),
		cmocka_unit_test_setup_teardown(
		    test_add_target_takes_paths_and_addresses, fixture_set_up,
		    fixture_tear_down),
		cmocka_unit_test_setup_teardown(
		    test_add_target_says_what_is_wrong, fixture_set_up,
		    fixture_tear_down),
		cmocka_unit_test_setup_teardown(
		    test_add_target_where_something_stood, fixture_set_up,
		    fixture_tear_down),
		cmocka_unit_test_setup_teardown(test_add_target_is_one_hop,
		    fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
		    test_move_and_back, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
		    test_add_lines, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
		    test_add_lines_names_every_wrong_one, fixture_set_up,
		    fixture_tear_down),
		cmocka_unit_test_setup_teardown(
		    test_list_and_count, fixture_set_up, fixture_tear_down),
		cmocka_unit_test(test_normalize_path_of_endless_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
