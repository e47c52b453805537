/*
 * database_stamp.c - see database_stamp.h.
 *
 * What a reader sees is the file, the write-ahead log, and up to where the log
 * counts: a commit writes frames to the log, makes them last, and then tells
 * readers by the header of the index in shared memory (SQLite's file format
 * section 4, and "WAL-mode file format", section 2.1). So that header belongs
 * to it: between the two, a reader sees the old contents and the new log.
 *
 * Without a log, or with an empty one, the file alone counts.
 */
#include "config.h"

#include "store/database_stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "database_private.h"

/* The first copy of the header of the index. */
#define INDEX_HEADER_SIZE 48

/* Append which file this is, how large, and when it was changed. */
static void
append_file(GString *out, const struct stat *about, struct timespec changed)
{
	g_string_append_printf(out, "%llx %llx %llx %llx.%lx\n",
	    (unsigned long long)about->st_dev,
	    (unsigned long long)about->st_ino,
	    (unsigned long long)about->st_size,
	    (unsigned long long)changed.tv_sec, (unsigned long)changed.tv_nsec);
}

static int64_t
microseconds_of(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* The first `size` bytes of the file at `path`, fewer where there are not so
 * many. */
static size_t
read_start(const char *path, unsigned char *bytes, size_t size)
{
	int descriptor =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t got;

	if (descriptor < 0)
		return 0;
	got = read(descriptor, bytes, size);
	close(descriptor);
	return got < 0 ? 0 : (size_t)got;
}

/* Append the header of the index at `path`; nothing where there is none: then
 * the first who opens the database makes one of the whole log. */
static void
append_index(GString *out, const char *path)
{
	unsigned char header[INDEX_HEADER_SIZE];
	size_t size = read_start(path, header, sizeof(header));

	for (size_t i = 0; i < size; i++)
		g_string_append_printf(out, "%02x", header[i]);
}

/* After a power cut, times and the index may be those of an older state than
 * the log: what was true before the machine started is not believed. */
static void
append_boot(GString *out)
{
	unsigned char number[64];
	size_t size = read_start(
	    "/proc/sys/kernel/random/boot_id", number, sizeof(number));

	g_string_append_len(out, (const char *)number, (gssize)size);
}

/* What database_stamp() does, for the file that `path` leads to. */
static enum status
append_stamp(const char *path, GString *out, int64_t *out_changed_at)
{
	g_autofree char *log_path = g_strconcat(path, "-wal", NULL);
	g_autofree char *index_path = g_strconcat(path, "-shm", NULL);
	struct stat file, log;

	if (stat(path, &file) != 0)
		return STATUS_FAILED;
	/* A restored backup may bring its time of modification along; the time
	 * of its last change of any kind cannot be set. */
	append_file(out, &file, file.st_ctim);
	*out_changed_at = microseconds_of(file.st_ctim);
	if (stat(log_path, &log) != 0)
		return errno == ENOENT ? STATUS_OK : STATUS_FAILED;
	if (log.st_size == 0)
		return STATUS_OK;
	/* Not that one here: SQLite sets the owner each time root opens it. */
	append_file(out, &log, log.st_mtim);
	append_index(out, index_path);
	*out_changed_at = MAX(*out_changed_at, microseconds_of(log.st_mtim));
	return STATUS_OK;
}

enum status
database_stamp(const char *path, GString *out, int64_t *out_changed_at)
{
	/* SQLite puts the log beside the file itself, not beside a link. */
	char *real = realpath(path, NULL);
	enum status status = STATUS_FAILED;

	if (real == NULL)
		return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_FAILED;
	append_boot(out);
	if (database_can_share_memory(real))
		status = append_stamp(real, out, out_changed_at);
	free(real);
	return status;
}
