/*
 * image_size.h - the type and size of an image from its first bytes.
 *
 * Reads headers only (PNG, JPEG, GIF, WebP, AVIF, SVG); decodes nothing.
 */
#ifndef CONTENT_IMAGE_SIZE_H
#define CONTENT_IMAGE_SIZE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct image_size {
	const char *content_type; /* "image/png"; static */
	uint32_t width, height;   /* pixels as displayed; 0: not said (SVG) */
};

/* STATUS_INVALID when the bytes are no image of these kinds. */
MUST_CHECK enum status image_size_read(
    const void *bytes, size_t size, struct image_size *out_size);

#endif
