/*
 * prose.h - what a document says, without its marks: the text for searching,
 * the excerpt, and the counts for the reading time, gathered in one walk.
 */
#ifndef CONTENT_PROSE_H
#define CONTENT_PROSE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct prose {
	GString *text;
	GString *excerpt; /* from paragraphs */
	GString *loose;   /* the same from outside of paragraphs */
	struct text_count count;
	size_t counted;           /* bytes of `text` that are counted */
	unsigned paragraph_depth; /* over 0: inside a paragraph */
	unsigned aside_depth;     /* over 0: not for the excerpt */
	unsigned mute_depth;      /* over 0: marks of ours, not text */
	bool is_excerpt_ended;
};

void prose_init(struct prose *prose);
void prose_release(struct prose *prose);

/* Add text as it stands in the HTML; white space collapses. */
void prose_add(struct prose *prose, const char *text);

/* A block begins or ends: words do not join across it. */
void prose_break(struct prose *prose);

/* Add a block of code, as it is. */
void prose_add_code(struct prose *prose, const char *code);

/* Nothing that follows belongs to the excerpt. */
void prose_end_excerpt(struct prose *prose);

/* A heading begins: the excerpt ends before it if it has begun. */
void prose_begin_heading(struct prose *prose);

/* Count what is left. The excerpt and the text: the caller frees them. */
char *prose_finish_excerpt(struct prose *prose);
char *prose_finish_text(struct prose *prose);

#endif
