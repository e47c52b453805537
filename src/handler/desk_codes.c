/*
 * desk_codes.c - one-time codes that signing in asks for, and the recovery
 * codes for the day that the telephone is lost.
 *
 * What must hold: as in desk_account.c. Recovery codes are shown once; what
 * stood there before them is worth nothing from then on.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/one_time_code.h"
#include "base/password_rules.h"
#include "base/qr_code.h"
#include "base/recovery_code.h"
#include "base/token.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/site.h"
#include "view/desk_account_view.h"

#include "desk_handler.h"

/* ---- turning them on ---- */

/* The form to turn codes on: again with the same secret, which the app has by
 * then. */
static enum status
show_secret(struct exchange *exchange, const char *secret,
    const char *code_problem, const char *password_problem)
{
	const struct desk_view view = desk_view_of(exchange);
	g_autofree char *address = one_time_code_make_address(
	    secret, view.blog->site_name, desk_session_of(exchange)->name);
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_CODE,
		    .name = "code",
		    .problem = code_problem,
		    .autocomplete = "one-time-code",
		    .max_length = 20,
		    .is_required = true,
		    .is_first = true },
		{ .kind = DESK_FIELD_PASSWORD,
		    .name = "password",
		    .label = "Your password",
		    .problem = password_problem,
		    .autocomplete = "current-password",
		    .max_length = PASSWORD_MAX_SIZE,
		    .is_required = true },
	};
	struct qr_code qr_code;
	struct desk_codes_page page = { .secret = secret,
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields) };
	enum status status = qr_code_init(&qr_code, address);

	if (status != STATUS_OK)
		return status;
	page.qr_path = qr_code.path;
	page.qr_size = qr_code.size;
	status = desk_view_codes(&view, &page, exchange->response->body);
	qr_code_release(&qr_code);
	return status;
}

enum status
show_codes(struct exchange *exchange)
{
	g_autofree char *secret = one_time_code_new_secret();

	return show_secret(exchange, secret, NULL, NULL);
}

/* Add the hashes of `codes`. In a write transaction. */
static enum status
store_recovery_codes(struct exchange *exchange, char **codes)
{
	int64_t id = desk_session_of(exchange)->author_id;
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && codes[i] != NULL; i++) {
		g_autofree char *code = recovery_code_normalize(codes[i]);
		g_autofree char *hash = token_hash(code);

		status = account_add_recovery_code(
		    desk_database_of(exchange), id, hash);
	}
	return status;
}

/* Codes for signing in that are asked for from now on. */
struct codes_change {
	const char *secret;
	int64_t step; /* of the code that was typed */
	char **recovery_codes;
};

static enum status
store_codes(struct exchange *exchange, void *data)
{
	const struct codes_change *change = data;
	struct database *database = desk_database_of(exchange);
	int64_t id = desk_session_of(exchange)->author_id;
	enum status status =
	    account_set_code_secret(database, id, change->secret);

	/* The code that was typed here signs nobody in any more. */
	if (status == STATUS_OK)
		status = account_use_code(database, id, change->step);
	return status == STATUS_OK
		   ? store_recovery_codes(exchange, change->recovery_codes)
		   : status;
}

static enum status
show_recovery_codes(struct exchange *exchange, char **codes)
{
	const struct desk_view view = desk_view_of(exchange);

	return desk_view_recovery_codes(&view, codes, exchange->response->body);
}

static enum status
turn_on(struct exchange *exchange, const char *compared_hash,
    const char *secret, int64_t step)
{
	g_auto(GStrv) codes = recovery_code_new_set();
	struct codes_change change = { secret, step, codes };
	enum status status = desk_change_access(
	    exchange, compared_hash, store_codes, &change, "account.codes_on");

	return status == STATUS_OK ? show_recovery_codes(exchange, codes)
				   : status;
}

