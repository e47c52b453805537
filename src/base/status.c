/*
 * status.c - the words for a status, and the errors that carry one.
 *
 * What must stay true: every status has a name, and a BYLINE_ERROR's code is
 * always an enum status other than STATUS_OK.
 */
#include "config.h"

#include "base/status.h"

GQuark
byline_error_quark(void)
{
	return g_quark_from_static_string("byline-error-quark");
}

const char *
status_name(enum status status)
{
	switch (status) {
	case STATUS_OK:
		return "ok";
	case STATUS_NOT_FOUND:
		return "not found";
	case STATUS_INVALID:
		return "invalid";
	case STATUS_CONFLICT:
		return "conflict";
	case STATUS_FORBIDDEN:
		return "forbidden";
	case STATUS_TOO_LARGE:
		return "too large";
	case STATUS_BUSY:
		return "busy";
	case STATUS_FAILED:
		return "failed";
	}
	return "unknown";
}

enum status
status_fail(GError **error, enum status status, const char *format, ...)
{
	va_list arguments;

	if (error == NULL)
		return status;
	va_start(arguments, format);
	g_propagate_error(error,
	    g_error_new_valist(BYLINE_ERROR, (gint)status, format, arguments));
	va_end(arguments);
	return status;
}

enum status
status_of_error(const GError *error)
{
	if (error == NULL)
		return STATUS_OK;
	if (error->domain != BYLINE_ERROR || error->code <= STATUS_OK ||
	    error->code > STATUS_FAILED)
		return STATUS_FAILED;
	return (enum status)error->code;
}
