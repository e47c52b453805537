/*
 * footnote.h - footnotes as cmark-gfm writes them, numbered by us.
 *
 * cmark-gfm makes ids of the author's names ("fn-%C3%BC", and "fnref-1-2" for
 * both the second reference to "1" and the first to "1-2"). Ours are numbers:
 * fn-N, fnref-N, fnref-N-K.
 */
#ifndef CONTENT_FOOTNOTE_H
#define CONTENT_FOOTNOTE_H

#include <glib.h>
#include <stdbool.h>

struct html_node;

struct footnotes {
	GHashTable *numbers;    /* from cmark's name of a note to its number */
	GArray *references;     /* unsigned: how many were written, by number */
	unsigned current;       /* number of the note being written, or 0 */
	unsigned back_count;    /* ways back written in it */
	unsigned section_depth; /* over 0: among the notes */
};

/* Number the notes found below `root`. */
void footnotes_init(struct footnotes *footnotes, const struct html_node *root);
void footnotes_release(struct footnotes *footnotes);

/* Whether this id could be one of ours: nobody else may then have it. */
bool footnotes_reserve(const struct footnotes *footnotes, const char *id);

/* Whether `node` is the section of all notes, as cmark-gfm marks it. */
bool footnote_is_section(const struct html_node *node);

/* Whether `node` is the link from the text to a note, or the way back. */
bool footnote_is_reference(const struct html_node *node);
bool footnote_is_back_reference(const struct html_node *node);

/* Append the start tag of such a link. False if it leads to no note. */
bool footnotes_append_reference(
    struct footnotes *footnotes, GString *out, const struct html_node *node);
bool footnotes_append_back_reference(struct footnotes *footnotes, GString *out);

/* Begin the note whose list item has `id`; its new id, or NULL if none. The
 * caller frees it. */
char *footnotes_begin_note(struct footnotes *footnotes, const char *id);

#endif
