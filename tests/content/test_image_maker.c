/*
 * test_image_maker.c - what is believed of a program that has read what a
 * stranger wrote, and what becomes of its files. Real images are made in
 * tests/image.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/launcher.h"
#include "content/image_maker.h"

/* A string of bytes without the NUL that C puts after it. */
#define BYTES(text) text, sizeof(text) - 1

#define GIF "GIF89a\x03\0\x02\0\x80\0"
#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"

/* What one call came to. */
struct outcome {
	enum status status;
	struct image_result result;
	char *words;
	size_t left; /* files in the folder */
};

static int
open_input(const void *bytes, size_t size)
{
	int descriptor = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, bytes, size), size);
	return descriptor;
}

/* Count what is in a folder, and remove it with it. */
static size_t
empty_folder(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;
	size_t count = 0;

	while ((name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		assert_int_equal(unlink(file), 0);
		count++;
	}
	assert_int_equal(rmdir(path), 0);
	return count;
}

static struct outcome
make(const char *program, const char *mode, unsigned seconds, const void *bytes,
    size_t size)
{
	const char *arguments[] = { program, mode, NULL };
	g_autofree char *path = g_dir_make_tmp("byline-image-XXXXXX", NULL);
	int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int input = open_input(bytes, size);
	g_autoptr(GError) error = NULL;
	struct outcome outcome = { 0 };
	struct image_maker *maker;
	struct launcher *launcher;

	assert_int_equal(
	    launcher_new(arguments, seconds, &launcher, NULL), STATUS_OK);
	maker = image_maker_new(launcher);
	outcome.status =
	    image_maker_make(maker, input, folder, &outcome.result, &error);
	assert_true((outcome.status == STATUS_OK) == (error == NULL));
	outcome.words = g_strdup(error == NULL ? "" : error->message);
	image_maker_free(maker);
	launcher_free(launcher);
	close(input);
	close(folder);
	outcome.left = empty_folder(path);
	return outcome;
}

/* The same with the stand-in beside this program. */
static struct outcome
make_with_probe(const char *mode, unsigned seconds)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *place = g_path_get_dirname(self);
	g_autofree char *probe =
	    g_build_filename(place, "image_maker_probe", NULL);

	return make(probe, mode, seconds, BYTES(GIF "the rest"));
}

static void
assert_fails(struct outcome outcome, enum status status, const char *words)
{
	if (outcome.status != status || strstr(outcome.words, words) == NULL)
		fail_msg("%s: %s", status_name(outcome.status), outcome.words);
	assert_int_equal(outcome.left, 0);
	g_free(outcome.words);
}

static void
test_image_maker_make_good(void **state)
{
	struct outcome outcome = make_with_probe("good", 30);
	(void)state;

	assert_string_equal(outcome.words, "");
	assert_int_equal(outcome.status, STATUS_OK);
	assert_int_equal(outcome.result.file_count, 1);
	assert_string_equal(outcome.result.files[0].name, "full.gif");
	assert_int_equal(outcome.result.files[0].width, 3);
	/* What was left unsaid is gone. */
	assert_int_equal(outcome.left, 1);
	g_free(outcome.words);
}

static void
test_image_maker_make_failures_that_are_told(void **state)
{
	(void)state;

	assert_fails(make_with_probe("words", 30), STATUS_INVALID,
	    "is damaged: who knows");
	assert_fails(make_with_probe("busy", 30), STATUS_BUSY, "has no time");
}

static void
test_image_maker_make_lies(void **state)
{
	static const char *const LIES[] = { "link", "pipe", "html", "none",
		"pixels", "size" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(LIES); i++)
		assert_fails(make_with_probe(LIES[i], 30), STATUS_FAILED,
		    "is not what it says");
	assert_fails(
	    make_with_probe("cut", 30), STATUS_FAILED, "not understood");
	assert_fails(
	    make_with_probe("silence", 30), STATUS_FAILED, "not understood");
}

static void
test_image_maker_make_bad_endings(void **state)
{
	(void)state;

#ifndef WITH_SANITIZERS
	assert_fails(
	    make_with_probe("crash", 30), STATUS_FAILED, "(signal 11)");
	assert_fails(make_with_probe("abort", 30), STATUS_FAILED, "(signal 6)");
#endif
	assert_fails(make_with_probe("exit", 30), STATUS_FAILED, "(code 3)");
	assert_fails(make_with_probe("time", 30), STATUS_TOO_LARGE,
	    "takes too long: more than 5 s");
	assert_fails(make_with_probe("memory", 30), STATUS_TOO_LARGE,
	    "needs more than 256 MB of memory");
	assert_fails(make_with_probe("kill", 30), STATUS_BUSY, "try again");
}

