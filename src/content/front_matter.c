/*
 * front_matter.c - finds the front matter of a file and gives its keys the
 * meaning that Jekyll, Hugo and Zola give them.
 *
 * What those three do differently is decided once, here:
 *
 * - White space before the first fence is passed over, as Hugo and Zola do.
 * - "---" at the beginning opens front matter always; if it is never closed the
 *   file is refused with its line, as Hugo does, since Jekyll's way (publish
 *   what was meant as keys) helps nobody. "..." closes YAML too.
 * - A text where a list is expected is split at commas if the key is a plural
 *   ("tags: a, b"); in YAML a plural without a comma is split at white space,
 * as Jekyll does ("categories: a b"). A singular ("category") is one value.
 */
#include "config.h"

#include "content/front_matter.h"

#include <string.h>

#include "content/front_matter_field.h"
#include "content/toml_reader.h"
#include "content/yaml_reader.h"

/* Between the fences. */
#define MAX_SIZE ((size_t)64 * 1024)

static const char BYTE_ORDER_MARK[] = "\xef\xbb\xbf";

/* Where the front matter of a file stands. */
struct extent {
	enum front_matter_format format;
	size_t begin, end;   /* of what the parser reads */
	uint32_t line;       /* of `begin` */
	size_t body;         /* where the text begins */
	uint32_t body_line;  /* and its line */
	uint32_t fence_line; /* where the front matter itself begins */
};

/* How a text stands for a list. */
enum split {
	SPLIT_NEVER,
	SPLIT_COMMAS,
	SPLIT_PLURAL /* at commas, or else, in YAML, at white space */
};

/* A key that gives a text; of those for one member the first one found counts.
 */
struct text_rule {
	const char *key;
	size_t member;     /* offset of a char * */
	bool may_be_table; /* its members are keys of their own */
};

#define MEMBER(name) offsetof(struct front_matter, name)

static const struct text_rule TEXT_RULES[] = {
	{ "title", MEMBER(title), false },
	{ "slug", MEMBER(slug), false },
	{ "path", MEMBER(path), false },
	{ "permalink", MEMBER(path), false },
	{ "url", MEMBER(path), false },
	{ "date", MEMBER(date), false },
	{ "updated", MEMBER(updated), false },
	{ "lastmod", MEMBER(updated), false },
	{ "last_modified_at", MEMBER(updated), false },
	{ "description", MEMBER(description), false },
	{ "summary", MEMBER(summary), false },
	{ "excerpt", MEMBER(summary), false },
	{ "cover", MEMBER(cover), true },
	{ "cover.image", MEMBER(cover), false },
	{ "cover.path", MEMBER(cover), false },
	{ "cover.src", MEMBER(cover), false },
	{ "image", MEMBER(cover), true },
	{ "image.path", MEMBER(cover), false },
	{ "image.src", MEMBER(cover), false },
	{ "image.url", MEMBER(cover), false },
	{ "featured_image", MEMBER(cover), true },
	{ "featured_image.src", MEMBER(cover), false },
	{ "images", MEMBER(cover), true },
	{ "extra.cover", MEMBER(cover), true },
	{ "extra.cover.image", MEMBER(cover), false },
	{ "extra.image", MEMBER(cover), true },
	{ "extra.featured_image", MEMBER(cover), true },
	{ "params.cover", MEMBER(cover), true },
	{ "params.cover.image", MEMBER(cover), false },
	{ "params.image", MEMBER(cover), true },
	{ "params.featured_image", MEMBER(cover), true },
	{ "params.images", MEMBER(cover), true },
	{ "cover_alt", MEMBER(cover_alt), false },
	{ "cover.alt", MEMBER(cover_alt), false },
	{ "image_alt", MEMBER(cover_alt), false },
	{ "image.alt", MEMBER(cover_alt), false },
	{ "featured_image_alt", MEMBER(cover_alt), false },
	{ "featured_image.alt", MEMBER(cover_alt), false },
	{ "extra.cover_alt", MEMBER(cover_alt), false },
	{ "extra.cover.alt", MEMBER(cover_alt), false },
	{ "extra.image_alt", MEMBER(cover_alt), false },
	{ "params.cover_alt", MEMBER(cover_alt), false },
	{ "params.cover.alt", MEMBER(cover_alt), false },
	{ "params.image_alt", MEMBER(cover_alt), false },
	{ "lang", MEMBER(language), false },
	{ "language", MEMBER(language), false },
	{ "locale", MEMBER(language), false },
	{ "dir", MEMBER(direction), false },
	{ "direction", MEMBER(direction), false },
	{ "extra.dir", MEMBER(direction), false },
	{ "params.dir", MEMBER(direction), false },
	{ "series", MEMBER(series), true },
	{ "series.name", MEMBER(series), false },
	{ "taxonomies.series", MEMBER(series), false },
	{ "extra.series", MEMBER(series), true },
	{ "params.series", MEMBER(series), true },
	{ "series_order", MEMBER(series_number), false },
	{ "series_part", MEMBER(series_number), false },
	{ "series_number", MEMBER(series_number), false },
	{ "series.order", MEMBER(series_number), false },
	{ "series.part", MEMBER(series_number), false },
	{ "extra.series_order", MEMBER(series_number), false },
	{ "extra.series_part", MEMBER(series_number), false },
	{ "params.series_order", MEMBER(series_number), false },
	{ "params.series_part", MEMBER(series_number), false },
	{ "pinned", MEMBER(pinned), false },
	{ "pin", MEMBER(pinned), false },
	{ "sticky", MEMBER(pinned), false },
	{ "extra.pinned", MEMBER(pinned), false },
	{ "params.pinned", MEMBER(pinned), false },
	{ "canonical_url", MEMBER(canonical_url), false },
	{ "canonicalurl", MEMBER(canonical_url), false },
	{ "canonical", MEMBER(canonical_url), false },
	{ "extra.canonical_url", MEMBER(canonical_url), false },
	{ "params.canonical_url", MEMBER(canonical_url), false },
	{ "params.canonicalurl", MEMBER(canonical_url), false },
	{ "layout", MEMBER(layout), false },
	{ "template", MEMBER(layout), false },
	{ "type", MEMBER(layout), false },
};

