/*
 * test_connections.c - who is slow to say what they want, or to read it, before
 * a whole program with one worker: they are waited for, within bounds, and
 * nobody waits for them.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "http/connections.h"
#include "http/intake.h"
#include "http/record.h"
#include "server.h"

static const char *const SANDBOXED[] = { "--sandbox", NULL };
static const char *const ONE_WORKER[] = { "--workers", "1", NULL };

/* One byte at a time, and slower than the silence that is allowed in all. */
static void
test_connections_slow_body(void **state)
{
	struct server *server = *state;
	g_autoptr(GByteArray) request =
	    client_request("POST", "/", NULL, "abcdefgh", 8);
	g_autofree char *answer = NULL;
	struct pollfd none = { .fd = -1 };
	size_t most;
	int fd;

	server_start(server, SANDBOXED);
	fd = client_connect(server->socket);
	most = request->len - 8;
	client_send(fd, request->data, most);
	for (size_t i = most; i < request->len; i++) {
		poll(&none, 1, 500); /* 4 s: more than 3 */
		client_send(fd, request->data + i, 1);
	}

	answer = client_read(fd);

	assert_answer(answer, "Status: 200 OK", "STDIN_LEN 8\n");
	close(fd);
}

/* One worker: who is slow to ask is waited for, and keeps nobody waiting. */
static void
test_connections_while_another_arrives(void **state)
{
	struct server *server = *state;
	g_autoptr(GByteArray) request =
	    client_request("POST", "/", NULL, "abcdefgh", 8);
	g_autofree char *between = NULL;
	g_autofree char *answer = NULL;
	int64_t began_at;
	int silent, slow;

	server_start(server, ONE_WORKER);
	silent = client_connect(server->socket);
	slow = client_connect(server->socket);
	client_send(slow, request->data, request->len - 4);
	began_at = g_get_monotonic_time();

	between = client_get(server->socket, "/");
	client_send(slow, request->data + request->len - 4, 4);
	answer = client_read(slow);

	assert_true(g_get_monotonic_time() - began_at < 2 * 1000000);
	assert_answer(between, "Status: 200 OK", "PID");
	assert_answer(answer, "Status: 200 OK", "STDIN_LEN 8\n");
	close(slow);
	close(silent);
}

/* More than may wait: those that have been silent for longest go. */
static void
test_connections_too_many_that_are_slow(void **state)
{
	struct server *server = *state;
	g_autoptr(GByteArray) request =
	    client_request("POST", "/", NULL, "abcdefgh", 8);
	g_autofree char *answer = NULL;
	g_autofree char *first = NULL;
	g_autofree char *last = NULL;
	g_autofree char *log = NULL;
	int fds[CONNECTIONS_MOST + 20];

	server_start(server, ONE_WORKER);
	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = client_connect(server->socket);
		assert_true(fds[i] >= 0);
		client_send(fds[i], request->data, request->len - 4);
	}

	answer = client_get(server->socket, "/");
	first = client_read(fds[0]);
	client_send(
	    fds[G_N_ELEMENTS(fds) - 1], request->data + request->len - 4, 4);
	last = client_read(fds[G_N_ELEMENTS(fds) - 1]);

	assert_answer(answer, "Status: 200 OK", "PID");
	assert_null(first);
	assert_answer(last, "Status: 200 OK", "STDIN_LEN 8\n");
	log = server_read_log(server);
	assert_non_null(strstr(log, "too many are slow"));
	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
		close(fds[i]);
}

/* One worker: who is refused and goes on talking reads why, and keeps nobody
 * waiting. */
