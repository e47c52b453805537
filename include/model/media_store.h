/*
 * media_store.h - files that authors upload, on their way into media/.
 *
 * An image is decoded and written anew by another process
 * (content/image_maker.h), so that it is upright, tells nothing of who took it,
 * and cannot be anything but an image; any other file is kept as it is, for
 * readers to download. Names are made of the content: the same file twice is
 * one.
 */
#ifndef MODEL_MEDIA_STORE_H
#define MODEL_MEDIA_STORE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct launcher;
struct media_store;
struct site;

#define MEDIA_MAX_SIZE ((size_t)10 << 20) /* bytes of an upload */

/*
 * Start what decodes images, to be called before the sandbox is entered. NULL,
 * logged, where that cannot be: images are refused then. The caller ends it by
 * launcher_free().
 */
struct launcher *media_store_launch(void);

/* The store of `site`; `launcher` (may be NULL) is borrowed like it. The caller
 * frees it. */
struct media_store *media_store_new(
    struct site *site, struct launcher *launcher);
void media_store_free(struct media_store *store);

/* What is uploaded. Borrowed. */
struct media_upload {
	const void *bytes;
	size_t size;
	const char *file_name; /* as the author's machine calls it */
	const char *alt;       /* what it shows; may be NULL */
	int64_t author_id;
};

/*
 * Keep a file: `out_id` is its row in table media, the one that is there
 * already where this very file has been uploaded before: `out_is_new` is false
 * then, and what the row says stays, but for what it does not say: what the
 * file shows, who uploaded it. Outside of a transaction; takes seconds for a
 * large image. Whatever fails leaves nothing behind. STATUS_INVALID: words that
 * follow its name ("is damaged: ...", "is larger than 10 MB");
 * STATUS_TOO_LARGE: the disk is full; STATUS_BUSY: try again. `error` is not
 * NULL.
 */
MUST_CHECK enum status media_store_add(struct media_store *store,
    const struct media_upload *upload, int64_t now, int64_t *out_id,
    bool *out_is_new, GError **error);

/* Delete file `id`, with its sizes. Outside of a transaction. STATUS_NOT_FOUND;
 * STATUS_BUSY: try again. */
MUST_CHECK enum status media_store_remove(
    struct media_store *store, int64_t id, int64_t now);

#endif
