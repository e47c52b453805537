/*
 * revision.h - every save of an article, whole.
 */
#ifndef MODEL_REVISION_H
#define MODEL_REVISION_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;

struct revision {
	int64_t version;
	char *title;
	char *summary; /* NULL in a list */
	char *body;    /* NULL in a list */
	char *author;  /* who saved; NULL: nobody who is known */
	int64_t created_at;
};

void revision_free(struct revision *revision);

/* The newest `count` revisions of an article, the newest first, without their
 * texts: GPtrArray of struct revision *. The caller frees it. */
MUST_CHECK enum status revision_list(struct database *database,
    int64_t article_id, int64_t count, GPtrArray **out_revisions);

/* One of them, whole. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status revision_read(struct database *database,
    int64_t article_id, int64_t version, struct revision **out_revision);

#endif
