/*
 * tool.c - what the subcommands of `byline` share. See tool.h.
 */
#include "config.h"

#include "tool/tool.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/text.h"
#include "model/site.h"

static char *
usage_of(const struct tool *tool)
{
	return g_strconcat("Usage:\n  byline --site DIR ", tool->name,
	    " [OPTION...]", *tool->arguments == '\0' ? "" : " ",
	    tool->arguments, NULL);
}

int
tool_misuse(const struct tool *tool, const char *format, ...)
{
	g_autofree char *usage = usage_of(tool);
	va_list arguments;

	fprintf(stderr, "byline %s: ", tool->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n%s\n", usage);
	return TOOL_MISUSED;
}

static void
print_help(const struct tool *tool, GOptionContext *context)
{
	g_autofree char *usage = usage_of(tool);
	g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
	const char *options = strstr(help, "\n\n");

	printf("%s\n\n%c%s.\n", usage, g_ascii_toupper(*tool->summary),
	    tool->summary + 1);
	if (tool->description != NULL)
		printf("%s\n", tool->description);
	fputs(options == NULL ? "" : options + 1, stdout);
}

static bool
is_negative_number(const char *word)
{
	return word[0] == '-' && word[1] != '\0' &&
	       word[1 + strspn(word + 1, "0123456789.")] == '\0';
}

/* How many words of `argv` may be options or stand between them. */
static int
count_option_words(int argc, char **argv)
{
	int count = 1;

	while (count < argc && strcmp(argv[count], "--") != 0 &&
	       !is_negative_number(argv[count]))
		count++;
	return count;
}

/* Take the options out of `argv`, and "--" where it ends them. */
static bool
take_options(GOptionContext *context, int *argc, char **argv, GError **error)
{
	int end = count_option_words(*argc, argv);
	int rest = end < *argc && strcmp(argv[end], "--") == 0 ? end + 1 : end;
	int kept = end;

	if (!g_option_context_parse(context, &kept, &argv, error))
		return false;
	while (rest < *argc)
		argv[kept++] = argv[rest++];
	*argc = kept;
	return true;
}

/* Say which argument is missing, or is too many. */
static int
misuse_of_arguments(const struct tool *tool, int argument_count, char **argv)
{
	const char *missing = tool->arguments;

	for (int i = 1; i <= argument_count; i++) {
		if (argv[i] == NULL)
			return tool_misuse(tool, "%s is missing", missing);
		missing += strcspn(missing, " ");
		missing += strspn(missing, " ");
	}
	return tool_misuse(
	    tool, "\"%s\" is too much", argv[argument_count + 1]);
}

bool
tool_parse(const struct tool *tool, const GOptionEntry *entries,
    int argument_count, int *argc, char ***argv, int *out_exit)
{
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;
	gboolean wants_help = FALSE;
	const GOptionEntry help_entry[] = {
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &wants_help,
		    "Show this text", NULL },
		{ 0 },
	};

	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_add_main_entries(context, help_entry, NULL);
	if (!take_options(context, argc, *argv, &error)) {
		*out_exit = tool_misuse(tool, "%s", error->message);
		return false;
	}
	(*argv)[*argc] = NULL;
	if (wants_help) {
		print_help(tool, context);
		*out_exit = TOOL_DONE;
		return false;
	}
	if (argument_count >= 0 && *argc - 1 != argument_count) {
		*out_exit = misuse_of_arguments(tool, argument_count, *argv);
		return false;
	}
	return true;
}

int
tool_fail(const char *format, ...)
{
	g_autoptr(GString) line = g_string_new("byline: ");
	g_autofree char *message = NULL;
	va_list arguments;

	va_start(arguments, format);
	message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	/* No name in an archive or a database colours a terminal. */
	text_append_log(line, message);
	fprintf(stderr, "%s\n", line->str);
	return TOOL_FAILED;
}

int
tool_fail_of(const char *subject, enum status status, const GError *error)
{
	return tool_fail("%s %s", subject,
	    error != NULL ? error->message : status_name(status));
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
	    site_open_database(site, DATABASE_MIGRATE, date_now(), &error) !=
		STATUS_OK) {
		tool_fail("%s", error->message);
		site_free(site);
		return NULL;
	}
	return site;
}

void
tool_hold_signals(void)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigprocmask(SIG_BLOCK, &ending, NULL);
}

enum status
tool_check_signals(GError **error)
{
	sigset_t pending;

	if (sigpending(&pending) == 0 &&
	    (sigismember(&pending, SIGINT) == 1 ||
		sigismember(&pending, SIGTERM) == 1 ||
		sigismember(&pending, SIGHUP) == 1))
		return status_fail(
		    error, STATUS_FAILED, "is not there: interrupted");
	return STATUS_OK;
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
