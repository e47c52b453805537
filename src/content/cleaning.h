/*
 * cleaning.h - what the files that clean one document share: what they read,
 * what they have written, and what they keep count of.
 */
#ifndef CONTENT_CLEANING_H
#define CONTENT_CLEANING_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "content/document.h"
#include "footnote.h"
#include "prose.h"

struct html_node;
struct outline;

struct cleaning {
	const struct document_options *options;
	const char *source; /* may be NULL */
	size_t max_output;
	GString *out;
	struct outline *outline;
	struct footnotes footnotes;
	struct prose prose;
	GHashTable *written_ids; /* a set of strings */
	GHashTable *resolved;    /* a set: the references in `references` */
	GArray *references;      /* struct document_reference */
	GArray *warnings;        /* struct document_warning */
	const struct html_node *check_box; /* to be put into the paragraph */
	const char *parent;  /* nearest element written around here, or "" */
	unsigned link_depth; /* over 0: inside a link */
	unsigned summary_depth;
};

/* Add a warning, unless there are very many already. */
void cleaning_warn(struct cleaning *cleaning, uint32_t line, const char *format,
    ...) G_GNUC_PRINTF(3, 4);

/* Write all children of `node`, which stand in the written element `parent`. */
void cleaning_write_children(struct cleaning *cleaning,
    const struct html_node *node, const char *parent);

/* Write an element by its rule, as if it were listed as kept. */
void cleaning_write_kept(
    struct cleaning *cleaning, const struct html_node *node);

#endif
