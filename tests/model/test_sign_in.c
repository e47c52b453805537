/*
 * test_sign_in.c - from what somebody typed to a session, or not.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/token.h"
#include "model/account.h"
#include "model/author.h"
#include "model/session.h"
#include "model/sign_in.h"
#include "model/throttle.h"
#include "query_plan.h"
#include "sign_in_fixture.h"

/* ---- let in ---- */

static void
test_right_password(void **state)
{
	struct site_fixture *fixture = *state;
	const struct sign_in_attempt attempt =
	    sign_in_make_attempt("ada@example.org", PASSWORD);
	struct sign_in_result result = { 0 };
	struct session session;

	assert_int_equal(
	    sign_in(fixture->site, &attempt, NOW, &result), STATUS_OK);

	assert_int_equal(
	    session_find(fixture->site->database, result.token, NOW, &session),
	    STATUS_OK);
	assert_int_equal(session.author_id, fixture->author_id);
	assert_string_equal(session.network, "192.0.2.0/24");
	assert_string_equal(session.browser, "Firefox on Linux");
	assert_int_equal(strlen(result.browser_token), TOKEN_LENGTH);
	assert_int_equal(sign_in_comparisons, 1);
	assert_int_equal(sign_in_hashings, 0);
	assert_int_equal(
	    site_fixture_integer(fixture, "SELECT signed_in_at FROM author"),
	    NOW);
	session_release(&session);
	g_free(result.token);
	g_free(result.browser_token);
}

static void
test_address_as_it_may_be_typed(void **state)
{
	static const char *const addresses[] = { "ADA@example.org",
		"Ada@EXAMPLE.org", "  ada@example.org ", "ada@example.org\t" };
	struct site_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
		if (sign_in_try_password(fixture, addresses[i], PASSWORD) !=
		    STATUS_OK)
			fail_msg("\"%s\" is not Ada", addresses[i]);
}

static void
test_address_in_another_script(void **state)
{
	struct site_fixture *fixture = *state;

	sign_in_add_author(fixture, "grace@b\xc3\xbc"
				    "cher.example");

	assert_int_equal(sign_in_try_password(fixture,
			     "grace@B\xc3\x9c"
			     "CHER.example",
			     PASSWORD),
	    STATUS_OK);
	assert_int_equal(sign_in_try_password(
			     fixture, "grace@xn--bcher-kva.example", PASSWORD),
	    STATUS_OK);
}

/* ---- turned away ---- */

struct wrong {
	const char *email;
	const char *password;
	const char *code;
	const char *sql; /* what is wrong with the account */
};

