/*
 * site_routes.c - the addresses of the public side, and the one place where
 * what a handler returns becomes an HTTP status and an error page.
 *
 * A handler never prints: until it returns, nothing is sent.
 */
#include "config.h"

#include "handler/site_routes.h"

#include <string.h>

#include "base/logger.h"
#include "base/text.h"
#include "base/token.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "model/site.h"
#include "view/site_view.h"

#include "site_handler.h"

#define READ HTTP_METHOD_GET

static const struct route routes[] = {
	{ READ, "/", show_front_page },
	{ READ, "/page/{number}", show_front_page },
	{ READ, "/tags", show_terms },
	{ READ, "/tags/{slug}", show_term },
	{ READ, "/tags/{slug}/page/{number}", show_term },
	{ READ, "/tags/{slug}/{feed}", show_term_feed },
	{ READ, "/categories", show_terms },
	{ READ, "/categories/{slug}", show_term },
	{ READ, "/categories/{slug}/page/{number}", show_term },
	{ READ, "/categories/{slug}/{feed}", show_term_feed },
	{ READ, "/authors", show_terms },
	{ READ, "/authors/{handle}", show_term },
	{ READ, "/authors/{handle}/page/{number}", show_term },
	{ READ, "/authors/{handle}/{feed}", show_term_feed },
	{ READ, "/archive", show_archive },
	{ READ, "/archive/{year}", show_year },
	{ READ, "/archive/{year}/page/{number}", show_year },
	{ READ, "/search", show_search },
	{ READ, "/feed.xml", show_feed },
	{ READ, "/rss.xml", show_feed },
	{ READ, "/feed.json", show_feed },
	{ READ, "/sitemap.xml", show_sitemap },
	{ READ, "/robots.txt", show_robots },
	{ READ, "/.well-known/security.txt", show_security },
	{ READ, "/healthz", show_health },
	{ READ, "/static/{file}", show_static_file },
	{ READ, "/media/{file}", show_media_file },
};

/* Spellings people guess, and where they meant to go. */
static const struct {
	const char *path;
	const char *target;
} guesses[] = {
	{ "/feed", "/feed.xml" },
	{ "/atom.xml", "/feed.xml" },
	{ "/atom", "/feed.xml" },
	{ "/index.xml", "/feed.xml" },
	{ "/rss", "/rss.xml" },
	{ "/articles", "/" },
	{ "/index.html", "/" },
	{ "/security.txt", "/.well-known/security.txt" },
};

/*
 * Who only reads sends nothing that could be too large, and needs no rights: it
 * is a full disk or a file that cannot be written that says so, and that heals.
 */
static const struct {
	enum status status;
	int http_status;
} http_statuses[] = {
	{ STATUS_OK, 0 },
	{ STATUS_NOT_FOUND, 404 },
	{ STATUS_INVALID, 400 },
	{ STATUS_FORBIDDEN, 503 },
	{ STATUS_TOO_LARGE, 503 },
	{ STATUS_BUSY, 503 },
	{ STATUS_FAILED, 500 },
};

struct site_application *
site_application_of(const struct exchange *exchange)
{
	return exchange->application;
}

struct database *
site_database_of(const struct exchange *exchange)
{
	return site_application_of(exchange)->site->database;
}

struct site_view
site_view_of(const struct exchange *exchange)
{
	const struct site_application *application =
	    site_application_of(exchange);

	return (struct site_view){
		.engine = application->engine,
		.static_files = application->static_files,
		.settings = &application->site->settings,
		.blog = &application->site->blog,
		.now = exchange->request->now,
	};
}

bool
site_is_not_modified(struct exchange *exchange)
{
	const struct site_application *application =
	    site_application_of(exchange);
	const struct site *site = application->site;
	/* Once an older database is restored, generations come again; with
	 * another time. */
	g_autofree char *etag =
	    g_strdup_printf("%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "-%s",
		site->generation, site->changed_at, application->signature);

	exchange->response->cache = CACHE_REVALIDATE;
	return response_is_not_modified(
	    exchange->response, exchange->request, etag, site->changed_at);
}

/* Append `path` as it stands in an address: what was decoded is encoded. */
static void
append_path(GString *out, const char *path)
{
	g_auto(GStrv) segments = g_strsplit(path, "/", -1);

	for (char **segment = segments; *segment != NULL; segment++) {
		if (segment != segments)
			g_string_append_c(out, '/');
		text_append_path_segment(out, *segment);
	}
}

/* Answer with a permanent redirect to `path`, and `query` ("?a=b" or "") as the
 * visitor sent it. */
static void
redirect_with_query(
    struct exchange *exchange, const char *path, const char *query)
{
	const struct site *site = site_application_of(exchange)->site;
	g_autoptr(GString) location = g_string_new(site->settings.base_path);

	append_path(location, path);
	g_string_append(location, query);
	response_redirect(exchange->response, 301, location->str);
}

void
site_redirect(struct exchange *exchange, const char *path)
{
	redirect_with_query(exchange, path, "");
}

static int
to_http_status(enum status status)
{
	for (size_t i = 0; i < G_N_ELEMENTS(http_statuses); i++)
		if (http_statuses[i].status == status)
			return http_statuses[i].http_status;
	return 500;
}

