/*
 * test_permalink.c - articles move when the settings say so, all or none, and
 * every address that led to one still does.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/permalink.h"
#include "model/redirect.h"

/* Store a setting and apply it, as `byline setting` does. */
static enum status
change(struct fixture *fixture, const char *key, const char *value,
    int64_t *out_count, GError **error)
{
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(
	    setting_store(fixture->database, key, value, NULL), STATUS_OK);
	status = permalink_apply(fixture->database, NOW, out_count, error);
	if (status == STATUS_OK)
		assert_int_equal(database_commit(fixture->database), STATUS_OK);
	else
		database_rollback(fixture->database);
	return status;
}

static void
assert_stands(struct fixture *fixture, const char *path)
{
	struct article *article;

	if (article_find_public(fixture->database, path, NOW, &article) !=
	    STATUS_OK)
		fail_msg("nothing stands at %s", path);
	article_free(article);
}

static void
assert_leads(struct fixture *fixture, const char *path, const char *to)
{
	g_autofree char *target = NULL;

	assert_int_equal(
	    redirect_find(fixture->database, path, NOW, &target), STATUS_OK);
	assert_string_equal(target, to);
}

static void
test_depends_on(void **state)
{
	(void)state;

	assert_true(permalink_depends_on("permalink"));
	assert_true(permalink_depends_on("time_zone"));
	assert_false(permalink_depends_on("title"));
}

static void
test_apply_moves_and_redirects(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft page = fixture_draft(fixture, "about", 3);
	int64_t count = 0;

	fixture_article(fixture, "a", 1, "System Design", NULL);
	fixture_article(fixture, "b", 400, NULL, NULL);
	page.kind = ARTICLE_KIND_PAGE;
	fixture_save(fixture, &page);

	assert_int_equal(change(fixture, "permalink",
			     "/{year}/{category}/{slug}", &count, NULL),
	    STATUS_OK);

	assert_int_equal(count, 2);
	assert_stands(fixture, "/2026/system-design/a");
	assert_stands(fixture, "/2025/uncategorized/b");
	assert_stands(fixture, "/about");
	assert_leads(fixture, "/articles/a", "/2026/system-design/a");
	assert_leads(fixture, "/articles/b", "/2025/uncategorized/b");
	fixture_assert_counts(fixture);
}

/* There and back: one hop from each address that ever was. */
static void
test_apply_twice_and_back(void **state)
{
	struct fixture *fixture = *state;
	int64_t count;

	fixture_article(fixture, "a", 1, NULL, NULL);
	assert_int_equal(
	    change(fixture, "permalink", "/posts/{slug}", NULL, NULL),
	    STATUS_OK);
	assert_int_equal(
	    change(fixture, "permalink", "/notes/{slug}", NULL, NULL),
	    STATUS_OK);
	assert_leads(fixture, "/articles/a", "/notes/a");
	assert_leads(fixture, "/posts/a", "/notes/a");

	assert_int_equal(
	    change(fixture, "permalink", "/articles/{slug}", &count, NULL),
	    STATUS_OK);

	assert_int_equal(count, 1);
	assert_stands(fixture, "/articles/a");
	assert_leads(fixture, "/notes/a", "/articles/a");
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM redirect"
				     " WHERE path = '/articles/a'"),
	    0);
}

static void
test_apply_again_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	int64_t count = -1, before;

	fixture_article(fixture, "a", 1, NULL, NULL);
	before = fixture_integer(fixture, "SELECT generation FROM blog");

	assert_int_equal(
	    change(fixture, "permalink", "/articles/{slug}", &count, NULL),
	    STATUS_OK);

	assert_int_equal(count, 0);
	assert_true(fixture_integer(fixture, "SELECT generation FROM blog") <=
		    before + 1);
}

/* One takes the address that another leaves: "/1" is the first article's by id
 * and the second one's by slug. */
