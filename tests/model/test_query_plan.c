/*
 * test_query_plan.c - what the public side reads is answered from an index, at
 * the same cost for few articles and for many, and by a fixed set of statements
 * whatever a visitor sends.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "fixture.h"
#include "model/author.h"
#include "model/category.h"
#include "model/redirect.h"
#include "model/search.h"
#include "model/tag.h"
#include "query_plan.h"
#include <cmocka.h>
#include <string.h>

enum {
	FEW = 40,
	MANY = 800,
	PER_PAGE = 10,
	YEARS = 4 * 365
};

static void
fill(struct fixture *fixture, int64_t count)
{
	static const char *const categories[] = { "One", "Two", NULL };
	struct article_draft page;
	int64_t authors[2] = { fixture->author_id, 0 };

	assert_int_equal(
	    author_ensure(fixture->database, "Grace Hopper", NOW, &authors[1]),
	    STATUS_OK);
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	for (int64_t i = 0; i < count; i++) {
		g_autofree char *slug = g_strdup_printf("a-%d", (int)i);
		g_autofree char *tag = g_strdup_printf("Tag %d", (int)(i % 7));
		const char *tags[] = { "Every", tag, NULL };
		/* The same stretch of time, however many there are. */
		struct article_draft draft = fixture_draft(fixture, slug, 0);

		draft.published_at =
		    NOW - DAY - (count - i) * (YEARS * DAY / count);
		draft.category = categories[i % 3];
		draft.tags = tags;
		/* Those that one looks for are in one of a length. */
		draft.series = i > count / 2 - 5 && i < count / 2 + 5
				   ? "A series"
				   : "All others";
		draft.pinned_at = i < 5 ? draft.published_at : 0;
		draft.author_ids = authors;
		draft.author_count = 2;
		assert_int_equal(article_save(fixture->database, &fixture->blog,
				     &draft, NOW, NULL, NULL, NULL),
		    STATUS_OK);
	}
	page = fixture_draft(fixture, "about", 9);
	page.kind = ARTICLE_KIND_PAGE;
	assert_int_equal(article_save(fixture->database, &fixture->blog, &page,
			     NOW, NULL, NULL, NULL),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

/* ---- every read of the public side ---- */

/* What is asked for: what is in the middle of `count` articles, in the words of
 * `text`. */
struct question {
	struct database *database;
	int64_t count;
	const char *text;
};

static void
ask_article(const struct question *question)
{
	g_autofree char *path =
	    g_strdup_printf("/articles/a-%d", (int)(question->count / 2));
	struct article *article = NULL;
	struct article_summary *previous, *next;
	struct article_series *series;
	GPtrArray *related;

	assert_int_equal(
	    article_find_public(question->database, path, NOW, &article),
	    STATUS_OK);
	assert_int_equal(article_find_neighbours(question->database, article,
			     NOW, &previous, &next),
	    STATUS_OK);
	assert_int_equal(
	    article_list_related(question->database, article, 3, NOW, &related),
	    STATUS_OK);
	assert_int_equal(related->len, 3);
	assert_int_equal(
	    article_find_series(question->database, article, NOW, &series),
	    STATUS_OK);
	assert_int_equal(series->part_count, 9);
	article_series_free(series);
	article_summary_free(previous);
	article_summary_free(next);
	g_ptr_array_unref(related);
	article_free(article);
}

static void
ask_missing(const struct question *question)
{
	struct article *article;
	struct term *tag;
	struct term *category;
	struct author *author;
	char *target;
	struct database *database = question->database;

	assert_int_equal(
	    article_find_public(database, question->text, NOW, &article),
	    STATUS_NOT_FOUND);
	assert_int_equal(redirect_find(database, question->text, NOW, &target),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    tag_find(database, question->text, &tag), STATUS_NOT_FOUND);
	assert_int_equal(category_find(database, question->text, &category),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    author_find(database, question->text, &author), STATUS_NOT_FOUND);
}

static void
ask_listing(const struct question *question, enum article_scope scope,
    int64_t key, int64_t page)
{
	const struct article_filter filter = { .scope = scope, .key = key };
	struct article_list list = { 0 };

	assert_int_equal(article_list_public(question->database, &filter, page,
			     PER_PAGE, NOW, &list),
	    STATUS_OK);
	article_list_release(&list);
}

static void
ask_front(const struct question *question)
{
	ask_listing(question, ARTICLE_SCOPE_ALL, 0, 1);
}

static void
ask_last_page(const struct question *question)
{
	ask_listing(question, ARTICLE_SCOPE_ALL, 0, question->count / PER_PAGE);
}

static void
ask_middle_page(const struct question *question)
{
	ask_listing(
	    question, ARTICLE_SCOPE_ALL, 0, question->count / PER_PAGE / 2);
}

static void
ask_tag(const struct question *question)
{
	ask_listing(question, ARTICLE_SCOPE_TAG, 1, 1);
	ask_listing(
	    question, ARTICLE_SCOPE_TAG, 1, question->count / PER_PAGE / 2);
}

static void
ask_category(const struct question *question)
{
	ask_listing(question, ARTICLE_SCOPE_CATEGORY, 1, 1);
}

static void
ask_author(const struct question *question)
{
	ask_listing(question, ARTICLE_SCOPE_AUTHOR, 1, 1);
	ask_listing(
	    question, ARTICLE_SCOPE_AUTHOR, 1, question->count / PER_PAGE / 2);
}

static void
ask_year(const struct question *question)
{
	ask_listing(question, ARTICLE_SCOPE_YEAR, 2025, 1);
}

static void
ask_feeds(const struct question *question)
{
	static const struct article_filter filters[] = {
		{ ARTICLE_SCOPE_ALL, 0 },
		{ ARTICLE_SCOPE_TAG, 1 },
		{ ARTICLE_SCOPE_CATEGORY, 1 },
		{ ARTICLE_SCOPE_AUTHOR, 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
		GPtrArray *articles;

		assert_int_equal(article_list_newest(question->database,
				     &filters[i], PER_PAGE, NOW, &articles),
		    STATUS_OK);
		assert_int_equal(articles->len, PER_PAGE);
		g_ptr_array_unref(articles);
	}
}

static void
ask_around(const struct question *question)
{
	struct database *database = question->database;
	const struct article_filter all = { .scope = ARTICLE_SCOPE_ALL };
	struct author *owner;
	struct blog blog;
	GPtrArray *list;
	GArray *years;
	int64_t number, time;

	assert_int_equal(author_find_owner(database, &owner), STATUS_OK);
	author_free(owner);
	assert_int_equal(setting_load(database, &blog), STATUS_OK);
	setting_release(&blog);
	assert_int_equal(
	    setting_generation(database, &number, &time), STATUS_OK);
	assert_int_equal(
	    article_count_public(database, &all, NOW, &number), STATUS_OK);
	assert_int_equal(article_list_years(database, &years), STATUS_OK);
	g_array_unref(years);
	assert_int_equal(
	    article_moments(database, NOW, &time, &number), STATUS_OK);
	assert_int_equal(article_list_pages(database, NOW, &list), STATUS_OK);
	g_ptr_array_unref(list);
	assert_int_equal(tag_list_used(database, &list), STATUS_OK);
	g_ptr_array_unref(list);
	assert_int_equal(category_list_used(database, &list), STATUS_OK);
	g_ptr_array_unref(list);
	assert_int_equal(author_list_used(database, &list), STATUS_OK);
	g_ptr_array_unref(list);
	database_has_changed(database);
}

static bool
visit(const char *path, int64_t updated_at, void *data)
{
	(void)path;
	(void)updated_at;
	(void)data;
	return true;
}

static void
ask_sitemap(const struct question *question)
{
	assert_int_equal(
	    article_each_public(question->database, NOW, visit, NULL),
	    STATUS_OK);
}

static void
ask_search(const struct question *question)
{
	struct search_result result;

	assert_int_equal(search_articles(question->database, question->text, 1,
			     PER_PAGE, NOW, &result),
	    STATUS_OK);
	search_result_release(&result);
}

static void
ask_search_body(const struct question *question)
{
	const struct question body = { question->database, question->count,
		"body" };

	ask_search(&body);
}

static const struct {
	const char *name;
	void (*ask)(const struct question *question);
	bool is_steady; /* costs the same, however many articles there are */
} questions[] = {
	{ "article", ask_article, true },
	{ "missing", ask_missing, true },
	{ "front page", ask_front, true },
	{ "last page", ask_last_page, true },
	{ "middle page", ask_middle_page, true },
	{ "tag", ask_tag, true },
	{ "category", ask_category, true },
	{ "author", ask_author, true },
	{ "year", ask_year, true },
	{ "feeds", ask_feeds, true },
	{ "around", ask_around, true },
	/* It names all of them. */
	{ "sitemap", ask_sitemap, false },
	/* It ranks all that match. */
	{ "search", ask_search_body, false },
	{ "search in vain", ask_search, true },
};

static void
ask_all(struct fixture *fixture, int64_t count, const char *text)
{
	const struct question question = { fixture->database, count, text };

	for (size_t i = 0; i < G_N_ELEMENTS(questions); i++)
		questions[i].ask(&question);
}

/* ---- plans ---- */

static void
test_every_public_query_uses_an_index(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) before = NULL;

	fill(fixture, FEW);
	/* What only saving needs is not of the public side. */
	before = query_plan_statements(fixture->database);

	ask_all(fixture, FEW, "none");

	assert_in_range(
	    query_plan_check_new(fixture->database, before), 30, 60);
}

/* What is not public has an index of its own, for the desk. */
static void
test_no_public_query_reads_the_index_of_drafts(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) before = NULL;
	g_autoptr(GPtrArray) after = NULL;

	fill(fixture, FEW);
	before = query_plan_statements(fixture->database);
	ask_all(fixture, FEW, "none");
	after = query_plan_statements(fixture->database);

	for (guint i = 0; i < after->len; i++)
		if (!g_ptr_array_find(before, after->pdata[i], NULL))
			assert_null(strstr(after->pdata[i], "draft_search"));
}

