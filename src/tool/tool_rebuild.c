/*
 * tool_rebuild.c - `byline rebuild`: what is derived from the texts, made anew.
 *
 * An article at a time: nobody who writes waits for more than storing one. What
 * is saved meanwhile was rendered by that. A text that cannot be rendered any
 * more keeps what it had.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "content/renderer.h"
#include "content/title.h"
#include "model/article.h"
#include "model/rendering.h"
#include "model/site.h"
#include "tool/tool.h"

/* A rebuild under way. */
struct rebuild {
	struct site *site;
	struct renderer *renderer;
	int64_t total_count, done_count, failed_count;
	GString *notices; /* shown when no line of progress is in the way */
};

static enum status
count_article(const struct article_source *source, void *data)
{
	struct rebuild *rebuild = data;

	(void)source;
	rebuild->total_count++;
	return STATUS_OK;
}

static void
add_warnings(struct rebuild *rebuild, const struct article_source *source,
    const struct document *document)
{
	for (guint i = 0; i < document->warnings->len; i++) {
		const struct document_warning *warning = &g_array_index(
		    document->warnings, struct document_warning, i);

		g_string_append_printf(rebuild->notices, "%s:%u: warning: %s\n",
		    source->path, (unsigned)warning->line, warning->message);
	}
}

/* An article that is gone or another one by now needs nothing. */
static enum status
store(struct database *database, const struct article_source *source,
    const struct document *document)
{
	const struct article_derived derived = {
		.body_html = document->html,
		.contents_html = document->contents_html,
		.excerpt = document->excerpt,
		.text = document->text,
		.word_count = document->word_count,
		.minutes = document->minutes,
	};
	enum status status = database_begin(database, true);

	if (status != STATUS_OK)
		return status;
	status = article_update_derived(
	    database, source->id, source->version, &derived);
	if (status == STATUS_OK)
		return database_commit(database);
	database_rollback(database);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status
render_article(struct rebuild *rebuild, const struct article_source *source)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, source->id);
	g_autofree char *body = title_hide(source->body, source->title);
	g_autoptr(GError) error = NULL;
	struct document document;
	enum status status;

	if (renderer_render(rebuild->renderer, id, body, strlen(body),
		&document, &error) != STATUS_OK) {
		g_string_append_printf(rebuild->notices, "%s: error: %s\n",
		    source->path, error->message);
		rebuild->failed_count++;
		return STATUS_OK;
	}
	status = store(rebuild->site->database, source, &document);
	add_warnings(rebuild, source, &document);
	document_release(&document);
	rebuild->done_count++;
	return status;
}

static enum status
rebuild_article(const struct article_source *source, void *data)
{
	struct rebuild *rebuild = data;
	enum status status = render_article(rebuild, source);

	if (status == STATUS_OK)
		tool_show_progress("rendering",
		    rebuild->done_count + rebuild->failed_count,
		    rebuild->total_count);
	return status;
}

static enum status
rebuild_all(struct rebuild *rebuild)
{
	struct database *database = rebuild->site->database;
	struct rendering *rendering;
	enum status status;

	status = database_begin(database, false);
	if (status != STATUS_OK)
		return status;
	status = article_each_source(database, count_article, rebuild);
	if (status == STATUS_OK)
		status = rendering_new(rebuild->site, &rendering);
	database_rollback(database);
	if (status != STATUS_OK)
		return status;
	rebuild->renderer = renderer_new(rendering_options(rendering));
	status = article_each_source(database, rebuild_article, rebuild);
	renderer_free(rebuild->renderer);
	rendering_free(rendering);
	return status;
}

int
tool_rebuild(
    const struct tool *tool, const char *directory, int argc, char **argv)
{
	const GOptionEntry entries[] = { { 0 } };
	struct rebuild rebuild = { 0 };
	enum status status;
	int exit_code;

	if (!tool_parse(tool, entries, 0, &argc, &argv, &exit_code))
		return exit_code;
	rebuild.site = tool_open_site(directory);
	if (rebuild.site == NULL)
		return TOOL_FAILED;
	rebuild.notices = g_string_new(NULL);
	status = rebuild_all(&rebuild);
	fputs(rebuild.notices->str, stderr);
	g_string_free(rebuild.notices, TRUE);
	site_free(rebuild.site);
	if (status != STATUS_OK)
		return tool_fail("it ended before all were rendered: %s; what "
				 "is left stays as it was",
		    status_name(status));
	printf("%lld articles rendered", (long long)rebuild.done_count);
	if (rebuild.failed_count > 0)
		printf(", %lld kept as they were",
		    (long long)rebuild.failed_count);
	putchar('\n');
	return rebuild.failed_count > 0 ? TOOL_FAILED : TOOL_DONE;
}
