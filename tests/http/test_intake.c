/*
 * test_intake.c - what libfcgi gets to see of a connection. Each case of the
 * hazards of libfcgi 2.4.2 by name: what it does alone stands beside it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "http/intake.h"
#include "http/record.h"

#define MAX_BODY 1000

struct fixture {
	struct intake intake;
	GByteArray *input;
};

static int
setup(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);

	intake_init(&fixture->intake, MAX_BODY);
	fixture->input = g_byte_array_new();
	*state = fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	intake_release(&fixture->intake);
	g_byte_array_unref(fixture->input);
	g_free(fixture);
	return 0;
}

/* Add a record with `padding` zeros behind it. */
static void
add(struct fixture *fixture, unsigned type, unsigned id, const void *content,
    size_t size, uint8_t padding)
{
	static const uint8_t zeros[255];
	size_t start = fixture->input->len;

	record_append(
	    fixture->input, (enum record_type)type, id, content, size);
	fixture->input->data[start + 6] = padding;
	g_byte_array_append(fixture->input, zeros, padding);
}

static void
add_begin(struct fixture *fixture, unsigned id, uint8_t role)
{
	const uint8_t body[8] = { 0, role, 1 };

	add(fixture, RECORD_BEGIN_REQUEST, id, body, sizeof(body), 0);
}

static void
add_params(struct fixture *fixture, const char *pairs, size_t size)
{
	add(fixture, RECORD_PARAMS, 1, pairs, size, 0);
	add(fixture, RECORD_PARAMS, 1, NULL, 0, 0);
}

/* A whole plain request with `body`. */
static void
add_request(struct fixture *fixture, const char *body)
{
	add_begin(fixture, 1, 1);
	add_params(fixture,
	    "\x01\x01"
	    "AB",
	    4);
	if (*body != '\0')
		add(fixture, RECORD_STDIN, 1, body, strlen(body), 0);
	add(fixture, RECORD_STDIN, 1, NULL, 0, 0);
}

static enum intake_state
take(struct fixture *fixture, size_t *out_used)
{
	return intake_take(&fixture->intake, fixture->input->data,
	    fixture->input->len, out_used);
}

/* Give all of the input and expect `expected`. */
static void
assert_taken(struct fixture *fixture, enum intake_state expected)
{
	size_t used;

	assert_int_equal(take(fixture, &used), expected);
	if (expected == INTAKE_REFUSED)
		assert_non_null(fixture->intake.reason);
}

static void
assert_clean(struct fixture *fixture, const char *body)
{
	struct fixture plain = { .input = g_byte_array_new() };

	add_request(&plain, body);
	assert_int_equal(fixture->intake.clean->len, plain.input->len);
	assert_memory_equal(
	    fixture->intake.clean->data, plain.input->data, plain.input->len);
	assert_int_equal(fixture->intake.body_size, strlen(body));
	g_byte_array_unref(plain.input);
}

static void
test_intake_take_plain(void **state)
{
	struct fixture *fixture = *state;

	add_request(fixture, "hello");

	assert_taken(fixture, INTAKE_WHOLE);
	assert_true(fixture->intake.is_plain);
	assert_int_equal(fixture->intake.request_id, 1);
	assert_int_equal(fixture->intake.replies->len, 0);
	assert_clean(fixture, "hello");
}

/* Nobody makes us hold nine times the body by a record for each byte of it. */
static void
test_intake_take_tiny_records(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *body = g_strnfill(MAX_BODY, 'x');

	add_begin(fixture, 1, 1);
	for (const char *byte = "\x01\x01"
				"AB";
	     *byte != '\0'; byte++)
		add(fixture, RECORD_PARAMS, 1, byte, 1, 7);
	add(fixture, RECORD_PARAMS, 1, NULL, 0, 0);
	for (size_t i = 0; i < MAX_BODY; i++)
		add(fixture, RECORD_STDIN, 1, body + i, 1, 0);
	add(fixture, RECORD_STDIN, 1, NULL, 0, 0);

	assert_taken(fixture, INTAKE_WHOLE);
	assert_clean(fixture, body);
}

/* A record holds 65,535 bytes; what is more begins another one. */
static void
test_intake_take_large_records(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *half = g_strnfill(40000, 'x');
	size_t used;

	fixture->intake.max_body = 200000;
	add_begin(fixture, 1, 1);
	add_params(fixture,
	    "\x01\x01"
	    "AB",
	    4);
	for (size_t i = 0; i < 4; i++)
		add(fixture, RECORD_STDIN, 1, half, 40000, 0);
	add(fixture, RECORD_STDIN, 1, NULL, 0, 0);

	assert_int_equal(take(fixture, &used), INTAKE_WHOLE);

	assert_int_equal(fixture->intake.body_size, 160000);
	assert_int_equal(fixture->intake.clean->len, fixture->input->len);
	assert_memory_equal(fixture->intake.clean->data, fixture->input->data,
	    fixture->input->len);
}

