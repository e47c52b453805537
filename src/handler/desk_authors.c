/*
 * desk_authors.c - who may write, and as what; for owners.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/settings.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/author.h"
#include "model/one_time_link.h"
#include "model/site.h"
#include "view/desk_account_view.h"

#include "desk_handler.h"

/* An invitation as it was typed, and what is wrong with the page. */
struct invitation_form {
	const char *name, *email, *role;
	const char *email_problem;
	const char *problem;
	const char *link; /* that was made just now */
};

static enum status
view_page(struct exchange *exchange, const struct invitation_form *form,
    const GPtrArray *authors, const GPtrArray *invitations)
{
	static const struct desk_choice roles[] = {
		{ "author", "Author: writes and publishes their own" },
		{ "editor", "Editor: changes and publishes all articles" },
		{ "owner", "Owner: all of it, settings and authors too" },
	};
	const struct desk_view view = desk_view_of(exchange);
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_LINE,
		    .name = "name",
		    .value = form->name,
		    .max_length = 100 },
		{ .kind = DESK_FIELD_EMAIL,
		    .name = "email",
		    .value = form->email,
		    .hint = "Nothing is sent there: you give them the link.",
		    .problem = form->email_problem,
		    .max_length = 254 },
		{ .kind = DESK_FIELD_CHOICE,
		    .name = "role",
		    .value = form->role,
		    .choices = roles,
		    .choice_count = G_N_ELEMENTS(roles) },
	};
	const struct desk_authors_page page = {
		.authors = authors,
		.invitations = invitations,
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields),
		.link = form->link,
		.problem = form->problem,
	};

	return desk_view_authors(&view, &page, exchange->response->body);
}

static enum status
show_form(struct exchange *exchange, const struct invitation_form *form)
{
	struct database *database = desk_database_of(exchange);
	g_autoptr(GPtrArray) authors = NULL;
	g_autoptr(GPtrArray) invitations = NULL;
	enum status status = author_list(database, &authors);

	if (status == STATUS_OK)
		status = one_time_link_list(database, LINK_PURPOSE_INVITATION,
		    exchange->request->now, &invitations);
	return status == STATUS_OK
		   ? view_page(exchange, form, authors, invitations)
		   : status;
}

enum status
show_authors(struct exchange *exchange)
{
	const struct invitation_form form = { .role = "author" };

	return show_form(exchange, &form);
}

/* The page again, after a POST. */
static enum status
show_again(struct exchange *exchange, const struct invitation_form *form)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = show_form(exchange, form);
	site_end_read(site);
	return status;
}

enum status
desk_make_invitation(
    struct exchange *exchange, const struct one_time_link_draft *draft)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	g_autofree char *token = NULL;
	g_autofree char *link = NULL;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = desk_check_invited(exchange, draft->author_id);
	if (status == STATUS_OK)
		status = one_time_link_make(site->database, draft, now, &token);
	status = site_end_write(site, status);
	if (status != STATUS_OK)
		return status;
	log_info("author.invited", "account", desk_session_of(exchange)->handle,
	    "role", author_role_name(draft->role));
	link = g_strconcat(
	    site->settings.base_url, "/desk/invitation?token=", token, NULL);
	return show_again(exchange,
	    &(struct invitation_form){ .role = "author", .link = link });
}

enum status
invite_author(struct exchange *exchange)
{
	struct invitation_form form = {
		.name = desk_field(exchange, "name"),
		.email = desk_field(exchange, "email"),
		.role = desk_field(exchange, "role"),
	};
	g_autofree char *email = author_normalize_email(form.email);
	struct one_time_link_draft draft = {
		.purpose = LINK_PURPOSE_INVITATION,
		.name = form.name,
		.email = form.email,
		.role = AUTHOR_ROLE_AUTHOR,
		.invited_by = desk_session_of(exchange)->author_id,
	};

	if (*form.role != '\0' &&
	    author_parse_role(form.role, &draft.role) != STATUS_OK)
		return STATUS_INVALID;
	if (*form.email != '\0' && email == NULL) {
		form.email_problem = "That is no address like ada@example.org.";
		exchange->response->status = 422;
		return show_again(exchange, &form);
	}
	return desk_make_invitation(exchange, &draft);
}

enum status
end_invitation(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = one_time_link_use(
	    site->database, desk_field(exchange, "invitation"));
	/* Whoever used it was faster: it is gone all the same. */
	status = site_end_write(
	    site, status == STATUS_NOT_FOUND ? STATUS_OK : status);
	if (status == STATUS_OK)
		desk_go_to(exchange, "/desk/authors", "invitation-ended");
	return status;
}

