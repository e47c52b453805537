/*
 * html_tree.c - the one file that knows gumbo.
 *
 * gumbo gets its memory from an arena of ours: its own way of freeing a tree
 * recurses as deep as the tree, checks no allocation, and is slower. When the
 * arena is full, a long jump leaves the parser. What must stay true: nothing
 * here recurses, and no other file sees a node of gumbo's.
 */
#include "config.h"

#include "html_tree.h"

#include <gumbo.h>
#include <setjmp.h>
#include <string.h>

#include "html_policy.h"

#define CHUNK_SIZE ((size_t)256 * 1024)
#define MAX_MEMORY ((size_t)128 << 20)

struct chunk {
	struct chunk *next;
	max_align_t bytes[];
};

struct html_tree {
	struct chunk *chunks;
	char *position, *end; /* what is free in the newest chunk */
	char *newest;         /* the newest piece given out */
	size_t used;
	struct html_node *root;
	jmp_buf is_full;
};

/* A place in the tree while it is copied: whose children, and how far. */
struct level {
	const GumboVector *source;
	unsigned int index;
	struct html_node *target, *last;
};

/* What turns a line of the HTML into one of the Markdown. */
struct line_map {
	uint32_t markdown, html;
};

static void
add_chunk(struct html_tree *tree, size_t size)
{
	size_t content = MAX(size, CHUNK_SIZE);
	struct chunk *chunk = NULL;

	if (size <= MAX_MEMORY && tree->used + content <= MAX_MEMORY)
		chunk = g_try_malloc(sizeof(*chunk) + content);
	if (chunk == NULL)
		longjmp(tree->is_full, 1);
	tree->used += content;
	chunk->next = tree->chunks;
	tree->chunks = chunk;
	tree->position = (char *)chunk->bytes;
	tree->end = tree->position + content;
}

static void *
take(void *data, size_t size)
{
	struct html_tree *tree = data;
	size_t rounded =
	    (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);

	if ((size_t)(tree->end - tree->position) < rounded)
		add_chunk(tree, rounded);
	tree->newest = tree->position;
	tree->position += rounded;
	return tree->newest;
}

/* Only the newest piece is worth taking back: a buffer that grew or ended. */
static void
give_back(void *data, void *piece)
{
	struct html_tree *tree = data;

	if (piece != NULL && piece == tree->newest) {
		tree->position = tree->newest;
		tree->newest = NULL;
	}
}

static uint32_t
leading_number(const char *text)
{
	return (uint32_t)MIN(g_ascii_strtoull(text, NULL, 10), INT32_MAX);
}

static void
follow_lines(struct line_map *map, struct html_node *node, uint32_t html_line)
{
	const char *position = NULL;

	if (node->type == HTML_NODE_ELEMENT)
		position = html_node_attribute(node, "data-sourcepos");
	else if (node->type == HTML_NODE_COMMENT &&
		 g_str_has_prefix(node->text, "line "))
		position = node->text + strlen("line ");
	if (position != NULL) {
		map->markdown = leading_number(position);
		map->html = html_line;
	}
	if (map->markdown != 0) {
		node->line =
		    map->markdown +
		    (html_line > map->html ? html_line - map->html : 0);
	}
}

static const struct html_rule *
rule_of(struct html_tree *tree, const GumboElement *element)
{
	GumboStringPiece original = element->original_tag;
	char *name;

	if (element->tag_namespace != GUMBO_NAMESPACE_HTML)
		return html_rule_foreign();
	if (element->tag != GUMBO_TAG_UNKNOWN)
		return html_rule_find(gumbo_normalized_tagname(element->tag));
	gumbo_tag_from_original_text(&original);
	name = take(tree, original.length + 1);
	for (size_t i = 0; i < original.length; i++)
		name[i] = g_ascii_tolower(original.data[i]);
	name[original.length] = '\0';
	return html_rule_find(name);
}

static void
copy_attributes(
    struct html_tree *tree, const GumboVector *source, struct html_node *node)
{
	struct html_attribute *attributes =
	    take(tree, (source->length + 1) * sizeof(*attributes));

	for (unsigned int i = 0; i < source->length; i++) {
		const GumboAttribute *attribute = source->data[i];

		attributes[i] = (struct html_attribute){
			.name = attribute->name,
			.value = attribute->value,
		};
	}
	node->attributes = attributes;
	node->attribute_count = source->length;
}

