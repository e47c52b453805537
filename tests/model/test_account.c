/*
 * test_account.c - the part of an author that signs in.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/token.h"
#include "fixture.h"
#include "model/account.h"
#include "model/author.h"

#define SECRET "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

static struct account
read_account(struct fixture *fixture)
{
	struct account account;

	assert_int_equal(
	    account_read(fixture->database, fixture->author_id, &account),
	    STATUS_OK);
	return account;
}

static int64_t
add_author(struct fixture *fixture, const char *name)
{
	const struct author_draft draft = { .name = name };
	int64_t id = 0;

	assert_int_equal(
	    author_add(fixture->database, &draft, NOW, &id, NULL), STATUS_OK);
	return id;
}

static int64_t
count_codes(struct fixture *fixture, int64_t author_id)
{
	int64_t count = -1;

	assert_int_equal(
	    account_count_recovery_codes(fixture->database, author_id, &count),
	    STATUS_OK);
	return count;
}

static void
test_find_by_address_in_any_case(void **state)
{
	static const char *const addresses[] = { "ada@example.org",
		"ADA@example.org", "Ada@Example.ORG" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
		struct account account;

		assert_int_equal(
		    account_find(fixture->database, addresses[i], &account),
		    STATUS_OK);
		assert_int_equal(account.author_id, fixture->author_id);
		assert_string_equal(account.handle, "ada-lovelace");
		assert_null(account.password_hash);
		assert_null(account.code_secret);
		assert_int_equal(account.code_step, 0);
		assert_false(account.is_disabled);
		account_release(&account);
		assert_int_equal(account.author_id, 0);
	}
}

/* Nobody without an address is found by the want of one. */
static void
test_find_nobody(void **state)
{
	static const char *const addresses[] = { "", "grace@example.org", "ada",
		"ada@example.org ", "%", "ada@example.or_" };
	struct fixture *fixture = *state;
	struct account account;

	add_author(fixture, "Grace");

	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
		assert_int_equal(
		    account_find(fixture->database, addresses[i], &account),
		    STATUS_NOT_FOUND);
	assert_int_equal(
	    account_read(fixture->database, 4711, &account), STATUS_NOT_FOUND);
}

static void
test_is_there_once_somebody_has_a_password(void **state)
{
	struct fixture *fixture = *state;
	bool is_there = true;

	assert_int_equal(
	    account_is_there(fixture->database, &is_there), STATUS_OK);
	assert_false(is_there);

	assert_int_equal(account_set_password(fixture->database,
			     fixture->author_id, "hash", NOW),
	    STATUS_OK);

	assert_int_equal(
	    account_is_there(fixture->database, &is_there), STATUS_OK);
	assert_true(is_there);
}

/* Who closed the only account has not opened the blog to the next one. */
static void
test_is_there_when_all_are_closed(void **state)
{
	struct fixture *fixture = *state;
	bool is_there = false;

	assert_int_equal(account_set_password(fixture->database,
			     fixture->author_id, "hash", NOW),
	    STATUS_OK);
	assert_int_equal(account_set_disabled(
			     fixture->database, fixture->author_id, true, NOW),
	    STATUS_OK);

	assert_int_equal(
	    account_is_there(fixture->database, &is_there), STATUS_OK);
	assert_true(is_there);
}

static void
test_set_password(void **state)
{
	struct fixture *fixture = *state;
	struct account account;

	assert_int_equal(account_set_password(fixture->database,
			     fixture->author_id, "hash", NOW + 1),
	    STATUS_OK);
	account = read_account(fixture);
	assert_string_equal(account.password_hash, "hash");
	account_release(&account);

	assert_int_equal(account_set_password(fixture->database,
			     fixture->author_id, NULL, NOW + 2),
	    STATUS_OK);
	account = read_account(fixture);
	assert_null(account.password_hash);
	account_release(&account);
	assert_int_equal(
	    account_set_password(fixture->database, 4711, "hash", NOW),
	    STATUS_NOT_FOUND);
}

static void
test_set_disabled_and_back(void **state)
{
	struct fixture *fixture = *state;
	struct account account;

	assert_int_equal(account_set_disabled(
			     fixture->database, fixture->author_id, true, NOW),
	    STATUS_OK);
	account = read_account(fixture);
	assert_true(account.is_disabled);
	account_release(&account);

	assert_int_equal(account_set_disabled(
			     fixture->database, fixture->author_id, false, NOW),
	    STATUS_OK);
	account = read_account(fixture);
	assert_false(account.is_disabled);
	account_release(&account);
	assert_int_equal(
	    account_set_disabled(fixture->database, 4711, true, NOW),
	    STATUS_NOT_FOUND);
}

