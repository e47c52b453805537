/*
 * file_upload.c - a file that comes in pieces. See file_upload.h.
 *
 * What must hold: what has been acknowledged is on the disk, and bytes that
 * have come never change; a row goes before its file, so that a file without a
 * row is one that nobody will ask for, and is swept out by its age.
 */
#include "config.h"

#include "model/file_upload.h"

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
#include "base/text.h"
#include "base/token.h"
#include "model/media.h"
#include "model/media_folder.h"
#include "model/media_store.h"
#include "model/site.h"
#include "store/database.h"

#define FOLDER          "uploads"
#define SUFFIX          ".part"
#define NAME_CHARACTERS 255

static const char SQL_FIND[] = "SELECT id, name, size, file, media_id"
			       " FROM file_upload"
			       " WHERE author_id = :author_id AND key = :key";

static const char SQL_INSERT[] =
    "INSERT INTO file_upload (author_id, key, begun_at, name, size, file)"
    " VALUES (:author_id, :key, :now, :name, :size, :file)";

static const char SQL_REMOVE[] = "DELETE FROM file_upload"
				 " WHERE id = :id";

static const char SQL_LIST_OLD[] = "SELECT id, file"
				   " FROM file_upload"
				   " WHERE begun_at < :oldest";

static const char SQL_LIST_SURPLUS[] =
    "SELECT id, file"
    " FROM file_upload"
    " WHERE author_id = :author_id AND media_id IS NULL"
    " ORDER BY begun_at DESC, id DESC"
    " LIMIT -1 OFFSET :kept";

static const char SQL_TOTAL[] = "SELECT coalesce(sum(size), 0)"
				" FROM file_upload"
				" WHERE media_id IS NULL";

static const char SQL_FINISH[] = "UPDATE file_upload"
				 " SET media_id = :media_id"
				 " WHERE id = :id";

void
file_upload_release(struct file_upload *upload)
{
	g_free(upload->name);
	g_free(upload->file);
	*upload = (struct file_upload){ 0 };
}

/* ---- files ---- */

/* The caller frees it. */
static char *
path_of(const struct site *site, const char *file)
{
	return g_build_filename(site->directory, FOLDER, file, NULL);
}

static enum status
fail_errno(const char *doing)
{
	int cause = errno;

	log_error("upload.failed", "doing", doing, "reason", g_strerror(cause));
	return cause == ENOSPC || cause == EDQUOT ? STATUS_TOO_LARGE
						  : STATUS_FAILED;
}

/* Open the file of an upload, for us alone until it is closed. STATUS_NOT_FOUND
 * where nothing has come; with O_CREAT it is made. */
static enum status
open_file(const struct site *site, const char *file, int flags, int *out_fd,
    size_t *out_size)
{
	g_autofree char *folder = site_path(site, FOLDER);
	g_autofree char *path = path_of(site, file);
	struct stat about;
	int fd;

	if ((flags & O_CREAT) != 0 && !file_make_folder(folder, 0700))
		return fail_errno("make uploads/");
	fd = open(path, flags | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == ENOENT ? STATUS_NOT_FOUND
				       : fail_errno("open an upload");
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return STATUS_BUSY;
	}
	if (fstat(fd, &about) != 0) {
		enum status status = fail_errno("look at an upload");

		close(fd);
		return status;
	}
	*out_fd = fd;
	*out_size = (size_t)about.st_size;
	return STATUS_OK;
}

static size_t
measure_file(const struct site *site, const char *file)
{
	g_autofree char *path = path_of(site, file);
	struct stat about;

	return lstat(path, &about) == 0 && S_ISREG(about.st_mode)
		   ? (size_t)about.st_size
		   : 0;
}

static void
remove_files(const struct site *site, const GPtrArray *files)
{
	for (guint i = 0; i < files->len; i++) {
		g_autofree char *path =
		    path_of(site, g_ptr_array_index(files, i));

		(void)g_unlink(path);
	}
}

/* ---- rows ---- */

