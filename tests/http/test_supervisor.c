/*
 * test_supervisor.c - workers that die, a supervisor that ends, and a program
 * that is replaced, all under load (faults 1, 2, 17, 18).
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "server.h"

#define CLIENTS 3
#define KILLS   100
#define ENDS    10
#define HANGUPS 20
#define CRASHES 12

static const char *const FOUR_WORKERS[] = { "--workers", "4", NULL };
static const char *const TWO_WORKERS[] = { "--workers", "2", NULL };

/* What a client has met. */
struct count {
	uint32_t answered; /* whole */
	uint32_t cut;      /* connected, and then no whole answer */
	uint32_t refused;  /* nobody listened */
};

/* Clients in processes of their own, asking without a pause. */
struct load {
	int stop_fd; /* closed: they end */
	int count_fds[CLIENTS];
	pid_t pids[CLIENTS];
};

static void
wait_milliseconds(int milliseconds)
{
	struct pollfd none = { .fd = -1 };

	poll(&none, 1, milliseconds);
}

static void
ask_once(const char *path, struct count *count)
{
	g_autoptr(GByteArray) request =
	    client_request("GET", "/", NULL, NULL, 0);
	g_autofree char *answer = NULL;
	int fd = client_connect(path);

	if (fd < 0) {
		count->refused++;
		return;
	}
	client_send(fd, request->data, request->len);
	answer = client_read(fd);
	close(fd);
	if (answer != NULL && g_str_has_prefix(answer, "Status: 200 "))
		count->answered++;
	else
		count->cut++;
}

/* Ask until the other end of `stop_fd` is closed, or nobody listens any more
 * where `ends_when_refused`. */
static void
be_client(const char *path, int stop_fd, int count_fd, bool ends_when_refused)
{
	struct count count = { 0 };
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (
	    poll(&stop, 1, 0) == 0 && !(ends_when_refused && count.refused > 0))
		ask_once(path, &count);
	if (write(count_fd, &count, sizeof(count)) != sizeof(count))
		_exit(1);
	_exit(0);
}

static void
load_start(struct load *load, const char *path, bool ends_when_refused)
{
	int stop[2];

	assert_int_equal(pipe2(stop, O_CLOEXEC), 0);
	for (size_t i = 0; i < CLIENTS; i++) {
		int counts[2];

		assert_int_equal(pipe2(counts, O_CLOEXEC), 0);
		load->pids[i] = fork();
		assert_true(load->pids[i] >= 0);
		if (load->pids[i] == 0) {
			close(stop[1]);
			be_client(path, stop[0], counts[1], ends_when_refused);
		}
		close(counts[1]);
		load->count_fds[i] = counts[0];
	}
	close(stop[0]);
	load->stop_fd = stop[1];
}

static struct count
load_stop(struct load *load)
{
	struct count sum = { 0 };

	close(load->stop_fd);
	for (size_t i = 0; i < CLIENTS; i++) {
		struct count count;
		int wait_status;

		assert_int_equal(
		    read(load->count_fds[i], &count, sizeof(count)),
		    sizeof(count));
		close(load->count_fds[i]);
		assert_int_equal(
		    waitpid(load->pids[i], &wait_status, 0), load->pids[i]);
		sum.answered += count.answered;
		sum.cut += count.cut;
		sum.refused += count.refused;
	}
	return sum;
}

static int
compare_times(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a;
	int64_t second = *(const int64_t *)b;

	return (first > second) - (first < second);
}

/* Its workers, once all `count` of them have been started. */
static GArray *
all_children(const struct server *server, size_t count)
{
	assert_true(server_wait_for_children(server, count, 5000) >= 0);
	return server_children(server);
}

static pid_t
some_child(const struct server *server, size_t which)
{
	g_autoptr(GArray) pids = server_children(server);

	assert_true(pids->len > 0);
	return g_array_index(pids, pid_t, which % pids->len);
}

static bool
has_child(const struct server *server, pid_t pid)
{
	g_autoptr(GArray) pids = server_children(server);

	for (guint i = 0; i < pids->len; i++) {
		if (g_array_index(pids, pid_t, i) == pid)
			return true;
	}
	return false;
}

/* Kill a worker; how long until another is in its place, in milliseconds. */
static int64_t
kill_and_wait(const struct server *server, size_t which, size_t count)
{
	pid_t pid = some_child(server, which);
	int64_t began_at = g_get_monotonic_time();

	assert_int_equal(kill(pid, SIGKILL), 0);
	while (has_child(server, pid)) {
		assert_true(g_get_monotonic_time() - began_at < 5000000);
		wait_milliseconds(1);
	}
	assert_true(server_wait_for_children(server, count, 5000) >= 0);
	return (g_get_monotonic_time() - began_at) / 1000;
}

/* Fault 1. The median is what we promise; a machine with more to do than it has
 * processors for may be late now and then. */
