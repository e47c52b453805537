/*
 * test_record.c - answers as records: read back by the specification's rules.
 */
#include "config.h"

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

#include "http/record.h"

/* Both ends of a connection: who answers does not wait for who reads. */
struct pair {
	int server_fd;
	int client_fd;
};

static struct pair
connect_pair(void)
{
	int fds[2];

	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	return (struct pair){ .server_fd = fds[0], .client_fd = fds[1] };
}

/* What has come through, and closes both ends. */
static GByteArray *
read_all(struct pair pair)
{
	GByteArray *all = g_byte_array_new();
	uint8_t buffer[65536];
	ssize_t got;

	close(pair.server_fd);
	while ((got = read(pair.client_fd, buffer, sizeof(buffer))) > 0)
		g_byte_array_append(all, buffer, (guint)got);
	close(pair.client_fd);
	return all;
}

/* What a reader gets of these records: the content of STDOUT. */
static GByteArray *
content_of(const GByteArray *records, unsigned request_id)
{
	GByteArray *content = g_byte_array_new();
	bool is_stdout_ended = false;
	size_t at = 0;

	for (;;) {
		const uint8_t *header = records->data + at;
		unsigned length;

		assert_true(records->len - at >= RECORD_HEADER_SIZE);
		length = (unsigned)header[4] << 8 | header[5];
		assert_int_equal(header[0], RECORD_VERSION);
		assert_int_equal(header[2] << 8 | header[3], request_id);
		assert_int_equal((length + header[6]) % 8, 0);
		at += RECORD_HEADER_SIZE + length + header[6];
		if (header[1] == RECORD_END_REQUEST)
			break;
		assert_int_equal(header[1], RECORD_STDOUT);
		assert_false(is_stdout_ended);
		is_stdout_ended = length == 0;
		g_byte_array_append(
		    content, header + RECORD_HEADER_SIZE, length);
	}
	assert_true(is_stdout_ended);
	assert_int_equal(at, records->len);
	return content;
}

/* What goes at once and the rest are one answer; says how much the rest was. */
static size_t
check_sizes(size_t head_size, size_t body_size)
{
	g_autofree uint8_t *head = g_malloc(head_size + 1);
	g_autofree uint8_t *body = g_malloc(body_size + 1);
	struct iovec parts[] = {
		{ .iov_base = head, .iov_len = head_size },
		{ .iov_base = body, .iov_len = body_size },
	};
	g_autoptr(GByteArray) rest = g_byte_array_new();
	g_autoptr(GByteArray) records = NULL;
	g_autoptr(GByteArray) content = NULL;
	struct pair pair = connect_pair();

	for (size_t i = 0; i < head_size; i++)
		head[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < body_size; i++)
		body[i] = (uint8_t)(i * 13 + i / 251);

	assert_int_equal(
	    record_send_answer(pair.server_fd, 513, parts, 2, rest), STATUS_OK);

	records = read_all(pair);
	g_byte_array_append(records, rest->data, rest->len);
	content = content_of(records, 513);
	assert_int_equal(content->len, head_size + body_size);
	assert_memory_equal(content->data, head, head_size);
	assert_memory_equal(content->data + head_size, body, body_size);
	return rest->len;
}

static void
test_record_send_answer_sizes(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, 8, 9, 500, 65527, 65528, 65529,
		131056, (size_t)5 << 20, ((size_t)20 << 20) + 3 };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		size_t rest = check_sizes(700, sizes[i]);

		/* Of what a socket holds nothing is copied. */
		if (sizes[i] < 70000)
			assert_int_equal(rest, 0);
		if (sizes[i] > 1 << 20)
			assert_true(rest > sizes[i] / 2);
		check_sizes(sizes[i] % 70000, 100);
		check_sizes(0, sizes[i]);
	}
}

/* Behind a rest, nothing overtakes it. */
static void
test_record_send_behind_rest(void **state)
{
	g_autoptr(GByteArray) rest = g_byte_array_new();
	g_autoptr(GByteArray) sent = NULL;
	struct pair pair = connect_pair();
	char text[] = "later";
	struct iovec part = { .iov_base = text, .iov_len = 5 };

	(void)state;
	g_byte_array_append(rest, (const uint8_t *)"first,", 6);

	assert_int_equal(
	    record_send(pair.server_fd, &part, 1, rest), STATUS_OK);

	sent = read_all(pair);
	assert_int_equal(sent->len, 0);
	assert_int_equal(rest->len, 11);
	assert_memory_equal(rest->data, "first,later", 11);
}

static void
test_record_send_answer_closed(void **state)
{
	g_autoptr(GByteArray) rest = g_byte_array_new();
	struct pair pair = connect_pair();
	char text[] = "x";
	struct iovec part = { .iov_base = text, .iov_len = 1 };

	(void)state;
	close(pair.client_fd);

	assert_int_equal(record_send_answer(pair.server_fd, 1, &part, 1, rest),
	    STATUS_FAILED);

	assert_int_equal(rest->len, 0);
	close(pair.server_fd);
}

static void
test_record_append_end_bytes(void **state)
{
	static const uint8_t expected[] = { 1, 3, 1, 2, 0, 8, 0, 0, 0, 0, 0, 0,
		3, 0, 0, 0 };
	g_autoptr(GByteArray) out = g_byte_array_new();

	(void)state;

	record_append_end(out, 258, RECORD_UNKNOWN_ROLE);

	assert_int_equal(out->len, sizeof(expected));
	assert_memory_equal(out->data, expected, sizeof(expected));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record_send_answer_sizes),
		cmocka_unit_test(test_record_send_behind_rest),
		cmocka_unit_test(test_record_send_answer_closed),
		cmocka_unit_test(test_record_append_end_bytes),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