enum status
begin_codes(struct exchange *exchange)
{
	const char *secret = desk_field(exchange, "secret");
	g_autofree char *compared_hash = NULL;
	g_autofree char *words = NULL;
	int64_t step;
	enum status status;

	if (strlen(secret) != ONE_TIME_CODE_SECRET_LENGTH)
		return desk_fail(exchange, STATUS_INVALID,
		    "That form is not whole. Please begin again from your "
		    "account.");
	if (one_time_code_check(secret, desk_field(exchange, "code"),
		exchange->request->now, &step) != STATUS_OK) {
		exchange->response->status = 422;
		return show_secret(exchange, secret,
		    "That is not what the app shows now. Is the clock of your "
		    "telephone right?",
		    NULL);
	}
	status = desk_confirm_password(exchange, &compared_hash, &words);
	if (words != NULL)
		return show_secret(exchange, secret, NULL, words);
	return status == STATUS_OK
		   ? turn_on(exchange, compared_hash, secret, step)
		   : status;
}

/* ---- what the password alone does ---- */

/* A form of the page of the account that asks for the password and no more: by
 * itself, with what is wrong with that. */
struct password_form {
	const char *action, *button;
	const char *way_back; /* what the link to the account says */
	enum status (*act)(
	    struct exchange *exchange, const char *compared_hash);
};

static enum status
show_password_form(struct exchange *exchange,
    const struct password_form *password, const char *problem)
{
	const struct desk_view view = desk_view_of(exchange);
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_PASSWORD,
		    .name = "password",
		    .label = "Your password",
		    .problem = problem,
		    .autocomplete = "current-password",
		    .max_length = PASSWORD_MAX_SIZE,
		    .is_required = true,
		    .is_first = true },
	};
	const struct desk_form form = {
		.title = password->button,
		.action = password->action,
		.button = password->button,
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields),
		.link_path = "/desk/account",
		.link_text = password->way_back,
	};

	return desk_view_form(&view, &form, exchange->response->body);
}

static enum status
take_password_form(struct exchange *exchange, const struct password_form *form)
{
	g_autofree char *compared_hash = NULL;
	g_autofree char *words = NULL;
	enum status status =
	    desk_confirm_password(exchange, &compared_hash, &words);

	if (words != NULL)
		return show_password_form(exchange, form, words);
	return status == STATUS_OK ? form->act(exchange, compared_hash)
				   : status;
}

/* Put recovery codes in the place of those there were. */
static enum status
replace_recovery_codes(struct exchange *exchange, void *data)
{
	char **codes = data;
	struct database *database = desk_database_of(exchange);
	int64_t id = desk_session_of(exchange)->author_id;
	struct account account = { 0 };
	enum status status = account_read(database, id, &account);
	bool is_on = account.code_secret != NULL;

	account_release(&account);
	if (status != STATUS_OK)
		return status;
	if (!is_on)
		return desk_fail(exchange, STATUS_CONFLICT,
		    "Signing in asks for no codes any more. Turn them on "
		    "again, and there are new recovery codes.");
	status = account_forget_recovery_codes(database, id);
	return status == STATUS_OK ? store_recovery_codes(exchange, codes)
				   : status;
}

static enum status
renew(struct exchange *exchange, const char *compared_hash)
{
	g_auto(GStrv) codes = recovery_code_new_set();
	enum status status = desk_change_access(exchange, compared_hash,
	    replace_recovery_codes, codes, "account.recovery_codes");

	return status == STATUS_OK ? show_recovery_codes(exchange, codes)
				   : status;
}

enum status
renew_recovery_codes(struct exchange *exchange)
{
	static const struct password_form form = { "/desk/account/codes/renew",
		"Make new recovery codes", "Keep those there are", renew };

	return take_password_form(exchange, &form);
}

static enum status
forget_codes(struct exchange *exchange, void *data)
{
	(void)data;
	return account_set_code_secret(desk_database_of(exchange),
	    desk_session_of(exchange)->author_id, NULL);
}

static enum status
turn_off(struct exchange *exchange, const char *compared_hash)
{
	enum status status = desk_change_access(
	    exchange, compared_hash, forget_codes, NULL, "account.codes_off");

	if (status == STATUS_OK)
		desk_go_to(exchange, "/desk/account", "codes-off");
	return status;
}

enum status
end_codes(struct exchange *exchange)
{
	static const struct password_form form = { "/desk/account/codes/end",
		"Turn codes off", "Leave them on", turn_off };

	return take_password_form(exchange, &form);
}
