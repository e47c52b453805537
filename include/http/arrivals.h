/*
 * arrivals.h - connections whose request is still on its way.
 *
 * A process serves one request at a time, and a visitor who is slow to send
 * theirs is not served yet: their connection waits here, with what has come of
 * it, while others are served. Web servers that hand a request on only when it
 * is whole (nginx) never need this; those that hand it on as it comes (Apache)
 * would let a few slow visitors hold every process (requirement 12 of
 * tests/REQUIREMENTS.md).
 *
 * What all of them may take is bounded: beyond that, the connection goes that
 * has been silent for longest. A process that dies takes those that wait with
 * it; nothing of them has been acted upon.
 */
#ifndef HTTP_ARRIVALS_H
#define HTTP_ARRIVALS_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "http/intake.h"

/* At most so many wait, with so many bytes between them. */
#define ARRIVALS_MOST      512
#define ARRIVALS_MOST_SIZE ((size_t)64 << 20)

struct arrival {
	int fd; /* ours to close */
	struct intake intake;
	GByteArray *pending; /* read, and not yet taken by the intake */
	int64_t began_at;    /* monotonic microseconds */
	int64_t heard_at;    /* when something came last */
	int64_t ends_at;     /* it has been refused, and goes then; 0: not */
};

struct arrivals {
	int epoll_fd; /* borrowed: where whoever is heard of is told */
	size_t max_body;
	int64_t limit;     /* microseconds of the whole request */
	int64_t silence;   /* microseconds between two pieces */
	GPtrArray *all;    /* struct arrival * */
	size_t total_size; /* bytes that they hold */
	int64_t looked_at; /* when arrivals_expire() last looked */
};

/* `limit` and `silence` are in milliseconds. */
void arrivals_init(struct arrivals *arrivals, int epoll_fd, size_t max_body,
    int64_t limit, int64_t silence);

/* Close all of them. */
void arrivals_release(struct arrivals *arrivals);

/*
 * Let `fd`, of which nothing has been read, wait; its epoll data is the
 * arrival. STATUS_FAILED when it cannot: then it is closed.
 */
MUST_CHECK enum status arrivals_add(
    struct arrivals *arrivals, int fd, struct arrival **out_arrival);

/*
 * Read what has come, without waiting, by way of `buffer` (`size` bytes). After
 * INTAKE_MORE the arrival goes on waiting, and what intake.replies holds is to
 * be sent; otherwise it must be ended, or let go of. INTAKE_REFUSED without a
 * reason: the peer has gone. Of one that was let go of, what comes is thrown
 * away.
 */
enum intake_state arrivals_read(struct arrivals *arrivals,
    struct arrival *arrival, uint8_t *buffer, size_t size);

/*
 * `arrival` has been refused, and its peer may not have said all: for half a
 * second what comes is thrown away, so that the peer reads our answer and not a
 * reset. Then, or when the peer closes, it is ended.
 */
void arrivals_let_go(struct arrivals *arrivals, struct arrival *arrival);

/* Close `arrival` and forget it. */
void arrivals_end(struct arrivals *arrivals, struct arrival *arrival);

/* End the one that has been silent for longest, logged with `reason`; false
 * when none waits. */
bool arrivals_end_longest(struct arrivals *arrivals, const char *reason);

/* End those that are late or silent for too long. */
void arrivals_expire(struct arrivals *arrivals);

/* How long to wait for anything before arrivals_expire() is due: milliseconds,
 * -1 for ever. */
int arrivals_timeout(const struct arrivals *arrivals);

#endif
