/*
 * file.h - a file whole: read, and never more of it than there is room for, or
 * put in the place of another.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

enum file_links {
	FILE_LINKS_FOLLOW,
	FILE_LINKS_REFUSE /* a symbolic link is STATUS_NOT_FOUND */
};

/*
 * Append all of the regular file at `path`, of at most `max_size` bytes, to
 * `out`, which stays as it is on failure: STATUS_NOT_FOUND (no such file),
 * STATUS_INVALID (a folder, a pipe, a device), STATUS_TOO_LARGE, STATUS_FAILED.
 * Never waits for the other end of a pipe. `error` is what follows the name of
 * the file: "is not a regular file".
 */
MUST_CHECK enum status file_read(const char *path, enum file_links links,
    size_t max_size, GString *out, GError **error);

/* Write all of it. False, and errno says why, when that cannot be done. */
MUST_CHECK bool file_write(int descriptor, const void *bytes, size_t size);

/*
 * Write the next `size` bytes of `source` to `descriptor`, a piece at a time.
 * STATUS_TOO_LARGE: there is no room for them; STATUS_FAILED: they cannot be
 * read or written, or there are fewer. `error` is what follows the name of the
 * file that is written.
 */
MUST_CHECK enum status file_copy(
    int descriptor, int source, int64_t size, GError **error);

/* What a failed write(2) with this errno is: STATUS_TOO_LARGE, there is no
 * room, or STATUS_FAILED; with words that follow the name of the file. */
enum status file_fail_write(int code, GError **error);

/*
 * Put a file of these bytes, with mode 0644 whatever the umask says, at `path`:
 * whoever reads there meets the old one whole or the new one whole, also while
 * others do the same, and after a power cut. STATUS_FAILED: nothing is changed,
 * and `error` is what follows the name of the file: "cannot be written: No
 * space left on device".
 */
MUST_CHECK enum status file_replace(
    const char *path, const void *bytes, size_t size, GError **error);

/* Give the file `from` the name `to`, if nothing has that. False, and errno
 * says why, EEXIST that something has. */
MUST_CHECK bool file_rename_new(const char *from, const char *to);

/*
 * See to it that what the folder at `path` has in it is there after a power
 * cut, too: what has come, and that what has left does not come back. Of the
 * files that is their names alone. False, and errno says why, when that cannot
 * be done.
 */
MUST_CHECK bool file_sync_folder(const char *path);

/* Make the folder `path` where there is none, to stay after a power cut. False,
 * and errno says why, when that cannot be done. */
MUST_CHECK bool file_make_folder(const char *path, mode_t mode);

#endif
