/*
 * media_store.c - files that authors upload. See media_store.h.
 *
 * What must hold: a row is stored only once its files are on the disk, so that
 * no page names what is not there; what breaks off leaves files that nobody
 * names, and those of one upload stand in a folder of their own until all of
 * them are whole. That folder says which names they are about to get in media/,
 * so that what is swept there is ours alone. Files come into media/ and leave
 * it, each together with its row, in one turn at a time: else one worker would
 * take away what another has found there and names.
 */
#include "config.h"

#include "model/media_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/content_type.h"
#include "base/file.h"
#include "base/launcher.h"
#include "base/logger.h"
#include "base/text.h"
#include "base/token.h"
#include "clean.h"
#include "content/image_maker.h"
#include "content/image_size.h"
#include "model/media.h"
#include "model/site.h"
#include "store/database.h"

#define ALT_CHARACTERS 500
#define ORIGINAL       "original"
#define MADE           "made"
#define NAMES          "names"

enum {
	TURN_MILLISECONDS = 10000, /* the longest wait for others */
	TURN_STEP = 20,
	FOLDER_NAME_SIZE = 16,
	NAMES_MAX_SIZE = 65536,
	FOLDER_MAX_AGE = 3600 /* seconds; no upload takes that long */
};

/* Who uploads what is there already adds what nobody has said of it. */
static const char SQL_FILL_IN[] =
    "UPDATE media"
    " SET alt = CASE WHEN alt = '' THEN :alt ELSE alt END,"
    " uploaded_by = coalesce(uploaded_by, nullif(:author_id, 0))"
    " WHERE id = :id";

static const char SQL_ADD_VARIANT[] =
    "INSERT INTO media_variant (media_id, path, content_type, width, height,"
    " size)"
    " VALUES (:id, :path, :content_type, :width, :height, :size)"
    " ON CONFLICT DO NOTHING";

static const char SQL_PATHS[] = "SELECT path"
				" FROM media"
				" WHERE id = :id"
				" UNION ALL"
				" SELECT path"
				" FROM media_variant"
				" WHERE media_id = :id";

static const char SQL_IS_NAMED[] = "SELECT EXISTS (SELECT 1 FROM media"
				   " WHERE path = :path)"
				   " OR EXISTS (SELECT 1 FROM media_variant"
				   " WHERE path = :path)";

static const char SQL_REMOVE[] = "DELETE FROM media"
				 " WHERE id = :id";

struct media_store {
	struct site *site;
	struct image_maker *maker; /* NULL: no images */
};

struct launcher *
media_store_launch(void)
{
	g_autofree char *program = image_maker_find_program();
	const char *const arguments[] = { program, NULL };
	g_autoptr(GError) error = NULL;
	struct launcher *launcher;

	if (launcher_new(arguments, IMAGE_MAX_WALL_SECONDS, &launcher,
		&error) == STATUS_OK)
		return launcher;
	log_warning("media.no_images", "reason", error->message);
	return NULL;
}

struct media_store *
media_store_new(struct site *site, struct launcher *launcher)
{
	struct media_store *store = g_new0(struct media_store, 1);

	store->site = site;
	if (launcher != NULL)
		store->maker = image_maker_new(launcher);
	return store;
}

void
media_store_free(struct media_store *store)
{
	if (store == NULL)
		return;
	image_maker_free(store->maker);
	g_free(store);
}

/* ---- one at a time ---- */

enum status
media_store_take_turn(const struct site *site, int *out_media)
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

/* Delete those of `names` in media/ that no row names, in our turn. False: they
 * cannot be looked up, and stay. */
static bool
remove_unnamed(struct site *site, const GPtrArray *names, int64_t now)
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

/* ---- a folder of its own ---- */

