/*
 * tool_setting.c - `byline setting`: what an author sets, from the shell.
 */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "model/permalink.h"
#include "model/setting.h"
#include "model/site.h"
#include "tool/tool.h"

/* What is looked for while all settings are visited. */
struct search {
	const char *key; /* NULL: all of them */
	json_t *json;    /* NULL: printed at once */
	bool is_found;
};

static void
show_setting(const char *key, const char *value, void *data)
{
	struct search *search = data;

	if (search->key != NULL && strcmp(search->key, key) != 0)
		return;
	search->is_found = true;
	if (search->json != NULL)
		json_object_set_new(search->json, key, json_string(value));
	else if (search->key != NULL)
		puts(value);
	else
		printf("%s = %s\n", key, value);
}

static int
show_settings(struct site *site, const char *key, bool is_json)
{
	struct search search = { .key = key,
		.json = is_json ? json_object() : NULL };
	enum status status = setting_each(
	    site->database, &site->settings, show_setting, &search);

	if (search.json != NULL) {
		json_dumpf(search.json, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(search.json);
	}
	if (status != STATUS_OK)
		return tool_fail("the settings cannot be read");
	if (!search.is_found)
		return tool_fail("there is no setting %s: without a name, "
				 "`byline setting` lists them all",
		    key);
	return TOOL_DONE;
}

/* Store it, and move what stands elsewhere by it. */
static enum status
change(struct database *database, const char *key, const char *value,
    int64_t *out_moved, GError **error)
{
	enum status status = setting_store(database, key, value, error);

	*out_moved = 0;
	if (status == STATUS_OK && permalink_depends_on(key))
		status =
		    permalink_apply(database, date_now(), out_moved, error);
	return status == STATUS_OK ? database_commit(database) : status;
}

static int
store_setting(struct site *site, const char *key, const char *value)
{
	g_autoptr(GError) error = NULL;
	int64_t moved;

	/* The form would lead nowhere. */
	if (strcmp(key, "subscribing_open") == 0 && strcmp(value, "true") == 0)
		return tool_fail("nobody can subscribe yet: that comes with a "
				 "later version of Byline");
	if (database_begin(site->database, true) != STATUS_OK)
		return tool_fail("the database is busy; try again");
	if (change(site->database, key, value, &moved, &error) != STATUS_OK) {
		database_rollback(site->database);
		return tool_fail("%s", error == NULL
					   ? "the database cannot be written"
					   : error->message);
	}
	if (moved > 0)
		printf("%" PRId64 " %s: the old address of each leads there\n",
		    moved,
		    moved == 1 ? "article has moved" : "articles have moved");
	return TOOL_DONE;
}

int
tool_setting(
    const struct tool *tool, const char *directory, int argc, char **argv)
{
	gboolean is_json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &is_json, "Print an object",
		    NULL },
		{ 0 },
	};
	struct site *site;
	int exit_code;

	if (!tool_parse(tool, entries, -1, &argc, &argv, &exit_code))
		return exit_code;
	if (argc > 3)
		return tool_misuse(tool, "\"%s\" is too much", argv[3]);
	site = tool_open_site(directory);
	if (site == NULL)
		return TOOL_FAILED;
	exit_code = argc == 3 ? store_setting(site, argv[1], argv[2])
			      : show_settings(
				    site, argc == 2 ? argv[1] : NULL, is_json);
	site_free(site);
	return exit_code;
}
