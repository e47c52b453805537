/*
 * desk_routes.c - the addresses of the desk, who may use each, and the one
 * place where what a handler returns becomes an HTTP status and an error page.
 *
 * What must hold: no handler runs before its guard has let the visitor through;
 * nothing that is typed is lost because a session ended or the database was
 * locked; nothing of the desk is kept by any cache.
 */
#include "config.h"

#include "handler/desk_routes.h"

#include <stdarg.h>
#include <string.h>

#include "base/logger.h"
#include "base/settings.h"
#include "base/text.h"
#include "http/client_address.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "model/account.h"
#include "model/media_store.h"
#include "model/site.h"
#include "model/writer.h"
#include "view/site_view.h"

#include "answer.h"
#include "desk_handler.h"

#define GET  HTTP_METHOD_GET
#define POST HTTP_METHOD_POST

static const struct route ROUTES[] = {
	{ GET, DESK_GUARD_AUTHOR, "/desk", show_desk },
	{ GET, DESK_GUARD_FILE, "/desk/static/{file}", show_desk_file },
	{ GET, DESK_GUARD_ANYBODY, "/desk/setup", show_setup },
	{ POST, DESK_GUARD_ANYBODY, "/desk/setup", set_up },
	{ GET, DESK_GUARD_ANYBODY, "/desk/session", show_sign_in },
	{ POST, DESK_GUARD_ANYBODY, "/desk/session", begin_session },
	{ POST, DESK_GUARD_AUTHOR, "/desk/session/end", end_session },
	{ GET, DESK_GUARD_ANYBODY, "/desk/reset", show_reset },
	{ POST, DESK_GUARD_ANYBODY, "/desk/reset", reset_password },
	{ GET, DESK_GUARD_ANYBODY, "/desk/invitation", show_invitation },
	{ POST, DESK_GUARD_ANYBODY, "/desk/invitation", accept_invitation },
	{ GET, DESK_GUARD_AUTHOR, "/desk/account", show_account },
	{ POST, DESK_GUARD_AUTHOR, "/desk/account", update_profile },
	{ POST, DESK_GUARD_AUTHOR, "/desk/account/email", change_email },
	{ POST, DESK_GUARD_AUTHOR, "/desk/account/password", change_password },
	{ GET, DESK_GUARD_AUTHOR, "/desk/account/codes", show_codes },
	{ POST, DESK_GUARD_AUTHOR, "/desk/account/codes", begin_codes },
	{ POST, DESK_GUARD_AUTHOR, "/desk/account/codes/renew",
	    renew_recovery_codes },
	{ POST, DESK_GUARD_AUTHOR, "/desk/account/codes/end", end_codes },
	{ POST, DESK_GUARD_AUTHOR, "/desk/account/sessions/end",
	    end_other_sessions },
	{ POST, DESK_GUARD_AUTHOR, "/desk/account/sessions/{id}/end",
	    end_one_session },
	{ GET, DESK_GUARD_OWNER, "/desk/authors", show_authors },
	{ POST, DESK_GUARD_OWNER, "/desk/authors", invite_author },
	{ GET, DESK_GUARD_OWNER, "/desk/authors/{id}", show_author },
	{ POST, DESK_GUARD_OWNER, "/desk/authors/{id}", update_author },
	{ POST, DESK_GUARD_OWNER, "/desk/authors/{id}/profile",
	    update_author_profile },
	{ POST, DESK_GUARD_OWNER, "/desk/authors/{id}/invitation",
	    invite_as_author },
	{ POST, DESK_GUARD_OWNER, "/desk/authors/{id}/access", set_access },
	{ POST, DESK_GUARD_OWNER, "/desk/invitations/end", end_invitation },
	{ GET, DESK_GUARD_AUTHOR, "/desk/media", show_media },
	{ POST, DESK_GUARD_AUTHOR, "/desk/media", upload_media },
	{ GET, DESK_GUARD_AUTHOR, "/desk/media/{id}", show_file },
	{ POST, DESK_GUARD_AUTHOR, "/desk/media/{id}", describe_file },
	{ POST, DESK_GUARD_EDITOR, "/desk/media/{id}/delete", delete_file },
	{ POST, DESK_GUARD_AUTHOR, "/desk/uploads", begin_file_upload },
	{ POST, DESK_GUARD_AUTHOR, "/desk/uploads/{key}", write_file_upload },
	{ POST, DESK_GUARD_AUTHOR, "/desk/uploads/{key}/end",
	    finish_file_upload },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings", go_to_settings },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings/categories",
	    show_desk_terms },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings/categories/{id}",
	    show_desk_term },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/categories/{id}",
	    update_term },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings/categories/{id}/merge",
	    show_merge },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/categories/{id}/merge",
	    merge_term },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/categories/{id}/delete",
	    delete_term },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings/tags", show_desk_terms },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings/tags/{id}", show_desk_term },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/tags/{id}", update_term },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings/tags/{id}/merge",
	    show_merge },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/tags/{id}/merge",
	    merge_term },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/tags/{id}/delete",
	    delete_term },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings/series", show_desk_terms },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings/series/{id}",
	    show_desk_term },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/series/{id}", update_term },
	{ GET, DESK_GUARD_EDITOR, "/desk/settings/redirects", show_redirects },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/redirects", add_redirect },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/redirects/remove",
	    remove_redirect },
	{ POST, DESK_GUARD_EDITOR, "/desk/settings/redirects/import",
	    import_redirects },
	{ GET, DESK_GUARD_OWNER, "/desk/settings/export", show_export },
	{ POST, DESK_GUARD_OWNER, "/desk/settings/export", send_export },
	{ GET, DESK_GUARD_OWNER, "/desk/settings/{part}", show_settings },
	{ POST, DESK_GUARD_OWNER, "/desk/settings/{part}", update_settings },
	{ GET, DESK_GUARD_AUTHOR, "/desk/articles", show_articles },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles", create_article },
	{ GET, DESK_GUARD_AUTHOR, "/desk/articles/new", begin_article },
	{ GET, DESK_GUARD_AUTHOR, "/desk/articles/new/preview",
	    preview_new_article },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles/new/autosave",
	    autosave_article },
	{ GET, DESK_GUARD_AUTHOR, "/desk/articles/{id}", show_article_editor },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles/{id}", update_article },
	{ GET, DESK_GUARD_AUTHOR, "/desk/articles/{id}/preview",
	    preview_article },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles/{id}/autosave",
	    autosave_article },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles/{id}/draft", decide_draft },
	{ GET, DESK_GUARD_AUTHOR, "/desk/articles/{id}/publication",
	    show_publication },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles/{id}/publication",
	    set_publication },
	{ GET, DESK_GUARD_AUTHOR, "/desk/articles/{id}/revisions",
	    show_revisions },
	{ GET, DESK_GUARD_AUTHOR, "/desk/articles/{id}/revisions/{version}",
	    show_revision },
	{ POST, DESK_GUARD_AUTHOR,
	    "/desk/articles/{id}/revisions/{version}/restore",
	    restore_revision },
	{ GET, DESK_GUARD_AUTHOR, "/desk/articles/{id}/sharing", show_sharing },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles/{id}/sharing",
	    share_article },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles/{id}/sharing/end",
	    end_sharing },
	{ GET, DESK_GUARD_ANYBODY, "/desk/shared/{token}", show_shared },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles/{id}/trash", trash_article },
	{ POST, DESK_GUARD_AUTHOR, "/desk/articles/{id}/restore",
	    untrash_article },
	{ POST, DESK_GUARD_AUTHOR, "/desk/preview", preview_text },
	{ POST, DESK_GUARD_AUTHOR, "/desk/pieces/{key}", write_text_upload },
};

