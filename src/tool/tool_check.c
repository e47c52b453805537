/*
 * tool_check.c - `byline check`: what is wrong with a site, and what to do.
 *
 * Each check is a function of the table that adds findings. An error means
 * readers or authors are harmed; a warning, that somebody should look.
 */
#include "config.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/text.h"
#include "check.h"
#include "model/article.h"
#include "model/media.h"
#include "model/site.h"
#include "model/upkeep.h"
#include "store/migrate.h"
#include "template/template_engine.h"
#include "tool/tool.h"
#include "view/builtin_files.h"

static void
free_finding(void *data)
{
	g_free(((struct finding *)data)->message);
}

void
check_add(struct check *check, enum check_level level, const char *format, ...)
{
	struct finding finding = { .check = check->name, .level = level };
	GString *line = g_string_new(NULL);
	g_autofree char *message = NULL;
	va_list arguments;

	va_start(arguments, format);
	message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	/* No name of a file forges a line or colours a terminal. */
	text_append_log(line, message);
	finding.message = g_string_free(line, FALSE);
	g_array_append_val(check->findings, finding);
}

static void
check_database(struct check *check)
{
	g_autoptr(GError) error = NULL;

	if (database_check(check->site->database, true, &error) != STATUS_OK)
		check_add(check, CHECK_ERROR,
		    "%s: restore the last backup, or recover it with "
		    "\"sqlite3 byline.db .recover\"",
		    error->message);
}

/* What nobody but the owner, or nobody but owner and web server, may read. */
static void
check_rights(struct check *check)
{
	static const struct {
		const char *name;
		mode_t forbidden;
		const char *remedy;
	} files[] = {
		{ ".", 0022, "chmod go-w" },
		{ "byline.db", 0077, "chmod 600" },
		{ "byline.db-wal", 0077, "chmod 600" },
		{ "tally", 0077, "chmod 600" },
		{ "byline.conf", 0022, "chmod go-w" },
		{ "media", 0022, "chmod go-w" },
		{ "public", 0022, "chmod go-w" },
		{ "pages", 0077, "chmod 700" },
		{ "public/static", 0022, "chmod go-w" },
		{ "theme", 0022, "chmod go-w" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = site_path(check->site, files[i].name);
		struct stat about;

		if (stat(path, &about) != 0) {
			if (errno != ENOENT)
				check_add(check, CHECK_ERROR, "%s: %s", path,
				    g_strerror(errno));
		} else if ((about.st_mode & files[i].forbidden) != 0) {
			check_add(check, CHECK_ERROR,
			    "%s may be read or changed by others: %s %s", path,
			    files[i].remedy, path);
		}
	}
}

static void
check_folders(struct check *check)
{
	static const char *const names[] = { "media", "public" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = site_path(check->site, names[i]);

		if (!g_file_test(path, G_FILE_TEST_IS_DIR))
			check_add(check, CHECK_ERROR, "%s is missing: mkdir %s",
			    path, path);
		else if (access(path, W_OK | X_OK) != 0)
			check_add(check, CHECK_ERROR,
			    "%s cannot be written: %s", path,
			    g_strerror(errno));
	}
}

static bool
is_template(const char *name)
{
	for (size_t i = 0; i < template_files_count; i++)
		if (strcmp(template_files[i].name, name) == 0)
			return true;
	return false;
}

/* A file in the wrong folder, or with a name misspelt, does nothing. */
static void
check_theme_names(struct check *check, const char *theme)
{
	static const char *const folders[] = { "", "site/" };

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path =
		    g_build_filename(theme, folders[i], NULL);
		g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
		const char *name;

		while (entries != NULL &&
		       (name = g_dir_read_name(entries)) != NULL) {
			g_autofree char *file =
			    g_strconcat(folders[i], name, NULL);

			if (g_str_has_suffix(name, ".html") &&
			    !is_template(file))
				check_add(check, CHECK_WARNING,
				    "%s/%s is no template: "
				    "byline-template(7) lists them all",
				    theme, file);
		}
	}
}

