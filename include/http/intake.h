/*
 * intake.h - looks at the bytes of a FastCGI connection before libfcgi does.
 *
 * libfcgi 2.4.2 trusts its peer: it runs half requests, loses its place after
 * records it does not expect, writes past its buffers and keeps whatever it is
 * sent. So each request is first held against the specification here, and
 * libfcgi is given nothing but one whole, plain request.
 *
 * A request passes as it is when all it consists of is BEGIN_REQUEST for a
 * responder, PARAMS and STDIN, each stream ended. Records of other ids are left
 * out, management records are answered, a second request on the connection is
 * refused (all as FastCGI 1.0 has it); then `clean` holds the request as it
 * should have come.
 */
#ifndef HTTP_INTAKE_H
#define HTTP_INTAKE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PARAMS of one request: the headers' and the target's limits, doubled, since
 * servers send the target several times. */
#define INTAKE_MAX_PARAMS ((size_t)96 << 10)

enum intake_state {
	INTAKE_MORE,   /* well so far, not whole yet */
	INTAKE_WHOLE,  /* one whole request */
	INTAKE_REFUSED /* not to be acted on */
};

enum intake_phase {
	INTAKE_BEFORE_BEGIN,
	INTAKE_IN_PARAMS,
	INTAKE_IN_STDIN
};

struct intake {
	enum intake_phase phase;
	unsigned request_id;
	bool is_plain;       /* nothing was left out or changed */
	size_t body_size;    /* bytes of STDIN */
	size_t max_body;     /* more are refused with 413 */
	GByteArray *params;  /* content of PARAMS */
	GByteArray *clean;   /* the request in plain records, joined */
	size_t last_at;      /* the last of them: its offset in `clean` */
	GByteArray *replies; /* records to send to the peer now */
	/* When refused: the HTTP status to answer with (0: none, close), and
	 * why, a static phrase. */
	int http_status;
	const char *reason;
};

void intake_init(struct intake *intake, size_t max_body);
void intake_release(struct intake *intake);

/* Ready for the next connection; storage is kept. */
void intake_clear(struct intake *intake);

/*
 * Take the whole records at the beginning of `bytes`; `*out_used` is how many
 * bytes they were. The rest is to be given again, with more behind it. After
 * INTAKE_WHOLE or INTAKE_REFUSED nothing more may be given.
 */
enum intake_state intake_take(
    struct intake *intake, const uint8_t *bytes, size_t size, size_t *out_used);

#endif
