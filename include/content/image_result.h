/*
 * image_result.h - what byline-image says when it has ended, line by line.
 *
 * Either files and a last line,
 *
 *	file full.jpg image/jpeg 2880 2160 661515
 *	file 480.jpg image/jpeg 480 360 20080
 *	file 480.webp image/webp 480 360 9482
 *	end
 *
 * (name, content type, width, height, bytes), or one line that tells why there
 * are none, by the name of a status (base/status.h, with - for blanks) and
 * words for the author:
 *
 *	failed too-large has more than 100 frames: make it shorter
 *
 * It comes from a process that has read what a stranger wrote, so that nothing
 * is believed that cannot be.
 */
#ifndef CONTENT_IMAGE_RESULT_H
#define CONTENT_IMAGE_RESULT_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/image_limit.h"
#include "base/status.h"

/* The most that can be said. */
#define IMAGE_RESULT_MAX_SIZE ((size_t)4096)

struct image_file {
	char name[16];            /* "full.jpg", "480.webp" */
	const char *content_type; /* "image/jpeg"; static */
	uint32_t width, height;   /* pixels */
	uint64_t size;            /* bytes */
};

struct image_result {
	size_t file_count; /* at least 1: the first is "full" */
	struct image_file files[IMAGE_MAX_FILES];
};

/* All names that a file can have, ended by NULL; static. */
const char *const *image_result_names(void);

/* Append the line of one file, the last line, or that of a failure. */
void image_result_append_file(GString *out, const struct image_file *file);
void image_result_append_end(GString *out);
void image_result_append_failure(
    GString *out, enum status status, const char *words);

/*
 * Read it. STATUS_OK: files, of which each name occurs once, has the content
 * type of its ending and, but for "full", the width that it says; no image is
 * over the limits. A failure that is told: its status and words. STATUS_FAILED
 * with words too: it is not what byline-image says.
 */
MUST_CHECK enum status image_result_parse(const char *text, size_t size,
    struct image_result *out_result, GError **error);

#endif
