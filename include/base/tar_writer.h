/*
 * tar_writer.h - an archive of files, as tar(1) reads it.
 *
 * The ustar format of POSIX.1-2001 (pax(1), "ustar Interchange Format"), with
 * an extended header of pax before a file whose name is longer than 100 bytes
 * or not ASCII, or that has 8 GiB or more. Nothing is kept in memory: an
 * archive is as large as its disk allows.
 */
#ifndef BASE_TAR_WRITER_H
#define BASE_TAR_WRITER_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Write to `descriptor` the head of a file called `path` ("folder/name", valid
 * UTF-8, relative) of `size` bytes, changed at `time`, which its content
 * follows. STATUS_FAILED: it cannot be written, and `error` says why. */
MUST_CHECK enum status tar_writer_begin(int descriptor, const char *path,
    int64_t size, int64_t time, GError **error);

/* Fill up the last block of a file of `size` bytes. */
MUST_CHECK enum status tar_writer_finish(
    int descriptor, int64_t size, GError **error);

/* A whole file of these bytes. */
MUST_CHECK enum status tar_writer_add(int descriptor, const char *path,
    const void *bytes, size_t size, int64_t time, GError **error);

/* End the archive. */
MUST_CHECK enum status tar_writer_end(int descriptor, GError **error);

#endif
