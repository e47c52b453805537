/*
 * yaml_reader.c - walks the tree that libfyaml makes of YAML or JSON.
 *
 * The library is not asked to resolve aliases: that copies what they stand for,
 * and nine lines can stand for a billion nodes. They are followed one at a time
 * here, and a budget of bytes ends what grows. The library itself ends nesting
 * at 64. Its messages are collected, never printed.
 */
#include "config.h"

#include "content/yaml_reader.h"

#include <libfyaml.h>
#include <string.h>

#include "content/front_matter_field.h"

/* What all texts and nodes looked at may weigh together. */
#define MAX_EXPANSION ((size_t)1 << 20)

/* White space in a row: the library's time grows with its square. */
#define MAX_SPACE 4096

/* Merges within merges. */
#define MAX_MERGE_DEPTH 8

struct yaml_walk {
	GHashTable *fields;
	uint32_t first_line;
	size_t budget;
	enum status status; /* of the first thing that went wrong */
	GError **error;
};

static void read_mapping(struct yaml_walk *walk, struct fy_node *mapping,
    const char *table, unsigned depth, unsigned merge_depth);

/* The line in the file of what `node` begins with; the first one if unknown. */
static uint32_t
node_line(const struct yaml_walk *walk, struct fy_node *node)
{
	struct fy_token *token =
	    node == NULL ? NULL : fy_node_get_scalar_token(node);
	const struct fy_mark *mark =
	    token == NULL ? NULL : fy_token_start_mark(token);

	return walk->first_line + (mark == NULL ? 0 : (uint32_t)mark->line);
}

/* Take `size` and a little more for the node itself from the budget. */
static bool
spend(struct yaml_walk *walk, size_t size, uint32_t line)
{
	size_t price = size + 16;

	if (walk->status != STATUS_OK)
		return false;
	if (price > walk->budget) {
		walk->status = status_fail(walk->error, STATUS_TOO_LARGE,
		    "%u: the aliases stand for more than %zu KiB", line,
		    MAX_EXPANSION / 1024);
		return false;
	}
	walk->budget -= price;
	return true;
}

/* The node itself, or what it is an alias of; NULL for an alias of nothing. */
static struct fy_node *
resolve(struct yaml_walk *walk, struct fy_node *node, uint32_t line)
{
	struct fy_node *target;
	const char *name;
	size_t size;

	if (node == NULL || !fy_node_is_alias(node))
		return node;
	target = fy_node_resolve_alias(node);
	if (target == NULL && walk->status == STATUS_OK) {
		name = fy_node_get_scalar(node, &size);
		walk->status = status_fail(walk->error, STATUS_INVALID,
		    "%u: \"*%.*s\" is an alias of nothing (a text that begins "
		    "with an asterisk needs quotes)",
		    line, name == NULL ? 0 : (int)MIN(size, 40),
		    name == NULL ? "" : name);
	}
	return target;
}

static bool
is_scalar(struct fy_node *node)
{
	return node != NULL && fy_node_get_type(node) == FYNT_SCALAR &&
	       !fy_node_is_alias(node);
}

/* A plain "null", "~" or nothing at all. */
static bool
is_null(struct fy_node *node)
{
	static const char *const WORDS[] = { "", "~", "null", "Null", "NULL" };
	const char *text;
	size_t size;

	if (node == NULL)
		return true;
	if (!is_scalar(node) || fy_node_get_style(node) != FYNS_PLAIN)
		return false;
	text = fy_node_get_scalar(node, &size);
	for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
		if (text == NULL || (strlen(WORDS[i]) == size &&
					memcmp(text, WORDS[i], size) == 0))
			return true;
	return false;
}

/* The text of a scalar, or NULL when it is none or the budget is spent. */
static char *
read_text(struct yaml_walk *walk, struct fy_node *node, uint32_t line)
{
	const char *text;
	size_t size = 0;

	if (!is_scalar(node))
		return NULL;
	text = fy_node_get_scalar(node, &size);
	if (text == NULL || !spend(walk, size, line))
		return NULL;
	return front_matter_field_text(text, size);
}

/* Whether the key of a pair is `name`. */
static bool
has_name(struct fy_node_pair *pair, const char *name)
{
	struct fy_node *key = fy_node_pair_key(pair);
	const char *text;
	size_t size = 0;

	if (!is_scalar(key))
		return false;
	text = fy_node_get_scalar(key, &size);
	return text != NULL && size == strlen(name) &&
	       memcmp(text, name, size) == 0;
}

