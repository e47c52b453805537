/*
 * fcgi.c - see fcgi.h. It must keep true that the handler is called for whole
 * requests only, that no connection is kept or carries a second request, and
 * that no peer, signal or shortage of descriptors ends the loop.
 *
 * The way of a connection: accept; look at what has come without taking it
 * (intake.h). If that is one whole plain request, which is what web servers
 * send, libfcgi reads it from the socket. Otherwise it is read here as it
 * comes, while others are served (connections.h), put right or refused, and
 * libfcgi reads the cleaned form from a memory file. What the peer does not
 * read at once of an answer waits there too. Neither libfcgi nor we wait for a
 * peer, and libfcgi never writes.
 */
#include "config.h"

#include "http/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/logger.h"
#include "http/connections.h"
#include "http/deadline.h"
#include "http/intake.h"
#include "http/peers.h"
#include "http/record.h"

/* A fixed layout below "Don't use anything below here" is what we rely on:
 * another libfcgi must be looked at before it is built with. */
_Static_assert(
    sizeof(FCGX_Request) == 10 * sizeof(int) + 5 * sizeof(void *) &&
	offsetof(FCGX_Request, detached) == sizeof(FCGX_Request) - sizeof(int),
    "FCGX_Request is not the one of libfcgi 2.4.2");

/* Bytes looked at or read at once: what a web server sends with one write. */
#define BUFFER_SIZE 65536

/* Storage above this is given back after the request that needed it. */
#define KEPT_SIZE (128 << 10)

/* A request that has not come whole may be silent so long. */
#define SILENCE_MILLISECONDS 3000

/* After SIGTERM, connections that waited already are served so long. */
#define DRAIN_SECONDS 2
#define DRAIN_COUNT   4096

/* ... and requests and answers that were on their way may take so long to come
 * and go whole. */
#define FINISH_SECONDS 8

/* A web server connects and sends: if nothing is there when the connection is
 * accepted, it is waited for so long, rather than put aside, where it would be
 * lost with the request that is served next if that ends the process. */
#define FIRST_MILLISECONDS 10

/* ... unless so many wait already: then whoever says nothing yet is put aside
 * at once, for the sake of those who do. */
#define SILENT_MOST 16

/* Connections that go on before another look at the listener. */
#define EVENTS_AT_ONCE 64

struct server {
	int listen_fd;
	int epoll_fd;
	struct peers peers;
	int64_t limit; /* milliseconds of one request */
	const struct fcgi_options *options;
	const struct fcgi_handler *handler;
	FCGX_Request fcgx;
	struct intake *intake; /* of the request that is served */
	struct intake scratch; /* of one that came at once */
	struct connections connections;
	struct response response;
	GString *head;
	GByteArray *body;
	GByteArray *rest; /* of an answer: what its peer has not read yet */
	struct connection_file file; /* that follows the rest */
	uint8_t *buffer;
};

/* Set by SIGTERM and SIGUSR1, which come through only while we wait: the one
 * thing that a signal handler can tell its program. */
static volatile sig_atomic_t is_ending;

static void
handle_end(int signal_number)
{
	(void)signal_number;
	is_ending = 1;
}

/* Leave an answer that is a file to those that wait for their reader. */
static void
leave_file(struct server *server)
{
	struct response *response = &server->response;
	unsigned request_id = server->intake->request_id;

	record_append(server->rest, RECORD_STDOUT, request_id,
	    server->head->str, server->head->len);
	server->file = (struct connection_file){
		.descriptor = response->file,
		.left = response->file_size,
		.request_id = request_id,
	};
	response->has_file = false;
}

/* Send what the handler made of a request. */
static void
send_response(struct server *server, int fd, const struct request *request)
{
	struct response *response = &server->response;
	struct iovec parts[2];
	size_t part_count = 1;

	g_string_truncate(server->head, 0);
	response_append_head(response, request, server->head);
	if (response->has_file && response_has_body(response, request)) {
		leave_file(server);
		return;
	}
	parts[0].iov_base = server->head->str;
	parts[0].iov_len = server->head->len;
	if (response_has_body(response, request)) {
		parts[1].iov_base = response->body->str;
		parts[1].iov_len = response->body->len;
		part_count = 2;
	}
	/* A visitor who went away is the web server's to log. */
	if (record_send_answer(fd, server->intake->request_id, parts,
		part_count, server->rest) != STATUS_OK)
		g_byte_array_set_size(server->rest, 0);
}

