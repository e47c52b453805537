/*
 * supervisor.c - see supervisor.h. It must keep true that no worker outlives
 * its supervisor, that a death costs at most the request it happened in, and
 * that no signal is lost: all of them are blocked here and waited for.
 */
#include "config.h"

#include "http/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/logger.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/listener.h"

/* All times here are microseconds of the monotonic clock. */
#define SECOND ((int64_t)1000000)

#define END_TIME  (10 * SECOND) /* for requests under way */
#define TEST_TIME (30 * SECOND) /* for --test */

/* A worker that lives shorter died "at once". */
#define SHORT_LIFE (1 * SECOND)
/* Deaths in a row at once that are not yet a pattern, a worker. */
#define FREE_DEATHS 3
#define FIRST_PAUSE (SECOND / 20)
#define LONG_PAUSE  (5 * SECOND)
/* Killed from outside (by an administrator, by the kernel for want of memory):
 * not the program's own fault. */
#define KILLED_PAUSE (SECOND / 50)

struct worker {
	pid_t pid;          /* 0: to be started at `start_at` */
	int64_t started_at; /* when `pid` is not 0 */
	int64_t start_at;
};

struct supervisor {
	const struct supervisor_options *options;
	sigset_t signals;  /* that we wait for */
	sigset_t old_mask; /* for the workers */
	size_t worker_count;
	struct worker *workers;
	GArray *old_pids;    /* of the image before this one: ending */
	int64_t old_end_at;  /* when those are killed */
	int short_lives;     /* in a row */
	pid_t test_pid;      /* of --test, or 0 */
	int64_t test_end_at; /* when that is killed */
	bool wants_test; /* SIGHUP came while it ran: what it tried is old */
	bool is_ending;
	int64_t end_at; /* when workers that have not ended are killed */
};

/* What a worker does after fork(): does not return. */
static G_GNUC_NORETURN void
be_worker(const struct supervisor *supervisor, pid_t parent)
{
	const struct supervisor_options *options = supervisor->options;

	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
		_exit(EXIT_FAILURE);
	/* The lock is the supervisor's: it must not outlive it in us. */
	if (options->listener != NULL && options->listener->lock_fd >= 0)
		close(options->listener->lock_fd);
	sigprocmask(SIG_SETMASK, &supervisor->old_mask, NULL);
	exit(options->work(options->data));
}

static void
start_worker(struct supervisor *supervisor, struct worker *worker, int64_t now)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0)
		be_worker(supervisor, parent);
	if (pid < 0) {
		log_error("worker.start", "reason", g_strerror(errno));
		worker->start_at = now + SECOND / 10;
		return;
	}
	worker->pid = pid;
	worker->started_at = now;
}

static void
start_due_workers(struct supervisor *supervisor, int64_t now)
{
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		struct worker *worker = &supervisor->workers[i];

		if (worker->pid == 0 && worker->start_at <= now)
			start_worker(supervisor, worker, now);
	}
}

/* How long to wait before a worker that ended with `wait_status` is replaced:
 * growing while workers die at once, so that a program which cannot start does
 * not keep the machine busy. */
static int64_t
pause_after(struct supervisor *supervisor, int64_t lifetime, int wait_status)
{
	int64_t pause = FIRST_PAUSE;
	int excess;

	if (lifetime >= SHORT_LIFE) {
		supervisor->short_lives = 0;
		return 0;
	}
	if (WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGKILL)
		return KILLED_PAUSE;
	excess = ++supervisor->short_lives -
		 FREE_DEATHS * (int)supervisor->worker_count;
	if (excess <= 0)
		return 0;
	while (--excess > 0 && pause < LONG_PAUSE)
		pause *= 2;
	return MIN(pause, LONG_PAUSE);
}

static void
log_death(pid_t pid, int wait_status)
{
	g_autofree char *process = g_strdup_printf("%d", (int)pid);
	g_autofree char *number = g_strdup_printf(
	    "%d", WIFSIGNALED(wait_status) ? WTERMSIG(wait_status)
					   : WEXITSTATUS(wait_status));

	log_error("worker.died", "process", process,
	    WIFSIGNALED(wait_status) ? "signal" : "exit_code", number);
}

