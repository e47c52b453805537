/*
 * site_parts.h - pieces that several pages of site_view.h have in common.
 *
 * Each function fills one included template, or the markers of one thing. All
 * that is given is borrowed until the function returns.
 */
#ifndef VIEW_SITE_PARTS_H
#define VIEW_SITE_PARTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct article_summary;
struct site_view;
struct template_dict;

/* One author as site/author.html shows them; NULL or "" where absent. */
struct author_block {
	const char *handle;
	const char *name;
	const char *job_title;
	const char *biography;
	const char *picture_path;
	const char *website;
	bool is_name_known; /* the page says it already */
};

/* Show section `section` with `marker` set to `value`, unless that is empty. */
void part_show(struct template_dict *dict, const char *section,
    const char *marker, const char *value);

/* Include site/author.html at `marker` with `block`. */
void fill_author(struct template_dict *dict, const char *marker,
    const struct site_view *view, const struct author_block *block);

/* Include site/subscribe.html at SUBSCRIBE when the form is open. */
void fill_subscribe(struct template_dict *dict, const struct site_view *view);

/* Include site/search_form.html at SEARCH_FORM. `message` may be NULL. */
void fill_search_form(struct template_dict *dict, const struct site_view *view,
    const char *typed, const char *message);

/* A list in pages, and what its ends are called. */
struct paging {
	int64_t page; /* from 1 */
	int64_t page_count;
	const char *previous_name; /* "Newer" */
	const char *next_name;     /* "Older" */
	/* The path of page `page`; the caller frees it. */
	char *(*path_of)(const void *data, int64_t page);
	const void *data;
};

/* Include site/paging.html at PAGING, and say "Page 2 of 9" in PAGE_NUMBERS,
 * when there is more than one page. */
void fill_paging(struct template_dict *dict, const struct site_view *view,
    const struct paging *paging);

/* The day of `article` as DATE and DATETIME, and MINUTES. */
void fill_meta(struct template_dict *dict, const struct site_view *view,
    const struct article_summary *article, const char *language);

/* The cover of `article` in section COVERS, if it has one. */
void fill_cover(struct template_dict *dict, const struct site_view *view,
    const struct article_summary *article);

#endif
