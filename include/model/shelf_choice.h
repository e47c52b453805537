/*
 * shelf_choice.h - what the articles of the desk's lists can be chosen by: who
 * wrote them, their category, a tag.
 */
#ifndef MODEL_SHELF_CHOICE_H
#define MODEL_SHELF_CHOICE_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;

enum shelf_choice {
	SHELF_CHOICE_AUTHOR,
	SHELF_CHOICE_CATEGORY,
	SHELF_CHOICE_TAG,
	SHELF_CHOICE_COUNT
};

/* No more than so many are listed of each; all others are found too. */
#define SHELF_CHOICE_MOST 500

/* What there is of `choice`, by name, whether an article has it or not:
 * GPtrArray of struct term *, of which id, slug (handle) and name are set. The
 * caller frees it. */
MUST_CHECK enum status shelf_choice_list(
    struct database *database, enum shelf_choice choice, GPtrArray **out_terms);

/* The id of what has the slug (the handle) `text`, or else is called so,
 * whatever its case. STATUS_NOT_FOUND. */
MUST_CHECK enum status shelf_choice_find(struct database *database,
    enum shelf_choice choice, const char *text, int64_t *out_id);

#endif
