/*
 * desk_cookie.c - the three cookies of the desk.
 *
 * "session" is who is signed in; "browser" is by what one is known that was
 * signed in to before, so that strangers who guess passwords do not keep its
 * owner out; "form" is the secret that the token of every form is made of. That
 * one outlives sessions: a form that was open when a session ended can be sent
 * once its author has signed in again.
 */
#include "config.h"

#include <string.h>

#include "base/date.h"
#include "base/settings.h"
#include "base/token.h"
#include "http/client_address.h"
#include "http/cookie.h"
#include "http/request.h"
#include "http/response_cookie.h"
#include "http/user_agent.h"
#include "model/sign_in.h"
#include "model/site.h"

#include "desk_handler.h"

#define SESSION_COOKIE "byline_session"
#define BROWSER_COOKIE "byline_browser"
#define FORM_COOKIE    "byline_form"

#define BROWSER_SECONDS   (400 * DAY_SECONDS)
#define FORM_TOKEN_DIGITS 32

/* The token in the cookie called `name`; NULL when there is none that could be
 * ours. */
static char *
read_token(const struct exchange *exchange, const char *name)
{
	g_autofree char *value = cookie_find(exchange->request->cookies, name,
	    desk_visit_of(exchange)->is_secure);

	if (value == NULL || strlen(value) != TOKEN_LENGTH)
		return NULL;
	return g_steal_pointer(&value);
}

static char *
make_form_token(const char *secret)
{
	g_autofree char *marked = g_strconcat("form ", secret, NULL);

	return token_content_hash(marked, strlen(marked), FORM_TOKEN_DIGITS);
}

void
desk_read_cookies(struct exchange *exchange)
{
	struct desk_visit *visit = desk_visit_of(exchange);

	visit->is_secure = visit->application->site->settings.is_https ||
			   exchange->request->is_https;
	visit->session_token = read_token(exchange, SESSION_COOKIE);
	visit->browser_token = read_token(exchange, BROWSER_COOKIE);
	visit->form_secret = read_token(exchange, FORM_COOKIE);
	visit->is_new_secret = visit->form_secret == NULL;
	if (visit->is_new_secret)
		visit->form_secret = token_new();
	visit->form_token = make_form_token(visit->form_secret);
}

static void
set(struct exchange *exchange, const char *name, const char *value,
    int64_t seconds)
{
	enum status status = response_set_cookie(exchange->response, name,
	    value, seconds, desk_visit_of(exchange)->is_secure);

	/* Names and tokens are ours. */
	g_assert(status == STATUS_OK);
}

void
desk_set_session(struct exchange *exchange, const char *token)
{
	if (token != NULL)
		set(exchange, SESSION_COOKIE, token, SESSION_SECONDS);
	else
		set(exchange, SESSION_COOKIE, "", 0);
}

void
desk_set_browser(struct exchange *exchange, const char *token)
{
	set(exchange, BROWSER_COOKIE, token, BROWSER_SECONDS);
}

void
desk_set_form_secret(struct exchange *exchange)
{
	set(exchange, FORM_COOKIE, desk_visit_of(exchange)->form_secret,
	    BROWSER_SECONDS);
}

void
desk_fill_attempt(
    const struct exchange *exchange, struct sign_in_attempt *attempt)
{
	const struct request *request = exchange->request;

	attempt->address = client_address_scope(request->remote_address);
	attempt->network = client_address_truncate(request->remote_address);
	attempt->browser = user_agent_name(request->user_agent);
	attempt->browser_token = desk_visit_of(exchange)->browser_token;
	if (attempt->network == NULL)
		attempt->network = g_strdup("unknown");
}

void
desk_release_attempt(struct sign_in_attempt *attempt)
{
	g_free((char *)attempt->address);
	g_free((char *)attempt->network);
}
