/*
 * data_file.c - finds the folder of files that libraries open themselves.
 *
 * What must stay true: a program that was copied or installed elsewhere finds
 * the files beside it before it looks at where configure put them.
 */
#include "config.h"

#include "base/data_file.h"

#include <glib.h>

/* Folders above that of the program: "bin", or "libexec/byline". */
#define MOST_FOLDERS 2

char *
data_file_directory(void)
{
	const char *chosen = g_getenv("BYLINE_DATADIR");
	g_autofree char *program = NULL;
	g_autofree char *folder = NULL;

	if (chosen != NULL && *chosen != '\0')
		return g_strdup(chosen);
	program = g_file_read_link("/proc/self/exe", NULL);
	if (program == NULL)
		return g_strdup(BYLINE_DATADIR);
	folder = g_path_get_dirname(program);
	for (int i = 0; i < MOST_FOLDERS; i++) {
		char *prefix = g_path_get_dirname(folder);
		g_autofree char *beside =
		    g_build_filename(prefix, "share", "byline", NULL);

		g_free(folder);
		folder = prefix;
		if (g_file_test(beside, G_FILE_TEST_IS_DIR))
			return g_steal_pointer(&beside);
	}
	return g_strdup(BYLINE_DATADIR);
}
