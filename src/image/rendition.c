/*
 * rendition.c - which files are made of an image, in which size and how.
 *
 * It must stay true that nothing is decoded before the limits were looked at,
 * and that what counts most is made first.
 */
#include "config.h"

#include "image/rendition.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/image_limit.h"
#include "image/image_kind.h"
#include "image/picture.h"

/* A drawing, such as a screenshot, packs into this many bits a pixel. */
#define DRAWING_BITS        4
#define MOVING_DRAWING_BITS 1

/* WebP has 14 bits for a side, and takes much memory. */
#define MAX_WEBP_SIDE    16383
#define MAX_EXACT_PIXELS 5500000
#define MAX_ALPHA_PIXELS 4500000

#define NANOSECONDS 1000000000

static const uint32_t WIDTHS[] = { IMAGE_WIDTHS };

#define WIDTH_COUNT G_N_ELEMENTS(WIDTHS)

/* One size of the image. */
struct size {
	const char *stem;
	uint32_t width, height;
	size_t plain_bytes; /* 0: only WebP is made of it */
};

struct work {
	struct picture *picture;
	struct picture_size about;
	struct image_format format;
	size_t byte_count;
	double pixel_cost; /* nanoseconds, of what was dearest */
	const struct rendition_sink *sink;
};

const char *const *
rendition_names(void)
{
	static const char *const NAMES[] = { "full.jpg", "full.png", "full.gif",
		"full.webp", "480.jpg", "480.png", "480.gif", "480.webp",
		"960.jpg", "960.png", "960.gif", "960.webp", "1440.jpg",
		"1440.png", "1440.gif", "1440.webp", NULL };

	return NAMES;
}

static bool
is_moving(const struct work *work)
{
	return work->about.frame_count > 1;
}

static uint64_t
count_pixels(const struct picture_size *about)
{
	return (uint64_t)about->width * about->height;
}

/* Sharp edges are worth being kept, and then often take the least. */
static bool
is_drawing(const struct work *work)
{
	uint64_t bits = (uint64_t)work->byte_count * 8;
	uint64_t pixels = count_pixels(&work->about) * work->about.frame_count;

	return work->format.is_lossless &&
	       bits < pixels * (is_moving(work) ? MOVING_DRAWING_BITS
						: DRAWING_BITS);
}

