/*
 * byline_fcgi.c - the public program: FastCGI with workers under a supervisor,
 * or plain CGI, whichever way a web server starts it.
 *
 * What can fail is tried before the first request: configuration, templates,
 * database, socket. The database is opened again in each worker, after fork.
 */
#include "config.h"

#include <getopt.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/logger.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "handler/site_routes.h"
#include "http/fcgi.h"
#include "http/listener.h"
#include "http/supervisor.h"
#include "model/site.h"

#include "program.h"

#define MAX_WORKERS 64

static const char USAGE[] =
    "Usage: byline.fcgi --site DIR [--listen ADDRESS] [--workers N]\n"
    "       byline.fcgi --site DIR --test\n"
    "\n"
    "Answers the readers of the blog in DIR behind a web server.\n"
    "\n"
    "  --site DIR         the site directory (or the variable BYLINE_SITE)\n"
    "  --listen ADDRESS   unix:PATH[,MODE], 127.0.0.1:PORT or [::1]:PORT\n"
    "  --workers N        how many processes answer, 1 to 64\n"
    "  --test             try configuration, templates and database, and exit\n"
    "  --help, --version\n"
    "\n"
    "Without --listen it takes the socket it is started with (systemd,\n"
    "spawn-fcgi, mod_fcgid), and is a plain CGI program when a web server\n"
    "starts it as one. byline.fcgi(8) says more.\n";

/* What the command line says; NULL and -1 where it says nothing. */
struct arguments {
	const char *site;
	const char *listen;
	int64_t workers;
	bool is_test;
};

static const struct option long_options[] = {
	{ "site", required_argument, NULL, 's' },
	{ "listen", required_argument, NULL, 'l' },
	{ "workers", required_argument, NULL, 'w' },
	{ "test", no_argument, NULL, 't' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

G_GNUC_NORETURN static void
fail_usage(const char *message)
{
	fprintf(stderr, "byline.fcgi: %s\nTry byline.fcgi --help.\n", message);
	exit(2);
}

static void
parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	int option;

	*arguments =
	    (struct arguments){ .site = getenv("BYLINE_SITE"), .workers = -1 };
	while (
	    (option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 's')
			arguments->site = optarg;
		else if (option == 'l')
			arguments->listen = optarg;
		else if (option == 't')
			arguments->is_test = true;
		else if (option == 'w') {
			if (text_parse_integer(optarg, MAX_WORKERS,
				&arguments->workers) != STATUS_OK ||
			    arguments->workers < 1)
				fail_usage("--workers takes 1 to 64");
		} else if (option == 'h' || option == 'v') {
			fputs(option == 'h' ? USAGE : PACKAGE_STRING "\n",
			    stdout);
			exit(0);
		} else {
			fail_usage("that is no option");
		}
	}
	if (optind < argc)
		fail_usage("it takes options only");
	if (arguments->site == NULL || arguments->site[0] == '\0')
		fail_usage("where is the blog? Give --site DIR");
}

/*
 * Give up what answering does not need. Where the kernel refuses (an old one,
 * or a host that filters seccomp itself) readers are answered all the same.
 */
static void
confine(enum sandbox_profile profile)
{
	if (sandbox_enter(profile) != STATUS_OK)
		log_warning("sandbox.missing");
}

/* ---- FastCGI ---- */

/* What a worker needs. */
struct worker {
	struct fcgi_options options;
	struct fcgi_handler handler;
	int listen_fd;
};

/*
 * Give large answers back to the system once they are sent: a feed of a
 * megabyte must not stay in the heap of every worker. (The C library would
 * raise these by itself after the first one.)
 */
static void
bound_heap(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 256 * 1024);
	mallopt(M_TRIM_THRESHOLD, 256 * 1024);
#endif
}

static int
work(void *data)
{
	const struct worker *worker = data;

	bound_heap();
	confine(SANDBOX_PUBLIC);
	return fcgi_serve(worker->listen_fd, &worker->options,
		   &worker->handler) == STATUS_OK
		   ? 0
		   : 1;
}

static struct fcgi_options
make_options(const struct program *program)
{
	const struct settings *settings = &program->site->settings;

	return (struct fcgi_options){
		.request = { .base_path = settings->base_path,
		    .trusted_proxies =
			(const char *const *)settings->trusted_proxies },
		.content_security_policy = program->content_security_policy,
		.request_seconds = settings->request_seconds,
	};
}

