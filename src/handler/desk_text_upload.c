/*
 * desk_text_upload.c - a long text, which comes in pieces before its form.
 *
 * A piece is bytes, of any type but a form's: a web server with a limit on
 * bodies takes it where it would refuse the text at once, and it does not grow
 * by being escaped. Where one went astray, the next is answered with how much
 * is there, and the sender goes on from that.
 */
#include "config.h"

#include "base/text.h"
#include "http/request.h"
#include "http/response.h"
#include "model/site.h"
#include "model/text_upload.h"

#include "desk_article.h"
#include "desk_handler.h"

static void
answer_size(struct exchange *exchange, size_t size)
{
	g_autofree char *json = g_strdup_printf("{\"size\":%zu}", size);

	desk_answer_json(exchange, json);
}

/* Write a piece and answer how much is there. In a transaction. */
static enum status
write_piece(struct exchange *exchange, size_t offset)
{
	const struct request *request = exchange->request;
	struct database *database = desk_database_of(exchange);
	int64_t author_id = desk_session_of(exchange)->author_id;
	const char *key = exchange->values[0];
	size_t size;
	enum status status = text_upload_write(database, author_id, key, offset,
	    request->body, request->body_size, request->now, &size);

	if (status == STATUS_CONFLICT) {
		status = text_upload_size(database, author_id, key, &size);
		exchange->response->status = 409;
	}
	if (status == STATUS_OK)
		answer_size(exchange, size);
	return status;
}

enum status
write_text_upload(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const struct request *request = exchange->request;
	int64_t offset = desk_number(desk_query(exchange, "offset"));
	enum status status;

	if (offset < 0 || !text_is_key(exchange->values[0]))
		return STATUS_INVALID;
	if ((uint64_t)offset + request->body_size > TEXT_UPLOAD_MAX_SIZE) {
		desk_answer_problem(exchange, 413, NULL);
		return STATUS_OK;
	}
	status = site_begin_write(site, request->now);
	if (status != STATUS_OK)
		return status;
	return site_end_write(site, write_piece(exchange, (size_t)offset));
}

enum status
desk_read_form(struct exchange *exchange, struct article_form *form)
{
	struct site *site = desk_site_of(exchange);
	const char *key = desk_field(exchange, "body_piece");
	g_autofree char *text = NULL;
	enum status status;

	article_form_read(form, exchange->request->fields);
	if (!text_is_given(key))
		return STATUS_OK;
	status = site_begin_read(site, exchange->request->now);
	if (status != STATUS_OK)
		return status;
	status = text_upload_read(
	    site->database, desk_session_of(exchange)->author_id, key, &text);
	site_end_read(site);
	if (status == STATUS_NOT_FOUND || status == STATUS_INVALID)
		return desk_fail(exchange, STATUS_INVALID,
		    "The text did not arrive whole. Please send it again.");
	if (status == STATUS_OK)
		article_form_set_body(form, text);
	return status;
}
