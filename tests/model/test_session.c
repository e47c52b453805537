/*
 * test_session.c - who is signed in: for how long, whatever the clock does, and
 * not a moment longer.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/token.h"
#include "fixture.h"
#include "model/account.h"
#include "model/session.h"

#define HOUR ((int64_t)3600)
#define YEAR ((int64_t)365 * DAY)

/* Ada has a password now: without one, nobody is signed in. */
static int
set_up(void **state)
{
	struct fixture *fixture;

	if (fixture_set_up(state) != 0)
		return -1;
	fixture = *state;
	return account_set_password(fixture->database, fixture->author_id,
		   "hash", NOW) == STATUS_OK
		   ? 0
		   : -1;
}

static int64_t
add_author(struct fixture *fixture, const char *name)
{
	const struct author_draft draft = {
		.name = name,
		.role = AUTHOR_ROLE_AUTHOR,
		.password_hash = "hash",
	};
	int64_t id = 0;

	assert_int_equal(
	    author_add(fixture->database, &draft, NOW, &id, NULL), STATUS_OK);
	return id;
}

static char *
begin_for(struct fixture *fixture, int64_t author_id, int64_t now)
{
	char *token = NULL;

	assert_int_equal(session_begin(fixture->database, author_id,
			     "192.0.2.0/24", "Firefox on Linux", now, &token),
	    STATUS_OK);
	return token;
}

static char *
begin(struct fixture *fixture, int64_t now)
{
	return begin_for(fixture, fixture->author_id, now);
}

/* The id of the session of `token` at `now`; 0: there is none. */
static int64_t
find(struct fixture *fixture, const char *token, int64_t now)
{
	struct session session = { 0 };
	enum status status =
	    session_find(fixture->database, token, now, &session);
	int64_t id = session.id;

	if (status != STATUS_NOT_FOUND)
		assert_int_equal(status, STATUS_OK);
	session_release(&session);
	return id;
}

static void
touch(struct fixture *fixture, const char *token, int64_t now)
{
	int64_t id = find(fixture, token, now);

	assert_int_not_equal(id, 0);
	assert_int_equal(session_touch(fixture->database, id, now), STATUS_OK);
}

static void
test_begin_stores_a_hash_alone(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW);
	g_autofree char *hash = token_hash(token);
	g_autofree char *stored =
	    fixture_text(fixture, "SELECT token_hash || network || browser"
				  " FROM session");
	g_autofree char *wanted =
	    g_strconcat(hash, "192.0.2.0/24", "Firefox on Linux", NULL);

	assert_int_equal(strlen(token), TOKEN_LENGTH);
	assert_string_equal(stored, wanted);
	assert_null(strstr(stored, token));
}

static void
test_begin_gives_another_token_each_time(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *one = begin(fixture, NOW);
	g_autofree char *other = begin(fixture, NOW);

	assert_string_not_equal(one, other);
	assert_int_not_equal(
	    find(fixture, one, NOW), find(fixture, other, NOW));
}

static void
test_begin_cuts_what_is_long(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *network = g_strnfill(200, 'n');
	g_autofree char *browser = g_strnfill(200, 'b');
	g_autofree char *token = NULL;

	assert_int_equal(session_begin(fixture->database, fixture->author_id,
			     network, browser, NOW, &token),
	    STATUS_OK);

	assert_in_range(fixture_integer(fixture,
			    "SELECT max(length(network), length(browser))"
			    " FROM session"),
	    60, 81);
}

static void
test_find_says_who_it_is(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW);
	struct session session;

	assert_int_equal(
	    session_find(fixture->database, token, NOW + 5, &session),
	    STATUS_OK);

	assert_int_equal(session.author_id, fixture->author_id);
	assert_int_equal(session.role, AUTHOR_ROLE_OWNER);
	assert_string_equal(session.name, "Ada Lovelace");
	assert_string_equal(session.handle, "ada-lovelace");
	assert_string_equal(session.network, "192.0.2.0/24");
	assert_string_equal(session.browser, "Firefox on Linux");
	assert_int_equal(session.created_at, NOW);
	assert_int_equal(session.seen_at, NOW);
	session_release(&session);
	assert_int_equal(session.id, 0);
}