/* The value of `name` in a mapping, or NULL. */
static struct fy_node *
find_value(struct yaml_walk *walk, struct fy_node *mapping, const char *name,
    uint32_t line)
{
	struct fy_node_pair *pair;
	void *at = NULL;

	while ((pair = fy_node_mapping_iterate(mapping, &at)) != NULL &&
	       spend(walk, 0, line))
		if (has_name(pair, name))
			return fy_node_pair_value(pair);
	return NULL;
}

/* The text that an entry of a list stands for: itself, or its `name`. */
static char *
read_item(struct yaml_walk *walk, struct fy_node *item, uint32_t line)
{
	item = resolve(walk, item, line);
	if (item != NULL && fy_node_get_type(item) == FYNT_MAPPING) {
		item = find_value(walk, item, "name", line);
		item = resolve(walk, item, line);
	}
	return read_text(walk, item, line);
}

static void
read_sequence(struct yaml_walk *walk, struct fy_node *sequence,
    const char *table, const char *key, uint32_t line)
{
	struct front_matter_field *field = front_matter_fields_add(
	    walk->fields, table, key, FRONT_MATTER_LIST, line);
	struct fy_node *item;
	void *at = NULL;

	while ((item = fy_node_sequence_iterate(sequence, &at)) != NULL &&
	       spend(walk, 0, line)) {
		char *text;

		if (is_null(item))
			continue;
		text = read_item(walk, item, line);
		if (text != NULL)
			g_ptr_array_add(field->items, text);
		else
			field->is_partial = true;
	}
}

static void
read_value(struct yaml_walk *walk, struct fy_node *value, const char *table,
    const char *key, uint32_t line, unsigned depth)
{
	struct front_matter_field *field;
	char *text;

	if (is_null(value))
		return;
	switch (fy_node_get_type(value)) {
	case FYNT_SCALAR:
		text = read_text(walk, value, line);
		if (text == NULL)
			return;
		field = front_matter_fields_add(
		    walk->fields, table, key, FRONT_MATTER_TEXT, line);
		field->text = text;
		return;
	case FYNT_SEQUENCE:
		read_sequence(walk, value, table, key, line);
		return;
	case FYNT_MAPPING:
		field = front_matter_fields_add(
		    walk->fields, table, key, FRONT_MATTER_TABLE, line);
		if (depth < FRONT_MATTER_FIELD_MAX_DEPTH) {
			g_autofree char *name = g_strdup(field->key);

			read_mapping(walk, value, name, depth + 1, 0);
		}
		return;
	}
}

/* `is_merged`: the pair comes from elsewhere, and what stands here wins. */
static void
read_pair(struct yaml_walk *walk, struct fy_node_pair *pair, const char *table,
    unsigned depth, bool is_merged)
{
	struct fy_node *value = fy_node_pair_value(pair);
	struct front_matter_field *before;
	g_autofree char *key = NULL;
	uint32_t line = node_line(walk, fy_node_pair_key(pair));

	key = read_text(walk, fy_node_pair_key(pair), line);
	if (key == NULL)
		return;
	before = front_matter_fields_find(walk->fields, table, key);
	if (before != NULL && is_merged)
		return;
	read_value(walk, resolve(walk, value, line), table, key, line, depth);
	if (before != NULL) {
		before = front_matter_fields_find(walk->fields, table, key);
		before->is_repeated = true;
	}
}

/* Merge what "<<" names: a mapping, or a list of them. */
static void
read_merge(struct yaml_walk *walk, struct fy_node *value, const char *table,
    unsigned depth, unsigned merge_depth, uint32_t line)
{
	struct fy_node *item;
	void *at = NULL;

	value = resolve(walk, value, line);
	if (value == NULL || merge_depth >= MAX_MERGE_DEPTH)
		return;
	if (fy_node_get_type(value) == FYNT_MAPPING) {
		read_mapping(walk, value, table, depth, merge_depth + 1);
		return;
	}
	if (fy_node_get_type(value) != FYNT_SEQUENCE)
		return;
	while ((item = fy_node_sequence_iterate(value, &at)) != NULL &&
	       spend(walk, 0, line)) {
		item = resolve(walk, item, line);
		if (item != NULL && fy_node_get_type(item) == FYNT_MAPPING)
			read_mapping(walk, item, table, depth, merge_depth + 1);
	}
}

/* The pairs of a mapping first, since they win over what it merges. */
static void
read_mapping(struct yaml_walk *walk, struct fy_node *mapping, const char *table,
    unsigned depth, unsigned merge_depth)
{
	struct fy_node_pair *pair;
	void *at = NULL;
	bool has_merge = false;

	while ((pair = fy_node_mapping_iterate(mapping, &at)) != NULL &&
	       walk->status == STATUS_OK)
		if (has_name(pair, "<<"))
			has_merge = true;
		else
			read_pair(walk, pair, table, depth, merge_depth > 0);
	at = NULL;
	while (has_merge &&
	       (pair = fy_node_mapping_iterate(mapping, &at)) != NULL &&
	       walk->status == STATUS_OK) {
		if (has_name(pair, "<<")) {
			read_merge(walk, fy_node_pair_value(pair), table, depth,
			    merge_depth,
			    node_line(walk, fy_node_pair_key(pair)));
		}
	}
}

