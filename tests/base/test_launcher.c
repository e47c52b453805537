/*
 * test_launcher.c - programs started by a launcher, which end well, badly, or
 * not at all, and what is left when one of the three processes dies.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/launcher.h"

/* Ends long before this, on any machine. */
#define LONG_TIME 30

/* The program beside this one that is to be started. */
static char *
find_probe(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *place = g_path_get_dirname(self);

	return g_build_filename(place, "launcher_probe", NULL);
}

static struct launcher *
make_launcher(const char *program, const char *mode, unsigned seconds)
{
	struct launcher *launcher = NULL;
	const char *arguments[] = { program, mode, NULL };

	assert_int_equal(
	    launcher_new(arguments, seconds, &launcher, NULL), STATUS_OK);
	return launcher;
}

static struct launcher *
make_probe(const char *mode, unsigned seconds)
{
	g_autofree char *program = find_probe();

	return make_launcher(program, mode, seconds);
}

/* The one process that this one has made, as /proc tells. */
static pid_t
child_of(pid_t parent)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	pid_t found = 0;

	assert_non_null(processes);
	while ((entry = readdir(processes)) != NULL) {
		g_autofree char *path =
		    g_strdup_printf("/proc/%s/stat", entry->d_name);
		g_autofree char *line = NULL;
		const char *name_end;

		if (!g_ascii_isdigit(entry->d_name[0]) ||
		    !g_file_get_contents(path, &line, NULL, NULL))
			continue;
		name_end = strrchr(line, ')');
		if (name_end != NULL &&
		    strtol(name_end + 4, NULL, 10) == (long)parent)
			found = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	(void)closedir(processes);
	return found;
}

/* What the program writes; `input` is what it reads. */
static enum status
run(struct launcher *launcher, const char *input, char **out_output,
    struct launch *out_launch, GError **error)
{
	char bytes[4096] = { 0 };
	int in[2], out[2], more;
	ssize_t size;
	enum status status;

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	more = open("/", O_PATH | O_CLOEXEC);
	assert_true(write(in[1], input, strlen(input)) >= 0);
	close(in[1]);
	status = launcher_run(launcher, (const int[]){ in[0], out[1], more }, 3,
	    out_launch, error);
	close(in[0]);
	close(out[1]);
	close(more);
	/* To the end of it, which comes when nobody else has it any more. */
	size = read(out[0], bytes, sizeof(bytes) - 1);
	assert_true(size >= 0);
	assert_int_equal(read(out[0], bytes + size, 1), 0);
	close(out[0]);
	if (out_output != NULL)
		*out_output = g_strdup(bytes);
	return status;
}

static void
assert_exit(struct launcher *launcher, int wait_status)
{
	struct launch launch = { 0 };

	assert_int_equal(run(launcher, "", NULL, &launch, NULL), STATUS_OK);
	assert_int_equal(launch.wait_status, wait_status);
	assert_false(launch.is_out_of_time);
}

static void
test_launcher_run_gives_what_is_said(void **state)
{
	struct launcher *launcher;
	struct launch launch = { 0 };
	g_autofree char *output = NULL;
	int stray = open("/", O_PATH);
	(void)state;

	assert_true(stray > 2);
	g_setenv("BYLINE_SECRET", "of the parent", TRUE);
	launcher = make_probe("tell", LONG_TIME);

	assert_int_equal(
	    run(launcher, "words", &output, &launch, NULL), STATUS_OK);

	assert_int_equal(launch.wait_status, 0);
	assert_string_equal(output,
	    "argument tell\ndescriptors 0 1 2 3\nfolder /\n"
	    "error /dev/null\nblocked 0\ninput words\n");
	launcher_free(launcher);
	close(stray);
}

static void
test_launcher_run_again_and_again(void **state)
{
	struct launcher *launcher = make_probe("tell", LONG_TIME);
	(void)state;

	for (int i = 0; i < 100; i++)
		assert_exit(launcher, 0);

	launcher_free(launcher);
	assert_int_equal(child_of(getpid()), 0);
}

static void
test_launcher_run_bad_endings(void **state)
{
	struct launcher *crash = make_probe("crash", LONG_TIME);
	struct launcher *failure = make_probe("exit", LONG_TIME);
	struct launch launch = { 0 };
	(void)state;

	for (int i = 0; i < 3; i++) {
		assert_exit(failure, 3 << 8);
		assert_int_equal(
		    run(crash, "", NULL, &launch, NULL), STATUS_OK);
#ifndef WITH_SANITIZERS
		assert_true(WIFSIGNALED(launch.wait_status));
		assert_int_equal(WTERMSIG(launch.wait_status), SIGSEGV);
#endif
		assert_int_not_equal(launch.wait_status, 0);
		assert_false(WCOREDUMP(launch.wait_status));
	}

	launcher_free(crash);
	launcher_free(failure);
}

