/*
 * desk_account.c - an author's own account: what readers see, what one signs in
 * with, and where one is signed in. Codes for signing in are in desk_codes.c.
 *
 * What must hold: nothing that lets somebody in is changed without the
 * password; once it is changed, every other session is over and this one has a
 * new token.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/password_rules.h"
#include "base/time_zone.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/author.h"
#include "model/sign_in.h"
#include "model/site.h"
#include "view/desk_account_view.h"

#include "desk_handler.h"
#include "desk_profile.h"

/* ---- the page ---- */

/* What was typed into the forms, and what is wrong with it. */
struct account_form {
	struct desk_profile_typed profile;
	const char *time_zone; /* NULL: what is stored */
	const char *time_zone_problem;
	const char *email; /* NULL: what is stored */
	const char *email_problem;
	const char *email_password_problem;
	const char *password_problem; /* with the old one */
	const char *new_password_problem;
};

/* What the page shows. */
struct account_page {
	struct desk_profile profile;
	struct account account;
	int64_t recovery_count;
	GPtrArray *sessions;
};

static void
account_page_release(struct account_page *page)
{
	desk_profile_release(&page->profile);
	account_release(&page->account);
	g_clear_pointer(&page->sessions, g_ptr_array_unref);
}

static struct desk_field
current_password_field(const char *label, const char *problem)
{
	return (struct desk_field){
		.kind = DESK_FIELD_PASSWORD,
		.name = "password",
		.label = label,
		.problem = problem,
		.autocomplete = "current-password",
		.max_length = PASSWORD_MAX_SIZE,
		.is_required = true,
	};
}

static enum status
view_page(struct exchange *exchange, const struct account_form *form,
    const struct account_page *page)
{
	const struct desk_view view = desk_view_of(exchange);
	const struct author *author = page->profile.author;
	g_autoptr(GPtrArray) zones = time_zone_list();
	g_autofree char *zone_hint = g_strdup_printf(
	    "Like Europe/Berlin, for what the desk shows you and asks you. "
	    "Empty: that of the blog, %s.",
	    view.blog->time_zone);
	struct desk_field profile[DESK_PROFILE_FIELDS + 1];
	struct desk_field email[] = {
		{ .kind = DESK_FIELD_EMAIL,
		    .name = "email",
		    .value = form->email != NULL ? form->email : author->email,
		    .hint = "To sign in with. It is not shown to readers.",
		    .problem = form->email_problem,
		    .autocomplete = "username",
		    .max_length = 254,
		    .is_required = true },
		current_password_field(
		    "Your password", form->email_password_problem),
	};
	const struct desk_field password[] = {
		current_password_field(
		    "The one you have", form->password_problem),
		desk_password_field(
		    "new_password", NULL, form->new_password_problem),
	};
	const struct desk_account_page shown = {
		.profile = { .action = "/desk/account",
		    .shown = page->profile.mark,
		    .fields = profile,
		    .field_count = G_N_ELEMENTS(profile),
		    .images = page->profile.images },
		.email_fields = email,
		.email_field_count = G_N_ELEMENTS(email),
		.password_fields = password,
		.password_field_count = G_N_ELEMENTS(password),
		.zones = zones,
		.has_codes = page->account.code_secret != NULL,
		.recovery_code_count = page->recovery_count,
		.sessions = page->sessions,
		.problem = form->profile.problems.all,
	};

	email[1].id = "email-password";
	memcpy(profile, page->profile.fields, sizeof(page->profile.fields));
	profile[DESK_PROFILE_FIELDS] = (struct desk_field){
		.kind = DESK_FIELD_LINE,
		.name = "time_zone",
		.label = "Your time zone",
		.value = form->time_zone != NULL ? form->time_zone
						 : author->time_zone,
		.hint = zone_hint,
		.problem = form->time_zone_problem,
		.list = "zones",
		.max_length = 64,
	};
	return desk_view_account(&view, &shown, exchange->response->body);
}

/* Show the page, with what was typed into `form`. In a transaction. */
static enum status
show_form(struct exchange *exchange, const struct account_form *form)
{
	struct database *database = desk_database_of(exchange);
	int64_t id = desk_session_of(exchange)->author_id;
	struct account_page page = { 0 };
	enum status status = desk_profile_init(
	    &page.profile, exchange, id, &form->profile, true);

	if (status == STATUS_OK)
		status = account_read(database, id, &page.account);
	if (status == STATUS_OK)
		status = account_count_recovery_codes(
		    database, id, &page.recovery_count);
	if (status == STATUS_OK)
		status = session_list(
		    database, id, exchange->request->now, &page.sessions);
	if (status == STATUS_OK)
		status = view_page(exchange, form, &page);
	account_page_release(&page);
	return status;
}

enum status
show_account(struct exchange *exchange)
{
	return show_form(exchange, &(struct account_form){ 0 });
}

/* The page again, after a POST, with what is wrong. */
static enum status
show_again(
    struct exchange *exchange, const struct account_form *form, int http_status)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	exchange->response->status = http_status;
	status = show_form(exchange, form);
	site_end_read(site);
	return status;
}

/* ---- what readers see ---- */

