/*
 * test_hostile_images.c - files that are not what they say: something else,
 * more than they seem, less than they should be, or all at random. Whatever is
 * sent, this process lives, there is an answer in time, and what is made is an
 * image and nothing else.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"
#include "workshop.h"

/* A string of bytes without the NUL that C puts after it. */
#define BYTES(text) text, sizeof(text) - 1

/* Far more than its processor time, for a machine that has other work. */
#define MAX_SECONDS 60

/* Each of these is a process; the sanitizers make it slow. */
#ifdef WITH_SANITIZERS
#define SHARE 6
#else
#define SHARE 1
#endif

static const char NO_IMAGE[] = "is not a JPEG, PNG, GIF or WebP image";

static GBytes *
bytes_of(const char *text, size_t size)
{
	return g_bytes_new(text, size);
}

/* Takes the reference. */
static void
assert_refused(GBytes *image, enum status status, const char *words)
{
	struct made seen = workshop_make(image);
	struct made unseen = workshop_make_unseen(image);

	if (seen.status != status || strstr(seen.words, words) == NULL)
		fail_msg("%s: %s", status_name(seen.status), seen.words);
	/* byline-image itself says so too. */
	if (unseen.status != status || strstr(unseen.words, words) == NULL)
		fail_msg(
		    "unseen: %s: %s", status_name(unseen.status), unseen.words);
	assert_true(seen.seconds < MAX_SECONDS);
	assert_true(unseen.seconds < MAX_SECONDS);
	made_release(&seen);
	made_release(&unseen);
	g_bytes_unref(image);
}

/* Without a process; takes the reference. */
static void
assert_refused_at_sight(GBytes *image, const char *words)
{
	struct made made = workshop_make(image);

	if (made.status != STATUS_TOO_LARGE ||
	    strstr(made.words, words) == NULL)
		fail_msg("%s: %s", status_name(made.status), made.words);
	made_release(&made);
	g_bytes_unref(image);
}

/* Made, or refused in words for an author; takes the reference. */
static struct made
make_bounded(GBytes *image)
{
	struct made made = workshop_make(image);

	if (made.status != STATUS_OK && made.status != STATUS_INVALID &&
	    made.status != STATUS_TOO_LARGE)
		fail_msg("%s: %s", status_name(made.status), made.words);
	if (made.status == STATUS_INVALID &&
	    !g_str_has_prefix(made.words, "is damaged: "))
		fail_msg("%s", made.words);
	assert_true(made.seconds < MAX_SECONDS);
	g_bytes_unref(image);
	return made;
}

static void
assert_bounded(GBytes *image)
{
	struct made made = make_bounded(image);

	made_release(&made);
}

/* ---- something else ---- */

