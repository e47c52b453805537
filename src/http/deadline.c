/*
 * deadline.c - see deadline.h. It must keep true that the handler does only
 * what is allowed in one (signal-safety(7)), and that it never touches a
 * descriptor after deadline_end().
 *
 * A signal handler has no argument: the state below is the exception to "no
 * globals", and belongs to the process as its timer does.
 */
#include "config.h"

#include "http/deadline.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* How long after its deadline a request may still run before the process is
 * taken for stuck. */
#define STUCK_MILLISECONDS 5000

static struct {
	atomic_int fd;                  /* -1: no request */
	atomic_int_least64_t limit;     /* milliseconds */
	atomic_int_least64_t silent_at; /* INT64_MAX: does not count any more */
	atomic_int_least64_t late_at;
	atomic_int_least64_t stuck_at;
	atomic_int_least64_t fires_at; /* the timer; INT64_MAX: not set */
} clock_state = { .fd = -1, .fires_at = INT64_MAX };

static int64_t
milliseconds_now(void)
{
	struct timespec now;

	/* COARSE is read without a system call and right to 4 ms. */
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
set_timer(int64_t now, int64_t at)
{
	int64_t milliseconds = MAX(at - now, 10);
	struct itimerval value = { .it_value = {
				       .tv_sec = milliseconds / 1000,
				       .tv_usec = milliseconds % 1000 * 1000,
				   } };

	atomic_store(&clock_state.fires_at, now + milliseconds);
	setitimer(ITIMER_REAL, &value, NULL);
}

static void
handle_alarm(int signal_number)
{
	int saved_errno = errno;
	int fd = atomic_load(&clock_state.fd);
	int64_t now = milliseconds_now();
	int64_t next;

	(void)signal_number;
	atomic_store(&clock_state.fires_at, INT64_MAX);
	if (fd >= 0) {
		next = MIN(atomic_load(&clock_state.silent_at),
		    atomic_load(&clock_state.late_at));
		if (now >= atomic_load(&clock_state.stuck_at))
			_exit(DEADLINE_EXIT_CODE);
		if (now >= next) {
			shutdown(fd, SHUT_RDWR);
			next = atomic_load(&clock_state.stuck_at);
		}
		set_timer(now, next);
	}
	errno = saved_errno;
}

void
deadline_install(void)
{
	struct sigaction action = { .sa_handler = handle_alarm,
		.sa_flags = SA_RESTART };
	sigset_t alarm_only;

	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
}

/* From `now` on the limit counts. */
static void
set_limit(int64_t now, int64_t limit)
{
	/* What ends the process is put off first: the alarm may come between.
	 */
	atomic_store(&clock_state.stuck_at, now + limit + STUCK_MILLISECONDS);
	atomic_store(&clock_state.late_at, now + limit);
}

void
deadline_begin(int fd, int64_t limit, int64_t silence)
{
	int64_t now = milliseconds_now();
	int64_t first_at = now + MIN(silence, limit);

	atomic_store(&clock_state.silent_at, now + silence);
	atomic_store(&clock_state.limit, limit);
	set_limit(now, limit);
	atomic_store(&clock_state.fd, fd);
	/* A timer left by an earlier request does, if it fires in time: it then
	 * sets itself anew for the request it finds. */
	if (atomic_load(&clock_state.fires_at) > first_at)
		set_timer(now, first_at);
}

void
deadline_received(void)
{
	atomic_store(&clock_state.silent_at, INT64_MAX);
}

void
deadline_move_on(void)
{
	/* The timer stays: when it fires it finds that it is not time yet. */
	set_limit(milliseconds_now(), atomic_load(&clock_state.limit));
}

void
deadline_end(void)
{
	atomic_store(&clock_state.fd, -1);
}
