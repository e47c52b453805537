/*
 * fuzz_form_multipart.c - any bytes as a form with files: what is handed out is
 * text, or a stretch of the body. Input: the Content-Type, a newline, the body.
 */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/form.h"
#include "http/form_multipart.h"
#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check_file(const struct form_file *file, const char *body, size_t size)
{
	const char *bytes = file->bytes;

	if (bytes < body || bytes > body + size ||
	    file->size > (size_t)(body + size - bytes))
		abort();
	if (!text_is_valid_utf8(
		file->file_name, strlen(file->file_name), NULL) ||
	    strpbrk(file->file_name, "/\\\r\n\x1b\x7f") != NULL ||
	    strcmp(file->file_name, "..") == 0)
		abort();
}

static void
check_form(const struct form *form, const char *body, size_t size)
{
	static const char *const names[] = { "", "a", "b", "f" };

	if (form_count(form) > REQUEST_MAX_PARAMETERS)
		abort();
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = form_value(form, names[i]);
		const struct form_file *file = form_file(form, names[i]);

		if (value != NULL &&
		    !text_is_valid_utf8(value, strlen(value), NULL))
			abort();
		if (file != NULL)
			check_file(file, body, size);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const uint8_t *line = size > 0 ? memchr(bytes, '\n', size) : NULL;
	size_t type_size = line != NULL ? (size_t)(line - bytes) : size;
	size_t body_size = line != NULL ? size - type_size - 1 : 0;
	g_autofree char *type = g_strndup((const char *)bytes, type_size);
	/* A copy, so that a byte too far is seen. */
	g_autofree char *body = g_malloc(MAX(body_size, 1));
	struct form *form = NULL;

	if (body_size > 0)
		memcpy(body, line + 1, body_size);
	if (form_parse_multipart(type, body, body_size, &form) == STATUS_OK)
		check_form(form, body, body_size);
	form_free(form);
	return 0;
}