static void
test_connections_while_a_refused_one_talks(void **state)
{
	struct server *server = *state;
	g_autofree char *header = g_strnfill(INTAKE_MAX_PARAMS + 1, 'x');
	const char *const variables[] = { header, NULL };
	g_autoptr(GByteArray) request = NULL;
	g_autofree char *refused = NULL;
	int64_t began_at;
	int fds[20];

	memcpy(header, "HTTP_X=", 7);
	request = client_request("GET", "/", variables, NULL, 0);
	server_start(server, ONE_WORKER);
	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = client_connect(server->socket);
		client_send(fds[i], request->data, request->len);
	}
	began_at = g_get_monotonic_time();

	for (int i = 0; i < 20; i++) {
		g_autofree char *answer = client_get(server->socket, "/");

		assert_answer(answer, "Status: 200 OK", "PID");
	}
	refused = client_read(fds[0]);

	assert_true(g_get_monotonic_time() - began_at < 2 * 1000000);
	assert_answer(refused, "Status: 431", "");
	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
		close(fds[i]);
}

/* Whoever falls silent in the middle is cut off; nothing is run. */
static void
test_connections_silence(void **state)
{
	struct server *server = *state;
	g_autoptr(GByteArray) request =
	    client_request("POST", "/", NULL, "abcdefgh", 8);
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	int64_t began_at;
	int fd;

	server_start(server, NULL);
	fd = client_connect(server->socket);
	client_send(fd, request->data, request->len - 4);
	began_at = g_get_monotonic_time();

	first = client_read(fd);
	second = client_get(server->socket, "/");

	assert_null(first);
	assert_true(g_get_monotonic_time() - began_at > 2 * 1000000);
	assert_answer(second, "Status: 200 OK", "REQNO 2\n");
	close(fd);
}

/* A question about the program itself (FastCGI 1.0 section 4.1). */
static const uint8_t GET_VALUES[] = { 1, RECORD_GET_VALUES, 0, 0, 0, 16, 0, 0,
	14, 0, 'F', 'C', 'G', 'I', '_', 'M', 'A', 'X', '_', 'C', 'O', 'N', 'N',
	'S' };

/* Ask for 4 MiB, and read nothing of it yet; not at once, if that is wanted:
 * then the request comes after a question that has been answered. */
static int
ask_for_much(const struct server *server, bool is_at_once)
{
	g_autoptr(GByteArray) request =
	    client_request("GET", "/big", NULL, NULL, 0);
	int fd = client_connect(server->socket);
	uint8_t reply[64];

	assert_true(fd >= 0);
	if (!is_at_once) {
		client_send(fd, GET_VALUES, sizeof(GET_VALUES));
		assert_true(recv(fd, reply, sizeof(reply), 0) > 0);
	}
	client_send(fd, request->data, request->len);
	return fd;
}

/* Let `milliseconds` pass. */
static void
pass(int milliseconds)
{
	struct pollfd none = { .fd = -1 };

	poll(&none, 1, milliseconds);
}

/* One worker: who does not read yet gets all of it later, and keeps nobody
 * waiting. */
static void
test_connections_while_others_read(void **state)
{
	struct server *server = *state;
	int64_t began_at;
	int fds[8];

	server_start(server, ONE_WORKER);
	began_at = g_get_monotonic_time();
	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
		fds[i] = ask_for_much(server, i % 2 == 0);

	for (int i = 0; i < 20; i++) {
		g_autofree char *between = client_get(server->socket, "/");

		assert_answer(between, "Status: 200 OK", "PID");
	}
	assert_true(g_get_monotonic_time() - began_at < 5 * 1000000);
	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++) {
		g_autofree char *answer = client_read(fds[i]);

		assert_answer(answer, "Status: 200 OK", "\nBIGEND 1\n");
		close(fds[i]);
	}
}

