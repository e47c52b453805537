/*
 * tag.h - narrow subjects. An article has any number of them, in order.
 */
#ifndef MODEL_TAG_H
#define MODEL_TAG_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;

struct tag {
	int64_t id;
	char *slug;
	char *name;
	char *description;
	int64_t article_count; /* published articles */
};

void tag_free(struct tag *tag);

/* The tag with this slug. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status tag_find(
    struct database *database, const char *slug, struct tag **out_tag);

/* Every tag that has a published article, by name: struct tag *. */
MUST_CHECK enum status tag_list_used(
    struct database *database, GPtrArray **out_tags);

/*
 * The id of the tag called `name`, made if there is none with its slug.
 * STATUS_INVALID when the name has no slug (no letter or digit, and no other
 * character either); a name of symbols or emoji gets a slug of its code points
 * ("u-1f980").
 */
MUST_CHECK enum status tag_ensure(
    struct database *database, const char *name, int64_t *out_id);

#endif
