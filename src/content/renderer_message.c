/*
 * renderer_message.c - requests and documents as bytes, and back.
 *
 * It must stay true that reading never goes past the end of a body, whatever
 * the sizes in it say, and that what is missing makes all of it malformed.
 */
#include "config.h"

#include "renderer_message.h"

#include <stddef.h>
#include <string.h>

#include "content/renderer.h"
#include "document_lists.h"

/* The size of a string that is NULL. */
#define NO_STRING UINT32_MAX

struct reader {
	const char *cursor;
	size_t left;
	bool is_broken;
};

size_t
message_max_reply(size_t size)
{
	/* html, contents, text, and addresses with what they became: none of
	 * them is larger than the first; the rest is for warnings. */
	return 4 * RENDERER_MAX_OUTPUT(size) + 256 * 1024;
}

static void
put_number(GString *body, uint32_t number)
{
	g_string_append_len(body, (const char *)&number, sizeof(number));
}

static void
put_bytes(GString *body, const char *bytes, size_t size)
{
	put_number(body, (uint32_t)size);
	g_string_append_len(body, bytes, (gssize)size);
	g_string_append_c(body, '\0');
}

static void
put_string(GString *body, const char *string)
{
	if (string == NULL)
		put_number(body, NO_STRING);
	else
		put_bytes(body, string, strlen(string));
}

static uint32_t
take_number(struct reader *reader)
{
	uint32_t number;

	if (reader->is_broken || reader->left < sizeof(number)) {
		reader->is_broken = true;
		return 0;
	}
	memcpy(&number, reader->cursor, sizeof(number));
	reader->cursor += sizeof(number);
	reader->left -= sizeof(number);
	return number;
}

/* The bytes, which a NUL follows; NULL for no string or a broken message. */
static const char *
take_bytes(struct reader *reader, size_t *out_size)
{
	uint32_t size = take_number(reader);
	const char *bytes = reader->cursor;

	*out_size = 0;
	if (reader->is_broken || size == NO_STRING)
		return NULL;
	if (size >= reader->left || bytes[size] != '\0') {
		reader->is_broken = true;
		return NULL;
	}
	reader->cursor += (size_t)size + 1;
	reader->left -= (size_t)size + 1;
	*out_size = size;
	return bytes;
}

static char *
take_string(struct reader *reader)
{
	size_t size;

	return g_strdup(take_bytes(reader, &size));
}

/* A string that must be there. */
static char *
take_text(struct reader *reader)
{
	char *text = take_string(reader);

	if (text == NULL)
		reader->is_broken = true;
	return text;
}

GString *
message_new_request(enum message_kind kind, const char *source,
    const char *markdown, size_t size)
{
	GString *body = g_string_sized_new(size + 64);

	put_number(body, kind);
	put_string(body, source);
	put_bytes(body, markdown, size);
	return body;
}

bool
message_read_request(const char *body, size_t size, enum message_kind *out_kind,
    const char **out_source, const char **out_markdown, size_t *out_size)
{
	struct reader reader = { body, size, false };
	const char *source, *markdown;
	size_t source_size, markdown_size;
	uint32_t kind = take_number(&reader);

	source = take_bytes(&reader, &source_size);
	markdown = take_bytes(&reader, &markdown_size);
	if (reader.is_broken || markdown == NULL || kind > MESSAGE_FRONT_MATTER)
		return false;
	*out_kind = (enum message_kind)kind;
	*out_source = source;
	*out_markdown = markdown;
	*out_size = markdown_size;
	return true;
}

static void
put_warnings(GString *body, const GArray *warnings)
{
	put_number(body, warnings->len);
	for (guint i = 0; i < warnings->len; i++) {
		const struct document_warning *warning =
		    &g_array_index(warnings, struct document_warning, i);

		put_number(body, warning->line);
		put_string(body, warning->message);
	}
}

GString *
message_new_document(const struct document *document)
{
	GString *body = g_string_sized_new(4096);

	put_string(body, document->html);
	put_string(body, document->contents_html);
	put_string(body, document->text);
	put_string(body, document->excerpt);
	put_number(body, document->word_count);
	put_number(body, document->minutes);
	put_number(body, document->references->len);
	for (guint i = 0; i < document->references->len; i++) {
		const struct document_reference *reference = &g_array_index(
		    document->references, struct document_reference, i);

		put_string(body, reference->reference);
		put_string(body, reference->url);
	}
	put_warnings(body, document->warnings);
	return body;
}

static void
take_references(struct reader *reader, GArray *references)
{
	uint32_t count = take_number(reader);

	for (uint32_t i = 0; i < count && !reader->is_broken; i++) {
		struct document_reference reference;

		reference.reference = take_text(reader);
		reference.url = take_text(reader);
		g_array_append_val(references, reference);
	}
}

static void
take_warnings(struct reader *reader, GArray *warnings)
{
	uint32_t count = take_number(reader);

	for (uint32_t i = 0; i < count && !reader->is_broken; i++) {
		struct document_warning warning;

		warning.line = take_number(reader);
		warning.message = take_text(reader);
		g_array_append_val(warnings, warning);
	}
}

