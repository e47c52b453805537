/*
 * supervisor.h - a parent that keeps N single-threaded workers alive.
 *
 * A worker that ends is replaced within 100 ms (with growing pauses, up to 5 s,
 * when workers die at once again and again). SIGTERM and SIGINT: the workers
 * finish what they have, within 10 s, and the supervisor returns. SIGHUP: the
 * program as it is now on disk is tried (--test) and, if it is well, takes over
 * in this same process with the same socket; the old workers finish what they
 * have: an upgrade or a new configuration costs no request.
 */
#ifndef HTTP_SUPERVISOR_H
#define HTTP_SUPERVISOR_H

#include <stdint.h>

#include "base/status.h"

struct supervisor_options {
	int64_t worker_count; /* at least 1 */
	int listen_fd;
	char *const *argv; /* how this program was started, for SIGHUP */
	/* What a worker does; its return value is its exit code. */
	int (*work)(void *data);
	void *data;
};

/* Runs until told to end; returns the exit code for main(). In a worker it does
 * not return. */
int supervisor_run(const struct supervisor_options *options);

#endif
