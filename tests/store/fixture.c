/*
 * fixture.c - see fixture.h.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "../../src/store/database_private.h"
#include "fixture.h"

int
folder_set_up(void **state)
{
	struct folder *folder = g_new0(struct folder, 1);

	folder->directory = g_dir_make_tmp("byline-store-XXXXXX", NULL);
	folder->path = g_build_filename(folder->directory, "byline.db", NULL);
	*state = folder;
	return folder->directory != NULL ? 0 : -1;
}

int
folder_tear_down(void **state)
{
	struct folder *folder = *state;
	GDir *dir;
	const char *name;

	sqlite3_vfs_register(sqlite3_vfs_find("unix"), 1);
	dir = g_dir_open(folder->directory, 0, NULL);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path =
		    g_build_filename(folder->directory, name, NULL);

		g_remove(path);
	}
	g_dir_close(dir);
	g_rmdir(folder->directory);
	g_free(folder->directory);
	g_free(folder->path);
	g_free(folder);
	return 0;
}

struct database *
open_as(const char *path, enum database_mode mode)
{
	struct database *database = NULL;
	g_autoptr(GError) error = NULL;

	if (database_open(path, mode, &database, &error) != STATUS_OK)
		fail_msg("%s: %s", path, error->message);
	return database;
}

void
run(struct database *database, const char *sql)
{
	assert_int_equal(store_execute(database, sql), STATUS_OK);
}

int64_t
integer(struct database *database, const char *sql)
{
	int64_t value = -999;

	assert_int_equal(store_query_integer(database, sql, &value), STATUS_OK);
	return value;
}

mode_t
mode_of(const char *path, const char *suffix)
{
	g_autofree char *name = g_strconcat(path, suffix, NULL);
	struct stat info;

	assert_int_equal(stat(name, &info), 0);
	return info.st_mode & 07777;
}