/* An upload under way. */
struct upload {
	struct media_store *store;
	const struct media_upload *given;
	int64_t now;
	char *folder; /* where its files are made; NULL: nowhere yet */
	char *stem;   /* "1a2b...-name": its names in media/ without endings */
	char *alt;
	struct image_result result; /* of an image; file_count 0: no image */
	const char *content_type;   /* of what is no image */
	GPtrArray *placed; /* names in media/ that were not there before */
};

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
	remove_files(folder, MADE);
	close(folder);
	remove_files(parent, name);
}

/* Whether `name` is one of make_folder(). */
static bool
is_folder_name(const char *name)
{
	size_t size = strlen(name);

	for (const char *at = name; *at != '\0'; at++)
		if (!g_ascii_isalnum(*at) && *at != '-' && *at != '_')
			return false;
	return size == FOLDER_NAME_SIZE;
}

/* The lines of a file of note_names() that can be names in media/. */
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

/* Remove what upload `folder` put into media/ before it was killed, if no row
 * came to name it. False: not now. */
static bool
sweep_media(struct site *site, const char *folder, int64_t now)
{
	g_autofree char *path =
	    g_build_filename(site->directory, "uploads", folder, NAMES, NULL);
	g_autoptr(GPtrArray) names = read_names(path);
	bool is_done;
	int media;

	if (names->len == 0)
		return true;
	if (media_store_take_turn(site, &media) != STATUS_OK)
		return false;
	is_done = remove_unnamed(site, names, now);
	close(media);
	return is_done;
}

/* What the folders of such uploads hold is large, and tells where a photograph
 * was taken. */
