/*
 * byline.c - the command line: a table of subcommands.
 */
#include "config.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tool/tool.h"

static const struct tool tools[] = {
	{ "init", "", "make a new site in DIR",
	    "Writes byline.conf, an empty database and the folders for media "
	    "and\n"
	    "published pages. Touches nothing when a site stands there "
	    "already.",
	    tool_init },
	{ "author",
	    "add EMAIL | set HANDLE | list | setup | reset HANDLE | disable "
	    "EMAIL | "
	    "enable EMAIL",
	    "add, change and list authors",
	    "The password of a new author is read from standard input with\n"
	    "--password-stdin; without it they cannot sign in yet. Who is\n"
	    "disabled is signed out at once and stays out until enabled; what\n"
	    "they wrote stays.",
	    tool_author },
	{ "setting", "[KEY [VALUE]]", "show or change a setting of the blog",
	    "Without KEY all settings are listed; with VALUE it is stored.",
	    tool_setting },
	{ "import", "markdown DIR", "import articles of Jekyll, Hugo or Zola",
	    "Reads every .md and .markdown file below DIR, with YAML, TOML or\n"
	    "JSON front matter, and the images they show. All of it is one\n"
	    "transaction, and doing it again changes only what has changed.",
	    tool_import },
	{ "export", "FOLDER|FILE.tar", "write all articles and files out",
	    "Markdown with front matter, JSON for the rest, and what was\n"
	    "uploaded. Nothing that lets somebody in. Touches nothing that is\n"
	    "there already.",
	    tool_export },
	{ "backup", "FILE", "write the whole blog into one file",
	    "A tar archive of the database, the files in media/, byline.conf "
	    "and\n"
	    "theme/, made while all programs run: one moment of the blog.\n"
	    "Passwords (hashed) are in it; nobody but you may read it. "
	    "Touches\n"
	    "nothing that is there already.",
	    tool_backup },
	{ "restore", "FILE", "make the blog of a backup, and prove it",
	    "DIR is new, or an empty folder. It is there once each file is "
	    "what\n"
	    "was backed up, the database is sound and has as many rows, and\n"
	    "each article was rendered. Everybody has to sign in again.",
	    tool_restore },
	{ "list", "", "list the articles", NULL, tool_list },
	{ "rebuild", "", "render every article anew",
	    "After an upgrade, or a change of base_url or of the setting\n"
	    "iframe_hosts. What authors wrote is left as it is.",
	    tool_rebuild },
	{ "work", "", "publish what was scheduled, when its time comes",
	    "Goes on until it is ended. Where that cannot be (shared "
	    "hosting),\n"
	    "let cron run it every few minutes with --once; readers who come\n"
	    "meanwhile see what is due all the same.",
	    tool_work },
	{ "check", "", "look for what is wrong, and say what to do", NULL,
	    tool_check },
};

static void
print_usage(FILE *out)
{
	fputs("Usage: byline --site DIR COMMAND ...\n\n", out);
	for (size_t i = 0; i < G_N_ELEMENTS(tools); i++)
		fprintf(out, "  %-9s %s\n", tools[i].name, tools[i].summary);
	fputs("\nDIR is the site directory; the variable BYLINE_SITE stands in "
	      "for it.\n\"byline COMMAND --help\" says more, and so does "
	      "byline(1).\n",
	    out);
}

static const struct tool *
find_tool(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tools); i++)
		if (strcmp(tools[i].name, name) == 0)
			return &tools[i];
	return NULL;
}

static int
misuse(const char *message, const char *what)
{
	fprintf(stderr, "byline: %s%s\nTry byline --help.\n", message, what);
	return TOOL_MISUSED;
}

/*
 * Take the options before the command. Returns the index of the command, or 0
 * when there is nothing to run and `out_exit` says how it ended.
 */
static int
parse_options(int argc, char **argv, const char **directory, int *out_exit)
{
	int index;

	for (index = 1; index < argc && argv[index][0] == '-'; index++) {
		const char *word = argv[index];

		*out_exit = TOOL_DONE;
		if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			print_usage(stdout);
			return 0;
		}
		if (strcmp(word, "--version") == 0) {
			puts(PACKAGE_STRING);
			return 0;
		}
		*out_exit = TOOL_MISUSED;
		if (g_str_has_prefix(word, "--site=")) {
			*directory = word + strlen("--site=");
		} else if (strcmp(word, "--site") != 0) {
			misuse("there is no option ", word);
			return 0;
		} else if (++index >= argc) {
			misuse("a directory is missing after ", word);
			return 0;
		} else {
			*directory = argv[index];
		}
	}
	if (index < argc)
		return index;
	*out_exit = TOOL_MISUSED;
	print_usage(stderr);
	return 0;
}

static int
run(int argc, char **argv)
{
	const char *directory = getenv("BYLINE_SITE");
	const struct tool *tool;
	int index, exit_code;

	index = parse_options(argc, argv, &directory, &exit_code);
	if (index == 0)
		return exit_code;
	tool = find_tool(argv[index]);
	if (tool == NULL)
		return misuse("there is no command ", argv[index]);
	return tool->run(tool, directory, argc - index, argv + index);
}

/* A result that nobody could read is none: the disk it was written to may be
 * full. */
static int
end_output(int exit_code)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return exit_code;
	return tool_fail("standard output cannot be written: %s",
	    errno != 0 ? g_strerror(errno) : "part of it was lost");
}

int
main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	umask(077);
	/* A file that has reached its limit is an error with words. */
	signal(SIGXFSZ, SIG_IGN);
	return end_output(run(argc, argv));
}
