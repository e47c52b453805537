/*
 * byline_image.c - the program that decodes images, and does nothing else.
 *
 * Started by the desk for each image, with the image as its standard input, a
 * pipe for what it has to say as its standard output, and a folder as its
 * descriptor 3. It must stay true that all files are open before the sandbox is
 * entered, and that the sandbox is entered before a byte of the image is read.
 */
#include "config.h"

#include <sys/stat.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/image_limit.h"
#include "base/sandbox.h"
#include "content/image_result.h"
#include "image/picture.h"
#include "image/rendition.h"

#define FOLDER 3

/* More than a kind and a width are; each is open from the start. */
#define MAX_NAMES 16

struct output {
	int files[MAX_NAMES]; /* as rendition_names() */
	GString *result;
	int failure; /* errno of a file that could not be written */
};

static const char USAGE[] =
    "Usage: byline-image < IMAGE 3< FOLDER\n"
    "\n"
    "Makes an image safe, and narrower ones of it. byline's desk starts it;\n"
    "byline-image(8) says more.\n";

static bool
open_files(struct output *output)
{
	const char *const *names = rendition_names();

	for (size_t i = 0; names[i] != NULL; i++) {
		if (i >= MAX_NAMES)
			return false;
		output->files[i] = openat(FOLDER, names[i],
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
		/* Whatever the umask says: the web server reads it. */
		if (output->files[i] < 0 || fchmod(output->files[i], 0644) != 0)
			return false;
	}
	return true;
}

/* How much there may be of the image; a pipe does not say. */
static size_t
measure_image(void)
{
	struct stat about;

	if (fstat(STDIN_FILENO, &about) != 0 || !S_ISREG(about.st_mode))
		return IMAGE_MAX_INPUT;
	return (size_t)MIN((uint64_t)about.st_size, IMAGE_MAX_INPUT);
}

/* No more room than it needs: what is set aside counts as memory. */
static enum status
read_image(char **out_bytes, size_t *out_size, GError **error)
{
	size_t max = measure_image();
	g_autofree char *bytes = g_malloc(max + 1);
	size_t size = 0;
	ssize_t count = 1;

	while (count != 0 && size <= max) {
		count = read(STDIN_FILENO, bytes + size, max + 1 - size);
		if (count < 0 && errno != EINTR)
			return status_fail(error, STATUS_FAILED,
			    "cannot be read: %s", g_strerror(errno));
		size += (size_t)MAX(0, count);
	}
	if (size > max)
		return status_fail(error, STATUS_TOO_LARGE,
		    "is larger than %lu MB", IMAGE_MAX_INPUT >> 20);
	*out_bytes = g_steal_pointer(&bytes);
	*out_size = size;
	return STATUS_OK;
}

/* Write one file, on the disk and not only on its way. */
static bool
keep_file(void *data, const struct rendition *rendition, const void *bytes,
    size_t size)
{
	struct output *output = data;
	const char *const *names = rendition_names();
	struct image_file file = {
		.content_type = rendition->content_type,
		.width = rendition->width,
		.height = rendition->height,
		.size = size,
	};
	size_t i = 0;

	while (names[i] != NULL && strcmp(names[i], rendition->name) != 0)
		i++;
	assert(names[i] != NULL);
	if (!file_write(output->files[i], bytes, size) ||
	    fsync(output->files[i]) != 0) {
		output->failure = errno;
		return false;
	}
	(void)g_strlcpy(file.name, rendition->name, sizeof(file.name));
	image_result_append_file(output->result, &file);
	return true;
}

static enum status
make_files(struct output *output, GError **error)
{
	const struct rendition_sink sink = { keep_file, output };
	g_autofree char *image = NULL;
	size_t size = 0;
	enum status status = read_image(&image, &size, error);

	if (status == STATUS_OK)
		status = rendition_make_all(image, size, &sink, error);
	if (output->failure != 0) {
		g_clear_error(error);
		return status_fail(error, STATUS_FAILED,
		    "cannot be written: %s", g_strerror(output->failure));
	}
	return status;
}

/* All that is needed is at hand, and nothing else can be had any more. */
static enum status
confine(struct output *output, GError **error)
{
	enum status status = picture_prepare(error);

	if (status != STATUS_OK)
		return status;
	if (!open_files(output))
		return status_fail(error, STATUS_FAILED,
		    "cannot be written: %s", g_strerror(errno));
	if (sandbox_enter(SANDBOX_IMAGE) != STATUS_OK)
		return status_fail(error, STATUS_FAILED,
		    "is not touched: this system has no sandbox for it");
	return STATUS_OK;
}

static bool
is_folder(int descriptor)
{
	struct stat about;

	return fstat(descriptor, &about) == 0 && S_ISDIR(about.st_mode);
}

int
main(int argc, char **argv)
{
	struct output output = { .result = g_string_new(NULL) };
	g_autoptr(GError) error = NULL;
	enum status status;

	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return puts(PACKAGE_STRING) < 0;
	if (argc > 1 || !is_folder(FOLDER)) {
		(void)fputs(USAGE, stderr);
		return 2;
	}
	(void)umask(022);
	/* A file that has reached its limit is an error, not the end. */
	(void)signal(SIGXFSZ, SIG_IGN);
#ifdef __GLIBC__
	/* The threads work one after the other. */
	(void)mallopt(M_ARENA_MAX, 1);
#endif
	status = confine(&output, &error);
	if (status == STATUS_OK)
		status = make_files(&output, &error);
	if (status == STATUS_OK) {
		image_result_append_end(output.result);
	} else {
		g_string_truncate(output.result, 0);
		image_result_append_failure(
		    output.result, status, error->message);
	}
	/* Not exit(3): what libraries would tidy up goes with the process. */
	_exit(file_write(STDOUT_FILENO, output.result->str, output.result->len)
		  ? 0
		  : 1);
}
