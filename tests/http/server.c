/*
 * server.c - see server.h.
 */
#include "config.h"

#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/record.h"

#define READY_MILLISECONDS 20000
#define READ_MILLISECONDS  20000

char *
server_program(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(self);

	return g_build_filename(folder, "fcgi_responder", NULL);
}

/* Wait until it answers; connecting is the only sign that does not lie. */
static void
wait_until_ready(const struct server *server)
{
	int64_t end_at =
	    g_get_monotonic_time() + READY_MILLISECONDS * (int64_t)1000;

	while (g_get_monotonic_time() < end_at) {
		g_autofree char *answer = client_get(server->socket, "/");
		struct pollfd none = { .fd = -1 };
		int wait_status;

		if (answer != NULL)
			return;
		if (waitpid(server->pid, &wait_status, WNOHANG) != 0)
			break;
		poll(&none, 1, 5);
	}
	fail_msg("the responder does not answer on %s", server->socket);
}

void
server_restart(struct server *server, const char *const *options)
{
	g_autofree char *program = server_program();
	g_autofree char *address = g_strconcat("unix:", server->socket, NULL);
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	posix_spawn_file_actions_t actions;

	g_ptr_array_add(argv, program);
	g_ptr_array_add(argv, (char *)"--listen");
	g_ptr_array_add(argv, address);
	for (; options != NULL && *options != NULL; options++)
		g_ptr_array_add(argv, (char *)*options);
	g_ptr_array_add(argv, NULL);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, server->log,
	    O_WRONLY | O_CREAT | O_APPEND, 0600);
	posix_spawn_file_actions_addopen(
	    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	assert_int_equal(posix_spawn(&server->pid, program, &actions, NULL,
			     (char **)argv->pdata, environ),
	    0);
	posix_spawn_file_actions_destroy(&actions);
	wait_until_ready(server);
}

void
server_start(struct server *server, const char *const *options)
{
	server->folder = g_dir_make_tmp("byline-http-XXXXXX", NULL);
	assert_non_null(server->folder);
	server->socket = g_build_filename(server->folder, "s", NULL);
	server->log = g_build_filename(server->folder, "log", NULL);
	server_restart(server, options);
}

int
server_wait(struct server *server)
{
	int wait_status;

	assert_int_equal(waitpid(server->pid, &wait_status, 0), server->pid);
	server->pid = 0;
	return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
}

int
server_stop(struct server *server)
{
	assert_int_equal(kill(server->pid, SIGTERM), 0);
	return server_wait(server);
}

void
server_release(struct server *server)
{
	static const char *const names[] = { "s", "s.lock", "s.new", "log",
		"result" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
		    g_build_filename(server->folder, names[i], NULL);

		(void)unlink(path);
	}
	assert_int_equal(rmdir(server->folder), 0);
	g_free(server->folder);
	g_free(server->socket);
	g_free(server->log);
}

char *
server_read_log(const struct server *server)
{
	char *text;

	if (!g_file_get_contents(server->log, &text, NULL, NULL))
		return g_strdup("");
	return text;
}

GArray *
server_children(const struct server *server)
{
	g_autofree char *path = g_strdup_printf(
	    "/proc/%d/task/%d/children", (int)server->pid, (int)server->pid);
	g_autofree char *text = NULL;
	GArray *pids = g_array_new(FALSE, FALSE, sizeof(pid_t));
	char *at;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return pids;
	for (at = text; *at != '\0';) {
		char *end;
		pid_t pid = (pid_t)g_ascii_strtoll(at, &end, 10);

		if (end == at)
			break;
		g_array_append_val(pids, pid);
		at = end;
	}
	return pids;
}

int64_t
server_wait_for_children(
    const struct server *server, size_t count, int64_t milliseconds)
{
	int64_t began_at = g_get_monotonic_time();
	int64_t end_at = began_at + milliseconds * 1000;

	while (g_get_monotonic_time() < end_at) {
		g_autoptr(GArray) pids = server_children(server);
		struct pollfd none = { .fd = -1 };

		if (pids->len == count)
			return (g_get_monotonic_time() - began_at) / 1000;
		poll(&none, 1, 1);
	}
	return -1;
}

int
client_connect(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_strlcpy(name.sun_path, path, sizeof(name.sun_path));
	if (connect(fd, (struct sockaddr *)&name, sizeof(name)) != 0) {
		int cause = errno;

		close(fd);
		errno = cause;
		return -1;
	}
	return fd;
}

int
client_connect_tcp(unsigned port)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) },
		.sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&name, sizeof(name)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void
