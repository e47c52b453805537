/*
 * sandbox_probe.c - enters a profile and tries one thing: test_sandbox.c runs
 * it, once linked as byline.fcgi is and once as the tools are.
 *
 *	sandbox_probe PROFILE CHECK FOLDER
 *
 * FOLDER is empty, and its maker's to remove: this process may not be able to.
 * Exit code 0: as it should be; 1: not; 2: no such check, or no sandbox. The
 * check "wait" enters, prints a line, and waits for the end of its input.
 */
#include "config.h"

#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/logger.h"
#include "base/sandbox.h"
#include "base/token.h"

/* A number that no process can have: what is sent to it harms nobody, should a
 * profile let it out. Never use one here that might be somebody's. */
#define NOBODY 0x3fffffff

/* What is made before the profile is entered. */
struct before {
	const char *folder;
	int listen_fd;
	int client_fd;
	int pipe_fds[2];
	int file_fd;
	int gate_fds[2]; /* the thread waits for a byte */
	pthread_t thread;
	rlim_t max_memory;
};

static bool
is_forbidden(long result)
{
	return result == -1 && errno == EPERM;
}

static bool
check_no_exec(const struct before *before)
{
	char *const arguments[] = { (char[]){ "true" }, NULL };
	(void)before;

	return is_forbidden(execv("/bin/true", arguments)) &&
	       is_forbidden(syscall(
		   SYS_execveat, AT_FDCWD, "/bin/true", arguments, NULL, 0));
}

static bool
check_no_process(const struct before *before)
{
	(void)before;

	return is_forbidden(fork()) &&
	       (is_forbidden(syscall(SYS_clone3, NULL, (size_t)0)) ||
		   errno == ENOSYS) &&
	       is_forbidden(syscall(SYS_unshare, 0));
}

/* A child, but no child that would be root in a world of its own, and no
 * thread. */
static bool
check_no_namespace(const struct before *before)
{
	static const unsigned long FLAGS[] = { CLONE_NEWUSER, CLONE_NEWNS,
		CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS,
		CLONE_NEWCGROUP, CLONE_NEWUSER | CLONE_NEWNET,
		CLONE_THREAD | CLONE_VM | CLONE_SIGHAND };

	for (size_t i = 0; i < G_N_ELEMENTS(FLAGS); i++)
		if (!is_forbidden(syscall(SYS_clone, FLAGS[i] | SIGCHLD, NULL)))
			return false;
	return syscall(SYS_clone3, NULL, (size_t)0) == -1 && errno == ENOSYS &&
	       is_forbidden(syscall(SYS_unshare, CLONE_NEWUSER)) &&
	       is_forbidden(syscall(SYS_setns, before->pipe_fds[0], 0));
}

static void *
start_nothing(void *data)
{
	return data;
}

/* One in a namespace of its own would be root there. */
static bool
check_thread(const struct before *before)
{
	pthread_t thread;
	void *result = NULL;
	int value = 0;
	(void)before;

	return pthread_create(&thread, NULL, start_nothing, &value) == 0 &&
	       pthread_join(thread, &result) == 0 && result == &value &&
	       is_forbidden(
		   syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL)) &&
	       is_forbidden(syscall(SYS_clone,
		   CLONE_NEWUSER | CLONE_THREAD | CLONE_VM | CLONE_SIGHAND,
		   NULL));
}

/* What a thread that was there before may do is what all may. */
static bool
check_old_thread(const struct before *before)
{
	void *is_confined = NULL;

	return write(before->gate_fds[1], "", 1) == 1 &&
	       pthread_join(before->thread, &is_confined) == 0 &&
	       is_confined != NULL;
}

/* Until the kernel ends it. */
static bool
check_time(const struct before *before)
{
	struct rlimit seconds;
	(void)before;

	if (getrlimit(RLIMIT_CPU, &seconds) != 0 || seconds.rlim_cur > 5 ||
	    seconds.rlim_max > 6)
		return false;
	for (;;) {
	}
}

/* A file that is open can be written, up to its limit, and no other. */
static bool
check_file_size(const struct before *before)
{
	static const char BYTES[1 << 20];
	int count = 0;

	(void)signal(SIGXFSZ, SIG_IGN);
	while (write(before->file_fd, BYTES, sizeof(BYTES)) ==
	       (ssize_t)sizeof(BYTES))
		count++;
	return errno == EFBIG && count == 64 && fsync(before->file_fd) == 0;
}