void
media_store_sweep(struct site *site, int64_t now)
{
	g_autofree char *uploads = site_path(site, "uploads");
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

static void
upload_release(struct upload *upload)
{
	if (upload->folder != NULL)
		remove_folder(AT_FDCWD, upload->folder);
	g_free(upload->folder);
	g_free(upload->stem);
	g_free(upload->alt);
	g_ptr_array_unref(upload->placed);
}

static enum status
fail_errno(GError **error, const char *doing)
{
	int cause = errno;
	bool is_full = cause == ENOSPC || cause == EDQUOT;

	log_error("media.failed", "doing", doing, "reason", g_strerror(cause));
	return status_fail(error, is_full ? STATUS_TOO_LARGE : STATUS_FAILED,
	    "cannot be kept: %s",
	    is_full ? "the disk is full" : g_strerror(cause));
}

/* A new folder below uploads/ of the site, which is ours alone. */
static enum status
make_folder(struct upload *upload, GError **error)
{
	g_autofree char *place = site_path(upload->store->site, "uploads");
	g_autofree char *token = token_new();
	g_autofree char *folder = NULL;

	token[FOLDER_NAME_SIZE] = '\0';
	if (g_mkdir(place, 0700) != 0 && errno != EEXIST)
		return fail_errno(error, "make uploads/");
	media_store_sweep(upload->store->site, upload->now);
	folder = g_build_filename(place, token, NULL);
	if (g_mkdir(folder, 0700) != 0)
		return fail_errno(error, "make a folder in uploads/");
	upload->folder = g_steal_pointer(&folder);
	return STATUS_OK;
}

/* Write what was uploaded into the folder; `out_fd` reads it. */
static enum status
write_original(const struct upload *upload, int *out_fd, GError **error)
{
	g_autofree char *path =
	    g_build_filename(upload->folder, ORIGINAL, NULL);
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum status status;

	if (fd < 0)
		return fail_errno(error, "write an upload");
	if (file_write(fd, upload->given->bytes, upload->given->size) &&
	    fsync(fd) == 0 && lseek(fd, 0, SEEK_SET) == 0) {
		*out_fd = fd;
		return STATUS_OK;
	}
	status = fail_errno(error, "write an upload");
	close(fd);
	return status;
}

/* ---- making its files ---- */

/* Whether `words` of byline-image end in what the system says of a full disk.
 */
static bool
tell_full_disk(const char *words)
{
	return g_str_has_suffix(words, g_strerror(ENOSPC)) ||
	       g_str_has_suffix(words, g_strerror(EDQUOT));
}

/* What is too much for the maker of images is the fault of the file; a full
 * disk is not. */
static enum status
judge_making(enum status status, GError **error)
{
	if (status == STATUS_TOO_LARGE)
		return STATUS_INVALID;
	if (status != STATUS_FAILED || !tell_full_disk((*error)->message))
		return status;
	g_clear_error(error);
	errno = ENOSPC;
	return fail_errno(error, "make an image");
}

static enum status
make_images(struct upload *upload, int original, GError **error)
{
	g_autofree char *folder = g_build_filename(upload->folder, MADE, NULL);
	enum status status;
	int fd;

	if (upload->store->maker == NULL)
		return status_fail(error, STATUS_INVALID,
		    "is an image, and this Byline was built without them: ask "
		    "its administrator");
	if (g_mkdir(folder, 0700) != 0)
		return fail_errno(error, "make a folder for an image");
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(error, "open the folder for an image");
	status = image_maker_make(
	    upload->store->maker, original, fd, &upload->result, error);
	close(fd);
	return judge_making(status, error);
}

/* Put the file at `from` into media/ as `name`, where it may stand already: its
 * content made the name. */
static enum status
place_file(
    struct upload *upload, const char *from, const char *name, GError **error)
{
	g_autofree char *media = site_path(upload->store->site, "media");
	g_autofree char *to = g_build_filename(media, name, NULL);

	if (g_file_test(to, G_FILE_TEST_EXISTS))
		return STATUS_OK;
	if (chmod(from, 0644) != 0 || g_rename(from, to) != 0)
		return fail_errno(error, "move a file into media/");
	g_ptr_array_add(upload->placed, g_strdup(name));
	return STATUS_OK;
}

/* "1a2b-name.jpg" of "full.jpg", "1a2b-name_480.webp" of "480.webp": no slug
 * has an underscore in it, so no name of a file is that of a size of another.
 * The caller frees it. */
static char *
name_of(const struct upload *upload, const char *made)
{
	const char *dot = strchr(made, '.');

	if (g_str_has_prefix(made, "full."))
		return g_strconcat(upload->stem, dot, NULL);
	return g_strdup_printf(
	    "%s_%.*s%s", upload->stem, (int)(dot - made), made, dot);
}

/* What is about to come into media/. */
static GPtrArray *
list_names(const struct upload *upload)
{
	const struct media_upload *given = upload->given;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < upload->result.file_count; i++)
		g_ptr_array_add(
		    names, name_of(upload, upload->result.files[i].name));
	if (names->len == 0)
		g_ptr_array_add(
		    names, media_make_path(given->bytes, given->size,
			       given->file_name, upload->content_type));
	return names;
}

/* Write down which of `names` are not in media/ yet: whoever sweeps takes them
 * away again, should we be killed before a row names them. */
static enum status
note_names(const struct upload *upload, const GPtrArray *names, GError **error)
{
	g_autofree char *path = g_build_filename(upload->folder, NAMES, NULL);
	g_autofree char *media = site_path(upload->store->site, "media");
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *to = g_build_filename(media, name, NULL);

		if (!g_file_test(to, G_FILE_TEST_EXISTS))
			g_string_append_printf(text, "%s\n", name);
	}
	if (file_replace(path, text->str, text->len, NULL) == STATUS_OK)
		return STATUS_OK;
	return fail_errno(error, "write into uploads/");
}

static enum status
place_images(struct upload *upload, const GPtrArray *names, GError **error)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < upload->result.file_count && status == STATUS_OK;
	     i++) {
		const char *made = upload->result.files[i].name;
		g_autofree char *from =
		    g_build_filename(upload->folder, MADE, made, NULL);

		status = place_file(
		    upload, from, g_ptr_array_index(names, i), error);
	}
	return status;
}

static enum status
place_download(struct upload *upload, const GPtrArray *names, GError **error)
{
	g_autofree char *from =
	    g_build_filename(upload->folder, ORIGINAL, NULL);

	return place_file(upload, from, g_ptr_array_index(names, 0), error);
}

