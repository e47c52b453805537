/*
 * webp_file.c - see webp_file.h.
 */
#include "config.h"

#include "webp_file.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The head of the file, and that of a chunk: four letters and a size. */
#define FILE_HEAD  12
#define CHUNK_HEAD 8

/* In the first byte of VP8X: a profile, EXIF, XMP; and what stays. */
#define FLAGS_OF_METADATA 0x2c

static uint32_t
read_size(const guint8 *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static bool
is_picture(const guint8 *chunk)
{
	static const char *const NAMES[] = { "VP8X", "VP8 ", "VP8L", "ALPH",
		"ANIM", "ANMF" };

	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
		if (memcmp(chunk, NAMES[i], 4) == 0)
			return true;
	}
	return false;
}

/* A picture that has no more than itself needs no list of what it has. */
static void
append_chunk(GByteArray *out, const guint8 *chunk, size_t size)
{
	size_t start = out->len;

	if (memcmp(chunk, "VP8X", 4) != 0) {
		g_byte_array_append(out, chunk, (guint)size);
	} else if (size > CHUNK_HEAD &&
		   (chunk[CHUNK_HEAD] & ~FLAGS_OF_METADATA) != 0) {
		g_byte_array_append(out, chunk, (guint)size);
		out->data[start + CHUNK_HEAD] &= (guint8)~FLAGS_OF_METADATA;
	}
}

GBytes *
webp_file_strip(const void *bytes, size_t size)
{
	const guint8 *file = bytes;
	g_autoptr(GByteArray) out = g_byte_array_sized_new((guint)size);
	size_t offset = FILE_HEAD;
	uint32_t rest;

	if (size < FILE_HEAD || size > G_MAXINT32 ||
	    memcmp(file, "RIFF", 4) != 0 || memcmp(file + 8, "WEBP", 4) != 0)
		return NULL;
	g_byte_array_append(out, file, FILE_HEAD);
	while (offset < size) {
		size_t length;

		if (size - offset < CHUNK_HEAD)
			return NULL;
		length = read_size(file + offset + 4);
		length += CHUNK_HEAD + (length & 1);
		if (length > size - offset)
			return NULL;
		if (is_picture(file + offset))
			append_chunk(out, file + offset, length);
		offset += length;
	}
	rest = GUINT32_TO_LE(out->len - CHUNK_HEAD);
	memcpy(out->data + 4, &rest, sizeof(rest));
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
