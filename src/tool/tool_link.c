/*
 * tool_link.c - what lets an author in or keeps them out, in the shell: whoever
 * has the shell has the blog.
 */
#include "config.h"

#include "tool_link.h"

#include <stdio.h>

#include "base/date.h"
#include "model/account.h"
#include "model/author.h"
#include "model/one_time_link.h"
#include "model/site.h"
#include "tool/tool.h"

/* End the transaction that `status` is of; the exit code. */
static int
finish(struct site *site, enum status status)
{
	status = site_end_write(site, status);
	if (status == STATUS_OK)
		return TOOL_DONE;
	return tool_fail("the database cannot be written: %s; try again",
	    status_name(status));
}

int
tool_print_setup_link(struct site *site)
{
	const struct one_time_link_draft draft = {
		.purpose = LINK_PURPOSE_SETUP, .role = AUTHOR_ROLE_OWNER
	};
	int64_t now = date_now();
	g_autofree char *token = NULL;
	bool is_there = false;
	enum status status = site_begin_write(site, now);
	int exit_code;

	if (status != STATUS_OK)
		return tool_fail("the database is busy; try again");
	status = account_is_there(site->database, &is_there);
	if (status == STATUS_OK && !is_there)
		status =
		    one_time_link_make(site->database, &draft, now, &token);
	exit_code = finish(site, status);
	if (exit_code == TOOL_DONE && is_there)
		return tool_fail("this blog is set up: authors sign in at "
				 "%s/desk",
		    site->settings.base_url);
	if (exit_code == TOOL_DONE)
		printf(
		    "%s/desk/setup?code=%s\n", site->settings.base_url, token);
	return exit_code;
}

/* Who is to set a new password. */
struct receiver {
	int64_t id;
	char *handle;
	bool has_email, is_disabled;
};

/* The author with this handle or e-mail address. */
static enum status
find_receiver(
    struct database *database, const char *who, struct receiver *receiver)
{
	struct account account = { 0 };
	struct author *author = NULL;
	enum status status = account_find(database, who, &account);

	receiver->has_email = status == STATUS_OK;
	if (status == STATUS_NOT_FOUND) {
		status = author_find(database, who, &author);
		if (status == STATUS_OK) {
			receiver->has_email = author->email != NULL;
			status = account_read(database, author->id, &account);
		}
		author_free(author);
	}
	if (status == STATUS_OK) {
		receiver->id = account.author_id;
		receiver->handle = g_steal_pointer(&account.handle);
		receiver->is_disabled = account.is_disabled;
	}
	account_release(&account);
	return status;
}

/* Say why a new password would let nobody in. */
static int
refuse(const struct receiver *receiver, const char *who)
{
	if (receiver->handle == NULL)
		return tool_fail("there is no author %s", who);
	if (receiver->is_disabled)
		return tool_fail("%s may not sign in: the account is switched "
				 "off: byline author enable %s",
		    receiver->handle, receiver->handle);
	return tool_fail("%s has no e-mail address to sign in with: byline "
			 "author set %s --email ADDRESS",
	    receiver->handle, receiver->handle);
}

/* A link for `receiver`, in the transaction that was begun. The caller frees
 * `out_token`. */
static enum status
make_reset_link(struct database *database, const struct receiver *receiver,
    bool is_without_codes, int64_t now, char **out_token)
{
	const struct one_time_link_draft draft = {
		.purpose = LINK_PURPOSE_RESET, .author_id = receiver->id
	};
	enum status status = STATUS_OK;

	if (is_without_codes)
		status = account_set_code_secret(database, receiver->id, NULL);
	if (status == STATUS_OK)
		status = one_time_link_make(database, &draft, now, out_token);
	return status;
}

int
tool_print_reset_link(struct site *site, const char *who, bool is_without_codes)
{
	struct receiver receiver = { 0 };
	int64_t now = date_now();
	g_autofree char *token = NULL;
	enum status status = site_begin_write(site, now);
	int exit_code;

	if (status != STATUS_OK)
		return tool_fail("the database is busy; try again");
	status = find_receiver(site->database, who, &receiver);
	if (status == STATUS_OK &&
	    (receiver.is_disabled || !receiver.has_email))
		status = STATUS_NOT_FOUND;
	if (status == STATUS_OK)
		status = make_reset_link(
		    site->database, &receiver, is_without_codes, now, &token);
	if (status == STATUS_NOT_FOUND) {
		(void)!site_end_write(site, status);
		exit_code = refuse(&receiver, who);
	} else {
		exit_code = finish(site, status);
	}
	if (exit_code == TOOL_DONE)
		printf(
		    "%s/desk/reset?token=%s\n", site->settings.base_url, token);
	g_free(receiver.handle);
	return exit_code;
}

/* Switch the account of `who` by `change`, in a write transaction of its own.
 */
static int
switch_account(struct site *site, const char *who, const char *done,
    enum status (*change)(
	struct database *database, int64_t author_id, int64_t now))
{
	struct receiver receiver = { 0 };
	int64_t now = date_now();
	enum status status = site_begin_write(site, now);
	int exit_code;

	if (status != STATUS_OK)
		return tool_fail("the database is busy; try again");
	status = find_receiver(site->database, who, &receiver);
	if (status == STATUS_OK)
		status = change(site->database, receiver.id, now);
	if (status == STATUS_NOT_FOUND || status == STATUS_CONFLICT) {
		(void)!site_end_write(site, status);
		exit_code = status == STATUS_NOT_FOUND
				? tool_fail("there is no author %s", who)
				: tool_fail("%s is the only owner who can sign "
					    "in: make another one first",
				      receiver.handle);
	} else {
		exit_code = finish(site, status);
	}
	if (exit_code == TOOL_DONE)
		printf("%s %s\n", done, receiver.handle);
	g_free(receiver.handle);
	return exit_code;
}

int
tool_switch_off(struct site *site, const char *who)
{
	return switch_account(site, who, "disabled", account_close);
}

int
tool_switch_on(struct site *site, const char *who)
{
	return switch_account(site, who, "enabled", account_open);
}
