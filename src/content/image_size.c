/*
 * image_size.c - what an image says about itself in its first bytes.
 *
 * Images come from strangers, so no byte is read that was not looked for: all
 * reading goes through a span that knows its end, and what lies outside of it
 * reads as absent.
 */
#include "config.h"

#include "content/image_size.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Wider or higher than this no format here can be shown. */
#define MAX_SIDE (1U << 24)

struct span {
	const unsigned char *bytes;
	size_t size;
};

/* The rest of a span from `offset`, at most `size` bytes of it. */
static struct span
part(struct span span, size_t offset, size_t size)
{
	if (offset > span.size)
		offset = span.size;
	return (struct span){
		.bytes = span.bytes + offset,
		.size = MIN(size, span.size - offset),
	};
}

static bool
has_at(struct span span, size_t offset, const char *text, size_t size)
{
	struct span found = part(span, offset, size);

	return found.size == size && memcmp(found.bytes, text, size) == 0;
}

/* `size` bytes as a number, the most significant first; 0 if not there. */
static uint32_t
big(struct span span, size_t offset, size_t size)
{
	struct span found = part(span, offset, size);
	uint32_t number = 0;

	for (size_t i = 0; found.size == size && i < size; i++)
		number = number << 8 | found.bytes[i];
	return number;
}

/* The same with the least significant first. */
static uint32_t
little(struct span span, size_t offset, size_t size)
{
	struct span found = part(span, offset, size);
	uint32_t number = 0;

	for (size_t i = size; found.size == size && i > 0; i--)
		number = number << 8 | found.bytes[i - 1];
	return number;
}

static bool
read_png(struct span file, struct image_size *size)
{
	if (!has_at(file, 0, "\x89PNG\r\n\x1a\n", 8) ||
	    !has_at(file, 12, "IHDR", 4))
		return false;
	size->content_type = "image/png";
	size->width = big(file, 16, 4);
	size->height = big(file, 20, 4);
	return true;
}

static bool
read_gif(struct span file, struct image_size *size)
{
	if (!has_at(file, 0, "GIF87a", 6) && !has_at(file, 0, "GIF89a", 6))
		return false;
	size->content_type = "image/gif";
	size->width = little(file, 6, 2);
	size->height = little(file, 8, 2);
	return true;
}

/* ---- JPEG ---- */

/*
 * Whether the EXIF data turns the picture by a quarter: tag 274 (orientation)
 * of the first directory, values 5 to 8 (TIFF 6.0, section 8).
 */
static bool
is_turned(struct span segment)
{
	struct span tiff = part(segment, 6, segment.size);
	bool is_little = has_at(tiff, 0, "II", 2);
	uint32_t (*number)(struct span, size_t, size_t) =
	    is_little ? little : big;
	size_t directory = number(tiff, 4, 4);
	uint32_t count = number(tiff, directory, 2);

	if (!has_at(segment, 0, "Exif\0\0", 6))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		size_t entry = directory + 2 + (size_t)i * 12;

		if (entry > tiff.size)
			break;
		if (number(tiff, entry, 2) == 274) {
			uint32_t value = number(tiff, entry + 8, 2);

			return value >= 5 && value <= 8;
		}
	}
	return false;
}

/* Start of frame of any process: C0..CF but for DHT, JPG and DAC. */
static bool
is_frame(uint32_t marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
	       marker != 0xc8 && marker != 0xcc;
}

static bool
read_jpeg(struct span file, struct image_size *size)
{
	size_t offset = 2;
	bool is_quarter = false;

	if (!has_at(file, 0, "\xff\xd8\xff", 3))
		return false;
	size->content_type = "image/jpeg";
	while (offset + 4 <= file.size && file.bytes[offset] == 0xff) {
		uint32_t marker = file.bytes[offset + 1];
		uint32_t length = big(file, offset + 2, 2);

		if (marker == 0xff) {
			offset += 1; /* a fill byte */
			continue;
		}
		if (is_frame(marker)) {
			size->height = big(file, offset + 5, 2);
			size->width = big(file, offset + 7, 2);
			break;
		}
		if (marker == 0xe1 && !is_quarter) {
			is_quarter = is_turned(
			    part(file, offset + 4, MAX(length, 2) - 2));
		}
		offset += 2 + (size_t)MAX(length, 2);
	}
	if (is_quarter) {
		uint32_t width = size->width;

		size->width = size->height;
		size->height = width;
	}
	return true;
}

/* ---- WebP ---- */

