/*
 * revision.h - every save of an article: what was typed in it, in every field.
 *
 * Not what is chosen and not typed: whether it is an article or a page, public
 * and since when, pinned. Names (of categories, tags, series, authors) are kept
 * as words: what they name may be renamed, merged or gone by now.
 */
#ifndef MODEL_REVISION_H
#define MODEL_REVISION_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;

/* As it was stored; "" where there was nothing. */
struct revision {
	int64_t version;
	char *title;
	char *author; /* who saved; NULL: nobody who is known */
	int64_t created_at;
	/* NULL in a list */
	char *summary, *body;
	/* NULL in a list, and where it was saved before these were kept */
	char *slug, *description, *language, *direction, *canonical_url;
	char *cover_path, *cover_alt;
	char *category, *tags, *series, *series_number, *authors;
};

void revision_free(struct revision *revision);

/* Keep what article `article_id` is at this moment as the revision of its
 * version, saved by author `author_id` (0: nobody who is known). For
 * article_save(), which has written all of it before, in the same transaction.
 */
MUST_CHECK enum status revision_keep(struct database *database,
    int64_t article_id, int64_t author_id, int64_t now);

/* The newest `count` revisions of an article, the newest first, without their
 * texts: GPtrArray of struct revision *. The caller frees it. */
MUST_CHECK enum status revision_list(struct database *database,
    int64_t article_id, int64_t count, GPtrArray **out_revisions);

/* One of them, whole. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status revision_read(struct database *database,
    int64_t article_id, int64_t version, struct revision **out_revision);

#endif
