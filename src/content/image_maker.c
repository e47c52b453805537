/*
 * image_maker.c - see image_maker.h.
 *
 * It must stay true that nothing is believed of what byline-image says or
 * leaves behind: it has read what a stranger wrote. What it does not name is
 * removed, and what it names is looked at as if it had been sent to us.
 */
#include "config.h"

#include "content/image_maker.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/launcher.h"
#include "base/logger.h"
#include "content/image_size.h"

/* As much of a file as tells its kind and, mostly, its size. */
#define FIRST_BYTES ((size_t)64 * 1024)

/* A process that ended by abort(3) with this much had no more memory. */
#define MUCH_MEMORY ((size_t)96 << 20)

struct image_maker {
	struct launcher *launcher;
};

char *
image_maker_find_program(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(self == NULL ? "/" : self);
	g_autofree char *prefix = g_path_get_dirname(folder);
	g_autofree char *beside =
	    g_build_filename(folder, "byline-image", NULL);

	if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
		return g_steal_pointer(&beside);
	return g_build_filename(
	    prefix, "libexec", "byline", "byline-image", NULL);
}

struct image_maker *
image_maker_new(struct launcher *launcher)
{
	struct image_maker *maker = g_new0(struct image_maker, 1);

	maker->launcher = launcher;
	return maker;
}

void
image_maker_free(struct image_maker *maker)
{
	g_free(maker);
}

/* ---- before ---- */

/* What a file begins with; false: it cannot be read. */
static bool
read_first(int descriptor, char bytes[FIRST_BYTES], size_t *out_size)
{
	size_t size = 0;
	ssize_t count = 1;

	while (size < FIRST_BYTES && count != 0) {
		count = pread(
		    descriptor, bytes + size, FIRST_BYTES - size, (off_t)size);
		if (count < 0 && errno != EINTR)
			return false;
		size += (size_t)MAX(0, count);
	}
	*out_size = size;
	return true;
}

