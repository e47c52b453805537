/*
 * html_tree.h - HTML as the tree that a browser would make of it.
 *
 * A face of gumbo that the rest of the layer reads: every node knows its rule
 * (html_policy.h) and its line in the Markdown, nothing is nested deeper than
 * HTML_MAX_DEPTH, and all of it lives in one arena that is freed at once.
 */
#ifndef CONTENT_HTML_TREE_H
#define CONTENT_HTML_TREE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define HTML_MAX_DEPTH 256

struct html_rule;
struct html_tree;

enum html_node_type {
	HTML_NODE_ELEMENT,
	HTML_NODE_TEXT,
	HTML_NODE_COMMENT
};

struct html_attribute {
	const char *name; /* lower-case */
	const char *value;
};

struct html_node {
	enum html_node_type type;
	uint32_t line;                /* in the Markdown; 0: not known */
	const struct html_rule *rule; /* of an element; never NULL there */
	char *text;                   /* of a text or a comment */
	const struct html_attribute *attributes;
	size_t attribute_count;
	struct html_node *parent, *first_child, *next;
};

/*
 * Parse `size` bytes of valid UTF-8 as the children of a body. Lines are taken
 * from what markdown_to_html() left about them. STATUS_TOO_LARGE, with words:
 * nested too deep, or a tree of more than 128 MB. The caller frees `out_tree`.
 */
MUST_CHECK enum status html_tree_parse(
    const char *html, size_t size, struct html_tree **out_tree, GError **error);

void html_tree_free(struct html_tree *tree);

/* An element without rule or attributes whose children are the document. */
struct html_node *html_tree_root(struct html_tree *tree);

/* The value of an attribute, or NULL. */
const char *html_node_attribute(const struct html_node *node, const char *name);

/*
 * The node after `node` in the order of the document, inside `root`; NULL at
 * the end. With `skip_children` those of `node` are passed over.
 */
struct html_node *html_node_following(const struct html_node *node,
    const struct html_node *root, bool skip_children);

#endif
