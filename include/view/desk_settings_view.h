/*
 * desk_settings_view.h - the pages where an owner sets what the blog is. See
 * desk_view.h for what they share.
 */
#ifndef VIEW_DESK_SETTINGS_VIEW_H
#define VIEW_DESK_SETTINGS_VIEW_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct desk_field;
struct desk_view;
struct session;
struct term;

/* The first page of settings that is open to an owner or editor: where they
 * begin. Static. */
const char *desk_first_part(const struct session *session);

/* One page of settings among the others. */
struct desk_settings_page {
	const char *path; /* "/desk/settings/blog" */
	const char *lead; /* or NULL */
	const struct desk_field *fields;
	size_t field_count;
	/* A second button, which sends `action` with this value; or NULL. */
	const char *second_action, *second_label;
	const char *problem; /* with all of it; or NULL */
	/* What there is to know of it, a line each: char *; or NULL. */
	const GPtrArray *findings;
};
MUST_CHECK enum status desk_view_settings(const struct desk_view *view,
    const struct desk_settings_page *page, GString *out);

/* ---- export ---- */

struct desk_export_page {
	int64_t file_count, file_size; /* of media/; bytes */
	const char *problem;           /* or NULL */
};
MUST_CHECK enum status desk_view_export(const struct desk_view *view,
    const struct desk_export_page *page, GString *out);

/* ---- tags, categories and series: `kind` is an enum term_kind ---- */

/* Where those of `kind` are listed: "/desk/settings/tags". */
const char *desk_terms_path(int kind);

/* All of them. */
struct desk_terms_page {
	int kind;
	const GPtrArray *terms; /* struct term * */
	const char *text;       /* that is looked for, or "" */
	int64_t found_count;    /* on all pages */
	int64_t page, page_count;
};
MUST_CHECK enum status desk_view_terms(const struct desk_view *view,
    const struct desk_terms_page *page, GString *out);

/* One of them. */
struct desk_term_page {
	int kind;
	const struct term *term; /* as stored */
	/* What the form takes it to be. */
	const char *shown_name, *shown_slug, *shown_description;
	const struct desk_field *fields;
	size_t field_count;
	/* What it is merged into; NULL: it is neither merged nor deleted. */
	const struct desk_field *into;
	const GPtrArray *terms; /* to complete that: struct term * */
	const char *problem;    /* with all of it; or NULL */
};
MUST_CHECK enum status desk_view_term(const struct desk_view *view,
    const struct desk_term_page *page, GString *out);

/* What merging `term` into `into` would do. */
struct desk_merge_page {
	int kind;
	const struct term *term, *into;
	const char *problem; /* or NULL */
};
MUST_CHECK enum status desk_view_merge(const struct desk_view *view,
    const struct desk_merge_page *page, GString *out);

/* ---- redirects ---- */

struct desk_redirects_page {
	const GPtrArray *rows; /* struct redirect *; NULL: no list is shown */
	const char *text;      /* that is looked for, or "" */
	int64_t found_count;   /* on all pages */
	int64_t page, page_count;
	const struct desk_field *fields; /* of one to add */
	size_t field_count;
	const struct desk_field *lines; /* of many */
	const GPtrArray *line_problems; /* struct redirect_problem *, or NULL */
};
MUST_CHECK enum status desk_view_redirects(const struct desk_view *view,
    const struct desk_redirects_page *page, GString *out);

#endif
