/*
 * media_store.c - files that authors upload. See media_store.h.
 *
 * What must hold: a row is stored only once its files are on the disk, so that
 * no page names what is not there; what breaks off leaves files that nobody
 * names. Those of one upload stand in a folder of their own (media_folder.h)
 * until all of them are whole, and it knows what comes into media/ or leaves
 * it.
 */
#include "config.h"

#include "model/media_store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/content_type.h"
#include "base/file.h"
#include "base/launcher.h"
#include "base/logger.h"
#include "clean.h"
#include "content/image_maker.h"
#include "content/image_size.h"
#include "media_private.h"
#include "model/media.h"
#include "model/media_folder.h"
#include "model/site.h"
#include "store/database.h"

#define ALT_CHARACTERS 500
#define ORIGINAL       "original"

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

/* ---- an upload ---- */

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
	bool is_left;      /* the folder, for whoever sweeps */
};

static void
upload_release(struct upload *upload)
{
	if (upload->folder != NULL && !upload->is_left)
		media_folder_remove(upload->folder);
	g_free(upload->folder);
	g_free(upload->stem);
	g_free(upload->alt);
	g_ptr_array_unref(upload->placed);
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
		return media_fail_errno(error, "write an upload");
	if (file_write(fd, upload->given->bytes, upload->given->size) &&
	    fchmod(fd, 0644) == 0 && fsync(fd) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0) {
		*out_fd = fd;
		return STATUS_OK;
	}
	status = media_fail_errno(error, "write an upload");
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
	return media_fail_errno(error, "make an image");
}

static enum status
make_images(struct upload *upload, int original, GError **error)
{
	g_autofree char *folder =
	    g_build_filename(upload->folder, MEDIA_MADE, NULL);
	enum status status;
	int fd;

	if (upload->store->maker == NULL)
		return status_fail(error, STATUS_INVALID,
		    "is an image, and this Byline was built without them: ask "
		    "its administrator");
	if (g_mkdir(folder, 0700) != 0)
		return media_fail_errno(error, "make a folder for an image");
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return media_fail_errno(error, "open the folder for an image");
	status = image_maker_make(
	    upload->store->maker, original, fd, &upload->result, error);
	close(fd);
	return judge_making(status, error);
}

/* Put the file at `from`, which is on the disk, into media/ as `name`, where it
 * may stand already: its content made the name. */
static enum status
place_file(
    struct upload *upload, const char *from, const char *name, GError **error)
{
	g_autofree char *media = site_path(upload->store->site, "media");
	g_autofree char *to = g_build_filename(media, name, NULL);

	if (g_file_test(to, G_FILE_TEST_EXISTS))
		return STATUS_OK;
	if (g_rename(from, to) != 0)
		return media_fail_errno(error, "move a file into media/");
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
note_new(const struct upload *upload, const GPtrArray *names, GError **error)
{
	g_autofree char *media = site_path(upload->store->site, "media");
	g_autoptr(GPtrArray) coming = g_ptr_array_new();

	for (guint i = 0; i < names->len; i++) {
		char *name = g_ptr_array_index(names, i);
		g_autofree char *to = g_build_filename(media, name, NULL);

		if (!g_file_test(to, G_FILE_TEST_EXISTS))
			g_ptr_array_add(coming, name);
	}
	return media_folder_note(
	    upload->store->site, upload->folder, coming, error);
}

static enum status
place_images(struct upload *upload, const GPtrArray *names, GError **error)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < upload->result.file_count && status == STATUS_OK;
	     i++) {
		const char *made = upload->result.files[i].name;
		g_autofree char *from =
		    g_build_filename(upload->folder, MEDIA_MADE, made, NULL);

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
	enum status status = note_new(upload, names, error);

	if (status == STATUS_OK)
		status = upload->result.file_count > 0
			     ? place_images(upload, names, error)
			     : place_download(upload, names, error);
	if (status != STATUS_OK)
		return status;
	/* The names are on the disk, too. */
	return fsync(media) == 0 ? STATUS_OK
				 : media_fail_errno(error, "sync media/");
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
	enum status status = media_folder_make(
	    upload->store->site, upload->now, &upload->folder, error);

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
	enum status status =
	    media_folder_take_turn(upload->store->site, &media);

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
		upload->is_left = !media_folder_remove_unnamed(
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
	enum status status = STATUS_OK;

	if (given->size == 0)
		status = status_fail(error, STATUS_INVALID, "is empty");
	else if (given->size > MEDIA_MAX_SIZE)
		status =
		    status_fail(error, STATUS_INVALID, "is larger than 10 MB");
	else if (clean_line(given->alt, ALT_CHARACTERS, &upload.alt) !=
		 STATUS_OK)
		status = status_fail(error, STATUS_INVALID,
		    "is described in more than %d characters", ALT_CHARACTERS);
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

/* Write down what is about to go: whoever sweeps takes it away, should we be
 * killed when no row names it any more. NULL: a full disk has no room for that,
 * and is no reason to keep the files. */
static char *
note_going(struct site *site, const GPtrArray *paths, int64_t now)
{
	g_autoptr(GError) error = NULL;
	char *folder;

	if (media_folder_make(site, now, &folder, &error) != STATUS_OK)
		return NULL;
	if (media_folder_note(site, folder, paths, &error) == STATUS_OK)
		return folder;
	media_folder_remove(folder);
	g_free(folder);
	return NULL;
}

static enum status
remove_row(struct site *site, int64_t id, int64_t now)
{
	enum status status = site_begin_write(site, now);
	struct statement *statement;

	if (status != STATUS_OK)
		return status;
	statement = database_statement(site->database, SQL_REMOVE);
	statement_bind_integer(statement, ":id", id);
	return site_end_write(site, statement_run(statement));
}

/* Its row first, for pages name what has one; then its files. In our turn, in
 * which it gets no further ones. */
static enum status
remove_all(struct site *site, int64_t id, const GPtrArray *paths, int media,
    int64_t now)
{
	g_autofree char *folder = note_going(site, paths, now);
	enum status status = remove_row(site, id, now);
	bool is_done = status != STATUS_OK ||
		       (media_folder_remove_unnamed(site, paths, now) &&
			   fsync(media) == 0);

	if (is_done && folder != NULL)
		media_folder_remove(folder);
	return status;
}

enum status
media_store_remove(struct media_store *store, int64_t id, int64_t now)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	int media;
	enum status status = media_folder_take_turn(store->site, &media);

	if (status != STATUS_OK)
		return status;
	status = site_begin_read(store->site, now);
	if (status == STATUS_OK) {
		status = list_paths(store->site->database, id, paths);
		site_end_read(store->site);
	}
	if (status == STATUS_OK)
		status = remove_all(store->site, id, paths, media, now);
	close(media);
	return status;
}
