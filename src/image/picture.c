/*
 * picture.c - libvips, the library that knows image formats.
 *
 * It must stay true that only four loaders can be reached, that nothing but
 * pixels, and of moving images the times of their frames, gets from what was
 * sent to what is written, and that the pixels of a still image are in memory
 * once it was drawn: decoding happens once.
 */
#include "config.h"

#include "image/picture.h"

#include <string.h>
#include <vips/vips.h>

#include "base/image_limit.h"
#include "webp_file.h"

/* What a PNG says of itself when nobody knows: 72 an inch. */
#define DOTS_PER_MILLIMETRE (72 / 25.4)

struct picture {
	enum image_kind kind;
	const void *bytes;
	size_t size;
	struct picture_size about;
	VipsImage *pixels; /* of what does not move, once it was drawn */
};

struct canvas {
	VipsImage *image;
	bool is_as_sent; /* not scaled: its palette is that of the file */
};

/* ---- libvips ---- */

enum status
picture_prepare(GError **error)
{
	static const char *const LOADERS[] = { "VipsForeignLoadJpeg",
		"VipsForeignLoadPng", "VipsForeignLoadNsgif",
		"VipsForeignLoadWebp" };

	/* Where no plugins are; and no code that is made as it runs, which the
	 * sandbox forbids. */
	if (!g_setenv("VIPSHOME", "/nonexistent", TRUE) ||
	    !g_setenv("VIPS_NOVECTOR", "1", TRUE) ||
	    VIPS_INIT("byline-image") != 0)
		return status_fail(
		    error, STATUS_FAILED, "libvips does not start");
	vips_block_untrusted_set(TRUE);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	for (size_t i = 0; i < G_N_ELEMENTS(LOADERS); i++)
		vips_operation_block_set(LOADERS[i], FALSE);
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	return STATUS_OK;
}

/* The first line of what libvips says, without the name of its function. */
static char *
take_words(void)
{
	g_autofree char *all = vips_error_buffer_copy();
	char *line = all + strspn(all, "\n");
	char *name_end;

	line[strcspn(line, "\n")] = '\0';
	name_end = strstr(line, ": ");
	if (name_end != NULL &&
	    memchr(line, ' ', (size_t)(name_end - line)) == NULL)
		line = name_end + 2;
	return g_strdup(*line == '\0' ? "it cannot be read" : line);
}

/* The libraries all name memory when they have none, but for libwebp, which
 * hides it behind this. */
static enum status
fail(GError **error)
{
	g_autofree char *words = take_words();

	if (strstr(words, "memory") != NULL ||
	    strstr(words, "unable to encode") != NULL)
		return status_fail(error, STATUS_TOO_LARGE,
		    "needs more than %lu MB of memory: make it smaller",
		    IMAGE_MAX_MEMORY >> 20);
	return status_fail(error, STATUS_INVALID, "is damaged: %s", words);
}

/*
 * Some of its caches go on with black where a decoder fails, and leave nothing
 * but the words.
 */
static bool
is_well(void)
{
	return *vips_error_buffer() == '\0';
}

/* Take what an operation gave in the place of what it was given. */
static bool
replace(VipsImage **image, int result, VipsImage **made)
{
	if (result != 0)
		return false;
	g_object_unref(*image);
	*image = g_steal_pointer(made);
	return true;
}

/* ---- opening ---- */

/* The frames of what moves are pages, one below the other. */
static VipsImage *
load(const struct picture *picture, int page_count)
{
	/* libvips only reads it. */
	void *bytes = (void *)(uintptr_t)picture->bytes;
	VipsImage *image = NULL;
	int result = -1;

	switch (picture->kind) {
	case IMAGE_KIND_JPEG:
		result = vips_jpegload_buffer(bytes, picture->size, &image,
		    "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
		    VIPS_FAIL_ON_ERROR, NULL);
		break;
	case IMAGE_KIND_PNG:
		result = vips_pngload_buffer(bytes, picture->size, &image,
		    "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
		    VIPS_FAIL_ON_ERROR, NULL);
		break;
	case IMAGE_KIND_GIF:
		result = vips_gifload_buffer(bytes, picture->size, &image, "n",
		    page_count, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
		    VIPS_FAIL_ON_ERROR, NULL);
		break;
	case IMAGE_KIND_WEBP:
		result = vips_webpload_buffer(bytes, picture->size, &image, "n",
		    page_count, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
		    VIPS_FAIL_ON_ERROR, NULL);
		break;
	}
	return result == 0 ? image : NULL;
}

