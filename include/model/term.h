/*
 * term.h - what a tag and a category are alike in: words that articles have in
 * common.
 */
#ifndef MODEL_TERM_H
#define MODEL_TERM_H

#include <stdint.h>

struct term {
	int64_t id;
	char *slug;
	char *name;
	char *description;
	int64_t article_count; /* published articles */
};

void term_free(struct term *term);

#endif
