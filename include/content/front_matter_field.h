/*
 * front_matter_field.h - front matter as its parsers hand it over: one flat set
 * of keys with texts, whatever language it was written in.
 *
 * The readers (yaml_reader.h, toml_reader.h) know nothing of what keys mean,
 * and front_matter.c nothing of YAML or TOML.
 */
#ifndef CONTENT_FRONT_MATTER_FIELD_H
#define CONTENT_FRONT_MATTER_FIELD_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Tables within tables are looked into so far: "params.cover.image". */
#define FRONT_MATTER_FIELD_MAX_DEPTH 3

enum front_matter_kind {
	FRONT_MATTER_TEXT, /* a text, number, date, or true and false */
	FRONT_MATTER_LIST, /* of texts */
	FRONT_MATTER_TABLE /* its members follow as fields of their own */
};

struct front_matter_field {
	char *key; /* with its tables before it: "extra.cover" */
	enum front_matter_kind kind;
	char *text;       /* NULL but for a text */
	GPtrArray *items; /* of char *; NULL but for a list */
	bool is_partial;  /* the list had entries that are no text */
	bool is_repeated; /* the key was given before, and this one counts */
	uint32_t line;    /* of the file, from 1 */
};

/* A set of fields that owns them. The caller unrefs it. */
GHashTable *front_matter_fields_new(void);

/*
 * Add a field without text or items, in place of one of the same key. `table`
 * is the key of the table it stands in, or NULL. Borrowed.
 */
struct front_matter_field *front_matter_fields_add(GHashTable *fields,
    const char *table, const char *key, enum front_matter_kind kind,
    uint32_t line);

/* The field of that key, without regard to case, or NULL. Borrowed. */
struct front_matter_field *front_matter_fields_find(
    GHashTable *fields, const char *table, const char *key);

/*
 * `size` bytes as a text: what is not UTF-8, and NUL, become U+FFFD. The caller
 * frees it.
 */
char *front_matter_field_text(const char *bytes, size_t size);

#ifdef __cplusplus
}
#endif

#endif
