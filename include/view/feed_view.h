/*
 * feed_view.h - what machines read: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1,
 * the sitemap (sitemaps.org 0.9), robots.txt (RFC 9309), security.txt (RFC
 * 9116).
 *
 * Every address in them is whole, built from base_url, and percent-encoded.
 * Each function appends one document to `out`.
 */
#ifndef VIEW_FEED_VIEW_H
#define VIEW_FEED_VIEW_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct site_view;

enum feed_format {
	FEED_FORMAT_ATOM,
	FEED_FORMAT_RSS,
	FEED_FORMAT_JSON
};

struct feed_page {
	const char *path;        /* the listing it is of: "/", "/tags/sqlite" */
	const char *title;       /* NULL: the blog's own */
	const char *description; /* or NULL */
	const GPtrArray *articles; /* struct article *, newest first, whole */
	int64_t changed_at;        /* of the blog, for an empty feed */
};

/* "application/atom+xml; charset=utf-8" and so on; static. */
const char *feed_view_content_type(enum feed_format format);
/* "feed.xml", "rss.xml", "feed.json"; static. */
const char *feed_view_file_name(enum feed_format format);

/*
 * The feed of `page` with whole articles. An article keeps its id,
 * "tag:HOST,2026:article-ID", whatever becomes of its slug, date and title; a
 * blog below a base path puts that before it, "blog/article-ID".
 */
MUST_CHECK enum status feed_view_feed(const struct site_view *view,
    enum feed_format format, const struct feed_page *page, GString *out);

/*
 * The sitemap, written piece by piece: begin, an entry for each address
 * (without the base path; `updated_at` 0 where unknown), end. At most 50,000
 * entries and 50 MiB: sitemap_add() returns false when it is full.
 */
struct sitemap {
	const struct site_view *view;
	GString *out;
	int64_t entry_count;
	size_t start; /* of the document in `out` */
};
void sitemap_begin(
    struct sitemap *sitemap, const struct site_view *view, GString *out);
bool sitemap_add(struct sitemap *sitemap, const char *path, int64_t updated_at);
void sitemap_end(struct sitemap *sitemap);

/* The author's own text where there is one; else everything is allowed but
 * /desk and /search, and the sitemap named. */
void feed_view_robots(const struct site_view *view, GString *out);

/*
 * STATUS_NOT_FOUND when no contact is configured, or none that can stand in
 * one line. An e-mail address becomes a mailto: address. It expires within a
 * year of `view->now`.
 */
MUST_CHECK enum status feed_view_security(
    const struct site_view *view, GString *out);

#endif
