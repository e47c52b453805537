/*
 * term_private.h - what the files that list and change tags, categories and
 * series share.
 */
#ifndef MODEL_TERM_PRIVATE_H
#define MODEL_TERM_PRIVATE_H

#include <stdint.h>

#include "base/status.h"
#include "model/term_edit.h"

struct database;

/*
 * The first term other than `except_id` (0: any) that `name`, a normalised
 * line, means: of the same slug, but for numbers, and the same meaning
 * (term_is_same()). STATUS_NOT_FOUND. `out_name` (may be NULL) is the caller's.
 */
MUST_CHECK enum status term_find_same(struct database *database,
    enum term_kind kind, const char *name, int64_t except_id, int64_t *out_id,
    char **out_name);

#endif