const struct route *
desk_routes(size_t *out_count)
{
	*out_count = G_N_ELEMENTS(ROUTES);
	return ROUTES;
}

/*
 * Nothing of other hosts; no frame shows the desk; what a script puts into a
 * page goes through the one policy that it makes (Trusted Types).
 */
static const char POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types byline";

/* What becomes of what a handler returns; 0: its answer is sent. */
static const int HTTP_STATUSES[] = {
	[STATUS_OK] = 0,
	[STATUS_NOT_FOUND] = 404,
	[STATUS_INVALID] = 400,
	[STATUS_CONFLICT] = 409,
	[STATUS_FORBIDDEN] = 403,
	[STATUS_TOO_LARGE] = 507,
	[STATUS_BUSY] = 503,
	[STATUS_FAILED] = 500,
};

/* ---- what there is ---- */

struct desk_visit *
desk_visit_of(const struct exchange *exchange)
{
	return exchange->application;
}

struct site *
desk_site_of(const struct exchange *exchange)
{
	return desk_visit_of(exchange)->application->site;
}

struct database *
desk_database_of(const struct exchange *exchange)
{
	return desk_site_of(exchange)->database;
}

const struct session *
desk_session_of(const struct exchange *exchange)
{
	return &desk_visit_of(exchange)->session;
}

