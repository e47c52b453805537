/*
 * desk_link.c - who comes by a link that lets in once: an author who lost the
 * password, and one who was invited.
 *
 * What must hold: looking at the page uses nothing up; a link works once, also
 * when two use it at the same time, and for what it was made for alone.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/password_rules.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/author.h"
#include "model/one_time_link.h"
#include "model/sign_in.h"
#include "model/site.h"

#include "desk_handler.h"

/* What was typed, and what is wrong with it. */
struct entrance {
	struct one_time_link link;
	const char *token;
	const char *name;  /* of an invitation */
	const char *email; /* of an invitation */
	GError *name_problem, *email_problem, *password_problem;
};

static void
entrance_release(struct entrance *entrance)
{
	one_time_link_release(&entrance->link);
	g_clear_error(&entrance->name_problem);
	g_clear_error(&entrance->email_problem);
	g_clear_error(&entrance->password_problem);
}

static const char *
words_of(const GError *error)
{
	return error != NULL ? error->message : NULL;
}

static enum status
refuse(struct exchange *exchange)
{
	return desk_fail(exchange, STATUS_NOT_FOUND,
	    "This link has been used, or its seven days are over. Whoever gave "
	    "it to you can make a new one.");
}

/* Find what `token` leads to. In a transaction. */
static enum status
find(struct exchange *exchange, enum link_purpose purpose, const char *token,
    struct one_time_link *out_link)
{
	enum status status = one_time_link_find(desk_database_of(exchange),
	    purpose, token, exchange->request->now, out_link);

	return status == STATUS_NOT_FOUND ? refuse(exchange) : status;
}

/* ---- the two forms ---- */

static enum status
show_reset_form(struct exchange *exchange, const struct entrance *entrance)
{
	const struct desk_view view = desk_view_of(exchange);
	struct desk_field fields[] = {
		desk_password_field("password", "New password",
		    words_of(entrance->password_problem)),
		{ .kind = DESK_FIELD_HIDDEN,
		    .name = "token",
		    .value = entrance->token },
	};
	const struct desk_form form = {
		.title = "A new password",
		.lead = "Once it is set, you are signed out wherever you were "
			"signed in.",
		.action = "/desk/reset",
		.button = "Set it",
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields),
	};

	fields[0].is_first = true;
	return desk_view_form(&view, &form, exchange->response->body);
}

static enum status
show_invitation_form(struct exchange *exchange, const struct entrance *entrance)
{
	const struct desk_view view = desk_view_of(exchange);
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_LINE,
		    .name = "name",
		    .label = "Your name",
		    .value = entrance->name,
		    .hint = "As readers will see it.",
		    .problem = words_of(entrance->name_problem),
		    .autocomplete = "name",
		    .max_length = 100,
		    .is_required = true,
		    .is_first = true },
		{ .kind = DESK_FIELD_EMAIL,
		    .name = "email",
		    .value = entrance->email,
		    .hint = "To sign in with. It is not shown to readers.",
		    .problem = words_of(entrance->email_problem),
		    .autocomplete = "username",
		    .max_length = 254,
		    .is_required = true },
		desk_password_field(
		    "password", NULL, words_of(entrance->password_problem)),
		{ .kind = DESK_FIELD_HIDDEN,
		    .name = "token",
		    .value = entrance->token },
	};
	const struct desk_form form = {
		.title = "Write here",
		.lead = "You are invited to write for this blog.",
		.action = "/desk/invitation",
		.button = "Begin",
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields),
	};

	return desk_view_form(&view, &form, exchange->response->body);
}

enum status
show_reset(struct exchange *exchange)
{
	struct entrance entrance = { .token = desk_query(exchange, "token") };
	enum status status =
	    find(exchange, LINK_PURPOSE_RESET, entrance.token, &entrance.link);

	if (status == STATUS_OK)
		status = show_reset_form(exchange, &entrance);
	entrance_release(&entrance);
	return status;
}

enum status
show_invitation(struct exchange *exchange)
{
	struct entrance entrance = { .token = desk_query(exchange, "token") };
	enum status status = find(
	    exchange, LINK_PURPOSE_INVITATION, entrance.token, &entrance.link);

	entrance.name = entrance.link.name;
	entrance.email = entrance.link.email;
	if (status == STATUS_OK)
		status = show_invitation_form(exchange, &entrance);
	entrance_release(&entrance);
	return status;
}

/* ---- what they do ---- */

/* Check the password and hash it. The caller frees `out_hash`. */
static enum status
hash_password(
    struct exchange *exchange, struct entrance *entrance, char **out_hash)
{
	const char *password = desk_field(exchange, "password");
	const struct password_owner owner = {
		.name = entrance->name,
		.email = entrance->email,
		.site_name = desk_site_of(exchange)->blog.site_name,
		.blog_title = desk_site_of(exchange)->blog.title,
	};

	if (password_rules_check(password, strlen(password), &owner,
		&entrance->password_problem) != STATUS_OK)
		return STATUS_INVALID;
	return sign_in_hash_password(
	    desk_site_of(exchange), password, out_hash);
}

/* Look at the link outside of the transaction that uses it: hashing takes most
 * of a second. */
static enum status
look_at(struct exchange *exchange, enum link_purpose purpose,
    struct entrance *entrance)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = find(exchange, purpose, entrance->token, &entrance->link);
	site_end_read(site);
	return status;
}

