/*
 * test_visibility.c - what is not public is nowhere: not at its address, not in
 * a listing, a feed, the sitemap, a search, a count, nor as a neighbour.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/author.h"
#include "model/redirect.h"

/* Stands in every field of what nobody may see. */
#define SECRET "Xylophonic"
#define SLUG   "xylophonic"

/* Every address under which it could show. */
static const char *const PUBLIC[] = { "/", "/tags", "/tags/linux",
	"/categories", "/categories/backend", "/authors",
	"/authors/ada-lovelace", "/archive", "/archive/2025", "/articles/a-01",
	"/articles/a-02", "/search?q=body", "/feed.xml", "/rss.xml",
	"/feed.json", "/tags/linux/feed.xml", "/tags/linux/feed.json",
	"/categories/backend/rss.xml", "/authors/ada-lovelace/feed.xml",
	"/sitemap.xml", "/nothing", "/about" };

/* Addresses that only what nobody may see would have. */
static const char *const PRIVATE[] = { "/articles/" SLUG, "/articles/" SLUG "/",
	"/" SLUG, "/old/" SLUG, "/tags/" SLUG, "/tags/" SLUG "/feed.xml",
	"/tags/" SLUG "/page/2", "/categories/" SLUG,
	"/categories/" SLUG "/rss.xml", "/authors/" SLUG,
	"/authors/" SLUG "/feed.json", "/archive/2031", "/archive/2101" };

static int
set_up(void **state)
{
	struct fixture *fixture;
	struct article_draft page;

	fixture_set_up(state);
	fixture = *state;
	fixture_article(fixture, "a-01", 1, "Backend", "Linux");
	fixture_article(fixture, "a-02", 3, "Backend", "Linux");
	page = fixture_draft(fixture, "about", 0);
	page.kind = ARTICLE_KIND_PAGE;
	fixture_save(fixture, &page);
	return 0;
}

static int64_t
add_secret_author(struct fixture *fixture)
{
	const struct author_draft draft = { .name = SECRET,
		.role = AUTHOR_ROLE_EDITOR };
	int64_t id;

	assert_int_equal(author_add(fixture->writer->database, &draft,
			     FIXTURE_PAST, &id, NULL),
	    STATUS_OK);
	return id;
}

/* Everything in it is a secret; it stands between the two that are public. */
static struct article_draft
secret_draft(const struct fixture *fixture, const int64_t *author_ids)
{
	static const char *const tags[] = { "Linux", SECRET, NULL };
	struct article_draft draft = fixture_draft(fixture, SLUG, 2);

	draft.title = SECRET " title";
	draft.body = draft.text = SECRET " body";
	draft.body_html = "<p>" SECRET " body</p>";
	draft.excerpt = draft.summary = SECRET " excerpt";
	draft.category = SECRET;
	draft.tags = tags;
	draft.author_ids = author_ids;
	draft.author_count = 2;
	return draft;
}

static void
assert_nowhere(struct fixture *fixture)
{
	for (size_t i = 0; i < G_N_ELEMENTS(PRIVATE); i++) {
		assert_status(fixture, PRIVATE[i], 404);
		assert_has_not(fixture, SECRET);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(PUBLIC); i++) {
		fixture_get(fixture, PUBLIC[i]);
		assert_has_not(fixture, SECRET);
		assert_has_not(fixture, SLUG);
	}
	assert_status(fixture, "/search?q=" SLUG, 200);
	assert_has_not(fixture, "/articles/" SLUG);
	assert_has_not(fixture, "<mark>");
}

static void
assert_counts(struct fixture *fixture, const char *number)
{
	static const char *const counted[] = { "/", "/tags/linux",
		"/authors/ada-lovelace", "/archive/2025" };

	for (size_t i = 0; i < G_N_ELEMENTS(counted); i++) {
		assert_status(fixture, counted[i], 200);
		assert_has(fixture, number);
	}
}

/* Saved at `now`, it is not public at FIXTURE_NOW. */
static void
check_hidden(struct fixture *fixture, struct article_draft *draft, int64_t now)
{
	int64_t id = fixture_save_at(fixture, draft, now);

	assert_int_equal(redirect_add_to_article(fixture->writer->database,
			     "/old/" SLUG, id, FIXTURE_PAST, NULL),
	    STATUS_OK);

	assert_nowhere(fixture);
	assert_counts(fixture, "2 articles");
}

/* ---- one test for each reason not to be public ---- */

static void
test_hidden_draft(void **state)
{
	struct fixture *fixture = *state;
	const int64_t ids[] = { fixture->owner_id, add_secret_author(fixture) };
	struct article_draft draft = secret_draft(fixture, ids);

	draft.status = ARTICLE_STATUS_DRAFT;

	check_hidden(fixture, &draft, FIXTURE_NOW);
}

static void
test_hidden_draft_without_date(void **state)
{
	struct fixture *fixture = *state;
	const int64_t ids[] = { fixture->owner_id, add_secret_author(fixture) };
	struct article_draft draft = secret_draft(fixture, ids);

	draft.status = ARTICLE_STATUS_DRAFT;
	draft.published_at = 0;

	check_hidden(fixture, &draft, FIXTURE_NOW);
}