struct desk_view
desk_view_of(const struct exchange *exchange)
{
	const struct desk_visit *visit = desk_visit_of(exchange);
	const struct site *site = visit->application->site;

	return (struct desk_view){
		.engine = visit->application->engine,
		.static_files = visit->application->static_files,
		.settings = &site->settings,
		.blog = &site->blog,
		.session = &visit->session,
		.zone = visit->zone,
		.form_token = visit->form_token,
		.path = exchange->path != NULL ? exchange->path : "/desk",
		.notice = desk_notice(desk_query(exchange, "said")),
		.now = exchange->request->now,
	};
}

struct site_view
desk_site_view_of(const struct exchange *exchange)
{
	const struct desk_application *application =
	    desk_visit_of(exchange)->application;

	return (struct site_view){
		.engine = application->site_engine,
		.static_files = application->site_static_files,
		.settings = &application->site->settings,
		.blog = &application->site->blog,
		.now = exchange->request->now,
	};
}

const char *
desk_field(const struct exchange *exchange, const char *name)
{
	const struct form *fields = exchange->request->fields;
	const char *value = fields != NULL ? form_value(fields, name) : NULL;

	return value != NULL ? value : "";
}

const char *
desk_query(const struct exchange *exchange, const char *name)
{
	const char *value = form_value(exchange->request->query, name);

	return value != NULL ? value : "";
}

int64_t
desk_number(const char *text)
{
	int64_t number;

	return text_parse_integer(text, INT64_MAX, &number) == STATUS_OK
		   ? number
		   : -1;
}

/* ---- answers ---- */

void
desk_go_to(struct exchange *exchange, const char *path, const char *said)
{
	const char *base_path = desk_site_of(exchange)->settings.base_path;
	g_autofree char *location = g_strconcat(base_path, path,
	    said == NULL                ? ""
	    : strchr(path, '?') != NULL ? "&said="
					: "?said=",
	    said, NULL);

	response_redirect(exchange->response, 303, location);
}

bool
desk_is_own_path(const char *path)
{
	static const char part[] = "/desk";
	size_t size = sizeof(part) - 1;

	if (strncmp(path, part, size) != 0 ||
	    strchr("/?", path[size]) == NULL || strstr(path, "//") != NULL ||
	    strstr(path, "/.") != NULL)
		return false;
	for (const char *at = path; *at != '\0'; at++)
		if (!g_ascii_isalnum(*at) && strchr("/?=&-_.", *at) == NULL)
			return false;
	return true;
}

enum status
desk_fail(
    struct exchange *exchange, enum status status, const char *format, ...)
{
	struct desk_visit *visit = desk_visit_of(exchange);
	va_list arguments;

	va_start(arguments, format);
	g_free(visit->reason);
	visit->reason = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return status;
}

char *
desk_answer_too_often(struct exchange *exchange, int64_t wait_until)
{
	int64_t seconds = MAX(wait_until - exchange->request->now, 1);
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seconds);

	exchange->response->status = 429;
	response_add_header(exchange->response, "Retry-After", number);
	if (seconds < 120)
		return g_strdup_printf("%" G_GINT64_FORMAT " seconds", seconds);
	return g_strdup_printf(
	    "%" G_GINT64_FORMAT " minutes", (seconds + 59) / 60);
}

/* ---- errors ---- */

/* Fields that do not come back: a form that has one cannot be sent again. */
static const char *const SECRETS[] = { "password", "new_password", "code",
	"secret", "token" };

/* Whether the form that was sent can be made again: not one with a secret or a
 * file. */
static bool
can_be_sent_again(const struct request *request)
{
	for (size_t i = 0; i < G_N_ELEMENTS(SECRETS); i++)
		if (form_value(request->fields, SECRETS[i]) != NULL)
			return false;
	return request->fields != NULL && request->content_type != NULL &&
	       g_ascii_strncasecmp(request->content_type, "multipart/", 10) !=
		   0;
}

