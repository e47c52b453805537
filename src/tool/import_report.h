/*
 * import_report.h - what an import says it has done, to people and to scripts.
 *
 * Private to the tool layer.
 */
#ifndef IMPORT_REPORT_H
#define IMPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

struct import_plan;

/* What an import has done. */
struct import_counts {
	int64_t added, changed, kept; /* articles */
	int64_t redirects;
	int64_t images; /* files that media/ did not have */
};

/* How many of the plan's notices are errors (or are none). */
int64_t import_report_count_notices(
    const struct import_plan *plan, bool is_error);

/* Print the notices, a line each, to standard error. */
void import_report_print_notices(const struct import_plan *plan);

/* Print notices and what is gone to standard error, the counts in one line to
 * standard output. `is_dry_run`: nothing of it was kept. */
void import_report_print(const struct import_plan *plan,
    const struct import_counts *counts, bool is_dry_run);

/* Print all of that as one JSON object to standard output. */
void import_report_print_json(const struct import_plan *plan,
    const struct import_counts *counts, bool is_dry_run);

#endif
