/*
 * content_type.c - see content_type.h. The sample configurations of web servers
 * in cgi-bin/ have the same list.
 */
#include "config.h"

#include "base/content_type.h"

#include <glib.h>
#include <string.h>

static const struct {
	const char *ending;
	const char *content_type;
} TYPES[] = {
	{ ".avif", "image/avif" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".gif", "image/gif" },
	{ ".ico", "image/vnd.microsoft.icon" },
	{ ".jpeg", "image/jpeg" },
	{ ".jpg", "image/jpeg" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".json", "application/json" },
	{ ".m4a", "audio/mp4" },
	{ ".mp3", "audio/mpeg" },
	{ ".mp4", "video/mp4" },
	{ ".ogg", "audio/ogg" },
	{ ".png", "image/png" },
	{ ".svg", "image/svg+xml" },
	{ ".txt", "text/plain; charset=utf-8" },
	{ ".webm", "video/webm" },
	{ ".webmanifest", "application/manifest+json" },
	{ ".webp", "image/webp" },
	{ ".woff", "font/woff" },
	{ ".woff2", "font/woff2" },
	{ ".xml", "application/xml; charset=utf-8" },
};

const char *
content_type_of(const char *name)
{
	const char *ending = strrchr(name, '.');

	for (size_t i = 0; ending != NULL && i < G_N_ELEMENTS(TYPES); i++)
		if (strcmp(TYPES[i].ending, ending) == 0)
			return TYPES[i].content_type;
	return NULL;
}

bool
content_type_is_media(const char *content_type)
{
	return g_str_has_prefix(content_type, "image/") ||
	       g_str_has_prefix(content_type, "video/") ||
	       g_str_has_prefix(content_type, "audio/");
}
