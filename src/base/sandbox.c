/*
 * sandbox.c - limits and system calls of a process that reads from strangers.
 *
 * The lists name what is needed and nothing else; a call that is missing fails
 * with EPERM instead of killing, so that a library which merely tries something
 * (isatty, a thread) goes on without it. What must stay true: no profile allows
 * another program, a new connection or code that was not there before, and none
 * but the desk's another process; what is given up cannot be had back, by a
 * child neither. tests/base/sandbox_probe.c tries all of it, and what must go
 * on.
 */
#include "config.h"

#include "base/sandbox.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/image_limit.h"
#include "base/logger.h"

#define MEBIBYTE ((rlim_t)1024 * 1024)

/* What tells a thread from a process, and all that would leave a namespace. */
#define THREAD_MASK                                                            \
	(CLONE_THREAD | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |         \
	    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* The sanitizers map terabytes, and start a process to look for leaks. */
#ifdef WITH_SANITIZERS
#define IS_WHOLE false
#else
#define IS_WHOLE true
#endif

/* What any process needs to compute and to end. */
static const int CALLS_OF_ALL[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(lseek),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getrusage),
	SCMP_SYS(getrlimit),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigpending),
	SCMP_SYS(rt_sigtimedwait),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(sigreturn),
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(sched_yield),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rseq),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* Files as SQLite and GLib use them, and the connections of one listener. */
static const int CALLS_OF_PUBLIC[] = {
	/* files */
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(pread64),
	SCMP_SYS(pwrite64),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(fstatfs),
	SCMP_SYS(statfs),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getdents64),
	SCMP_SYS(getcwd),
	SCMP_SYS(fcntl),
	SCMP_SYS(flock),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(fallocate),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(fchmod),
	SCMP_SYS(fchown),
	SCMP_SYS(umask),
	SCMP_SYS(dup),
	SCMP_SYS(pipe2),
	/* connections that the listener brings */
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(getsockname),
	SCMP_SYS(getpeername),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(recvfrom),
	SCMP_SYS(sendto),
	SCMP_SYS(shutdown),
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(memfd_create),
	SCMP_SYS(select),
	SCMP_SYS(pselect6),
	/* clocks and timers */
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(alarm),
	SCMP_SYS(setitimer),
	SCMP_SYS(timer_create),
	SCMP_SYS(timer_settime),
	SCMP_SYS(timer_gettime),
	SCMP_SYS(timer_getoverrun),
	SCMP_SYS(timer_delete),
	SCMP_SYS(rt_sigsuspend),
	/* who and where we are */
	SCMP_SYS(getppid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
};

/* A page that is kept takes the place of an older one. */
static const int CALLS_OF_CGI[] = {
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
};

/* A child that renders, which is confined further, and folders for media. */
static const int CALLS_OF_DESK[] = {
	SCMP_SYS(fork),
	SCMP_SYS(wait4),
	SCMP_SYS(waitid),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(close_range),
	SCMP_SYS(pipe),
	SCMP_SYS(socketpair),
	SCMP_SYS(seccomp),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(rmdir),
	SCMP_SYS(chmod),
	SCMP_SYS(fchmodat),
	/* descriptors for the process that decodes images */
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvmsg),
};

/* Files that are open already are made to last. */
static const int CALLS_OF_IMAGE[] = {
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
};

static bool
set_limit(int resource, rlim_t value)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0)
		return false;
	limit.rlim_max = MIN(limit.rlim_max, value);
	limit.rlim_cur = MIN(limit.rlim_cur, limit.rlim_max);
	return setrlimit(resource, &limit) == 0;
}

/*
 * Memory is limited by RLIMIT_DATA, which since Linux 4.7 counts whatever a
 * process can write and shares with nobody, mapped or by brk. RLIMIT_AS would
 * count the program, its libraries and their data as well, some hundred
 * megabytes that take no memory of their own, so that the same article would
 * fail in one build and not in another.
 */