/* Whatever is wrong, the answer is the same after the same work. */
static void
test_whatever_is_wrong_is_one_answer(void **state)
{
	static const struct wrong wrongs[] = {
		{ "ada@example.org", "another", "", NULL },
		{ "ada@example.org", "", "", NULL },
		{ "ada@example.org", PASSWORD " ", "", NULL },
		{ "nobody@example.org", PASSWORD, "", NULL },
		{ "no address", PASSWORD, "", NULL },
		{ "", "", "", NULL },
		{ "ada@example.org", PASSWORD, "",
		    "UPDATE author"
		    " SET disabled_at = 5" },
		{ "ada@example.org", PASSWORD, "",
		    "UPDATE author"
		    " SET password_hash = NULL" },
		{ "ada@example.org", PASSWORD, "",
		    "UPDATE author"
		    " SET code_secret = '" SECRET "'" },
		{ "ada@example.org", PASSWORD, "000000x",
		    "UPDATE author"
		    " SET code_secret = '" SECRET "'" },
		{ "ada@example.org", PASSWORD, "k7qm-2xvd-9rtw",
		    "UPDATE author"
		    " SET code_secret = '" SECRET "'" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		const struct wrong *wrong = &wrongs[i];
		struct sign_in_attempt attempt =
		    sign_in_make_attempt(wrong->email, wrong->password);
		struct sign_in_result result = { 0 };
		enum status status;
		void *place = NULL;
		struct site_fixture *fixture;

		(void)state;
		assert_int_equal(sign_in_set_up(&place), 0);
		fixture = place;
		if (wrong->sql != NULL)
			site_fixture_run(fixture, wrong->sql);
		attempt.code = wrong->code;
		status = sign_in(fixture->site, &attempt, NOW, &result);
		if (status != STATUS_FORBIDDEN || sign_in_comparisons != 1 ||
		    sign_in_hashings != 0)
			fail_msg("%d: %s after %d comparisons", (int)i,
			    status_name(status), sign_in_comparisons);
		assert_null(result.token);
		assert_null(result.browser_token);
		assert_int_equal(result.wait_until, 0);
		assert_int_equal(sign_in_count_sessions(fixture), 0);
		site_fixture_tear_down(&place);
	}
}

static void
test_too_many_tries(void **state)
{
	struct site_fixture *fixture = *state;
	const struct sign_in_attempt attempt =
	    sign_in_make_attempt("ADA@example.org", PASSWORD);
	struct sign_in_result result = { 0 };

	for (int i = 0; i < 5; i++)
		assert_int_equal(
		    sign_in_try_password(fixture, "ada@example.org", "another"),
		    STATUS_FORBIDDEN);

	/* Nor does the right one help, or another spelling of the address. */
	assert_int_equal(
	    sign_in(fixture->site, &attempt, NOW, &result), STATUS_TOO_LARGE);
	assert_int_equal(result.wait_until, NOW + 30);
	assert_null(result.token);
	assert_int_equal(sign_in_comparisons, 5);
	assert_int_equal(sign_in_try(fixture, attempt, NOW + 30), STATUS_OK);
}

/* An account that is not there is throttled as one that is. */
static void
test_too_many_tries_at_nobody(void **state)
{
	struct site_fixture *fixture = *state;

	for (int i = 0; i < 5; i++)
		assert_int_equal(sign_in_try_password(
				     fixture, "nobody@example.org", "another"),
		    STATUS_FORBIDDEN);

	assert_int_equal(
	    sign_in_try_password(fixture, "nobody@example.org", "another"),
	    STATUS_TOO_LARGE);
}

static void
test_right_password_forgives(void **state)
{
	struct site_fixture *fixture = *state;

	for (int i = 0; i < 40; i++) {
		bool is_right = i % 5 == 4;

		assert_int_equal(
		    sign_in_try_password(fixture, "ada@example.org",
			is_right ? PASSWORD : "another"),
		    is_right ? STATUS_OK : STATUS_FORBIDDEN);
		/* What comes of one network is another matter. */
		site_fixture_run(fixture, "DELETE FROM sign_in_failure"
					  " WHERE scope IN ('network', 'all')");
	}
}

/* ---- browsers that are known ---- */

/* The token by which Ada's browser is known from now on. */
static char *
know_browser(struct site_fixture *fixture, const char *email)
{
	const struct sign_in_attempt attempt =
	    sign_in_make_attempt(email, PASSWORD);
	struct sign_in_result result = { 0 };

	assert_int_equal(
	    sign_in(fixture->site, &attempt, NOW, &result), STATUS_OK);
	g_free(result.token);
	return result.browser_token;
}

static void
test_known_browser_need_not_wait(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *token = know_browser(fixture, "ada@example.org");
	struct sign_in_attempt attempt =
	    sign_in_make_attempt("ada@example.org", PASSWORD);
	struct sign_in_result result = { 0 };

	for (int i = 0; i < 6; i++)
		(void)!sign_in_try_password(
		    fixture, "ada@example.org", "another");

	assert_int_equal(sign_in_try(fixture, attempt, NOW), STATUS_TOO_LARGE);
	attempt.browser_token = token;
	assert_int_equal(
	    sign_in(fixture->site, &attempt, NOW, &result), STATUS_OK);
	/* It goes on being known by the same. */
	assert_null(result.browser_token);
	g_free(result.token);
}

static void
test_browser_is_known_for_its_own_account(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *made_up = token_new();
	g_autofree char *foreign = NULL;
	struct sign_in_attempt attempt =
	    sign_in_make_attempt("ada@example.org", PASSWORD);

	sign_in_add_author(fixture, "grace@example.org");
	foreign = know_browser(fixture, "grace@example.org");
	for (int i = 0; i < 6; i++)
		(void)!sign_in_try_password(
		    fixture, "ada@example.org", "another");

	attempt.browser_token = made_up;
	assert_int_equal(sign_in_try(fixture, attempt, NOW), STATUS_TOO_LARGE);
	attempt.browser_token = foreign;
	assert_int_equal(sign_in_try(fixture, attempt, NOW), STATUS_TOO_LARGE);
}

static void
test_browsers_that_are_known_are_few(void **state)
{
	struct site_fixture *fixture = *state;

	for (int i = 0; i < 30; i++)
		g_free(know_browser(fixture, "ada@example.org"));

	assert_int_equal(
	    site_fixture_integer(fixture, "SELECT count(*) FROM known_browser"),
	    20);
}

static enum status
try_as_known(struct site_fixture *fixture, const char *email, const char *token)
{
	struct sign_in_attempt attempt = sign_in_make_attempt(email, PASSWORD);

	attempt.browser_token = token;
	return sign_in_try(fixture, attempt, NOW);
}

static void
test_forget_browsers_keeps_one(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *kept = know_browser(fixture, "ada@example.org");
	g_autofree char *other = know_browser(fixture, "ada@example.org");
	int64_t grace = sign_in_add_author(fixture, "grace@example.org");
	g_autofree char *foreign = know_browser(fixture, "grace@example.org");

	assert_int_equal(
	    sign_in_forget_browsers(fixture->site, fixture->author_id, kept),
	    STATUS_OK);

	for (int i = 0; i < 6; i++) {
		(void)!sign_in_try_password(
		    fixture, "ada@example.org", "another");
		(void)!sign_in_try_password(
		    fixture, "grace@example.org", "another");
	}
	assert_int_equal(
	    try_as_known(fixture, "ada@example.org", other), STATUS_TOO_LARGE);
	assert_int_equal(
	    try_as_known(fixture, "ada@example.org", kept), STATUS_OK);
	assert_int_equal(
	    try_as_known(fixture, "grace@example.org", foreign), STATUS_OK);
	assert_int_equal(
	    sign_in_forget_browsers(fixture->site, grace, NULL), STATUS_OK);
	assert_int_equal(
	    site_fixture_integer(fixture,
		"SELECT count(*) FROM known_browser"
		" WHERE author_id <> (SELECT min(id) FROM author)"),
	    0);
}

/* ---- what changes while a password is compared ---- */

static void
set_other_password(struct site_fixture *fixture)
{
	assert_int_equal(account_set_password(fixture->site->database,
			     fixture->author_id, "new:another", NOW),
	    STATUS_OK);
}

static void
close_account(struct site_fixture *fixture)
{
	assert_int_equal(account_set_disabled(fixture->site->database,
			     fixture->author_id, true, NOW),
	    STATUS_OK);
}

static void
delete_account(struct site_fixture *fixture)
{
	site_fixture_run(fixture, "DELETE FROM author");
}

static void
test_account_changes_while_its_password_is_compared(void **state)
{
	static void (*const changes[])(struct site_fixture *) = {
		set_other_password, close_account, delete_account
	};
	struct site_fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		sign_in_while_comparing = changes[i];
		assert_int_equal(
		    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
		    STATUS_FORBIDDEN);
		assert_int_equal(sign_in_count_sessions(fixture), 0);
		site_fixture_run(fixture,
		    "UPDATE author"
		    " SET password_hash = 'new:" PASSWORD "',"
		    " disabled_at = NULL");
	}
}