/* One of the four kinds, by its first bytes. */
static bool
is_taken(const char *bytes, size_t size)
{
	static const struct {
		size_t offset, size;
		const char *bytes;
	} BEGINNINGS[] = {
		{ 0, 3, "\xff\xd8\xff" },
		{ 0, 8, "\x89PNG\r\n\x1a\n" },
		{ 0, 6, "GIF87a" },
		{ 0, 6, "GIF89a" },
		{ 8, 4, "WEBP" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(BEGINNINGS); i++) {
		size_t end = BEGINNINGS[i].offset + BEGINNINGS[i].size;

		if (end <= size &&
		    memcmp(bytes + BEGINNINGS[i].offset, BEGINNINGS[i].bytes,
			BEGINNINGS[i].size) == 0)
			return BEGINNINGS[i].offset == 0 ||
			       memcmp(bytes, "RIFF", 4) == 0;
	}
	return false;
}

static enum status
check_pixels(const struct image_size *found, GError **error)
{
	if ((uint64_t)found->width * found->height <= IMAGE_MAX_PIXELS)
		return STATUS_OK;
	return status_fail(error, STATUS_TOO_LARGE,
	    "has more than %lu megapixels (%u \303\227 %u)",
	    IMAGE_MAX_PIXELS / 1000000, found->width, found->height);
}

/* A first look, for which no process is needed. */
static enum status
look(int input, GError **error)
{
	g_autofree char *bytes = g_malloc(FIRST_BYTES);
	struct image_size found;
	struct stat about;
	size_t size;

	if (fstat(input, &about) != 0 || !S_ISREG(about.st_mode) ||
	    !read_first(input, bytes, &size)) {
		log_error("image.unreadable", "reason", g_strerror(errno));
		return status_fail(error, STATUS_FAILED, "cannot be read");
	}
	if (!is_taken(bytes, size))
		return status_fail(error, STATUS_INVALID,
		    "is not a JPEG, PNG, GIF or WebP image");
	if ((uint64_t)about.st_size > IMAGE_MAX_INPUT)
		return status_fail(error, STATUS_TOO_LARGE,
		    "is larger than %lu MB", IMAGE_MAX_INPUT >> 20);
	/* One that is not found here may stand behind what is read here. */
	if (image_size_read(bytes, size, &found) != STATUS_OK)
		return STATUS_OK;
	return check_pixels(&found, error);
}

/* ---- the process ---- */

/* What was said, all of it: whoever said it has ended. */
static size_t
read_words(int descriptor, char words[IMAGE_RESULT_MAX_SIZE + 1])
{
	size_t size = 0;
	ssize_t count = 1;

	while (size <= IMAGE_RESULT_MAX_SIZE && count != 0) {
		count = read(
		    descriptor, words + size, IMAGE_RESULT_MAX_SIZE + 1 - size);
		if (count < 0 && errno != EINTR)
			break;
		size += (size_t)MAX(0, count);
	}
	return size;
}

/* The author cannot mend it, and whoever can needs to know. */
static enum status
fail_broken(const struct launch *launch, GError **error)
{
	bool is_signal = WIFSIGNALED(launch->wait_status);
	int number = is_signal ? WTERMSIG(launch->wait_status)
			       : WEXITSTATUS(launch->wait_status);
	g_autofree char *words = g_strdup_printf("%d", number);
	g_autofree char *peak =
	    g_strdup_printf("%zu MB", launch->peak_memory >> 20);

	log_error("image.broken", is_signal ? "signal" : "exit_code", words,
	    "memory", peak);
	return status_fail(error, STATUS_FAILED,
	    "could not be processed: byline-image stopped (%s %d); please "
	    "report the image",
	    is_signal ? "signal" : "code", number);
}

static enum status
fail_stopped(const struct launch *launch, GError **error)
{
	switch (WTERMSIG(launch->wait_status)) {
	case SIGXCPU:
		return status_fail(error, STATUS_TOO_LARGE,
		    "takes too long: more than %u s to process; make it "
		    "smaller",
		    IMAGE_MAX_SECONDS);
	case SIGABRT:
	case SIGTRAP:
		/* Libraries end so without memory, and by assertions. */
		if (launch->peak_memory < MUCH_MEMORY)
			break;
		return status_fail(error, STATUS_TOO_LARGE,
		    "needs more than %lu MB of memory: make it smaller",
		    IMAGE_MAX_MEMORY >> 20);
	case SIGINT:
	case SIGKILL:
	case SIGTERM:
		return status_fail(error, STATUS_BUSY,
		    "could not be processed just now: byline-image was "
		    "stopped; try again");
	default:
		break;
	}
	return fail_broken(launch, error);
}

static enum status
judge(const struct launch *launch, int words, struct image_result *out_result,
    GError **error)
{
	char text[IMAGE_RESULT_MAX_SIZE + 1];

	if (launch->is_out_of_time)
		return status_fail(error, STATUS_BUSY,
		    "takes too long just now (more than %u s): try again",
		    IMAGE_MAX_WALL_SECONDS);
	if (WIFSIGNALED(launch->wait_status))
		return fail_stopped(launch, error);
	if (launch->wait_status != 0)
		return fail_broken(launch, error);
	return image_result_parse(
	    text, read_words(words, text), out_result, error);
}

static enum status
fail_launch(enum status status, const GError *reason, GError **error)
{
	if (status == STATUS_NOT_FOUND) {
		log_error("image.missing", "reason", "no byline-image");
		return status_fail(error, STATUS_FAILED,
		    "cannot be processed: byline-image is not installed; it "
		    "needs libvips");
	}
	return status_fail(error, status,
	    "cannot be processed: byline-image %s", reason->message);
}

static enum status
run(struct image_maker *maker, int input, int folder,
    struct image_result *out_result, GError **error)
{
	g_autoptr(GError) reason = NULL;
	struct launch launch;
	enum status status;
	int words[2];

	/* Whoever writes more than there is room for is not waited for. */
	if (pipe2(words, O_CLOEXEC | O_NONBLOCK) != 0)
		return status_fail(error, STATUS_BUSY,
		    "cannot be processed just now: %s", g_strerror(errno));
	/* It has to be read from its beginning, wherever we are. */
	(void)lseek(input, 0, SEEK_SET);
	status = launcher_run(maker->launcher,
	    (const int[]){ input, words[1], folder }, 3, &launch, &reason);
	(void)close(words[1]);
	if (status == STATUS_OK)
		status = judge(&launch, words[0], out_result, error);
	else
		status = fail_launch(status, reason, error);
	(void)close(words[0]);
	return status;
}

/* ---- after ---- */

/* Whether a file is what was said of it, as far as its first bytes tell. */
static bool
is_as_said(int folder, const struct image_file *file)
{
	g_autofree char *bytes = g_malloc(FIRST_BYTES);
	int descriptor = openat(
	    folder, file->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct image_size found;
	struct stat about;
	size_t size;
	bool is_good;

	if (descriptor < 0)
		return false;
	is_good = fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) &&
		  (uint64_t)about.st_size == file->size &&
		  read_first(descriptor, bytes, &size) &&
		  image_size_read(bytes, size, &found) == STATUS_OK &&
		  strcmp(found.content_type, file->content_type) == 0 &&
		  found.width == file->width && found.height == file->height;
	(void)close(descriptor);
	return is_good;
}

static enum status
check_files(int folder, const struct image_result *result, GError **error)
{
	for (size_t i = 0; i < result->file_count; i++) {
		if (!is_as_said(folder, &result->files[i])) {
			log_error(
			    "image.refused", "file", result->files[i].name);
			return status_fail(error, STATUS_FAILED,
			    "could not be processed: what byline-image made "
			    "of it is not what it says");
		}
	}
	return STATUS_OK;
}

/* Leave what is in `result`, which may be NULL, and nothing else. */
static void
tidy(int folder, const struct image_result *result)
{
	const char *const *names = image_result_names();

	for (size_t i = 0; names[i] != NULL; i++) {
		bool is_kept = false;

		for (size_t j = 0; result != NULL && j < result->file_count;
		     j++)
			is_kept = is_kept ||
				  strcmp(names[i], result->files[j].name) == 0;
		if (!is_kept)
			(void)unlinkat(folder, names[i], 0);
	}
}

enum status
image_maker_make(struct image_maker *maker, int input, int folder,
    struct image_result *out_result, GError **error)
{
	struct image_result result;
	enum status status = look(input, error);

	if (status != STATUS_OK)
		return status;
	status = run(maker, input, folder, &result, error);
	if (status == STATUS_OK)
		status = check_files(folder, &result, error);
	tidy(folder, status == STATUS_OK ? &result : NULL);
	if (status == STATUS_OK)
		*out_result = result;
	return status;
}