/* Use the link up. In a write transaction. */
static enum status
use(struct exchange *exchange, enum link_purpose purpose,
    const struct entrance *entrance)
{
	struct one_time_link link = { 0 };
	enum status status = find(exchange, purpose, entrance->token, &link);

	if (status == STATUS_OK)
		status = one_time_link_use(
		    desk_database_of(exchange), link.token_hash);
	one_time_link_release(&link);
	return status;
}

/* Whoever has the link need not wait for strangers who guess. */
static enum status
store_reset(struct exchange *exchange, const struct entrance *entrance,
    const char *hash)
{
	struct site *site = desk_site_of(exchange);
	const char *browser_token = desk_visit_of(exchange)->browser_token;
	int64_t id = entrance->link.author_id;
	int64_t now = exchange->request->now;
	struct account account = { 0 };
	g_autofree char *browser = NULL;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = use(exchange, LINK_PURPOSE_RESET, entrance);
	if (status == STATUS_OK)
		status = account_read(site->database, id, &account);
	if (status == STATUS_OK)
		status = account_set_password(site->database, id, hash, now);
	if (status == STATUS_OK)
		status = session_end_others(site->database, id, 0);
	if (status == STATUS_OK)
		status = sign_in_forget_browsers(site, id, browser_token);
	if (status == STATUS_OK)
		status = sign_in_know_browser(
		    site, id, browser_token, now, &browser);
	status = site_end_write(site, status);
	if (status == STATUS_OK) {
		log_info("account.password_reset", "account", account.handle);
		if (browser != NULL)
			desk_set_browser(exchange, browser);
	}
	account_release(&account);
	return status;
}

enum status
reset_password(struct exchange *exchange)
{
	struct entrance entrance = { .token = desk_field(exchange, "token") };
	g_autofree char *hash = NULL;
	enum status status = look_at(exchange, LINK_PURPOSE_RESET, &entrance);

	if (status == STATUS_OK)
		status = hash_password(exchange, &entrance, &hash);
	if (status == STATUS_OK)
		status = store_reset(exchange, &entrance, hash);
	if (status == STATUS_OK) {
		desk_go_to(exchange, "/desk/session", "password-changed");
	} else if (status == STATUS_INVALID) {
		exchange->response->status = 422;
		status = show_reset_form(exchange, &entrance);
	}
	entrance_release(&entrance);
	return status;
}

/* Who is there already and has no account gets one; the role is theirs. */
static enum status
take_over(
    struct exchange *exchange, struct entrance *entrance, const char *hash)
{
	struct database *database = desk_database_of(exchange);
	int64_t id = entrance->link.author_id;
	int64_t now = exchange->request->now;
	const struct author_draft draft = { .name = entrance->name,
		.email = entrance->email };
	enum status status = desk_check_invited(exchange, id);

	if (status == STATUS_CONFLICT)
		return refuse(exchange);
	if (status == STATUS_OK)
		status = author_update_id(
		    database, id, &draft, now, &entrance->email_problem);
	if (status == STATUS_OK)
		status = account_set_password(database, id, hash, now);
	return status;
}

/* The author and their first session. */
static enum status
store_author(struct exchange *exchange, struct entrance *entrance,
    const char *hash, struct sign_in_result *result)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	const struct author_draft draft = {
		.name = entrance->name,
		.email = entrance->email,
		.role = entrance->link.role,
		.password_hash = hash,
	};
	int64_t id = entrance->link.author_id;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = use(exchange, LINK_PURPOSE_INVITATION, entrance);
	if (status == STATUS_OK && id != 0)
		status = take_over(exchange, entrance, hash);
	else if (status == STATUS_OK)
		status = author_add(
		    site->database, &draft, now, &id, &entrance->email_problem);
	if (status == STATUS_OK)
		status = desk_let_in(exchange, id, result);
	return site_end_write(site, status);
}

/* What is wrong with what was typed; the author is made for all else. */
static enum status
accept(struct exchange *exchange, struct entrance *entrance,
    struct sign_in_result *result)
{
	g_autofree char *email = author_normalize_email(entrance->email);
	g_autofree char *name = NULL;
	g_autofree char *hash = NULL;
	enum status status = author_clean_field(
	    AUTHOR_FIELD_NAME, entrance->name, &name, &entrance->name_problem);

	if (status != STATUS_OK)
		return status;
	if (email == NULL)
		return status_fail(&entrance->email_problem, STATUS_INVALID,
		    "That is no address like ada@example.org.");
	status = hash_password(exchange, entrance, &hash);
	return status == STATUS_OK
		   ? store_author(exchange, entrance, hash, result)
		   : status;
}

enum status
accept_invitation(struct exchange *exchange)
{
	struct entrance entrance = {
		.token = desk_field(exchange, "token"),
		.name = desk_field(exchange, "name"),
		.email = desk_field(exchange, "email"),
	};
	struct sign_in_result result = { 0 };
	enum status status =
	    look_at(exchange, LINK_PURPOSE_INVITATION, &entrance);

	if (status == STATUS_OK)
		status = accept(exchange, &entrance, &result);
	if (status == STATUS_OK) {
		log_info("account.invited", "role",
		    author_role_name(entrance.link.role));
		desk_go_in(exchange, &result, "/desk", "welcome");
	} else if (status == STATUS_INVALID || status == STATUS_CONFLICT) {
		exchange->response->status = 422;
		status = show_invitation_form(exchange, &entrance);
	}
	sign_in_result_release(&result);
	entrance_release(&entrance);
	return status;
}