static bool
check_no_socket(const struct before *before)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	(void)before;

	return is_forbidden(socket(AF_INET, SOCK_STREAM, 0)) &&
	       is_forbidden(socket(AF_PACKET, SOCK_RAW, 0)) &&
	       is_forbidden(socket(AF_UNIX, SOCK_STREAM, 0)) &&
	       is_forbidden(connect(before->client_fd,
		   (struct sockaddr *)&address, sizeof(address))) &&
	       is_forbidden(bind(before->client_fd, (struct sockaddr *)&address,
		   sizeof(address))) &&
	       is_forbidden(listen(before->client_fd, 1));
}

static bool
check_no_power(const struct before *before)
{
	(void)before;

	return is_forbidden(ptrace(PTRACE_TRACEME, 0, NULL, NULL)) &&
	       is_forbidden(kill(getpid(), 0)) &&
	       is_forbidden(
		   syscall(SYS_tgkill, getpid() - 1, getpid() - 1, 0)) &&
	       is_forbidden(setuid(getuid())) &&
	       is_forbidden(setgid(getgid())) && is_forbidden(chdir("/")) &&
	       is_forbidden(chroot("/")) &&
	       is_forbidden(syscall(SYS_mount, "", "", "", 0, NULL)) &&
	       is_forbidden(prctl(PR_SET_DUMPABLE, 1)) &&
	       is_forbidden(syscall(SYS_bpf, 0, NULL, 0)) &&
	       is_forbidden(syscall(SYS_io_uring_setup, 1, NULL));
}

static bool
check_no_code(const struct before *before)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	(void)before;

	return page != MAP_FAILED && mprotect(page, 4096, PROT_READ) == 0 &&
	       is_forbidden(mprotect(page, 4096, PROT_READ | PROT_EXEC)) &&
	       mmap(NULL, 4096, PROT_EXEC | PROT_READ,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED &&
	       errno == EPERM;
}

static bool
check_no_file(const struct before *before)
{
	(void)before;

	return is_forbidden(open("/dev/null", O_RDONLY)) &&
	       is_forbidden(open("/etc/passwd", O_RDONLY)) &&
	       is_forbidden(access("/", R_OK)) &&
	       is_forbidden(unlink("/none")) &&
	       is_forbidden(rename("/none", "/nothing"));
}

static bool
check_no_rename(const struct before *before)
{
	(void)before;

	return is_forbidden(rename("/none", "/nothing")) &&
	       is_forbidden(renameat(AT_FDCWD, "/none", AT_FDCWD, "/nothing"));
}

/* A file in the place of another. */
static bool
check_replace(const struct before *before)
{
	g_autofree char *path = g_build_filename(before->folder, "f", NULL);
	g_autofree char *text = NULL;

	return file_replace(path, "old", 3, NULL) == STATUS_OK &&
	       file_replace(path, "new", 3, NULL) == STATUS_OK &&
	       g_file_get_contents(path, &text, NULL, NULL) &&
	       strcmp(text, "new") == 0;
}

/* A folder, filled, and put where it belongs. */
static bool
check_folders(const struct before *before)
{
	g_autofree char *from = g_build_filename(before->folder, "new", NULL);
	g_autofree char *to = g_build_filename(before->folder, "kept", NULL);
	g_autofree char *file = g_build_filename(from, "f", NULL);
	g_autofree char *kept = g_build_filename(to, "f", NULL);

	return mkdir(from, 0700) == 0 &&
	       file_replace(file, "text", 4, NULL) == STATUS_OK &&
	       chmod(file, 0644) == 0 && chmod(from, 0755) == 0 &&
	       rename(from, to) == 0 && unlink(kept) == 0 && rmdir(to) == 0 &&
	       is_forbidden(symlink("/etc/passwd", kept)) &&
	       is_forbidden(link("/etc/passwd", kept)) &&
	       is_forbidden(mknod(kept, S_IFIFO | 0600, 0));
}

/* ---- children ---- */

/* A child that runs `run` with its end of a pair of sockets; its number. */
static pid_t
start_child(void (*run)(int fd), int *out_fd)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		run(pair[1]);
		_exit(0);
	}
	(void)close(pair[1]);
	*out_fd = pair[0];
	return pid;
}

