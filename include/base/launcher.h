/*
 * launcher.h - a process that starts one program for a process that may not.
 *
 * A worker that answers strangers gives up starting programs
 * (base/sandbox.h). What it still needs is asked of a launcher: a process that
 * was forked before, holds nothing of its parent but a socket, and can do one
 * thing: start the one program it was made for, with the arguments it was made
 * with, no environment, and the descriptors that come with the request; wait
 * for its end, but not for ever; and say how it ended. It ends with its parent.
 *
 * Asking takes sendmsg(2), poll(2) and recvfrom(2) in the sandbox.
 */
#ifndef BASE_LAUNCHER_H
#define BASE_LAUNCHER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* The most descriptors that go with a request. */
#define LAUNCHER_MAX_DESCRIPTORS 4U

struct launcher;

/* How the program ended. */
struct launch {
	int wait_status;     /* as waitpid(2) has it */
	bool is_out_of_time; /* it was killed when its time was over */
	size_t peak_memory;  /* bytes that were resident, libraries included */
};

/*
 * Fork the launcher of the program at `arguments`[0], an absolute path, which
 * is looked up anew for each request; the list ends with NULL. The program has
 * `max_seconds` from start to end, by the clock. To be called before the
 * sandbox is entered and before threads are started; one launcher serves one
 * process. STATUS_BUSY, with words: no process could be made. The caller frees
 * it.
 */
MUST_CHECK enum status launcher_new(const char *const arguments[],
    unsigned max_seconds, struct launcher **out_launcher, GError **error);

/*
 * Run the program, and wait until it has ended. It gets the first of the
 * `count` descriptors (1 to LAUNCHER_MAX_DESCRIPTORS) as its 0, the second as
 * its 1, and the others from 3 on; its 2 is /dev/null, since what it says may
 * be a stranger's words. The caller keeps its own. SIGINT, SIGTERM and SIGHUP
 * are ignored in it: whoever ends a service lets it finish. STATUS_OK:
 * `out_launch` tells how it ended, well or not. STATUS_NOT_FOUND: there is no
 * such program. STATUS_BUSY: no process could be made just now.
 * STATUS_FAILED, logged: the launcher has ended, or the program cannot be
 * started. `error` is a sentence about the program.
 */
MUST_CHECK enum status launcher_run(struct launcher *launcher,
    const int descriptors[], size_t count, struct launch *out_launch,
    GError **error);

/* End the launcher and what it runs, and free. NULL is fine. */
void launcher_free(struct launcher *launcher);

#endif
