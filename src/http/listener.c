/*
 * listener.c - see listener.h. It must keep true that nobody but the web server
 * can open the socket, from the moment it has a name; and that a second program
 * on the same path is refused instead of taking the first one's visitors.
 */
#include "config.h"

#include "http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

#define BACKLOG      1024
#define DEFAULT_MODE 0660

/* Where systemd puts the first socket (sd_listen_fds(3)). */
#define SYSTEMD_FIRST_FD 3

/* Added to the path until the socket is ready to be found. */
static const char NEW_SUFFIX[] = ".new";
static const char LOCK_SUFFIX[] = ".lock";

/* How often the lock is tried, 50 ms apart. */
#define LOCK_TRIES 20

static void
listener_init(struct listener *listener)
{
	*listener = (struct listener){
		.fd = -1,
		.lock_fd = -1,
	};
}

static bool
is_listening(int fd)
{
	int value = 0;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 &&
	       value != 0;
}

static void
close_on_exec(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags >= 0)
		(void)fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

/* A number in the environment, which is then taken out of it; -1: none. */
static int
take_number(const char *name)
{
	const char *text = getenv(name);
	int64_t number;

	if (text == NULL ||
	    text_parse_integer(text, INT32_MAX, &number) != STATUS_OK)
		number = -1;
	unsetenv(name);
	return (int)number;
}

static int
systemd_socket(void)
{
	int pid = take_number("LISTEN_PID");
	int count = take_number("LISTEN_FDS");

	unsetenv("LISTEN_FDNAMES");
	return pid == getpid() && count >= 1 ? SYSTEMD_FIRST_FD : -1;
}

char *
listener_find_path(int fd)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t size = sizeof(name) - 1; /* the last byte stays NUL */
	struct stat file;

	if (getsockname(fd, (struct sockaddr *)&name, &size) != 0 ||
	    name.sun_family != AF_UNIX || name.sun_path[0] == '\0')
		return NULL;
	if (g_str_has_suffix(name.sun_path, NEW_SUFFIX) &&
	    lstat(name.sun_path, &file) != 0)
		return g_strndup(
		    name.sun_path, strlen(name.sun_path) - strlen(NEW_SUFFIX));
	return g_strdup(name.sun_path);
}

/* What our former self left us: the socket, and the lock if it was its own. */
static bool
inherit_from_self(struct listener *listener)
{
	int fd = take_number("BYLINE_LISTEN_FD");
	int lock_fd = take_number("BYLINE_LISTEN_LOCK");
	g_autofree char *asked = g_strdup(getenv("BYLINE_LISTEN_ASKED"));

	unsetenv("BYLINE_LISTEN_ASKED");
	if (fd < 0 || !is_listening(fd))
		return false;
	listener->fd = fd;
	close_on_exec(fd);
	listener->is_own = asked != NULL;
	listener->asked = g_steal_pointer(&asked);
	if (lock_fd >= 0 && fcntl(lock_fd, F_GETFD) >= 0) {
		listener->lock_fd = lock_fd;
		close_on_exec(lock_fd);
		listener->path = listener_find_path(fd);
	}
	return true;
}

enum status
listener_inherit(struct listener *out_listener)
{
	struct listener listener;
	int fd;

	listener_init(&listener);
	if (inherit_from_self(&listener)) {
		*out_listener = listener;
		return STATUS_OK;
	}
	fd = systemd_socket();
	if (fd < 0 || !is_listening(fd))
		fd = STDIN_FILENO;
	if (!is_listening(fd))
		return STATUS_NOT_FOUND;
	if (fd != STDIN_FILENO)
		close_on_exec(fd);
	listener.fd = fd;
	*out_listener = listener;
	return STATUS_OK;
}

/* What "unix:PATH[,MODE]" says. */
struct unix_address {
	char *path;
	mode_t mode;
};

static enum status
parse_unix(const char *text, struct unix_address *out_address, GError **error)
{
	const char *comma = strrchr(text, ',');
	guint64 mode = DEFAULT_MODE;
	size_t size = strlen(text);

	if (comma != NULL) {
		if (!g_ascii_string_to_unsigned(
			comma + 1, 8, 0, 0777, &mode, NULL))
			return status_fail(error, STATUS_INVALID,
			    "the mode \"%s\" of the socket is not octal digits "
			    "like 0660",
			    comma + 1);
		size = (size_t)(comma - text);
	}
	if (size == 0)
		return status_fail(error, STATUS_INVALID,
		    "the socket has no path: say unix:/run/byline/byline.sock");
	if (size + strlen(NEW_SUFFIX) >=
	    sizeof(((struct sockaddr_un *)0)->sun_path))
		return status_fail(error, STATUS_INVALID,
		    "the path of the socket has %zu bytes, and %zu is the most "
		    "that a socket may have: choose a shorter one",
		    size,
		    sizeof(((struct sockaddr_un *)0)->sun_path) - 1 -
			strlen(NEW_SUFFIX));
	out_address->path = g_strndup(text, size);
	out_address->mode = (mode_t)mode;
	return STATUS_OK;
}

