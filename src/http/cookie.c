/*
 * cookie.c - see cookie.h.
 */
#include "config.h"

#include "http/cookie.h"

#include <glib.h>
#include <string.h>

char *
cookie_full_name(const char *name, bool is_secure)
{
	return g_strconcat(is_secure ? "__Host-" : "", name, NULL);
}

/* Without the white space at the end, which a header may have before a
 * semicolon. The caller frees it. */
static char *
copy_value(const char *value, size_t size)
{
	return g_strchomp(g_strndup(value, size));
}

char *
cookie_find(const char *cookies, const char *name, bool is_secure)
{
	g_autofree char *full_name = cookie_full_name(name, is_secure);
	size_t name_size = strlen(full_name);

	while (cookies != NULL) {
		size_t size;

		cookies += strspn(cookies, "; \t");
		size = strcspn(cookies, ";");
		if (size == 0)
			break;
		if (size > name_size && cookies[name_size] == '=' &&
		    memcmp(cookies, full_name, name_size) == 0)
			return copy_value(
			    cookies + name_size + 1, size - name_size - 1);
		cookies += size;
	}
	return NULL;
}