/* Whether what a child was given is all that it has: 'y' or 'n'. */
static void
tell_whether_confined(int fd)
{
	char byte;
	bool is_confined =
	    sandbox_enter(SANDBOX_RENDER) == STATUS_OK &&
	    is_forbidden(open("/dev/null", O_RDONLY)) &&
	    is_forbidden(mkdir("/proc/nothing", 0700)) &&
	    is_forbidden(rename("/none", "/nothing")) && is_forbidden(fork()) &&
	    is_forbidden(kill(NOBODY, SIGKILL)) &&
	    is_forbidden(syscall(SYS_tgkill, NOBODY, NOBODY, SIGABRT)) &&
	    is_forbidden(socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){ 0 })) &&
	    is_forbidden(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));

	(void)!write(fd, is_confined ? "y" : "n", 1);
	while (read(fd, &byte, 1) > 0) {
	}
}

/* It does what it can, and is ended by who made it. */
static bool
check_child(const struct before *before)
{
	char answer = '-';
	int fd = -1, how = 0;
	pid_t pid = start_child(tell_whether_confined, &fd);
	(void)before;

	return pid > 0 && read(fd, &answer, 1) == 1 && answer == 'y' &&
	       kill(pid, SIGKILL) == 0 && waitpid(pid, &how, 0) == pid &&
	       WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL;
}

/* Those that it made are ended one by one, and nobody is told anything else. */
static bool
check_no_signals(const struct before *before)
{
	(void)before;

	return kill(NOBODY, SIGKILL) == -1 && errno == ESRCH &&
	       is_forbidden(kill(-NOBODY, SIGKILL)) &&
	       is_forbidden(kill(NOBODY, SIGTERM)) &&
	       is_forbidden(kill(NOBODY, SIGSTOP)) &&
	       is_forbidden(syscall(SYS_tgkill, NOBODY, NOBODY, SIGSTOP)) &&
	       is_forbidden(syscall(SYS_tkill, NOBODY, SIGABRT)) &&
	       is_forbidden(syscall(SYS_pidfd_open, NOBODY, 0));
}

/* A descriptor, handed to who decodes an image. */
static bool
check_descriptor(const struct before *before)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	char byte = 'x';
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	int pair[2], fd = -1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
		return false;
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &before->pipe_fds[1], sizeof(int));
	if (sendmsg(pair[0], &message, MSG_NOSIGNAL) != 1 ||
	    recvmsg(pair[1], &message, MSG_CMSG_CLOEXEC) != 1)
		return false;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return write(fd, "h", 1) == 1 &&
	       read(before->pipe_fds[0], &byte, 1) == 1 && byte == 'h';
}

/* Read, write, memory, clock, randomness, a line in the log. */
static bool
check_computing(const struct before *before)
{
	struct pollfd input = { before->pipe_fds[0], POLLIN, 0 };
	char bytes[5];
	g_autofree char *large = g_malloc0(20 * 1024 * 1024);
	g_autofree char *token = token_new();

	large = g_realloc(large, 40 * 1024 * 1024);
	log_info("probe", "token_size", token == NULL ? "0" : "43");
	return write(before->pipe_fds[1], "hello", 5) == 5 &&
	       poll(&input, 1, 1000) == 1 &&
	       read(before->pipe_fds[0], bytes, 5) == 5 &&
	       memcmp(bytes, "hello", 5) == 0 && date_now() > 1700000000;
}

static bool
execute(sqlite3 *database, const char *statement)
{
	char *message = NULL;
	int result = sqlite3_exec(database, statement, NULL, NULL, &message);

	if (result != SQLITE_OK)
		log_error(
		    "probe.sqlite", "reason", message, "statement", statement);
	sqlite3_free(message);
	return result == SQLITE_OK;
}

/* A database in WAL mode, made, filled, checkpointed and closed. */
static bool
check_database(const struct before *before)
{
	g_autofree char *path = g_build_filename(before->folder, "db", NULL);
	g_autofree char *log = g_strconcat(path, "-wal", NULL);
	sqlite3 *database;
	bool is_well;

	if (sqlite3_open(path, &database) != SQLITE_OK)
		return false;
	is_well =
	    execute(database, "PRAGMA journal_mode = WAL") &&
	    execute(database, "PRAGMA synchronous = FULL") &&
	    execute(database, "CREATE TABLE t (x TEXT) STRICT") &&
	    execute(database,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
		"FROM n WHERE i < 20000) INSERT INTO t SELECT hex(zeroblob("
		"20)) || i FROM n") &&
	    execute(database, "CREATE INDEX t_x ON t (x)") &&
	    execute(database, "SELECT x FROM t ORDER BY random()") &&
	    execute(database, "PRAGMA wal_checkpoint(TRUNCATE)") &&
	    execute(database, "DELETE FROM t") &&
	    execute(database, "PRAGMA journal_mode = DELETE") &&
	    execute(database, "VACUUM");
	return sqlite3_close(database) == SQLITE_OK && is_well &&
	       !g_file_test(log, G_FILE_TEST_EXISTS);
}