/* The process that wrote itself into the lock file, for a message. */
static void
read_owner(int lock_fd, char *out_owner, size_t size)
{
	ssize_t got = pread(lock_fd, out_owner, size - 1, 0);

	out_owner[got > 0 ? got : 0] = '\0';
	g_strchomp(out_owner);
	if (*out_owner == '\0' ||
	    out_owner[strspn(out_owner, "0123456789")] != '\0')
		g_strlcpy(out_owner, "unknown", size);
}

/* Whether `fd` is still the file called `path`: its last owner may have
 * removed it between our open() and flock(). */
static bool
is_same_file(int fd, const char *path)
{
	struct stat ours, theirs;

	return fstat(fd, &ours) == 0 && stat(path, &theirs) == 0 &&
	       ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

static enum status
write_owner(int fd, const char *path, GError **error)
{
	char owner[32];
	int size = g_snprintf(owner, sizeof(owner), "%d\n", (int)getpid());

	if (ftruncate(fd, 0) != 0 || pwrite(fd, owner, (size_t)size, 0) != size)
		return status_fail(error, STATUS_FAILED,
		    "cannot write the lock file %s: %s", path,
		    g_strerror(errno));
	return STATUS_OK;
}

/* Take the lock of `fd`. A program that was killed may have had a child that
 * has not got round to letting go of it. */
static bool
wait_for_lock(int fd)
{
	static const struct timespec pause = { .tv_nsec = 50000000 };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

static enum status
take_lock(const char *socket_path, int *out_lock_fd, GError **error)
{
	g_autofree char *path = g_strconcat(socket_path, LOCK_SUFFIX, NULL);
	enum status status;
	int fd;

	for (;;) {
		fd =
		    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0)
			return status_fail(error, STATUS_FAILED,
			    "cannot open the lock file %s: %s (the folder must "
			    "exist and be writable)",
			    path, g_strerror(errno));
		if (!wait_for_lock(fd)) {
			char owner[16];

			read_owner(fd, owner, sizeof(owner));
			close(fd);
			return status_fail(error, STATUS_CONFLICT,
			    "another program (process %s) listens on %s", owner,
			    socket_path);
		}
		if (is_same_file(fd, path))
			break;
		close(fd);
	}
	status = write_owner(fd, path, error);
	if (status != STATUS_OK) {
		close(fd);
		return status;
	}
	*out_lock_fd = fd;
	return STATUS_OK;
}

/* What is at the path may be a socket that nobody listens on any more; anything
 * else is not ours to replace. */
static enum status
check_place(const char *path, GError **error)
{
	struct stat file;

	if (lstat(path, &file) == 0 && !S_ISSOCK(file.st_mode))
		return status_fail(error, STATUS_INVALID,
		    "%s exists and is not a socket: remove it or choose "
		    "another path",
		    path);
	return STATUS_OK;
}

/*
 * The number of a group: itself, or as /etc/group has it. Not by getgrnam(3),
 * which loads shared libraries into a program that is linked without any.
 */
static enum status
find_group(const char *name, gid_t *out_group, GError **error)
{
	const struct group *group;
	int64_t number;
	FILE *file;

	if (name == NULL) {
		*out_group = getegid();
		return STATUS_OK;
	}
	if (text_parse_integer(name, INT32_MAX, &number) == STATUS_OK) {
		*out_group = (gid_t)number;
		return STATUS_OK;
	}
	file = fopen("/etc/group", "re");
	if (file == NULL)
		return status_fail(error, STATUS_FAILED,
		    "cannot read /etc/group: %s", g_strerror(errno));
	do
		group = fgetgrent(file);
	while (group != NULL && strcmp(group->gr_name, name) != 0);
	if (group != NULL)
		*out_group = group->gr_gid;
	fclose(file);
	if (group == NULL)
		return status_fail(error, STATUS_INVALID,
		    "there is no group \"%s\" in /etc/group: give its number "
		    "if it comes from elsewhere",
		    name);
	return STATUS_OK;
}

/* Bind, and only then give it its rights and its name. */
static enum status
bind_unix(
    int fd, const struct unix_address *address, gid_t group, GError **error)
{
	g_autofree char *temporary =
	    g_strconcat(address->path, NEW_SUFFIX, NULL);
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	mode_t old_mask;
	int bound;

	g_strlcpy(name.sun_path, temporary, sizeof(name.sun_path));
	(void)unlink(temporary);
	old_mask = umask(0177);
	bound = bind(fd, (struct sockaddr *)&name, sizeof(name));
	umask(old_mask);
	if (bound != 0)
		return status_fail(error, STATUS_FAILED,
		    "cannot make the socket %s: %s", address->path,
		    g_strerror(errno));
	if ((group != getegid() && chown(temporary, (uid_t)-1, group) != 0) ||
	    chmod(temporary, address->mode) != 0 || listen(fd, BACKLOG) != 0 ||
	    rename(temporary, address->path) != 0) {
		int cause = errno;

		(void)unlink(temporary);
		return status_fail(error, STATUS_FAILED,
		    "cannot give the socket %s its group, rights and name: %s",
		    address->path, g_strerror(cause));
	}
	return STATUS_OK;
}

static enum status
open_unix(const char *text, const char *group_name, struct listener *listener,
    GError **error)
{
	struct unix_address address = { .path = NULL };
	g_autofree char *path = NULL;
	gid_t group = (gid_t)-1;
	enum status status = parse_unix(text, &address, error);

	if (status != STATUS_OK)
		return status;
	path = address.path;
	status = find_group(group_name, &group, error);
	if (status == STATUS_OK)
		status = check_place(path, error);
	if (status == STATUS_OK)
		status = take_lock(path, &listener->lock_fd, error);
	if (status != STATUS_OK)
		return status;
	listener->fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener->fd < 0)
		return status_fail(error, STATUS_FAILED,
		    "cannot make a socket: %s", g_strerror(errno));
	status = bind_unix(listener->fd, &address, group, error);
	if (status != STATUS_OK)
		return status;
	listener->path = g_steal_pointer(&path);
	return STATUS_OK;
}

