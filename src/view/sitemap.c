/*
 * sitemap.c - every address of a blog, as sitemaps.org 0.9 wants them.
 *
 * Must stay true: at most 50,000 entries and 50 MiB, or search engines refuse
 * the whole of it.
 */
#include "config.h"

#include "base/date.h"
#include "base/text.h"
#include "model/setting.h"
#include "view/feed_view.h"

#include "feed_parts.h"

enum {
	MAX_ENTRIES = 50000,
	MAX_SIZE = 50 * 1024 * 1024,
	ROOM_FOR_END = 64,
};

void
sitemap_begin(
    struct sitemap *sitemap, const struct site_view *view, GString *out)
{
	*sitemap =
	    (struct sitemap){ .view = view, .out = out, .start = out->len };
	g_string_append(out,
	    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	    "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
}

bool
sitemap_add(struct sitemap *sitemap, const char *path, int64_t updated_at)
{
	GString *out = sitemap->out;
	size_t before = out->len;
	g_autofree char *url = NULL;

	if (sitemap->entry_count == MAX_ENTRIES)
		return false;
	url = feed_url(sitemap->view, path);
	g_string_append(out, "<url><loc>");
	text_append_xml(out, url);
	g_string_append(out, "</loc>");
	if (updated_at > 0) {
		g_autofree char *time =
		    date_format_rfc3339(updated_at, sitemap->view->blog->zone);

		g_string_append_printf(out, "<lastmod>%s</lastmod>", time);
	}
	g_string_append(out, "</url>\n");
	if (out->len - sitemap->start > MAX_SIZE - ROOM_FOR_END) {
		g_string_truncate(out, before);
		return false;
	}
	sitemap->entry_count++;
	return true;
}

void
sitemap_end(struct sitemap *sitemap)
{
	g_string_append(sitemap->out, "</urlset>\n");
}
