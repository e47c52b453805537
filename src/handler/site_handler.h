/*
 * site_handler.h - what the handlers of the public side share. Private to the
 * layer.
 */
#ifndef SITE_HANDLER_H
#define SITE_HANDLER_H

#include <stdbool.h>

#include "base/status.h"
#include "http/router.h"
#include "view/site_view.h"

struct author;
struct category;
struct site_application;
struct tag;

/* The application, and a view of it at the time of the request. */
struct site_application *site_application_of(const struct exchange *exchange);
struct site_view site_view_of(const struct exchange *exchange);

/*
 * To be called once it is certain that the page exists and before it is made:
 * true when the visitor has it already, and the answer is complete.
 */
bool site_is_not_modified(struct exchange *exchange);

/* Answer with a permanent redirect to `path`, which is decoded and without the
 * base path. */
void site_redirect(struct exchange *exchange, const char *path);

/*
 * Whom or what the first value of the route names, if readers know of it.
 * STATUS_NOT_FOUND. The caller frees it.
 */
MUST_CHECK enum status site_find_tag(
    const struct exchange *exchange, struct tag **out_tag);
MUST_CHECK enum status site_find_category(
    const struct exchange *exchange, struct category **out_category);
MUST_CHECK enum status site_find_author(
    const struct exchange *exchange, struct author **out_author);

/* site_pages.c */
enum status show_front_page(struct exchange *exchange);
enum status show_tags(struct exchange *exchange);
enum status show_tag(struct exchange *exchange);
enum status show_categories(struct exchange *exchange);
enum status show_category(struct exchange *exchange);
enum status show_authors(struct exchange *exchange);
enum status show_author(struct exchange *exchange);
enum status show_archive(struct exchange *exchange);
enum status show_year(struct exchange *exchange);
enum status show_search(struct exchange *exchange);
enum status show_health(struct exchange *exchange);

/* Whatever has an address of its own: an article, a standing page, or where an
 * old address leads. Answers for every path that no route has. */
enum status show_addressed(struct exchange *exchange);

/* site_feeds.c */
enum status show_feed(struct exchange *exchange);
enum status show_tag_feed(struct exchange *exchange);
enum status show_category_feed(struct exchange *exchange);
enum status show_author_feed(struct exchange *exchange);
enum status show_sitemap(struct exchange *exchange);
enum status show_robots(struct exchange *exchange);
enum status show_security(struct exchange *exchange);

/* site_files.c */
enum status show_static_file(struct exchange *exchange);
enum status show_media_file(struct exchange *exchange);

#endif
