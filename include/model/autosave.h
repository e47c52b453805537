/*
 * autosave.h - what was typed and not saved yet: beside what is saved, and
 * never public.
 *
 * Each editor that is open, on whatever machine, keeps a draft of its own for
 * whoever is signed in, so that two tabs do not write over each other. It is
 * gone once that editor has saved, when its author throws it away, and
 * AUTOSAVE_SECONDS after it was touched last.
 */
#ifndef MODEL_AUTOSAVE_H
#define MODEL_AUTOSAVE_H

#include <stdint.h>

#include "base/date.h"
#include "base/status.h"

struct database;

#define AUTOSAVE_SECONDS (90 * DAY_SECONDS)

struct autosave {
	int64_t article_id;
	char *editor_key;
	int64_t author_id;
	int64_t version; /* of the article that it began from */
	char *fields;    /* the form, as application/x-www-form-urlencoded */
	int64_t saved_at;
};

/* Free what `autosave` holds, not itself. */
void autosave_release(struct autosave *autosave);

/*
 * Keep what is in `autosave` in the place of what its editor kept for its
 * author before; drafts that are too old are swept out. Inside a write
 * transaction. STATUS_INVALID: a key of no or of more than 64 bytes;
 * STATUS_CONFLICT: there is no such article.
 */
MUST_CHECK enum status autosave_store(
    struct database *database, const struct autosave *autosave, int64_t now);

/*
 * The draft that author `author_id` touched last, of article `article_id`.
 * STATUS_NOT_FOUND. The caller releases it.
 */
MUST_CHECK enum status autosave_find(struct database *database,
    int64_t article_id, int64_t author_id, struct autosave *out_autosave);

/* What editor `editor_key` of that author kept. */
MUST_CHECK enum status autosave_find_by_key(struct database *database,
    int64_t article_id, int64_t author_id, const char *editor_key,
    struct autosave *out_autosave);

/* Throw away what editor `editor_key` kept; harmless when that is nothing. */
MUST_CHECK enum status autosave_remove(struct database *database,
    int64_t article_id, int64_t author_id, const char *editor_key);

#endif
