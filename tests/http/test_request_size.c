/*
 * test_request_size.c - no request is larger than it may be, nor of another
 * size than it says.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "http/request.h"
#include "parsing.h"

/* Repeat `piece` until it has `size` bytes. */
static char *
repeat(char piece, size_t size)
{
	char *text = g_malloc(size + 1);

	memset(text, piece, size);
	text[size] = '\0';
	return text;
}

/* Requirement 7: a byte less, exactly, a byte more, a hundred times. */
static void
test_request_parse_target_size(void **state)
{
	static const struct {
		size_t size;
		int http_status;
	} cases[] = {
		{ REQUEST_MAX_TARGET - 1, 200 },
		{ REQUEST_MAX_TARGET, 200 },
		{ REQUEST_MAX_TARGET + 1, 414 },
		{ (size_t)REQUEST_MAX_TARGET * 100, 414 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = repeat('a', cases[i].size);
		g_autofree char *query = repeat('a', cases[i].size);

		path[0] = '/';
		memcpy(query, "/?q=", 4);
		assert_int_equal(status_of_get(path), cases[i].http_status);
		assert_int_equal(status_of_get(query), cases[i].http_status);
	}
}

static void
test_request_parse_header_size(void **state)
{
	static const struct {
		size_t size;
		int http_status;
	} cases[] = {
		{ REQUEST_MAX_HEADERS - 1, 200 },
		{ REQUEST_MAX_HEADERS, 200 },
		{ REQUEST_MAX_HEADERS + 1, 431 },
		{ (size_t)REQUEST_MAX_HEADERS * 100, 431 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *one = repeat('a', 1000);
		g_autofree char *rest = repeat('a', cases[i].size - 1000);
		const char *const variables[] = { "REQUEST_METHOD=GET",
			"REQUEST_URI=/", one, rest, NULL };
		struct outcome outcome;

		memcpy(one, "HTTP_COOKIE=", 12);
		memcpy(rest, "HTTP_X_A=", 9);
		outcome = parse(&AT_ROOT, variables);
		assert_int_equal(outcome.http_status, cases[i].http_status);
		request_release(&outcome.request);
	}
}

static void
test_request_parse_body_size(void **state)
{
	static const struct {
		size_t size;
		int http_status;
	} cases[] = {
		{ REQUEST_MAX_BODY - 1, 200 },
		{ REQUEST_MAX_BODY, 200 },
		{ REQUEST_MAX_BODY + 1, 413 },
		{ REQUEST_MAX_BODY * 100, 413 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *body = repeat('a', cases[i].size);

		assert_int_equal(
		    status_of_form(body, cases[i].size), cases[i].http_status);
	}
}

/* The status of POST of `size` bytes of `type` where `max_body` are allowed. */
static int
status_of_body(size_t max_body, const char *type, size_t size)
{
	const struct request_options options = { .base_path = "",
		.max_body = max_body };
	g_autofree char *body = repeat('a', size);
	g_autofree char *length = g_strdup_printf("CONTENT_LENGTH=%zu", size);
	const char *const variables[] = { "REQUEST_METHOD=POST",
		"REQUEST_URI=/", length, type, NULL };
	struct outcome outcome = parse_body(&options, variables, body, size);

	request_release(&outcome.request);
	return outcome.http_status;
}

/* What a program allows; a form stays as small as it always is. */
static void
test_request_parse_max_body(void **state)
{
	static const char form[] =
	    "CONTENT_TYPE=application/x-www-form-urlencoded";
	static const char octets[] = "CONTENT_TYPE=application/octet-stream";
	static const struct {
		size_t max_body;
		const char *type;
		size_t size;
		int http_status;
	} cases[] = {
		{ 0, octets, REQUEST_MAX_BODY, 200 },
		{ 0, octets, REQUEST_MAX_BODY + 1, 413 },
		{ REQUEST_MAX_UPLOAD, octets, REQUEST_MAX_UPLOAD - 1, 200 },
		{ REQUEST_MAX_UPLOAD, octets, REQUEST_MAX_UPLOAD, 200 },
		{ REQUEST_MAX_UPLOAD, octets, REQUEST_MAX_UPLOAD + 1, 413 },
		{ REQUEST_MAX_UPLOAD, form, REQUEST_MAX_BODY, 200 },
		{ REQUEST_MAX_UPLOAD, form, REQUEST_MAX_BODY + 1, 413 },
		{ REQUEST_MAX_UPLOAD, form, REQUEST_MAX_UPLOAD, 413 },
		{ 10, octets, 10, 200 },
		{ 10, octets, 11, 413 },
		{ 10, form, 11, 413 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(status_of_body(cases[i].max_body,
				     cases[i].type, cases[i].size),
		    cases[i].http_status);
}

static void
test_request_parse_parameter_count(void **state)
{
	static const struct {
		size_t count;
		int http_status;
	} cases[] = {
		{ REQUEST_MAX_PARAMETERS - 1, 200 },
		{ REQUEST_MAX_PARAMETERS, 200 },
		{ REQUEST_MAX_PARAMETERS + 1, 400 },
		{ (size_t)REQUEST_MAX_PARAMETERS * 20, 400 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) target = g_string_new("/?");

		for (size_t j = 0; j < cases[i].count; j++)
			g_string_append(target, "a=&");
		assert_int_equal(
		    status_of_get(target->str), cases[i].http_status);
		assert_int_equal(
		    status_of_form(target->str + 2, target->len - 2),
		    cases[i].http_status);
	}
}

static void
test_request_parse_content_length(void **state)
{
	static const struct {
		const char *length;
		int http_status;
	} cases[] = {
		{ "CONTENT_LENGTH=5", 200 },
		{ "CONTENT_LENGTH=05", 200 },
		{ "CONTENT_LENGTH=4", 400 },
		{ "CONTENT_LENGTH=6", 400 },
		{ "CONTENT_LENGTH=", 400 },
		{ "CONTENT_LENGTH=0", 400 },
		{ "CONTENT_LENGTH=-5", 400 },
		{ "CONTENT_LENGTH=+5", 400 },
		{ "CONTENT_LENGTH= 5", 400 },
		{ "CONTENT_LENGTH=5 ", 400 },
		{ "CONTENT_LENGTH=5abc", 400 },
		{ "CONTENT_LENGTH=0x5", 400 },
		{ "CONTENT_LENGTH=5,5", 400 },
		{ "CONTENT_LENGTH=99999999999999999999", 413 },
		{ "CONTENT_LENGTH=18446744073709551621", 413 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *const variables[] = { "REQUEST_METHOD=POST",
			"REQUEST_URI=/", cases[i].length, NULL };
		struct outcome outcome =
		    parse_body(&AT_ROOT, variables, "a=abc", 5);

		assert_int_equal(outcome.http_status, cases[i].http_status);
		request_release(&outcome.request);
	}
}

/* Requirement 10. */
static void
test_request_parse_two_lengths(void **state)
{
	static const char *const different[] = { "REQUEST_METHOD=POST",
		"REQUEST_URI=/", "CONTENT_LENGTH=5", "CONTENT_LENGTH=6", NULL };
	static const char *const same[] = { "REQUEST_METHOD=POST",
		"REQUEST_URI=/", "CONTENT_LENGTH=5", "CONTENT_LENGTH=5", NULL };
	struct outcome refused = parse_body(&AT_ROOT, different, "a=abc", 5);
	struct outcome taken = parse_body(&AT_ROOT, same, "a=abc", 5);

	(void)state;

	assert_int_equal(refused.http_status, 400);
	assert_int_equal(taken.http_status, 200);

	request_release(&refused.request);
	request_release(&taken.request);
}

static void
test_request_parse_unknown_length(void **state)
{
	static const char *const variables[] = { "REQUEST_METHOD=POST",
		"REQUEST_URI=/", "HTTP_TRANSFER_ENCODING=chunked", NULL };
	struct outcome outcome = parse(&AT_ROOT, variables);

	(void)state;

	assert_int_equal(outcome.http_status, 501);

	request_release(&outcome.request);
}

static void
test_request_body_size_cases(void **state)
{
	static const char *const none[] = { "A=1", NULL };
	static const char *const good[] = { "CONTENT_LENGTH=1048576", NULL };
	static const char *const large[] = { "CONTENT_LENGTH=1048577", NULL };
	static const char *const bad[] = { "CONTENT_LENGTH=x", NULL };
	static const struct request_options uploads = {
		.max_body = REQUEST_MAX_UPLOAD
	};
	static const char *const upload[] = { "CONTENT_LENGTH=10485760", NULL };
	static const char *const larger[] = { "CONTENT_LENGTH=10485761", NULL };
	size_t size = 7;

	(void)state;

	assert_int_equal(
	    request_body_size(&AT_ROOT, bad, &size), STATUS_INVALID);
	assert_int_equal(
	    request_body_size(&AT_ROOT, large, &size), STATUS_TOO_LARGE);
	assert_int_equal(size, 7);
	assert_int_equal(request_body_size(&AT_ROOT, good, &size), STATUS_OK);
	assert_int_equal(size, 1048576);
	assert_int_equal(request_body_size(&AT_ROOT, none, &size), STATUS_OK);
	assert_int_equal(size, 0);
	assert_int_equal(request_body_size(&uploads, upload, &size), STATUS_OK);
	assert_int_equal(size, REQUEST_MAX_UPLOAD);
	assert_int_equal(
	    request_body_size(&uploads, larger, &size), STATUS_TOO_LARGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_parse_target_size),
		cmocka_unit_test(test_request_parse_header_size),
		cmocka_unit_test(test_request_parse_body_size),
		cmocka_unit_test(test_request_parse_max_body),
		cmocka_unit_test(test_request_parse_parameter_count),
		cmocka_unit_test(test_request_parse_content_length),
		cmocka_unit_test(test_request_parse_two_lengths),
		cmocka_unit_test(test_request_parse_unknown_length),
		cmocka_unit_test(test_request_body_size_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