/* A key that gives values of a list; those for one member add up. */
struct list_rule {
	const char *key;
	size_t member; /* offset of a char ** */
	enum split split;
	bool is_spare;     /* counts only where no key before it did */
	bool may_be_table; /* its members are keys of their own */
};

static const struct list_rule LIST_RULES[] = {
	{ "aliases", MEMBER(aliases), SPLIT_NEVER, false, false },
	{ "redirect_from", MEMBER(aliases), SPLIT_NEVER, false, false },
	{ "tags", MEMBER(tags), SPLIT_PLURAL, false, false },
	{ "tag", MEMBER(tags), SPLIT_NEVER, false, false },
	{ "taxonomies.tags", MEMBER(tags), SPLIT_PLURAL, false, false },
	{ "keywords", MEMBER(tags), SPLIT_COMMAS, true, false },
	{ "category", MEMBER(categories), SPLIT_NEVER, false, false },
	{ "categories", MEMBER(categories), SPLIT_PLURAL, false, false },
	{ "taxonomies.categories", MEMBER(categories), SPLIT_PLURAL, false,
	    false },
	{ "author", MEMBER(authors), SPLIT_NEVER, false, true },
	{ "author.name", MEMBER(authors), SPLIT_NEVER, false, false },
	{ "authors", MEMBER(authors), SPLIT_COMMAS, false, false },
	{ "taxonomies.authors", MEMBER(authors), SPLIT_COMMAS, true, false },
	{ "extra.author", MEMBER(authors), SPLIT_NEVER, true, true },
	{ "extra.authors", MEMBER(authors), SPLIT_COMMAS, true, false },
	{ "params.author", MEMBER(authors), SPLIT_NEVER, true, true },
	{ "params.authors", MEMBER(authors), SPLIT_COMMAS, true, false },
	{ "references", MEMBER(references), SPLIT_NEVER, false, false },
};

static void G_GNUC_PRINTF(3, 4) warn(
    struct front_matter *front_matter, uint32_t line, const char *format, ...)
{
	struct document_warning warning = { .line = line };
	va_list arguments;

	va_start(arguments, format);
	warning.message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_array_append_val(front_matter->warnings, warning);
}

