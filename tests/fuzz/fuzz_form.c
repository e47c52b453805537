/*
 * fuzz_form.c - any bytes as a query or form: what is handed out is text.
 */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/form.h"
#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const names[] = { "", "a", "q", "email" };
	struct form *form = NULL;

	if (form_parse((const char *)bytes, size, &form) != STATUS_OK)
		return 0;
	if (form_count(form) > REQUEST_MAX_PARAMETERS)
		abort();
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = form_value(form, names[i]);

		if (value != NULL &&
		    !text_is_valid_utf8(value, strlen(value), NULL))
			abort();
	}
	form_free(form);
	return 0;
}
