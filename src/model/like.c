/*
 * like.c - part of a text, as LIKE looks for it: what stands for anything there
 * stands for itself.
 */
#include "config.h"

#include "like.h"

#include <glib.h>
#include <string.h>

#include "base/text.h"

#define MAX_SIZE 90

char *
like_pattern(const char *text)
{
	g_autoptr(GString) pattern = g_string_new("%");

	if (!text_is_given(text))
		return NULL;
	for (const char *at = text; *at != '\0' && pattern->len < MAX_SIZE;
	     at = g_utf8_next_char(at)) {
		size_t size = (size_t)(g_utf8_next_char(at) - at);

		if (strchr("%_\\", *at) != NULL)
			g_string_append_c(pattern, '\\');
		g_string_append_len(pattern, at, (gssize)size);
	}
	g_string_append_c(pattern, '%');
	return g_string_free(g_steal_pointer(&pattern), FALSE);
}
