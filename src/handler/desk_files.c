/*
 * desk_files.c - the style sheet and the script of the desk. It sends them
 * itself: no web server needs to know of them.
 */
#include "config.h"

#include "http/response.h"
#include "view/static_file.h"

#include "desk_handler.h"

enum status
show_desk_file(struct exchange *exchange)
{
	const struct static_file *file = static_files_by_path(
	    desk_visit_of(exchange)->application->static_files, exchange->path);

	if (file == NULL)
		return STATUS_NOT_FOUND;
	exchange->response->content_type = file->content_type;
	exchange->response->cache = CACHE_FOREVER;
	g_string_append_len(
	    exchange->response->body, file->bytes, (gssize)file->size);
	return STATUS_OK;
}
