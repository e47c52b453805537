/*
 * tool.c - what the subcommands of `byline` share. See tool.h.
 */
#include "config.h"

#include "tool/tool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/site.h"

bool
tool_parse(const struct tool *tool, const GOptionEntry *entries,
    int argument_count, int *argc, char ***argv, int *out_exit)
{
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *usage = g_strconcat("Usage:\n  byline --site DIR ",
	    tool->name, " [OPTION...] ", tool->arguments, NULL);
	g_autofree char *help = NULL;
	gboolean wants_help = FALSE;
	const GOptionEntry help_entry[] = {
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &wants_help,
		    "Show this text", NULL },
		{ 0 },
	};

	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_add_main_entries(context, help_entry, NULL);
	*out_exit = TOOL_MISUSED;
	if (!g_option_context_parse(context, argc, argv, &error)) {
		fprintf(stderr, "byline %s: %s\n", tool->name, error->message);
		return false;
	}
	help = g_option_context_get_help(context, TRUE, NULL);
	if (wants_help) {
		const char *options = strstr(help, "\n\n");

		printf("%s\n\n%c%s.\n", usage, g_ascii_toupper(*tool->summary),
		    tool->summary + 1);
		if (tool->description != NULL)
			printf("%s\n", tool->description);
		fputs(options == NULL ? "" : options + 1, stdout);
		*out_exit = TOOL_DONE;
		return false;
	}
	if (argument_count >= 0 && *argc - 1 != argument_count) {
		fprintf(stderr, "%s\n", usage);
		return false;
	}
	return true;
}

int
tool_fail(const char *format, ...)
{
	va_list arguments;

	fputs("byline: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return TOOL_FAILED;
}

struct site *
tool_open_site(const char *directory)
{
	g_autoptr(GError) error = NULL;
	struct site *site = NULL;

	if (directory == NULL || directory[0] == '\0') {
		tool_fail("where is the blog? Give --site DIR");
		return NULL;
	}
	if (site_new(directory, &site, &error) != STATUS_OK ||
	    site_open_database(site, DATABASE_CREATE, &error) != STATUS_OK) {
		tool_fail("%s", error->message);
		site_free(site);
		return NULL;
	}
	return site;
}

void
tool_show_progress(const char *doing, int64_t done, int64_t total)
{
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%s %lld of %lld", doing, (long long)done,
	    (long long)total);
	if (done == total)
		fputc('\n', stderr);
	fflush(stderr);
}