/* The first message of the library, as one of ours. */
static enum status
fail_from_diagnostics(
    struct fy_diag *diagnostics, uint32_t first_line, GError **error)
{
	const struct fy_diag_error *first;
	const char *message = "it does not parse";
	const char *hint = "";
	uint32_t line = first_line;
	void *at = NULL;

	first = fy_diag_errors_iterate(diagnostics, &at);
	if (first != NULL && first->msg != NULL) {
		message = first->msg;
		line += first->line > 0 ? (uint32_t)first->line - 1 : 0;
	}
	if (strstr(message, "nested block mapping") != NULL)
		hint = " (a text with a colon needs quotes)";
	return status_fail(
	    error, STATUS_INVALID, "%u: %s%s", line, message, hint);
}

/* Whether there is nothing but white space and comments, which is no error. */
static bool
is_empty(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '#') {
			const char *feed = memchr(bytes + i, '\n', size - i);

			if (feed == NULL)
				return true;
			i = (size_t)(feed - bytes);
		} else if (strchr(" \t\r\n", bytes[i]) == NULL) {
			return false;
		}
	}
	return true;
}

/*
 * What the library cannot bear: it never ends over a directive that is not
 * UTF-8, and takes quadratic time over a long one and over much white space.
 * Nothing is lost by refusing directives: "---" must follow one, and that ends
 * front matter.
 */
static enum status
check_text(const char *bytes, size_t size, uint32_t first_line, GError **error)
{
	uint32_t line = first_line;
	size_t spaces = 0;

	if (!g_utf8_validate(bytes, (gssize)size, NULL)) {
		return status_fail(
		    error, STATUS_INVALID, "%u: it is not UTF-8", line);
	}
	for (size_t at = 0; at < size; at++) {
		spaces = g_ascii_isspace(bytes[at]) ? spaces + 1 : 0;
		if (spaces > MAX_SPACE) {
			return status_fail(error, STATUS_INVALID,
			    "%u: more than %d white spaces in a row", line,
			    MAX_SPACE);
		}
		if (bytes[at] == '%' && (at == 0 || bytes[at - 1] == '\n')) {
			return status_fail(error, STATUS_INVALID,
			    "%u: a line that begins with %% is a directive, "
			    "which front matter has not",
			    line);
		}
		line += bytes[at] == '\n';
	}
	return STATUS_OK;
}

static enum status
read_document(
    struct yaml_walk *walk, struct fy_document *document, GError **error)
{
	struct fy_node *root = fy_document_root(document);

	if (is_null(root))
		return STATUS_OK;
	if (fy_node_get_type(root) != FYNT_MAPPING) {
		return status_fail(error, STATUS_INVALID,
		    "%u: front matter is a list of keys and values, and this "
		    "is none",
		    node_line(walk, root));
	}
	read_mapping(walk, root, NULL, 1, 0);
	return walk->status;
}

enum status
yaml_reader_read(const char *bytes, size_t size, bool is_json,
    uint32_t first_line, GHashTable *fields, GError **error)
{
	struct fy_diag_cfg diagnostics_options;
	struct fy_parse_cfg options = {
		.flags = FYPCF_COLLECT_DIAG | FYPCF_ALLOW_DUPLICATE_KEYS |
			 (is_json ? FYPCF_JSON_FORCE : FYPCF_JSON_NONE),
	};
	struct yaml_walk walk = {
		.fields = fields,
		.first_line = first_line,
		.budget = MAX_EXPANSION,
		.status = STATUS_OK,
		.error = error,
	};
	struct fy_document *document;
	enum status status;

	status = check_text(bytes, size, first_line, error);
	if (status != STATUS_OK || is_empty(bytes, size))
		return status;
	fy_diag_cfg_default(&diagnostics_options);
	diagnostics_options.fp = NULL;
	options.diag = fy_diag_create(&diagnostics_options);
	fy_diag_set_collect_errors(options.diag, true);
	document = fy_document_build_from_string(&options, bytes, size);
	status = document == NULL
		     ? fail_from_diagnostics(options.diag, first_line, error)
		     : read_document(&walk, document, error);
	fy_document_destroy(document);
	fy_diag_destroy(options.diag);
	return status;
}
