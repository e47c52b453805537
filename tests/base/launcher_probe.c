/*
 * launcher_probe.c - what test_launcher.c has a launcher start.
 *
 *	launcher_probe MODE
 *
 * "tell" writes what it was started with, and what it reads; "wait" writes a
 * byte and never ends by itself; "memory" takes 100 MB; "crash" and "exit"
 * end badly; "signal" has itself asked to end, and does not.
 */
#include "config.h"

#include <dirent.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The numbers of the descriptors that are open, but for that of the folder. */
static void
tell_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;
	unsigned found = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		int number = (int)strtol(entry->d_name, NULL, 10);

		if (entry->d_name[0] != '.' && number != dirfd(folder))
			found |= 1U << number;
	}
	printf("descriptors");
	for (unsigned i = 0; i < 32; i++) {
		if ((found & 1U << i) != 0)
			printf(" %u", i);
	}
	printf("\n");
	if (folder != NULL)
		(void)closedir(folder);
}

static int
tell(int argc, char **argv)
{
	g_autofree char *place = g_get_current_dir();
	g_autofree char *nothing = g_file_read_link("/proc/self/fd/2", NULL);
	char bytes[64];
	size_t size;
	sigset_t blocked;

	for (int i = 1; i < argc; i++)
		printf("argument %s\n", argv[i]);
	for (char **variable = environ; *variable != NULL; variable++)
		printf("variable %s\n", *variable);
	(void)sigprocmask(SIG_SETMASK, NULL, &blocked);
	tell_descriptors();
	printf("folder %s\n", place);
	printf("error %s\n", nothing);
	printf("blocked %d\n", sigismember(&blocked, SIGCHLD));
	size = fread(bytes, 1, sizeof(bytes), stdin);
	printf("input %.*s\n", (int)size, bytes);
	return 0;
}

static G_GNUC_NORETURN void
wait_for_ever(void)
{
	(void)!write(STDOUT_FILENO, "w", 1);
	for (;;)
		(void)pause();
}

int
main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (strcmp(mode, "tell") == 0)
		return tell(argc, argv);
	if (strcmp(mode, "wait") == 0)
		wait_for_ever();
	if (strcmp(mode, "memory") == 0) {
		g_autofree char *much = g_malloc(100 << 20);

		memset(much, 1, 100 << 20);
		return much[12345] - 1;
	}
	if (strcmp(mode, "crash") == 0)
		(void)raise(SIGSEGV);
	if (strcmp(mode, "signal") == 0)
		return raise(SIGTERM) + raise(SIGINT) + raise(SIGHUP);
	return 3;
}
