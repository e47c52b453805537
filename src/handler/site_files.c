/*
 * site_files.c - files that the web server usually sends itself: style sheets,
 * and what authors uploaded. Where it does not know them (plain CGI on a shared
 * host), the program sends them.
 *
 * No name from outside ever becomes a path unchecked: a media file has one name
 * without slashes, made by media_make_path(), and is opened without following
 * links.
 */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/content_type.h"
#include "base/file.h"
#include "base/logger.h"
#include "handler/site_routes.h"
#include "http/request.h"
#include "http/response.h"
#include "model/site.h"

#include "answer.h"
#include "site_handler.h"

#define MAX_MEDIA_SIZE (64 << 20) /* bytes */

/* What a stored file may do in a browser: be shown, and nothing else. */
static const char MEDIA_POLICY[] =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox";

enum status
show_static_file(struct exchange *exchange)
{
	return answer_static_file(
	    exchange, site_application_of(exchange)->static_files);
}

static bool
is_media_name(const char *name)
{
	size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.");

	return name[0] != '.' && name[size] == '\0' && size < 256;
}

/* Append the whole of `path`, which is file `name`, to `out`. What is too large
 * to be held in memory is for a web server to send: here it is not. */
static enum status
read_media(const char *path, const char *name, GString *out)
{
	g_autoptr(GError) error = NULL;
	enum status status =
	    file_read(path, FILE_LINKS_REFUSE, MAX_MEDIA_SIZE, out, &error);

	if (status == STATUS_OK || status == STATUS_NOT_FOUND)
		return status;
	if (status == STATUS_INVALID)
		return STATUS_NOT_FOUND;
	log_warning("media.unread", "file", name, "reason", error->message);
	return status == STATUS_TOO_LARGE ? STATUS_NOT_FOUND : STATUS_FAILED;
}

/* A browser shows or plays a picture, a film or a sound; anything else is a
 * download. */
static void
set_type(struct response *response, const char *name)
{
	const char *content_type = content_type_of(name);

	if (content_type != NULL && content_type_is_media(content_type)) {
		response->content_type = content_type;
		return;
	}
	response->content_type = "application/octet-stream";
	response_add_header(response, "Content-Disposition", "attachment");
}

enum status
show_media_file(struct exchange *exchange)
{
	const struct site *site = site_application_of(exchange)->site;
	struct response *response = exchange->response;
	const char *name = exchange->values[0];
	g_autofree char *path = NULL;
	enum status status;

	if (!is_media_name(name))
		return STATUS_NOT_FOUND;
	path = g_strconcat(site->directory, "/media/", name, NULL);
	status = read_media(path, name, response->body);
	if (status != STATUS_OK)
		return status;
	response->cache = CACHE_FOREVER;
	response->content_security_policy = MEDIA_POLICY;
	set_type(response, name);
	return STATUS_OK;
}
