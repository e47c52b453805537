/*
 * date_parse.c - reads the dates that people and protocols write.
 *
 * One scanner over the text, which either takes something whole or stays where
 * it was; nothing is read by strptime(3), which knows locales and ignores what
 * follows. What must stay true: a day that does not exist is refused, not
 * carried over into the next month, and every byte of the text is accounted
 * for.
 */
#include "config.h"

#include "base/date.h"

#include <stdbool.h>
#include <string.h>

#define MIN_YEAR 1900
#define MAX_YEAR 9999

static const char *const MONTH_NAMES[12] = { "January", "February", "March",
	"April", "May", "June", "July", "August", "September", "October",
	"November", "December" };
static const char *const WEEKDAY_NAMES[7] = { "Sunday", "Monday", "Tuesday",
	"Wednesday", "Thursday", "Friday", "Saturday" };

/* Names of zones that RFC 5322 section 4.3 still allows, and the two people
 * use. */
static const struct zone_name {
	const char *name;
	int hours;
} ZONE_NAMES[] = { { "Z", 0 }, { "UTC", 0 }, { "GMT", 0 }, { "UT", 0 },
	{ "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
	{ "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 } };

/* What has been read so far. */
struct written_date {
	int year, month, day;
	int hour, minute, second;
	bool has_zone;
	int offset; /* seconds east of UTC */
};

static bool
scan_character(const char **at, char wanted)
{
	if (**at != wanted)
		return false;
	(*at)++;
	return true;
}

static bool
scan_spaces(const char **at)
{
	size_t count = strspn(*at, " \t");

	*at += count;
	return count > 0;
}

/* Digits whose value does not matter, however many. */
static bool
scan_digits(const char **at)
{
	size_t count = strspn(*at, "0123456789");

	*at += count;
	return count > 0;
}

/* Between `min_digits` and `max_digits` digits, of which an int holds nine, and
 * no digit after them. */
static bool
scan_number(
    const char **at, size_t min_digits, size_t max_digits, int *out_number)
{
	size_t count = strspn(*at, "0123456789");
	int number = 0;

	if (count < min_digits || count > max_digits)
		return false;
	for (size_t i = 0; i < count; i++)
		number = number * 10 + ((*at)[i] - '0');
	*at += count;
	*out_number = number;
	return true;
}

/* The letters at `at`, of which there are `size`. */
static size_t
word_size(const char *at)
{
	size_t size = 0;

	while (g_ascii_isalpha(at[size]))
		size++;
	return size;
}

/* A name of `names`, in full or at least its first three letters ("Sept"), in
 * any case. */
static bool
scan_name(
    const char **at, const char *const names[], size_t count, int *out_index)
{
	size_t size = word_size(*at);

	for (size_t i = 0; i < count; i++) {
		if (size < 3 || size > strlen(names[i]) ||
		    g_ascii_strncasecmp(*at, names[i], size) != 0)
			continue;
		*at += size;
		*out_index = (int)i;
		return true;
	}
	return false;
}

static bool
scan_month(const char **at, int *out_month)
{
	int index;

	if (!scan_name(at, MONTH_NAMES, G_N_ELEMENTS(MONTH_NAMES), &index))
		return false;
	scan_character(at, '.');
	*out_month = index + 1;
	return true;
}

/* "14:00", "14:00:05", "14:00:05.25": a fraction is read and dropped. */
static bool
scan_time(const char **at, struct written_date *date)
{
	if (!scan_number(at, 1, 2, &date->hour) || !scan_character(at, ':') ||
	    !scan_number(at, 2, 2, &date->minute))
		return false;
	date->second = 0;
	if (!scan_character(at, ':'))
		return true;
	if (!scan_number(at, 2, 2, &date->second))
		return false;
	if (scan_character(at, '.') || scan_character(at, ','))
		return scan_digits(at);
	return true;
}

static bool
scan_zone_name(const char **at, struct written_date *date)
{
	size_t size = word_size(*at);

	for (size_t i = 0; i < G_N_ELEMENTS(ZONE_NAMES); i++) {
		if (size != strlen(ZONE_NAMES[i].name) ||
		    g_ascii_strncasecmp(*at, ZONE_NAMES[i].name, size) != 0)
			continue;
		*at += size;
		date->offset = ZONE_NAMES[i].hours * 3600;
		date->has_zone = true;
		return true;
	}
	return false;
}

/* "+02:00", "+0200", "+02". */
static bool
scan_offset(const char **at, struct written_date *date)
{
	bool is_west = **at == '-';
	int hours, minutes = 0;

	if (!scan_character(at, '+') && !scan_character(at, '-'))
		return false;
	if (scan_number(at, 4, 4, &hours)) {
		minutes = hours % 100;
		hours /= 100;
	} else if (!scan_number(at, 2, 2, &hours) ||
		   (scan_character(at, ':') &&
		       !scan_number(at, 2, 2, &minutes))) {
		return false;
	}
	if (hours > 23 || minutes > 59)
		return false;
	date->offset = (hours * 3600 + minutes * 60) * (is_west ? -1 : 1);
	date->has_zone = true;
	return true;
}

/* RFC 5322's comment after the zone: "(CEST)". */
static void
scan_comment(const char **at)
{
	size_t size;

	if (**at != '(')
		return;
	size = strcspn(*at + 1, "()");
	if ((*at)[1 + size] == ')')
		*at += size + 2;
}

/* What may follow a day: a time, a zone, both or neither; then the end. */
static bool
scan_rest(const char **at, struct written_date *date)
{
	bool is_time_due = scan_character(at, 'T') || scan_character(at, 't');

	if (!is_time_due)
		scan_spaces(at);
	if (is_time_due || g_ascii_isdigit(**at)) {
		if (!scan_time(at, date))
			return false;
		scan_spaces(at);
	}
	if (*at[0] == '+' || *at[0] == '-') {
		if (!scan_offset(at, date))
			return false;
	} else if (g_ascii_isalpha(**at) && !scan_zone_name(at, date)) {
		return false;
	}
	scan_spaces(at);
	scan_comment(at);
	scan_spaces(at);
	return **at == '\0';
}

/* "2026-05-30", "2026/05/30". */
static bool
scan_year_first(const char **at, struct written_date *date)
{
	const char *start = *at;
	char separator;

	if (scan_number(at, 4, 4, &date->year)) {
		separator = **at == '/' ? '/' : '-';
		if (scan_character(at, separator) &&
		    scan_number(at, 1, 2, &date->month) &&
		    scan_character(at, separator) &&
		    scan_number(at, 1, 2, &date->day))
			return true;
	}
	*at = start;
	return false;
}

/* "30 May 2026", "Sat, 30 May 2026". */
static bool
scan_day_first(const char **at, struct written_date *date)
{
	const char *start = *at;
	int weekday;

	if (scan_name(
		at, WEEKDAY_NAMES, G_N_ELEMENTS(WEEKDAY_NAMES), &weekday)) {
		scan_character(at, ',');
		scan_spaces(at);
	}
	if (scan_number(at, 1, 2, &date->day) && scan_spaces(at) &&
	    scan_month(at, &date->month) && scan_spaces(at) &&
	    scan_number(at, 4, 4, &date->year))
		return true;
	*at = start;
	return false;
}

/* "May 30, 2026". */
static bool
scan_month_first(const char **at, struct written_date *date)
{
	const char *start = *at;
	int weekday;

	if (scan_name(
		at, WEEKDAY_NAMES, G_N_ELEMENTS(WEEKDAY_NAMES), &weekday)) {
		scan_character(at, ',');
		scan_spaces(at);
	}
	if (scan_month(at, &date->month) && scan_spaces(at) &&
	    scan_number(at, 1, 2, &date->day) &&
	    (scan_character(at, ',') || **at == ' ') && scan_spaces(at) &&
	    scan_number(at, 4, 4, &date->year))
		return true;
	*at = start;
	return false;
}

/* A leap second, which RFC 3339 allows, is the first of the next minute. */
static bool
is_possible(const struct written_date *date, int min_year)
{
	return date->year >= min_year && date->year <= MAX_YEAR &&
	       date->day >= 1 &&
	       date->day <= date_days_in_month(date->year, date->month) &&
	       date->hour <= 23 && date->minute <= 59 && date->second <= 60;
}

static int64_t
seconds_written(const struct written_date *date)
{
	return date_from_civil(date->year, date->month, date->day) +
	       (int64_t)date->hour * 3600 + (int64_t)date->minute * 60 +
	       date->second;
}

/* A time that the clocks skipped is the moment they went on. */
static int64_t
from_local(int64_t local, GTimeZone *zone)
{
	int interval;

	if (zone == NULL)
		return local;
	interval = g_time_zone_adjust_time(zone, G_TIME_TYPE_STANDARD, &local);
	return local - g_time_zone_get_offset(zone, interval);
}

static enum status
read_written(const char *text, struct written_date *date)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(text));
	const char *at = trimmed;

	*date = (struct written_date){ .hour = 12 };
	if (!scan_year_first(&at, date) && !scan_day_first(&at, date) &&
	    !scan_month_first(&at, date))
		return STATUS_INVALID;
	if (!scan_rest(&at, date) || !is_possible(date, MIN_YEAR))
		return STATUS_INVALID;
	return STATUS_OK;
}

enum status
date_parse(const char *text, GTimeZone *zone, int64_t *out_time)
{
	struct written_date date;
	int64_t seconds;

	if (read_written(text, &date) != STATUS_OK)
		return STATUS_INVALID;
	seconds = seconds_written(&date);
	*out_time =
	    date.has_zone ? seconds - date.offset : from_local(seconds, zone);
	return STATUS_OK;
}

static int64_t
offset_at(GTimeZone *zone, int64_t time)
{
	return g_time_zone_get_offset(
	    zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, time));
}