static void
test_image_maker_make_no_end(void **state)
{
	(void)state;

	assert_fails(make_with_probe("sleep", 1), STATUS_BUSY,
	    "takes too long just now");
	/* Who says more than there is room for is not waited for. */
	assert_fails(make_with_probe("talk", 30), STATUS_FAILED, "(code 9)");
}

/* What needs no process gets none: there is no such program. */
static struct outcome
make_without(const void *bytes, size_t size)
{
	return make("/nonexistent/byline-image", NULL, 30, bytes, size);
}

static void
test_image_maker_make_no_program(void **state)
{
	(void)state;

	assert_fails(make_without(BYTES(GIF)), STATUS_FAILED,
	    "cannot be processed: byline-image is not installed");
}

static void
test_image_maker_make_first_look(void **state)
{
	static const char NO_IMAGE[] = "is not a JPEG, PNG, GIF or WebP image";
	g_autofree char *much = g_malloc0(IMAGE_MAX_INPUT + 1);
	(void)state;

	assert_fails(make_without(BYTES("")), STATUS_INVALID, NO_IMAGE);
	assert_fails(make_without(BYTES("GIF89")), STATUS_INVALID, NO_IMAGE);
	assert_fails(
	    make_without(BYTES("RIFF\0\0\0\0WAVE")), STATUS_INVALID, NO_IMAGE);
	assert_fails(
	    make_without(BYTES("<svg xmlns='http://www.w3.org/2000/svg'"
			       " width='1' height='1'/>")),
	    STATUS_INVALID, NO_IMAGE);
	assert_fails(make_without(BYTES("\0\0\0\x1c"
					"ftypavif\0\0\0\0avif")),
	    STATUS_INVALID, NO_IMAGE);
	assert_fails(make_without(BYTES(PNG "\0\0\x75\x30\0\0\x75\x30\x08\6")),
	    STATUS_TOO_LARGE,
	    "has more than 40 megapixels (30000 \303\227 30000)");
	assert_fails(make_without(BYTES(PNG "\0\0\xff\xff\0\0\xff\xff\x08\6")),
	    STATUS_TOO_LARGE,
	    "has more than 40 megapixels (65535 \303\227 65535)");
	memcpy(much, GIF, sizeof(GIF) - 1);
	assert_fails(make_without(much, IMAGE_MAX_INPUT + 1), STATUS_TOO_LARGE,
	    "is larger than 32 MB");
}

static void
test_image_maker_make_no_file(void **state)
{
	const char *arguments[] = { "/nonexistent/byline-image", NULL };
	g_autoptr(GError) error = NULL;
	struct image_result result;
	struct launcher *launcher;
	struct image_maker *maker;
	int pipes[2];
	(void)state;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(
	    launcher_new(arguments, 30, &launcher, NULL), STATUS_OK);
	maker = image_maker_new(launcher);

	assert_int_equal(
	    image_maker_make(maker, pipes[0], pipes[1], &result, &error),
	    STATUS_FAILED);
	assert_string_equal(error->message, "cannot be read");

	image_maker_free(maker);
	image_maker_free(NULL);
	launcher_free(launcher);
	close(pipes[0]);
	close(pipes[1]);
}

static void
test_image_maker_find_program(void **state)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *place = g_path_get_dirname(self);
	g_autofree char *beside = g_build_filename(place, "byline-image", NULL);
	g_autofree char *first = image_maker_find_program();
	g_autofree char *second = NULL;
	(void)state;

	assert_true(g_path_is_absolute(first));
	assert_true(
	    g_str_has_suffix(first, "/tests/libexec/byline/byline-image"));

	assert_int_equal(symlink(self, beside), 0);
	second = image_maker_find_program();
	assert_int_equal(unlink(beside), 0);
	assert_string_equal(second, beside);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image_maker_make_good),
		cmocka_unit_test(test_image_maker_make_failures_that_are_told),
		cmocka_unit_test(test_image_maker_make_lies),
		cmocka_unit_test(test_image_maker_make_bad_endings),
		cmocka_unit_test(test_image_maker_make_no_end),
		cmocka_unit_test(test_image_maker_make_no_program),
		cmocka_unit_test(test_image_maker_make_first_look),
		cmocka_unit_test(test_image_maker_make_no_file),
		cmocka_unit_test(test_image_maker_find_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
