/*
 * test_throttle.c - how often somebody may guess, and how long a wait lasts,
 * whatever the clock does.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/throttle.h"

#define HOUR ((int64_t)3600)
#define YEAR ((int64_t)365 * DAY)

/* Somebody at Ada's account, from `network`. */
static struct throttle_try
guess_from(const char *network)
{
	return (struct throttle_try){ .account = "ada@example.org",
		.network = network };
}

static struct throttle_try
guess(void)
{
	return guess_from("192.0.2.7");
}

/* Ada, in a browser that was here before. */
static struct throttle_try
known(void)
{
	struct throttle_try attempt = guess();

	attempt.browser = "token of a browser";
	return attempt;
}

/* How long a try has to wait at `now`; 0: not at all, and `is_counted` makes it
 * one. */
static int64_t
ask(struct fixture *fixture, struct throttle_try attempt, int64_t now,
    bool is_counted)
{
	int64_t wait_until = now;
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	status =
	    throttle_begin(fixture->database, &attempt, now, &wait_until, NULL);
	if (status != STATUS_TOO_LARGE)
		assert_int_equal(status, STATUS_OK);
	else
		assert_true(wait_until > now);
	if (is_counted && status == STATUS_OK)
		assert_int_equal(database_commit(fixture->database), STATUS_OK);
	else
		database_rollback(fixture->database);
	return wait_until - now;
}

/* Try; how long that has to wait, 0: it is counted. */
static int64_t
wait_of(struct fixture *fixture, struct throttle_try attempt, int64_t now)
{
	return ask(fixture, attempt, now, true);
}

static void
forgive(struct fixture *fixture, struct throttle_try attempt)
{
	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(
	    throttle_forgive(fixture->database, &attempt), STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
}

/* Try `count` times, each as soon as it may be; when the next one may be. */
static int64_t
try_often(struct fixture *fixture, struct throttle_try attempt, int count,
    int64_t now)
{
	for (int i = 0; i < count; i++) {
		now += ask(fixture, attempt, now, false);
		assert_int_equal(wait_of(fixture, attempt, now), 0);
	}
	return now + ask(fixture, attempt, now, false);
}

static void
test_begin_makes_wait_longer_each_time(void **state)
{
	static const int64_t waits[] = { 30, 60, 120, 240, 480, 900, 900 };
	struct fixture *fixture = *state;
	int64_t now = NOW;

	for (int i = 0; i < 4; i++)
		assert_int_equal(wait_of(fixture, guess(), now), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(waits); i++) {
		assert_int_equal(wait_of(fixture, guess(), now), 0);
		assert_int_equal(wait_of(fixture, guess(), now), waits[i]);
		/* To have asked meanwhile makes it no longer. */
		assert_int_equal(
		    wait_of(fixture, guess(), now + 10), waits[i] - 10);
		now += waits[i];
	}
	assert_int_equal(waits[G_N_ELEMENTS(waits) - 1], THROTTLE_LONGEST_WAIT);
}

static void
test_begin_says_that_it_was_the_last(void **state)
{
	struct fixture *fixture = *state;
	const struct throttle_try attempt = guess();
	int64_t wait_until = 0;
	bool is_last = true;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(throttle_begin(fixture->database, &attempt,
				     NOW, &wait_until, &is_last),
		    STATUS_OK);
		assert_false(is_last);
	}
	assert_int_equal(throttle_begin(fixture->database, &attempt, NOW,
			     &wait_until, &is_last),
	    STATUS_OK);
	assert_true(is_last);
	assert_int_equal(wait_until, 0);
	assert_int_equal(throttle_begin(fixture->database, &attempt, NOW,
			     &wait_until, &is_last),
	    STATUS_TOO_LARGE);
	assert_int_equal(wait_until, NOW + 30);
	database_rollback(fixture->database);
}

/* Who tries at once, whenever it may be, has that many in a day. */
static void
test_begin_leaves_a_hundred_guesses_a_day(void **state)
{
	struct fixture *fixture = *state;
	int64_t now = NOW;
	int count = 0;

	while (now < NOW + DAY) {
		int64_t wait = wait_of(fixture, guess(), now);

		now += wait;
		count += wait == 0;
	}

	assert_in_range(count, 90, 120);
}

/* One account after the other, from one place: passwords that many have. */
static void
test_begin_counts_for_the_network(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 20; i++) {
		g_autofree char *account = g_strdup_printf("a%d@b.org", i);
		struct throttle_try attempt = guess();

		attempt.account = account;
		assert_int_equal(wait_of(fixture, attempt, NOW), 0);
	}

	assert_int_equal(wait_of(fixture, guess(), NOW), 30);
	assert_int_equal(wait_of(fixture, guess_from("192.0.2.8"), NOW), 0);
}

