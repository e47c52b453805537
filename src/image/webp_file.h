/*
 * webp_file.h - the chunks of a WebP file (RFC 9649, section 2).
 */
#ifndef WEBP_FILE_H
#define WEBP_FILE_H

#include <glib.h>
#include <stddef.h>

/*
 * The same file with nothing but pictures: libvips writes EXIF data of its own
 * making, whatever it is told. The caller unrefs it. NULL: it is no WebP file.
 */
GBytes *webp_file_strip(const void *bytes, size_t size);

#endif
