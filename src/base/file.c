/*
 * file.c - see file.h.
 */
#include "config.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a file that is copied. */
#define PIECE_SIZE 65536

static enum status
fail(GError **error)
{
	return status_fail(
	    error, STATUS_FAILED, "cannot be read: %s", g_strerror(errno));
}

/* How large an open file is that can be read. */
static enum status
measure(int descriptor, size_t max_size, size_t *out_size, GError **error)
{
	struct stat about;

	if (fstat(descriptor, &about) != 0)
		return fail(error);
	if (!S_ISREG(about.st_mode))
		return status_fail(
		    error, STATUS_INVALID, "is not a regular file");
	if ((uintmax_t)about.st_size > max_size)
		return status_fail(error, STATUS_TOO_LARGE,
		    "is larger than %zu MiB", max_size >> 20);
	*out_size = (size_t)about.st_size;
	return STATUS_OK;
}

/* Append `size` bytes, or what there is now of them. */
static enum status
read_all(int descriptor, size_t size, GString *out, GError **error)
{
	const size_t before = out->len;
	size_t done = 0;

	g_string_set_size(out, before + size);
	while (done < size) {
		ssize_t count =
		    read(descriptor, out->str + before + done, size - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			g_string_truncate(out, before);
			return fail(error);
		}
		if (count == 0)
			break;
		done += (size_t)count;
	}
	g_string_truncate(out, before + done);
	return STATUS_OK;
}

enum status
file_read(const char *path, enum file_links links, size_t max_size,
    GString *out, GError **error)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
		    (links == FILE_LINKS_REFUSE ? O_NOFOLLOW : 0);
	int descriptor = open(path, flags);
	enum status status;
	size_t size = 0;

	if (descriptor < 0) {
		if (errno == ENOENT || errno == ENOTDIR ||
		    (errno == ELOOP && links == FILE_LINKS_REFUSE))
			return status_fail(
			    error, STATUS_NOT_FOUND, "is not there");
		return fail(error);
	}
	status = measure(descriptor, max_size, &size, error);
	if (status == STATUS_OK)
		status = read_all(descriptor, size, out, error);
	close(descriptor);
	return status;
}

/* ---- writing ---- */

bool
file_write(int descriptor, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t count = write(descriptor, at, size);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		at += count;
		size -= (size_t)count;
	}
	return true;
}

enum status
file_fail_write(int code, GError **error)
{
	return status_fail(error,
	    code == ENOSPC || code == EDQUOT || code == EFBIG ? STATUS_TOO_LARGE
							      : STATUS_FAILED,
	    "cannot be written: %s", g_strerror(code));
}

enum status
file_copy(int descriptor, int source, int64_t size, GError **error)
{
	g_autofree char *piece = g_malloc(PIECE_SIZE);

	while (size > 0) {
		ssize_t count =
		    read(source, piece, (size_t)MIN(size, PIECE_SIZE));

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return fail(error);
		if (count == 0)
			return status_fail(error, STATUS_FAILED,
			    "has become shorter while it was read");
		if (!file_write(descriptor, piece, (size_t)count))
			return file_fail_write(errno, error);
		size -= count;
	}
	return STATUS_OK;
}

/* Fill the new file `draft` and let it be `path`. On failure errno is set. */
static bool
become(const char *draft, int descriptor, const char *path, const void *bytes,
    size_t size)
{
	bool is_good = file_write(descriptor, bytes, size) &&
		       fchmod(descriptor, 0644) == 0 && fsync(descriptor) == 0;
	int saved = errno;

	if (close(descriptor) != 0 && is_good) {
		is_good = false;
		saved = errno;
	}
	errno = saved;
	return is_good && rename(draft, path) == 0;
}

enum status
file_replace(const char *path, const void *bytes, size_t size, GError **error)
{
	g_autofree char *draft = g_strconcat(path, ".XXXXXX", NULL);
	int descriptor = g_mkstemp_full(draft, O_WRONLY | O_CLOEXEC, 0600);
	int saved;

	if (descriptor >= 0 && become(draft, descriptor, path, bytes, size))
		return STATUS_OK;
	saved = errno;
	if (descriptor >= 0)
		unlink(draft);
	return status_fail(
	    error, STATUS_FAILED, "cannot be written: %s", g_strerror(saved));
}

bool
file_rename_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return true;
	/* Not every file system knows of that. */
	return errno == EINVAL && link(from, to) == 0 && unlink(from) == 0;
}

bool
file_sync_folder(const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_done = folder >= 0 && fsync(folder) == 0;
	int saved = errno;

	if (folder >= 0)
		(void)close(folder);
	errno = saved;
	return is_done;
}

bool
file_make_folder(const char *path, mode_t mode)
{
	g_autofree char *parent = NULL;

	if (mkdir(path, mode) != 0)
		return errno == EEXIST;
	parent = g_path_get_dirname(path);
	return file_sync_folder(parent);
}