static void
check_theme(struct check *check)
{
	g_autofree char *theme = site_path(check->site, "theme");
	g_autoptr(GArray) problems = NULL;
	struct template_engine *engine;

	if (!g_file_test(theme, G_FILE_TEST_IS_DIR))
		return;
	engine =
	    template_engine_new(template_files, template_files_count, theme);
	if (template_engine_load(engine, &problems) != STATUS_OK)
		check_add(check, CHECK_ERROR,
		    "the templates inside this program do not load");
	check_theme_names(check, theme);
	for (guint i = 0; problems != NULL && i < problems->len; i++) {
		const struct template_problem *problem =
		    &g_array_index(problems, struct template_problem, i);

		check_add(check, CHECK_WARNING, "%s:%u: %s", problem->file,
		    (unsigned)problem->line, problem->message);
	}
	template_engine_free(engine);
}

static void
check_medium(struct check *check, const struct media *media)
{
	g_autofree char *name = g_strconcat("media/", media->path, NULL);
	g_autofree char *path = site_path(check->site, name);
	struct stat about;

	if (stat(path, &about) != 0)
		check_add(check, CHECK_ERROR,
		    "%s is missing (it was %s): bring it back from a backup, "
		    "or import it again",
		    path, media->original_name);
	else if (about.st_size != media->size)
		check_add(check, CHECK_ERROR,
		    "%s has %lld bytes and should have %lld: bring it back "
		    "from a backup, or import it again",
		    path, (long long)about.st_size, (long long)media->size);
}

/* An image is there in other sizes too, each in a file of its own. */
static void
check_sizes(struct check *check, const struct media *media, GHashTable *known)
{
	g_autofree char *address = g_strconcat("/media/", media->path, NULL);
	g_autoptr(GArray) sizes = NULL;

	if (media_list_sizes(check->site->database, address, &sizes) !=
	    STATUS_OK) {
		check_add(check, CHECK_ERROR, "the sizes of %s cannot be read",
		    media->path);
		return;
	}
	for (guint i = 0; i < sizes->len; i++) {
		const char *name =
		    g_array_index(sizes, struct media_size, i).path + 1;
		g_autofree char *path = site_path(check->site, name);

		g_hash_table_add(known, g_path_get_basename(name));
		if (g_str_has_suffix(address, name) ||
		    g_file_test(path, G_FILE_TEST_EXISTS))
			continue;
		check_add(check, CHECK_ERROR,
		    "%s is missing (a size of %s): bring it back from a "
		    "backup, or upload the image again",
		    path, media->original_name);
	}
}

/* What stands in media/ is for all to read, wanted or not. */
static void
check_strangers(struct check *check, GHashTable *known)
{
	g_autofree char *folder = site_path(check->site, "media");
	g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL)
		if (!g_hash_table_contains(known, name))
			check_add(check, CHECK_WARNING,
			    "%s/%s belongs to nothing in the blog: remove it, "
			    "unless you know what it is for",
			    folder, name);
}

/* Files that articles show must be there, and no others. */
static void
check_media(struct check *check)
{
	g_autoptr(GHashTable) known =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) all = NULL;

	if (media_list(check->site->database, &all) != STATUS_OK) {
		check_add(
		    check, CHECK_ERROR, "the list of media cannot be read");
		return;
	}
	for (guint i = 0; i < all->len; i++) {
		const struct media *media = g_ptr_array_index(all, i);

		check_medium(check, media);
		check_sizes(check, media, known);
		g_hash_table_add(known, g_strdup(media->path));
	}
	check_strangers(check, known);
}

static void
check_address(struct check *check)
{
	const struct settings *settings = &check->site->settings;

	if (strstr(settings->origin, "127.0.0.1") != NULL ||
	    strstr(settings->origin, "localhost") != NULL)
		check_add(check, CHECK_WARNING,
		    "base_url in byline.conf is %s: feeds carry that address; "
		    "set the one readers use",
		    settings->base_url);
	else if (!settings->is_https)
		check_add(check, CHECK_WARNING,
		    "base_url in byline.conf is not https: readers, and "
		    "authors signing in, are not protected");
}

