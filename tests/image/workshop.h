/*
 * workshop.h - images given to the real byline-image, and what comes of them.
 */
#ifndef WORKSHOP_H
#define WORKSHOP_H

#include <glib.h>
#include <stdbool.h>
#include <vips/vips.h>

#include "base/status.h"
#include "content/image_result.h"

/* What one image came to. */
struct made {
	enum status status;
	char *words; /* "" when all is well */
	struct image_result result;
	GBytes *files[IMAGE_MAX_FILES]; /* as `result` has them */
	size_t left;                    /* files that were in the folder */
	double seconds;
};

/* Starts the launcher and then libvips: for cmocka's set-up of a group. */
int workshop_open(void **state);
int workshop_close(void **state);

/* By image_maker_make(). The caller releases it. */
struct made workshop_make(GBytes *image);

/* By byline-image alone, without the first look at the image. */
struct made workshop_make_unseen(GBytes *image);

void made_release(struct made *made);

/* The bytes of the file with this name; fails the test if there is none. */
GBytes *made_file(const struct made *made, const char *name);

/* The same, decoded; and all of its frames, one below the other. */
VipsImage *made_image(const struct made *made, const char *name);
VipsImage *made_frames(const struct made *made, const char *name);

/* Whether these bytes stand anywhere in a file. */
bool bytes_contain(GBytes *bytes, const char *text, size_t size);

/* Fails the test unless the pixel is about this colour, in each band. */
void assert_pixel(VipsImage *image, int x, int y, const int colour[],
    int band_count, int tolerance);

#endif
