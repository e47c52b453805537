/*
 * test_one_time_link.c - links that let somebody in once, for one purpose, for
 * a week.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/token.h"
#include "fixture.h"
#include "model/one_time_link.h"

#define HOUR ((int64_t)3600)

static char *
make(struct fixture *fixture, const struct one_time_link_draft *draft,
    int64_t now)
{
	char *token = NULL;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(
	    one_time_link_make(fixture->database, draft, now, &token),
	    STATUS_OK);
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
	return token;
}

static char *
make_setup(struct fixture *fixture, int64_t now)
{
	const struct one_time_link_draft draft = {
		.purpose = LINK_PURPOSE_SETUP, .role = AUTHOR_ROLE_OWNER
	};

	return make(fixture, &draft, now);
}

static char *
make_reset(struct fixture *fixture, int64_t author_id, int64_t now)
{
	const struct one_time_link_draft draft = {
		.purpose = LINK_PURPOSE_RESET, .author_id = author_id
	};

	return make(fixture, &draft, now);
}

static char *
make_invitation(struct fixture *fixture, const char *email, int64_t now)
{
	const struct one_time_link_draft draft = {
		.purpose = LINK_PURPOSE_INVITATION,
		.name = "Grace",
		.email = email,
		.role = AUTHOR_ROLE_EDITOR,
		.invited_by = fixture->author_id,
	};

	return make(fixture, &draft, now);
}

static bool
is_good(struct fixture *fixture, enum link_purpose purpose, const char *token,
    int64_t now)
{
	struct one_time_link link;
	enum status status =
	    one_time_link_find(fixture->database, purpose, token, now, &link);

	if (status == STATUS_NOT_FOUND)
		return false;
	assert_int_equal(status, STATUS_OK);
	one_time_link_release(&link);
	return true;
}

static enum status
use(struct fixture *fixture, const char *token)
{
	g_autofree char *hash = token_hash(token);

	return one_time_link_use(fixture->database, hash);
}

static void
test_make_stores_a_hash_alone(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = make_setup(fixture, NOW);
	g_autofree char *hash = token_hash(token);
	g_autofree char *stored = fixture_text(
	    fixture, "SELECT token_hash || name || email FROM one_time_link");

	assert_int_equal(strlen(token), TOKEN_LENGTH);
	assert_string_equal(stored, hash);
}

static void
test_find_says_what_it_is_for(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token =
	    make_invitation(fixture, "grace@example.org", NOW);
	g_autofree char *hash = token_hash(token);
	struct one_time_link link;

	assert_int_equal(one_time_link_find(fixture->database,
			     LINK_PURPOSE_INVITATION, token, NOW + 1, &link),
	    STATUS_OK);

	assert_int_equal(link.purpose, LINK_PURPOSE_INVITATION);
	assert_int_equal(link.author_id, 0);
	assert_string_equal(link.name, "Grace");
	assert_string_equal(link.email, "grace@example.org");
	assert_int_equal(link.role, AUTHOR_ROLE_EDITOR);
	assert_int_equal(link.created_at, NOW);
	assert_int_equal(link.expires_at, NOW + ONE_TIME_LINK_SECONDS);
	assert_string_equal(link.token_hash, hash);
	one_time_link_release(&link);
}

/* A mail scanner that looks at it fifty times takes nothing from anybody. */
static void
test_find_uses_nothing_up(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = make_setup(fixture, NOW);

	for (int i = 0; i < 50; i++)
		assert_true(is_good(fixture, LINK_PURPOSE_SETUP, token, NOW));
	assert_int_equal(use(fixture, token), STATUS_OK);
}

static void
test_find_for_another_purpose(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *setup = make_setup(fixture, NOW);
	g_autofree char *reset = make_reset(fixture, fixture->author_id, NOW);
	g_autofree char *hash = token_hash(setup);

	assert_false(is_good(fixture, LINK_PURPOSE_RESET, setup, NOW));
	assert_false(is_good(fixture, LINK_PURPOSE_INVITATION, setup, NOW));
	assert_false(is_good(fixture, LINK_PURPOSE_SETUP, reset, NOW));
	assert_false(is_good(fixture, LINK_PURPOSE_SETUP, hash, NOW));
	assert_false(is_good(fixture, LINK_PURPOSE_SETUP, "", NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_SETUP, setup, NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_RESET, reset, NOW));
}

static void
test_find_until_its_time_is_over(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = make_setup(fixture, NOW);
	int64_t end = NOW + ONE_TIME_LINK_SECONDS;

	assert_true(is_good(fixture, LINK_PURPOSE_SETUP, token, end - 1));
	assert_false(is_good(fixture, LINK_PURPOSE_SETUP, token, end));
}

/* One that was made while the clock was ahead is not good for years. */
static void
test_find_with_a_clock_that_jumped(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = make_setup(fixture, NOW);
	g_autofree char *ahead = make_setup(fixture, NOW + 3650 * (int64_t)DAY);

	assert_false(is_good(fixture, LINK_PURPOSE_SETUP, ahead, NOW));
	assert_false(is_good(fixture, LINK_PURPOSE_SETUP, token, NOW));

	/* The clock was an hour ahead when it was made. */
	g_free(token);
	token = make_setup(fixture, NOW + HOUR);
	assert_true(is_good(fixture, LINK_PURPOSE_SETUP, token, NOW));
}

