/*
 * fcgi_responder.c - a program on the http layer alone: says back what it was
 * asked, in the "KEY value" lines that a probe of FastCGI responders reads.
 *
 * usage: fcgi_responder --listen ADDRESS [--workers N] [--group GROUP]
 *     [--seconds N] [--sandbox] [--body FILE] [--max-body N] [--test]
 * Without --listen it takes an inherited socket, else it is plain CGI.
 * --body: every answer is that file, for measuring.
 * Addresses with a meaning: /big (4 MiB), /sleep (1 s), /stuck (for good),
 * /crash. --test fails where RESPONDER_TEST_RESULT is set, or says what the
 * next digit from the descriptor RESPONDER_TEST_PIPE says.
 */
#include "config.h"

#include <glib.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "http/fcgi.h"
#include "http/listener.h"
#include "http/supervisor.h"

#define BIG_SIZE ((size_t)4 << 20)

struct responder {
	struct listener listener;
	struct fcgi_options options;
	struct fcgi_handler handler;
	char *const *argv;
	const char *address;
	const char *group;
	GBytes *body;
	int64_t workers;
	int64_t request_count; /* that came whole */
	bool is_sandboxed;
	GString *seen; /* what inspect() saw */
};

/* The beginning of a body in hexadecimal digits, its size, the variables. */
static void
inspect(void *data, const char *const *variables, const void *body,
    size_t body_size)
{
	struct responder *responder = data;
	const uint8_t *bytes = body;
	GString *seen = responder->seen;

	responder->request_count++;
	g_string_printf(seen, "STDIN_LEN %zu\nSTDIN_HEAD ", body_size);
	for (size_t i = 0; i < MIN(body_size, 32); i++)
		g_string_append_printf(seen, "%02x", bytes[i]);
	g_string_append(seen, "\n");
	for (size_t i = 0; variables[i] != NULL && i < 64; i++)
		g_string_append_printf(seen, "ENV %.350s\n", variables[i]);
}

static void
do_as_asked(const char *path, GString *body)
{
	struct timespec second = { .tv_sec = 1 };

	if (strcmp(path, "/sleep") == 0) {
		while (nanosleep(&second, &second) != 0)
			continue;
	} else if (strcmp(path, "/stuck") == 0) {
		for (volatile unsigned i = 0;; i++)
			continue;
	} else if (strcmp(path, "/crash") == 0) {
		abort();
	} else if (strcmp(path, "/big") == 0) {
		g_string_set_size(body, BIG_SIZE);
		memset(body->str, 'x', BIG_SIZE);
		g_string_append(body, "\nBIGEND 1\n");
	}
}

static void
respond(void *data, const struct request *request, int http_status,
    const char *reason, struct response *response)
{
	struct responder *responder = data;
	struct rusage usage;

	if (responder->body != NULL) {
		g_string_append_len(response->body,
		    g_bytes_get_data(responder->body, NULL),
		    (gssize)g_bytes_get_size(responder->body));
		return;
	}
	response->content_type = "text/plain; charset=utf-8";
	if (http_status != 0) {
		response->status = http_status;
		g_string_append_printf(response->body, "REFUSED %s\n", reason);
		return;
	}
	getrusage(RUSAGE_SELF, &usage);
	do_as_asked(request->path, response->body);
	g_string_append_printf(response->body,
	    "PID %d\nREQNO %" PRId64 "\nMAXRSS_KB %ld\nMETHOD %s\nPATH %s\n%s",
	    (int)getpid(), responder->request_count, usage.ru_maxrss,
	    request->method_name, request->path, responder->seen->str);
}

static int
work(void *data)
{
	struct responder *responder = data;

	if (responder->is_sandboxed &&
	    sandbox_enter(SANDBOX_PUBLIC) != STATUS_OK)
		return EXIT_FAILURE;
	return fcgi_serve(responder->listener.fd, &responder->options,
		   &responder->handler) == STATUS_OK
		   ? EXIT_SUCCESS
		   : EXIT_FAILURE;
}

/* The value of option `argv[*at]`; ends the program when there is none. */
static const char *
option_value(char *const *argv, int *at)
{
	if (argv[*at + 1] == NULL)
		exit(EXIT_FAILURE);
	return argv[++*at];
}

static void
read_body_file(struct responder *responder, const char *path)
{
	char *bytes;
	gsize size;

	if (!g_file_get_contents(path, &bytes, &size, NULL))
		exit(EXIT_FAILURE);
	responder->body = g_bytes_new_take(bytes, size);
}

/* The exit code of --test. */
static int
test_result(void)
{
	const char *descriptor = g_getenv("RESPONDER_TEST_PIPE");
	char digit;

	if (descriptor == NULL)
		return g_getenv("RESPONDER_TEST_RESULT") != NULL ? EXIT_FAILURE
								 : EXIT_SUCCESS;
	if (read((int)g_ascii_strtoll(descriptor, NULL, 10), &digit, 1) != 1)
		return EXIT_FAILURE;
	return digit - '0';
}

static void
read_options(struct responder *responder, char *const *argv)
{
	for (int i = 1; argv[i] != NULL; i++) {
		if (strcmp(argv[i], "--listen") == 0)
			responder->address = option_value(argv, &i);
		else if (strcmp(argv[i], "--group") == 0)
			responder->group = option_value(argv, &i);
		else if (strcmp(argv[i], "--workers") == 0)
			responder->workers =
			    g_ascii_strtoll(option_value(argv, &i), NULL, 10);
		else if (strcmp(argv[i], "--seconds") == 0)
			responder->options.request_seconds =
			    g_ascii_strtoll(option_value(argv, &i), NULL, 10);
		else if (strcmp(argv[i], "--max-body") == 0)
			responder->options.request.max_body =
			    (size_t)g_ascii_strtoull(
				option_value(argv, &i), NULL, 10);
		else if (strcmp(argv[i], "--body") == 0)
			read_body_file(responder, option_value(argv, &i));
		else if (strcmp(argv[i], "--sandbox") == 0)
			responder->is_sandboxed = true;
		else if (strcmp(argv[i], "--test") == 0)
			exit(test_result());
	}
}

/* Serve with or without workers, and remove the socket. */
static int
serve(struct responder *responder)
{
	struct supervisor_options options = {
		.worker_count = responder->workers,
		.listen_fd = responder->listener.fd,
		.listener = &responder->listener,
		.argv = responder->argv,
		.work = work,
		.data = responder,
	};
	int result;

	result =
	    responder->workers > 0 ? supervisor_run(&options) : work(responder);
	listener_release(&responder->listener);
	return result;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct responder responder = { .argv = argv };
	int result;

	(void)argc;
	responder.seen = g_string_new(NULL);
	responder.handler = (struct fcgi_handler){
		.respond = respond, .data = &responder, .inspect = inspect
	};
	read_options(&responder, argv);
	if (listener_inherit(&responder.listener) == STATUS_OK) {
		result = serve(&responder);
	} else if (responder.address == NULL) {
		result =
		    fcgi_answer_cgi(&responder.options, &responder.handler);
	} else if (listener_open(responder.address, responder.group,
		       &responder.listener, &error) == STATUS_OK) {
		result = serve(&responder);
	} else {
		g_printerr("%s\n", error->message);
		result = EXIT_FAILURE;
	}
	g_string_free(responder.seen, TRUE);
	g_clear_pointer(&responder.body, g_bytes_unref);
	return result;
}
