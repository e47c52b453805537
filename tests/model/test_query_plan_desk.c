/*
 * test_query_plan_desk.c - what the desk reads and writes is found by an index,
 * too: an author's work costs the same in a blog of 10,000 articles.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "desk_questions.h"
#include "fixture.h"
#include "model/article_edit.h"
#include "model/author.h"
#include "model/author_choice.h"
#include "model/autosave.h"
#include "model/category.h"
#include "model/link_check.h"
#include "model/media.h"
#include "model/page_view.h"
#include "model/preview_link.h"
#include "model/redirect.h"
#include "model/rendering.h"
#include "model/revision.h"
#include "model/series.h"
#include "model/shelf_choice.h"
#include "model/site.h"
#include "model/tag.h"
#include "model/term_edit.h"
#include "model/text_upload.h"
#include "query_plan.h"

enum {
	FEW = 40,
	MANY = 800,
	PER_PAGE = 10
};

/* Each article was viewed on each of the last days. */
static void
fill_views(struct fixture *fixture)
{
	fixture_run(fixture,
	    "WITH RECURSIVE ago (days) AS (SELECT 0 UNION ALL"
	    " SELECT days + 1 FROM ago WHERE days < 30)"
	    " INSERT INTO page_view (article_id, day, count)"
	    " SELECT a.id, 1780000000 / 86400 - ago.days, 1 + a.id % 7"
	    " FROM article a, ago");
	assert_int_equal(
	    page_view_turn(fixture->database, page_view_day(NOW, NULL)),
	    STATUS_OK);
}

