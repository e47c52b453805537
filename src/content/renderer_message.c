/*
 * renderer_message.c - requests and documents as bytes, and back.
 *
 * It must stay true that reading never goes past the end of a body, whatever
 * the sizes in it say, and that what is missing makes all of it malformed.
 */
#include "config.h"

#include "renderer_message.h"

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
message_new_request(const char *source, const char *markdown, size_t size)
{
	GString *body = g_string_sized_new(size + 64);

	put_string(body, source);
	put_bytes(body, markdown, size);
	return body;
}

bool
message_read_request(const char *body, size_t size, const char **out_source,
    const char **out_markdown, size_t *out_size)
{
	struct reader reader = { body, size, false };
	const char *source, *markdown;
	size_t source_size, markdown_size;

	source = take_bytes(&reader, &source_size);
	markdown = take_bytes(&reader, &markdown_size);
	if (reader.is_broken || markdown == NULL)
		return false;
	*out_source = source;
	*out_markdown = markdown;
	*out_size = markdown_size;
	return true;
}

GString *
message_new_document(const struct document *document)
{
	GString *body = g_string_sized_new(4096);

	put_string(body, document->html);
	put_string(body, document->contents_html);
	put_string(body, document->text);
	put_string(body, document->excerpt);
	put_string(body, document->first_image);
	put_number(body, document->word_count);
	put_number(body, document->minutes);
	put_number(body, document->references->len);
	for (guint i = 0; i < document->references->len; i++) {
		const struct document_reference *reference = &g_array_index(
		    document->references, struct document_reference, i);

		put_string(body, reference->reference);
		put_string(body, reference->url);
	}
	put_number(body, document->warnings->len);
	for (guint i = 0; i < document->warnings->len; i++) {
		const struct document_warning *warning = &g_array_index(
		    document->warnings, struct document_warning, i);

		put_number(body, warning->line);
		put_string(body, warning->message);
	}
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
	document.first_image = take_string(&reader);
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
