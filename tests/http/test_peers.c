/*
 * test_peers.c - who may connect to a unix socket that we were given: asked for
 * by processes of other users and groups.
 */
#include "config.h"

#include <grp.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "http/peers.h"

/* Users and groups that need not have a name. */
#define OWNER    70001
#define GROUP    70002
#define MAKER    70003
#define STRANGER 70004

struct fixture {
	char *folder;
	struct sockaddr_un name;
	int fd;
};

static int
setup(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);

	fixture->folder = g_dir_make_tmp("byline-peers-XXXXXX", NULL);
	fixture->name.sun_family = AF_UNIX;
	g_snprintf(fixture->name.sun_path, sizeof(fixture->name.sun_path),
	    "%s/s", fixture->folder);
	fixture->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*state = fixture;
	return bind(fixture->fd, (struct sockaddr *)&fixture->name,
	    sizeof(fixture->name));
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;
	int result;

	close(fixture->fd);
	(void)unlink(fixture->name.sun_path);
	result = rmdir(fixture->folder);
	g_free(fixture->folder);
	g_free(fixture);
	return result;
}

/* Somebody who connects; `other` is a group beside `group`. */
struct somebody {
	uid_t user;
	gid_t group;
	gid_t other;
};

static void
connect_as(const struct fixture *fixture, const struct somebody *who)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (who != NULL &&
	    (setgroups(1, &who->other) != 0 || setgid(who->group) != 0 ||
		setuid(who->user) != 0))
		_exit(2);
	_exit(connect(fd, (const struct sockaddr *)&fixture->name,
		  sizeof(fixture->name)) == 0
		  ? 0
		  : 1);
}

/* Whether `who` (NULL: we ourselves) is let in. */
static bool
is_let_in(const struct fixture *fixture, const struct peers *peers,
    const struct somebody *who)
{
	pid_t pid = fork();
	int wait_status;
	bool result;
	int fd;

	assert_true(pid >= 0);
	if (pid == 0)
		connect_as(fixture, who);
	assert_int_equal(waitpid(pid, &wait_status, 0), pid);
	assert_int_equal(wait_status, 0);
	fd = accept(fixture->fd, NULL, NULL);
	assert_true(fd >= 0);
	result = peers_include(peers, fd);
	close(fd);
	return result;
}

/* A socket of OWNER and GROUP that MAKER handed to us, open to the world. */
static void
hand_over(struct fixture *fixture)
{
	assert_int_equal(chmod(fixture->folder, 0755), 0);
	assert_int_equal(chmod(fixture->name.sun_path, 0666), 0);
	assert_int_equal(chown(fixture->name.sun_path, OWNER, GROUP), 0);
	assert_int_equal(seteuid(MAKER), 0);
	assert_int_equal(listen(fixture->fd, 4), 0);
	assert_int_equal(seteuid(0), 0);
}

static void
test_peers_include_of_others(void **state)
{
	static const struct {
		struct somebody who;
		bool is_let_in;
	} cases[] = {
		{ { 0, 0, 0 }, true },
		{ { OWNER, STRANGER, STRANGER }, true },
		{ { MAKER, STRANGER, STRANGER }, true },
		{ { STRANGER, GROUP, STRANGER }, true },
		{ { STRANGER, STRANGER, GROUP }, true },
		{ { STRANGER, STRANGER, STRANGER }, false },
		{ { STRANGER, 0, 0 }, false },
		{ { GROUP, OWNER, MAKER }, false },
	};
	struct fixture *fixture = *state;
	struct peers peers;

	if (geteuid() != 0)
		skip();
	hand_over(fixture);
	peers_init(&peers, fixture->fd);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(is_let_in(fixture, &peers, &cases[i].who),
		    cases[i].is_let_in);
}

/* Nobody can say whose it is: what is known of its maker is left. */
static void
test_peers_include_without_a_file(void **state)
{
	static const struct somebody maker = { MAKER, STRANGER, STRANGER };
	static const struct somebody owner = { OWNER, GROUP, GROUP };
	struct fixture *fixture = *state;
	struct peers peers;
	g_autofree char *elsewhere = NULL;

	if (geteuid() != 0)
		skip();
	hand_over(fixture);
	elsewhere = g_strconcat(fixture->name.sun_path, "2", NULL);
	assert_int_equal(rename(fixture->name.sun_path, elsewhere), 0);
	peers_init(&peers, fixture->fd);
	assert_int_equal(rename(elsewhere, fixture->name.sun_path), 0);

	assert_true(is_let_in(fixture, &peers, &maker));
	assert_false(is_let_in(fixture, &peers, &owner));
}

static void
test_peers_include_ourselves(void **state)
{
	struct fixture *fixture = *state;
	struct peers peers;

	assert_int_equal(listen(fixture->fd, 4), 0);
	peers_init(&peers, fixture->fd);

	assert_false(peers.is_anybody);
	assert_true(is_let_in(fixture, &peers, NULL));
}

/* Of a connection by TCP nothing is known: it is kept to this machine. */
static void
test_peers_init_tcp(void **state)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct peers peers;

	(void)state;
	assert_int_equal(listen(fd, 4), 0);

	peers_init(&peers, fd);

	assert_true(peers.is_anybody);
	assert_true(peers_include(&peers, fd));
	close(fd);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_peers_include_of_others),
		TEST(test_peers_include_without_a_file),
		TEST(test_peers_include_ourselves),
		TEST(test_peers_init_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
