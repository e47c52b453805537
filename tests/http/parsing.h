/*
 * parsing.h - what tests of request_parse() share: to ask, and what came of it.
 */
#ifndef TESTS_HTTP_PARSING_H
#define TESTS_HTTP_PARSING_H

#include <stddef.h>

#include "http/request.h"

/* When all requests come: 2026-05-30T12:00:00Z. */
enum {
	NOW = 1780142400
};

extern const struct request_options AT_ROOT;

struct outcome {
	struct request request; /* to be released, whatever came of it */
	int http_status;        /* 200: parsed */
	const char *reason;
};

struct outcome parse_body(const struct request_options *options,
    const char *const *variables, const char *body, size_t size);
struct outcome parse(
    const struct request_options *options, const char *const *variables);

/* GET of `target` as nginx asks. */
struct outcome get(const struct request_options *options, const char *target);

/* The status alone, of GET and of a form that is sent. */
int status_of_get(const char *target);
int status_of_form(const char *body, size_t size);

#endif
