/*
 * tool_import.c - `byline import`: a folder of Markdown becomes articles.
 *
 * One transaction: either all that the plan holds is in, or nothing is.
 * Rendering is done by a child while this process writes the article before.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "content/renderer.h"
#include "content/title.h"
#include "import_file.h"
#include "import_plan.h"
#include "import_report.h"
#include "model/author.h"
#include "model/media.h"
#include "model/media_folder.h"
#include "model/redirect.h"
#include "model/rendering.h"
#include "model/site.h"
#include "tool/tool.h"

/* An import under way. */
struct import {
	struct site *site;
	struct import_plan *plan;
	struct renderer *renderer;
	GHashTable *used_media;   /* set of those below */
	GPtrArray *media_paths;   /* of files that articles show: borrowed */
	GPtrArray *written_files; /* paths, removed again if it is undone */
	int64_t now;
	bool is_dry_run;
	struct import_counts counts;
};

/* ---- media ---- */

/* The bytes of `asset`, if they still are what the plan saw. */
static enum status
read_asset(const struct import *import, const struct import_asset *asset,
    char **out_bytes, size_t *out_size, const char **out_reason)
{
	g_autofree char *from =
	    g_build_filename(import->plan->directory, asset->source, NULL);
	const char *slash = strrchr(asset->source, '/');
	g_autofree char *bytes = NULL;
	g_autofree char *media_path = NULL;
	enum status status;

	status = import_file_read(
	    from, IMPORT_ASSET_SIZE_MOST, &bytes, out_size, out_reason);
	if (status != STATUS_OK)
		return status;
	media_path = media_make_path(bytes, *out_size,
	    slash == NULL ? asset->source : slash + 1, asset->content_type);
	if (strcmp(media_path, asset->media_path) != 0) {
		*out_reason = "the file has changed since the import began";
		return STATUS_CONFLICT;
	}
	*out_bytes = g_steal_pointer(&bytes);
	return STATUS_OK;
}

static char *
media_file(const struct import *import, const struct import_asset *asset)
{
	g_autofree char *name = g_strconcat("media/", asset->media_path, NULL);

	return site_path(import->site, name);
}

/* Whether the file of `asset` is in media/, whole. */
static bool
has_media(const struct import *import, const struct import_asset *asset)
{
	g_autofree char *path = media_file(import, asset);
	struct stat about;

	return lstat(path, &about) == 0 && S_ISREG(about.st_mode) &&
	       (uint64_t)about.st_size == asset->size;
}

/* Copy the file of `asset` into media/, also in the place of one that is cut.
 */
static bool
write_media(struct import *import, const struct import_asset *asset)
{
	g_autofree char *to = media_file(import, asset);
	bool was_there = g_file_test(to, G_FILE_TEST_EXISTS);
	g_autofree char *bytes = NULL;
	g_autoptr(GError) error = NULL;
	const char *reason = NULL;
	size_t size;

	if (read_asset(import, asset, &bytes, &size, &reason) == STATUS_OK &&
	    !g_file_set_contents_full(to, bytes, (gssize)size,
		G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
		0644, &error))
		reason = error->message;
	if (reason != NULL) {
		import_plan_notice(
		    import->plan, true, asset->source, 0, "%s", reason);
		return false;
	}
	/* The mode above is cut by the umask: the web server must read it. */
	if (chmod(to, 0644) != 0)
		import_plan_notice(import->plan, false, asset->source, 0, "%s",
		    g_strerror(errno));
	if (!was_there)
		g_ptr_array_add(import->written_files, g_steal_pointer(&to));
	return true;
}

static enum status
use_media(struct import *import, struct import_asset *asset)
{
	const struct media media = {
		.path = asset->media_path,
		.original_name = asset->source,
		.content_type = (char *)asset->content_type,
		.size = (int64_t)asset->size,
		.width = asset->width,
		.height = asset->height,
		.alt = (char *)"",
	};
	bool is_there = has_media(import, asset);
	int64_t id;

	if (!g_hash_table_add(import->used_media, asset->media_path))
		return STATUS_OK;
	g_ptr_array_add(import->media_paths, asset->media_path);
	if (!is_there && !import->is_dry_run && !write_media(import, asset))
		return STATUS_OK;
	import->counts.images += !is_there;
	return media_ensure(import->site->database, &media, import->now, &id);
}

