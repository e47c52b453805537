/*
 * desk_sharing.c - links by which others look at what is not public yet.
 */
#include "config.h"

#include "base/logger.h"
#include "base/settings.h"
#include "http/request.h"
#include "http/response.h"
#include "model/preview_link.h"
#include "model/site.h"

#include "desk_article.h"
#include "desk_handler.h"

/* Show the links of `edit`, and `token`, if one was made just now. In a
 * transaction. */
static enum status
show(struct exchange *exchange, const struct article_edit *edit,
    const char *token)
{
	const struct desk_view view = desk_view_of(exchange);
	g_autofree char *address = NULL;
	g_autoptr(GPtrArray) links = NULL;
	struct desk_sharing_page page = { .edit = edit };
	enum status status =
	    preview_link_list(desk_database_of(exchange), edit->id, &links);

	if (status != STATUS_OK)
		return status;
	if (token != NULL)
		address = g_strconcat(
		    view.settings->base_url, "/desk/shared/", token, NULL);
	page.link = address;
	page.links = links;
	return desk_view_sharing(&view, &page, exchange->response->body);
}

enum status
show_sharing(struct exchange *exchange)
{
	struct article_edit *edit;
	enum status status = desk_read_article(exchange, &edit);

	if (status != STATUS_OK)
		return status;
	status = show(exchange, edit, NULL);
	article_edit_free(edit);
	return status;
}

enum status
share_article(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const struct session *session = desk_session_of(exchange);
	int64_t now = exchange->request->now;
	struct article_edit *edit = NULL;
	g_autofree char *token = NULL;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = desk_read_article(exchange, &edit);
	if (status == STATUS_OK)
		status = preview_link_make(
		    site->database, edit->id, session->author_id, now, &token);
	status = site_end_write(site, status);
	if (status == STATUS_OK)
		status = site_begin_read(site, now);
	if (status == STATUS_OK) {
		log_info("article.shared", "account", session->handle);
		status = show(exchange, edit, token);
		site_end_read(site);
	}
	article_edit_free(edit);
	return status;
}

enum status
end_sharing(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	struct article_edit *edit = NULL;
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = desk_read_article(exchange, &edit);
	if (status == STATUS_OK)
		status = preview_link_end(
		    site->database, edit->id, desk_field(exchange, "link"));
	status = site_end_write(site, status);
	if (status == STATUS_OK)
		desk_go_to_article(
		    exchange, edit->id, "/sharing", "sharing-ended");
	article_edit_free(edit);
	return status;
}

/* What anybody sees who has the link. */
enum status
show_shared(struct exchange *exchange)
{
	struct article *article;
	int64_t id;
	enum status status = preview_link_find(
	    desk_database_of(exchange), exchange->values[0], &id);

	if (status == STATUS_NOT_FOUND)
		return desk_fail(
		    exchange, status, "This link has been taken back.");
	if (status == STATUS_OK)
		status =
		    article_read_any(desk_database_of(exchange), id, &article);
	if (status != STATUS_OK)
		return status;
	status = desk_show_as_page(exchange, article);
	article_free(article);
	return status;
}
