/*
 * sample.c - see sample.h. What libvips writes is ordinary; what it never would
 * write is put together here, byte by byte.
 */
#include "config.h"

#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>
#include <gio/gio.h>
#include <string.h>

const int SAMPLE_COLOURS[4][3] = { { 220, 20, 20 }, { 20, 180, 20 },
	{ 20, 20, 220 }, { 250, 250, 250 } };

/* ---- by libvips ---- */

/* Take the place of what it was made of. */
static VipsImage *
taking(VipsImage *of, int result, VipsImage **made)
{
	if (result != 0)
		fail_msg("%s", vips_error_buffer());
	g_object_unref(of);
	return *made;
}

VipsImage *
sample_picture(int width, int height)
{
	VipsImage *black, *image, *made;

	assert_int_equal(
	    vips_black(&black, width, height, "bands", 3, NULL), 0);
	assert_int_equal(vips_copy(black, &made, "interpretation",
			     VIPS_INTERPRETATION_sRGB, NULL),
	    0);
	image = vips_image_copy_memory(made);
	g_object_unref(black);
	g_object_unref(made);
	for (int i = 0; i < 4; i++) {
		double ink[3];

		for (int band = 0; band < 3; band++)
			ink[band] = SAMPLE_COLOURS[i][band];
		assert_int_equal(
		    vips_draw_rect(image, ink, 3, i % 2 * (width / 2),
			i / 2 * (height / 2), width - i % 2 * (width / 2),
			height - i / 2 * (height / 2), "fill", TRUE, NULL),
		    0);
	}
	return image;
}

VipsImage *
sample_photograph(int width, int height)
{
	VipsImage *picture = sample_picture(width, height);
	VipsImage *noise, *sum, *made;

	assert_int_equal(vips_gaussnoise(&noise, width, height, "sigma", 12.0,
			     "seed", 7, NULL),
	    0);
	assert_int_equal(vips_add(picture, noise, &sum, NULL), 0);
	g_object_unref(noise);
	g_object_unref(picture);
	sum = taking(sum, vips_cast_uchar(sum, &made, NULL), &made);
	return taking(sum,
	    vips_copy(
		sum, &made, "interpretation", VIPS_INTERPRETATION_sRGB, NULL),
	    &made);
}

VipsImage *
sample_frames(int width, int height, int count)
{
	VipsImage *frames[100];
	VipsImage *joined, *made;

	assert_in_range(count, 1, 100);
	for (int i = 0; i < count; i++) {
		frames[i] = sample_picture(width, height);
		if (i % 2 == 1)
			frames[i] = taking(frames[i],
			    vips_rot180(frames[i], &made, NULL), &made);
	}
	assert_int_equal(
	    vips_arrayjoin(frames, &joined, count, "across", 1, NULL), 0);
	made = vips_image_copy_memory(joined);
	g_object_unref(joined);
	for (int i = 0; i < count; i++)
		g_object_unref(frames[i]);
	vips_image_set_int(made, VIPS_META_PAGE_HEIGHT, height);
	vips_image_set_array_int(
	    made, "delay", (const int[]){ 70, 80, 90 }, MIN(count, 3));
	vips_image_set_int(made, "loop", 5);
	return made;
}

GBytes *
sample_encode(VipsImage *image, const char *format)
{
	void *bytes;
	size_t size;

	if (vips_image_write_to_buffer(image, format, &bytes, &size, NULL) != 0)
		fail_msg("%s: %s", format, vips_error_buffer());
	g_object_unref(image);
	return g_bytes_new_take(bytes, size);
}

GBytes *
sample_file(int width, int height, const char *format)
{
	return sample_encode(sample_picture(width, height), format);
}

static VipsImage *
flip(VipsImage *image, VipsDirection direction)
{
	VipsImage *made;

	return taking(image, vips_flip(image, &made, direction, NULL), &made);
}

static VipsImage *
turn(VipsImage *image, VipsAngle angle)
{
	VipsImage *made;

	return taking(image, vips_rot(image, &made, angle, NULL), &made);
}

/* EXIF 2.32, section 4.6.4: where the first row and column are to be seen. */
static VipsImage *
store(VipsImage *upright, int orientation)
{
	switch (orientation) {
	case 2:
		return flip(upright, VIPS_DIRECTION_HORIZONTAL);
	case 3:
		return turn(upright, VIPS_ANGLE_D180);
	case 4:
		return flip(upright, VIPS_DIRECTION_VERTICAL);
	case 5:
		return flip(
		    turn(upright, VIPS_ANGLE_D90), VIPS_DIRECTION_HORIZONTAL);
	case 6:
		return turn(upright, VIPS_ANGLE_D270);
	case 7:
		return flip(
		    turn(upright, VIPS_ANGLE_D90), VIPS_DIRECTION_VERTICAL);
	case 8:
		return turn(upright, VIPS_ANGLE_D90);
	default:
		return upright;
	}
}

