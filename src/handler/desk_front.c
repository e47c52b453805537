/*
 * desk_front.c - what an author sees first: what there is to go on with, what
 * is to come, and what somebody should see to.
 */
#include "config.h"

#include "base/settings.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/article_edit.h"
#include "model/site.h"
#include "view/desk_front_view.h"

#include "desk_article.h"
#include "desk_handler.h"

#define ROWS_SHOWN 5
/* So late a scheduled article is overdue, in seconds. */
#define OVERDUE 60

/* Whose articles one sees: an author's are their own, 0: all. */
static int64_t
author_filter(const struct session *session)
{
	return session->role == AUTHOR_ROLE_AUTHOR ? session->author_id : 0;
}

static void
note(GPtrArray *attentions, const char *words)
{
	g_ptr_array_add(attentions, g_strdup(words));
}

static enum status
list_attentions(struct exchange *exchange, GPtrArray *attentions)
{
	const struct site *site = desk_site_of(exchange);
	const struct session *session = desk_session_of(exchange);
	int64_t now = exchange->request->now;
	struct account account;
	enum status status;

	if (site->scheduled_at != 0 && site->scheduled_at < now - OVERDUE)
		note(attentions, "An article is overdue: the database cannot "
				 "be written by the program that readers "
				 "reach, and byline work does not run.");
	if (session->role != AUTHOR_ROLE_OWNER)
		return STATUS_OK;
	if (!site->settings.is_https && !desk_is_loopback(exchange))
		note(attentions, "This blog is not reached by https: passwords "
				 "can be read on their way here.");
	status = account_read(
	    desk_database_of(exchange), session->author_id, &account);
	if (status != STATUS_OK)
		return status;
	if (account.code_secret == NULL && site->settings.is_https)
		note(attentions, "Who guesses your password owns this blog: "
				 "codes for signing in, in your account, keep "
				 "that from happening.");
	account_release(&account);
	return STATUS_OK;
}

static enum status
show_page(struct exchange *exchange, GPtrArray *attentions)
{
	const struct desk_view view = desk_view_of(exchange);
	struct database *database = desk_database_of(exchange);
	int64_t author_id = author_filter(desk_session_of(exchange));
	const struct article_shelf_filter drafts = {
		.shelf = ARTICLE_SHELF_DRAFTS, .author_id = author_id
	};
	const struct article_shelf_filter scheduled = {
		.shelf = ARTICLE_SHELF_SCHEDULED, .author_id = author_id
	};
	int64_t counts[ARTICLE_SHELF_COUNT];
	g_autoptr(GPtrArray) draft_rows = NULL;
	g_autoptr(GPtrArray) scheduled_rows = NULL;
	struct desk_front_page page = {
		.counts = counts,
		.attentions = attentions,
	};
	enum status status = article_count_shelves(database, author_id, counts);

	if (status == STATUS_OK)
		status = article_list_shelf(
		    database, &drafts, 1, ROWS_SHOWN, &draft_rows, NULL);
	if (status == STATUS_OK)
		status = article_list_shelf(
		    database, &scheduled, 1, ROWS_SHOWN, &scheduled_rows, NULL);
	if (status != STATUS_OK)
		return status;
	page.drafts = draft_rows;
	page.scheduled = scheduled_rows;
	return desk_view_front(&view, &page, exchange->response->body);
}

enum status
show_desk(struct exchange *exchange)
{
	g_autoptr(GPtrArray) attentions =
	    g_ptr_array_new_with_free_func(g_free);
	enum status status = list_attentions(exchange, attentions);

	return status == STATUS_OK ? show_page(exchange, attentions) : status;
}
