/*
 * tool_export.c - `byline export`: all that was written, in a folder or in one
 * archive.
 *
 * What must hold: the target is there whole or not at all. It is made under
 * another name beside it, and gets its own when it is done; nothing that is
 * there already is touched. Drafts are in it: nobody else may read it, and who
 * interrupts it leaves nothing of it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/tar_writer.h"
#include "model/export.h"
#include "model/site.h"
#include "tool/tool.h"

/* What an export goes to, under the name it has until it is done. */
struct target {
	const char *path;
	char *draft;
	int descriptor;          /* of an archive */
	GPtrArray *made;         /* of a folder: char *, what there is in it */
	struct export_sink sink; /* the one of either */
};

/* ---- being interrupted ---- */

static enum status
add_unless_ended(void *data, const char *path, const void *bytes, size_t size,
    int64_t time, GError **error)
{
	const struct export_sink *sink = &((struct target *)data)->sink;
	enum status status = tool_check_signals(error);

	return status == STATUS_OK
		   ? sink->add(sink->data, path, bytes, size, time, error)
		   : status;
}

static enum status
add_file_unless_ended(void *data, const char *path, int source, int64_t size,
    int64_t time, GError **error)
{
	const struct export_sink *sink = &((struct target *)data)->sink;
	enum status status = tool_check_signals(error);

	return status == STATUS_OK
		   ? sink->add_file(sink->data, path, source, size, time, error)
		   : status;
}

/* ---- a folder ---- */

static const char *const folders[] = { "articles", "pages", "media" };

/* A new file at `path` in the folder; -1 and words when it cannot be. */
static int
create(struct target *target, const char *path, GError **error)
{
	g_autofree char *full = g_build_filename(target->draft, path, NULL);
	int descriptor = open(
	    full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (descriptor < 0)
		(void)!status_fail(error, STATUS_FAILED, "cannot hold %s: %s",
		    path, g_strerror(errno));
	else
		g_ptr_array_add(target->made, g_steal_pointer(&full));
	return descriptor;
}

/* Close what was written; a file system may say only now that it is full. */
static enum status
finish(int descriptor, enum status status, GError **error)
{
	if (close(descriptor) != 0 && status == STATUS_OK)
		return file_fail_write(errno, error);
	return status;
}

/* The same of a file of a folder, which is as old as what it holds. */
static enum status
finish_at(int descriptor, int64_t time, enum status status, GError **error)
{
	const struct timespec times[] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = (time_t)time },
	};

	if (status == STATUS_OK && futimens(descriptor, times) != 0)
		status = file_fail_write(errno, error);
	return finish(descriptor, status, error);
}

static enum status
add(void *data, const char *path, const void *bytes, size_t size, int64_t time,
    GError **error)
{
	int descriptor = create(data, path, error);

	if (descriptor < 0)
		return STATUS_FAILED;
	return finish_at(descriptor, time,
	    file_write(descriptor, bytes, size) ? STATUS_OK
						: file_fail_write(errno, error),
	    error);
}

static enum status
add_file(void *data, const char *path, int source, int64_t size, int64_t time,
    GError **error)
{
	int descriptor = create(data, path, error);

	if (descriptor < 0)
		return STATUS_FAILED;
	return finish_at(descriptor, time,
	    file_copy(descriptor, source, size, error), error);
}

static enum status
begin_folder(struct target *target, GError **error)
{
	if (g_mkdtemp(target->draft) == NULL)
		return status_fail(error, STATUS_FAILED, "cannot be made: %s",
		    g_strerror(errno));
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path =
		    g_build_filename(target->draft, folders[i], NULL);

		if (mkdir(path, 0700) != 0)
			return status_fail(error, STATUS_FAILED,
			    "cannot be made: %s", g_strerror(errno));
	}
	return STATUS_OK;
}

/* Folders that nothing came into are none. */
static void
remove_empty_folders(const struct target *target)
{
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path =
		    g_build_filename(target->draft, folders[i], NULL);

		(void)!rmdir(path);
	}
}

/* Bring all of it to the disk at once: a turn for each of many thousand small
 * files would take minutes. */
