/*
 * tar_header.c - see tar_header.h.
 */
#include "config.h"

#include "tar_header.h"

#include <glib.h>
#include <string.h>

G_STATIC_ASSERT(sizeof(struct tar_header) == TAR_BLOCK_SIZE);

/* Octal digits that fill `field` up to its NUL. */
static void
fill_number(char *field, size_t size, int64_t number)
{
	field[--size] = '\0';
	while (size > 0) {
		field[--size] = (char)('0' + (number & 7));
		number >>= 3;
	}
}

/* The sum of all bytes, with spaces where it is going to stand. */
static void
fill_checksum(struct tar_header *header)
{
	const unsigned char *bytes = (const unsigned char *)header;
	int64_t sum = 0;

	memset(header->checksum, ' ', sizeof(header->checksum));
	for (size_t i = 0; i < sizeof(*header); i++)
		sum += bytes[i];
	fill_number(header->checksum, sizeof(header->checksum) - 1, sum);
}

void
tar_header_fill(struct tar_header *out_header, char type, const char *name,
    int64_t size, int64_t time)
{
	struct tar_header header = { .type = type };

	/* For who reads no extended headers. */
	for (size_t i = 0; i < TAR_NAME_SIZE && name[i] != '\0'; i++)
		header.name[i] = (unsigned char)name[i] < 0x80 ? name[i] : '_';
	fill_number(header.mode, sizeof(header.mode), 0644);
	fill_number(header.uid, sizeof(header.uid), 0);
	fill_number(header.gid, sizeof(header.gid), 0);
	fill_number(
	    header.size, sizeof(header.size), size <= TAR_LARGEST ? size : 0);
	fill_number(
	    header.time, sizeof(header.time), CLAMP(time, 0, TAR_LARGEST));
	memcpy(header.magic, "ustar", sizeof(header.magic));
	memcpy(header.version, "00", sizeof(header.version));
	fill_number(header.major, sizeof(header.major), 0);
	fill_number(header.minor, sizeof(header.minor), 0);
	fill_checksum(&header);
	*out_header = header;
}
