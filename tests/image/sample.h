/*
 * sample.h - images for tests, made as they are needed.
 *
 * The picture is the same in all of them: four quarters, red and green above,
 * blue and white below.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <vips/vips.h>

/* The colours of the quarters, in the order of reading. */
extern const int SAMPLE_COLOURS[4][3];

/* The picture in 8 bits and sRGB. The caller unrefs it. */
VipsImage *sample_picture(int width, int height);

/* Something like a photograph, which packs badly. */
VipsImage *sample_photograph(int width, int height);

/* `count` pictures one below the other, each turned upside down. */
VipsImage *sample_frames(int width, int height, int count);

/* An image as a file: ".jpg", ".png[interlace]"; takes the reference. */
GBytes *sample_encode(VipsImage *image, const char *format);

/* A picture as a file. */
GBytes *sample_file(int width, int height, const char *format);

/*
 * A JPEG that is stored as EXIF's `orientation` has it, so that it is to be
 * seen upright as width x height; with GPS, XMP, a maker and a comment.
 */
GBytes *sample_turned(int width, int height, int orientation);

/* `bytes` with others after the first `offset` of them. */
GBytes *sample_insert(
    GBytes *bytes, size_t offset, const void *more, size_t size);

/* A JPEG's comment, a PNG's chunk, with its length and its sum. */
GBytes *sample_with_comment(GBytes *jpeg, const char *comment);
GBytes *sample_with_chunk(
    GBytes *png, const char *type, const void *content, size_t size);

/*
 * A PNG whose header says what it says, with `row_count` rows of `row_size`
 * equal bytes each.
 */
GBytes *sample_png(uint32_t width, uint32_t height, int depth, int colour_type,
    int interlace, size_t row_count, size_t row_size);

/* `size` NULs, deflated. */
GBytes *sample_deflated(size_t size);

/* A GIF of this many frames of 1 x 1. */
GBytes *sample_many_frames(unsigned count);

#endif
