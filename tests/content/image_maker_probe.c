/*
 * image_maker_probe.c - stands in for byline-image, and does it wrong.
 *
 *	image_maker_probe MODE
 *
 * What each mode does is seen below; test_image_maker.c starts it.
 */
#include "config.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER 3

/* As much of a GIF as tells its size. */
static const char GIF[] = "GIF89a\x03\0\x02\0\x80\0";

static void
write_file(const char *name, const char *bytes, size_t size)
{
	int descriptor =
	    openat(FOLDER, name, O_WRONLY | O_CREAT | O_EXCL, 0644);

	if (write(descriptor, bytes, size) != (ssize_t)size)
		_exit(9);
	(void)close(descriptor);
}

static void
say(const char *words)
{
	if (write(STDOUT_FILENO, words, strlen(words)) < 0)
		_exit(9);
}

static void
say_gif(const char *size, int bytes)
{
	g_autofree char *line = g_strdup_printf(
	    "file full.gif image/gif %s %d\nend\n", size, bytes);

	say(line);
}

/* The image is there, from its beginning. */
static void
make_good(void)
{
	char first[6];

	if (read(STDIN_FILENO, first, 6) != 6 ||
	    memcmp(first, "GIF89a", 6) != 0)
		_exit(9);
	write_file("full.gif", GIF, sizeof(GIF));
	write_file("full.webp", "left", 4);
	write_file("480.png", "", 0);
	say_gif("3 2", sizeof(GIF));
}

static void
make_bad(const char *mode)
{
	if (strcmp(mode, "link") == 0) {
		if (symlinkat("/proc/self/exe", FOLDER, "full.gif") != 0)
			_exit(9);
	} else if (strcmp(mode, "pipe") == 0) {
		if (mkfifoat(FOLDER, "full.gif", 0600) != 0)
			_exit(9);
	} else if (strcmp(mode, "html") == 0) {
		write_file("full.gif", "<script>", 8);
	} else if (strcmp(mode, "none") != 0) {
		write_file("full.gif", GIF, sizeof(GIF));
	}
	if (strcmp(mode, "pixels") == 0)
		say_gif("2 3", sizeof(GIF));
	else if (strcmp(mode, "size") == 0)
		say_gif("3 2", sizeof(GIF) + 1);
	else if (strcmp(mode, "html") == 0)
		say_gif("3 2", 8);
	else if (strcmp(mode, "cut") == 0)
		say("file full.gif image/gif 3 2 13\n");
	else
		say_gif("3 2", sizeof(GIF));
}

static void
talk(void)
{
	for (;;)
		say("end of what can be believed\n");
}

static void
take_memory(void)
{
	volatile char *much = malloc(120 << 20);

	for (size_t i = 0; much != NULL && i < 120 << 20; i += 4096)
		much[i] = 1;
	(void)raise(SIGABRT);
}

static int
end(const char *mode)
{
	static const struct {
		const char *mode;
		int signal;
	} ENDINGS[] = { { "crash", SIGSEGV }, { "abort", SIGABRT },
		{ "time", SIGXCPU }, { "kill", SIGKILL } };

	for (size_t i = 0; i < G_N_ELEMENTS(ENDINGS); i++) {
		if (strcmp(ENDINGS[i].mode, mode) == 0)
			(void)raise(ENDINGS[i].signal);
	}
	return 3;
}

int
main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (strcmp(mode, "good") == 0) {
		make_good();
	} else if (strcmp(mode, "words") == 0) {
		say("failed invalid is damaged: who knows\n");
	} else if (strcmp(mode, "busy") == 0) {
		say("failed busy has no time\n");
	} else if (strcmp(mode, "talk") == 0) {
		talk();
	} else if (strcmp(mode, "memory") == 0) {
		take_memory();
	} else if (strcmp(mode, "sleep") == 0) {
		write_file("full.gif", GIF, sizeof(GIF));
		for (;;)
			(void)pause();
	} else if (strcmp(mode, "silence") != 0 &&
		   g_strv_contains((const char *[]){ "crash", "abort", "time",
				       "kill", "exit", NULL },
		       mode)) {
		write_file("960.jpg", "half", 4);
		return end(mode);
	} else if (strcmp(mode, "silence") != 0) {
		make_bad(mode);
	}
	return 0;
}
