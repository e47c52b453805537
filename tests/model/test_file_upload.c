/*
 * test_file_upload.c - a file that comes in pieces is put together as it was,
 * goes on where it was, is its author's alone, is bounded, and does not stay.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "model/author.h"
#include "model/file_upload.h"
#include "model/media.h"
#include "model/media_store.h"
#include "query_plan.h"
#include "site_fixture.h"

static enum status
begin_at(struct site_fixture *fixture, const char *key, int64_t size,
    int64_t now, struct file_upload *out_upload)
{
	return file_upload_begin(fixture->site, fixture->author_id, key,
	    "notes.bin", size, now, out_upload);
}

/* Begin upload `key`, and forget what is known of it. */
static size_t
begin(struct site_fixture *fixture, const char *key, int64_t size)
{
	struct file_upload upload;
	size_t come;

	assert_int_equal(begin_at(fixture, key, size, NOW, &upload), STATUS_OK);
	come = upload.come;
	file_upload_release(&upload);
	return come;
}

/* As somebody who begins anew each time. */
static enum status
find(struct site_fixture *fixture, const char *key, struct file_upload *upload)
{
	return file_upload_find(
	    fixture->site, fixture->author_id, key, NOW, upload);
}

static enum status
write_at(struct site_fixture *fixture, const char *key, size_t offset,
    const char *bytes, size_t *out_come)
{
	struct file_upload upload;
	enum status status;

	assert_int_equal(find(fixture, key, &upload), STATUS_OK);
	status = file_upload_write(
	    fixture->site, &upload, offset, bytes, strlen(bytes));
	if (out_come != NULL)
		*out_come = upload.come;
	file_upload_release(&upload);
	return status;
}

static void
put(struct site_fixture *fixture, const char *key, size_t offset,
    const char *bytes)
{
	assert_int_equal(
	    write_at(fixture, key, offset, bytes, NULL), STATUS_OK);
}

static void
assert_gone(struct site_fixture *fixture, const char *key)
{
	struct file_upload upload;

	assert_int_equal(find(fixture, key, &upload), STATUS_NOT_FOUND);
}

/* Its path. The caller frees it. */
static char *
path_of(struct site_fixture *fixture, const char *key)
{
	struct file_upload upload;
	char *path;

	assert_int_equal(find(fixture, key, &upload), STATUS_OK);
	path = g_build_filename(
	    fixture->site->directory, "uploads", upload.file, NULL);
	file_upload_release(&upload);
	return path;
}

static guint
count_files(struct site_fixture *fixture)
{
	g_autofree char *path =
	    g_build_filename(fixture->site->directory, "uploads", NULL);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	guint count = 0;

	while (folder != NULL && g_dir_read_name(folder) != NULL)
		count++;
	return count;
}

static enum status
finish(struct site_fixture *fixture, const char *key, int64_t *out_id)
{
	struct media_store *store = media_store_new(fixture->site, NULL);
	struct file_upload upload;
	g_autoptr(GError) error = NULL;
	enum status status;

	assert_int_equal(find(fixture, key, &upload), STATUS_OK);
	status = file_upload_finish(fixture->site, store, fixture->author_id,
	    "Notes", NOW, &upload, &error);
	*out_id = upload.media_id;
	file_upload_release(&upload);
	media_store_free(store);
	return status;
}

/* ---- pieces ---- */

static void
test_write_puts_pieces_together(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = NULL;
	g_autofree char *text = NULL;
	struct stat about;

	assert_int_equal(begin(fixture, "k", 9), 0);
	put(fixture, "k", 0, "one ");
	put(fixture, "k", 4, "two ");

	assert_int_equal(begin(fixture, "k", 9), 8);
	path = path_of(fixture, "k");
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_string_equal(text, "one two ");
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
}

static void
test_write_twice_and_over_what_is_there(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = NULL;
	g_autofree char *text = NULL;
	size_t come;

	begin(fixture, "k", 9);
	put(fixture, "k", 0, "abcd");
	put(fixture, "k", 0, "abcd");
	assert_int_equal(write_at(fixture, "k", 2, "cdef", &come), STATUS_OK);
	assert_int_equal(come, 6);
	assert_int_equal(write_at(fixture, "k", 1, "XY", &come), STATUS_OK);

	/* What has come never changes. */
	assert_int_equal(come, 6);
	path = path_of(fixture, "k");
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_string_equal(text, "abcdef");
}

