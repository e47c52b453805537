/*
 * data_file.c - finds the folder of files that libraries open themselves.
 *
 * What must stay true: a program that was copied or installed elsewhere finds
 * the files beside it before it looks at where configure put them.
 */
#include "config.h"

#include "base/data_file.h"

#include <glib.h>

char *
data_file_directory(void)
{
	const char *chosen = g_getenv("BYLINE_DATADIR");
	g_autofree char *program = NULL;
	g_autofree char *folder = NULL;
	g_autofree char *prefix = NULL;
	g_autofree char *beside = NULL;

	if (chosen != NULL && *chosen != '\0')
		return g_strdup(chosen);
	program = g_file_read_link("/proc/self/exe", NULL);
	if (program == NULL)
		return g_strdup(BYLINE_DATADIR);
	folder = g_path_get_dirname(program);
	prefix = g_path_get_dirname(folder);
	beside = g_build_filename(prefix, "share", "byline", NULL);
	if (g_file_test(beside, G_FILE_TEST_IS_DIR))
		return g_steal_pointer(&beside);
	return g_strdup(BYLINE_DATADIR);
}
