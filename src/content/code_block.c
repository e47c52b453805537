/*
 * code_block.c - from <pre><code class="language-x"> to what readers see.
 *
 * It must stay true that the text of the code is never changed (but for
 * characters that HTML forbids): copied from the page, it is what the author
 * typed.
 */
#include "config.h"

#include "code_block.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "cleaning.h"
#include "content/highlighter.h"
#include "html_attribute.h"
#include "html_policy.h"
#include "html_tree.h"
#include "html_writer.h"

static bool
is_blank(const struct html_node *node)
{
	return node->type == HTML_NODE_COMMENT ||
	       (node->type == HTML_NODE_TEXT &&
		   node->text[strspn(node->text, " \t\r\n")] == '\0');
}

/* The one code element that a pre holds, or NULL. */
static const struct html_node *
only_code(const struct html_node *pre)
{
	const struct html_node *code = NULL;

	for (const struct html_node *node = pre->first_child; node != NULL;
	     node = node->next) {
		if (is_blank(node))
			continue;
		if (code != NULL || node->type != HTML_NODE_ELEMENT ||
		    node->rule->tag != HTML_TAG_CODE)
			return NULL;
		code = node;
	}
	return code;
}

/* All text below `node`; false if there is an element that is to stay. */
static bool
collect_text(const struct html_node *node, GString *out)
{
	const struct html_node *inner = node;
	bool is_plain = true;

	while ((inner = html_node_following(inner, node, false)) != NULL)
		if (inner->type == HTML_NODE_TEXT)
			g_string_append(out, inner->text);
		else if (inner->type == HTML_NODE_ELEMENT)
			is_plain = false;
	return is_plain;
}

/* What stands after "language-" or "lang-" in a class; "" if none. */
static char *
language_of(const struct html_node *code, const struct html_node *pre)
{
	const struct html_node *const places[] = { code, pre };
	static const char *const PREFIXES[] = { "language-", "lang-" };

	for (size_t i = 0; i < G_N_ELEMENTS(places) * 2; i++) {
		const char *prefix = PREFIXES[i % 2];
		const char *name = html_node_attribute(places[i / 2], "class");

		name = name == NULL ? NULL : strstr(name, prefix);
		if (name != NULL) {
			name += strlen(prefix);
			return g_strndup(name, strcspn(name, " \t\r\n\f"));
		}
	}
	return g_strdup("");
}

/* "rust,ignore" gives "language-rust"; "" if it makes no class. */
static char *
class_of(const char *language)
{
	size_t size = strcspn(language, ",;:{ ");
	g_autofree char *lower = g_ascii_strdown(language, (gssize)size);
	g_autofree char *name = g_strconcat("language-", lower, NULL);

	if (!html_policy_allows_class(name, strlen(name)))
		name[0] = '\0';
	return g_steal_pointer(&name);
}

static void
write_start(
    struct cleaning *cleaning, const struct html_node *pre, const char *name)
{
	g_autofree char *label =
	    name == NULL ? NULL : g_strconcat(name, " code", NULL);
	GString *out = cleaning->out;

	g_string_append(out, "<div class=\"code\"");
	if (name != NULL) {
		html_append_attribute(out, "data-language", name);
		g_string_append(out, "><span class=\"code-language\">");
		html_append_text(out, name, strlen(name));
		html_append_end(out, "span");
	} else {
		g_string_append_c(out, '>');
	}
	g_string_append(out, "<pre dir=\"ltr\" tabindex=\"0\" role=\"group\"");
	html_append_attribute(
	    out, "aria-label", label == NULL ? "Code" : label);
	html_write_id(cleaning, pre);
	g_string_append_c(out, '>');
}

static void
write_code(struct cleaning *cleaning, const struct html_node *pre,
    const struct html_node *code, const GString *text)
{
	g_autofree char *language = language_of(code, pre);
	g_autofree char *name = highlighter_language_name(language);
	g_autofree char *class_name = class_of(language);

	write_start(cleaning, pre, name);
	g_string_append(cleaning->out, "<code");
	if (*class_name != '\0')
		html_append_attribute(cleaning->out, "class", class_name);
	g_string_append_c(cleaning->out, '>');
	highlighter_append_html(cleaning->options->highlighter, cleaning->out,
	    language, text->str, text->len);
	g_string_append(cleaning->out, "</code>");
}

void
code_block_write(struct cleaning *cleaning, const struct html_node *node)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const struct html_node *code = only_code(node);
	bool is_plain = collect_text(code == NULL ? node : code, text);

	html_remove_forbidden(text);
	prose_add_code(&cleaning->prose, text->str);
	cleaning->prose.mute_depth += 1;
	if (code != NULL && is_plain) {
		write_code(cleaning, node, code, text);
	} else {
		write_start(cleaning, node, NULL);
		/* A parser drops the first line feed: give it one to drop. */
		if (text->str[0] == '\n')
			g_string_append_c(cleaning->out, '\n');
		cleaning_write_children(cleaning, node, "pre");
	}
	cleaning->prose.mute_depth -= 1;
	g_string_append(cleaning->out, "</pre></div>");
}
