/*
 * footnote.c - numbers for footnotes and their references.
 *
 * It must stay true that each way back leads to a reference that exists: both
 * are counted in the order of the document, as cmark-gfm counts them.
 */
#include "config.h"

#include "footnote.h"

#include <string.h>

#include "html_policy.h"
#include "html_tree.h"

static const char NOTE[] = "fn-";

bool
footnote_is_section(const struct html_node *node)
{
	return node->rule->tag == HTML_TAG_SECTION &&
	       html_node_attribute(node, "data-footnotes") != NULL;
}

bool
footnote_is_reference(const struct html_node *node)
{
	return node->rule->tag == HTML_TAG_A &&
	       html_node_attribute(node, "data-footnote-ref") != NULL;
}

bool
footnote_is_back_reference(const struct html_node *node)
{
	return node->rule->tag == HTML_TAG_A &&
	       html_node_attribute(node, "data-footnote-backref") != NULL;
}

static unsigned
number_of(const struct footnotes *footnotes, const char *name)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(footnotes->numbers, name));
}

static void
number_notes(struct footnotes *footnotes, const struct html_node *section)
{
	const struct html_node *node = section;

	while ((node = html_node_following(node, section, false)) != NULL) {
		const char *id;
		unsigned number = footnotes->references->len + 1;

		if (node->type != HTML_NODE_ELEMENT ||
		    node->rule->tag != HTML_TAG_LI)
			continue;
		id = html_node_attribute(node, "id");
		if (id == NULL || !g_str_has_prefix(id, NOTE) ||
		    number_of(footnotes, id + strlen(NOTE)) != 0)
			continue;
		(void)g_hash_table_insert(footnotes->numbers,
		    g_strdup(id + strlen(NOTE)), GUINT_TO_POINTER(number));
		g_array_set_size(footnotes->references, number);
	}
}

void
footnotes_init(struct footnotes *footnotes, const struct html_node *root)
{
	const struct html_node *node = root;

	*footnotes = (struct footnotes){
		.numbers = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, NULL),
		.references = g_array_new(FALSE, TRUE, sizeof(unsigned)),
	};
	while ((node = html_node_following(node, root, false)) != NULL)
		if (node->type == HTML_NODE_ELEMENT &&
		    footnote_is_section(node))
			number_notes(footnotes, node);
}

void
footnotes_release(struct footnotes *footnotes)
{
	g_hash_table_destroy(footnotes->numbers);
	g_array_free(footnotes->references, TRUE);
}

bool
footnotes_reserve(const struct footnotes *footnotes, const char *id)
{
	if (footnotes->references->len == 0)
		return false;
	return (g_str_has_prefix(id, NOTE) && g_ascii_isdigit(id[3])) ||
	       (g_str_has_prefix(id, "fnref-") && g_ascii_isdigit(id[6]));
}

static char *
reference_id(unsigned number, unsigned count)
{
	if (count == 1)
		return g_strdup_printf("fnref-%u", number);
	return g_strdup_printf("fnref-%u-%u", number, count);
}

bool
footnotes_append_reference(
    struct footnotes *footnotes, GString *out, const struct html_node *node)
{
	const char *address = html_node_attribute(node, "href");
	unsigned number = 0, *count;
	g_autofree char *id = NULL;

	if (address != NULL && g_str_has_prefix(address, "#fn-"))
		number = number_of(footnotes, address + strlen("#fn-"));
	if (number == 0)
		return false;
	count = &g_array_index(footnotes->references, unsigned, number - 1);
	*count += 1;
	id = reference_id(number, *count);
	g_string_append_printf(out,
	    "<a href=\"#fn-%u\" id=\"%s\" role=\"doc-noteref\">", number, id);
	return true;
}

bool
footnotes_append_back_reference(struct footnotes *footnotes, GString *out)
{
	g_autofree char *id = NULL;

	if (footnotes->current == 0)
		return false;
	footnotes->back_count += 1;
	id = reference_id(footnotes->current, footnotes->back_count);
	g_string_append_printf(out,
	    "<a href=\"#%s\" class=\"footnote-backref\" "
	    "role=\"doc-backlink\" aria-label=\"Back to the text",
	    id);
	if (footnotes->back_count > 1)
		g_string_append_printf(out, ", %u", footnotes->back_count);
	g_string_append(out, "\">");
	return true;
}

char *
footnotes_begin_note(struct footnotes *footnotes, const char *id)
{
	unsigned number = 0;

	if (footnotes->section_depth > 0 && g_str_has_prefix(id, NOTE))
		number = number_of(footnotes, id + strlen(NOTE));
	if (number == 0)
		return NULL;
	footnotes->current = number;
	footnotes->back_count = 0;
	return g_strdup_printf("%s%u", NOTE, number);
}
