/*
 * test_tar_reader.c - what tar_writer.h wrote is read again, and nothing else
 * is taken for it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "base/tar_reader.h"
#include "base/tar_writer.h"

#define LONG                                                                   \
	"theme/a-folder-whose-name-is-long/another-folder-whose-name-is-long/" \
	"and-a-file-whose-name-is-as-long.html"

static const struct {
	const char *path;
	const char *bytes;
} FILES[] = {
	{ "byline.conf", "[site]\n" },
	{ "media/empty", "" },
	{ LONG, "long" },
	{ "theme/\303\274mlaut.css", "x" },
};

/* An archive of the first `count` of FILES: a descriptor of a file that has no
 * name. */
static int
write_archive_of(size_t count)
{
	FILE *file = tmpfile();
	int archive;

	assert_non_null(file);
	archive = dup(fileno(file));
	fclose(file);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(
		    tar_writer_add(archive, FILES[i].path, FILES[i].bytes,
			strlen(FILES[i].bytes), 1000 + (int64_t)i, NULL),
		    STATUS_OK);
	assert_int_equal(tar_writer_end(archive, NULL), STATUS_OK);
	return archive;
}

static int
write_archive(void)
{
	return write_archive_of(G_N_ELEMENTS(FILES));
}

/* Read it to its end, or to what is wrong with it. */
static enum status
read_archive(int archive, size_t *out_count, GError **error)
{
	struct tar_entry entry;
	enum status status;

	*out_count = 0;
	assert_int_equal(lseek(archive, 0, SEEK_SET), 0);
	while (
	    (status = tar_reader_next(archive, &entry, error)) == STATUS_OK) {
		g_autofree char *path = entry.path;
		g_autofree char *bytes = g_malloc0((size_t)entry.size + 1);

		status =
		    tar_reader_read(archive, bytes, (size_t)entry.size, error);
		if (status == STATUS_OK)
			status = tar_reader_finish(archive, entry.size, error);
		if (status != STATUS_OK)
			return status;
		assert_true(*out_count < G_N_ELEMENTS(FILES));
		assert_string_equal(path, FILES[*out_count].path);
		assert_int_equal(entry.time, 1000 + *out_count);
		assert_int_equal(entry.size, strlen(FILES[*out_count].bytes));
		(*out_count)++;
	}
	return status;
}

/* Put `size` bytes in the place of those at `at`; the checksum of the first
 * header follows if `is_summed`. */
static void
patch(int archive, off_t at, const void *bytes, size_t size, bool is_summed)
{
	unsigned char header[512];
	char sum[8];
	unsigned total = 0;

	assert_int_equal(pwrite(archive, bytes, size, at), size);
	if (!is_summed)
		return;
	assert_int_equal(pread(archive, header, sizeof(header), 0), 512);
	memset(header + 148, ' ', 8);
	for (size_t i = 0; i < sizeof(header); i++)
		total += header[i];
	snprintf(sum, sizeof(sum), "%06o", total);
	assert_int_equal(pwrite(archive, sum, 7, 148), 7);
}

static void
test_read_what_was_written(void **state)
{
	int archive = write_archive();
	size_t count;

	(void)state;
	assert_int_equal(read_archive(archive, &count, NULL), STATUS_NOT_FOUND);

	assert_int_equal(count, G_N_ELEMENTS(FILES));
	close(archive);
}

static void
test_read_what_is_cut_off(void **state)
{
	int archive = write_archive();
	off_t size = lseek(archive, 0, SEEK_END);

	(void)state;
	while (size > 0) {
		g_autoptr(GError) error = NULL;
		size_t count;

		size -= MIN(size, 100);
		assert_int_equal(ftruncate(archive, size), 0);
		assert_int_equal(
		    read_archive(archive, &count, &error), STATUS_INVALID);
		assert_non_null(strstr(error->message, "is cut off"));
	}
	close(archive);
}

