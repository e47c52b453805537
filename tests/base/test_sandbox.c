/*
 * test_sandbox.c - what a process in the sandbox can do, and what it cannot.
 *
 * Each check is a process of its own (sandbox_probe.c), in each profile and in
 * both ways of linking: the C library asks the kernel differently in a static
 * program.
 */
#include "config.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

static const char *const PROGRAMS[] = { "sandbox_probe",
	"sandbox_probe_static" };

static void
remove_folder(const char *folder)
{
	g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		unlink(path);
	}
	rmdir(folder);
}

/* A probe beside this program, its output and input in `out_fds`. */
static pid_t
start_probe(const char *program, const char *profile, const char *check,
    const char *folder, int out_fds[2])
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *place = g_path_get_dirname(self);
	g_autofree char *path = g_build_filename(place, program, NULL);
	char *arguments[] = { path, (char *)(uintptr_t)profile,
		(char *)(uintptr_t)check, (char *)(uintptr_t)folder, NULL };
	posix_spawn_file_actions_t actions;
	int input[2], output[2];
	pid_t pid;

	assert_int_equal(pipe2(input, O_CLOEXEC), 0);
	assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
	if (posix_spawn(&pid, path, &actions, NULL, arguments, environ) != 0)
		fail_msg("cannot start %s", path);
	posix_spawn_file_actions_destroy(&actions);
	close(input[0]);
	close(output[1]);
	out_fds[0] = output[0];
	out_fds[1] = input[1];
	return pid;
}

static int
end_probe(pid_t pid, const int fds[2])
{
	int how = -1;

	close(fds[0]);
	close(fds[1]);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	return how;
}

static int
run_probe(const char *program, const char *profile, const char *check)
{
	g_autofree char *folder = g_dir_make_tmp("byline-sandbox-XXXXXX", NULL);
	int fds[2];
	pid_t pid = start_probe(program, profile, check, folder, fds);
	int how = end_probe(pid, fds);

	remove_folder(folder);
	return how;
}

static void
assert_checks(const char *profile, const char *const checks[])
{
#ifdef WITH_SANITIZERS
	(void)profile;
	(void)checks;
	skip();
#else
	for (size_t i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
		for (size_t j = 0; checks[j] != NULL; j++) {
			int how = run_probe(PROGRAMS[i], profile, checks[j]);

			if (how != 0)
				fail_msg("%s %s %s: 0x%x", PROGRAMS[i], profile,
				    checks[j], (unsigned)how);
		}
	}
#endif
}

static void
test_public_can_do_its_work(void **state)
{
	static const char *const CHECKS[] = { "computing", "database", "files",
		"connection", NULL };
	(void)state;

	assert_checks("public", CHECKS);
}

static void
test_public_cannot_do_more(void **state)
{
	static const char *const CHECKS[] = { "exec", "process", "socket",
		"power", "code", "no-rename", "memory", "limits", NULL };
	(void)state;

	assert_checks("public", CHECKS);
}

static void
test_cgi_can_do_its_work(void **state)
{
	static const char *const CHECKS[] = { "computing", "database", "files",
		"replace", NULL };
	(void)state;

	assert_checks("cgi", CHECKS);
}

static void
test_cgi_cannot_do_more(void **state)
{
	static const char *const CHECKS[] = { "exec", "process", "socket",
		"power", "code", "memory", "limits", NULL };
	(void)state;

	assert_checks("cgi", CHECKS);
}

static void
test_desk_can_do_its_work(void **state)
{
	static const char *const CHECKS[] = { "computing", "database", "files",
		"connection", "replace", "folders", "child", "descriptor",
		NULL };
	(void)state;

	assert_checks("desk", CHECKS);
}

static void
test_desk_cannot_do_more(void **state)
{
	static const char *const CHECKS[] = { "exec", "namespace", "signals",
		"socket", "power", "code", "memory", "limits-of-users", NULL };
	(void)state;

	assert_checks("desk", CHECKS);
}

static void
test_render_can_do_its_work(void **state)
{
	static const char *const CHECKS[] = { "computing", NULL };
	(void)state;

	assert_checks("render", CHECKS);
}

static void
test_render_cannot_do_more(void **state)
{
	static const char *const CHECKS[] = { "exec", "process", "socket",
		"power", "code", "no-file", "memory", NULL };
	(void)state;

	assert_checks("render", CHECKS);
}

static void
test_image_can_do_its_work(void **state)
{
	static const char *const CHECKS[] = { "computing", "thread",
		"file-size", NULL };
	(void)state;

	assert_checks("image", CHECKS);
}