/* Files and time zones by GLib. */
static bool
check_files(const struct before *before)
{
	g_autofree char *path = g_build_filename(before->folder, "f", NULL);
	g_autofree char *text = NULL;
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Berlin");
	g_autoptr(GDir) folder = NULL;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	bool is_well = fd >= 0 && write(fd, "abc", 3) == 3 && fsync(fd) == 0 &&
		       ftruncate(fd, 2) == 0 && close(fd) == 0;

	folder = g_dir_open(before->folder, 0, NULL);
	return is_well && zone != NULL && folder != NULL &&
	       g_dir_read_name(folder) != NULL &&
	       g_file_get_contents(path, &text, NULL, NULL) &&
	       strcmp(text, "ab") == 0 && unlink(path) == 0;
}

/* Wait for a connection as http/fcgi.c does, and take it. */
static int
take_connection(int listen_fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	struct pollfd input = { listen_fd, POLLIN, 0 };
	const struct timespec limit = { .tv_sec = 1 };
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

	if (epoll_fd < 0 || ppoll(&input, 1, &limit, NULL) != 1 ||
	    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listen_fd, &event) != 0 ||
	    epoll_pwait(epoll_fd, &event, 1, 1000, NULL) != 1)
		return -1;
	close(epoll_fd);
	return accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
}

/* A request's way: accept, deadlines, read, answer, end. */
static bool
check_connection(const struct before *before)
{
	const struct timeval second = { .tv_sec = 1 };
	const struct itimerval deadline = { .it_value = { .tv_sec = 60 } };
	struct ucred peer;
	socklen_t size = sizeof(peer);
	char bytes[4];
	int fd = take_connection(before->listen_fd);
	int copy = memfd_create("request", MFD_CLOEXEC);

	return fd >= 0 && copy >= 0 && write(copy, "ask", 3) == 3 &&
	       setsockopt(
		   fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)) == 0 &&
	       getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       setitimer(ITIMER_REAL, &deadline, NULL) == 0 &&
	       fcntl(fd, F_SETFL, fcntl(fd, F_GETFL)) == 0 &&
	       write(before->client_fd, "ask", 3) == 3 &&
	       read(fd, bytes, 3) == 3 && write(fd, "tell", 4) == 4 &&
	       recv(before->client_fd, bytes, 4, 0) == 4 &&
	       shutdown(fd, SHUT_RDWR) == 0 && close(fd) == 0;
}

