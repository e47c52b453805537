/*
 * date.h - points in time, as people and protocols write them.
 *
 * A point in time is int64_t, seconds of UTC since 1970 without leap seconds.
 * Time is always a parameter: nothing here reads the clock but date_now().
 * A zone that is NULL is UTC. What is formatted is kept within the years
 * 1..9999. Nothing depends on the locale or the TZ of the process.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/* How a date is shown to readers; the value of the setting `date_style`. */
enum date_style {
	DATE_STYLE_LONG,      /* May 30, 2026 */
	DATE_STYLE_DAY_FIRST, /* 30 May 2026 */
	DATE_STYLE_ISO        /* 2026-05-30 */
};

/* In seconds: a day of UTC, which has no leap seconds here. */
#define DAY_SECONDS ((int64_t)86400)

/* The one place that reads the clock. */
int64_t date_now(void);

/*
 * Parse what people write in front matter: RFC 3339 ("2026-05-30T14:00:00Z",
 * with a space for the T, seconds and fraction optional), "2026-05-30",
 * "2026-05-30 14:00", with an optional zone ("Z", "+02:00", "+0200", " +0200",
 * "UTC"), RFC 5322 dates, "2026/05/30", and "May 30, 2026" or "30 May 2026" in
 * English. Without a zone the time is in `zone`; without a time it is noon
 * there, so that the day stays the same day for most readers. STATUS_INVALID
 * for anything else, for a day that does not exist, or a year outside
 * 1900..9999.
 */
MUST_CHECK enum status date_parse(
    const char *text, GTimeZone *zone, int64_t *out_time);

/* How often the clocks of a zone show a time. */
enum date_local {
	DATE_LOCAL_ONCE,
	DATE_LOCAL_SKIPPED, /* never: they were put on */
	DATE_LOCAL_TWICE    /* they were put back */
};

/*
 * As date_parse(), for who can be asked: `out_local` says whether the time is
 * one that `zone` has. Of two it is the first; for one that was skipped it is
 * the moment the clocks went on. What was written with an offset is there once.
 */
MUST_CHECK enum status date_parse_local(const char *text, GTimeZone *zone,
    int64_t *out_time, enum date_local *out_local);

/* RFC 3339 in `zone`: "2026-05-30T14:00:00+02:00", "Z" when the offset is 0. */
char *date_format_rfc3339(int64_t time, GTimeZone *zone);

/* RFC 5322 section 3.3, for RSS: "Sat, 30 May 2026 12:00:00 +0000". */
char *date_format_rfc5322(int64_t time);

/* IMF-fixdate of RFC 9110 section 5.6.7: "Sat, 30 May 2026 12:00:00 GMT". */
char *date_format_http(int64_t time);

/*
 * Parse any of the three forms of RFC 9110 section 5.6.7. STATUS_INVALID
 * otherwise.
 */
MUST_CHECK enum status date_parse_http(const char *text, int64_t *out_time);

/*
 * The day in words for a reader, in `zone`, in the language of BCP 47 tag
 * `tag`: month names for en, de, fr, es, it, pt, nl, ar, he, fa, ja, zh;
 * any other language gets DATE_STYLE_ISO. The caller frees it.
 */
char *date_format_words(
    int64_t time, GTimeZone *zone, enum date_style style, const char *tag);

/* The calendar day of `time` in `zone`: year, month 1..12, day 1..31. */
void date_split(
    int64_t time, GTimeZone *zone, int *out_year, int *out_month, int *out_day);

/*
 * The first second of a day of the Gregorian calendar in UTC: the other way
 * round. `month` is 1..12; `day` may lie outside the month and counts on.
 */
int64_t date_from_civil(int year, int month, int day);

/* Whether `year` has a February 29. */
bool date_is_leap_year(int year);

/* 28..31; 0 when `month` is not 1..12. */
int date_days_in_month(int year, int month);

#endif
