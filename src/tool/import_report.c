/*
 * import_report.c - what an import says it has done, to people and to scripts.
 */
#include "config.h"

#include "import_report.h"

#include <glib.h>
#include <jansson.h>
#include <stdio.h>

#include "import_plan.h"

enum {
	GONE_SHOWN = 10 /* names in the report for people */
};

int64_t
import_report_count_notices(const struct import_plan *plan, bool is_error)
{
	int64_t count = 0;

	for (guint i = 0; i < plan->notices->len; i++) {
		const struct import_notice *notice =
		    g_ptr_array_index(plan->notices, i);

		count += notice->is_error == is_error;
	}
	return count;
}

static int64_t
count_articles(const struct import_counts *counts)
{
	return counts->added + counts->changed + counts->kept;
}

void
import_report_print_notices(const struct import_plan *plan)
{
	for (guint i = 0; i < plan->notices->len; i++) {
		const struct import_notice *notice =
		    g_ptr_array_index(plan->notices, i);

		fprintf(stderr, "%s:%u: %s: %s\n", notice->file,
		    (unsigned)notice->line,
		    notice->is_error ? "error" : "warning", notice->message);
	}
}

/* Articles whose files were there in an earlier import. */
static void
print_gone(const struct import_plan *plan)
{
	const GPtrArray *gone = plan->gone;

	for (guint i = 0; i < MIN(gone->len, GONE_SHOWN); i++)
		fprintf(stderr,
		    "%s: note: the file is gone; its article stays\n",
		    (const char *)g_ptr_array_index(gone, i));
	if (gone->len > GONE_SHOWN)
		fprintf(stderr, "note: so are %u more; --json names them all\n",
		    gone->len - GONE_SHOWN);
}

/* Nobody shall look for articles that were in one of these in vain. */
static void
print_skipped(const struct import_plan *plan)
{
	for (guint i = 0; i < plan->skipped->len; i++)
		fprintf(stderr,
		    "%s: note: left out, since a generator keeps its own in "
		    "such a folder\n",
		    (const char *)g_ptr_array_index(plan->skipped, i));
}

void
import_report_print(const struct import_plan *plan,
    const struct import_counts *counts, bool is_dry_run)
{
	int64_t errors = import_report_count_notices(plan, true);

	import_report_print_notices(plan);
	print_gone(plan);
	print_skipped(plan);
	printf("%s%lld articles (%lld new, %lld changed), %lld redirects, "
	       "%lld images, %lld warnings",
	    is_dry_run ? "would import: " : "",
	    (long long)count_articles(counts), (long long)counts->added,
	    (long long)counts->changed, (long long)counts->redirects,
	    (long long)counts->images,
	    (long long)import_report_count_notices(plan, false));
	if (errors > 0)
		printf(", %lld errors", (long long)errors);
	putchar('\n');
}

static json_t *
list_names(const GPtrArray *names)
{
	json_t *list = json_array();

	for (guint i = 0; i < names->len; i++)
		json_array_append_new(
		    list, json_string(g_ptr_array_index(names, i)));
	return list;
}

void
import_report_print_json(const struct import_plan *plan,
    const struct import_counts *counts, bool is_dry_run)
{
	json_t *notices = json_array();
	json_t *report;

	for (guint i = 0; i < plan->notices->len; i++) {
		const struct import_notice *notice =
		    g_ptr_array_index(plan->notices, i);

		json_array_append_new(notices,
		    json_pack("{s:s, s:i, s:s, s:s}", "file", notice->file,
			"line", (int)notice->line, "level",
			notice->is_error ? "error" : "warning", "message",
			notice->message));
	}
	report = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:o, s:o, "
			   "s:o}",
	    "articles", (json_int_t)count_articles(counts), "new",
	    (json_int_t)counts->added, "changed", (json_int_t)counts->changed,
	    "redirects", (json_int_t)counts->redirects, "images",
	    (json_int_t)counts->images, "warnings",
	    (json_int_t)import_report_count_notices(plan, false), "errors",
	    (json_int_t)import_report_count_notices(plan, true), "dry_run",
	    is_dry_run, "notices", notices, "gone", list_names(plan->gone),
	    "skipped", list_names(plan->skipped));
	json_dumpf(report, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(report);
}