/* Wherever the bytes are cut, the result is the same. */
static void
test_intake_take_in_pieces(void **state)
{
	struct fixture *fixture = *state;
	const uint8_t *bytes;

	add_request(fixture, "hello");
	bytes = fixture->input->data;
	for (size_t cut = 0; cut < fixture->input->len; cut++) {
		size_t used = 0;
		size_t more = 0;

		intake_clear(&fixture->intake);
		assert_int_equal(
		    intake_take(&fixture->intake, bytes, cut, &used),
		    INTAKE_MORE);
		assert_true(used <= cut);
		assert_int_equal(intake_take(&fixture->intake, bytes + used,
				     fixture->input->len - used, &more),
		    INTAKE_WHOLE);
		assert_int_equal(used + more, fixture->input->len);
		assert_clean(fixture, "hello");
	}
}

static void
test_intake_take_stops_at_end(void **state)
{
	struct fixture *fixture = *state;
	size_t used, whole;

	add_request(fixture, "");
	whole = fixture->input->len;
	add_request(fixture, "second");

	assert_int_equal(take(fixture, &used), INTAKE_WHOLE);
	assert_int_equal(used, whole);
}

/* libfcgi takes the padding of an empty PARAMS record for the next header. */
static void
test_intake_take_padding(void **state)
{
	struct fixture *fixture = *state;

	add_begin(fixture, 1, 1);
	add(fixture, RECORD_PARAMS, 1,
	    "\x01\x01"
	    "AB",
	    4, 255);
	add(fixture, RECORD_PARAMS, 1, NULL, 0, 8);
	add(fixture, RECORD_STDIN, 1, "hello", 5, 3);
	add(fixture, RECORD_STDIN, 1, NULL, 0, 255);

	assert_taken(fixture, INTAKE_WHOLE);
	assert_false(fixture->intake.is_plain);
	assert_clean(fixture, "hello");
}

static void
test_intake_take_version(void **state)
{
	static const char *const starts[] = { "GET / HTTP/1.1\r\n\r\n", "\x02",
		"\x15\x03\x01" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		size_t used;

		intake_clear(&fixture->intake);
		assert_int_equal(
		    intake_take(&fixture->intake, (const uint8_t *)starts[i],
			strlen(starts[i]), &used),
		    INTAKE_REFUSED);
		assert_int_equal(fixture->intake.http_status, 0);
	}
}

static void
test_intake_take_bad_begin(void **state)
{
	static const uint8_t body[9] = { 0, 1 };
	static const struct {
		unsigned id;
		size_t size;
	} cases[] = { { 0, 8 }, { 1, 0 }, { 1, 7 }, { 1, 9 } };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		intake_clear(&fixture->intake);
		g_byte_array_set_size(fixture->input, 0);
		add(fixture, RECORD_BEGIN_REQUEST, cases[i].id, body,
		    cases[i].size, 0);
		assert_taken(fixture, INTAKE_REFUSED);
	}
}

/* libfcgi serves authorizers and filters, and closes on other roles. */
static void
test_intake_take_roles(void **state)
{
	static const uint8_t roles[] = { 0, 2, 3, 99 };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
		const GByteArray *replies = fixture->intake.replies;

		intake_clear(&fixture->intake);
		g_byte_array_set_size(fixture->input, 0);
		add_begin(fixture, 7, roles[i]);
		assert_taken(fixture, INTAKE_REFUSED);
		assert_int_equal(replies->len, 16);
		assert_int_equal(replies->data[1], RECORD_END_REQUEST);
		assert_int_equal(replies->data[3], 7);
		assert_int_equal(replies->data[12], RECORD_UNKNOWN_ROLE);
	}
}

static void
test_intake_take_out_of_place(void **state)
{
	static const unsigned types[] = { RECORD_STDIN, RECORD_STDOUT, 8, 99 };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		intake_clear(&fixture->intake);
		g_byte_array_set_size(fixture->input, 0);
		add_begin(fixture, 1, 1);
		add(fixture, types[i], 1, "x", 1, 0);
		assert_taken(fixture, INTAKE_REFUSED);
	}
	intake_clear(&fixture->intake);
	g_byte_array_set_size(fixture->input, 0);
	add_begin(fixture, 1, 1);
	add_params(fixture, "", 0);
	add(fixture, RECORD_PARAMS, 1, "x", 1, 0);
	assert_taken(fixture, INTAKE_REFUSED);
}

