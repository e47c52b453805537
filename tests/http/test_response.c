/*
 * test_response.c - heads of answers: what protects a reader is on all of them,
 * and no value becomes a header of its own.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "http/request.h"
#include "http/response.h"

#define NOW 1780142400 /* 2026-05-30T12:00:00Z */

static const struct request GET = {
	.method = HTTP_METHOD_GET, .if_modified_since = -1, .now = NOW
};

static char *
head_of(const struct response *response, const struct request *request)
{
	GString *head = g_string_new(NULL);

	response_append_head(response, request, head);
	return g_string_free(head, FALSE);
}

static int
setup(void **state)
{
	struct response *response = g_new0(struct response, 1);

	response_init(response);
	*state = response;
	return 0;
}

static int
teardown(void **state)
{
	response_release(*state);
	g_free(*state);
	return 0;
}

static void
test_response_append_head_plain(void **state)
{
	struct response *response = *state;
	g_autofree char *head = NULL;

	g_string_assign(response->body, "hello");
	response->etag = g_strdup("\"abc\"");
	response->last_modified = NOW - 60;
	response->cache = CACHE_REVALIDATE;

	head = head_of(response, &GET);

	assert_true(g_str_has_prefix(head,
	    "Status: 200 OK\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Content-Length: 5\r\n"
	    "Cache-Control: public, no-cache\r\n"
	    "ETag: \"abc\"\r\n"
	    "Last-Modified: Sat, 30 May 2026 11:59:00 GMT\r\n"));
	assert_true(g_str_has_suffix(head, "\r\n\r\n"));
	assert_null(strstr(head, "Strict-Transport-Security"));
}

/* Requirement 50: every header, whatever the status. */
static void
test_response_append_head_security(void **state)
{
	static const int statuses[] = { 200, 204, 301, 304, 400, 404, 405, 413,
		414, 431, 500, 503, 599 };
	static const char *const lines[] = {
		"\r\nContent-Security-Policy: default-src 'none'; "
		"img-src 'self' https:; media-src 'self' https:; "
		"style-src 'self'; script-src 'self'; font-src 'self'; "
		"frame-src 'none'; connect-src 'self'; manifest-src 'self'; "
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
		"require-trusted-types-for 'script'\r\n",
		"\r\nX-Content-Type-Options: nosniff\r\n",
		"\r\nX-Frame-Options: DENY\r\n",
		"\r\nReferrer-Policy: strict-origin-when-cross-origin\r\n",
		"\r\nCross-Origin-Opener-Policy: same-origin\r\n",
		"\r\nPermissions-Policy: camera=()",
		"\r\nStrict-Transport-Security: max-age=31536000\r\n",
	};
	struct response *response = *state;
	struct request request = GET;

	request.is_https = true;
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		g_autofree char *head = NULL;

		response->status = statuses[i];
		head = head_of(response, &request);
		for (size_t j = 0; j < G_N_ELEMENTS(lines); j++)
			assert_non_null(strstr(head, lines[j]));
	}
}

static void
test_response_make_policy_frames(void **state)
{
	static const char *const hosts[] = { "www.youtube.com",
		"player.example.org", "*.example.net", NULL };
	static const char *const none[] = { NULL };
	g_autofree char *some = response_make_policy(hosts);
	g_autofree char *empty = response_make_policy(none);
	g_autofree char *absent = response_make_policy(NULL);

	(void)state;

	assert_string_equal(some,
	    "default-src 'none'; img-src 'self' https:; "
	    "media-src 'self' https:; style-src 'self'; script-src 'self'; "
	    "font-src 'self'; frame-src https://www.youtube.com "
	    "https://player.example.org https://www.player.example.org "
	    "https://*.example.net; "
	    "connect-src 'self'; manifest-src 'self'; form-action 'self'; "
	    "base-uri 'none'; frame-ancestors 'none'; "
	    "require-trusted-types-for 'script'");
	assert_non_null(strstr(empty, "; frame-src 'none'; "));
	assert_string_equal(absent, empty);
}

