/*
 * desk_export.c - all that was written, for an owner to take along.
 *
 * What must hold: the archive is a file without a name, so that nothing of it
 * is left whatever happens; memory holds a piece of it at a time, when it is
 * made and when it is sent.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/logger.h"
#include "base/tar_writer.h"
#include "http/deadline.h"
#include "http/request.h"
#include "http/response.h"
#include "model/export.h"
#include "model/media.h"
#include "model/site.h"
#include "view/desk_settings_view.h"

#include "desk_handler.h"

enum status
show_export(struct exchange *exchange)
{
	const struct desk_view view = desk_view_of(exchange);
	struct desk_export_page page = { 0 };
	g_autoptr(GPtrArray) all = NULL;
	enum status status = media_list(desk_database_of(exchange), &all);

	if (status != STATUS_OK)
		return status;
	page.file_count = all->len;
	for (guint i = 0; i < all->len; i++) {
		const struct media *media = g_ptr_array_index(all, i);

		page.file_size += media->size;
	}
	return desk_view_export(&view, &page, exchange->response->body);
}

/* A file that has no name and ends with its descriptor; -1: errno says why. */
static int
open_nameless(const char *directory)
{
	int descriptor = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	g_autofree char *path = NULL;

	/* Not every file system has such files. */
	if (descriptor >= 0 || errno == ENOSPC || errno == EACCES)
		return descriptor;
	path = g_build_filename(directory, "export.XXXXXX", NULL);
	descriptor = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
	if (descriptor >= 0)
		(void)!unlink(path);
	return descriptor;
}

/* Write the archive into `descriptor`; its size is where that stands then. */
static enum status
fill(struct exchange *exchange, int descriptor, GError **error)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	bool has_files = strcmp(desk_field(exchange, "files"), "true") == 0;
	struct export_counts counts = { 0 };
	struct export_sink sink;
	enum status status = site_begin_read(site, now);

	if (status != STATUS_OK)
		return status;
	export_sink_init_tar(&sink, &descriptor);
	/* It may take longer than a page, and each file of it may not. */
	sink.has_added = deadline_move_on;
	status = export_site(site, has_files, now, &sink, &counts, error);
	site_end_read(site);
	for (guint i = 0; i < counts.missing->len; i++)
		log_warning("export.missing", "file",
		    g_ptr_array_index(counts.missing, i));
	g_ptr_array_unref(counts.missing);
	return status == STATUS_OK ? tar_writer_end(descriptor, error) : status;
}

/* "blog-2026-05-30.tar" */
static void
name_file(struct exchange *exchange)
{
	g_autofree char *today =
	    date_format_rfc3339(exchange->request->now, NULL);
	g_autofree char *value =
	    g_strdup_printf("attachment; filename=\"blog-%.10s.tar\"", today);

	response_add_header(exchange->response, "Content-Disposition", value);
}

enum status
send_export(struct exchange *exchange)
{
	struct response *response = exchange->response;
	int descriptor = open_nameless(desk_site_of(exchange)->directory);
	g_autoptr(GError) error = NULL;
	enum status status;
	off_t size;

	if (descriptor < 0)
		return desk_fail(exchange, STATUS_TOO_LARGE,
		    "There is no place for the archive: %s.",
		    g_strerror(errno));
	status = fill(exchange, descriptor, &error);
	size = lseek(descriptor, 0, SEEK_CUR);
	if (status == STATUS_OK && lseek(descriptor, 0, SEEK_SET) != 0)
		status = STATUS_FAILED;
	if (status != STATUS_OK) {
		close(descriptor);
		return error == NULL ? status
				     : desk_fail(exchange, status,
					   "The archive %s.", error->message);
	}
	log_info("desk.exported", "account", desk_session_of(exchange)->handle);
	response->has_file = true;
	response->file = descriptor;
	response->file_size = size;
	response->content_type = "application/x-tar";
	name_file(exchange);
	return STATUS_OK;
}
