/*
 * media_private.h - folders in uploads/ that know which files come into media/
 * or leave it just now.
 */
#ifndef MODEL_MEDIA_PRIVATE_H
#define MODEL_MEDIA_PRIVATE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct site;

/* The folder for images in such a folder, which goes together with it. */
#define MEDIA_MADE "made"

/* What errno says of `doing`, logged: STATUS_TOO_LARGE where the disk is full,
 * else STATUS_FAILED. `error` follows the name of a file. */
enum status media_fail_errno(GError **error, const char *doing);

/* Make a folder of one's own in uploads/, and sweep there. `out_folder` is its
 * path, for the caller to free. Outside of a transaction. */
MUST_CHECK enum status media_folder_make(
    struct site *site, int64_t now, char **out_folder, GError **error);

/* Write down in `folder`, on the disk, which files of media/ whoever sweeps is
 * to take away, should we be killed: those of `names` that no row names. */
MUST_CHECK enum status media_folder_note(const struct site *site,
    const char *folder, const GPtrArray *names, GError **error);

/* Remove it and its files. */
void media_folder_remove(const char *folder);

/* Delete those of `names` in media/ that no row names, in our turn. False: they
 * cannot be looked up, and stay. Outside of a transaction. */
bool media_folder_remove_unnamed(
    struct site *site, const GPtrArray *names, int64_t now);

#endif