static void
test_write_leaves_no_gap(void **state)
{
	struct site_fixture *fixture = *state;
	size_t come = 4711;

	begin(fixture, "k", 9);
	put(fixture, "k", 0, "abc");

	assert_int_equal(
	    write_at(fixture, "k", 4, "e", &come), STATUS_CONFLICT);

	assert_int_equal(come, 3);
	assert_int_equal(begin(fixture, "k", 9), 3);
}

static void
test_write_no_more_than_was_said(void **state)
{
	struct site_fixture *fixture = *state;
	struct file_upload upload;

	begin(fixture, "k", 3);
	put(fixture, "k", 0, "ab");

	assert_int_equal(write_at(fixture, "k", 2, "cd", NULL), STATUS_INVALID);
	assert_int_equal(find(fixture, "k", &upload), STATUS_OK);
	assert_int_equal(
	    file_upload_write(fixture->site, &upload, SIZE_MAX, "x", 1),
	    STATUS_INVALID);
	file_upload_release(&upload);

	assert_int_equal(begin(fixture, "k", 3), 2);
}

static void
test_write_while_another_does(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = NULL;
	int other;

	begin(fixture, "k", 3);
	put(fixture, "k", 0, "a");
	path = path_of(fixture, "k");
	other = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(other, LOCK_EX), 0);

	assert_int_equal(write_at(fixture, "k", 1, "b", NULL), STATUS_BUSY);
	close(other);

	put(fixture, "k", 1, "b");
}

static void
test_write_through_no_link(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *path = NULL;
	g_autofree char *outside =
	    g_build_filename(fixture->parent, "outside", NULL);

	begin(fixture, "k", 3);
	put(fixture, "k", 0, "");
	path = path_of(fixture, "k");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(outside, path), 0);

	assert_int_equal(write_at(fixture, "k", 0, "a", NULL), STATUS_FAILED);

	assert_false(g_file_test(outside, G_FILE_TEST_EXISTS));
}

/* ---- beginning ---- */

static void
test_begin_what_cannot_be(void **state)
{
	struct site_fixture *fixture = *state;
	struct file_upload upload;

	assert_int_equal(
	    begin_at(fixture, "a b", 3, NOW, &upload), STATUS_INVALID);
	assert_int_equal(
	    begin_at(fixture, "", 3, NOW, &upload), STATUS_INVALID);
	assert_int_equal(
	    begin_at(fixture, "k", 0, NOW, &upload), STATUS_INVALID);
	assert_int_equal(
	    begin_at(fixture, "k", -1, NOW, &upload), STATUS_INVALID);
	assert_int_equal(
	    begin_at(fixture, "k", (int64_t)MEDIA_MAX_SIZE + 1, NOW, &upload),
	    STATUS_TOO_LARGE);
	assert_int_equal(
	    begin_at(fixture, "k", INT64_MAX, NOW, &upload), STATUS_TOO_LARGE);

	assert_gone(fixture, "k");
	assert_int_equal(begin(fixture, "k", (int64_t)MEDIA_MAX_SIZE), 0);
}

static void
test_begin_another_size_is_another_file(void **state)
{
	struct site_fixture *fixture = *state;

	begin(fixture, "k", 9);
	put(fixture, "k", 0, "abc");

	assert_int_equal(begin(fixture, "k", 8), 0);

	assert_int_equal(count_files(fixture), 0);
}

static void
test_begin_is_one_authors(void **state)
{
	struct site_fixture *fixture = *state;
	const struct author_draft draft = { .name = "Mary",
		.email = "mary@example.org",
		.role = AUTHOR_ROLE_OWNER };
	struct file_upload upload;
	int64_t ada = fixture->author_id;

	begin(fixture, "k", 3);
	put(fixture, "k", 0, "ab");
	assert_int_equal(author_add(fixture->site->database, &draft, NOW,
			     &fixture->author_id, NULL),
	    STATUS_OK);

	assert_int_equal(find(fixture, "k", &upload), STATUS_NOT_FOUND);
	assert_int_equal(begin(fixture, "k", 3), 0);
	put(fixture, "k", 0, "x");
	fixture->author_id = ada;

	assert_int_equal(begin(fixture, "k", 3), 2);
}

