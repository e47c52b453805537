/*
 * fcgi.h - requests in, answers out: FastCGI by libfcgi, and plain CGI.
 *
 * The only file that includes fcgiapp.h. It stands between libfcgi and us with
 * the guards of security.md section 2: a request with broken, partial or
 * mismatched framing is never acted on, a connection is never kept, an answer
 * is one writev.
 */
#ifndef HTTP_FCGI_H
#define HTTP_FCGI_H

#include <sys/types.h>

#include <glib.h>
#include <stdbool.h>
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
};

struct fcgi_options {
	struct request_options request;
	int64_t request_seconds; /* deadline of one request */
	gid_t peer_group;   /* a peer of this group may connect; (gid_t)-1: any
			       peer */
	bool is_own_socket; /* we made it: check the peer (SO_PEERCRED) */
};

/*
 * Serve connections of `listen_fd` until SIGTERM or SIGUSR1; the request under
 * way and those already waiting are finished first. Returns STATUS_OK then.
 */
MUST_CHECK enum status fcgi_serve(int listen_fd,
    const struct fcgi_options *options, const struct fcgi_handler *handler);

/*
 * Answer the one request of a plain CGI program: variables from the
 * environment, the body from standard input, the answer to standard output. The
 * command line is never looked at (requirement 6).
 */
MUST_CHECK enum status fcgi_answer_cgi(
    const struct fcgi_options *options, const struct fcgi_handler *handler);

#endif