static void
test_read_what_goes_on_after_its_end(void **state)
{
	int archive = write_archive();
	g_autoptr(GError) error = NULL;
	size_t count;

	(void)state;
	patch(archive, lseek(archive, 0, SEEK_END), "", 1, false);

	assert_int_equal(read_archive(archive, &count, &error), STATUS_INVALID);

	assert_non_null(strstr(error->message, "is damaged"));
	close(archive);
}

/* One in each byte; only the content of a file has no sum here. */
static void
test_read_with_a_bit_turned(void **state)
{
	int archive = write_archive_of(2);
	off_t size = lseek(archive, 0, SEEK_END);
	size_t noticed = 0, count;

	(void)state;
	for (off_t at = 0; at < size; at++) {
		unsigned char byte, turned;
		enum status status;

		assert_int_equal(pread(archive, &byte, 1, at), 1);
		turned = byte ^ (unsigned char)(1 << (at % 8));
		assert_int_equal(pwrite(archive, &turned, 1, at), 1);
		status = read_archive(archive, &count, NULL);
		noticed += status == STATUS_INVALID;
		assert_true(
		    status == STATUS_INVALID || status == STATUS_NOT_FOUND);
		assert_int_equal(pwrite(archive, &byte, 1, at), 1);
	}
	assert_int_equal(noticed, (size_t)size - strlen(FILES[0].bytes));
	close(archive);
}

/* Headers that tar(1) would take, with the right checksum. */
static void
test_read_what_is_no_file_of_ours(void **state)
{
	static const struct {
		off_t at;
		const char *bytes;
	} PATCHES[] = {
		{ 156, "1" },            /* a hard link */
		{ 156, "2" },            /* a symbolic link */
		{ 156, "3" },            /* a device */
		{ 156, "5" },            /* a folder */
		{ 156, "L" },            /* a long name of GNU */
		{ 157, "/etc/passwd" },  /* where a link leads */
		{ 100, "0004755" },      /* for whoever runs it */
		{ 124, "77777777777" },  /* more than there is */
		{ 124, "00000000-01" },  /* less than nothing */
		{ 124, "\377\377\377" }, /* in base 256 */
		{ 345, "../.." },        /* before the name */
		{ 0, "\377\376" },       /* not UTF-8 */
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(PATCHES); i++) {
		int archive = write_archive();
		size_t count;

		patch(archive, PATCHES[i].at, PATCHES[i].bytes,
		    strlen(PATCHES[i].bytes), true);
		assert_int_equal(
		    read_archive(archive, &count, NULL), STATUS_INVALID);
		assert_int_equal(count, 0);
		close(archive);
	}
}

/* An extended header of these records, and a file after it. */
static void
test_read_records_that_are_none(void **state)
{
	static const char *const RECORDS[] = { "", "x", "12 path=a/b",
		"0 a=b\n", "99999999999999999999 path=a\n", "-9 path=a\n",
		"9 path=a\n", "8 path=\n", "10 path=a\n10 path=b\n",
		"12 size=123\n", "16 size=9999999\n",
		"28 size=99999999999999999999\n", "13 atime=123\n",
		"10 path=a\n5 \n" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(RECORDS); i++) {
		int archive = write_archive();
		struct tar_entry entry;

		assert_int_equal(lseek(archive, 0, SEEK_SET), 0);
		assert_int_equal(tar_writer_add(archive, "PaxHeaders/file",
				     RECORDS[i], strlen(RECORDS[i]), 0, NULL),
		    STATUS_OK);
		patch(archive, 156, "x", 1, true);
		assert_int_equal(lseek(archive, 0, SEEK_SET), 0);
		assert_int_equal(
		    tar_reader_next(archive, &entry, NULL), STATUS_INVALID);
		close(archive);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_what_was_written),
		cmocka_unit_test(test_read_what_is_cut_off),
		cmocka_unit_test(test_read_what_goes_on_after_its_end),
		cmocka_unit_test(test_read_with_a_bit_turned),
		cmocka_unit_test(test_read_what_is_no_file_of_ours),
		cmocka_unit_test(test_read_records_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
