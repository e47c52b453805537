/*
 * backup_restore.c - a blog made of a backup again, and proven. See
 * model/backup.h.
 *
 * What must hold: nothing is written outside of the caller's folder, nor over
 * anything in it; what was damaged or cut off is noticed, and what was ended
 * since does not let anybody in again.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_private.h"
#include "base/file.h"
#include "base/tar_reader.h"
#include "content/renderer.h"
#include "content/title.h"
#include "model/article.h"
#include "model/backup.h"
#include "model/rendering.h"
#include "model/site.h"
#include "store/database.h"

#define MANIFEST_MAX_SIZE ((int64_t)64 << 20)

static const char SQL_COUNT_VIEWS[] = "SELECT count(*)"
				      " FROM sqlite_schema"
				      " WHERE type = 'view'";

/* Sessions that were ended since, links that were used up since, drafts that
 * are no longer shown to anybody, files that are not in uploads/. */
static const char SQL_END_ACCESS[] = "DELETE FROM session;"
				     "DELETE FROM known_browser;"
				     "DELETE FROM one_time_link;"
				     "DELETE FROM preview_link;"
				     "DELETE FROM sign_in_failure;"
				     "DELETE FROM text_upload;"
				     "DELETE FROM file_upload;";

/* No page that a browser has kept is taken for one of the restored blog. */
static const char SQL_CHANGED[] =
    "UPDATE blog SET generation = generation + 1, changed_at = :now";

/* A restoration under way. */
struct restoration {
	const char *folder;
	const struct backup_watch *watch;
	struct restore_report *report;
	int archive;
	GHashTable *files; /* path -> struct backup_file *: what was unpacked */
	GString *manifest; /* its text, once it was read */
	struct site *site; /* once it is opened */
	struct renderer *renderer;
	GError **error; /* of the whole */
};

static enum status
look(struct restoration *restoration, const char *doing, int64_t done,
    int64_t total, GError **error)
{
	return restoration->watch->look(
	    restoration->watch->data, doing, done, total, error);
}

