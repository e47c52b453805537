/*
 * supervisor.h - a parent that keeps N single-threaded workers alive.
 *
 * A worker that ends is replaced within 100 ms (with growing pauses, up to 5 s,
 * when workers die at once again and again). SIGTERM, SIGINT, SIGUSR1: the
 * workers finish what they have, within 10 s, and the supervisor returns.
 * SIGHUP: the program as it is now on disk is tried (--test) and, if it is
 * well, takes over in this same process with the same socket; the old workers
 * finish what they have: an upgrade or a new configuration costs no request.
 *
 * "Tried" means: `argv` with --test behind it is run and must exit with 0
 * within 30 s. A SIGHUP that comes meanwhile has it run once more: only what
 * was there at the last one takes over. (A file that is changed between the
 * test and the moment it is read, without a SIGHUP behind it, is not tried: if
 * it is wrong the program ends.) "Takes over" means: `argv` is executed by this
 * process with BYLINE_LISTEN_FD, BYLINE_LISTEN_LOCK, BYLINE_LISTEN_ASKED (see
 * listener_inherit()) and BYLINE_OLD_WORKERS (process ids, with commas) in the
 * environment.
 */
#ifndef HTTP_SUPERVISOR_H
#define HTTP_SUPERVISOR_H

#include <stdint.h>

#include "base/status.h"

struct listener;

struct supervisor_options {
	int64_t worker_count; /* at least 1 */
	int listen_fd;
	/* Where `listen_fd` comes from, when we made it: its lock and path are
	 * handed on by SIGHUP, and a unix socket of ours takes no connections
	 * any more once we end. NULL: inherited, whoever gave it keeps it. */
	const struct listener *listener;
	char *const *argv; /* how this program was started, for SIGHUP */
	/* What a worker does; its return value is its exit code. */
	int (*work)(void *data);
	void *data;
};

/* Runs until told to end; returns the exit code for main(). In a worker it does
 * not return. */
int supervisor_run(const struct supervisor_options *options);

#endif
