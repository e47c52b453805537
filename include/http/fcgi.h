/*
 * fcgi.h - requests in, answers out: FastCGI by libfcgi, and plain CGI.
 *
 * fcgi.c is the only file that includes fcgiapp.h. It stands between libfcgi
 * and us with guards (requirements 1 to 3 of tests/REQUIREMENTS.md): a request
 * with broken, partial or mismatched framing is never acted on, a connection is
 * never kept, an answer is one writev(), and whoever is slow to read it keeps
 * nobody waiting.
 */
#ifndef HTTP_FCGI_H
#define HTTP_FCGI_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "http/request.h"
#include "http/response.h"

/*
 * What answers: fills `response`. `http_status` is 0, or what request_parse()
 * found wrong (then `reason` says what), and an error page is wanted.
 */
struct fcgi_handler {
	void (*respond)(void *data, const struct request *request,
	    int http_status, const char *reason, struct response *response);
	void *data;
	/* For tests: sees variables and body as they came, before they are
	 * parsed. NULL: nobody does. */
	void (*inspect)(void *data, const char *const *variables,
	    const void *body, size_t body_size);
};

#define FCGI_DEFAULT_SECONDS 30

struct fcgi_options {
	struct request_options request;
	/* Of answers that have none of their own; NULL: without frames. */
	const char *content_security_policy;
	int64_t request_seconds; /* of one request; 0: FCGI_DEFAULT_SECONDS */
};

/*
 * Serve connections of `listen_fd` until SIGTERM or SIGUSR1; the request under
 * way, those already waiting (for at most 2 s), and requests and answers on
 * their way (for at most 8 s) are finished first. Returns STATUS_OK then. It
 * takes SIGALRM for its clock and ignores SIGPIPE.
 *
 * Peers of a unix socket are let in by http/peers.h. A request must be whole
 * and plain (http/intake.h); one that is not is answered with 4xx where the
 * peer can understand it, else the connection is closed. One that is silent for
 * 3 s before it is whole, or takes longer than `request_seconds`, is cut off; 5
 * s later a process that still works on it ends itself with exit code 75. An
 * answer takes as long as its peer reads of it once in `request_seconds`
 * (http/connections.h).
 */
MUST_CHECK enum status fcgi_serve(int listen_fd,
    const struct fcgi_options *options, const struct fcgi_handler *handler);

/*
 * Answer the one request of a plain CGI program: variables from the
 * environment, the body from standard input, the answer to standard output. The
 * command line is never looked at: a web server may put a query there. A body
 * shorter than CONTENT_LENGTH is answered with 400, and so is one that is
 * silent for 10 s or not whole within `request_seconds`. A process that still
 * works on its answer 5 s after that (6 s, where the body took all the time)
 * ends itself as in fcgi_serve(), whose signals it takes. An answer takes as
 * long as something of it is read once in `request_seconds`.
 */
MUST_CHECK enum status fcgi_answer_cgi(
    const struct fcgi_options *options, const struct fcgi_handler *handler);

#endif
