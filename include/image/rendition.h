/*
 * rendition.h - the files that are made of an image: itself, made safe, and
 * narrower ones, each in its own format and as WebP.
 *
 * "full" is the image in its own format: upright, in sRGB, without metadata.
 * What does not move is at most IMAGE_MAX_WIDTH wide; a photograph (JPEG, WebP)
 * is at most as high, and a PNG, which may be a long screenshot, has at most as
 * many pixels as a square of that width; a WebP without losses or with an alpha
 * channel has 4.5 megapixels. "480", "960" and "1440" are as wide as they are
 * called, of an image that is wider. What moves keeps its size and all of its
 * frames, and its narrower ones are WebP alone: to choose new colours for every
 * frame of a GIF takes long and makes it larger.
 *
 * A WebP that is not smaller than what it stands in for is left out; so is,
 * but for "full", what is not likely to be ready in time or has no memory.
 */
#ifndef IMAGE_RENDITION_H
#define IMAGE_RENDITION_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct rendition {
	char name[16];            /* "full.jpg", "480.webp" */
	const char *content_type; /* static */
	uint32_t width, height;   /* of one frame */
};

/* Who takes what is made, file by file; false ends the making. */
struct rendition_sink {
	bool (*keep)(void *data, const struct rendition *rendition,
	    const void *bytes, size_t size);
	void *data;
};

/* All names that a file can have, ended by NULL; static. */
const char *const *rendition_names(void);

/*
 * Make the files of an image. picture_prepare() comes before. `error` is what
 * follows the name of the image: STATUS_INVALID ("is not a JPEG, PNG, GIF or
 * WebP image", "is damaged: ..."), STATUS_TOO_LARGE ("has more than 40
 * megapixels (30000 x 30000)", "has more than 100 frames: ..."), before
 * anything is decoded; STATUS_FAILED when the sink takes no more.
 */
MUST_CHECK enum status rendition_make_all(const void *bytes, size_t size,
    const struct rendition_sink *sink, GError **error);

#endif