static void
forget_old(struct supervisor *supervisor, pid_t pid)
{
	for (guint i = 0; i < supervisor->old_pids->len; i++) {
		if (g_array_index(supervisor->old_pids, pid_t, i) == pid) {
			g_array_remove_index_fast(supervisor->old_pids, i);
			return;
		}
	}
}

static void
bury(struct supervisor *supervisor, pid_t pid, int wait_status, int64_t now)
{
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		struct worker *worker = &supervisor->workers[i];

		if (worker->pid != pid)
			continue;
		worker->pid = 0;
		if (supervisor->is_ending)
			return;
		log_death(pid, wait_status);
		worker->start_at =
		    now + pause_after(supervisor, now - worker->started_at,
			      wait_status);
		return;
	}
	forget_old(supervisor, pid);
}

static void
signal_pids(const GArray *pids, int signal_number)
{
	for (guint i = 0; i < pids->len; i++)
		(void)kill(g_array_index(pids, pid_t, i), signal_number);
}

static void
signal_workers(const struct supervisor *supervisor, int signal_number)
{
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		if (supervisor->workers[i].pid != 0)
			(void)kill(supervisor->workers[i].pid, signal_number);
	}
}

/* SIGTERM: from now on it is only about what was accepted. */
static void
begin_end(struct supervisor *supervisor, int64_t now)
{
	const struct listener *listener = supervisor->options->listener;

	if (supervisor->is_ending)
		return;
	supervisor->is_ending = true;
	supervisor->end_at = now + END_TIME;
	/* Nobody new; what waits in the queue is still handed out. Not for a
	 * socket that somebody else keeps for those who come after us. */
	if (listener != NULL && listener->is_own && listener->path != NULL)
		(void)shutdown(listener->fd, SHUT_RD);
	if (supervisor->test_pid != 0)
		(void)kill(supervisor->test_pid, SIGKILL);
	signal_workers(supervisor, SIGTERM);
	signal_pids(supervisor->old_pids, SIGTERM);
}

/* SIGHUP: try the program that is on disk now. */
static void
begin_test(struct supervisor *supervisor, int64_t now)
{
	char *const *argv = supervisor->options->argv;
	g_autofree char **test_argv = NULL;
	posix_spawnattr_t attributes;
	size_t count = 0;
	pid_t pid;
	int result;

	supervisor->wants_test = supervisor->test_pid != 0;
	if (supervisor->is_ending || supervisor->wants_test)
		return;
	while (argv[count] != NULL)
		count++;
	test_argv = g_new0(char *, count + 2);
	for (size_t i = 0; i < count; i++)
		test_argv[i] = argv[i];
	test_argv[count] = (char *)"--test";
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &supervisor->old_mask);
	result =
	    posix_spawnp(&pid, argv[0], NULL, &attributes, test_argv, environ);
	posix_spawnattr_destroy(&attributes);
	if (result != 0) {
		log_error("upgrade.refused", "program", argv[0], "reason",
		    g_strerror(result));
		return;
	}
	supervisor->test_pid = pid;
	supervisor->test_end_at = now + TEST_TIME;
}

static void
append_pid(GString *out, pid_t pid)
{
	g_string_append_printf(out, "%s%d", out->len > 0 ? "," : "", (int)pid);
}

/* A descriptor goes on into the next image, and is named there. */
static void
pass_on(int fd, const char *name)
{
	g_autofree char *number = g_strdup_printf("%d", fd);
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0)
		return;
	(void)fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
	g_setenv(name, number, TRUE);
}

static void
keep_back(int fd, const char *name)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags >= 0)
		(void)fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
	g_unsetenv(name);
}

