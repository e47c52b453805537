/*
 * fuzz_tar_reader.c - any bytes as an archive: what is read of it, written
 * again, is what was read.
 */
#include "config.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/tar_reader.h"
#include "base/tar_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Skip the content of `entry`, and write its head to `out`. False: it is not
 * there whole. */
static bool
take(int archive, const struct tar_entry *entry, int out, size_t size)
{
	g_autofree char *content = NULL;

	if (entry->path[0] == '\0' || entry->size < 0 || entry->time < 0 ||
	    !g_utf8_validate(entry->path, -1, NULL))
		abort();
	if ((uint64_t)entry->size > size)
		return false;
	content = g_malloc((size_t)entry->size + 1);
	if (tar_reader_read(archive, content, (size_t)entry->size, NULL) !=
		STATUS_OK ||
	    tar_reader_finish(archive, entry->size, NULL) != STATUS_OK)
		return false;
	return tar_writer_add(out, entry->path, content, (size_t)entry->size,
		   entry->time, NULL) == STATUS_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	FILE *from = tmpfile(), *to = tmpfile();
	struct tar_entry entry;
	enum status status;
	bool is_whole = true;

	if (from == NULL || to == NULL ||
	    write(fileno(from), bytes, size) != (ssize_t)size ||
	    lseek(fileno(from), 0, SEEK_SET) != 0)
		abort();
	while (is_whole && (status = tar_reader_next(
				fileno(from), &entry, NULL)) == STATUS_OK) {
		is_whole = take(fileno(from), &entry, fileno(to), size);
		g_free(entry.path);
	}
	/* An extended header may say what needs none: then it is shorter. */
	if (is_whole && status == STATUS_NOT_FOUND &&
	    lseek(fileno(to), 0, SEEK_END) + 1024 > (off_t)size)
		abort();
	fclose(from);
	fclose(to);
	return 0;
}
