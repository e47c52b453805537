/*
 * test_term_edit.c - tags, categories and series are put in order, and nothing
 * that readers had is lost by it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/article_edit.h"
#include "model/redirect.h"
#include "model/search.h"
#include "model/tag.h"
#include "model/term_edit.h"

static int64_t
id_of(struct fixture *fixture, enum term_kind kind, const char *name)
{
	int64_t id;

	if (term_edit_find(fixture->database, kind, name, &id) != STATUS_OK)
		fail_msg("no %s", name);
	return id;
}

/* Update, in a transaction that fails with it. */
static enum status
update(struct fixture *fixture, enum term_kind kind, int64_t id,
    const struct term_wish *wish, struct term_problems *problems)
{
	int64_t moved;
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	status = term_edit_update(
	    fixture->database, kind, id, wish, NOW, &moved, problems);
	if (status == STATUS_OK)
		assert_int_equal(database_commit(fixture->database), STATUS_OK);
	else
		database_rollback(fixture->database);
	fixture_assert_counts(fixture);
	return status;
}

static void
rename_to(struct fixture *fixture, enum term_kind kind, const char *from,
    const char *name, const char *slug)
{
	struct term_problems problems = { 0 };
	const struct term_wish wish = {
		.name = name, .slug = slug, .description = ""
	};

	if (update(fixture, kind, id_of(fixture, kind, from), &wish,
		&problems) != STATUS_OK)
		fail_msg("%s to %s: %s %s %s", from, name, problems.name,
		    problems.slug, problems.all);
	term_problems_release(&problems);
}

static enum status
try_merge(struct fixture *fixture, enum term_kind kind, const char *from,
    const char *into, char **out_problem)
{
	g_autoptr(GError) error = NULL;
	int64_t moved;
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	status =
	    term_edit_merge(fixture->database, kind, id_of(fixture, kind, from),
		id_of(fixture, kind, into), NOW, &moved, &error);
	if (status == STATUS_OK)
		assert_int_equal(database_commit(fixture->database), STATUS_OK);
	else
		database_rollback(fixture->database);
	fixture_assert_counts(fixture);
	*out_problem = g_strdup(error != NULL ? error->message : "");
	return status;
}

static void
merge(struct fixture *fixture, enum term_kind kind, const char *from,
    const char *into)
{
	g_autofree char *problem = NULL;

	assert_int_equal(
	    try_merge(fixture, kind, from, into, &problem), STATUS_OK);
}

static void
assert_leads_to(struct fixture *fixture, const char *path, const char *wanted)
{
	g_autofree char *target = NULL;

	if (redirect_find(fixture->database, path, NOW, &target) != STATUS_OK)
		target = g_strdup("nowhere");
	assert_string_equal(target, wanted);
}

static int64_t
count_hits(struct fixture *fixture, const char *words)
{
	struct search_result result;
	int64_t count;

	assert_int_equal(
	    search_articles(fixture->database, words, 1, 10, NOW, &result),
	    STATUS_OK);
	count = result.total_count;
	search_result_release(&result);
	return count;
}

static const char SQL_TAGS_OF_A[] = "SELECT group_concat(position || name, ' ')"
				    " FROM (SELECT j.position, t.name"
				    " FROM article_tag j"
				    " JOIN tag t ON t.id = j.tag_id"
				    " JOIN article a ON a.id = j.article_id"
				    " WHERE a.slug = 'a'"
				    " ORDER BY j.position)";

/* ---- lists ---- */

static void
test_list_counts_drafts_and_trash(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) terms = NULL;
	const struct term *term;
	int64_t count;

	(void)fixture_article(fixture, "a", 1, "Backend", "zig,100%");
	(void)fixture_article(fixture, "b", 1, "Backend", "zig");
	(void)fixture_article(fixture, "c", 1, "Backend", "zig");
	fixture_run(fixture, "UPDATE article SET status = 'draft'"
			     " WHERE slug = 'b'");
	fixture_run(
	    fixture, "UPDATE article SET trashed_at = 1 WHERE slug = 'c'");

	assert_int_equal(term_edit_list(fixture->database, TERM_KIND_TAG, "ZI",
			     1, 50, &terms),
	    STATUS_OK);
	assert_int_equal(terms->len, 1);
	term = g_ptr_array_index(terms, 0);
	assert_string_equal(term->name, "zig");
	assert_int_equal(term->use_count, 3);
	assert_int_equal(term->article_count, 1);
	assert_int_equal(
	    term_edit_count(fixture->database, TERM_KIND_TAG, "%", &count),
	    STATUS_OK);
	assert_int_equal(count, 1);
	g_clear_pointer(&terms, g_ptr_array_unref);
	assert_int_equal(term_edit_list(fixture->database, TERM_KIND_TAG, NULL,
			     2, 1, &terms),
	    STATUS_OK);
	term = g_ptr_array_index(terms, 0);
	assert_string_equal(term->name, "zig");
	g_clear_pointer(&terms, g_ptr_array_unref);
	assert_int_equal(term_edit_list(fixture->database, TERM_KIND_CATEGORY,
			     "", 1, 50, &terms),
	    STATUS_OK);
	term = g_ptr_array_index(terms, 0);
	assert_int_equal(term->use_count, 3);
}