/* A role for somebody. */
struct role_change {
	int64_t author_id;
	enum author_role role;
	enum author_role former_role;
	char *handle; /* of the author */
	char *token;  /* of our own new session; NULL: it was another's role */
};

static void
role_change_release(struct role_change *change)
{
	g_free(change->handle);
	g_free(change->token);
}

static enum status
find_author(struct database *database, struct role_change *change)
{
	struct author *author;
	enum status status =
	    author_find_id(database, change->author_id, &author);

	if (status != STATUS_OK)
		return status;
	change->former_role = author->role;
	change->handle = g_strdup(author->handle);
	author_free(author);
	return STATUS_OK;
}

/* Nobody is signed in as what they are no longer, nor invites others as that:
 * they could come back as who they let in. In a write transaction. */
static enum status
store_role(struct exchange *exchange, struct role_change *change)
{
	struct database *database = desk_database_of(exchange);
	int64_t id = change->author_id;
	enum status status = find_author(database, change);

	if (status == STATUS_OK)
		status = author_set_role(
		    database, id, change->role, exchange->request->now);
	if (status != STATUS_OK || change->role == change->former_role)
		return status;
	/* Roles that may do more come first. */
	if (change->role > change->former_role)
		status = one_time_link_end_invitations(database, id);
	if (status != STATUS_OK)
		return status;
	return id == desk_session_of(exchange)->author_id
		   ? desk_renew_sessions(exchange, &change->token)
		   : session_end_others(database, id, 0);
}

static void
answer_role(struct exchange *exchange, const struct role_change *change)
{
	log_info("author.role", "account", desk_session_of(exchange)->handle,
	    "author", change->handle, "role", author_role_name(change->role));
	if (change->token != NULL)
		desk_set_session(exchange, change->token);
	desk_go_to(exchange,
	    change->token != NULL && change->role != AUTHOR_ROLE_OWNER
		? "/desk"
		: "/desk/authors",
	    "saved");
}

enum status
update_author(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	struct role_change change = { .author_id =
					  desk_number(exchange->values[0]) };
	enum status status;

	if (author_parse_role(desk_field(exchange, "role"), &change.role) !=
	    STATUS_OK)
		return STATUS_INVALID;
	status = site_begin_write(site, exchange->request->now);
	if (status != STATUS_OK)
		return status;
	status = site_end_write(site, store_role(exchange, &change));
	if (status == STATUS_CONFLICT) {
		exchange->response->status = 422;
		status = show_again(exchange,
		    &(struct invitation_form){ .role = "author",
			.problem = "A blog needs an owner who can sign in. "
				   "Make somebody else one first." });
	} else if (status == STATUS_OK) {
		answer_role(exchange, &change);
	}
	role_change_release(&change);
	return status;
}

/* ---- switching an account off and on ---- */

/* In a write transaction. The caller frees `out_handle`. */
static enum status
store_access(
    struct exchange *exchange, int64_t id, bool is_closing, char **out_handle)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	struct account account = { 0 };
	enum status status = account_read(site->database, id, &account);

	if (status != STATUS_OK)
		return status;
	*out_handle = g_steal_pointer(&account.handle);
	/* The form of a page that is no longer true changes nothing. */
	if (account.is_disabled != is_closing)
		status = is_closing ? account_close(site->database, id, now)
				    : account_open(site->database, id, now);
	account_release(&account);
	return status;
}

static enum status
refuse_access(struct exchange *exchange, const char *problem)
{
	exchange->response->status = 422;
	return show_again(exchange,
	    &(struct invitation_form){ .role = "author", .problem = problem });
}

enum status
set_access(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const struct session *session = desk_session_of(exchange);
	const char *action = desk_field(exchange, "action");
	const bool is_closing = strcmp(action, "close") == 0;
	int64_t id = desk_number(exchange->values[0]);
	g_autofree char *handle = NULL;
	enum status status;

	if (!is_closing && strcmp(action, "open") != 0)
		return STATUS_INVALID;
	if (is_closing && id == session->author_id)
		return refuse_access(exchange,
		    "That is your own account: another owner can switch it "
		    "off.");
	status = site_begin_write(site, exchange->request->now);
	if (status != STATUS_OK)
		return status;
	status = site_end_write(
	    site, store_access(exchange, id, is_closing, &handle));
	if (status == STATUS_CONFLICT)
		return refuse_access(exchange,
		    "A blog needs an owner who can sign in. Make somebody "
		    "else one first.");
	if (status != STATUS_OK)
		return status;
	log_info(is_closing ? "account.closed" : "account.opened", "account",
	    session->handle, "author", handle);
	desk_go_to(exchange, "/desk/authors",
	    is_closing ? "account-closed" : "account-opened");
	return STATUS_OK;
}
