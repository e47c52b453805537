/*
 * tar_reader.h - an archive of files that tar_writer.h wrote, and no other.
 *
 * What tar(1) may hold besides (links, folders, devices, other headers) is
 * refused, and so is every header that tar_writer.h would have written
 * differently: a size or a time that was damaged is noticed before it is used.
 * What has no sum is the content of files, and what an extended header says of
 * a name: that is for the caller to compare. Nothing is kept in memory but a
 * name.
 */
#ifndef BASE_TAR_READER_H
#define BASE_TAR_READER_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

/* A file in an archive. */
struct tar_entry {
	char *path;   /* valid UTF-8, not empty; anything else, as "../a" */
	int64_t size; /* bytes, not negative */
	int64_t time; /* when it was changed */
};

/*
 * Read from `descriptor` the head of the next file; its bytes follow, for the
 * caller to read all of them, and then tar_reader_finish(). STATUS_NOT_FOUND:
 * the archive has ended as it should; STATUS_INVALID: it is damaged, cut off,
 * or not one of ours; STATUS_FAILED: it cannot be read. `error` follows the
 * name of the archive: "is cut off". The caller frees the path.
 */
MUST_CHECK enum status tar_reader_next(
    int descriptor, struct tar_entry *out_entry, GError **error);

/* Read what fills up the last block of a file of `size` bytes. */
MUST_CHECK enum status tar_reader_finish(
    int descriptor, int64_t size, GError **error);

/* Read `size` bytes. STATUS_INVALID: there are fewer. */
MUST_CHECK enum status tar_reader_read(
    int descriptor, void *out_bytes, size_t size, GError **error);

#endif
