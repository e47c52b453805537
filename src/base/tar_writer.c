/*
 * tar_writer.c - see tar_writer.h.
 */
#include "config.h"

#include "base/tar_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define BLOCK_SIZE 512
#define NAME_SIZE  100
/* What eleven octal digits hold. */
#define LARGEST ((int64_t)0777 << 24 | 077777777)

/* The header block, field by field (POSIX.1-2001, pax(1)). */
struct header {
	char name[NAME_SIZE];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char time[12];
	char checksum[8];
	char type;
	char link_name[100];
	char magic[6];
	char version[2];
	char user[32];
	char group[32];
	char major[8];
	char minor[8];
	char prefix[155];
	char padding[12];
};

G_STATIC_ASSERT(sizeof(struct header) == BLOCK_SIZE);

static enum status
write_bytes(int descriptor, const void *bytes, size_t size, GError **error)
{
	if (file_write(descriptor, bytes, size))
		return STATUS_OK;
	return file_fail_write(errno, error);
}

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
fill_checksum(struct header *header)
{
	const unsigned char *bytes = (const unsigned char *)header;
	int64_t sum = 0;

	memset(header->checksum, ' ', sizeof(header->checksum));
	for (size_t i = 0; i < sizeof(*header); i++)
		sum += bytes[i];
	fill_number(header->checksum, sizeof(header->checksum) - 1, sum);
}

/* `name` is cut where there is no room for it: an extended header says it. */
static enum status
write_header(int descriptor, char type, const char *name, int64_t size,
    int64_t time, GError **error)
{
	struct header header = { .type = type };

	memcpy(header.name, name, MIN(strlen(name), NAME_SIZE));
	fill_number(header.mode, sizeof(header.mode), 0644);
	fill_number(header.uid, sizeof(header.uid), 0);
	fill_number(header.gid, sizeof(header.gid), 0);
	fill_number(
	    header.size, sizeof(header.size), size <= LARGEST ? size : 0);
	fill_number(header.time, sizeof(header.time), CLAMP(time, 0, LARGEST));
	memcpy(header.magic, "ustar", sizeof(header.magic));
	memcpy(header.version, "00", sizeof(header.version));
	fill_number(header.major, sizeof(header.major), 0);
	fill_number(header.minor, sizeof(header.minor), 0);
	fill_checksum(&header);
	return write_bytes(descriptor, &header, sizeof(header), error);
}

/* "31 path=articles/...\n": the length counts itself. */
static void
append_record(GString *records, const char *key, const char *value)
{
	size_t rest = strlen(key) + strlen(value) + strlen(" =\n");
	size_t size = rest + 1;
	g_autofree char *number = NULL;

	do {
		g_free(number);
		number = g_strdup_printf("%zu", size);
		size = rest + strlen(number);
	} while (strtoul(number, NULL, 10) != size);
	g_string_append_printf(records, "%s %s=%s\n", number, key, value);
}

static enum status
write_extended(int descriptor, const char *path, int64_t size, GError **error)
{
	g_autoptr(GString) records = g_string_new(NULL);
	enum status status;

	if (strlen(path) > NAME_SIZE || !g_str_is_ascii(path))
		append_record(records, "path", path);
	if (size > LARGEST) {
		g_autofree char *number =
		    g_strdup_printf("%" G_GINT64_FORMAT, size);

		append_record(records, "size", number);
	}
	if (records->len == 0)
		return STATUS_OK;
	status = write_header(descriptor, 'x', "PaxHeaders/file",
	    (int64_t)records->len, 0, error);
	if (status == STATUS_OK)
		status =
		    write_bytes(descriptor, records->str, records->len, error);
	return status == STATUS_OK
		   ? tar_writer_finish(descriptor, (int64_t)records->len, error)
		   : status;
}

enum status
tar_writer_begin(int descriptor, const char *path, int64_t size, int64_t time,
    GError **error)
{
	g_autofree char *name = g_strdup(path);
	enum status status = write_extended(descriptor, path, size, error);

	/* For who reads no extended headers. */
	for (char *at = name; *at != '\0'; at++)
		if ((unsigned char)*at >= 0x80)
			*at = '_';
	return status == STATUS_OK
		   ? write_header(descriptor, '0', name, size, time, error)
		   : status;
}

enum status
tar_writer_finish(int descriptor, int64_t size, GError **error)
{
	static const char zeros[BLOCK_SIZE];
	size_t used = (size_t)(size % BLOCK_SIZE);

	return used == 0
		   ? STATUS_OK
		   : write_bytes(descriptor, zeros, BLOCK_SIZE - used, error);
}

enum status
tar_writer_add(int descriptor, const char *path, const void *bytes, size_t size,
    int64_t time, GError **error)
{
	enum status status =
	    tar_writer_begin(descriptor, path, (int64_t)size, time, error);

	if (status == STATUS_OK)
		status = write_bytes(descriptor, bytes, size, error);
	return status == STATUS_OK
		   ? tar_writer_finish(descriptor, (int64_t)size, error)
		   : status;
}

enum status
tar_writer_end(int descriptor, GError **error)
{
	static const char zeros[2 * BLOCK_SIZE];

	return write_bytes(descriptor, zeros, sizeof(zeros), error);
}