/* Turned on meanwhile, codes are asked for already. */
static void
test_codes_are_turned_on_while_a_password_is_compared(void **state)
{
	struct site_fixture *fixture = *state;

	sign_in_while_comparing = sign_in_ask_for_codes;

	assert_int_equal(
	    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
	    STATUS_FORBIDDEN);
}

/* Nothing is locked meanwhile: another process goes on. */
static void
write_elsewhere(struct site_fixture *fixture)
{
	g_autofree char *path = site_path(fixture->site, "byline.db");
	struct database *other;

	assert_int_equal(
	    database_open(path, DATABASE_WRITE, &other, NULL), STATUS_OK);
	assert_int_equal(database_begin(other, true), STATUS_OK);
	assert_int_equal(
	    setting_store(other, "title", "Other", NULL), STATUS_OK);
	assert_int_equal(database_commit(other), STATUS_OK);
	database_close(other);
}

static void
test_nothing_is_locked_while_a_password_is_compared(void **state)
{
	struct site_fixture *fixture = *state;

	sign_in_while_comparing = write_elsewhere;

	assert_int_equal(
	    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
	    STATUS_OK);
	assert_string_equal(fixture->site->blog.title, "Other");
}

/* The turn to hash is another process's, and stays so. */
static void
test_others_are_hashing(void **state)
{
	struct site_fixture *fixture = *state;
	int turn =
	    open(fixture->site->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	g_autofree char *hash = NULL;

	assert_int_equal(flock(turn, LOCK_EX), 0);

	assert_int_equal(
	    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
	    STATUS_BUSY);
	assert_int_equal(
	    sign_in_hash_password(fixture->site, PASSWORD, &hash), STATUS_BUSY);

	assert_int_equal(sign_in_comparisons, 0);
	assert_int_equal(sign_in_hashings, 0);
	close(turn);
	assert_int_equal(
	    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
	    STATUS_OK);
}

/* ---- a hash of former parameters ---- */

static void
test_old_hash_is_made_anew(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *hash = NULL;

	site_fixture_run(fixture, "UPDATE author"
				  " SET password_hash = 'old:" PASSWORD "'");

	assert_int_equal(
	    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
	    STATUS_OK);

	hash = site_fixture_text(fixture, "SELECT password_hash FROM author");
	assert_string_equal(hash, "new:" PASSWORD);
	assert_int_equal(sign_in_hashings, 1);
	assert_int_equal(
	    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
	    STATUS_OK);
	assert_int_equal(sign_in_hashings, 1);
}

/* The password that was just typed is not put in the place of a newer one. */
static void
test_password_is_set_while_an_old_hash_is_made_anew(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *hash = NULL;

	site_fixture_run(fixture, "UPDATE author"
				  " SET password_hash = 'old:" PASSWORD "'");
	sign_in_while_hashing = set_other_password;

	assert_int_equal(
	    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
	    STATUS_OK);

	assert_int_equal(sign_in_hashings, 1);
	hash = site_fixture_text(fixture, "SELECT password_hash FROM author");
	assert_string_equal(hash, "new:another");
}

/* ---- being asked once more ---- */

static enum status
confirm(struct site_fixture *fixture, const char *password, int64_t now)
{
	const struct sign_in_attempt attempt = sign_in_make_attempt("", "");
	g_autofree char *hash = NULL;
	int64_t wait_until = 0;
	enum status status = sign_in_confirm(fixture->site, fixture->author_id,
	    password, &attempt, now, &hash, &wait_until);

	if (status == STATUS_OK)
		assert_string_equal(hash, "new:" PASSWORD);
	else
		assert_null(hash);
	assert_int_equal(status == STATUS_TOO_LARGE, wait_until > now);
	return status;
}

static void
test_confirm(void **state)
{
	struct site_fixture *fixture = *state;

	assert_int_equal(confirm(fixture, PASSWORD, NOW), STATUS_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(
		    confirm(fixture, "another", NOW), STATUS_FORBIDDEN);
	assert_int_equal(confirm(fixture, PASSWORD, NOW), STATUS_TOO_LARGE);
	assert_int_equal(sign_in_comparisons, 6);
	assert_int_equal(confirm(fixture, PASSWORD, NOW + 30), STATUS_OK);
	/* All is forgiven. */
	assert_int_equal(
	    confirm(fixture, "another", NOW + 30), STATUS_FORBIDDEN);
	assert_int_equal(confirm(fixture, PASSWORD, NOW + 30), STATUS_OK);
}

/* Strangers who guess keep nobody from changing a password. */
static void
test_confirm_is_counted_apart(void **state)
{
	struct site_fixture *fixture = *state;

	for (int i = 0; i < 6; i++)
		(void)!sign_in_try_password(
		    fixture, "ada@example.org", "another");

	assert_int_equal(confirm(fixture, PASSWORD, NOW), STATUS_OK);
}

static void
test_confirm_nobody(void **state)
{
	struct site_fixture *fixture = *state;
	const struct sign_in_attempt attempt = sign_in_make_attempt("", "");
	char *hash = NULL;
	int64_t wait_until = 0;

	assert_int_equal(sign_in_confirm(fixture->site, 4711, PASSWORD,
			     &attempt, NOW, &hash, &wait_until),
	    STATUS_NOT_FOUND);
}

/* ---- traces ---- */

static void
test_nothing_of_it_is_seen_by_readers(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t before =
	    site_fixture_integer(fixture, "SELECT generation FROM blog");

	(void)!sign_in_try_password(fixture, "ada@example.org", "another");
	assert_int_equal(
	    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
	    STATUS_OK);

	assert_int_equal(
	    site_fixture_integer(fixture, "SELECT generation FROM blog"),
	    before);
}

/* What `run` writes to the log. The caller frees it. */
static char *
capture_log(void (*run)(struct site_fixture *), struct site_fixture *fixture)
{
	int file = memfd_create("log", MFD_CLOEXEC);
	int before = dup(STDERR_FILENO);
	char text[8192] = "";
	ssize_t size;

	assert_true(file >= 0 && before >= 0);
	assert_int_equal(dup2(file, STDERR_FILENO), STDERR_FILENO);
	run(fixture);
	assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
	size = pread(file, text, sizeof(text) - 1, 0);
	assert_true(size >= 0);
	text[size] = '\0';
	close(file);
	close(before);
	return g_strdup(text);
}

static void
try_everything(struct site_fixture *fixture)
{
	for (int i = 0; i < 5; i++)
		(void)!sign_in_try_password(
		    fixture, "ada@example.org", "typed wrong");
	(void)!sign_in_try_password(
	    fixture, "secret typed as address", "typed wrong");
	(void)!sign_in_try(fixture,
	    sign_in_make_attempt("ada@example.org", PASSWORD), NOW + DAY);
}

static void
test_log_names_the_account_and_nothing_that_was_typed(void **state)
{
	struct site_fixture *fixture = *state;
	g_autofree char *log = capture_log(try_everything, fixture);

	assert_non_null(strstr(log, "sign_in.failed account=ada-lovelace"
				    " client=192.0.2.0/24"));
	assert_non_null(strstr(log, "sign_in.throttled account=ada-lovelace"));
	assert_non_null(strstr(log, "sign_in.failed account=-"));
	assert_non_null(strstr(log, "sign_in.ok account=ada-lovelace"));
	assert_null(strstr(log, "example.org"));
	assert_null(strstr(log, "typed"));
	assert_null(strstr(log, PASSWORD));
	assert_null(strstr(log, "192.0.2.7"));
}

/* ---- what it costs ---- */

static void
test_every_query_uses_an_index(void **state)
{
	struct site_fixture *fixture = *state;
	g_autoptr(GPtrArray) before =
	    query_plan_statements(fixture->site->database);
	g_autofree char *token = know_browser(fixture, "ada@example.org");
	struct sign_in_attempt attempt =
	    sign_in_make_attempt("ada@example.org", PASSWORD);

	attempt.browser_token = token;
	assert_int_equal(sign_in_try(fixture, attempt, NOW), STATUS_OK);
	assert_int_equal(confirm(fixture, PASSWORD, NOW), STATUS_OK);
	assert_int_equal(
	    sign_in_forget_browsers(fixture->site, fixture->author_id, token),
	    STATUS_OK);

	assert_in_range(
	    query_plan_check_new(fixture->site->database, before), 10, 30);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, sign_in_set_up, site_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_right_password),
		TEST(test_address_as_it_may_be_typed),
		TEST(test_address_in_another_script),
		cmocka_unit_test(test_whatever_is_wrong_is_one_answer),
		TEST(test_too_many_tries),
		TEST(test_too_many_tries_at_nobody),
		TEST(test_right_password_forgives),
		TEST(test_known_browser_need_not_wait),
		TEST(test_browser_is_known_for_its_own_account),
		TEST(test_browsers_that_are_known_are_few),
		TEST(test_forget_browsers_keeps_one),
		TEST(test_account_changes_while_its_password_is_compared),
		TEST(test_codes_are_turned_on_while_a_password_is_compared),
		TEST(test_nothing_is_locked_while_a_password_is_compared),
		TEST(test_others_are_hashing),
		TEST(test_old_hash_is_made_anew),
		TEST(test_password_is_set_while_an_old_hash_is_made_anew),
		TEST(test_confirm),
		TEST(test_confirm_is_counted_apart),
		TEST(test_confirm_nobody),
		TEST(test_nothing_of_it_is_seen_by_readers),
		TEST(test_every_query_uses_an_index),
		TEST(test_log_names_the_account_and_nothing_that_was_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