/* Of every kind some, by two authors, with what the desk keeps of each. */
static void
fill(struct fixture *fixture, int64_t count)
{
	static const enum article_status statuses[] = {
		ARTICLE_STATUS_PUBLISHED, ARTICLE_STATUS_DRAFT,
		ARTICLE_STATUS_PUBLISHED, ARTICLE_STATUS_SCHEDULED
	};
	const struct author_draft grace = { .name = "Grace" };
	int64_t ids[2] = { fixture->author_id, 0 };

	assert_int_equal(
	    author_add(fixture->database, &grace, NOW, &ids[1], NULL),
	    STATUS_OK);
	fixture_run(fixture,
	    "INSERT INTO media (path, original_name, content_type, size, width,"
	    " height, created_at)"
	    " VALUES ('a.png', 'a.png', 'image/png', 1, 1, 1, 0)");
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	for (int64_t i = 0; i < count; i++) {
		g_autofree char *slug = g_strdup_printf("a-%d", (int)i);
		struct article_draft draft =
		    fixture_draft(fixture, slug, i + 1);
		int64_t id = 0;

		draft.status = statuses[i % 4];
		if (draft.status == ARTICLE_STATUS_SCHEDULED)
			draft.published_at = NOW + (i + 1) * DAY;
		draft.updated_at = NOW - i;
		draft.author_ids = &ids[i % 2];
		assert_int_equal(article_save(fixture->database, &fixture->blog,
				     &draft, NOW, &id, NULL, NULL),
		    STATUS_OK);
		if (i % 10 == 9)
			assert_int_equal(
			    article_trash(fixture->database, id, NOW - i),
			    STATUS_OK);
	}
	fill_views(fixture);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

/* ---- lists ---- */

static void
ask_list(const struct question *question, enum article_shelf shelf,
    const char *text, int64_t author_id)
{
	const struct article_shelf_filter filter = {
		.shelf = shelf, .text = text, .author_id = author_id
	};
	g_autoptr(GPtrArray) rows = NULL;
	int64_t total = -1;

	assert_int_equal(article_list_shelf(question->database, &filter, 1,
			     PER_PAGE, &rows, &total),
	    STATUS_OK);
}

static void
ask_lists(const struct question *question)
{
	struct database *database = question->database;
	int64_t author_id = question->author_id;
	int64_t id, counts[ARTICLE_SHELF_COUNT];

	for (enum shelf_choice i = 0; i < SHELF_CHOICE_COUNT; i++) {
		GPtrArray *terms;

		assert_int_equal(
		    shelf_choice_list(database, i, &terms), STATUS_OK);
		g_ptr_array_unref(terms);
		assert_int_equal(shelf_choice_find(database, i, "none", &id),
		    STATUS_NOT_FOUND);
	}
	for (enum article_shelf i = 0; i < ARTICLE_SHELF_COUNT; i++) {
		ask_list(question, i, NULL, 0);
		ask_list(question, i, "a-1", 0);
		ask_list(question, i, NULL, author_id);
		ask_list(question, i, "a-1", author_id);
	}
	assert_int_equal(article_count_shelves(database, 0, counts), STATUS_OK);
	assert_int_equal(
	    article_count_shelves(database, author_id, counts), STATUS_OK);
}

/* ---- one article ---- */

static void
ask_edit(const struct question *question)
{
	struct database *database = question->database;
	struct article_edit *edit;
	struct article *article;
	char *slug;
	int64_t number;

	assert_int_equal(
	    article_edit_read(database, question->id, &edit), STATUS_OK);
	article_edit_free(edit);
	assert_int_equal(
	    article_read_any(database, question->id, &article), STATUS_OK);
	article_free(article);
	assert_int_equal(
	    article_make_slug(database, "Other", 0, &slug), STATUS_OK);
	g_free(slug);
	assert_int_equal(
	    article_set_creation_key(database, question->id, "key", "hash"),
	    STATUS_OK);
	assert_int_equal(
	    article_find_created(database, "key", &number, &slug), STATUS_OK);
	g_free(slug);
	assert_int_equal(article_next_due(database, &number), STATUS_OK);
}

/* Save it, in the transaction that was begun. */
static void
save(const struct question *question, const char *slug)
{
	static const char *const tags[] = { "One", NULL };
	struct database *database = question->database;
	struct article_draft draft = fixture_draft(question->fixture, slug, 1);
	struct article_edit *edit;

	assert_int_equal(
	    article_edit_read(database, question->id, &edit), STATUS_OK);
	draft.id = question->id;
	draft.version = edit->version;
	draft.category = "One";
	draft.tags = tags;
	article_edit_free(edit);
	assert_int_equal(article_save(database, &question->fixture->blog,
			     &draft, NOW, NULL, NULL, NULL),
	    STATUS_OK);
}

static void
ask_save(const struct question *question)
{
	assert_int_equal(database_begin(question->database, true), STATUS_OK);
	save(question, "a-once-more");
	assert_int_equal(database_commit(question->database), STATUS_OK);
}

static void
ask_trash(const struct question *question)
{
	struct database *database = question->database;
	int64_t count, next_at;

	assert_int_equal(database_begin(database, true), STATUS_OK);
	assert_int_equal(article_trash(database, question->id, NOW), STATUS_OK);
	assert_int_equal(article_untrash(database, question->id), STATUS_OK);
	assert_int_equal(
	    article_empty_trash(database, NOW - 30 * (int64_t)DAY, &count),
	    STATUS_OK);
	assert_int_equal(
	    article_publish_due(database, NOW, &count, &next_at), STATUS_OK);
	database_rollback(database);
}

static void
ask_revisions(const struct question *question)
{
	GPtrArray *revisions;
	struct revision *revision;

	assert_int_equal(
	    revision_list(question->database, question->id, 10, &revisions),
	    STATUS_OK);
	g_ptr_array_unref(revisions);
	assert_int_equal(
	    revision_read(question->database, question->id, 1, &revision),
	    STATUS_OK);
	revision_free(revision);
}

static void
ask_autosave(const struct question *question)
{
	struct database *database = question->database;
	char key[] = "key";
	char fields[] = "body=1";
	const struct autosave draft = {
		.article_id = question->id,
		.author_id = question->author_id,
		.editor_key = key,
		.fields = fields,
	};
	struct autosave found;

	assert_int_equal(autosave_store(database, &draft, NOW), STATUS_OK);
	assert_int_equal(
	    autosave_find(database, question->id, question->author_id, &found),
	    STATUS_OK);
	autosave_release(&found);
	assert_int_equal(autosave_find_by_key(database, question->id,
			     question->author_id, key, &found),
	    STATUS_OK);
	autosave_release(&found);
	assert_int_equal(
	    autosave_remove(database, question->id, question->author_id, key),
	    STATUS_OK);
}

/* A new text, and an image that it shows. */
static void
ask_writer(const struct question *question)
{
	char base_path[] = "";
	const struct site site = { .settings.base_path = base_path,
		.database = question->database };
	struct rendering *rendering;
	uint32_t width, height;
	GArray *sizes;

	assert_int_equal(
	    rendering_new_of(&site, 0, "![A](/media/a.png)", &rendering),
	    STATUS_OK);
	rendering_free(rendering);
	assert_int_equal(media_find_extent(question->database,
			     "/media/none.png", &width, &height),
	    STATUS_OK);
	assert_int_equal(
	    media_list_sizes(question->database, "/media/none.png", &sizes),
	    STATUS_OK);
	g_array_unref(sizes);
}

static void
ask_sharing(const struct question *question)
{
	struct database *database = question->database;
	char base_path[] = "", origin[] = "https://example.org";
	const struct site site = {
		.settings = { .base_path = base_path, .origin = origin },
		.database = database,
		.blog = question->fixture->blog,
	};
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *token = NULL;
	struct article *article;
	GPtrArray *links;
	int64_t id;

	assert_int_equal(preview_link_make(database, question->id,
			     question->author_id, NOW, &token),
	    STATUS_OK);
	assert_int_equal(
	    preview_link_list(database, question->id, &links), STATUS_OK);
	g_ptr_array_unref(links);
	(void)!preview_link_find(database, token, &id);
	assert_int_equal(
	    preview_link_end(database, question->id, token), STATUS_NOT_FOUND);
	assert_int_equal(
	    article_read_any(database, question->id, &article), STATUS_OK);
	g_free(article->body_html);
	article->body_html = g_strdup(
	    "<a href=\"/none\">x</a><img src=\"/media/x.png\" alt=\"\">"
	    "<a href=\"/tags/none\">x</a><a href=\"/categories/none\">x</a>"
	    "<a href=\"/authors/none\">x</a><a href=\"/archive/1900\">x</a>");
	assert_int_equal(link_check(&site, article, NOW, warnings), STATUS_OK);
	assert_int_equal(warnings->len, 6);
	article_free(article);
}

/* ---- files, addresses, tags and categories ---- */

static void
ask_media(const struct question *question)
{
	struct database *database = question->database;
	static const char *const texts[] = { NULL, "a" };
	struct media *media;
	GPtrArray *list;
	int64_t id, count;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_int_equal(media_search(database, texts[i], 1, PER_PAGE,
				     &list, &count),
		    STATUS_OK);
		g_ptr_array_unref(list);
	}
	assert_int_equal(
	    media_list_images(database, PER_PAGE, &list), STATUS_OK);
	g_ptr_array_unref(list);
	assert_int_equal(media_find_path(database, "a.png", &id), STATUS_OK);
	assert_int_equal(media_find(database, id, &media), STATUS_OK);
	media_free(media);
	assert_int_equal(media_note_uses(database, question->id,
			     "<img src=\"/media/a.png\">"),
	    STATUS_OK);
	assert_int_equal(media_list_uses(database, id, &list), STATUS_OK);
	assert_int_equal(list->len, 1);
	g_ptr_array_unref(list);
	assert_int_equal(
	    media_set_alt(database, id, "What it shows", NULL), STATUS_OK);
}

