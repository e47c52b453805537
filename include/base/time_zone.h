/*
 * time_zone.h - the zones of the tz database, by their names.
 */
#ifndef BASE_TIME_ZONE_H
#define BASE_TIME_ZONE_H

#include <glib.h>

/*
 * The zone called `name`: "UTC", or a name of the tz database on this machine
 * ("Europe/Berlin"; in $TZDIR, else /usr/share/zoneinfo). NULL for anything
 * else: an offset ("+02:00"), a rule of POSIX ("EST5", "UTC+3", whose sign
 * means the contrary), a path. The caller unrefs it.
 */
GTimeZone *time_zone_new(const char *name);

/* The names of zones that a person may choose from, "UTC" first, then those of
 * the database by alphabet, a place each: char *. Only "UTC" where the machine
 * has no list of them (zone.tab). The caller frees it. */
GPtrArray *time_zone_list(void);

#endif