static void
test_intake_take_begin_twice(void **state)
{
	struct fixture *fixture = *state;

	add_begin(fixture, 1, 1);
	add_begin(fixture, 1, 1);

	assert_taken(fixture, INTAKE_REFUSED);
}

/* libfcgi runs a request that was given up in its parameters. */
static void
test_intake_take_abort(void **state)
{
	struct fixture *fixture = *state;

	add_begin(fixture, 1, 1);
	add(fixture, RECORD_ABORT_REQUEST, 1, NULL, 0, 0);

	assert_taken(fixture, INTAKE_REFUSED);
	assert_int_equal(fixture->intake.replies->data[1], RECORD_END_REQUEST);
}

/* libfcgi drops the body after an empty record of another id. */
static void
test_intake_take_foreign_records(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, RECORD_PARAMS, 5, "x", 1, 0);
	add_begin(fixture, 1, 1);
	add(fixture, RECORD_STDIN, 7, NULL, 0, 0);
	add(fixture, RECORD_PARAMS, 7,
	    "\x01\x01"
	    "CD",
	    4, 0);
	add_params(fixture,
	    "\x01\x01"
	    "AB",
	    4);
	add(fixture, RECORD_ABORT_REQUEST, 7, NULL, 0, 0);
	add(fixture, RECORD_STDIN, 7, "EVIL", 4, 9);
	add(fixture, RECORD_STDIN, 1, "hello", 5, 0);
	add(fixture, RECORD_STDIN, 1, NULL, 0, 0);

	assert_taken(fixture, INTAKE_WHOLE);
	assert_false(fixture->intake.is_plain);
	assert_clean(fixture, "hello");
}

static void
test_intake_take_multiplexed(void **state)
{
	struct fixture *fixture = *state;

	add_begin(fixture, 1, 1);
	add_begin(fixture, 2, 1);
	add_params(fixture,
	    "\x01\x01"
	    "AB",
	    4);
	add(fixture, RECORD_STDIN, 2, "EVIL", 4, 0);
	add(fixture, RECORD_STDIN, 1, NULL, 0, 0);

	assert_taken(fixture, INTAKE_WHOLE);
	assert_clean(fixture, "");
	assert_int_equal(fixture->intake.replies->data[3], 2);
	assert_int_equal(
	    fixture->intake.replies->data[12], RECORD_CANT_MULTIPLEX);
}

/* libfcgi's buffer for the answer has room for three names. */
static void
test_intake_take_values(void **state)
{
	static const char name[] = "\x0e\0FCGI_MAX_CONNS";
	static const uint8_t expected[] = "\x0e\1FCGI_MAX_CONNS1"
					  "\x0d\1FCGI_MAX_REQS1"
					  "\x0f\1FCGI_MPXS_CONNS0";
	struct fixture *fixture = *state;
	const GByteArray *replies = fixture->intake.replies;
	g_autoptr(GByteArray) names = g_byte_array_new();

	for (size_t i = 0; i < 200; i++)
		g_byte_array_append(
		    names, (const uint8_t *)name, sizeof(name) - 1);
	g_byte_array_append(names,
	    (const uint8_t *)"\x0d\0FCGI_MAX_REQS\x0f\0FCGI_MPXS_CONNS"
			     "\x05\1XYZZYx",
	    40);
	add(fixture, RECORD_GET_VALUES, 0, names->data, names->len, 0);

	assert_taken(fixture, INTAKE_MORE);
	assert_int_equal(replies->data[1], RECORD_GET_VALUES_RESULT);
	assert_int_equal(
	    replies->len, RECORD_HEADER_SIZE + sizeof(expected) - 1);
	assert_memory_equal(
	    replies->data + RECORD_HEADER_SIZE, expected, sizeof(expected) - 1);
}

static void
test_intake_take_values_cut(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} cases[] = {
		{ "\x0e", 1 },
		{ "\x0e\0FCGI", 6 },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff", 8 },
		{ "\x80\0", 2 },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		intake_clear(&fixture->intake);
		g_byte_array_set_size(fixture->input, 0);
		add(fixture, RECORD_GET_VALUES, 0, cases[i].bytes,
		    cases[i].size, 0);
		assert_taken(fixture, INTAKE_REFUSED);
	}
}

/* libfcgi takes the body of an unknown management record for data. */
static void
test_intake_take_management(void **state)
{
	struct fixture *fixture = *state;

	add_begin(fixture, 1, 1);
	add(fixture, 99, 0,
	    "\x01\x01"
	    "EV",
	    4, 0);
	add_params(fixture,
	    "\x01\x01"
	    "AB",
	    4);
	add(fixture, 98, 0, "EVIL", 4, 0);
	add(fixture, RECORD_STDIN, 1, NULL, 0, 0);

	assert_taken(fixture, INTAKE_WHOLE);
	assert_clean(fixture, "");
	assert_int_equal(fixture->intake.replies->len, 32);
	assert_int_equal(fixture->intake.replies->data[1], RECORD_UNKNOWN_TYPE);
	assert_int_equal(fixture->intake.replies->data[8], 99);
	assert_int_equal(fixture->intake.replies->data[24], 98);
}

