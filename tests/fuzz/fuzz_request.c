/*
 * fuzz_request.c - any variables and body as a request. Input: variables, each
 * ended by a newline; behind an empty line the body. What passes is text, its
 * path is canonical, and each is within its limit.
 */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/form.h"
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

static void
check_request(const struct request *request)
{
	check_path(request->path);
	check_text(request->target);
	check_text(request->method_name);
	check_text(request->remote_address);
	check_text(request->if_none_match);
	if (strlen(request->remote_address) > 45)
		abort();
	if (form_count(request->query) > REQUEST_MAX_PARAMETERS ||
	    form_count(request->fields) > REQUEST_MAX_PARAMETERS)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const proxies[] = { "10.0.0.0/8", "::1", NULL };
	static const struct request_options options = { .base_path = "/blog",
		.trusted_proxies = proxies };
	/* Variables end at a NUL, as those of a process do. */
	g_autofree char *text = g_strndup((const char *)bytes, size);
	char *end = strstr(text, "\n\n");
	const char *body = end != NULL ? end + 2 : "";
	g_auto(GStrv) variables = NULL;
	struct request request;
	const char *reason = NULL;
	int http_status = 0;

	if (end != NULL)
		*end = '\0';
	variables = g_strsplit(text, "\n", 0);
	if (request_parse(&options, (const char *const *)variables, body,
		strlen(body), 1780142400, &request, &http_status,
		&reason) == STATUS_OK)
		check_request(&request);
	else if (http_status < 400 || http_status > 501 || reason == NULL)
		abort();
	request_release(&request);
	return 0;
}
