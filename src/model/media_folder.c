/*
 * media_folder.c - what media/ and uploads/ have in common. See
 * model/media_folder.h.
 *
 * What must hold: files come into media/ and leave it, each together with its
 * row, in one turn at a time: else one worker would take away what another has
 * found there and names. Whoever brings or takes some has a folder in uploads/
 * meanwhile, which says their names, so that what is swept is ours alone; and
 * it says so on the disk before the first of them is moved.
 */
#include "config.h"

#include "model/media_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/logger.h"
#include "base/token.h"
#include "media_private.h"
#include "model/site.h"
#include "store/database.h"

#define UPLOADS "uploads"
#define NAMES   "names"

enum {
	TURN_MILLISECONDS = 10000, /* the longest wait for others */
	TURN_STEP = 20,
	FOLDER_NAME_SIZE = 16,
	NAMES_MAX_SIZE = 65536,
	FOLDER_MAX_AGE = 3600 /* seconds; no upload takes that long */
};

static const char SQL_IS_NAMED[] = "SELECT EXISTS (SELECT 1 FROM media"
				   " WHERE path = :path)"
				   " OR EXISTS (SELECT 1 FROM media_variant"
				   " WHERE path = :path)";

/* ---- one at a time ---- */

enum status
media_folder_take_turn(const struct site *site, int *out_media)
{
	g_autofree char *path = site_path(site, "media");
	int media = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_busy = false;

	for (int waited = 0; media >= 0 && waited < TURN_MILLISECONDS;
	     waited += TURN_STEP) {
		if (flock(media, LOCK_EX | LOCK_NB) == 0) {
			*out_media = media;
			return STATUS_OK;
		}
		is_busy = errno == EWOULDBLOCK || errno == EINTR;
		if (!is_busy)
			break;
		g_usleep(TURN_STEP * 1000);
	}
	log_error("media.failed", "doing", "take turns in media/", "reason",
	    is_busy ? "others do not end" : g_strerror(errno));
	if (media >= 0)
		close(media);
	return is_busy ? STATUS_BUSY : STATUS_FAILED;
}

/* Whether a row names `name` in media/, or may. */
static bool
is_named(struct site *site, const char *name)
{
	struct statement *statement =
	    database_statement(site->database, SQL_IS_NAMED);
	bool is_free;

	statement_bind_text(statement, ":path", name);
	is_free = statement_step(statement) == STATUS_OK &&
		  statement_integer(statement, 0) == 0;
	statement_reset(statement);
	return !is_free;
}

bool
media_folder_remove_unnamed(
    struct site *site, const GPtrArray *names, int64_t now)
{
	if (names->len == 0)
		return true;
	if (site_begin_read(site, now) != STATUS_OK)
		return false;
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *path =
		    g_build_filename(site->directory, "media", name, NULL);

		if (!is_named(site, name))
			(void)!g_unlink(path);
	}
	site_end_read(site);
	return true;
}

/* ---- a folder in uploads/ ---- */

enum status
media_fail_errno(GError **error, const char *doing)
{
	int cause = errno;
	bool is_full = cause == ENOSPC || cause == EDQUOT;

	log_error("media.failed", "doing", doing, "reason", g_strerror(cause));
	return status_fail(error, is_full ? STATUS_TOO_LARGE : STATUS_FAILED,
	    "cannot be kept: %s",
	    is_full ? "the disk is full" : g_strerror(cause));
}

enum status
media_folder_make(
    struct site *site, int64_t now, char **out_folder, GError **error)
{
	g_autofree char *uploads = site_path(site, UPLOADS);
	g_autofree char *token = token_new();
	g_autofree char *folder = NULL;

	token[FOLDER_NAME_SIZE] = '\0';
	if (!file_make_folder(uploads, 0700))
		return media_fail_errno(error, "make uploads/");
	media_folder_sweep(site, now);
	folder = g_build_filename(uploads, token, NULL);
	if (g_mkdir(folder, 0700) != 0)
		return media_fail_errno(error, "make a folder in uploads/");
	*out_folder = g_steal_pointer(&folder);
	return STATUS_OK;
}