/* The field of a rule, or NULL; says when it was given twice. */
static struct front_matter_field *
find_field(
    struct front_matter *front_matter, GHashTable *fields, const char *key)
{
	struct front_matter_field *field =
	    front_matter_fields_find(fields, NULL, key);

	if (field != NULL && field->is_repeated) {
		warn(front_matter, field->line,
		    "%s is given twice; the last one counts", field->key);
	}
	return field;
}

/* The one text of a field, borrowed; NULL where it has none. */
static const char *
single_text(struct front_matter *front_matter,
    const struct front_matter_field *field, bool may_be_table)
{
	switch (field->kind) {
	case FRONT_MATTER_TEXT:
		return field->text;
	case FRONT_MATTER_LIST:
		if (field->is_partial || field->items->len > 1) {
			warn(front_matter, field->line,
			    "%s is a list; its first text counts", field->key);
		}
		return field->items->len == 0 ? NULL : field->items->pdata[0];
	case FRONT_MATTER_TABLE:
		if (!may_be_table) {
			warn(front_matter, field->line,
			    "%s should be a text; it is left out", field->key);
		}
	}
	return NULL;
}

/* The first key that says something of a member has its line kept. */
static void
keep_line(struct front_matter *front_matter, size_t member, uint32_t line)
{
	void *key = GSIZE_TO_POINTER(member);

	if (!g_hash_table_contains(front_matter->lines, key))
		g_hash_table_insert(
		    front_matter->lines, key, GUINT_TO_POINTER(line));
}

uint32_t
front_matter_line(const struct front_matter *front_matter, const void *member)
{
	size_t offset =
	    (size_t)((const char *)member - (const char *)front_matter);
	uint32_t line = GPOINTER_TO_UINT(
	    g_hash_table_lookup(front_matter->lines, GSIZE_TO_POINTER(offset)));

	return line == 0 ? 1 : line;
}

static void
apply_text(struct front_matter *front_matter, GHashTable *fields,
    const struct text_rule *rule)
{
	char **member = (char **)((char *)front_matter + rule->member);
	struct front_matter_field *field =
	    find_field(front_matter, fields, rule->key);
	g_autofree char *text = NULL;

	if (field == NULL || *member != NULL)
		return;
	text = g_strdup(single_text(front_matter, field, rule->may_be_table));
	if (text == NULL || *g_strstrip(text) == '\0')
		return;
	*member = g_steal_pointer(&text);
	keep_line(front_matter, rule->member, field->line);
}

/* Append a copy of `text` unless it is empty or there already. */
static void
add_value(GPtrArray *values, const char *text)
{
	g_autofree char *value = g_strstrip(g_strdup(text));

	if (*value != '\0' &&
	    !g_ptr_array_find_with_equal_func(values, value, g_str_equal, NULL))
		g_ptr_array_add(values, g_steal_pointer(&value));
}

static void
add_split(GPtrArray *values, const char *text, enum split split, bool is_yaml)
{
	const char *separators = ",";
	g_auto(GStrv) parts = NULL;

	if (split == SPLIT_NEVER) {
		add_value(values, text);
		return;
	}
	if (split == SPLIT_PLURAL && is_yaml && strchr(text, ',') == NULL)
		separators = " \t\r\n";
	parts = g_strsplit_set(text, separators, -1);
	for (size_t i = 0; parts[i] != NULL; i++)
		add_value(values, parts[i]);
}

static void
apply_list(struct front_matter *front_matter, GHashTable *fields,
    const struct list_rule *rule, GPtrArray *values)
{
	struct front_matter_field *field =
	    find_field(front_matter, fields, rule->key);

	if (field == NULL || (rule->is_spare && values->len > 0))
		return;
	keep_line(front_matter, rule->member, field->line);
	switch (field->kind) {
	case FRONT_MATTER_TEXT:
		add_split(values, field->text, rule->split,
		    front_matter->format == FRONT_MATTER_YAML);
		break;
	case FRONT_MATTER_LIST:
		for (guint i = 0; i < field->items->len; i++)
			add_value(values, field->items->pdata[i]);
		if (field->is_partial) {
			warn(front_matter, field->line,
			    "%s has entries that are no text; they are left "
			    "out",
			    field->key);
		}
		break;
	case FRONT_MATTER_TABLE:
		if (!rule->may_be_table) {
			warn(front_matter, field->line,
			    "%s should be a list of texts; it is left out",
			    field->key);
		}
	}
}

