/*
 * yaml_reader.h - front matter in YAML 1.2 or JSON, by libfyaml.
 */
#ifndef CONTENT_YAML_READER_H
#define CONTENT_YAML_READER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Read one document of `size` bytes whose first line is `first_line` of its
 * file, into `fields` (front_matter_field.h). Of a key given twice the last one
 * counts. Merge keys ("<<") and aliases are followed within bounds.
 *
 * STATUS_INVALID: not YAML (with `is_json`: not JSON), not a mapping, nested
 * deeper than 64; STATUS_TOO_LARGE: its aliases expand to more than 1 MiB. The
 * message begins with the line. On failure `fields` may hold some.
 */
MUST_CHECK enum status yaml_reader_read(const char *bytes, size_t size,
    bool is_json, uint32_t first_line, GHashTable *fields, GError **error);

#endif
