/*
 * desk_confirm.c - whoever is signed in shows once more who they are, by the
 * password, before what lets somebody in is changed.
 *
 * What must hold: hashing takes seconds, and who was signed out meanwhile, or
 * whose password was set anew, changes nothing any more.
 */
#include "config.h"

#include "base/logger.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/sign_in.h"
#include "model/site.h"

#include "desk_handler.h"

enum status
desk_confirm_password(
    struct exchange *exchange, char **out_hash, char **out_words)
{
	struct sign_in_attempt attempt = { 0 };
	int64_t wait_until = 0;
	g_autofree char *wait = NULL;
	enum status status;

	desk_fill_attempt(exchange, &attempt);
	status = sign_in_confirm(desk_site_of(exchange),
	    desk_session_of(exchange)->author_id,
	    desk_field(exchange, "password"), &attempt, exchange->request->now,
	    out_hash, &wait_until);
	desk_release_attempt(&attempt);
	if (status == STATUS_TOO_LARGE && wait_until != 0) {
		wait = desk_answer_too_often(exchange, wait_until);
		*out_words = g_strdup_printf(
		    "There were too many tries. Please try again in %s.", wait);
	} else if (status == STATUS_FORBIDDEN) {
		exchange->response->status = 422;
		*out_words = g_strdup("That is not your password.");
	}
	return status;
}

/*
 * Whether it is all as it was when the password was compared with
 * `compared_hash`: a thief's change that was under way while the owner reset
 * the password must not undo that. STATUS_CONFLICT, with words.
 */
static enum status
look_again(struct exchange *exchange, const char *compared_hash)
{
	struct database *database = desk_database_of(exchange);
	const char *token = desk_visit_of(exchange)->session_token;
	struct session session = { 0 };
	struct account account = { 0 };
	enum status status =
	    session_find(database, token, exchange->request->now, &session);

	if (status == STATUS_OK)
		status = account_read(database, session.author_id, &account);
	if (status == STATUS_OK &&
	    g_strcmp0(account.password_hash, compared_hash) != 0)
		status = STATUS_NOT_FOUND;
	account_release(&account);
	session_release(&session);
	if (status != STATUS_NOT_FOUND)
		return status;
	return desk_fail(exchange, STATUS_CONFLICT,
	    "Meanwhile you were signed out here, or the password was set anew. "
	    "Nothing was changed by this.");
}

enum status
desk_forget_other_browsers(struct exchange *exchange)
{
	return sign_in_forget_browsers(desk_site_of(exchange),
	    desk_session_of(exchange)->author_id,
	    desk_visit_of(exchange)->browser_token);
}

/* Sessions and browsers that are known from before are as good as strangers',
 * but for this one, whose session goes on as `out_token`. */
static enum status
start_afresh(struct exchange *exchange, char **out_token)
{
	enum status status = desk_renew_sessions(exchange, out_token);

	return status == STATUS_OK ? desk_forget_other_browsers(exchange)
				   : status;
}

enum status
desk_change_access(struct exchange *exchange, const char *compared_hash,
    enum status (*change)(struct exchange *exchange, void *data), void *data,
    const char *event)
{
	struct site *site = desk_site_of(exchange);
	g_autofree char *token = NULL;
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = look_again(exchange, compared_hash);
	if (status == STATUS_OK)
		status = change(exchange, data);
	if (status == STATUS_OK)
		status = start_afresh(exchange, &token);
	status = site_end_write(site, status);
	if (status != STATUS_OK)
		return status;
	log_info(event, "account", desk_session_of(exchange)->handle);
	desk_set_session(exchange, token);
	return STATUS_OK;
}