static void
test_use_once(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = make_setup(fixture, NOW);
	g_autofree char *other = make_setup(fixture, NOW);

	assert_int_equal(use(fixture, token), STATUS_OK);
	assert_int_equal(use(fixture, token), STATUS_NOT_FOUND);
	assert_false(is_good(fixture, LINK_PURPOSE_SETUP, token, NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_SETUP, other, NOW));
}

/* What failed after it was used has not used it up. */
static void
test_use_is_undone_with_its_transaction(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *token = make_setup(fixture, NOW);

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	assert_int_equal(use(fixture, token), STATUS_OK);
	database_rollback(fixture->database);

	assert_true(is_good(fixture, LINK_PURPOSE_SETUP, token, NOW));
}

static void
test_make_ends_the_reset_before(void **state)
{
	struct fixture *fixture = *state;
	const struct author_draft draft = { .name = "Grace" };
	int64_t grace = 0;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	g_autofree char *foreign = NULL;
	g_autofree char *setup = make_setup(fixture, NOW);

	assert_int_equal(
	    author_add(fixture->database, &draft, NOW, &grace, NULL),
	    STATUS_OK);
	first = make_reset(fixture, fixture->author_id, NOW);
	foreign = make_reset(fixture, grace, NOW);
	second = make_reset(fixture, fixture->author_id, NOW);

	assert_false(is_good(fixture, LINK_PURPOSE_RESET, first, NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_RESET, second, NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_RESET, foreign, NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_SETUP, setup, NOW));
}

static void
test_make_sweeps_what_is_over(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 10; i++)
		g_free(make_setup(fixture, NOW));
	g_free(make_setup(fixture, NOW + ONE_TIME_LINK_SECONDS));

	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM one_time_link"), 1);
}

static void
test_link_goes_with_its_author(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *reset = make_reset(fixture, fixture->author_id, NOW);
	g_autofree char *invitation = make_invitation(fixture, "a@b.org", NOW);

	fixture_run(fixture, "DELETE FROM author");

	assert_false(is_good(fixture, LINK_PURPOSE_RESET, reset, NOW));
	assert_false(
	    is_good(fixture, LINK_PURPOSE_INVITATION, invitation, NOW));
}

static void
test_end_all_of_a_purpose(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *one = make_setup(fixture, NOW);
	g_autofree char *other = make_setup(fixture, NOW);
	g_autofree char *reset = make_reset(fixture, fixture->author_id, NOW);

	assert_int_equal(
	    one_time_link_end_all(fixture->database, LINK_PURPOSE_SETUP),
	    STATUS_OK);

	assert_false(is_good(fixture, LINK_PURPOSE_SETUP, one, NOW));
	assert_false(is_good(fixture, LINK_PURPOSE_SETUP, other, NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_RESET, reset, NOW));
}

static void
test_end_invitations_of_one_author(void **state)
{
	struct fixture *fixture = *state;
	const struct author_draft author = { .name = "Grace" };
	struct one_time_link_draft draft = { .purpose =
						 LINK_PURPOSE_INVITATION };
	g_autofree char *own = make_invitation(fixture, "a@b.org", NOW);
	g_autofree char *reset = make_reset(fixture, fixture->author_id, NOW);
	g_autofree char *shell = make(fixture, &draft, NOW);
	g_autofree char *foreign = NULL;

	assert_int_equal(author_add(fixture->database, &author, NOW,
			     &draft.invited_by, NULL),
	    STATUS_OK);
	foreign = make(fixture, &draft, NOW);

	assert_int_equal(one_time_link_end_invitations(
			     fixture->database, fixture->author_id),
	    STATUS_OK);

	assert_false(is_good(fixture, LINK_PURPOSE_INVITATION, own, NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_INVITATION, foreign, NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_INVITATION, shell, NOW));
	assert_true(is_good(fixture, LINK_PURPOSE_RESET, reset, NOW));
}

static void
test_list_has_the_newest_first(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *over =
	    make_invitation(fixture, "over@b.org", NOW - 8 * (int64_t)DAY);
	g_autofree char *first = make_invitation(fixture, "first@b.org", NOW);
	g_autofree char *second =
	    make_invitation(fixture, "second@b.org", NOW + 1);
	g_autofree char *setup = make_setup(fixture, NOW);
	g_autoptr(GPtrArray) links = NULL;
	const struct one_time_link *link;

	assert_int_equal(one_time_link_list(fixture->database,
			     LINK_PURPOSE_INVITATION, NOW + 2, &links),
	    STATUS_OK);

	assert_int_equal(links->len, 2);
	link = g_ptr_array_index(links, 0);
	assert_string_equal(link->email, "second@b.org");
	link = g_ptr_array_index(links, 1);
	assert_string_equal(link->email, "first@b.org");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_make_stores_a_hash_alone),
		TEST(test_find_says_what_it_is_for),
		TEST(test_find_uses_nothing_up),
		TEST(test_find_for_another_purpose),
		TEST(test_find_until_its_time_is_over),
		TEST(test_find_with_a_clock_that_jumped),
		TEST(test_use_once),
		TEST(test_use_is_undone_with_its_transaction),
		TEST(test_make_ends_the_reset_before),
		TEST(test_make_sweeps_what_is_over),
		TEST(test_link_goes_with_its_author),
		TEST(test_end_all_of_a_purpose),
		TEST(test_end_invitations_of_one_author),
		TEST(test_list_has_the_newest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