static void
test_note_sign_in(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(account_note_sign_in(
			     fixture->database, fixture->author_id, NOW + 7),
	    STATUS_OK);

	assert_int_equal(
	    fixture_integer(fixture, "SELECT signed_in_at FROM author"),
	    NOW + 7);
}

/* What an author does at the desk before a text is published is nothing that
 * readers see: their pages stay as they are. */
static void
test_nothing_of_it_is_seen_by_readers(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t id = fixture->author_id;
	int64_t before =
	    fixture_integer(fixture, "SELECT generation FROM blog");

	assert_int_equal(
	    account_set_password(database, id, "hash", NOW), STATUS_OK);
	assert_int_equal(account_note_sign_in(database, id, NOW), STATUS_OK);
	assert_int_equal(
	    account_set_disabled(database, id, true, NOW), STATUS_OK);
	assert_int_equal(
	    account_set_code_secret(database, id, SECRET), STATUS_OK);
	assert_int_equal(account_use_code(database, id, 5), STATUS_OK);

	assert_int_equal(
	    fixture_integer(fixture, "SELECT generation FROM blog"), before);
}

static void
test_set_code_secret(void **state)
{
	struct fixture *fixture = *state;
	struct account account;

	assert_int_equal(account_set_code_secret(
			     fixture->database, fixture->author_id, SECRET),
	    STATUS_OK);
	account = read_account(fixture);
	assert_string_equal(account.code_secret, SECRET);
	account_release(&account);

	assert_int_equal(account_set_code_secret(
			     fixture->database, fixture->author_id, NULL),
	    STATUS_OK);
	account = read_account(fixture);
	assert_null(account.code_secret);
	account_release(&account);
	assert_int_equal(
	    account_set_code_secret(fixture->database, 4711, SECRET),
	    STATUS_NOT_FOUND);
}

static void
test_set_code_secret_forgets_what_was_used_with_the_former(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t id = fixture->author_id;
	int64_t other = add_author(fixture, "Grace");

	assert_int_equal(
	    account_set_code_secret(database, id, SECRET), STATUS_OK);
	assert_int_equal(account_use_code(database, id, 100), STATUS_OK);
	assert_int_equal(
	    account_add_recovery_code(database, id, "a"), STATUS_OK);
	assert_int_equal(
	    account_add_recovery_code(database, other, "a"), STATUS_OK);

	assert_int_equal(
	    account_set_code_secret(database, id, SECRET), STATUS_OK);

	assert_int_equal(count_codes(fixture, id), 0);
	assert_int_equal(count_codes(fixture, other), 1);
	assert_int_equal(account_use_code(database, id, 1), STATUS_OK);
}

/* Each step once, and none after a later one: who looks over a shoulder, or
 * keeps a code back, has nothing. */
static void
test_use_code_once(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t id = fixture->author_id;
	int64_t other = add_author(fixture, "Grace");

	assert_int_equal(account_use_code(database, id, 100), STATUS_OK);
	assert_int_equal(account_use_code(database, id, 100), STATUS_CONFLICT);
	assert_int_equal(account_use_code(database, id, 99), STATUS_CONFLICT);
	assert_int_equal(account_use_code(database, other, 100), STATUS_OK);
	assert_int_equal(account_use_code(database, id, 101), STATUS_OK);
}

static void
test_use_recovery_code_once(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t id = fixture->author_id;
	int64_t other = add_author(fixture, "Grace");

	assert_int_equal(
	    account_add_recovery_code(database, id, "one"), STATUS_OK);
	assert_int_equal(
	    account_add_recovery_code(database, id, "two"), STATUS_OK);
	assert_int_equal(count_codes(fixture, id), 2);

	assert_int_equal(account_use_recovery_code(database, other, "one"),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    account_use_recovery_code(database, id, "none"), STATUS_NOT_FOUND);
	assert_int_equal(
	    account_use_recovery_code(database, id, "one"), STATUS_OK);
	assert_int_equal(
	    account_use_recovery_code(database, id, "one"), STATUS_NOT_FOUND);
	assert_int_equal(count_codes(fixture, id), 1);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find_by_address_in_any_case),
		TEST(test_find_nobody),
		TEST(test_is_there_once_somebody_has_a_password),
		TEST(test_is_there_when_all_are_closed),
		TEST(test_set_password),
		TEST(test_set_disabled_and_back),
		TEST(test_note_sign_in),
		TEST(test_nothing_of_it_is_seen_by_readers),
		TEST(test_set_code_secret),
		TEST(
		    test_set_code_secret_forgets_what_was_used_with_the_former),
		TEST(test_use_code_once),
		TEST(test_use_recovery_code_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
