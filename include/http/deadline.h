/*
 * deadline.h - nobody holds a worker: a clock for the one connection that a
 * process serves.
 *
 * When a request is silent for too long or takes too long as a whole, its
 * socket is shut down, which ends whatever read or write waits on it. When even
 * that does not bring the program back, the process ends itself and the
 * supervisor replaces it.
 *
 * The clock is one interval timer that is set when it is needed and then left
 * running over the requests that follow: it costs no system call a request.
 */
#ifndef HTTP_DEADLINE_H
#define HTTP_DEADLINE_H

#include <stdint.h>

/* Exit code of a process that was stuck past its deadline. */
#define DEADLINE_EXIT_CODE 75

/* Install the handler of SIGALRM, and let SIGALRM through. Once a process. */
void deadline_install(void);

/* A request is looked at on the socket `fd` and may take `limit` milliseconds;
 * no more than `silence` until it is found whole. */
void deadline_begin(int fd, int64_t limit, int64_t silence);

/* All of the request is here: only the limit of the whole counts now. */
void deadline_received(void);

/*
 * Work that is as long as there is something to do, and each step of which is
 * short, has done a step: the limit counts anew from here. Says nothing where
 * there is no request, as in a test of a handler.
 */
void deadline_move_on(void);

/* The request has ended: `fd` is no longer touched. */
void deadline_end(void);

#endif