static void
test_find_another_token(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW);
	g_autofree char *hash = token_hash(token);
	g_autofree char *made_up = token_new();

	/* Who reads the database has the hash, and is not let in by it. */
	assert_int_equal(find(fixture, hash, NOW), 0);
	assert_int_equal(find(fixture, made_up, NOW), 0);
	assert_int_equal(find(fixture, "", NOW), 0);
	assert_int_not_equal(find(fixture, token, NOW), 0);
}

static void
test_find_ends_when_nobody_uses_it(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW);
	int64_t end = NOW + SESSION_IDLE_SECONDS;

	assert_int_not_equal(find(fixture, token, end - 1), 0);
	assert_int_equal(find(fixture, token, end), 0);
}

static void
test_find_ends_however_much_it_is_used(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW);
	int64_t end = NOW + SESSION_SECONDS;

	for (int64_t at = NOW; at < end; at += DAY)
		touch(fixture, token, at);

	assert_int_not_equal(find(fixture, token, end - 1), 0);
	assert_int_equal(find(fixture, token, end), 0);
}

/* An hour is what a clock goes back by when it is set right: nobody is signed
 * out by that. */
static void
test_find_with_a_clock_that_went_back(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW);

	assert_int_not_equal(find(fixture, token, NOW - HOUR), 0);
	touch(fixture, token, NOW - HOUR);
	assert_int_not_equal(find(fixture, token, NOW), 0);
	assert_int_equal(find(fixture, token, NOW - 10 * YEAR), 0);
	assert_int_not_equal(find(fixture, token, NOW), 0);
}

/* Begun while the clock was ahead, it would not end for ten years. */
static void
test_find_what_began_in_the_future(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW + 10 * YEAR);

	assert_int_not_equal(find(fixture, token, NOW + 10 * YEAR), 0);
	assert_int_equal(find(fixture, token, NOW), 0);
	assert_int_equal(find(fixture, token, NOW + SESSION_CLOCK_SECONDS), 0);
	g_free(begin(fixture, NOW));
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM session"), 1);
	assert_int_equal(find(fixture, token, NOW + 10 * YEAR), 0);
}

/* Nor for having been used since the clock is right again. */
static void
test_find_what_began_in_the_future_and_was_used_since(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW + YEAR);

	assert_int_equal(
	    session_touch(fixture->database,
		fixture_integer(fixture, "SELECT id FROM session"), NOW),
	    STATUS_OK);

	assert_int_equal(find(fixture, token, NOW), 0);
}

/* Used while the clock was ahead, it would not end for lack of use. */
static void
test_find_what_was_used_in_the_future(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW);
	int64_t id = find(fixture, token, NOW);

	assert_int_equal(
	    session_touch(fixture->database, id, NOW + YEAR), STATUS_OK);

	assert_int_equal(find(fixture, token, NOW), 0);
	assert_int_equal(find(fixture, token, NOW + 30 * DAY), 0);
}

static void
test_find_ends_with_the_account(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t id = add_author(fixture, "Grace");
	g_autofree char *token = begin_for(fixture, id, NOW);
	g_autofree char *ada = begin(fixture, NOW);

	assert_int_equal(
	    account_set_disabled(database, id, true, NOW), STATUS_OK);
	assert_int_equal(find(fixture, token, NOW), 0);
	assert_int_equal(
	    account_set_disabled(database, id, false, NOW), STATUS_OK);
	assert_int_not_equal(find(fixture, token, NOW), 0);
	assert_int_equal(
	    account_set_password(database, id, NULL, NOW), STATUS_OK);
	assert_int_equal(find(fixture, token, NOW), 0);
	fixture_run(fixture, "DELETE FROM author WHERE name = 'Grace'");
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM session"), 1);
	assert_int_not_equal(find(fixture, ada, NOW), 0);
}

