/*
 * test_page_store.c - a page comes back as it was kept, or not at all.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "publish/page_store.h"

struct place {
	char *directory;
	char *pages; /* not there at first */
	struct page_store *store;
};

static int
set_up(void **state)
{
	struct place *place = g_new0(struct place, 1);

	place->directory = g_dir_make_tmp("byline-pages-XXXXXX", NULL);
	place->pages = g_build_filename(place->directory, "pages", NULL);
	place->store = page_store_new(place->pages, "first");
	*state = place;
	return 0;
}

static void
remove_all(const char *directory)
{
	g_autoptr(GDir) folder = g_dir_open(directory, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);

		assert_int_equal(g_remove(path), 0);
	}
}

static int
tear_down(void **state)
{
	struct place *place = *state;

	page_store_free(place->store);
	remove_all(place->pages);
	remove_all(place->directory);
	assert_int_equal(g_rmdir(place->directory), 0);
	g_free(place->directory);
	g_free(place->pages);
	g_free(place);
	return 0;
}

static void
keep(const struct page_store *store, const char *path, const char *body,
    size_t size)
{
	g_autoptr(GString) text = g_string_new_len(body, (gssize)size);
	struct stored_page page = {
		.content_type = "text/html; charset=utf-8",
		.etag = (char *)"5-6-ab",
		.last_modified = 1780000000,
		.policy = (char *)"frame-src 'none'",
		.body = text,
	};

	page_store_keep(store, path, &page);
}

static bool
has(const struct page_store *store, const char *path)
{
	struct stored_page page;

	if (page_store_find(store, path, &page) != STATUS_OK)
		return false;
	stored_page_release(&page);
	return true;
}

/* The one file in `directory`. The caller frees it. */
static char *
only_file(const char *directory)
{
	g_autoptr(GDir) folder = g_dir_open(directory, 0, NULL);
	const char *name = g_dir_read_name(folder);
	char *path = g_build_filename(directory, name, NULL);

	assert_non_null(name);
	assert_null(g_dir_read_name(folder));
	return path;
}

static void
test_page_comes_back_as_it_was(void **state)
{
	static const char body[] = "<p>one\n\ntwo\0three</p>\n";
	const struct place *place = *state;
	struct stored_page page;

	keep(place->store, "/articles/x", body, sizeof(body));

	assert_int_equal(
	    page_store_find(place->store, "/articles/x", &page), STATUS_OK);
	assert_string_equal(page.content_type, "text/html; charset=utf-8");
	assert_string_equal(page.etag, "5-6-ab");
	assert_int_equal(page.last_modified, 1780000000);
	assert_string_equal(page.policy, "frame-src 'none'");
	assert_int_equal(page.body->len, sizeof(body));
	assert_memory_equal(page.body->str, body, sizeof(body));
	stored_page_release(&page);
}

static void
test_page_of_another_address_or_stamp(void **state)
{
	const struct place *place = *state;
	struct page_store *second = page_store_new(place->pages, "second");

	keep(place->store, "/a", "of a", 4);

	assert_true(has(place->store, "/a"));
	assert_false(has(place->store, "/"));
	assert_false(has(place->store, "/a/"));
	assert_false(has(second, "/a"));

	keep(second, "/a", "of a, later", 11);

	assert_true(has(second, "/a"));
	assert_false(has(place->store, "/a"));
	g_free(only_file(place->pages)); /* it took the place of the other */
	page_store_free(second);
}