static void
test_image_cannot_do_more(void **state)
{
	static const char *const CHECKS[] = { "exec", "process", "old-thread",
		"socket", "power", "code", "no-file", "memory", "limits",
		NULL };
	(void)state;

	assert_checks("image", CHECKS);
}

static void
test_image_ends_when_its_time_is_up(void **state)
{
	(void)state;
#ifdef WITH_SANITIZERS
	skip();
#else
	for (size_t i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
		int how = run_probe(PROGRAMS[i], "image", "time");

		assert_true(WIFSIGNALED(how));
		assert_int_equal(WTERMSIG(how), SIGXCPU);
	}
#endif
}

/* A probe that finds what it should not is told apart: files stay possible in
 * the public profile, and are not in the other. */
static void
test_probe_can_fail(void **state)
{
	(void)state;
#ifdef WITH_SANITIZERS
	skip();
#else
	for (size_t i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
		int how = run_probe(PROGRAMS[i], "public", "no-file");

		assert_true(WIFEXITED(how));
		assert_int_equal(WEXITSTATUS(how), 1);
		how = run_probe(PROGRAMS[i], "render", "database");
		assert_true(WIFEXITED(how));
		assert_int_equal(WEXITSTATUS(how), 1);
		how = run_probe(PROGRAMS[i], "render", "thread");
		assert_true(WIFEXITED(how));
		assert_int_equal(WEXITSTATUS(how), 1);
		how = run_probe(PROGRAMS[i], "public", "child");
		assert_true(WIFEXITED(how));
		assert_int_equal(WEXITSTATUS(how), 1);
		how = run_probe(PROGRAMS[i], "desk", "process");
		assert_true(WIFEXITED(how));
		assert_int_equal(WEXITSTATUS(how), 1);
	}
#endif
}

static void
test_abort_ends_by_its_signal(void **state)
{
	static const char *const PROFILES[] = { "public", "cgi", "desk",
		"render", "image" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(PROFILES); j++) {
			int how = run_probe(PROGRAMS[i], PROFILES[j], "abort");

			assert_true(WIFSIGNALED(how));
			assert_int_equal(WTERMSIG(how), SIGABRT);
			assert_false(WCOREDUMP(how));
		}
	}
}

/* The one that renders for the desk: by its signal it is known that it had no
 * memory. */
static void
test_abort_of_a_child_of_the_desk(void **state)
{
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
		int how = run_probe(PROGRAMS[i], "desk", "abort-of-child");

		assert_true(WIFEXITED(how));
		assert_int_equal(WEXITSTATUS(how), 0);
	}
}

/* What the kernel says of the process. */
static void
assert_confined(const char *program, const char *profile)
{
	g_autofree char *folder = g_dir_make_tmp("byline-sandbox-XXXXXX", NULL);
	g_autofree char *name = NULL;
	g_autofree char *status = NULL;
	int fds[2];
	pid_t pid = start_probe(program, profile, "wait", folder, fds);
	char line[4] = { 0 };

	assert_int_equal(read(fds[0], line, 3), 3);
	name = g_strdup_printf("/proc/%d/status", (int)pid);
	assert_true(g_file_get_contents(name, &status, NULL, NULL));
	assert_int_equal(end_probe(pid, fds), 0);
	remove_folder(folder);
	assert_non_null(strstr(status, "\nNoNewPrivs:\t1\n"));
#ifndef WITH_SANITIZERS
	assert_non_null(strstr(status, "\nSeccomp:\t2\n"));
#endif
}

static void
test_kernel_says_so(void **state)
{
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
		assert_confined(PROGRAMS[i], "public");
		assert_confined(PROGRAMS[i], "cgi");
		assert_confined(PROGRAMS[i], "desk");
		assert_confined(PROGRAMS[i], "render");
		assert_confined(PROGRAMS[i], "image");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_public_can_do_its_work),
		cmocka_unit_test(test_public_cannot_do_more),
		cmocka_unit_test(test_cgi_can_do_its_work),
		cmocka_unit_test(test_cgi_cannot_do_more),
		cmocka_unit_test(test_desk_can_do_its_work),
		cmocka_unit_test(test_desk_cannot_do_more),
		cmocka_unit_test(test_render_can_do_its_work),
		cmocka_unit_test(test_render_cannot_do_more),
		cmocka_unit_test(test_image_can_do_its_work),
		cmocka_unit_test(test_image_cannot_do_more),
		cmocka_unit_test(test_image_ends_when_its_time_is_up),
		cmocka_unit_test(test_probe_can_fail),
		cmocka_unit_test(test_abort_ends_by_its_signal),
		cmocka_unit_test(test_abort_of_a_child_of_the_desk),
		cmocka_unit_test(test_kernel_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