static void
test_what_is_no_image(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} FILES[] = {
		{ BYTES("<?php system($_GET['c']); ?>") },
		{ BYTES("#!/bin/sh\nrm -r .\n") },
		{ BYTES("#!/usr/bin/perl\nprint 1;\n") },
		{ BYTES("<!DOCTYPE html><script>alert(1)</script>") },
		{ BYTES("<html><img src=x onerror=alert(1)>") },
		{ BYTES("<svg xmlns='http://www.w3.org/2000/svg'><script>"
			"alert(1)</script></svg>") },
		{ BYTES("<?xml version='1.0'?><svg xmlns='http://www.w3.org/"
			"2000/svg' onload='alert(1)'/>") },
		{ BYTES("\xef\xbb\xbf<svg width='9' height='9'/>") },
		{ BYTES("<!--\nGIF89a\n--><svg onload='alert(1)'/>") },
		{ BYTES("\x1f\x8b\x08\0\0\0\0\0\0\3<svg/>") },
		{ BYTES("%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>") },
		{ BYTES("%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file\n") },
		{ BYTES("\xc5\xd0\xd3\xc6 binary EPS") },
		{ BYTES("PK\3\4\24\0\0\0\0\0") },
		{ BYTES("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
		{ BYTES("Rar!\x1a\7\1\0") },
		{ BYTES("7z\xbc\xaf\x27\x1c") },
		{ BYTES("BZh91AY&SY") },
		{ BYTES("\xfd"
			"7zXZ\0") },
		{ BYTES("\0\0\0\x18"
			"ftypmp42\0\0\0\0mp42isom") },
		{ BYTES("\0\0\0\x1c"
			"ftypavif\0\0\0\0avifmif1") },
		{ BYTES("\0\0\0\x18"
			"ftypheic\0\0\0\0mif1heic") },
		{ BYTES("II*\0\x08\0\0\0") },
		{ BYTES("MM\0*\0\0\0\x08") },
		{ BYTES("II+\0\x08\0\0\0") },
		{ BYTES("BM\x9a\0\0\0\0\0\0\0\x36\0\0\0(\0\0\0") },
		{ BYTES("\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0") },
		{ BYTES("\0\0\2\0\1\0\x10\x10\0\0\1\0\x20\0") },
		{ BYTES("MZ\x90\0\3\0\0\0") },
		{ BYTES("\x7f"
			"ELF\2\1\1") },
		{ BYTES("\xca\xfe\xba\xbe\0\0\0\x34") },
		{ BYTES("\0asm\1\0\0\0") },
		{ BYTES("FWS\7\0\0\0\0") },
		{ BYTES("CWS\7\0\0\0\0") },
		{ BYTES("OggS\0\2") },
		{ BYTES("fLaC\0\0\0\x22") },
		{ BYTES("ID3\3\0\0\0\0\0\x21") },
		{ BYTES("RIFF\x24\0\0\0WAVEfmt ") },
		{ BYTES("RIFF\x24\0\0\0AVI LIST") },
		{ BYTES("RIFX\x24\0\0\0WEBPVP8 ") },
		{ BYTES("\x1a\x45\xdf\xa3webm") },
		{ BYTES("8BPS\0\1\0\0\0\0\0\0\0\3") },
		{ BYTES("\x0a\5\1\x08\0\0\0\0") },
		{ BYTES("P1\n1 1\n0\n") },
		{ BYTES("P6\n30000 30000\n255\n") },
		{ BYTES("PF\n9 9\n-1.0\n") },
		{ BYTES("P7\nWIDTH 9\n") },
		{ BYTES("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n") },
		{ BYTES("\x76\x2f\x31\1\2\0\0\0") },
		{ BYTES("\0\0\0\x0cjP  \r\n\x87\n") },
		{ BYTES("\xff\x4f\xff\x51\0\x2f") },
		{ BYTES("\xff\x0a\0\0") },
		{ BYTES("\0\0\0\x0cJXL \r\n\x87\n") },
		{ BYTES("gimp xcf file\0") },
		{ BYTES("/* XPM */\nstatic char *x[] = {\"1 1 1 1\"};") },
		{ BYTES("#define x_width 9\n#define x_height 9\n") },
		{ BYTES("SIMPLE  =                    T") },
		{ BYTES("MATLAB 5.0 MAT-file") },
		{ BYTES("\x08\xf2\xa6\xb6\0\0\0\1") },
		{ BYTES("1,2,3\n4,5,6\n") },
		{ BYTES(
		    "push graphic-context\nfill 'url(https://x/\"|id)'\n") },
		{ BYTES("<?xml version='1.0'?><image><read filename='/etc/"
			"passwd'/></image>") },
		{ BYTES("\x8aMNG\r\n\x1a\n\0\0\0\x1c"
			"MHDR") },
		{ BYTES("\x8bJNG\r\n\x1a\n\0\0\0\x10JHDR") },
		{ BYTES("\x89PNG\n\x1a\n\0\0\0\rIHDR") },
		{ BYTES("GIF88a\1\0\1\0") },
		{ BYTES("gif89a\1\0\1\0") },
		{ BYTES("\nGIF89a\1\0\1\0") },
		{ BYTES("\xff\xd8<?php ?>") },
		{ BYTES("\xff\xfeG\0I\0F\0") },
		{ BYTES("RIFF") },
		{ BYTES("\xff") },
		{ BYTES("\0") },
		{ BYTES("") },
	};
	(void)state;

	assert_true(G_N_ELEMENTS(FILES) >= 60);
	for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++)
		assert_refused(bytes_of(FILES[i].bytes, FILES[i].size),
		    STATUS_INVALID, NO_IMAGE);
}

