/*
 * clean.h - text on its way into the database.
 */
#ifndef MODEL_CLEAN_H
#define MODEL_CLEAN_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/*
 * `text` (NULL counts as "") as one line in NFC: text_normalize_line().
 * STATUS_INVALID when it is not UTF-8, STATUS_TOO_LARGE when more than
 * `max_characters` remain. The caller frees it.
 */
MUST_CHECK enum status clean_line(
    const char *text, size_t max_characters, char **out_line);

/* The same for text of several lines: text_normalize(), without white space at
 * its ends. */
MUST_CHECK enum status clean_text(
    const char *text, size_t max_characters, char **out_text);

/* As clean_line(), with words for the person who typed `field`. */
MUST_CHECK enum status clean_field(const char *field, const char *text,
    size_t max_characters, char **out_line, GError **error);

/* Whether `text` is an http or https address without spaces and control
 * characters. */
bool clean_is_web_address(const char *text);

#endif