static bool
read_webp(struct span file, struct image_size *size)
{
	if (!has_at(file, 0, "RIFF", 4) || !has_at(file, 8, "WEBP", 4))
		return false;
	size->content_type = "image/webp";
	if (has_at(file, 12, "VP8X", 4)) {
		size->width = little(file, 24, 3) + 1;
		size->height = little(file, 27, 3) + 1;
		return file.size >= 30;
	}
	if (has_at(file, 12, "VP8L", 4) && has_at(file, 20, "\x2f", 1)) {
		uint32_t bits = little(file, 21, 4);

		size->width = (bits & 0x3fff) + 1;
		size->height = (bits >> 14 & 0x3fff) + 1;
		return file.size >= 25;
	}
	if (has_at(file, 12, "VP8 ", 4) &&
	    has_at(file, 23, "\x9d\x01\x2a", 3)) {
		size->width = little(file, 26, 2) & 0x3fff;
		size->height = little(file, 28, 2) & 0x3fff;
	}
	return true;
}

/* ---- AVIF: boxes of ISO/IEC 14496-12 and 23008-12 ---- */

/* The content of the first box of this type in `boxes`; empty if none. */
static struct span
find_box(struct span boxes, const char *type)
{
	size_t offset = 0;

	while (offset + 8 <= boxes.size) {
		size_t length = big(boxes, offset, 4);

		if (length == 0)
			length = boxes.size - offset; /* to the end */
		if (length < 8)
			break;
		if (has_at(boxes, offset + 4, type, 4))
			return part(boxes, offset + 8, length - 8);
		offset += length;
	}
	return (struct span){ boxes.bytes, 0 };
}

/* The property of number `index` (from 1) in an ipco box, with its head. */
static struct span
property_at(struct span properties, uint32_t index)
{
	size_t offset = 0;

	while (offset + 8 <= properties.size) {
		size_t length = big(properties, offset, 4);

		if (length < 8)
			break;
		if (--index == 0)
			return part(properties, offset, length);
		offset += length;
	}
	return (struct span){ properties.bytes, 0 };
}

/* Where in an ipma box the properties of item `id` stand; 0 if nowhere. */
static size_t
find_associations(struct span box, uint32_t id)
{
	size_t id_size = big(box, 0, 1) == 0 ? 2 : 4;
	size_t index_size = (big(box, 1, 3) & 1) != 0 ? 2 : 1;
	uint32_t count = big(box, 4, 4);
	size_t offset = 8;

	while (count-- > 0 && offset < box.size) {
		if (big(box, offset, id_size) == id)
			return offset + id_size;
		offset +=
		    id_size + 1 + big(box, offset + id_size, 1) * index_size;
	}
	return 0;
}

static void
apply_property(struct span property, struct image_size *size)
{
	if (has_at(property, 4, "ispe", 4)) {
		size->width = big(property, 12, 4);
		size->height = big(property, 16, 4);
	} else if (has_at(property, 4, "irot", 4) &&
		   (big(property, 8, 1) & 1) != 0) {
		uint32_t width = size->width;

		size->width = size->height;
		size->height = width;
	}
}

static bool
is_avif(struct span file)
{
	struct span brands = find_box(file, "ftyp");

	for (size_t offset = 0; offset + 4 <= brands.size; offset += 4)
		if (offset != 4 && (has_at(brands, offset, "avif", 4) ||
				       has_at(brands, offset, "avis", 4)))
			return true;
	return false;
}

static bool
read_avif(struct span file, struct image_size *size)
{
	struct span meta, item, properties, all, associations;
	size_t offset, index_size;
	uint32_t count;

	if (!has_at(file, 4, "ftyp", 4) || !is_avif(file))
		return false;
	size->content_type = "image/avif";
	meta = find_box(file, "meta");
	meta = part(meta, 4, meta.size);
	item = find_box(meta, "pitm");
	properties = find_box(meta, "iprp");
	all = find_box(properties, "ipco");
	associations = find_box(properties, "ipma");
	offset = find_associations(
	    associations, big(item, 4, big(item, 0, 1) == 0 ? 2 : 4));
	index_size = (big(associations, 1, 3) & 1) != 0 ? 2 : 1;
	count = offset == 0 ? 0 : big(associations, offset, 1);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t index =
		    big(associations, offset + 1 + i * index_size, index_size);

		index &= index_size == 2 ? 0x7fff : 0x7f;
		if (index > 0)
			apply_property(property_at(all, index), size);
	}
	return true;
}

/* ---- SVG ---- */