enum status
media_folder_note(const struct site *site, const char *folder,
    const GPtrArray *names, GError **error)
{
	g_autofree char *path = g_build_filename(folder, NAMES, NULL);
	g_autofree char *uploads = site_path(site, UPLOADS);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(
		    text, "%s\n", (const char *)g_ptr_array_index(names, i));
	if (file_replace(path, text->str, text->len, NULL) == STATUS_OK &&
	    file_sync_folder(folder) && file_sync_folder(uploads))
		return STATUS_OK;
	return media_fail_errno(error, "write into uploads/");
}

/* Folder `name` below `parent`; -1: none, or a link. */
static int
open_folder(int parent, const char *name)
{
	return openat(parent, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* Nothing in it is worth keeping: what was is elsewhere by now. */
static void
remove_files(int parent, const char *name)
{
	int folder = open_folder(parent, name);
	DIR *entries = folder >= 0 ? fdopendir(folder) : NULL;
	const struct dirent *entry;

	while (entries != NULL && (entry = readdir(entries)) != NULL)
		(void)!unlinkat(folder, entry->d_name, 0);
	if (entries != NULL)
		closedir(entries);
	else if (folder >= 0)
		close(folder);
	(void)!unlinkat(parent, name, AT_REMOVEDIR);
}

static void
remove_folder(int parent, const char *name)
{
	int folder = open_folder(parent, name);

	if (folder < 0)
		return;
	remove_files(folder, MEDIA_MADE);
	close(folder);
	remove_files(parent, name);
}

void
media_folder_remove(const char *folder)
{
	remove_folder(AT_FDCWD, folder);
}

/* ---- sweeping ---- */

/* Whether `name` is one of media_folder_make(). */
static bool
is_folder_name(const char *name)
{
	size_t size = strlen(name);

	for (const char *at = name; *at != '\0'; at++)
		if (!g_ascii_isalnum(*at) && *at != '-' && *at != '_')
			return false;
	return size == FOLDER_NAME_SIZE;
}

/* The lines of a file of media_folder_note() that can be names in media/. */
static GPtrArray *
read_names(const char *path)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lines = NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	if (file_read(path, FILE_LINKS_REFUSE, NAMES_MAX_SIZE, text, &error) !=
	    STATUS_OK)
		return names;
	lines = g_strsplit(text->str, "\n", -1);
	for (size_t i = 0; lines[i] != NULL; i++)
		if (g_ascii_isxdigit(lines[i][0]) &&
		    strchr(lines[i], '/') == NULL)
			g_ptr_array_add(names, g_strdup(lines[i]));
	return names;
}

/* Remove what stands in media/ because of whoever was killed with `folder`, if
 * no row names it. False: not now. */
static bool
sweep_media(struct site *site, const char *folder, int64_t now)
{
	g_autofree char *path =
	    g_build_filename(site->directory, UPLOADS, folder, NAMES, NULL);
	g_autoptr(GPtrArray) names = read_names(path);
	bool is_done;
	int media;

	if (names->len == 0)
		return true;
	if (media_folder_take_turn(site, &media) != STATUS_OK)
		return false;
	is_done = media_folder_remove_unnamed(site, names, now);
	close(media);
	return is_done;
}

/* What such folders hold is large, and tells where a photograph
 * was taken. */
void
media_folder_sweep(struct site *site, int64_t now)
{
	g_autofree char *uploads = site_path(site, UPLOADS);
	DIR *entries = opendir(uploads);
	const struct dirent *entry;
	struct stat about;

	while (entries != NULL && (entry = readdir(entries)) != NULL) {
		if (!is_folder_name(entry->d_name) ||
		    fstatat(dirfd(entries), entry->d_name, &about,
			AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISDIR(about.st_mode) ||
		    about.st_mtime > now - FOLDER_MAX_AGE ||
		    !sweep_media(site, entry->d_name, now))
			continue;
		log_info("media.swept", "folder", entry->d_name);
		remove_folder(dirfd(entries), entry->d_name);
	}
	if (entries != NULL)
		closedir(entries);
}
