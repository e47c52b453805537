/*
 * layout.h - what all pages share: the head, the navigation, the footer, and
 * how an address is written.
 *
 * A page is the template site/layout.html around a template of its own. Every
 * address of ours is made by the functions here, so that a base path holds
 * everywhere.
 */
#ifndef VIEW_LAYOUT_H
#define VIEW_LAYOUT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "view/site_view.h"

struct article_summary;
struct template_dict;

/* What the layout says about a page. All borrowed; NULL where there is none. */
struct layout_page {
	const char *path;          /* its address; NULL: an error page */
	const char *title;         /* as shared; NULL: the blog's */
	const char *head_title;    /* in the window's title; NULL: `title` */
	const char *description;   /* for search engines */
	const char *canonical_url; /* a path or a whole address; NULL: `path` */
	const char *current;       /* link of the navigation; NULL: `path` */
	const char *feed_path;     /* of its own feeds, "/tags/sqlite" */
	const char *previous_path; /* for rel="prev" */
	const char *next_path;
};

/* A page being filled. */
struct layout {
	const struct site_view *view;
	struct template_dict *root; /* of site/layout.html */
	struct template_dict *main; /* of the page's own template */
};

/*
 * Begin a page whose own template is `file`: everything but its main part is
 * filled. The caller ends it with layout_finish().
 */
void layout_init(struct layout *layout, const struct site_view *view,
    const struct layout_page *page, const char *file);

/* Append the page to `out` and free what `layout` holds, whatever comes of it.
 */
MUST_CHECK enum status layout_finish(struct layout *layout, GString *out);

/*
 * The address of `path` for a link: the base path before it. An http or https
 * address stays as it is. The caller frees it.
 */
char *layout_url(const struct site_view *view, const char *path);

/* The same, whole: "https://example.org/blog/tags". The caller frees it. */
char *layout_absolute_url(const struct site_view *view, const char *path);

/* Set marker `name` to layout_url(). */
void layout_set_url(struct template_dict *dict, const char *name,
    const struct site_view *view, const char *path);

/* Page `page` of the list at `path`: "/tags/a/page/2", the first at `path`
 * itself. The caller frees it. */
char *layout_page_path(const char *path, int64_t page);

/* "20 articles", "1 article". The caller frees it. */
char *layout_count(int64_t count, const char *singular, const char *plural);

/*
 * Show section `section` with markers `language` and `direction` when the
 * language of `article` is neither empty nor the blog's, or it says a direction
 * of its own. Returns the language that holds there: borrowed.
 */
const char *layout_show_language(struct template_dict *dict,
    const struct site_view *view, const struct article_summary *article,
    const char *section, const char *language, const char *direction);

/* Set `words` to the day in words in `language` and `machine` to RFC 3339. */
void layout_set_time(struct template_dict *dict, const struct site_view *view,
    const char *words, const char *machine, int64_t time, const char *language);

#endif