/* Something else that begins as an image does. */
static void
test_what_only_begins_as_an_image(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} FILES[] = {
		{ BYTES("GIF89a;<script>alert(1)</script>") },
		{ BYTES("GIF89a/*<svg/onload=alert(1)>*/=alert(1)//;") },
		{ BYTES("GIF89a<?php system($_GET['c']); ?>") },
		{ BYTES("GIF87a") },
		{ BYTES("\xff\xd8\xff\xe0<?php system($_GET['c']); ?>") },
		{ BYTES("\xff\xd8\xff") },
		{ BYTES("\xff\xd8\xff\xd9") },
		{ BYTES("\x89PNG\r\n\x1a\n<?php system($_GET['c']); ?>") },
		{ BYTES("\x89PNG\r\n\x1a\n") },
		{ BYTES("RIFF\x10\0\0\0WEBP<script>alert(1)</script>") },
		{ BYTES("RIFF\4\0\0\0WEBP") },
	};
	(void)state;

	/* Text where the size stands may be a large one. */
	for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++) {
		struct made made =
		    make_bounded(bytes_of(FILES[i].bytes, FILES[i].size));

		assert_int_not_equal(made.status, STATUS_OK);
		made_release(&made);
	}
}

/* ---- more than they seem ---- */

static GBytes *
append(GBytes *image, const char *more, size_t size)
{
	GBytes *result =
	    sample_insert(image, g_bytes_get_size(image), more, size);

	g_bytes_unref(image);
	return result;
}

/* Something that runs, unpacks or is shown, in the place of what follows. */
static void
assert_only_pixels(GBytes *image)
{
	static const char *const TRACES[] = { "<script", "<?php", "PK\3\4",
		"%PDF", "alert(", "<svg", "ftyp" };
	struct made made = make_bounded(image);

	assert_int_equal(made.status, STATUS_OK);
	for (size_t i = 0; i < made.result.file_count; i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(TRACES); j++)
			assert_false(bytes_contain(
			    made.files[i], TRACES[j], strlen(TRACES[j])));
	}
	made_release(&made);
}

static void
test_images_that_are_something_else_too(void **state)
{
	static const char *const FORMATS[] = { ".jpg", ".png", ".gif",
		".webp" };
	static const struct {
		const char *bytes;
		size_t size;
	} MORE[] = {
		{ BYTES("<?php system($_GET['c']); ?>") },
		{ BYTES("<script>alert(1)</script>") },
		{ BYTES("PK\3\4\24\0\0\0\0\0") },
		{ BYTES("%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>") },
		{ BYTES("\0\0\0\x18"
			"ftypmp42\0\0\0\0mp42isom") },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(MORE); j++)
			assert_only_pixels(
			    append(sample_file(500, 300, FORMATS[i]),
				MORE[j].bytes, MORE[j].size));
	}
}

static void
test_what_stands_within_is_gone(void **state)
{
	static const char TEXT[] = "Comment\0<?php system($_GET['c']); ?>";
	static const char PALETTE[] = "<?php alert(1); ?>  <script>alert()";
	GBytes *jpeg = sample_file(500, 300, ".jpg");
	GBytes *png = sample_file(500, 300, ".png");
	(void)state;

	assert_only_pixels(
	    sample_with_comment(jpeg, "<?php system($_GET['c']); ?>"));
	assert_only_pixels(
	    sample_with_comment(jpeg, "--><script>alert(1)</script>"));
	assert_only_pixels(sample_with_chunk(png, "tEXt", TEXT, sizeof(TEXT)));
	assert_only_pixels(
	    sample_with_chunk(png, "prVt", PALETTE, sizeof(PALETTE)));
	g_bytes_unref(jpeg);
	g_bytes_unref(png);
}

/* ---- more than there is room for ---- */

