/*
 * permalink.h - settings that move articles: the pattern of their addresses,
 * and the time zone, which says on what day and in what year one appeared.
 */
#ifndef MODEL_PERMALINK_H
#define MODEL_PERMALINK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct database;

/* Whether permalink_apply() must follow a change of setting `key`. */
bool permalink_depends_on(const char *key);

/*
 * Bring the address and the year of every article, drafts and trash too, to
 * what the stored settings make of them now. The address that one had redirects
 * to where it stands. Inside a transaction that the caller began, and to be
 * rolled back with the setting if this fails.
 *
 * `out_count` (may be NULL) is how many addresses changed. STATUS_CONFLICT: two
 * articles would stand at one address; STATUS_INVALID: one would stand where
 * Byline answers itself, or its address is too long. `error` says which.
 */
MUST_CHECK enum status permalink_apply(
    struct database *database, int64_t now, int64_t *out_count, GError **error);

#endif
