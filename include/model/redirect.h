/*
 * redirect.h - addresses that lead elsewhere.
 */
#ifndef MODEL_REDIRECT_H
#define MODEL_REDIRECT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct database;

/*
 * Where `path` (without the base path and without a slash at the end) leads: a
 * path without the base path, or a whole http or https address. Only what leads
 * to a public article, or to an address, is found; STATUS_NOT_FOUND otherwise.
 * The caller frees it.
 */
MUST_CHECK enum status redirect_find(struct database *database,
    const char *path, int64_t now, char **out_target);

/*
 * Make `path` lead to article `article_id`. A path where an article stands is
 * STATUS_CONFLICT, so is one that leads to another article already; the same
 * again is STATUS_OK with `out_is_new` (may be NULL) false. STATUS_INVALID when
 * it does not begin with "/", is longer than 1,024 bytes, or is where the blog
 * answers itself.
 */
MUST_CHECK enum status redirect_add_to_article(struct database *database,
    const char *path, int64_t article_id, int64_t now, bool *out_is_new);

/*
 * An article stands at `path` from now on: whatever led on from there does no
 * more.
 */
MUST_CHECK enum status redirect_remove(
    struct database *database, const char *path);

/*
 * Article `article_id` has left `path`: lead on from there, wherever it led
 * before.
 */
MUST_CHECK enum status redirect_keep_path(struct database *database,
    const char *path, int64_t article_id, int64_t now);

/*
 * `text` (a path, alias or permalink of another generator, with or without
 * slashes at its ends, an origin, a query, "index.html") in the form `path` has
 * above: percent-decoded once, in NFC, without empty segments. NULL when it
 * names nothing that could be an address here: the front page, "..", a control
 * character, over 1,024 bytes. The caller frees it.
 */
char *redirect_normalize_path(const char *text);

#endif
