/*
 * test_request.c - what comes in from strangers: sizes, spellings, lies.
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

#include "http/form.h"
#include "http/request.h"

#define NOW 1780142400

static const char *const PROXIES[] = { "10.0.0.1", "192.168.0.0/16",
	"2001:db8::/32", NULL };

static const struct request_options AT_ROOT = { .base_path = "" };
static const struct request_options AT_BLOG = { .base_path = "/blog" };
static const struct request_options BEHIND_PROXY = { .base_path = "",
	.trusted_proxies = PROXIES };

struct outcome {
	struct request request;
	int http_status; /* 200: parsed */
	const char *reason;
};

static struct outcome
parse_body(const struct request_options *options, const char *const *variables,
    const char *body, size_t size)
{
	struct outcome outcome = { .http_status = 200 };

	if (request_parse(options, variables, body, size, NOW, &outcome.request,
		&outcome.http_status, &outcome.reason) == STATUS_OK)
		outcome.http_status = 200;
	else
		assert_non_null(outcome.reason);
	/* What an error page and a log need is there in any case. */
	assert_non_null(outcome.request.path);
	assert_non_null(outcome.request.target);
	assert_non_null(outcome.request.method_name);
	assert_non_null(outcome.request.query);
	assert_non_null(outcome.request.remote_address);
	return outcome;
}

static struct outcome
parse(const struct request_options *options, const char *const *variables)
{
	return parse_body(options, variables, NULL, 0);
}

/* GET of `target` as nginx asks. */
static struct outcome
get(const struct request_options *options, const char *target)
{
	g_autofree char *uri = g_strconcat("REQUEST_URI=", target, NULL);
	const char *const variables[] = { "REQUEST_METHOD=GET", uri, NULL };

	return parse(options, variables);
}

static int
status_of_get(const char *target)
{
	struct outcome outcome = get(&AT_ROOT, target);

	request_release(&outcome.request);
	return outcome.http_status;
}

static int
status_of_form(const char *body, size_t size)
{
	g_autofree char *length = g_strdup_printf("CONTENT_LENGTH=%zu", size);
	const char *const variables[] = { "REQUEST_METHOD=POST",
		"REQUEST_URI=/subscribe", length,
		"CONTENT_TYPE=application/x-www-form-urlencoded", NULL };
	struct outcome outcome = parse_body(&AT_ROOT, variables, body, size);

	request_release(&outcome.request);
	return outcome.http_status;
}

/* Repeat `piece` until it has `size` bytes. */
static char *
repeat(char piece, size_t size)
{
	char *text = g_malloc(size + 1);

	memset(text, piece, size);
	text[size] = '\0';
	return text;
}

