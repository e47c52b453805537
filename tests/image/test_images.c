/*
 * test_images.c - images as people have them, through byline-image: in which
 * files, sizes and formats they come out, upright, in the right colours, and
 * with nothing in them that was not to be seen.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sample.h"
#include "workshop.h"

/* JPEG and lossy WebP come near a colour. */
#define NEAR  14
#define EXACT 0

/* Make, and fail unless that went well; takes the reference. */
static struct made
make(GBytes *image)
{
	struct made made = workshop_make(image);

	g_bytes_unref(image);
	if (made.status != STATUS_OK)
		fail_msg("%s", made.words);
	return made;
}

static void
assert_names(const struct made *made, const char *const names[])
{
	g_autoptr(GString) found = g_string_new(NULL);
	g_autofree char *wanted = g_strjoinv(" ", (char **)(uintptr_t)names);

	for (size_t i = 0; i < made->result.file_count; i++)
		g_string_append_printf(found, "%s%s", i > 0 ? " " : "",
		    made->result.files[i].name);
	assert_string_equal(found->str, wanted);
}

/* Whether it is the picture of sample.h, upright, and all of it to be seen. */
static void
assert_is_picture(VipsImage *image, int tolerance)
{
	int right = vips_image_get_width(image) - 1;
	int bottom = vips_image_get_height(image) - 1;

	for (int i = 0; i < 4; i++) {
		const int *colour = SAMPLE_COLOURS[i];

		assert_pixel(image, i % 2 * right, i / 2 * bottom,
		    (const int[]){ colour[0], colour[1], colour[2], 255 },
		    vips_image_get_bands(image) == 4 ? 4 : 3, tolerance);
	}
}

static void
assert_file_is_picture(const struct made *made, const char *name, int tolerance)
{
	VipsImage *image = made_image(made, name);

	assert_is_picture(image, tolerance);
	g_object_unref(image);
}

static void
assert_file_is(const struct made *made, const char *name, int width, int height)
{
	VipsImage *image = made_image(made, name);

	assert_int_equal(vips_image_get_width(image), width);
	assert_int_equal(vips_image_get_height(image), height);
	for (size_t i = 0; i < made->result.file_count; i++) {
		if (strcmp(made->result.files[i].name, name) != 0)
			continue;
		assert_int_equal(made->result.files[i].width, width);
		assert_int_equal(made->result.files[i].height, height);
	}
	g_object_unref(image);
}

/* The colour type in a PNG's header. */
static int
png_type(const struct made *made, const char *name)
{
	return ((const unsigned char *)g_bytes_get_data(
	    made_file(made, name), NULL))[25];
}

/* ---- which files ---- */

static void
test_photograph_in_all_widths(void **state)
{
	struct made made =
	    make(sample_encode(sample_photograph(2000, 1500), ".jpg[Q=92]"));
	(void)state;

	assert_names(&made,
	    (const char *[]){ "full.jpg", "480.jpg", "960.jpg", "1440.jpg",
		"480.webp", "960.webp", "1440.webp", "full.webp", NULL });
	assert_file_is(&made, "full.jpg", 2000, 1500);
	assert_file_is(&made, "full.webp", 2000, 1500);
	assert_file_is(&made, "1440.jpg", 1440, 1080);
	assert_file_is(&made, "960.webp", 960, 720);
	assert_file_is(&made, "480.jpg", 480, 360);
	/* Each WebP is smaller; a JPEG shows itself while it is loaded. */
	for (size_t i = 0; i < 4; i++)
		assert_true(g_bytes_get_size(made.files[i]) >
			    g_bytes_get_size(made.files[i == 0 ? 7 : i + 3]));
	assert_true(bytes_contain(made.files[0], "\xff\xc2", 2));
	assert_true(bytes_contain(made.files[1], "\xff\xc2", 2));
	made_release(&made);
}

/* Only what is narrower than the image. */
static void
test_widths_that_are_narrower(void **state)
{
	static const struct {
		int width;
		const char *names[4];
	} WIDTHS[] = {
		{ 1, { "full.png" } },
		{ 480, { "full.png" } },
		{ 481, { "full.png", "480.png" } },
		{ 960, { "full.png", "480.png" } },
		{ 961, { "full.png", "480.png", "960.png" } },
		{ 1440, { "full.png", "480.png", "960.png" } },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(WIDTHS); i++) {
		struct made made =
		    make(sample_file(WIDTHS[i].width, 20, ".png"));
		size_t count = 0;

		for (; WIDTHS[i].names[count] != NULL; count++)
			assert_string_equal(made.result.files[count].name,
			    WIDTHS[i].names[count]);
		assert_true(
		    made.result.file_count == count ||
		    g_str_has_suffix(made.result.files[count].name, ".webp"));
		made_release(&made);
	}
}

