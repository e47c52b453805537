/*
 * test_sign_in_codes.c - one-time codes and recovery codes at sign-in.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/one_time_code.h"
#include "base/recovery_code.h"
#include "base/token.h"
#include "model/account.h"
#include "sign_in_fixture.h"

/* ---- one-time codes ---- */

static void
make_code(int64_t now, char code[ONE_TIME_CODE_DIGITS + 1])
{
	assert_int_equal(
	    one_time_code_make(SECRET, now / ONE_TIME_CODE_STEP_SECONDS, code),
	    STATUS_OK);
}

static void
test_code_works_once(void **state)
{
	struct site_fixture *fixture = *state;
	char code[ONE_TIME_CODE_DIGITS + 1];
	char next[ONE_TIME_CODE_DIGITS + 1];

	sign_in_ask_for_codes(fixture);
	make_code(NOW, code);
	make_code(NOW + ONE_TIME_CODE_STEP_SECONDS, next);

	assert_int_equal(sign_in_try_code(fixture, code, NOW), STATUS_OK);
	assert_int_equal(
	    sign_in_try_code(fixture, code, NOW), STATUS_FORBIDDEN);
	assert_int_equal(
	    sign_in_try_code(fixture, code, NOW + 5), STATUS_FORBIDDEN);
	assert_int_equal(
	    sign_in_try_code(fixture, next, NOW + ONE_TIME_CODE_STEP_SECONDS),
	    STATUS_OK);
	assert_int_equal(sign_in_count_sessions(fixture), 2);
}

/* A wrong password uses no code up, or strangers could use up Ada's. */
static void
test_code_is_kept_for_the_right_password(void **state)
{
	struct site_fixture *fixture = *state;
	struct sign_in_attempt attempt =
	    sign_in_make_attempt("ada@example.org", "another");
	char code[ONE_TIME_CODE_DIGITS + 1];

	sign_in_ask_for_codes(fixture);
	make_code(NOW, code);
	attempt.code = code;

	assert_int_equal(sign_in_try(fixture, attempt, NOW), STATUS_FORBIDDEN);
	assert_int_equal(sign_in_try_code(fixture, code, NOW), STATUS_OK);
}

static void
use_code_elsewhere(struct site_fixture *fixture)
{
	assert_int_equal(
	    account_use_code(fixture->site->database, fixture->author_id,
		NOW / ONE_TIME_CODE_STEP_SECONDS),
	    STATUS_OK);
}

/* Two send the same code at the same time: one is let in. */
static void
test_code_is_used_while_a_password_is_compared(void **state)
{
	struct site_fixture *fixture = *state;
	char code[ONE_TIME_CODE_DIGITS + 1];

	sign_in_ask_for_codes(fixture);
	make_code(NOW, code);
	sign_in_while_comparing = use_code_elsewhere;

	assert_int_equal(
	    sign_in_try_code(fixture, code, NOW), STATUS_FORBIDDEN);
	assert_int_equal(sign_in_count_sessions(fixture), 0);
}

static void
test_recovery_code_works_once(void **state)
{
	static const char *const spellings[] = { "k7qm2xvd9rtw",
		"K7QM-2XVD-9RTW", " k7qm 2xvd 9rtw " };
	struct site_fixture *fixture = *state;
	struct database *database = fixture->site->database;

	sign_in_ask_for_codes(fixture);
	for (size_t i = 0; i < G_N_ELEMENTS(spellings); i++) {
		g_autofree char *plain = recovery_code_normalize(spellings[0]);
		g_autofree char *hash = token_hash(plain);

		assert_int_equal(account_add_recovery_code(
				     database, fixture->author_id, hash),
		    STATUS_OK);
		assert_int_equal(
		    sign_in_try_code(fixture, spellings[i], NOW), STATUS_OK);
		assert_int_equal(sign_in_try_code(fixture, spellings[i], NOW),
		    STATUS_FORBIDDEN);
	}
	assert_int_equal(
	    sign_in_count_sessions(fixture), (int64_t)G_N_ELEMENTS(spellings));
}

static void
test_recovery_code_is_kept_for_the_right_password(void **state)
{
	struct site_fixture *fixture = *state;
	struct sign_in_attempt attempt =
	    sign_in_make_attempt("ada@example.org", "another");
	g_autofree char *hash = token_hash("k7qm2xvd9rtw");

	sign_in_ask_for_codes(fixture);
	assert_int_equal(account_add_recovery_code(
			     fixture->site->database, fixture->author_id, hash),
	    STATUS_OK);
	attempt.code = "k7qm-2xvd-9rtw";

	assert_int_equal(sign_in_try(fixture, attempt, NOW), STATUS_FORBIDDEN);
	assert_int_equal(
	    sign_in_try_code(fixture, "k7qm-2xvd-9rtw", NOW), STATUS_OK);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, sign_in_set_up, site_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_code_works_once),
		TEST(test_code_is_kept_for_the_right_password),
		TEST(test_code_is_used_while_a_password_is_compared),
		TEST(test_recovery_code_works_once),
		TEST(test_recovery_code_is_kept_for_the_right_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
