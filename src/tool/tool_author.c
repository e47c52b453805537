/*
 * tool_author.c - `byline author`: who writes.
 */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/password_rules.h"
#include "base/token.h"
#include "model/author.h"
#include "model/site.h"
#include "tool/tool.h"
#include "tool_link.h"

/* What the options say; NULL where they say nothing. */
struct author_options {
	char *name, *role, *handle, *job_title, *biography, *website, *email;
	gboolean has_password, is_json, is_without_codes;
};

/* What is done with the author `object`, which `list` has none of. */
typedef int verb_function(struct site *site,
    const struct author_options *options, const char *object);

struct verb {
	const char *name;
	const char *object; /* what the usage line calls it; or NULL */
	verb_function *run;
};

static void
release_options(struct author_options *options)
{
	g_free(options->name);
	g_free(options->role);
	g_free(options->handle);
	g_free(options->job_title);
	g_free(options->biography);
	g_free(options->website);
	g_free(options->email);
}

/* Read a line, without its end, as the bytes that it has: a NUL is one. What is
 * longer than `max_size` is cut. False: there is none. */
static bool
read_line(char *line, size_t max_size, size_t *out_size)
{
	size_t size = 0;
	int byte;

	/* A buffer would keep a copy. */
	setvbuf(stdin, NULL, _IONBF, 0);
	while ((byte = getc(stdin)) != EOF && byte != '\n')
		if (size < max_size)
			line[size++] = (char)byte;
	if (byte == EOF && size == 0)
		return false;
	if (size > 0 && line[size - 1] == '\r')
		size--;
	*out_size = size;
	return true;
}

/* Hash the first line of standard input, if it may be the password of `owner`.
 * The caller frees `out_hash`. */
static int
read_password(const struct password_owner *owner, char **out_hash)
{
	g_autoptr(GError) error = NULL;
	/* Room for a carriage return, and for one byte too many. */
	char line[PASSWORD_MAX_SIZE + 2];
	enum status status;
	size_t size;

	if (!read_line(line, sizeof(line), &size))
		return tool_fail("there is no password on standard input");
	status = password_rules_check(line, size, owner, &error);
	if (status == STATUS_OK)
		status = token_hash_password(line, size, out_hash);
	token_wipe(line, sizeof(line));
	if (error != NULL)
		return tool_fail("the password %s", error->message);
	if (status != STATUS_OK)
		return tool_fail("there is not enough memory for the password");
	return TOOL_DONE;
}

static int
add_author(
    struct site *site, const struct author_options *options, const char *email)
{
	g_autofree char *password_hash = NULL;
	g_autoptr(GError) error = NULL;
	struct author_draft draft = {
		.name = options->name,
		.email = email,
		.handle = options->handle,
		.role = AUTHOR_ROLE_AUTHOR,
		.job_title = options->job_title,
		.biography = options->biography,
		.website = options->website,
	};
	const struct password_owner owner = {
		.name = options->name,
		.email = email,
		.site_name = site->blog.site_name,
		.blog_title = site->blog.title,
	};
	int64_t id;

	if (options->name == NULL)
		return tool_fail("an author needs a --name");
	if (options->role != NULL &&
	    author_parse_role(options->role, &draft.role) != STATUS_OK)
		return tool_fail("there is no role %s: owner, editor, author",
		    options->role);
	if (options->has_password &&
	    read_password(&owner, &password_hash) != TOOL_DONE)
		return TOOL_FAILED;
	draft.password_hash = password_hash;
	if (database_begin(site->database, true) != STATUS_OK)
		return tool_fail("the database is busy; try again");
	if (author_add(site->database, &draft, date_now(), &id, &error) !=
		STATUS_OK ||
	    database_commit(site->database) != STATUS_OK) {
		database_rollback(site->database);
		return tool_fail("%s", error == NULL
					   ? "the database cannot be written"
					   : error->message);
	}
	printf("added %s as %s\n", email, author_role_name(draft.role));
	return TOOL_DONE;
}

static int
set_author(
    struct site *site, const struct author_options *options, const char *handle)
{
	g_autoptr(GError) error = NULL;
	const struct author_draft draft = {
		.name = options->name,
		.email = options->email,
		.handle = options->handle,
		.job_title = options->job_title,
		.biography = options->biography,
		.website = options->website,
	};

	if (database_begin(site->database, true) != STATUS_OK)
		return tool_fail("the database is busy; try again");
	if (author_update(site->database, handle, &draft, date_now(), &error) !=
		STATUS_OK ||
	    database_commit(site->database) != STATUS_OK) {
		database_rollback(site->database);
		return tool_fail("%s", error == NULL
					   ? "the database cannot be written"
					   : error->message);
	}
	printf("changed %s\n", handle);
	return TOOL_DONE;
}

static int
list_authors(
    struct site *site, const struct author_options *options, const char *object)
{
	g_autoptr(GPtrArray) authors = NULL;
	json_t *list = json_array();

	(void)object;
	if (author_list(site->database, &authors) != STATUS_OK)
		return tool_fail("the authors cannot be read");
	for (guint i = 0; i < authors->len; i++) {
		const struct author *author = g_ptr_array_index(authors, i);

		if (!options->is_json)
			printf("%-24s  %-7s  %-32s  %s%s\n", author->handle,
			    author_role_name(author->role),
			    author->email == NULL ? "-" : author->email,
			    author->name,
			    author->is_disabled ? " (disabled)" : "");
		json_array_append_new(list,
		    json_pack("{s:I, s:s, s:s, s:s?, s:s, s:I, s:b}", "id",
			(json_int_t)author->id, "handle", author->handle,
			"name", author->name, "email", author->email, "role",
			author_role_name(author->role), "articles",
			(json_int_t)author->article_count, "disabled",
			author->is_disabled));
	}
	if (options->is_json) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(list);
	return TOOL_DONE;
}