static void
test_large_images_are_bounded(void **state)
{
	static const struct {
		int width, height;
		const char *format, *name;
		int made_width, made_height;
	} IMAGES[] = {
		{ 4000, 3000, ".jpg", "full.jpg", 2880, 2160 },
		{ 2000, 4000, ".jpg", "full.jpg", 1440, 2880 },
		{ 3000, 100, ".png", "full.png", 2880, 96 },
		{ 1000, 8000, ".png", "full.png", 1000, 8000 },
		{ 2000, 8000, ".png", "full.png", 1440, 5760 },
		{ 3200, 3200, ".webp", "full.webp", 2880, 2880 },
		{ 3200, 3200, ".webp[lossless]", "full.webp", 2121, 2121 },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(IMAGES); i++) {
		struct made made = make(sample_file(
		    IMAGES[i].width, IMAGES[i].height, IMAGES[i].format));

		assert_file_is(&made, IMAGES[i].name, IMAGES[i].made_width,
		    IMAGES[i].made_height);
		assert_file_is_picture(&made, IMAGES[i].name, NEAR);
		made_release(&made);
	}
}

/* ---- formats ---- */

static void
test_each_format_stays_what_it_is(void **state)
{
	static const struct {
		const char *format, *name, *type;
		int tolerance;
	} FORMATS[] = {
		{ ".jpg[Q=95]", "full.jpg", "image/jpeg", NEAR },
		{ ".jpg[Q=95,interlace]", "full.jpg", "image/jpeg", NEAR },
		{ ".png", "full.png", "image/png", EXACT },
		{ ".png[interlace]", "full.png", "image/png", EXACT },
		{ ".gif", "full.gif", "image/gif", 2 },
		{ ".webp[Q=95]", "full.webp", "image/webp", NEAR },
		{ ".webp[lossless]", "full.webp", "image/webp", EXACT },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
		struct made made =
		    make(sample_file(600, 400, FORMATS[i].format));

		assert_string_equal(made.result.files[0].name, FORMATS[i].name);
		assert_string_equal(
		    made.result.files[0].content_type, FORMATS[i].type);
		for (size_t j = 0; j < made.result.file_count; j++)
			assert_file_is_picture(&made, made.result.files[j].name,
			    j == 0 ? FORMATS[i].tolerance : NEAR);
		made_release(&made);
	}
}

static void
test_webp_of_a_drawing_keeps_its_edges(void **state)
{
	struct made made = make(sample_file(1000, 700, ".png"));
	(void)state;

	assert_file_is_picture(&made, "full.webp", EXACT);
	assert_true(bytes_contain(made_file(&made, "full.webp"), "VP8L", 4));
	made_release(&made);
}

/* Colours that cannot be seen must not bleed into those that can. */
static void
test_transparency_stays(void **state)
{
	static const int HALF[] = { 220, 20, 20, 128 };
	static const int WHOLE[] = { 250, 250, 250, 255 };
	VipsImage *picture = sample_picture(1000, 600);
	VipsImage *alpha, *whole, *image;
	struct made made;
	(void)state;

	assert_int_equal(vips_black(&alpha, 1000, 600, NULL), 0);
	whole = vips_image_copy_memory(alpha);
	g_object_unref(alpha);
	vips_draw_rect1(whole, 128, 0, 0, 500, 300, "fill", TRUE, NULL);
	vips_draw_rect1(whole, 255, 500, 300, 500, 300, "fill", TRUE, NULL);
	assert_int_equal(vips_bandjoin2(picture, whole, &image, NULL), 0);
	g_object_unref(picture);
	g_object_unref(whole);
	made = make(sample_encode(image, ".png"));

	assert_int_equal(png_type(&made, "full.png"), 6);
	for (size_t i = 0; i < made.result.file_count; i++) {
		VipsImage *found = made_image(&made, made.result.files[i].name);
		int right = vips_image_get_width(found) - 1;
		int bottom = vips_image_get_height(found) - 1;
		double *pixel;
		int count;

		assert_pixel(found, 2, 2, HALF, 4, NEAR);
		assert_pixel(found, right - 2, bottom - 2, WHOLE, 4, NEAR);
		vips_getpoint(found, &pixel, &count, right - 2, 2, NULL);
		assert_int_equal((int)pixel[3], 0);
		g_free(pixel);
		g_object_unref(found);
	}
	made_release(&made);
}