static int64_t
used_nanoseconds(void)
{
	struct timespec used = { 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * NANOSECONDS + used.tv_nsec;
}

/*
 * Whether a file of this size is likely to be ready in time, at twice what a
 * pixel has cost: one that is left out is better than all that is given up.
 */
static bool
has_time(const struct work *work, const struct size *size)
{
	double needed = 2 * work->pixel_cost * size->width * size->height *
			work->about.frame_count;

	return (double)used_nanoseconds() + needed <
	       0.9 * IMAGE_MAX_SECONDS * NANOSECONDS;
}

/*
 * Whether there is memory for a WebP of this size: where nothing is lost, and
 * that includes an alpha channel, libwebp takes some 30 bytes a pixel.
 */
static bool
has_memory(const struct work *work, const struct size *size, bool is_lossless)
{
	uint64_t pixels = (uint64_t)size->width * size->height;

	if (is_moving(work) || work->about.has_alpha)
		return pixels <= MAX_ALPHA_PIXELS;
	return !is_lossless || pixels <= MAX_EXACT_PIXELS;
}

/* ---- limits ---- */

static enum status
check_limits(const struct picture_size *about, GError **error)
{
	uint64_t pixels = count_pixels(about);

	if (pixels > IMAGE_MAX_PIXELS)
		return status_fail(error, STATUS_TOO_LARGE,
		    "has more than %lu megapixels (%u \303\227 %u)",
		    IMAGE_MAX_PIXELS / 1000000, about->width, about->height);
	/* libvips stops counting at some thousand. */
	if (about->frame_count > IMAGE_MAX_FRAMES)
		return status_fail(error, STATUS_TOO_LARGE,
		    "has more than %lu frames: make it shorter",
		    IMAGE_MAX_FRAMES);
	if (pixels * about->frame_count > IMAGE_MAX_PIXELS)
		return status_fail(error, STATUS_TOO_LARGE,
		    "has more than %lu megapixels in its %u frames (%u "
		    "\303\227 "
		    "%u): make it smaller or shorter",
		    IMAGE_MAX_PIXELS / 1000000, about->frame_count,
		    about->width, about->height);
	return STATUS_OK;
}

/* ---- sizes ---- */

/* By how much the whole image is made smaller: 1 or less. */
static double
choose_factor(const struct work *work)
{
	const struct picture_size *about = &work->about;
	double max = IMAGE_MAX_WIDTH;
	double factor;

	if (is_moving(work))
		return 1;
	factor = MIN(1, max / about->width);
	if (work->format.kind == IMAGE_KIND_PNG)
		return MIN(factor, max / sqrt((double)count_pixels(about)));
	if (work->format.kind == IMAGE_KIND_WEBP &&
	    (work->format.is_lossless || about->has_alpha))
		factor = MIN(factor,
		    sqrt(MAX_ALPHA_PIXELS / (double)count_pixels(about)));
	return MIN(factor, max / about->height);
}

static uint32_t
scale(uint32_t side, double factor)
{
	return MAX(1, (uint32_t)(side * factor + 0.5));
}

/* The whole one first, then those that are narrower; how many there are. */
static size_t
choose_sizes(const struct work *work, struct size sizes[WIDTH_COUNT + 1])
{
	static const char *const STEMS[] = { "480", "960", "1440" };
	const struct picture_size *about = &work->about;
	double factor = choose_factor(work);
	size_t count = 1;

	G_STATIC_ASSERT(G_N_ELEMENTS(STEMS) == WIDTH_COUNT);
	sizes[0] = (struct size){ .stem = "full",
		.width = scale(about->width, factor),
		.height = scale(about->height, factor) };
	for (size_t i = 0; i < WIDTH_COUNT; i++) {
		if (WIDTHS[i] >= sizes[0].width)
			break;
		sizes[count++] = (struct size){ .stem = STEMS[i],
			.width = WIDTHS[i],
			.height = scale(
			    about->height, (double)WIDTHS[i] / about->width) };
	}
	return count;
}

/* ---- making ---- */

static enum status
draw_and_encode(struct work *work, const struct size *size,
    const struct picture_encoding *encoding, GBytes **out_bytes, GError **error)
{
	struct canvas *canvas;
	int64_t start;
	enum status status = picture_draw(
	    work->picture, size->width, size->height, &canvas, error);

	if (status != STATUS_OK)
		return status;
	start = used_nanoseconds();
	status = canvas_encode(canvas, encoding, out_bytes, error);
	work->pixel_cost = MAX(work->pixel_cost,
	    (double)(used_nanoseconds() - start) /
		((double)size->width * size->height * work->about.frame_count));
	canvas_free(canvas);
	return status;
}

static enum status
keep(const struct work *work, const struct size *size, enum image_kind kind,
    GBytes *bytes, GError **error)
{
	struct rendition rendition = {
		.content_type = image_kind_content_type(kind),
		.width = size->width,
		.height = size->height,
	};
	size_t count;
	const void *start = g_bytes_get_data(bytes, &count);

	g_snprintf(rendition.name, sizeof(rendition.name), "%s.%s", size->stem,
	    image_kind_extension(kind));
	if (!work->sink->keep(work->sink->data, &rendition, start, count))
		return status_fail(
		    error, STATUS_FAILED, "%s is not taken", rendition.name);
	return STATUS_OK;
}

/* A drawing both ways, and the smaller one is taken. */
static enum status
encode_webp(struct work *work, const struct size *size, bool is_whole,
    GBytes **out_bytes, GError **error)
{
	struct picture_encoding encoding = {
		.kind = IMAGE_KIND_WEBP,
		.quality = is_whole ? 80 : 75,
		.is_drawing = is_drawing(work),
	};
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GBytes) exact = NULL;
	enum status status =
	    draw_and_encode(work, size, &encoding, &bytes, error);

	if (status != STATUS_OK)
		return status;
	encoding.is_lossless = true;
	if (encoding.is_drawing && has_memory(work, size, true) &&
	    draw_and_encode(work, size, &encoding, &exact, NULL) == STATUS_OK &&
	    g_bytes_get_size(exact) <= g_bytes_get_size(bytes))
		*out_bytes = g_steal_pointer(&exact);
	else
		*out_bytes = g_steal_pointer(&bytes);
	return STATUS_OK;
}

