/*
 * search.h - full text search over what is public.
 */
#ifndef MODEL_SEARCH_H
#define MODEL_SEARCH_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct article_summary;
struct database;

/* These stand around each matched word in a hit's snippet and title. */
#define SEARCH_MARK_BEGIN '\x02'
#define SEARCH_MARK_END   '\x03'

struct search_hit {
	struct article_summary *article; /* a standing page has no tags */
	char *title_marked;              /* the title with marks */
	char *snippet; /* about 30 words of the text around the best match, with
			  marks */
};

struct search_result {
	GPtrArray *hits; /* struct search_hit *, best match first */
	int64_t total_count;
	int64_t page, page_count; /* as in struct article_list */
};

void search_result_release(struct search_result *result);

/*
 * Turn what a visitor typed into an FTS5 query: words (all must occur), "a
 * phrase", prefix*, at most 16 of them, every one quoted, so that nothing typed
 * is a syntax error. NULL when nothing searchable remains. The caller frees it.
 */
char *search_make_query(const char *typed);

/*
 * Page `page` of what matches `typed`. Nothing searchable gives an empty
 * result. STATUS_NOT_FOUND for a page past the end, STATUS_BUSY when it takes
 * longer than the connection's deadline. The caller releases it.
 */
MUST_CHECK enum status search_articles(struct database *database,
    const char *typed, int64_t page, int64_t per_page, int64_t now,
    struct search_result *out_result);

#endif