/* 100 MB are there, 300 are not (public: 600, desk: 1,100). */
static bool
check_memory(const struct before *before)
{
	struct rlimit data;
	size_t some = (size_t)100 << 20;
	char *first, *second, *third;

	if (getrlimit(RLIMIT_DATA, &data) != 0)
		return false;
	first = mmap(NULL, some, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	second = mmap(NULL, data.rlim_cur, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	third = g_try_malloc(data.rlim_cur);
	return data.rlim_cur <= before->max_memory && first != MAP_FAILED &&
	       second == MAP_FAILED && third == NULL;
}

static bool
check_limits_are_final(const struct before *before)
{
	const struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit core, files;
	(void)before;

	return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 &&
	       getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	       files.rlim_max <= 1024 &&
	       is_forbidden(setrlimit(RLIMIT_NOFILE, &more)) &&
	       is_forbidden(
		   syscall(SYS_prlimit64, 0, RLIMIT_CORE, &more, NULL));
}

/* What this process alone may do to itself: end by its own hand. */
static bool
check_abort(const struct before *before)
{
	(void)before;
	abort();
}

/* A child that confines itself further ends in that way, too. */
static bool
check_abort_of_child(const struct before *before)
{
	pid_t child = fork();
	int how;
	(void)before;

	if (child == 0) {
		if (sandbox_enter(SANDBOX_RENDER) != STATUS_OK)
			_exit(1);
		abort();
	}
	return child > 0 && waitpid(child, &how, 0) == child &&
	       WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT;
}

/* test_sandbox.c looks at /proc/PID meanwhile. */
static bool
check_wait(const struct before *before)
{
	char byte;
	(void)before;

	return write(STDOUT_FILENO, "in\n", 3) == 3 &&
	       read(STDIN_FILENO, &byte, 1) == 0;
}

static const struct check {
	const char *name;
	bool (*run)(const struct before *before);
} CHECKS[] = {
	{ "exec", check_no_exec },
	{ "process", check_no_process },
	{ "namespace", check_no_namespace },
	{ "folders", check_folders },
	{ "child", check_child },
	{ "signals", check_no_signals },
	{ "descriptor", check_descriptor },
	{ "thread", check_thread },
	{ "old-thread", check_old_thread },
	{ "time", check_time },
	{ "file-size", check_file_size },
	{ "socket", check_no_socket },
	{ "power", check_no_power },
	{ "code", check_no_code },
	{ "no-file", check_no_file },
	{ "no-rename", check_no_rename },
	{ "replace", check_replace },
	{ "computing", check_computing },
	{ "database", check_database },
	{ "files", check_files },
	{ "connection", check_connection },
	{ "memory", check_memory },
	{ "limits", check_limits_are_final },
	{ "limits-of-users", check_limits_are_final },
	{ "abort", check_abort },
	{ "abort-of-child", check_abort_of_child },
	{ "wait", check_wait },
};

/* NULL: it can still open a file once the profile is entered. */
static void *
try_when_let(void *data)
{
	const struct before *before = data;
	char byte;

	return read(before->gate_fds[0], &byte, 1) == 1 &&
		       is_forbidden(open("/dev/null", O_RDONLY))
		   ? data
		   : NULL;
}

/* Only for who asks: the C library does more where there are threads. */
static bool
start_old_thread(struct before *before)
{
	return pipe(before->gate_fds) == 0 &&
	       pthread_create(&before->thread, NULL, try_when_let, before) == 0;
}

static bool
prepare(const char *folder, struct before *before)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	before->folder = folder;
	if (pipe(before->pipe_fds) != 0)
		return false;
	before->file_fd = open(folder, O_TMPFILE | O_WRONLY, 0600);
	g_snprintf(
	    address.sun_path, sizeof(address.sun_path), "%s/s", before->folder);
	before->listen_fd = socket(AF_UNIX, SOCK_STREAM, 0);
	before->client_fd = socket(AF_UNIX, SOCK_STREAM, 0);
	return bind(before->listen_fd, (struct sockaddr *)&address,
		   sizeof(address)) == 0 &&
	       listen(before->listen_fd, 1) == 0 &&
	       connect(before->client_fd, (struct sockaddr *)&address,
		   sizeof(address)) == 0;
}

static const struct {
	const char *name;
	enum sandbox_profile profile;
	rlim_t max_memory;
} PROFILES[] = {
	{ "public", SANDBOX_PUBLIC, (rlim_t)512 << 20 },
	{ "cgi", SANDBOX_CGI, (rlim_t)512 << 20 },
	{ "desk", SANDBOX_DESK, (rlim_t)1024 << 20 },
	{ "render", SANDBOX_RENDER, (rlim_t)256 << 20 },
	{ "image", SANDBOX_IMAGE, (rlim_t)256 << 20 },
};

static bool
enter(const char *name, struct before *before)
{
	for (size_t i = 0; i < G_N_ELEMENTS(PROFILES); i++) {
		if (strcmp(PROFILES[i].name, name) != 0)
			continue;
		before->max_memory = PROFILES[i].max_memory;
		return sandbox_enter(PROFILES[i].profile) == STATUS_OK;
	}
	return false;
}

/* What the checks of these names need besides. */
static bool
prepare_for(const char *check, struct before *before)
{
	if (strcmp(check, "old-thread") == 0)
		return start_old_thread(before);
	/* Where the kernel refuses and not the profile, it lets root. */
	if (strcmp(check, "limits-of-users") == 0 && geteuid() == 0)
		return setuid(65534) == 0;
	return true;
}

int
main(int argc, char **argv)
{
	struct before before;

	if (argc != 4 || !prepare(argv[3], &before) ||
	    !prepare_for(argv[2], &before) || !enter(argv[1], &before))
		return 2;
	for (size_t i = 0; i < G_N_ELEMENTS(CHECKS); i++) {
		if (strcmp(CHECKS[i].name, argv[2]) == 0)
			return CHECKS[i].run(&before) ? 0 : 1;
	}
	return 2;
}
