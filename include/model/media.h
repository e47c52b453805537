/*
 * media.h - files in media/: images of articles and downloads, named by
 * content.
 */
#ifndef MODEL_MEDIA_H
#define MODEL_MEDIA_H

#include <glib.h>
#include <stdbool.h>
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
	int64_t created_at;
	/* Articles that name it, and authors whose picture it is: only in lists
	 * of the desk. */
	int64_t use_count, face_count;
};

void media_free(struct media *media);

/* File `id`. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status media_find(
    struct database *database, int64_t id, struct media **out_media);

/* The file at `path` below media/. STATUS_NOT_FOUND. */
MUST_CHECK enum status media_find_path(
    struct database *database, const char *path, int64_t *out_id);

enum {
	MEDIA_OFFERED = 50 /* images that completing an address offers */
};

/* The newest images, at most `count` of them, as media_search() gives them; how
 * often they are used is not said. */
MUST_CHECK enum status media_list_images(
    struct database *database, int64_t count, GPtrArray **out_media);

/*
 * The address ("/media/...") of the image that has this one itself, or in one
 * of its sizes. STATUS_NOT_FOUND: it is none of the library. The caller frees
 * it.
 */
MUST_CHECK enum status media_find_image(
    struct database *database, const char *address, char **out_address);

/*
 * Page `page` (from 1) of the files whose name or alternative text has `text`
 * in it (NULL or "": all), the newest first, `per_page` on each: GPtrArray of
 * struct media *, which the caller frees. `out_count` is how many there are on
 * all pages.
 */
MUST_CHECK enum status media_search(struct database *database, const char *text,
    int64_t page, int64_t per_page, GPtrArray **out_media, int64_t *out_count);

/* Set what it shows. STATUS_INVALID, with words: too long; STATUS_NOT_FOUND. */
MUST_CHECK enum status media_set_alt(
    struct database *database, int64_t id, const char *alt, GError **error);

/* An article that names a file, or an author whose picture it is. */
struct media_use {
	int64_t id;   /* of the article or the author */
	char *title;  /* or name */
	bool is_face; /* it is an author */
};

/* The articles that name file `id`, the newest first, and then the authors:
 * GPtrArray of struct media_use *. The caller frees it. */
MUST_CHECK enum status media_list_uses(
    struct database *database, int64_t id, GPtrArray **out_uses);

/*
 * Remember that article `article_id` names the files of ours that stand in
 * `html` (as content/sanitizer.h writes it; may be NULL) and the one that is
 * its cover, in the place of what was remembered before.
 */
MUST_CHECK enum status media_note_uses(
    struct database *database, int64_t article_id, const char *html);

/* All of them, by id: struct media *. */
MUST_CHECK enum status media_list(
    struct database *database, GPtrArray **out_media);

/* The size in pixels of the image that an article names `address`
 * ("/media/..."), 0 by 0 where it is none of ours or not known. */
MUST_CHECK enum status media_find_extent(struct database *database,
    const char *address, uint32_t *out_width, uint32_t *out_height);

/* An image in one of its sizes. */
struct media_size {
	char *path; /* "/media/...", without the base path */
	uint32_t width;
	/* WebP beside another format, for browsers that take it. */
	bool is_webp;
};

/*
 * The sizes of the image that an article names `address` ("/media/..."), the
 * narrowest first and itself last: GArray of struct media_size, which the
 * caller frees. Empty where it is none of ours, or has no other size.
 */
MUST_CHECK enum status media_list_sizes(
    struct database *database, const char *address, GArray **out_sizes);

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
