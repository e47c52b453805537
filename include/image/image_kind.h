/*
 * image_kind.h - the kinds of images that are taken, told by their first bytes.
 *
 * Neither a name nor what a browser says decides, so that nothing but these
 * four ever reaches a decoder.
 */
#ifndef IMAGE_IMAGE_KIND_H
#define IMAGE_IMAGE_KIND_H

#include <stdbool.h>
#include <stddef.h>

enum image_kind {
	IMAGE_KIND_JPEG,
	IMAGE_KIND_PNG,
	IMAGE_KIND_GIF,
	IMAGE_KIND_WEBP
};

/* What the first bytes tell. */
struct image_format {
	enum image_kind kind;
	bool has_palette; /* at most 256 colours, each of them meant */
	bool is_lossless;
};

/* False: none of the four. */
bool image_format_read(
    const void *bytes, size_t size, struct image_format *out_format);

/* "jpg", "image/jpeg"; static. */
const char *image_kind_extension(enum image_kind kind);
const char *image_kind_content_type(enum image_kind kind);

#endif
