/*
 * safe_html.c - see safe_html.h. First the bytes are read strictly, then gumbo
 * reads them as a browser would.
 */
#include "config.h"

#include "safe_html.h"

#include <glib.h>
#include <gumbo.h>
#include <stdbool.h>
#include <string.h>

/* Each element, with the attributes it may have beside the global ones. */
static const char *const ELEMENTS[][2] = {
	{ "a", "aria-label href hreflang rel role" },
	{ "abbr", "" },
	{ "address", "" },
	{ "article", "" },
	{ "aside", "" },
	{ "audio", "aria-label controls loop muted preload src" },
	{ "b", "" },
	{ "bdi", "" },
	{ "bdo", "" },
	{ "blockquote", "cite" },
	{ "br", "" },
	{ "caption", "" },
	{ "cite", "" },
	{ "code", "" },
	{ "col", "span" },
	{ "colgroup", "span" },
	{ "data", "value" },
	{ "dd", "" },
	{ "del", "cite datetime" },
	{ "details", "open" },
	{ "dfn", "" },
	{ "div", "aria-label data-language role tabindex" },
	{ "dl", "" },
	{ "dt", "" },
	{ "em", "" },
	{ "figcaption", "" },
	{ "figure", "" },
	{ "h2", "" },
	{ "h3", "" },
	{ "h4", "" },
	{ "h5", "" },
	{ "h6", "" },
	{ "hr", "" },
	{ "i", "" },
	{ "iframe",
	    "allowfullscreen height loading referrerpolicy sandbox src width" },
	{ "img", "alt decoding height loading sizes src srcset width" },
	{ "input", "aria-label checked disabled type" },
	{ "ins", "cite datetime" },
	{ "kbd", "" },
	{ "li", "value" },
	{ "mark", "" },
	{ "meter", "aria-label high low max min optimum value" },
	{ "ol", "reversed start type" },
	{ "p", "" },
	{ "picture", "" },
	{ "pre", "aria-label role tabindex" },
	{ "progress", "aria-label max value" },
	{ "q", "cite" },
	{ "rp", "" },
	{ "rt", "" },
	{ "ruby", "" },
	{ "s", "" },
	{ "samp", "" },
	{ "section", "aria-label role" },
	{ "small", "" },
	{ "source", "height media sizes src srcset type width" },
	{ "span", "" },
	{ "strong", "" },
	{ "sub", "" },
	{ "summary", "" },
	{ "sup", "" },
	{ "table", "" },
	{ "tbody", "" },
	{ "td", "abbr colspan headers rowspan scope" },
	{ "tfoot", "" },
	{ "th", "abbr colspan headers rowspan scope" },
	{ "thead", "" },
	{ "time", "datetime" },
	{ "tr", "" },
	{ "track", "default kind label src srclang" },
	{ "u", "" },
	{ "ul", "" },
	{ "var", "" },
	{ "video",
	    "aria-label controls height loop muted playsinline poster preload "
	    "src width" },
	{ "wbr", "" },
};

static const char GLOBAL[] = "class dir id lang title";
static const char ADDRESSES[] = "cite href poster src";
static const char ESCAPES[] = "&amp; &lt; &gt; &quot;";

static bool
has_word(const char *words, const char *word)
{
	size_t size = strlen(word);

	for (const char *found = strstr(words, word); found != NULL;
	     found = strstr(found + 1, word))
		if ((found == words || found[-1] == ' ') &&
		    (found[size] == '\0' || found[size] == ' '))
			return true;
	return false;
}

/* ---- the bytes ---- */

static bool
is_escape(const char *text)
{
	const char *end = strchr(text, ';');
	g_autofree char *escape = NULL;

	if (end == NULL || end - text > 5)
		return false;
	escape = g_strndup(text, (gsize)(end - text + 1));
	return has_word(ESCAPES, escape);
}

/* Past what stands in text or a value up to `end`; NULL if it may not. */
static const char *
read_text(const char *text, char end)
{
	for (; *text != end && *text != '\0'; text++)
		if (strchr("<>\"", *text) != NULL ||
		    (*text == '&' && !is_escape(text)) ||
		    ((unsigned char)*text < 0x20 &&
			strchr("\t\n", *text) == NULL))
			return NULL;
	return text;
}

static const char *
read_name(const char *text)
{
	const char *start = text;

	while (g_ascii_islower(*text) || g_ascii_isdigit(*text) ||
	       (*text == '-' && text != start))
		text += 1;
	return text == start ? NULL : text;
}

/* Past a tag, from its "<"; NULL if it has another form. */
static const char *
read_tag(const char *text)
{
	bool is_end = text[1] == '/';

	text = read_name(text + (is_end ? 2 : 1));
	while (text != NULL && *text == ' ' && !is_end) {
		text = read_name(text + 1);
		if (text == NULL || !g_str_has_prefix(text, "=\""))
			return NULL;
		text = read_text(text + 2, '"');
		text = text == NULL || *text == '\0' ? NULL : text + 1;
	}
	return text != NULL && *text == '>' ? text + 1 : NULL;
}

