/*
 * article_edit.h - an article as its authors see it: public or not, as typed.
 */
#ifndef MODEL_ARTICLE_EDIT_H
#define MODEL_ARTICLE_EDIT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/status.h"
#include "model/article.h"

struct database;

struct article_edit {
	int64_t id;
	enum article_kind kind;
	enum article_status status;
	int64_t version;
	int64_t published_at; /* 0: none */
	int64_t updated_at, created_at;
	int64_t trashed_at; /* 0: not in the trash */
	char *slug;
	char *path; /* without the base path */
	char *title;
	char *summary;     /* the excerpt as typed, or "" */
	char *excerpt;     /* as readers see it */
	char *description; /* as typed, or "" */
	char *language;
	char *direction; /* "", "ltr" or "rtl" */
	char *canonical_url;
	char *series;          /* its name, or NULL */
	int64_t series_number; /* 0: by its time */
	int64_t pinned_at;     /* 0: it is not pinned */
	char *cover_path;      /* NULL: none */
	char *cover_alt;
	uint32_t cover_width, cover_height;
	char *category;     /* its name, or NULL */
	char **tags;        /* names */
	GArray *author_ids; /* int64_t, the first author first */
	char **authors;     /* what they are called: author_choice.h */
	char *body;
	uint32_t word_count, minutes;
};

void article_edit_free(struct article_edit *edit);

/* The article or page `id`, in the trash or not. STATUS_NOT_FOUND. The caller
 * frees it. */
MUST_CHECK enum status article_edit_read(
    struct database *database, int64_t id, struct article_edit **out_edit);

/* The same as its page shows it, public or not. STATUS_NOT_FOUND. The caller
 * frees it. */
MUST_CHECK enum status article_read_any(
    struct database *database, int64_t id, struct article **out_article);

/* Put `author_ids` (int64_t) in the place of the authors of `article`, as its
 * page would show them if it was saved so. */
MUST_CHECK enum status article_show_authors(struct database *database,
    struct article *article, const GArray *author_ids);

/*
 * A slug for an article called `title` that no other than `id` (0: none) has:
 * "a-title", "a-title-2" ... The caller frees it.
 */
MUST_CHECK enum status article_make_slug(
    struct database *database, const char *title, int64_t id, char **out_slug);

/*
 * The article that a form with `key` has made already, and the hash of what it
 * said, which the caller frees: STATUS_NOT_FOUND where it has not.
 */
MUST_CHECK enum status article_find_created(struct database *database,
    const char *key, int64_t *out_id, char **out_hash);

/* Note that article `id` was made by the form with `key`, and a hash of what it
 * said. STATUS_CONFLICT: that form has made another one. */
MUST_CHECK enum status article_set_creation_key(
    struct database *database, int64_t id, const char *key, const char *hash);

/*
 * Put an article into the trash, or take it out again: whoever does that saves
 * it then (article_save()), which makes it found again. Inside a write
 * transaction of the caller's. STATUS_NOT_FOUND: it is not there, or not
 * outside of the trash, or not in it.
 */
MUST_CHECK enum status article_trash(
    struct database *database, int64_t id, int64_t now);
MUST_CHECK enum status article_untrash(struct database *database, int64_t id);

#define ARTICLE_TRASH_SECONDS (30 * DAY_SECONDS)

/* Delete for good what has been in the trash for ARTICLE_TRASH_SECONDS. Inside
 * a write transaction of the caller's. */
MUST_CHECK enum status article_empty_trash(
    struct database *database, int64_t now, int64_t *out_count);

/*
 * Publish what was scheduled for `now` or before. Each is published once,
 * whoever calls this and how often: inside a write transaction. When the next
 * one is due is in `out_next_at` (0: none waits).
 */
MUST_CHECK enum status article_publish_due(struct database *database,
    int64_t now, int64_t *out_count, int64_t *out_next_at);

/* When the next scheduled article is due, 0: none waits. */
MUST_CHECK enum status article_next_due(
    struct database *database, int64_t *out_next_at);

/* ---- lists ---- */

/* Which list of the desk. */
enum article_shelf {
	ARTICLE_SHELF_ALL, /* but the trash */
	ARTICLE_SHELF_DRAFTS,
	ARTICLE_SHELF_SCHEDULED,
	ARTICLE_SHELF_PUBLISHED,
	ARTICLE_SHELF_TRASH,
	ARTICLE_SHELF_COUNT
};

struct article_row {
	int64_t id;
	enum article_kind kind;
	enum article_status status;
	int64_t published_at; /* 0: none */
	int64_t updated_at;
	int64_t trashed_at; /* 0: not in the trash */
	char *title;
	char *path;
	char *category; /* or NULL */
	char *author;   /* the first one; or NULL */
	uint32_t minutes;
};

struct article_shelf_filter {
	enum article_shelf shelf;
	/* Part of a title or slug, or words as readers look for them
	 * (model/search.h), of texts as they were saved last, drafts and the
	 * trash included; NULL or "": any. */
	const char *text;
	int64_t author_id; /* 0: any; the same of the other ids */
	int64_t category_id;
	int64_t tag_id;
};

/*
 * Page `page` (from 1) of the articles and pages in `filter`, `per_page` on
 * each: GPtrArray of struct article_row *, which the caller frees. Scheduled
 * ones stand in the order they are due, the others the newest first. How many
 * `filter` has is in `out_total`; may be NULL.
 */
MUST_CHECK enum status article_list_shelf(struct database *database,
    const struct article_shelf_filter *filter, int64_t page, int64_t per_page,
    GPtrArray **out_rows, int64_t *out_total);

/* How many articles each list has; of author `author_id`, 0: of anybody. */
MUST_CHECK enum status article_count_shelves(struct database *database,
    int64_t author_id, int64_t out_counts[ARTICLE_SHELF_COUNT]);

#endif
