/*
 * desk_file_upload.c - a file, which comes in pieces.
 *
 * For scripts: they say what will come, send it as bytes in pieces that every
 * web server takes, and say that it was all; then the file goes the way of one
 * that a form has brought. Where a piece went astray, the next is answered with
 * how much is there (409), and the sender goes on from that; so does a page
 * that is opened anew and has the same file.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/text.h"
#include "http/request.h"
#include "http/response.h"
#include "model/file_upload.h"
#include "model/media.h"
#include "model/media_store.h"
#include "model/site.h"

#include "desk_handler.h"

static void
answer_size(struct exchange *exchange, const struct file_upload *upload)
{
	g_autofree char *json = g_strdup_printf("{\"size\":%zu}", upload->come);

	desk_answer_json(exchange, json);
}

/* The upload that the address names. */
static enum status
find(struct exchange *exchange, struct file_upload *out_upload)
{
	return file_upload_find(desk_site_of(exchange),
	    desk_session_of(exchange)->author_id, exchange->values[0],
	    exchange->request->now, out_upload);
}

/* It cannot be taken, whoever sends it. */
static void
answer_refused(struct exchange *exchange, const char *name, const char *reason)
{
	g_autoptr(GString) json = g_string_new("{");
	g_autofree char *problem = g_strdup_printf("%s %s.", name, reason);

	text_append_json_member(json, "problem", problem);
	g_string_append_c(json, '}');
	exchange->response->status = 422;
	desk_answer_json(exchange, json->str);
}

enum status
begin_file_upload(struct exchange *exchange)
{
	const char *name = desk_field(exchange, "name");
	int64_t size = desk_number(desk_field(exchange, "size"));
	g_autofree char *reason = NULL;
	struct file_upload upload;
	enum status status;

	if (size == 0) {
		answer_refused(exchange, name, "is empty");
		return STATUS_OK;
	}
	if (size > (int64_t)MEDIA_MAX_SIZE) {
		reason = g_strdup_printf("%s is larger than 10 MB.", name);
		desk_answer_problem(exchange, 413, reason);
		return STATUS_OK;
	}
	status = file_upload_begin(desk_site_of(exchange),
	    desk_session_of(exchange)->author_id, desk_field(exchange, "key"),
	    name, size, exchange->request->now, &upload);
	if (status != STATUS_OK)
		return status;
	answer_size(exchange, &upload);
	file_upload_release(&upload);
	return STATUS_OK;
}

static enum status
write_piece(
    struct exchange *exchange, struct file_upload *upload, size_t offset)
{
	const struct request *request = exchange->request;
	enum status status = file_upload_write(desk_site_of(exchange), upload,
	    offset, request->body, request->body_size);

	if (status == STATUS_INVALID) {
		desk_answer_problem(exchange, 413,
		    "The file is longer than was said when it was begun.");
		return STATUS_OK;
	}
	if (status == STATUS_CONFLICT) {
		exchange->response->status = 409;
		status = STATUS_OK;
	}
	if (status == STATUS_OK)
		answer_size(exchange, upload);
	return status;
}

enum status
write_file_upload(struct exchange *exchange)
{
	int64_t offset = desk_number(desk_query(exchange, "offset"));
	struct file_upload upload;
	enum status status;

	if (offset < 0)
		return STATUS_INVALID;
	if (exchange->request->body_size > FILE_UPLOAD_PIECE) {
		desk_answer_problem(
		    exchange, 413, "A piece has at most 96 KB.");
		return STATUS_OK;
	}
	status = find(exchange, &upload);
	if (status != STATUS_OK)
		return status;
	status = write_piece(exchange, &upload, (size_t)offset);
	file_upload_release(&upload);
	return status;
}

/* ---- the end ---- */

/* How an article names it: an image with what it shows, as far as that is
 * known, anything else with its name. The caller frees it. */
static char *
make_markdown(const struct media *media)
{
	bool is_image = media->width > 0;
	GString *markdown = g_string_new(is_image ? "![" : "[");

	for (const char *at = is_image ? media->alt : media->original_name;
	     *at != '\0'; at++) {
		if (strchr("[]\\", *at) != NULL)
			g_string_append_c(markdown, '\\');
		g_string_append_c(markdown, *at);
	}
	g_string_append_printf(markdown, "](/media/%s)", media->path);
	return g_string_free(markdown, FALSE);
}

static void
append_media(GString *json, const struct media *media)
{
	g_autofree char *markdown = make_markdown(media);

	g_string_append_printf(json, "{\"id\":%" G_GINT64_FORMAT, media->id);
	text_append_json_member(json, "name", media->original_name);
	text_append_json_member(json, "markdown", markdown);
}

/* Tell whoever said what it shows where that is not what is shown of it. */
static void
append_problem(GString *json, const struct media *media, const char *typed)
{
	g_autofree char *alt = text_normalize_line(typed);
	g_autofree char *problem = NULL;

	if (!text_is_given(alt) || strcmp(alt, media->alt) == 0)
		return;
	problem = g_strdup_printf("%s was here already, and what it shows is "
				  "what was said of it first.",
	    media->original_name);
	text_append_json_member(json, "problem", problem);
}

/* How an article names it, and what is known of it. */
static enum status
answer_media(struct exchange *exchange, int64_t id)
{
	struct site *site = desk_site_of(exchange);
	g_autoptr(GString) json = g_string_new(NULL);
	struct media *media;
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = media_find(site->database, id, &media);
	if (status == STATUS_OK) {
		append_media(json, media);
		append_problem(json, media, desk_field(exchange, "alt"));
		g_string_append_c(json, '}');
		desk_answer_json(exchange, json->str);
		media_free(media);
	}
	site_end_read(site);
	return status;
}

static enum status
finish(struct exchange *exchange, struct file_upload *upload)
{
	g_autoptr(GError) error = NULL;
	enum status status = file_upload_finish(desk_site_of(exchange),
	    desk_media_store(exchange), desk_session_of(exchange)->author_id,
	    desk_field(exchange, "alt"), exchange->request->now, upload,
	    &error);

	if (status == STATUS_OK) {
		log_info("media.uploaded", "account",
		    desk_session_of(exchange)->handle);
		return answer_media(exchange, upload->media_id);
	}
	if (status == STATUS_CONFLICT) {
		exchange->response->status = 409;
		answer_size(exchange, upload);
		return STATUS_OK;
	}
	if (status == STATUS_INVALID) {
		answer_refused(exchange, upload->name, error->message);
		return STATUS_OK;
	}
	/* Of a full disk the desk has words of its own. */
	if (status == STATUS_TOO_LARGE)
		return status;
	return desk_fail(
	    exchange, status, "%s %s.", upload->name, error->message);
}

enum status
finish_file_upload(struct exchange *exchange)
{
	struct file_upload upload;
	enum status status = find(exchange, &upload);

	if (status != STATUS_OK)
		return status;
	status = finish(exchange, &upload);
	file_upload_release(&upload);
	return status;
}
