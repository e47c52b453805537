/*
 * launcher.c - see launcher.h.
 *
 * It must stay true that the launcher does nothing but start its program, that
 * nothing of the parent is left in it or gets into the program, and that
 * neither outlives the parent. A request is one byte and its descriptors; the
 * answer is a struct, since both ends are the same program.
 */
#include "config.h"

#include "base/launcher.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/logger.h"
#include "base/memory.h"

/* Where the launcher has its end of the socket. */
#define OUR_DESCRIPTOR 3

/* Above all that the program gets. */
#define FIRST_SPARE (3 + (int)LAUNCHER_MAX_DESCRIPTORS)

/* How much longer than the program itself its launcher may take. */
#define MORE_SECONDS 5

struct launcher {
	pid_t pid;
	int socket; /* -1: the launcher is lost */
	unsigned max_seconds;
	char *program;
};

struct request {
	int descriptors[LAUNCHER_MAX_DESCRIPTORS];
	size_t count;
};

struct reply {
	int32_t failure; /* errno, when it was not started */
	int32_t wait_status;
	uint64_t peak_memory;
	uint64_t is_out_of_time;
};

/* What the launcher knows. */
struct work {
	const char *const *arguments;
	unsigned max_seconds;
	int children; /* readable when a child has ended */
};

static int64_t
now_milliseconds(void)
{
	return g_get_monotonic_time() / 1000;
}

/* ---- the program ---- */

static void
set_signals(void (*handler)(int), const int signals[], size_t count)
{
	struct sigaction action = { .sa_handler = handler };

	for (size_t i = 0; i < count; i++)
		(void)sigaction(signals[i], &action, NULL);
}

/* Lay the descriptors where the program looks for them. */
static bool
place_descriptors(const struct request *request)
{
	int copies[LAUNCHER_MAX_DESCRIPTORS];

	/* Out of the way first: one may have the number of another. */
	for (size_t i = 0; i < request->count; i++) {
		copies[i] = fcntl(
		    request->descriptors[i], F_DUPFD_CLOEXEC, FIRST_SPARE);
		if (copies[i] < 0)
			return false;
	}
	for (size_t i = 0; i < request->count; i++) {
		if (dup2(copies[i], i < 2 ? (int)i : (int)i + 1) < 0)
			return false;
	}
	return true;
}

/* All descriptors but these are closed by exec. */
static G_GNUC_NORETURN void
become_program(const struct work *work, const struct request *request,
    pid_t launcher, int failure)
{
	char *const nothing[] = { NULL };
	sigset_t none;
	int reason;

	(void)sigemptyset(&none);
	failure = fcntl(failure, F_DUPFD_CLOEXEC, FIRST_SPARE);
	/* What is left without a launcher is left without a clock. */
	if (failure >= 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
	    getppid() == launcher && place_descriptors(request) &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		(void)execve(work->arguments[0],
		    (char *const *)(uintptr_t)work->arguments, nothing);
	reason = errno;
	(void)!write(failure, &reason, sizeof(reason));
	_exit(127);
}

/* ---- the launcher ---- */

static void
reap(pid_t pid, struct reply *reply)
{
	struct rusage usage = { 0 };
	int how = 0;

	while (wait4(pid, &how, 0, &usage) < 0 && errno == EINTR) {
	}
	reply->wait_status = how;
	reply->peak_memory = (uint64_t)usage.ru_maxrss * 1024;
}

/* 0, and errno in `reply`, when the program could not be started. */
static pid_t
start_program(
    const struct work *work, const struct request *request, struct reply *reply)
{
	int failure[2];
	pid_t launcher = getpid();
	pid_t pid;

	if (pipe2(failure, O_CLOEXEC) != 0) {
		reply->failure = errno;
		return 0;
	}
	pid = fork();
	if (pid == 0)
		become_program(work, request, launcher, failure[1]);
	reply->failure = pid < 0 ? errno : 0;
	(void)close(failure[1]);
	/* Its end is closed by exec, or tells why there was none. */
	if (pid > 0 &&
	    read(failure[0], &reply->failure, sizeof(reply->failure)) > 0)
		reap(pid, reply);
	(void)close(failure[0]);
	return reply->failure == 0 ? pid : 0;
}

static bool
has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) !=
		   0 ||
	       info.si_pid != 0;
}