/* ---- renaming ---- */

static void
test_update_leaves_redirects(void **state)
{
	struct fixture *fixture = *state;

	(void)fixture_article(fixture, "a", 1, NULL, "Golang");
	fixture_run(fixture, "INSERT INTO redirect (path, target, created_at)"
			     " VALUES ('/go', '/tags/golang', 0)");

	rename_to(fixture, TERM_KIND_TAG, "Golang", "Go", "");

	assert_leads_to(fixture, "/tags/golang", "/tags/go");
	assert_leads_to(fixture, "/tags/golang/feed.xml", "/tags/go/feed.xml");
	assert_leads_to(fixture, "/tags/golang/rss.xml", "/tags/go/rss.xml");
	assert_leads_to(
	    fixture, "/tags/golang/feed.json", "/tags/go/feed.json");
	assert_leads_to(fixture, "/go", "/tags/go");
	rename_to(fixture, TERM_KIND_TAG, "Go", "Go", "go-lang");
	assert_leads_to(fixture, "/tags/golang", "/tags/go-lang");
	assert_leads_to(fixture, "/tags/go", "/tags/go-lang");
	rename_to(fixture, TERM_KIND_TAG, "Go", "Go", "golang");
	assert_leads_to(fixture, "/tags/golang", "nowhere");
	assert_leads_to(fixture, "/tags/go", "/tags/golang");
	assert_leads_to(fixture, "/go", "/tags/golang");
}

static void
test_update_tells_nothing_of_drafts(void **state)
{
	struct fixture *fixture = *state;

	(void)fixture_article(fixture, "a", 1, NULL, "Secret");
	fixture_run(fixture, "UPDATE article SET status = 'draft'");

	rename_to(fixture, TERM_KIND_TAG, "Secret", "Hidden", "");

	assert_leads_to(fixture, "/tags/secret", "nowhere");
}

static void
test_update_name_alone_is_searched_for(void **state)
{
	struct fixture *fixture = *state;
	int64_t id;

	(void)fixture_article(fixture, "a", 1, NULL, "Golang,Sqlite");

	rename_to(fixture, TERM_KIND_TAG, "Golang", "Gopher", "golang");

	assert_int_equal(count_hits(fixture, "golang"), 0);
	assert_int_equal(count_hits(fixture, "gopher"), 1);
	assert_int_equal(count_hits(fixture, "body"), 1);
	assert_leads_to(fixture, "/tags/golang", "nowhere");
	/* Who saves the article again keeps the tag. */
	assert_int_equal(
	    tag_ensure(fixture->database, "gopher", &id), STATUS_OK);
	assert_int_equal(id, id_of(fixture, TERM_KIND_TAG, "Gopher"));
}

static void
test_update_moves_articles_of_a_category(void **state)
{
	struct fixture *fixture = *state;

	fixture_run(fixture, "INSERT INTO setting (key, value)"
			     " VALUES ('permalink', '/{category}/{slug}')");
	setting_release(&fixture->blog);
	assert_int_equal(
	    setting_load(fixture->database, &fixture->blog), STATUS_OK);
	(void)fixture_article(fixture, "a", 1, "Backend", NULL);

	rename_to(fixture, TERM_KIND_CATEGORY, "Backend", "Servers", "");

	assert_leads_to(fixture, "/backend/a", "/servers/a");
	assert_leads_to(fixture, "/categories/backend", "/categories/servers");
	rename_to(fixture, TERM_KIND_CATEGORY, "Servers", "Machines", "");
	assert_leads_to(fixture, "/backend/a", "/machines/a");
	assert_leads_to(fixture, "/servers/a", "/machines/a");
}