static void
test_find_has_the_role_of_this_moment(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = add_author(fixture, "Grace");
	g_autofree char *token = begin_for(fixture, id, NOW);
	struct session session;

	assert_int_equal(
	    author_set_role(fixture->database, id, AUTHOR_ROLE_EDITOR, NOW),
	    STATUS_OK);

	assert_int_equal(
	    session_find(fixture->database, token, NOW, &session), STATUS_OK);
	assert_int_equal(session.role, AUTHOR_ROLE_EDITOR);
	session_release(&session);
}

static void
test_touch_makes_it_last(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = begin(fixture, NOW);
	int64_t end = NOW + SESSION_IDLE_SECONDS;

	touch(fixture, token, NOW + DAY);

	assert_int_not_equal(find(fixture, token, end), 0);
	assert_int_equal(find(fixture, token, end + DAY), 0);
}

static void
test_list_has_those_that_are_alive(void **state)
{
	struct fixture *fixture = *state;
	int64_t grace = add_author(fixture, "Grace");
	g_autofree char *over = begin(fixture, NOW - SESSION_IDLE_SECONDS);
	g_autofree char *first = begin(fixture, NOW - 100);
	g_autofree char *second = begin(fixture, NOW - 50);
	g_autofree char *foreign = begin_for(fixture, grace, NOW);
	g_autoptr(GPtrArray) sessions = NULL;
	const struct session *newest;

	touch(fixture, first, NOW);
	assert_int_equal(
	    session_list(fixture->database, fixture->author_id, NOW, &sessions),
	    STATUS_OK);

	assert_int_equal(sessions->len, 2);
	newest = g_ptr_array_index(sessions, 0);
	assert_int_equal(newest->id, find(fixture, first, NOW));
	assert_int_equal(newest->seen_at, NOW);
	assert_int_equal(newest->created_at, NOW - 100);
	newest = g_ptr_array_index(sessions, 1);
	assert_int_equal(newest->id, find(fixture, second, NOW));
}

static void
test_end_is_for_its_owner_alone(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t grace = add_author(fixture, "Grace");
	g_autofree char *token = begin(fixture, NOW);
	int64_t id = find(fixture, token, NOW);

	assert_int_equal(session_end(database, id, grace), STATUS_NOT_FOUND);
	assert_int_not_equal(find(fixture, token, NOW), 0);
	assert_int_equal(
	    session_end(database, id, fixture->author_id), STATUS_OK);
	assert_int_equal(find(fixture, token, NOW), 0);
	assert_int_equal(
	    session_end(database, id, fixture->author_id), STATUS_NOT_FOUND);
}

static void
test_end_others_keeps_one(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t grace = add_author(fixture, "Grace");
	g_autofree char *foreign = begin_for(fixture, grace, NOW);
	g_autofree char *kept = begin(fixture, NOW);
	g_autofree char *other = begin(fixture, NOW);

	assert_int_equal(session_end_others(database, fixture->author_id,
			     find(fixture, kept, NOW)),
	    STATUS_OK);
	assert_int_not_equal(find(fixture, kept, NOW), 0);
	assert_int_equal(find(fixture, other, NOW), 0);
	assert_int_not_equal(find(fixture, foreign, NOW), 0);

	assert_int_equal(
	    session_end_others(database, fixture->author_id, 0), STATUS_OK);
	assert_int_equal(find(fixture, kept, NOW), 0);
	assert_int_not_equal(find(fixture, foreign, NOW), 0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_begin_stores_a_hash_alone),
		TEST(test_begin_gives_another_token_each_time),
		TEST(test_begin_cuts_what_is_long),
		TEST(test_find_says_who_it_is),
		TEST(test_find_another_token),
		TEST(test_find_ends_when_nobody_uses_it),
		TEST(test_find_ends_however_much_it_is_used),
		TEST(test_find_with_a_clock_that_went_back),
		TEST(test_find_what_began_in_the_future),
		TEST(test_find_what_began_in_the_future_and_was_used_since),
		TEST(test_find_what_was_used_in_the_future),
		TEST(test_find_ends_with_the_account),
		TEST(test_find_has_the_role_of_this_moment),
		TEST(test_touch_makes_it_last),
		TEST(test_list_has_those_that_are_alive),
		TEST(test_end_is_for_its_owner_alone),
		TEST(test_end_others_keeps_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