/* Until it ends, or its time is over, or there is nobody who wants to know. */
static void
attend(const struct work *work, pid_t pid, struct reply *reply)
{
	int64_t deadline =
	    now_milliseconds() + (int64_t)work->max_seconds * 1000;
	struct signalfd_siginfo signals;

	while (!has_ended(pid)) {
		struct pollfd entries[] = {
			{ .fd = work->children, .events = POLLIN },
			{ .fd = OUR_DESCRIPTOR, .events = POLLIN },
		};
		int64_t left = deadline - now_milliseconds();

		if (left <= 0) {
			reply->is_out_of_time = 1;
			break;
		}
		(void)poll(entries, G_N_ELEMENTS(entries), (int)left);
		if (entries[1].revents != 0) {
			(void)kill(pid, SIGKILL);
			_exit(0);
		}
		(void)!read(work->children, &signals, sizeof(signals));
	}
	if (reply->is_out_of_time != 0)
		(void)kill(pid, SIGKILL);
	reap(pid, reply);
}

static void
take_descriptors(struct msghdr *message, struct request *request)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
	     part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_SOCKET ||
		    part->cmsg_type != SCM_RIGHTS)
			continue;
		request->count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(request->descriptors, CMSG_DATA(part),
		    request->count * sizeof(int));
	}
}

/* False: the parent has gone, or talks nonsense. */
static bool
receive_request(struct request *request)
{
	union {
		char bytes[CMSG_SPACE(sizeof(request->descriptors))];
		struct cmsghdr aligned;
	} rights = { 0 };
	char byte;
	struct iovec body = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &body,
		.msg_iovlen = 1,
		.msg_control = rights.bytes,
		.msg_controllen = sizeof(rights.bytes),
	};
	ssize_t size;

	*request = (struct request){ 0 };
	do {
		size = recvmsg(OUR_DESCRIPTOR, &message, MSG_CMSG_CLOEXEC);
	} while (size < 0 && errno == EINTR);
	if (size > 0)
		take_descriptors(&message, request);
	return size == 1 && (message.msg_flags & MSG_CTRUNC) == 0 &&
	       request->count > 0;
}

static void
answer_all(const struct work *work)
{
	struct request request;

	while (receive_request(&request)) {
		struct reply reply = { 0 };
		pid_t pid = start_program(work, &request, &reply);

		/* Whoever reads what it writes waits for the last writer. */
		for (size_t i = 0; i < request.count; i++)
			(void)close(request.descriptors[i]);
		if (pid != 0)
			attend(work, pid, &reply);
		if (send(OUR_DESCRIPTOR, &reply, sizeof(reply), MSG_NOSIGNAL) !=
		    (ssize_t)sizeof(reply))
			return;
	}
}

/* Older kernels close them one by one. */
static void
close_from(int first)
{
	long max = sysconf(_SC_OPEN_MAX);

	if (close_range((unsigned)first, ~0U, 0) == 0)
		return;
	for (int i = first; i < (max < 0 ? 1024 : MIN(max, 65536)); i++)
		(void)close(i);
}

/* What the parent had is not ours: its handlers, its mask, its files. */
static void
leave_parent(int socket)
{
	static const int ENDINGS[] = { SIGINT, SIGTERM, SIGHUP };
	const struct rlimit no_core = { 0 };
	struct sigaction action = { .sa_handler = SIG_DFL };
	int nothing;

	for (int number = 1; number < NSIG; number++)
		(void)sigaction(number, &action, NULL);
	set_signals(SIG_IGN, ENDINGS, G_N_ELEMENTS(ENDINGS));
	if (socket != OUR_DESCRIPTOR && dup2(socket, OUR_DESCRIPTOR) < 0)
		_exit(1);
	close_from(OUR_DESCRIPTOR + 1);
	nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
		if (dup2(nothing, i) < 0)
			_exit(1);
	}
	(void)close(nothing);
	if (fcntl(OUR_DESCRIPTOR, F_SETFD, FD_CLOEXEC) != 0 ||
	    chdir("/") != 0 || setrlimit(RLIMIT_CORE, &no_core) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		_exit(1);
}

static G_GNUC_NORETURN void
be_launcher(const char *const arguments[], unsigned max_seconds, int socket)
{
	struct work work = { .arguments = arguments,
		.max_seconds = max_seconds };
	sigset_t signals;

	leave_parent(socket);
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGCHLD);
	if (sigprocmask(SIG_SETMASK, &signals, NULL) != 0)
		_exit(1);
	work.children = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (work.children < 0)
		_exit(1);
	memory_give_back();
	answer_all(&work);
	_exit(0);
}

/* ---- the parent ---- */

enum status
launcher_new(const char *const arguments[], unsigned max_seconds,
    struct launcher **out_launcher, GError **error)
{
	struct launcher *launcher;
	int pair[2];
	pid_t pid;