static void
test_apply_exchanges_addresses(void **state)
{
	struct fixture *fixture = *state;
	int64_t first, second;
	g_autofree char *first_id = NULL;
	g_autofree char *path = NULL;

	assert_int_equal(
	    change(fixture, "permalink", "/{id}", NULL, NULL), STATUS_OK);
	setting_release(&fixture->blog);
	assert_int_equal(
	    setting_load(fixture->database, &fixture->blog), STATUS_OK);
	first = fixture_article(fixture, "first", 1, NULL, NULL);
	first_id = g_strdup_printf("%d", (int)first);
	second = fixture_article(fixture, first_id, 2, NULL, NULL);
	assert_true(second != first);

	assert_int_equal(
	    change(fixture, "permalink", "/{slug}", NULL, NULL), STATUS_OK);

	path = g_strdup_printf("/%s", first_id);
	assert_stands(fixture, "/first");
	assert_stands(fixture, path);
	/* Who stands there now comes before who left. */
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM redirect r"
				     " JOIN article a ON a.path = r.path"),
	    0);
}

/* A draft has the former slug of an article: readers of that are led on. */
static void
test_apply_leaves_redirects_where_drafts_come(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "a", 1);

	draft.id = fixture_save(fixture, &draft);
	draft.version = 1;
	draft.slug = "b";
	fixture_save(fixture, &draft);
	assert_int_equal(
	    change(fixture, "permalink", "/posts/{slug}", NULL, NULL),
	    STATUS_OK);
	setting_release(&fixture->blog);
	assert_int_equal(
	    setting_load(fixture->database, &fixture->blog), STATUS_OK);
	draft = fixture_draft(fixture, "a", 1);
	draft.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &draft);

	assert_int_equal(
	    change(fixture, "permalink", "/articles/{slug}", NULL, NULL),
	    STATUS_OK);
	assert_leads(fixture, "/articles/a", "/articles/b");
	assert_int_equal(
	    change(fixture, "permalink", "/notes/{slug}", NULL, NULL),
	    STATUS_OK);
	assert_leads(fixture, "/articles/a", "/notes/b");
}

static void
test_apply_refuses_what_nobody_could_reach(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GError) error = NULL;

	fixture_article(fixture, "tags", 1, NULL, NULL);

	assert_int_equal(change(fixture, "permalink", "/{slug}", NULL, &error),
	    STATUS_INVALID);

	assert_non_null(strstr(error->message, "/articles/tags"));
	assert_stands(fixture, "/articles/tags");
}

static void
test_apply_refuses_one_address_for_two(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GError) error = NULL;
	struct article_draft page = fixture_draft(fixture, "2026-a", 1);

	fixture_article(fixture, "a", 1, NULL, NULL);
	page.kind = ARTICLE_KIND_PAGE;
	fixture_save(fixture, &page);

	assert_int_equal(
	    change(fixture, "permalink", "/{year}-{slug}", NULL, &error),
	    STATUS_CONFLICT);

	assert_non_null(strstr(error->message, "/2026-a"));
	assert_stands(fixture, "/articles/a");
	assert_stands(fixture, "/2026-a");
}

/* Half an hour before the year ends in one place, it has begun in another. */
static void
test_apply_follows_the_time_zone(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "late", 0);

	draft.published_at = 1767223800; /* 2025-12-31T23:30:00Z */
	fixture_save(fixture, &draft);
	assert_int_equal(
	    change(fixture, "permalink", "/{year}/{month}/{slug}", NULL, NULL),
	    STATUS_OK);
	assert_stands(fixture, "/2025/12/late");

	assert_int_equal(
	    change(fixture, "time_zone", "Europe/Berlin", NULL, NULL),
	    STATUS_OK);

	assert_stands(fixture, "/2026/01/late");
	assert_leads(fixture, "/2025/12/late", "/2026/01/late");
	assert_int_equal(
	    fixture_integer(fixture, "SELECT year FROM article"), 2026);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT year FROM archive_year"), 2026);
	fixture_assert_counts(fixture);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_depends_on),
		TEST(test_apply_moves_and_redirects),
		TEST(test_apply_twice_and_back),
		TEST(test_apply_again_changes_nothing),
		TEST(test_apply_exchanges_addresses),
		TEST(test_apply_leaves_redirects_where_drafts_come),
		TEST(test_apply_refuses_what_nobody_could_reach),
		TEST(test_apply_refuses_one_address_for_two),
		TEST(test_apply_follows_the_time_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
