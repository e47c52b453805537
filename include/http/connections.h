/*
 * connections.h - connections that wait for their peer: to say the rest of a
 * request, or to read the rest of an answer.
 *
 * A process serves one request at a time, and nobody is served while a visitor
 * is slow: their connection waits here, with what has come of the request or
 * is still to go of the answer, while others are served. Web servers that hand
 * on only what is whole, both ways (nginx), never need this; those that hand on
 * what comes (Apache) would let a few slow visitors hold every process
 * (requirement 12 of tests/REQUIREMENTS.md).
 *
 * What all of them may take is bounded: beyond that, the connection goes on
 * which nothing has moved for longest; for bytes, among those that hold many. A
 * process that dies takes those that wait with it; no request among them has
 * been acted upon.
 */
#ifndef HTTP_CONNECTIONS_H
#define HTTP_CONNECTIONS_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "http/intake.h"

/* At most so many wait, with so many bytes between them. */
#define CONNECTIONS_MOST      512
#define CONNECTIONS_MOST_SIZE ((size_t)64 << 20)

enum connection_phase {
	CONNECTION_ASKS,  /* its request is on its way */
	CONNECTION_READS, /* its answer is */
	CONNECTION_LEAVES /* it was refused: what it says is thrown away */
};

/* A file that is still to go, as the STDOUT of a request, and its end. */
struct connection_file {
	int descriptor; /* ours to close; -1: there is none */
	int64_t left;   /* bytes */
	unsigned request_id;
};

struct connection {
	int fd; /* ours to close */
	enum connection_phase phase;
	struct intake intake;
	GByteArray *pending;         /* read, and not yet taken by the intake */
	GByteArray *rest;            /* of the answer */
	size_t sent;                 /* bytes of `rest` that have gone */
	struct connection_file file; /* goes after `rest` */
	int64_t began_at;            /* its phase; monotonic microseconds */
	int64_t moved_at;            /* when something came or went last */
};

struct connections {
	int epoll_fd; /* borrowed: where whoever can go on is told */
	size_t max_body;
	int64_t limit;     /* microseconds of a whole request, and between two
			      pieces of an answer */
	int64_t silence;   /* microseconds between two pieces of a request */
	GPtrArray *all;    /* struct connection * */
	size_t total_size; /* bytes that they hold */
	int64_t looked_at; /* when connections_expire() last looked */
};

/* `limit` and `silence` are in milliseconds. */
void connections_init(struct connections *connections, int epoll_fd,
    size_t max_body, int64_t limit, int64_t silence);

/* Close all of them. */
void connections_release(struct connections *connections);

/*
 * Let the non-blocking `fd` wait, of which nothing has been read; its epoll
 * data is the connection. STATUS_FAILED when it cannot: then it is closed.
 */
MUST_CHECK enum status connections_add(struct connections *connections, int fd,
    struct connection **out_connection);

/*
 * Read what has come of a request, without waiting, by way of `buffer` (`size`
 * bytes). After INTAKE_MORE the connection goes on waiting, and what
 * intake.replies holds is to be sent; otherwise it must be answered, ended, or
 * let go of. INTAKE_REFUSED without a reason: the peer has gone. What comes of
 * one that leaves is thrown away.
 */
enum intake_state connections_read(struct connections *connections,
    struct connection *connection, uint8_t *buffer, size_t size);

/*
 * Let `connection` wait until its peer reads: `rest` is what has not been sent
 * of its answer, and is taken; so is `file`, which follows that and becomes
 * one without a descriptor.
 */
void connections_leave_rest(struct connections *connections,
    struct connection *connection, GByteArray *rest,
    struct connection_file *file);

/* Send what the peer takes of the rest, without waiting; end the connection if
 * that was all, or the peer has gone. */
void connections_send(
    struct connections *connections, struct connection *connection);

/*
 * `connection` has been refused, and its peer may not have said all: for half a
 * second what comes is thrown away, so that the peer reads our answer and not a
 * reset. Then, or when the peer closes, it is ended.
 */
void connections_let_go(
    struct connections *connections, struct connection *connection);

/* Close `connection` and forget it. */
void connections_end(
    struct connections *connections, struct connection *connection);

/* End the one on which nothing has moved for longest, logged with `reason`;
 * false when none waits. */
bool connections_end_longest(
    struct connections *connections, const char *reason);

/* End those that are late or still for too long, and while all together are too
 * large, those among the large ones that have been still for longest. */
void connections_expire(struct connections *connections);

/* How long to wait for anything before connections_expire() is due:
 * milliseconds, -1 for ever. */
int connections_timeout(const struct connections *connections);

#endif