GBytes *
sample_turned(int width, int height, int orientation)
{
	static const char XMP[] =
	    "<x:xmpmeta xmlns:x='adobe:ns:meta/'>secret place</x:xmpmeta>";
	VipsImage *stored = store(sample_picture(width, height), orientation);
	VipsImage *image = vips_image_copy_memory(stored);
	GBytes *plain, *result;

	g_object_unref(stored);
	vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
	vips_image_set_string(image, "exif-ifd0-Make", "MakerOfIt (x)");
	vips_image_set_string(
	    image, "exif-ifd3-GPSLatitude", "48/1 51/1 29/1 (x)");
	vips_image_set_blob_copy(image, VIPS_META_XMP_NAME, XMP, strlen(XMP));
	vips_image_set_blob_copy(
	    image, VIPS_META_IPTC_NAME, "Photoshop 3.0\0secret", 20);
	plain = sample_encode(image, ".jpg[Q=95]");
	result = sample_with_comment(plain, "<?php secret(); ?>");
	g_bytes_unref(plain);
	return result;
}

/* ---- byte by byte ---- */

static void
append_number(GByteArray *out, uint32_t number)
{
	const guint8 bytes[] = { (guint8)(number >> 24), (guint8)(number >> 16),
		(guint8)(number >> 8), (guint8)number };

	g_byte_array_append(out, bytes, 4);
}

GBytes *
sample_insert(GBytes *bytes, size_t offset, const void *more, size_t size)
{
	GByteArray *out = g_byte_array_new();
	size_t count;
	const guint8 *start = g_bytes_get_data(bytes, &count);

	g_byte_array_append(out, start, (guint)offset);
	g_byte_array_append(out, more, (guint)size);
	g_byte_array_append(out, start + offset, (guint)(count - offset));
	return g_byte_array_free_to_bytes(out);
}

GBytes *
sample_with_comment(GBytes *jpeg, const char *comment)
{
	size_t size = strlen(comment) + 2;
	g_autofree char *segment =
	    g_strdup_printf("\xff\xfe%c%c%s", 'x', 'x', comment);

	segment[2] = (char)(size >> 8);
	segment[3] = (char)size;
	return sample_insert(jpeg, 2, segment, size + 2);
}

/* The sum of PNG, annex D. */
static uint32_t
sum(const guint8 *bytes, size_t size)
{
	uint32_t value = 0xffffffff;

	for (size_t i = 0; i < size; i++) {
		value ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? 0xedb88320 : 0);
	}
	return ~value;
}

static void
append_chunk(
    GByteArray *out, const char *type, const void *content, size_t size)
{
	size_t start;

	append_number(out, (uint32_t)size);
	start = out->len;
	g_byte_array_append(out, (const guint8 *)type, 4);
	if (size > 0)
		g_byte_array_append(out, content, (guint)size);
	append_number(out, sum(out->data + start, out->len - start));
}

/* After the header, which is 33 bytes with the signature. */
GBytes *
sample_with_chunk(
    GBytes *png, const char *type, const void *content, size_t size)
{
	GByteArray *chunk = g_byte_array_new();
	GBytes *result;

	append_chunk(chunk, type, content, size);
	result = sample_insert(png, 33, chunk->data, chunk->len);
	g_byte_array_unref(chunk);
	return result;
}

GBytes *
sample_deflated(size_t size)
{
	g_autoptr(GZlibCompressor) compressor =
	    g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
	g_autoptr(GOutputStream) memory =
	    g_memory_output_stream_new_resizable();
	g_autoptr(GOutputStream) stream =
	    g_converter_output_stream_new(memory, G_CONVERTER(compressor));
	static const char NOTHING[1 << 16];

	while (size > 0) {
		size_t part = MIN(size, sizeof(NOTHING));

		assert_true(g_output_stream_write_all(
		    stream, NOTHING, part, NULL, NULL, NULL));
		size -= part;
	}
	assert_true(g_output_stream_close(stream, NULL, NULL));
	return g_memory_output_stream_steal_as_bytes(
	    G_MEMORY_OUTPUT_STREAM(memory));
}

GBytes *
sample_png(uint32_t width, uint32_t height, int depth, int colour_type,
    int interlace, size_t row_count, size_t row_size)
{
	GByteArray *out = g_byte_array_new();
	GByteArray *header = g_byte_array_new();
	g_autoptr(GBytes) rows = sample_deflated(row_count * (row_size + 1));
	const guint8 rest[] = { (guint8)depth, (guint8)colour_type, 0, 0,
		(guint8)interlace };

	append_number(header, width);
	append_number(header, height);
	g_byte_array_append(header, rest, sizeof(rest));
	g_byte_array_append(out, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
	append_chunk(out, "IHDR", header->data, header->len);
	append_chunk(
	    out, "IDAT", g_bytes_get_data(rows, NULL), g_bytes_get_size(rows));
	append_chunk(out, "IEND", NULL, 0);
	g_byte_array_unref(header);
	return g_byte_array_free_to_bytes(out);
}

GBytes *
sample_many_frames(unsigned count)
{
	static const guint8 HEAD[] = "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff";
	static const guint8 FRAME[] = "!\xf9\4\0\1\0\0\0,\0\0\0\0\1\0\1\0\0\2\2"
				      "D\1\0";
	GByteArray *out = g_byte_array_new();

	g_byte_array_append(out, HEAD, sizeof(HEAD) - 1);
	for (unsigned i = 0; i < count; i++)
		g_byte_array_append(out, FRAME, sizeof(FRAME) - 1);
	g_byte_array_append(out, (const guint8 *)";", 1);
	return g_byte_array_free_to_bytes(out);
}
