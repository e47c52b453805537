/*
 * status.h - how a function says that it could not do what it was asked.
 *
 * A function that can fail returns `enum status`, is marked MUST_CHECK, and
 * sets its `out_` values only on success. Where a person will read the reason,
 * it also takes a `GError **` and fills it with status_fail().
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include <glib.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum status {
	STATUS_OK = 0,
	STATUS_NOT_FOUND, /* no such article, file, address */
	STATUS_INVALID,   /* the caller's input is wrong, and can be mended */
	STATUS_CONFLICT,  /* somebody else changed or took it first */
	STATUS_FORBIDDEN, /* not for this caller */
	STATUS_TOO_LARGE, /* over a limit of size, time or memory */
	STATUS_BUSY,      /* try again: locked, starting, full */
	STATUS_FAILED     /* anything else; the cause is in the log */
};

/* The domain of every GError of ours; its code is an enum status. */
#define BYLINE_ERROR (byline_error_quark())
GQuark byline_error_quark(void);

/*
 * The status in lower-case words ("not found"), for logs and tests. The string
 * is static.
 */
const char *status_name(enum status status);

/*
 * Set `error` (which may be NULL) to BYLINE_ERROR, `status` and the formatted
 * words, and return `status`: `return status_fail(error, STATUS_INVALID, ...)`.
 * The words are a sentence without a full stop, for a person who can act on it.
 */
enum status status_fail(GError **error, enum status status, const char *format,
    ...) G_GNUC_PRINTF(3, 4);

/*
 * The status that `error` carries: its code if it is ours, STATUS_FAILED if it
 * is GLib's or another library's, STATUS_OK if it is NULL.
 */
enum status status_of_error(const GError *error);

#endif