enum status
picture_open(enum image_kind kind, const void *bytes, size_t size,
    struct picture **out_picture, GError **error)
{
	struct picture *picture = g_new0(struct picture, 1);
	VipsImage *image;
	uint32_t width, height;

	picture->kind = kind;
	picture->bytes = bytes;
	picture->size = size;
	image = load(picture, 1);
	if (image == NULL) {
		picture_free(picture);
		return fail(error);
	}
	width = (uint32_t)vips_image_get_width(image);
	height = (uint32_t)vips_image_get_height(image);
	picture->about.width =
	    vips_image_get_orientation_swap(image) ? height : width;
	picture->about.height =
	    vips_image_get_orientation_swap(image) ? width : height;
	picture->about.frame_count = (uint32_t)vips_image_get_n_pages(image);
	picture->about.has_alpha = vips_image_hasalpha(image) != 0;
	g_object_unref(image);
	*out_picture = picture;
	return STATUS_OK;
}

void
picture_free(struct picture *picture)
{
	if (picture == NULL)
		return;
	g_clear_object(&picture->pixels);
	g_free(picture);
}

struct picture_size
picture_size(const struct picture *picture)
{
	return picture->about;
}

/* ---- pixels ---- */

/* With an alpha channel the colours of what cannot be seen must not count. */
static bool
scale(VipsImage **image, double across, double down)
{
	bool has_alpha = vips_image_hasalpha(*image) != 0;
	VipsBandFormat format = vips_image_get_format(*image);
	VipsImage *made = NULL;

	if (across == 1 && down == 1)
		return true;
	if (has_alpha &&
	    !replace(image, vips_premultiply(*image, &made, NULL), &made))
		return false;
	if (!replace(image,
		vips_resize(*image, &made, across, "vscale", down, NULL),
		&made))
		return false;
	return !has_alpha ||
	       (replace(
		    image, vips_unpremultiply(*image, &made, NULL), &made) &&
		   replace(image, vips_rint(*image, &made, NULL), &made) &&
		   replace(
		       image, vips_cast(*image, &made, format, NULL), &made));
}

/*
 * By the profile of the image where it has one that can be read. What is grey
 * stays grey.
 */
static bool
make_srgb(VipsImage **image)
{
	bool has_profile =
	    vips_image_get_typeof(*image, VIPS_META_ICC_NAME) != 0;
	bool is_grey = vips_image_get_bands(*image) < 3;
	VipsImage *made = NULL;

	if (has_profile && replace(image,
			       vips_icc_transform(*image, &made, "srgb",
				   "embedded", TRUE, NULL),
			       &made))
		return true;
	vips_error_clear();
	return replace(image,
		   vips_colourspace(*image, &made,
		       is_grey ? VIPS_INTERPRETATION_B_W
			       : VIPS_INTERPRETATION_sRGB,
		       NULL),
		   &made) &&
	       replace(image, vips_cast_uchar(*image, &made, NULL), &made);
}

/* The same pixels in an image that knows nothing else. */
static bool
leave_only_pixels(VipsImage **image)
{
	size_t size = 0;
	void *pixels = vips_image_write_to_memory(*image, &size);
	VipsImage *bare, *made = NULL;
	int bands = vips_image_get_bands(*image);
	int result;

	if (pixels == NULL || !is_well()) {
		g_free(pixels);
		return false;
	}
	bare = vips_image_new_from_memory(pixels, size,
	    vips_image_get_width(*image), vips_image_get_height(*image), bands,
	    VIPS_FORMAT_UCHAR);
	if (bare == NULL) {
		g_free(pixels);
		return false;
	}
	g_object_set_data_full(G_OBJECT(bare), "pixels", pixels, g_free);
	result = vips_copy(bare, &made, "interpretation",
	    bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB,
	    "xres", DOTS_PER_MILLIMETRE, "yres", DOTS_PER_MILLIMETRE, NULL);
	g_object_unref(bare);
	return replace(image, result, &made);
}