static enum status
read_upload(struct site *site, int64_t author_id, const char *key,
    struct file_upload *out_upload)
{
	struct statement *row = database_statement(site->database, SQL_FIND);
	enum status status;

	statement_bind_integer(row, ":author_id", author_id);
	statement_bind_text(row, ":key", key);
	status = statement_step(row);
	if (status == STATUS_OK) {
		*out_upload = (struct file_upload){
			.id = statement_integer(row, 0),
			.name = statement_dup_text(row, 1),
			.size = (size_t)statement_integer(row, 2),
			.file = statement_dup_text(row, 3),
			.media_id = statement_integer(row, 4),
		};
		out_upload->come = out_upload->media_id != 0
				       ? out_upload->size
				       : measure_file(site, out_upload->file);
	}
	statement_reset(row);
	return status;
}

static enum status
remove_row(struct site *site, int64_t id)
{
	struct statement *statement =
	    database_statement(site->database, SQL_REMOVE);

	statement_bind_integer(statement, ":id", id);
	return statement_run(statement);
}

/* Remove the rows that `statement` lists, and add to `files` what is then
 * nobody's. */
static enum status
remove_rows(struct site *site, struct statement *statement, GPtrArray *files)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK) {
		int64_t id = statement_integer(statement, 0);

		g_array_append_val(ids, id);
		g_ptr_array_add(files, statement_dup_text(statement, 1));
	}
	if (status != STATUS_NOT_FOUND)
		return status;
	status = STATUS_OK;
	for (guint i = 0; i < ids->len && status == STATUS_OK; i++)
		status = remove_row(site, g_array_index(ids, int64_t, i));
	return status;
}

static enum status
remove_old(struct site *site, int64_t now, GPtrArray *files)
{
	struct statement *statement =
	    database_statement(site->database, SQL_LIST_OLD);

	statement_bind_integer(statement, ":oldest", now - FILE_UPLOAD_SECONDS);
	return remove_rows(site, statement, files);
}

/* ---- beginning ---- */

/* Whether all that is under way leaves room for `size` bytes more. */
static enum status
check_room(struct site *site, int64_t size)
{
	int64_t total;
	enum status status = statement_read_integer(
	    database_statement(site->database, SQL_TOTAL), &total);

	if (status == STATUS_OK && total > FILE_UPLOAD_MAX_TOTAL - size) {
		log_warning(
		    "upload.refused", "reason", "too much is unfinished");
		return STATUS_BUSY;
	}
	return status;
}

static enum status
insert(struct site *site, int64_t author_id, const char *key, const char *name,
    int64_t size, int64_t now)
{
	g_autofree char *clean = text_clean_file_name(name);
	g_autofree char *cut = g_utf8_substring(
	    clean, 0, MIN(g_utf8_strlen(clean, -1), NAME_CHARACTERS));
	g_autofree char *token = token_new();
	g_autofree char *file = g_strconcat(token, SUFFIX, NULL);
	struct statement *row = database_statement(site->database, SQL_INSERT);

	statement_bind_integer(row, ":author_id", author_id);
	statement_bind_text(row, ":key", key);
	statement_bind_integer(row, ":now", now);
	statement_bind_text(row, ":name", *cut != '\0' ? cut : "file");
	statement_bind_integer(row, ":size", size);
	statement_bind_text(row, ":file", file);
	return statement_run(row);
}

/* What the author has too many of, with one that is about to come. */
static enum status
remove_surplus(struct site *site, int64_t author_id, GPtrArray *files)
{
	struct statement *statement =
	    database_statement(site->database, SQL_LIST_SURPLUS);

	statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_integer(statement, ":kept", FILE_UPLOAD_MAX_COUNT - 1);
	return remove_rows(site, statement, files);
}

