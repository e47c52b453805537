/*
 * header.c - see header.h.
 */
#include "config.h"

#include "header.h"

#include <glib.h>
#include <string.h>

bool
header_is_token(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (!g_ascii_isalnum(*p) &&
		    strchr("!#$%&'*+-.^_`|~", *p) == NULL)
			return false;
	}
	return *text != '\0';
}

/* Append the value at `at`; where it ends, or NULL: it does not. */
static const char *
take_value(const char *at, GString *out)
{
	size_t size = strcspn(at, "; \t");

	if (*at != '"') {
		g_string_append_len(out, at, (gssize)size);
		return at + size;
	}
	for (at++; *at != '"'; at++) {
		if (at[0] == '\\' && at[1] == '"' &&
		    strchr(at + 2, '"') != NULL)
			at++;
		if (*at == '\0')
			return NULL;
		g_string_append_c(out, *at);
	}
	return at + 1;
}

enum status
header_find_parameter(
    const char *parameters, const char *name, char **out_value)
{
	g_autoptr(GString) value = g_string_new(NULL);
	g_autofree char *found = NULL;
	const char *at = parameters + strspn(parameters, " \t");

	while (*at == ';') {
		const char *start = at + 1 + strspn(at + 1, " \t");
		size_t size = strcspn(start, "=; \t");

		at = start;
		if (size > 0) {
			g_string_truncate(value, 0);
			if (start[size] == '=')
				at = take_value(start + size + 1, value);
			if (at == start || at == NULL)
				return STATUS_INVALID;
		}
		if (found == NULL && size == strlen(name) &&
		    g_ascii_strncasecmp(start, name, size) == 0)
			found = g_strdup(value->str);
		at += strspn(at, " \t");
	}
	if (*at != '\0')
		return STATUS_INVALID;
	if (found == NULL)
		return STATUS_NOT_FOUND;
	*out_value = g_steal_pointer(&found);
	return STATUS_OK;
}