static bool
set_memory_limits(rlim_t size)
{
	return set_limit(RLIMIT_DATA, size) &&
	       set_limit(RLIMIT_STACK, 8 * MEBIBYTE);
}

/* The time is up a second before the kernel kills, so that the signal says so.
 */
static bool
set_time_limit(rlim_t seconds)
{
	struct rlimit limit;

	if (!set_limit(RLIMIT_CPU, seconds + 1) ||
	    getrlimit(RLIMIT_CPU, &limit) != 0)
		return false;
	limit.rlim_cur = MIN(limit.rlim_cur, seconds);
	return setrlimit(RLIMIT_CPU, &limit) == 0;
}

/* Not of processes: those are all that the user has, and threads count too. */
static bool
set_image_limits(void)
{
	return set_memory_limits(IMAGE_MAX_MEMORY) &&
	       set_time_limit(IMAGE_MAX_SECONDS) &&
	       set_limit(RLIMIT_FSIZE, IMAGE_MAX_FILE) &&
	       set_limit(RLIMIT_NOFILE, 64);
}

static bool
set_limits(enum sandbox_profile profile)
{
	if (profile == SANDBOX_RENDER)
		return set_memory_limits(256 * MEBIBYTE);
	if (profile == SANDBOX_IMAGE)
		return set_image_limits();
	if (profile == SANDBOX_DESK)
		return set_limit(RLIMIT_DATA, 1024 * MEBIBYTE) &&
		       set_limit(RLIMIT_NOFILE, 1024);
	/* A page needs a few megabytes: this is for the machine's sake. Above
	 * 1,024 descriptors select(2), which libfcgi uses, writes past its
	 * set. */
	return set_limit(RLIMIT_DATA, 512 * MEBIBYTE) &&
	       set_limit(RLIMIT_NOFILE, 1024) && set_limit(RLIMIT_NPROC, 0);
}

static int
allow_calls(scmp_filter_ctx filter, const int calls[], size_t count)
{
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		/* A negative number: this machine has no such call. */
		if (calls[i] >= 0)
			result = seccomp_rule_add(
			    filter, SCMP_ACT_ALLOW, calls[i], 0);
	}
	return result;
}

/* Memory that is not to be executed, and signals to ourselves: abort(3). */
static int
allow_with_arguments(scmp_filter_ctx filter)
{
	int result;

	result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (result == 0)
		result =
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect),
			1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (result == 0)
		result =
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill),
			1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
	return result;
}

/* prlimit64() of the process itself: to ask, or (render) to set as well. */
static int
allow_limits(scmp_filter_ctx filter, enum sandbox_profile profile)
{
	if (profile != SANDBOX_RENDER && profile != SANDBOX_DESK)
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    SCMP_SYS(prlimit64), 2, SCMP_A0(SCMP_CMP_EQ, 0),
		    SCMP_A2(SCMP_CMP_EQ, 0));
	if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setrlimit), 0) !=
	    0)
		return -EINVAL;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
	    SCMP_A0(SCMP_CMP_EQ, 0));
}

/*
 * A thread shares all that its process has and may do. clone3(2) has its flags
 * where a filter cannot look; without it the C library takes clone(2).
 */
static int
allow_threads(scmp_filter_ctx filter)
{
	int result = seccomp_rule_add(
	    filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

	if (result == 0)
		result =
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, THREAD_MASK, CLONE_THREAD));
	if (result == 0)
		result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	return result;
}

/*
 * A process of its own that can do no more than we can: fork(3). It may enter a
 * narrower profile and end by its own hand, which is abort(3) with a number
 * that nobody knows yet; who made it may end it. No signal goes to a group of
 * processes, or to all.
 */
