/*
 * desk_media.c - the library: uploading, finding, describing, deleting.
 */
#include "config.h"

#include "base/logger.h"
#include "base/paging.h"
#include "base/text.h"
#include "http/form_multipart.h"
#include "http/request.h"
#include "http/response.h"
#include "model/media.h"
#include "model/media_store.h"
#include "model/site.h"
#include "view/desk_media_view.h"

#include "desk_handler.h"

#define FILES_PER_PAGE 48
#define MAX_PAGE       100000

struct media_store *
desk_media_store(const struct exchange *exchange)
{
	struct desk_application *application =
	    desk_visit_of(exchange)->application;

	if (application->media_store == NULL)
		application->media_store =
		    media_store_new(application->site, application->launcher);
	return application->media_store;
}

/* ---- the library ---- */

static enum status
show_library(struct exchange *exchange, const char *alt, const char *problem)
{
	const struct desk_view view = desk_view_of(exchange);
	g_autofree char *text = text_normalize_line(desk_query(exchange, "q"));
	int64_t number = desk_number(desk_query(exchange, "page"));
	g_autoptr(GPtrArray) media = NULL;
	struct desk_media_page page = {
		.text = text,
		.page = CLAMP(number, 1, MAX_PAGE),
		.alt = alt,
		.problem = problem,
	};
	enum status status = media_search(desk_database_of(exchange), text,
	    page.page, FILES_PER_PAGE, &media, &page.found_count);

	if (status != STATUS_OK)
		return status;
	page.media = media;
	page.page_count = paging_count(page.found_count, FILES_PER_PAGE);
	return desk_view_media(&view, &page, exchange->response->body);
}

enum status
show_media(struct exchange *exchange)
{
	return show_library(exchange, "", NULL);
}

/* The library again, with what is wrong with an upload. */
static enum status
refuse(struct exchange *exchange, const char *problem)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	exchange->response->status = 422;
	status = show_library(exchange, desk_field(exchange, "alt"), problem);
	site_end_read(site);
	return status;
}

enum status
upload_media(struct exchange *exchange)
{
	const struct form_file *file =
	    form_file(exchange->request->fields, "file");
	struct media_upload upload = {
		.alt = desk_field(exchange, "alt"),
		.author_id = desk_session_of(exchange)->author_id,
	};
	g_autofree char *path = NULL;
	g_autofree char *problem = NULL;
	g_autoptr(GError) error = NULL;
	int64_t id;
	bool is_new;
	enum status status;

	if (file == NULL)
		return refuse(exchange, "Please choose a file.");
	upload.bytes = file->bytes;
	upload.size = file->size;
	upload.file_name =
	    file->file_name[0] != '\0' ? file->file_name : "file";
	status = media_store_add(desk_media_store(exchange), &upload,
	    exchange->request->now, &id, &is_new, &error);
	if (status == STATUS_INVALID) {
		problem = g_strdup_printf(
		    "The file %s %s.", upload.file_name, error->message);
		return refuse(exchange, problem);
	}
	/* Of a full disk the desk has words of its own. */
	if (status == STATUS_TOO_LARGE)
		return status;
	if (status != STATUS_OK)
		return desk_fail(exchange, status, "%s %s.", upload.file_name,
		    error->message);
	log_info(
	    "media.uploaded", "account", desk_session_of(exchange)->handle);
	path = g_strdup_printf("/desk/media/%" G_GINT64_FORMAT, id);
	desk_go_to(exchange, path, is_new ? "uploaded" : "known");
	return STATUS_OK;
}

/* ---- one file ---- */

static enum status
show_page(struct exchange *exchange, const char *alt, const char *problem)
{
	const struct desk_view view = desk_view_of(exchange);
	struct database *database = desk_database_of(exchange);
	int64_t id = desk_number(exchange->values[0]);
	struct media *media;
	g_autoptr(GPtrArray) uses = NULL;
	enum status status = media_find(database, id, &media);

	if (status != STATUS_OK)
		return status;
	status = media_list_uses(database, id, &uses);
	if (status == STATUS_OK) {
		const struct desk_file_page page = {
			.media = media,
			.uses = uses,
			.alt = alt != NULL ? alt : media->alt,
			.alt_problem = problem,
		};

		status = desk_view_file(&view, &page, exchange->response->body);
	}
	media_free(media);
	return status;
}

enum status
show_file(struct exchange *exchange)
{
	return show_page(exchange, NULL, NULL);
}

enum status
describe_file(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const char *alt = desk_field(exchange, "alt");
	int64_t now = exchange->request->now;
	g_autofree char *path =
	    g_strconcat("/desk/media/", exchange->values[0], NULL);
	g_autoptr(GError) error = NULL;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = site_end_write(
	    site, media_set_alt(site->database,
		      desk_number(exchange->values[0]), alt, &error));
	if (status == STATUS_OK && desk_is_script(exchange))
		desk_answer_json(exchange, "{}");
	else if (status == STATUS_OK)
		desk_go_to(exchange, path, "saved");
	if (status != STATUS_INVALID)
		return status;
	status = site_begin_read(site, now);
	if (status != STATUS_OK)
		return status;
	exchange->response->status = 422;
	status = show_page(exchange, alt, error->message);
	site_end_read(site);
	return status;
}

enum status
delete_file(struct exchange *exchange)
{
	int64_t id = desk_number(exchange->values[0]);
	enum status status = media_store_remove(
	    desk_media_store(exchange), id, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	log_info("media.deleted", "account", desk_session_of(exchange)->handle);
	desk_go_to(exchange, "/desk/media", "deleted");
	return STATUS_OK;
}
