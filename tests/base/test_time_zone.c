/*
 * test_time_zone.c - names of the tz database are zones, and nothing else is.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/time_zone.h"

/* Seconds east of UTC on 2026-07-01. */
static int
offset_in_summer(GTimeZone *zone)
{
	return g_time_zone_get_offset(zone,
	    g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, 1782864000));
}

static void
test_new_finds_names(void **state)
{
	static const struct {
		const char *name;
		int offset;
	} zones[] = {
		{ "UTC", 0 },
		{ "Europe/Berlin", 7200 },
		{ "America/Argentina/Buenos_Aires", -10800 },
		{ "Etc/GMT+3", -10800 },
		{ "Japan", 32400 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
		g_autoptr(GTimeZone) zone = time_zone_new(zones[i].name);

		assert_non_null(zone);
		assert_int_equal(offset_in_summer(zone), zones[i].offset);
	}
}

static void
test_new_finds_nothing_else(void **state)
{
	static const char *const wrong[] = { "", "Z", "+02:00", "UTC+3", "EST5",
		"CET-1CEST", "Europe", "Europe/", "Europe//Berlin",
		"Europe/Nowhere", "europe/berlin", "/usr/share/zoneinfo/UTC",
		"../../../etc/passwd", "Europe/../UTC", "posix/UTC",
		"right/UTC", "posixrules", "localtime", "zone.tab", "tzdata.zi",
		"leapseconds", "Europe/Berlin\n" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GTimeZone) zone = time_zone_new(wrong[i]);

		if (zone != NULL)
			fail_msg("\"%s\" is a zone", wrong[i]);
	}
}

static void
test_list_is_of_zones(void **state)
{
	g_autoptr(GPtrArray) names = time_zone_list();
	bool has_berlin = false;

	(void)state;
	assert_true(names->len > 200);
	assert_string_equal(g_ptr_array_index(names, 0), "UTC");
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autoptr(GTimeZone) zone = time_zone_new(name);

		if (zone == NULL)
			fail_msg("\"%s\" is no zone", name);
		has_berlin = has_berlin || g_str_equal(name, "Europe/Berlin");
		if (i > 1)
			assert_true(
			    strcmp(g_ptr_array_index(names, i - 1), name) < 0);
	}
	assert_true(has_berlin);
}

/* A machine without the database goes on in UTC. */
static void
test_list_without_the_database(void **state)
{
	(void)state;
	assert_true(g_setenv("TZDIR", "/nonexistent", TRUE));
	{
		g_autoptr(GPtrArray) names = time_zone_list();

		assert_int_equal(names->len, 1);
	}
	g_unsetenv("TZDIR");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_finds_names),
		cmocka_unit_test(test_new_finds_nothing_else),
		cmocka_unit_test(test_list_is_of_zones),
		cmocka_unit_test(test_list_without_the_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