/* Skip what may stand before the root of an XML document. */
static const char *
skip_prolog(const char *text)
{
	static const char *const SKIPPED[][2] = {
		{ "<?", "?>" },
		{ "<!--", "-->" },
		{ "<!DOCTYPE", ">" },
	};
	bool is_found = true;

	text += g_str_has_prefix(text, "\xef\xbb\xbf") ? 3 : 0;
	while (is_found) {
		text += strspn(text, " \t\r\n");
		is_found = false;
		for (size_t i = 0; i < G_N_ELEMENTS(SKIPPED); i++) {
			const char *end;

			if (!g_str_has_prefix(text, SKIPPED[i][0]))
				continue;
			end = strstr(text, SKIPPED[i][1]);
			if (end == NULL)
				return "";
			text = end + strlen(SKIPPED[i][1]);
			is_found = true;
		}
	}
	return text;
}

/* The value of an attribute in the start tag `tag`; NULL if it has none. */
static char *
svg_attribute(const char *tag, const char *name)
{
	size_t length = strlen(name);

	for (const char *found = strstr(tag, name); found != NULL;
	     found = strstr(found + 1, name)) {
		const char *value = found + length;
		char quote;

		value += strspn(value, " \t\r\n");
		if (strchr(" \t\r\n", found[-1]) == NULL || *value != '=')
			continue;
		value += 1 + strspn(value + 1, " \t\r\n");
		quote = *value;
		if (quote == '"' || quote == '\'') {
			const char *end = strchr(value + 1, quote);

			return end == NULL ? NULL
					   : g_strndup(value + 1,
						 (gsize)(end - value - 1));
		}
	}
	return NULL;
}

/* A length in pixels, rounded; 0 for other units and nonsense. */
static uint32_t
svg_length(const char *text)
{
	char *end;
	double length;

	if (text == NULL)
		return 0;
	length = g_ascii_strtod(text, &end);
	if (end == text || !(length >= 0.5 && length < MAX_SIDE) ||
	    (*end != '\0' && strcmp(end, "px") != 0))
		return 0;
	return (uint32_t)(length + 0.5);
}

/* "0 0 640 480", with commas too, into four lengths. */
static void
split_view_box(char *box, uint32_t sides[4])
{
	char *rest = box;

	for (size_t i = 0; i < 4; i++) {
		size_t length;

		rest += strspn(rest, " ,\t\r\n");
		length = strcspn(rest, " ,\t\r\n");
		if (rest[length] != '\0')
			rest[length++] = '\0';
		sides[i] = svg_length(rest);
		rest += length;
	}
}

static void
read_svg_size(const char *tag, struct image_size *size)
{
	g_autofree char *width = svg_attribute(tag, "width");
	g_autofree char *height = svg_attribute(tag, "height");
	g_autofree char *box = svg_attribute(tag, "viewBox");
	uint32_t sides[4] = { 0 };

	size->width = svg_length(width);
	size->height = svg_length(height);
	if ((size->width == 0 || size->height == 0) && box != NULL) {
		split_view_box(box, sides);
		size->width = sides[2];
		size->height = sides[3];
	}
	if (size->width == 0 || size->height == 0)
		size->width = size->height = 0;
}

static bool
read_svg(struct span file, struct image_size *size)
{
	g_autofree char *text = NULL;
	const char *root;
	char *end;

	/* A root that has not begun by then is not worth looking for. */
	text = g_strndup(
	    (const char *)file.bytes, MIN(file.size, (size_t)64 * 1024));
	root = skip_prolog(text);
	if (!g_str_has_prefix(root, "<svg") ||
	    strchr(" \t\r\n>/", root[4]) == NULL)
		return false;
	end = strchr(root, '>');
	if (end == NULL)
		return false;
	*end = '\0';
	size->content_type = "image/svg+xml";
	read_svg_size(root, size);
	return true;
}

enum status
image_size_read(const void *bytes, size_t size, struct image_size *out_size)
{
	const struct span file = { bytes, size };
	struct image_size found = { 0 };

	if (size == 0)
		return STATUS_INVALID;
	if (read_svg(file, &found)) {
		*out_size = found;
		return STATUS_OK;
	}
	if ((!read_png(file, &found) && !read_jpeg(file, &found) &&
		!read_gif(file, &found) && !read_webp(file, &found) &&
		!read_avif(file, &found)) ||
	    found.width == 0 || found.height == 0 || found.width >= MAX_SIDE ||
	    found.height >= MAX_SIDE)
		return STATUS_INVALID;
	*out_size = found;
	return STATUS_OK;
}