static char *
form_fault(const char *html)
{
	const char *text = html;

	while (*text != '\0') {
		const char *next =
		    *text == '<' ? read_tag(text) : read_text(text, '<');

		if (next == NULL)
			return g_strdup_printf("form: %.60s", text);
		text = next;
	}
	return NULL;
}

/* ---- the tree ---- */

/* As WHATWG URL reads a scheme: what is skipped, then letters and a colon. */
static bool
is_good_address(const char *name, const char *address)
{
	g_autoptr(GString) seen = g_string_new(NULL);
	char *colon, *end;

	for (const char *c = address; *c != '\0'; c++)
		if ((unsigned char)*c > 0x20 && *c != 0x7f)
			g_string_append_c(seen, g_ascii_tolower(*c));
	colon = strchr(seen->str, ':');
	end = strpbrk(seen->str, "/?#");
	if (colon == NULL || (end != NULL && end < colon))
		return true;
	*colon = '\0';
	return strcmp(seen->str, "http") == 0 ||
	       strcmp(seen->str, "https") == 0 ||
	       (strcmp(seen->str, "mailto") == 0 && strcmp(name, "href") == 0);
}

static bool
is_good_set(const char *value)
{
	g_auto(GStrv) words = g_strsplit_set(value, " ,", -1);

	for (char **word = words; *word != NULL; word++)
		if (!is_good_address("srcset", *word))
			return false;
	return true;
}

static char *
attribute_fault(
    const char *allowed, const GumboAttribute *attribute, GHashTable *ids)
{
	const char *name = attribute->name, *value = attribute->value;

	if (!has_word(allowed, name) && !has_word(GLOBAL, name))
		return g_strdup_printf("attribute %s", name);
	if (has_word(ADDRESSES, name) && !is_good_address(name, value))
		return g_strdup_printf("address %s=%s", name, value);
	if (strcmp(name, "srcset") == 0 && !is_good_set(value))
		return g_strdup_printf("srcset %s", value);
	if (strcmp(name, "id") != 0)
		return NULL;
	if (*value == '\0' || strpbrk(value, " \t\n") != NULL ||
	    g_ascii_strncasecmp(value, "page-", 5) == 0)
		return g_strdup_printf("id %s", value);
	if (!g_hash_table_add(ids, g_strdup(value)))
		return g_strdup_printf("id twice: %s", value);
	return NULL;
}

static char *
element_fault(const GumboElement *element, GHashTable *ids)
{
	const char *name = gumbo_normalized_tagname(element->tag);
	GumboStringPiece original = element->original_tag;
	g_autofree char *unknown = NULL;

	if (element->tag_namespace != GUMBO_NAMESPACE_HTML)
		return g_strdup("an element of SVG or MathML");
	if (element->tag == GUMBO_TAG_UNKNOWN) {
		gumbo_tag_from_original_text(&original);
		unknown = g_strndup(original.data, original.length);
		name = unknown;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(ELEMENTS); i++) {
		if (strcmp(ELEMENTS[i][0], name) != 0)
			continue;
		for (unsigned j = 0; j < element->attributes.length; j++) {
			char *fault = attribute_fault(
			    ELEMENTS[i][1], element->attributes.data[j], ids);

			if (fault != NULL)
				return fault;
		}
		return NULL;
	}
	return g_strdup_printf("element %s", name);
}

static char *
node_fault(const GumboNode *node, GHashTable *ids)
{
	const GumboVector *children = &node->v.element.children;

	for (unsigned i = 0; i < children->length; i++) {
		const GumboNode *child = children->data[i];
		char *fault = NULL;

		if (child->type == GUMBO_NODE_COMMENT)
			return g_strdup("a comment");
		if (child->type == GUMBO_NODE_TEMPLATE)
			return g_strdup("a template");
		if (child->type == GUMBO_NODE_ELEMENT) {
			fault = element_fault(&child->v.element, ids);
			fault = fault == NULL ? node_fault(child, ids) : fault;
		}
		if (fault != NULL)
			return fault;
	}
	return NULL;
}

static char *
tree_fault(const char *html)
{
	GumboOptions options = kGumboDefaultOptions;
	GumboOutput *output;
	g_autoptr(GHashTable) ids =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char *fault;

	options.fragment_context = GUMBO_TAG_DIV;
	output = gumbo_parse_with_options(&options, html, strlen(html));
	fault = node_fault(output->root, ids);
	gumbo_destroy_output(&options, output);
	return fault;
}

char *
safe_html_fault(const char *html)
{
	char *fault = form_fault(html);

	return fault == NULL ? tree_fault(html) : fault;
}
