/*
 * series.h - named series of articles: "Writing a database, part 2".
 *
 * A series is there while an article is in it, be it a draft or in the trash.
 * term_edit.h lists and renames them.
 */
#ifndef MODEL_SERIES_H
#define MODEL_SERIES_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;

/*
 * The id of the series called `name`, made if there is none: two spellings of
 * one name are one, as with tag_ensure(). STATUS_INVALID: it can be no name.
 */
MUST_CHECK enum status series_ensure(
    struct database *database, const char *name, int64_t *out_id);

/* The same for one that is there. STATUS_NOT_FOUND. */
MUST_CHECK enum status series_find(
    struct database *database, const char *name, int64_t *out_id);

/* The names of all series, in order: GPtrArray of char *. The caller frees it.
 */
MUST_CHECK enum status series_list_names(
    struct database *database, GPtrArray **out_names);

#endif
