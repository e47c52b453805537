/*
 * desk_front.c - what an author sees first: what there is to go on with, what
 * is to come, and what somebody should see to.
 */
#include "config.h"

#include "base/logger.h"
#include "base/settings.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/article_edit.h"
#include "model/page_view.h"
#include "model/site.h"
#include "model/upkeep.h"
#include "model/visit.h"
#include "view/desk_front_view.h"

#include "desk_handler.h"

#define ROWS_SHOWN 5

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

/* What the address shows by which the owner came. */
static void
list_address(const struct exchange *exchange, GPtrArray *attentions)
{
	const struct site *site = desk_site_of(exchange);

	if (site->settings.is_https || desk_is_loopback(exchange))
		return;
	if (exchange->request->is_https)
		note(attentions, "You came by https, and base_url in "
				 "byline.conf says http: links in feeds lead "
				 "readers there. Write https, and start the "
				 "programs again.");
	else
		note(attentions, "This blog is not reached by https: passwords "
				 "can be read on their way here.");
}

static enum status
list_account(struct exchange *exchange, GPtrArray *attentions)
{
	struct account account;
	enum status status = account_read(desk_database_of(exchange),
	    desk_session_of(exchange)->author_id, &account);

	if (status != STATUS_OK)
		return status;
	if (account.code_secret == NULL &&
	    desk_site_of(exchange)->settings.is_https)
		note(attentions, "Who guesses your password owns this blog: "
				 "codes for signing in, in your account, keep "
				 "that from happening.");
	account_release(&account);
	return STATUS_OK;
}

/* What an owner should see to, who can. The caller frees it. */
static enum status
list_attentions(struct exchange *exchange, GPtrArray **out_attentions)
{
	const struct desk_view view = desk_view_of(exchange);
	g_autoptr(GPtrArray) attentions = NULL;
	enum status status = STATUS_OK;

	if (desk_session_of(exchange)->role == AUTHOR_ROLE_OWNER) {
		attentions = upkeep_list(desk_site_of(exchange),
		    desk_zone(&view), exchange->request->now);
		list_address(exchange, attentions);
		status = list_account(exchange, attentions);
	} else {
		attentions = g_ptr_array_new_with_free_func(g_free);
		if (upkeep_is_overdue(
			desk_site_of(exchange), exchange->request->now))
			note(attentions, "An article is overdue: nothing "
					 "publishes it. Tell who owns this "
					 "blog.");
	}
	if (status == STATUS_OK)
		*out_attentions = g_steal_pointer(&attentions);
	return status;
}

enum status
desk_count_visits(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	enum status status;

	site_end_read(site);
	/* What cannot be counted now is counted later: the page is shown. */
	status = visit_fold(site, now);
	if (status != STATUS_OK && status != STATUS_BUSY)
		log_warning("visit.unfolded", "reason", status_name(status));
	return site_begin_read(site, now);
}

static enum status
show_page(struct exchange *exchange, const GPtrArray *attentions,
    const struct page_view_summary *views)
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
		.views = views,
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
	g_autoptr(GPtrArray) attentions = NULL;
	struct page_view_summary views = { 0 };
	enum status status = desk_count_visits(exchange);

	if (status == STATUS_OK)
		status = list_attentions(exchange, &attentions);
	if (status == STATUS_OK)
		status = page_view_summarize(desk_database_of(exchange),
		    author_filter(desk_session_of(exchange)),
		    page_view_day(exchange->request->now,
			desk_site_of(exchange)->blog.zone),
		    &views);
	if (status == STATUS_OK)
		status = show_page(exchange, attentions, &views);
	page_view_summary_release(&views);
	return status;
}