static void
test_begin_keeps_the_last_few(void **state)
{
	struct site_fixture *fixture = *state;

	for (int i = 0; i <= FILE_UPLOAD_MAX_COUNT; i++) {
		g_autofree char *key = g_strdup_printf("key-%d", i);

		begin(fixture, key, 3);
		put(fixture, key, 0, "ab");
	}

	assert_gone(fixture, "key-0");
	assert_int_equal(begin(fixture, "key-1", 3), 2);
	assert_int_equal(count_files(fixture), FILE_UPLOAD_MAX_COUNT);
}

static void
test_begin_while_all_is_full(void **state)
{
	struct site_fixture *fixture = *state;
	struct file_upload upload;
	int64_t id;

	begin(fixture, "k", 3);
	site_fixture_run(
	    fixture, "UPDATE file_upload SET size = 512 * 1024 * 1024 - 2");

	assert_int_equal(
	    begin_at(fixture, "other", 3, NOW, &upload), STATUS_BUSY);
	assert_int_equal(begin(fixture, "other", 2), 0);

	/* What was handed over counts no more. */
	put(fixture, "other", 0, "ab");
	assert_int_equal(finish(fixture, "other", &id), STATUS_OK);
	assert_int_equal(begin(fixture, "third", 2), 0);
}

static void
test_begin_name_is_bounded(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *name = g_strnfill(10000, 'n');
	struct file_upload upload;

	assert_int_equal(file_upload_begin(fixture->site, fixture->author_id,
			     "k", name, 3, NOW, &upload),
	    STATUS_OK);
	assert_int_equal(strlen(upload.name), 255);
	file_upload_release(&upload);
	assert_int_equal(file_upload_begin(fixture->site, fixture->author_id,
			     "l", "", 3, NOW, &upload),
	    STATUS_OK);

	assert_string_equal(upload.name, "file");
	file_upload_release(&upload);
}

/* ---- the end ---- */

static void
test_begin_name_is_one_of_a_file(void **state)
{
	static const char *const names[][2] = { { "a\r\nb.txt", "a b.txt" },
		{ "../../b.txt", "b.txt" }, { "C:\\c.txt", "c.txt" },
		{ "..", "file" }, { " ", "file" } };
	struct site_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *key = g_strdup_printf("k%zu", i);
		struct file_upload upload;

		assert_int_equal(
		    file_upload_begin(fixture->site, fixture->author_id, key,
			names[i][0], 3, NOW, &upload),
		    STATUS_OK);
		assert_string_equal(upload.name, names[i][1]);
		file_upload_release(&upload);
	}
}

static void
test_finish_hands_it_over_once(void **state)
{
	struct site_fixture *fixture = *state;
	struct file_upload upload;
	struct media *media;
	int64_t id, again;

	begin(fixture, "k", 9);
	put(fixture, "k", 0, "\1\2\3\4");
	put(fixture, "k", 4, "\5\6\7\10\11");
	assert_int_equal(finish(fixture, "k", &id), STATUS_OK);
	/* The answer was lost, and a piece comes late. */
	put(fixture, "k", 4, "\5\6");
	assert_int_equal(finish(fixture, "k", &again), STATUS_OK);

	assert_int_equal(again, id);
	assert_int_equal(
	    media_find(fixture->site->database, id, &media), STATUS_OK);
	assert_string_equal(media->original_name, "notes.bin");
	assert_string_equal(media->alt, "Notes");
	assert_int_equal(media->size, 9);
	media_free(media);
	assert_int_equal(count_files(fixture), 0);
	assert_int_equal(find(fixture, "k", &upload), STATUS_OK);
	assert_int_equal(upload.come, 9);
	file_upload_release(&upload);
}

static void
test_finish_what_has_not_come_whole(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t id;

	begin(fixture, "k", 3);
	assert_int_equal(finish(fixture, "k", &id), STATUS_CONFLICT);
	put(fixture, "k", 0, "ab");

	assert_int_equal(finish(fixture, "k", &id), STATUS_CONFLICT);

	assert_int_equal(
	    site_fixture_integer(fixture, "SELECT count(*) FROM media"), 0);
	assert_int_equal(begin(fixture, "k", 3), 2);
}