/* `out_children` stays NULL for what has none. */
static struct html_node *
copy_node(struct html_tree *tree, const GumboNode *source, struct line_map *map,
    const GumboVector **out_children)
{
	struct html_node *node = take(tree, sizeof(*node));
	uint32_t line;

	*node = (struct html_node){ .type = HTML_NODE_TEXT };
	switch (source->type) {
	case GUMBO_NODE_ELEMENT:
	case GUMBO_NODE_TEMPLATE:
		node->type = HTML_NODE_ELEMENT;
		node->rule = rule_of(tree, &source->v.element);
		copy_attributes(tree, &source->v.element.attributes, node);
		*out_children = &source->v.element.children;
		line = source->v.element.start_pos.line;
		break;
	case GUMBO_NODE_COMMENT:
		node->type = HTML_NODE_COMMENT;
		/* fall through */
	default:
		/* gumbo says const, but the memory is our arena's */
		node->text = (char *)source->v.text.text;
		line = source->v.text.start_pos.line;
		break;
	}
	follow_lines(map, node, line);
	return node;
}

static void
append_child(struct level *level, struct html_node *node)
{
	node->parent = level->target;
	if (level->last == NULL)
		level->target->first_child = node;
	else
		level->last->next = node;
	level->last = node;
}

static enum status
copy_tree(struct html_tree *tree, const GumboNode *root, GError **error)
{
	struct level levels[HTML_MAX_DEPTH + 1];
	struct line_map map = { 0 };
	size_t depth = 0;

	levels[0] = (struct level){
		.source = &root->v.element.children,
		.target = tree->root,
	};
	for (;;) {
		struct level *level = &levels[depth];
		const GumboVector *children = NULL;
		struct html_node *node;

		if (level->index == level->source->length) {
			if (depth == 0)
				return STATUS_OK;
			depth -= 1;
			continue;
		}
		node = copy_node(
		    tree, level->source->data[level->index++], &map, &children);
		append_child(level, node);
		if (children == NULL || children->length == 0)
			continue;
		if (depth == HTML_MAX_DEPTH) {
			return status_fail(error, STATUS_TOO_LARGE,
			    "line %u: has HTML elements inside one another "
			    "more than %d deep: close them, or take some of "
			    "the levels out",
			    node->line, HTML_MAX_DEPTH);
		}
		levels[++depth] = (struct level){
			.source = children,
			.target = node,
		};
	}
}

static enum status
fill(struct html_tree *tree, const char *html, size_t size, GError **error)
{
	GumboOptions options = kGumboDefaultOptions;
	const GumboOutput *output;

	options.allocator = take;
	options.deallocator = give_back;
	options.userdata = tree;
	options.max_errors = 0;
	options.fragment_context = GUMBO_TAG_BODY;
	if (setjmp(tree->is_full) != 0) {
		return status_fail(error, STATUS_TOO_LARGE,
		    "needs too much memory to render: split the text, or "
		    "close the HTML tags that are left open");
	}
	output = gumbo_parse_with_options(&options, html, size);
	tree->root = take(tree, sizeof(*tree->root));
	*tree->root = (struct html_node){
		.type = HTML_NODE_ELEMENT,
		.rule = html_rule_find("div"),
	};
	return copy_tree(tree, output->root, error);
}

enum status
html_tree_parse(
    const char *html, size_t size, struct html_tree **out_tree, GError **error)
{
	struct html_tree *tree = g_new0(struct html_tree, 1);
	enum status status = fill(tree, html, size, error);

	if (status != STATUS_OK) {
		html_tree_free(tree);
		return status;
	}
	*out_tree = tree;
	return STATUS_OK;
}

void
html_tree_free(struct html_tree *tree)
{
	if (tree == NULL)
		return;
	while (tree->chunks != NULL) {
		struct chunk *chunk = tree->chunks;

		tree->chunks = chunk->next;
		g_free(chunk);
	}
	g_free(tree);
}

struct html_node *
html_tree_root(struct html_tree *tree)
{
	return tree->root;
}

const char *
html_node_attribute(const struct html_node *node, const char *name)
{
	for (size_t i = 0; i < node->attribute_count; i++)
		if (strcmp(node->attributes[i].name, name) == 0)
			return node->attributes[i].value;
	return NULL;
}

struct html_node *
html_node_following(const struct html_node *node, const struct html_node *root,
    bool skip_children)
{
	if (!skip_children && node->first_child != NULL)
		return node->first_child;
	while (node != root && node->next == NULL)
		node = node->parent;
	return node == root ? NULL : node->next;
}
