/*
 * test_account_closed.c - an account that is switched off, and on again: who
 * has it is outside at once, whatever they could come in by.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/account.h"
#include "model/one_time_link.h"
#include "sign_in_fixture.h"

static enum status
switch_account(struct site_fixture *fixture, int64_t id,
    enum status (*change)(
	struct database *database, int64_t author_id, int64_t now))
{
	enum status status = site_begin_write(fixture->site, NOW);

	assert_int_equal(status, STATUS_OK);
	return site_end_write(
	    fixture->site, change(fixture->site->database, id, NOW));
}

static void
test_close_account_ends_all_that_lets_in(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t grace = sign_in_add_author(fixture, "grace@example.org");
	const struct one_time_link_draft drafts[] = {
		{ .purpose = LINK_PURPOSE_INVITATION, .invited_by = grace },
		{ .purpose = LINK_PURPOSE_RESET, .author_id = grace },
		{ .purpose = LINK_PURPOSE_INVITATION,
		    .invited_by = fixture->author_id },
	};

	assert_int_equal(
	    sign_in_try_password(fixture, "grace@example.org", PASSWORD),
	    STATUS_OK);
	assert_int_equal(
	    sign_in_try_password(fixture, "ada@example.org", PASSWORD),
	    STATUS_OK);
	for (size_t i = 0; i < G_N_ELEMENTS(drafts); i++) {
		g_autofree char *token = NULL;

		assert_int_equal(one_time_link_make(fixture->site->database,
				     &drafts[i], NOW, &token),
		    STATUS_OK);
	}

	assert_int_equal(
	    switch_account(fixture, grace, account_close), STATUS_OK);

	assert_int_equal(sign_in_count_sessions(fixture), 1);
	assert_int_equal(
	    site_fixture_integer(fixture, "SELECT count(*) FROM one_time_link"),
	    1);
	assert_int_equal(
	    site_fixture_integer(fixture, "SELECT count(*) FROM known_browser"),
	    1);
	assert_int_not_equal(
	    sign_in_try_password(fixture, "grace@example.org", PASSWORD),
	    STATUS_OK);
}

/* Who keeps a link of theirs would go on reading what is written next. */
static void
test_close_account_ends_its_preview_links(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t grace = sign_in_add_author(fixture, "grace@example.org");

	site_fixture_run(fixture,
	    "INSERT INTO article (id, slug, path, title, created_at,"
	    " updated_at) VALUES (7, 'a', '/a', 'A', 0, 0)");
	site_fixture_run(fixture,
	    "INSERT INTO preview_link SELECT name, 7, id, 0"
	    " FROM author");

	assert_int_equal(
	    switch_account(fixture, grace, account_close), STATUS_OK);

	assert_int_equal(site_fixture_integer(fixture,
			     "SELECT sum(created_by) FROM preview_link"),
	    fixture->author_id);
}

static void
test_open_account_lets_in_by_the_same_password(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t grace = sign_in_add_author(fixture, "grace@example.org");

	assert_int_equal(
	    switch_account(fixture, grace, account_close), STATUS_OK);
	assert_int_equal(
	    switch_account(fixture, grace, account_open), STATUS_OK);

	assert_int_equal(
	    sign_in_try_password(fixture, "grace@example.org", PASSWORD),
	    STATUS_OK);
}

/* One who is switched off is no owner who could help. */
static void
test_close_account_of_the_last_owner(void **state)
{
	struct site_fixture *fixture = *state;
	int64_t grace = sign_in_add_author(fixture, "grace@example.org");

	site_fixture_run(
	    fixture, "UPDATE author SET role = 'editor' WHERE name = 'Grace'");
	assert_int_equal(
	    switch_account(fixture, fixture->author_id, account_close),
	    STATUS_CONFLICT);
	site_fixture_run(fixture, "UPDATE author SET role = 'owner'");
	assert_int_equal(
	    switch_account(fixture, grace, account_close), STATUS_OK);
	assert_int_equal(
	    switch_account(fixture, fixture->author_id, account_close),
	    STATUS_CONFLICT);

	assert_int_equal(
	    site_fixture_integer(fixture,
		"SELECT count(*) FROM author WHERE disabled_at IS NULL"),
	    1);
	assert_int_equal(
	    switch_account(fixture, 4711, account_close), STATUS_NOT_FOUND);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, sign_in_set_up, site_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_close_account_ends_all_that_lets_in),
		TEST(test_close_account_ends_its_preview_links),
		TEST(test_open_account_lets_in_by_the_same_password),
		TEST(test_close_account_of_the_last_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
