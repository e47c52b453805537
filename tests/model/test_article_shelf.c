/*
 * test_article_shelf.c - the lists of the desk: what stands in each, in which
 * order, and how many there are.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/article_edit.h"
#include "model/author.h"
#include "model/shelf_choice.h"
#include "model/term.h"

/* An article in `status`, dated `days` ago and changed `age` seconds ago. */
static int64_t
add(struct fixture *fixture, const char *slug, enum article_status status,
    int64_t days, int64_t age)
{
	struct article_draft draft = fixture_draft(fixture, slug, days);

	draft.status = status;
	draft.updated_at = NOW - age;
	if (status == ARTICLE_STATUS_DRAFT)
		draft.published_at = 0;
	return fixture_save(fixture, &draft);
}

static void
trash(struct fixture *fixture, int64_t id, int64_t now)
{
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(article_trash(fixture->database, id, now), STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

/* Two of each kind, and what is in the trash of each. */
static void
fill(struct fixture *fixture)
{
	add(fixture, "draft-old", ARTICLE_STATUS_DRAFT, 0, 50);
	add(fixture, "draft-new", ARTICLE_STATUS_DRAFT, 0, 10);
	add(fixture, "due-late", ARTICLE_STATUS_SCHEDULED, -9, 20);
	add(fixture, "due-soon", ARTICLE_STATUS_SCHEDULED, -2, 40);
	add(fixture, "public-old", ARTICLE_STATUS_PUBLISHED, 9, 5);
	add(fixture, "public-new", ARTICLE_STATUS_PUBLISHED, 1, 30);
	trash(fixture, add(fixture, "gone-draft", ARTICLE_STATUS_DRAFT, 0, 1),
	    NOW - 9);
	trash(fixture,
	    add(fixture, "gone-due", ARTICLE_STATUS_SCHEDULED, -1, 1), NOW - 5);
	trash(fixture,
	    add(fixture, "gone-public", ARTICLE_STATUS_PUBLISHED, 1, 1),
	    NOW - 7);
}

/* Page `number` of `filter`. The caller frees it. */
static GPtrArray *
list(struct fixture *fixture, const struct article_shelf_filter *filter,
    int64_t number, int64_t per_page, int64_t *out_total)
{
	GPtrArray *rows = NULL;

	assert_int_equal(article_list_shelf(fixture->database, filter, number,
			     per_page, &rows, out_total),
	    STATUS_OK);
	return rows;
}

/* The titles on page `number`, with spaces between. */
static char *
titles_on_page(struct fixture *fixture,
    const struct article_shelf_filter *filter, int64_t number, int64_t per_page)
{
	g_autoptr(GPtrArray) rows =
	    list(fixture, filter, number, per_page, NULL);
	GString *titles = g_string_new(NULL);

	for (guint i = 0; i < rows->len; i++) {
		const struct article_row *row = g_ptr_array_index(rows, i);

		g_string_append_printf(
		    titles, "%s%s", i > 0 ? " " : "", row->title);
	}
	return g_string_free(titles, FALSE);
}

static int64_t
count(struct fixture *fixture, const struct article_shelf_filter *filter)
{
	int64_t total = -1;

	g_ptr_array_unref(list(fixture, filter, 1, 1, &total));
	return total;
}

/* All that `filter` has, in order, and that it is counted so. */
static void
assert_titles(struct fixture *fixture,
    const struct article_shelf_filter *filter, const char *wanted)
{
	g_autofree char *titles = titles_on_page(fixture, filter, 1, 100);
	g_auto(GStrv) words = g_strsplit(wanted, " ", -1);

	assert_string_equal(titles, wanted);
	assert_int_equal(count(fixture, filter), g_strv_length(words));
}

static void
assert_shelf(
    struct fixture *fixture, enum article_shelf shelf, const char *wanted)
{
	const struct article_shelf_filter filter = { .shelf = shelf };

	assert_titles(fixture, &filter, wanted);
}

static void
assert_text(struct fixture *fixture, const char *text, const char *wanted)
{
	const struct article_shelf_filter filter = { .text = text };

	assert_titles(fixture, &filter, wanted);
}

static void
test_each_list_has_its_own_in_its_order(void **state)
{
	struct fixture *fixture = *state;

	fill(fixture);

	assert_shelf(fixture, ARTICLE_SHELF_ALL,
	    "public-old draft-new due-late public-new due-soon draft-old");
	assert_shelf(fixture, ARTICLE_SHELF_DRAFTS, "draft-new draft-old");
	assert_shelf(fixture, ARTICLE_SHELF_SCHEDULED, "due-soon due-late");
	assert_shelf(fixture, ARTICLE_SHELF_PUBLISHED, "public-new public-old");
	assert_shelf(
	    fixture, ARTICLE_SHELF_TRASH, "gone-due gone-public gone-draft");
}

/* Beside each name stands how many there are. */
static void
test_each_list_is_counted(void **state)
{
	static const int64_t wanted[] = { 6, 2, 2, 2, 3 };
	struct fixture *fixture = *state;
	int64_t counts[ARTICLE_SHELF_COUNT];

	fill(fixture);

	assert_int_equal(
	    article_count_shelves(fixture->database, 0, counts), STATUS_OK);
	assert_memory_equal(counts, wanted, sizeof(wanted));
	assert_int_equal(
	    article_count_shelves(fixture->database, 4711, counts), STATUS_OK);
	assert_int_equal(counts[ARTICLE_SHELF_ALL], 0);
}

static void
test_empty_lists(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < ARTICLE_SHELF_COUNT; i++)
		assert_shelf(fixture, (enum article_shelf)i, "");
}

static void
test_rows_have_what_is_shown(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "whole", 1);
	const struct article_shelf_filter filter = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	const struct article_row *row;
	int64_t id;

	draft.title = "All of it";
	draft.category = "Beasts";
	draft.updated_at = NOW - 3;
	draft.minutes = 7;
	id = fixture_save(fixture, &draft);
	rows = list(fixture, &filter, 1, 10, NULL);

	assert_int_equal(rows->len, 1);
	row = g_ptr_array_index(rows, 0);
	assert_int_equal(row->id, id);
	assert_int_equal(row->kind, ARTICLE_KIND_ARTICLE);
	assert_int_equal(row->status, ARTICLE_STATUS_PUBLISHED);
	assert_int_equal(row->published_at, NOW - DAY);
	assert_int_equal(row->updated_at, NOW - 3);
	assert_int_equal(row->trashed_at, 0);
	assert_string_equal(row->title, "All of it");
	assert_string_equal(row->path, "/articles/whole");
	assert_string_equal(row->category, "Beasts");
	assert_string_equal(row->author, "Ada Lovelace");
	assert_int_equal(row->minutes, 7);
}