/*
 * The moments at which the clocks of `zone` show `local`, which differ by less
 * than a day from UTC: every offset that they have around then is tried, since
 * GLib tells two moments apart only where one of them is in summer time.
 */
static enum date_local
find_moments(int64_t local, GTimeZone *zone, int64_t *out_first)
{
	int64_t found[2] = { 0 };
	size_t count = 0;

	for (int64_t day = -1; day <= 1 && count < 2; day++) {
		int64_t time =
		    local - offset_at(zone, local + day * DAY_SECONDS);

		if (time + offset_at(zone, time) != local ||
		    (count > 0 && time == found[0]))
			continue;
		found[count++] = time;
	}
	if (count == 0) {
		*out_first = from_local(local, zone);
		return DATE_LOCAL_SKIPPED;
	}
	*out_first = count == 2 ? MIN(found[0], found[1]) : found[0];
	return count == 2 ? DATE_LOCAL_TWICE : DATE_LOCAL_ONCE;
}

enum status
date_parse_local(const char *text, GTimeZone *zone, int64_t *out_time,
    enum date_local *out_local)
{
	struct written_date date;
	int64_t seconds;

	if (read_written(text, &date) != STATUS_OK)
		return STATUS_INVALID;
	seconds = seconds_written(&date);
	*out_local = DATE_LOCAL_ONCE;
	if (date.has_zone)
		*out_time = seconds - date.offset;
	else if (zone == NULL)
		*out_time = seconds;
	else
		*out_local = find_moments(seconds, zone, out_time);
	return STATUS_OK;
}