/* More bytes than may wait: some readers go, nobody else notices. */
static void
test_connections_too_large_together(void **state)
{
	struct server *server = *state;
	g_autofree char *between = NULL;
	g_autofree char *log = NULL;
	size_t whole = 0;
	int fds[24]; /* 96 MiB */

	server_start(server, ONE_WORKER);
	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
		fds[i] = ask_for_much(server, true);

	between = client_get(server->socket, "/");
	for (size_t i = 0; i < G_N_ELEMENTS(fds); i++) {
		g_autofree char *answer = client_read(fds[i]);

		whole += answer != NULL;
		close(fds[i]);
	}

	assert_answer(between, "Status: 200 OK", "PID");
	assert_in_range(whole, 12, 17);
	log = server_read_log(server);
	assert_non_null(strstr(log, "those that are slow are too large"));
}

/* Read `size` bytes at most, or to the end; says how many they were. */
static size_t
receive(int fd, size_t size)
{
	char buffer[65536];
	size_t total = 0;
	ssize_t got = 1;

	while (total < size && got > 0) {
		got = recv(fd, buffer, MIN(sizeof(buffer), size - total), 0);
		assert_true(got >= 0);
		total += (size_t)got;
	}
	return total;
}

/* Who reads a little now and then is given time; who does not read is not. */
static void
test_connections_slow_reading(void **state)
{
	static const char *const options[] = { "--workers", "1", "--seconds",
		"2", NULL };
	struct server *server = *state;
	g_autofree char *nothing = NULL;
	g_autofree char *log = NULL;
	size_t total = 0;
	int slow, silent;

	server_start(server, options);
	slow = ask_for_much(server, true);
	silent = ask_for_much(server, true);

	/* Four seconds are twice what silence may take. */
	for (size_t wanted = 1 << 20; wanted <= 4 << 20; wanted += 1 << 20) {
		pass(1000);
		total += receive(slow, wanted - total);
	}
	total += receive(slow, SIZE_MAX);
	nothing = client_read(silent);

	assert_true(total > 4 << 20);
	assert_null(nothing);
	log = server_read_log(server);
	assert_non_null(strstr(log, "the answer was not read"));
	close(slow);
	close(silent);
}

/* Who is told to end lets them read what they asked for. */
static void
test_connections_read_while_it_ends(void **state)
{
	struct server *server = *state;
	g_autofree char *answer = NULL;
	struct pollfd first = { .events = POLLIN };

	server_start(server, ONE_WORKER);
	first.fd = ask_for_much(server, true);
	assert_int_equal(poll(&first, 1, 5000), 1);
	kill(server->pid, SIGTERM);
	pass(500);

	answer = client_read(first.fd);

	assert_answer(answer, "Status: 200 OK", "\nBIGEND 1\n");
	assert_int_equal(server_wait(server), 0);
	close(first.fd);
}

/* A peer that asks what we can, again and again, and does not listen. */
static void
test_connections_replies_unread(void **state)
{
	struct server *server = *state;
	g_autofree char *between = NULL;
	struct pollfd room = { .events = POLLOUT };
	int64_t began_at;
	int fd;

	server_start(server, ONE_WORKER);
	room.fd = fd = client_connect(server->socket);
	began_at = g_get_monotonic_time();

	while (send(fd, GET_VALUES, sizeof(GET_VALUES),
		   MSG_NOSIGNAL | MSG_DONTWAIT) > 0 ||
	       errno == EAGAIN) {
		assert_true(g_get_monotonic_time() - began_at < 2 * 1000000);
		poll(&room, 1, 100);
	}
	between = client_get(server->socket, "/");

	assert_answer(between, "Status: 200 OK", "PID");
	assert_true(g_get_monotonic_time() - began_at < 2 * 1000000);
	close(fd);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(                                       \
	    function, server_set_up, server_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_connections_slow_body),
		TEST(test_connections_while_another_arrives),
		TEST(test_connections_too_many_that_are_slow),
		TEST(test_connections_while_a_refused_one_talks),
		TEST(test_connections_silence),
		TEST(test_connections_while_others_read),
		TEST(test_connections_too_large_together),
		TEST(test_connections_slow_reading),
		TEST(test_connections_read_while_it_ends),
		TEST(test_connections_replies_unread),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
