/*
 * xml_tree.c - see xml_tree.h. The parser is expat.
 */
#include "config.h"

#include "xml_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <expat.h>
#include <string.h>

void
element_free(gpointer data)
{
	struct element *element = data;

	g_free(element->name);
	g_hash_table_unref(element->attributes);
	g_string_free(element->text, TRUE);
	g_ptr_array_unref(element->children);
	g_free(element);
}

static void
start_element(void *data, const char *name, const char **attributes)
{
	struct element **current = data;
	struct element *element = g_new0(struct element, 1);

	element->name = g_strdup(name);
	element->attributes =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (; *attributes != NULL; attributes += 2)
		g_hash_table_insert(element->attributes,
		    g_strdup(attributes[0]), g_strdup(attributes[1]));
	element->text = g_string_new(NULL);
	element->children = g_ptr_array_new_with_free_func(element_free);
	element->parent = *current;
	if (*current != NULL)
		g_ptr_array_add((*current)->children, element);
	*current = element;
}

static void
end_element(void *data, const char *name)
{
	struct element **current = data;

	(void)name;
	if ((*current)->parent != NULL)
		*current = (*current)->parent;
}

static void
add_text(void *data, const char *text, int size)
{
	struct element **current = data;

	g_string_append_len((*current)->text, text, size);
}

struct element *
element_parse(const GString *xml)
{
	struct element *current = NULL;
	XML_Parser parser = XML_ParserCreateNS(NULL, '|');

	XML_SetUserData(parser, &current);
	XML_SetElementHandler(parser, start_element, end_element);
	XML_SetCharacterDataHandler(parser, add_text);
	if (XML_Parse(parser, xml->str, (int)xml->len, 1) != XML_STATUS_OK)
		fail_msg("line %lu: %s", XML_GetCurrentLineNumber(parser),
		    XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
	assert_non_null(current);
	return current;
}

struct element *
element_nth(const struct element *parent, const char *name, guint index)
{
	for (guint i = 0; i < parent->children->len; i++) {
		struct element *child = parent->children->pdata[i];

		if (strcmp(child->name, name) == 0 && index-- == 0)
			return child;
	}
	return NULL;
}

guint
element_count(const struct element *parent, const char *name)
{
	guint count = 0;

	while (element_nth(parent, name, count) != NULL)
		count++;
	return count;
}

const char *
element_text(const struct element *parent, const char *name)
{
	const struct element *child = element_nth(parent, name, 0);

	if (child == NULL)
		fail_msg("%s has no %s", parent->name, name);
	return child->text->str;
}

const char *
element_attribute(const struct element *element, const char *name)
{
	assert_non_null(element);
	return g_hash_table_lookup(element->attributes, name);
}
