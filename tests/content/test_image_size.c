/*
 * test_image_size.c - sizes of images from their first bytes, whole, cut short
 * and hostile.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "content/image_size.h"

/* A string of bytes without the NUL that C puts after it. */
#define BYTES(text) text, sizeof(text) - 1

#define PNG                                                                    \
	"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0"
#define GIF "GIF89a\x40\x01\xf0\0\x80\0\0"

/* SOI, APP0, a frame of 640 x 480. */
#define JPEG_APP0 "\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
#define JPEG_SOF  "\xff\xc0\0\x11\x08\x01\xe0\x02\x80\3\1\"\0\2\x11\1\3\x11\1"
#define JPEG      "\xff\xd8" JPEG_APP0 "\xff\xff" JPEG_SOF

/* The same, turned by a quarter by EXIF in either order of bytes. */
#define EXIF_BIG                                                               \
	"\xff\xe1\0\"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0"    \
	"\0\0\0\0"
#define EXIF_LITTLE                                                            \
	"\xff\xe1\0\"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x08\0\0\0"  \
	"\0\0\0\0"

#define WEBP_LOSSY    "RIFF\x1a\0\0\0WEBPVP8 \x0e\0\0\0\x30\1\0\x9d\1*\x80\2\xe0\1"
#define WEBP_LOSSLESS "RIFF\x1a\0\0\0WEBPVP8L\x0e\0\0\0/\x7f\xc2\x77\0"
#define WEBP_EXTENDED                                                          \
	"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x7f\2\0\xdf\1\0"

static void
assert_size(const void *bytes, size_t size, const char *type, uint32_t width,
    uint32_t height)
{
	struct image_size found;

	assert_int_equal(image_size_read(bytes, size, &found), STATUS_OK);
	assert_string_equal(found.content_type, type);
	assert_int_equal(found.width, width);
	assert_int_equal(found.height, height);
}

static void
assert_no_image(const void *bytes, size_t size)
{
	struct image_size found;

	assert_int_equal(image_size_read(bytes, size, &found), STATUS_INVALID);
}

static void
assert_svg(const char *text, uint32_t width, uint32_t height)
{
	assert_size(text, strlen(text), "image/svg+xml", width, height);
}