static void
ask_choices(const struct question *question)
{
	struct database *database = question->database;
	const struct author_choice_shown shown = { .names = "Ada", .ids = "1" };
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	GPtrArray *list;

	assert_int_equal(author_choice_find(database,
			     "Ada, Grace, ada-lovelace", &shown, ids, NULL),
	    STATUS_OK);
	assert_int_equal(author_choice_list(database, &list), STATUS_OK);
	g_ptr_array_unref(list);
	assert_int_equal(series_list_names(database, &list), STATUS_OK);
	g_ptr_array_unref(list);
}

static void
ask_redirects(const struct question *question)
{
	static const char base_url[] = "https://example.org";
	static const char *const texts[] = { NULL, "a" };
	struct database *database = question->database;
	GPtrArray *list;
	char *target;
	int64_t count;
	bool is_new;

	assert_int_equal(database_begin(database, true), STATUS_OK);
	assert_int_equal(redirect_add_to_article(
			     database, "/old/a", question->id, NOW, &is_new),
	    STATUS_OK);
	assert_int_equal(redirect_add_target(database, base_url, "/old/b",
			     "/tags/", NOW, &is_new, NULL),
	    STATUS_OK);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_int_equal(
		    redirect_list(database, texts[i], 1, PER_PAGE, &list),
		    STATUS_OK);
		g_ptr_array_unref(list);
		assert_int_equal(
		    redirect_count(database, texts[i], &count), STATUS_OK);
	}
	assert_int_equal(
	    redirect_find(database, "/old/b", NOW, &target), STATUS_OK);
	g_free(target);
	assert_int_equal(
	    redirect_move(database, "/old/b", "/archive/", NOW), STATUS_OK);
	assert_int_equal(
	    redirect_follow(database, "/archive/", "/tags/"), STATUS_OK);
	assert_int_equal(
	    redirect_keep_path(database, "/old/b", question->id, NOW),
	    STATUS_OK);
	assert_int_equal(redirect_forget_list(database, "/tags/"), STATUS_OK);
	assert_int_equal(redirect_remove(database, "/old/a"), STATUS_OK);
	database_rollback(database);
}