static void
test_transparency_that_hides_nothing_goes(void **state)
{
	VipsImage *picture = sample_picture(700, 400);
	VipsImage *image;
	struct made made;
	(void)state;

	assert_int_equal(vips_addalpha(picture, &image, NULL), 0);
	g_object_unref(picture);
	made = make(sample_encode(image, ".png"));

	assert_int_equal(png_type(&made, "full.png"), 2);
	assert_int_equal(png_type(&made, "480.png"), 2);
	assert_file_is_picture(&made, "full.png", EXACT);
	made_release(&made);
}

static void
test_palette_stays_exact(void **state)
{
	GBytes *image = sample_file(800, 600, ".png[palette]");
	struct made made;
	(void)state;

	assert_int_equal(((const char *)g_bytes_get_data(image, NULL))[25], 3);
	made = make(image);
	assert_int_equal(png_type(&made, "full.png"), 3);
	assert_file_is_picture(&made, "full.png", 1);
	assert_file_is_picture(&made, "480.png", 2);
	made_release(&made);
}

static void
test_sixteen_bits_become_eight(void **state)
{
	VipsImage *picture = sample_picture(600, 400);
	VipsImage *deep;
	struct made made;
	(void)state;

	assert_int_equal(
	    vips_colourspace(picture, &deep, VIPS_INTERPRETATION_RGB16, NULL),
	    0);
	g_object_unref(picture);
	made = make(sample_encode(deep, ".png"));

	assert_int_equal(((const char *)g_bytes_get_data(
			     made_file(&made, "full.png"), NULL))[24],
	    8);
	assert_file_is_picture(&made, "full.png", 1);
	assert_file_is_picture(&made, "480.png", 2);
	made_release(&made);
}

static void
test_grey_stays_grey(void **state)
{
	static const char *const FORMATS[] = { ".jpg", ".png" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
		VipsImage *picture = sample_picture(600, 400);
		VipsImage *grey, *found;
		struct made made;

		assert_int_equal(vips_colourspace(picture, &grey,
				     VIPS_INTERPRETATION_B_W, NULL),
		    0);
		g_object_unref(picture);
		made = make(sample_encode(grey, FORMATS[i]));
		found = made_image(&made, made.result.files[0].name);
		assert_int_equal(vips_image_get_bands(found), 1);
		assert_pixel(found, 590, 390, (const int[]){ 250 }, 1, 2);
		g_object_unref(found);
		made_release(&made);
	}
}

/* What printers have is not what a browser shows. */
static void
test_cmyk_becomes_rgb(void **state)
{
	VipsImage *picture = sample_picture(600, 400);
	VipsImage *cmyk, *found;
	GBytes *image;
	struct made made;
	(void)state;

	assert_int_equal(
	    vips_colourspace(picture, &cmyk, VIPS_INTERPRETATION_CMYK, NULL),
	    0);
	g_object_unref(picture);
	image = sample_encode(cmyk, ".jpg[Q=95]");
	assert_true(bytes_contain(image, "Adobe", 5));
	made = make(image);

	found = made_image(&made, "full.jpg");
	assert_int_equal(vips_image_get_bands(found), 3);
	assert_pixel(found, 10, 10, SAMPLE_COLOURS[0], 3, 70);
	assert_pixel(found, 590, 390, SAMPLE_COLOURS[3], 3, 20);
	g_object_unref(found);
	made_release(&made);
}

/* A red of a wider space is more red in ours. */
static void
test_profile_is_applied_and_gone(void **state)
{
	VipsImage *black, *flat;
	VipsBlob *profile;
	const void *bytes;
	size_t size;
	GBytes *image;
	struct made made;
	(void)state;

	assert_int_equal(vips_black(&black, 600, 400, "bands", 3, NULL), 0);
	assert_int_equal(
	    vips_linear(black, &flat, (double[]){ 1, 1, 1 },
		(double[]){ 200, 100, 100 }, 3, "uchar", TRUE, NULL),
	    0);
	g_object_unref(black);
	assert_int_equal(vips_profile_load("p3", &profile, NULL), 0);
	bytes = vips_blob_get(profile, &size);
	black = vips_image_copy_memory(flat);
	black->Type = VIPS_INTERPRETATION_sRGB;
	g_object_unref(flat);
	vips_image_set_blob_copy(black, VIPS_META_ICC_NAME, bytes, size);
	vips_area_unref(VIPS_AREA(profile));
	image = sample_encode(black, ".jpg[Q=97]");
	assert_true(bytes_contain(image, "ICC_PROFILE", 11));
	made = make(image);

	black = made_image(&made, "full.jpg");
	assert_pixel(black, 9, 9, (const int[]){ 212, 95, 97 }, 3, 5);
	g_object_unref(black);
	assert_false(
	    bytes_contain(made_file(&made, "full.jpg"), "ICC_PROFILE", 11));
	made_release(&made);
}

