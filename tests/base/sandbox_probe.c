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
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>

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

/* What is made before the profile is entered. */
struct before {
	const char *folder;
	int listen_fd;
	int client_fd;
	int pipe_fds[2];
	int file_fd;
	int gate_fds[2]; /* the thread waits for a byte */
	pthread_t thread;
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

/* 100 MB are there, 300 are not (public: 600). */
static bool
check_memory(const struct before *before)
{
	struct rlimit data;
	size_t some = (size_t)100 << 20;
	char *first, *second, *third;
	(void)before;

	if (getrlimit(RLIMIT_DATA, &data) != 0)
		return false;
	first = mmap(NULL, some, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	second = mmap(NULL, data.rlim_cur, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	third = g_try_malloc(data.rlim_cur);
	return data.rlim_cur <= (rlim_t)512 << 20 && first != MAP_FAILED &&
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
	{ "abort", check_abort },
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

int
main(int argc, char **argv)
{
	struct before before;
	enum sandbox_profile profile = SANDBOX_PUBLIC;

	if (argc != 4 || !prepare(argv[3], &before))
		return 2;
	if (strcmp(argv[2], "old-thread") == 0 && !start_old_thread(&before))
		return 2;
	if (strcmp(argv[1], "render") == 0)
		profile = SANDBOX_RENDER;
	else if (strcmp(argv[1], "cgi") == 0)
		profile = SANDBOX_CGI;
	else if (strcmp(argv[1], "image") == 0)
		profile = SANDBOX_IMAGE;
	if (sandbox_enter(profile) != STATUS_OK)
		return 2;
	for (size_t i = 0; i < G_N_ELEMENTS(CHECKS); i++) {
		if (strcmp(CHECKS[i].name, argv[2]) == 0)
			return CHECKS[i].run(&before) ? 0 : 1;
	}
	return 2;
}
