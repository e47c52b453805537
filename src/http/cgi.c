/*
 * cgi.c - the plain CGI half of fcgi.h (RFC 3875): one request from the
 * environment and standard input, one answer to standard output.
 *
 * It must keep true that the command line has no say: a web server puts a query
 * without "=" there.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/date.h"
#include "base/logger.h"
#include "http/deadline.h"
#include "http/fcgi.h"
#include "http/record.h"

/* The body may be silent so long: it comes from the visitor's line. */
#define SILENCE_MILLISECONDS 10000

/* What is left for an answer whose body took all the time. */
#define LEAST_MILLISECONDS 1000

/* Bytes of a file that are in memory at once. */
#define FILE_PIECE 65536

static int64_t
milliseconds_until(int64_t end_at)
{
	return MAX(end_at - g_get_monotonic_time(), 0) / 1000;
}

/*
 * Read exactly `size` bytes of standard input into `body`; fewer when it ends,
 * falls silent or is not there by `end_at`, which request_parse() then refuses.
 */
static void
read_body(GByteArray *body, size_t size, int64_t end_at)
{
	size_t have = 0;

	g_byte_array_set_size(body, (guint)size);
	while (have < size) {
		struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
		int64_t wait =
		    MIN(milliseconds_until(end_at), SILENCE_MILLISECONDS);
		ssize_t got;
		int ready = poll(&input, 1, (int)wait);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			break;
		got = read(STDIN_FILENO, body->data + have, size - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	g_byte_array_set_size(body, (guint)have);
}

/*
 * From here on the clock of FastCGI counts. (It did not while the body came: a
 * web server may give one socket for input and output, and cutting that off
 * would take the visitor's 400 with it.)
 */
static void
begin_clock(int64_t limit)
{
	deadline_begin(STDOUT_FILENO, limit, limit);
	deadline_received();
}

/*
 * Write bytes, as slowly as their reader takes them: only silence counts, as
 * for those that connections.h waits for. A pipe takes a piece of PIPE_BUF
 * whole, as soon as so much was read; a larger one would tell of nothing before
 * all of it was.
 */
static enum status
send_bytes(const char *bytes, size_t size)
{
	for (size_t sent = 0; sent < size; sent += PIPE_BUF) {
		struct iovec piece = {
			.iov_base = (char *)bytes + sent,
			.iov_len = MIN(size - sent, PIPE_BUF),
		};

		if (record_write_all(STDOUT_FILENO, &piece, 1) != STATUS_OK)
			return STATUS_FAILED;
		deadline_move_on();
	}
	return STATUS_OK;
}

static enum status
send_file(int file, int64_t size)
{
	g_autofree char *piece = g_malloc(FILE_PIECE);

	while (size > 0) {
		ssize_t got = read(file, piece, (size_t)MIN(size, FILE_PIECE));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			log_error("answer.broken", "reason",
			    got < 0 ? g_strerror(errno)
				    : "the file is shorter");
			return STATUS_FAILED;
		}
		if (send_bytes(piece, (size_t)got) != STATUS_OK)
			return STATUS_FAILED;
		size -= got;
	}
	return STATUS_OK;
}

static enum status
write_answer(const struct response *response, const struct request *request)
{
	g_autoptr(GString) head = g_string_sized_new(2048);
	enum status status;

	response_append_head(response, request, head);
	status = send_bytes(head->str, head->len);
	if (status != STATUS_OK || !response_has_body(response, request))
		return status;
	return response->has_file
		   ? send_file(response->file, response->file_size)
		   : send_bytes(response->body->str, response->body->len);
}

enum status
fcgi_answer_cgi(
    const struct fcgi_options *options, const struct fcgi_handler *handler)
{
	g_autoptr(GByteArray) body = g_byte_array_new();
	const char *const *variables = (const char *const *)environ;
	struct request request;
	struct response response;
	const char *reason = NULL;
	enum status status;
	int http_status = 0;
	size_t body_size;
	int64_t seconds = options->request_seconds > 0
			      ? options->request_seconds
			      : FCGI_DEFAULT_SECONDS;
	int64_t end_at = g_get_monotonic_time() + seconds * 1000000;

	signal(SIGPIPE, SIG_IGN);
	deadline_install();
	if (request_body_size(&options->request, variables, &body_size) ==
	    STATUS_OK)
		read_body(body, body_size, end_at);
	begin_clock(MAX(milliseconds_until(end_at), LEAST_MILLISECONDS));
	if (request_parse(&options->request, variables, body->data, body->len,
		date_now(), &request, &http_status, &reason) != STATUS_OK)
		request_log_refused(&request, reason);
	response_init(&response);
	handler->respond(
	    handler->data, &request, http_status, reason, &response);
	if (response.content_security_policy == NULL)
		response.content_security_policy =
		    options->content_security_policy;
	begin_clock(seconds * 1000);
	status = write_answer(&response, &request);
	deadline_end();
	response_release(&response);
	request_release(&request);
	return status;
}