/* One that the article in the middle has, and one of nothing. */
static void
ask_terms_of(const struct question *question, enum term_kind kind, int64_t id,
    int64_t other_id)
{
	static const char *const texts[] = { NULL, "o" };
	struct database *database = question->database;
	const struct term_wish wish = {
		.name = "Another", .slug = "", .description = ""
	};
	struct term_problems problems = { 0 };
	struct term *term;
	GPtrArray *list;
	int64_t count, found;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_int_equal(term_edit_list(database, kind, texts[i], 1,
				     PER_PAGE, &list),
		    STATUS_OK);
		g_ptr_array_unref(list);
		assert_int_equal(
		    term_edit_count(database, kind, texts[i], &count),
		    STATUS_OK);
	}
	assert_int_equal(term_edit_read(database, kind, id, &term), STATUS_OK);
	term_free(term);
	assert_int_equal(
	    term_edit_find(database, kind, "other", &found), STATUS_OK);
	assert_int_equal(found, other_id);
	assert_int_equal(
	    term_edit_update(database, kind, id, &wish, NOW, &count, &problems),
	    STATUS_OK);
	term_problems_release(&problems);
	if (kind == TERM_KIND_SERIES)
		return;
	assert_int_equal(
	    term_edit_merge(database, kind, id, other_id, NOW, &count, NULL),
	    STATUS_OK);
	assert_int_equal(
	    term_edit_delete(database, kind, other_id), STATUS_CONFLICT);
}

static void
ask_tags(const struct question *question)
{
	struct database *database = question->database;
	int64_t id, other_id;

	assert_int_equal(database_begin(database, true), STATUS_OK);
	save(question, "a-with-tags");
	assert_int_equal(tag_ensure(database, "One", &id), STATUS_OK);
	assert_int_equal(tag_ensure(database, "Other", &other_id), STATUS_OK);
	ask_terms_of(question, TERM_KIND_TAG, id, other_id);
	database_rollback(database);
}

static void
ask_categories(const struct question *question)
{
	struct database *database = question->database;
	int64_t id, other_id;

	assert_int_equal(database_begin(database, true), STATUS_OK);
	save(question, "a-of-a-category");
	assert_int_equal(category_ensure(database, "One", &id), STATUS_OK);
	assert_int_equal(
	    category_ensure(database, "Other", &other_id), STATUS_OK);
	ask_terms_of(question, TERM_KIND_CATEGORY, id, other_id);
	database_rollback(database);
}

static void
ask_series(const struct question *question)
{
	struct database *database = question->database;
	int64_t id, other_id;

	assert_int_equal(database_begin(database, true), STATUS_OK);
	assert_int_equal(series_ensure(database, "One", &id), STATUS_OK);
	assert_int_equal(
	    series_ensure(database, "Other", &other_id), STATUS_OK);
	ask_terms_of(question, TERM_KIND_SERIES, id, other_id);
	database_rollback(database);
}

