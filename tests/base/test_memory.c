/*
 * test_memory.c - what is given back is there again when it is needed.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/memory.h"

#define CONSTANT_SIZE (1 << 20)

/* Pages of the program that nobody writes to, and some that are written to. */
static const char constant[CONSTANT_SIZE] = { 'a' };
static char variable[CONSTANT_SIZE] = { 'b' };

static char
sum(const volatile char *bytes)
{
	char total = 0;

	for (size_t i = 0; i < CONSTANT_SIZE; i += 512)
		total = (char)(total + bytes[i]);
	return total;
}

/* Kilobytes of this process's own files that are mapped. */
static size_t
count_mapped(void)
{
	g_autofree char *text = NULL;
	const char *line;

	assert_true(
	    g_file_get_contents("/proc/self/status", &text, NULL, NULL));
	line = strstr(text, "RssFile:");
	assert_non_null(line);
	return strtoul(line + strlen("RssFile:"), NULL, 10);
}

static void
test_memory_give_back_drops_what_is_not_needed(void **state)
{
	size_t before;

	(void)state;
	assert_int_equal(sum(constant), 'a');
	before = count_mapped();

	memory_give_back();

	assert_in_range(count_mapped(), 1, before - CONSTANT_SIZE / 1024);
}

static void
test_memory_give_back_changes_nothing(void **state)
{
	g_autofree char *kept = g_strnfill(100000, 'k');
	char *large[64];

	(void)state;
	for (size_t i = 0; i < CONSTANT_SIZE; i++)
		variable[i] = (char)(i % 251);
	for (size_t i = 0; i < G_N_ELEMENTS(large); i++)
		large[i] = g_strnfill(65536, 'x');
	for (size_t i = 0; i < G_N_ELEMENTS(large); i++)
		g_free(large[i]);

	for (int turn = 0; turn < 3; turn++)
		memory_give_back();

	assert_int_equal(sum(constant), 'a');
	for (size_t i = 0; i < CONSTANT_SIZE; i++)
		assert_int_equal(variable[i], (char)(i % 251));
	assert_int_equal(strspn(kept, "k"), 100000);
	/* What the loader has filled in is there, too. */
	assert_int_equal(g_ascii_toupper(kept[0]), 'K');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_memory_give_back_drops_what_is_not_needed),
		cmocka_unit_test(test_memory_give_back_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
