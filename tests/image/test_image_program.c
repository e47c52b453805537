/*
 * test_image_program.c - byline-image as a process: what it has and may do when
 * it begins to read, and how it is started.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct process {
	pid_t pid;
	int input, output; /* our ends */
	char *folder;
};

static G_GNUC_NORETURN void
become(const char *argument, int input, int output, int folder)
{
	g_autofree char *program =
	    g_build_filename(g_getenv("builddir"), "byline-image", NULL);
	char *arguments[] = { program, (char *)(uintptr_t)argument, NULL };

	/* Out of the way of what comes to stand there. */
	folder = folder < 0 ? -1 : fcntl(folder, F_DUPFD_CLOEXEC, 10);
	if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		_exit(99);
	(void)close(3);
	if (folder >= 0 && dup2(folder, 3) != 3)
		_exit(99);
	(void)close_range(4, ~0U, 0);
	(void)execv(program, arguments);
	_exit(98);
}

/* As an old kernel, or a host that filters system calls itself. */
static void
forbid_filters(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (seccomp_rule_add(
		filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0) != 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
		SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP)) != 0 ||
	    seccomp_load(filter) != 0)
		_exit(97);
	seccomp_release(filter);
}

enum kernel {
	KERNEL_WITH_FILTERS,
	KERNEL_WITHOUT
};

static struct process
start_on(enum kernel kernel, const char *argument, const char *path, int folder)
{
	struct process process = { .folder = g_strdup(path) };
	int in[2], out[2];

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	process.pid = fork();
	if (process.pid == 0) {
		if (kernel == KERNEL_WITHOUT)
			forbid_filters();
		become(argument, in[0], out[1], folder);
	}
	close(in[0]);
	close(out[1]);
	process.input = in[1];
	process.output = out[0];
	return process;
}

/* byline-image with this descriptor as its folder; none if it is negative. */
static struct process
start(const char *argument, const char *path, int folder)
{
	return start_on(KERNEL_WITH_FILTERS, argument, path, folder);
}

/* All that it says until it ends, and how that was. */
static int
end(struct process *process, char said[512])
{
	size_t size = 0;
	ssize_t count;
	int how = -1;

	close(process->input);
	while ((count = read(process->output, said + size, 511 - size)) > 0)
		size += (size_t)count;
	said[size] = '\0';
	close(process->output);
	g_free(process->folder);
	assert_int_equal(waitpid(process->pid, &how, 0), process->pid);
	return how;
}

/* A new folder, and what is made in it in the end. */
static int
open_folder(char **out_path)
{
	*out_path = g_dir_make_tmp("byline-image-XXXXXX", NULL);
	return open(*out_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static size_t
close_folder(int descriptor, char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;
	size_t count = 0;

	while ((name = g_dir_read_name(folder)) != NULL) {
		assert_int_equal(unlinkat(descriptor, name, 0), 0);
		count++;
	}
	assert_int_equal(rmdir(path), 0);
	close(descriptor);
	g_free(path);
	return count;
}

static void
test_program_says_how_it_is_started(void **state)
{
	static const char *const ARGUMENTS[] = { NULL, "picture.jpg" };
	struct process process = start("--version", "", -1);
	char said[512];
	(void)state;

	assert_int_equal(end(&process, said), 0);
	assert_string_equal(said, PACKAGE_STRING "\n");
	for (size_t i = 0; i < G_N_ELEMENTS(ARGUMENTS); i++) {
		char *path;
		int folder = open_folder(&path);

		process = start(ARGUMENTS[i], path, i == 0 ? -1 : folder);
		assert_int_equal(end(&process, said), 2 << 8);
		assert_non_null(strstr(said, "Usage: byline-image"));
		assert_int_equal(close_folder(folder, path), 0);
	}
}

/* What one has made is in the way of the next. */
static void
test_program_overwrites_nothing(void **state)
{
	char *path;
	int folder = open_folder(&path);
	char said[512];
	struct process process = start(NULL, path, folder);
	(void)state;

	assert_int_equal(end(&process, said), 0);
	assert_non_null(strstr(said, "failed invalid is not a JPEG"));
	process = start(NULL, path, folder);
	assert_int_equal(end(&process, said), 0);
	assert_string_equal(
	    said, "failed failed cannot be written: File exists\n");
	assert_true(close_folder(folder, path) > 0);
}

static void
test_program_refuses_without_a_sandbox(void **state)
{
#ifdef WITH_SANITIZERS
	(void)state;
	skip();
#else
	char *path;
	int folder = open_folder(&path);
	struct process process = start_on(KERNEL_WITHOUT, NULL, path, folder);
	char said[512];
	(void)state;

	assert_int_equal(end(&process, said), 0);
	/* The log comes by the same pipe here. */
	assert_non_null(strstr(
	    said, "failed failed is not touched: this system has no sandbox"));
	assert_true(close_folder(folder, path) > 0);
#endif
}

#ifndef WITH_SANITIZERS
static bool
has_line(pid_t pid, const char *line)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)pid);
	g_autofree char *status = NULL;

	return g_file_get_contents(path, &status, NULL, NULL) &&
	       strstr(status, line) != NULL;
}