/* In a write transaction. */
static enum status
store_profile(struct exchange *exchange, struct account_form *form)
{
	struct database *database = desk_database_of(exchange);
	int64_t id = desk_session_of(exchange)->author_id;
	enum status status =
	    author_edit_update(database, id, &form->profile.wish,
		exchange->request->now, &form->profile.problems);

	if (status != STATUS_OK || form->time_zone == NULL)
		return status;
	status = author_set_time_zone(database, id, form->time_zone);
	if (status == STATUS_INVALID)
		form->time_zone_problem =
		    "There is no zone of that name here. They are called like "
		    "Europe/Berlin or UTC.";
	return status;
}

enum status
update_profile(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	struct account_form form = {
		.time_zone = form_value(exchange->request->fields, "time_zone"),
	};
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	desk_profile_read(exchange, &form.profile);
	status = site_end_write(site, store_profile(exchange, &form));
	if (status == STATUS_OK)
		desk_go_to(exchange, "/desk/account", "saved");
	else if (form.profile.problems.is_stale)
		status = show_again(exchange, &form, 409);
	else if (status == STATUS_INVALID)
		status = show_again(exchange, &form, 422);
	author_problems_release(&form.profile.problems);
	return status;
}

/* ---- the address of mail, which one signs in with ---- */

/* An address to sign in with, and what is wrong with it. */
struct email_change {
	const char *email;
	GError *error;
};

static enum status
store_email(struct exchange *exchange, void *data)
{
	struct email_change *change = data;
	const struct author_draft draft = { .email = change->email };

	return author_update_id(desk_database_of(exchange),
	    desk_session_of(exchange)->author_id, &draft,
	    exchange->request->now, &change->error);
}

static enum status
set_email(struct exchange *exchange, const char *compared_hash,
    struct account_form *form)
{
	struct email_change change = { .email = form->email };
	enum status status = desk_change_access(exchange, compared_hash,
	    store_email, &change, "account.email_changed");

	if (status == STATUS_CONFLICT && change.error != NULL) {
		form->email_problem = change.error->message;
		status = show_again(exchange, form, 422);
	} else if (status == STATUS_OK) {
		desk_go_to(exchange, "/desk/account", "email-changed");
	}
	g_clear_error(&change.error);
	return status;
}

enum status
change_email(struct exchange *exchange)
{
	struct account_form form = { .email = desk_field(exchange, "email") };
	g_autofree char *email = author_normalize_email(form.email);
	g_autofree char *compared_hash = NULL;
	g_autofree char *words = NULL;
	enum status status;

	if (email == NULL) {
		form.email_problem = "That is no address like ada@example.org.";
		return show_again(exchange, &form, 422);
	}
	status = desk_confirm_password(exchange, &compared_hash, &words);
	if (words != NULL) {
		form.email_password_problem = words;
		return show_again(exchange, &form, exchange->response->status);
	}
	return status == STATUS_OK ? set_email(exchange, compared_hash, &form)
				   : status;
}

/* ---- the password ---- */

static enum status
store_password(struct exchange *exchange, void *data)
{
	const char *hash = data;

	return account_set_password(desk_database_of(exchange),
	    desk_session_of(exchange)->author_id, hash, exchange->request->now);
}

static enum status
set_password(struct exchange *exchange, const char *compared_hash, char *hash)
{
	enum status status = desk_change_access(exchange, compared_hash,
	    store_password, hash, "account.password_changed");

	if (status == STATUS_OK)
		desk_go_to(exchange, "/desk/account", "password-changed");
	return status;
}

enum status
change_password(struct exchange *exchange)
{
	const char *password = desk_field(exchange, "new_password");
	const struct blog *blog = &desk_site_of(exchange)->blog;
	const struct password_owner owner = {
		.name = desk_session_of(exchange)->name,
		.site_name = blog->site_name,
		.blog_title = blog->title,
	};
	g_autoptr(GError) error = NULL;
	g_autofree char *compared_hash = NULL;
	g_autofree char *hash = NULL;
	g_autofree char *words = NULL;
	struct account_form form = { 0 };
	enum status status;

	if (password_rules_check(password, strlen(password), &owner, &error) !=
	    STATUS_OK) {
		form.new_password_problem = error->message;
		return show_again(exchange, &form, 422);
	}
	status = desk_confirm_password(exchange, &compared_hash, &words);
	if (words != NULL) {
		form.password_problem = words;
		return show_again(exchange, &form, exchange->response->status);
	}
	if (status == STATUS_OK)
		status = sign_in_hash_password(
		    desk_site_of(exchange), password, &hash);
	return status == STATUS_OK ? set_password(exchange, compared_hash, hash)
				   : status;
}

/* ---- sessions ---- */

enum status
end_one_session(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	int64_t id = desk_number(exchange->values[0]);
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status =
	    site_end_write(site, session_end(site->database, id,
				     desk_session_of(exchange)->author_id));
	if (status == STATUS_OK)
		desk_go_to(exchange, "/desk/account", "session-ended");
	return status;
}

enum status
end_other_sessions(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const struct session *session = desk_session_of(exchange);
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status =
	    session_end_others(site->database, session->author_id, session->id);
	if (status == STATUS_OK)
		status = desk_forget_other_browsers(exchange);
	status = site_end_write(site, status);
	if (status == STATUS_OK)
		desk_go_to(exchange, "/desk/account", "sessions-ended");
	return status;
}
