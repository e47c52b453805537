/*
 * test_paging.c - each thing of a list is on a page, and no page is empty but
 * the only one.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/paging.h"

static void
test_paging_count_fills_pages(void **state)
{
	(void)state;

	assert_int_equal(paging_count(1, 10), 1);
	assert_int_equal(paging_count(10, 10), 1);
	assert_int_equal(paging_count(11, 10), 2);
	assert_int_equal(paging_count(3, 1), 3);
	assert_int_equal(paging_count(INT64_MAX, 2), (int64_t)1 << 62);
}

static void
test_paging_count_of_nothing_is_one(void **state)
{
	(void)state;

	assert_int_equal(paging_count(0, 10), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paging_count_fills_pages),
		cmocka_unit_test(test_paging_count_of_nothing_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
