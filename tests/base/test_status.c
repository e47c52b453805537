/*
 * test_status.c - statuses have names, and errors carry them.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/status.h"

static void
test_status_name_tells_all_apart(void **state)
{
	(void)state;

	for (int i = STATUS_OK; i <= STATUS_FAILED; i++) {
		const char *name = status_name((enum status)i);

		assert_string_not_equal(name, "unknown");
		for (int j = STATUS_OK; j < i; j++)
			assert_string_not_equal(
			    name, status_name((enum status)j));
	}
}

static void
test_status_fail_sets_error(void **state)
{
	g_autoptr(GError) error = NULL;
	enum status status;
	(void)state;

	status = status_fail(&error, STATUS_CONFLICT, "%s:%d", "file", 7);

	assert_int_equal(status, STATUS_CONFLICT);
	assert_true(g_error_matches(error, BYLINE_ERROR, STATUS_CONFLICT));
	assert_string_equal(error->message, "file:7");
	assert_string_equal(
	    g_quark_to_string(error->domain), "byline-error-quark");
}

static void
test_status_fail_without_error(void **state)
{
	enum status status;
	(void)state;

	status = status_fail(NULL, STATUS_BUSY, "%s", "nobody reads this");

	assert_int_equal(status, STATUS_BUSY);
}

static void
test_status_of_error_ours_and_others(void **state)
{
	g_autoptr(GError) ours =
	    g_error_new_literal(BYLINE_ERROR, STATUS_TOO_LARGE, "large");
	g_autoptr(GError) wrong = g_error_new_literal(BYLINE_ERROR, 99, "?");
	g_autoptr(GError) file =
	    g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_EXIST, "exists");
	(void)state;

	assert_int_equal(status_of_error(ours), STATUS_TOO_LARGE);
	assert_int_equal(status_of_error(wrong), STATUS_FAILED);
	assert_int_equal(status_of_error(file), STATUS_FAILED);
	assert_int_equal(status_of_error(NULL), STATUS_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_name_tells_all_apart),
		cmocka_unit_test(test_status_fail_sets_error),
		cmocka_unit_test(test_status_fail_without_error),
		cmocka_unit_test(test_status_of_error_ours_and_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
