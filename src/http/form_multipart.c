/*
 * form_multipart.c - see form_multipart.h. It must keep true that a file is
 * byte for byte what stood between two boundaries, and that the time is in
 * proportion to the body, whatever it is.
 *
 * Not by GMime, which reads mail: it takes a line feed for the end of a line,
 * decodes what a part says it is encoded in, parses a file that is itself a
 * mail or a multipart, guesses charsets, and takes a body that was cut off for
 * whole.
 */
#include "config.h"

#include "http/form_multipart.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "form_private.h"
#include "header.h"
#include "http/form.h"
#include "http/request.h"

#define MAX_BOUNDARY 70

/* What is left of the body, and what has come of it. */
struct reader {
	const char *at, *end;
	const char *delimiter; /* CR LF, two hyphens, and the boundary */
	size_t delimiter_size;
	bool is_last; /* no part follows */
	size_t count; /* of parts */
	size_t text_size;
	struct form *form;
};

/* ---- headers ---- */

/* CR LF, two hyphens and the boundary (RFC 2046 section 5.1.1); NULL: there is
 * none. The caller frees it. */
static char *
find_delimiter(const char *content_type)
{
	static const char allowed[] =
	    G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "'()+_,-./:=? ";
	g_autofree char *boundary = NULL;
	size_t size;

	if (header_find_parameter(content_type + strcspn(content_type, ";"),
		"boundary", &boundary) != STATUS_OK)
		return NULL;
	size = strlen(boundary);
	if (size == 0 || size > MAX_BOUNDARY || boundary[size - 1] == ' ' ||
	    strspn(boundary, allowed) != size)
		return NULL;
	return g_strconcat("\r\n--", boundary, NULL);
}

/* A parameter that is a name, as browsers quote it. */
static enum status
find_name(const char *parameters, const char *name, char **out_name)
{
	g_autofree char *quoted = NULL;
	enum status status = header_find_parameter(parameters, name, &quoted);
	GString *plain;

	if (status != STATUS_OK)
		return status;
	plain = g_string_new(quoted);
	g_string_replace(plain, "%22", "\"", 0);
	g_string_replace(plain, "%0D", "\r", 0);
	g_string_replace(plain, "%0A", "\n", 0);
	*out_name = g_string_free(plain, FALSE);
	return STATUS_OK;
}

/* What the header of a part says; NULL where it does not. */
struct head {
	char *name;
	char *file_name;
};

static enum status
read_disposition(const char *value, struct head *head)
{
	static const char kind[] = "form-data";

	/* Another kind, or a second one. */
	if (g_ascii_strncasecmp(value, kind, strlen(kind)) != 0 ||
	    head->name != NULL)
		return STATUS_INVALID;
	value += strlen(kind);
	if (find_name(value, "name", &head->name) != STATUS_OK ||
	    find_name(value, "filename", &head->file_name) == STATUS_INVALID)
		return STATUS_INVALID;
	return text_is_valid_utf8(head->name, strlen(head->name), NULL)
		   ? STATUS_OK
		   : STATUS_INVALID;
}

/* Whether a part in this encoding is its own content. */
static bool
is_plain_encoding(const char *value)
{
	return g_ascii_strcasecmp(value, "binary") == 0 ||
	       g_ascii_strcasecmp(value, "8bit") == 0 ||
	       g_ascii_strcasecmp(value, "7bit") == 0;
}

static enum status
read_line(const char *line, struct head *head)
{
	const char *colon = strchr(line, ':');
	g_autofree char *name = NULL;
	g_autofree char *value = NULL;

	if (colon == NULL)
		return STATUS_INVALID;
	name = g_strndup(line, (size_t)(colon - line));
	value = g_strstrip(g_strdup(colon + 1));
	if (g_ascii_strcasecmp(name, "Content-Disposition") == 0)
		return read_disposition(value, head);
	if (g_ascii_strcasecmp(name, "Content-Transfer-Encoding") == 0 &&
	    !is_plain_encoding(value))
		return STATUS_INVALID;
	return STATUS_OK;
}

/* Read the header of the part from *at to `end`, and move *at behind it. */
static enum status
read_head(const char **at, const char *end, struct head *head)
{
	size_t most = MIN((size_t)(end - *at), FORM_MAX_PART_HEAD + 4);
	const char *empty = memmem(*at, most, "\r\n\r\n", 4);
	size_t size = empty != NULL ? (size_t)(empty - *at) : 0;
	g_autofree char *text = g_strndup(*at, size);
	g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
	enum status status = STATUS_OK;

	if (empty == NULL || strlen(text) != size)
		return STATUS_INVALID;
	for (size_t i = 0; lines[i] != NULL && status == STATUS_OK; i++)
		status = read_line(lines[i], head);
	*at = empty + 4;
	return head->name == NULL ? STATUS_INVALID : status;
}

