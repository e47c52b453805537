/*
 * workshop.c - see workshop.h. The program is the one that was built, started
 * as the desk starts it, but with time for a machine that has other work.
 */
#include "config.h"

#include "workshop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/launcher.h"
#include "content/image_maker.h"

/* By the clock; byline-image limits its processor time itself. */
#define PATIENCE 120

static struct launcher *the_launcher;

int
workshop_open(void **state)
{
	g_autofree char *program =
	    g_build_filename(g_getenv("builddir"), "byline-image", NULL);
	const char *arguments[] = { program, NULL };
	(void)state;

	if (!g_file_test(program, G_FILE_TEST_IS_EXECUTABLE) ||
	    launcher_new(arguments, PATIENCE, &the_launcher, NULL) != STATUS_OK)
		return 1;
	g_setenv("VIPSHOME", "/nonexistent", TRUE);
	vips_concurrency_set(1);
	return VIPS_INIT("workshop");
}

int
workshop_close(void **state)
{
	(void)state;
	launcher_free(the_launcher);
	vips_shutdown();
	return 0;
}

static int
open_image(GBytes *image)
{
	int descriptor = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	size_t size;
	const void *bytes = g_bytes_get_data(image, &size);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, bytes, size), size);
	assert_int_equal(lseek(descriptor, 0, SEEK_SET), 0);
	return descriptor;
}

/* The launcher alone: image_maker.c asks for more. */
static enum status
make_unseen(
    int input, int folder, struct image_result *out_result, GError **error)
{
	char words[IMAGE_RESULT_MAX_SIZE + 1];
	struct launch launch;
	ssize_t size;
	int pipes[2];

	assert_int_equal(pipe2(pipes, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(
	    launcher_run(the_launcher, (const int[]){ input, pipes[1], folder },
		3, &launch, NULL),
	    STATUS_OK);
	size = read(pipes[0], words, sizeof(words));
	close(pipes[0]);
	close(pipes[1]);
	if (launch.wait_status != 0)
		return status_fail(error, STATUS_FAILED, "ended with 0x%x",
		    (unsigned)launch.wait_status);
	return image_result_parse(
	    words, (size_t)MAX(size, 0), out_result, error);
}

/* Read what was made, and remove it. */
static void
collect(const char *path, struct made *made)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;

	for (size_t i = 0; i < made->result.file_count; i++) {
		g_autofree char *file =
		    g_build_filename(path, made->result.files[i].name, NULL);
		struct stat about;
		char *bytes;
		gsize size;

		assert_int_equal(lstat(file, &about), 0);
		assert_int_equal(about.st_mode, S_IFREG | 0644);
		assert_true(g_file_get_contents(file, &bytes, &size, NULL));
		assert_int_equal(size, made->result.files[i].size);
		made->files[i] = g_bytes_new_take(bytes, size);
	}
	while ((name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		assert_int_equal(unlink(file), 0);
		made->left++;
	}
	assert_int_equal(rmdir(path), 0);
}

static struct made
make(GBytes *image, bool is_unseen)
{
	g_autofree char *path = g_dir_make_tmp("byline-image-XXXXXX", NULL);
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int input = open_image(image);
	gint64 start = g_get_monotonic_time();
	g_autoptr(GError) error = NULL;
	struct made made = { 0 };

	if (is_unseen) {
		made.status = make_unseen(input, folder, &made.result, &error);
	} else {
		struct image_maker *maker = image_maker_new(the_launcher);

		made.status = image_maker_make(
		    maker, input, folder, &made.result, &error);
		image_maker_free(maker);
	}
	made.words = g_strdup(error == NULL ? "" : error->message);
	made.seconds =
	    (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
	close(input);
	close(folder);
	collect(path, &made);
	if (!is_unseen)
		assert_int_equal(made.left, made.result.file_count);
	return made;
}

struct made
workshop_make(GBytes *image)
{
	return make(image, false);
}

struct made
workshop_make_unseen(GBytes *image)
{
	return make(image, true);
}

void
made_release(struct made *made)
{
	for (size_t i = 0; i < made->result.file_count; i++)
		g_bytes_unref(made->files[i]);
	g_free(made->words);
}

GBytes *
made_file(const struct made *made, const char *name)
{
	for (size_t i = 0; i < made->result.file_count; i++) {
		if (strcmp(made->result.files[i].name, name) == 0)
			return made->files[i];
	}
	fail_msg("no %s: %s", name, made->words);
	return NULL;
}

static VipsImage *
decode(const struct made *made, const char *name, const char *options)
{
	size_t size;
	const void *bytes = g_bytes_get_data(made_file(made, name), &size);
	VipsImage *image = vips_image_new_from_buffer(
	    bytes, size, options, "fail_on", VIPS_FAIL_ON_WARNING, NULL);
	VipsImage *decoded;

	if (image == NULL)
		fail_msg("%s: %s", name, vips_error_buffer());
	decoded = vips_image_copy_memory(image);
	assert_non_null(decoded);
	g_object_unref(image);
	return decoded;
}

VipsImage *
made_image(const struct made *made, const char *name)
{
	return decode(made, name, "");
}

VipsImage *
made_frames(const struct made *made, const char *name)
{
	return decode(made, name, "[n=-1]");
}

bool
bytes_contain(GBytes *bytes, const char *text, size_t size)
{
	size_t count;
	const char *start = g_bytes_get_data(bytes, &count);

	return memmem(start, count, text, size) != NULL;
}

void
assert_pixel(VipsImage *image, int x, int y, const int colour[], int band_count,
    int tolerance)
{
	double *found;
	int count;

	assert_int_equal(vips_getpoint(image, &found, &count, x, y, NULL), 0);
	assert_int_equal(count, band_count);
	for (int i = 0; i < count; i++) {
		if (abs((int)found[i] - colour[i]) > tolerance)
			fail_msg("band %d at %d, %d is %g, not %d", i, x, y,
			    found[i], colour[i]);
	}
	g_free(found);
}
