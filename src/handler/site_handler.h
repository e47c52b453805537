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

struct article_filter;
struct database;
struct feed_page;
struct site_application;

/* The application, its database, and a view of it at the time of the request.
 */
struct site_application *site_application_of(const struct exchange *exchange);
struct database *site_database_of(const struct exchange *exchange);
struct site_view site_view_of(const struct exchange *exchange);

/* Bring the settings of the blog up to date, where no snapshot has been begun;
 * false when they cannot be read. */
bool site_read_settings(const struct exchange *exchange);

/* Have `policy`, which is taken, as the Content-Security-Policy of pages until
 * settings are read. */
void site_set_policy(struct site_application *application, char *policy);

/*
 * To be called once it is certain that the page exists and before it is made:
 * true when the visitor has it already, and the answer is complete.
 */
bool site_is_not_modified(struct exchange *exchange);

/* Answer with a permanent redirect to `path`, which is decoded and without the
 * base path. */
void site_redirect(struct exchange *exchange, const char *path);

/*
 * Show page `number` ("" the first) of the articles in `filter`, which `page`
 * describes but for the articles themselves.
 */
MUST_CHECK enum status site_show_listing(struct exchange *exchange,
    const struct article_filter *filter, const char *number,
    const struct listing_page *page);

/* Show the feed of the articles in `filter`, which `page` describes but for the
 * articles themselves, in the format that the address names. */
MUST_CHECK enum status site_show_feed(struct exchange *exchange,
    const struct article_filter *filter, struct feed_page *page);

/* The entries of an index, none at first. The caller unrefs it. */
GPtrArray *site_new_index(void);

/* Add what stands at `directory`/`slug`; `note` may be NULL. */
void site_add_index_entry(GPtrArray *entries, const char *directory,
    const char *slug, const char *name, const char *note,
    int64_t article_count);

/* Show the index at `path`. */
MUST_CHECK enum status site_show_index(struct exchange *exchange,
    const char *path, const char *title, const GPtrArray *entries);

/* Visit the path of every tag, category and author that readers know of. */
MUST_CHECK enum status site_each_term(struct database *database,
    void (*visit)(const char *path, void *data), void *data);

/* site_pages.c */
enum status show_front_page(struct exchange *exchange);
enum status show_archive(struct exchange *exchange);
enum status show_year(struct exchange *exchange);
enum status show_search(struct exchange *exchange);
enum status show_health(struct exchange *exchange);

/* Whatever has an address of its own: an article or a standing page. Answers
 * for every path that no route has. */
enum status show_addressed(struct exchange *exchange);

/* Where an old address leads. */
enum status follow_old_address(struct exchange *exchange);

/*
 * kept_page.c: answer with the page that was kept of an earlier request; false
 * where there is none, and nothing is changed.
 */
bool kept_page_answer(struct exchange *exchange);

/* Keep what was answered, if it is a page that every reader gets. */
void kept_page_keep(const struct exchange *exchange);

/* The same for whether views are counted, which each view asks for: false where
 * that was not kept. */
bool kept_page_find_counting(
    const struct exchange *exchange, bool *out_is_counting);
void kept_page_keep_counting(const struct exchange *exchange);

/* site_views.c */
enum status show_view_image(struct exchange *exchange);

/* Whoever asks is led on by a redirect: a hit, where it is a person's. */
void site_note_redirect(const struct exchange *exchange);

/* site_feeds.c */
enum status show_feed(struct exchange *exchange);
enum status show_sitemap(struct exchange *exchange);
enum status show_robots(struct exchange *exchange);
enum status show_security(struct exchange *exchange);

/* site_taxonomy.c: the index of tags, categories or authors, one of them, and
 * its feeds. */
enum status show_terms(struct exchange *exchange);
enum status show_term(struct exchange *exchange);
enum status show_term_feed(struct exchange *exchange);

/* site_files.c */
enum status show_static_file(struct exchange *exchange);
enum status show_media_file(struct exchange *exchange);

#endif