static int
print_setup_link(
    struct site *site, const struct author_options *options, const char *object)
{
	(void)options;
	(void)object;
	return tool_print_setup_link(site);
}

static int
print_reset_link(
    struct site *site, const struct author_options *options, const char *who)
{
	return tool_print_reset_link(site, who, options->is_without_codes);
}

static int
disable_author(
    struct site *site, const struct author_options *options, const char *who)
{
	(void)options;
	return tool_switch_off(site, who);
}

static int
enable_author(
    struct site *site, const struct author_options *options, const char *who)
{
	(void)options;
	return tool_switch_on(site, who);
}

static const struct verb verbs[] = {
	{ "add", "EMAIL", add_author },
	{ "set", "HANDLE", set_author },
	{ "list", NULL, list_authors },
	{ "setup", NULL, print_setup_link },
	{ "reset", "HANDLE", print_reset_link },
	{ "disable", "EMAIL", disable_author },
	{ "enable", "EMAIL", enable_author },
};

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

/* An option that was given and means nothing to the verb `run`; or NULL. */
static const char *
misplaced_option(const struct author_options *options, verb_function *run)
{
	const bool is_add = run == add_author;
	const bool is_set = run == set_author;
	const struct {
		const char *name;
		bool is_given, has_meaning;
	} all[] = {
		{ "--name", options->name != NULL, is_add || is_set },
		{ "--role", options->role != NULL, is_add },
		{ "--password-stdin", options->has_password, is_add },
		{ "--email", options->email != NULL, is_set },
		{ "--handle", options->handle != NULL, is_add || is_set },
		{ "--job-title", options->job_title != NULL, is_add || is_set },
		{ "--biography", options->biography != NULL, is_add || is_set },
		{ "--website", options->website != NULL, is_add || is_set },
		{ "--json", options->is_json, run == list_authors },
		{ "--without-codes", options->is_without_codes,
		    run == print_reset_link },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i].is_given && !all[i].has_meaning)
			return all[i].name;
	return NULL;
}

/* Run the verb in `argv[1]`; its object, if it takes one, is `argv[2]`. */
static int
run_verb(const struct tool *tool, const char *directory,
    const struct author_options *options, int argc, char **argv)
{
	const struct verb *verb = find_verb(argv[1]);
	const char *misplaced;
	struct site *site;
	int argument_count, exit_code;

	if (verb == NULL)
		return argv[1] == NULL
			   ? tool_misuse(tool, "add, set, list, setup, reset, "
					       "disable or enable?")
			   : tool_misuse(
				 tool, "there is no \"author %s\"", argv[1]);
	argument_count = verb->object == NULL ? 1 : 2;
	if (argc - 1 < argument_count)
		return tool_misuse(tool, "%s is missing", verb->object);
	if (argc - 1 > argument_count)
		return tool_misuse(
		    tool, "\"%s\" is too much", argv[argument_count + 1]);
	misplaced = misplaced_option(options, verb->run);
	if (misplaced != NULL)
		return tool_misuse(
		    tool, "\"author %s\" knows no %s", verb->name, misplaced);
	site = tool_open_site(directory);
	if (site == NULL)
		return TOOL_FAILED;
	exit_code = verb->run(site, options, argv[2]);
	site_free(site);
	return exit_code;
}

int
tool_author(
    const struct tool *tool, const char *directory, int argc, char **argv)
{
	struct author_options options = { 0 };
	const GOptionEntry entries[] = {
		{ "name", 0, 0, G_OPTION_ARG_STRING, &options.name,
		    "As readers see it", "NAME" },
		{ "role", 0, 0, G_OPTION_ARG_STRING, &options.role,
		    "owner, editor or author (only with add)", "ROLE" },
		{ "password-stdin", 0, 0, G_OPTION_ARG_NONE,
		    &options.has_password,
		    "Read the password from standard input (only with add)",
		    NULL },
		{ "email", 0, 0, G_OPTION_ARG_STRING, &options.email,
		    "Another address (only with set)", "EMAIL" },
		{ "handle", 0, 0, G_OPTION_ARG_STRING, &options.handle,
		    "The word in /authors/HANDLE (made from the name)",
		    "HANDLE" },
		{ "job-title", 0, 0, G_OPTION_ARG_STRING, &options.job_title,
		    "Shown beside the name", "WORDS" },
		{ "biography", 0, 0, G_OPTION_ARG_STRING, &options.biography,
		    "One paragraph about them", "WORDS" },
		{ "website", 0, 0, G_OPTION_ARG_STRING, &options.website,
		    "Their own page", "ADDRESS" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &options.is_json,
		    "Print JSON (only with list)", NULL },
		{ "without-codes", 0, 0, G_OPTION_ARG_NONE,
		    &options.is_without_codes,
		    "Ask for no one-time code any more (only with reset)",
		    NULL },
		{ 0 },
	};
	int exit_code;

	if (tool_parse(tool, entries, -1, &argc, &argv, &exit_code))
		exit_code = run_verb(tool, directory, &options, argc, argv);
	release_options(&options);
	return exit_code;
}
