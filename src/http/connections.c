/*
 * connections.c - see connections.h. It must keep true that nothing here waits,
 * and that no number of slow visitors takes more than is said there.
 */
#include "config.h"

#include "http/connections.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/logger.h"
#include "http/record.h"

/* How often those that wait are looked through. */
#define LOOK_MILLISECONDS 100

/* Who holds so many bytes goes before those who hold less. */
#define LARGE_SIZE ((size_t)64 << 10)

/* How long those are read that were let go of, in microseconds. */
#define LEAVE_TIME ((int64_t)500000)

static size_t
size_of(const struct connection *connection)
{
	return connection->intake.clean->len + connection->intake.params->len +
	       connection->pending->len + connection->rest->len -
	       connection->sent;
}

/* Storage that was needed once is not kept for a connection that waits. */
static void
clear(GByteArray **array)
{
	g_byte_array_unref(*array);
	*array = g_byte_array_new();
}

static void
free_connection(void *data)
{
	struct connection *connection = data;

	close(connection->fd);
	intake_release(&connection->intake);
	g_byte_array_unref(connection->pending);
	g_byte_array_unref(connection->rest);
	if (connection->file.descriptor >= 0)
		close(connection->file.descriptor);
	g_free(connection);
}

void
connections_init(struct connections *connections, int epoll_fd, size_t max_body,
    int64_t limit, int64_t silence)
{
	*connections = (struct connections){
		.epoll_fd = epoll_fd,
		.max_body = max_body,
		.limit = limit * 1000,
		.silence = silence * 1000,
		.all = g_ptr_array_new_with_free_func(free_connection),
	};
}

void
connections_release(struct connections *connections)
{
	g_ptr_array_unref(connections->all);
}

enum status
connections_add(
    struct connections *connections, int fd, struct connection **out_connection)
{
	struct connection *connection = g_new0(struct connection, 1);
	struct epoll_event event = { .events = EPOLLIN,
		.data.ptr = connection };

	if (connections->all->len == CONNECTIONS_MOST)
		connections_end_longest(connections, "too many are slow");
	connection->fd = fd;
	connection->began_at = connection->moved_at = g_get_monotonic_time();
	connection->pending = g_byte_array_new();
	connection->rest = g_byte_array_new();
	connection->file.descriptor = -1;
	intake_init(&connection->intake, connections->max_body);
	if (epoll_ctl(connections->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
		log_error("request.refused", "reason", g_strerror(errno));
		free_connection(connection);
		return STATUS_FAILED;
	}
	g_ptr_array_add(connections->all, connection);
	*out_connection = connection;
	return STATUS_OK;
}

/* What came of its request is not needed any more. */
static void
enter_phase(struct connections *connections, struct connection *connection,
    enum connection_phase phase)
{
	connections->total_size -= size_of(connection);
	intake_release(&connection->intake);
	intake_init(&connection->intake, connections->max_body);
	clear(&connection->pending);
	connection->phase = phase;
	connection->began_at = connection->moved_at = g_get_monotonic_time();
}

enum intake_state
connections_read(struct connections *connections, struct connection *connection,
    uint8_t *buffer, size_t size)
{
	ssize_t got = read(connection->fd, buffer, size);
	size_t before = size_of(connection);
	enum intake_state state;
	size_t used;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return INTAKE_MORE;
	if (got <= 0) {
		connection->intake.reason = NULL;
		return INTAKE_REFUSED;
	}
	connection->moved_at = g_get_monotonic_time();
	if (connection->phase == CONNECTION_LEAVES)
		return INTAKE_MORE;
	g_byte_array_append(connection->pending, buffer, (guint)got);
	state = intake_take(&connection->intake, connection->pending->data,
	    connection->pending->len, &used);
	if (used == connection->pending->len)
		clear(&connection->pending);
	else
		g_byte_array_remove_range(connection->pending, 0, (guint)used);
	connections->total_size += size_of(connection) - before;
	return state;
}

void
connections_leave_rest(struct connections *connections,
    struct connection *connection, GByteArray *rest,
    struct connection_file *file)
{
	struct epoll_event event = { .events = EPOLLOUT,
		.data.ptr = connection };

