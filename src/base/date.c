/*
 * date.c - a point in time as a calendar day, and as protocols write it.
 *
 * The calendar is the proleptic Gregorian one, worked out here rather than by
 * GDateTime, which allocates and does several times the work: every answer has
 * two or three dates in its head. What must stay true: nothing depends on the
 * locale or on the TZ of the process.
 */
#include "config.h"

#include "base/date.h"

#include <time.h>

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z: what the formats can say. */
#define MIN_TIME INT64_C(-62135596800)
#define MAX_TIME INT64_C(253402300799)

static const char WEEKDAYS[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat" };
static const char MONTHS[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* A point in time taken apart. */
struct moment {
	int year, month, day;
	int weekday; /* 0 is Sunday */
	int hour, minute, second;
};

int64_t
date_now(void)
{
	return (int64_t)time(NULL);
}

bool
date_is_leap_year(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int
date_days_in_month(int year, int month)
{
	static const int DAYS[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };

	if (month < 1 || month > 12)
		return 0;
	if (month == 2 && date_is_leap_year(year))
		return 29;
	return DAYS[month - 1];
}

/*
 * Years are counted from March, so that the leap day is a year's last, and in
 * eras of 400 years, all of which have 146,097 days; day 0 is 1970-01-01.
 */
int64_t
date_from_civil(int year, int month, int day)
{
	int64_t march_year = (int64_t)year - (month <= 2 ? 1 : 0);
	int64_t era = (march_year >= 0 ? march_year : march_year - 399) / 400;
	int64_t year_of_era = march_year - era * 400;
	int64_t march_month = month > 2 ? month - 3 : month + 9;
	int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
			     year_of_era / 100 + day_of_year;

	return (era * 146097 + day_of_era - 719468) * DAY_SECONDS;
}

static void
split_days(int64_t days, struct moment *out_moment)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 +
				  day_of_era / 36524 - day_of_era / 146096) /
			      365;
	int64_t day_of_year =
	    day_of_era -
	    (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;

	out_moment->day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
	out_moment->month =
	    (int)(march_month < 10 ? march_month + 3 : march_month - 9);
	out_moment->year =
	    (int)(year_of_era + era * 400 + (out_moment->month <= 2 ? 1 : 0));
	out_moment->weekday = (int)(((days % 7) + 11) % 7);
}

static struct moment
split_time(int64_t time)
{
	struct moment moment;
	int64_t days, rest;

	time = CLAMP(time, MIN_TIME, MAX_TIME);
	days = time / DAY_SECONDS;
	rest = time % DAY_SECONDS;
	if (rest < 0) {
		rest += DAY_SECONDS;
		days--;
	}
	split_days(days, &moment);
	moment.hour = (int)(rest / 3600);
	moment.minute = (int)(rest / 60 % 60);
	moment.second = (int)(rest % 60);
	return moment;
}

/* Offsets in whole minutes: RFC 3339 cannot say more, and only local mean times
 * of the 19th century have more. */
static int
offset_at(int64_t time, GTimeZone *zone)
{
	int interval;

	if (zone == NULL)
		return 0;
	interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, time);
	if (interval < 0)
		return 0;
	return g_time_zone_get_offset(zone, interval) / 60 * 60;
}

void
date_split(
    int64_t time, GTimeZone *zone, int *out_year, int *out_month, int *out_day)
{
	struct moment moment;

	time = CLAMP(time, MIN_TIME, MAX_TIME);
	moment = split_time(time + offset_at(time, zone));
	*out_year = moment.year;
	*out_month = moment.month;
	*out_day = moment.day;
}

char *
date_format_rfc3339(int64_t time, GTimeZone *zone)
{
	struct moment moment;
	int offset, minutes;

	time = CLAMP(time, MIN_TIME, MAX_TIME);
	offset = offset_at(time, zone);
	moment = split_time(time + offset);
	if (offset == 0)
		return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02dZ",
		    moment.year, moment.month, moment.day, moment.hour,
		    moment.minute, moment.second);
	minutes = ABS(offset) / 60;
	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
	    moment.year, moment.month, moment.day, moment.hour, moment.minute,
	    moment.second, offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static char *
format_mail_date(int64_t time, const char *zone)
{
	struct moment moment = split_time(time);

	return g_strdup_printf("%s, %02d %s %04d %02d:%02d:%02d %s",
	    WEEKDAYS[moment.weekday], moment.day, MONTHS[moment.month - 1],
	    moment.year, moment.hour, moment.minute, moment.second, zone);
}

char *
date_format_rfc5322(int64_t time)
{
	return format_mail_date(time, "+0000");
}

char *
date_format_http(int64_t time)
{
	return format_mail_date(time, "GMT");
}
