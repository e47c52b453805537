/*
 * desk_questions.c - see desk_questions.h.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "desk_questions.h"
#include "model/account.h"
#include "model/author.h"
#include "model/export.h"
#include "model/one_time_link.h"
#include "model/session.h"
#include "model/throttle.h"

/* ---- who ---- */

void
ask_account(const struct question *question)
{
	struct database *database = question->database;
	int64_t id = question->author_id;
	struct account account;
	int64_t count;
	bool is_there;

	assert_int_equal(
	    account_find(database, "ada@example.org", &account), STATUS_OK);
	account_release(&account);
	assert_int_equal(account_read(database, id, &account), STATUS_OK);
	account_release(&account);
	assert_int_equal(account_is_there(database, &is_there), STATUS_OK);
	assert_int_equal(
	    account_set_password(database, id, "hash", NOW), STATUS_OK);
	assert_int_equal(
	    account_set_disabled(database, id, true, NOW), STATUS_OK);
	assert_int_equal(
	    account_set_disabled(database, id, false, NOW), STATUS_OK);
	assert_int_equal(account_note_sign_in(database, id, NOW), STATUS_OK);
	assert_int_equal(
	    account_set_code_secret(database, id, "secret"), STATUS_OK);
	assert_int_equal(account_use_code(database, id, 1), STATUS_OK);
	assert_int_equal(
	    account_add_recovery_code(database, id, "code"), STATUS_OK);
	assert_int_equal(
	    account_use_recovery_code(database, id, "code"), STATUS_OK);
	assert_int_equal(
	    account_count_recovery_codes(database, id, &count), STATUS_OK);
	assert_int_equal(
	    author_set_role(database, id, AUTHOR_ROLE_OWNER, NOW), STATUS_OK);
}

void
ask_session(const struct question *question)
{
	struct database *database = question->database;
	int64_t id = question->author_id;
	g_autofree char *token = NULL;
	struct session session;
	GPtrArray *sessions;

	assert_int_equal(
	    session_begin(database, id, "network", "browser", NOW, &token),
	    STATUS_OK);
	assert_int_equal(
	    session_find(database, token, NOW, &session), STATUS_OK);
	assert_int_equal(session_touch(database, session.id, NOW), STATUS_OK);
	assert_int_equal(session_list(database, id, NOW, &sessions), STATUS_OK);
	g_ptr_array_unref(sessions);
	assert_int_equal(session_end(database, session.id, id), STATUS_OK);
	assert_int_equal(
	    session_end_others(database, id, session.id), STATUS_OK);
	session_release(&session);
}

void
ask_throttle(const struct question *question)
{
	struct throttle_try attempt = { .account = "ada@example.org",
		.network = "192.0.2.7" };
	int64_t wait_until;

	assert_int_equal(throttle_begin(question->database, &attempt, NOW,
			     &wait_until, NULL),
	    STATUS_OK);
	assert_int_equal(
	    throttle_forgive(question->database, &attempt), STATUS_OK);
}

void
ask_one_time_link(const struct question *question)
{
	struct database *database = question->database;
	const struct one_time_link_draft draft = {
		.purpose = LINK_PURPOSE_RESET,
		.author_id = question->author_id,
	};
	g_autofree char *token = NULL;
	struct one_time_link link;
	GPtrArray *links;

	assert_int_equal(
	    one_time_link_make(database, &draft, NOW, &token), STATUS_OK);
	assert_int_equal(
	    one_time_link_find(database, LINK_PURPOSE_RESET, token, NOW, &link),
	    STATUS_OK);
	assert_int_equal(
	    one_time_link_list(database, LINK_PURPOSE_RESET, NOW, &links),
	    STATUS_OK);
	g_ptr_array_unref(links);
	assert_int_equal(
	    one_time_link_use(database, link.token_hash), STATUS_OK);
	assert_int_equal(
	    one_time_link_end_all(database, LINK_PURPOSE_SETUP), STATUS_OK);
	assert_int_equal(
	    one_time_link_end_invitations(database, question->author_id),
	    STATUS_OK);
	assert_int_equal(
	    author_set_time_zone(database, question->author_id, "UTC"),
	    STATUS_OK);
	assert_int_equal(
	    export_list_references(database, 1, &links), STATUS_OK);
	g_ptr_array_unref(links);
	assert_int_equal(
	    account_close(database, question->author_id + 1, NOW), STATUS_OK);
	assert_int_equal(
	    account_open(database, question->author_id + 1, NOW), STATUS_OK);
	assert_int_equal(
	    one_time_link_end_author(database, question->author_id), STATUS_OK);
	one_time_link_release(&link);
}
