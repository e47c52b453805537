/*
 * site_feeds.c - what machines read: feeds, the sitemap, robots.txt,
 * security.txt.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "handler/site_routes.h"
#include "http/request.h"
#include "http/response.h"
#include "model/article.h"
#include "model/site.h"
#include "view/feed_view.h"

#include "site_handler.h"

/* What the last part of an address may be: a feed, or what people and other
 * generators call it. */
static const struct {
	const char *name;
	enum feed_format format;
} feed_names[] = {
	{ "feed.xml", FEED_FORMAT_ATOM },
	{ "rss.xml", FEED_FORMAT_RSS },
	{ "feed.json", FEED_FORMAT_JSON },
	{ "atom.xml", FEED_FORMAT_ATOM },
	{ "feed", FEED_FORMAT_ATOM },
	{ "index.xml", FEED_FORMAT_ATOM },
	{ "rss", FEED_FORMAT_RSS },
};

/* Which feed the last part of the address means. STATUS_NOT_FOUND. */
static enum status
find_format(const char *path, enum feed_format *out_format)
{
	const char *name = strrchr(path, '/') + 1;

	for (size_t i = 0; i < G_N_ELEMENTS(feed_names); i++) {
		if (strcmp(name, feed_names[i].name) != 0)
			continue;
		*out_format = feed_names[i].format;
		return STATUS_OK;
	}
	return STATUS_NOT_FOUND;
}

/* Send who guessed the name of a feed to the right one; false: it is right. */
static bool
redirect_feed(struct exchange *exchange, enum feed_format format)
{
	const char *path = exchange->path;
	const char *name = strrchr(path, '/') + 1;
	g_autofree char *right = NULL;

	if (strcmp(name, feed_view_file_name(format)) == 0)
		return false;
	right = g_strdup_printf(
	    "%.*s%s", (int)(name - path), path, feed_view_file_name(format));
	site_redirect(exchange, right);
	return true;
}

enum status
site_show_feed(struct exchange *exchange, const struct article_filter *filter,
    struct feed_page *page)
{
	const struct site *site = site_application_of(exchange)->site;
	const struct site_view view = site_view_of(exchange);
	g_autoptr(GPtrArray) articles = NULL;
	enum feed_format format;
	enum status status;

	status = find_format(exchange->path, &format);
	if (status != STATUS_OK)
		return status;
	if (redirect_feed(exchange, format))
		return STATUS_OK;
	exchange->response->content_type = feed_view_content_type(format);
	if (site_is_not_modified(exchange))
		return STATUS_OK;
	status = article_list_newest(
	    site->database, filter, site->blog.feed_size, view.now, &articles);
	if (status != STATUS_OK)
		return status;
	page->articles = articles;
	page->changed_at = site->shown_at;
	return feed_view_feed(&view, format, page, exchange->response->body);
}

enum status
show_feed(struct exchange *exchange)
{
	const struct article_filter filter = { ARTICLE_SCOPE_ALL, 0 };
	struct feed_page page = { .path = "/" };

	return site_show_feed(exchange, &filter, &page);
}

/* ---- the sitemap ---- */

/* A sitemap that is full ends with the newest articles: what is left out is
 * found by way of the archive. */
static bool
add_article(const char *path, int64_t updated_at, void *data)
{
	if (sitemap_add(data, path, updated_at))
		return true;
	log_warning("sitemap.full", "first_left_out", path);
	return false;
}

static void
add_term(const char *path, void *data)
{
	/* When there is no room for it, there is none for an article. */
	(void)sitemap_add(data, path, 0);
}

enum status
show_sitemap(struct exchange *exchange)
{
	const struct site *site = site_application_of(exchange)->site;
	const struct site_view view = site_view_of(exchange);
	struct sitemap sitemap;
	enum status status;

	exchange->response->content_type = "application/xml; charset=utf-8";
	if (site_is_not_modified(exchange))
		return STATUS_OK;
	sitemap_begin(&sitemap, &view, exchange->response->body);
	(void)sitemap_add(&sitemap, "/", site->shown_at);
	(void)sitemap_add(&sitemap, "/archive", 0);
	status = site_each_term(site->database, add_term, &sitemap);
	if (status == STATUS_OK)
		status = article_each_public(
		    site->database, view.now, add_article, &sitemap);
	sitemap_end(&sitemap);
	return status;
}

enum status
show_robots(struct exchange *exchange)
{
	const struct site_view view = site_view_of(exchange);

	exchange->response->content_type = "text/plain; charset=utf-8";
	if (!site_is_not_modified(exchange))
		feed_view_robots(&view, exchange->response->body);
	return STATUS_OK;
}

enum status
show_security(struct exchange *exchange)
{
	const struct site_view view = site_view_of(exchange);

	exchange->response->cache = CACHE_REVALIDATE;
	exchange->response->content_type = "text/plain; charset=utf-8";
	return feed_view_security(&view, exchange->response->body);
}
