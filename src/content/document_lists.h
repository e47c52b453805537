/*
 * document_lists.h - the lists of a document, which free what they hold.
 */
#ifndef CONTENT_DOCUMENT_LISTS_H
#define CONTENT_DOCUMENT_LISTS_H

#include <glib.h>

/* Empty lists of struct document_warning and of struct document_reference. */
GArray *document_new_warnings(void);
GArray *document_new_references(void);

#endif
