/*
 * kept_page.c - pages that were made for an earlier reader, for a program that
 * ends with each request: opening the database costs it more than all else.
 *
 * It must keep true that a reader cannot tell a kept page from one that is
 * made, and that only what every reader gets is kept: what an address alone
 * says, and will say until something is changed.
 */
#include "config.h"

#include <string.h>

#include "handler/site_routes.h"
#include "http/request.h"
#include "http/response.h"
#include "model/site.h"
#include "publish/page_store.h"

#include "site_handler.h"

/* Under this, where no page stands, is kept whether views are counted. */
static const char COUNTING_PATH[] = "/views";
static const char IS_COUNTING[] = "counted\n";

/* Of an address with a query there are as many as somebody thinks of. */
static bool
may_be_kept(const struct exchange *exchange)
{
	const struct request *request = exchange->request;

	return site_application_of(exchange)->page_store != NULL &&
	       (request->method & (HTTP_METHOD_GET | HTTP_METHOD_HEAD)) != 0 &&
	       request->raw_query[0] == '\0';
}

bool
kept_page_answer(struct exchange *exchange)
{
	struct site_application *application = site_application_of(exchange);
	struct response *response = exchange->response;
	struct stored_page page;

	if (!may_be_kept(exchange) ||
	    page_store_find(application->page_store, exchange->request->path,
		&page) != STATUS_OK)
		return false;
	response->content_type = page.content_type;
	response->cache = CACHE_REVALIDATE;
	site_set_policy(application, g_steal_pointer(&page.policy));
	if (!response_is_not_modified(
		response, exchange->request, page.etag, page.last_modified))
		g_string_append_len(
		    response->body, page.body->str, (gssize)page.body->len);
	stored_page_release(&page);
	return true;
}

/* The entity tag of `response` without its quotes. The caller frees it. */
static char *
bare_etag(const struct response *response)
{
	return g_strndup(response->etag + 1, strlen(response->etag) - 2);
}

void
kept_page_keep(const struct exchange *exchange)
{
	const struct response *response = exchange->response;
	struct site_application *application = site_application_of(exchange);
	struct stored_page page;

	if (!may_be_kept(exchange) || application->site->due_at != 0 ||
	    exchange->request->method != HTTP_METHOD_GET ||
	    response->status != 200 || response->cache != CACHE_REVALIDATE ||
	    response->etag == NULL || response->last_modified == 0 ||
	    response->headers->len > 0 ||
	    response->content_security_policy != NULL)
		return;
	page = (struct stored_page){
		.content_type = response->content_type,
		.etag = bare_etag(response),
		.last_modified = response->last_modified,
		.policy = (char *)application->policy,
		.body = response->body,
	};
	page_store_keep(
	    application->page_store, exchange->request->path, &page);
	g_free(page.etag);
}

bool
kept_page_find_counting(const struct exchange *exchange, bool *out_is_counting)
{
	const struct page_store *store =
	    site_application_of(exchange)->page_store;
	struct stored_page page;

	if (store == NULL ||
	    page_store_find(store, COUNTING_PATH, &page) != STATUS_OK)
		return false;
	*out_is_counting = strcmp(page.body->str, IS_COUNTING) == 0;
	stored_page_release(&page);
	return true;
}

void
kept_page_keep_counting(const struct exchange *exchange)
{
	const struct site_application *application =
	    site_application_of(exchange);
	g_autoptr(GString) words = g_string_new(
	    application->site->blog.is_counting_views ? IS_COUNTING : "");
	char nothing[] = "";
	const struct stored_page page = {
		.content_type = "text/plain",
		.etag = nothing,
		.policy = nothing,
		.body = words,
	};

	if (application->page_store != NULL)
		page_store_keep(application->page_store, COUNTING_PATH, &page);
}
