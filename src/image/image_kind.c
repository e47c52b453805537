/*
 * image_kind.c - see image_kind.h. Nothing is read that is not there.
 */
#include "config.h"

#include "image/image_kind.h"

#include <stdint.h>
#include <string.h>

struct span {
	const unsigned char *bytes;
	size_t size;
};

static bool
has_at(struct span file, size_t offset, const char *text, size_t size)
{
	return offset <= file.size && size <= file.size - offset &&
	       memcmp(file.bytes + offset, text, size) == 0;
}

/* The colour type in the header (PNG, section 11.2.2): 3 is a palette. */
static bool
has_png_palette(struct span file)
{
	return has_at(file, 12, "IHDR", 4) && has_at(file, 25, "\x03", 1);
}

/*
 * Whether the first picture in the chunks of a WebP file (RFC 9649, section 2)
 * is of the lossless kind; in a moving one the frames have it within.
 */
static bool
is_webp_lossless(struct span file)
{
	size_t offset = 12;

	while (offset + 8 <= file.size) {
		const unsigned char *head = file.bytes + offset;
		size_t size = (size_t)head[4] | (size_t)head[5] << 8 |
			      (size_t)head[6] << 16 | (size_t)head[7] << 24;

		if (has_at(file, offset, "VP8L", 4))
			return true;
		if (has_at(file, offset, "VP8 ", 4))
			return false;
		/* A frame begins with 16 bytes about itself. */
		offset += has_at(file, offset, "ANMF", 4)
			      ? 8 + 16
			      : 8 + size + (size & 1);
	}
	return false;
}

bool
image_format_read(
    const void *bytes, size_t size, struct image_format *out_format)
{
	const struct span file = { bytes, size };
	struct image_format format = { 0 };

	if (has_at(file, 0, "\xff\xd8\xff", 3)) {
		format.kind = IMAGE_KIND_JPEG;
	} else if (has_at(file, 0, "\x89PNG\r\n\x1a\n", 8)) {
		format.kind = IMAGE_KIND_PNG;
		format.is_lossless = true;
		format.has_palette = has_png_palette(file);
	} else if (has_at(file, 0, "GIF87a", 6) ||
		   has_at(file, 0, "GIF89a", 6)) {
		format.kind = IMAGE_KIND_GIF;
		format.is_lossless = true;
		format.has_palette = true;
	} else if (has_at(file, 0, "RIFF", 4) && has_at(file, 8, "WEBP", 4)) {
		format.kind = IMAGE_KIND_WEBP;
		format.is_lossless = is_webp_lossless(file);
	} else {
		return false;
	}
	*out_format = format;
	return true;
}

const char *
image_kind_extension(enum image_kind kind)
{
	static const char *const EXTENSIONS[] = {
		[IMAGE_KIND_JPEG] = "jpg",
		[IMAGE_KIND_PNG] = "png",
		[IMAGE_KIND_GIF] = "gif",
		[IMAGE_KIND_WEBP] = "webp",
	};

	return EXTENSIONS[kind];
}

const char *
image_kind_content_type(enum image_kind kind)
{
	static const char *const TYPES[] = {
		[IMAGE_KIND_JPEG] = "image/jpeg",
		[IMAGE_KIND_PNG] = "image/png",
		[IMAGE_KIND_GIF] = "image/gif",
		[IMAGE_KIND_WEBP] = "image/webp",
	};

	return TYPES[kind];
}
