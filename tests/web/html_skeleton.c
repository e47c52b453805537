/*
 * html_skeleton.c - for tests in Python: prints what a browser makes of pages,
 * which come on standard input with a NUL after each, a line each; "!" before
 * it says that an address in it runs a script. With --payloads it prints what
 * people have tried to break out of a page with, with a NUL after each.
 */
#include "config.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "../template/html_skeleton.h"
#include "../template/xss_payloads.h"

static GString *
read_all(FILE *file)
{
	GString *all = g_string_new(NULL);
	char buffer[65536];
	size_t size;

	while ((size = fread(buffer, 1, sizeof(buffer), file)) > 0)
		g_string_append_len(all, buffer, (gssize)size);
	return all;
}

int
main(int argc, char **argv)
{
	g_autoptr(GString) pages = NULL;

	if (argc == 2 && strcmp(argv[1], "--payloads") == 0) {
		for (size_t i = 0; i < G_N_ELEMENTS(XSS_PAYLOADS); i++)
			fwrite(XSS_PAYLOADS[i], 1, strlen(XSS_PAYLOADS[i]) + 1,
			    stdout);
		return 0;
	}
	pages = read_all(stdin);
	for (size_t at = 0; at < pages->len;
	     at += strlen(pages->str + at) + 1) {
		g_autofree char *skeleton = html_skeleton(pages->str + at);

		printf("%s%s\n",
		    html_runs_script(pages->str + at, "alert") ? "!" : "",
		    skeleton);
	}
	return 0;
}