/* Find it, or make its row. In a write transaction. */
static enum status
ensure(struct site *site, int64_t author_id, const char *key, const char *name,
    int64_t size, int64_t now, GPtrArray *files, struct file_upload *out_upload)
{
	enum status status = remove_old(site, now, files);

	if (status != STATUS_OK)
		return status;
	status = read_upload(site, author_id, key, out_upload);
	if (status == STATUS_OK && out_upload->size == (size_t)size)
		return STATUS_OK;
	if (status == STATUS_OK) {
		g_ptr_array_add(files, g_strdup(out_upload->file));
		status = remove_row(site, out_upload->id);
		file_upload_release(out_upload);
	} else if (status == STATUS_NOT_FOUND) {
		status = STATUS_OK;
	}
	if (status == STATUS_OK)
		status = remove_surplus(site, author_id, files);
	if (status == STATUS_OK)
		status = check_room(site, size);
	if (status == STATUS_OK)
		status = insert(site, author_id, key, name, size, now);
	return status == STATUS_OK
		   ? read_upload(site, author_id, key, out_upload)
		   : status;
}

enum status
file_upload_begin(struct site *site, int64_t author_id, const char *key,
    const char *name, int64_t size, int64_t now, struct file_upload *out_upload)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	struct file_upload upload = { 0 };
	enum status status;

	if (!text_is_key(key) || size <= 0)
		return STATUS_INVALID;
	if ((uint64_t)size > MEDIA_MAX_SIZE)
		return STATUS_TOO_LARGE;
	status = site_begin_write(site, now);
	if (status != STATUS_OK)
		return status;
	status = site_end_write(site,
	    ensure(site, author_id, key, name, size, now, files, &upload));
	if (status != STATUS_OK) {
		file_upload_release(&upload);
		return status;
	}
	remove_files(site, files);
	*out_upload = upload;
	return STATUS_OK;
}

enum status
file_upload_find(struct site *site, int64_t author_id, const char *key,
    int64_t now, struct file_upload *out_upload)
{
	enum status status = site_begin_read(site, now);

	if (status != STATUS_OK)
		return status;
	status = read_upload(site, author_id, key, out_upload);
	site_end_read(site);
	return status;
}

/* ---- pieces ---- */

/* Write what of a piece is not there yet, or nothing. The name of a file of
 * which nothing was there may not be on the disk either. */
static enum status
append(const struct site *site, int fd, size_t come, size_t offset,
    const void *bytes, size_t size)
{
	g_autofree char *folder = site_path(site, FOLDER);
	size_t known = MIN(come - offset, size);
	enum status status;

	if (lseek(fd, (off_t)come, SEEK_SET) >= 0 &&
	    file_write(fd, (const char *)bytes + known, size - known) &&
	    fdatasync(fd) == 0 && (come > 0 || file_sync_folder(folder)))
		return STATUS_OK;
	status = fail_errno("write an upload");
	(void)!ftruncate(fd, (off_t)come);
	return status;
}

enum status
file_upload_write(struct site *site, struct file_upload *upload, size_t offset,
    const void *bytes, size_t size)
{
	enum status status;
	size_t come;
	int fd;

	if (size > upload->size || offset > upload->size - size)
		return STATUS_INVALID;
	/* All of it was handed over. */
	if (upload->media_id != 0)
		return STATUS_OK;
	status = open_file(site, upload->file, O_CREAT, &fd, &come);
	if (status != STATUS_OK)
		return status;
	upload->come = come;
	status = offset > come ? STATUS_CONFLICT
			       : append(site, fd, come, offset, bytes, size);
	if (status == STATUS_OK)
		upload->come = MAX(come, offset + size);
	close(fd);
	return status;
}

/* ---- the end ---- */

static enum status
note_finished(struct site *site, const struct file_upload *upload,
    int64_t media_id, int64_t now)
{
	struct statement *statement;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	statement = database_statement(site->database, SQL_FINISH);
	statement_bind_integer(statement, ":id", upload->id);
	statement_bind_integer(statement, ":media_id", media_id);
	return site_end_write(site, statement_run(statement));
}

/* It cannot be taken, and will not be when it is sent again. */
static void
forget(struct site *site, const struct file_upload *upload, int64_t now)
{
	g_autofree char *path = path_of(site, upload->file);

	if (site_begin_write(site, now) == STATUS_OK &&
	    site_end_write(site, remove_row(site, upload->id)) == STATUS_OK)
		(void)g_unlink(path);
}

