/*
 * test_listener.c - who may listen where, and what a person reads when it
 * cannot be.
 */
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "http/listener.h"

struct fixture {
	char *folder;
	char *path;
	char *address;
};

static int
setup(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);

	fixture->folder = g_dir_make_tmp("byline-listener-XXXXXX", NULL);
	fixture->path = g_build_filename(fixture->folder, "s", NULL);
	fixture->address = g_strconcat("unix:", fixture->path, NULL);
	*state = fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;
	int result = rmdir(fixture->folder);

	g_free(fixture->folder);
	g_free(fixture->path);
	g_free(fixture->address);
	g_free(fixture);
	return result;
}

static void
assert_refused(const char *address, const char *group, enum status expected,
    const char *words)
{
	g_autoptr(GError) error = NULL;
	struct listener listener = { .fd = -7 };

	assert_int_equal(
	    listener_open(address, group, &listener, &error), expected);
	assert_non_null(error);
	if (strstr(error->message, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error->message, words);
	assert_int_equal(listener.fd, -7);
}

static int
connect_to(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_strlcpy(name.sun_path, path, sizeof(name.sun_path));
	if (connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void
test_listener_open_unix(void **state)
{
	struct fixture *fixture = *state;
	struct listener listener;
	struct stat file;
	int fd;

	assert_int_equal(
	    listener_open(fixture->address, NULL, &listener, NULL), STATUS_OK);

	assert_int_equal(lstat(fixture->path, &file), 0);
	assert_true(S_ISSOCK(file.st_mode));
	assert_int_equal(file.st_mode & 0777, 0660);
	assert_int_equal(file.st_gid, getegid());
	assert_true(listener.is_own);
	assert_true((fcntl(listener.fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_true((fcntl(listener.fd, F_GETFL) & O_NONBLOCK) != 0);
	fd = connect_to(fixture->path);
	assert_true(fd >= 0);
	close(fd);
	listener_release(&listener);
	assert_int_equal(lstat(fixture->path, &file), -1);
}

static void
test_listener_open_mode(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *address = g_strconcat(fixture->address, ",0600", NULL);
	struct listener listener;
	struct stat file;
	mode_t old_mask = umask(0777);

	assert_int_equal(
	    listener_open(address, NULL, &listener, NULL), STATUS_OK);

	assert_int_equal(umask(old_mask), 0777);
	assert_int_equal(lstat(fixture->path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	listener_release(&listener);
}

static void
test_listener_open_group(void **state)
{
	struct fixture *fixture = *state;
	struct listener listener;
	struct stat file;

	if (geteuid() != 0)
		skip();
	assert_int_equal(
	    listener_open(fixture->address, "www-data", &listener, NULL),
	    STATUS_OK);

	assert_int_equal(lstat(fixture->path, &file), 0);
	assert_int_not_equal(file.st_gid, 0);
	listener_release(&listener);
	assert_refused(
	    fixture->address, "no-such-group", STATUS_INVALID, "no-such-group");
}

static void
test_listener_open_twice(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *process = g_strdup_printf("%d", (int)getpid());
	struct listener listener;
	int fd;

	assert_int_equal(
	    listener_open(fixture->address, NULL, &listener, NULL), STATUS_OK);

	assert_refused(fixture->address, NULL, STATUS_CONFLICT, process);
	fd = connect_to(fixture->path);
	assert_true(fd >= 0);
	close(fd);
	listener_release(&listener);
}

/* Left by a program that was killed: socket and lock file, but no lock. */
static void
test_listener_open_after_crash(void **state)
{
	struct fixture *fixture = *state;
	struct listener first, second;
	int fd;

	assert_int_equal(
	    listener_open(fixture->address, NULL, &first, NULL), STATUS_OK);
	close(first.fd);
	close(first.lock_fd);
	assert_int_equal(connect_to(fixture->path), -1);

	assert_int_equal(
	    listener_open(fixture->address, NULL, &second, NULL), STATUS_OK);

	fd = connect_to(fixture->path);
	assert_true(fd >= 0);
	close(fd);
	listener_release(&second);
	g_free(first.path);
	g_free(first.asked);
}

static void
test_listener_open_over_file(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *text = NULL;

	assert_true(g_file_set_contents(fixture->path, "mine", 4, NULL));

	assert_refused(
	    fixture->address, NULL, STATUS_INVALID, "is not a socket");

	assert_true(g_file_get_contents(fixture->path, &text, NULL, NULL));
	assert_string_equal(text, "mine");
	unlink(fixture->path);
}

static void
test_listener_open_bad_unix(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *name = g_strnfill(120, 'x');
	g_autofree char *long_path = g_strconcat("unix:/tmp/", name, NULL);
	g_autofree char *no_folder =
	    g_strconcat(fixture->address, "/none/s", NULL);
	g_autofree char *bad_mode =
	    g_strconcat(fixture->address, ",0999", NULL);
	g_autofree char *large_mode =
	    g_strconcat(fixture->address, ",04777", NULL);

	assert_refused(long_path, NULL, STATUS_INVALID, "shorter");
	assert_refused(no_folder, NULL, STATUS_FAILED, "folder must exist");
	assert_refused(bad_mode, NULL, STATUS_INVALID, "octal");
	assert_refused(large_mode, NULL, STATUS_INVALID, "octal");
	assert_refused("unix:", NULL, STATUS_INVALID, "no path");
	assert_refused("unix:,0660", NULL, STATUS_INVALID, "no path");
}

/* Requirement 2: by TCP only this machine. */
static void
test_listener_open_not_loopback(void **state)
{
	static const char *const addresses[] = { "0.0.0.0:9000", "*:9000",
		":9000", "9000", "192.0.2.1:9000", "[::]:9000", "example:9000",
		"localhost", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0",
		"127.0.0.1:65536", "127.0.0.1:9000x", "127.0.0.1:-1",
		"128.0.0.1:9000", "127.0.0.1.1:9000", "" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
		assert_refused(addresses[i], NULL, STATUS_INVALID, "127.0.0.1");
}

/* A port that is free just now. */
static unsigned
free_port(void)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(name);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&name, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &size), 0);
	close(fd);
	return ntohs(name.sin_port);
}

static void
test_listener_open_tcp(void **state)
{
	g_autofree char *address = g_strdup_printf("127.0.0.1:%u", free_port());
	struct sockaddr_in name;
	socklen_t size = sizeof(name);
	struct listener listener;

	(void)state;
	assert_int_equal(
	    listener_open(address, NULL, &listener, NULL), STATUS_OK);

	assert_int_equal(
	    getsockname(listener.fd, (struct sockaddr *)&name, &size), 0);
	assert_int_equal(ntohl(name.sin_addr.s_addr), INADDR_LOOPBACK);
	assert_refused(address, NULL, STATUS_CONFLICT, address);
	listener_release(&listener);
}

static void
set_number(const char *name, int number)
{
	g_autofree char *text = g_strdup_printf("%d", number);

	g_setenv(name, text, TRUE);
}

static void
test_listener_inherit_none(void **state)
{
	struct listener listener;

	(void)state;
	set_number("LISTEN_PID", getpid());
	set_number("LISTEN_FDS", 0);
	set_number("BYLINE_LISTEN_FD", 999);

	assert_int_equal(listener_inherit(&listener), STATUS_NOT_FOUND);

	assert_null(getenv("LISTEN_PID"));
	assert_null(getenv("LISTEN_FDS"));
	assert_null(getenv("BYLINE_LISTEN_FD"));
}

static void
test_listener_inherit_own(void **state)
{
	struct fixture *fixture = *state;
	struct listener first, second;

	assert_int_equal(
	    listener_open(fixture->address, NULL, &first, NULL), STATUS_OK);
	set_number("BYLINE_LISTEN_FD", first.fd);
	set_number("BYLINE_LISTEN_LOCK", first.lock_fd);
	g_setenv("BYLINE_LISTEN_ASKED", first.asked, TRUE);

	assert_int_equal(listener_inherit(&second), STATUS_OK);

	assert_int_equal(second.fd, first.fd);
	assert_int_equal(second.lock_fd, first.lock_fd);
	assert_true(second.is_own);
	assert_string_equal(second.path, fixture->path);
	assert_true(listener_is_as_asked(&second, fixture->address, NULL));
	assert_false(listener_is_as_asked(&second, fixture->address, "x"));
	assert_false(listener_is_as_asked(&second, "unix:/x", NULL));
	assert_false(listener_is_as_asked(&second, NULL, NULL));
	assert_null(getenv("BYLINE_LISTEN_ASKED"));
	g_free(first.path);
	g_free(first.asked);
	listener_release(&second);
}

/* It has no lock, but it is known what it was made of. */
static void
test_listener_inherit_own_tcp(void **state)
{
	g_autofree char *address = g_strdup_printf("127.0.0.1:%u", free_port());
	struct listener first, second;

	(void)state;
	assert_int_equal(listener_open(address, NULL, &first, NULL), STATUS_OK);
	set_number("BYLINE_LISTEN_FD", first.fd);
	g_setenv("BYLINE_LISTEN_ASKED", first.asked, TRUE);

	assert_int_equal(listener_inherit(&second), STATUS_OK);

	assert_true(second.is_own);
	assert_true(listener_is_as_asked(&second, address, NULL));
	assert_false(listener_is_as_asked(&second, "127.0.0.1:1", NULL));
	g_free(first.asked);
	listener_release(&second);
}

/* As spawn-fcgi and mod_fcgid do: descriptor 0. */
static void
test_listener_inherit_standard_input(void **state)
{
	struct fixture *fixture = *state;
	int saved = dup(STDIN_FILENO);
	struct listener made, inherited;

	assert_int_equal(
	    listener_open(fixture->address, NULL, &made, NULL), STATUS_OK);
	assert_int_equal(dup2(made.fd, STDIN_FILENO), STDIN_FILENO);

	assert_int_equal(listener_inherit(&inherited), STATUS_OK);

	assert_int_equal(inherited.fd, STDIN_FILENO);
	assert_false(inherited.is_own);
	assert_null(inherited.path);
	assert_true(listener_is_as_asked(&inherited, "unix:/x", "x"));
	dup2(saved, STDIN_FILENO);
	close(saved);
	listener_release(&made);
}

/* As systemd does: descriptor 3, for the process that is named. */
static void
test_listener_inherit_systemd(void **state)
{
	struct fixture *fixture = *state;
	int saved = fcntl(3, F_DUPFD_CLOEXEC, 100);
	struct listener made, inherited;

	assert_int_equal(
	    listener_open(fixture->address, NULL, &made, NULL), STATUS_OK);
	if (made.fd != 3)
		assert_int_equal(dup2(made.fd, 3), 3);
	set_number("LISTEN_PID", getpid() + 1);
	set_number("LISTEN_FDS", 1);
	assert_int_equal(listener_inherit(&inherited), STATUS_NOT_FOUND);
	set_number("LISTEN_PID", getpid());
	set_number("LISTEN_FDS", 1);

	assert_int_equal(listener_inherit(&inherited), STATUS_OK);

	assert_int_equal(inherited.fd, 3);
	assert_false(inherited.is_own);
	if (saved >= 0) {
		dup2(saved, 3);
		close(saved);
	} else if (made.fd != 3) {
		close(3);
	}
	listener_release(&made);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_listener_open_unix),
		TEST(test_listener_open_mode),
		TEST(test_listener_open_group),
		TEST(test_listener_open_twice),
		TEST(test_listener_open_after_crash),
		TEST(test_listener_open_over_file),
		TEST(test_listener_open_bad_unix),
		TEST(test_listener_open_not_loopback),
		TEST(test_listener_open_tcp),
		TEST(test_listener_inherit_none),
		TEST(test_listener_inherit_own),
		TEST(test_listener_inherit_own_tcp),
		TEST(test_listener_inherit_standard_input),
		TEST(test_listener_inherit_systemd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
