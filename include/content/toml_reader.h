/*
 * toml_reader.h - front matter in TOML 1.0, by cpptoml: the C face of it.
 */
#ifndef CONTENT_TOML_READER_H
#define CONTENT_TOML_READER_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The base layer is C and says nothing of C++. */
#include "base/status.h"

/*
 * Read `size` bytes whose first line is `first_line` of their file into
 * `fields` (front_matter_field.h). Dates become text in the form of RFC 3339,
 * which date_parse() reads. STATUS_INVALID: not TOML, or nested deeper than 32;
 * the message begins with the line. On failure `fields` may hold some.
 */
MUST_CHECK enum status toml_reader_read(const char *bytes, size_t size,
    uint32_t first_line, GHashTable *fields, GError **error);

#ifdef __cplusplus
}
#endif

#endif