/* A loopback address with its port. */
struct tcp_address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} name;
	socklen_t size;
};

static enum status
parse_tcp(const char *text, struct tcp_address *out_address, GError **error)
{
	const char *colon = strrchr(text, ':');
	g_autofree char *host = NULL;
	int64_t port = 0;

	if (colon == NULL ||
	    text_parse_integer(colon + 1, UINT16_MAX, &port) != STATUS_OK ||
	    port == 0)
		return status_fail(error, STATUS_INVALID,
		    "\"%s\" is not unix:PATH[,MODE], 127.0.0.1:PORT or "
		    "[::1]:PORT",
		    text);
	host = g_strndup(text, (gsize)(colon - text));
	memset(out_address, 0, sizeof(*out_address));
	if (strcmp(host, "[::1]") == 0) {
		out_address->name.v6.sin6_family = AF_INET6;
		out_address->name.v6.sin6_addr = in6addr_loopback;
		out_address->name.v6.sin6_port = htons((uint16_t)port);
		out_address->size = sizeof(out_address->name.v6);
		return STATUS_OK;
	}
	if (inet_pton(AF_INET, host, &out_address->name.v4.sin_addr) != 1 ||
	    ntohl(out_address->name.v4.sin_addr.s_addr) >> 24 != IN_LOOPBACKNET)
		return status_fail(error, STATUS_INVALID,
		    "%s is not an address of this machine alone: whoever can "
		    "connect may claim to be anybody, so only 127.0.0.1 and "
		    "[::1] are listened on",
		    host);
	out_address->name.v4.sin_family = AF_INET;
	out_address->name.v4.sin_port = htons((uint16_t)port);
	out_address->size = sizeof(out_address->name.v4);
	return STATUS_OK;
}

static enum status
open_tcp(const char *text, struct listener *listener, GError **error)
{
	static const int yes = 1;
	struct tcp_address address;
	enum status status = parse_tcp(text, &address, error);

	if (status != STATUS_OK)
		return status;
	listener->fd = socket(address.name.any.sa_family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener->fd >= 0 &&
	    setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &yes,
		sizeof(yes)) == 0 &&
	    bind(listener->fd, &address.name.any, address.size) == 0 &&
	    listen(listener->fd, BACKLOG) == 0)
		return STATUS_OK;
	return status_fail(error,
	    errno == EADDRINUSE ? STATUS_CONFLICT : STATUS_FAILED,
	    "cannot listen on %s: %s", text, g_strerror(errno));
}

/* The two as one text. */
static char *
join_asked(const char *address, const char *group)
{
	return g_strconcat(address != NULL ? address : "", "\n", group, NULL);
}

bool
listener_is_as_asked(
    const struct listener *listener, const char *address, const char *group)
{
	g_autofree char *asked = join_asked(address, group);

	return listener->asked == NULL || strcmp(listener->asked, asked) == 0;
}

enum status
listener_open(const char *address, const char *group,
    struct listener *out_listener, GError **error)
{
	struct listener listener;
	enum status status;

	listener_init(&listener);
	listener.is_own = true;
	listener.asked = join_asked(address, group);
	if (g_str_has_prefix(address, "unix:"))
		status = open_unix(
		    address + strlen("unix:"), group, &listener, error);
	else
		status = open_tcp(address, &listener, error);
	if (status != STATUS_OK) {
		listener_release(&listener);
		return status;
	}
	*out_listener = listener;
	return STATUS_OK;
}

void
listener_release(struct listener *listener)
{
	/* Under the lock the file at our path is our socket and nobody else's.
	 */
	if (listener->path != NULL && listener->lock_fd >= 0) {
		g_autofree char *lock_path =
		    g_strconcat(listener->path, LOCK_SUFFIX, NULL);

		(void)unlink(listener->path);
		(void)unlink(lock_path);
	}
	if (listener->fd >= 0)
		close(listener->fd);
	if (listener->lock_fd >= 0)
		close(listener->lock_fd);
	g_free(listener->path);
	g_free(listener->asked);
	listener_init(listener);
}