static void
test_headers_of_huge_images(void **state)
{
	static const char GIF[] = "GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0"
				  "\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
	static const char WEBP[] = "RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0"
				   "\xfe\x3f\0\xfe\x3f\0";
	static const char JPEG[] =
	    "\xff\xd8\xff\xc0\0\x11\x08\xff\xdc\xff\xdc\3\1\"\0\2\x11\1\3\x11"
	    "\1\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0\0\xff\xd9";
	(void)state;

	assert_refused(sample_png(65535, 65535, 8, 6, 0, 1, 9),
	    STATUS_TOO_LARGE,
	    "has more than 40 megapixels (65535 \303\227 65535)");
	assert_refused(sample_png(30000, 30000, 8, 6, 0, 1, 9),
	    STATUS_TOO_LARGE,
	    "has more than 40 megapixels (30000 \303\227 30000)");
	assert_refused(sample_png(30000, 30000, 1, 0, 1, 1, 9),
	    STATUS_TOO_LARGE, "has more than 40 megapixels");
	/* There is no frame of that size, and no picture of this one. */
	assert_refused_at_sight(bytes_of(BYTES(GIF)),
	    "has more than 40 megapixels (65535 \303\227 65535)");
	assert_refused(bytes_of(BYTES(JPEG)), STATUS_TOO_LARGE,
	    "has more than 40 megapixels (65500 \303\227 65500)");
	assert_refused_at_sight(bytes_of(BYTES(WEBP)),
	    "has more than 40 megapixels (16383 \303\227 16383)");
}

static void
test_pixels_at_the_limit(void **state)
{
	(void)state;

	assert_refused(sample_png(8000, 5001, 8, 0, 0, 5001, 8000),
	    STATUS_TOO_LARGE, "has more than 40 megapixels");
	for (int i = 0; i < 2; i++) {
		GBytes *image = sample_png(8000, 5000, 8, 2 + i * 4, 0, 5000,
		    (size_t)8000 * (size_t)(3 + i));
		struct made made;

		/* Some kilobytes that become 120 and 160 MB. */
		assert_true(g_bytes_get_size(image) < 200000);
		made = make_bounded(image);
		assert_string_equal(made.words, "");
		assert_int_equal(made.result.files[0].width, 2880);
		assert_int_equal(made.result.files[0].height, 1800);
		made_release(&made);
	}
}

/* All of an interlaced image has to be at hand: more than there may be. */
static void
test_memory_is_bounded(void **state)
{
	GBytes *image = sample_png(8000, 5000, 16, 6, 1, 10000, 8000 * 8);
	(void)state;

#ifdef WITH_SANITIZERS
	assert_bounded(image);
#else
	assert_refused(image, STATUS_TOO_LARGE,
	    "needs more than 256 MB of memory: make it smaller");
#endif
}

/* What unpacks beside the pixels. */
static void
test_chunks_that_unpack_to_much(void **state)
{
	static const char *const TYPES[] = { "zTXt", "iCCP", "IDAT" };
	g_autoptr(GBytes) much = sample_deflated((size_t)200 << 20);
	GBytes *png = sample_file(500, 300, ".png");
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TYPES); i++) {
		GByteArray *content = g_byte_array_new();

		if (i < 2)
			g_byte_array_append(
			    content, (const guint8 *)"name\0", 6);
		g_byte_array_append(content, g_bytes_get_data(much, NULL),
		    (guint)g_bytes_get_size(much));
		assert_bounded(sample_with_chunk(
		    png, TYPES[i], content->data, content->len));
		g_byte_array_unref(content);
	}
	g_bytes_unref(png);
}

static void
test_frames_without_end(void **state)
{
	struct made made;
	(void)state;

	assert_refused(sample_many_frames(30000), STATUS_TOO_LARGE,
	    "has more than 100 frames: make it shorter");
	assert_refused(sample_many_frames(101), STATUS_TOO_LARGE,
	    "has more than 100 frames");
	made = make_bounded(sample_many_frames(100));
	assert_string_equal(made.words, "");
	made_release(&made);
	assert_refused(
	    sample_encode(sample_frames(1000, 1000, 41), ".gif[effort=1]"),
	    STATUS_TOO_LARGE,
	    "has more than 40 megapixels in its 41 frames (1000 \303\227 "
	    "1000)");
}

