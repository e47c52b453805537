/*
 * response_cookie.c - see response_cookie.h. It must keep true that no value
 * ends its cookie or adds an attribute to it.
 */
#include "config.h"

#include "http/response_cookie.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "header.h"
#include "http/cookie.h"
#include "http/response.h"

/* Whether `value` is made of cookie-octets (RFC 6265 section 4.1.1). */
static bool
is_cookie_value(const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value <= ' ' || *value > '~' ||
		    strchr("\",;\\", *value) != NULL)
			return false;
	}
	return true;
}

enum status
response_set_cookie(struct response *response, const char *name,
    const char *value, int64_t max_age, bool is_secure)
{
	g_autofree char *full_name = cookie_full_name(name, is_secure);
	g_autoptr(GString) cookie = g_string_new(NULL);

	if (!header_is_token(name) || !is_cookie_value(value))
		return STATUS_INVALID;
	if (strlen(full_name) + strlen(value) > RESPONSE_MAX_COOKIE)
		return STATUS_TOO_LARGE;
	g_string_printf(
	    cookie, "%s=%s; Path=/; HttpOnly; SameSite=Lax", full_name, value);
	if (is_secure)
		g_string_append(cookie, "; Secure");
	if (max_age >= 0)
		g_string_append_printf(cookie, "; Max-Age=%" PRId64, max_age);
	response_add_header(response, "Set-Cookie", cookie->str);
	response->cache = CACHE_NEVER;
	return STATUS_OK;
}
