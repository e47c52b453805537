/*
 * tool_restore.c - `byline restore`: the blog of a backup, proven.
 *
 * What must hold: the site is there whole and proven, or not at all. It is made
 * under another name beside, and gets its own when it is done; it never takes
 * the place of anything but an empty folder.
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
#include "tool/tool.h"

static enum status
look(void *data, const char *doing, int64_t done, int64_t total, GError **error)
{
	(void)data;
	tool_show_progress(doing, done, total);
	return tool_check_signals(error);
}

/* Whether there is nothing where the site is to be, or an empty folder. */
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
	if (!S_ISDIR(about.st_mode))
		return status_fail(error, STATUS_CONFLICT,
		    "is no folder: choose another name");
	entries = g_dir_open(path, 0, NULL);
	if (entries == NULL || g_dir_read_name(entries) != NULL)
		return status_fail(error, STATUS_CONFLICT,
		    "is not empty: choose another folder, or move this one "
		    "away first");
	return STATUS_OK;
}

/* Bring all of it to the disk at once: a turn for each of many thousand small
 * files would take minutes. */
static enum status
sync_folder(const char *path, GError **error)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum status status = STATUS_OK;

	if (folder < 0 || syncfs(folder) != 0)
		status = file_fail_write(errno, error);
	if (folder >= 0)
		close(folder);
	return status;
}

/* Give the site its name: rename(2) takes the place of an empty folder, and of
 * nothing else. */
static enum status
become(const char *site, const char *path, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(path);
	enum status status = sync_folder(site, error);

	if (status == STATUS_OK)
		status = tool_check_signals(error);
	if (status != STATUS_OK)
		return status;
	if (rename(site, path) != 0)
		return errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR
			   ? status_fail(error, STATUS_CONFLICT,
				 "came meanwhile: choose another name")
			   : file_fail_write(errno, error);
	if (!file_sync_folder(parent))
		(void)tool_fail("%s may not outlast a power cut: %s", path,
		    g_strerror(errno));
	return STATUS_OK;
}

/* ---- what is said ---- */

static char *
format_time(int64_t time)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_utc();

	return date_format_rfc3339(time, zone);
}

static void
print_json(const char *path, const struct restore_report *report)
{
	g_autofree char *made_at = format_time(report->made_at);
	json_t *problems = json_array();
	json_t *all;

	for (guint i = 0; i < report->problems->len; i++)
		json_array_append_new(problems,
		    json_string(g_ptr_array_index(report->problems, i)));
	all = json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o}", "site", path,
	    "made_at", made_at, "articles", (json_int_t)report->article_count,
	    "rendered", (json_int_t)report->rendered_count, "media",
	    (json_int_t)report->media_count, "theme",
	    (json_int_t)report->theme_count, "problems", problems);
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
}

static void
print_words(const char *path, const struct restore_report *report)
{
	g_autofree char *made_at = format_time(report->made_at);

	printf("restored %s as it was at %s\n", path, made_at);
	printf("%" PRId64 " articles, %" PRId64 " of them rendered again, "
	       "%" PRId64 " files of media/, %" PRId64 " of theme/\n",
	    report->article_count, report->rendered_count, report->media_count,
	    report->theme_count);
	puts("everybody has to sign in again; links that let somebody in, or "
	     "show a draft, have ended");
}

static int
report_it(const char *path, const struct restore_report *report, bool is_json)
{
	if (is_json)
		print_json(path, report);
	else
		print_words(path, report);
	for (guint i = 0; i < report->problems->len; i++)
		(void)tool_fail(
		    "%s", (const char *)g_ptr_array_index(report->problems, i));
	return report->problems->len == 0 ? TOOL_DONE : TOOL_FAILED;
}

/* ---- the command ---- */

/* What is wrong with the backup is said of that, all else of the site. */
static int
restore_into(const struct draft_folder *draft, int archive, const char *file,
    const char *path, bool is_json)
{
	static const struct backup_watch watch = { look, NULL };
	g_autofree char *site = g_build_filename(draft->path, "site", NULL);
	struct restore_report report = { 0 };
	g_autoptr(GError) error = NULL;
	const char *subject = path;
	enum status status = STATUS_OK;
	int exit_code;

	if (mkdir(site, 0700) != 0)
		status = file_fail_write(errno, &error);
	if (status == STATUS_OK)
		status = backup_restore(
		    archive, site, date_now(), &watch, &report, &error);
	if (status == STATUS_INVALID)
		subject = file;
	if (status == STATUS_OK)
		status = become(site, path, &error);
	if (status == STATUS_OK)
		exit_code = report_it(path, &report, is_json);
	else
		exit_code = tool_fail_of(subject, status, error);
	restore_report_release(&report);
	return exit_code;
}

static int
restore(int archive, const char *file, const char *path, bool is_json)
{
	g_autoptr(GError) error = NULL;
	struct draft_folder draft;
	enum status status;
	int exit_code;

	tool_hold_signals();
	status = draft_folder_make(path, &draft, &error);
	if (status != STATUS_OK)
		return tool_fail_of(path, status, error);
	exit_code = restore_into(&draft, archive, file, path, is_json);
	draft_folder_remove(&draft);
	return exit_code;
}

int
tool_restore(
    const struct tool *tool, const char *directory, int argc, char **argv)
{
	gboolean is_json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &is_json,
		    "Print what came back as JSON", NULL },
		{ 0 },
	};
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	int exit_code;
	int archive;

	if (!tool_parse(tool, entries, 1, &argc, &argv, &exit_code))
		return exit_code;
	if (directory == NULL || directory[0] == '\0')
		return tool_fail("where shall the blog be? Give --site DIR");
	path = g_canonicalize_filename(directory, NULL);
	if (check_target(path, &error) != STATUS_OK)
		return tool_fail("%s %s", directory, error->message);
	archive = open(argv[1], O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (archive < 0)
		return tool_fail(
		    "%s cannot be read: %s", argv[1], g_strerror(errno));
	exit_code = restore(archive, argv[1], path, is_json);
	close(archive);
	return exit_code;
}
