/*
 * fuzz_image_result.c - any bytes as what byline-image says.
 */
#include "config.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "content/image_result.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What is taken is what would be written, byte for byte. */
static void
compare(const struct image_result *result, const char *text, size_t size)
{
	g_autoptr(GString) again = g_string_new(NULL);

	for (size_t i = 0; i < result->file_count; i++)
		image_result_append_file(again, &result->files[i]);
	image_result_append_end(again);
	if (again->len != size || memcmp(again->str, text, size) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct image_result result;
	g_autoptr(GError) error = NULL;
	enum status status =
	    image_result_parse((const char *)bytes, size, &result, &error);

	if (status == STATUS_OK)
		compare(&result, (const char *)bytes, size);
	else if (error == NULL || !g_utf8_validate(error->message, -1, NULL) ||
		 strpbrk(error->message, "\r\n\x1b") != NULL)
		abort();
	return 0;
}
