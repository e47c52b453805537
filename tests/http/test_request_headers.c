/*
 * test_request_headers.c - what a request says of whoever sends it: believed
 * where the server or a listed proxy says it, and never where a client does.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "http/request.h"
#include "parsing.h"

static const char *const PROXIES[] = { "10.0.0.1", "192.168.0.0/16",
	"2001:db8::/32", NULL };

static const struct request_options BEHIND_PROXY = { .base_path = "",
	.trusted_proxies = PROXIES };

/* Requirement 4: who asks. */
static void
test_request_parse_address(void **state)
{
	static const struct {
		const char *peer;
		const char *forwarded;
		const char *address;
	} cases[] = {
		{ "203.0.113.5", NULL, "203.0.113.5" },
		{ "203.0.113.5", "198.51.100.7", "203.0.113.5" },
		{ "10.0.0.1", NULL, "10.0.0.1" },
		{ "10.0.0.1", "198.51.100.7", "198.51.100.7" },
		{ "10.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7" },
		{ "10.0.0.1", "1.2.3.4,198.51.100.7 , 192.168.3.4",
		    "198.51.100.7" },
		{ "10.0.0.1", "192.168.3.4", "192.168.3.4" },
		{ "10.0.0.1", "1.2.3.4, nonsense", "10.0.0.1" },
		{ "10.0.0.1", "1.2.3.4, unknown, 192.168.0.9", "192.168.0.9" },
		{ "10.0.0.1", "", "10.0.0.1" },
		{ "10.0.0.1", ",", "10.0.0.1" },
		{ "10.0.0.1", "2001:DB9::1", "2001:db9::1" },
		{ "2001:db8:1::9", "198.51.100.7", "198.51.100.7" },
		{ "2001:db9::9", "198.51.100.7", "2001:db9::9" },
		{ "::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7" },
		{ "::ffff:203.0.113.5", NULL, "203.0.113.5" },
		{ "", "198.51.100.7", "" },
		{ "nonsense", "198.51.100.7", "" },
		{ "1.2.3.4\n5.6.7.8", NULL, "" },
		{ "192.169.0.1", "198.51.100.7", "192.169.0.1" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *peer =
		    g_strconcat("REMOTE_ADDR=", cases[i].peer, NULL);
		g_autofree char *forwarded = g_strconcat(
		    "HTTP_X_FORWARDED_FOR=",
		    cases[i].forwarded != NULL ? cases[i].forwarded : "", NULL);
		const char *const variables[] = { "REQUEST_METHOD=GET",
			"REQUEST_URI=/", peer,
			cases[i].forwarded != NULL ? forwarded : "X=1", NULL };
		struct outcome outcome = parse(&BEHIND_PROXY, variables);

		assert_string_equal(
		    outcome.request.remote_address, cases[i].address);
		request_release(&outcome.request);
	}
}

/* Requirements 4 and 5: nothing that a client writes stands in. */
static void
test_request_parse_headers_that_lie(void **state)
{
	static const char *const variables[] = { "REQUEST_METHOD=GET",
		"REQUEST_URI=/tags", "REMOTE_ADDR=203.0.113.5",
		"HTTP_X_FORWARDED_FOR=1.2.3.4", "HTTP_X_REAL_IP=1.2.3.4",
		"HTTP_FORWARDED=for=1.2.3.4;proto=https;host=evil.example",
		"HTTP_X_FORWARDED_PROTO=https", "HTTP_HTTPS=on",
		"HTTP_X_FORWARDED_HOST=evil.example",
		"HTTP_X_ORIGINAL_URL=/desk", "HTTP_X_REWRITE_URL=/desk",
		"HTTP_PROXY=http://evil.example",
		"HTTP_X_HTTP_METHOD_OVERRIDE=POST", NULL };
	struct outcome outcome = parse(&AT_ROOT, variables);

	(void)state;

	assert_string_equal(outcome.request.remote_address, "203.0.113.5");
	assert_string_equal(outcome.request.path, "/tags");
	assert_int_equal(outcome.request.method, HTTP_METHOD_GET);
	assert_false(outcome.request.is_https);

	request_release(&outcome.request);
}

static void
test_request_parse_https(void **state)
{
	static const struct {
		const char *variable;
		bool is_https;
	} cases[] = {
		{ "HTTPS=on", true },
		{ "HTTPS=1", true },
		{ "HTTPS=ON", true },
		{ "HTTPS=off", false },
		{ "HTTPS=", false },
		{ "REQUEST_SCHEME=https", true },
		{ "REQUEST_SCHEME=http", false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *const variables[] = { "REQUEST_METHOD=GET",
			"REQUEST_URI=/", cases[i].variable, NULL };
		struct outcome outcome = parse(&AT_ROOT, variables);

		assert_int_equal(outcome.request.is_https, cases[i].is_https);
		request_release(&outcome.request);
	}
}

/* What a proxy says of the client's connection, if it is a listed one. */
static void
test_request_parse_https_of_a_proxy(void **state)
{
	static const struct {
		const char *peer;
		const char *forwarded;
		const char *own;
		bool is_https;
	} cases[] = {
		{ "10.0.0.1", "https", "http", true },
		{ "10.0.0.1", "HTTPS", "http", true },
		{ "10.0.0.1", "http", "https", false },
		{ "10.0.0.1", "", "https", true },
		{ "10.0.0.1", "https, http", "http", false },
		{ "10.0.0.2", "https", "http", false },
		{ "10.0.0.2", "http", "https", true },
		{ "", "https", "http", false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *peer =
		    g_strconcat("REMOTE_ADDR=", cases[i].peer, NULL);
		g_autofree char *forwarded = g_strconcat(
		    "HTTP_X_FORWARDED_PROTO=", cases[i].forwarded, NULL);
		g_autofree char *own =
		    g_strconcat("REQUEST_SCHEME=", cases[i].own, NULL);
		const char *const variables[] = { "REQUEST_METHOD=GET",
			"REQUEST_URI=/", peer, forwarded, own, NULL };
		struct outcome outcome = parse(&BEHIND_PROXY, variables);

		assert_int_equal(outcome.request.is_https, cases[i].is_https);
		request_release(&outcome.request);
	}
}

static void
test_request_parse_headers(void **state)
{
	static const char *const variables[] = { "REQUEST_METHOD=GET",
		"REQUEST_URI=/", "HTTP_IF_NONE_MATCH=\"x\xff\"",
		"HTTP_IF_MODIFIED_SINCE=Sat, 30 May 2026 12:00:00 GMT", NULL };
	struct outcome outcome = parse(&AT_ROOT, variables);
	struct outcome without = get(&AT_ROOT, "/");

	(void)state;

	assert_string_equal(outcome.request.if_none_match, "\"x\xef\xbf\xbd\"");
	assert_int_equal(outcome.request.if_modified_since, NOW);
	assert_int_equal(outcome.request.now, NOW);
	assert_null(without.request.if_none_match);
	assert_null(without.request.if_none_match);
	assert_int_equal(without.request.if_modified_since, -1);

	request_release(&outcome.request);
	request_release(&without.request);
}

static void
test_request_parse_headers_of_a_browser(void **state)
{
	static const char *const variables[] = { "REQUEST_METHOD=POST",
		"REQUEST_URI=/", "HTTP_COOKIE=a=1; b=\xff",
		"HTTP_HOST=blog.example.org:8080",
		"HTTP_ORIGIN=https://blog.example.org",
		"HTTP_SEC_FETCH_SITE=same-origin", "HTTP_USER_AGENT=Browser/1",
		"HTTP_SEC_FETCH_DEST=image", "HTTP_PURPOSE=prefetch",
		"HTTP_COOKIE=a=2", "HTTP_ORIGIN=null", NULL };
	struct outcome outcome = parse(&AT_ROOT, variables);
	struct outcome without = get(&AT_ROOT, "/");

	(void)state;

	/* Of a repeated variable the first counts. */
	assert_string_equal(outcome.request.cookies, "a=1; b=\xef\xbf\xbd");
	assert_string_equal(outcome.request.host, "blog.example.org:8080");
	assert_string_equal(outcome.request.origin, "https://blog.example.org");
	assert_string_equal(outcome.request.fetch_site, "same-origin");
	assert_string_equal(outcome.request.user_agent, "Browser/1");
	assert_string_equal(outcome.request.fetch_dest, "image");
	assert_string_equal(outcome.request.purpose, "prefetch");
	assert_null(without.request.cookies);
	assert_null(without.request.host);
	assert_null(without.request.origin);
	assert_null(without.request.fetch_site);
	assert_null(without.request.user_agent);
	assert_null(without.request.purpose);

	request_release(&outcome.request);
	request_release(&without.request);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_parse_address),
		cmocka_unit_test(test_request_parse_headers_that_lie),
		cmocka_unit_test(test_request_parse_https),
		cmocka_unit_test(test_request_parse_https_of_a_proxy),
		cmocka_unit_test(test_request_parse_headers),
		cmocka_unit_test(test_request_parse_headers_of_a_browser),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