/* Bring along the file that `url` leads to, if it leads to one of them. */
static enum status
use_media_at(struct import *import, const char *url)
{
	g_autofree char *folder =
	    g_strconcat(import->site->settings.base_path, "/media/", NULL);
	struct import_asset *asset;

	if (!g_str_has_prefix(url, folder))
		return STATUS_OK;
	asset = g_hash_table_lookup(
	    import->plan->assets_by_media_path, url + strlen(folder));
	return asset == NULL ? STATUS_OK : use_media(import, asset);
}

/* Bring along every file that `document` shows or offers. */
static enum status
use_media_of(struct import *import, const struct document *document)
{
	enum status status = STATUS_OK;

	for (guint i = 0; status == STATUS_OK && i < document->references->len;
	     i++)
		status =
		    use_media_at(import, g_array_index(document->references,
					     struct document_reference, i)
					     .url);
	return status;
}

/* ---- one article ---- */

/* What the cover of an article became. */
struct cover {
	char *path; /* or NULL */
	uint32_t width, height;
};

static enum status
find_cover(struct import *import, const struct import_article *article,
    struct cover *out_cover)
{
	const char *written = article->front_matter.cover;
	size_t base_size = strlen(import->site->settings.base_path);
	struct link_target target;
	enum status status;

	*out_cover = (struct cover){ 0 };
	if (written == NULL)
		return STATUS_OK;
	if (g_str_has_prefix(written, "https://") ||
	    g_str_has_prefix(written, "http://")) {
		g_autoptr(GError) error = NULL;

		if (article_check_field(
			ARTICLE_FIELD_COVER_PATH, written, &error) == STATUS_OK)
			out_cover->path = g_strdup(written);
		else
			import_plan_notice(import->plan, false, article->source,
			    front_matter_line(&article->front_matter,
				&article->front_matter.cover),
			    "%s: left out", error->message);
		return STATUS_OK;
	}
	if (!import_resolve(import->plan, article->source, written,
		LINK_KIND_IMAGE, &target)) {
		import_plan_notice(import->plan, false, article->source,
		    front_matter_line(
			&article->front_matter, &article->front_matter.cover),
		    "cover image: %s: %s", target.problem, written);
		return STATUS_OK;
	}
	status = use_media_at(import, target.url);
	*out_cover = (struct cover){ g_strdup(target.url + base_size),
		target.width, target.height };
	g_free(target.url);
	return status;
}

