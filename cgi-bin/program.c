/*
 * program.c - what a FastCGI program is made of. See program.h.
 */
#include "config.h"

#include "program.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/date.h"
#include "base/logger.h"
#include "base/token.h"
#include "http/response.h"
#include "model/site.h"
#include "publish/page_store.h"
#include "store/database_stamp.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/static_file.h"

/*
 * What a page is made of beside the database: this program, its configuration
 * and what a theme may override. By when each was written, which a copy of it
 * shares, and by when it was changed in any way, which nobody can set.
 */
struct stamps {
	GString *written;
	GString *changed;
	int64_t changed_at; /* the last of them, in microseconds */
};

/* Add the file at `path`, if there is one. */
static void
append_stamp(struct stamps *stamps, const char *path)
{
	struct stat about;

	if (stat(path, &about) != 0)
		return;
	g_string_append_printf(stamps->written, "%s %lld %lld.%09ld\n", path,
	    (long long)about.st_size, (long long)about.st_mtim.tv_sec,
	    about.st_mtim.tv_nsec);
	g_string_append_printf(stamps->changed, "%s %lld %lld.%09ld\n", path,
	    (long long)about.st_size, (long long)about.st_ctim.tv_sec,
	    about.st_ctim.tv_nsec);
	stamps->changed_at =
	    MAX(stamps->changed_at, (int64_t)about.st_ctim.tv_sec * 1000000 +
					about.st_ctim.tv_nsec / 1000);
}

/* Add every file that counts in the theme `directory`. */
static void
append_theme(struct stamps *stamps, const char *directory)
{
	g_autofree char *folder = g_build_filename(directory, "static", NULL);
	g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
	const char *name;

	for (size_t i = 0; i < template_files_count; i++) {
		g_autofree char *path =
		    g_build_filename(directory, template_files[i].name, NULL);

		append_stamp(stamps, path);
	}
	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		append_stamp(stamps, path);
	}
}

/* As they are before any of it is read; release_stamps() frees them. */
static struct stamps
make_stamps(const char *site_directory)
{
	g_autofree char *configuration =
	    g_build_filename(site_directory, "byline.conf", NULL);
	g_autofree char *theme =
	    g_build_filename(site_directory, "theme", NULL);
	struct stamps stamps = {
		.written = g_string_new(PACKAGE_VERSION "\n"),
		.changed = g_string_new(PACKAGE_VERSION "\n"),
	};

	append_stamp(&stamps, "/proc/self/exe");
	append_stamp(&stamps, configuration);
	if (g_file_test(theme, G_FILE_TEST_IS_DIR))
		append_theme(&stamps, theme);
	return stamps;
}

static void
release_stamps(struct stamps *stamps)
{
	g_string_free(stamps->written, TRUE);
	g_string_free(stamps->changed, TRUE);
}

/* Fill in what is known of the site; its configuration has been read. */
static void
fill(struct program *program, const struct stamps *stamps)
{
	g_autofree char *theme = site_path(program->site, "theme");

	if (!g_file_test(theme, G_FILE_TEST_IS_DIR))
		g_clear_pointer(&theme, g_free);
	program->engine =
	    template_engine_new(template_files, template_files_count, theme);
	program->static_files = static_files_new(
	    builtin_static_files, builtin_static_files_count, theme);
	program->signature =
	    token_content_hash(stamps->written->str, stamps->written->len, 8);
	program->content_security_policy = response_make_policy(
	    (const char *const *)program->site->settings.iframe_hosts);
	program->stamp = g_strdup(stamps->changed->str);
	program->changed_at = stamps->changed_at;
}

enum status
program_open(struct program *program, const struct program_kind *kind,
    const char *directory, GError **error)
{
	struct stamps stamps = make_stamps(directory);
	enum status status;

	memset(program, 0, sizeof(*program));
	program->kind = kind;
	status = site_new(directory, &program->site, error);
	if (status == STATUS_OK)
		fill(program, &stamps);
	release_stamps(&stamps);
	return status;
}

void
program_keep_pages(struct program *program)
{
	g_autofree char *directory = site_path(program->site, "pages");
	g_autoptr(GString) stamp = g_string_new(program->stamp);
	int64_t now = g_get_real_time();
	int64_t changed_at;

	if (site_append_stamp(program->site, stamp, &changed_at) != STATUS_OK ||
	    now - MAX(changed_at, program->changed_at) < DATABASE_STAMP_SETTLED)
		return;
	program->page_store = page_store_new(directory, stamp->str);
}

void
program_close(struct program *program)
{
	page_store_free(program->page_store);
	static_files_free(program->static_files);
	template_engine_free(program->engine);
	site_free(program->site);
	g_free(program->signature);
	g_free(program->stamp);
	g_free(program->content_security_policy);
	memset(program, 0, sizeof(*program));
}

static enum status
load_templates(struct program *program, GError **error)
{
	if (template_engine_load(program->engine, NULL) != STATUS_OK)
		return status_fail(error, STATUS_FAILED,
		    "the templates inside this program do not load: "
		    "it was built wrongly");
	return STATUS_OK;
}

/*
 * Open the database and close it again, since each worker opens its own. One
 * that is merely locked is no reason not to start.
 */
static enum status
try_database(const struct program *program, GError **error)
{
	g_autoptr(GError) reason = NULL;
	struct site *site = NULL;
	enum status status;

	status = site_new(program->site->directory, &site, error);
	if (status != STATUS_OK)
		return status;
	status = site_open_database(
	    site, program->kind->database_mode, date_now(), &reason);
	site_free(site);
	if (status == STATUS_BUSY) {
		log_warning("database.busy", "reason", reason->message);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		g_propagate_error(error, g_steal_pointer(&reason));
	return status;
}

enum status
program_prepare(struct program *program, GError **error)
{
	enum status status = load_templates(program, error);

	return status == STATUS_OK ? try_database(program, error) : status;
}

void
program_publish(const struct program *program)
{
	g_autofree char *directory = site_path(program->site, "public/static");
	g_autoptr(GError) error = NULL;

	if (static_files_publish(program->static_files, directory, &error) !=
	    STATUS_OK)
		log_warning("static.unpublished", "reason", error->message);
}

void
program_print_unavailable(void)
{
	fputs("Status: 503 Service Unavailable\r\n"
	      "Content-Type: text/plain; charset=utf-8\r\n"
	      "Cache-Control: no-store\r\n"
	      "Retry-After: 60\r\n"
	      "\r\n"
	      "This blog is not set up yet, or its configuration is wrong. "
	      "Its administrator finds the reason in the web server's error "
	      "log.\n",
	    stdout);
}
