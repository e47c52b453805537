/*
 * time_zone.c - the zones of the tz database, by their names.
 *
 * GLib would take rules, offsets, and names of other files in that folder too.
 */
#include "config.h"

#include "base/time_zone.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char DIRECTORY[] = "/usr/share/zoneinfo";
/* How such a file begins (RFC 9636, section 3.1). */
static const char MAGIC[] = "TZif";

/* Parts of letters, digits, "_", "+" and "-"; "posix/" and "right/" hold the
 * same zones again, and "posixrules" one of them. */
static bool
has_form_of_name(const char *name)
{
	static const char characters[] =
	    G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_+-/";

	return g_ascii_isupper(name[0]) &&
	       name[strspn(name, characters)] == '\0' &&
	       strstr(name, "//") == NULL && !g_str_has_suffix(name, "/");
}

static bool
is_in_database(const char *name)
{
	const char *folder = g_getenv("TZDIR");
	g_autofree char *path =
	    g_build_filename(folder == NULL ? DIRECTORY : folder, name, NULL);
	FILE *file = fopen(path, "re");
	char begin[sizeof(MAGIC) - 1] = "";
	bool is_zone;

	if (file == NULL)
		return false;
	is_zone = fread(begin, sizeof(begin), 1, file) == 1 &&
		  memcmp(begin, MAGIC, sizeof(begin)) == 0;
	fclose(file);
	return is_zone;
}

GTimeZone *
time_zone_new(const char *name)
{
	if (strcmp(name, "UTC") == 0)
		return g_time_zone_new_utc();
	if (!has_form_of_name(name) || !is_in_database(name))
		return NULL;
	return g_time_zone_new_identifier(name);
}
