/*
 * toml_text.h - TOML written anew in the part of the language that cpptoml
 * reads without fault, with the line each key came from.
 */
#ifndef CONTENT_TOML_TEXT_H
#define CONTENT_TOML_TEXT_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The base layer is C and says nothing of C++. */
#include "base/status.h"

struct toml_text {
	GString *text;     /* one statement a line */
	GArray *lines;     /* uint32_t: of the file, for each line of `text` */
	GHashTable *keys;  /* "table.key" to its line, GUINT_TO_POINTER */
	GHashTable *mixed; /* keys of arrays that lost entries, as a set */
};

/*
 * Rewrite `size` bytes of TOML 1.0 whose first line is `first_line` of their
 * file. What is not checked here is left for the parser to refuse.
 * STATUS_INVALID: broken in a way that is seen here; the message begins with
 * the line. The caller releases `out_text`.
 */
MUST_CHECK enum status toml_text_rewrite(const char *bytes, size_t size,
    uint32_t first_line, struct toml_text *out_text, GError **error);

void toml_text_release(struct toml_text *text);

#ifdef __cplusplus
}
#endif

#endif