static void
test_response_append_head_own_policy(void **state)
{
	struct response *response = *state;
	g_autofree char *head = NULL;

	response->content_security_policy = "default-src 'self'";
	response->cache = CACHE_FOREVER;

	head = head_of(response, &GET);

	assert_non_null(strstr(
	    head, "\r\nContent-Security-Policy: default-src 'self'\r\n"));
	assert_non_null(strstr(head,
	    "\r\nCache-Control: public, max-age=31536000, immutable\r\n"));
}

static void
test_response_append_head_without_body(void **state)
{
	static const int statuses[] = { 204, 304 };
	struct response *response = *state;

	g_string_assign(response->body, "not sent");
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		g_autofree char *head = NULL;

		response->status = statuses[i];
		head = head_of(response, &GET);
		assert_null(strstr(head, "Content-Length"));
		assert_null(strstr(head, "Content-Type:"));
		assert_false(response_has_body(response, &GET));
	}
}

static void
test_response_has_body_head(void **state)
{
	struct response *response = *state;
	struct request request = GET;
	g_autofree char *head = NULL;

	request.method = HTTP_METHOD_HEAD;
	g_string_assign(response->body, "12345");

	head = head_of(response, &request);

	assert_non_null(strstr(head, "\r\nContent-Length: 5\r\n"));
	assert_false(response_has_body(response, &request));
	assert_true(response_has_body(response, &GET));
}

static void
test_response_append_head_cache_default(void **state)
{
	g_autofree char *head = head_of(*state, &GET);

	assert_non_null(strstr(head, "\r\nCache-Control: no-store\r\n"));
}

/* Requirement 20. */
static void
test_response_add_header_split(void **state)
{
	static const struct {
		const char *name;
		const char *value;
	} cases[] = {
		{ "X-A", "a\r\nX-Evil: 1" },
		{ "X-A", "a\nX-Evil: 1" },
		{ "X-A", "a\rX-Evil: 1" },
		{ "X-A", "\r\n\r\n<script>" },
		{ "X-A", "a\x1b[2J" },
		{ "X-A", "a\x7f" },
		{ "X-A\r\nX-Evil", "1" },
		{ "X-A: 1\r\nX-Evil", "1" },
		{ "", "1" },
		{ "X A", "1" },
	};
	struct response *response = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		response_add_header(response, cases[i].name, cases[i].value);

	assert_string_equal(response->headers->str, "");
}

static void
test_response_add_header_good(void **state)
{
	struct response *response = *state;
	g_autofree char *head = NULL;

	response_add_header(response, "Allow", "GET, HEAD");
	response_add_header(response, "Link", "<\xc3\xa4>;\trel=next");

	head = head_of(response, &GET);
	assert_non_null(strstr(head,
	    "\r\nAllow: GET, HEAD\r\nLink: <\xc3\xa4>;\trel=next\r\n\r\n"));
}

static void
test_response_append_head_bad_etag(void **state)
{
	struct response *response = *state;
	g_autofree char *head = NULL;

	response->etag = g_strdup("\"a\r\nX-Evil: 1\"");

	head = head_of(response, &GET);

	assert_null(strstr(head, "X-Evil"));
}

static void
test_response_redirect_targets(void **state)
{
	static const struct {
		const char *location;
		const char *line;
	} cases[] = {
		{ "/tags", "\r\nLocation: /tags\r\n" },
		{ "https://e.org/a?b=%20#c",
		    "\r\nLocation: https://e.org/a?b=%20#c\r\n" },
		{ "/\xc3\xa4 b", "\r\nLocation: /%C3%A4%20b\r\n" },
		{ "/a\r\nSet-Cookie: x=1",
		    "\r\nLocation: /a%0D%0ASet-Cookie:%20x=1\r\n" },
		{ "/\"><script>", "\r\nLocation: /%22%3E%3Cscript%3E\r\n" },
	};
	struct response *response = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *head = NULL;

		response_clear(response);
		response_redirect(response, 301, cases[i].location);
		head = head_of(response, &GET);
		assert_true(g_str_has_prefix(
		    head, "Status: 301 Moved Permanently\r\n"));
		assert_non_null(strstr(head, cases[i].line));
	}
}

