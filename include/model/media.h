/*
 * media.h - files in media/: images of articles and downloads, named by
 * content.
 */
#ifndef MODEL_MEDIA_H
#define MODEL_MEDIA_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;

struct media {
	int64_t id;
	char *path; /* "{hash}-{name}.{ext}" below media/ */
	char *original_name;
	char *content_type;
	int64_t size;           /* bytes */
	uint32_t width, height; /* pixels; 0: not an image */
	char *alt;
};

/* All of them, by id: struct media *. */
MUST_CHECK enum status media_list(
    struct database *database, GPtrArray **out_media);

/*
 * Record `media` (its id is ignored) unless its path is recorded already. The
 * file itself is the caller's to write, before the transaction ends.
 */
MUST_CHECK enum status media_ensure(struct database *database,
    const struct media *media, int64_t now, int64_t *out_id);

/*
 * The name a file gets: the first 16 digits of its content's hash, a slug of
 * its name, the extension of its content type. The caller frees it.
 */
char *media_make_path(
    const void *bytes, size_t size, const char *name, const char *content_type);

#endif
