/*
 * tag.h - narrow subjects. An article has any number of them, in order.
 */
#ifndef MODEL_TAG_H
#define MODEL_TAG_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;
struct term;

/* The tag with this slug. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status tag_find(
    struct database *database, const char *slug, struct term **out_tag);

/* Every tag that has a published article, by name: struct term *. */
MUST_CHECK enum status tag_list_used(
    struct database *database, GPtrArray **out_tags);

/* What the tags of an article are called, in its author's order,
 * NULL-terminated. The caller frees it. */
MUST_CHECK enum status tag_list_names(
    struct database *database, int64_t article_id, char ***out_names);

/*
 * The id of the tag called `name`, made if there is none. Names that differ
 * only in case, white space, hyphens or other marks that separate are one ("Web
 * dev", "web-dev"). Where another tag has the slug already, this one gets the
 * next free one: "C" is "c", "C++" after it "c-2", "C#" "c-3". A name of
 * symbols or emoji gets a slug of its code points ("u-1f980"). One that
 * was renamed is found by its name, whatever its slug. STATUS_INVALID
 * when it is empty, longer than 100 characters, or not UTF-8.
 */
MUST_CHECK enum status tag_ensure(
    struct database *database, const char *name, int64_t *out_id);

#endif