/* The program on disk is well: become it. Returns only when that fails. */
static void
become_next(struct supervisor *supervisor)
{
	const struct supervisor_options *options = supervisor->options;
	int lock_fd =
	    options->listener != NULL ? options->listener->lock_fd : -1;
	g_autoptr(GString) pids = g_string_new(NULL);

	for (size_t i = 0; i < supervisor->worker_count; i++) {
		if (supervisor->workers[i].pid != 0)
			append_pid(pids, supervisor->workers[i].pid);
	}
	for (guint i = 0; i < supervisor->old_pids->len; i++)
		append_pid(pids, g_array_index(supervisor->old_pids, pid_t, i));
	log_info("upgrade.begins", "program", options->argv[0]);
	g_setenv("BYLINE_OLD_WORKERS", pids->str, TRUE);
	pass_on(options->listen_fd, "BYLINE_LISTEN_FD");
	if (lock_fd >= 0)
		pass_on(lock_fd, "BYLINE_LISTEN_LOCK");
	if (options->listener != NULL && options->listener->asked != NULL)
		g_setenv("BYLINE_LISTEN_ASKED", options->listener->asked, TRUE);
	/* The mask stays: a signal that comes now waits for the next image. */
	execvp(options->argv[0], options->argv);
	log_error("upgrade.refused", "program", options->argv[0], "reason",
	    g_strerror(errno));
	keep_back(options->listen_fd, "BYLINE_LISTEN_FD");
	if (lock_fd >= 0)
		keep_back(lock_fd, "BYLINE_LISTEN_LOCK");
	g_unsetenv("BYLINE_LISTEN_ASKED");
	g_unsetenv("BYLINE_OLD_WORKERS");
}

static bool
is_hangup_pending(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && sigismember(&pending, SIGHUP) == 1;
}

static void
end_test(struct supervisor *supervisor, int wait_status, int64_t now)
{
	bool is_well = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;

	supervisor->test_pid = 0;
	if (supervisor->is_ending)
		return;
	if (!is_well)
		log_error("upgrade.refused", "program",
		    supervisor->options->argv[0], "reason",
		    "it does not pass --test: the old one goes on");
	/* Another SIGHUP says that there is something newer than what was
	 * tried. One that still waits begins its test by itself. */
	if (supervisor->wants_test)
		begin_test(supervisor, now);
	else if (is_well && !is_hangup_pending())
		become_next(supervisor);
}

static void
reap(struct supervisor *supervisor, int64_t now)
{
	int wait_status;
	pid_t pid;

	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
		if (pid == supervisor->test_pid)
			end_test(supervisor, wait_status, now);
		else
			bury(supervisor, pid, wait_status, now);
	}
}

static void
handle_signal(struct supervisor *supervisor, int signal_number, int64_t now)
{
	switch (signal_number) {
	case SIGTERM:
	case SIGINT:
	case SIGUSR1:
		begin_end(supervisor, now);
		break;
	case SIGHUP:
		begin_test(supervisor, now);
		break;
	default:
		break; /* SIGCHLD: all children are looked at anyway */
	}
}

static bool
has_workers(const struct supervisor *supervisor)
{
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		if (supervisor->workers[i].pid != 0)
			return true;
	}
	return supervisor->old_pids->len > 0;
}

/* When there is something to do even if no signal comes. */
static int64_t
next_moment(const struct supervisor *supervisor)
{
	int64_t next = INT64_MAX;

	if (supervisor->old_pids->len > 0)
		next = MIN(next, supervisor->old_end_at);
	if (supervisor->test_pid != 0)
		next = MIN(next, supervisor->test_end_at);
	if (supervisor->is_ending)
		return MIN(next, supervisor->end_at);
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		if (supervisor->workers[i].pid == 0)
			next = MIN(next, supervisor->workers[i].start_at);
	}
	return next;
}

/* Kill what did not end in its time. */
static void
kill_late(struct supervisor *supervisor, int64_t now)
{
	if (supervisor->test_pid != 0 && now >= supervisor->test_end_at)
		(void)kill(supervisor->test_pid, SIGKILL);
	if (supervisor->old_pids->len > 0 && now >= supervisor->old_end_at) {
		log_warning("worker.killed", "reason",
		    "an old worker did not end in time");
		signal_pids(supervisor->old_pids, SIGKILL);
		supervisor->old_end_at = now + SECOND;
	}
	if (supervisor->is_ending && now >= supervisor->end_at) {
		log_warning(
		    "worker.killed", "reason", "it did not end in time");
		signal_workers(supervisor, SIGKILL);
		signal_pids(supervisor->old_pids, SIGKILL);
		supervisor->end_at = now + SECOND;
	}
}