static void
test_hidden_scheduled(void **state)
{
	struct fixture *fixture = *state;
	const int64_t ids[] = { fixture->owner_id, add_secret_author(fixture) };
	struct article_draft draft = secret_draft(fixture, ids);

	draft.status = ARTICLE_STATUS_SCHEDULED;
	draft.published_at = FIXTURE_NOW + FIXTURE_DAY;

	check_hidden(fixture, &draft, FIXTURE_NOW);
}

/* Its time has come, but nobody has published it yet. */
/* Published by a machine whose clock is ahead of this one. */
static void
test_hidden_published_in_the_future(void **state)
{
	struct fixture *fixture = *state;
	const int64_t ids[] = { fixture->owner_id, add_secret_author(fixture) };
	struct article_draft draft = secret_draft(fixture, ids);
	int64_t id;

	draft.published_at = FIXTURE_NOW + FIXTURE_DAY;
	id = fixture_save_at(fixture, &draft, FIXTURE_NOW + 2 * FIXTURE_DAY);
	assert_int_equal(redirect_add_to_article(fixture->writer->database,
			     "/old/" SLUG, id, FIXTURE_PAST, NULL),
	    STATUS_OK);

	assert_status(fixture, "/articles/" SLUG, 404);
	assert_status(fixture, "/old/" SLUG, 404);
	assert_status(fixture, "/search?q=" SLUG, 200);
	assert_has_not(fixture, "/articles/" SLUG);
	for (size_t i = 0; i < G_N_ELEMENTS(PUBLIC); i++) {
		fixture_get(fixture, PUBLIC[i]);
		assert_has_not(fixture, SECRET " title");
		assert_has_not(fixture, SECRET " body");
		assert_has_not(fixture, "/articles/" SLUG);
	}
	assert_counts(fixture, "2 articles");
}

static void
test_hidden_in_the_trash(void **state)
{
	struct fixture *fixture = *state;
	const int64_t ids[] = { fixture->owner_id, add_secret_author(fixture) };
	struct article_draft draft = secret_draft(fixture, ids);

	fixture_save(fixture, &draft);
	assert_status(fixture, "/articles/" SLUG, 200);
	assert_counts(fixture, "3 articles");

	fixture_run(fixture, "UPDATE article SET trashed_at = 4102444000"
			     " WHERE slug = 'xylophonic'");

	assert_nowhere(fixture);
	assert_counts(fixture, "2 articles");
}

static void
test_hidden_once_it_is_a_draft_again(void **state)
{
	struct fixture *fixture = *state;
	const int64_t ids[] = { fixture->owner_id, add_secret_author(fixture) };
	struct article_draft draft = secret_draft(fixture, ids);

	draft.id = fixture_save(fixture, &draft);
	assert_status(fixture, "/search?q=" SLUG, 200);
	assert_has(fixture, "/articles/" SLUG);

	draft.version = 1;
	draft.status = ARTICLE_STATUS_DRAFT;
	fixture_save(fixture, &draft);

	assert_nowhere(fixture);
	assert_counts(fixture, "2 articles");
}

static void
test_hidden_standing_page(void **state)
{
	struct fixture *fixture = *state;
	const int64_t ids[] = { fixture->owner_id, add_secret_author(fixture) };
	struct article_draft page = secret_draft(fixture, ids);

	page.kind = ARTICLE_KIND_PAGE;
	page.status = ARTICLE_STATUS_DRAFT;

	fixture_save(fixture, &page);

	assert_nowhere(fixture);
}

/* The same article, published, is in every one of these places: what is looked
 * for above would be found. */
static void
check_everywhere(struct fixture *fixture, enum article_status status)
{
	/* Where it has no reason to stand. */
	static const char *const elsewhere[] = { "/categories", "/archive",
		"/search?q=body", "/nothing", "/about", NULL };
	const int64_t ids[] = { fixture->owner_id, add_secret_author(fixture) };
	struct article_draft draft = secret_draft(fixture, ids);

	draft.category = "Backend";
	draft.status = status;
	fixture_save(fixture, &draft);

	assert_status(fixture, "/articles/" SLUG, 200);
	assert_status(fixture, "/tags/" SLUG "/feed.xml", 200);
	assert_status(fixture, "/authors/" SLUG, 200);
	for (size_t i = 0; i < G_N_ELEMENTS(PUBLIC); i++) {
		if (g_strv_contains(elsewhere, PUBLIC[i]))
			continue;
		fixture_get(fixture, PUBLIC[i]);
		if (strstr(fixture->answer.body->str, SECRET) == NULL &&
		    strstr(fixture->answer.body->str, SLUG) == NULL)
			fail_msg("not in %s", PUBLIC[i]);
	}
	assert_counts(fixture, "3 articles");
}

static void
test_published_is_everywhere(void **state)
{
	check_everywhere(*state, ARTICLE_STATUS_PUBLISHED);
}

/* The first who asks after its time publishes it. */
static void
test_scheduled_and_due_is_everywhere(void **state)
{
	check_everywhere(*state, ARTICLE_STATUS_SCHEDULED);
}

int
main(void)
{
#define ONCE(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		ONCE(test_hidden_draft),
		ONCE(test_hidden_draft_without_date),
		ONCE(test_hidden_scheduled),
		ONCE(test_hidden_published_in_the_future),
		ONCE(test_hidden_in_the_trash),
		ONCE(test_hidden_once_it_is_a_draft_again),
		ONCE(test_hidden_standing_page),
		ONCE(test_published_is_everywhere),
		ONCE(test_scheduled_and_due_is_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