/* In its own format. WebP without losses stays so, in its own size. */
static enum status
make_plain(struct work *work, struct size *size, bool is_whole, GError **error)
{
	const struct picture_encoding encoding = {
		.kind = work->format.kind,
		.quality = is_whole ? 85 : 80,
		.is_lossless = work->format.is_lossless,
		.has_palette = work->format.has_palette &&
			       size->width == work->about.width,
		.is_drawing = is_drawing(work),
	};
	g_autoptr(GBytes) bytes = NULL;
	enum status status;

	if (encoding.kind == IMAGE_KIND_WEBP && !is_whole)
		status = encode_webp(work, size, is_whole, &bytes, error);
	else
		status = draw_and_encode(work, size, &encoding, &bytes, error);
	if (status != STATUS_OK)
		return status;
	size->plain_bytes = g_bytes_get_size(bytes);
	return keep(work, size, work->format.kind, bytes, error);
}

/* Not larger than `most` bytes, or not at all: there is a plain one. */
static enum status
make_webp(struct work *work, const struct size *size, bool is_whole,
    size_t most, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;

	if (size->width > MAX_WEBP_SIDE || size->height > MAX_WEBP_SIDE ||
	    !has_memory(work, size, false) ||
	    encode_webp(work, size, is_whole, &bytes, NULL) != STATUS_OK ||
	    g_bytes_get_size(bytes) >= most)
		return STATUS_OK;
	return keep(work, size, IMAGE_KIND_WEBP, bytes, error);
}

/* What is WebP needs no other; of what moves, narrower ones are nothing else.
 */
static enum status
make_webps(
    struct work *work, const struct size sizes[], size_t count, GError **error)
{
	enum status status = STATUS_OK;

	if (work->format.kind == IMAGE_KIND_WEBP && !is_moving(work))
		return STATUS_OK;
	for (size_t i = 1; i <= count && status == STATUS_OK; i++) {
		bool is_whole = i == count;
		const struct size *size = &sizes[is_whole ? 0 : i];

		if ((is_whole && work->format.kind == IMAGE_KIND_WEBP) ||
		    !has_time(work, size))
			continue;
		status = make_webp(work, size, is_whole,
		    size->plain_bytes > 0 ? size->plain_bytes
					  : sizes[0].plain_bytes,
		    error);
	}
	return status;
}

static enum status
make_files(struct work *work, GError **error)
{
	struct size sizes[WIDTH_COUNT + 1];
	size_t count = choose_sizes(work, sizes);
	enum status status = make_plain(work, &sizes[0], true, error);

	work->about.has_alpha = picture_size(work->picture).has_alpha;
	for (size_t i = 1; i < count && status == STATUS_OK && !is_moving(work);
	     i++) {
		if (has_time(work, &sizes[i]))
			status = make_plain(work, &sizes[i], false, error);
	}
	return status == STATUS_OK ? make_webps(work, sizes, count, error)
				   : status;
}

enum status
rendition_make_all(const void *bytes, size_t size,
    const struct rendition_sink *sink, GError **error)
{
	struct work work = { .byte_count = size, .sink = sink };
	enum status status;

	if (!image_format_read(bytes, size, &work.format))
		return status_fail(error, STATUS_INVALID,
		    "is not a JPEG, PNG, GIF or WebP image");
	status =
	    picture_open(work.format.kind, bytes, size, &work.picture, error);
	if (status != STATUS_OK)
		return status;
	work.about = picture_size(work.picture);
	status = check_limits(&work.about, error);
	if (status == STATUS_OK)
		status = make_files(&work, error);
	picture_free(work.picture);
	return status;
}
