/*
 * backup.c - a whole blog, written into one file while it is in use. See
 * model/backup.h.
 *
 * What must hold: the database is one committed state, and what its rows name
 * in media/ is there. Files come into media/ and leave it in a turn
 * (model/media_folder.h); their content never changes. So most of them are
 * written first, while others add and delete; then, in the turn, the database
 * is copied and the few files are written that it names and that have come
 * since. One that was deleted meanwhile is in the archive and no row names it.
 */
#include "config.h"

#include "model/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_private.h"
#include "base/tar_writer.h"
#include "model/media_folder.h"
#include "model/site.h"
#include "store/database.h"
#include "store/migrate.h"

/* A backup under way. */
struct backup {
	struct site *site;
	const struct backup_watch *watch;
	struct backup_report *report;
	int archive;
	GString *files;    /* lines of the manifest */
	GHashTable *added; /* set of names in media/: char * */
	int64_t done, total;
};

static enum status
explain(enum status status, GError **error)
{
	return status == STATUS_OK ? STATUS_OK
				   : status_fail(error, status,
					 "is not there: the database cannot be "
					 "read: %s",
					 status_name(status));
}

static void
miss(struct backup *backup, const char *path, const char *reason)
{
	g_ptr_array_add(
	    backup->report->missing, g_strdup_printf("%s %s", path, reason));
}

/* ---- one file ---- */

/* The regular file at `path`, where there is one: its descriptor. -1, and errno
 * says why, where there is none. */
static int
open_file(const char *path, struct stat *out_about)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (file >= 0 &&
	    (fstat(file, out_about) != 0 || !S_ISREG(out_about->st_mode))) {
		close(file);
		errno = EINVAL;
		return -1;
	}
	return file;
}

static enum status
add_open_file(struct backup *backup, const char *path, int file,
    const struct stat *about, GError **error)
{
	g_autofree char *hash = NULL;
	int64_t size = about->st_size;
	enum status status = tar_writer_begin(
	    backup->archive, path, size, about->st_mtime, error);

	if (status == STATUS_OK)
		status = backup_copy(backup->archive, file, size, &hash, error);
	if (status == STATUS_NOT_FOUND)
		return status_fail(error, STATUS_FAILED,
		    "is not there: %s cannot be read: %s", path,
		    errno != 0 ? g_strerror(errno) : "it has become shorter");
	if (status == STATUS_OK)
		status = tar_writer_finish(backup->archive, size, error);
	if (status == STATUS_OK)
		backup_manifest_add_file(backup->files, hash, size, path);
	return status;
}

/* Add the file `path` of the site. STATUS_NOT_FOUND, without words, where there
 * is none, and errno says why. */
static enum status
add_file(struct backup *backup, const char *path, GError **error)
{
	g_autofree char *source = site_path(backup->site, path);
	struct stat about;
	int file = open_file(source, &about);
	enum status status;

	if (file < 0)
		return STATUS_NOT_FOUND;
	status = add_open_file(backup, path, file, &about, error);
	close(file);
	return status;
}

static enum status
look(struct backup *backup, GError **error)
{
	return backup->watch->look(backup->watch->data, "backing up",
	    backup->done, MAX(backup->done, backup->total), error);
}

/* ---- what its owner wrote ---- */

static enum status
add_settings(struct backup *backup, GError **error)
{
	enum status status = add_file(backup, BACKUP_SETTINGS, error);

	if (status == STATUS_NOT_FOUND)
		return status_fail(error, STATUS_FAILED,
		    "is not there: " BACKUP_SETTINGS " cannot be read: %s",
		    g_strerror(errno));
	return status;
}

static enum status add_theme_folder(
    struct backup *backup, const char *path, GError **error);

static enum status
add_theme_entry(struct backup *backup, const char *path, GError **error)
{
	g_autofree char *full = site_path(backup->site, path);
	struct stat about;
	enum status status;

	if (!backup_is_name(path)) {
		miss(backup, path, "has a name that no backup has: left out");
		return STATUS_OK;
	}
	if (lstat(full, &about) == 0 && S_ISDIR(about.st_mode))
		return add_theme_folder(backup, path, error);
	status = add_file(backup, path, error);
	if (status == STATUS_NOT_FOUND) {
		miss(backup, path,
		    errno == ELOOP ? "is a link: left out"
				   : "cannot be read: left out");
		return STATUS_OK;
	}
	backup->report->theme_count += status == STATUS_OK;
	return status == STATUS_OK ? look(backup, error) : status;
}

/* What is hidden is nothing of a theme. `path` is "theme" or below it; its
 * depth is bounded by what is a name. */