static void
test_a_slow_query_would_be_noticed(void **state)
{
	static const char *const slow[] = {
		"SELECT title FROM article WHERE minutes = 5",
		"SELECT id FROM article WHERE listed_at < 5 ORDER BY title",
		"SELECT value FROM setting, tag",
		"SELECT DISTINCT minutes FROM article INDEXED BY article_listed"
		" WHERE listed_at > 5",
		"SELECT count(*) FROM article",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(slow); i++) {
		g_autoptr(GString) problems = g_string_new(NULL);

		query_plan_check(fixture->database, slow[i], problems);
		if (problems->len == 0)
			fail_msg("not noticed: %s", slow[i]);
	}
}

/* ---- cost ---- */

static void
measure(struct fixture *fixture, int64_t count, int64_t *steps)
{
	const struct question question = { fixture->database, count, "none" };

	for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
		query_plan_count_steps(fixture->database);
		questions[i].ask(&question);
		steps[i] = query_plan_count_steps(fixture->database);
	}
}

static void
test_the_number_of_articles_does_not_matter(void **state)
{
	struct fixture *few = *state;
	void *other = NULL;
	struct fixture *many;
	int64_t few_steps[G_N_ELEMENTS(questions)];
	int64_t many_steps[G_N_ELEMENTS(questions)];

	assert_int_equal(fixture_set_up(&other), 0);
	many = other;
	fill(few, FEW);
	fill(many, MANY);

	measure(few, FEW, few_steps);
	measure(many, MANY, many_steps);

	/* Twenty times the articles; walking over them would be as much. */
	for (size_t i = 0; i < G_N_ELEMENTS(questions); i++)
		if (questions[i].is_steady &&
		    many_steps[i] > few_steps[i] * 2 + 100)
			fail_msg("%s: %d steps of %d articles, %d of %d",
			    questions[i].name, (int)few_steps[i], FEW,
			    (int)many_steps[i], MANY);
	fixture_tear_down(&other);
}

/* ---- a fixed set of statements: requirement 13 ---- */

static void
test_no_input_makes_a_new_statement(void **state)
{
	static const char *const inputs[] = { "other", "' OR 1=1 --",
		"\"; DROP TABLE article; --", "%s%n", "\xf0\x9f\xa6\x80",
		"a' UNION SELECT 1,2,3" };
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) before = NULL;
	g_autoptr(GPtrArray) after = NULL;

	fill(fixture, FEW);
	ask_all(fixture, FEW, "none");
	before = query_plan_statements(fixture->database);

	for (size_t i = 0; i < G_N_ELEMENTS(inputs); i++)
		ask_all(fixture, FEW, inputs[i]);

	after = query_plan_statements(fixture->database);
	assert_int_equal(before->len, after->len);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_public_query_uses_an_index),
		TEST(test_no_public_query_reads_the_index_of_drafts),
		TEST(test_a_slow_query_would_be_noticed),
		TEST(test_the_number_of_articles_does_not_matter),
		TEST(test_no_input_makes_a_new_statement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
