/*
 * tar_reader.c - see tar_reader.h.
 *
 * What must hold: a header counts only if it is, byte for byte, the one that
 * tar_header_fill() makes of the name, the size and the time it says.
 */
#include "config.h"

#include "base/tar_reader.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "tar_header.h"

/* Of an extended header: a path and a number. */
#define RECORDS_SIZE_MOST 8192

static enum status
fail_damaged(GError **error)
{
	return status_fail(
	    error, STATUS_INVALID, "is damaged, or no backup of Byline");
}

/* Read `size` bytes, or what there is of them. */
static enum status
read_some(int descriptor, void *out_bytes, size_t size, size_t *out_count,
    GError **error)
{
	char *at = out_bytes;

	*out_count = 0;
	while (*out_count < size) {
		ssize_t count =
		    read(descriptor, at + *out_count, size - *out_count);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return status_fail(error, STATUS_FAILED,
			    "cannot be read: %s", g_strerror(errno));
		if (count == 0)
			break;
		*out_count += (size_t)count;
	}
	return STATUS_OK;
}

enum status
tar_reader_read(int descriptor, void *out_bytes, size_t size, GError **error)
{
	size_t count;
	enum status status =
	    read_some(descriptor, out_bytes, size, &count, error);

	if (status != STATUS_OK || count == size)
		return status;
	return status_fail(
	    error, STATUS_INVALID, "is cut off: it is not a whole backup");
}

static bool
is_zero(const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0 && *at == 0) {
		at++;
		size--;
	}
	return size == 0;
}

/* -1: it is none. */
static int64_t
parse_number(const char *field, size_t size)
{
	int64_t number = 0;

	for (size_t i = 0; i + 1 < size; i++) {
		if (field[i] < '0' || field[i] > '7')
			return -1;
		number = number << 3 | (field[i] - '0');
	}
	return number;
}

static bool
is_header(const struct tar_header *header, char type, const char *name,
    int64_t size, int64_t time)
{
	struct tar_header wanted;

	if (size < 0 || time < 0)
		return false;
	tar_header_fill(&wanted, type, name, size, time);
	return memcmp(header, &wanted, sizeof(wanted)) == 0;
}

/* ---- extended headers ---- */

/* Take one record, "31 path=articles/...\n", from `*at`. */
static bool
take_record(const char **at, const char *end, struct tar_entry *entry)
{
	char *rest;
	guint64 size = g_ascii_strtoull(*at, &rest, 10);
	g_autofree char *number = NULL;
	const char *last;

	if (!g_ascii_isdigit(**at) || size == 0 ||
	    size > (guint64)(end - *at) || *rest++ != ' ')
		return false;
	last = *at + size - 1;
	if (last <= rest || *last != '\n')
		return false;
	*at = last + 1;
	if (g_str_has_prefix(rest, "path=") && entry->path == NULL) {
		rest += strlen("path=");
		entry->path = g_strndup(rest, (size_t)(last - rest));
		return true;
	}
	if (!g_str_has_prefix(rest, "size=") || entry->size >= 0)
		return false;
	rest += strlen("size=");
	number = g_strndup(rest, (size_t)(last - rest));
	return g_ascii_string_to_unsigned(number, 10, (guint64)TAR_LARGEST + 1,
	    G_MAXINT64, (guint64 *)&entry->size, NULL);
}

/* What an extended header says of the file after it. */
static enum status
read_extended(int descriptor, const struct tar_header *header,
    struct tar_entry *entry, GError **error)
{
	int64_t size = parse_number(header->size, sizeof(header->size));
	char records[RECORDS_SIZE_MOST + 1];
	const char *at = records;
	enum status status;

	if (size > RECORDS_SIZE_MOST ||
	    !is_header(header, TAR_EXTENDED, TAR_EXTENDED_NAME, size, 0))
		return fail_damaged(error);
	status = tar_reader_read(descriptor, records, (size_t)size, error);
	if (status == STATUS_OK)
		status = tar_reader_finish(descriptor, size, error);
	if (status != STATUS_OK)
		return status;
	records[size] = '\0';
	if (strlen(records) != (size_t)size)
		return fail_damaged(error);
	while (at < records + size)
		if (!take_record(&at, records + size, entry))
			return fail_damaged(error);
	return STATUS_OK;
}

/* ---- files ---- */

/* After the two blocks of zeros that end an archive comes nothing. */
static enum status
read_end(int descriptor, GError **error)
{
	char block[TAR_BLOCK_SIZE];
	size_t count;
	enum status status =
	    tar_reader_read(descriptor, block, sizeof(block), error);

	if (status != STATUS_OK)
		return status;
	if (!is_zero(block, sizeof(block)))
		return fail_damaged(error);
	status = read_some(descriptor, block, 1, &count, error);
	if (status != STATUS_OK)
		return status;
	return count == 0 ? STATUS_NOT_FOUND : fail_damaged(error);
}

/* The header of the file itself, of which `entry` has what an extended one has
 * said. */
static enum status
take_file(
    const struct tar_header *header, struct tar_entry *entry, GError **error)
{
	if (entry->path == NULL)
		entry->path = g_strndup(header->name, TAR_NAME_SIZE);
	if (entry->size < 0)
		entry->size = parse_number(header->size, sizeof(header->size));
	entry->time = parse_number(header->time, sizeof(header->time));
	if (entry->path[0] == '\0' || !g_utf8_validate(entry->path, -1, NULL) ||
	    !is_header(header, TAR_FILE, entry->path, entry->size, entry->time))
		return fail_damaged(error);
	return STATUS_OK;
}

enum status
tar_reader_next(int descriptor, struct tar_entry *out_entry, GError **error)
{
	struct tar_entry entry = { .size = -1 };
	struct tar_header header;
	enum status status =
	    tar_reader_read(descriptor, &header, sizeof(header), error);

	if (status == STATUS_OK && is_zero(&header, sizeof(header)))
		return read_end(descriptor, error);
	if (status == STATUS_OK && header.type == TAR_EXTENDED) {
		status = read_extended(descriptor, &header, &entry, error);
		if (status == STATUS_OK)
			status = tar_reader_read(
			    descriptor, &header, sizeof(header), error);
	}
	if (status == STATUS_OK)
		status = take_file(&header, &entry, error);
	if (status == STATUS_OK)
		*out_entry = entry;
	else
		g_free(entry.path);
	return status;
}

enum status
tar_reader_finish(int descriptor, int64_t size, GError **error)
{
	char rest[TAR_BLOCK_SIZE];
	size_t used = (size_t)(size % TAR_BLOCK_SIZE);
	enum status status;

	if (used == 0)
		return STATUS_OK;
	status =
	    tar_reader_read(descriptor, rest, TAR_BLOCK_SIZE - used, error);
	if (status == STATUS_OK && !is_zero(rest, TAR_BLOCK_SIZE - used))
		return fail_damaged(error);
	return status;
}