static void
apply_lists(struct front_matter *front_matter, GHashTable *fields)
{
	GPtrArray *values = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(LIST_RULES); i++) {
		const struct list_rule *rule = &LIST_RULES[i];
		char ***member =
		    (char ***)(void *)((char *)front_matter + rule->member);

		if (values == NULL)
			values = g_ptr_array_new_with_free_func(g_free);
		apply_list(front_matter, fields, rule, values);
		if (i + 1 == G_N_ELEMENTS(LIST_RULES) ||
		    LIST_RULES[i + 1].member != rule->member) {
			g_ptr_array_add(values, NULL);
			*member = (char **)g_ptr_array_free(
			    g_steal_pointer(&values), FALSE);
		}
	}
}

/* What `key` says, true or false; `if_absent` where it says nothing. Where
 * nobody can tell, the article is a draft: `if_unclear`. */
static bool
read_truth(struct front_matter *front_matter, GHashTable *fields,
    const char *key, bool if_absent, bool if_unclear)
{
	static const char *const WORDS[] = { "true", "false", "yes", "no", "on",
		"off", "y", "n" };
	struct front_matter_field *field =
	    find_field(front_matter, fields, key);

	if (field == NULL ||
	    (field->kind == FRONT_MATTER_TEXT && field->text[0] == '\0'))
		return if_absent;
	for (size_t i = 0;
	     i < G_N_ELEMENTS(WORDS) && field->kind == FRONT_MATTER_TEXT; i++) {
		if (g_ascii_strcasecmp(field->text, WORDS[i]) == 0)
			return i % 2 == 0;
	}
	warn(front_matter, field->line,
	    "%s should be true or false; until it is, this is a draft",
	    field->key);
	return if_unclear;
}

/* Whether one letter more, less, changed, or in the place of its neighbour
 * makes the one of the other. */
static bool
is_near(const char *one, const char *other)
{
	while (*one != '\0' && *one == *other) {
		one++;
		other++;
	}
	if (*one == '\0' || *other == '\0')
		return strlen(one) + strlen(other) == 1;
	return strcmp(one + 1, other) == 0 || strcmp(one, other + 1) == 0 ||
	       strcmp(one + 1, other + 1) == 0 ||
	       (one[0] == other[1] && one[1] == other[0] &&
		   strcmp(one + 2, other + 2) == 0);
}

static bool
is_known(const char *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(TEXT_RULES); i++)
		if (strcmp(TEXT_RULES[i].key, key) == 0)
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(LIST_RULES); i++)
		if (strcmp(LIST_RULES[i].key, key) == 0)
			return true;
	return false;
}

/* The first field whose key means nothing and is nearly `key`, or NULL. */
static const struct front_matter_field *
find_near(GHashTable *fields, const char *key)
{
	const struct front_matter_field *found = NULL;
	GHashTableIter iterator;
	void *name, *value;

	g_hash_table_iter_init(&iterator, fields);
	while (g_hash_table_iter_next(&iterator, &name, &value)) {
		const struct front_matter_field *field = value;

		if (is_near(name, key) && !is_known(name) &&
		    (found == NULL || field->line < found->line))
			found = field;
	}
	return found;
}

/*
 * Say which keys are one letter from one that means something. Returns whether
 * one of them may have been meant to keep the article from readers.
 */
static bool
warn_of_typos(struct front_matter *front_matter, GHashTable *fields)
{
	static const char *const KEYS[] = { "draft", "published", "title",
		"tags", "category", "categories", "aliases", "permalink",
		"description", "summary", "updated" };
	bool is_unclear = false;

	for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++) {
		const struct front_matter_field *field =
		    find_near(fields, KEYS[i]);

		if (field == NULL ||
		    front_matter_fields_find(fields, NULL, KEYS[i]) != NULL)
			continue;
		warn(front_matter, field->line,
		    i < 2 ? "%s means nothing: is it %s? Until that is clear, "
			    "this is a draft"
			  : "%s means nothing: is it %s?",
		    field->key, KEYS[i]);
		is_unclear = is_unclear || i < 2;
	}
	return is_unclear;
}

/* Where nothing else sums it up, readers see the description: most blogs that
 * have one show it on their cards. What is said to be for search engines alone
 * is not shown. */
