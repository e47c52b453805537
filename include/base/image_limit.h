/*
 * image_limit.h - the bounds of an image that is uploaded.
 *
 * Both sides hold to them: byline-image, which decodes what a stranger wrote,
 * and the program that started it and believes nothing it says.
 */
#ifndef BASE_IMAGE_LIMIT_H
#define BASE_IMAGE_LIMIT_H

/* What goes in. */
#define IMAGE_MAX_INPUT  (32UL << 20) /* bytes */
#define IMAGE_MAX_PIXELS 40000000UL   /* width x height, of all frames too */
#define IMAGE_MAX_FRAMES 100UL

/* What making takes. */
#define IMAGE_MAX_SECONDS      5U            /* of processor time */
#define IMAGE_MAX_WALL_SECONDS 10U           /* of a clock on the wall */
#define IMAGE_MAX_MEMORY       (256UL << 20) /* bytes */

/* What comes out. */
#define IMAGE_MAX_FILE  (64UL << 20) /* bytes each */
#define IMAGE_MAX_FILES 8U           /* four widths, each in two formats */
#define IMAGE_MAX_WIDTH 2880U        /* pixels; animations keep their own */

/* The widths besides the whole one: an image has those that are narrower. */
#define IMAGE_WIDTHS 480, 960, 1440

#endif
