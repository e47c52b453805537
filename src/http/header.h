/*
 * header.h - what headers are made of: tokens and parameters.
 */
#ifndef HTTP_HEADER_H
#define HTTP_HEADER_H

#include <stdbool.h>

#include "base/status.h"

/* Whether `text` is a token (RFC 9110 section 5.6.2), as a name must be. */
bool header_is_token(const char *text);

/*
 * Find the first parameter called `name`, in any case of letters, in what
 * stands from the first semicolon of a header on (`; name=value; name="value"`,
 * RFC 9110 section 5.6.6). The caller frees
 * `*out_value`, which is without its quotes. STATUS_NOT_FOUND: there is none;
 * STATUS_INVALID: something in `parameters` is no parameter.
 *
 * In quotes a backslash stands for itself, as browsers write it, unless a quote
 * follows and a further one: then it stands before a quote that is part of the
 * value.
 */
MUST_CHECK enum status header_find_parameter(
    const char *parameters, const char *name, char **out_value);

#endif
