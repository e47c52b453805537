/*
 * tar_writer.c - see tar_writer.h.
 */
#include "config.h"

#include "base/tar_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tar_header.h"

static enum status
write_bytes(int descriptor, const void *bytes, size_t size, GError **error)
{
	if (file_write(descriptor, bytes, size))
		return STATUS_OK;
	return file_fail_write(errno, error);
}

static enum status
write_header(int descriptor, char type, const char *name, int64_t size,
    int64_t time, GError **error)
{
	struct tar_header header;

	tar_header_fill(&header, type, name, size, time);
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

	if (strlen(path) > TAR_NAME_SIZE || !g_str_is_ascii(path))
		append_record(records, "path", path);
	if (size > TAR_LARGEST) {
		g_autofree char *number =
		    g_strdup_printf("%" G_GINT64_FORMAT, size);

		append_record(records, "size", number);
	}
	if (records->len == 0)
		return STATUS_OK;
	status = write_header(descriptor, TAR_EXTENDED, TAR_EXTENDED_NAME,
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
	enum status status = write_extended(descriptor, path, size, error);

	return status == STATUS_OK
		   ? write_header(descriptor, TAR_FILE, path, size, time, error)
		   : status;
}

enum status
tar_writer_finish(int descriptor, int64_t size, GError **error)
{
	static const char zeros[TAR_BLOCK_SIZE];
	size_t used = (size_t)(size % TAR_BLOCK_SIZE);

	return used == 0 ? STATUS_OK
			 : write_bytes(
			       descriptor, zeros, TAR_BLOCK_SIZE - used, error);
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
	static const char zeros[2 * TAR_BLOCK_SIZE];

	return write_bytes(descriptor, zeros, sizeof(zeros), error);
}