/* Let the handler answer what was parsed, well or not. */
static void
respond(struct server *server, int fd, const struct request *request,
    int http_status, const char *reason)
{
	if (http_status != 0)
		request_log_refused(request, reason);
	server->handler->respond(server->handler->data, request, http_status,
	    reason, &server->response);
	if (server->response.content_security_policy == NULL)
		server->response.content_security_policy =
		    server->options->content_security_policy;
	send_response(server, fd, request);
	response_clear(&server->response);
}

/* Answer the request that these variables and the body are. */
static void
answer_whole(struct server *server, int fd, const char *const *variables)
{
	const struct fcgi_handler *handler = server->handler;
	struct request request;
	const char *reason = NULL;
	int http_status = 0;

	if (handler->inspect != NULL)
		handler->inspect(handler->data, variables, server->body->data,
		    server->body->len);
	if (request_parse(&server->options->request, variables,
		server->body->data, server->body->len, date_now(), &request,
		&http_status, &reason) == STATUS_OK)
		http_status = 0;
	respond(server, fd, &request, http_status, reason);
	request_release(&request);
}

/* Answer a request of which only this much is known: it is refused. */
static void
answer_refused(struct server *server, int fd)
{
	static const char *const no_variables[] = { NULL };
	struct request request;
	const char *reason;
	int http_status;

	if (request_parse(&server->options->request, no_variables, NULL, 0,
		date_now(), &request, &http_status, &reason) != STATUS_OK)
		respond(server, fd, &request, server->intake->http_status,
		    server->intake->reason);
	request_release(&request);
}

/* One large form must not stay in the memory of every worker. */
static void
clear_body(struct server *server)
{
	if (server->body->len > KEPT_SIZE) {
		g_byte_array_unref(server->body);
		server->body = g_byte_array_new();
	}
	g_byte_array_set_size(server->body, 0);
}

/* Read what is left of STDIN; it has been looked at and is `body_size` long. */
static bool
read_body(struct server *server)
{
	size_t size = server->intake->body_size;
	int got;

	/* One more: only then does libfcgi meet the end of the stream. */
	g_byte_array_set_size(server->body, (guint)size + 1);
	got = FCGX_GetStr(
	    (char *)server->body->data, (int)size + 1, server->fcgx.in);
	g_byte_array_set_size(server->body, (guint)size);
	return got >= 0 && (size_t)got == size &&
	       FCGX_GetError(server->fcgx.in) == 0;
}

/*
 * Let libfcgi read the request from `source_fd`, and answer it on `fd`.
 * `source_fd` is closed by libfcgi if it fails; says whether it is still open.
 */
static bool
serve_request(struct server *server, int fd, int source_fd)
{
	FCGX_Request *fcgx = &server->fcgx;

	fcgx->ipcFd = source_fd;
	/* "Kept" connections are not accepted anew: libfcgi reads this one.
	 * Detached ones are closed without its closing handshake. */
	fcgx->keepConnection = 1;
	fcgx->listen_sock = -1;
	fcgx->detached = 1;
	if (FCGX_Accept_r(fcgx) < 0) {
		log_warning("request.refused", "reason", "libfcgi refused it");
		fcgx->ipcFd = -1;
		return false;
	}
	if (FCGX_GetError(fcgx->in) != 0 || fcgx->role != 1 ||
	    !read_body(server))
		log_warning("request.refused", "reason", "broken framing");
	else
		answer_whole(server, fd, (const char *const *)fcgx->envp);
	clear_body(server);
	FCGX_Free(fcgx, 0);
	fcgx->ipcFd = -1;
	return true;
}

