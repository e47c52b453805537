/*
 * feed_parts.h - what the three kinds of feed and the sitemap have in common.
 */
#ifndef VIEW_FEED_PARTS_H
#define VIEW_FEED_PARTS_H

#include <glib.h>
#include <stdint.h>

#include "model/article.h"
#include "view/feed_view.h"
#include "view/site_view.h"

/* What a feed says of itself. The caller releases it. */
struct feed_head {
	char *title;
	char *description; /* never empty */
	char *home_url;    /* of the page it is the feed of */
	char *self_url;
	char *id;
	int64_t updated_at;
};

void feed_head_init(struct feed_head *head, const struct site_view *view,
    enum feed_format format, const struct feed_page *page);
void feed_head_release(struct feed_head *head);

/* The address of `path`, which may be a whole one, percent-encoded. The caller
 * frees it. */
char *feed_url(const struct site_view *view, const char *path);

/* The address of an author's page. The caller frees it. */
char *feed_author_url(const struct site_view *view, const char *handle);

/* "tag:example.org,2026:article-12". The caller frees it. */
char *feed_article_id(const struct site_view *view, int64_t id);

/* When `article` last changed. */
int64_t feed_updated_at(const struct article *article);

/* Whose blog it is, for where an author must be named. Borrowed. */
const char *feed_owner(const struct site_view *view);

/* Append <name>text</name>. */
void feed_append_element(GString *out, const char *name, const char *text);

/* Append ` name="value"`. */
void feed_append_attribute(GString *out, const char *name, const char *value);

/* Append the content of `article` as the text of an element, every address in
 * it whole. */
void feed_append_content(
    GString *out, const struct site_view *view, const struct article *article);

/* Append its cover as media:content, if it has one. */
void feed_append_cover(
    GString *out, const struct site_view *view, const struct article *article);

void feed_append_atom(GString *out, const struct site_view *view,
    const struct feed_head *head, const struct feed_page *page);
void feed_append_rss(GString *out, const struct site_view *view,
    const struct feed_head *head, const struct feed_page *page);
void feed_append_json(GString *out, const struct site_view *view,
    const struct feed_head *head, const struct feed_page *page);

#endif
