/*
 * import_file.c - reading a file of a folder that somebody else may have made.
 *
 * A link may lead to anything this user can read, and a FIFO would be waited
 * for until somebody writes to it.
 */
#include "config.h"

#include "import_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

const char *
import_file_refusal(const struct stat *about)
{
	if (S_ISLNK(about->st_mode))
		return "it is a symbolic link: put the file itself there";
	if (!S_ISREG(about->st_mode))
		return "it is no regular file";
	return NULL;
}

/* Read until `size` bytes are there or the file ends. */
static bool
read_all(int fd, char *bytes, size_t size, size_t *out_size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t count = read(fd, bytes + done, size - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		if (count == 0)
			break;
		done += (size_t)count;
	}
	*out_size = done;
	return true;
}

static enum status
read_descriptor(int fd, size_t max_size, char **out_bytes, size_t *out_size,
    const char **out_reason)
{
	g_autofree char *bytes = NULL;
	struct stat about;
	size_t size;

	if (fstat(fd, &about) != 0) {
		*out_reason = g_strerror(errno);
		return STATUS_FAILED;
	}
	*out_reason = import_file_refusal(&about);
	if (*out_reason != NULL)
		return STATUS_INVALID;
	if ((uint64_t)about.st_size > max_size) {
		*out_reason = "it is too large";
		return STATUS_TOO_LARGE;
	}
	bytes = g_malloc((size_t)about.st_size + 1);
	if (!read_all(fd, bytes, (size_t)about.st_size, &size)) {
		*out_reason = g_strerror(errno);
		return STATUS_FAILED;
	}
	bytes[size] = '\0';
	*out_bytes = g_steal_pointer(&bytes);
	*out_size = size;
	return STATUS_OK;
}

enum status
import_file_read(const char *path, size_t max_size, char **out_bytes,
    size_t *out_size, const char **out_reason)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	enum status status;

	if (fd < 0) {
		*out_reason = g_strerror(errno);
		return STATUS_FAILED;
	}
	status = read_descriptor(fd, max_size, out_bytes, out_size, out_reason);
	close(fd);
	return status;
}
