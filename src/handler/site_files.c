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

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/logger.h"
#include "handler/site_routes.h"
#include "http/request.h"
#include "http/response.h"
#include "model/site.h"
#include "view/static_file.h"

#include "site_handler.h"

#define MAX_MEDIA_SIZE (64 << 20) /* bytes */

/* What a stored file may do in a browser: be shown, and nothing else. */
static const char MEDIA_POLICY[] =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/* The kinds that a browser shows or plays; any other is a download. The sample
 * configurations of web servers have the same list. */
static const struct {
	const char *extension;
	const char *content_type;
} shown_types[] = {
	{ ".png", "image/png" },
	{ ".jpg", "image/jpeg" },
	{ ".jpeg", "image/jpeg" },
	{ ".gif", "image/gif" },
	{ ".webp", "image/webp" },
	{ ".avif", "image/avif" },
	{ ".svg", "image/svg+xml" },
	{ ".ico", "image/vnd.microsoft.icon" },
	{ ".mp4", "video/mp4" },
	{ ".webm", "video/webm" },
	{ ".mp3", "audio/mpeg" },
	{ ".ogg", "audio/ogg" },
	{ ".m4a", "audio/mp4" },
};

enum status
show_static_file(struct exchange *exchange)
{
	const struct static_file *file = static_files_by_path(
	    site_application_of(exchange)->static_files, exchange->path);

	if (file == NULL)
		return STATUS_NOT_FOUND;
	exchange->response->content_type = file->content_type;
	exchange->response->cache = CACHE_FOREVER;
	g_string_append_len(
	    exchange->response->body, file->bytes, (gssize)file->size);
	return STATUS_OK;
}

static bool
is_media_name(const char *name)
{
	size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.");

	return name[0] != '.' && name[size] == '\0' && size < 256;
}

static const char *
shown_type(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shown_types); i++)
		if (g_str_has_suffix(name, shown_types[i].extension))
			return shown_types[i].content_type;
	return NULL;
}

/* Append the whole of `fd`, which is file `name`, to `out`. What is too large
 * to be held in memory is for a web server to send. */
static enum status
read_file(int fd, const char *name, GString *out)
{
	struct stat about;
	size_t done = 0, size;

	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
		return STATUS_NOT_FOUND;
	if (about.st_size > MAX_MEDIA_SIZE) {
		log_warning("media.too_large", "file", name);
		return STATUS_FAILED;
	}
	size = (size_t)about.st_size;
	g_string_set_size(out, size);
	while (done < size) {
		ssize_t count = read(fd, out->str + done, size - done);

		if (count <= 0) {
			g_string_truncate(out, 0);
			return STATUS_FAILED;
		}
		done += (size_t)count;
	}
	return STATUS_OK;
}

enum status
show_media_file(struct exchange *exchange)
{
	const struct site *site = site_application_of(exchange)->site;
	struct response *response = exchange->response;
	const char *name = exchange->values[0];
	g_autofree char *path = NULL;
	enum status status;
	int fd;

	if (!is_media_name(name))
		return STATUS_NOT_FOUND;
	path = g_strconcat(site->directory, "/media/", name, NULL);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return STATUS_NOT_FOUND;
	status = read_file(fd, name, response->body);
	close(fd);
	if (status != STATUS_OK)
		return status;
	response->cache = CACHE_FOREVER;
	response->content_security_policy = MEDIA_POLICY;
	response->content_type = shown_type(name);
	if (response->content_type == NULL) {
		response->content_type = "application/octet-stream";
		return response_add_header(
		    response, "Content-Disposition", "attachment");
	}
	return STATUS_OK;
}
