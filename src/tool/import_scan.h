/*
 * import_scan.h - every file of an imported folder, looked at once.
 *
 * Private to the tool layer.
 */
#ifndef IMPORT_SCAN_H
#define IMPORT_SCAN_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct import_plan;

/*
 * Read `plan->directory` and fill the plan's articles (without slugs and
 * addresses), assets and notices. STATUS_NOT_FOUND when it is no folder.
 */
MUST_CHECK enum status import_scan(
    struct import_plan *plan, int64_t now, GError **error);

#endif