static enum status
place_all(struct upload *upload, int media, GError **error)
{
	g_autoptr(GPtrArray) names = list_names(upload);
	enum status status = note_names(upload, names, error);

	if (status == STATUS_OK)
		status = upload->result.file_count > 0
			     ? place_images(upload, names, error)
			     : place_download(upload, names, error);
	if (status != STATUS_OK)
		return status;
	/* The names are on the disk, too. */
	return fsync(media) == 0 ? STATUS_OK : fail_errno(error, "sync media/");
}

/* ---- rows ---- */

static enum status
add_variants(struct database *database, const struct upload *upload, int64_t id)
{
	enum status status = STATUS_OK;

	for (size_t i = 1; i < upload->result.file_count && status == STATUS_OK;
	     i++) {
		const struct image_file *file = &upload->result.files[i];
		g_autofree char *name = name_of(upload, file->name);
		struct statement *statement =
		    database_statement(database, SQL_ADD_VARIANT);

		statement_bind_integer(statement, ":id", id);
		statement_bind_text(statement, ":path", name);
		statement_bind_text(
		    statement, ":content_type", file->content_type);
		statement_bind_integer(statement, ":width", file->width);
		statement_bind_integer(statement, ":height", file->height);
		statement_bind_integer(statement, ":size", (int64_t)file->size);
		status = statement_run(statement);
	}
	return status;
}

/* The row of the first file. The caller frees its path. */
static struct media
make_row(const struct upload *upload)
{
	struct media media = {
		.original_name = (char *)upload->given->file_name,
		.alt = upload->alt,
	};

	if (upload->result.file_count > 0) {
		const struct image_file *full = &upload->result.files[0];

		media.path = name_of(upload, full->name);
		media.content_type = (char *)full->content_type;
		media.size = (int64_t)full->size;
		media.width = full->width;
		media.height = full->height;
	} else {
		media.path =
		    media_make_path(upload->given->bytes, upload->given->size,
			upload->given->file_name, upload->content_type);
		media.content_type = (char *)upload->content_type;
		media.size = (int64_t)upload->given->size;
	}
	return media;
}

static enum status
fill_in(struct database *database, const struct upload *upload, int64_t id)
{
	struct statement *statement = database_statement(database, SQL_FILL_IN);

	statement_bind_integer(statement, ":id", id);
	statement_bind_text(statement, ":alt", upload->alt);
	statement_bind_integer(
	    statement, ":author_id", upload->given->author_id);
	return statement_run(statement);
}

static enum status
store_rows(struct upload *upload, int64_t *out_id, bool *out_is_new)
{
	struct site *site = upload->store->site;
	struct media media = make_row(upload);
	enum status status = site_begin_write(site, upload->now);

	if (status == STATUS_OK) {
		status = media_find_path(site->database, media.path, out_id);
		*out_is_new = status == STATUS_NOT_FOUND;
		if (*out_is_new)
			status = media_ensure(
			    site->database, &media, upload->now, out_id);
		if (status == STATUS_OK)
			status = add_variants(site->database, upload, *out_id);
		if (status == STATUS_OK)
			status = fill_in(site->database, upload, *out_id);
		status = site_end_write(site, status);
	}
	g_free(media.path);
	return status;
}

/* ---- all of it ---- */

/* What readers get as a download, by the ending of its name: nothing that a
 * browser would run. */
static const char *
download_type(const char *file_name)
{
	g_autofree char *lower = g_ascii_strdown(file_name, -1);
	const char *type = content_type_of(lower);

	if (type != NULL && (g_str_has_prefix(type, "video/") ||
				g_str_has_prefix(type, "audio/")))
		return type;
	if (g_str_has_suffix(lower, ".pdf"))
		return "application/pdf";
	if (g_str_has_suffix(lower, ".zip"))
		return "application/zip";
	if (g_str_has_suffix(lower, ".gz"))
		return "application/gzip";
	if (g_str_has_suffix(lower, ".csv"))
		return "text/csv";
	return "application/octet-stream";
}

