/*
 * start.c - how a program of ours runs: FastCGI with workers under a
 * supervisor, or plain CGI, whichever way a web server starts it.
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
#include "http/fcgi.h"
#include "http/listener.h"
#include "http/supervisor.h"
#include "model/site.h"

#include "program.h"

#define MAX_WORKERS 64

/* Twice its name, then what it does. */
static const char USAGE[] =
    "Usage: %s --site DIR [--listen ADDRESS] [--workers N]\n"
    "       %s --site DIR --test\n"
    "\n"
    "%s the blog in DIR behind a web server.\n"
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
	const struct program_kind *kind;
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
fail_usage(const struct program_kind *kind, const char *message)
{
	fprintf(stderr, "%s: %s\nTry %s --help.\n", kind->name, message,
	    kind->name);
	exit(2);
}

G_GNUC_NORETURN static void
print_about(const struct program_kind *kind, bool is_version)
{
	if (is_version)
		puts(PACKAGE_STRING);
	else
		printf(USAGE, kind->name, kind->name, kind->purpose);
	exit(0);
}

static void
parse_arguments(const struct program_kind *kind, int argc, char **argv,
    struct arguments *arguments)
{
	int option;

	*arguments = (struct arguments){
		.kind = kind, .site = getenv("BYLINE_SITE"), .workers = -1
	};
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
				fail_usage(kind, "--workers takes 1 to 64");
		} else if (option == 'h' || option == 'v') {
			print_about(kind, option == 'v');
		} else {
			fail_usage(kind, "that is no option");
		}
	}
	if (optind < argc)
		fail_usage(kind, "it takes options only");
	if (arguments->site == NULL || arguments->site[0] == '\0')
		fail_usage(kind, "where is the blog? Give --site DIR");
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
	const struct program_kind *kind;
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
	struct worker *worker = data;

	bound_heap();
	if (worker->kind->enter != NULL)
		worker->kind->enter(&worker->handler);
	confine(worker->kind->worker_profile);
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
			(const char *const *)settings->trusted_proxies,
		    .max_body = program->kind->max_body,
		    .parse_multipart = program->kind->parse_multipart },
		.content_security_policy = program->content_security_policy,
		.request_seconds = settings->request_seconds,
	};
}

/* Where the command line or the configuration says to listen, or NULL. */
static const char *
find_address(const struct arguments *arguments, const struct settings *settings)
{
	return arguments->listen != NULL ? arguments->listen
					 : arguments->kind->listen(settings);
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
serve(struct program *program, const struct fcgi_handler *handler,
    const struct arguments *arguments, struct listener *listener, char **argv)
{
	const struct program_kind *kind = program->kind;
	struct worker worker = {
		.options = make_options(program),
		.handler = *handler,
		.kind = kind,
		.listen_fd = listener->fd,
	};
	int64_t workers = arguments->workers;

	/* mod_fcgid and spawn-fcgi start as many of us as they want. */
	if (workers < 0)
		workers = listener->fd == STDIN_FILENO
			      ? 0
			      : kind->workers(&program->site->settings);
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
answer_cgi(const struct program_kind *kind)
{
	g_autoptr(GError) error = NULL;
	struct program program;
	struct fcgi_handler handler = { 0 };
	struct fcgi_options options;
	const char *directory = getenv("BYLINE_SITE");
	enum status status;

	if (program_open(&program, kind, directory == NULL ? "" : directory,
		&error) != STATUS_OK) {
		log_error("start.failed", "reason", error->message);
		program_print_unavailable();
		return 1;
	}
	if (kind->keeps_pages)
		program_keep_pages(&program);
	kind->begin(&program, &handler);
	if (kind->enter != NULL)
		kind->enter(&handler);
	/* Not one byte of the visitor's was read yet. */
	confine(kind->cgi_profile);
	options = make_options(&program);
	status = fcgi_answer_cgi(&options, &handler);
	kind->end(&handler);
	program_close(&program);
	return status == STATUS_OK ? 0 : 1;
}

/* Prepare what was opened and serve; what fails is in `error`. */
static enum status
run(struct program *program, const struct fcgi_handler *handler,
    const struct arguments *arguments, struct listener *listener, char **argv,
    int *out_exit_code, GError **error)
{
	const struct program_kind *kind = program->kind;
	enum status status = program_prepare(program, error);

	if (status == STATUS_OK && kind->prepare != NULL)
		status = kind->prepare(program, handler, error);
	if (status == STATUS_OK && arguments->is_test) {
		*out_exit_code = 0;
		return STATUS_OK;
	}
	if (status == STATUS_OK)
		program_publish(program);
	if (status == STATUS_OK && kind->announce != NULL)
		status = kind->announce(program, error);
	if (status == STATUS_OK && listener->fd < 0)
		status = open_listener(
		    arguments, &program->site->settings, listener, error);
	else if (status == STATUS_OK)
		compare_listener(arguments, &program->site->settings, listener);
	if (status == STATUS_OK)
		*out_exit_code =
		    serve(program, handler, arguments, listener, argv);
	return status;
}

/* Start as the command line says; `listener` has the inherited socket or -1. */
static int
start(const struct arguments *arguments, struct listener *listener, char **argv)
{
	const struct program_kind *kind = arguments->kind;
	g_autoptr(GError) error = NULL;
	struct program program;
	struct fcgi_handler handler = { 0 };
	int exit_code = 1;
	enum status status =
	    program_open(&program, kind, arguments->site, &error);

	if (status == STATUS_OK) {
		kind->begin(&program, &handler);
		status = run(&program, &handler, arguments, listener, argv,
		    &exit_code, &error);
		kind->end(&handler);
	}
	if (status != STATUS_OK)
		fprintf(stderr, "%s: %s\n", kind->name, error->message);
	program_close(&program);
	return exit_code;
}

int
program_start(const struct program_kind *kind, int argc, char **argv)
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
			return answer_cgi(kind);
	}
	parse_arguments(kind, argc, argv, &arguments);
	exit_code = start(&arguments, &listener, argv);
	if (listener.fd >= 0)
		listener_release(&listener);
	return exit_code;
}
