/*
 * site_view.h - the pages a reader sees, filled from models into templates.
 *
 * Each function appends one whole HTML page to `out`, or leaves it as it was
 * and returns STATUS_FAILED (logged). Addresses given here are without the base
 * path; the view puts it before them.
 */
#ifndef VIEW_SITE_VIEW_H
#define VIEW_SITE_VIEW_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct article;
struct article_list;
struct article_series;
struct article_summary;
struct author;
struct blog;
struct search_result;
struct settings;
struct static_files;
struct template_engine;

/* What every page needs. All borrowed; may be copied. */
struct site_view {
	struct template_engine *engine;
	const struct static_files *static_files;
	const struct settings *settings;
	const struct blog *blog;
	int64_t now;
	/* Pages of articles show the image by which views are counted: what
	 * readers see, and no preview. */
	bool is_counting;
};

/* The front page and every other list of cards. */
struct listing_page {
	const struct article_list *list;
	/* "/" for the front page; "/tags/sqlite"; page N is at PATH/page/N */
	const char *path;
	/* NULL on the front page, which has the blog's own heading; else: */
	const char *kicker;          /* "Tag", "Category", "Archive" */
	const char *title;           /* "SQLite", "2026" */
	const char *description;     /* or "" */
	bool has_feed;               /* PATH/feed.xml and the others exist */
	const struct author *author; /* whose block is shown; NULL: none */
	const char
	    *current; /* address of the navigation link to mark; or NULL */
};
MUST_CHECK enum status site_view_listing(const struct site_view *view,
    const struct listing_page *page, GString *out);

/* Of `related` the first ARTICLE_PAGE_RELATED are shown that the page does not
 * lead to as the previous or next one; ARTICLE_PAGE_CANDIDATES are enough. */
enum {
	ARTICLE_PAGE_RELATED = 3,
	ARTICLE_PAGE_CANDIDATES = ARTICLE_PAGE_RELATED + 2
};
struct article_page {
	const struct article *article;
	const struct article_summary *previous; /* older; or NULL */
	const struct article_summary *next;     /* newer; or NULL */
	const GPtrArray *related;               /* struct article_summary * */
	const struct article_series *series;    /* or NULL */
};
MUST_CHECK enum status site_view_article(const struct site_view *view,
    const struct article_page *page, GString *out);

/* A standing page: an article without date, author and neighbours. */
MUST_CHECK enum status site_view_standing_page(
    const struct site_view *view, const struct article *article, GString *out);

/* One entry of a page that lists tags, categories, authors or years. */
struct index_entry {
	char *path;
	char *name;
	char *description; /* or NULL */
	int64_t article_count;
};
struct index_page {
	const char *path;         /* "/tags" */
	const char *title;        /* "Tags" */
	const GPtrArray *entries; /* struct index_entry * */
};
MUST_CHECK enum status site_view_index(
    const struct site_view *view, const struct index_page *page, GString *out);
void index_entry_free(struct index_entry *entry);

struct search_page {
	const char *typed; /* what the visitor typed; "" shows the form alone */
	const struct search_result *result; /* NULL with "" */
	const char *message; /* NULL, or why there is no result: "too long" */
};
MUST_CHECK enum status site_view_search(
    const struct site_view *view, const struct search_page *page, GString *out);

/*
 * An error page: its title and what to do in words, with a search box on 404.
 * Needs no database; when the templates themselves fail the caller sends plain
 * text.
 */
MUST_CHECK enum status site_view_error(const struct site_view *view,
    int http_status, const char *reason, GString *out);

#endif
