/*
 * test_arrivals.c - who is slow to say what they want, asked of a whole program
 * with one worker: they are waited for, within bounds, and nobody waits for
 * them.
 */
#include "config.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "http/arrivals.h"
#include "http/intake.h"
#include "server.h"

static const char *const SANDBOXED[] = { "--sandbox", NULL };
static const char *const ONE_WORKER[] = { "--workers", "1", NULL };

/* One byte at a time, and slower than the silence that is allowed in all. */
static void
test_arrivals_slow_body(void **state)
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
test_arrivals_while_another_arrives(void **state)
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
test_arrivals_too_many_that_are_slow(void **state)
{
	struct server *server = *state;
	g_autoptr(GByteArray) request =
	    client_request("POST", "/", NULL, "abcdefgh", 8);
	g_autofree char *answer = NULL;
	g_autofree char *first = NULL;
	g_autofree char *last = NULL;
	g_autofree char *log = NULL;
	int fds[ARRIVALS_MOST + 20];

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
test_arrivals_while_a_refused_one_talks(void **state)
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
test_arrivals_silence(void **state)
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

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(                                       \
	    function, server_set_up, server_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arrivals_slow_body),
		TEST(test_arrivals_while_another_arrives),
		TEST(test_arrivals_too_many_that_are_slow),
		TEST(test_arrivals_while_a_refused_one_talks),
		TEST(test_arrivals_silence),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