/* ---- parts ---- */

static void
add_file(
    struct form *form, const struct head *head, const char *bytes, size_t size)
{
	g_autofree char *file_name = text_clean_file_name(head->file_name);

	if (size == 0 && head->file_name[0] == '\0')
		return;
	form->files[form->file_count++] = (struct form_file){
		.name = g_string_chunk_insert(form->strings, head->name),
		.file_name = g_string_chunk_insert(form->strings, file_name),
		.bytes = bytes,
		.size = size,
	};
}

static enum status
add_field(struct reader *reader, const struct head *head, const char *bytes,
    size_t size)
{
	struct form *form = reader->form;

	reader->text_size += size;
	if (reader->text_size > REQUEST_MAX_BODY)
		return STATUS_TOO_LARGE;
	if (!text_is_valid_utf8(bytes, size, NULL))
		return STATUS_INVALID;
	form->fields[form->count++] = (struct field){
		.name = g_string_chunk_insert(form->strings, head->name),
		.value = g_string_chunk_insert_len(
		    form->strings, bytes, (gssize)size),
	};
	return STATUS_OK;
}

static enum status
add_part(struct reader *reader, const char *at, const char *end)
{
	struct head head = { .name = NULL };
	enum status status = read_head(&at, end, &head);

	if (reader->count++ == REQUEST_MAX_PARAMETERS)
		status = STATUS_INVALID;
	if (status == STATUS_OK && head.file_name != NULL)
		add_file(reader->form, &head, at, (size_t)(end - at));
	else if (status == STATUS_OK)
		status = add_field(reader, &head, at, (size_t)(end - at));
	g_free(head.name);
	g_free(head.file_name);
	return status;
}

/* Whether what stands behind a delimiter makes it a boundary; then go on behind
 * that. A line that only begins like one belongs to the part. */
static bool
take_boundary(struct reader *reader, const char *at)
{
	reader->is_last = reader->end - at >= 2 && memcmp(at, "--", 2) == 0;
	while (at < reader->end && (*at == ' ' || *at == '\t'))
		at++;
	if (!reader->is_last &&
	    (reader->end - at < 2 || memcmp(at, "\r\n", 2) != 0))
		return false;
	reader->at = at + 2;
	return true;
}

/* Go on behind the next boundary; where the part before it ends, or NULL. */
static const char *
find_end(struct reader *reader)
{
	const char *at = reader->at;

	while ((at = memmem(at, (size_t)(reader->end - at), reader->delimiter,
		    reader->delimiter_size)) != NULL) {
		const char *end = at;

		at += reader->delimiter_size;
		if (take_boundary(reader, at))
			return end;
	}
	return NULL;
}

/* Go on behind the first boundary: at the beginning, where it may be the last,
 * or behind a preamble. */
static bool
find_start(struct reader *reader)
{
	size_t size = reader->delimiter_size - 2;

	if ((size_t)(reader->end - reader->at) >= size &&
	    memcmp(reader->at, reader->delimiter + 2, size) == 0 &&
	    take_boundary(reader, reader->at + size))
		return true;
	return find_end(reader) != NULL && !reader->is_last;
}

static enum status
read_parts(struct reader *reader)
{
	enum status status = STATUS_OK;

	if (!find_start(reader))
		return STATUS_INVALID;
	while (!reader->is_last && status == STATUS_OK) {
		const char *start = reader->at;
		const char *end = find_end(reader);

		status =
		    end != NULL ? add_part(reader, start, end) : STATUS_INVALID;
	}
	return status;
}

enum status
form_parse_multipart(const char *content_type, const void *body, size_t size,
    struct form **out_form)
{
	g_autofree char *delimiter = find_delimiter(content_type);
	struct form *form;
	struct reader reader = { .at = body };
	enum status status;

	if (delimiter == NULL || size == 0)
		return STATUS_INVALID;
	form = g_new0(struct form, 1);
	form->fields = g_new(struct field, REQUEST_MAX_PARAMETERS);
	form->files = g_new(struct form_file, REQUEST_MAX_PARAMETERS);
	form->strings = g_string_chunk_new(1024);
	reader.end = reader.at + size;
	reader.delimiter = delimiter;
	reader.delimiter_size = strlen(delimiter);
	reader.form = form;
	status = read_parts(&reader);
	if (status == STATUS_OK)
		*out_form = form;
	else
		form_free(form);
	return status;
}

const struct form_file *
form_file(const struct form *form, const char *name)
{
	for (size_t i = 0; form != NULL && i < form->file_count; i++)
		if (strcmp(form->files[i].name, name) == 0)
			return &form->files[i];
	return NULL;
}