static void
settle_summary(struct front_matter *front_matter, GHashTable *fields)
{
	static const struct text_rule meta = { "meta_description",
		MEMBER(description), false };
	uint32_t line =
	    front_matter_line(front_matter, &front_matter->description);

	if (front_matter->summary == NULL &&
	    front_matter->description != NULL) {
		front_matter->summary =
		    g_steal_pointer(&front_matter->description);
		keep_line(front_matter, MEMBER(summary), line);
	}
	apply_text(front_matter, fields, &meta);
}

static void
apply_fields(struct front_matter *front_matter, GHashTable *fields)
{
	bool is_draft, is_published, is_unclear;

	for (size_t i = 0; i < G_N_ELEMENTS(TEXT_RULES); i++)
		apply_text(front_matter, fields, &TEXT_RULES[i]);
	settle_summary(front_matter, fields);
	apply_lists(front_matter, fields);
	is_draft = read_truth(front_matter, fields, "draft", false, true);
	is_published =
	    read_truth(front_matter, fields, "published", true, false);
	is_unclear = warn_of_typos(front_matter, fields);
	front_matter->is_draft = is_draft || !is_published || is_unclear;
}

/* The end of the line that begins at `at`: of its text, without white space. */
static size_t
line_text_end(const char *bytes, size_t at, size_t line_end)
{
	while (line_end > at && strchr(" \t\r", bytes[line_end - 1]) != NULL &&
	       bytes[line_end - 1] != '\0')
		line_end--;
	return line_end;
}

/* Where the next line begins; `size` after the last one. */
static size_t
next_line(const char *bytes, size_t size, size_t at)
{
	const char *feed = memchr(bytes + at, '\n', size - at);

	return feed == NULL ? size : (size_t)(feed - bytes) + 1;
}

/* Whether the line at `at` is `fence` and nothing else but white space. */
static bool
is_fence(const char *bytes, size_t size, size_t at, const char *fence)
{
	size_t end = next_line(bytes, size, at);

	end -= end > at && bytes[end - 1] == '\n' ? 1 : 0;
	return line_text_end(bytes, at, end) - at == strlen(fence) &&
	       memcmp(bytes + at, fence, strlen(fence)) == 0;
}

/* Find what closes YAML or TOML, from `extent->begin` on. */
static bool
find_closing_fence(const char *bytes, size_t size, struct extent *extent)
{
	const char *fence = extent->format == FRONT_MATTER_YAML ? "---" : "+++";
	uint32_t line = extent->line;

	for (size_t at = extent->begin; at < size;
	     at = next_line(bytes, size, at), line++) {
		if (is_fence(bytes, size, at, fence) ||
		    (extent->format == FRONT_MATTER_YAML &&
			is_fence(bytes, size, at, "..."))) {
			extent->end = at;
			extent->body = next_line(bytes, size, at);
			extent->body_line = line + 1;
			return true;
		}
	}
	return false;
}