static void
test_update_refuses_where_articles_cannot_stand(void **state)
{
	struct fixture *fixture = *state;
	struct term_problems problems = { 0 };
	const struct term_wish wish = {
		.name = "Desk", .slug = "", .description = ""
	};

	fixture_run(fixture, "INSERT INTO setting (key, value)"
			     " VALUES ('permalink', '/{category}/{slug}')");
	setting_release(&fixture->blog);
	assert_int_equal(
	    setting_load(fixture->database, &fixture->blog), STATUS_OK);
	(void)fixture_article(fixture, "a", 1, "Backend", NULL);

	assert_int_equal(update(fixture, TERM_KIND_CATEGORY,
			     id_of(fixture, TERM_KIND_CATEGORY, "Backend"),
			     &wish, &problems),
	    STATUS_INVALID);
	assert_non_null(strstr(problems.all, "/desk/a"));
	assert_leads_to(fixture, "/categories/backend", "nowhere");
	term_problems_release(&problems);
}

static void
test_update_says_what_is_wrong(void **state)
{
	g_autofree char *long_text = g_strnfill(501, 'x');
	const struct {
		const char *name, *slug, *description;
		const char *name_problem, *slug_problem, *text_problem;
	} cases[] = {
		{ " ", "", "", "needs a name", NULL, NULL },
		{ long_text, "", "", "100 characters", NULL, NULL },
		{ "\xff", "\xff", "\xff", "UTF-8", "UTF-8", "UTF-8" },
		{ "a, b", "", "", "comma", NULL, NULL },
		{ "web-DEV", "", "", "another tag is called Web Dev", NULL,
		    NULL },
		{ "Zig", "web dev", "", NULL, "tag Web Dev has it", NULL },
		{ "Zig", "++", "", NULL, "no letter or digit", NULL },
		{ "Zig", long_text, "", NULL, "100 bytes", NULL },
		{ "Zig", "", long_text, NULL, NULL, "500 characters" },
	};
	struct fixture *fixture = *state;

	(void)fixture_article(fixture, "a", 1, NULL, "Zig,Web Dev");

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct term_problems found = { 0 };
		const struct term_wish wish = { .name = cases[i].name,
			.slug = cases[i].slug,
			.description = cases[i].description };

		assert_int_equal(
		    update(fixture, TERM_KIND_TAG,
			id_of(fixture, TERM_KIND_TAG, "Zig"), &wish, &found),
		    STATUS_INVALID);
		assert_true(
		    (found.name == NULL) == (cases[i].name_problem == NULL));
		assert_true(
		    (found.slug == NULL) == (cases[i].slug_problem == NULL));
		assert_true((found.description == NULL) ==
			    (cases[i].text_problem == NULL));
		if (found.name != NULL)
			assert_non_null(
			    strstr(found.name, cases[i].name_problem));
		if (found.slug != NULL)
			assert_non_null(
			    strstr(found.slug, cases[i].slug_problem));
		if (found.description != NULL)
			assert_non_null(
			    strstr(found.description, cases[i].text_problem));
		term_problems_release(&found);
	}
}

static void
test_update_makes_a_free_slug(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *slug = NULL;

	(void)fixture_article(fixture, "a", 1, NULL, "C,Zig");

	rename_to(fixture, TERM_KIND_TAG, "Zig", "C++", "");

	slug = fixture_text(fixture, "SELECT slug FROM tag WHERE name = 'C++'");
	assert_string_equal(slug, "c-2");
}

static void
test_update_describes(void **state)
{
	struct fixture *fixture = *state;
	struct term_problems problems = { 0 };
	const struct term_wish wish = {
		.name = "Zig", .slug = "zig", .description = " Two\nlines "
	};
	g_autofree char *text = NULL;

	(void)fixture_article(fixture, "a", 1, NULL, "Zig");

	assert_int_equal(
	    update(fixture, TERM_KIND_TAG, id_of(fixture, TERM_KIND_TAG, "Zig"),
		&wish, &problems),
	    STATUS_OK);
	text = fixture_text(fixture, "SELECT description FROM tag");
	assert_string_equal(text, "Two lines");
	assert_int_equal(update(fixture, TERM_KIND_TAG, 99, &wish, &problems),
	    STATUS_NOT_FOUND);
}

/* An article in a series. */
static void
add_part(struct fixture *fixture, const char *slug, const char *series)
{
	struct article_draft draft = fixture_draft(fixture, slug, 1);

	draft.series = series;
	(void)fixture_save(fixture, &draft);
}