/* The ids of who wrote `article`; the owner where the file names nobody. */
static enum status
find_authors(struct import *import, const struct import_article *article,
    GArray *out_ids)
{
	struct database *database = import->site->database;
	char **names = article->front_matter.authors;
	struct author *owner;
	enum status status;
	int64_t id;

	for (; *names != NULL; names++) {
		status = author_ensure(database, *names, import->now, &id);
		if (status == STATUS_INVALID || status == STATUS_CONFLICT) {
			import_plan_notice(import->plan, false, article->source,
			    front_matter_line(&article->front_matter,
				&article->front_matter.authors),
			    "\"%s\" cannot be the name of an author: left out",
			    *names);
			continue;
		}
		if (status != STATUS_OK)
			return status;
		g_array_append_val(out_ids, id);
	}
	if (out_ids->len > 0)
		return STATUS_OK;
	status = author_find_owner(database, &owner);
	if (status == STATUS_OK) {
		g_array_append_val(out_ids, owner->id);
		author_free(owner);
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static void
notice_warnings(struct import *import, const struct import_article *article,
    const struct document *document)
{
	for (guint i = 0; i < document->warnings->len; i++) {
		const struct document_warning *warning = &g_array_index(
		    document->warnings, struct document_warning, i);
		uint32_t line =
		    warning->line == 0
			? 0
			: warning->line + article->front_matter.body_line - 1;

		import_plan_notice(import->plan, false, article->source, line,
		    "%s", warning->message);
	}
}

/* Of several the newest stands first, however often they are imported, unless
 * they have numbers. */
static int64_t
pinned_at(const struct import *import, const struct import_article *article)
{
	if (!article->is_pinned)
		return 0;
	if (article->pinned_at != 0)
		return article->pinned_at;
	return article->published_at != 0 ? article->published_at : import->now;
}

static enum status
save_article(struct import *import, struct import_article *article,
    const struct document *document, const struct cover *cover,
    const GArray *author_ids)
{
	const struct front_matter *matter = &article->front_matter;
	g_autofree char *source =
	    g_strconcat("markdown:", article->source, NULL);
	g_autoptr(GError) error = NULL;
	const struct article_draft draft = {
		.id = article->id,
		.new_id = article->new_id,
		.version = article->version,
		.kind = article->kind,
		.status = article->status,
		.published_at = article->published_at,
		.updated_at = article->updated_at,
		.slug = article->slug,
		.title = article->title,
		.summary = matter->summary == NULL ? "" : matter->summary,
		.description = matter->description,
		.language = matter->language == NULL ? "" : matter->language,
		.direction = matter->direction,
		.series = matter->series,
		.series_number = article->series_number,
		.pinned_at = pinned_at(import, article),
		.canonical_url =
		    matter->canonical_url == NULL ? "" : matter->canonical_url,
		.cover_path = cover->path,
		.cover_alt = matter->cover_alt == NULL ? "" : matter->cover_alt,
		.cover_width = cover->width,
		.cover_height = cover->height,
		.category = article->category,
		.tags = (const char *const *)article->tags->pdata,
		.author_ids = (const int64_t *)(const void *)author_ids->data,
		.author_count = author_ids->len,
		.body = article->body,
		.body_html = document->html,
		.contents_html = document->contents_html,
		.excerpt = document->excerpt,
		.text = document->text,
		.word_count = document->word_count,
		.minutes = document->minutes,
		.import_source = source,
		.import_hash = article->hash,
	};
	enum status status =
	    article_save(import->site->database, &import->site->blog, &draft,
		import->now, &article->id, &article->version, &error);

	if (status == STATUS_INVALID || status == STATUS_CONFLICT) {
		import_plan_notice(import->plan, true, article->source, 1, "%s",
		    error->message);
		return STATUS_INVALID;
	}
	return status;
}

/* Write what was rendered, and all that goes with it. */
static enum status
write_parts(struct import *import, struct import_article *article,
    const struct document *document)
{
	g_autoptr(GArray) author_ids =
	    g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct cover cover = { 0 };
	enum status status = use_media_of(import, document);

	if (status == STATUS_OK)
		status = find_cover(import, article, &cover);
	if (status == STATUS_OK)
		status = find_authors(import, article, author_ids);
	if (status == STATUS_OK)
		status =
		    save_article(import, article, document, &cover, author_ids);
	g_free(cover.path);
	return status == STATUS_OK
		   ? rendering_store_references(import->site->database,
			 article->id, document->references,
			 import->site->settings.base_path)
		   : status;
}

/* Take back the files above `file_count` and the media above `media_count`. */
static void
undo_files(struct import *import, guint file_count, guint media_count)
{
	GPtrArray *files = import->written_files;
	GPtrArray *media = import->media_paths;

	for (guint i = file_count; i < files->len; i++)
		unlink(g_ptr_array_index(files, i));
	g_ptr_array_set_size(files, (gint)file_count);
	for (guint i = media_count; i < media->len; i++)
		g_hash_table_remove(
		    import->used_media, g_ptr_array_index(media, i));
	g_ptr_array_set_size(media, (gint)media_count);
}

/*
 * Write `article` as it was rendered, whole or not at all. STATUS_INVALID,
 * noticed: this one only.
 */
static enum status
write_article(struct import *import, struct import_article *article,
    const struct document *document)
{
	struct database *database = import->site->database;
	const struct import_counts counts = import->counts;
	guint file_count = import->written_files->len;
	guint media_count = import->media_paths->len;
	enum status status = database_begin_savepoint(database);

	if (status != STATUS_OK)
		return status;
	status = database_end_savepoint(
	    database, write_parts(import, article, document));
	if (status != STATUS_OK) {
		import->counts = counts;
		undo_files(import, file_count, media_count);
		return status;
	}
	notice_warnings(import, article, document);
	article->is_written = true;
	if (article->action == IMPORT_ADD)
		import->counts.added++;
	else
		import->counts.changed++;
	return STATUS_OK;
}

/* ---- one that is kept ---- */

/* Files that were removed from media/ since come back. */
static enum status
restore_media(struct import *import, const struct import_article *article)
{
	const char *base_path = import->site->settings.base_path;
	const char *cover = article->front_matter.cover;
	struct link_target target;
	enum status status = STATUS_OK;

	for (guint i = 0; status == STATUS_OK && i < article->references->len;
	     i++) {
		g_autofree char *url = g_strconcat(base_path,
		    g_array_index(
			article->references, struct document_reference, i)
			.url,
		    NULL);

		status = use_media_at(import, url);
	}
	if (status != STATUS_OK || cover == NULL ||
	    !import_resolve(
		import->plan, article->source, cover, LINK_KIND_IMAGE, &target))
		return status;
	status = use_media_at(import, target.url);
	g_free(target.url);
	return status;
}

/* ---- all of them ---- */

static enum status
begin_rendering(struct import *import, const struct import_article *article)
{
	g_autofree char *body = title_hide(article->body, article->title);
	g_autoptr(GError) error = NULL;
	enum status status = renderer_begin(
	    import->renderer, article->source, body, strlen(body), &error);

	if (status != STATUS_OK)
		import_plan_notice(import->plan, true, article->source, 1, "%s",
		    error->message);
	return status;
}

/* Take the result of rendering `article`; false, noticed, when there is none.
 */
static bool
finish_rendering(struct import *import, const struct import_article *article,
    struct document *out_document)
{
	g_autoptr(GError) error = NULL;

	if (renderer_finish(import->renderer, out_document, &error) ==
	    STATUS_OK)
		return true;
	import_plan_notice(import->plan, true, article->source,
	    article->front_matter.body_line, "%s", error->message);
	return false;
}

/* The articles that are not kept as they are, in order. */
static GPtrArray *
articles_to_write(struct import *import)
{
	GPtrArray *chosen = g_ptr_array_new();

	for (guint i = 0; i < import->plan->articles->len; i++) {
		struct import_article *article =
		    g_ptr_array_index(import->plan->articles, i);

		if (article->action == IMPORT_KEEP)
			import->counts.kept++;
		else
			g_ptr_array_add(chosen, article);
	}
	return chosen;
}

/*
 * The next article is with the renderer while this process writes the one
 * before: two processors are busy.
 */
static enum status
write_articles(struct import *import)
{
	g_autoptr(GPtrArray) articles = articles_to_write(import);
	bool is_rendering = articles->len > 0 &&
			    begin_rendering(import,
				g_ptr_array_index(articles, 0)) == STATUS_OK;

	for (guint i = 0; i < articles->len; i++) {
		struct import_article *article = g_ptr_array_index(articles, i);
		struct document document;
		enum status status = STATUS_OK;
		bool has_document = is_rendering && finish_rendering(import,
							article, &document);

		is_rendering =
		    i + 1 < articles->len &&
		    begin_rendering(import,
			g_ptr_array_index(articles, i + 1)) == STATUS_OK;
		if (has_document) {
			status = write_article(import, article, &document);
			document_release(&document);
		}
		if (status != STATUS_OK && status != STATUS_INVALID)
			return status;
		tool_show_progress("importing", i + 1, articles->len);
	}
	return STATUS_OK;
}

/* ---- old addresses ---- */

static uint32_t
line_of_alias(const struct import_article *article, const char *alias)
{
	const struct front_matter *matter = &article->front_matter;

	return g_strcmp0(alias, article->old_path) == 0
		   ? front_matter_line(matter, &matter->path)
		   : front_matter_line(matter, &matter->aliases);
}

static enum status
add_redirects_to(struct import *import, const struct import_article *article)
{
	for (guint i = 0; i < article->aliases->len; i++) {
		const char *alias = g_ptr_array_index(article->aliases, i);
		uint32_t line = line_of_alias(article, alias);
		bool is_new = false;
		enum status status;

		/* An address that did not change needs nothing. */
		if (strcmp(alias, article->path) == 0)
			continue;
		status = redirect_add_to_article(import->site->database, alias,
		    article->id, import->now, &is_new);
		if (status == STATUS_CONFLICT)
			import_plan_notice(import->plan, false, article->source,
			    line, "%s leads to another article: left out",
			    alias);
		else if (status == STATUS_INVALID)
			import_plan_notice(import->plan, false, article->source,
			    line,
			    "%s is an address of the blog itself: left out",
			    alias);
		else if (status != STATUS_OK)
			return status;
		import->counts.redirects += is_new;
	}
	return STATUS_OK;
}

/* Whether an article that was written just now stands at an alias of `article`.
 */
static bool
has_lost_alias(const struct import_article *article, GHashTable *written_paths)
{
	for (guint i = 0; i < article->aliases->len; i++)
		if (g_hash_table_contains(
			written_paths, g_ptr_array_index(article->aliases, i)))
			return true;
	return false;
}

/*
 * After all articles, since one that is saved takes the address where it stands
 * from any redirect: whose alias that was must be told. So must an article that
 * is kept.
 */
static enum status
add_redirects(struct import *import)
{
	g_autoptr(GHashTable) paths = g_hash_table_new(g_str_hash, g_str_equal);
	const GPtrArray *articles = import->plan->articles;
	enum status status = STATUS_OK;

	for (guint i = 0; i < articles->len; i++) {
		const struct import_article *article = articles->pdata[i];

		if (article->is_written)
			g_hash_table_add(paths, article->path);
	}
	for (guint i = 0; status == STATUS_OK && i < articles->len; i++) {
		const struct import_article *article = articles->pdata[i];

		if (article->is_written || (article->action == IMPORT_KEEP &&
					       has_lost_alias(article, paths)))
			status = add_redirects_to(import, article);
	}
	return status;
}

/* ---- the whole ---- */

static enum status
restore_all_media(struct import *import)
{
	const GPtrArray *articles = import->plan->articles;
	enum status status = STATUS_OK;

	for (guint i = 0; status == STATUS_OK && i < articles->len; i++) {
		const struct import_article *article = articles->pdata[i];

		if (article->action == IMPORT_KEEP)
			status = restore_media(import, article);
	}
	return status;
}

static enum status
run_import(struct import *import)
{
	const struct link_resolver resolver = { import_resolve, import->plan };
	const struct document_options options = {
		.base_path = import->site->settings.base_path,
		.iframe_hosts =
		    (const char *const *)import->site->blog.iframe_hosts,
		.resolver = &resolver,
	};
	enum status status;

	import->renderer = renderer_new(&options);
	status = write_articles(import);
	renderer_free(import->renderer);
	if (status == STATUS_OK)
		status = restore_all_media(import);
	if (status == STATUS_OK)
		status = add_redirects(import);
	if (status == STATUS_OK && !import->is_dry_run)
		status = database_commit(import->site->database);
	else
		database_rollback(import->site->database);
	if (status != STATUS_OK)
		undo_files(import, 0, 0);
	return status;
}

/* ---- the command ---- */

static int
import_folder_into(struct import *import, const char *folder, bool is_json)
{
	g_autoptr(GError) error = NULL;
	enum status status;

	import->now = date_now();
	if (database_begin(import->site->database, true) != STATUS_OK)
		return tool_fail("the database is busy; try again");
	if (import_plan_new(folder, import->site, import->now, &import->plan,
		&error) != STATUS_OK) {
		database_rollback(import->site->database);
		return tool_fail("%s", error->message);
	}
	status = run_import(import);
	import_plan_sort_notices(import->plan);
	if (status != STATUS_OK) {
		import_report_print_notices(import->plan);
		return tool_fail("nothing was imported: %s",
		    status == STATUS_TOO_LARGE ? "the disk is full"
					       : status_name(status));
	}
	if (is_json)
		import_report_print_json(
		    import->plan, &import->counts, import->is_dry_run);
	else
		import_report_print(
		    import->plan, &import->counts, import->is_dry_run);
	return import_report_count_notices(import->plan, true) > 0 ? TOOL_FAILED
								   : TOOL_DONE;
}

int
tool_import(
    const struct tool *tool, const char *directory, int argc, char **argv)
{
	gboolean is_dry_run = FALSE, is_json = FALSE;
	const GOptionEntry entries[] = {
		{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &is_dry_run,
		    "Do everything but keep it: say what would be", NULL },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &is_json,
		    "Print the report as JSON", NULL },
		{ 0 },
	};
	struct import import = { 0 };
	int media = -1;
	int exit_code;

	if (!tool_parse(tool, entries, 2, &argc, &argv, &exit_code))
		return exit_code;
	if (strcmp(argv[1], "markdown") != 0)
		return tool_misuse(tool,
		    "there is no import of \"%s\": markdown is known", argv[1]);
	import.site = tool_open_site(directory);
	if (import.site == NULL)
		return TOOL_FAILED;
	/* Authors upload meanwhile, or delete what this finds there. */
	if (!is_dry_run &&
	    media_folder_take_turn(import.site, &media) != STATUS_OK) {
		site_free(import.site);
		return tool_fail(
		    "others change the files in media/; try again");
	}
	import.is_dry_run = is_dry_run;
	import.used_media = g_hash_table_new(g_str_hash, g_str_equal);
	import.media_paths = g_ptr_array_new();
	import.written_files = g_ptr_array_new_with_free_func(g_free);
	exit_code = import_folder_into(&import, argv[2], is_json);
	g_hash_table_unref(import.used_media);
	g_ptr_array_unref(import.media_paths);
	g_ptr_array_unref(import.written_files);
	import_plan_free(import.plan);
	if (media >= 0)
		close(media);
	site_free(import.site);
	return exit_code;
}
