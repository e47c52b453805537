/*
 * static_file.c - see view/static_file.h.
 *
 * Must stay true: the hash in a path is of the very bytes that are served under
 * it, so files are read once and kept; and a file in `directory` is there whole
 * or not at all.
 */
#include "config.h"

#include "view/static_file.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/content_type.h"
#include "base/file.h"
#include "base/logger.h"
#include "base/token.h"

#define STATIC_PREFIX "/static/"

enum {
	MAX_SIZE = 10 * 1024 * 1024,
	MAX_NAME_SIZE = 100,
	HASH_DIGITS = 8,
};

/* A file and where it comes from. */
struct entry {
	struct static_file file; /* its path is NULL until it is loaded */
	char *source;            /* of the theme; NULL: only built in */
	const struct data_file *builtin; /* NULL: only of the theme */
	char *loaded;                    /* the bytes, if they are ours */
};

struct static_files {
	const char *prefix; /* of every path */
	GPtrArray *entries; /* struct entry * */
};

/* ---- what there is ---- */

static void
entry_free(gpointer data)
{
	struct entry *entry = data;

	g_free(entry->file.name);
	g_free(entry->file.path);
	g_free(entry->source);
	g_free(entry->loaded);
	g_free(entry);
}

static struct entry *
find_entry(const struct static_files *files, const char *name)
{
	for (guint i = 0; i < files->entries->len; i++) {
		struct entry *entry = g_ptr_array_index(files->entries, i);

		if (strcmp(entry->file.name, name) == 0)
			return entry;
	}
	return NULL;
}

static struct entry *
ensure_entry(struct static_files *files, const char *name)
{
	struct entry *entry = find_entry(files, name);

	if (entry != NULL)
		return entry;
	entry = g_new0(struct entry, 1);
	entry->file.name = g_strdup(name);
	entry->file.content_type = content_type_of(name);
	if (entry->file.content_type == NULL)
		entry->file.content_type = "application/octet-stream";
	g_ptr_array_add(files->entries, entry);
	return entry;
}

static bool
is_name(const char *name)
{
	size_t size =
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			 "0123456789._-");

	return name[0] != '.' && name[size] == '\0' && size <= MAX_NAME_SIZE;
}

static void
log_skipped(const char *file, const char *reason)
{
	log_warning("static.skipped", "file", file, "reason", reason);
}

static void
add_theme_file(
    struct static_files *files, const char *directory, const char *name)
{
	g_autofree char *source = g_build_filename(directory, name, NULL);
	struct stat about;

	if (!is_name(name))
		log_skipped(source, "not a name to serve");
	else if (lstat(source, &about) != 0)
		log_skipped(source, g_strerror(errno));
	else if (!S_ISREG(about.st_mode))
		log_skipped(source, "not a regular file");
	else if (about.st_size > MAX_SIZE)
		log_skipped(source, "larger than 10 MiB");
	else
		ensure_entry(files, name)->source = g_steal_pointer(&source);
}

