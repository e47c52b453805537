/*
 * import_former.h - what was imported before, and whether it is still the same.
 *
 * Private to the tool layer.
 */
#ifndef IMPORT_FORMER_H
#define IMPORT_FORMER_H

#include <stdbool.h>

#include "base/status.h"

struct import_article;
struct import_plan;

/*
 * Take slug, path and all else from what was imported from the file of
 * `article` before, if anything was.
 */
MUST_CHECK enum status import_former_find(
    struct import_plan *plan, struct import_article *article);

/*
 * Set hash, action and (where the file does not say it) updated_at of
 * `article`, whose plan knows all sources and files: keep it where the file
 * would be imported as it was before.
 */
void import_former_compare(
    const struct import_plan *plan, struct import_article *article);

/*
 * Whether something that `article`, which is kept, refers to is now at another
 * address than when it was imported, or is there at last, or no longer. Its
 * `references` are read.
 */
MUST_CHECK enum status import_former_is_stale(const struct import_plan *plan,
    struct import_article *article, bool *out_is_stale);

#endif
