/*
 * article_path.c - where an article stands: its permalink.
 *
 * What must hold: no article ever stands where Byline answers itself, or its
 * page could not be reached.
 */
#include "config.h"

#include "model/article.h"

#include <inttypes.h>
#include <string.h>

#include "article_private.h"
#include "base/date.h"
#include "model/setting.h"

/* The first segments of our own addresses (handler/site_routes.c). */
static const char *const reserved_segments[] = {
	".well-known",
	"archive",
	"atom.xml",
	"authors",
	"categories",
	"desk",
	"favicon.ico",
	"feed",
	"feed.json",
	"feed.xml",
	"healthz",
	"index.html",
	"index.xml",
	"media",
	"page",
	"robots.txt",
	"rss",
	"rss.xml",
	"search",
	"sitemap.xml",
	"static",
	"subscribe",
	"tags",
	"unsubscribe",
	"views",
};

bool
article_path_is_reserved(const char *path)
{
	const char *segment = path + 1;
	size_t size = strcspn(segment, "/");

	/* "/articles/a" is where articles stand; "/articles" itself is not. */
	if (size == 8 && strcmp(segment, "articles") == 0)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(reserved_segments); i++)
		if (strlen(reserved_segments[i]) == size &&
		    g_ascii_strncasecmp(segment, reserved_segments[i], size) ==
			0)
			return true;
	return false;
}

/* What stands in a permalink. */
struct permalink_values {
	int64_t id;
	const char *slug;
	const char *category;
	int year, month, day;
};

/* Append what the marker at `marker` stands for; returns its length, 0 when
 * there is none. */
static size_t
append_marker(
    GString *path, const char *marker, const struct permalink_values *values)
{
	const char *end = strchr(marker, '}');
	size_t size;

	if (*marker != '{' || end == NULL)
		return 0;
	size = (size_t)(end - marker) + 1;
	if (strncmp(marker, "{slug}", size) == 0)
		g_string_append(path, values->slug);
	else if (strncmp(marker, "{category}", size) == 0)
		g_string_append(path, values->category);
	else if (strncmp(marker, "{id}", size) == 0)
		g_string_append_printf(path, "%" PRId64, values->id);
	else if (strncmp(marker, "{year}", size) == 0)
		g_string_append_printf(path, "%04d", values->year);
	else if (strncmp(marker, "{month}", size) == 0)
		g_string_append_printf(path, "%02d", values->month);
	else if (strncmp(marker, "{day}", size) == 0)
		g_string_append_printf(path, "%02d", values->day);
	else
		return 0;
	return size;
}

char *
article_make_path(const struct blog *blog, enum article_kind kind, int64_t id,
    const char *slug, int64_t published_at, const char *category_slug)
{
	struct permalink_values values = {
		.id = id,
		.slug = slug,
		.category =
		    category_slug != NULL ? category_slug : "uncategorized",
	};
	GString *path;

	if (kind == ARTICLE_KIND_PAGE)
		return g_strconcat("/", slug, NULL);
	date_split(
	    published_at, blog->zone, &values.year, &values.month, &values.day);
	path = g_string_new(NULL);
	for (const char *at = blog->permalink; *at != '\0';) {
		size_t size = append_marker(path, at, &values);

		if (size == 0)
			g_string_append_c(path, *at);
		at += size != 0 ? size : 1;
	}
	return g_string_free(path, FALSE);
}
