/*
 * test_image_kind.c - kinds by their first bytes, whole and cut short.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "image/image_kind.h"

/* A string of bytes without the NUL that C puts after it. */
#define BYTES(text) text, sizeof(text) - 1

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0\1\xe0\x08"

static struct image_format
read_format(const char *bytes, size_t size)
{
	struct image_format format;

	assert_true(image_format_read(bytes, size, &format));
	return format;
}

static void
test_image_format_read_kinds(void **state)
{
	(void)state;

	assert_int_equal(
	    read_format(BYTES("\xff\xd8\xff\xe0")).kind, IMAGE_KIND_JPEG);
	assert_int_equal(read_format(BYTES(PNG "\6")).kind, IMAGE_KIND_PNG);
	assert_int_equal(read_format(BYTES("GIF87a")).kind, IMAGE_KIND_GIF);
	assert_int_equal(read_format(BYTES("GIF89a")).kind, IMAGE_KIND_GIF);
	assert_int_equal(
	    read_format(BYTES("RIFF\0\0\0\0WEBPVP8 ")).kind, IMAGE_KIND_WEBP);
}

static void
test_image_format_read_nothing_else(void **state)
{
	static const char *const OTHERS[] = { "", "G", "GIF88a", "GIF89b",
		"gif89a", " GIF89a", "\xff\xd8", "\xff\xd8\xfe", "\x89PNG\n",
		"II*", "BM", "<svg>", "%PDF-1.4", "RIFFxxxxWAVE", "RIFFxxxx",
		"RIFXxxxxWEBP", "xxxxxxxxWEBP" };
	struct image_format format;
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(OTHERS); i++)
		assert_false(
		    image_format_read(OTHERS[i], strlen(OTHERS[i]), &format));
}

static void
test_image_format_read_palette(void **state)
{
	(void)state;

	assert_true(read_format(BYTES(PNG "\3")).has_palette);
	assert_false(read_format(BYTES(PNG "\2")).has_palette);
	assert_false(read_format(BYTES(PNG)).has_palette);
	assert_true(read_format(BYTES("GIF89a")).has_palette);
	assert_false(read_format(BYTES("\xff\xd8\xff")).has_palette);
}

static void
test_image_format_read_losses(void **state)
{
	(void)state;

	assert_true(read_format(BYTES(PNG)).is_lossless);
	assert_false(read_format(BYTES("\xff\xd8\xff")).is_lossless);
	assert_true(
	    read_format(BYTES("RIFF\0\0\0\0WEBPVP8L\0\0\0\0")).is_lossless);
	assert_false(
	    read_format(BYTES("RIFF\0\0\0\0WEBPVP8 \0\0\0\0")).is_lossless);
	/* Behind a chunk of an odd size, and within a frame. */
	assert_true(read_format(BYTES("RIFF\0\0\0\0WEBPVP8X\1\0\0\0..VP8L\0\0"
				      "\0\0"))
			.is_lossless);
	assert_true(read_format(BYTES("RIFF\0\0\0\0WEBPANMF\xff\0\0\0"
				      "................VP8L\0\0\0\0"))
			.is_lossless);
	assert_false(read_format(BYTES("RIFF\0\0\0\0WEBPVP8X\xff\xff\xff\xff"
				       "VP8L\0\0\0\0"))
			 .is_lossless);
}

static void
test_image_kind_names(void **state)
{
	(void)state;

	assert_string_equal(image_kind_extension(IMAGE_KIND_JPEG), "jpg");
	assert_string_equal(image_kind_extension(IMAGE_KIND_WEBP), "webp");
	assert_string_equal(
	    image_kind_content_type(IMAGE_KIND_PNG), "image/png");
	assert_string_equal(
	    image_kind_content_type(IMAGE_KIND_GIF), "image/gif");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image_format_read_kinds),
		cmocka_unit_test(test_image_format_read_nothing_else),
		cmocka_unit_test(test_image_format_read_palette),
		cmocka_unit_test(test_image_format_read_losses),
		cmocka_unit_test(test_image_kind_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