/* Where the command line or the configuration says to listen, or NULL. */
static const char *
find_address(const struct arguments *arguments, const struct settings *settings)
{
	return arguments->listen != NULL ? arguments->listen : settings->listen;
}

/* A socket that went over from our former self may be another than the
 * configuration has by now. */
static void
compare_listener(const struct arguments *arguments,
    const struct settings *settings, const struct listener *listener)
{
	const char *address = find_address(arguments, settings);

	if (!listener_is_as_asked(listener, address, settings->socket_group))
		log_warning("listen.unchanged", "listen", address,
		    "socket_group", settings->socket_group, "reason",
		    "the old socket goes on until the program is ended and "
		    "started");
}

/* The socket that the command line or the configuration names. */
static enum status
open_listener(const struct arguments *arguments,
    const struct settings *settings, struct listener *out_listener,
    GError **error)
{
	const char *address = find_address(arguments, settings);

	if (address == NULL)
		return status_fail(error, STATUS_INVALID,
		    "nothing to listen on: give --listen, set listen in "
		    "byline.conf, or start it from a web server");
	return listener_open(
	    address, settings->socket_group, out_listener, error);
}

static int
serve(struct program *program, const struct arguments *arguments,
    struct listener *listener, char **argv)
{
	const struct settings *settings = &program->site->settings;
	struct worker worker = {
		.options = make_options(program),
		.handler = { .respond = site_respond,
		    .data = &program->application },
		.listen_fd = listener->fd,
	};
	int64_t workers = arguments->workers;

	/* mod_fcgid and spawn-fcgi start as many of us as they want. */
	if (workers < 0)
		workers = listener->fd == STDIN_FILENO ? 0 : settings->workers;
	if (workers == 0)
		return work(&worker);
	return supervisor_run(&(struct supervisor_options){
	    .worker_count = workers,
	    .listen_fd = listener->fd,
	    .listener = listener->is_own ? listener : NULL,
	    .argv = argv,
	    .work = work,
	    .data = &worker,
	});
}

/* ---- plain CGI ---- */

static int
answer_cgi(void)
{
	g_autoptr(GError) error = NULL;
	struct program program;
	struct fcgi_handler handler;
	struct fcgi_options options;
	const char *directory = getenv("BYLINE_SITE");
	enum status status;

	if (program_open(&program, directory == NULL ? "" : directory,
		&error) != STATUS_OK) {
		log_error("start.failed", "reason", error->message);
		program_print_unavailable();
		return 1;
	}
	program_keep_pages(&program);
	/* Not one byte of the visitor's was read yet. */
	confine(SANDBOX_CGI);
	handler = (struct fcgi_handler){ .respond = site_respond,
		.data = &program.application };
	options = make_options(&program);
	status = fcgi_answer_cgi(&options, &handler);
	program_close(&program);
	return status == STATUS_OK ? 0 : 1;
}

/* Start as the command line says; `listener` has the inherited socket or -1. */
static int
start(const struct arguments *arguments, struct listener *listener, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct program program;
	enum status status;
	int exit_code = 1;

	status = program_open(&program, arguments->site, &error);
	if (status == STATUS_OK)
		status = program_prepare(&program, &error);
	if (status == STATUS_OK && arguments->is_test)
		exit_code = 0;
	else if (status == STATUS_OK && listener->fd < 0)
		status = open_listener(
		    arguments, &program.site->settings, listener, &error);
	else if (status == STATUS_OK)
		compare_listener(arguments, &program.site->settings, listener);
	if (status != STATUS_OK)
		fprintf(stderr, "byline.fcgi: %s\n", error->message);
	else if (!arguments->is_test)
		exit_code = serve(&program, arguments, listener, argv);
	program_close(&program);
	return exit_code;
}

int
main(int argc, char **argv)
{
	struct listener listener = { .fd = -1, .lock_fd = -1 };
	struct arguments arguments;
	int exit_code;

	/* A file that has reached its limit is an error, not the end. */
	signal(SIGXFSZ, SIG_IGN);
	/*
	 * A web server that starts a program for one request may put a
	 * visitor's words on its command line (RFC 3875 section 4.4): never
	 * look at it then.
	 */
	if (listener_inherit(&listener) != STATUS_OK) {
		listener.fd = -1;
		if (getenv("GATEWAY_INTERFACE") != NULL)
			return answer_cgi();
	}
	parse_arguments(argc, argv, &arguments);
	exit_code = start(&arguments, &listener, argv);
	if (listener.fd >= 0)
		listener_release(&listener);
	return exit_code;
}
