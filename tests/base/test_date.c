/*
 * test_date.c - dates written and read, compared with GDateTime where that
 * knows the answer too.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/date.h"

/* 2026-05-30T12:00:00Z, a Saturday. */
#define MAY_30 INT64_C(1780142400)

static GTimeZone *
zone_named(const char *name)
{
	GTimeZone *zone = g_time_zone_new_identifier(name);

	assert_non_null(zone);
	return zone;
}

static void
assert_reads(const char *text, GTimeZone *zone, const char *expected)
{
	int64_t time = 0;
	g_autofree char *utc = NULL;

	if (date_parse(text, zone, &time) != STATUS_OK)
		fail_msg("not read: \"%s\"", text);
	utc = date_format_rfc3339(time, NULL);
	assert_string_equal(utc, expected);
}

static void
test_parse_with_zone(void **state)
{
	static const char *const CASES[][2] = {
		{ "2013-05-06 02:12:52 +0200", "2013-05-06T00:12:52Z" },
		{ "2013-05-06 02:12:52 +02:00", "2013-05-06T00:12:52Z" },
		{ "2013-05-06 02:12:52 +02", "2013-05-06T00:12:52Z" },
		{ "2025-01-27 20:45:32 +0530", "2025-01-27T15:15:32Z" },
		{ "2019-07-02 11:21:02 -0400", "2019-07-02T15:21:02Z" },
		{ "2021-08-03T00:00:00Z", "2021-08-03T00:00:00Z" },
		{ "2021-08-03t00:00:00z", "2021-08-03T00:00:00Z" },
		{ "2021-08-03T00:00:00.123456789Z", "2021-08-03T00:00:00Z" },
		{ "2021-08-03T00:00:00,5+01:00", "2021-08-02T23:00:00Z" },
		{ "2021-08-03T00:00:00.999999999999999999Z",
		    "2021-08-03T00:00:00Z" },
		{ "2021-08-03T00:00:00.99999999999999999999999Z",
		    "2021-08-03T00:00:00Z" },
		{ "2021-08-03 00:00 UTC", "2021-08-03T00:00:00Z" },
		{ "2021-08-03 00:00:00-00:00", "2021-08-03T00:00:00Z" },
		{ "  2021-08-03T00:00:00Z \n", "2021-08-03T00:00:00Z" },
		{ "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z" },
		{ "Sat, 30 May 2026 12:00:00 +0000", "2026-05-30T12:00:00Z" },
		{ "Sat, 30 May 2026 12:00:00 GMT", "2026-05-30T12:00:00Z" },
		{ "30 May 2026 12:00 EDT", "2026-05-30T16:00:00Z" },
		{ "Sat, 30 May 2026 14:00:00 +0200 (CEST)",
		    "2026-05-30T12:00:00Z" },
		{ "1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z" },
		{ "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
	};
	g_autoptr(GTimeZone) zone = zone_named("Asia/Tokyo");
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
		assert_reads(CASES[i][0], zone, CASES[i][1]);
}

static void
test_parse_without_zone(void **state)
{
	static const char *const CASES[][2] = {
		{ "2018-03-12", "2018-03-12T11:00:00Z" }, /* noon in Berlin */
		{ "2018-07-12", "2018-07-12T10:00:00Z" }, /* in summer */
		{ "2018/07/12", "2018-07-12T10:00:00Z" },
		{ "2018-7-2", "2018-07-02T10:00:00Z" },
		{ "2018-03-12 14:00", "2018-03-12T13:00:00Z" },
		{ "2018-03-12T14:00:05", "2018-03-12T13:00:05Z" },
		{ "May 30, 2026", "2026-05-30T10:00:00Z" },
		{ "may 30 2026", "2026-05-30T10:00:00Z" },
		{ "Sept. 1, 2026", "2026-09-01T10:00:00Z" },
		{ "Sep. 1, 2026", "2026-09-01T10:00:00Z" },
		{ "December 1, 2026", "2026-12-01T11:00:00Z" },
		{ "30 May 2026", "2026-05-30T10:00:00Z" },
		{ "Saturday, 30 May 2026", "2026-05-30T10:00:00Z" },
		{ "30 May 2026 08:30", "2026-05-30T06:30:00Z" },
		/* The clocks skip from 2 to 3, and repeat the hour from 2. */
		{ "2026-03-29 02:30", "2026-03-29T01:00:00Z" },
		{ "2026-10-25 03:30", "2026-10-25T02:30:00Z" },
		{ "2024-02-29", "2024-02-29T11:00:00Z" },
		{ "2000-02-29", "2000-02-29T11:00:00Z" },
	};
	g_autoptr(GTimeZone) zone = zone_named("Europe/Berlin");
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
		assert_reads(CASES[i][0], zone, CASES[i][1]);
	assert_reads("2018-03-12", NULL, "2018-03-12T12:00:00Z");
}

/* Where the clocks go on or back: summer time in either half of the world, by
 * half an hour, a zone that changed without summer time, one that left out a
 * day. */
static void
test_parse_local(void **state)
{
	static const struct {
		const char *zone, *text;
		enum date_local local;
		const char *time;
	} cases[] = {
		{ "Europe/Berlin", "2026-03-29 01:59", DATE_LOCAL_ONCE,
		    "2026-03-29T00:59:00Z" },
		{ "Europe/Berlin", "2026-03-29 02:00", DATE_LOCAL_SKIPPED,
		    NULL },
		{ "Europe/Berlin", "2026-03-29T02:59", DATE_LOCAL_SKIPPED,
		    NULL },
		{ "Europe/Berlin", "2026-03-29 03:00", DATE_LOCAL_ONCE,
		    "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", "2026-10-25 01:59", DATE_LOCAL_ONCE,
		    "2026-10-24T23:59:00Z" },
		{ "Europe/Berlin", "2026-10-25 02:00", DATE_LOCAL_TWICE,
		    "2026-10-25T00:00:00Z" },
		{ "Europe/Berlin", "2026-10-25 02:59", DATE_LOCAL_TWICE,
		    "2026-10-25T00:59:00Z" },
		{ "Europe/Berlin", "2026-10-25 03:00", DATE_LOCAL_ONCE,
		    "2026-10-25T02:00:00Z" },
		{ "Europe/Berlin", "2026-10-25 02:30+01:00", DATE_LOCAL_ONCE,
		    "2026-10-25T01:30:00Z" },
		{ "America/New_York", "2026-11-01 01:30", DATE_LOCAL_TWICE,
		    "2026-11-01T05:30:00Z" },
		{ "Australia/Lord_Howe", "2026-04-05 01:45", DATE_LOCAL_TWICE,
		    "2026-04-04T14:45:00Z" },
		{ "Australia/Lord_Howe", "2026-04-05 02:00", DATE_LOCAL_ONCE,
		    "2026-04-04T15:30:00Z" },
		{ "Europe/Moscow", "2014-10-26 01:30", DATE_LOCAL_TWICE,
		    "2014-10-25T21:30:00Z" },
		{ "Pacific/Apia", "2011-12-30 12:00", DATE_LOCAL_SKIPPED,
		    NULL },
		{ "UTC", "2026-03-29 02:30", DATE_LOCAL_ONCE,
		    "2026-03-29T02:30:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GTimeZone) zone =
		    g_time_zone_new_identifier(cases[i].zone);
		enum date_local local = DATE_LOCAL_ONCE;
		g_autofree char *utc = NULL;
		int64_t time = 0;

		assert_int_equal(
		    date_parse_local(cases[i].text, zone, &time, &local),
		    STATUS_OK);
		utc = date_format_rfc3339(time, NULL);
		if (local != cases[i].local ||
		    (cases[i].time != NULL && strcmp(utc, cases[i].time) != 0))
			fail_msg("%s in %s is %s, %d", cases[i].text,
			    cases[i].zone, utc, (int)local);
	}
}

static void
test_parse_local_refuses(void **state)
{
	enum date_local local;
	int64_t time;

	(void)state;
	assert_int_equal(
	    date_parse_local("soon", NULL, &time, &local), STATUS_INVALID);
}

static void
test_parse_refuses(void **state)
{
	static const char *const CASES[] = { "", " ", "yesterday", "2023-02-29",
		"1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10",
		"2026-01-00", "1899-12-31", "10000-01-01", "26-05-30",
		"2026-05", "2026", "20260530", "2026-05/30", "2026-05-30T",
		"2026-05-30T24:00", "2026-05-30 12", "2026-05-30 12:60",
		"2026-05-30 12:00:61", "2026-05-30 12:00:00.",
		"2026-05-30 12:00 +25:00", "2026-05-30 12:00 +02:60",
		"2026-05-30 12:00 +2", "2026-05-30 12:00 XYZ",
		"2026-05-30 12:00 Z Z", "2026-05-30junk", "2026-05-30 12:00pm",
		"30 Mai 2026", "30 Ma 2026", "Mayo 30, 2026", "May 2026",
		"May 32, 2026", "30/05/2026", "2026-05-300", "-2026-05-30",
		"2026-05-30T12:00:00Z\xff", "99999999999999999999-01-01",
		"2026-05-30 1:2", "٢٠٢٦-٠٥-٣٠", "2026-05-30 12:00 (",
		"2026-05-30 12:00 +" };
	int64_t time = 42;
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		if (date_parse(CASES[i], NULL, &time) != STATUS_INVALID)
			fail_msg("read: \"%s\"", CASES[i]);
	}
	assert_int_equal(time, 42);
}

static void
test_parse_mutated_never_crashes(void **state)
{
	static const char *const SEEDS[] = { "2013-05-06 02:12:52 +0200",
		"Sat, 30 May 2026 12:00:00 +0000 (x)", "May 30, 2026 10:00 Z",
		"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994" };
	GRand *random = g_rand_new_with_seed(8);
	int64_t time;
	(void)state;

	for (int i = 0; i < 50000; i++) {
		g_autofree char *text =
		    g_strdup(SEEDS[i % (int)G_N_ELEMENTS(SEEDS)]);
		size_t at =
		    (size_t)g_rand_int_range(random, 0, (gint32)strlen(text));

		text[at] = (char)g_rand_int_range(random, 0, 256);
		if (date_parse(text, NULL, &time) == STATUS_OK)
			assert_in_range(time + INT64_C(2300000000), 0,
			    INT64_C(255800000000));
		if (date_parse_http(text, &time) == STATUS_OK)
			assert_true(time < INT64_C(253402300801));
	}
	g_rand_free(random);
}

static void
test_parse_http_three_forms(void **state)
{
	static const char *const CASES[] = { "Sun, 06 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994" };
	int64_t time;
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		time = 0;
		assert_int_equal(date_parse_http(CASES[i], &time), STATUS_OK);
		assert_int_equal(time, 784111777);
	}
	assert_int_equal(
	    date_parse_http("Thursday, 01-Jan-26 00:00:00 GMT", &time),
	    STATUS_OK);
	assert_int_equal(time, 1767225600);
	assert_int_equal(
	    date_parse_http("Sun Nov 16 08:49:37 1994", &time), STATUS_OK);
}

