/*
 * site_feeds.c - what machines read: feeds, the sitemap, robots.txt,
 * security.txt.
 */
#include "config.h"

#include <string.h>

#include "handler/site_routes.h"
#include "http/request.h"
#include "http/response.h"
#include "model/article.h"
#include "model/author.h"
#include "model/category.h"
#include "model/site.h"
#include "model/tag.h"
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
	const char *path = exchange->request->path;
	const char *name = strrchr(path, '/') + 1;
	g_autofree char *right = NULL;

	if (strcmp(name, feed_view_file_name(format)) == 0)
		return false;
	right = g_strdup_printf(
	    "%.*s%s", (int)(name - path), path, feed_view_file_name(format));
	site_redirect(exchange, right);
	return true;
}

/* The feed of the articles in `filter`, which `page` describes. */
static enum status
show_feed_of(struct exchange *exchange, const struct article_filter *filter,
    struct feed_page *page)
{
	const struct site *site = site_application_of(exchange)->site;
	const struct site_view view = site_view_of(exchange);
	g_autoptr(GPtrArray) articles = NULL;
	enum feed_format format;
	enum status status;

	status = find_format(exchange->request->path, &format);
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
	page->changed_at = site->changed_at;
	return feed_view_feed(&view, format, page, exchange->response->body);
}

enum status
show_feed(struct exchange *exchange)
{
	const struct article_filter filter = { ARTICLE_SCOPE_ALL, 0 };
	struct feed_page page = { .path = "/" };

	return show_feed_of(exchange, &filter, &page);
}

enum status
show_tag_feed(struct exchange *exchange)
{
	struct article_filter filter = { .scope = ARTICLE_SCOPE_TAG };
	g_autofree char *path = NULL;
	struct tag *tag;
	enum status status;

	status = site_find_tag(exchange, &tag);
	if (status != STATUS_OK)
		return status;
	filter.key = tag->id;
	path = g_strconcat("/tags/", tag->slug, NULL);
	status = show_feed_of(exchange, &filter,
	    &(struct feed_page){ .path = path,
		.title = tag->name,
		.description = tag->description });
	tag_free(tag);
	return status;
}

enum status
show_category_feed(struct exchange *exchange)
{
	struct article_filter filter = { .scope = ARTICLE_SCOPE_CATEGORY };
	g_autofree char *path = NULL;
	struct category *category;
	enum status status;

	status = site_find_category(exchange, &category);
	if (status != STATUS_OK)
		return status;
	filter.key = category->id;
	path = g_strconcat("/categories/", category->slug, NULL);
	status = show_feed_of(exchange, &filter,
	    &(struct feed_page){ .path = path,
		.title = category->name,
		.description = category->description });
	category_free(category);
	return status;
}

enum status
show_author_feed(struct exchange *exchange)
{
	struct article_filter filter = { .scope = ARTICLE_SCOPE_AUTHOR };
	g_autofree char *path = NULL;
	struct author *author;
	enum status status;

	status = site_find_author(exchange, &author);
	if (status != STATUS_OK)
		return status;
	filter.key = author->id;
	path = g_strconcat("/authors/", author->handle, NULL);
	status = show_feed_of(exchange, &filter,
	    &(struct feed_page){ .path = path,
		.title = author->name,
		.description = author->biography });
	author_free(author);
	return status;
}

/* ---- the sitemap ---- */

static bool
add_article(const char *path, int64_t updated_at, void *data)
{
	return sitemap_add(data, path, updated_at);
}

/* The pages beside the articles that are worth finding. */
static enum status
add_listings(struct sitemap *sitemap, const struct site *site)
{
	g_autoptr(GPtrArray) tags = NULL;
	g_autoptr(GPtrArray) categories = NULL;
	g_autoptr(GPtrArray) authors = NULL;
	enum status status;

	status = tag_list_used(site->database, &tags);
	if (status == STATUS_OK)
		status = category_list_used(site->database, &categories);
	if (status == STATUS_OK)
		status = author_list_used(site->database, &authors);
	if (status != STATUS_OK)
		return status;
	sitemap_add(sitemap, "/archive", 0);
	for (guint i = 0; i < categories->len; i++) {
		const struct category *category =
		    g_ptr_array_index(categories, i);
		g_autofree char *path =
		    g_strconcat("/categories/", category->slug, NULL);

		sitemap_add(sitemap, path, 0);
	}
	for (guint i = 0; i < tags->len; i++) {
		const struct tag *tag = g_ptr_array_index(tags, i);
		g_autofree char *path = g_strconcat("/tags/", tag->slug, NULL);

		sitemap_add(sitemap, path, 0);
	}
	for (guint i = 0; i < authors->len; i++) {
		const struct author *author = g_ptr_array_index(authors, i);
		g_autofree char *path =
		    g_strconcat("/authors/", author->handle, NULL);

		sitemap_add(sitemap, path, 0);
	}
	return STATUS_OK;
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
	sitemap_add(&sitemap, "/", site->changed_at);
	status = article_each_public(
	    site->database, view.now, add_article, &sitemap);
	if (status == STATUS_OK)
		status = add_listings(&sitemap, site);
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