static void
test_update_series(void **state)
{
	struct fixture *fixture = *state;
	struct term_problems problems = { 0 };
	const struct term_wish taken = {
		.name = "other", .slug = "", .description = ""
	};
	g_autofree char *slug = NULL;
	int64_t generation;

	add_part(fixture, "a", "Saga");
	add_part(fixture, "b", "Other");
	generation = fixture_integer(fixture, "SELECT generation FROM blog");

	rename_to(fixture, TERM_KIND_SERIES, "Saga", " The  Saga, 2 ", "");

	assert_true(fixture_integer(fixture, "SELECT generation FROM blog") >
		    generation);
	slug = fixture_text(
	    fixture, "SELECT slug FROM series WHERE name = 'The Saga, 2'");
	assert_string_equal(slug, "the-saga-2");
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM redirect"), 0);
	assert_int_equal(update(fixture, TERM_KIND_SERIES,
			     id_of(fixture, TERM_KIND_SERIES, "The Saga, 2"),
			     &taken, &problems),
	    STATUS_INVALID);
	assert_string_equal(problems.name,
	    "another series is called Other: give that one another name "
	    "first");
	term_problems_release(&problems);
}

static void
test_list_series_counts_articles(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) terms = NULL;
	const struct term *term;

	add_part(fixture, "a", "Saga");
	add_part(fixture, "b", "Saga");
	add_part(fixture, "c", "Tale");

	assert_int_equal(term_edit_list(fixture->database, TERM_KIND_SERIES,
			     "SA", 1, 50, &terms),
	    STATUS_OK);
	assert_int_equal(terms->len, 1);
	term = g_ptr_array_index(terms, 0);
	assert_string_equal(term->name, "Saga");
	assert_int_equal(term->use_count, 2);
}

static void
test_update_of_what_was_renamed_meanwhile(void **state)
{
	static const struct {
		const char *shown_name, *name;
		enum status wanted;
	} cases[] = {
		{ "Alpha", "Alpha", STATUS_CONFLICT },
		{ "Alpha", "Gamma", STATUS_CONFLICT },
		{ "Alpha", "Alpha new", STATUS_OK },
		{ "Alpha new", "Alpha", STATUS_OK },
		{ NULL, "Alpha new", STATUS_OK },
	};
	struct fixture *fixture = *state;
	int64_t id;

	add_part(fixture, "a", "Alpha new");
	id = id_of(fixture, TERM_KIND_SERIES, "Alpha new");

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct term_problems problems = { 0 };
		const struct term_wish wish = { .name = cases[i].name,
			.slug = "",
			.description = "",
			.shown_name = cases[i].shown_name };

		assert_int_equal(
		    update(fixture, TERM_KIND_SERIES, id, &wish, &problems),
		    cases[i].wanted);
		assert_int_equal(
		    problems.is_stale, cases[i].wanted == STATUS_CONFLICT);
		assert_int_equal(
		    problems.name != NULL, cases[i].wanted == STATUS_CONFLICT);
		term_problems_release(&problems);
	}
}

static void
test_update_of_what_was_described_meanwhile(void **state)
{
	static const struct {
		const char *shown_slug, *slug;
		const char *shown_description, *description;
		bool is_slug_stale, is_description_stale;
	} cases[] = {
		{ "js", "js", "", "Words", true, true },
		{ "js", "", "Of it", "Of it", true, false },
		{ "js", "script", "", "Of it", false, false },
		{ "script", "js", "", "Words", false, true },
		{ "script", "", "Of it", "", false, false },
		{ NULL, "script", NULL, "Of it", false, false },
	};
	struct fixture *fixture = *state;
	int64_t id;

	(void)fixture_article(fixture, "a", 1, NULL, "JS");
	id = id_of(fixture, TERM_KIND_TAG, "JS");

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct term_problems problems = { 0 };
		const struct term_wish wish = { .name = "JS",
			.slug = cases[i].slug,
			.description = cases[i].description,
			.shown_name = "JS",
			.shown_slug = cases[i].shown_slug,
			.shown_description = cases[i].shown_description };
		bool is_stale =
		    cases[i].is_slug_stale || cases[i].is_description_stale;

		fixture_run(fixture, "UPDATE tag SET slug = 'script',"
				     " description = 'Of it'");
		assert_int_equal(
		    update(fixture, TERM_KIND_TAG, id, &wish, &problems),
		    is_stale ? STATUS_CONFLICT : STATUS_OK);
		assert_int_equal(problems.is_stale, is_stale);
		assert_int_equal(problems.slug != NULL, cases[i].is_slug_stale);
		assert_int_equal(problems.description != NULL,
		    cases[i].is_description_stale);
		assert_null(problems.name);
		term_problems_release(&problems);
	}
}

/* ---- merging ---- */