/* A cleaned request, as a file that libfcgi can read. */
static void
serve_cleaned(struct server *server, int fd)
{
	GByteArray *clean = server->intake->clean;
	struct iovec vector = { .iov_base = clean->data,
		.iov_len = clean->len };
	int source_fd = memfd_create("request", MFD_CLOEXEC);

	if (source_fd < 0 ||
	    record_write_all(source_fd, &vector, 1) != STATUS_OK ||
	    lseek(source_fd, 0, SEEK_SET) != 0) {
		log_error("request.refused", "reason", g_strerror(errno));
		if (source_fd >= 0)
			close(source_fd);
		return;
	}
	if (serve_request(server, fd, source_fd))
		close(source_fd);
}

/* Send what the intake has to say; false when the peer is gone, or asks
 * without reading. */
static bool
send_replies(struct server *server, int fd)
{
	GByteArray *replies = server->intake->replies;
	struct iovec vector = { .iov_base = replies->data,
		.iov_len = replies->len };
	bool is_sent = true;

	if (replies->len > 0)
		is_sent =
		    record_send(fd, &vector, 1, server->rest) == STATUS_OK &&
		    server->rest->len == 0;
	g_byte_array_set_size(replies, 0);
	g_byte_array_set_size(server->rest, 0);
	return is_sent;
}

/* Answer what is not to be acted on. Says whether the peer is still there. */
static bool
serve_refused(struct server *server, int fd)
{
	const struct intake *intake = server->intake;

	if (intake->reason == NULL) {
		if (intake->phase != INTAKE_BEFORE_BEGIN)
			log_warning("request.refused", "reason",
			    "the connection ended before the request did");
		return false;
	}
	if (intake->http_status != 0)
		answer_refused(server, fd);
	else
		log_warning("request.refused", "reason", intake->reason);
	return true;
}

/* Look at what has come, without taking it; who connects has something to say
 * at once, or nearly so. Returns as recv(2). */
static ssize_t
peek(struct server *server, int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	ssize_t size = recv(fd, server->buffer, BUFFER_SIZE, MSG_PEEK);

	if (size >= 0 || errno != EAGAIN ||
	    server->connections.all->len > SILENT_MOST)
		return size;
	(void)poll(&ready, 1, FIRST_MILLISECONDS);
	return recv(fd, server->buffer, BUFFER_SIZE, MSG_PEEK);
}

/*
 * Serve a connection whose request is here, whole and plain, as nearly all are.
 * Of any other nothing is taken, and false is returned; `out_is_open` says
 * whether `fd` still is.
 */
static bool
serve_at_once(struct server *server, int fd, bool *out_is_open)
{
	ssize_t size = peek(server, fd);
	size_t used;

	intake_clear(&server->scratch);
	if (size <= 0 ||
	    intake_take(&server->scratch, server->buffer, (size_t)size,
		&used) != INTAKE_WHOLE ||
	    !server->scratch.is_plain || used != (size_t)size)
		return false;
	server->intake = &server->scratch;
	deadline_received();
	*out_is_open = serve_request(server, fd, fd);
	return true;
}

/* What has not been sent of the answer; the caller frees it. */
static GByteArray *
take_rest(struct server *server)
{
	GByteArray *rest = server->rest;

	server->rest = g_byte_array_new();
	return rest;
}

/* Take what has come of a request that did not come at once, and answer it if
 * that was all. */
static void
hear(struct server *server, struct connection *connection)
{
	struct connections *connections = &server->connections;
	enum intake_state state = connections_read(
	    connections, connection, server->buffer, BUFFER_SIZE);
	bool is_there = false;

	server->intake = &connection->intake;
	deadline_begin(connection->fd, server->limit, SILENCE_MILLISECONDS);
	if (!send_replies(server, connection->fd)) {
		state = INTAKE_REFUSED;
		connection->intake.reason = NULL;
	}
	if (state == INTAKE_WHOLE) {
		deadline_received();
		serve_cleaned(server, connection->fd);
	} else if (state == INTAKE_REFUSED) {
		is_there = serve_refused(server, connection->fd);
	}
	deadline_end();
	server->intake = &server->scratch;
	if (server->rest->len > 0)
		connections_leave_rest(
		    connections, connection, take_rest(server), &server->file);
	else if (is_there)
		connections_let_go(connections, connection);
	else if (state != INTAKE_MORE)
		connections_end(connections, connection);
}

