/*
 * request.h - what a visitor asks for, checked once, at the edge.
 *
 * Made from CGI variables (RFC 3875) by request_parse(), whoever delivered
 * them: FastCGI, plain CGI or a test. What is in a struct request is within the
 * limits of requirement 7 (tests/REQUIREMENTS.md), and valid UTF-8 but for the
 * body.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct form;

#define REQUEST_MAX_TARGET     8192  /* bytes of path and query */
#define REQUEST_MAX_HEADERS    32768 /* bytes of all HTTP_ variables */
#define REQUEST_MAX_PARAMETERS 100   /* of a query or form */
#define REQUEST_MAX_BODY       ((size_t)1 << 20)  /* bytes of a form */
#define REQUEST_MAX_UPLOAD     ((size_t)10 << 20) /* ... with files */

enum http_method {
	HTTP_METHOD_GET = 1 << 0,
	HTTP_METHOD_HEAD = 1 << 1,
	HTTP_METHOD_POST = 1 << 2,
	HTTP_METHOD_OTHER = 1 << 3 /* known to HTTP or not: 405 everywhere */
};

/* How the request came and what the server's configuration says of it. */
struct request_options {
	const char *base_path;              /* "/blog" or "" */
	const char *const *trusted_proxies; /* NULL-terminated; may be NULL */
	/* Bytes of a body of any type; 0: REQUEST_MAX_BODY. A form in
	 * application/x-www-form-urlencoded has never more than that. */
	size_t max_body;
	/* form_parse_multipart() where forms with files are taken; NULL: their
	 * bodies are not looked at. */
	enum status (*parse_multipart)(const char *content_type,
	    const void *body, size_t size, struct form **out_form);
};

struct request {
	enum http_method method;
	char *method_name;
	char *target;    /* the path as sent, for the log: a query may have what
			    opens something, and what looks like a token of ours
			    stands as "..." */
	char *path;      /* decoded once, less the base path, begins with "/" */
	char *raw_query; /* as sent, without the "?"; never NULL */
	struct form *query;   /* its fields; never NULL */
	struct form *fields;  /* of a POST body in
				 application/x-www-form-urlencoded, or in
				 multipart/form-data if that is taken, else
				 NULL */
	char *remote_address; /* numeric; "" when unknown */
	char *if_none_match;  /* NULL where absent, like all headers here */
	int64_t if_modified_since; /* -1 where absent or not a date */
	bool is_https; /* the client's connection, as far as is known */
	int64_t now;   /* when it came */
	/*
	 * The body, whatever its type: the bytes that request_parse() was
	 * given, borrowed from its caller. While a request is answered they
	 * are there. NULL and 0 where the body is empty or was refused.
	 */
	const void *body;
	size_t body_size;
	char *content_type;
	char *cookies;    /* Cookie; http/cookie.h reads it */
	char *host;       /* Host: who was asked for, never who we are */
	char *origin;     /* Origin */
	char *fetch_site; /* Sec-Fetch-Site */
	char *fetch_dest; /* Sec-Fetch-Dest */
	char *purpose;    /* Sec-Purpose, or Purpose where that is absent */
	char *user_agent; /* User-Agent */
	char *form_token; /* X-Form-Token, which scripts of ours send */
};

/*
 * Parse CGI variables ("NAME=value" strings, NULL-terminated) and the body.
 *
 * On success STATUS_OK. Otherwise `*out_http_status` is 400, 413, 414, 431 or
 * 501 and the reason, a static English phrase, is in `*out_reason`;
 * `out_request` is then still filled as far as an error page needs (method,
 * target, now) and must be released all the same.
 *
 * Rules: the path is REQUEST_URI less its query and the base path: what the
 * client sent, which every web server hands on untouched, also through rewrite
 * rules. (PATH_INFO comes decoded, with slashes merged by some servers and not
 * by others.) PATH_INFO decides where REQUEST_URI is absent or is not below the
 * base path, and, where the base path is empty, where the program itself was
 * asked for by its name (/cgi-bin/byline.cgi/tags): it is not decoded again.
 * Below a base path that name is a segment like another, for a web server that
 * has a folder there says of /blog/tags/x, too, that it is /x of a program
 * /blog/tags; a blog without rewrite rules has /blog/byline.cgi as its base.
 * Percent escapes are decoded once; NUL, invalid UTF-8, a backslash, an encoded
 * slash, control characters, "." and ".." segments and empty segments ("//")
 * are refused with 400; one slash at the end stays. The query is that of
 * REQUEST_URI, else QUERY_STRING. A repeated query or form field, or a repeated
 * variable: the first one counts; two different CONTENT_LENGTH are refused. A
 * body must be as long as CONTENT_LENGTH says. REMOTE_ADDR is the client's
 * address unless it is a trusted proxy ("192.0.2.1" or "192.0.2.0/24"); then
 * the last address in X-Forwarded-For that is not one. Of a trusted proxy also
 * X-Forwarded-Proto ("http" or "https") is believed; else HTTPS or
 * REQUEST_SCHEME says whether the connection is encrypted. No other HTTP_
 * variable stands in for the address, host, scheme or target. Headers are made
 * valid UTF-8.
 */
MUST_CHECK enum status request_parse(const struct request_options *options,
    const char *const *variables, const void *body, size_t body_size,
    int64_t now, struct request *out_request, int *out_http_status,
    const char **out_reason);

void request_release(struct request *request);

/* Log "request.refused": for what reason, from which network, for what. */
void request_log_refused(const struct request *request, const char *reason);

/* How many bytes a body may have. */
size_t request_max_body(const struct request_options *options);

/*
 * How long the body is by CONTENT_LENGTH, 0 when that is absent or empty: for
 * whoever must read it. STATUS_INVALID: not a number, or two that differ;
 * STATUS_TOO_LARGE: over request_max_body().
 */
MUST_CHECK enum status request_body_size(const struct request_options *options,
    const char *const *variables, size_t *out_size);

#endif