static void
ask_text_upload(const struct question *question)
{
	struct database *database = question->database;
	size_t size = 0;
	char *text;

	assert_int_equal(text_upload_write(database, question->author_id, "key",
			     0, "text", 4, NOW, &size),
	    STATUS_OK);
	assert_int_equal(
	    text_upload_size(database, question->author_id, "key", &size),
	    STATUS_OK);
	assert_int_equal(
	    text_upload_read(database, question->author_id, "key", &text),
	    STATUS_OK);
	g_free(text);
}

/* ---- readers ---- */

static void
ask_views(const struct question *question)
{
	struct database *database = question->database;
	int64_t today = page_view_day(NOW, NULL);
	int64_t author_ids[] = { 0, question->author_id };

	assert_int_equal(
	    page_view_add(database, question->id, today, 3), STATUS_OK);
	assert_int_equal(page_view_turn(database, today), STATUS_OK);
	for (size_t i = 0; i < G_N_ELEMENTS(author_ids); i++) {
		struct page_view_summary summary;

		assert_int_equal(page_view_summarize(
				     database, author_ids[i], today, &summary),
		    STATUS_OK);
		page_view_summary_release(&summary);
	}
	assert_int_equal(redirect_add_to_article(
			     database, "/old/c", question->id, NOW, NULL),
	    STATUS_OK);
	assert_int_equal(
	    redirect_add_hits(database, "/old/c", 2, NOW), STATUS_OK);
	assert_int_equal(redirect_remove(database, "/old/c"), STATUS_OK);
}

static const struct {
	const char *name;
	void (*ask)(const struct question *question);
	bool is_steady; /* costs the same, however many articles there are */
} questions[] = {
	/* They say how many there are. */
	{ "lists", ask_lists, false },
	{ "edit", ask_edit, true },
	{ "save", ask_save, true },
	{ "trash", ask_trash, true },
	{ "revisions", ask_revisions, true },
	{ "autosave", ask_autosave, true },
	{ "writer", ask_writer, true },
	{ "sharing", ask_sharing, true },
	{ "media", ask_media, true },
	{ "choices", ask_choices, true },
	{ "redirects", ask_redirects, true },
	{ "tags", ask_tags, true },
	/* An address may be made of one. */
	{ "categories", ask_categories, false },
	{ "series", ask_series, false },
	{ "text upload", ask_text_upload, true },
	{ "account", ask_account, true },
	{ "views", ask_views, true },
	{ "session", ask_session, true },
	{ "throttle", ask_throttle, true },
	{ "one-time link", ask_one_time_link, true },
};

static struct question
make_question(struct fixture *fixture, int64_t count)
{
	return (struct question){
		.fixture = fixture,
		.database = fixture->database,
		.id = count / 2 + 1,
		.author_id = fixture->author_id,
	};
}

static void
test_every_query_of_the_desk_uses_an_index(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) nothing = g_ptr_array_new();
	const struct question question = make_question(fixture, FEW);

	fill(fixture, FEW);
	for (size_t i = 0; i < G_N_ELEMENTS(questions); i++)
		questions[i].ask(&question);

	assert_in_range(
	    query_plan_check_new(fixture->database, nothing), 150, 250);
}

static void
measure(struct fixture *fixture, int64_t count, int64_t *steps)
{
	const struct question question = make_question(fixture, count);

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

/* A list walks over an index and no more: some steps for each article, and no
 * rows of those that are not shown. */
static void
test_a_list_costs_little_for_each_article(void **state)
{
	struct fixture *fixture = *state;
	const struct question question = make_question(fixture, MANY);
	int64_t steps;

	fill(fixture, MANY);
	ask_list(&question, ARTICLE_SHELF_ALL, NULL, 0);
	query_plan_count_steps(fixture->database);

	ask_list(&question, ARTICLE_SHELF_ALL, NULL, 0);
	steps = query_plan_count_steps(fixture->database);

	/* What a page shows takes some sixty steps a row. */
	assert_in_range(steps, MANY, MANY * 6 + PER_PAGE * 100);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_query_of_the_desk_uses_an_index),
		TEST(test_the_number_of_articles_does_not_matter),
		TEST(test_a_list_costs_little_for_each_article),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
