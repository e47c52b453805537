/*
 * test_record.c - answers as records: read back by the specification's rules.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "http/record.h"

/* What a reader gets of the records in `fd`: the content of STDOUT. */
static GByteArray *
read_answer(int fd, unsigned request_id)
{
	off_t size = lseek(fd, 0, SEEK_END);
	g_autofree uint8_t *bytes = g_malloc((size_t)size);
	GByteArray *content = g_byte_array_new();
	bool is_stdout_ended = false;
	size_t at = 0;

	assert_int_equal(pread(fd, bytes, (size_t)size, 0), size);
	for (;;) {
		const uint8_t *header = bytes + at;
		unsigned length;

		assert_true((size_t)size - at >= RECORD_HEADER_SIZE);
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
	assert_int_equal(at, size);
	return content;
}

static void
check_sizes(size_t head_size, size_t body_size)
{
	g_autofree uint8_t *head = g_malloc(head_size + 1);
	g_autofree uint8_t *body = g_malloc(body_size + 1);
	struct iovec parts[] = {
		{ .iov_base = head, .iov_len = head_size },
		{ .iov_base = body, .iov_len = body_size },
	};
	g_autoptr(GByteArray) content = NULL;
	int fd = memfd_create("answer", MFD_CLOEXEC);

	for (size_t i = 0; i < head_size; i++)
		head[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < body_size; i++)
		body[i] = (uint8_t)(i * 13 + i / 251);

	assert_int_equal(record_send_answer(fd, 513, parts, 2), STATUS_OK);

	content = read_answer(fd, 513);
	assert_int_equal(content->len, head_size + body_size);
	assert_memory_equal(content->data, head, head_size);
	assert_memory_equal(content->data + head_size, body, body_size);
	close(fd);
}

static void
test_record_send_answer_sizes(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, 8, 9, 500, 65527, 65528, 65529,
		131056, (size_t)5 << 20, ((size_t)20 << 20) + 3 };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		check_sizes(700, sizes[i]);
		check_sizes(sizes[i] % 70000, 100);
		check_sizes(0, sizes[i]);
	}
}

static void
test_record_send_answer_closed(void **state)
{
	char text[] = "x";
	struct iovec part = { .iov_base = text, .iov_len = 1 };

	(void)state;

	assert_int_equal(record_send_answer(-1, 1, &part, 1), STATUS_FAILED);
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
		cmocka_unit_test(test_record_send_answer_closed),
		cmocka_unit_test(test_record_append_end_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