/* The names of days and months in RFC 9110 are case-sensitive. */
static bool
scan_exact(const char **at, const char *const names[], size_t count,
    bool is_full, int *out_index)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = is_full ? strlen(names[i]) : 3;

		if (strncmp(*at, names[i], size) != 0)
			continue;
		*at += size;
		*out_index = (int)i;
		return true;
	}
	return false;
}

static bool
scan_literal(const char **at, const char *literal)
{
	if (!g_str_has_prefix(*at, literal))
		return false;
	*at += strlen(literal);
	return true;
}

static bool
scan_exact_month(const char **at, struct written_date *date)
{
	int index;

	if (!scan_exact(
		at, MONTH_NAMES, G_N_ELEMENTS(MONTH_NAMES), false, &index))
		return false;
	date->month = index + 1;
	return true;
}

static bool
scan_exact_time(const char **at, struct written_date *date)
{
	return scan_number(at, 2, 2, &date->hour) && scan_character(at, ':') &&
	       scan_number(at, 2, 2, &date->minute) &&
	       scan_character(at, ':') && scan_number(at, 2, 2, &date->second);
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool
scan_imf_fixdate(const char *at, struct written_date *date)
{
	int weekday;

	return scan_exact(&at, WEEKDAY_NAMES, 7, false, &weekday) &&
	       scan_literal(&at, ", ") && scan_number(&at, 2, 2, &date->day) &&
	       scan_character(&at, ' ') && scan_exact_month(&at, date) &&
	       scan_character(&at, ' ') &&
	       scan_number(&at, 4, 4, &date->year) &&
	       scan_character(&at, ' ') && scan_exact_time(&at, date) &&
	       strcmp(at, " GMT") == 0;
}

/* "Sunday, 06-Nov-94 08:49:37 GMT"; the century as POSIX has it for %y. */
static bool
scan_rfc850(const char *at, struct written_date *date)
{
	int weekday;

	if (!scan_exact(&at, WEEKDAY_NAMES, 7, true, &weekday) ||
	    !scan_literal(&at, ", ") || !scan_number(&at, 2, 2, &date->day) ||
	    !scan_character(&at, '-') || !scan_exact_month(&at, date) ||
	    !scan_character(&at, '-') || !scan_number(&at, 2, 2, &date->year) ||
	    !scan_character(&at, ' ') || !scan_exact_time(&at, date))
		return false;
	date->year += date->year >= 69 ? 1900 : 2000;
	return strcmp(at, " GMT") == 0;
}

/* "Sun Nov  6 08:49:37 1994" */
static bool
scan_asctime(const char *at, struct written_date *date)
{
	int weekday;

	if (!scan_exact(&at, WEEKDAY_NAMES, 7, false, &weekday) ||
	    !scan_character(&at, ' ') || !scan_exact_month(&at, date) ||
	    !scan_character(&at, ' '))
		return false;
	if (scan_character(&at, ' ') ? !scan_number(&at, 1, 1, &date->day)
				     : !scan_number(&at, 2, 2, &date->day))
		return false;
	return scan_character(&at, ' ') && scan_exact_time(&at, date) &&
	       scan_character(&at, ' ') &&
	       scan_number(&at, 4, 4, &date->year) && *at == '\0';
}

enum status
date_parse_http(const char *text, int64_t *out_time)
{
	struct written_date date = { 0 };

	if (!scan_imf_fixdate(text, &date) && !scan_rfc850(text, &date) &&
	    !scan_asctime(text, &date))
		return STATUS_INVALID;
	if (!is_possible(&date, 1))
		return STATUS_INVALID;
	*out_time = seconds_written(&date);
	return STATUS_OK;
}
