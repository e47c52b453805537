/*
 * fuzz_image_size.c - any bytes as an image.
 */
#include "config.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "content/image_size.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct image_size found;

	if (image_size_read(bytes, size, &found) != STATUS_OK)
		return 0;
	if (found.content_type == NULL ||
	    (found.width == 0) != (found.height == 0))
		abort();
	return 0;
}
