/*
 * desk_article_view.h - the pages where articles are listed, written, compared
 * and published. See desk_view.h for what they share.
 */
#ifndef VIEW_DESK_ARTICLE_VIEW_H
#define VIEW_DESK_ARTICLE_VIEW_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct article_edit;
struct article_shelf_filter;
struct desk_view;
struct revision;

/* What the list can be chosen by, of one kind. */
struct desk_list_choice {
	const char *chosen;     /* as the address has it; "": any */
	int64_t id;             /* of that; 0: any, -1: of nothing there is */
	const GPtrArray *terms; /* struct term * */
};

/* The list of articles. */
struct desk_list_page {
	const struct article_shelf_filter *filter;
	/* Of each kind, enum shelf_choice. */
	const struct desk_list_choice *choices;
	const GPtrArray *rows; /* struct article_row * */
	const int64_t *counts; /* of each shelf, enum article_shelf */
	int64_t found_count;   /* of what is looked for, on all pages */
	int64_t page, page_count;
};
MUST_CHECK enum status desk_view_list(const struct desk_view *view,
    const struct desk_list_page *page, GString *out);

/* The words of the address of a shelf: "drafts"; "" for all. */
const char *desk_shelf_name(int shelf);

/* What the address of the list and its form call one of enum shelf_choice:
 * "author", "category", "tag". */
const char *desk_choice_name(int choice);

/* What stands in the form of an article, as typed, and what is wrong with it.
 * Strings are borrowed and never NULL; problems are NULL where there is none.
 */
struct desk_article_form {
	int64_t id;       /* 0: a new article */
	int64_t version;  /* that the form began from */
	const char *key;  /* of this editor */
	const char *kind; /* "article" or "page" */
	const char *title, *slug, *excerpt, *body;
	const char *category, *tags, *language, *canonical_url;
	const char *cover_path, *cover_alt;
	const char *authors; /* names, with commas between them */
	/* What `authors` was when the form was made, and their ids: "3,1". */
	const char *authors_shown, *author_ids;
	/* What these were when the form was made, of what was stored. */
	const char *category_shown, *tags_shown, *series_shown;
	const char *description;
	const char *direction; /* "", "ltr" or "rtl" */
	const char *series, *series_number;
	const char *pinned; /* "true" or "" */
	const char *title_problem, *slug_problem, *excerpt_problem;
	const char *body_problem, *category_problem, *tags_problem;
	const char *language_problem, *canonical_url_problem;
	const char *cover_problem, *authors_problem, *description_problem;
	const char *direction_problem, *series_problem, *series_number_problem;
	const char *problem; /* with all of it */
};

/* The editor. */
struct desk_editor_page {
	const struct desk_article_form *form;
	const struct article_edit *edit; /* what is stored; NULL: nothing yet */
	/* A draft of another editor that has not been saved: when; 0: none. */
	int64_t unsaved_at;
	const char *unsaved_key;
	bool is_preview_shown;
	bool is_draft; /* the form is one that an autosave has kept */
	/* Names that may be completed: char *. NULL: none. */
	const GPtrArray *categories, *tags, *authors, *series;
	/* Images that may be its cover: struct media *. NULL: none. */
	const GPtrArray *covers;
	/* After a conflict, what has changed from what is stored to this. */
	const GArray *difference; /* struct text_run; NULL: no conflict */
	const char *old_text, *new_text;
	/* What the author should know of what was saved: char *. */
	const GPtrArray *warnings;
};
MUST_CHECK enum status desk_view_editor(const struct desk_view *view,
    const struct desk_editor_page *page, GString *out);

/* What is going to happen, before it does. */
struct desk_publication_page {
	const struct article_edit *edit;
	const char *published_at; /* as typed */
	const char *published_at_problem;
	const char *problem;
	const GPtrArray *warnings; /* char *, of the link check */
};
MUST_CHECK enum status desk_view_publication(const struct desk_view *view,
    const struct desk_publication_page *page, GString *out);

/* The links by which others see it. */
struct desk_sharing_page {
	const struct article_edit *edit;
	const GPtrArray *links; /* struct preview_link * */
	const char *link;       /* that was made just now; or NULL */
};
MUST_CHECK enum status desk_view_sharing(const struct desk_view *view,
    const struct desk_sharing_page *page, GString *out);

/* What was saved when. */
struct desk_revisions_page {
	const struct article_edit *edit;
	const GPtrArray *revisions; /* struct revision * */
};
MUST_CHECK enum status desk_view_revisions(const struct desk_view *view,
    const struct desk_revisions_page *page, GString *out);

/* One of them, and what has changed from it to what is stored now. */
struct desk_revision_page {
	const struct article_edit *edit;
	const struct revision *revision;
	bool is_restorable;       /* it would change what is stored now */
	const GArray *difference; /* struct text_run, from old to stored */
	const char *old_text, *new_text;
};
MUST_CHECK enum status desk_view_revision(const struct desk_view *view,
    const struct desk_revision_page *page, GString *out);

#endif
