/*
 * web_probe.h - what a web server answers, asked by curl(1).
 *
 * No library for TLS is linked for the sake of one command: curl is a child
 * with fixed arguments and no environment (base/launcher.h), and what it is to
 * ask comes by its standard input. It follows no redirect, takes no proxy and
 * reads no configuration of a user. All that is asked of one probe takes at
 * most WEB_PROBE_SECONDS, and what is kept of the answers is bounded.
 */
#ifndef WEB_PROBE_H
#define WEB_PROBE_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* For all that is asked, by the clock. */
#define WEB_PROBE_SECONDS 10

/* curl's exit codes, as curl(1) has them. */
enum {
	CURL_NO_SUCH_NAME = 6,
	CURL_REFUSED = 7,
	CURL_OUT_OF_TIME = 28,
	CURL_NO_TLS = 35,
	CURL_OTHER_CERTIFICATE = 51, /* of a curl before 7.62 */
	CURL_BAD_CERTIFICATE = 60
};

struct web_probe;

enum web_method {
	WEB_LOOK,  /* HEAD */
	WEB_READ,  /* GET, and its body is kept */
	WEB_BEGIN, /* the first bytes alone are asked for, and kept */
	WEB_DROP,  /* GET, and its body is thrown away */
	WEB_SEND   /* POST as many bytes as an upload may have, all of them 0 */
};

struct web_request {
	enum web_method method;
	const char *url;    /* as it is, "/../" too */
	const char *header; /* one more, "Accept-Encoding: gzip", or NULL */
};

struct web_answer {
	unsigned status; /* 0: there was none */
	char *head;      /* its header lines */
	GString *body;   /* what was kept */
};

/* The caller frees it. */
struct web_probe *web_probe_new(void);
void web_probe_free(struct web_probe *probe);

/* From now on no certificate is asked for. */
void web_probe_trust_all(struct web_probe *probe);

/*
 * Send `count` requests, one after another; each answer, or that there was
 * none, is in its place in `out_answers`, which the caller releases, one by
 * one. STATUS_NOT_FOUND: curl is not installed. STATUS_BUSY: the time is over,
 * or no process could be made. STATUS_FAILED: it cannot be started. `error` is
 * a sentence.
 */
MUST_CHECK enum status web_probe_ask(struct web_probe *probe,
    const struct web_request requests[], size_t count,
    struct web_answer out_answers[], GError **error);

void web_answer_release(struct web_answer *answer);

/* How the last of them ended: 0, or one of curl's exit codes. */
int web_probe_code(const struct web_probe *probe);

/* What curl said of that; "" when all was well. Borrowed until the next one. */
const char *web_probe_words(const struct web_probe *probe);

/* When the certificate ends that the server showed to the last WEB_READ, in UTC
 * seconds; 0: it showed none, or curl cannot tell. */
int64_t web_probe_certificate_end(const struct web_probe *probe);

/* The values of a header, joined by ", "; "" where there is none. The caller
 * frees it. */
char *web_answer_header(const struct web_answer *answer, const char *name);

#endif