static void
test_intake_take_pairs(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		bool is_good;
	} cases[] = {
		{ "\x01\x01"
		  "AB",
		    4, true },
		{ "\x01\x00"
		  "A",
		    3, true },
		{ "\x80\0\0\x01\x80\0\0\x01"
		  "AB",
		    10, true },
		{ "\x01\x01"
		  "AB\x01\x01"
		  "CD",
		    8, true },
		{ "\x00\x01"
		  "B",
		    3, false }, /* no name */
		{ "\x01\x01"
		  "A",
		    3, false }, /* cut off */
		{ "\x01", 1, false },
		{ "\x80\0\0", 3, false },
		{ "\x01\xff\xff\xff\xff"
		  "AB",
		    7, false },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff"
		  "AB",
		    10, false },
		/* the sum overflows an int: libfcgi writes past its buffer */
		{ "\xff\xff\xff\xfe\xff\xff\xff\xfe"
		  "AB",
		    10, false },
		/* another variable, or less of one */
		{ "\x03\x01"
		  "A=BC",
		    6, false },
		{ "\x01\x03"
		  "AB\0C",
		    6, false },
		{ "\x03\x01"
		  "A\0BC",
		    6, false },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		intake_clear(&fixture->intake);
		g_byte_array_set_size(fixture->input, 0);
		add_begin(fixture, 1, 1);
		add_params(fixture, cases[i].bytes, cases[i].size);
		assert_taken(
		    fixture, cases[i].is_good ? INTAKE_MORE : INTAKE_REFUSED);
		assert_int_equal(
		    fixture->intake.http_status, cases[i].is_good ? 0 : 400);
	}
}

static void
test_intake_take_params_limit(void **state)
{
	static const struct {
		size_t size;
		int http_status;
	} cases[] = {
		{ INTAKE_MAX_PARAMS - 1, 0 },
		{ INTAKE_MAX_PARAMS, 0 },
		{ INTAKE_MAX_PARAMS + 1, 431 },
		{ INTAKE_MAX_PARAMS * 100, 431 },
	};
	struct fixture *fixture = *state;
	g_autofree char *bytes = g_malloc0(60000);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		size_t left = cases[i].size;

		intake_clear(&fixture->intake);
		g_byte_array_set_size(fixture->input, 0);
		add_begin(fixture, 1, 1);
		while (left > 0) {
			size_t size = MIN(left, 60000);

			add(fixture, RECORD_PARAMS, 1, bytes, size, 0);
			left -= size;
		}
		assert_taken(fixture,
		    cases[i].http_status == 0 ? INTAKE_MORE : INTAKE_REFUSED);
		assert_int_equal(
		    fixture->intake.http_status, cases[i].http_status);
		assert_true(fixture->intake.params->len <= INTAKE_MAX_PARAMS);
	}
}

static void
test_intake_take_body_limit(void **state)
{
	static const struct {
		size_t size;
		enum intake_state expected;
	} cases[] = {
		{ MAX_BODY - 1, INTAKE_WHOLE },
		{ MAX_BODY, INTAKE_WHOLE },
		{ MAX_BODY + 1, INTAKE_REFUSED },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *body = g_strnfill(cases[i].size, 'x');

		intake_clear(&fixture->intake);
		g_byte_array_set_size(fixture->input, 0);
		add_request(fixture, body);
		assert_taken(fixture, cases[i].expected);
		assert_int_equal(fixture->intake.http_status,
		    cases[i].expected == INTAKE_REFUSED ? 413 : 0);
	}
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_intake_take_plain),
		TEST(test_intake_take_tiny_records),
		TEST(test_intake_take_large_records),
		TEST(test_intake_take_in_pieces),
		TEST(test_intake_take_stops_at_end),
		TEST(test_intake_take_padding),
		TEST(test_intake_take_version),
		TEST(test_intake_take_bad_begin),
		TEST(test_intake_take_roles),
		TEST(test_intake_take_out_of_place),
		TEST(test_intake_take_begin_twice),
		TEST(test_intake_take_abort),
		TEST(test_intake_take_foreign_records),
		TEST(test_intake_take_multiplexed),
		TEST(test_intake_take_values),
		TEST(test_intake_take_values_cut),
		TEST(test_intake_take_management),
		TEST(test_intake_take_pairs),
		TEST(test_intake_take_params_limit),
		TEST(test_intake_take_body_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
