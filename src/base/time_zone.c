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

/* The caller frees it. */
static char *
path_of(const char *name)
{
	const char *folder = g_getenv("TZDIR");

	return g_build_filename(
	    folder == NULL ? DIRECTORY : folder, name, NULL);
}

static bool
is_in_database(const char *name)
{
	g_autofree char *path = path_of(name);
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

static int
compare_names(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

GPtrArray *
time_zone_list(void)
{
	g_autofree char *path = path_of("zone.tab");
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	if (!g_file_get_contents(path, &text, NULL, NULL))
		text = g_strdup("");
	lines = g_strsplit(text, "\n", -1);
	for (size_t i = 0; lines[i] != NULL; i++) {
		/* Country, coordinates, name, perhaps a comment. */
		g_auto(GStrv) columns = g_strsplit(lines[i], "\t", -1);

		if (lines[i][0] != '#' && g_strv_length(columns) >= 3 &&
		    has_form_of_name(columns[2]))
			g_ptr_array_add(names, g_strdup(columns[2]));
	}
	g_ptr_array_sort(names, compare_names);
	g_ptr_array_insert(names, 0, g_strdup("UTC"));
	return names;
}
