/*
 * response.h - a whole answer, made before its first byte is sent.
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct request;

/* Who may keep an answer, and for how long. */
enum cache_policy {
	CACHE_NEVER,      /* no-store */
	CACHE_REVALIDATE, /* public, no-cache: kept, asked about each time */
	CACHE_FOREVER     /* public, max-age=31536000, immutable */
};

struct response {
	int status;               /* 200 */
	const char *content_type; /* static; "text/html; charset=utf-8" */
	GString *body;
	GString
	    *headers; /* "Name: value\r\n" lines, by response_add_header() */
	enum cache_policy cache;
	char *etag;            /* with its quotes; NULL: none */
	int64_t last_modified; /* 0: none */
	/* What is sent in the place of `body`: `file_size` bytes of `file`, a
	 * descriptor that is ours to close, from where it stands. It is read
	 * as the visitor takes it; memory holds a piece. */
	bool has_file;
	int file;
	int64_t file_size;
	/* The Content-Security-Policy, borrowed; NULL: that of public pages,
	 * which whoever sends the answer has (struct fcgi_options). */
	const char *content_security_policy;
};

/*
 * The Content-Security-Policy of public pages that may hold frames of
 * `frame_hosts` (as settings_load() lets them pass; NULL-terminated, may be
 * NULL), by https, with and without "www.". The caller frees it.
 */
char *response_make_policy(const char *const *frame_hosts);

void response_init(struct response *response);
void response_release(struct response *response);

/* Forget everything but the storage: ready for another answer. */
void response_clear(struct response *response);

/*
 * Add a header. A name that is no token, or a value with a control character
 * (CR and LF among them, not the tab), is our mistake or an attack: the header
 * is left out and that is logged; no page fails for it.
 */
void response_add_header(
    struct response *response, const char *name, const char *value);

/* Answer with a redirect: 301, 302, 303 or 308 to `location`. */
void response_redirect(
    struct response *response, int status, const char *location);

/*
 * Set ETag and Last-Modified and say whether `request` has this already
 * (RFC 9110 section 13); if so the answer is a 304 without a body and the
 * caller is done. `etag` is without quotes; it is compared weakly, also with
 * the "-gzip" or "-br" that Apache adds when it compresses. Last-Modified is
 * left out, and If-Modified-Since not believed, while `last_modified` is less
 * than two seconds ago.
 */
bool response_is_not_modified(struct response *response,
    const struct request *request, const char *etag, int64_t last_modified);

/*
 * Whether the body is sent: not for HEAD, 204 and 304 (RFC 9110 section 6.4.1).
 */
bool response_has_body(
    const struct response *response, const struct request *request);

/*
 * The head of a CGI answer (RFC 3875 section 6): Status, Content-Type,
 * Content-Length, caching, the security headers for every status
 * (requirement 50 of tests/REQUIREMENTS.md), what was added, and the empty
 * line. Appended to `out`. Where the response has no policy of its own, it is
 * the one of response_make_policy(NULL).
 */
void response_append_head(const struct response *response,
    const struct request *request, GString *out);

#endif