/* One account, from many places. */
static void
test_begin_counts_for_the_account(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 5; i++) {
		g_autofree char *network = g_strdup_printf("198.51.100.%d", i);

		assert_int_equal(wait_of(fixture, guess_from(network), NOW), 0);
	}

	assert_int_equal(wait_of(fixture, guess_from("203.0.113.1"), NOW), 30);
}

/* Many accounts, from many places: a wait of seconds, over within a minute. */
static void
test_begin_counts_over_all(void **state)
{
	struct fixture *fixture = *state;
	int64_t wait;

	for (int i = 0; i < 60; i++) {
		g_autofree char *account = g_strdup_printf("a%d@b.org", i);
		g_autofree char *network = g_strdup_printf("198.51.100.%d", i);
		struct throttle_try attempt = { account, network, NULL };

		assert_int_equal(wait_of(fixture, attempt, NOW), 0);
	}

	wait = wait_of(fixture, guess(), NOW);
	assert_in_range(wait, 1, 60);
	assert_int_equal(wait_of(fixture, guess(), NOW + wait), 0);
}

/* What is tried by many in the course of a day keeps nobody waiting. */
static void
test_begin_counts_over_all_for_a_minute(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 100; i++) {
		g_autofree char *account = g_strdup_printf("a%d@b.org", i);
		g_autofree char *network = g_strdup_printf("198.51.100.%d", i);
		struct throttle_try attempt = { account, network, NULL };
		int64_t now = NOW + i * (int64_t)61;

		assert_int_equal(wait_of(fixture, attempt, now), 0);
		assert_int_equal(wait_of(fixture, attempt, now), 0);
	}
}

/* Ada is not kept out by strangers who guess at her account. */
static void
test_begin_in_a_known_browser(void **state)
{
	struct fixture *fixture = *state;

	try_often(fixture, guess(), 10, NOW);

	assert_int_equal(wait_of(fixture, known(), NOW), 0);
	/* Nor do her own mistakes keep anybody else waiting. */
	assert_int_equal(fixture_integer(fixture, "SELECT max(failure_count)"
						  " FROM sign_in_failure"
						  " WHERE scope = 'account'"),
	    10);
}

/* One who sits down at it has as many guesses as anybody. */
static void
test_begin_limits_a_known_browser_too(void **state)
{
	struct fixture *fixture = *state;
	int64_t at = try_often(fixture, known(), 30, NOW);

	assert_int_equal(wait_of(fixture, known(), at - 1), 1);
	assert_int_equal(wait_of(fixture, known(), at), 0);
	assert_int_equal(wait_of(fixture, known(), at), 300);
}

static void
test_begin_forgets_after_a_day(void **state)
{
	struct fixture *fixture = *state;
	int64_t at = try_often(fixture, guess(), 12, NOW) + DAY + 1;

	for (int i = 0; i < 5; i++)
		assert_int_equal(wait_of(fixture, guess(), at), 0);
	assert_int_equal(wait_of(fixture, guess(), at), 30);
}

static void
test_begin_stores_nothing_that_was_typed(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *stored = NULL;

	wait_of(fixture, guess(), NOW);
	wait_of(fixture, known(), NOW);

	stored = fixture_text(fixture,
	    "SELECT group_concat(scope || ' ' || key, char(10))"
	    " FROM sign_in_failure");
	assert_non_null(strstr(stored, "account "));
	assert_non_null(strstr(stored, "network "));
	assert_non_null(strstr(stored, "browser "));
	assert_null(strstr(stored, "ada"));
	assert_null(strstr(stored, "192.0"));
	assert_null(strstr(stored, "token"));
}

static void
test_begin_sweeps_what_is_old(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 20; i++) {
		g_autofree char *account = g_strdup_printf("a%d@b.org", i);
		struct throttle_try attempt = guess();

		attempt.account = account;
		wait_of(fixture, attempt, NOW);
	}
	wait_of(fixture, guess(), NOW + 2 * DAY);

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM sign_in_failure"),
	    3);
}

/* ---- the clock ---- */

/* The next try is made once there is no more wait than any rule gives. */
static void
assert_waits_end(struct fixture *fixture, int64_t now)
{
	int64_t wait = wait_of(fixture, guess(), now);

	if (wait > THROTTLE_LONGEST_WAIT)
		fail_msg("a wait of %d s", (int)wait);
	if (wait > 0)
		assert_int_equal(wait_of(fixture, guess(), now + wait), 0);
}