static void
test_rows_of_a_bare_page(void **state)
{
	struct fixture *fixture = *state;
	const struct article_draft draft = {
		.kind = ARTICLE_KIND_PAGE, .slug = "bare", .title = "Bare"
	};
	const struct article_shelf_filter filter = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	const struct article_row *row;

	fixture_save(fixture, &draft);
	rows = list(fixture, &filter, 1, 10, NULL);

	row = g_ptr_array_index(rows, 0);
	assert_int_equal(row->kind, ARTICLE_KIND_PAGE);
	assert_int_equal(row->published_at, 0);
	assert_null(row->category);
	assert_null(row->author);
}

static void
test_pages_have_each_row_once(void **state)
{
	struct fixture *fixture = *state;
	const struct article_shelf_filter filter = { 0 };
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	g_autofree char *beyond = NULL;

	for (int i = 0; i < 5; i++) {
		g_autofree char *slug = g_strdup_printf("a%d", i);

		/* All of one second: what comes later stands before. */
		add(fixture, slug, ARTICLE_STATUS_PUBLISHED, 1, 0);
	}

	first = titles_on_page(fixture, &filter, 1, 3);
	second = titles_on_page(fixture, &filter, 2, 3);
	beyond = titles_on_page(fixture, &filter, 3, 3);
	assert_string_equal(first, "a4 a3 a2");
	assert_string_equal(second, "a1 a0");
	assert_string_equal(beyond, "");
}