static void
wait_for_signal(struct supervisor *supervisor)
{
	int64_t next = next_moment(supervisor);
	int64_t wait = CLAMP(next - g_get_monotonic_time(), 0, 3600 * SECOND);
	struct timespec timeout = { .tv_sec = wait / SECOND,
		.tv_nsec = wait % SECOND * 1000 };
	int signal_number = sigtimedwait(&supervisor->signals, NULL, &timeout);

	if (signal_number > 0)
		handle_signal(
		    supervisor, signal_number, g_get_monotonic_time());
}

/* The workers of the image before this one: ours to end, if they are our
 * children indeed. */
static void
take_over(struct supervisor *supervisor)
{
	g_autofree char *list = g_strdup(getenv("BYLINE_OLD_WORKERS"));
	g_auto(GStrv) pids = g_strsplit(list != NULL ? list : "", ",", 0);

	g_unsetenv("BYLINE_OLD_WORKERS");
	for (size_t i = 0; pids[i] != NULL; i++) {
		siginfo_t info;
		int64_t number;
		pid_t pid;

		if (text_parse_integer(pids[i], INT32_MAX, &number) !=
			STATUS_OK ||
		    number <= 1 ||
		    waitid(P_PID, (id_t)number, &info,
			WEXITED | WNOHANG | WNOWAIT) != 0)
			continue;
		pid = (pid_t)number;
		g_array_append_val(supervisor->old_pids, pid);
	}
	supervisor->old_end_at = g_get_monotonic_time() + END_TIME;
}

static void
supervisor_init(
    struct supervisor *supervisor, const struct supervisor_options *options)
{
	*supervisor = (struct supervisor){
		.options = options,
		.worker_count = (size_t)MAX(options->worker_count, 1),
		.old_pids = g_array_new(FALSE, FALSE, sizeof(pid_t)),
	};
	supervisor->workers = g_new0(struct worker, supervisor->worker_count);
	sigemptyset(&supervisor->signals);
	sigaddset(&supervisor->signals, SIGTERM);
	sigaddset(&supervisor->signals, SIGINT);
	sigaddset(&supervisor->signals, SIGUSR1);
	sigaddset(&supervisor->signals, SIGHUP);
	sigaddset(&supervisor->signals, SIGCHLD);
	/* An ignored signal would not wait for us; a program before us may have
	 * left any of them so. */
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &supervisor->signals, &supervisor->old_mask);
	/* What our former self had blocked is not blocked for workers. */
	sigdelset(&supervisor->old_mask, SIGTERM);
	sigdelset(&supervisor->old_mask, SIGINT);
	sigdelset(&supervisor->old_mask, SIGUSR1);
	sigdelset(&supervisor->old_mask, SIGHUP);
	sigdelset(&supervisor->old_mask, SIGCHLD);
}

int
supervisor_run(const struct supervisor_options *options)
{
	struct supervisor supervisor;

	supervisor_init(&supervisor, options);
	take_over(&supervisor);
	/* What is given back before it is shared needs not be copied. */
	memory_give_back();
	start_due_workers(&supervisor, g_get_monotonic_time());
	/* Only now: somebody is there to take their place. */
	signal_pids(supervisor.old_pids, SIGTERM);
	while (!supervisor.is_ending || has_workers(&supervisor)) {
		int64_t now;

		memory_give_back();
		wait_for_signal(&supervisor);
		now = g_get_monotonic_time();
		reap(&supervisor, now);
		kill_late(&supervisor, now);
		if (!supervisor.is_ending)
			start_due_workers(&supervisor, now);
	}
	g_array_unref(supervisor.old_pids);
	g_free(supervisor.workers);
	sigprocmask(SIG_SETMASK, &supervisor.old_mask, NULL);
	return EXIT_SUCCESS;
}
