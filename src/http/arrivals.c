/*
 * arrivals.c - see arrivals.h. It must keep true that nothing here waits, and
 * that no number of slow visitors takes more than is said there.
 */
#include "config.h"

#include "http/arrivals.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/logger.h"

/* How often those that wait are looked through. */
#define LOOK_MILLISECONDS 100

/* How long those are read that were let go of. */
#define LET_GO_MILLISECONDS 500

static size_t
size_of(const struct arrival *arrival)
{
	return arrival->intake.clean->len + arrival->intake.params->len +
	       arrival->pending->len;
}

static void
free_arrival(void *data)
{
	struct arrival *arrival = data;

	close(arrival->fd);
	intake_release(&arrival->intake);
	g_byte_array_unref(arrival->pending);
	g_free(arrival);
}

void
arrivals_init(struct arrivals *arrivals, int epoll_fd, size_t max_body,
    int64_t limit, int64_t silence)
{
	*arrivals = (struct arrivals){
		.epoll_fd = epoll_fd,
		.max_body = max_body,
		.limit = limit * 1000,
		.silence = silence * 1000,
		.all = g_ptr_array_new_with_free_func(free_arrival),
	};
}

void
arrivals_release(struct arrivals *arrivals)
{
	g_ptr_array_unref(arrivals->all);
}

enum status
arrivals_add(struct arrivals *arrivals, int fd, struct arrival **out_arrival)
{
	struct arrival *arrival = g_new0(struct arrival, 1);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = arrival };

	if (arrivals->all->len == ARRIVALS_MOST)
		arrivals_end_longest(arrivals, "too many are slow");
	arrival->fd = fd;
	arrival->began_at = arrival->heard_at = g_get_monotonic_time();
	arrival->pending = g_byte_array_new();
	intake_init(&arrival->intake, arrivals->max_body);
	if (epoll_ctl(arrivals->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
		log_error("request.refused", "reason", g_strerror(errno));
		free_arrival(arrival);
		return STATUS_FAILED;
	}
	g_ptr_array_add(arrivals->all, arrival);
	*out_arrival = arrival;
	return STATUS_OK;
}

enum intake_state
arrivals_read(struct arrivals *arrivals, struct arrival *arrival,
    uint8_t *buffer, size_t size)
{
	ssize_t got = recv(arrival->fd, buffer, size, MSG_DONTWAIT);
	size_t before = size_of(arrival);
	enum intake_state state;
	size_t used;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return INTAKE_MORE;
	if (got <= 0) {
		arrival->intake.reason = NULL;
		return INTAKE_REFUSED;
	}
	arrival->heard_at = g_get_monotonic_time();
	if (arrival->ends_at != 0)
		return INTAKE_MORE;
	g_byte_array_append(arrival->pending, buffer, (guint)got);
	state = intake_take(&arrival->intake, arrival->pending->data,
	    arrival->pending->len, &used);
	g_byte_array_remove_range(arrival->pending, 0, (guint)used);
	arrivals->total_size += size_of(arrival) - before;
	return state;
}

void
arrivals_let_go(struct arrivals *arrivals, struct arrival *arrival)
{
	arrivals->total_size -= size_of(arrival);
	intake_clear(&arrival->intake);
	g_byte_array_set_size(arrival->pending, 0);
	arrival->ends_at =
	    g_get_monotonic_time() + LET_GO_MILLISECONDS * (int64_t)1000;
	shutdown(arrival->fd, SHUT_WR);
}

void
arrivals_end(struct arrivals *arrivals, struct arrival *arrival)
{
	arrivals->total_size -= size_of(arrival);
	g_ptr_array_remove_fast(arrivals->all, arrival);
}

bool
arrivals_end_longest(struct arrivals *arrivals, const char *reason)
{
	struct arrival *longest = NULL;

	for (guint i = 0; i < arrivals->all->len; i++) {
		struct arrival *arrival = g_ptr_array_index(arrivals->all, i);

		if (longest == NULL || arrival->heard_at < longest->heard_at)
			longest = arrival;
	}
	if (longest == NULL)
		return false;
	log_warning("request.refused", "reason", reason);
	arrivals_end(arrivals, longest);
	return true;
}

/* Whether nobody waits for `arrival` any longer. */
static bool
is_over(
    const struct arrivals *arrivals, const struct arrival *arrival, int64_t now)
{
	if (arrival->ends_at != 0)
		return now >= arrival->ends_at;
	return now - arrival->heard_at >= arrivals->silence ||
	       now - arrival->began_at >= arrivals->limit;
}

void
arrivals_expire(struct arrivals *arrivals)
{
	int64_t now = g_get_monotonic_time();

	while (arrivals->total_size > ARRIVALS_MOST_SIZE)
		arrivals_end_longest(arrivals, "those that are slow are large");
	if (now - arrivals->looked_at < LOOK_MILLISECONDS * 1000)
		return;
	arrivals->looked_at = now;
	/* From the end: another takes the place of one that ends. */
	for (guint i = arrivals->all->len; i > 0; i--) {
		struct arrival *arrival =
		    g_ptr_array_index(arrivals->all, i - 1);

		if (!is_over(arrivals, arrival, now))
			continue;
		if (arrival->ends_at == 0)
			log_warning("request.refused", "reason",
			    "the request did not come whole in time");
		arrivals_end(arrivals, arrival);
	}
}

int
arrivals_timeout(const struct arrivals *arrivals)
{
	return arrivals->all->len == 0 ? -1 : LOOK_MILLISECONDS;
}