bool
message_read_document(
    const char *body, size_t size, struct document *out_document)
{
	struct reader reader = { body, size, false };
	struct document document = { 0 };

	document.html = take_text(&reader);
	document.contents_html = take_text(&reader);
	document.text = take_text(&reader);
	document.excerpt = take_text(&reader);
	document.word_count = take_number(&reader);
	document.minutes = take_number(&reader);
	document.references = document_new_references();
	take_references(&reader, document.references);
	document.warnings = document_new_warnings();
	take_warnings(&reader, document.warnings);
	if (reader.is_broken || reader.left != 0) {
		document_release(&document);
		return false;
	}
	*out_document = document;
	return true;
}

/* ---- front matter ---- */

/* The members that are one text, and those that are several. */
#define MEMBER(name) offsetof(struct front_matter, name)
static const size_t text_members[] = { MEMBER(title), MEMBER(slug),
	MEMBER(path), MEMBER(date), MEMBER(updated), MEMBER(summary),
	MEMBER(description), MEMBER(direction), MEMBER(series),
	MEMBER(series_number), MEMBER(pinned), MEMBER(cover), MEMBER(cover_alt),
	MEMBER(language), MEMBER(canonical_url), MEMBER(layout) };
static const size_t list_members[] = { MEMBER(aliases), MEMBER(tags),
	MEMBER(categories), MEMBER(authors), MEMBER(references) };

static char **
text_member(const struct front_matter *front_matter, size_t index)
{
	return (char **)((char *)front_matter + text_members[index]);
}

static char ***
list_member(const struct front_matter *front_matter, size_t index)
{
	return (char ***)(void *)((char *)front_matter + list_members[index]);
}

static void
put_lines(GString *body, GHashTable *lines)
{
	GHashTableIter each;
	void *member, *line;

	put_number(body, g_hash_table_size(lines));
	g_hash_table_iter_init(&each, lines);
	while (g_hash_table_iter_next(&each, &member, &line)) {
		put_number(body, (uint32_t)GPOINTER_TO_SIZE(member));
		put_number(body, GPOINTER_TO_UINT(line));
	}
}

GString *
message_new_front_matter(const struct front_matter *front_matter)
{
	GString *body = g_string_sized_new(1024);

	put_number(body, front_matter->format);
	put_number(body, front_matter->is_draft);
	put_number(body, (uint32_t)front_matter->body_offset);
	put_number(body, front_matter->body_line);
	for (size_t i = 0; i < G_N_ELEMENTS(text_members); i++)
		put_string(body, *text_member(front_matter, i));
	for (size_t i = 0; i < G_N_ELEMENTS(list_members); i++) {
		char **list = *list_member(front_matter, i);

		put_number(body, g_strv_length(list));
		for (; *list != NULL; list++)
			put_string(body, *list);
	}
	put_lines(body, front_matter->lines);
	put_warnings(body, front_matter->warnings);
	return body;
}

static char **
take_list(struct reader *reader)
{
	GPtrArray *texts = g_ptr_array_new();
	uint32_t count = take_number(reader);

	for (uint32_t i = 0; i < count && !reader->is_broken; i++) {
		char *text = take_text(reader);

		if (text != NULL)
			g_ptr_array_add(texts, text);
	}
	g_ptr_array_add(texts, NULL);
	return (char **)g_ptr_array_free(texts, FALSE);
}

static void
take_lines(struct reader *reader, GHashTable *lines)
{
	uint32_t count = take_number(reader);

	for (uint32_t i = 0; i < count && !reader->is_broken; i++) {
		uint32_t member = take_number(reader);
		uint32_t line = take_number(reader);

		g_hash_table_insert(lines, GSIZE_TO_POINTER((size_t)member),
		    GUINT_TO_POINTER(line));
	}
}

bool
message_read_front_matter(const char *body, size_t size, size_t file_size,
    struct front_matter *out_front_matter)
{
	struct reader reader = { body, size, false };
	struct front_matter front_matter = { 0 };
	uint32_t format = take_number(&reader);

	front_matter.format = (enum front_matter_format)format;
	front_matter.is_draft = take_number(&reader) != 0;
	front_matter.body_offset = take_number(&reader);
	front_matter.body_line = take_number(&reader);
	for (size_t i = 0; i < G_N_ELEMENTS(text_members); i++)
		*text_member(&front_matter, i) = take_string(&reader);
	for (size_t i = 0; i < G_N_ELEMENTS(list_members); i++)
		*list_member(&front_matter, i) = take_list(&reader);
	front_matter.lines = g_hash_table_new(NULL, NULL);
	take_lines(&reader, front_matter.lines);
	front_matter.warnings = document_new_warnings();
	take_warnings(&reader, front_matter.warnings);
	if (reader.is_broken || reader.left != 0 ||
	    format > FRONT_MATTER_JSON ||
	    front_matter.body_offset > file_size) {
		front_matter_release(&front_matter);
		return false;
	}
	*out_front_matter = front_matter;
	return true;
}