/* ---- what moves ---- */

/* Frames, how long each is shown, and how often all of them. */
static void
assert_moves(const struct made *made, const char *name, int height)
{
	VipsImage *frames = made_frames(made, name);
	int width = vips_image_get_width(frames);
	int *delays;
	int count, loop;

	assert_int_equal(vips_image_get_page_height(frames), height);
	assert_int_equal(vips_image_get_height(frames), 3 * height);
	for (int i = 0; i < 3; i++) {
		VipsImage *frame, *flat;

		assert_int_equal(vips_crop(frames, &frame, 0, i * height, width,
				     height, NULL),
		    0);
		assert_int_equal(
		    vips_extract_band(frame, &flat, 0, "n", 3, NULL), 0);
		if (i != 1) {
			assert_is_picture(flat, NEAR);
		} else {
			assert_pixel(flat, 0, 0, SAMPLE_COLOURS[3], 3, NEAR);
			assert_pixel(flat, width - 1, height - 1,
			    SAMPLE_COLOURS[0], 3, NEAR);
		}
		g_object_unref(flat);
		g_object_unref(frame);
	}
	assert_int_equal(
	    vips_image_get_array_int(frames, "delay", &delays, &count), 0);
	assert_int_equal(count, 3);
	assert_int_equal(delays[0], 70);
	assert_int_equal(delays[1], 80);
	assert_int_equal(delays[2], 90);
	assert_int_equal(vips_image_get_int(frames, "loop", &loop), 0);
	assert_int_equal(loop, 5);
	g_object_unref(frames);
}

static void
test_moving_gif_moves_on(void **state)
{
	struct made made =
	    make(sample_encode(sample_frames(600, 400, 3), ".gif"));
	(void)state;

	/* No narrower GIF; WebP where it is smaller. */
	for (size_t i = 1; i < made.result.file_count; i++)
		assert_string_equal(
		    made.result.files[i].content_type, "image/webp");
	assert_moves(&made, "full.gif", 400);
	assert_moves(&made, "480.webp", 320);
	assert_moves(&made, "full.webp", 400);
	made_release(&made);
}

static void
test_moving_webp_moves_on(void **state)
{
	static const char *const FORMATS[] = { ".webp[Q=95]",
		".webp[lossless]" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
		struct made made =
		    make(sample_encode(sample_frames(600, 400, 3), FORMATS[i]));

		assert_int_equal(made.result.files[0].height, 400);
		assert_moves(&made, "full.webp", 400);
		if (made.result.file_count > 1)
			assert_moves(&made, "480.webp", 320);
		made_release(&made);
	}
}

/* ---- what is not to be seen ---- */

static void
assert_tells_nothing(GBytes *file)
{
	static const char *const SECRETS[] = { "Exif", "EXIF", "GPS", "exif",
		"MakerOfIt", "xmp", "XMP", "ns.adobe", "adobe:ns", "secret",
		"Photoshop", "ICC_PROFILE", "iCCP", "<?php", "tEXt", "iTXt",
		"zTXt", "eXIf", "tIME", "seCr", "48/1" };

	for (size_t i = 0; i < G_N_ELEMENTS(SECRETS); i++) {
		if (bytes_contain(file, SECRETS[i], strlen(SECRETS[i])))
			fail_msg("still has %s", SECRETS[i]);
	}
}

