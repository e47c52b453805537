/*
 * test_author_edit.c - what is said of an author is changed by them, or by an
 * owner: what is wrong with it, what somebody else has changed, where their
 * page was, and their picture.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/author.h"
#include "model/author_edit.h"
#include "model/media.h"
#include "model/redirect.h"

static struct author *
read_author(struct fixture *fixture)
{
	struct author *author = NULL;

	assert_int_equal(
	    author_find_id(fixture->database, fixture->author_id, &author),
	    STATUS_OK);
	return author;
}

static enum status
update(struct fixture *fixture, const struct author_wish *wish,
    struct author_problems *problems)
{
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	status = author_edit_update(
	    fixture->database, fixture->author_id, wish, NOW, problems);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
	return status;
}

static void
test_update_what_is_given(void **state)
{
	struct fixture *fixture = *state;
	const struct author_wish wish = { .name = "Ada King",
		.biography = "Of the engine.",
		.website = "https://ada.example" };
	struct author_problems problems = { 0 };
	struct author *author;

	assert_int_equal(update(fixture, &wish, &problems), STATUS_OK);

	author = read_author(fixture);
	assert_string_equal(author->name, "Ada King");
	assert_string_equal(author->handle, "ada-lovelace");
	assert_string_equal(author->job_title, "Analyst");
	assert_string_equal(author->biography, "Of the engine.");
	assert_string_equal(author->website, "https://ada.example");
	assert_string_equal(author->email, "ada@example.org");
	author_free(author);
}

static void
test_update_says_what_is_wrong(void **state)
{
	struct fixture *fixture = *state;
	const struct author_wish wish = { .name = " ",
		.handle = "!",
		.job_title = "\xff",
		.picture_path = "/media/none.png",
		.website = "javascript:1" };
	struct author_problems problems = { 0 };
	struct author *author;

	assert_int_equal(update(fixture, &wish, &problems), STATUS_INVALID);

	assert_non_null(problems.name);
	assert_non_null(problems.handle);
	assert_non_null(problems.job_title);
	assert_null(problems.biography);
	assert_non_null(problems.picture_path);
	assert_non_null(problems.website);
	author = read_author(fixture);
	assert_string_equal(author->name, "Ada Lovelace");
	author_free(author);
	author_problems_release(&problems);
}

/* Two have the same page open. */
static void
test_update_takes_nothing_back(void **state)
{
	struct fixture *fixture = *state;
	struct author *author = read_author(fixture);
	g_autofree char *mark = author_edit_mark(author);
	g_autofree char *new_mark = NULL;
	const struct author_wish first = { .name = "Ada King", .shown = mark };
	struct author_wish second = {
		.name = "Ada Lovelace", .job_title = "Countess", .shown = mark
	};
	struct author_problems none = { 0 };
	struct author_problems problems = { 0 };

	author_free(author);
	assert_int_equal(update(fixture, &first, &none), STATUS_OK);

	assert_int_equal(update(fixture, &second, &problems), STATUS_CONFLICT);

	assert_true(problems.is_stale);
	assert_non_null(strstr(problems.name, "Ada King"));
	assert_non_null(problems.all);
	author = read_author(fixture);
	assert_string_equal(author->name, "Ada King");
	assert_string_equal(author->job_title, "Analyst");
	new_mark = author_edit_mark(author);
	author_free(author);
	/* The same change again is none, and who has seen it may take it back.
	 */
	assert_int_equal(update(fixture, &first, &none), STATUS_OK);
	second.shown = new_mark;
	assert_int_equal(update(fixture, &second, &none), STATUS_OK);
	author_problems_release(&problems);
}

static void
assert_leads(struct fixture *fixture, const char *path, const char *wanted)
{
	g_autofree char *target = NULL;
	enum status status =
	    redirect_find(fixture->database, path, NOW, &target);

	assert_int_equal(status, wanted != NULL ? STATUS_OK : STATUS_NOT_FOUND);
	if (wanted != NULL)
		assert_string_equal(target, wanted);
}

static void
test_update_moves_the_page(void **state)
{
	struct fixture *fixture = *state;
	struct author_problems problems = { 0 };

	fixture_article(fixture, "one", 1, "Code", "c");
	assert_int_equal(
	    update(
		fixture, &(struct author_wish){ .handle = "Ada" }, &problems),
	    STATUS_OK);
	assert_int_equal(
	    update(fixture, &(struct author_wish){ .handle = "countess" },
		&problems),
	    STATUS_OK);

	assert_leads(fixture, "/authors/ada-lovelace", "/authors/countess");
	assert_leads(fixture, "/authors/ada", "/authors/countess");
	assert_leads(
	    fixture, "/authors/ada/feed.xml", "/authors/countess/feed.xml");
	assert_int_equal(
	    update(fixture, &(struct author_wish){ .handle = "ada-lovelace" },
		&problems),
	    STATUS_OK);
	assert_leads(fixture, "/authors/ada-lovelace", NULL);
	assert_leads(fixture, "/authors/countess", "/authors/ada-lovelace");
}