/* Hand the file at `path` over. */
static enum status
hand_over(struct site *site, struct media_store *store, const char *path,
    int64_t author_id, const char *alt, int64_t now, struct file_upload *upload,
    GError **error)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	struct media_upload given = {
		.file_name = upload->name,
		.alt = alt,
		.author_id = author_id,
	};
	int64_t media_id;
	bool is_new;
	enum status status =
	    file_read(path, FILE_LINKS_REFUSE, MEDIA_MAX_SIZE, bytes, error);

	if (status != STATUS_OK)
		return STATUS_FAILED;
	given.bytes = bytes->str;
	given.size = bytes->len;
	status = media_store_add(store, &given, now, &media_id, &is_new, error);
	if (status == STATUS_INVALID)
		forget(site, upload, now);
	if (status != STATUS_OK)
		return status;
	status = note_finished(site, upload, media_id, now);
	if (status != STATUS_OK)
		return status_fail(error, status, "could not be stored: %s",
		    status_name(status));
	upload->media_id = media_id;
	upload->come = upload->size;
	(void)g_unlink(path);
	return STATUS_OK;
}

/* It was handed over before: what it shows is taken where nobody has said it.
 */
static enum status
describe(struct site *site, int64_t media_id, const char *alt, int64_t now,
    GError **error)
{
	struct media *media = NULL;
	enum status status;

	if (!text_is_given(alt))
		return STATUS_OK;
	status = site_begin_write(site, now);
	if (status == STATUS_OK) {
		status = media_find(site->database, media_id, &media);
		if (status == STATUS_OK && media->alt[0] == '\0')
			status =
			    media_set_alt(site->database, media_id, alt, error);
		status = site_end_write(site, status);
	}
	media_free(media);
	if (status == STATUS_OK || status == STATUS_INVALID)
		return status;
	return status_fail(
	    error, status, "could not be stored: %s", status_name(status));
}

enum status
file_upload_finish(struct site *site, struct media_store *store,
    int64_t author_id, const char *alt, int64_t now, struct file_upload *upload,
    GError **error)
{
	g_autofree char *path = path_of(site, upload->file);
	enum status status;
	size_t come;
	int fd = -1;

	if (upload->media_id != 0)
		return describe(site, upload->media_id, alt, now, error);
	status = open_file(site, upload->file, 0, &fd, &come);
	if (status == STATUS_NOT_FOUND)
		come = 0;
	else if (status != STATUS_OK)
		return status_fail(error, status, "cannot be taken just now");
	upload->come = come;
	if (come < upload->size)
		status =
		    status_fail(error, STATUS_CONFLICT, "has not come whole");
	else
		status = hand_over(
		    site, store, path, author_id, alt, now, upload, error);
	if (fd >= 0)
		close(fd);
	return status;
}

/* ---- what is left over ---- */

/* Remove the files that no row has named for long. */
static void
sweep_files(const struct site *site, int64_t now)
{
	g_autofree char *folder = site_path(site, FOLDER);
	DIR *entries = opendir(folder);
	const struct dirent *entry;
	struct stat about;

	while (entries != NULL && (entry = readdir(entries)) != NULL) {
		if (!g_str_has_suffix(entry->d_name, SUFFIX) ||
		    fstatat(dirfd(entries), entry->d_name, &about,
			AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(about.st_mode) ||
		    about.st_mtime >= now - FILE_UPLOAD_SECONDS)
			continue;
		log_info("upload.swept", "file", entry->d_name);
		(void)unlinkat(dirfd(entries), entry->d_name, 0);
	}
	if (entries != NULL)
		closedir(entries);
}

enum status
file_upload_sweep(struct site *site, int64_t now)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = site_end_write(site, remove_old(site, now, files));
	if (status != STATUS_OK)
		return status;
	remove_files(site, files);
	sweep_files(site, now);
	media_folder_sweep(site, now);
	return STATUS_OK;
}
