/*
 * tool_backup.c - `byline backup`: the whole blog in one file.
 *
 * What must hold: the file is there whole or not at all; nobody but its owner
 * may read it, at no time; and nothing that is there already is touched.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "draft_folder.h"
#include "model/backup.h"
#include "model/site.h"
#include "tool/tool.h"

static enum status
look(void *data, const char *doing, int64_t done, int64_t total, GError **error)
{
	(void)data;
	tool_show_progress(doing, done, total);
	return tool_check_signals(error);
}

/* Bring it to the disk, and give it its name, which nothing may have got
 * meanwhile. */
static enum status
finish(int archive, const char *draft, const char *path, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(path);

	if (fsync(archive) != 0)
		return file_fail_write(errno, error);
	if (!file_rename_new(draft, path))
		return errno == EEXIST
			   ? status_fail(error, STATUS_CONFLICT,
				 "came meanwhile: choose another name")
			   : file_fail_write(errno, error);
	/* It is there; that it stays is all that may be missing. */
	if (!file_sync_folder(parent))
		(void)tool_fail("%s may not outlast a power cut: %s", path,
		    g_strerror(errno));
	return STATUS_OK;
}

static enum status
write_into(struct site *site, const struct draft_folder *draft,
    const char *path, struct backup_report *out_report, GError **error)
{
	static const struct backup_watch watch = { look, NULL };
	g_autofree char *name = g_build_filename(draft->path, "backup", NULL);
	int archive = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum status status;

	if (archive < 0)
		return file_fail_write(errno, error);
	status = backup_write(
	    site, archive, draft->path, date_now(), &watch, out_report, error);
	if (status == STATUS_OK)
		status = tool_check_signals(error);
	if (status == STATUS_OK)
		status = finish(archive, name, path, error);
	close(archive);
	return status;
}

/* ---- what is said ---- */

static void
print_json(const char *path, const struct backup_report *report, int64_t size)
{
	json_t *missing = json_array();
	json_t *all;

	for (guint i = 0; i < report->missing->len; i++)
		json_array_append_new(missing,
		    json_string(g_ptr_array_index(report->missing, i)));
	all = json_pack("{s:s, s:I, s:I, s:I, s:I, s:o}", "file", path, "size",
	    (json_int_t)size, "articles", (json_int_t)report->article_count,
	    "media", (json_int_t)report->media_count, "theme",
	    (json_int_t)report->theme_count, "missing", missing);
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
}

static int
report_it(const char *path, const struct backup_report *report, bool is_json)
{
	struct stat about = { 0 };

	(void)!stat(path, &about);
	if (is_json)
		print_json(path, report, about.st_size);
	else
		printf("backed up %" PRId64 " articles, %" PRId64
		       " files of media/ and %" PRId64
		       " of theme/ to %s (%.1f MB)\n",
		    report->article_count, report->media_count,
		    report->theme_count, path, (double)about.st_size / 1e6);
	for (guint i = 0; i < report->missing->len; i++)
		(void)tool_fail(
		    "%s", (const char *)g_ptr_array_index(report->missing, i));
	return report->missing->len == 0 ? TOOL_DONE : TOOL_FAILED;
}

static int
back_up(struct site *site, const char *path, bool is_json)
{
	struct backup_report report = { 0 };
	g_autoptr(GError) error = NULL;
	struct draft_folder draft;
	enum status status;
	int exit_code;

	tool_hold_signals();
	status = draft_folder_make(path, &draft, &error);
	if (status == STATUS_OK) {
		status = write_into(site, &draft, path, &report, &error);
		draft_folder_remove(&draft);
	}
	if (status == STATUS_OK)
		exit_code = report_it(path, &report, is_json);
	else
		exit_code = tool_fail_of(path, status, error);
	backup_report_release(&report);
	return exit_code;
}

int
tool_backup(
    const struct tool *tool, const char *directory, int argc, char **argv)
{
	gboolean is_json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &is_json,
		    "Print what is in it as JSON", NULL },
		{ 0 },
	};
	g_autofree char *path = NULL;
	struct stat about;
	struct site *site;
	int exit_code;

	if (!tool_parse(tool, entries, 1, &argc, &argv, &exit_code))
		return exit_code;
	path = g_canonicalize_filename(argv[1], NULL);
	if (argv[1][0] == '\0' || g_str_has_suffix(argv[1], "/"))
		return tool_fail("\"%s\" is no name of a file", argv[1]);
	if (lstat(path, &about) == 0)
		return tool_fail(
		    "%s is there already: choose another name", path);
	site = tool_open_site(directory);
	if (site == NULL)
		return TOOL_FAILED;
	exit_code = back_up(site, path, is_json);
	site_free(site);
	return exit_code;
}
