/*
 * term.h - what a tag, a category and a series are alike in: words that
 * articles have in common.
 */
#ifndef MODEL_TERM_H
#define MODEL_TERM_H

#include <stdint.h>

struct term {
	int64_t id;
	char *slug;
	char *name;
	char *description;
	int64_t article_count; /* published articles: 0, readers see no page */
	/* Articles, drafts and trash too; only term_edit_read() and
	 * term_edit_list() look. */
	int64_t use_count;
};

void term_free(struct term *term);

#endif