/* The request of a new connection is not here yet: wait for it. */
static void
wait_for_request(struct server *server, int fd)
{
	struct connection *connection;

	if (connections_add(&server->connections, fd, &connection) == STATUS_OK)
		hear(server, connection);
}

/* The answer on a connection has not been read whole: wait until it is. */
static void
wait_for_reader(struct server *server, int fd)
{
	struct connections *connections = &server->connections;
	struct connection *connection;
	GByteArray *rest = take_rest(server);

	if (connections_add(connections, fd, &connection) == STATUS_OK) {
		connections_leave_rest(
		    connections, connection, rest, &server->file);
		return;
	}
	g_byte_array_unref(rest);
	if (server->file.descriptor >= 0)
		close(server->file.descriptor);
	server->file.descriptor = -1;
}

static void
serve_accepted(struct server *server, int fd)
{
	bool is_served, is_open = true;

	if (!peers_include(&server->peers, fd)) {
		log_warning("connection.refused", "reason",
		    "the peer is neither the owner of the socket nor in "
		    "its group");
		close(fd);
		return;
	}
	deadline_begin(fd, server->limit, SILENCE_MILLISECONDS);
	is_served = serve_at_once(server, fd, &is_open);
	deadline_end();
	if (!is_served)
		wait_for_request(server, fd);
	else if (server->rest->len > 0)
		wait_for_reader(server, fd);
	else if (is_open)
		close(fd);
}

/*
 * Serve one connection if one waits. Says whether there may be another; false
 * also for a moment's shortage of descriptors or memory.
 */
static bool
accept_one(struct server *server)
{
	static const struct timespec pause = { .tv_nsec = 50000000 };
	int fd = accept4(
	    server->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0) {
		serve_accepted(server, fd);
		return true;
	}
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ENOBUFS:
		if (connections_end_longest(
			&server->connections, "no descriptors are left"))
			return true;
		log_error("accept.paused", "reason", g_strerror(errno));
		nanosleep(&pause, NULL);
		return false;
	case ECONNABORTED:
	case EINTR:
	case EPERM:
		return true;
	case EINVAL:
	case EBADF:
	case ENOTSOCK:
		/* Shut down or gone: nobody can connect any more. */
		is_ending = 1;
		return false;
	default:
		return false;
	}
}

/* Whether a signal to end waits: one does not come through a wait that finds
 * a connection ready. */
static bool
is_end_pending(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGTERM) == 1 ||
		   sigismember(&pending, SIGUSR1) == 1);
}

/* A connection that waited can go on. */
static void
go_on(struct server *server, struct connection *connection)
{
	if (connection->phase == CONNECTION_READS)
		connections_send(&server->connections, connection);
	else
		hear(server, connection);
}

/* Wait for a connection, one that can go on, or a signal to end, which
 * `waiting_mask` lets through if it is not NULL. */
static void
wait_and_go_on(
    struct server *server, int milliseconds, const sigset_t *waiting_mask)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int count = epoll_pwait(server->epoll_fd, events, EVENTS_AT_ONCE,
	    milliseconds, waiting_mask);

	/* The listener's event has no connection. */
	for (int i = 0; i < count; i++)
		if (events[i].data.ptr != NULL)
			go_on(server, events[i].data.ptr);
	connections_expire(&server->connections);
	if (is_end_pending())
		is_ending = 1;
}

/* Connections accepted in a row before a look at the signals, and, while
 * others wait for their peer, before a look at those. */
#define ACCEPTS_IN_A_ROW 32
#define ACCEPTS_BETWEEN  2

static void
serve_until_told(struct server *server, const sigset_t *waiting_mask)
{
	while (!is_ending) {
		int most = server->connections.all->len > 0 ? ACCEPTS_BETWEEN
							    : ACCEPTS_IN_A_ROW;
		int count = 0;

		while (count < most && accept_one(server))
			count++;
		if (!is_ending)
			wait_and_go_on(server,
			    count == most
				? 0
				: connections_timeout(&server->connections),
			    waiting_mask);
	}
}

