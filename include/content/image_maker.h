/*
 * image_maker.h - images made safe: decoded and written anew by a program of
 * its own, byline-image, which can do nothing else.
 *
 * What a stranger sends as an image is never decoded here. Its first bytes are
 * looked at (content/image_size.h); then a launcher (base/launcher.h) starts
 * byline-image, whose files are looked at again before anybody is told of
 * them.
 */
#ifndef CONTENT_IMAGE_MAKER_H
#define CONTENT_IMAGE_MAKER_H

#include <glib.h>

#include "base/status.h"
#include "content/image_result.h"

struct image_maker;
struct launcher;

/*
 * The path of byline-image as it was installed: beside the running program, or
 * in ../libexec/byline as seen from its folder. The caller frees it. It may not
 * be there, where Byline was built without libvips.
 */
char *image_maker_find_program(void);

/*
 * A maker that starts byline-image by `launcher`, which was made with that path
 * as its only argument and IMAGE_MAX_WALL_SECONDS; it is borrowed and must
 * outlive the maker. The caller frees it. In the sandbox it takes, besides what
 * the launcher does: pipe2, fstat, pread64, openat, read, close and unlinkat.
 */
struct image_maker *image_maker_new(struct launcher *launcher);

/* NULL is fine. */
void image_maker_free(struct image_maker *maker);

/*
 * Make the files of the image in the regular file `input`, open for reading, in
 * the folder open as `folder`, which is there for this alone: a new one, that
 * nobody else writes to. Takes up to IMAGE_MAX_WALL_SECONDS. STATUS_OK:
 * `out_result` lists what is in the folder, mode 0644, on the disk; the names
 * in it are not (fsync the folder, or wherever they move). Otherwise the folder
 * is as empty as it was, and `error` is what follows the name of the image, for
 * its author:
 *
 * STATUS_INVALID    "is not a JPEG, PNG, GIF or WebP image",
 *                   "is damaged: ..."
 * STATUS_TOO_LARGE  "has more than 40 megapixels (30000 x 30000)",
 *                   "has more than 100 frames: ...",
 *                   "is larger than 32 MB", "takes too long: ...",
 *                   "needs more than 256 MB of memory: ..."
 * STATUS_BUSY       no process could be made, or it was stopped: try again
 * STATUS_FAILED     all else, logged: "cannot be processed: byline-image is
 *                   not installed; it needs libvips"
 */
MUST_CHECK enum status image_maker_make(struct image_maker *maker, int input,
    int folder, struct image_result *out_result, GError **error);

#endif