static void
test_text_is_part_of_a_title_or_slug(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "by-its-slug", 1);

	fill(fixture);
	draft.title = "Other";
	draft.updated_at = NOW;
	fixture_save(fixture, &draft);

	assert_text(fixture, "UBLIC", "public-old public-new");
	assert_text(fixture, "its-sl", "Other");
	assert_text(fixture, "gone", "");
	assert_text(fixture, "",
	    "Other public-old draft-new due-late public-new due-soon "
	    "draft-old");
	assert_text(fixture, NULL,
	    "Other public-old draft-new due-late public-new due-soon "
	    "draft-old");
}

/* Each character stands for itself. */
static void
test_text_is_no_pattern(void **state)
{
	static const char *const titles[] = { "50%", "a_b", "back\\slash",
		"\"quoted\"", "it's", "\xe6\x97\xa5\xe6\x9c\xac" };
	struct fixture *fixture = *state;

	fill(fixture);
	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
		g_autofree char *slug = g_strdup_printf("s%d", (int)i);
		struct article_draft draft = fixture_draft(fixture, slug, 1);

		draft.title = titles[i];
		fixture_save(fixture, &draft);
	}

	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
		assert_text(fixture, titles[i], titles[i]);
	assert_text(fixture, "%", "50%");
	assert_text(fixture, "_", "a_b");
	assert_text(fixture, "\\", "back\\slash");
	assert_text(fixture, "d%aft", "");
	assert_text(fixture, "d_aft", "");
}

/* What is too long to be looked for is cut between characters, and is no error:
 * a pattern has a limit. */
static void
test_text_of_any_length(void **state)
{
	static const char *const parts[] = { "x", "%", "\\", "\xc3\xa4",
		"\xe6\x97\xa5", "\xf0\x9f\xa6\x80" };
	struct fixture *fixture = *state;

	fill(fixture);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autoptr(GString) text = g_string_new(NULL);

		for (int k = 0; k < 300; k++) {
			g_string_append(text, parts[i]);
			assert_text(fixture, text->str, "");
		}
	}
}

static void
test_author_sees_what_is_their_own(void **state)
{
	struct fixture *fixture = *state;
	const struct author_draft grace = { .name = "Grace" };
	struct article_shelf_filter filter;
	struct article_draft draft;
	int64_t ids[2] = { fixture->author_id, 0 };

	assert_int_equal(
	    author_add(fixture->database, &grace, NOW, &ids[1], NULL),
	    STATUS_OK);
	fill(fixture);
	draft = fixture_draft(fixture, "both", 3);
	draft.author_ids = ids;
	draft.author_count = 2;
	draft.updated_at = NOW - 2;
	fixture_save(fixture, &draft);
	draft = fixture_draft(fixture, "hers", 2);
	draft.author_ids = &ids[1];
	draft.updated_at = NOW - 1;
	fixture_save(fixture, &draft);

	filter = (struct article_shelf_filter){ .author_id = ids[1] };
	assert_titles(fixture, &filter, "hers both");
	filter.shelf = ARTICLE_SHELF_PUBLISHED;
	assert_titles(fixture, &filter, "hers both");
	filter.shelf = ARTICLE_SHELF_DRAFTS;
	assert_titles(fixture, &filter, "");
	filter.shelf = ARTICLE_SHELF_TRASH;
	assert_titles(fixture, &filter, "");
	filter.shelf = ARTICLE_SHELF_ALL;
	filter.text = "bot";
	assert_titles(fixture, &filter, "both");
	filter.author_id = fixture->author_id;
	assert_titles(fixture, &filter, "both");
	filter.text = "hers";
	assert_titles(fixture, &filter, "");
	filter.author_id = 4711;
	assert_titles(fixture, &filter, "");
}

static int64_t
find_choice(struct fixture *fixture, enum shelf_choice choice, const char *text)
{
	int64_t id = 0;
	enum status status =
	    shelf_choice_find(fixture->database, choice, text, &id);

	return status == STATUS_NOT_FOUND ? -1 : id;
}

/* One in a category, one with a tag, one with both. */
static void
fill_choices(struct fixture *fixture)
{
	static const char *const tags[] = { "Web dev", "other", NULL };
	struct article_draft draft = fixture_draft(fixture, "filed", 1);

	draft.title = "filed";
	draft.category = "Beasts";
	draft.tags = NULL;
	fixture_save(fixture, &draft);
	draft = fixture_draft(fixture, "both", 2);
	draft.title = "both";
	draft.category = "Beasts";
	draft.tags = tags;
	fixture_save(fixture, &draft);
	draft = fixture_draft(fixture, "tagged", 3);
	draft.title = "tagged";
	draft.status = ARTICLE_STATUS_DRAFT;
	draft.published_at = 0;
	draft.category = NULL;
	draft.tags = tags;
	fixture_save(fixture, &draft);
}

