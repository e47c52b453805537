/*
 * page_view.h - how often articles and pages were viewed, by day.
 *
 * A day is the number of days since 1970-01-01, in the blog's time zone as it
 * was when the view was counted. See model/visit.h for what is counted.
 */
#ifndef MODEL_PAGE_VIEW_H
#define MODEL_PAGE_VIEW_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct database;

/* How many days a summary has, and how long a count is kept. */
#define PAGE_VIEW_DAYS 30
#define PAGE_VIEW_KEPT 400

/* How many articles a summary names. */
#define PAGE_VIEW_MOST 5

/* The day on which `time` lies in `zone` (NULL: UTC), and the first second of
 * such a day in UTC, for writing it as a date. */
int64_t page_view_day(int64_t time, GTimeZone *zone);
int64_t page_view_day_start(int64_t day);

/* Add `count` views of article `article_id` on `day`; of one that is not public
 * nothing is added. Inside a write transaction of the caller's, like the next.
 */
MUST_CHECK enum status page_view_add(
    struct database *database, int64_t article_id, int64_t day, int64_t count);

/*
 * It is `today`: the articles of a summary are those of the days up to that,
 * and what is older than PAGE_VIEW_KEPT days is forgotten. Costs next to
 * nothing but for the first time in a day.
 */
MUST_CHECK enum status page_view_turn(struct database *database, int64_t today);

/* Whether that was done for `today`; a look that changes nothing. */
MUST_CHECK enum status page_view_is_turned(
    struct database *database, int64_t today, bool *out_is_turned);

/* An article and its views in the days of a summary. */
struct page_view_article {
	int64_t id;
	char *title;
	int64_t count;
};

struct page_view_summary {
	int64_t first_day; /* that of counts[0]; the last is today */
	int64_t counts[PAGE_VIEW_DAYS];
	int64_t total;
	GPtrArray *most; /* struct page_view_article *, at most PAGE_VIEW_MOST,
			    most views first */
};

/*
 * The last PAGE_VIEW_DAYS days up to `today`, of the articles of author
 * `author_id` (0: of all); `most` is as of the last page_view_turn(). It costs
 * the same however many views there are. The caller releases it.
 */
MUST_CHECK enum status page_view_summarize(struct database *database,
    int64_t author_id, int64_t today, struct page_view_summary *out_summary);
void page_view_summary_release(struct page_view_summary *summary);

#endif