G_GNUC_PRINTF(2, 3)
static void
add_problem(struct restoration *restoration, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_ptr_array_add(
	    restoration->report->problems, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

static char *
path_of(const struct restoration *restoration, const char *name)
{
	return g_build_filename(restoration->folder, name, NULL);
}

/* ---- unpacking ---- */

/* The umask may take what the web server needs. */
static enum status
make_folder(
    const struct restoration *restoration, const char *name, GError **error)
{
	g_autofree char *path = path_of(restoration, name);

	if ((mkdir(path, 0755) != 0 && errno != EEXIST) ||
	    chmod(path, 0755) != 0)
		return file_fail_write(errno, error);
	return STATUS_OK;
}

/* Make the folders that `path` is in. */
static enum status
make_folders(
    const struct restoration *restoration, const char *path, GError **error)
{
	enum status status = STATUS_OK;

	for (const char *slash = strchr(path, '/');
	     slash != NULL && status == STATUS_OK;
	     slash = strchr(slash + 1, '/')) {
		g_autofree char *name = g_strndup(path, (size_t)(slash - path));

		status = make_folder(restoration, name, error);
	}
	return status;
}

/* A new file, for others to read if the web server is to serve it. */
static int
make_file(const struct restoration *restoration, const char *path)
{
	g_autofree char *full = path_of(restoration, path);
	mode_t mode = strchr(path, '/') != NULL ? 0644 : 0600;
	int file = open(
	    full, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int reason;

	if (file < 0 || fchmod(file, mode) == 0)
		return file;
	reason = errno;
	close(file);
	errno = reason;
	return -1;
}

static enum status
unpack_bytes(struct restoration *restoration, const struct tar_entry *entry,
    int file, GError **error)
{
	struct backup_file *found = g_new0(struct backup_file, 1);
	const struct timespec times[] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = (time_t)entry->time },
	};
	enum status status = backup_copy(
	    file, restoration->archive, entry->size, &found->hash, error);

	if (status == STATUS_NOT_FOUND)
		status = status_fail(error, STATUS_INVALID, "%s",
		    errno != 0 ? g_strerror(errno)
			       : "is cut off: it is not a whole backup");
	if (status == STATUS_OK && futimens(file, times) != 0)
		status = file_fail_write(errno, error);
	found->size = entry->size;
	if (status == STATUS_OK)
		g_hash_table_insert(
		    restoration->files, g_strdup(entry->path), found);
	else
		backup_file_free(found);
	return status;
}

static enum status
unpack_file(struct restoration *restoration, const struct tar_entry *entry,
    GError **error)
{
	enum status status = make_folders(restoration, entry->path, error);
	int file;

	if (status != STATUS_OK)
		return status;
	file = make_file(restoration, entry->path);
	if (file < 0 && (errno == EEXIST || errno == EISDIR))
		return status_fail(error, STATUS_INVALID,
		    "is damaged: it has %s twice", entry->path);
	if (file < 0)
		return file_fail_write(errno, error);
	status = unpack_bytes(restoration, entry, file, error);
	if (close(file) != 0 && status == STATUS_OK)
		status = file_fail_write(errno, error);
	restoration->report->media_count +=
	    g_str_has_prefix(entry->path, BACKUP_MEDIA);
	restoration->report->theme_count +=
	    g_str_has_prefix(entry->path, BACKUP_THEME);
	return status;
}

static enum status
unpack_manifest(struct restoration *restoration, const struct tar_entry *entry,
    GError **error)
{
	GString *text;

	if (entry->size > MANIFEST_MAX_SIZE)
		return status_fail(error, STATUS_INVALID,
		    "is damaged: its manifest is too large");
	text = g_string_sized_new((size_t)entry->size);
	g_string_set_size(text, (size_t)entry->size);
	restoration->manifest = text;
	return tar_reader_read(
	    restoration->archive, text->str, text->len, error);
}

static enum status
unpack_entry(struct restoration *restoration, const struct tar_entry *entry,
    GError **error)
{
	enum status status;

	if (!backup_is_name(entry->path) || restoration->manifest != NULL)
		return status_fail(error, STATUS_INVALID,
		    "is no backup of Byline: there is something in it that no "
		    "backup has");
	if (strcmp(entry->path, BACKUP_MANIFEST) == 0)
		status = unpack_manifest(restoration, entry, error);
	else
		status = unpack_file(restoration, entry, error);
	return status == STATUS_OK
		   ? tar_reader_finish(restoration->archive, entry->size, error)
		   : status;
}

static enum status
unpack(struct restoration *restoration, GError **error)
{
	struct tar_entry entry = { 0 };
	int64_t count = 0;
	enum status status;

	while ((status = tar_reader_next(
		    restoration->archive, &entry, error)) == STATUS_OK) {
		status = unpack_entry(restoration, &entry, error);
		g_free(entry.path);
		/* How many there are, only its end says. */
		count++;
		if (status == STATUS_OK)
			status = look(
			    restoration, "unpacking", count, count + 1, error);
		if (status != STATUS_OK)
			return status;
	}
	if (status != STATUS_NOT_FOUND)
		return status;
	return look(restoration, "unpacking", count, count, error);
}

/* ---- what was unpacked, and the manifest ---- */

static enum status
compare_files(const struct restoration *restoration,
    const struct backup_manifest *manifest, GError **error)
{
	GHashTableIter iterator;
	void *path, *value;

	g_hash_table_iter_init(&iterator, manifest->files);
	while (g_hash_table_iter_next(&iterator, &path, &value)) {
		const struct backup_file *wanted = value;
		const struct backup_file *found =
		    g_hash_table_lookup(restoration->files, path);

		if (found == NULL)
			return status_fail(error, STATUS_INVALID,
			    "is damaged: %s is missing in it",
			    (const char *)path);
		if (found->size != wanted->size ||
		    strcmp(found->hash, wanted->hash) != 0)
			return status_fail(error, STATUS_INVALID,
			    "is damaged: %s is not what was backed up",
			    (const char *)path);
	}
	if (g_hash_table_size(restoration->files) !=
		g_hash_table_size(manifest->files) ||
	    !g_hash_table_contains(manifest->files, BACKUP_SETTINGS) ||
	    !g_hash_table_contains(manifest->files, BACKUP_DATABASE))
		return status_fail(error, STATUS_INVALID,
		    "is damaged: its manifest does not name the files in it");
	return STATUS_OK;
}

/* Byline has no view; one that somebody put in the place of a table could be
 * counted for ever. */
static enum status
refuse_views(struct database *database, GError **error)
{
	int64_t count = 0;
	enum status status = statement_read_integer(
	    database_statement(database, SQL_COUNT_VIEWS), &count);

	if (status == STATUS_OK && count > 0)
		return status_fail(error, STATUS_INVALID,
		    "is no backup of Byline: its database has views");
	return status;
}

/* Before anything brings it up to date. */
static enum status
check_database(const struct restoration *restoration,
    const struct backup_manifest *manifest, GError **error)
{
	g_autofree char *path = path_of(restoration, BACKUP_DATABASE);
	g_autoptr(GError) cause = NULL;
	struct database *database;
	enum status status =
	    database_open(path, DATABASE_COPY, &database, &cause);

	if (status != STATUS_OK)
		return status_fail(
		    error, status, "cannot be restored: %s", cause->message);
	status = database_check(database, true, &cause);
	if (status != STATUS_OK)
		status_fail(error, status, "is damaged: %s", cause->message);
	if (status == STATUS_OK)
		status = refuse_views(database, error);
	if (status == STATUS_OK)
		status =
		    backup_manifest_compare_rows(manifest, database, error);
	database_close(database);
	return status;
}

static enum status
prove(struct restoration *restoration, GError **error)
{
	struct backup_manifest manifest;
	enum status status;

	if (restoration->manifest == NULL)
		return status_fail(error, STATUS_INVALID,
		    "is no backup of Byline: it has no manifest");
	status = backup_manifest_parse(restoration->manifest, &manifest, error);
	if (status != STATUS_OK)
		return status;
	restoration->report->made_at = manifest.made_at;
	status = compare_files(restoration, &manifest, error);
	if (status == STATUS_OK)
		status = check_database(restoration, &manifest, error);
	backup_manifest_release(&manifest);
	return status;
}

/* ---- the site ---- */

/* The backup itself is the copy of what was before a migration. */
static void
remove_copies(const struct restoration *restoration)
{
	g_autoptr(GDir) entries = g_dir_open(restoration->folder, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = path_of(restoration, name);

		if (g_str_has_prefix(name, BACKUP_DATABASE ".before-"))
			(void)!unlink(path);
	}
}

static enum status
open_site(struct restoration *restoration, int64_t now, GError **error)
{
	g_autoptr(GError) cause = NULL;
	enum status status = make_folder(restoration, "media", error);

	if (status == STATUS_OK)
		status = make_folder(restoration, "public", error);
	if (status == STATUS_OK && chmod(restoration->folder, 0711) != 0)
		status = file_fail_write(errno, error);
	if (status != STATUS_OK)
		return status;
	status = site_new(restoration->folder, &restoration->site, &cause);
	if (status == STATUS_OK)
		status = site_open_database(
		    restoration->site, DATABASE_MIGRATE, now, &cause);
	remove_copies(restoration);
	return status == STATUS_OK
		   ? STATUS_OK
		   : status_fail(error, status, "cannot be restored: %s",
			 cause->message);
}

static enum status
end_access(struct database *database, int64_t now)
{
	enum status status = database_begin(database, true);
	struct statement *statement;

	if (status != STATUS_OK)
		return status;
	status = database_execute(database, SQL_END_ACCESS);
	if (status == STATUS_OK) {
		statement = database_statement(database, SQL_CHANGED);
		statement_bind_integer(statement, ":now", now);
		status = statement_run(statement);
	}
	if (status == STATUS_OK)
		return database_commit(database);
	database_rollback(database);
	return status;
}

/* Files that were deleted while the backup was made go; those that were gone
 * then are named. */
static enum status
match_media(struct restoration *restoration)
{
	g_autoptr(GPtrArray) names = NULL;
	g_autoptr(GHashTable) wanted =
	    g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *media = path_of(restoration, "media");
	g_autoptr(GDir) entries = g_dir_open(media, 0, NULL);
	const char *name;
	enum status status =
	    backup_list_media(restoration->site->database, &names);

	for (guint i = 0; status == STATUS_OK && i < names->len; i++) {
		g_autofree char *path =
		    g_build_filename(media, g_ptr_array_index(names, i), NULL);

		g_hash_table_add(wanted, g_ptr_array_index(names, i));
		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			add_problem(restoration,
			    "media/%s was not there when the backup was made",
			    (const char *)g_ptr_array_index(names, i));
	}
	while (status == STATUS_OK && entries != NULL &&
	       (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(media, name, NULL);

		if (!g_hash_table_contains(wanted, name) && unlink(path) == 0)
			restoration->report->media_count--;
	}
	return status;
}

/* ---- rendering ---- */

static enum status
render_article(const struct article_source *source, void *data)
{
	struct restoration *restoration = data;
	struct restore_report *report = restoration->report;
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, source->id);
	g_autofree char *body = title_hide(source->body, source->title);
	g_autoptr(GError) error = NULL;
	struct document document;

	if (renderer_render(restoration->renderer, id, body, strlen(body),
		&document, &error) == STATUS_OK) {
		document_release(&document);
		report->rendered_count++;
	} else {
		add_problem(restoration, "%s cannot be rendered: %s",
		    source->path, error->message);
	}
	return look(restoration, "rendering", report->rendered_count,
	    report->article_count, restoration->error);
}

static enum status
render_all(struct restoration *restoration)
{
	struct database *database = restoration->site->database;
	struct rendering *rendering;
	enum status status = backup_count_articles(
	    database, &restoration->report->article_count);

	if (status == STATUS_OK)
		status = rendering_new(restoration->site, &rendering);
	if (status != STATUS_OK)
		return status;
	restoration->renderer = renderer_new(rendering_options(rendering));
	status = article_each_source(database, render_article, restoration);
	renderer_free(restoration->renderer);
	rendering_free(rendering);
	return status;
}

/* ---- the whole ---- */

static enum status
restore(struct restoration *restoration, int64_t now, GError **error)
{
	enum status status = unpack(restoration, error);

	if (status == STATUS_OK)
		status = prove(restoration, error);
	if (status == STATUS_OK)
		status = open_site(restoration, now, error);
	if (status != STATUS_OK)
		return status;
	status = end_access(restoration->site->database, now);
	if (status == STATUS_OK)
		status = match_media(restoration);
	if (status == STATUS_OK)
		status = render_all(restoration);
	if (status == STATUS_OK || *error != NULL)
		return status;
	return status_fail(
	    error, status, "cannot be restored: %s", status_name(status));
}

enum status
backup_restore(int archive, const char *folder, int64_t now,
    const struct backup_watch *watch, struct restore_report *out_report,
    GError **error)
{
	struct restoration restoration = {
		.folder = folder,
		.watch = watch,
		.report = out_report,
		.archive = archive,
		.files = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, backup_file_free),
		.error = error,
	};
	enum status status;

	*out_report = (struct restore_report){
		.problems = g_ptr_array_new_with_free_func(g_free),
	};
	status = restore(&restoration, now, error);
	site_free(restoration.site);
	g_hash_table_unref(restoration.files);
	if (restoration.manifest != NULL)
		g_string_free(restoration.manifest, TRUE);
	return status;
}

void
restore_report_release(struct restore_report *report)
{
	g_clear_pointer(&report->problems, g_ptr_array_unref);
}
