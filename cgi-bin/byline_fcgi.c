/*
 * byline_fcgi.c - the public program: what readers see.
 */
#include "config.h"

#include "handler/site_routes.h"
#include "model/site.h"

#include "program.h"

static const char *
find_listen(const struct settings *settings)
{
	return settings->listen;
}

static int64_t
find_workers(const struct settings *settings)
{
	return settings->workers;
}

static void
begin(struct program *program, struct fcgi_handler *handler)
{
	struct site_application *application =
	    g_new0(struct site_application, 1);

	*application = (struct site_application){
		.site = program->site,
		.engine = program->engine,
		.static_files = program->static_files,
		.signature = program->signature,
		.page_store = program->page_store,
	};
	handler->respond = site_respond;
	handler->data = application;
}

static void
end(struct fcgi_handler *handler)
{
	site_release(handler->data);
	g_free(handler->data);
}

static const struct program_kind kind = {
	.name = "byline.fcgi",
	.purpose = "Answers the readers of",
	.database_mode = DATABASE_READ,
	.worker_profile = SANDBOX_PUBLIC,
	.cgi_profile = SANDBOX_CGI,
	.keeps_pages = true,
	.listen = find_listen,
	.workers = find_workers,
	.begin = begin,
	.end = end,
};

int
main(int argc, char **argv)
{
	return program_start(&kind, argc, argv);
}
