/*
 * form.h - the fields of a query or a form (application/x-www-form-urlencoded,
 * as the WHATWG URL Standard section 5 reads it).
 */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include <stddef.h>

#include "base/status.h"

struct form;

/*
 * Parse `size` bytes. STATUS_INVALID: a broken percent escape, NUL or invalid
 * UTF-8; STATUS_TOO_LARGE: more than REQUEST_MAX_PARAMETERS fields. The caller
 * frees it.
 */
MUST_CHECK enum status form_parse(
    const char *bytes, size_t size, struct form **out_form);

void form_free(struct form *form);

/* The first value called `name`, borrowed; NULL when there is none. */
const char *form_value(const struct form *form, const char *name);

/* Call `each` with every field, in the order they came; names and values are
 * borrowed from `form`, which may be NULL. */
void form_each(const struct form *form,
    void (*each)(const char *name, const char *value, void *data), void *data);

/* How many fields there are. */
size_t form_count(const struct form *form);

#endif