static void
test_parse_http_refuses(void **state)
{
	static const char *const CASES[] = { "", "0", "now",
		"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
		"sun, 06 nov 1994 08:49:37 gmt", "Sun, 6 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 94 08:49:37 GMT", "Sun, 31 Apr 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 24:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 GMT ", "2026-05-30T00:00:00Z",
		"Sun Nov 6 08:49:37 1994", "Sunday, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 0000 08:49:37 GMT" };
	int64_t time = 42;
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
		assert_int_equal(
		    date_parse_http(CASES[i], &time), STATUS_INVALID);
	assert_int_equal(time, 42);
}

static void
test_format_in_zones(void **state)
{
	g_autoptr(GTimeZone) berlin = zone_named("Europe/Berlin");
	g_autoptr(GTimeZone) newfoundland = zone_named("America/St_Johns");
	g_autofree char *utc = date_format_rfc3339(MAY_30, NULL);
	g_autofree char *east = date_format_rfc3339(MAY_30, berlin);
	g_autofree char *west = date_format_rfc3339(MAY_30, newfoundland);
	g_autofree char *mail = date_format_rfc5322(MAY_30);
	g_autofree char *http = date_format_http(MAY_30);
	(void)state;

	assert_string_equal(utc, "2026-05-30T12:00:00Z");
	assert_string_equal(east, "2026-05-30T14:00:00+02:00");
	assert_string_equal(west, "2026-05-30T09:30:00-02:30");
	assert_string_equal(mail, "Sat, 30 May 2026 12:00:00 +0000");
	assert_string_equal(http, "Sat, 30 May 2026 12:00:00 GMT");
}