static void
test_launcher_run_memory(void **state)
{
	struct launcher *launcher = make_probe("memory", LONG_TIME);
	struct launch launch = { 0 };
	(void)state;

	assert_int_equal(run(launcher, "", NULL, &launch, NULL), STATUS_OK);

	assert_int_equal(launch.wait_status, 0);
	assert_in_range(
	    launch.peak_memory, (size_t)100 << 20, (size_t)1000 << 20);
	launcher_free(launcher);
}

static void
test_launcher_run_out_of_time(void **state)
{
	struct launcher *launcher = make_probe("wait", 1);
	gint64 start = g_get_monotonic_time();
	struct launch launch = { 0 };
	(void)state;

	for (int i = 1; i <= 2; i++) {
		assert_int_equal(
		    run(launcher, "", NULL, &launch, NULL), STATUS_OK);
		assert_true(launch.is_out_of_time);
		assert_true(WIFSIGNALED(launch.wait_status));
		assert_int_equal(WTERMSIG(launch.wait_status), SIGKILL);
		assert_true(
		    g_get_monotonic_time() - start >= i * G_USEC_PER_SEC);
	}
	assert_true(g_get_monotonic_time() - start < 20 * G_USEC_PER_SEC);
	launcher_free(launcher);
}

/* One that is installed later is found then. */
static void
test_launcher_run_program_not_there(void **state)
{
	g_autofree char *folder =
	    g_dir_make_tmp("byline-launcher-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "program", NULL);
	g_autofree char *probe = find_probe();
	struct launcher *launcher = make_launcher(path, "tell", LONG_TIME);
	struct launch launch = { 0 };
	g_autoptr(GError) missing = NULL;
	g_autoptr(GError) refused = NULL;
	(void)state;

	assert_int_equal(
	    run(launcher, "", NULL, &launch, &missing), STATUS_NOT_FOUND);
	assert_string_equal(missing->message, "is not installed");

	assert_true(g_file_set_contents(path, "no program", -1, NULL));
	assert_int_equal(
	    run(launcher, "", NULL, &launch, &refused), STATUS_FAILED);
	assert_non_null(strstr(refused->message, "cannot be started: "));

	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(probe, path), 0);
	assert_exit(launcher, 0);

	launcher_free(launcher);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void
test_launcher_run_no_process(void **state)
{
	struct launcher *launcher = make_probe("tell", LONG_TIME);
	struct rlimit before, few;
	struct launch launch = { 0 };
	g_autoptr(GError) error = NULL;
	pid_t pid = child_of(getpid());
	(void)state;

	/* It has five, and is given three: none is left for its own. */
	assert_exit(launcher, 0);
	assert_int_equal(prlimit(pid, RLIMIT_NOFILE, NULL, &before), 0);
	few = (struct rlimit){ 8, before.rlim_max };
	assert_int_equal(prlimit(pid, RLIMIT_NOFILE, &few, NULL), 0);
	assert_int_equal(run(launcher, "", NULL, &launch, &error), STATUS_BUSY);
	assert_non_null(strstr(error->message, "cannot be started just now: "));

	assert_int_equal(prlimit(pid, RLIMIT_NOFILE, &before, NULL), 0);
	assert_exit(launcher, 0);
	launcher_free(launcher);
}

/* Who ends a whole service reaches all of its processes. */
static void
test_launcher_run_asked_to_end(void **state)
{
	struct launcher *launcher = make_probe("signal", LONG_TIME);
	pid_t pid;
	(void)state;

	assert_exit(launcher, 0);
	pid = child_of(getpid());
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(kill(pid, SIGINT), 0);
	assert_int_equal(kill(pid, SIGHUP), 0);

	assert_exit(launcher, 0);
	launcher_free(launcher);
}

static void
test_launcher_run_launcher_killed(void **state)
{
	struct launcher *launcher = make_probe("tell", LONG_TIME);
	struct launch launch = { 0 };
	pid_t pid;
	(void)state;

	assert_exit(launcher, 0);
	pid = child_of(getpid());
	assert_int_equal(kill(pid, SIGKILL), 0);

	for (int i = 0; i < 2; i++) {
		g_autoptr(GError) error = NULL;

		assert_int_equal(
		    run(launcher, "", NULL, &launch, &error), STATUS_FAILED);
		assert_non_null(strstr(error->message, "start Byline again"));
	}
	launcher_free(launcher);
}

/* What is open in the launcher, once it has answered. */
static void
test_launcher_holds_nothing(void **state)
{
	int stray = open("/", O_PATH);
	struct launcher *launcher = make_probe("tell", LONG_TIME);
	g_autofree char *path = NULL;
	g_autofree char *status = NULL;
	g_autofree char *name = NULL;
	const char *entry;
	GDir *folder;
	int count = 0;
	(void)state;

	assert_exit(launcher, 0);
	path = g_strdup_printf("/proc/%d/fd", (int)child_of(getpid()));
	folder = g_dir_open(path, 0, NULL);
	assert_non_null(folder);
	/* valgrind has its own above all others. */
	while ((entry = g_dir_read_name(folder)) != NULL)
		count += strtol(entry, NULL, 10) < 1000;
	g_dir_close(folder);
	name = g_strdup_printf("/proc/%d/status", (int)child_of(getpid()));
	assert_true(g_file_get_contents(name, &status, NULL, NULL));

	assert_int_equal(count, 5); /* nothing, thrice; socket; signals */
	assert_non_null(strstr(status, "\nNoNewPrivs:\t1\n"));
	launcher_free(launcher);
	close(stray);
}

/* A parent that is killed while its program runs. */
static void
test_launcher_ends_with_its_parent(void **state)
{
	int in[2], out[2], how;
	pid_t parent;
	char byte;
	(void)state;

	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	parent = fork();
	if (parent == 0) {
		struct launcher *launcher = make_probe("wait", LONG_TIME);
		struct launch launch;

		_exit(launcher_run(launcher, (const int[]){ in[0], out[1] }, 2,
		    &launch, NULL));
	}
	close(out[1]);

	assert_int_equal(read(out[0], &byte, 1), 1);
	assert_int_equal(kill(parent, SIGKILL), 0);

	/* Nobody has the pipe any more, and all three are ours to bury. */
	assert_int_equal(read(out[0], &byte, 1), 0);
	for (int i = 0; i < 2; i++)
		assert_true(waitpid(-1, &how, 0) > 0);
	while (waitpid(-1, &how, 0) > 0) {
	}
	assert_int_equal(errno, ECHILD);
	close(out[0]);
	close(in[0]);
	close(in[1]);
}

/* A launcher that is killed takes its program with it. */
static void
test_launcher_takes_its_program_along(void **state)
{
	struct launcher *launcher = make_probe("wait", LONG_TIME);
	struct launch launch;
	int in[2], out[2];
	pid_t killer;
	pid_t pid = child_of(getpid());
	char byte;
	(void)state;

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	killer = fork();
	if (killer == 0) {
		close(out[1]);
		_exit(read(out[0], &byte, 1) == 1 && kill(pid, SIGKILL) == 0 &&
			      read(out[0], &byte, 1) == 0
			  ? 0
			  : 1);
	}
	assert_int_equal(launcher_run(launcher, (const int[]){ in[0], out[1] },
			     2, &launch, NULL),
	    STATUS_FAILED);
	close(out[1]);

	assert_int_equal(read(out[0], &byte, 1), 0);
	assert_int_equal(waitpid(killer, NULL, 0), killer);
	launcher_free(launcher);
	close(out[0]);
	close(in[0]);
	close(in[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_launcher_run_gives_what_is_said),
		cmocka_unit_test(test_launcher_run_again_and_again),
		cmocka_unit_test(test_launcher_run_bad_endings),
		cmocka_unit_test(test_launcher_run_memory),
		cmocka_unit_test(test_launcher_run_out_of_time),
		cmocka_unit_test(test_launcher_run_program_not_there),
		cmocka_unit_test(test_launcher_run_no_process),
		cmocka_unit_test(test_launcher_run_asked_to_end),
		cmocka_unit_test(test_launcher_run_launcher_killed),
		cmocka_unit_test(test_launcher_holds_nothing),
		cmocka_unit_test(test_launcher_takes_its_program_along),
		cmocka_unit_test(test_launcher_ends_with_its_parent),
	};

	/* A process that does not end must not keep us for ever. */
	(void)alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
