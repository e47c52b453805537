/*
 * fuzz_request.c - any variables and body as a request. Input: variables, each
 * ended by a newline; behind an empty line the body. What passes is text, its
 * path is canonical, and each is within its limit. A program that takes uploads
 * comes to the same of everything but those.
 */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/cookie.h"
#include "http/form.h"
#include "http/form_multipart.h"
#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check_text(const char *text)
{
	if (text != NULL && !text_is_valid_utf8(text, strlen(text), NULL))
		abort();
}

static void
check_path(const char *path)
{
	if (path[0] != '/' || strstr(path, "//") != NULL ||
	    strstr(path, "/../") != NULL || strstr(path, "/./") != NULL ||
	    g_str_has_suffix(path, "/..") || g_str_has_suffix(path, "/.") ||
	    strpbrk(path, "\\\r\n\x1b\x7f") != NULL ||
	    strlen(path) > REQUEST_MAX_TARGET)
		abort();
	check_text(path);
}

/* What a cookie holds stands in the header, behind its name. */
static void
check_cookie(const char *cookies)
{
	g_autofree char *value = cookie_find(cookies, "a", false);
	g_autofree char *pair = NULL;

	if (value == NULL)
		return;
	pair = g_strconcat("a=", value, NULL);
	if (strstr(cookies, pair) == NULL || strchr(value, ';') != NULL)
		abort();
	check_text(value);
}

static void
check_request(const struct request *request)
{
	check_path(request->path);
	check_text(request->target);
	check_text(request->method_name);
	check_text(request->remote_address);
	check_text(request->if_none_match);
	check_text(request->content_type);
	check_text(request->cookies);
	check_cookie(request->cookies);
	check_text(request->host);
	check_text(request->origin);
	check_text(request->fetch_site);
	check_text(request->user_agent);
	if (strlen(request->remote_address) > 45)
		abort();
	if (form_count(request->query) > REQUEST_MAX_PARAMETERS ||
	    form_count(request->fields) > REQUEST_MAX_PARAMETERS)
		abort();
}

/* Its HTTP status. */
static int
parse(const struct request_options *options, const char *const *variables,
    const void *body, size_t size)
{
	struct request request;
	const char *reason = NULL;
	int http_status = 0;

	if (request_parse(options, variables, body, size, 1780142400, &request,
		&http_status, &reason) == STATUS_OK)
		check_request(&request);
	else if (http_status < 400 || http_status > 501 || reason == NULL)
		abort();
	if (request.body_size > 0 &&
	    (request.body != body || request.body_size != size))
		abort();
	request_release(&request);
	return http_status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const proxies[] = { "10.0.0.0/8", "::1", NULL };
	struct request_options options = { .base_path = "/blog",
		.trusted_proxies = proxies };
	const uint8_t *end = size > 0 ? memmem(bytes, size, "\n\n", 2) : NULL;
	size_t body_size = end != NULL ? size - (size_t)(end - bytes) - 2 : 0;
	/* Variables end at a NUL, as those of a process do. */
	g_autofree char *text = g_strndup(
	    (const char *)bytes, end != NULL ? (size_t)(end - bytes) : size);
	g_auto(GStrv) variables = g_strsplit(text, "\n", 0);
	/* A copy, so that a byte too far is seen. */
	g_autofree char *body = g_malloc(MAX(body_size, 1));
	int http_status, upload_status;

	if (body_size > 0)
		memcpy(body, end + 2, body_size);
	http_status =
	    parse(&options, (const char *const *)variables, body, body_size);
	options.max_body = REQUEST_MAX_UPLOAD;
	options.parse_multipart = form_parse_multipart;
	upload_status =
	    parse(&options, (const char *const *)variables, body, body_size);
	if (http_status != upload_status && http_status != 413 &&
	    upload_status != 413 && upload_status != 400)
		abort();
	return 0;
}
