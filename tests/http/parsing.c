/*
 * parsing.c - see parsing.h.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "parsing.h"

const struct request_options AT_ROOT = { .base_path = "" };

struct outcome
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

struct outcome
parse(const struct request_options *options, const char *const *variables)
{
	return parse_body(options, variables, NULL, 0);
}

struct outcome
get(const struct request_options *options, const char *target)
{
	g_autofree char *uri = g_strconcat("REQUEST_URI=", target, NULL);
	const char *const variables[] = { "REQUEST_METHOD=GET", uri, NULL };

	return parse(options, variables);
}

int
status_of_get(const char *target)
{
	struct outcome outcome = get(&AT_ROOT, target);

	request_release(&outcome.request);
	return outcome.http_status;
}

int
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