static void
test_supervisor_run_killed_workers(void **state)
{
	struct server *server = *state;
	int64_t times[KILLS];
	struct load load;
	struct count count;

	server_start(server, FOUR_WORKERS);
	g_array_unref(all_children(server, 4));
	load_start(&load, server->socket, false);
	for (size_t i = 0; i < KILLS; i++) {
		wait_milliseconds(10 + (int)(i * 7 % 50));
		times[i] = kill_and_wait(server, i, 4);
	}
	count = load_stop(&load);

	qsort(times, KILLS, sizeof(times[0]), compare_times);
	assert_true(times[KILLS / 2] <= 100);
	assert_int_equal(count.refused, 0);
	assert_true(count.cut <= KILLS);
	assert_true(count.answered > KILLS);
}

/* Fault 17: SIGTERM under load. Whoever got a connection gets an answer. */
static void
test_supervisor_run_term(void **state)
{
	struct server *server = *state;

	server_start(server, FOUR_WORKERS);
	for (size_t i = 0; i < ENDS; i++) {
		struct load load;
		struct count count;
		int64_t began_at;

		if (i > 0)
			server_restart(server, FOUR_WORKERS);
		load_start(&load, server->socket, true);
		wait_milliseconds(20 + (int)i * 11);
		began_at = g_get_monotonic_time();
		assert_int_equal(server_stop(server), 0);
		assert_true(g_get_monotonic_time() - began_at < 10 * 1000000);
		count = load_stop(&load);
		assert_int_equal(count.cut, 0);
		assert_true(count.answered > 0);
		assert_false(g_file_test(server->socket, G_FILE_TEST_EXISTS));
	}
}

/* A worker in a long request ends it; one that never ends is killed. */
static void
test_supervisor_run_term_slow(void **state)
{
	struct server *server = *state;
	g_autoptr(GByteArray) slow =
	    client_request("GET", "/sleep", NULL, NULL, 0);
	g_autoptr(GByteArray) stuck =
	    client_request("GET", "/stuck", NULL, NULL, 0);
	g_autofree char *answer = NULL;
	g_autofree char *log = NULL;
	int64_t began_at;
	int slow_fd, stuck_fd;

	server_start(server, TWO_WORKERS);
	slow_fd = client_connect(server->socket);
	client_send(slow_fd, slow->data, slow->len);
	stuck_fd = client_connect(server->socket);
	client_send(stuck_fd, stuck->data, stuck->len);
	wait_milliseconds(100);
	began_at = g_get_monotonic_time();
	assert_int_equal(kill(server->pid, SIGTERM), 0);

	answer = client_read(slow_fd);

	assert_non_null(answer);
	assert_int_equal(server_wait(server), 0);
	assert_true(g_get_monotonic_time() - began_at < 12 * 1000000);
	log = server_read_log(server);
	assert_non_null(strstr(log, "worker.killed"));
	close(slow_fd);
	close(stuck_fd);
}

/* Wait until the log has `event` `count` times. */
static void
wait_for_event(const struct server *server, const char *event, size_t count)
{
	int64_t end_at = g_get_monotonic_time() + 30 * (int64_t)1000000;

	while (g_get_monotonic_time() < end_at) {
		g_autofree char *log = server_read_log(server);
		size_t found = 0;

		for (const char *at = log; (at = strstr(at, event)) != NULL;
		     at++)
			found++;
		if (found >= count)
			return;
		wait_milliseconds(2);
	}
	fail_msg("%s did not come %zu times", event, count);
}

/* Fault 18: the program is replaced twenty times; nobody notices. */
static void
test_supervisor_run_hangup(void **state)
{
	struct server *server = *state;
	g_autoptr(GArray) before = NULL;
	g_autofree char *answer = NULL;
	struct load load;
	struct count count;

	server_start(server, FOUR_WORKERS);
	before = all_children(server, 4);
	load_start(&load, server->socket, false);
	for (size_t i = 1; i <= HANGUPS; i++) {
		assert_int_equal(kill(server->pid, SIGHUP), 0);
		wait_for_event(server, "upgrade.begins", i);
	}
	wait_milliseconds(100);
	count = load_stop(&load);

	assert_int_equal(count.cut, 0);
	assert_int_equal(count.refused, 0);
	assert_true(count.answered > HANGUPS);
	assert_true(server_wait_for_children(server, 4, 12000) >= 0);
	for (guint i = 0; i < before->len; i++)
		assert_false(
		    has_child(server, g_array_index(before, pid_t, i)));
	/* The lock went along: the socket is still this program's. */
	answer = client_get(server->socket, "/");
	assert_non_null(answer);
	assert_int_equal(server_stop(server), 0);
	assert_false(g_file_test(server->socket, G_FILE_TEST_EXISTS));
}

