/*
 * text_upload.h - a text that comes in pieces.
 *
 * mod_fcgid refuses a body over 128 KB by default, and a form field with text
 * that is not ASCII is three times as long on its way: so a browser sends a
 * long text ahead, in pieces of bytes, and then the form with its key. The key
 * is of the browser's making; whose text it is, the session says. What is kept
 * is bounded: TEXT_UPLOAD_MAX_SIZE a text, TEXT_UPLOAD_MAX_COUNT an author,
 * TEXT_UPLOAD_SECONDS after it was touched last.
 */
#ifndef MODEL_TEXT_UPLOAD_H
#define MODEL_TEXT_UPLOAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/status.h"

struct database;

#define TEXT_UPLOAD_MAX_SIZE  ((size_t)1 << 20)
#define TEXT_UPLOAD_MAX_COUNT 4
#define TEXT_UPLOAD_SECONDS   DAY_SECONDS

/*
 * Put `size` bytes behind the first `offset` bytes of text `key` of author
 * `author_id`, in the place of all that stood there: a text is begun at offset
 * 0, and an end that has changed is sent again alone. How long the text is then
 * is in `out_size`. Texts that are too old, or too many of that author (those
 * touched last stay), are swept out.
 *
 * Inside a write transaction. STATUS_CONFLICT: there are fewer than `offset`
 * bytes (text_upload_size() says how many), and nothing is changed;
 * STATUS_INVALID: no key, or over TEXT_UPLOAD_MAX_SIZE together.
 */
MUST_CHECK enum status text_upload_write(struct database *database,
    int64_t author_id, const char *key, size_t offset, const void *bytes,
    size_t size, int64_t now, size_t *out_size);

/* How many bytes have come until now; 0 when there is no such text. */
MUST_CHECK enum status text_upload_size(struct database *database,
    int64_t author_id, const char *key, size_t *out_size);

/*
 * The text. STATUS_NOT_FOUND: there is none; STATUS_INVALID: what has come is
 * no UTF-8, or has a NUL in it. The caller frees it.
 */
MUST_CHECK enum status text_upload_read(struct database *database,
    int64_t author_id, const char *key, char **out_text);

#endif