/*
 * Log what our own fault caused, under a number that a visitor can quote. The
 * caller frees what to tell the visitor.
 */
static char *
log_failure(const struct request *request, int http_status)
{
	g_autofree char *token = token_new();
	g_autofree char *status = g_strdup_printf("%d", http_status);

	token[10] = '\0';
	log_error("request.failed", "status", status, "id", token, "method",
	    request->method_name, "target", request->target);
	return g_strdup_printf("The number of this error is %s.", token);
}

static void
show_error(struct exchange *exchange, int http_status, const char *reason)
{
	struct response *response = exchange->response;
	const struct site_view view = site_view_of(exchange);
	g_autofree char *number = NULL;

	if (http_status >= 500 && reason == NULL)
		reason = number = log_failure(exchange->request, http_status);
	response->status = http_status;
	response->cache = CACHE_NEVER;
	response->content_type = "text/html; charset=utf-8";
	response->content_security_policy = NULL;
	g_clear_pointer(&response->etag, g_free);
	response->last_modified = 0;
	g_string_truncate(response->body, 0);
	if (http_status == 503)
		response_add_header(response, "Retry-After", "5");
	if (site_view_error(&view, http_status, reason, response->body) ==
	    STATUS_OK)
		return;
	response->content_type = "text/plain; charset=utf-8";
	g_string_assign(response->body,
	    "This page cannot be shown just now. Please try again later.\n");
}

/* The path without the slash at its end; the caller frees it. */
static char *
without_slash(const char *path)
{
	size_t size = strlen(path);

	return g_strndup(
	    path, size > 1 && path[size - 1] == '/' ? size - 1 : size);
}

static bool
redirect_guess(struct exchange *exchange)
{
	g_autofree char *path = without_slash(exchange->request->path);

	for (size_t i = 0; i < G_N_ELEMENTS(guesses); i++) {
		if (strcmp(guesses[i].path, path) != 0)
			continue;
		site_redirect(exchange, guesses[i].target);
		return true;
	}
	return false;
}

/* To the same address without its slash, the query kept. The first page of a
 * listing is the listing itself: nobody is sent on twice. */
static void
redirect_slash(struct exchange *exchange)
{
	const char *query = strchr(exchange->request->target, '?');
	g_autofree char *path = without_slash(exchange->request->path);

	if (g_str_has_suffix(path, "/page/1"))
		path[strlen(path) - strlen("/page/1")] = '\0';
	redirect_with_query(
	    exchange, path[0] == '\0' ? "/" : path, query == NULL ? "" : query);
}

/* What no route knows: an article, a page, an old address, a guess. */
static enum status
answer_address(struct exchange *exchange)
{
	enum status status = show_addressed(exchange);

	if (status == STATUS_NOT_FOUND && redirect_guess(exchange))
		return STATUS_OK;
	return status;
}

/* Returns the HTTP status of the error page to show, 0 for none. */
static int
answer(struct exchange *exchange)
{
	const struct request *request = exchange->request;
	const struct route *route;
	const char *allow;

	switch (router_find(routes, G_N_ELEMENTS(routes), request->path,
	    request->method, exchange, &route, &allow)) {
	case ROUTE_FOUND:
		return to_http_status(route->handle(exchange));
	case ROUTE_HAS_SLASH:
		redirect_slash(exchange);
		return 0;
	case ROUTE_WRONG_METHOD:
		response_add_header(exchange->response, "Allow", allow);
		return 405;
	case ROUTE_NOT_FOUND:
		break;
	}
	if ((request->method & (HTTP_METHOD_GET | HTTP_METHOD_HEAD)) == 0) {
		response_add_header(exchange->response, "Allow", "GET, HEAD");
		return 405;
	}
	return to_http_status(answer_address(exchange));
}

/*
 * The database is opened by the first request that finds it closed: one that is
 * missing or locked when a worker starts is tried again, not given up.
 */
static enum status
open_database(struct site *site)
{
	g_autoptr(GError) error = NULL;
	enum status status;

	if (site->database != NULL)
		return STATUS_OK;
	status = site_open_database(site, DATABASE_READ, &error);
	if (status != STATUS_OK) {
		log_error("database.unavailable", "reason", error->message);
		return STATUS_BUSY;
	}
	return STATUS_OK;
}

/*
 * Answer inside one read transaction, so that a page shows one moment. A
 * request that was refused at the edge (`http_status`) goes no further, but its
 * error page carries the blog's name like any other.
 */
static int
answer_from_database(struct exchange *exchange, int http_status)
{
	struct site *site = site_application_of(exchange)->site;
	int failed_status = http_status != 0 ? http_status : 503;

	if (open_database(site) != STATUS_OK)
		return failed_status;
	if (site_begin_read(site) != STATUS_OK)
		return failed_status;
	if (http_status == 0)
		http_status = answer(exchange);
	site_end_read(site);
	return http_status;
}

void
site_respond(void *data, const struct request *request, int http_status,
    const char *reason, struct response *response)
{
	struct exchange exchange = {
		.request = request, .response = response, .application = data
	};
	bool is_refused = http_status != 0;

	http_status = answer_from_database(&exchange, http_status);
	if (http_status != 0)
		show_error(&exchange, http_status, is_refused ? reason : NULL);
	exchange_release(&exchange);
}