static void
test_merge_tags_keeps_their_order(void **state)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
		{ "one,js,two", "1one 2JavaScript 3two" },
		{ "js,one,JavaScript,two", "1JavaScript 2one 3two" },
		{ "JavaScript,one,js,two", "1JavaScript 2one 3two" },
		{ "one,JavaScript", "1one 2JavaScript" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *tags = NULL;

		(void)fixture_article(fixture, "b", 2, NULL, "JavaScript,js");
		(void)fixture_article(fixture, "a", 1, NULL, cases[i].before);

		merge(fixture, TERM_KIND_TAG, "js", "JavaScript");

		tags = fixture_text(fixture, SQL_TAGS_OF_A);
		assert_string_equal(tags, cases[i].after);
		assert_leads_to(fixture, "/tags/js", "/tags/javascript");
		assert_leads_to(fixture, "/tags/js/feed.json",
		    "/tags/javascript/feed.json");
		assert_int_equal(count_hits(fixture, "js"), 0);
		fixture_run(fixture, "DELETE FROM article");
	}
}

static void
test_merge_takes_drafts_and_trash_along(void **state)
{
	struct fixture *fixture = *state;

	(void)fixture_article(fixture, "a", 1, "Old", "js");
	(void)fixture_article(fixture, "b", 1, "Old", "js");
	(void)fixture_article(fixture, "c", 1, "New", "JavaScript");
	fixture_run(
	    fixture, "UPDATE article SET status = 'draft' WHERE slug = 'a'");
	fixture_run(
	    fixture, "UPDATE article SET trashed_at = 1 WHERE slug = 'b'");

	merge(fixture, TERM_KIND_TAG, "js", "JavaScript");
	merge(fixture, TERM_KIND_CATEGORY, "Old", "New");

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM article_tag"), 3);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM article"
				     " WHERE category_id IS NOT NULL"),
	    3);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM category"), 1);
	fixture_run(fixture, "UPDATE article SET trashed_at = NULL,"
			     " status = 'published'");
	fixture_assert_counts(fixture);
}

static void
test_merge_moves_articles_of_a_category(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *problem = NULL;

	fixture_run(fixture, "INSERT INTO setting (key, value)"
			     " VALUES ('permalink', '/{category}/{slug}')");
	setting_release(&fixture->blog);
	assert_int_equal(
	    setting_load(fixture->database, &fixture->blog), STATUS_OK);
	(void)fixture_article(fixture, "a", 1, "Backend", NULL);
	(void)fixture_article(fixture, "b", 1, "Servers", NULL);

	merge(fixture, TERM_KIND_CATEGORY, "Backend", "Servers");

	assert_leads_to(fixture, "/backend/a", "/servers/a");
	assert_leads_to(fixture, "/categories/backend/rss.xml",
	    "/categories/servers/rss.xml");
	assert_int_equal(try_merge(fixture, TERM_KIND_CATEGORY, "Servers",
			     "Servers", &problem),
	    STATUS_INVALID);
	assert_string_equal(problem, "it is the same category");
}

/* ---- deleting ---- */

static void
test_delete_only_what_is_unused(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t id;

	(void)fixture_article(fixture, "a", 1, NULL, "js,Zig");
	rename_to(fixture, TERM_KIND_TAG, "js", "JavaScript", "");
	fixture_run(fixture, "UPDATE article SET trashed_at = 1");
	id = id_of(fixture, TERM_KIND_TAG, "JavaScript");

	assert_int_equal(
	    term_edit_delete(database, TERM_KIND_TAG, id), STATUS_CONFLICT);
	fixture_run(fixture, "DELETE FROM article");
	assert_int_equal(
	    term_edit_delete(database, TERM_KIND_TAG, id), STATUS_OK);
	assert_int_equal(
	    term_edit_delete(database, TERM_KIND_TAG, id), STATUS_NOT_FOUND);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM redirect"), 0);
}

#define CASE(test)                                                             \
	cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_list_counts_drafts_and_trash),
		CASE(test_update_leaves_redirects),
		CASE(test_update_tells_nothing_of_drafts),
		CASE(test_update_name_alone_is_searched_for),
		CASE(test_update_moves_articles_of_a_category),
		CASE(test_update_refuses_where_articles_cannot_stand),
		CASE(test_update_says_what_is_wrong),
		CASE(test_update_makes_a_free_slug),
		CASE(test_update_describes),
		CASE(test_update_series),
		CASE(test_list_series_counts_articles),
		CASE(test_update_of_what_was_renamed_meanwhile),
		CASE(test_update_of_what_was_described_meanwhile),
		CASE(test_merge_tags_keeps_their_order),
		CASE(test_merge_takes_drafts_and_trash_along),
		CASE(test_merge_moves_articles_of_a_category),
		CASE(test_delete_only_what_is_unused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
