/*
 * picture.h - decoding, scaling and encoding, by libvips: its one face.
 *
 * What is decoded is a stranger's, so it is done in byline-image alone, behind
 * SANDBOX_IMAGE. Each kind has its own loader, named; libvips never guesses,
 * and all its other loaders are blocked. What leaves is pixels: no EXIF, XMP,
 * IPTC, comments or profiles, since nothing but pixels is taken over.
 */
#ifndef IMAGE_PICTURE_H
#define IMAGE_PICTURE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "image/image_kind.h"

/* An image as it was sent: its header, or its pixels too. */
struct picture;

/* What is made of it: upright, sRGB, 8 bits a sample. */
struct canvas;

/* As it is to be seen: upright. Of one frame, if it moves. */
struct picture_size {
	uint32_t width, height;
	uint32_t frame_count; /* 1: it does not move */
	bool has_alpha;       /* once it was drawn: one that hides something */
};

/* How a canvas becomes bytes. */
struct picture_encoding {
	enum image_kind kind;
	int quality;      /* 1 to 100; of JPEG, and of WebP with losses */
	bool is_lossless; /* WebP */
	bool has_palette; /* PNG: of at most 256 colours */
	bool is_drawing;  /* few colours, sharp edges */
};

/*
 * Make libvips ready, once, before the sandbox is entered. Sets variables of
 * the environment, so that plugins (ImageMagick, PDF, ...) are not even loaded.
 */
MUST_CHECK enum status picture_prepare(GError **error);

/*
 * Read the header of an image of this kind; nothing is decoded. `bytes` must
 * outlive the picture, which the caller frees. STATUS_INVALID: "is damaged:
 * ..."; STATUS_TOO_LARGE: no memory.
 */
MUST_CHECK enum status picture_open(enum image_kind kind, const void *bytes,
    size_t size, struct picture **out_picture, GError **error);
void picture_free(struct picture *picture);

struct picture_size picture_size(const struct picture *picture);

/*
 * The picture in this size, of each frame; not larger than it is. What does
 * not move is decoded once, when this is called first, and what is made after
 * that comes of it: begin with the largest. What moves is decoded as it is
 * encoded. The caller frees the canvas. Fails like picture_open().
 */
MUST_CHECK enum status picture_draw(struct picture *picture, uint32_t width,
    uint32_t height, struct canvas **out_canvas, GError **error);
void canvas_free(struct canvas *canvas);

/*
 * The bytes of a file. A canvas of what moves can be encoded once. The caller
 * unrefs them. Fails like picture_open().
 */
MUST_CHECK enum status canvas_encode(struct canvas *canvas,
    const struct picture_encoding *encoding, GBytes **out_bytes,
    GError **error);

#endif
