/*
 * desk_session.c - signing in and out.
 */
#include "config.h"

#include "base/logger.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/sign_in.h"
#include "model/site.h"

#include "desk_handler.h"

/* Show the form, with what was typed and what is wrong with it. */
static enum status
show_form(struct exchange *exchange, const char *email, const char *to,
    const char *problem)
{
	const struct desk_view view = desk_view_of(exchange);
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_EMAIL,
		    .name = "email",
		    .value = email,
		    .autocomplete = "username",
		    .max_length = 254,
		    .is_required = true,
		    .is_first = true },
		{ .kind = DESK_FIELD_PASSWORD,
		    .name = "password",
		    .autocomplete = "current-password",
		    .max_length = 1024,
		    .is_required = true },
		{ .kind = DESK_FIELD_CODE,
		    .name = "code",
		    .hint = "Only if you have turned on codes: the six digits "
			    "your app shows, or a recovery code.",
		    .autocomplete = "one-time-code",
		    .max_length = 40 },
		{ .kind = DESK_FIELD_HIDDEN, .name = "to", .value = to },
	};
	const struct desk_form form = {
		.title = "Sign in",
		.problem = problem,
		.action = "/desk/session",
		.button = "Sign in",
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields),
		.note = "Lost your password? Whoever runs this blog can make a "
			"link for a new one: byline author reset.",
	};

	return desk_view_form(&view, &form, exchange->response->body);
}

/* Where to go once signed in. */
static const char *
target_of(const char *to)
{
	return desk_is_own_path(to) ? to : "/desk";
}

enum status
show_sign_in(struct exchange *exchange)
{
	const char *to = desk_query(exchange, "to");
	bool is_there;
	enum status status;

	if (desk_session_of(exchange)->id != 0) {
		desk_go_to(exchange, target_of(to), NULL);
		return STATUS_OK;
	}
	status = account_is_there(desk_database_of(exchange), &is_there);
	if (status != STATUS_OK)
		return status;
	if (!is_there) {
		desk_go_to(exchange, "/desk/setup", NULL);
		return STATUS_OK;
	}
	return show_form(exchange, "", to, NULL);
}

static enum status
say_too_often(struct exchange *exchange, const char *email, int64_t wait_until)
{
	g_autofree char *wait = desk_answer_too_often(exchange, wait_until);
	g_autofree char *problem = g_strdup_printf(
	    "There were too many tries. Please try again in %s. A browser in "
	    "which you have signed in before need not wait for the tries of "
	    "others.",
	    wait);

	return show_form(exchange, email, desk_field(exchange, "to"), problem);
}

/* The session that the visitor had before is not to be used by whoever has its
 * cookie. */
static void
end_former(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const struct session *former = desk_session_of(exchange);

	if (former->id == 0 ||
	    site_begin_write(site, exchange->request->now) != STATUS_OK)
		return;
	(void)!site_end_write(
	    site, session_end(site->database, former->id, former->author_id));
}

enum status
desk_renew_sessions(struct exchange *exchange, char **out_token)
{
	struct database *database = desk_database_of(exchange);
	const struct session *session = desk_session_of(exchange);
	enum status status =
	    session_end_others(database, session->author_id, 0);

	return status == STATUS_OK ? session_begin(database, session->author_id,
					 session->network, session->browser,
					 exchange->request->now, out_token)
				   : status;
}

enum status
desk_let_in(struct exchange *exchange, int64_t author_id,
    struct sign_in_result *out_result)
{
	struct sign_in_attempt attempt = { 0 };
	enum status status;

	desk_fill_attempt(exchange, &attempt);
	status = sign_in_begin(desk_site_of(exchange), author_id, &attempt,
	    exchange->request->now, out_result);
	desk_release_attempt(&attempt);
	return status;
}

void
desk_go_in(struct exchange *exchange, struct sign_in_result *result,
    const char *target, const char *said)
{
	end_former(exchange);
	desk_set_session(exchange, result->token);
	if (result->browser_token != NULL)
		desk_set_browser(exchange, result->browser_token);
	sign_in_result_release(result);
	desk_go_to(exchange, target, said);
}

/* Sign in and go on to `target`. `out_wait_until` is 0 where nobody has to
 * wait: STATUS_TOO_LARGE is a full disk then. */
static enum status
try(struct exchange *exchange, struct sign_in_attempt *attempt,
    const char *target, int64_t *out_wait_until)
{
	struct sign_in_result result = { 0 };
	enum status status;

	desk_fill_attempt(exchange, attempt);
	status = sign_in(
	    desk_site_of(exchange), attempt, exchange->request->now, &result);
	desk_release_attempt(attempt);
	*out_wait_until = result.wait_until;
	if (status != STATUS_OK)
		return status;
	desk_go_in(exchange, &result, target, NULL);
	return STATUS_OK;
}

enum status
begin_session(struct exchange *exchange)
{
	const char *email = desk_field(exchange, "email");
	const char *to = desk_field(exchange, "to");
	struct sign_in_attempt attempt = {
		.email = email,
		.password = desk_field(exchange, "password"),
		.code = desk_field(exchange, "code"),
	};
	int64_t wait_until;
	enum status status =
	    try(exchange, &attempt, target_of(to), &wait_until);

	if (status == STATUS_TOO_LARGE && wait_until != 0)
		return say_too_often(exchange, email, wait_until);
	if (status != STATUS_FORBIDDEN)
		return status;
	exchange->response->status = 403;
	return show_form(exchange, email, to,
	    "That did not match. Please check address, password and code.");
}

enum status
end_session(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const struct session *session = desk_session_of(exchange);
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = session_end(site->database, session->id, session->author_id);
	status = site_end_write(
	    site, status == STATUS_NOT_FOUND ? STATUS_OK : status);
	if (status != STATUS_OK)
		return status;
	log_info("sign_out", "account", session->handle);
	desk_set_session(exchange, NULL);
	desk_go_to(exchange, "/desk/session", "signed-out");
	return STATUS_OK;
}
