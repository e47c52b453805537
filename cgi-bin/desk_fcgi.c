/*
 * desk_fcgi.c - the author's program: what is under /desk.
 *
 * It is apart from byline.fcgi so that readers carry nothing of its weight or
 * risk: it alone writes to the database, and it alone renders what was typed.
 */
#include "config.h"

#include <stdio.h>

#include "base/date.h"
#include "base/launcher.h"
#include "base/logger.h"
#include "handler/desk_routes.h"
#include "http/form_multipart.h"
#include "model/account.h"
#include "model/file_upload.h"
#include "model/media_store.h"
#include "model/one_time_link.h"
#include "model/site.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/static_file.h"

#include "program.h"

static const char *
find_listen(const struct settings *settings)
{
	return settings->desk_listen;
}

static int64_t
find_workers(const struct settings *settings)
{
	return settings->desk_workers;
}

static void
begin(struct program *program, struct fcgi_handler *handler)
{
	struct desk_application *application =
	    g_new0(struct desk_application, 1);

	*application = (struct desk_application){
		.site = program->site,
		.engine = template_engine_new(
		    desk_template_files, desk_template_files_count, NULL),
		.static_files = static_files_new_below(DESK_STATIC_PREFIX,
		    builtin_desk_files, builtin_desk_files_count),
		.site_engine = program->engine,
		.site_static_files = program->static_files,
	};
	handler->respond = desk_respond;
	handler->data = application;
}

static void
end(struct fcgi_handler *handler)
{
	struct desk_application *application = handler->data;

	desk_release(application);
	launcher_free(application->launcher);
	template_engine_free(application->engine);
	static_files_free((struct static_files *)application->static_files);
	g_free(application);
}

/* What decodes images is started while that is still allowed. */
static void
enter(struct fcgi_handler *handler)
{
	struct desk_application *application = handler->data;

	application->launcher = media_store_launch();
}

/* ---- the first start ---- */

/* Make a link to set the blog up by, unless somebody can sign in or a link has
 * been made that is still good. */
static enum status
make_setup_link(struct database *database, int64_t now, char **out_token)
{
	g_autoptr(GPtrArray) links = NULL;
	const struct one_time_link_draft draft = {
		.purpose = LINK_PURPOSE_SETUP, .role = AUTHOR_ROLE_OWNER
	};
	bool is_there;
	enum status status = account_is_there(database, &is_there);

	if (status != STATUS_OK || is_there)
		return status;
	status = one_time_link_list(database, LINK_PURPOSE_SETUP, now, &links);
	if (status != STATUS_OK || links->len > 0)
		return status;
	return one_time_link_make(database, &draft, now, out_token);
}

/* Remove what was uploaded in part before the last end, and
 * say where a blog that nobody can sign in to is set up. In a site of its own:
 * workers open the database after fork. A trial makes no link: it is printed
 * once, and the log of a trial is not where its owner looks. */
static enum status
announce(struct program *program, GError **error)
{
	struct site *site = NULL;
	g_autofree char *token = NULL;
	int64_t now = date_now();
	enum status status = site_new(program->site->directory, &site, error);

	if (status != STATUS_OK)
		return status;
	if (site_open_database(site, DATABASE_WRITE, now, NULL) == STATUS_OK &&
	    site_begin_write(site, now) == STATUS_OK &&
	    site_end_write(site,
		make_setup_link(site->database, now, &token)) == STATUS_OK &&
	    token != NULL)
		fprintf(stderr,
		    "desk.fcgi: set your blog up at %s/desk/setup?code=%s\n",
		    site->settings.base_url, token);
	if (site->database != NULL && file_upload_sweep(site, now) != STATUS_OK)
		log_warning("upload.not_swept");
	site_free(site);
	return STATUS_OK;
}

static enum status
prepare(
    struct program *program, const struct fcgi_handler *handler, GError **error)
{
	const struct desk_application *application = handler->data;

	(void)program;
	if (template_engine_load(application->engine, NULL) != STATUS_OK)
		return status_fail(error, STATUS_FAILED,
		    "the templates inside this program do not load: it was "
		    "built wrongly");
	return STATUS_OK;
}

static const struct program_kind kind = {
	.name = "desk.fcgi",
	.purpose = "Answers the authors of",
	.database_mode = DATABASE_WRITE,
	.worker_profile = SANDBOX_DESK,
	.cgi_profile = SANDBOX_DESK,
	.listen = find_listen,
	.workers = find_workers,
	.enter = enter,
	.max_body = REQUEST_MAX_UPLOAD + REQUEST_MAX_BODY,
	.parse_multipart = form_parse_multipart,
	.begin = begin,
	.end = end,
	.prepare = prepare,
	.announce = announce,
};

int
main(int argc, char **argv)
{
	return program_start(&kind, argc, argv);
}