/* Screenshots have an alpha channel that hides nothing. */
static bool
drop_idle_alpha(VipsImage **image)
{
	int last = vips_image_get_bands(*image) - 1;
	VipsImage *alpha = NULL, *made = NULL;
	double least = 0;
	bool is_good;

	if (!vips_image_hasalpha(*image))
		return true;
	is_good = vips_extract_band(*image, &alpha, last, NULL) == 0 &&
		  vips_min(alpha, &least, NULL) == 0;
	g_clear_object(&alpha);
	if (!is_good || least < 255)
		return is_good;
	return replace(image,
		   vips_extract_band(*image, &made, 0, "n", last, NULL),
		   &made) &&
	       leave_only_pixels(image);
}

/* Quarter turns need all of the image at hand: they come after scaling. */
static bool
decode(struct picture *picture, uint32_t width, uint32_t height)
{
	VipsImage *image = load(picture, 1);
	VipsImage *made = NULL;
	bool is_quarter, is_good;
	int orientation;

	if (image == NULL)
		return false;
	is_quarter = vips_image_get_orientation_swap(image) != 0;
	orientation = vips_image_get_orientation(image);
	is_good = scale(&image,
		      (double)(is_quarter ? height : width) /
			  vips_image_get_width(image),
		      (double)(is_quarter ? width : height) /
			  vips_image_get_height(image)) &&
		  make_srgb(&image) && leave_only_pixels(&image) &&
		  drop_idle_alpha(&image);
	if (is_good && orientation > 1) {
		vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
		is_good =
		    replace(&image, vips_autorot(image, &made, NULL), &made) &&
		    leave_only_pixels(&image);
	}
	if (is_good) {
		picture->about.has_alpha = vips_image_hasalpha(image) != 0;
		picture->pixels = g_steal_pointer(&image);
	}
	g_clear_object(&image);
	return is_good;
}

/* ---- what moves ---- */

/* All that a moving image may keep of what was sent. */
static bool
is_kept(const char *name)
{
	static const char *const KEPT[] = { VIPS_META_PAGE_HEIGHT, "delay",
		"loop", "gif-palette" };

	for (size_t i = 0; i < G_N_ELEMENTS(KEPT); i++) {
		if (strcmp(name, KEPT[i]) == 0)
			return true;
	}
	return false;
}

static bool
leave_only_frames(VipsImage **image)
{
	VipsImage *made = NULL;
	char **names;

	/* The one that was loaded is not ours to change. */
	if (!replace(image, vips_copy(*image, &made, NULL), &made))
		return false;
	names = vips_image_get_fields(*image);
	for (char **name = names; *name != NULL; name++) {
		if (!is_kept(*name))
			(void)vips_image_remove(*image, *name);
	}
	g_strfreev(names);
	return true;
}

/* All frames in the same size, so that each begins where the last one ends. */
static bool
draw_frames(const struct picture *picture, uint32_t width, uint32_t height,
    VipsImage **out_image)
{
	const struct picture_size *about = &picture->about;
	VipsImage *image = load(picture, -1);

	if (image == NULL)
		return false;
	if (scale(&image, (double)width / about->width,
		(double)height / about->height) &&
	    make_srgb(&image) && leave_only_frames(&image)) {
		vips_image_set_int(image, VIPS_META_PAGE_HEIGHT, (int)height);
		*out_image = image;
		return true;
	}
	g_object_unref(image);
	return false;
}

/* ---- drawing ---- */

static bool
draw_still(struct picture *picture, uint32_t width, uint32_t height,
    VipsImage **out_image)
{
	VipsImage *image;

	if (picture->pixels == NULL && !decode(picture, width, height))
		return false;
	image = g_object_ref(picture->pixels);
	if (scale(&image, (double)width / vips_image_get_width(image),
		(double)height / vips_image_get_height(image)) &&
	    (image == picture->pixels || leave_only_pixels(&image))) {
		*out_image = image;
		return true;
	}
	g_object_unref(image);
	return false;
}

