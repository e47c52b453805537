/*
 * html_skeleton.c - see html_skeleton.h. The parser is gumbo.
 */
#include "config.h"

#include "html_skeleton.h"

#include <glib.h>
#include <gumbo.h>
#include <string.h>

static const GumboVector *
children_of(const GumboNode *node)
{
	if (node->type == GUMBO_NODE_DOCUMENT)
		return &node->v.document.children;
	if (node->type == GUMBO_NODE_ELEMENT ||
	    node->type == GUMBO_NODE_TEMPLATE)
		return &node->v.element.children;
	return NULL;
}

static const GumboVector *
attributes_of(const GumboNode *node)
{
	return children_of(node) != NULL && node->type != GUMBO_NODE_DOCUMENT
		   ? &node->v.element.attributes
		   : NULL;
}

static void
append_skeleton(GString *out, const GumboNode *node)
{
	const GumboVector *children = children_of(node);
	const GumboVector *attributes = attributes_of(node);

	if (node->type == GUMBO_NODE_COMMENT)
		g_string_append(out, "<!>");
	if (attributes != NULL)
		g_string_append_printf(
		    out, "<%s", gumbo_normalized_tagname(node->v.element.tag));
	for (unsigned i = 0; attributes != NULL && i < attributes->length; i++)
		g_string_append_printf(out, " %s",
		    ((const GumboAttribute *)attributes->data[i])->name);
	if (attributes != NULL)
		g_string_append_c(out, '>');
	for (unsigned i = 0; children != NULL && i < children->length; i++)
		append_skeleton(out, children->data[i]);
	if (attributes != NULL)
		g_string_append(out, "</>");
}

char *
html_skeleton(const char *html)
{
	GumboOutput *parsed = gumbo_parse(html);
	GString *out = g_string_new(NULL);

	append_skeleton(out, parsed->document);
	gumbo_destroy_output(&kGumboDefaultOptions, parsed);
	return g_string_free(out, FALSE);
}

/* The scheme that a browser sees (WHATWG URL): control characters and spaces
 * before it, tabs and line feeds within do not count. */
static bool
is_script(const char *address)
{
	static const char *const SCHEMES[] = {
		"javascript:", "vbscript:", "data:"
	};
	g_autoptr(GString) seen = g_string_new(NULL);

	while (*address && (unsigned char)*address <= ' ')
		address++;
	for (; *address; address++)
		if (strchr("\t\r\n", *address) == NULL)
			g_string_append_c(seen, g_ascii_tolower(*address));
	for (size_t i = 0; i < G_N_ELEMENTS(SCHEMES); i++)
		if (g_str_has_prefix(seen->str, SCHEMES[i]))
			return true;
	return false;
}

static bool
node_runs_script(const GumboNode *node, const char *word)
{
	static const char *const NAMES[] = { "href", "src", "action",
		"formaction", NULL };
	const GumboVector *children = children_of(node);
	const GumboVector *attributes = attributes_of(node);

	for (unsigned i = 0; attributes != NULL && i < attributes->length;
	     i++) {
		const GumboAttribute *attribute = attributes->data[i];

		if (g_strv_contains(NAMES, attribute->name) &&
		    is_script(attribute->value) &&
		    strstr(attribute->value, word) != NULL)
			return true;
	}
	for (unsigned i = 0; children != NULL && i < children->length; i++)
		if (node_runs_script(children->data[i], word))
			return true;
	return false;
}

bool
html_runs_script(const char *html, const char *word)
{
	GumboOutput *parsed = gumbo_parse(html);
	bool runs = node_runs_script(parsed->document, word);

	gumbo_destroy_output(&kGumboDefaultOptions, parsed);
	return runs;
}
