/*
 * heading.h - the outline of a document: levels, anchors and the contents list.
 *
 * The page around the text has the only h1, so the text begins at h2, and no
 * level is skipped whatever the author's numbers are.
 */
#ifndef CONTENT_HEADING_H
#define CONTENT_HEADING_H

#include <glib.h>
#include <stdbool.h>

struct footnotes;
struct html_node;
struct outline;

struct heading {
	const struct html_node *node;
	unsigned level;   /* as written: 2..6 */
	char *id;         /* its anchor, unique in the document */
	char *label_html; /* its words, with <code> kept */
	bool is_listed;   /* whether the contents list has it */
};

/*
 * Find all headings below `root` and name them: an id the author gave (as an
 * attribute, or as "{#id}" at the end, which is taken out of the text), else a
 * slug of the words, with -2, -3 for repeats. Ids of other elements keep
 * theirs. Headings without words are none.
 */
struct outline *outline_new(
    struct html_node *root, const struct footnotes *footnotes);
void outline_free(struct outline *outline);

/* The heading that `node` is, or NULL. Borrowed from `outline`. */
const struct heading *outline_heading(
    const struct outline *outline, const struct html_node *node);

/*
 * The id that a link to "#fragment" means: it, if something has it; else that
 * of the heading which differs only in punctuation and case, since other
 * programs make other anchors of the same words; else NULL.
 */
const char *outline_find_id(
    const struct outline *outline, const char *fragment);

/*
 * Nested <ol> of links to the headings of levels 2 to 4 outside of quotes; ""
 * under three of them. The caller frees it.
 */
char *outline_contents(const struct outline *outline);

#endif
