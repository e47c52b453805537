/*
 * xml_tree.h - an XML document as a tree, for tests to look into. What is not
 * there or not well-formed fails the test.
 */
#ifndef TESTS_VIEW_XML_TREE_H
#define TESTS_VIEW_XML_TREE_H

#include <glib.h>

struct element {
	char *name; /* "namespace|local" */
	GHashTable *attributes;
	GString *text;
	GPtrArray *children; /* struct element * */
	struct element *parent;
};

/* The root of `xml`, which must be well-formed. The caller frees it. */
struct element *element_parse(const GString *xml);
void element_free(gpointer data);

/* Child `index`, from 0, of those called `name`; NULL when there is none. */
struct element *element_nth(
    const struct element *parent, const char *name, guint index);
guint element_count(const struct element *parent, const char *name);

/* The text of the first child called `name`, which must be there. */
const char *element_text(const struct element *parent, const char *name);

/* NULL when it has no such attribute. */
const char *element_attribute(const struct element *element, const char *name);

#endif