/* Find the brace that closes the JSON object at `extent->begin`. */
static bool
find_closing_brace(const char *bytes, size_t size, struct extent *extent)
{
	size_t depth = 0;
	bool in_string = false;
	uint32_t line = extent->line;

	for (size_t at = extent->begin; at < size; at++) {
		char c = bytes[at];

		line += c == '\n';
		if (in_string) {
			at += c == '\\';
			in_string = c != '"';
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{') {
			depth++;
		} else if (c == '}' && --depth == 0) {
			size_t next = next_line(bytes, size, at);
			bool is_alone = is_fence(bytes, size, at + 1, "");

			extent->end = at + 1;
			extent->body = is_alone ? next : at + 1;
			extent->body_line = line + (is_alone ? 1 : 0);
			return true;
		}
	}
	return false;
}

/* Whether a JSON object begins at `at`, and not the markup of a template. */
static bool
is_json_object(const char *bytes, size_t size, size_t at)
{
	if (bytes[at] != '{')
		return false;
	for (at++; at < size; at++)
		if (strchr(" \t\r\n", bytes[at]) == NULL || bytes[at] == '\0')
			return bytes[at] == '"' || bytes[at] == '}';
	return false;
}

/* Set `out_extent`; its format is FRONT_MATTER_NONE where there is none. */
static enum status
find_extent(
    const char *bytes, size_t size, struct extent *out_extent, GError **error)
{
	struct extent extent = { .format = FRONT_MATTER_NONE, .body_line = 1 };
	uint32_t line = 1;
	size_t at;

	if (size >= 3 && memcmp(bytes, BYTE_ORDER_MARK, 3) == 0)
		extent.body = 3;
	for (at = extent.body; at < size && is_fence(bytes, size, at, "");
	     at = next_line(bytes, size, at))
		line++;
	if (at < size) {
		extent.format =
		    is_fence(bytes, size, at, "---")   ? FRONT_MATTER_YAML
		    : is_fence(bytes, size, at, "+++") ? FRONT_MATTER_TOML
		    : is_json_object(bytes, size, at)  ? FRONT_MATTER_JSON
						       : FRONT_MATTER_NONE;
	}
	extent.fence_line = line;
	extent.begin = at;
	extent.line = line;
	if (extent.format == FRONT_MATTER_NONE) {
		*out_extent = extent;
		return STATUS_OK;
	}
	if (extent.format != FRONT_MATTER_JSON) {
		extent.begin = next_line(bytes, size, at);
		extent.line++;
	}
	if (extent.format == FRONT_MATTER_JSON
		? !find_closing_brace(bytes, size, &extent)
		: !find_closing_fence(bytes, size, &extent)) {
		return status_fail(error, STATUS_INVALID,
		    "%u: the front matter that begins here is never closed",
		    line);
	}
	if (extent.end - extent.begin > MAX_SIZE) {
		return status_fail(error, STATUS_TOO_LARGE,
		    "%u: the front matter is larger than %zu KiB", line,
		    MAX_SIZE / 1024);
	}
	*out_extent = extent;
	return STATUS_OK;
}

static enum status
read_fields(const char *bytes, const struct extent *extent, GHashTable *fields,
    GError **error)
{
	size_t size = extent->end - extent->begin;

	switch (extent->format) {
	case FRONT_MATTER_NONE:
		return STATUS_OK;
	case FRONT_MATTER_TOML:
		return toml_reader_read(
		    bytes + extent->begin, size, extent->line, fields, error);
	case FRONT_MATTER_YAML:
	case FRONT_MATTER_JSON:
		break;
	}
	return yaml_reader_read(bytes + extent->begin, size,
	    extent->format == FRONT_MATTER_JSON, extent->line, fields, error);
}

static void
clear_warning(gpointer data)
{
	struct document_warning *warning = data;

	g_free(warning->message);
}

enum status
front_matter_parse(const char *bytes, size_t size,
    struct front_matter *out_front_matter, GError **error)
{
	g_autoptr(GHashTable) fields = front_matter_fields_new();
	struct front_matter front_matter = { 0 };
	struct extent extent = { 0 };
	enum status status;

	status = find_extent(bytes, size, &extent, error);
	if (status == STATUS_OK)
		status = read_fields(bytes, &extent, fields, error);
	if (status != STATUS_OK)
		return status;
	front_matter.format = extent.format;
	front_matter.body_offset = extent.body;
	front_matter.body_line = extent.body_line;
	front_matter.warnings =
	    g_array_new(FALSE, FALSE, sizeof(struct document_warning));
	g_array_set_clear_func(front_matter.warnings, clear_warning);
	front_matter.lines = g_hash_table_new(NULL, NULL);
	apply_fields(&front_matter, fields);
	*out_front_matter = front_matter;
	return STATUS_OK;
}

void
front_matter_release(struct front_matter *front_matter)
{
	for (size_t i = 0; i < G_N_ELEMENTS(TEXT_RULES); i++) {
		g_clear_pointer(
		    (char **)((char *)front_matter + TEXT_RULES[i].member),
		    g_free);
	}
	g_clear_pointer(&front_matter->aliases, g_strfreev);
	g_clear_pointer(&front_matter->tags, g_strfreev);
	g_clear_pointer(&front_matter->categories, g_strfreev);
	g_clear_pointer(&front_matter->authors, g_strfreev);
	g_clear_pointer(&front_matter->references, g_strfreev);
	g_clear_pointer(&front_matter->warnings, g_array_unref);
	g_clear_pointer(&front_matter->lines, g_hash_table_unref);
}