/* A program that does not pass --test does not take over. */
static void
test_supervisor_run_hangup_refused(void **state)
{
	struct server *server = *state;
	g_autoptr(GArray) before = NULL;
	g_autoptr(GArray) after = NULL;

	g_setenv("RESPONDER_TEST_RESULT", "1", TRUE);
	server_start(server, TWO_WORKERS);
	g_unsetenv("RESPONDER_TEST_RESULT");
	before = all_children(server, 2);
	assert_int_equal(kill(server->pid, SIGHUP), 0);
	wait_for_event(server, "upgrade.refused", 1);

	after = server_children(server);

	assert_int_equal(after->len, 2);
	assert_memory_equal(after->data, before->data, 2 * sizeof(pid_t));
}

/*
 * SIGHUP twice, the second while the first one's test still runs; `results` are
 * what the two tests say, a digit each.
 */
static void
hang_up_twice(struct server *server, const char *results)
{
	g_autofree char *descriptor = NULL;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	descriptor = g_strdup_printf("%d", ends[0]);
	g_setenv("RESPONDER_TEST_PIPE", descriptor, TRUE);
	server_start(server, TWO_WORKERS);
	g_unsetenv("RESPONDER_TEST_PIPE");
	g_array_unref(all_children(server, 2));

	assert_int_equal(kill(server->pid, SIGHUP), 0);
	assert_true(server_wait_for_children(server, 3, 5000) >= 0);
	assert_int_equal(kill(server->pid, SIGHUP), 0);
	assert_int_equal(write(ends[1], results, 2), 2);
	close(ends[0]);
	close(ends[1]);
}

/* What a first test passed has been changed since: it does not take over. */
static void
test_supervisor_run_hangup_twice_refused(void **state)
{
	struct server *server = *state;
	g_autofree char *log = NULL;
	g_autofree char *answer = NULL;

	hang_up_twice(server, "01");
	wait_for_event(server, "upgrade.refused", 1);

	log = server_read_log(server);
	assert_null(strstr(log, "upgrade.begins"));
	answer = client_get(server->socket, "/");
	assert_non_null(answer);
}

static void
test_supervisor_run_hangup_twice(void **state)
{
	struct server *server = *state;
	g_autofree char *log = NULL;

	hang_up_twice(server, "10");
	wait_for_event(server, "upgrade.begins", 1);

	log = server_read_log(server);
	assert_non_null(strstr(log, "upgrade.refused"));
	assert_true(server_wait_for_children(server, 2, 12000) >= 0);
}

/* Workers that die at once again and again are replaced ever later, and do not
 * keep the machine busy; then all is as before. */
static void
test_supervisor_run_crash_loop(void **state)
{
	struct server *server = *state;
	int64_t began_at, took;
	g_autofree char *answer = NULL;

	server_start(server, TWO_WORKERS);
	began_at = g_get_monotonic_time();
	for (size_t i = 1; i <= CRASHES; i++) {
		/* The first one that lives takes it. */
		g_autofree char *none = client_get(server->socket, "/crash");

		assert_null(none);
		wait_for_event(server, "signal=6", i);
	}
	took = g_get_monotonic_time() - began_at;

	assert_true(took >= 500000);
	assert_true(server_wait_for_children(server, 2, 10000) >= 0);
	answer = client_get(server->socket, "/");
	assert_non_null(answer);
}

/* Fault 2: nobody is left, and the next start takes the socket over. */
static void
test_supervisor_run_killed_supervisor(void **state)
{
	struct server *server = *state;

	server_start(server, FOUR_WORKERS);
	for (size_t i = 0; i < 5; i++) {
		g_autoptr(GArray) pids = all_children(server, 4);
		int64_t end_at;

		assert_int_equal(kill(server->pid, SIGKILL), 0);
		assert_int_equal(server_wait(server), -1);
		server_restart(server, FOUR_WORKERS);
		end_at = g_get_monotonic_time() + 5 * 1000000;
		for (guint j = 0; j < pids->len; j++) {
			pid_t pid = g_array_index(pids, pid_t, j);

			while (kill(pid, 0) == 0) {
				assert_true(g_get_monotonic_time() < end_at);
				(void)waitpid(pid, NULL, WNOHANG);
				wait_milliseconds(2);
			}
		}
	}
	/* Until now, an old worker may have answered. */
	g_array_unref(all_children(server, 4));
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(                                       \
	    function, server_set_up, server_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_supervisor_run_killed_workers),
		TEST(test_supervisor_run_term),
		TEST(test_supervisor_run_term_slow),
		TEST(test_supervisor_run_hangup),
		TEST(test_supervisor_run_hangup_refused),
		TEST(test_supervisor_run_hangup_twice_refused),
		TEST(test_supervisor_run_hangup_twice),
		TEST(test_supervisor_run_crash_loop),
		TEST(test_supervisor_run_killed_supervisor),
	};

	/* Workers whose supervisor was killed become ours to reap. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
