/*
 * preview_link.h - links by which anybody can look at an article that is not
 * public, until they are taken back.
 */
#ifndef MODEL_PREVIEW_LINK_H
#define MODEL_PREVIEW_LINK_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;

struct preview_link {
	char *token_hash; /* names it, and opens nothing */
	char *author;     /* who made it; NULL: nobody who is known */
	int64_t created_at;
};

/* Make one, inside a write transaction. The token is stored nowhere: the caller
 * shows it now, and frees it. */
MUST_CHECK enum status preview_link_make(struct database *database,
    int64_t article_id, int64_t author_id, int64_t now, char **out_token);

/* The article that `token` shows. STATUS_NOT_FOUND: none, or it is in the
 * trash. */
MUST_CHECK enum status preview_link_find(
    struct database *database, const char *token, int64_t *out_article_id);

/* Those of an article, the newest first: GPtrArray of struct preview_link *.
 * The caller frees it. */
MUST_CHECK enum status preview_link_list(
    struct database *database, int64_t article_id, GPtrArray **out_links);

/* Take one back. STATUS_NOT_FOUND. */
MUST_CHECK enum status preview_link_end(
    struct database *database, int64_t article_id, const char *hash);

/* Take back all that author `author_id` has made, if any, inside a write
 * transaction. */
MUST_CHECK enum status preview_link_end_author(
    struct database *database, int64_t author_id);

#endif
