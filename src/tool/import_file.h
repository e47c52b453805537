/*
 * import_file.h - reading a file of a folder that somebody else may have made.
 *
 * Private to the tool layer.
 */
#ifndef IMPORT_FILE_H
#define IMPORT_FILE_H

#include <stddef.h>
#include <sys/stat.h>

#include "base/status.h"

/* Why a file of this kind is not read: static words; NULL when it is. */
const char *import_file_refusal(const struct stat *about);

/*
 * Read the regular file at `path`, whole, with a NUL behind it: no link is
 * followed, nothing is waited for. STATUS_TOO_LARGE: more than `max_size`
 * bytes; any failure sets `out_reason` to words that need not be freed. The
 * caller frees `out_bytes`.
 */
MUST_CHECK enum status import_file_read(const char *path, size_t max_size,
    char **out_bytes, size_t *out_size, const char **out_reason);

#endif
