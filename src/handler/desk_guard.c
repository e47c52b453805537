/*
 * desk_guard.c - who is let in, and which requests are meant.
 *
 * A request that changes something must come from a page of this desk in this
 * browser. Browsers say where a request comes from (Sec-Fetch-Site, else
 * Origin): what says "from elsewhere" is refused. And each form carries a token
 * made of a cookie that no other site can read or set: what lacks it is refused
 * too, whatever the headers say.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "base/token.h"
#include "http/client_address.h"
#include "http/request.h"
#include "model/site.h"

#include "desk_handler.h"

/* Names under which a machine speaks to itself. */
static const char *const LOOPBACK[] = { "127.0.0.1", "localhost", "[::1]" };

/* The size of the host of "host:port". */
static size_t
host_size(const char *authority)
{
	const char *end = authority[0] == '[' ? strchr(authority, ']') : NULL;

	return end != NULL ? (size_t)(end + 1 - authority)
			   : strcspn(authority, ":");
}

/* Nothing, or ":8080". */
static bool
is_port(const char *text)
{
	return *text == '\0' ||
	       (*text == ':' && g_ascii_isdigit(text[1]) &&
		   text[1 + strspn(text + 1, "0123456789")] == '\0');
}

static bool
is_host(const char *authority, const char *host, size_t size)
{
	return host_size(authority) == size &&
	       g_ascii_strncasecmp(authority, host, size) == 0 &&
	       is_port(authority + size);
}

static bool
is_loopback(const char *authority)
{
	for (size_t i = 0; i < G_N_ELEMENTS(LOOPBACK); i++)
		if (is_host(authority, LOOPBACK[i], strlen(LOOPBACK[i])))
			return true;
	return false;
}

/* Whether two authorities are of one host: ports are not compared, since some
 * web servers leave them out. */
static bool
is_same_host(const char *one, const char *other)
{
	return is_host(one, other, host_size(other)) ||
	       (is_loopback(one) && is_loopback(other));
}

static const char *
authority_of(const char *origin)
{
	const char *at = strstr(origin, "://");

	return at != NULL ? at + strlen("://") : "";
}

bool
desk_is_loopback(const struct exchange *exchange)
{
	return is_loopback(
	    authority_of(desk_site_of(exchange)->settings.origin));
}

enum status
desk_check_host(const struct exchange *exchange)
{
	const char *host = exchange->request->host;
	const char *own = authority_of(desk_site_of(exchange)->settings.origin);

	/* Who sends none (HTTP/1.0, a script) does not send browsers astray. */
	if (!text_is_given(host) || is_same_host(host, own))
		return STATUS_OK;
	return STATUS_NOT_FOUND;
}

/* Whether `origin` is ours: by scheme and host, and by port, unless the machine
 * speaks to itself, where a port may have been forwarded. */
static bool
is_own_origin(const char *own, const char *origin)
{
	return g_ascii_strcasecmp(own, origin) == 0 ||
	       (is_loopback(authority_of(own)) &&
		   is_loopback(authority_of(origin)));
}

bool
desk_comes_from_here(const struct exchange *exchange)
{
	const struct request *request = exchange->request;

	if (request->method != HTTP_METHOD_POST)
		return true;
	if (text_is_given(request->fetch_site))
		return strcmp(request->fetch_site, "same-origin") == 0 ||
		       strcmp(request->fetch_site, "none") == 0;
	if (text_is_given(request->origin))
		return is_own_origin(
		    desk_site_of(exchange)->settings.origin, request->origin);
	return true;
}

/* The token of the form, or of what a script of ours sent. */
static bool
has_token(const struct exchange *exchange)
{
	const struct desk_visit *visit = desk_visit_of(exchange);
	const char *token = exchange->request->form_token;

	if (token == NULL)
		token = desk_field(exchange, "form_token");
	return !visit->is_new_secret &&
	       strlen(token) == strlen(visit->form_token) &&
	       token_is_equal(token, visit->form_token, strlen(token));
}

enum status
desk_check_origin(struct exchange *exchange)
{
	const struct request *request = exchange->request;
	const char *reason = NULL;
	g_autofree char *client = NULL;

	if (!desk_comes_from_here(exchange))
		reason = "another origin";
	else if (!has_token(exchange))
		reason = "no form token";
	if (reason == NULL)
		return STATUS_OK;
	client = client_address_truncate(request->remote_address);
	log_warning("desk.forged", "reason", reason, "client", client, "target",
	    request->target);
	/* The same for everybody, whatever was asked for. */
	return desk_fail(exchange, STATUS_FORBIDDEN,
	    "That did not come from a form that this desk made for this "
	    "browser, so nothing was changed. Please go back, load the page "
	    "again and send it from there.");
}

enum status
desk_find_session(struct exchange *exchange)
{
	struct desk_visit *visit = desk_visit_of(exchange);
	enum status status;

	if (visit->session_token == NULL)
		return STATUS_OK;
	status = session_find(desk_database_of(exchange), visit->session_token,
	    exchange->request->now, &visit->session);
	/* One that this machine does not know (any more) is as none. */
	if (status == STATUS_OK && visit->session.time_zone[0] != '\0')
		visit->zone = time_zone_new(visit->session.time_zone);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

bool
desk_passes(const struct exchange *exchange, enum desk_guard guard)
{
	const struct session *session = desk_session_of(exchange);

	switch (guard) {
	case DESK_GUARD_ANYBODY:
	case DESK_GUARD_FILE:
		return true;
	case DESK_GUARD_AUTHOR:
		return session->id != 0;
	case DESK_GUARD_EDITOR:
		return session->id != 0 && session->role <= AUTHOR_ROLE_EDITOR;
	case DESK_GUARD_OWNER:
		return session->id != 0 && session->role == AUTHOR_ROLE_OWNER;
	}
	return false;
}
