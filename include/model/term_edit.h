/*
 * term_edit.h - tags, categories and series as an editor puts them in order:
 * used or not, renamed, merged, deleted.
 *
 * A series is a term that readers have no address of: it has no description,
 * its article_count is 0, and it is gone with its last article (series.h), so
 * that it is neither merged nor deleted here.
 */
#ifndef MODEL_TERM_EDIT_H
#define MODEL_TERM_EDIT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "model/term.h"

struct database;

enum term_kind {
	TERM_KIND_TAG,
	TERM_KIND_CATEGORY,
	TERM_KIND_SERIES
};

enum {
	TERM_EDIT_NAME_CHARACTERS = 100,
	TERM_EDIT_SLUG_SIZE = 100, /* bytes */
	TERM_EDIT_DESCRIPTION_CHARACTERS = 500
};

/* Term `id`, with its use_count. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status term_edit_read(struct database *database,
    enum term_kind kind, int64_t id, struct term **out_term);

/* The one that is meant by `name` as somebody types it ("web dev" means "Web
 * Dev"). STATUS_NOT_FOUND. */
MUST_CHECK enum status term_edit_find(struct database *database,
    enum term_kind kind, const char *name, int64_t *out_id);

/*
 * Page `page` (from 1) of the terms with `text` in name or slug (NULL or "":
 * all), by name, `per_page` on each: GPtrArray of struct term *, which the
 * caller frees.
 */
MUST_CHECK enum status term_edit_list(struct database *database,
    enum term_kind kind, const char *text, int64_t page, int64_t per_page,
    GPtrArray **out_terms);

/* How many there are with `text`. */
MUST_CHECK enum status term_edit_count(struct database *database,
    enum term_kind kind, const char *text, int64_t *out_count);

/* What a term is to be. */
struct term_wish {
	const char *name;
	const char *slug; /* "": made of the name */
	const char *description;
	/* What each was where the wish was made; NULL: not known. */
	const char *shown_name, *shown_slug, *shown_description;
};

/* What is wrong with it, for who stands before the field; NULL where nothing
 * is. */
struct term_problems {
	char *name, *slug, *description;
	char *all;     /* with what it would do to the articles */
	bool is_stale; /* somebody has changed it since it was shown */
};

void term_problems_release(struct term_problems *problems);

/*
 * Make term `id` what `wish` says, inside a write transaction of the caller's,
 * who rolls it back when this fails. Where its address changes and readers saw
 * it, the old one and those of its feeds redirect to the new ones, articles
 * move with a category that stands in their permalinks, and what led to the old
 * address follows. What is searched for follows the name of a tag.
 * `out_moved` is how many articles have moved.
 *
 * STATUS_NOT_FOUND; STATUS_INVALID with the reasons in `problems`, which the
 * caller releases; STATUS_CONFLICT with `is_stale` and the reasons there, when
 * something of it is neither what was shown nor what is wished.
 */
MUST_CHECK enum status term_edit_update(struct database *database,
    enum term_kind kind, int64_t id, const struct term_wish *wish, int64_t now,
    int64_t *out_moved, struct term_problems *problems);

/*
 * Of tags and categories: give the articles of term `id` to term `into_id` and
 * delete the former, with redirects as above; inside a write transaction of the
 * caller's, who rolls it back when this fails. An article that has both tags
 * has one then, where the first of them stood; the others keep their order.
 *
 * STATUS_NOT_FOUND; STATUS_INVALID when both are one; STATUS_INVALID or
 * STATUS_CONFLICT, with the reason in `error`, when articles cannot move.
 */
MUST_CHECK enum status term_edit_merge(struct database *database,
    enum term_kind kind, int64_t id, int64_t into_id, int64_t now,
    int64_t *out_moved, GError **error);

/* Delete term `id`, a tag or category, and what led to it. STATUS_NOT_FOUND;
 * STATUS_CONFLICT when an article uses it, be it a draft or in the trash. */
MUST_CHECK enum status term_edit_delete(
    struct database *database, enum term_kind kind, int64_t id);

#endif