	enter_phase(connections, connection, CONNECTION_READS);
	g_byte_array_unref(connection->rest);
	connection->rest = rest;
	connection->file = *file;
	file->descriptor = -1;
	connections->total_size += size_of(connection);
	/* Of a descriptor that is in the set, this cannot fail. */
	(void)epoll_ctl(
	    connections->epoll_fd, EPOLL_CTL_MOD, connection->fd, &event);
}

/* Put the next piece of the file into the rest, which has gone. False when it
 * cannot be read: an answer that has begun can only be broken off. */
static bool
refill(struct connections *connections, struct connection *connection)
{
	struct connection_file *file = &connection->file;
	g_autofree char *piece = g_malloc(RECORD_MAX_CONTENT);
	size_t most = (size_t)MIN(file->left, RECORD_MAX_CONTENT);
	ssize_t got = read(file->descriptor, piece, most);

	if (got < 0 && errno == EINTR)
		got = read(file->descriptor, piece, most);
	if (got < 0 || (got == 0 && file->left > 0)) {
		log_error("answer.broken", "reason",
		    got < 0 ? g_strerror(errno) : "the file is shorter");
		return false;
	}
	g_byte_array_set_size(connection->rest, 0);
	connection->sent = 0;
	if (got > 0)
		record_append(connection->rest, RECORD_STDOUT, file->request_id,
		    piece, (size_t)got);
	file->left -= got;
	if (file->left == 0) {
		record_append_answer_end(connection->rest, file->request_id);
		close(file->descriptor);
		file->descriptor = -1;
	}
	connections->total_size += connection->rest->len;
	return true;
}

void
connections_send(struct connections *connections, struct connection *connection)
{
	const GByteArray *rest = connection->rest;
	ssize_t sent = write(connection->fd, rest->data + connection->sent,
	    rest->len - connection->sent);

	if (sent < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (sent > 0) {
		connection->sent += (size_t)sent;
		connections->total_size -= (size_t)sent;
		connection->moved_at = g_get_monotonic_time();
	}
	if (sent >= 0 && connection->sent < rest->len)
		return;
	if (sent < 0 || connection->file.descriptor < 0 ||
	    !refill(connections, connection))
		connections_end(connections, connection);
}

void
connections_let_go(
    struct connections *connections, struct connection *connection)
{
	enter_phase(connections, connection, CONNECTION_LEAVES);
	shutdown(connection->fd, SHUT_WR);
}

void
connections_end(struct connections *connections, struct connection *connection)
{
	connections->total_size -= size_of(connection);
	g_ptr_array_remove_fast(connections->all, connection);
}

static bool
is_stiller(const struct connection *one, const struct connection *other)
{
	return one->moved_at < other->moved_at;
}

/* Of those that are large, the one that stands still. */
static bool
is_worse(const struct connection *one, const struct connection *other)
{
	bool is_large = size_of(one) >= LARGE_SIZE;

	if (is_large != (size_of(other) >= LARGE_SIZE))
		return is_large;
	return is_stiller(one, other);
}

/* End the one that comes before all others; false when none waits. */
static bool
end_first(struct connections *connections,
    bool (*comes_before)(
	const struct connection *one, const struct connection *other),
    const char *reason)
{
	struct connection *first = NULL;

	for (guint i = 0; i < connections->all->len; i++) {
		struct connection *connection =
		    g_ptr_array_index(connections->all, i);

		if (first == NULL || comes_before(connection, first))
			first = connection;
	}
	if (first == NULL)
		return false;
	log_warning("connection.ended", "reason", reason);
	connections_end(connections, first);
	return true;
}

bool
connections_end_longest(struct connections *connections, const char *reason)
{
	return end_first(connections, is_stiller, reason);
}

/* What is said of those that are over; NULL: nothing, it was said before. */
static const char *const REASONS[] = {
	[CONNECTION_ASKS] = "the request did not come whole in time",
	[CONNECTION_READS] = "the answer was not read",
	[CONNECTION_LEAVES] = NULL,
};

/* Whether nobody waits for `connection` any longer. */
static bool
is_over(const struct connections *connections,
    const struct connection *connection, int64_t now)
{
	int64_t lasted = now - connection->began_at;
	int64_t still = now - connection->moved_at;

	switch (connection->phase) {
	case CONNECTION_ASKS:
		return still >= connections->silence ||
		       lasted >= connections->limit;
	case CONNECTION_READS:
		return still >= connections->limit;
	case CONNECTION_LEAVES:
		return lasted >= LEAVE_TIME;
	}
	return true;
}

void
connections_expire(struct connections *connections)
{
	int64_t now = g_get_monotonic_time();

	while (connections->total_size > CONNECTIONS_MOST_SIZE &&
	       end_first(
		   connections, is_worse, "those that are slow are too large"))
		continue;
	if (now - connections->looked_at < LOOK_MILLISECONDS * 1000)
		return;
	connections->looked_at = now;
	/* From the end: another takes the place of one that ends. */
	for (guint i = connections->all->len; i > 0; i--) {
		struct connection *connection =
		    g_ptr_array_index(connections->all, i - 1);
		const char *reason = REASONS[connection->phase];

		if (!is_over(connections, connection, now))
			continue;
		if (reason != NULL)
			log_warning("connection.ended", "reason", reason);
		connections_end(connections, connection);
	}
}

int
connections_timeout(const struct connections *connections)
{
	return connections->all->len == 0 ? -1 : LOOK_MILLISECONDS;
}