static void
test_no_jump_of_the_clock_makes_a_wait_longer(void **state)
{
	static const int64_t jumps[] = { 1, 60, 899, 901, HOUR, DAY - 1, DAY,
		DAY + 1, YEAR, 10 * YEAR };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(jumps); i++) {
		fixture_run(fixture, "DELETE FROM sign_in_failure");
		try_often(fixture, guess(), 20, NOW);
		assert_waits_end(fixture, NOW - jumps[i]);
		assert_waits_end(fixture, NOW + jumps[i]);
		assert_waits_end(fixture, NOW);
	}
}

/* A clock that swings gives no more guesses than a few for each swing. */
static void
test_a_clock_that_swings_gives_few_guesses(void **state)
{
	struct fixture *fixture = *state;
	int count = 0;

	try_often(fixture, guess(), 20, NOW - 5 * DAY);
	for (int swing = 0; swing < 10; swing++) {
		int64_t now = NOW - 5 * DAY + (swing % 2) * HOUR;

		for (int i = 0; i < 20; i++)
			count += wait_of(fixture, guess(), now) == 0;
	}

	assert_in_range(count, 0, 10);
}

/* ---- the right password ---- */

static void
test_forgive_makes_up_for_all_that_was_wrong_at_the_account(void **state)
{
	struct fixture *fixture = *state;
	int64_t at = try_often(fixture, guess(), 8, NOW);

	assert_int_equal(wait_of(fixture, guess(), at), 0);
	forgive(fixture, guess());

	for (int i = 0; i < 5; i++)
		assert_int_equal(wait_of(fixture, guess(), at), 0);
	assert_int_equal(wait_of(fixture, guess(), at), 30);
}

/* Who has an account does not guess at others' for ever. */
static void
test_forgive_takes_one_try_back_from_the_network(void **state)
{
	struct fixture *fixture = *state;
	const struct throttle_try own = { "eve@example.org", "192.0.2.7",
		NULL };
	int count = 0;

	for (int i = 0; i < 60; i++) {
		g_autofree char *account = g_strdup_printf("a%d@b.org", i);
		const struct throttle_try foreign = { account, "192.0.2.7",
			NULL };

		if (wait_of(fixture, foreign, NOW) == 0)
			count++;
		if (wait_of(fixture, own, NOW) == 0)
			forgive(fixture, own);
	}

	assert_in_range(count, 20, 21);
}

static void
test_forgive_a_known_browser(void **state)
{
	struct fixture *fixture = *state;
	int64_t at = try_often(fixture, known(), 8, NOW);

	assert_int_equal(wait_of(fixture, known(), at), 0);
	forgive(fixture, known());

	assert_int_equal(wait_of(fixture, known(), at), 0);
	assert_int_equal(wait_of(fixture, known(), at), 0);
	/* What strangers did is not forgiven for it. */
	assert_int_equal(fixture_integer(fixture, "SELECT count(*)"
						  " FROM sign_in_failure"
						  " WHERE scope <> 'browser'"),
	    0);
}

static void
test_forgive_where_nothing_was_wrong(void **state)
{
	struct fixture *fixture = *state;

	forgive(fixture, guess());
	forgive(fixture, known());

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM sign_in_failure"),
	    0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_begin_makes_wait_longer_each_time),
		TEST(test_begin_says_that_it_was_the_last),
		TEST(test_begin_leaves_a_hundred_guesses_a_day),
		TEST(test_begin_counts_for_the_network),
		TEST(test_begin_counts_for_the_account),
		TEST(test_begin_counts_over_all),
		TEST(test_begin_counts_over_all_for_a_minute),
		TEST(test_begin_in_a_known_browser),
		TEST(test_begin_limits_a_known_browser_too),
		TEST(test_begin_forgets_after_a_day),
		TEST(test_begin_stores_nothing_that_was_typed),
		TEST(test_begin_sweeps_what_is_old),
		TEST(test_no_jump_of_the_clock_makes_a_wait_longer),
		TEST(test_a_clock_that_swings_gives_few_guesses),
		TEST(
		    test_forgive_makes_up_for_all_that_was_wrong_at_the_account),
		TEST(test_forgive_takes_one_try_back_from_the_network),
		TEST(test_forgive_a_known_browser),
		TEST(test_forgive_where_nothing_was_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