enum status
picture_draw(struct picture *picture, uint32_t width, uint32_t height,
    struct canvas **out_canvas, GError **error)
{
	VipsImage *image = NULL;
	bool is_good = picture->about.frame_count == 1
			   ? draw_still(picture, width, height, &image)
			   : draw_frames(picture, width, height, &image);
	struct canvas *canvas;

	if (!is_good)
		return fail(error);
	canvas = g_new0(struct canvas, 1);
	canvas->image = image;
	canvas->is_as_sent =
	    picture->about.width == width && picture->about.height == height;
	*out_canvas = canvas;
	return STATUS_OK;
}

void
canvas_free(struct canvas *canvas)
{
	if (canvas == NULL)
		return;
	g_object_unref(canvas->image);
	g_free(canvas);
}

/* ---- encoding ---- */

/*
 * Filters help what varies from one pixel to the next, and hinder the rest; and
 * packing that hard takes long for what hardly packs.
 */
static int
encode_png(VipsImage *image, const struct picture_encoding *encoding,
    void **out_bytes, size_t *out_size)
{
	if (encoding->has_palette)
		return vips_pngsave_buffer(image, out_bytes, out_size,
		    "palette", TRUE, "Q", 100, "dither", 0.0, "strip", TRUE,
		    NULL);
	return vips_pngsave_buffer(image, out_bytes, out_size, "compression",
	    encoding->is_drawing ? 6 : 3, "filter",
	    encoding->is_drawing ? VIPS_FOREIGN_PNG_FILTER_NONE
				 : VIPS_FOREIGN_PNG_FILTER_ALL,
	    "strip", TRUE, NULL);
}

/* For the frames of a moving image there is less time. */
static int
encode_webp(VipsImage *image, const struct picture_encoding *encoding,
    void **out_bytes, size_t *out_size)
{
	bool is_moving =
	    vips_image_get_typeof(image, VIPS_META_PAGE_HEIGHT) != 0;

	return vips_webpsave_buffer(image, out_bytes, out_size, "Q",
	    encoding->is_lossless ? 50 : encoding->quality, "lossless",
	    (gboolean)encoding->is_lossless, "smart_subsample",
	    (gboolean)encoding->is_drawing, "effort",
	    is_moving || encoding->is_lossless ? 2 : 4, "strip", TRUE, NULL);
}

enum status
canvas_encode(struct canvas *canvas, const struct picture_encoding *encoding,
    GBytes **out_bytes, GError **error)
{
	void *bytes = NULL;
	size_t size = 0;
	int result = -1;

	switch (encoding->kind) {
	case IMAGE_KIND_JPEG:
		result = vips_jpegsave_buffer(canvas->image, &bytes, &size, "Q",
		    encoding->quality, "interlace", TRUE, "optimize_coding",
		    TRUE, "strip", TRUE, NULL);
		break;
	case IMAGE_KIND_PNG:
		result = encode_png(canvas->image, encoding, &bytes, &size);
		break;
	case IMAGE_KIND_GIF:
		result = vips_gifsave_buffer(canvas->image, &bytes, &size,
		    "reuse", (gboolean)canvas->is_as_sent, "strip", TRUE, NULL);
		break;
	case IMAGE_KIND_WEBP:
		result = encode_webp(canvas->image, encoding, &bytes, &size);
		break;
	}
	if (result != 0 || !is_well()) {
		g_free(bytes);
		return fail(error);
	}
	if (encoding->kind != IMAGE_KIND_WEBP) {
		*out_bytes =
		    g_bytes_new_with_free_func(bytes, size, g_free, bytes);
		return STATUS_OK;
	}
	*out_bytes = webp_file_strip(bytes, size);
	g_free(bytes);
	if (*out_bytes == NULL)
		return status_fail(
		    error, STATUS_FAILED, "libvips wrote no WebP");
	return STATUS_OK;
}
