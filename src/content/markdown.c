/*
 * markdown.c - the one file that knows cmark.
 *
 * It must keep true that raw HTML passes unchanged and that every block says
 * its line, since the sanitizer is what protects readers, and it wants to tell
 * authors where they went wrong. cmark itself never recurses on what it parses;
 * what reads its HTML might, so depth is bounded here.
 */
#include "config.h"

#include "content/markdown.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef WITH_CMARK_GFM
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>
#else
#include <cmark.h>
#endif

/*
 * What cmark writes holds a position in each block and each cell, which the
 * sanitizer leaves out: so much larger than the page it may be.
 */
#define POSITIONS_FACTOR 4

#ifdef WITH_CMARK_GFM
#define OPTIONS                                                                \
	(CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES | CMARK_OPT_SOURCEPOS |        \
	    CMARK_OPT_VALIDATE_UTF8)

static const char *const EXTENSIONS[] = { "table", "strikethrough", "autolink",
	"tasklist" };

static cmark_parser *
new_parser(void)
{
	cmark_parser *parser;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(OPTIONS);
	for (size_t i = 0; i < G_N_ELEMENTS(EXTENSIONS); i++) {
		cmark_parser_attach_syntax_extension(
		    parser, cmark_find_syntax_extension(EXTENSIONS[i]));
	}
	return parser;
}

static char *
render(cmark_node *root, cmark_parser *parser)
{
	return cmark_render_html(
	    root, OPTIONS, cmark_parser_get_syntax_extensions(parser));
}
#else
#define OPTIONS                                                                \
	(CMARK_OPT_UNSAFE | CMARK_OPT_SOURCEPOS | CMARK_OPT_VALIDATE_UTF8)

static cmark_parser *
new_parser(void)
{
	return cmark_parser_new(OPTIONS);
}

static char *
render(cmark_node *root, cmark_parser *parser)
{
	(void)parser;
	return cmark_render_html(root, OPTIONS);
}
#endif

static void
mark_line(cmark_node *node)
{
	g_autofree char *marked = g_strdup_printf("<!--line %d-->%s",
	    cmark_node_get_start_line(node), cmark_node_get_literal(node));

	(void)cmark_node_set_literal(node, marked);
}

static size_t
own_size(cmark_node *node)
{
	const char *part;
	size_t size = 0;

	part = cmark_node_get_literal(node);
	size += part == NULL ? 0 : strlen(part);
	part = cmark_node_get_url(node);
	size += part == NULL ? 0 : strlen(part);
	return size;
}

/* Whether cmark's iterator enters nodes of this type without leaving them. */
static bool
is_leaf(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_CODE_BLOCK ||
	       type == CMARK_NODE_THEMATIC_BREAK || type == CMARK_NODE_TEXT ||
	       type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK ||
	       type == CMARK_NODE_CODE || type == CMARK_NODE_HTML_INLINE;
}

static void
inspect_node(cmark_node *node, size_t *depth, size_t *expanded)
{
	*expanded += own_size(node) + 1;
	if (cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK)
		mark_line(node);
	*depth += is_leaf(node) ? 0 : 1;
}

/* The limit that the author is told is that of the page. */
static enum status
fail_output(size_t size, size_t max_raw, GError **error)
{
	return status_fail(error, STATUS_TOO_LARGE,
	    "makes more than %zu KB of HTML from %zu KB of Markdown: a table "
	    "of very many columns or a link definition used thousands of "
	    "times does that; split it",
	    max_raw / POSITIONS_FACTOR / 1024, size / 1024);
}

/*
 * A look over the whole tree before it becomes HTML: one address that many
 * links refer to, or one row of a wide table, can make a thousand bytes of each
 * typed one.
 */
static enum status
inspect(cmark_node *root, size_t size, size_t max_raw, GError **error)
{
	cmark_iter *iterator = cmark_iter_new(root);
	cmark_event_type event;
	size_t depth = 0, expanded = 0;

	while ((event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE &&
	       depth <= MARKDOWN_MAX_DEPTH && expanded <= max_raw) {
		if (event == CMARK_EVENT_EXIT) {
			depth -= 1;
		} else {
			inspect_node(
			    cmark_iter_get_node(iterator), &depth, &expanded);
		}
	}
	cmark_iter_free(iterator);
	if (depth > MARKDOWN_MAX_DEPTH) {
		return status_fail(error, STATUS_TOO_LARGE,
		    "has quotes, lists or emphasis inside one another more "
		    "than %d deep: take some of the levels out",
		    MARKDOWN_MAX_DEPTH);
	}
	if (expanded > max_raw)
		return fail_output(size, max_raw, error);
	return STATUS_OK;
}

enum status
markdown_to_html(const char *markdown, size_t size, size_t max_output,
    char **out_html, size_t *out_size, GError **error)
{
	size_t max_raw =
	    MIN(max_output, SIZE_MAX / POSITIONS_FACTOR) * POSITIONS_FACTOR;
	cmark_parser *parser = new_parser();
	cmark_node *root;
	char *html = NULL;
	enum status status;

	cmark_parser_feed(parser, markdown, size);
	root = cmark_parser_finish(parser);
	status = inspect(root, size, max_raw, error);
	if (status == STATUS_OK)
		html = render(root, parser);
	cmark_node_free(root);
	cmark_parser_free(parser);
	if (status != STATUS_OK)
		return status;
	if (strlen(html) > max_raw) {
		free(html);
		return fail_output(size, max_raw, error);
	}
	*out_html = html;
	*out_size = strlen(html);
	return STATUS_OK;
}