/* A clock that is behind hides what was published. */
static void
check_clock(struct check *check)
{
	int64_t now = date_now();

	if (check->site->changed_at > now + 60)
		check_add(check, CHECK_ERROR,
		    "the blog was last changed %lld s after now: set the "
		    "clock of this machine",
		    (long long)(check->site->changed_at - now));
}

/* The same as the first page of the desk says. */
static void
check_upkeep(struct check *check)
{
	g_autoptr(GPtrArray) all =
	    upkeep_list(check->site, check->site->blog.zone, date_now());

	for (guint i = 0; i < all->len; i++)
		check_add(check, CHECK_WARNING, "%s",
		    (const char *)g_ptr_array_index(all, i));
}

static const struct {
	const char *name;
	void (*run)(struct check *check);
	bool is_web;
} checks[] = {
	{ "database", check_database, false },
	{ "rights", check_rights, false },
	{ "folders", check_folders, false },
	{ "theme", check_theme, false },
	{ "media", check_media, false },
	{ "address", check_address, false },
	{ "clock", check_clock, false },
	{ "limits", check_limits, false },
	{ "upkeep", check_upkeep, false },
	{ "certificate", check_certificate, true },
	{ "web", check_web, true },
};

static const char *const LEVELS[] = {
	[CHECK_NOTE] = "note",
	[CHECK_WARNING] = "warning",
	[CHECK_ERROR] = "error",
};

static unsigned
count_findings(const struct check *check, enum check_level level)
{
	unsigned count = 0;

	for (guint i = 0; i < check->findings->len; i++)
		count +=
		    g_array_index(check->findings, struct finding, i).level ==
		    level;
	return count;
}

static void
print_findings(const struct check *check, unsigned check_count)
{
	for (guint i = 0; i < check->findings->len; i++) {
		const struct finding *finding =
		    &g_array_index(check->findings, struct finding, i);

		printf("%s: %s: %s\n", LEVELS[finding->level], finding->check,
		    finding->message);
	}
	printf("%u checks, %u errors, %u warnings\n", check_count,
	    count_findings(check, CHECK_ERROR),
	    count_findings(check, CHECK_WARNING));
}

static void
print_json_findings(const struct check *check)
{
	json_t *list = json_array();

	for (guint i = 0; i < check->findings->len; i++) {
		const struct finding *finding =
		    &g_array_index(check->findings, struct finding, i);

		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s}", "check", finding->check,
			      "level", LEVELS[finding->level], "message",
			      finding->message));
	}
	json_dumpf(list, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(list);
}

/* Run them; returns how many there were. */
static unsigned
run_checks(struct check *check, bool has_web)
{
	unsigned count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
		if (checks[i].is_web && !has_web)
			continue;
		check->name = checks[i].name;
		checks[i].run(check);
		count++;
	}
	return count;
}

int
tool_check(
    const struct tool *tool, const char *directory, int argc, char **argv)
{
	gboolean is_json = FALSE;
	gboolean has_no_web = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &is_json,
		    "Print an array of findings", NULL },
		{ "no-web", 0, 0, G_OPTION_ARG_NONE, &has_no_web,
		    "Ask nothing of the web server", NULL },
		{ 0 },
	};
	struct check check = { 0 };
	unsigned count;
	int exit_code;

	if (!tool_parse(tool, entries, 0, &argc, &argv, &exit_code))
		return exit_code;
	check.site = tool_open_site(directory);
	if (check.site == NULL)
		return TOOL_FAILED;
	check.findings = g_array_new(FALSE, FALSE, sizeof(struct finding));
	g_array_set_clear_func(check.findings, free_finding);
	count = run_checks(&check, !has_no_web);
	if (is_json)
		print_json_findings(&check);
	else
		print_findings(&check, count);
	exit_code =
	    count_findings(&check, CHECK_ERROR) > 0 ? TOOL_FAILED : TOOL_DONE;
	check_end_web(&check);
	g_array_unref(check.findings);
	site_free(check.site);
	return exit_code;
}
