/*
 * form_multipart.h - a form with files: multipart/form-data (RFC 7578), as
 * browsers send it (HTML Standard, section 4.10.21.7).
 *
 * Its own file, so that a program which takes no uploads does not have it: one
 * that does names form_parse_multipart() in its struct request_options.
 */
#ifndef HTTP_FORM_MULTIPART_H
#define HTTP_FORM_MULTIPART_H

#include <stddef.h>

#include "base/status.h"

struct form;

/* A file that came with a form. All is borrowed. */
struct form_file {
	const char *name; /* of the field */
	/*
	 * As the visitor called it: the last component of a path, without
	 * control characters, in NFC; "" where nothing is left. Valid UTF-8,
	 * and nothing else that one could rely on.
	 */
	const char *file_name;
	const void *bytes; /* in the body that the form was parsed from */
	size_t size;
};

/*
 * Parse a body of `size` bytes, whose Content-Type is `content_type`. The form
 * is read by form_value() and form_file(), and the caller frees it before the
 * body.
 *
 * A part is a file if its Content-Disposition has a "filename"; its bytes are
 * those of the body, whatever Content-Type it has. A file field that nobody
 * filled (no name and no bytes) is left out. Any other part is a field, whose
 * value is text.
 *
 * STATUS_INVALID: no boundary (RFC 2046 section 5.1.1: 1 to 70 characters), no
 * end of the last part, more than REQUEST_MAX_PARAMETERS parts, more than
 * FORM_MAX_PART_HEAD bytes of header in a part, a part without a name or with a
 * Content-Transfer-Encoding that changes it (RFC 7578 section 4.7), NUL or
 * invalid UTF-8 in a name or a value. STATUS_TOO_LARGE: more than
 * REQUEST_MAX_BODY bytes of values, without those of files.
 *
 * In names %22, %0D and %0A, and nothing else, are what browsers write for a
 * quote, CR and LF; a backslash before a quote is one too, from others. What
 * goes before the first boundary or after the last is passed over, and so is
 * "filename*", which RFC 7578 section 4.2 forbids.
 */
MUST_CHECK enum status form_parse_multipart(const char *content_type,
    const void *body, size_t size, struct form **out_form);

#define FORM_MAX_PART_HEAD ((size_t)8 << 10)

/* The first file of the field `name`; NULL when there is none. It lives as long
 * as `form`, which may be NULL, and its bytes as long as the body. */
const struct form_file *form_file(const struct form *form, const char *name);

#endif
