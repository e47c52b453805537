/*
 * tool_list.c - `byline list`: the articles, for people and for scripts.
 */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "model/article.h"
#include "model/site.h"
#include "tool/tool.h"

static const char *const statuses[] = { "draft", "scheduled", "published",
	"trash" };

static bool
is_status(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
		if (strcmp(statuses[i], text) == 0)
			return true;
	return false;
}

static const char *
status_of(const struct article_record *record)
{
	return record->trashed_at != 0 ? "trash"
				       : article_status_name(record->status);
}

static json_t *
record_to_json(const struct site *site, const struct article_record *record)
{
	g_autofree char *url =
	    g_strconcat(site->settings.base_url, record->path, NULL);
	g_autofree char *published_at =
	    record->published_at == 0
		? NULL
		: date_format_rfc3339(record->published_at, site->blog.zone);
	json_t *tags = json_array();

	for (char **tag = record->tags; *tag != NULL; tag++)
		json_array_append_new(tags, json_string(*tag));
	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s?, s:s?, s:o, s:i, s:I}",
	    "id", (json_int_t)record->id, "slug", record->slug, "url", url,
	    "title", record->title, "status", status_of(record), "published_at",
	    published_at, "category", record->category, "tags", tags, "minutes",
	    (int)record->minutes, "version", (json_int_t)record->version);
}

static void
print_json(const struct site *site, const GPtrArray *records)
{
	json_t *list = json_array();

	for (guint i = 0; i < records->len; i++)
		json_array_append_new(
		    list, record_to_json(site, g_ptr_array_index(records, i)));
	json_dumpf(list, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(list);
}

static void
print_table(const struct site *site, const GPtrArray *records)
{
	for (guint i = 0; i < records->len; i++) {
		const struct article_record *record =
		    g_ptr_array_index(records, i);
		g_autofree char *day =
		    record->published_at == 0
			? g_strdup("-")
			: date_format_words(record->published_at,
			      site->blog.zone, DATE_STYLE_ISO, "en");

		printf("%6lld  %-9s  %-10s  %-40s  %s\n", (long long)record->id,
		    status_of(record), day, record->path, record->title);
	}
}

int
tool_list(const struct tool *tool, const char *directory, int argc, char **argv)
{
	g_autofree char *status = NULL;
	g_autoptr(GPtrArray) records = NULL;
	gboolean is_json = FALSE;
	const GOptionEntry entries[] = {
		{ "status", 0, 0, G_OPTION_ARG_STRING, &status,
		    "Only these: draft, scheduled, published or trash",
		    "STATUS" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &is_json,
		    "Print an array of objects", NULL },
		{ 0 },
	};
	struct site *site;
	int exit_code;

	if (!tool_parse(tool, entries, 0, &argc, &argv, &exit_code))
		return exit_code;
	if (status != NULL && !is_status(status))
		return tool_misuse(tool, "there is no status \"%s\"", status);
	site = tool_open_site(directory);
	if (site == NULL)
		return TOOL_FAILED;
	exit_code = TOOL_DONE;
	if (article_list_records(site->database, status, &records) != STATUS_OK)
		exit_code = tool_fail("the articles cannot be read");
	else if (is_json)
		print_json(site, records);
	else
		print_table(site, records);
	site_free(site);
	return exit_code;
}
