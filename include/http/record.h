/*
 * record.h - FastCGI records as they stand on the wire (FastCGI 1.0 section 3),
 * and an answer written in them.
 *
 * libfcgi writes an answer of 50 KB in 7 calls and ends it with a handshake
 * that nobody waits for; here it is one writev().
 */
#ifndef HTTP_RECORD_H
#define HTTP_RECORD_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/status.h"

#define RECORD_HEADER_SIZE 8
#define RECORD_VERSION     1

/* Content of a record we write at most: a multiple of 8, so that only the last
 * one of an answer needs padding. */
#define RECORD_MAX_CONTENT 65528

enum record_type {
	RECORD_BEGIN_REQUEST = 1,
	RECORD_ABORT_REQUEST = 2,
	RECORD_END_REQUEST = 3,
	RECORD_PARAMS = 4,
	RECORD_STDIN = 5,
	RECORD_STDOUT = 6,
	RECORD_GET_VALUES = 9,
	RECORD_GET_VALUES_RESULT = 10,
	RECORD_UNKNOWN_TYPE = 11
};

/* protocolStatus of END_REQUEST. */
enum record_protocol_status {
	RECORD_REQUEST_COMPLETE = 0,
	RECORD_CANT_MULTIPLEX = 1,
	RECORD_UNKNOWN_ROLE = 3
};

/* Append one record: `size` is at most 65535. */
void record_append(GByteArray *out, enum record_type type, unsigned request_id,
    const void *content, size_t size);

/*
 * Append `content` to the record that begins at `record_at` and is the last in
 * `out`. False, and nothing is changed, when that would have too much.
 */
bool record_extend(
    GByteArray *out, size_t record_at, const void *content, size_t size);

/* Append the records that end an answer: no more STDOUT, and END_REQUEST. */
void record_append_answer_end(GByteArray *out, unsigned request_id);

/* Append an END_REQUEST record. */
void record_append_end(GByteArray *out, unsigned request_id,
    enum record_protocol_status protocol_status);

/*
 * Write `vectors`, which are used up, to the non-blocking socket `fd`. What its
 * peer does not read at once is appended to `rest`, and so is all when `rest`
 * has something already. STATUS_FAILED when the peer is gone.
 */
MUST_CHECK enum status record_send(
    int fd, struct iovec *vectors, size_t count, GByteArray *rest);

/*
 * Write `parts`, one after the other, as the STDOUT of `request_id`, and the
 * records that end it, as record_send() does. Nothing is copied that goes at
 * once; up to 4 MB are one writev().
 */
MUST_CHECK enum status record_send_answer(int fd, unsigned request_id,
    const struct iovec *parts, size_t part_count, GByteArray *rest);

/* Write all of `vectors`, which are used up, to `fd`. STATUS_FAILED: errno
 * says why. */
MUST_CHECK enum status record_write_all(
    int fd, struct iovec *vectors, size_t count);

#endif
