/*
 * sanitizer.c - the walk over a parsed document that writes its safe form.
 *
 * Nothing is copied from the input: every tag is written from the tables of
 * html_policy.c, every value by a function that read it, every text escaped. It
 * must stay true that whoever adds an element here adds it to the table, and
 * that the written form parses back into the tree that was walked.
 */
#include "config.h"

#include "content/sanitizer.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "cleaning.h"
#include "document_lists.h"
#include "footnote.h"
#include "heading.h"
#include "html_attribute.h"
#include "html_element.h"
#include "html_policy.h"
#include "html_tree.h"
#include "html_writer.h"

/* More warnings than this help nobody. */
#define MAX_WARNINGS 100

/* What a warning quotes may be as long as the document. */
#define MAX_WARNING_SIZE 300

void
cleaning_warn(struct cleaning *cleaning, uint32_t line, const char *format, ...)
{
	struct document_warning warning = { .line = line };
	g_autofree char *message = NULL;
	va_list arguments;

	if (cleaning->warnings->len >= MAX_WARNINGS)
		return;
	va_start(arguments, format);
	message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	warning.message = text_truncate(message, MAX_WARNING_SIZE);
	g_array_append_val(cleaning->warnings, warning);
}

/* Whether the element may stand where it would now be written. */
static bool
has_right_parent(const struct cleaning *cleaning, const struct html_rule *rule)
{
	return rule->parents == NULL ||
	       html_policy_has_word(
		   rule->parents, cleaning->parent, strlen(cleaning->parent));
}

/* A list item whose first thing is the mark of a task. */
static bool
is_task(const struct html_node *node)
{
	const struct html_node *child = node->first_child;

	if (node->rule->tag != HTML_TAG_LI)
		return false;
	while (child != NULL && child->type != HTML_NODE_ELEMENT) {
		if (child->type == HTML_NODE_TEXT &&
		    child->text[strspn(child->text, " \n")] != '\0')
			return false;
		child = child->next;
	}
	return child != NULL && child->rule->tag == HTML_TAG_INPUT &&
	       g_strcmp0(html_node_attribute(child, "type"), "checkbox") == 0;
}

static void
write_start(struct cleaning *cleaning, const struct html_node *node)
{
	g_string_append_c(cleaning->out, '<');
	g_string_append(cleaning->out, node->rule->written);
	html_write_attributes(cleaning, node, is_task(node) ? "task" : NULL);
	g_string_append_c(cleaning->out, '>');
}

void
cleaning_write_kept(struct cleaning *cleaning, const struct html_node *node)
{
	const struct html_rule *rule = node->rule;
	bool is_summary = rule->tag == HTML_TAG_SUMMARY;
	bool is_aside = rule->tag == HTML_TAG_DETAILS;

	write_start(cleaning, node);
	if (rule->is_void)
		return;
	cleaning->summary_depth += is_summary ? 1 : 0;
	cleaning->prose.aside_depth += is_aside ? 1 : 0;
	cleaning_write_children(cleaning, node, rule->written);
	cleaning->prose.aside_depth -= is_aside ? 1 : 0;
	cleaning->summary_depth -= is_summary ? 1 : 0;
	html_append_end(cleaning->out, rule->written);
}

static void
write_element(struct cleaning *cleaning, const struct html_node *node)
{
	const struct html_rule *rule = node->rule;

	if (rule->action == HTML_DROP)
		return;
	if (rule->is_block)
		prose_break(&cleaning->prose);
	if (rule->action == HTML_UNWRAP || !has_right_parent(cleaning, rule))
		cleaning_write_children(cleaning, node, cleaning->parent);
	else if (rule->action == HTML_KEEP)
		cleaning_write_kept(cleaning, node);
	else
		html_write_rewritten(cleaning, node);
	if (rule->is_block)
		prose_break(&cleaning->prose);
}

static void
write_comment(struct cleaning *cleaning, const struct html_node *node)
{
	g_autofree char *words = g_strstrip(g_strdup(node->text));

	if (strcmp(words, "more") == 0)
		prose_end_excerpt(&cleaning->prose);
}

static void
write_text(struct cleaning *cleaning, const struct html_node *node)
{
	html_append_text(cleaning->out, node->text, strlen(node->text));
	prose_add(&cleaning->prose, node->text);
}

void
cleaning_write_children(
    struct cleaning *cleaning, const struct html_node *node, const char *parent)
{
	const char *outer = cleaning->parent;

	cleaning->parent = parent;
	for (const struct html_node *child = node->first_child;
	     child != NULL && cleaning->out->len <= cleaning->max_output;
	     child = child->next) {
		switch (child->type) {
		case HTML_NODE_ELEMENT:
			write_element(cleaning, child);
			break;
		case HTML_NODE_TEXT:
			write_text(cleaning, child);
			break;
		case HTML_NODE_COMMENT:
			write_comment(cleaning, child);
			break;
		}
	}
	cleaning->parent = outer;
}

static void
fill_document(struct cleaning *cleaning, struct document *out_document)
{
	struct document document = {
		.contents_html = outline_contents(cleaning->outline),
		.text = prose_finish_text(&cleaning->prose),
		.excerpt = prose_finish_excerpt(&cleaning->prose),
		.references = g_steal_pointer(&cleaning->references),
		.warnings = g_steal_pointer(&cleaning->warnings),
	};
	const struct text_count *count = &cleaning->prose.count;

	document.html = g_string_free(g_steal_pointer(&cleaning->out), FALSE);
	document.word_count =
	    count->words + count->ideographs + count->code_words;
	document.minutes = text_minutes(count);
	*out_document = document;
}

static void
init_cleaning(struct cleaning *cleaning, struct html_node *root)
{
	footnotes_init(&cleaning->footnotes, root);
	cleaning->outline = outline_new(root, &cleaning->footnotes);
	prose_init(&cleaning->prose);
	cleaning->out = g_string_new(NULL);
	cleaning->warnings = document_new_warnings();
	cleaning->references = document_new_references();
	cleaning->resolved = g_hash_table_new(g_str_hash, g_str_equal);
	cleaning->written_ids =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	cleaning->parent = "";
}

static void
release_cleaning(struct cleaning *cleaning)
{
	outline_free(cleaning->outline);
	footnotes_release(&cleaning->footnotes);
	prose_release(&cleaning->prose);
	g_hash_table_destroy(cleaning->written_ids);
	g_hash_table_destroy(cleaning->resolved);
	g_clear_pointer(&cleaning->references, g_array_unref);
	g_clear_pointer(&cleaning->warnings, g_array_unref);
	if (cleaning->out != NULL)
		(void)g_string_free(cleaning->out, TRUE);
}

enum status
sanitizer_clean(const struct document_options *options, const char *source,
    const char *html, size_t size, size_t max_output,
    struct document *out_document, GError **error)
{
	struct cleaning cleaning = {
		.options = options,
		.source = source,
		.max_output = max_output,
	};
	struct html_tree *tree;
	enum status status = html_tree_parse(html, size, &tree, error);

	if (status != STATUS_OK)
		return status;
	init_cleaning(&cleaning, html_tree_root(tree));
	cleaning_write_children(&cleaning, html_tree_root(tree), "");
	if (cleaning.out->len > max_output) {
		status = status_fail(error, STATUS_TOO_LARGE,
		    "makes more than %zu KB of HTML: split the text, or "
		    "take out what repeats very often",
		    max_output / 1024);
	} else {
		fill_document(&cleaning, out_document);
	}
	release_cleaning(&cleaning);
	html_tree_free(tree);
	return status;
}