static void
test_finish_what_cannot_be_taken(void **state)
{
	struct site_fixture *fixture = *state;
	const char gif[] = "GIF89a\1\1\1\1";
	int64_t id;

	/* An image, where nothing makes them. */
	begin(fixture, "k", 10);
	put(fixture, "k", 0, gif);

	assert_int_equal(finish(fixture, "k", &id), STATUS_INVALID);

	assert_gone(fixture, "k");
	assert_int_equal(count_files(fixture), 0);
}

/* ---- what is left over ---- */

static void
test_sweep_what_is_old(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *orphan = g_build_filename(
	    fixture->site->directory, "uploads", "orphan.part", NULL);
	g_autofree char *other = g_build_filename(
	    fixture->site->directory, "uploads", "other", NULL);
	const struct utimbuf long_ago = { NOW - DAY - 1, NOW - DAY - 1 };

	begin(fixture, "k", 3);
	put(fixture, "k", 0, "ab");
	assert_true(g_file_set_contents(orphan, "x", 1, NULL));
	assert_true(g_file_set_contents(other, "x", 1, NULL));
	assert_int_equal(utime(orphan, &long_ago), 0);
	assert_int_equal(utime(other, &long_ago), 0);

	assert_int_equal(
	    file_upload_sweep(fixture->site, NOW + FILE_UPLOAD_SECONDS),
	    STATUS_OK);
	assert_int_equal(begin(fixture, "k", 3), 2);
	assert_int_equal(
	    file_upload_sweep(fixture->site, NOW + FILE_UPLOAD_SECONDS + 1),
	    STATUS_OK);

	assert_gone(fixture, "k");
	assert_int_equal(count_files(fixture), 1);
	assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
}

static void
test_begin_sweeps_what_is_old(void **state)
{
	struct site_fixture *fixture = *state;
	struct file_upload upload;

	begin(fixture, "k", 3);
	put(fixture, "k", 0, "ab");

	assert_int_equal(
	    begin_at(fixture, "k", 3, NOW + FILE_UPLOAD_SECONDS + 1, &upload),
	    STATUS_OK);

	assert_int_equal(upload.come, 0);
	file_upload_release(&upload);
	assert_int_equal(count_files(fixture), 0);
}

static void
test_every_query_uses_an_index(void **state)
{
	struct site_fixture *fixture = *state;
	g_autoptr(GPtrArray) before =
	    query_plan_statements(fixture->site->database);
	int64_t id;

	begin(fixture, "k", 2);
	put(fixture, "k", 0, "ab");
	assert_int_equal(finish(fixture, "k", &id), STATUS_OK);
	assert_int_equal(file_upload_sweep(fixture->site, NOW), STATUS_OK);

	assert_in_range(
	    query_plan_check_new(fixture->site->database, before), 8, 40);
}

#define WITH_SITE(test)                                                        \
	cmocka_unit_test_setup_teardown(                                       \
	    test, site_fixture_set_up, site_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SITE(test_write_puts_pieces_together),
		WITH_SITE(test_write_twice_and_over_what_is_there),
		WITH_SITE(test_write_leaves_no_gap),
		WITH_SITE(test_write_no_more_than_was_said),
		WITH_SITE(test_write_while_another_does),
		WITH_SITE(test_write_through_no_link),
		WITH_SITE(test_begin_what_cannot_be),
		WITH_SITE(test_begin_another_size_is_another_file),
		WITH_SITE(test_begin_is_one_authors),
		WITH_SITE(test_begin_keeps_the_last_few),
		WITH_SITE(test_begin_while_all_is_full),
		WITH_SITE(test_begin_name_is_bounded),
		WITH_SITE(test_begin_name_is_one_of_a_file),
		WITH_SITE(test_finish_hands_it_over_once),
		WITH_SITE(test_finish_what_has_not_come_whole),
		WITH_SITE(test_finish_what_cannot_be_taken),
		WITH_SITE(test_sweep_what_is_old),
		WITH_SITE(test_begin_sweeps_what_is_old),
		WITH_SITE(test_every_query_uses_an_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