append_length(GByteArray *out, size_t length)
{
	uint8_t bytes[4] = { (uint8_t)(0x80 | length >> 24),
		(uint8_t)(length >> 16), (uint8_t)(length >> 8),
		(uint8_t)length };

	g_byte_array_append(out, bytes, sizeof(bytes));
}

static void
append_pair(GByteArray *out, const char *variable)
{
	size_t name_size = strcspn(variable, "=");
	const char *value = variable + name_size + 1;

	append_length(out, name_size);
	append_length(out, strlen(value));
	g_byte_array_append(out, (const uint8_t *)variable, (guint)name_size);
	g_byte_array_append(out, (const uint8_t *)value, (guint)strlen(value));
}

/* A stream in records of 60,000 bytes, and its end. */
static void
append_stream(
    GByteArray *out, enum record_type type, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size > 0) {
		size_t piece = MIN(size, 60000);

		record_append(out, type, 1, at, piece);
		at += piece;
		size -= piece;
	}
	record_append(out, type, 1, NULL, 0);
}

GByteArray *
client_request(const char *method, const char *target,
    const char *const *variables, const void *body, size_t body_size)
{
	static const uint8_t begin[8] = { 0, 1 };
	g_autoptr(GByteArray) params = g_byte_array_new();
	g_autofree char *method_pair =
	    g_strconcat("REQUEST_METHOD=", method, NULL);
	g_autofree char *target_pair =
	    g_strconcat("REQUEST_URI=", target, NULL);
	g_autofree char *length_pair =
	    g_strdup_printf("CONTENT_LENGTH=%zu", body_size);
	GByteArray *out = g_byte_array_new();

	append_pair(params, method_pair);
	append_pair(params, target_pair);
	append_pair(params, length_pair);
	for (; variables != NULL && *variables != NULL; variables++)
		append_pair(params, *variables);
	record_append(out, RECORD_BEGIN_REQUEST, 1, begin, sizeof(begin));
	append_stream(out, RECORD_PARAMS, params->data, params->len);
	append_stream(out, RECORD_STDIN, body, body_size);
	return out;
}

void
client_send(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return; /* the reader finds out */
		at += sent;
		size -= (size_t)sent;
	}
}

/* Take whole records out of `input`; true at END_REQUEST. */
static bool
take_records(GByteArray *input, GString *answer)
{
	while (input->len >= RECORD_HEADER_SIZE) {
		const uint8_t *header = input->data;
		size_t size = (size_t)header[4] << 8 | header[5];
		size_t whole = RECORD_HEADER_SIZE + size + header[6];
		unsigned type = header[1];

		if (input->len < whole)
			return false;
		if (type == RECORD_STDOUT)
			g_string_append_len(answer,
			    (const char *)header + RECORD_HEADER_SIZE,
			    (gssize)size);
		g_byte_array_remove_range(input, 0, (guint)whole);
		if (type == RECORD_END_REQUEST)
			return true;
	}
	return false;
}

char *
client_read(int fd)
{
	g_autoptr(GByteArray) input = g_byte_array_new();
	GString *answer = g_string_new(NULL);

	for (;;) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		uint8_t buffer[65536];
		ssize_t got;

		if (poll(&ready, 1, READ_MILLISECONDS) <= 0)
			break;
		got = recv(fd, buffer, sizeof(buffer), 0);
		if (got <= 0)
			break;
		g_byte_array_append(input, buffer, (guint)got);
		if (take_records(input, answer))
			return g_string_free(answer, FALSE);
	}
	g_string_free(answer, TRUE);
	return NULL;
}

char *
client_get(const char *path, const char *target)
{
	g_autoptr(GByteArray) request =
	    client_request("GET", target, NULL, NULL, 0);
	int fd = client_connect(path);
	char *answer;

	if (fd < 0)
		return NULL;
	client_send(fd, request->data, request->len);
	answer = client_read(fd);
	close(fd);
	return answer;
}

int
server_set_up(void **state)
{
	*state = g_new0(struct server, 1);
	return 0;
}

int
server_tear_down(void **state)
{
	struct server *server = *state;

	if (server->pid != 0)
		assert_int_equal(server_stop(server), 0);
	if (server->folder != NULL)
		server_release(server);
	g_free(server);
	return 0;
}

void
assert_answer(const char *answer, const char *status, const char *text)
{
	assert_non_null(answer);
	if (!g_str_has_prefix(answer, status) || strstr(answer, text) == NULL)
		fail_msg(
		    "%.300s\nis not \"%s\" with \"%s\"", answer, status, text);
}