static void
test_photographs_stand_upright_and_tell_nothing(void **state)
{
	(void)state;

	for (int orientation = 1; orientation <= 8; orientation++) {
		GBytes *image = sample_turned(600, 400, orientation);
		struct made made;

		/* It is all there before. */
		assert_true(bytes_contain(image, "Exif", 4));
		assert_true(bytes_contain(image, "MakerOfIt", 9));
		assert_true(bytes_contain(image, "adobe:ns", 8));
		assert_true(bytes_contain(image, "Photoshop", 9));
		assert_true(bytes_contain(image, "<?php", 5));
		made = make(image);

		assert_file_is(&made, "full.jpg", 600, 400);
		assert_file_is(&made, "480.jpg", 480, 320);
		for (size_t i = 0; i < made.result.file_count; i++) {
			assert_file_is_picture(
			    &made, made.result.files[i].name, NEAR);
			assert_tells_nothing(made.files[i]);
		}
		made_release(&made);
	}
}

/* Wider than high once it is upright, and by the longer side. */
static void
test_large_photograph_stands_upright(void **state)
{
	struct made made = make(sample_turned(4000, 2000, 6));
	(void)state;

	assert_file_is(&made, "full.jpg", 2880, 1440);
	assert_file_is(&made, "1440.webp", 1440, 720);
	assert_file_is_picture(&made, "full.jpg", NEAR);
	assert_file_is_picture(&made, "480.jpg", NEAR);
	made_release(&made);
}

static void
assert_made_tells_nothing(GBytes *image)
{
	struct made made;

	assert_true(bytes_contain(image, "secret", 6));
	made = make(image);
	assert_file_is_picture(&made, made.result.files[0].name, NEAR);
	for (size_t i = 0; i < made.result.file_count; i++)
		assert_tells_nothing(made.files[i]);
	made_release(&made);
}

static void
test_png_tells_nothing(void **state)
{
	static const struct {
		const char *type, *text;
		size_t size;
	} CHUNKS[] = {
		{ "tEXt", "Comment\0<?php secret(); ?>", 26 },
		{ "iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x>secret</x>", 35 },
		{ "seCr", "secret", 6 },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CHUNKS); i++) {
		GBytes *png = sample_file(600, 400, ".png");

		assert_made_tells_nothing(sample_with_chunk(
		    png, CHUNKS[i].type, CHUNKS[i].text, CHUNKS[i].size));
		g_bytes_unref(png);
	}
}

static void
test_webp_tells_nothing(void **state)
{
	static const char XMP[] = "<x:xmpmeta>secret</x:xmpmeta>";
	static const char *const FORMATS[] = { ".webp[Q=95]",
		".webp[lossless]" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
		VipsImage *picture = sample_picture(600, 400);

		vips_image_set_blob_copy(
		    picture, VIPS_META_XMP_NAME, XMP, strlen(XMP));
		vips_image_set_string(
		    picture, "exif-ifd0-Make", "MakerOfIt (x)");
		assert_made_tells_nothing(sample_encode(picture, FORMATS[i]));
	}
}

/* A comment extension before the first frame. */
static void
test_gif_tells_nothing(void **state)
{
	static const char COMMENT[] = "!\xfe\x0d<?php secret \0";
	GBytes *gif = sample_file(600, 400, ".gif");
	const unsigned char *bytes = g_bytes_get_data(gif, NULL);
	size_t palette = (size_t)3 << ((bytes[10] & 7) + 1);
	(void)state;

	assert_made_tells_nothing(
	    sample_insert(gif, 13 + palette, COMMENT, sizeof(COMMENT) - 1));
	g_bytes_unref(gif);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_photograph_in_all_widths),
		cmocka_unit_test(test_widths_that_are_narrower),
		cmocka_unit_test(test_large_images_are_bounded),
		cmocka_unit_test(test_each_format_stays_what_it_is),
		cmocka_unit_test(test_webp_of_a_drawing_keeps_its_edges),
		cmocka_unit_test(test_transparency_stays),
		cmocka_unit_test(test_transparency_that_hides_nothing_goes),
		cmocka_unit_test(test_palette_stays_exact),
		cmocka_unit_test(test_sixteen_bits_become_eight),
		cmocka_unit_test(test_grey_stays_grey),
		cmocka_unit_test(test_cmyk_becomes_rgb),
		cmocka_unit_test(test_profile_is_applied_and_gone),
		cmocka_unit_test(test_moving_gif_moves_on),
		cmocka_unit_test(test_moving_webp_moves_on),
		cmocka_unit_test(
		    test_photographs_stand_upright_and_tell_nothing),
		cmocka_unit_test(test_large_photograph_stands_upright),
		cmocka_unit_test(test_png_tells_nothing),
		cmocka_unit_test(test_webp_tells_nothing),
		cmocka_unit_test(test_gif_tells_nothing),
	};

	return cmocka_run_group_tests(tests, workshop_open, workshop_close);
}
