/*
 * fuzz_date.c - any bytes as a date of front matter and of HTTP: what is read
 * is a moment that is written and read again as the same.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(bool is_right)
{
	if (!is_right)
		abort();
}

static void
check_written(const char *text, GTimeZone *zone)
{
	g_autofree char *again = NULL;
	int64_t time, second_time;

	if (date_parse(text, zone, &time) != STATUS_OK)
		return;
	/* A zone may carry the ends of the years that are read beyond them. */
	check(time >= date_from_civil(1899, 12, 30));
	check(time <= date_from_civil(9999, 12, 31) + 2 * 86400);
	if (time < date_from_civil(1900, 1, 1) ||
	    time > date_from_civil(9999, 12, 31))
		return;
	again = date_format_rfc3339(time, NULL);
	check(date_parse(again, zone, &second_time) == STATUS_OK);
	check(time == second_time);
}

static void
check_http(const char *text)
{
	g_autofree char *again = NULL;
	int64_t time, second_time;

	if (date_parse_http(text, &time) != STATUS_OK)
		return;
	again = date_format_http(time);
	check(date_parse_http(again, &second_time) == STATUS_OK);
	check(time == second_time);
}

/* Read once, since that is slower than all that is tried with it. */
static GTimeZone *
the_zone(void)
{
	static GTimeZone *zone;

	if (zone == NULL)
		zone = g_time_zone_new_identifier("Europe/Berlin");
	check(zone != NULL);
	return zone;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	g_autofree char *text = g_strndup((const char *)bytes, size);

	check_written(text, NULL);
	check_written(text, the_zone());
	check_http(text);
	return 0;
}
