/*
 * form.c - see form.h. It must keep true that every name and value handed out
 * is valid UTF-8 without NUL, decoded exactly once.
 */
#include "config.h"

#include "http/form.h"

#include <string.h>

#include "base/text.h"
#include "form_private.h"
#include "http/request.h"

/*
 * Decode `size` bytes to `*at`, ended by NUL, and move `*at` behind it.
 * STATUS_INVALID: see form_parse().
 */
static enum status
decode(const char *bytes, size_t size, char **at)
{
	char *start = *at;
	char *out = start;

	for (size_t i = 0; i < size; i++) {
		int high, low;

		if (bytes[i] != '%') {
			*out++ = bytes[i] == '+' ? ' ' : bytes[i];
			continue;
		}
		if (size - i < 3)
			return STATUS_INVALID;
		high = g_ascii_xdigit_value(bytes[i + 1]);
		low = g_ascii_xdigit_value(bytes[i + 2]);
		if (high < 0 || low < 0)
			return STATUS_INVALID;
		*out++ = (char)(high << 4 | low);
		i += 2;
	}
	if (!text_is_valid_utf8(start, (size_t)(out - start), NULL))
		return STATUS_INVALID;
	*out++ = '\0';
	*at = out;
	return STATUS_OK;
}

static enum status
add_field(struct form *form, const char *bytes, size_t size, char **at)
{
	const char *equals = memchr(bytes, '=', size);
	size_t name_size = equals != NULL ? (size_t)(equals - bytes) : size;
	size_t value_size = equals != NULL ? size - name_size - 1 : 0;
	struct field *field;

	if (form->count == REQUEST_MAX_PARAMETERS)
		return STATUS_TOO_LARGE;
	field = &form->fields[form->count++];
	field->name = *at;
	if (decode(bytes, name_size, at) != STATUS_OK)
		return STATUS_INVALID;
	field->value = *at;
	return decode(bytes + size - value_size, value_size, at);
}

/* How many fields there can be at most. */
static size_t
count_pieces(const char *bytes, size_t size)
{
	size_t count = 1;

	for (size_t i = 0; i < size; i++)
		count += bytes[i] == '&';
	return MIN(count, REQUEST_MAX_PARAMETERS);
}

enum status
form_parse(const char *bytes, size_t size, struct form **out_form)
{
	struct form *form = g_new0(struct form, 1);
	enum status status = STATUS_OK;
	size_t start = 0;
	char *at;

	if (size == 0) {
		*out_form = form;
		return STATUS_OK;
	}
	form->fields = g_new(struct field, count_pieces(bytes, size));
	/* A field of n bytes decodes to n at most; "=" or "&" pays for one of
	 * its two NULs, the second is extra. */
	form->text = at = g_malloc(size + 2 + REQUEST_MAX_PARAMETERS);
	while (start < size && status == STATUS_OK) {
		const char *piece = bytes + start;
		const char *ampersand = memchr(piece, '&', size - start);
		size_t piece_size = ampersand != NULL
					? (size_t)(ampersand - piece)
					: size - start;

		if (piece_size > 0)
			status = add_field(form, piece, piece_size, &at);
		start += piece_size + 1;
	}
	if (status != STATUS_OK) {
		form_free(form);
		return status;
	}
	*out_form = form;
	return STATUS_OK;
}

void
form_free(struct form *form)
{
	if (form == NULL)
		return;
	g_free(form->fields);
	g_free(form->text);
	g_free(form->files);
	g_clear_pointer(&form->strings, g_string_chunk_free);
	g_free(form);
}

const char *
form_value(const struct form *form, const char *name)
{
	if (form == NULL)
		return NULL;
	for (size_t i = 0; i < form->count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return form->fields[i].value;
	}
	return NULL;
}

void
form_each(const struct form *form,
    void (*each)(const char *name, const char *value, void *data), void *data)
{
	for (size_t i = 0; form != NULL && i < form->count; i++)
		each(form->fields[i].name, form->fields[i].value, data);
}

size_t
form_count(const struct form *form)
{
	return form != NULL ? form->count : 0;
}