static void
test_image_size_read_png(void **state)
{
	(void)state;
	assert_size(BYTES(PNG), "image/png", 640, 480);
	assert_no_image(BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\1"));
	assert_no_image(
	    BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\0\0\0\1"));
}

static void
test_image_size_read_gif(void **state)
{
	(void)state;
	assert_size(BYTES(GIF), "image/gif", 320, 240);
	assert_no_image(BYTES("GIF88a\x40\x01\xf0\0"));
}

static void
test_image_size_read_jpeg(void **state)
{
	(void)state;
	assert_size(BYTES(JPEG), "image/jpeg", 640, 480);
	assert_size(BYTES("\xff\xd8" JPEG_APP0 EXIF_BIG JPEG_SOF), "image/jpeg",
	    480, 640);
	assert_size(
	    BYTES("\xff\xd8" EXIF_LITTLE JPEG_SOF), "image/jpeg", 480, 640);
	assert_no_image(BYTES("\xff\xd8\xff\xe0\xff\xff"));
	assert_no_image(BYTES("\xff\xd8\xff\xc0\0\x11\x08"));
}

static void
test_image_size_read_webp(void **state)
{
	(void)state;
	assert_size(BYTES(WEBP_LOSSY), "image/webp", 640, 480);
	assert_size(BYTES(WEBP_LOSSLESS), "image/webp", 640, 480);
	assert_size(BYTES(WEBP_EXTENDED), "image/webp", 640, 480);
	assert_no_image(BYTES("RIFF\x1a\0\0\0WAVEVP8X"));
}

static void
put_box(GString *out, const char *type, const GString *content)
{
	guint32 size = GUINT32_TO_BE((guint32)content->len + 8);

	g_string_append_len(out, (const char *)&size, 4);
	g_string_append(out, type);
	g_string_append_len(out, content->str, (gssize)content->len);
}

/* An image of 640 x 480 with a smaller one before it, turned if `associated`
 * says so. */
static GString *
new_avif(const char *associated, size_t associated_size)
{
	g_autoptr(GString) part = g_string_new_len(BYTES("avif\0\0\0\0mif1"));
	g_autoptr(GString) meta = g_string_new_len(BYTES("\0\0\0\0"));
	g_autoptr(GString) properties = g_string_new(NULL);
	g_autoptr(GString) both = g_string_new(NULL);
	GString *file = g_string_new(NULL);

	put_box(file, "ftyp", part);
	(void)g_string_truncate(part, 0);
	g_string_append_len(part, BYTES("\0\0\0\0\0\2"));
	put_box(meta, "pitm", part);
	(void)g_string_truncate(part, 0);
	g_string_append_len(part, BYTES("\0\0\0\0\0\0\0\x50\0\0\0\x40"));
	put_box(properties, "ispe", part);
	(void)g_string_truncate(part, 0);
	g_string_append_len(part, BYTES("\0\0\0\0\0\0\2\x80\0\0\1\xe0"));
	put_box(properties, "ispe", part);
	(void)g_string_truncate(part, 0);
	g_string_append_len(part, BYTES("\1"));
	put_box(properties, "irot", part);
	put_box(both, "ipco", properties);
	(void)g_string_truncate(part, 0);
	g_string_append_len(part, BYTES("\0\0\0\0\0\0\0\2\0\1\1\1\0\2"));
	g_string_append_len(part, associated, (gssize)associated_size);
	put_box(both, "ipma", part);
	put_box(meta, "iprp", both);
	put_box(file, "meta", meta);
	return file;
}

static void
test_image_size_read_avif(void **state)
{
	g_autoptr(GString) upright = new_avif(BYTES("\1\x82"));
	g_autoptr(GString) turned = new_avif(BYTES("\2\x82\3"));
	g_autoptr(GString) without = new_avif(BYTES("\0"));

	(void)state;
	assert_size(upright->str, upright->len, "image/avif", 640, 480);
	assert_size(turned->str, turned->len, "image/avif", 480, 640);
	assert_no_image(without->str, without->len);
	assert_no_image(BYTES("\0\0\0\x14"
			      "ftypheic\0\0\0\0mif1"));
}

static void
test_image_size_read_svg(void **state)
{
	(void)state;
	assert_svg("<svg width=\"20\" height='10.6px'/>", 20, 11);
	assert_svg("\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <svg> -->\n"
		   "<!DOCTYPE svg>\n<svg\n viewBox=\"0, 0,300 150.2\">",
	    300, 150);
	assert_svg("<svg width='100%' height='5em'>", 0, 0);
	assert_svg(
	    "<svg stroke-width='3' width='1e9' viewBox='0 0 4 5'>", 4, 5);
	assert_no_image(BYTES("<svgx width='1'>"));
	assert_no_image(BYTES("<html><svg width='1'>"));
	assert_no_image(BYTES("<!-- <svg>"));
}

static void
test_image_size_read_other(void **state)
{
	(void)state;
	assert_no_image(BYTES(""));
	assert_no_image(NULL, 0);
	assert_no_image(BYTES("BM\x36\0\0\0\0\0\0\0"));
	assert_no_image(BYTES("#!/bin/sh\n"));
	assert_no_image(BYTES("%PDF-1.4"));
}

/* No prefix reads past its end (the sanitizers look), none gives nonsense. */
static void
test_image_size_read_cut_short(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} WHOLE[] = {
		{ BYTES(PNG) },
		{ BYTES(GIF) },
		{ BYTES("\xff\xd8" JPEG_APP0 EXIF_BIG JPEG_SOF) },
		{ BYTES(WEBP_LOSSY) },
		{ BYTES(WEBP_LOSSLESS) },
		{ BYTES(WEBP_EXTENDED) },
		{ BYTES("<svg width='20' height='10'>") },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(WHOLE); i++) {
		for (size_t size = 0; size < WHOLE[i].size; size++) {
			g_autofree char *copy = g_memdup2(WHOLE[i].bytes, size);
			struct image_size found;

			if (image_size_read(copy, size, &found) == STATUS_OK) {
				assert_true(found.width <= 640);
				assert_true(found.height <= 640);
			}
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image_size_read_png),
		cmocka_unit_test(test_image_size_read_gif),
		cmocka_unit_test(test_image_size_read_jpeg),
		cmocka_unit_test(test_image_size_read_webp),
		cmocka_unit_test(test_image_size_read_avif),
		cmocka_unit_test(test_image_size_read_svg),
		cmocka_unit_test(test_image_size_read_other),
		cmocka_unit_test(test_image_size_read_cut_short),
	};

	return cmocka_run_group_tests_name("image_size", tests, NULL, NULL);
}
