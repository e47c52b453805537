/*
 * test_request.c - what comes in from strangers: addresses, methods and forms,
 * however they are spelt.
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
#include "http/form_multipart.h"
#include "http/request.h"
#include "parsing.h"

static const struct request_options AT_BLOG = { .base_path = "/blog" };
static const struct request_options AT_PROGRAM = { .base_path =
						       "/blog/byline.cgi" };

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
		assert_true(
		    g_str_has_prefix(cases[i].target, outcome.request.target));
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
		{ &AT_BLOG,
		    { "REQUEST_URI=/blog/byline.cgi/tags/x",
			"SCRIPT_NAME=/blog/byline.cgi", "PATH_INFO=/tags/x" },
		    "/byline.cgi/tags/x" },
		{ &AT_PROGRAM,
		    { "REQUEST_URI=/blog/byline.cgi/tags/x",
			"SCRIPT_NAME=/blog/byline.cgi", "PATH_INFO=/tags/x" },
		    "/tags/x" },
		/* Apache's guess at a folder that is there */
		{ &AT_BLOG,
		    { "REQUEST_URI=/blog/tags/x", "SCRIPT_NAME=/blog/tags",
			"PATH_INFO=/x" },
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

/* The bytes as they came, whatever they are. */
static void
test_request_parse_body_of_any_type(void **state)
{
	static const char body[] = "\0\r\n\xff--\n";
	static const struct {
		const char *method;
		const char *type;
		const char *content_type;
	} cases[] = {
		{ "REQUEST_METHOD=POST",
		    "CONTENT_TYPE=application/octet-stream",
		    "application/octet-stream" },
		{ "REQUEST_METHOD=POST", "CONTENT_TYPE=", "" },
		{ "REQUEST_METHOD=POST", "X=", NULL },
		{ "REQUEST_METHOD=POST", "CONTENT_TYPE=a/\xff",
		    "a/\xef\xbf\xbd" },
		{ "REQUEST_METHOD=PUT", "CONTENT_TYPE=text/plain",
		    "text/plain" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *const variables[] = { cases[i].method,
			"REQUEST_URI=/", "CONTENT_LENGTH=7", cases[i].type,
			NULL };
		struct outcome outcome =
		    parse_body(&AT_ROOT, variables, body, 7);

		assert_int_equal(outcome.http_status, 200);
		assert_ptr_equal(outcome.request.body, body);
		assert_int_equal(outcome.request.body_size, 7);
		assert_null(outcome.request.fields);
		if (cases[i].content_type == NULL)
			assert_null(outcome.request.content_type);
		else
			assert_string_equal(outcome.request.content_type,
			    cases[i].content_type);
		request_release(&outcome.request);
	}
}

/* POST of a form with a file; `options` say whether it is taken. */
static struct outcome
upload(const struct request_options *options, const char *type,
    const char *body, size_t size)
{
	g_autofree char *length = g_strdup_printf("CONTENT_LENGTH=%zu", size);
	const char *const variables[] = { "REQUEST_METHOD=POST",
		"REQUEST_URI=/", length, type, NULL };

	return parse_body(options, variables, body, size);
}

static const struct request_options WITH_UPLOADS = {
	.base_path = "",
	.max_body = REQUEST_MAX_UPLOAD,
	.parse_multipart = form_parse_multipart,
};

static void
test_request_parse_files(void **state)
{
	static const char type[] =
	    "CONTENT_TYPE=Multipart/Form-Data; boundary=B";
	static const char body[] =
	    "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
	    "--B\r\nContent-Disposition: form-data; name=\"f\"; "
	    "filename=\"x\"\r\n\r\n\0\xff\r\n--B--";
	size_t size = sizeof(body) - 1;
	struct outcome taken = upload(&WITH_UPLOADS, type, body, size);
	struct outcome ignored = upload(&AT_ROOT, type, body, size);
	const struct form_file *file = form_file(taken.request.fields, "f");

	(void)state;

	assert_int_equal(taken.http_status, 200);
	assert_string_equal(form_value(taken.request.fields, "a"), "1");
	assert_non_null(file);
	assert_string_equal(file->file_name, "x");
	assert_int_equal(file->size, 2);
	assert_memory_equal(file->bytes, "\0\xff", 2);
	assert_int_equal(ignored.http_status, 200);
	assert_null(ignored.request.fields);
	assert_ptr_equal(ignored.request.body, body);

	request_release(&taken.request);
	request_release(&ignored.request);
}

static void
test_request_parse_bad_files(void **state)
{
	static const char type[] =
	    "CONTENT_TYPE=multipart/form-data; boundary=B";
	static const char head[] =
	    "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
	g_autofree char *text = g_strnfill(REQUEST_MAX_BODY + 1, 'x');
	g_autofree char *large = g_strconcat(head, text, "\r\n--B--", NULL);
	const struct {
		const char *type;
		const char *body;
		int http_status;
	} cases[] = {
		{ type, "--B--", 200 },
		{ type, "--B", 400 },
		{ type, "", 400 },
		{ "CONTENT_TYPE=multipart/form-data", "--B--", 400 },
		{ "CONTENT_TYPE=multipart/form-data; boundary=", "--B--", 400 },
		{ "CONTENT_TYPE=multipart/mixed; boundary=B", "--B", 200 },
		{ "CONTENT_TYPE=multipart/form-datax; boundary=B", "--B", 200 },
		{ type, large, 413 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct outcome outcome = upload(&WITH_UPLOADS, cases[i].type,
		    cases[i].body, strlen(cases[i].body));

		assert_int_equal(outcome.http_status, cases[i].http_status);
		assert_int_equal(outcome.request.fields != NULL,
		    cases[i].http_status == 200 && cases[i].type == type);
		request_release(&outcome.request);
	}
}

static void
test_request_parse_body_of_nothing(void **state)
{
	static const char *const cut_off[] = { "REQUEST_METHOD=POST",
		"REQUEST_URI=/", "CONTENT_LENGTH=8", NULL };
	static const char *const no_form[] = { "REQUEST_METHOD=POST",
		"REQUEST_URI=/", "CONTENT_LENGTH=7",
		"CONTENT_TYPE=application/x-www-form-urlencoded", NULL };
	struct outcome none = get(&AT_ROOT, "/");
	struct outcome refused = parse_body(&AT_ROOT, cut_off, "a=1&b=2", 7);
	struct outcome wrong = parse_body(&AT_ROOT, no_form, "a=1&b=%", 7);

	(void)state;

	assert_null(none.request.body);
	assert_int_equal(none.request.body_size, 0);
	assert_int_equal(refused.http_status, 400);
	assert_null(refused.request.body);
	assert_int_equal(refused.request.body_size, 0);
	assert_int_equal(wrong.http_status, 400);
	assert_null(wrong.request.body);

	request_release(&none.request);
	request_release(&refused.request);
	request_release(&wrong.request);
}

static void
test_request_parse_target_hides_tokens(void **state)
{
#define TOKEN "Ab0_-Ab0_-Ab0_-Ab0_-Ab0_-Ab0_-Ab0_-Ab0_-Ab0"
	static const char *const table[][2] = {
		{ "/a?q=1", "/a" },
		{ "/" TOKEN, "/..." },
		{ "/x/" TOKEN "/y%zz?" TOKEN, "/x/.../y%zz" },
		{ "/x" TOKEN "1", "/..." },
		{ "/A-part-of-a-token", "/A-part-of-a-token" },
		{ "/a-slug-of-more-than-forty-three-bytes-is-a-slug",
		    "/a-slug-of-more-than-forty-three-bytes-is-a-slug" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct outcome outcome = get(&AT_ROOT, table[i][0]);

		assert_string_equal(outcome.request.target, table[i][1]);
		request_release(&outcome.request);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_parse_path),
		cmocka_unit_test(test_request_parse_servers),
		cmocka_unit_test(test_request_parse_bad_path),
		cmocka_unit_test(test_request_parse_bad_text),
		cmocka_unit_test(test_request_parse_method),
		cmocka_unit_test(test_request_parse_nothing),
		cmocka_unit_test(test_request_parse_query),
		cmocka_unit_test(test_request_parse_fields),
		cmocka_unit_test(test_request_parse_body_of_any_type),
		cmocka_unit_test(test_request_parse_body_of_nothing),
		cmocka_unit_test(test_request_parse_files),
		cmocka_unit_test(test_request_parse_bad_files),
		cmocka_unit_test(test_request_parse_target_hides_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