static enum status
sync_folder(const struct target *target, GError **error)
{
	int descriptor =
	    open(target->draft, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum status status = STATUS_OK;

	if (descriptor < 0)
		return file_fail_write(errno, error);
	if (syncfs(descriptor) != 0)
		status = file_fail_write(errno, error);
	return finish(descriptor, status, error);
}

static void
remove_folder(const struct target *target)
{
	for (guint i = 0; i < target->made->len; i++)
		(void)!unlink(g_ptr_array_index(target->made, i));
	remove_empty_folders(target);
	(void)!rmdir(target->draft);
}

/* ---- either ---- */

static bool
is_archive(const char *path)
{
	return g_str_has_suffix(path, ".tar");
}

/* Whether there is nothing where the export is to be, or an empty folder. */
static enum status
check_target(const char *path, GError **error)
{
	g_autoptr(GDir) entries = NULL;
	struct stat about;

	if (lstat(path, &about) != 0)
		return errno == ENOENT
			   ? STATUS_OK
			   : status_fail(error, STATUS_FAILED,
				 "cannot be looked at: %s", g_strerror(errno));
	if (is_archive(path) || !S_ISDIR(about.st_mode))
		return status_fail(error, STATUS_CONFLICT,
		    "is there already: choose another name");
	entries = g_dir_open(path, 0, NULL);
	if (entries == NULL || g_dir_read_name(entries) != NULL)
		return status_fail(error, STATUS_CONFLICT,
		    "is a folder that is not empty: choose another");
	return STATUS_OK;
}

static enum status
begin(struct target *target, GError **error)
{
	if (!is_archive(target->path)) {
		target->sink = (struct export_sink){
			.add = add,
			.add_file = add_file,
			.data = target,
		};
		return begin_folder(target, error);
	}
	target->descriptor =
	    g_mkstemp_full(target->draft, O_WRONLY | O_CLOEXEC, 0600);
	if (target->descriptor < 0)
		return status_fail(error, STATUS_FAILED, "cannot be made: %s",
		    g_strerror(errno));
	export_sink_init_tar(&target->sink, &target->descriptor);
	return STATUS_OK;
}

static enum status
end_archive(struct target *target, GError **error)
{
	int descriptor = target->descriptor;
	enum status status = tar_writer_end(descriptor, error);

	if (status == STATUS_OK && fsync(descriptor) != 0)
		status = file_fail_write(errno, error);
	target->descriptor = -1;
	return finish(descriptor, status, error);
}

/* Give it its name, which nothing may have got meanwhile; of folders, which
 * take the place of empty ones alone, rename() sees to that. */
static bool
become(const struct target *target)
{
	const char *draft = target->draft, *path = target->path;

	if (!is_archive(path))
		return rename(draft, path) == 0;
	return file_rename_new(draft, path);
}

static enum status
end(struct target *target, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(target->path);
	enum status status;

	if (target->descriptor >= 0) {
		status = end_archive(target, error);
	} else {
		remove_empty_folders(target);
		status = sync_folder(target, error);
	}
	if (status == STATUS_OK)
		status = tool_check_signals(error);
	if (status == STATUS_OK && !become(target))
		return errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR
			   ? status_fail(error, STATUS_CONFLICT,
				 "came meanwhile: choose another name")
			   : file_fail_write(errno, error);
	/* It is there; that it stays is all that may be missing. */
	if (status == STATUS_OK && !file_sync_folder(parent))
		(void)tool_fail("%s may not outlast a power cut: %s",
		    target->path, g_strerror(errno));
	return status;
}

static void
undo(struct target *target)
{
	if (target->descriptor >= 0)
		close(target->descriptor);
	if (is_archive(target->path))
		(void)!unlink(target->draft);
	else
		remove_folder(target);
}

static int
report(const struct target *target, const struct export_counts *counts)
{
	printf("exported %" G_GINT64_FORMAT " articles and %" G_GINT64_FORMAT
	       " files to %s\n",
	    counts->article_count, counts->file_count, target->path);
	for (guint i = 0; i < counts->missing->len; i++)
		(void)tool_fail("media/%s is not there: left out",
		    (const char *)g_ptr_array_index(counts->missing, i));
	return counts->missing->len == 0 ? TOOL_DONE : TOOL_FAILED;
}

static int
export_to(struct site *site, const char *path, bool has_files)
{
	g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *draft = g_strconcat(path, ".XXXXXX", NULL);
	struct target target = {
		.path = path, .draft = draft, .descriptor = -1, .made = made
	};
	g_autoptr(GError) error = NULL;
	const struct export_sink sink = {
		.add = add_unless_ended,
		.add_file = add_file_unless_ended,
		.data = &target,
	};
	struct export_counts counts = { 0 };
	int64_t now = date_now();
	enum status status;
	int exit_code;

	tool_hold_signals();
	status = begin(&target, &error);

	if (status == STATUS_OK)
		status = site_begin_read(site, now);
	if (status == STATUS_OK) {
		status =
		    export_site(site, has_files, now, &sink, &counts, &error);
		site_end_read(site);
	}
	if (status == STATUS_OK)
		status = end(&target, &error);
	if (status == STATUS_OK) {
		exit_code = report(&target, &counts);
	} else {
		undo(&target);
		exit_code = tool_fail_of(path, status, error);
	}
	g_clear_pointer(&counts.missing, g_ptr_array_unref);
	return exit_code;
}

int
tool_export(
    const struct tool *tool, const char *directory, int argc, char **argv)
{
	gboolean is_without_files = FALSE;
	const GOptionEntry entries[] = {
		{ "without-files", 0, 0, G_OPTION_ARG_NONE, &is_without_files,
		    "Texts only, nothing of media/", NULL },
		{ 0 },
	};
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	struct site *site;
	int exit_code;

	if (!tool_parse(tool, entries, 1, &argc, &argv, &exit_code))
		return exit_code;
	/* Without the slashes that completion leaves at the end. */
	path = g_canonicalize_filename(argv[1], NULL);
	if (argv[1][0] == '\0' || check_target(path, &error) != STATUS_OK)
		return tool_fail("%s %s", argv[1],
		    error != NULL ? error->message : "is no name of a folder");
	site = tool_open_site(directory);
	if (site == NULL)
		return TOOL_FAILED;
	exit_code = export_to(site, path, !is_without_files);
	site_free(site);
	return exit_code;
}
