/*
 * tally.c - lines that are added by many and taken by one. See tally.h.
 *
 * Who adds holds a shared lock on the file while it writes, and only writes
 * when the file, locked, still stands at its path. Who takes first moves the
 * file away, so that nobody comes to it any more, and then waits for those who
 * are in it: an exclusive lock is had when the last has written. So what is
 * read is all there will ever be in that file.
 *
 * The new name is made to last before anything is counted. Else a power cut
 * could bring the old name back, under which the lines would be counted again.
 */
#include "config.h"

#include "base/tally.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

/* It is moved away once in a minute at most: twice is chance. */
#define MOST_TRIES 8

/* A writer is in the file for some microseconds: these are 200 ms. */
#define MOST_WAITS       20
#define WAIT_NANOSECONDS 10000000

static char *
taken_path(const char *path, int64_t number)
{
	return g_strdup_printf("%s.%" PRId64, path, number);
}

static enum status
fail(GError **error)
{
	return status_fail(error, STATUS_FAILED, "%s", g_strerror(errno));
}

/* Whether the open file `descriptor` is the one at `path`. */
static bool
is_at(int descriptor, const char *path, struct stat *out_about)
{
	struct stat there;

	return fstat(descriptor, out_about) == 0 && lstat(path, &there) == 0 &&
	       out_about->st_dev == there.st_dev &&
	       out_about->st_ino == there.st_ino;
}

/* Add to the file that is open; STATUS_CONFLICT when it was taken away. */
static enum status
append_to(int descriptor, const char *path, const char *line, GError **error)
{
	size_t size = strlen(line);
	struct stat about;
	ssize_t written;

	if (flock(descriptor, LOCK_SH | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? STATUS_CONFLICT : fail(error);
	if (!is_at(descriptor, path, &about))
		return STATUS_CONFLICT;
	if (!S_ISREG(about.st_mode))
		return status_fail(
		    error, STATUS_FAILED, "it is not a regular file");
	if (about.st_size >= TALLY_MAX_SIZE)
		return status_fail(error, STATUS_TOO_LARGE,
		    "it has grown to its limit, and nobody takes it away");
	written = write(descriptor, line, size);
	if (written < 0)
		return fail(error);
	/* A torn line has no end, so that it spoils the next: both are lost,
	 * and no third. */
	return (size_t)written == size
		   ? STATUS_OK
		   : status_fail(error, STATUS_FAILED, "the disk is full");
}

enum status
tally_append(const char *path, const char *line, GError **error)
{
	for (int i = 0; i < MOST_TRIES; i++) {
		int descriptor = open(path,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
			O_NONBLOCK,
		    0600);
		enum status status;

		if (descriptor < 0)
			return fail(error);
		status = append_to(descriptor, path, line, error);
		close(descriptor);
		if (status != STATUS_CONFLICT)
			return status;
	}
	return status_fail(error, STATUS_BUSY, "it is taken away all the time");
}

/* Wait for those who write to it. */
static enum status
wait_for_writers(int descriptor, GError **error)
{
	const struct timespec span = { .tv_nsec = WAIT_NANOSECONDS };

	for (int i = 0; i < MOST_WAITS; i++) {
		if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
			return STATUS_OK;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return fail(error);
		(void)nanosleep(&span, NULL);
	}
	return status_fail(error, STATUS_BUSY, "somebody is writing to it");
}

enum status
tally_take(const char *path, int64_t number, GError **error)
{
	g_autofree char *taken = taken_path(path, number);
	struct stat about;

	if (lstat(taken, &about) == 0)
		return STATUS_OK;
	if (errno != ENOENT)
		return fail(error);
	if (rename(path, taken) != 0)
		return errno == ENOENT ? STATUS_NOT_FOUND : fail(error);
	return STATUS_OK;
}

enum status
tally_read(const char *path, int64_t number, GString *out, GError **error)
{
	g_autofree char *taken = taken_path(path, number);
	g_autofree char *folder = g_path_get_dirname(path);
	enum status status;
	int descriptor;

	if (!file_sync_folder(folder))
		return fail(error);
	descriptor = open(taken, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (descriptor < 0)
		return errno == ENOENT ? STATUS_NOT_FOUND : fail(error);
	status = wait_for_writers(descriptor, error);
	/* Nobody comes to it any more: it may be read without the lock. Some
	 * may have written at once to a file that was nearly full. */
	close(descriptor);
	if (status == STATUS_OK)
		status = file_read(taken, FILE_LINKS_REFUSE,
		    (size_t)2 * TALLY_MAX_SIZE, out, error);
	return status == STATUS_INVALID || status == STATUS_TOO_LARGE
		   ? STATUS_FAILED
		   : status;
}

void
tally_drop(const char *path, int64_t number)
{
	g_autofree char *taken = taken_path(path, number);

	/* That it is gone is what nearly always is so. */
	(void)!unlink(taken);
}

static bool
is_there(const char *path)
{
	struct stat about;

	return lstat(path, &about) == 0;
}

bool
tally_is_waiting(const char *path, int64_t number)
{
	g_autofree char *taken = taken_path(path, number);
	g_autofree char *former = taken_path(path, number - 1);

	return is_there(path) || is_there(taken) || is_there(former);
}

bool
tally_is_left(const char *path, int64_t number)
{
	g_autofree char *taken = taken_path(path, number);

	return is_there(taken);
}

int64_t
tally_size(const char *path)
{
	struct stat about;

	return lstat(path, &about) == 0 ? (int64_t)about.st_size : 0;
}