static void
test_request_parse_path(void **state)
{
	static const struct {
		const char *target;
		const char *path;
	} cases[] = {
		{ "/", "/" },
		{ "/?q=1", "/" },
		{ "/articles/a-b", "/articles/a-b" },
		{ "/articles/a-b?x=/../", "/articles/a-b" },
		{ "/tags/", "/tags/" },
		{ "/%61%20b", "/a b" },
		{ "/%C3%A4", "/\xc3\xa4" },
		{ "/\xc3\xa4", "/\xc3\xa4" },
		{ "/a%2525", "/a%25" },
		{ "/a%3Fb", "/a?b" },
		{ "/a+b", "/a+b" },
		{ "/.well-known/security.txt", "/.well-known/security.txt" },
		{ "/...", "/..." },
		{ "/..a/.b", "/..a/.b" },
		{ "http://example.org/a?q=1", "/a" },
		{ "HTTPS://example.org", "/" },
		{ "http://example.org?q=1", "/" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct outcome outcome = get(&AT_ROOT, cases[i].target);

		assert_int_equal(outcome.http_status, 200);
		assert_string_equal(outcome.request.path, cases[i].path);
		assert_string_equal(outcome.request.target, cases[i].target);
		request_release(&outcome.request);
	}
}

/* The same address by the variables of five servers, rewritten or not. */
static void
test_request_parse_servers(void **state)
{
	static const struct {
		const struct request_options *options;
		const char *variables[5];
		const char *path;
	} cases[] = {
		/* nginx: no PATH_INFO, SCRIPT_NAME is the address */
		{ &AT_ROOT,
		    { "REQUEST_URI=/tags/x?a=1", "SCRIPT_NAME=/tags/x" },
		    "/tags/x" },
		{ &AT_BLOG,
		    { "REQUEST_URI=/blog/tags/x", "SCRIPT_NAME=/blog/tags/x" },
		    "/tags/x" },
		{ &AT_BLOG, { "REQUEST_URI=/blog" }, "/" },
		{ &AT_BLOG, { "REQUEST_URI=/blog?x=1" }, "/" },
		{ &AT_BLOG, { "REQUEST_URI=/blog/" }, "/" },
		/* ScriptAlias / and /blog */
		{ &AT_ROOT,
		    { "REQUEST_URI=/tags/x",
			"SCRIPT_NAME=", "PATH_INFO=/tags/x" },
		    "/tags/x" },
		{ &AT_BLOG,
		    { "REQUEST_URI=/blog/tags/x", "SCRIPT_NAME=/blog",
			"PATH_INFO=/tags/x" },
		    "/tags/x" },
		/* RewriteRule ^(.*)$ /cgi-bin/byline.cgi/$1 */
		{ &AT_ROOT,
		    { "REQUEST_URI=/tags/x", "SCRIPT_NAME=/cgi-bin/byline.cgi",
			"PATH_INFO=/tags/x" },
		    "/tags/x" },
		{ &AT_BLOG,
		    { "REQUEST_URI=/blog/tags/x",
			"SCRIPT_NAME=/cgi-bin/byline.cgi",
			"PATH_INFO=/tags/x" },
		    "/tags/x" },
		/* asked for by its own name */
		{ &AT_ROOT,
		    { "REQUEST_URI=/cgi-bin/byline.cgi/tags/x",
			"SCRIPT_NAME=/cgi-bin/byline.cgi",
			"PATH_INFO=/tags/x" },
		    "/tags/x" },
		/* a proxy before us took the prefix off */
		{ &AT_BLOG, { "REQUEST_URI=/tags/x", "PATH_INFO=/tags/x" },
		    "/tags/x" },
		{ &AT_BLOG, { "REQUEST_URI=/blogger" }, "/blogger" },
		/* no REQUEST_URI: PATH_INFO is decoded already */
		{ &AT_ROOT, { "PATH_INFO=/tags/%41" }, "/tags/%41" },
		/* the first of two counts */
		{ &AT_ROOT, { "REQUEST_URI=/a", "REQUEST_URI=/b" }, "/a" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *variables[7] = { "REQUEST_METHOD=GET" };
		struct outcome outcome;

		memcpy(variables + 1, cases[i].variables,
		    sizeof(cases[i].variables));
		outcome = parse(cases[i].options, variables);
		assert_int_equal(outcome.http_status, 200);
		assert_string_equal(outcome.request.path, cases[i].path);
		request_release(&outcome.request);
	}
}

/* Requirement 11: one spelling only. */
static void
test_request_parse_bad_path(void **state)
{
	static const char *const targets[] = {
		"",
		"*",
		"tags",
		"//",
		"//tags",
		"/tags//x",
		"/tags//",
		"/.",
		"/..",
		"/./tags",
		"/../tags",
		"/tags/..",
		"/tags/../desk",
		"/tags/./x",
		"/%2e",
		"/%2e%2e/desk",
		"/%2E%2E",
		"/.%2e",
		"/tags/%2e%2e/%2e%2e/etc/passwd",
		"/a%2fb",
		"/a%2Fb",
		"/%2f",
		"/a\\b",
		"/a%5cb",
		"/a%5Cb",
		"/..\\..",
		"/%00",
		"/a%00.html",
		"/a%0ab",
		"/a%0d%0aSet-Cookie:x",
		"/a%1b[2J",
		"/a%7f",
		"/a%c2%85",
		"/a%e2%80%a8",
		"/a b\x01",
		"ftp://example.org/",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++)
		assert_int_equal(status_of_get(targets[i]), 400);
}

/* What is never text: broken escapes, and bytes that are no UTF-8. */
static const char *const BAD_TEXTS[] = {
	"%",
	"%2",
	"%g0",
	"%0g",
	"%zz",
	"%%",
	"%u0041",
	"%-1",
	"% 1",
	"%+1",
	"%00",
	"%00x",
	"x%00",
	"%80",
	"%bf",
	"%BF",
	"%c0%80",
	"%c0%af",
	"%c0%ae",
	"%c1%81",
	"%c1%9c",
	"%e0%80%af",
	"%e0%80%80",
	"%e0%9f%bf",
	"%f0%80%80%af",
	"%f0%8f%bf%bf",
	"%f8%80%80%80%af",
	"%fc%80%80%80%80%af",
	"%ed%a0%80",
	"%ed%ad%bf",
	"%ed%bf%bf",
	"%ed%a0%80%ed%b0%80",
	"%f4%90%80%80",
	"%f5%80%80%80",
	"%fe",
	"%ff",
	"%ff%fe",
	"%c3",
	"%c3%28",
	"%e2%82",
	"%e2%82%28",
	"%e2%28%a1",
	"%f0%9f",
	"%f0%9f%92",
	"%f0%28%8c%bc",
	"\xff",
	"\xc0\xaf",
	"\xed\xa0\x80",
	"\xc3",
	"\xf4\x90\x80\x80",
};

/* Where such a text may stand; %s is its place. */
static const char *const PLACES[] = { "/%s", "/articles/%s", "/tags/%s/page/2",
	"/a%s-b", "/search?q=%s", "/search?%s=1", "/?a=1&b=x%s" };

static char *
put_into(const char *place, const char *text)
{
	const char *at = strstr(place, "%s");

	return g_strdup_printf(
	    "%.*s%s%s", (int)(at - place), place, text, at + 2);
}

/* Requirement 8: each in each place, 400 of them with the form's. */
static void
test_request_parse_bad_text(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(BAD_TEXTS); i++) {
		g_autofree char *body =
		    g_strconcat("email=", BAD_TEXTS[i], NULL);

		for (size_t j = 0; j < G_N_ELEMENTS(PLACES); j++) {
			g_autofree char *target =
			    put_into(PLACES[j], BAD_TEXTS[i]);

			if (status_of_get(target) != 400)
				fail_msg("%s is not refused", target);
			count++;
		}
		if (status_of_form(body, strlen(body)) != 400)
			fail_msg("%s is not refused", body);
		count++;
	}
	assert_true(count >= 300);
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
test_request_parse_method(void **state)
{
	static const struct {
		const char *variable;
		enum http_method method;
		int http_status;
	} cases[] = {
		{ "REQUEST_METHOD=GET", HTTP_METHOD_GET, 200 },
		{ "REQUEST_METHOD=HEAD", HTTP_METHOD_HEAD, 200 },
		{ "REQUEST_METHOD=POST", HTTP_METHOD_POST, 200 },
		{ "REQUEST_METHOD=PUT", HTTP_METHOD_OTHER, 200 },
		{ "REQUEST_METHOD=TRACE", HTTP_METHOD_OTHER, 200 },
		{ "REQUEST_METHOD=get", HTTP_METHOD_OTHER, 200 },
		{ "REQUEST_METHOD=M-SEARCH", HTTP_METHOD_OTHER, 200 },
		{ "REQUEST_METHOD=", HTTP_METHOD_OTHER, 400 },
		{ "REQUEST_METHOD=G T", HTTP_METHOD_OTHER, 400 },
		{ "REQUEST_METHOD=GET\n", HTTP_METHOD_OTHER, 400 },
		{ "REQUEST_METHOD=\xc3\xa4", HTTP_METHOD_OTHER, 400 },
		{ "REQUEST_METHOD=ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG",
		    HTTP_METHOD_OTHER, 400 },
		{ "X=1", HTTP_METHOD_OTHER, 400 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *const variables[] = { cases[i].variable,
			"REQUEST_URI=/", NULL };
		struct outcome outcome = parse(&AT_ROOT, variables);

		assert_int_equal(outcome.http_status, cases[i].http_status);
		assert_int_equal(outcome.request.method, cases[i].method);
		request_release(&outcome.request);
	}
}

static void
test_request_parse_nothing(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const nonsense[] = { "", "=", "=x", "REQUEST_METHOD",
		"REQUEST_METHOD=GET", NULL };
	struct outcome first = parse(&AT_ROOT, none);
	struct outcome second = parse(&AT_ROOT, nonsense);

	(void)state;

	assert_int_equal(first.http_status, 400);
	assert_int_equal(second.http_status, 400);

	request_release(&first.request);
	request_release(&second.request);
}

static void
test_request_parse_query(void **state)
{
	static const char *const from_target[] = { "REQUEST_METHOD=GET",
		"REQUEST_URI=/search?q=a+b&q=c", "QUERY_STRING=q=other", NULL };
	static const char *const from_variable[] = { "REQUEST_METHOD=GET",
		"PATH_INFO=/search", "QUERY_STRING=q=other", NULL };
	struct outcome first = parse(&AT_ROOT, from_target);
	struct outcome second = parse(&AT_ROOT, from_variable);

	(void)state;

	assert_string_equal(form_value(first.request.query, "q"), "a b");
	assert_string_equal(form_value(second.request.query, "q"), "other");

	request_release(&first.request);
	request_release(&second.request);
}

static void
test_request_parse_fields(void **state)
{
	static const struct {
		const char *method;
		const char *type;
		bool is_form;
	} cases[] = {
		{ "REQUEST_METHOD=POST",
		    "CONTENT_TYPE=application/x-www-form-urlencoded", true },
		{ "REQUEST_METHOD=POST",
		    "CONTENT_TYPE=Application/X-WWW-Form-Urlencoded; "
		    "charset=utf-8",
		    true },
		{ "REQUEST_METHOD=POST",
		    "CONTENT_TYPE=application/x-www-form-urlencodedx", false },
		{ "REQUEST_METHOD=POST", "CONTENT_TYPE=text/plain", false },
		{ "REQUEST_METHOD=POST", "X=", false },
		{ "REQUEST_METHOD=GET",
		    "CONTENT_TYPE=application/x-www-form-urlencoded", false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *const variables[] = { cases[i].method,
			"REQUEST_URI=/", "CONTENT_LENGTH=7", cases[i].type,
			NULL };
		struct outcome outcome =
		    parse_body(&AT_ROOT, variables, "a=1&b=2", 7);

		assert_int_equal(outcome.http_status, 200);
		assert_int_equal(
		    outcome.request.fields != NULL, cases[i].is_form);
		if (cases[i].is_form)
			assert_string_equal(
			    form_value(outcome.request.fields, "b"), "2");
		request_release(&outcome.request);
	}
}

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

static void
test_request_parse_headers(void **state)
{
	static const char *const variables[] = { "REQUEST_METHOD=GET",
		"REQUEST_URI=/",
		"HTTP_USER_AGENT=a\xff"
		"b",
		"HTTP_IF_NONE_MATCH=\"x\"", "HTTP_ACCEPT_ENCODING=gzip",
		"HTTP_RANGE=bytes=0-1",
		"HTTP_IF_MODIFIED_SINCE=Sat, 30 May 2026 12:00:00 GMT", NULL };
	struct outcome outcome = parse(&AT_ROOT, variables);
	struct outcome without = get(&AT_ROOT, "/");

	(void)state;

	assert_string_equal(outcome.request.user_agent, "a\xef\xbf\xbd"
							"b");
	assert_string_equal(outcome.request.if_none_match, "\"x\"");
	assert_string_equal(outcome.request.accept_encoding, "gzip");
	assert_string_equal(outcome.request.range, "bytes=0-1");
	assert_int_equal(outcome.request.if_modified_since, NOW);
	assert_int_equal(outcome.request.now, NOW);
	assert_null(without.request.user_agent);
	assert_null(without.request.if_none_match);
	assert_int_equal(without.request.if_modified_since, -1);

	request_release(&outcome.request);
	request_release(&without.request);
}

static void
test_request_body_size_cases(void **state)
{
	static const char *const none[] = { "A=1", NULL };
	static const char *const good[] = { "CONTENT_LENGTH=1048576", NULL };
	static const char *const large[] = { "CONTENT_LENGTH=1048577", NULL };
	static const char *const bad[] = { "CONTENT_LENGTH=x", NULL };
	size_t size = 7;

	(void)state;

	assert_int_equal(request_body_size(bad, &size), STATUS_INVALID);
	assert_int_equal(request_body_size(large, &size), STATUS_TOO_LARGE);
	assert_int_equal(size, 7);
	assert_int_equal(request_body_size(good, &size), STATUS_OK);
	assert_int_equal(size, 1048576);
	assert_int_equal(request_body_size(none, &size), STATUS_OK);
	assert_int_equal(size, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_parse_path),
		cmocka_unit_test(test_request_parse_servers),
		cmocka_unit_test(test_request_parse_bad_path),
		cmocka_unit_test(test_request_parse_bad_text),
		cmocka_unit_test(test_request_parse_target_size),
		cmocka_unit_test(test_request_parse_header_size),
		cmocka_unit_test(test_request_parse_body_size),
		cmocka_unit_test(test_request_parse_parameter_count),
		cmocka_unit_test(test_request_parse_content_length),
		cmocka_unit_test(test_request_parse_two_lengths),
		cmocka_unit_test(test_request_parse_unknown_length),
		cmocka_unit_test(test_request_parse_method),
		cmocka_unit_test(test_request_parse_nothing),
		cmocka_unit_test(test_request_parse_query),
		cmocka_unit_test(test_request_parse_fields),
		cmocka_unit_test(test_request_parse_address),
		cmocka_unit_test(test_request_parse_headers_that_lie),
		cmocka_unit_test(test_request_parse_https),
		cmocka_unit_test(test_request_parse_headers),
		cmocka_unit_test(test_request_body_size_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