static int
allow_children(scmp_filter_ctx filter)
{
	int result = seccomp_rule_add(
	    filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

	if (result == 0)
		result =
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, THREAD_MASK, 0));
	if (result == 0)
		result =
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
			SCMP_A0(SCMP_CMP_EQ, PR_SET_NO_NEW_PRIVS));
	if (result == 0)
		result = seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    SCMP_SYS(tgkill), 1, SCMP_A2(SCMP_CMP_EQ, SIGABRT));
	if (result == 0)
		result =
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(kill), 2,
			SCMP_A0(SCMP_CMP_MASKED_EQ, 0x80000000U, 0),
			SCMP_A1(SCMP_CMP_EQ, SIGKILL));
	return result;
}

static int
allow_ioctl(scmp_filter_ctx filter, unsigned long request)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
	    SCMP_A1(SCMP_CMP_EQ, request));
}

/* A worker, or a plain CGI program. */
static int
allow_server(scmp_filter_ctx filter, enum sandbox_profile profile)
{
	int result =
	    allow_calls(filter, CALLS_OF_PUBLIC, G_N_ELEMENTS(CALLS_OF_PUBLIC));

	if (result == 0)
		result = allow_ioctl(filter, FIONREAD);
	if (result == 0)
		result = allow_ioctl(filter, FIONBIO);
	if (result == 0 && profile != SANDBOX_PUBLIC)
		result = allow_calls(
		    filter, CALLS_OF_CGI, G_N_ELEMENTS(CALLS_OF_CGI));
	if (result == 0 && profile == SANDBOX_DESK)
		result = allow_calls(
		    filter, CALLS_OF_DESK, G_N_ELEMENTS(CALLS_OF_DESK));
	if (result == 0 && profile == SANDBOX_DESK)
		result = allow_children(filter);
	return result;
}

static int
allow_profile(scmp_filter_ctx filter, enum sandbox_profile profile)
{
	int result =
	    allow_calls(filter, CALLS_OF_ALL, G_N_ELEMENTS(CALLS_OF_ALL));

	if (result == 0)
		result = allow_with_arguments(filter);
	if (result == 0)
		result = allow_limits(filter, profile);
	if (result == 0 && profile == SANDBOX_IMAGE)
		result = allow_calls(
		    filter, CALLS_OF_IMAGE, G_N_ELEMENTS(CALLS_OF_IMAGE));
	if (result == 0 && profile == SANDBOX_IMAGE)
		result = allow_threads(filter);
	if (result == 0 && profile != SANDBOX_RENDER &&
	    profile != SANDBOX_IMAGE)
		result = allow_server(filter, profile);
	return result;
}

static bool
limit_calls(enum sandbox_profile profile)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int result;

	if (filter == NULL)
		return false;
	/* A tree instead of a list of about a hundred comparisons, which every
	 * system call from now on would walk. */
	result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (result == 0)
		result = allow_profile(filter, profile);
	if (result == 0)
		result = seccomp_load(filter);
	seccomp_release(filter);
	errno = -result;
	return result == 0;
}

static const char *const NAMES[] = {
	[SANDBOX_PUBLIC] = "public",
	[SANDBOX_CGI] = "cgi",
	[SANDBOX_DESK] = "desk",
	[SANDBOX_RENDER] = "render",
	[SANDBOX_IMAGE] = "image",
};

enum status
sandbox_enter(enum sandbox_profile profile)
{
	const struct rlimit nothing = { 0 };
	const char *step = NULL;

	/* A core file would hold the memory of whoever wrote to us. */
	if (setrlimit(RLIMIT_CORE, &nothing) != 0)
		step = "core";
	else if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		step = "privileges";
	else if (IS_WHOLE && !set_limits(profile))
		step = "limits";
	else if (IS_WHOLE && !limit_calls(profile))
		step = "system calls";
	if (step == NULL)
		return STATUS_OK;
	log_warning("sandbox.refused", "profile", NAMES[profile], "step", step,
	    "reason", g_strerror(errno));
	return STATUS_FAILED;
}