/* Add a field, unless it was there before (of two the first counts) or each
 * page has it anew. */
static void
add_typed(const char *name, const char *value, void *data)
{
	GPtrArray *typed = data;

	if (strcmp(name, "form_token") == 0)
		return;
	for (guint i = 0; i < typed->len; i += 2)
		if (strcmp(g_ptr_array_index(typed, i), name) == 0)
			return;
	g_ptr_array_add(typed, (void *)name);
	g_ptr_array_add(typed, (void *)value);
}

/* What was typed and is not to be lost: names and values in turn, borrowed but
 * for the array itself. NULL: nothing. What another site has sent is not to be
 * sent again by one click. */
static const char **
list_typed(const struct exchange *exchange)
{
	GPtrArray *typed;

	if (!desk_comes_from_here(exchange) ||
	    !can_be_sent_again(exchange->request))
		return NULL;
	typed = g_ptr_array_new();
	form_each(exchange->request->fields, add_typed, typed);
	g_ptr_array_add(typed, NULL);
	return (const char **)g_ptr_array_free(typed, FALSE);
}

static void
show_error(struct exchange *exchange, int http_status, const char *reason)
{
	struct response *response = exchange->response;
	const struct desk_view view = desk_view_of(exchange);
	g_autofree char *number = NULL;
	g_autofree const char **typed = list_typed(exchange);

	if (reason == NULL)
		reason = desk_visit_of(exchange)->reason;
	if (http_status == 500 && reason == NULL)
		reason = number = answer_log_failure(
		    exchange->request, "desk.failed", http_status);
	if (http_status == 503)
		response_add_header(response, "Retry-After", "5");
	if (desk_is_script(exchange)) {
		desk_answer_problem(exchange, http_status, reason);
		return;
	}
	response->status = http_status;
	response->content_type = "text/html; charset=utf-8";
	g_string_truncate(response->body, 0);
	if (desk_view_error(
		&view, http_status, reason, typed, response->body) == STATUS_OK)
		return;
	answer_without_page(response);
}

/* ---- from a request to its handler ---- */

static enum status
begin_read(const struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	enum status status = answer_open_database(site, DATABASE_WRITE, now);

	return status == STATUS_OK ? site_begin_read(site, now) : status;
}

/* Nobody is signed in where somebody must be. */
static enum status
ask_to_sign_in(struct exchange *exchange)
{
	const char *path = exchange->path;
	bool is_there;
	enum status status =
	    account_is_there(desk_database_of(exchange), &is_there);

	if (status != STATUS_OK)
		return status;
	if (exchange->request->method == POST)
		return desk_fail(exchange, STATUS_FORBIDDEN,
		    "You are signed out. Sign in again in another tab; then "
		    "this can be sent again from here. If that is no longer "
		    "open to you, take a copy of it along.");
	if (!is_there) {
		desk_go_to(exchange, "/desk/setup", NULL);
	} else if (strcmp(path, "/desk") != 0 && desk_is_own_path(path)) {
		g_autofree char *target =
		    g_strconcat("/desk/session?to=", path, NULL);

		desk_go_to(exchange, target, NULL);
	} else {
		desk_go_to(exchange, "/desk/session", NULL);
	}
	return STATUS_OK;
}

void
desk_log_refused(const struct exchange *exchange)
{
	const struct request *request = exchange->request;
	g_autofree char *client =
	    client_address_truncate(request->remote_address);

	log_warning("desk.refused", "account",
	    desk_session_of(exchange)->handle, "client", client, "method",
	    request->method_name, "target", request->target);
}

static enum status
refuse(struct exchange *exchange)
{
	if (desk_session_of(exchange)->id == 0)
		return ask_to_sign_in(exchange);
	desk_log_refused(exchange);
	return desk_fail(exchange, STATUS_FORBIDDEN,
	    "Your role does not allow it. An owner of the blog can change "
	    "that.");
}

/* Note that a session is used, once a minute. What keeps that from being
 * written keeps nobody from working. */
static void
touch_session(const struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const struct session *session = desk_session_of(exchange);
	int64_t now = exchange->request->now;

	if (session->id == 0 ||
	    ABS(now - session->seen_at) < SESSION_TOUCH_SECONDS ||
	    site_try_write(site, now) != STATUS_OK)
		return;
	(void)!site_end_write(
	    site, session_touch(site->database, session->id, now));
}