static enum status
add_theme_folder(struct backup *backup, const char *path, GError **error)
{
	g_autofree char *full = site_path(backup->site, path);
	g_autoptr(GDir) entries = g_dir_open(full, 0, NULL);
	enum status status = STATUS_OK;
	const char *name;

	if (entries == NULL)
		miss(backup, path, "cannot be read: left out");
	while (status == STATUS_OK && entries != NULL &&
	       (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *entry = g_strconcat(path, "/", name, NULL);

		if (name[0] != '.')
			status = add_theme_entry(backup, entry, error);
	}
	return status;
}

static enum status
add_theme(struct backup *backup, GError **error)
{
	g_autofree char *theme = site_path(backup->site, "theme");

	return g_file_test(theme, G_FILE_TEST_EXISTS)
		   ? add_theme_folder(backup, "theme", error)
		   : STATUS_OK;
}

/* ---- media ---- */

/* STATUS_NOT_FOUND, without words: it is not there. */
static enum status
add_medium(struct backup *backup, const char *name, GError **error)
{
	g_autofree char *path = g_strconcat(BACKUP_MEDIA, name, NULL);
	enum status status = backup_is_name(path)
				 ? add_file(backup, path, error)
				 : STATUS_NOT_FOUND;

	if (status == STATUS_OK) {
		g_hash_table_add(backup->added, g_strdup(name));
		backup->report->media_count++;
	}
	return status;
}

/* Those of now, as far as they stay. */
static enum status
add_media(struct backup *backup, GError **error)
{
	g_autoptr(GPtrArray) names = NULL;
	enum status status =
	    explain(backup_list_media(backup->site->database, &names), error);

	if (status != STATUS_OK)
		return status;
	backup->total = names->len;
	for (guint i = 0; status == STATUS_OK && i < names->len; i++) {
		status = add_medium(backup, g_ptr_array_index(names, i), error);
		if (status == STATUS_NOT_FOUND)
			status = STATUS_OK;
		backup->done++;
		if (status == STATUS_OK)
			status = look(backup, error);
	}
	return status;
}

/* Those that `copy` names and that are not in it yet. */
static enum status
add_rest(struct backup *backup, struct database *copy, GError **error)
{
	g_autoptr(GPtrArray) names = NULL;
	enum status status = explain(backup_list_media(copy, &names), error);

	for (guint i = 0; status == STATUS_OK && i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *path = g_strconcat(BACKUP_MEDIA, name, NULL);

		if (g_hash_table_contains(backup->added, name))
			continue;
		status = add_medium(backup, name, error);
		if (status == STATUS_NOT_FOUND) {
			miss(backup, path, "is not there");
			status = STATUS_OK;
		}
	}
	return status;
}

/* ---- the database ---- */

/* In the turn. `manifest` gets what is to be said of the rows. */
static enum status
copy_database(
    struct backup *backup, const char *path, GString *manifest, GError **error)
{
	g_autoptr(GError) cause = NULL;
	struct database *copy = NULL;
	enum status status =
	    database_backup(backup->site->database, path, &cause);

	if (status == STATUS_OK)
		status = database_open(path, DATABASE_COPY, &copy, &cause);
	if (status != STATUS_OK)
		return status_fail(
		    error, status, "is not there: %s", cause->message);
	status = backup_manifest_add_rows(manifest, copy);
	if (status == STATUS_OK)
		status =
		    backup_count_articles(copy, &backup->report->article_count);
	status = explain(status, error);
	if (status == STATUS_OK)
		status = add_rest(backup, copy, error);
	database_close(copy);
	return status;
}

static void
remove_database(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm",
		"-journal" };

	for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		g_autofree char *file = g_strconcat(path, suffixes[i], NULL);

		(void)!unlink(file);
	}
}

static enum status
add_copy(struct backup *backup, const char *path, GError **error)
{
	struct stat about;
	int file = open_file(path, &about);
	enum status status;

	if (file < 0)
		return status_fail(error, STATUS_FAILED,
		    "is not there: the copy of the database cannot be read: %s",
		    g_strerror(errno));
	status = add_open_file(backup, BACKUP_DATABASE, file, &about, error);
	close(file);
	return status;
}

static enum status
add_database(struct backup *backup, const char *folder, GString *manifest,
    GError **error)
{
	g_autofree char *path = g_build_filename(folder, BACKUP_DATABASE, NULL);
	int media;
	enum status status = media_folder_take_turn(backup->site, &media);

	if (status != STATUS_OK)
		return status_fail(error, status,
		    "is not there: others change the files in media/; try "
		    "again");
	status = copy_database(backup, path, manifest, error);
	close(media);
	if (status == STATUS_OK)
		status = add_copy(backup, path, error);
	remove_database(path);
	return status;
}

/* ---- the whole ---- */

static enum status
write_all(
    struct backup *backup, const char *folder, int64_t now, GError **error)
{
	g_autoptr(GString) manifest =
	    backup_manifest_new(now, migrate_latest_version());
	enum status status = add_settings(backup, error);

	if (status == STATUS_OK)
		status = add_theme(backup, error);
	if (status == STATUS_OK)
		status = add_media(backup, error);
	if (status == STATUS_OK)
		status = add_database(backup, folder, manifest, error);
	if (status != STATUS_OK)
		return status;
	g_string_append_len(
	    manifest, backup->files->str, (gssize)backup->files->len);
	backup_manifest_end(manifest);
	status = tar_writer_add(backup->archive, BACKUP_MANIFEST, manifest->str,
	    manifest->len, now, error);
	return status == STATUS_OK ? tar_writer_end(backup->archive, error)
				   : status;
}

enum status
backup_write(struct site *site, int archive, const char *folder, int64_t now,
    const struct backup_watch *watch, struct backup_report *out_report,
    GError **error)
{
	struct backup backup = {
		.site = site,
		.watch = watch,
		.report = out_report,
		.archive = archive,
		.files = g_string_new(NULL),
		.added = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, NULL),
	};
	enum status status;

	*out_report = (struct backup_report){
		.missing = g_ptr_array_new_with_free_func(g_free),
	};
	/* It takes as long as it takes: no page waits for it. */
	database_set_deadline(site->database, 0);
	status = write_all(&backup, folder, now, error);
	g_string_free(backup.files, TRUE);
	g_hash_table_unref(backup.added);
	return status;
}

void
backup_report_release(struct backup_report *report)
{
	g_clear_pointer(&report->missing, g_ptr_array_unref);
}