/* Each of its threads has its own filter. */
static void
assert_threads_are_confined(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/task", (int)pid);
	g_autoptr(GDir) threads = g_dir_open(path, 0, NULL);
	const char *name;

	assert_non_null(threads);
	while ((name = g_dir_read_name(threads)) != NULL) {
		g_autofree char *file =
		    g_build_filename(path, name, "status", NULL);
		g_autofree char *status = NULL;

		assert_true(g_file_get_contents(file, &status, NULL, NULL));
		assert_non_null(strstr(status, "\nNoNewPrivs:\t1\n"));
		assert_non_null(strstr(status, "\nSeccomp:\t2\n"));
	}
}

/* The image, the pipe and the folder; and files in that folder. */
static void
assert_descriptors(const struct process *process)
{
	g_autofree char *path =
	    g_strdup_printf("/proc/%d/fd", (int)process->pid);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;

	assert_non_null(folder);
	while ((name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *link = g_build_filename(path, name, NULL);
		g_autofree char *target = g_file_read_link(link, NULL);

		if (strtol(name, NULL, 10) >= 3 &&
		    !g_str_has_prefix(target, process->folder))
			fail_msg("%s is open", target);
	}
}

static void
assert_limits(pid_t pid)
{
	static const char *const LIMITS[] = {
		"Max cpu time              5                    6 ",
		"Max file size             67108864             67108864 ",
		"Max data size             268435456            268435456 ",
		"Max core file size        0                    0 ",
		"Max open files            64                   64 ",
	};
	g_autofree char *path = g_strdup_printf("/proc/%d/limits", (int)pid);
	g_autofree char *limits = NULL;

	assert_true(g_file_get_contents(path, &limits, NULL, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(LIMITS); i++) {
		if (strstr(limits, LIMITS[i]) == NULL)
			fail_msg("no %s in:\n%s", LIMITS[i], limits);
	}
}

/* Nothing that reads what else libvips knows. */
static void
assert_no_plugins(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/maps", (int)pid);
	g_autofree char *maps = NULL;

	assert_true(g_file_get_contents(path, &maps, NULL, NULL));
	assert_non_null(strstr(maps, "libvips"));
	assert_null(strstr(maps, "libMagick"));
	assert_null(strstr(maps, "poppler"));
	assert_null(strstr(maps, "vips-modules"));
}
#endif

/* It waits for the first byte: all of this is so before it reads one. */
static void
test_program_is_confined_before_it_reads(void **state)
{
#ifdef WITH_SANITIZERS
	(void)state;
	skip();
#else
	char *path;
	int folder = open_folder(&path);
	struct process process = start(NULL, path, folder);
	char said[512];
	(void)state;

	for (int i = 0; i < 600 && !has_line(process.pid, "\nSeccomp:\t2\n");
	     i++)
		g_usleep(G_USEC_PER_SEC / 20);
	assert_threads_are_confined(process.pid);
	assert_descriptors(&process);
	assert_limits(process.pid);
	assert_no_plugins(process.pid);
	assert_int_equal(write(process.input, "GIF89a", 6), 6);

	assert_int_equal(end(&process, said), 0);
	assert_true(g_str_has_prefix(said, "failed invalid is damaged: "));
	assert_true(close_folder(folder, path) > 0);
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_program_says_how_it_is_started),
		cmocka_unit_test(test_program_overwrites_nothing),
		cmocka_unit_test(test_program_is_confined_before_it_reads),
		cmocka_unit_test(test_program_refuses_without_a_sandbox),
	};

	(void)alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