static void
test_format_out_of_range_is_clamped(void **state)
{
	g_autoptr(GTimeZone) zone = zone_named("Europe/Berlin");
	g_autofree char *first = date_format_rfc3339(INT64_MIN, zone);
	g_autofree char *last = date_format_rfc3339(INT64_MAX, zone);
	(void)state;

	assert_true(g_str_has_prefix(first, "0001-01-01T"));
	assert_true(g_str_has_prefix(last, "9999-12-31T23:59:59"));
}

/* Every day from 1583 to 2500, and the second before it. */
static void
test_calendar_agrees_with_glib(void **state)
{
	int64_t day = date_from_civil(1583, 1, 1);
	GDate date;
	(void)state;

	g_date_clear(&date, 1);
	g_date_set_dmy(&date, 1, G_DATE_JANUARY, 1583);
	while (g_date_get_year(&date) < 2500) {
		int year, month, dom;

		date_split(day, NULL, &year, &month, &dom);
		assert_int_equal(year, g_date_get_year(&date));
		assert_int_equal(month, (int)g_date_get_month(&date));
		assert_int_equal(dom, g_date_get_day(&date));
		assert_true(date_from_civil(year, month, dom) == day);
		g_date_add_days(&date, 1);
		day += 86400;
		date_split(day - 1, NULL, &year, &month, &dom);
		assert_int_not_equal(dom, g_date_get_day(&date));
	}
}

