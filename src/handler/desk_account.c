/*
 * desk_account.c - an author's own account: what readers see, the password, and
 * where one is signed in. Codes for signing in are in desk_codes.c.
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
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/author.h"
#include "model/sign_in.h"
#include "model/site.h"
#include "view/desk_account_view.h"

#include "desk_handler.h"

/* ---- the page ---- */

/* What was typed into the two forms, and what is wrong with it. */
struct account_form {
	const char *name, *job_title, *biography, *website, *time_zone;
	const char *profile_problem, *time_zone_problem;
	const char *password_problem; /* with the old one */
	const char *new_password_problem;
};

/* How many fields there are for what one says of oneself. */
#define PROFILE_FIELD_COUNT 5

static void
fill_profile(const struct account_form *form, const char *zone_hint,
    struct desk_field *out_fields)
{
	const struct desk_field fields[PROFILE_FIELD_COUNT] = {
		{ .kind = DESK_FIELD_LINE,
		    .name = "name",
		    .value = form->name,
		    .autocomplete = "name",
		    .max_length = 100,
		    .is_required = true },
		{ .kind = DESK_FIELD_LINE,
		    .name = "job_title",
		    .value = form->job_title,
		    .hint = "Beside your name: Backend engineer.",
		    .max_length = 200 },
		{ .kind = DESK_FIELD_TEXT,
		    .name = "biography",
		    .value = form->biography,
		    .hint = "One paragraph.",
		    .max_length = 1000 },
		{ .kind = DESK_FIELD_URL,
		    .name = "website",
		    .value = form->website,
		    .autocomplete = "url",
		    .max_length = 200 },
		{ .kind = DESK_FIELD_LINE,
		    .name = "time_zone",
		    .label = "Your time zone",
		    .value = form->time_zone,
		    .hint = zone_hint,
		    .problem = form->time_zone_problem,
		    .list = "zones",
		    .max_length = 64 },
	};

	memcpy(out_fields, fields, sizeof(fields));
}

static enum status
view_page(struct exchange *exchange, const struct account_form *form,
    const struct account *account, int64_t recovery_count,
    const GPtrArray *sessions)
{
	const struct desk_view view = desk_view_of(exchange);
	g_autoptr(GPtrArray) zones = time_zone_list();
	g_autofree char *zone_hint = g_strdup_printf(
	    "Like Europe/Berlin, for what the desk shows you and asks you. "
	    "Empty: that of the blog, %s.",
	    view.blog->time_zone);
	struct desk_field profile[PROFILE_FIELD_COUNT];
	const struct desk_field password[] = {
		{ .kind = DESK_FIELD_PASSWORD,
		    .name = "password",
		    .label = "The one you have",
		    .problem = form->password_problem,
		    .autocomplete = "current-password",
		    .max_length = PASSWORD_MAX_SIZE,
		    .is_required = true },
		desk_password_field(
		    "new_password", NULL, form->new_password_problem),
	};
	const struct desk_account_page page = {
		.profile_fields = profile,
		.profile_field_count = G_N_ELEMENTS(profile),
		.password_fields = password,
		.password_field_count = G_N_ELEMENTS(password),
		.zones = zones,
		.has_codes = account->code_secret != NULL,
		.recovery_code_count = recovery_count,
		.sessions = sessions,
		.problem = form->profile_problem,
	};

	fill_profile(form, zone_hint, profile);
	return desk_view_account(&view, &page, exchange->response->body);
}

/* The author who is signed in. */
static enum status
read_author(struct exchange *exchange, struct author **out_author)
{
	return author_find(desk_database_of(exchange),
	    desk_session_of(exchange)->handle, out_author);
}

/* Fill in what is not in `form`, and show the page. In a transaction. */
static enum status
show_form(struct exchange *exchange, struct account_form form)
{
	struct database *database = desk_database_of(exchange);
	int64_t id = desk_session_of(exchange)->author_id;
	struct account account = { 0 };
	struct author *author = NULL;
	g_autoptr(GPtrArray) sessions = NULL;
	int64_t count = 0;
	enum status status = read_author(exchange, &author);

	if (status == STATUS_OK)
		status = account_read(database, id, &account);
	if (status == STATUS_OK)
		status = account_count_recovery_codes(database, id, &count);
	if (status == STATUS_OK)
		status = session_list(
		    database, id, exchange->request->now, &sessions);
	if (status == STATUS_OK && form.name == NULL) {
		form.name = author->name;
		form.job_title = author->job_title;
		form.biography = author->biography;
		form.website = author->website;
		form.time_zone = author->time_zone;
	}
	if (status == STATUS_OK)
		status = view_page(exchange, &form, &account, count, sessions);
	account_release(&account);
	author_free(author);
	return status;
}

enum status
show_account(struct exchange *exchange)
{
	return show_form(exchange, (struct account_form){ 0 });
}

/* The page again, after a POST, with what is wrong. */
static enum status
show_again(struct exchange *exchange, struct account_form form, int http_status)
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

enum status
update_profile(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const char *handle = desk_session_of(exchange)->handle;
	int64_t now = exchange->request->now;
	struct account_form form = {
		.name = desk_field(exchange, "name"),
		.job_title = desk_field(exchange, "job_title"),
		.biography = desk_field(exchange, "biography"),
		.website = desk_field(exchange, "website"),
		.time_zone = desk_field(exchange, "time_zone"),
	};
	const struct author_draft draft = {
		.name = form.name,
		.job_title = form.job_title,
		.biography = form.biography,
		.website = form.website,
	};
	g_autoptr(GError) error = NULL;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = author_update(site->database, handle, &draft, now, &error);
	if (status == STATUS_OK)
		status = author_set_time_zone(
		    site->database, handle, form.time_zone);
	status = site_end_write(site, status);
	if (status == STATUS_INVALID || status == STATUS_CONFLICT) {
		if (error != NULL)
			form.profile_problem = error->message;
		else
			form.time_zone_problem =
			    "There is no zone of that name here. They are "
			    "called like Europe/Berlin or UTC.";
		return show_again(exchange, form, 422);
	}
	if (status == STATUS_OK)
		desk_go_to(exchange, "/desk/account", "saved");
	return status;
}

/* ---- the password ---- */

static enum status
store_password(
    struct exchange *exchange, const char *compared_hash, const char *hash)
{
	struct site *site = desk_site_of(exchange);
	const struct session *session = desk_session_of(exchange);
	int64_t now = exchange->request->now;
	g_autofree char *token = NULL;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = desk_look_again(exchange, compared_hash);
	if (status == STATUS_OK)
		status = account_set_password(
		    site->database, session->author_id, hash, now);
	if (status == STATUS_OK)
		status = desk_start_afresh(exchange, &token);
	status = site_end_write(site, status);
	if (status != STATUS_OK)
		return status;
	log_info("account.password_changed", "account", session->handle);
	desk_set_session(exchange, token);
	desk_go_to(exchange, "/desk/account", "password-changed");
	return STATUS_OK;
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
		return show_again(exchange, form, 422);
	}
	status = desk_confirm_password(exchange, &compared_hash, &words);
	if (words != NULL) {
		form.password_problem = words;
		return show_again(exchange, form, exchange->response->status);
	}
	if (status == STATUS_OK)
		status = sign_in_hash_password(
		    desk_site_of(exchange), password, &hash);
	return status == STATUS_OK
		   ? store_password(exchange, compared_hash, hash)
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
