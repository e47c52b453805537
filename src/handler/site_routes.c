/*
 * site_routes.c - the addresses of the public side, and the one place where
 * what a handler returns becomes an HTTP status and an error page.
 *
 * A handler never prints: until it returns, nothing is sent.
 */
#include "config.h"

#include "handler/site_routes.h"

#include <string.h>

#include "base/text.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "model/site.h"
#include "view/site_view.h"

#include "answer.h"
#include "site_handler.h"

#define READ HTTP_METHOD_GET

enum need {
	NOTHING = 0,
	SNAPSHOT = 1 << 0 /* a read transaction: a page shows one moment */
};

static const struct route routes[] = {
	{ READ, SNAPSHOT, "/", show_front_page },
	{ READ, SNAPSHOT, "/page/{number}", show_front_page },
	{ READ, SNAPSHOT, "/tags", show_terms },
	{ READ, SNAPSHOT, "/tags/{slug}", show_term },
	{ READ, SNAPSHOT, "/tags/{slug}/page/{number}", show_term },
	{ READ, SNAPSHOT, "/tags/{slug}/{feed}", show_term_feed },
	{ READ, SNAPSHOT, "/categories", show_terms },
	{ READ, SNAPSHOT, "/categories/{slug}", show_term },
	{ READ, SNAPSHOT, "/categories/{slug}/page/{number}", show_term },
	{ READ, SNAPSHOT, "/categories/{slug}/{feed}", show_term_feed },
	{ READ, SNAPSHOT, "/authors", show_terms },
	{ READ, SNAPSHOT, "/authors/{handle}", show_term },
	{ READ, SNAPSHOT, "/authors/{handle}/page/{number}", show_term },
	{ READ, SNAPSHOT, "/authors/{handle}/{feed}", show_term_feed },
	{ READ, SNAPSHOT, "/archive", show_archive },
	{ READ, SNAPSHOT, "/archive/{year}", show_year },
	{ READ, SNAPSHOT, "/archive/{year}/page/{number}", show_year },
	{ READ, SNAPSHOT, "/search", show_search },
	{ READ, SNAPSHOT, "/feed.xml", show_feed },
	{ READ, SNAPSHOT, "/rss.xml", show_feed },
	{ READ, SNAPSHOT, "/feed.json", show_feed },
	{ READ, SNAPSHOT, "/sitemap.xml", show_sitemap },
	{ READ, SNAPSHOT, "/robots.txt", show_robots },
	{ READ, SNAPSHOT, "/.well-known/security.txt", show_security },
	{ READ, SNAPSHOT, "/healthz", show_health },
	{ READ, NOTHING, "/static/{file}", show_static_file },
	{ READ, NOTHING, "/media/{file}", show_media_file },
	{ READ, NOTHING, "/views/{file}", show_view_image },
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
 * What becomes of what a handler returns; 0: its answer is sent. Who only reads
 * sends nothing that could be too large, and needs no rights: it is a full disk
 * or a file that cannot be written that says so, and that heals.
 */
static const int HTTP_STATUSES[] = {
	[STATUS_OK] = 0,
	[STATUS_NOT_FOUND] = 404,
	[STATUS_INVALID] = 400,
	[STATUS_CONFLICT] = 500,
	[STATUS_FORBIDDEN] = 503,
	[STATUS_TOO_LARGE] = 503,
	[STATUS_BUSY] = 503,
	[STATUS_FAILED] = 500,
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
		.is_counting = application->site->blog.is_counting_views,
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
		site->generation, site->shown_at, application->signature);

	exchange->response->cache = CACHE_REVALIDATE;
	return response_is_not_modified(
	    exchange->response, exchange->request, etag, site->shown_at);
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

static void
show_error(struct exchange *exchange, int http_status, const char *reason)
{
	struct response *response = exchange->response;
	const struct site_view view = site_view_of(exchange);
	g_autofree char *number = NULL;

	if (http_status >= 500 && reason == NULL)
		reason = number = answer_log_failure(
		    exchange->request, "request.failed", http_status);
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
	answer_without_page(response);
}

static bool
redirect_guess(struct exchange *exchange)
{
	for (size_t i = 0; i < G_N_ELEMENTS(guesses); i++) {
		if (strcmp(guesses[i].path, exchange->path) != 0)
			continue;
		site_redirect(exchange, guesses[i].target);
		return true;
	}
	return false;
}

/* What was answered stands at an address without the slash: send there, the
 * query kept, whoever is not sent on already. */
static void
redirect_slash(struct exchange *exchange)
{
	const char *query = exchange->request->raw_query;
	g_autofree char *marked = g_strconcat("?", query, NULL);

	if (exchange->response->status == 301)
		return;
	response_clear(exchange->response);
	redirect_with_query(
	    exchange, exchange->path, query[0] == '\0' ? "" : marked);
}

/*
 * Call the handler of `route`, or for what no route knows (NULL) look for an
 * article or a page there. Where nothing stands now, something may have stood,
 * below our own addresses too.
 */
static enum status
answer(struct exchange *exchange, const struct route *route)
{
	enum status status =
	    route != NULL ? route->handle(exchange) : show_addressed(exchange);

	if (status == STATUS_NOT_FOUND) {
		response_clear(exchange->response);
		status = follow_old_address(exchange);
	}
	if (status == STATUS_NOT_FOUND && redirect_guess(exchange))
		status = STATUS_OK;
	if (status == STATUS_OK && exchange_has_slash(exchange))
		redirect_slash(exchange);
	return status;
}

void
site_set_policy(struct site_application *application, char *policy)
{
	g_free(application->policy);
	application->policy = policy;
	application->policy_generation = -1;
}

/* Have the policy of the settings as they are in this snapshot. */
static void
refresh_policy(struct site_application *application)
{
	const struct site *site = application->site;

	if (application->policy != NULL &&
	    application->policy_generation == site->generation &&
	    application->policy_changed_at == site->changed_at)
		return;
	site_set_policy(application,
	    response_make_policy((const char *const *)site->blog.iframe_hosts));
	application->policy_generation = site->generation;
	application->policy_changed_at = site->changed_at;
}

/* Begin what a page is made in; site_end_read() ends it. */
static bool
begin_snapshot(struct site_application *application, int64_t now)
{
	struct site *site = application->site;

	if (answer_open_database(site, DATABASE_READ, now) != STATUS_OK ||
	    site_begin_read(site, now) != STATUS_OK)
		return false;
	refresh_policy(application);
	return true;
}

/* Returns the HTTP status of the error page to show, 0 for none. */
static int
answer_from_snapshot(struct exchange *exchange, const struct route *route)
{
	struct site_application *application = site_application_of(exchange);
	enum status status;

	if (!begin_snapshot(application, exchange->request->now))
		return 503;
	status = answer(exchange, route);
	site_end_read(application->site);
	return HTTP_STATUSES[status];
}

/* Returns as answer_from_snapshot(), which makes what was not kept. */
static int
answer_page(struct exchange *exchange, const struct route *route)
{
	int http_status;

	if (kept_page_answer(exchange))
		return 0;
	http_status = answer_from_snapshot(exchange, route);
	if (http_status == 0)
		kept_page_keep(exchange);
	return http_status;
}

bool
site_read_settings(const struct exchange *exchange)
{
	struct site_application *application = site_application_of(exchange);

	if (!begin_snapshot(application, exchange->request->now))
		return false;
	site_end_read(application->site);
	return true;
}

/* For an error page, which carries the blog's name if that can be read. */
static void
read_name(const struct exchange *exchange)
{
	(void)site_read_settings(exchange);
}

/*
 * Send a file, which needs no database and is there without one. Returns as
 * answer_from_snapshot(), which looks for what is no file.
 */
static int
answer_file(struct exchange *exchange, const struct route *route)
{
	enum status status = route->handle(exchange);

	if (status == STATUS_NOT_FOUND)
		return answer_from_snapshot(exchange, route);
	if (status != STATUS_OK)
		read_name(exchange);
	return HTTP_STATUSES[status];
}

/* Returns the HTTP status of the error page to show, 0 for none. */
static int
answer_request(struct exchange *exchange)
{
	const struct request *request = exchange->request;
	const struct route *route;
	const char *allow = "GET, HEAD";
	enum route_match match = router_find(routes, G_N_ELEMENTS(routes),
	    request->path, request->method, exchange, &route, &allow);

	if (match == ROUTE_WRONG_METHOD ||
	    (request->method & (HTTP_METHOD_GET | HTTP_METHOD_HEAD)) == 0) {
		response_add_header(exchange->response, "Allow", allow);
		read_name(exchange);
		return 405;
	}
	if (route != NULL && route->needs == NOTHING &&
	    !exchange_has_slash(exchange))
		return answer_file(exchange, route);
	return answer_page(exchange, route);
}

void
site_respond(void *data, const struct request *request, int http_status,
    const char *reason, struct response *response)
{
	struct exchange exchange = {
		.request = request, .response = response, .application = data
	};

	if (http_status != 0) {
		read_name(&exchange);
	} else {
		http_status = answer_request(&exchange);
		reason = NULL;
	}
	if (http_status != 0)
		show_error(&exchange, http_status, reason);
	if (response->content_security_policy == NULL)
		response->content_security_policy =
		    site_application_of(&exchange)->policy;
	exchange_release(&exchange);
}

void
site_release(struct site_application *application)
{
	site_set_policy(application, NULL);
}