static enum status
answer_get(struct exchange *exchange, const struct route *route)
{
	enum status status = begin_read(exchange);

	if (status != STATUS_OK)
		return status;
	status = desk_find_session(exchange);
	if (status == STATUS_OK && !desk_passes(exchange, route->needs))
		status = refuse(exchange);
	else if (status == STATUS_OK)
		status = route->handle(exchange);
	site_end_read(desk_site_of(exchange));
	if (status == STATUS_OK)
		touch_session(exchange);
	return status;
}

static enum status
answer_post(struct exchange *exchange, const struct route *route)
{
	bool is_let_in = false;
	enum status status = desk_check_origin(exchange);

	if (status == STATUS_OK)
		status = begin_read(exchange);
	if (status != STATUS_OK)
		return status;
	status = desk_find_session(exchange);
	if (status == STATUS_OK) {
		is_let_in = desk_passes(exchange, route->needs);
		if (!is_let_in)
			status = refuse(exchange);
	}
	site_end_read(desk_site_of(exchange));
	if (status == STATUS_OK && is_let_in)
		status = route->handle(exchange);
	if (status == STATUS_OK)
		touch_session(exchange);
	return status;
}

/* Returns the HTTP status of the error page to show, 0 for none. */
static int
answer_route(struct exchange *exchange, const struct route *route)
{
	enum status status;

	if (route->needs == DESK_GUARD_FILE)
		status = route->handle(exchange);
	else if (exchange->request->method == POST)
		status = answer_post(exchange, route);
	else
		status = answer_get(exchange, route);
	return HTTP_STATUSES[status];
}

static int
answer_request(struct exchange *exchange)
{
	const struct request *request = exchange->request;
	const struct route *route;
	const char *allow = "GET, HEAD, POST";
	enum route_match match;

	if (desk_check_host(exchange) != STATUS_OK)
		return 421;
	match = router_find(ROUTES, G_N_ELEMENTS(ROUTES), request->path,
	    request->method, exchange, &route, &allow);
	if (match == ROUTE_WRONG_METHOD) {
		response_add_header(exchange->response, "Allow", allow);
		return 405;
	}
	if (match == ROUTE_NOT_FOUND)
		return 404;
	if (exchange_has_slash(exchange) && request->method != POST) {
		desk_go_to(exchange, exchange->path, NULL);
		exchange->response->status = 301;
		return 0;
	}
	return answer_route(exchange, route);
}

static void
visit_release(struct desk_visit *visit)
{
	session_release(&visit->session);
	if (visit->zone != NULL)
		g_time_zone_unref(visit->zone);
	g_free(visit->session_token);
	g_free(visit->browser_token);
	g_free(visit->form_secret);
	g_free(visit->form_token);
	g_free(visit->reason);
}

/* What holds for every answer of the desk. */
static void
finish(struct exchange *exchange)
{
	struct response *response = exchange->response;
	const struct desk_visit *visit = desk_visit_of(exchange);

	if (response->content_security_policy == NULL)
		response->content_security_policy = POLICY;
	/* Also where a page is a preview, which looks like one for readers. */
	response_add_header(response, "X-Robots-Tag", "noindex");
	/* A form of another site comes without our cookies: a new secret would
	 * be the end of the forms that are open in that browser. */
	if (visit->is_new_secret && response->cache == CACHE_NEVER &&
	    desk_comes_from_here(exchange))
		desk_set_form_secret(exchange);
}

void
desk_release(struct desk_application *application)
{
	writer_free(application->writer);
	application->writer = NULL;
	media_store_free(application->media_store);
	application->media_store = NULL;
	g_clear_pointer(&application->preview_policy, g_free);
}

void
desk_respond(void *data, const struct request *request, int http_status,
    const char *reason, struct response *response)
{
	struct desk_visit visit = { .application = data };
	struct exchange exchange = {
		.request = request, .response = response, .application = &visit
	};

	response->cache = CACHE_NEVER;
	desk_read_cookies(&exchange);
	if (http_status == 0)
		http_status = answer_request(&exchange);
	if (http_status != 0)
		show_error(&exchange, http_status, reason);
	finish(&exchange);
	exchange_release(&exchange);
	visit_release(&visit);
}
