/*
 * category.h - broad subjects. An article has one or none.
 */
#ifndef MODEL_CATEGORY_H
#define MODEL_CATEGORY_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;
struct term;

/* The category with this slug. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status category_find(
    struct database *database, const char *slug, struct term **out_category);

/* Every category that has a published article, by name: struct term *. */
MUST_CHECK enum status category_list_used(
    struct database *database, GPtrArray **out_categories);

/*
 * The id of the category called `name`, made if there is none. Names that
 * differ only in case, white space, hyphens or other marks that separate are
 * one ("Web dev", "web-dev"). Where another category has the slug already, this
 * one gets the next free one: "C" is "c", "C++" after it "c-2", "C#" "c-3". A
 * name of symbols or emoji gets a slug of its code points ("u-1f980").
 * One that was renamed is found by its name, whatever its slug.
 * STATUS_INVALID when it is empty, longer than 100 characters, or not UTF-8.
 */
MUST_CHECK enum status category_ensure(
    struct database *database, const char *name, int64_t *out_id);

#endif
