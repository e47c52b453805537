/*
 * desk_front_view.h - what an author sees first. See desk_view.h for what its
 * pages share.
 */
#ifndef VIEW_DESK_FRONT_VIEW_H
#define VIEW_DESK_FRONT_VIEW_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct desk_view;
struct page_view_summary;

struct desk_front_page {
	const int64_t *counts;       /* of each shelf, enum article_shelf */
	const GPtrArray *drafts;     /* struct article_row *, the last ones */
	const GPtrArray *scheduled;  /* struct article_row *, the next ones */
	const GPtrArray *attentions; /* char *: what somebody should see to */
	const struct page_view_summary *views;
};
MUST_CHECK enum status desk_view_front(const struct desk_view *view,
    const struct desk_front_page *page, GString *out);

#endif
