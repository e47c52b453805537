/*
 * desk_author.c - one author, for owners: what readers see of them, and an
 * account for who was imported and has none.
 *
 * What must hold: an invitation gives nobody's account away: it is made for,
 * and accepted by, an author who has none.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "http/request.h"
#include "http/response.h"
#include "model/author.h"
#include "model/one_time_link.h"
#include "model/site.h"

#include "desk_handler.h"
#include "desk_profile.h"

/* What was typed into the two forms, and what is wrong with it. */
struct author_form {
	struct desk_profile_typed profile;
	const char *email;
	const char *email_problem;
};

static int64_t
id_of(const struct exchange *exchange)
{
	return desk_number(exchange->values[0]);
}

static enum status
view_page(struct exchange *exchange, const struct author_form *form,
    const struct desk_profile *profile)
{
	const struct desk_view view = desk_view_of(exchange);
	const struct author *author = profile->author;
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_EMAIL,
		    .name = "email",
		    .value = form->email != NULL ? form->email : author->email,
		    .hint = "Nothing is sent there: you give them the link.",
		    .problem = form->email_problem,
		    .autocomplete = "off",
		    .max_length = 254 },
	};
	g_autofree char *action = g_strdup_printf(
	    "/desk/authors/%" G_GINT64_FORMAT "/profile", author->id);
	const struct desk_author_page page = {
		.author = author,
		.profile = { .action = action,
		    .shown = profile->mark,
		    .fields = profile->fields,
		    .field_count = G_N_ELEMENTS(profile->fields),
		    .images = profile->images },
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields),
		.problem = form->profile.problems.all,
	};

	return desk_view_author(&view, &page, exchange->response->body);
}

/* In a transaction. */
static enum status
show_form(struct exchange *exchange, const struct author_form *form)
{
	struct desk_profile profile = { 0 };
	enum status status = desk_profile_init(
	    &profile, exchange, id_of(exchange), &form->profile, false);

	if (status == STATUS_OK)
		status = view_page(exchange, form, &profile);
	desk_profile_release(&profile);
	return status;
}

enum status
show_author(struct exchange *exchange)
{
	return show_form(exchange, &(struct author_form){ 0 });
}

/* The page again, after a POST that was wrong: `code` of HTTP. */
static enum status
show_again(struct exchange *exchange, const struct author_form *form, int code)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	exchange->response->status = code;
	status = show_form(exchange, form);
	site_end_read(site);
	return status;
}

enum status
update_author_profile(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	g_autofree char *path =
	    g_strconcat("/desk/authors/", exchange->values[0], NULL);
	struct author_form form = { 0 };
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	desk_profile_read(exchange, &form.profile);
	status = site_end_write(
	    site, author_edit_update(site->database, id_of(exchange),
		      &form.profile.wish, exchange->request->now,
		      &form.profile.problems));
	if (form.profile.problems.is_stale) {
		status = show_again(exchange, &form, 409);
	} else if (status == STATUS_INVALID) {
		status = show_again(exchange, &form, 422);
	} else if (status == STATUS_OK) {
		log_info("author.changed", "account",
		    desk_session_of(exchange)->handle, "path", path);
		desk_go_to(exchange, path, "saved");
	}
	author_problems_release(&form.profile.problems);
	return status;
}

/* ---- an account for them ---- */

enum status
desk_check_invited(struct exchange *exchange, int64_t author_id)
{
	struct author *author;
	bool is_open;
	enum status status;

	if (author_id == 0)
		return STATUS_OK;
	status = author_find_id(desk_database_of(exchange), author_id, &author);
	if (status != STATUS_OK)
		return status;
	is_open = !author->has_password && !author->is_disabled;
	author_free(author);
	return is_open ? STATUS_OK
		       : desk_fail(exchange, STATUS_CONFLICT,
			     "This author has an account by now, or it is "
			     "switched off. Nothing was changed by this.");
}

/* The role is that of the author, whatever it is once they come. */
static enum status
find_invited(const struct exchange *exchange, struct author **out_author)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = author_find_id(site->database, id_of(exchange), out_author);
	site_end_read(site);
	return status;
}

enum status
invite_as_author(struct exchange *exchange)
{
	struct author_form form = { .email = desk_field(exchange, "email") };
	g_autofree char *email = author_normalize_email(form.email);
	struct author *author;
	enum status status;

	if (*form.email != '\0' && email == NULL) {
		form.email_problem = "That is no address like ada@example.org.";
		return show_again(exchange, &form, 422);
	}
	status = find_invited(exchange, &author);
	if (status != STATUS_OK)
		return status;
	status = desk_make_invitation(exchange,
	    &(struct one_time_link_draft){ .purpose = LINK_PURPOSE_INVITATION,
		.author_id = author->id,
		.name = author->name,
		.email = form.email,
		.role = author->role,
		.invited_by = desk_session_of(exchange)->author_id });
	author_free(author);
	return status;
}
