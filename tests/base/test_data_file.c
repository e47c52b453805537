/*
 * test_data_file.c - where the folder of data files is looked for.
 */
#include "config.h"

#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "base/data_file.h"

static void
test_directory_from_environment(void **state)
{
	g_autofree char *directory = NULL;
	(void)state;
	g_setenv("BYLINE_DATADIR", "/somewhere/else", TRUE);

	directory = data_file_directory();

	assert_string_equal(directory, "/somewhere/else");
	g_unsetenv("BYLINE_DATADIR");
}

static void
test_directory_from_configure(void **state)
{
	g_autofree char *directory = NULL;
	(void)state;
	g_setenv("BYLINE_DATADIR", "", TRUE);

	directory = data_file_directory();

	assert_string_equal(directory, BYLINE_DATADIR);
	g_unsetenv("BYLINE_DATADIR");
}

/* share/byline so many folders above our own, for the time of the test. */
static void
assert_found_above(int folders)
{
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(program);
	g_autofree char *one_up = g_path_get_dirname(folder);
	g_autofree char *two_up = g_path_get_dirname(one_up);
	g_autofree char *share =
	    g_build_filename(folders == 1 ? one_up : two_up, "share", NULL);
	g_autofree char *beside = g_build_filename(share, "byline", NULL);
	g_autofree char *directory = NULL;

	assert_int_equal(g_mkdir_with_parents(beside, 0755), 0);

	directory = data_file_directory();

	rmdir(beside);
	rmdir(share);
	assert_string_equal(directory, beside);
}

/* As of bin/byline, and of libexec/byline/byline.fcgi. */
static void
test_directory_beside_the_program(void **state)
{
	(void)state;

	assert_found_above(1);
	assert_found_above(2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_directory_from_environment),
		cmocka_unit_test(test_directory_from_configure),
		cmocka_unit_test(test_directory_beside_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
