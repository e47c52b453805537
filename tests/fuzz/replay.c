/*
 * replay.c - a main() for a fuzz target: gives it every file of the folders
 * that are named, so that what once broke is tried in every run of the tests. A
 * target built for libFuzzer does without it.
 */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The number of files that were tried; ends the program where one fails. */
static unsigned
replay_folder(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;
	unsigned count = 0;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		g_autofree char *bytes = NULL;
		gsize size;

		if (g_file_get_contents(file, &bytes, &size, NULL)) {
			LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
			count++;
		}
	}
	return count;
}

/* The folder that belongs to a target: corpus/NAME for fuzz_NAME. */
static char *
own_folder(const char *program)
{
	const char *source = g_getenv("srcdir");
	g_autofree char *name = g_path_get_basename(program);

	return g_build_filename(source == NULL ? "." : source, "tests", "fuzz",
	    "corpus", g_str_has_prefix(name, "fuzz_") ? name + 5 : name, NULL);
}

int
main(int argc, char **argv)
{
	g_autofree char *folder = own_folder(argv[0]);
	unsigned count = argc > 1 ? 0 : replay_folder(folder);

	for (int i = 1; i < argc; i++)
		count += replay_folder(argv[i]);
	printf("[==========] %u test(s) run.\n", count);
	printf("[  PASSED  ] %u test(s).\n", count);
	return count > 0 ? 0 : 1;
}
