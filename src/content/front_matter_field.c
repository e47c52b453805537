/*
 * front_matter_field.c - the set of keys that every reader of front matter
 * fills.
 */
#include "config.h"

#include "content/front_matter_field.h"

static void
field_free(gpointer data)
{
	struct front_matter_field *field = data;

	g_free(field->key);
	g_free(field->text);
	g_clear_pointer(&field->items, g_ptr_array_unref);
	g_free(field);
}

GHashTable *
front_matter_fields_new(void)
{
	return g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, field_free);
}

/* What a field is found by: its whole key in lower case. */
static char *
fold_key(const char *table, const char *key)
{
	g_autofree char *whole =
	    table == NULL ? g_strdup(key) : g_strconcat(table, ".", key, NULL);

	return g_ascii_strdown(whole, -1);
}

struct front_matter_field *
front_matter_fields_add(GHashTable *fields, const char *table, const char *key,
    enum front_matter_kind kind, uint32_t line)
{
	struct front_matter_field *field = g_new0(struct front_matter_field, 1);

	field->key =
	    table == NULL ? g_strdup(key) : g_strconcat(table, ".", key, NULL);
	field->kind = kind;
	field->line = line;
	if (kind == FRONT_MATTER_LIST)
		field->items = g_ptr_array_new_with_free_func(g_free);
	g_hash_table_replace(fields, fold_key(table, key), field);
	return field;
}

struct front_matter_field *
front_matter_fields_find(GHashTable *fields, const char *table, const char *key)
{
	g_autofree char *folded = fold_key(table, key);

	return g_hash_table_lookup(fields, folded);
}

char *
front_matter_field_text(const char *bytes, size_t size)
{
	return g_utf8_make_valid(bytes, (gssize)size);
}