static void
write_bytes(const char *path, const char *bytes, gsize size)
{
	assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

/* Cut at each byte, and with each byte changed: never found. */
static void
test_page_that_is_damaged(void **state)
{
	const struct place *place = *state;
	g_autofree char *path = NULL;
	g_autofree char *bytes = NULL;
	gsize size;

	keep(place->store, "/a", "text", 4);
	path = only_file(place->pages);
	assert_true(g_file_get_contents(path, &bytes, &size, NULL));

	for (gsize i = 0; i < size; i++) {
		char byte = bytes[i];

		write_bytes(path, bytes, i);
		assert_false(has(place->store, "/a"));
		bytes[i] = (char)(byte ^ 1);
		write_bytes(path, bytes, size);
		assert_false(has(place->store, "/a"));
		bytes[i] = '\0';
		write_bytes(path, bytes, size);
		assert_false(has(place->store, "/a"));
		bytes[i] = byte;
	}
	write_bytes(path, bytes, size);
	assert_true(has(place->store, "/a"));
}

/* Another file, a folder, a link: nothing is found, and nothing breaks. */
static void
test_page_that_is_no_file(void **state)
{
	const struct place *place = *state;
	g_autofree char *path = NULL;
	g_autofree char *other =
	    g_build_filename(place->directory, "other", NULL);

	keep(place->store, "/a", "text", 4);
	path = only_file(place->pages);
	assert_int_equal(g_rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_false(has(place->store, "/a"));
	assert_int_equal(g_remove(path), 0);
	assert_int_equal(g_mkdir(path, 0755), 0);
	assert_false(has(place->store, "/a"));
	keep(place->store, "/a", "text", 4);
	assert_false(has(place->store, "/a"));
}

static void
test_page_where_nothing_can_be_kept(void **state)
{
	const struct place *place = *state;
	struct page_store *nowhere =
	    page_store_new("/nonexistent/pages", "first");
	g_autofree char *large = g_strnfill(PAGE_STORE_MAX_BODY_SIZE + 1, 'x');

	keep(nowhere, "/a", "text", 4);
	assert_false(has(nowhere, "/a"));
	page_store_free(nowhere);

	keep(place->store, "/large", large, PAGE_STORE_MAX_BODY_SIZE + 1);
	assert_false(has(place->store, "/large"));
	keep(place->store, "/large", large, PAGE_STORE_MAX_BODY_SIZE);
	assert_true(has(place->store, "/large"));
}

/* However many pages there are, the files are not more than the places. */
static void
test_page_takes_the_place_of_another(void **state)
{
	const struct place *place = *state;
	g_autoptr(GDir) folder = NULL;
	unsigned found = 0, files = 0;

	for (unsigned i = 0; i < 3 * PAGE_STORE_PLACES; i++) {
		g_autofree char *path = g_strdup_printf("/articles/%u", i);

		keep(place->store, path, path, strlen(path));
		assert_true(has(place->store, path));
	}
	for (unsigned i = 0; i < 3 * PAGE_STORE_PLACES; i++) {
		g_autofree char *path = g_strdup_printf("/articles/%u", i);

		found += has(place->store, path);
	}
	folder = g_dir_open(place->pages, 0, NULL);
	while (g_dir_read_name(folder) != NULL)
		files++;
	assert_in_range(files, PAGE_STORE_PLACES / 2, PAGE_STORE_PLACES);
	assert_int_equal(found, files);
}

/* What a process left that was killed goes, but not while it may be at it. */
static void
test_draft_that_was_left(void **state)
{
	const struct place *place = *state;
	struct utimbuf old = { .modtime = time(NULL) - 3600 };
	g_autofree char *path = NULL;
	g_autofree char *draft = NULL;

	keep(place->store, "/a", "text", 4);
	path = only_file(place->pages);
	assert_int_equal(g_remove(path), 0);
	draft = g_strconcat(path, ".new", NULL);
	write_bytes(draft, "half", 4);

	keep(place->store, "/a", "text", 4);
	assert_false(has(place->store, "/a"));
	assert_int_equal(utime(draft, &old), 0);
	keep(place->store, "/a", "text", 4);
	keep(place->store, "/a", "text", 4);

	assert_true(has(place->store, "/a"));
	assert_false(g_file_test(draft, G_FILE_TEST_EXISTS));
}

static void
test_files_are_their_owners_alone(void **state)
{
	const struct place *place = *state;
	g_autofree char *path = NULL;
	struct stat about;

	keep(place->store, "/a", "text", 4);
	path = only_file(place->pages);

	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(stat(place->pages, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0700);
}

/* Keep and find the page `letter` many times; whether it was whole whenever it
 * was there. */
static bool
keep_and_find(const struct page_store *store, char letter)
{
	g_autofree char *body = g_strnfill(20000, letter);
	bool is_whole = true;

	for (int i = 0; i < 200 && is_whole; i++) {
		struct stored_page page;

		keep(store, "/a", body, 20000);
		if (page_store_find(store, "/a", &page) != STATUS_OK)
			continue;
		is_whole = page.body->len == 20000 &&
			   page.body->str[0] == page.body->str[19999];
		stored_page_release(&page);
	}
	return is_whole;
}

/* Many processes at once: each finds a page whole or none. */
static void
test_page_kept_by_many(void **state)
{
	const struct place *place = *state;
	pid_t pids[4];

	for (size_t i = 0; i < G_N_ELEMENTS(pids); i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(!keep_and_find(place->store, (char)('a' + i)));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(pids); i++) {
		int how = -1;

		assert_int_equal(waitpid(pids[i], &how, 0), pids[i]);
		assert_int_equal(how, 0);
	}
	assert_true(has(place->store, "/a"));
	g_free(only_file(place->pages));
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_page_comes_back_as_it_was),
		TEST(test_page_of_another_address_or_stamp),
		TEST(test_page_that_is_damaged),
		TEST(test_page_that_is_no_file),
		TEST(test_page_where_nothing_can_be_kept),
		TEST(test_page_takes_the_place_of_another),
		TEST(test_draft_that_was_left),
		TEST(test_files_are_their_owners_alone),
		TEST(test_page_kept_by_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