/* What waits already was promised an answer, and what has begun may end. */
static void
drain(struct server *server)
{
	int64_t began_at = g_get_monotonic_time();

	for (int i = 0; i < DRAIN_COUNT && g_get_monotonic_time() - began_at <
					       DRAIN_SECONDS * (int64_t)1000000;
	     i++) {
		if (!accept_one(server))
			break;
	}
	epoll_ctl(server->epoll_fd, EPOLL_CTL_DEL, server->listen_fd, NULL);
	while (server->connections.all->len > 0 &&
	       g_get_monotonic_time() - began_at <
		   FINISH_SECONDS * (int64_t)1000000)
		wait_and_go_on(
		    server, connections_timeout(&server->connections), NULL);
}

/* SIGTERM and SIGUSR1 wait until we do: `*out_waiting_mask` lets them through.
 */
static void
block_signals(sigset_t *out_waiting_mask)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGUSR1);
	sigprocmask(SIG_BLOCK, &ending, out_waiting_mask);
	sigdelset(out_waiting_mask, SIGTERM);
	sigdelset(out_waiting_mask, SIGUSR1);
	sigdelset(out_waiting_mask, SIGALRM);
}

/* Ours instead of those that FCGX_Init() installs. */
static void
install_handlers(void)
{
	struct sigaction action = { .sa_handler = handle_end,
		.sa_flags = SA_RESTART };

	is_ending = 0;
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	deadline_install();
}

/*
 * A descriptor to wait on. EPOLLEXCLUSIVE: of several workers that wait for one
 * socket, a connection wakes one.
 */
static int
open_epoll(int listen_fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int flags = fcntl(listen_fd, F_GETFL);
	int epoll_fd;

	if (flags < 0 || fcntl(listen_fd, F_SETFL, flags | O_NONBLOCK) != 0)
		return -1;
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0)
		return -1;
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listen_fd, &event) != 0) {
		close(epoll_fd);
		return -1;
	}
	return epoll_fd;
}

static void
server_init(struct server *server, int listen_fd,
    const struct fcgi_options *options, const struct fcgi_handler *handler)
{
	*server = (struct server){
		.listen_fd = listen_fd,
		.epoll_fd = open_epoll(listen_fd),
		.limit = 1000 * (options->request_seconds > 0
					? options->request_seconds
					: FCGI_DEFAULT_SECONDS),
		.options = options,
		.handler = handler,
		.head = g_string_new(NULL),
		.body = g_byte_array_new(),
		.rest = g_byte_array_new(),
		.file = { .descriptor = -1 },
		.buffer = g_malloc(BUFFER_SIZE),
	};
	peers_init(&server->peers, listen_fd);
	intake_init(&server->scratch, request_max_body(&options->request));
	server->intake = &server->scratch;
	connections_init(&server->connections, server->epoll_fd,
	    request_max_body(&options->request), server->limit,
	    SILENCE_MILLISECONDS);
	response_init(&server->response);
	FCGX_InitRequest(&server->fcgx, -1, 0);
}

static void
server_release(struct server *server)
{
	connections_release(&server->connections);
	if (server->epoll_fd >= 0)
		close(server->epoll_fd);
	response_release(&server->response);
	intake_release(&server->scratch);
	g_byte_array_unref(server->body);
	g_byte_array_unref(server->rest);
	g_string_free(server->head, TRUE);
	g_free(server->buffer);
}

enum status
fcgi_serve(int listen_fd, const struct fcgi_options *options,
    const struct fcgi_handler *handler)
{
	enum status status = STATUS_FAILED;
	struct server server;
	sigset_t waiting_mask;

	block_signals(&waiting_mask);
	server_init(&server, listen_fd, options, handler);
	if (server.epoll_fd < 0 || FCGX_Init() != 0) {
		log_error("fcgi.start", "reason", g_strerror(errno));
	} else {
		install_handlers();
		serve_until_told(&server, &waiting_mask);
		drain(&server);
		status = STATUS_OK;
	}
	server_release(&server);
	return status;
}