/* Whether it is, by its first bytes, an image that can be made anew. */
static bool
is_image(const struct media_upload *given)
{
	static const char *const types[] = { "image/png", "image/jpeg",
		"image/gif", "image/webp", NULL };
	struct image_size size;

	return image_size_read(given->bytes, given->size, &size) == STATUS_OK &&
	       g_strv_contains(types, size.content_type);
}

static char *
make_stem(const struct media_upload *given)
{
	g_autofree char *path = media_make_path(
	    given->bytes, given->size, given->file_name, "image/png");

	return g_strndup(path, strlen(path) - strlen(".png"));
}

static enum status
make_files(struct upload *upload, GError **error)
{
	int original = -1;
	enum status status = make_folder(upload, error);

	if (status == STATUS_OK)
		status = write_original(upload, &original, error);
	if (status != STATUS_OK)
		return status;
	if (is_image(upload->given))
		status = make_images(upload, original, error);
	close(original);
	return status;
}

/* What was made, and its rows: both or neither. */
static enum status
keep(struct upload *upload, int64_t *out_id, bool *out_is_new, GError **error)
{
	int media;
	enum status status = media_store_take_turn(upload->store->site, &media);

	if (status != STATUS_OK)
		return status_fail(error, status, "could not be kept just now");
	status = place_all(upload, media, error);
	if (status == STATUS_OK) {
		status = store_rows(upload, out_id, out_is_new);
		if (status != STATUS_OK)
			status_fail(error, status, "could not be stored: %s",
			    status_name(status));
	}
	if (status != STATUS_OK)
		(void)remove_unnamed(
		    upload->store->site, upload->placed, upload->now);
	close(media);
	return status;
}

enum status
media_store_add(struct media_store *store, const struct media_upload *given,
    int64_t now, int64_t *out_id, bool *out_is_new, GError **error)
{
	struct upload upload = {
		.store = store,
		.given = given,
		.now = now,
		.stem = make_stem(given),
		.content_type = download_type(given->file_name),
		.placed = g_ptr_array_new_with_free_func(g_free),
	};
	enum status status;

	if (given->size == 0)
		status = status_fail(error, STATUS_INVALID, "is empty");
	else if (given->size > MEDIA_MAX_SIZE)
		status =
		    status_fail(error, STATUS_INVALID, "is larger than 10 MB");
	else
		status = clean_field("what it shows", given->alt,
		    ALT_CHARACTERS, &upload.alt, error);
	if (status == STATUS_OK)
		status = make_files(&upload, error);
	if (status == STATUS_OK)
		status = keep(&upload, out_id, out_is_new, error);
	upload_release(&upload);
	return status;
}

/* ---- deleting ---- */

static enum status
list_paths(struct database *database, int64_t id, GPtrArray *paths)
{
	struct statement *statement = database_statement(database, SQL_PATHS);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(paths, statement_dup_text(statement, 0));
	if (status != STATUS_NOT_FOUND)
		return status;
	return paths->len > 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

static enum status
remove_rows(struct site *site, int64_t id, int64_t now, GPtrArray *paths)
{
	enum status status = site_begin_write(site, now);
	struct statement *statement;

	if (status != STATUS_OK)
		return status;
	status = list_paths(site->database, id, paths);
	if (status == STATUS_OK) {
		statement = database_statement(site->database, SQL_REMOVE);
		statement_bind_integer(statement, ":id", id);
		status = statement_run(statement);
	}
	return site_end_write(site, status);
}

enum status
media_store_remove(struct media_store *store, int64_t id, int64_t now)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	int media;
	enum status status = media_store_take_turn(store->site, &media);

	if (status != STATUS_OK)
		return status;
	status = remove_rows(store->site, id, now, paths);
	if (status == STATUS_OK)
		(void)remove_unnamed(store->site, paths, now);
	close(media);
	return status;
}