/* One scan of a progressive JPEG again and again: the time is bounded. */
static void
test_scans_without_end(void **state)
{
	GBytes *image = sample_encode(
	    sample_photograph(3000, 2000), ".jpg[interlace,Q=90]");
	size_t size;
	const char *bytes = g_bytes_get_data(image, &size);
	const char *scan = bytes, *next;
	GByteArray *scans = g_byte_array_new();
	(void)state;

	while ((next = memmem(scan + 1, size - (size_t)(scan + 1 - bytes),
		    "\xff\xda", 2)) != NULL)
		scan = next;
	for (int i = 0; i < 400 && scans->len < 28 << 20; i++)
		g_byte_array_append(scans, (const guint8 *)scan,
		    (guint)(size - 2 - (size_t)(scan - bytes)));
	assert_bounded(sample_insert(image, size - 2, scans->data, scans->len));
	g_byte_array_unref(scans);
	g_bytes_unref(image);
}

/* ---- less than they should be, and at random ---- */

static GBytes *
small_sample(size_t which)
{
	switch (which) {
	case 0:
		return sample_file(60, 40, ".jpg");
	case 1:
		return sample_file(60, 40, ".jpg[interlace]");
	case 2:
		return sample_file(60, 40, ".png");
	case 3:
		return sample_encode(sample_frames(30, 20, 3), ".gif");
	case 4:
		return sample_file(60, 40, ".webp");
	case 5:
		return sample_encode(
		    sample_frames(30, 20, 3), ".webp[lossless]");
	case 6:
		return sample_turned(60, 40, 6);
	default:
		return NULL;
	}
}

static void
test_files_that_are_cut(void **state)
{
	GBytes *image;
	(void)state;

	for (size_t which = 0; (image = small_sample(which)) != NULL; which++) {
		size_t size = g_bytes_get_size(image);
		size_t step = MAX(1, size / 24) * SHARE;

		for (size_t length = 1; length < size; length += step) {
			struct made made = workshop_make(
			    g_bytes_new_from_bytes(image, 0, length));

			if (made.status != STATUS_OK &&
			    made.status != STATUS_INVALID)
				fail_msg("%s: %s", status_name(made.status),
				    made.words);
			/* Half of a picture is none; the first frames of
			 * a GIF are what there is of it. */
			if (length < size / 2 && which != 3)
				assert_int_equal(made.status, STATUS_INVALID);
			made_release(&made);
		}
		g_bytes_unref(image);
	}
}

static void
test_files_with_wrong_bytes(void **state)
{
	GRand *random = g_rand_new_with_seed(20261128);
	size_t made_count = 0, count = 0;
	GBytes *image;
	(void)state;

	for (size_t which = 0; (image = small_sample(which)) != NULL; which++) {
		size_t size = g_bytes_get_size(image);

		for (int i = 0; i < 60 / SHARE; i++) {
			guint8 *copy =
			    g_memdup2(g_bytes_get_data(image, NULL), size);
			struct made made;

			/* One byte or some, behind what makes it an image. */
			for (int j = g_rand_int_range(random, 0, 6); j >= 0;
			     j--)
				copy[g_rand_int_range(random, 12,
				    (gint32)size)] = (guint8)g_rand_int(random);
			made = make_bounded(g_bytes_new_take(copy, size));
			made_count += made.status == STATUS_OK;
			count++;
			made_release(&made);
		}
		g_bytes_unref(image);
	}
	print_message("%zu of %zu were made\n", made_count, count);
	assert_in_range(made_count, 1, count - 1);
	g_rand_free(random);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_no_image),
		cmocka_unit_test(test_what_only_begins_as_an_image),
		cmocka_unit_test(test_images_that_are_something_else_too),
		cmocka_unit_test(test_what_stands_within_is_gone),
		cmocka_unit_test(test_headers_of_huge_images),
		cmocka_unit_test(test_pixels_at_the_limit),
		cmocka_unit_test(test_memory_is_bounded),
		cmocka_unit_test(test_chunks_that_unpack_to_much),
		cmocka_unit_test(test_frames_without_end),
		cmocka_unit_test(test_scans_without_end),
		cmocka_unit_test(test_files_that_are_cut),
		cmocka_unit_test(test_files_with_wrong_bytes),
	};

	return cmocka_run_group_tests(tests, workshop_open, workshop_close);
}
