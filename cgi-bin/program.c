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
#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/static_file.h"

/* Which time of a file tells that it is another: that of its bytes, which a
 * copy of it shares, or that of any change, which nobody can set. */
enum file_time {
	FILE_TIME_WRITTEN,
	FILE_TIME_CHANGED
};

/* Add that time of the file at `path`, and how large it is. */
static void
append_stamp(GString *out, const char *path, enum file_time which)
{
	struct stat about;
	struct timespec time;

	if (stat(path, &about) != 0)
		return;
	time = which == FILE_TIME_WRITTEN ? about.st_mtim : about.st_ctim;
	g_string_append_printf(out, "%s %lld %lld.%09ld\n", path,
	    (long long)about.st_size, (long long)time.tv_sec, time.tv_nsec);
}

/* Add what append_stamp() does for every file below `directory`. */
static void
append_directory_stamps(
    GString *out, const char *directory, enum file_time which)
{
	g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
	const char *name;

	if (entries == NULL)
		return;
	while ((name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);

		append_stamp(out, path, which);
		if (g_file_test(path, G_FILE_TEST_IS_DIR) &&
		    !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
			append_directory_stamps(out, path, which);
	}
}

/* What a page is made of beside the database: this program, its configuration
 * and the theme. */
static GString *
make_stamps(const struct site *site, enum file_time which)
{
	g_autofree char *configuration = site_path(site, "byline.conf");
	g_autofree char *theme = site_path(site, "theme");
	GString *stamps = g_string_new(PACKAGE_VERSION "\n");

	append_stamp(stamps, "/proc/self/exe", which);
	append_stamp(stamps, configuration, which);
	append_directory_stamps(stamps, theme, which);
	return stamps;
}

/* Pages that differ in one of these differ in their ETag. */
static char *
make_signature(const struct site *site)
{
	g_autoptr(GString) stamps = make_stamps(site, FILE_TIME_WRITTEN);

	return token_content_hash(stamps->str, stamps->len, 8);
}

enum status
program_open(struct program *program, const char *directory, GError **error)
{
	g_autofree char *theme = NULL;
	enum status status;

	memset(program, 0, sizeof(*program));
	status = site_new(directory, &program->site, error);
	if (status != STATUS_OK)
		return status;
	theme = site_path(program->site, "theme");
	if (!g_file_test(theme, G_FILE_TEST_IS_DIR))
		g_clear_pointer(&theme, g_free);
	program->engine =
	    template_engine_new(template_files, template_files_count, theme);
	program->static_files = static_files_new(
	    builtin_static_files, builtin_static_files_count, theme);
	program->signature = make_signature(program->site);
	program->content_security_policy = response_make_policy(
	    (const char *const *)program->site->settings.iframe_hosts);
	program->application = (struct site_application){
		.site = program->site,
		.engine = program->engine,
		.static_files = program->static_files,
		.signature = program->signature,
	};
	return STATUS_OK;
}

void
program_keep_pages(struct program *program)
{
	g_autofree char *directory = site_path(program->site, "public/pages");
	g_autoptr(GString) stamp =
	    make_stamps(program->site, FILE_TIME_CHANGED);

	if (site_append_stamp(program->site, stamp) != STATUS_OK)
		return;
	program->page_store = page_store_new(directory, stamp->str);
	program->application.page_store = program->page_store;
}

void
program_close(struct program *program)
{
	page_store_free(program->page_store);
	static_files_free(program->static_files);
	template_engine_free(program->engine);
	site_free(program->site);
	g_free(program->signature);
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

static void
publish_static_files(const struct program *program)
{
	g_autofree char *directory = site_path(program->site, "public/static");
	g_autoptr(GError) error = NULL;

	if (static_files_publish(program->static_files, directory, &error) !=
	    STATUS_OK)
		log_warning("static.unpublished", "reason", error->message);
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
	status = site_open_database(site, DATABASE_READ, date_now(), &reason);
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

	if (status != STATUS_OK)
		return status;
	publish_static_files(program);
	return try_database(program, error);
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