static void
test_format_agrees_with_glib(void **state)
{
	static const char *const ZONES[] = { "UTC", "Europe/Berlin",
		"America/New_York", "Asia/Kolkata", "Pacific/Auckland" };
	GRand *random = g_rand_new_with_seed(9);
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(ZONES); i++) {
		g_autoptr(GTimeZone) zone = zone_named(ZONES[i]);

		for (int j = 0; j < 2000; j++) {
			int64_t time =
			    (int64_t)(g_rand_double_range(random, -5e8, 4e9));
			g_autoptr(GDateTime) utc =
			    g_date_time_new_from_unix_utc(time);
			g_autoptr(GDateTime) local =
			    g_date_time_to_timezone(utc, zone);
			g_autofree char *expected =
			    g_date_time_format_iso8601(local);
			g_autofree char *ours = date_format_rfc3339(time, zone);
			g_autofree char *mail = date_format_rfc5322(time);
			int64_t back;

			/* GLib leaves out ":00", and "+00" is our "Z". */
			assert_memory_equal(ours, expected, 19);
			assert_int_equal(
			    date_parse(ours, NULL, &back), STATUS_OK);
			assert_true(back == time);
			assert_int_equal(
			    date_parse(mail, zone, &back), STATUS_OK);
			assert_true(back == time);
		}
	}
	g_rand_free(random);
}

static void
test_format_http_weekdays(void **state)
{
	static const char DAYS[] = "ThuFriSatSunMonTueWed";
	(void)state;

	for (int64_t day = -7000; day < 7000; day++) {
		g_autofree char *text = date_format_http(day * 86400);
		int64_t back;

		assert_memory_equal(text, DAYS + 3 * (((day % 7) + 7) % 7), 3);
		assert_int_equal(date_parse_http(text, &back), STATUS_OK);
		assert_true(back == day * 86400);
	}
}