static void
test_update_to_the_handle_of_another(void **state)
{
	struct fixture *fixture = *state;
	const struct author_draft other = { .name = "Grace" };
	struct author_problems problems = { 0 };
	int64_t id;

	assert_int_equal(
	    author_add(fixture->database, &other, NOW, &id, NULL), STATUS_OK);

	assert_int_equal(
	    update(
		fixture, &(struct author_wish){ .handle = "grace" }, &problems),
	    STATUS_INVALID);

	assert_string_equal(problems.handle, "Grace has it");
	author_problems_release(&problems);
}

/* A photograph and a file that is none, and how Ada's picture is stored. */
static void
add_files(struct fixture *fixture)
{
	fixture_run(fixture,
	    "INSERT INTO media (id, path, original_name, content_type, size,"
	    " width, height, created_at) VALUES"
	    " (1, 'a.jpg', 'a', 'image/jpeg', 900000, 3000, 2000, 0),"
	    " (2, 'b.zip', 'b', 'application/zip', 9, 0, 0, 0)");
	fixture_run(fixture,
	    "INSERT INTO media_variant (media_id, path, content_type, width,"
	    " height, size) VALUES"
	    " (1, 'a-100.webp', 'image/webp', 100, 67, 1000),"
	    " (1, 'a-480.jpg', 'image/jpeg', 480, 320, 30000),"
	    " (1, 'a-480.webp', 'image/webp', 480, 320, 20000)");
}

static void
test_update_the_picture(void **state)
{
	static const struct {
		const char *typed, *stored, *face;
	} cases[] = {
		{ "/media/a.jpg", "/media/a.jpg", "/media/a-480.webp" },
		{ "", NULL, NULL },
		{ " /media/a-480.jpg ", "/media/a.jpg", "/media/a-480.webp" },
	};
	static const char *const wrong[] = { "/media/b.zip", "/media/c.jpg",
		"a.jpg", "https://example.org/media/a.jpg", "//media/a.jpg" };
	struct fixture *fixture = *state;

	add_files(fixture);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct author_wish wish = { .picture_path =
						      cases[i].typed };
		struct author_problems problems = { 0 };
		struct author *author;

		assert_int_equal(update(fixture, &wish, &problems), STATUS_OK);
		author = read_author(fixture);
		assert_int_equal(
		    g_strcmp0(author->picture_path, cases[i].stored), 0);
		assert_int_equal(
		    g_strcmp0(author->face_path, cases[i].face), 0);
		author_free(author);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		const struct author_wish wish = { .picture_path = wrong[i] };
		struct author_problems problems = { 0 };

		assert_int_equal(
		    update(fixture, &wish, &problems), STATUS_INVALID);
		assert_non_null(problems.picture_path);
		author_problems_release(&problems);
	}
}

static void
test_a_picture_is_a_use(void **state)
{
	struct fixture *fixture = *state;
	struct author_problems problems = { 0 };
	g_autoptr(GPtrArray) files = NULL;
	g_autoptr(GPtrArray) uses = NULL;
	const struct media_use *use;
	const struct media *file;
	struct author *author;
	int64_t count;

	add_files(fixture);
	assert_int_equal(
	    update(fixture,
		&(struct author_wish){ .picture_path = "/media/a.jpg" },
		&problems),
	    STATUS_OK);

	assert_int_equal(
	    media_search(fixture->database, NULL, 1, 9, &files, &count),
	    STATUS_OK);
	assert_int_equal(
	    media_list_uses(fixture->database, 1, &uses), STATUS_OK);

	file = g_ptr_array_index(files, 1);
	assert_string_equal(file->path, "a.jpg");
	assert_int_equal(file->face_count, 1);
	assert_int_equal(uses->len, 1);
	use = g_ptr_array_index(uses, 0);
	assert_true(use->is_face);
	assert_int_equal(use->id, fixture->author_id);
	assert_string_equal(use->title, "Ada Lovelace");
	/* Where it is deleted, there are initials again. */
	fixture_run(fixture, "DELETE FROM media WHERE id = 1");
	author = read_author(fixture);
	assert_null(author->picture_path);
	author_free(author);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_update_what_is_given),
		TEST(test_update_says_what_is_wrong),
		TEST(test_update_takes_nothing_back),
		TEST(test_update_moves_the_page),
		TEST(test_update_to_the_handle_of_another),
		TEST(test_update_the_picture),
		TEST(test_a_picture_is_a_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