static void
test_response_is_not_modified_etag(void **state)
{
	static const struct {
		const char *if_none_match;
		bool expected;
	} cases[] = {
		{ "\"abc\"", true },
		{ "W/\"abc\"", true },
		{ "\"x\", \"abc\"", true },
		{ "\"x\" ,W/\"y\",\t\"abc\"", true },
		{ "*", true },
		{ "\"abc-gzip\"", true },
		{ "\"abc-br\"", true },
		{ "\"abcd\"", false },
		{ "\"ab\"", false },
		{ "\"\"", false },
		{ "abc", false },
		{ "\"abc", false },
		{ "", false },
		{ "W/", false },
		{ "\"x, abc\"", false },
	};
	struct response *response = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct request request = GET;
		g_autofree char *value = g_strdup(cases[i].if_none_match);

		response_clear(response);
		request.if_none_match = value;
		/* A date that would say yes is not asked (RFC 9110 13.1.3). */
		request.if_modified_since = NOW;
		assert_int_equal(response_is_not_modified(
				     response, &request, "abc", NOW - 100),
		    cases[i].expected);
		assert_int_equal(
		    response->status, cases[i].expected ? 304 : 200);
		assert_string_equal(response->etag, "\"abc\"");
	}
}

static void
test_response_is_not_modified_date(void **state)
{
	static const struct {
		int64_t last_modified;
		int64_t since;
		bool expected;
		int64_t shown;
	} cases[] = {
		{ NOW - 100, NOW - 100, true, NOW - 100 },
		{ NOW - 100, NOW - 99, true, NOW - 100 },
		{ NOW - 100, NOW - 101, false, NOW - 100 },
		{ NOW - 100, -1, false, NOW - 100 },
		{ NOW - 2, NOW - 2, true, NOW - 2 },
		{ NOW - 1, NOW - 1, false, 0 },
		{ NOW, NOW + 10, false, 0 },
		{ NOW + 10, NOW + 10, false, 0 },
	};
	struct response *response = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct request request = GET;

		response_clear(response);
		request.if_modified_since = cases[i].since;
		assert_int_equal(response_is_not_modified(response, &request,
				     "abc", cases[i].last_modified),
		    cases[i].expected);
		assert_int_equal(response->last_modified, cases[i].shown);
	}
}

static void
test_response_is_not_modified_post(void **state)
{
	struct response *response = *state;
	struct request request = GET;
	char any[] = "*";

	request.method = HTTP_METHOD_POST;
	request.if_none_match = any;

	assert_false(
	    response_is_not_modified(response, &request, "abc", NOW - 100));
	assert_int_equal(response->status, 200);
}

static void
test_response_clear_gives_back_storage(void **state)
{
	struct response *response = *state;

	g_string_set_size(response->body, 8 << 20);
	response->status = 404;
	response->cache = CACHE_FOREVER;
	response_add_header(response, "X-A", "1");

	response_clear(response);

	assert_int_equal(response->status, 200);
	assert_int_equal(response->cache, CACHE_NEVER);
	assert_int_equal(response->body->len, 0);
	assert_int_equal(response->headers->len, 0);
	assert_true(response->body->allocated_len < 1 << 20);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_response_append_head_plain),
		TEST(test_response_append_head_security),
		TEST(test_response_make_policy_frames),
		TEST(test_response_append_head_own_policy),
		TEST(test_response_append_head_without_body),
		TEST(test_response_has_body_head),
		TEST(test_response_append_head_cache_default),
		TEST(test_response_add_header_split),
		TEST(test_response_add_header_good),
		TEST(test_response_append_head_bad_etag),
		TEST(test_response_redirect_targets),
		TEST(test_response_is_not_modified_etag),
		TEST(test_response_is_not_modified_date),
		TEST(test_response_is_not_modified_post),
		TEST(test_response_clear_gives_back_storage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