static void
test_format_words_in_languages(void **state)
{
	static const struct {
		const char *language;
		const char *long_form, *day_first;
	} CASES[] = {
		{ "en", "May 30, 2026", "30 May 2026" },
		{ "en-GB", "May 30, 2026", "30 May 2026" },
		{ "de", "30. Mai 2026", "30. Mai 2026" },
		{ "de-AT", "30. Mai 2026", "30. Mai 2026" },
		{ "fr", "30 mai 2026", "30 mai 2026" },
		{ "es", "30 de mayo de 2026", "30 de mayo de 2026" },
		{ "it", "30 maggio 2026", "30 maggio 2026" },
		{ "pt-BR", "30 de maio de 2026", "30 de maio de 2026" },
		{ "nl", "30 mei 2026", "30 mei 2026" },
		{ "ar", "30 مايو 2026", "30 مايو 2026" },
		{ "he", "30 במאי 2026", "30 במאי 2026" },
		{ "fa", "30 مهٔ 2026", "30 مهٔ 2026" },
		{ "ja", "2026年5月30日", "2026年5月30日" },
		{ "zh-Hant-TW", "2026年5月30日", "2026年5月30日" },
		{ "EN", "May 30, 2026", "30 May 2026" },
		{ "tlh", "2026-05-30", "2026-05-30" },
		{ "e", "2026-05-30", "2026-05-30" },
		{ "eng", "2026-05-30", "2026-05-30" },
		{ "", "2026-05-30", "2026-05-30" },
		{ NULL, "2026-05-30", "2026-05-30" },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		const char *language = CASES[i].language;
		g_autofree char *long_form =
		    date_format_words(MAY_30, NULL, DATE_STYLE_LONG, language);
		g_autofree char *day_first = date_format_words(
		    MAY_30, NULL, DATE_STYLE_DAY_FIRST, language);
		g_autofree char *iso =
		    date_format_words(MAY_30, NULL, DATE_STYLE_ISO, language);

		assert_string_equal(long_form, CASES[i].long_form);
		assert_string_equal(day_first, CASES[i].day_first);
		assert_string_equal(iso, "2026-05-30");
	}
}

static void
test_format_words_first_of_month_and_zone(void **state)
{
	g_autoptr(GTimeZone) tokyo = zone_named("Asia/Tokyo");
	int64_t evening = date_from_civil(2026, 4, 30) + 20 * 3600;
	g_autofree char *french =
	    date_format_words(evening, tokyo, DATE_STYLE_LONG, "fr");
	g_autofree char *english =
	    date_format_words(evening, NULL, DATE_STYLE_LONG, "en");
	(void)state;

	assert_string_equal(french, "1er mai 2026");
	assert_string_equal(english, "April 30, 2026");
}

static void
test_days_in_month_and_leap_years(void **state)
{
	(void)state;

	assert_true(date_is_leap_year(2024));
	assert_true(date_is_leap_year(2000));
	assert_false(date_is_leap_year(1900));
	assert_false(date_is_leap_year(2023));
	assert_int_equal(date_days_in_month(2024, 2), 29);
	assert_int_equal(date_days_in_month(2023, 2), 28);
	assert_int_equal(date_days_in_month(2023, 12), 31);
	assert_int_equal(date_days_in_month(2023, 0), 0);
	assert_int_equal(date_days_in_month(2023, 13), 0);
}

static void
test_now_is_the_clock(void **state)
{
	int64_t before = (int64_t)time(NULL);
	int64_t now = date_now();
	(void)state;

	assert_true(now >= before);
	assert_true(now <= (int64_t)time(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_with_zone),
		cmocka_unit_test(test_parse_without_zone),
		cmocka_unit_test(test_parse_local),
		cmocka_unit_test(test_parse_local_refuses),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_parse_mutated_never_crashes),
		cmocka_unit_test(test_parse_http_three_forms),
		cmocka_unit_test(test_parse_http_refuses),
		cmocka_unit_test(test_format_in_zones),
		cmocka_unit_test(test_format_out_of_range_is_clamped),
		cmocka_unit_test(test_calendar_agrees_with_glib),
		cmocka_unit_test(test_format_agrees_with_glib),
		cmocka_unit_test(test_format_http_weekdays),
		cmocka_unit_test(test_format_words_in_languages),
		cmocka_unit_test(test_format_words_first_of_month_and_zone),
		cmocka_unit_test(test_days_in_month_and_leap_years),
		cmocka_unit_test(test_now_is_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