static void
test_category_and_tag_are_chosen(void **state)
{
	struct fixture *fixture = *state;
	struct article_shelf_filter filter = { .shelf =
						   ARTICLE_SHELF_PUBLISHED };
	int64_t category_id, tag_id;

	fill_choices(fixture);
	category_id = find_choice(fixture, SHELF_CHOICE_CATEGORY, "beasts");
	tag_id = find_choice(fixture, SHELF_CHOICE_TAG, "web-dev");

	filter.category_id = category_id;
	assert_titles(fixture, &filter, "filed both");
	filter.tag_id = tag_id;
	assert_titles(fixture, &filter, "both");
	filter.text = "file";
	assert_titles(fixture, &filter, "");
	filter.text = "bot";
	assert_titles(fixture, &filter, "both");
	filter.author_id = 4711;
	assert_titles(fixture, &filter, "");
	filter = (struct article_shelf_filter){ .shelf = ARTICLE_SHELF_DRAFTS,
		.tag_id = tag_id };
	assert_titles(fixture, &filter, "tagged");
	filter.tag_id = -1;
	assert_titles(fixture, &filter, "");
}

static void
test_choices_are_found_and_listed(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GPtrArray) tags = NULL;
	int64_t id;

	fill_choices(fixture);
	id = find_choice(fixture, SHELF_CHOICE_TAG, "web-dev");

	assert_in_range(id, 1, 2);
	assert_int_equal(find_choice(fixture, SHELF_CHOICE_TAG, "WEB DEV"), id);
	assert_int_equal(find_choice(fixture, SHELF_CHOICE_TAG, "web"), -1);
	assert_int_equal(
	    find_choice(fixture, SHELF_CHOICE_AUTHOR, "ada lovelace"),
	    fixture->author_id);
	assert_int_equal(
	    find_choice(fixture, SHELF_CHOICE_AUTHOR, "ada-lovelace"),
	    fixture->author_id);
	assert_int_equal(
	    shelf_choice_list(fixture->database, SHELF_CHOICE_TAG, &tags),
	    STATUS_OK);
	assert_int_equal(tags->len, 2);
	assert_string_equal(
	    ((struct term *)g_ptr_array_index(tags, 0))->name, "other");
	assert_string_equal(
	    ((struct term *)g_ptr_array_index(tags, 1))->slug, "web-dev");
}

/* Words, as readers look for them, of what is public and of what is not. */
static void
test_text_is_words_of_a_text(void **state)
{
	struct fixture *fixture = *state;
	struct article_draft draft = fixture_draft(fixture, "public", 1);

	draft.title = "public";
	draft.body = "Of quaggas and others.";
	draft.text = "Of quaggas and others.";
	fixture_save(fixture, &draft);
	draft = fixture_draft(fixture, "private", 1);
	draft.title = "private";
	draft.status = ARTICLE_STATUS_DRAFT;
	draft.published_at = 0;
	draft.body = "Of quaggas and others.";
	draft.updated_at = NOW - 1;
	fixture_save(fixture, &draft);

	assert_text(fixture, "quaggas", "public private");
	assert_text(fixture, "OTHERS quagg*", "public private");
	assert_text(fixture, "quagg", "");
	assert_text(fixture, "\"", "");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each_list_has_its_own_in_its_order),
		TEST(test_each_list_is_counted),
		TEST(test_empty_lists),
		TEST(test_rows_have_what_is_shown),
		TEST(test_rows_of_a_bare_page),
		TEST(test_pages_have_each_row_once),
		TEST(test_text_is_part_of_a_title_or_slug),
		TEST(test_text_is_no_pattern),
		TEST(test_text_of_any_length),
		TEST(test_author_sees_what_is_their_own),
		TEST(test_category_and_tag_are_chosen),
		TEST(test_choices_are_found_and_listed),
		TEST(test_text_is_words_of_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
