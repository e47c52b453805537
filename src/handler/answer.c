/*
 * answer.c - see answer.h. Whatever fails, something can be said, and it tells
 * nothing of the inside.
 */
#include "config.h"

#include "answer.h"

#include "base/logger.h"
#include "base/token.h"
#include "http/client_address.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "view/static_file.h"

enum status
answer_open_database(struct site *site, enum database_mode mode, int64_t now)
{
	g_autoptr(GError) error = NULL;

	if (site->database != NULL ||
	    site_open_database(site, mode, now, &error) == STATUS_OK)
		return STATUS_OK;
	log_error("database.unavailable", "reason", error->message);
	return STATUS_BUSY;
}

enum status
answer_static_file(struct exchange *exchange, const struct static_files *files)
{
	const struct static_file *file =
	    static_files_by_path(files, exchange->path);
	struct response *response = exchange->response;

	if (file == NULL)
		return STATUS_NOT_FOUND;
	response->content_type = file->content_type;
	response->cache = CACHE_FOREVER;
	g_string_append_len(response->body, file->bytes, (gssize)file->size);
	return STATUS_OK;
}

char *
answer_log_failure(
    const struct request *request, const char *event, int http_status)
{
	g_autofree char *token = token_new();
	g_autofree char *status = g_strdup_printf("%d", http_status);
	g_autofree char *client =
	    client_address_truncate(request->remote_address);

	token[10] = '\0';
	log_error(event, "status", status, "id", token, "client", client,
	    "method", request->method_name, "target", request->target);
	return g_strdup_printf("The number of this error is %s.", token);
}

void
answer_without_page(struct response *response)
{
	response->content_type = "text/plain; charset=utf-8";
	g_string_assign(response->body,
	    "This page cannot be shown just now. Please try again later.\n");
}