	assert(g_path_is_absolute(arguments[0]));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return status_fail(error, STATUS_BUSY, "cannot be started: %s",
		    g_strerror(errno));
	pid = fork();
	if (pid == 0)
		be_launcher(arguments, max_seconds, pair[1]);
	(void)close(pair[1]);
	if (pid < 0) {
		(void)close(pair[0]);
		return status_fail(error, STATUS_BUSY, "cannot be started: %s",
		    g_strerror(errno));
	}
	launcher = g_new0(struct launcher, 1);
	launcher->pid = pid;
	launcher->socket = pair[0];
	launcher->max_seconds = max_seconds;
	launcher->program = g_strdup(arguments[0]);
	*out_launcher = launcher;
	return STATUS_OK;
}

/* 0, or why not. */
static int
send_request(int socket, const int descriptors[], size_t count)
{
	union {
		char bytes[CMSG_SPACE(LAUNCHER_MAX_DESCRIPTORS * sizeof(int))];
		struct cmsghdr aligned;
	} rights = { 0 };
	char byte = 0;
	struct iovec body = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &body,
		.msg_iovlen = 1,
		.msg_control = rights.bytes,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *part = CMSG_FIRSTHDR(&message);
	ssize_t size;

	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(part), descriptors, count * sizeof(int));
	do {
		size = sendmsg(socket, &message, MSG_NOSIGNAL);
	} while (size < 0 && errno == EINTR);
	return size < 0 ? errno : 0;
}

/* The launcher keeps the time; ours is for one that is stopped. */
static bool
receive_reply(const struct launcher *launcher, struct reply *reply)
{
	struct pollfd entry = { .fd = launcher->socket, .events = POLLIN };
	int64_t deadline =
	    now_milliseconds() +
	    (int64_t)(launcher->max_seconds + MORE_SECONDS) * 1000;
	int64_t left;

	while ((left = deadline - now_milliseconds()) > 0) {
		ssize_t size;

		if (poll(&entry, 1, (int)left) <= 0)
			continue;
		size =
		    recv(launcher->socket, reply, sizeof(*reply), MSG_DONTWAIT);
		if (size == (ssize_t)sizeof(*reply))
			return true;
		if (size >= 0 || (errno != EINTR && errno != EAGAIN))
			return false;
	}
	return false;
}

/* An answer that came later would be taken for that to another request. */
static enum status
lose(struct launcher *launcher, GError **error)
{
	if (launcher->socket >= 0) {
		log_error("launcher.lost", "program", launcher->program);
		(void)close(launcher->socket);
		launcher->socket = -1;
	}
	return status_fail(error, STATUS_FAILED,
	    "cannot be started any more: start Byline again");
}

static enum status
fail_start(const struct launcher *launcher, int reason, GError **error)
{
	switch (reason) {
	case ENOENT:
	case ENOTDIR:
		return status_fail(error, STATUS_NOT_FOUND, "is not installed");
	case EAGAIN:
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case ETOOMANYREFS:
		return status_fail(error, STATUS_BUSY,
		    "cannot be started just now: %s", g_strerror(reason));
	default:
		log_error("launcher.refused", "program", launcher->program,
		    "reason", g_strerror(reason));
		return status_fail(error, STATUS_FAILED,
		    "cannot be started: %s", g_strerror(reason));
	}
}

enum status
launcher_run(struct launcher *launcher, const int descriptors[], size_t count,
    struct launch *out_launch, GError **error)
{
	struct reply reply;
	int reason;

	assert(count > 0 && count <= LAUNCHER_MAX_DESCRIPTORS);
	if (launcher->socket < 0)
		return lose(launcher, error);
	reason = send_request(launcher->socket, descriptors, count);
	if (reason != 0 && reason != EPIPE && reason != ECONNRESET)
		return fail_start(launcher, reason, error);
	if (reason != 0 || !receive_reply(launcher, &reply))
		return lose(launcher, error);
	if (reply.failure != 0)
		return fail_start(launcher, reply.failure, error);
	*out_launch = (struct launch){
		.wait_status = reply.wait_status,
		.is_out_of_time = reply.is_out_of_time != 0,
		.peak_memory = (size_t)reply.peak_memory,
	};
	return STATUS_OK;
}

void
launcher_free(struct launcher *launcher)
{
	if (launcher == NULL)
		return;
	if (launcher->socket >= 0)
		(void)close(launcher->socket);
	/* Where the sandbox lets nobody wait, init does. */
	while (waitpid(launcher->pid, NULL, 0) < 0 && errno == EINTR) {
	}
	g_free(launcher->program);
	g_free(launcher);
}
