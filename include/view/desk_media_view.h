/*
 * desk_media_view.h - the library of files that were uploaded. See desk_view.h
 * for what its pages share.
 */
#ifndef VIEW_DESK_MEDIA_VIEW_H
#define VIEW_DESK_MEDIA_VIEW_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct desk_view;
struct media;

struct desk_media_page {
	const GPtrArray *media; /* struct media * */
	const char *text;       /* what is looked for */
	int64_t found_count;
	int64_t page, page_count;
	const char *alt;     /* as typed for a file that was refused */
	const char *problem; /* with it; or NULL */
};
MUST_CHECK enum status desk_view_media(const struct desk_view *view,
    const struct desk_media_page *page, GString *out);

/* One file. */
struct desk_file_page {
	const struct media *media;
	const GPtrArray *uses; /* struct media_use * */
	const char *alt;       /* as typed, or stored */
	const char *alt_problem;
};
MUST_CHECK enum status desk_view_file(const struct desk_view *view,
    const struct desk_file_page *page, GString *out);

#endif
