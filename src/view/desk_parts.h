/*
 * desk_parts.h - what the pages of the desk share. Private to the layer.
 */
#ifndef DESK_PARTS_H
#define DESK_PARTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct desk_page;
struct desk_view;
struct page_view_summary;
struct template_dict;

/* The address of `path` for a link. The caller frees it. */
char *desk_url(const struct desk_view *view, const char *path);

/* Set marker `name` to desk_url(). */
void desk_set_url(struct template_dict *dict, const char *name,
    const struct desk_view *view, const char *path);

/* "May 30, 2026, 14:02", in the author's time zone; "" for 0. The caller frees
 * it. */
char *desk_format_time(const struct desk_view *view, int64_t time);

/* Set `words` to that, and `machine` (may be NULL) to RFC 3339. */
void desk_set_time(struct template_dict *dict, const char *words,
    const char *machine, const struct desk_view *view, int64_t time);

/* A day that was counted (model/page_view.h): "May 30, 2026". The caller frees
 * it. */
char *desk_format_day(const struct desk_view *view, int64_t day);

/* Show section `section` with `marker` set to what is wrong, as a sentence:
 * "it is too long" becomes "It is too long." Nothing for NULL and "". */
void desk_show_problem(struct template_dict *dict, const char *section,
    const char *marker, const char *problem);

/* ---- the pages of the settings ---- */

/* Begin a page as desk_page_init() does, with the navigation among the settings
 * at PARTS: the page at `path`, or one below it that is called `title`; NULL:
 * as in the navigation. */
void desk_part_init(struct desk_page *page, const struct desk_view *view,
    const char *path, const char *title, const char *file);

/* Include a form that finds `text` in the list at `path` at FINDING. */
void desk_fill_finding(struct template_dict *dict, const struct desk_view *view,
    const char *path, const char *label, const char *text);

/* ---- lists of several pages ---- */

struct desk_paging {
	const char *path;   /* "/desk/articles?list=drafts" */
	const char *text;   /* what is looked for; NULL or "": nothing */
	int64_t page;       /* from 1 */
	int64_t page_count; /* at least 1 */
	bool is_by_time;    /* newest first: its pages are newer and older */
};

/* The address of page `page` of the list at `path` that has `text` in it:
 * "/desk/settings/tags?q=a&page=2". The caller frees it. */
char *desk_page_path(const char *path, const char *text, int64_t page);

/* Include the way to the pages before and after at PAGING, where there is more
 * than one. */
void desk_fill_paging(struct template_dict *dict, const struct desk_view *view,
    const struct desk_paging *paging);

/* Include the views that `summary` has at VIEWS, or why there are none. */
void desk_fill_views(struct template_dict *dict, const struct desk_view *view,
    const struct page_view_summary *summary);

/* The page has use for the script of the desk. */
void desk_page_run_script(struct desk_page *page);

#endif