static void
add_theme(struct static_files *files, const char *theme_directory)
{
	g_autofree char *directory =
	    g_build_filename(theme_directory, "static", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) folder = g_dir_open(directory, 0, &error);
	const char *name;

	if (folder == NULL &&
	    !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		log_skipped(directory, error->message);
	while (folder != NULL && (name = g_dir_read_name(folder)))
		add_theme_file(files, directory, name);
}

struct static_files *
static_files_new_below(
    const char *prefix, const struct data_file *builtin, size_t count)
{
	struct static_files *files = g_new0(struct static_files, 1);

	files->prefix = prefix;
	files->entries = g_ptr_array_new_with_free_func(entry_free);
	for (size_t i = 0; i < count; i++)
		ensure_entry(files, builtin[i].name)->builtin = &builtin[i];
	return files;
}

struct static_files *
static_files_new(
    const struct data_file *builtin, size_t count, const char *theme_directory)
{
	struct static_files *files =
	    static_files_new_below(STATIC_PREFIX, builtin, count);

	if (theme_directory != NULL)
		add_theme(files, theme_directory);
	return files;
}

void
static_files_free(struct static_files *files)
{
	if (files == NULL)
		return;
	g_ptr_array_unref(files->entries);
	g_free(files);
}

/* ---- reading ---- */

/* The bytes of a file; NULL, and `error` says why, when it cannot be read. The
 * caller frees them. */
static char *
read_file(const char *source, size_t *out_size, GError **error)
{
	GString *bytes = g_string_new(NULL);

	if (file_read(source, FILE_LINKS_REFUSE, MAX_SIZE, bytes, error) !=
	    STATUS_OK) {
		g_string_free(bytes, TRUE);
		return NULL;
	}
	*out_size = bytes->len;
	return g_string_free(bytes, FALSE);
}

/* "/static/style-1a2b3c4d.css" of "style.css". */
static char *
make_path(const char *prefix, const char *name, const char *bytes, size_t size)
{
	g_autofree char *hash = token_content_hash(bytes, size, HASH_DIGITS);
	const char *extension = strrchr(name, '.');
	size_t stem =
	    extension != NULL ? (size_t)(extension - name) : strlen(name);

	return g_strdup_printf(
	    "%s%.*s-%s%s", prefix, (int)stem, name, hash, name + stem);
}

/* The file of `entry` with its bytes and path; NULL when it cannot be read. */
static const struct static_file *
load(const struct static_files *files, struct entry *entry)
{
	struct static_file *file = &entry->file;
	g_autoptr(GError) error = NULL;

	if (file->path != NULL)
		return file;
	if (entry->source != NULL) {
		entry->loaded = read_file(entry->source, &file->size, &error);
		if (entry->loaded == NULL)
			log_skipped(entry->source, error->message);
		file->bytes = entry->loaded;
	}
	if (file->bytes == NULL && entry->builtin != NULL) {
		file->bytes = entry->builtin->bytes;
		file->size = entry->builtin->size;
	}
	if (file->bytes == NULL)
		return NULL;
	file->path =
	    make_path(files->prefix, file->name, file->bytes, file->size);
	return file;
}

const struct static_file *
static_files_by_name(const struct static_files *files, const char *name)
{
	struct entry *entry = find_entry(files, name);

	return entry != NULL ? load(files, entry) : NULL;
}

/* "style.css" of "style-1a2b3c4d.css"; NULL when no hash is in it. The caller
 * frees it. */
static char *
name_of_part(const char *part)
{
	const char *extension = strrchr(part, '.');
	size_t stem =
	    extension != NULL ? (size_t)(extension - part) : strlen(part);

	if (stem < HASH_DIGITS + 2 || part[stem - HASH_DIGITS - 1] != '-')
		return NULL;
	return g_strdup_printf(
	    "%.*s%s", (int)(stem - HASH_DIGITS - 1), part, part + stem);
}

const struct static_file *
static_files_by_path(const struct static_files *files, const char *path)
{
	const struct static_file *file;
	g_autofree char *name = NULL;

	if (!g_str_has_prefix(path, files->prefix))
		return NULL;
	name = name_of_part(path + strlen(files->prefix));
	file = name != NULL ? static_files_by_name(files, name) : NULL;
	return file != NULL && strcmp(file->path, path) == 0 ? file : NULL;
}

/* ---- publishing ---- */

static bool
is_there(const char *target, const struct static_file *file)
{
	size_t size;
	g_autofree char *bytes = read_file(target, &size, NULL);

	return bytes != NULL && size == file->size &&
	       memcmp(bytes, file->bytes, size) == 0;
}

/* A folder that others may look into, whatever umask says. */
static bool
make_directory(const char *directory)
{
	struct stat about;

	if (g_mkdir_with_parents(directory, 0755) != 0 ||
	    stat(directory, &about) != 0)
		return false;
	return (about.st_mode & 0755) == 0755 || chmod(directory, 0755) == 0;
}

static enum status
publish(const struct static_file *file, const char *directory, GError **error)
{
	g_autofree char *target =
	    g_build_filename(directory, strrchr(file->path, '/') + 1, NULL);

	if (is_there(target, file) ||
	    file_replace(target, file->bytes, file->size, error) == STATUS_OK)
		return STATUS_OK;
	g_prefix_error(error, "%s ", target);
	return STATUS_FAILED;
}

enum status
static_files_publish(
    const struct static_files *files, const char *directory, GError **error)
{
	enum status status = STATUS_OK;

	if (!make_directory(directory))
		return status_fail(error, STATUS_FAILED,
		    "the folder %s cannot be made: %s", directory,
		    g_strerror(errno));
	for (guint i = 0; i < files->entries->len && status == STATUS_OK; i++) {
		const struct static_file *file =
		    load(files, g_ptr_array_index(files->entries, i));

		if (file != NULL)
			status = publish(file, directory, error);
	}
	return status;
}
