/*
 * import_scan.c - every file of an imported folder, looked at once.
 *
 * A file that cannot be an article is named with its line, and the others go
 * on.
 */
#include "config.h"

#include "import_scan.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "content/image_size.h"
#include "content/renderer.h"
#include "import_article.h"
#include "import_file.h"
#include "import_plan.h"
#include "model/media.h"

enum {
	DEPTH_MOST = 32 /* folders in folders */
};

/* Files beside the text that are no articles, whatever folder they are in. */
static const char *const ignored_names[] = { "README.md", "LICENSE.md",
	"CHANGELOG.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md" };

/* What a generator keeps beside its configuration, and what that is called. A
 * folder of articles may have any of these names elsewhere. */
static const char *const generator_folders[] = { "_includes", "_layouts",
	"_sass", "_site", "archetypes", "layouts", "node_modules", "resources",
	"themes", "vendor" };
static const char *const generator_files[] = { "_config.yml", "_config.yaml",
	"_config.toml", "config.toml", "config.yaml", "config.yml", "hugo.toml",
	"hugo.yaml", "hugo.yml", "hugo.json", "zola.toml" };

/* What may come along as a download, beside images. */
static const struct {
	const char *ending;
	const char *content_type;
} downloads[] = {
	{ ".pdf", "application/pdf" },
	{ ".zip", "application/zip" },
	{ ".gz", "application/gzip" },
	{ ".txt", "text/plain" },
	{ ".csv", "text/csv" },
	{ ".json", "application/json" },
	{ ".mp3", "audio/mpeg" },
	{ ".mp4", "video/mp4" },
	{ ".webm", "video/webm" },
};

static bool
is_markdown(const char *name)
{
	return g_str_has_suffix(name, ".md") ||
	       g_str_has_suffix(name, ".markdown");
}

/* ---- articles ---- */

static struct import_article *
new_article(const char *source, char *bytes, size_t size)
{
	struct import_article *article = g_new0(struct import_article, 1);

	article->source = g_strdup(source);
	article->bytes = bytes;
	article->size = size;
	article->aliases = g_ptr_array_new_with_free_func(g_free);
	article->tags = g_ptr_array_new_with_free_func(g_free);
	return article;
}

/* A page that lists a section: Byline makes those itself. */
static bool
is_section(const struct import_article *article)
{
	g_autofree char *name = g_path_get_basename(article->source);

	return g_str_has_prefix(name, "_index.");
}

static bool
is_empty(const struct import_article *article)
{
	const char *body = article->bytes + article->front_matter.body_offset;

	return article->front_matter.title == NULL &&
	       body[strspn(body, " \t\r\n")] == '\0';
}

/* ---- files ---- */

/* The line of `bytes` in which `offset` stands, from 1. */
static uint32_t
line_of(const char *bytes, size_t offset)
{
	uint32_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += bytes[i] == '\n';
	return line;
}

static bool
check_encoding(struct import_plan *plan, const char *source, const char *bytes,
    size_t size)
{
	size_t offset;

	if (text_is_valid_utf8(bytes, size, &offset))
		return true;
	import_plan_notice(plan, true, source, line_of(bytes, offset),
	    "it is not UTF-8 text: byte 0x%02x; save it as UTF-8",
	    (unsigned char)bytes[offset]);
	return false;
}

/* "3: what is wrong" has the line in front. */
static void
notice_front_matter(
    struct import_plan *plan, const char *source, const char *message)
{
	char *end;
	uint64_t line = g_ascii_strtoull(message, &end, 10);

	if (end == message || *end != ':')
		import_plan_notice(plan, true, source, 1, "%s", message);
	else
		import_plan_notice(plan, true, source, (uint32_t)line, "%s",
		    end + 1 + strspn(end + 1, " "));
}

static void
scan_markdown(
    struct import_plan *plan, const char *source, const char *path, int64_t now)
{
	g_autoptr(GError) error = NULL;
	struct import_article *article;
	const char *reason;
	char *bytes;
	size_t size;

	if (import_file_read(path, RENDERER_MAX_FILE, &bytes, &size, &reason) !=
	    STATUS_OK) {
		import_plan_notice(plan, true, source, 0, "%s", reason);
		return;
	}
	article = new_article(source, bytes, size);
	g_ptr_array_add(plan->articles, article);
	if (check_encoding(plan, source, bytes, size)) {
		if (renderer_parse_front_matter(plan->parser, bytes, size,
			&article->front_matter, &error) != STATUS_OK)
			notice_front_matter(plan, source, error->message);
		else if (is_section(article))
			plan->section_count++;
		else if (is_empty(article))
			import_plan_notice(plan, false, source, 1,
			    "it has neither a title nor a text: left out");
		else if (import_article_fill(plan, article, now))
			return;
	}
	g_ptr_array_remove(plan->articles, article);
}

static const char *
download_type(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(downloads); i++)
		if (g_str_has_suffix(name, downloads[i].ending))
			return downloads[i].content_type;
	return NULL;
}

/* Remember why the file did not come along, for whoever refers to it. */
static void
leave_out(struct import_plan *plan, const char *source, const char *reason)
{
	g_hash_table_insert(plan->left_out, g_strdup(source), (void *)reason);
}

static void
add_asset(struct import_plan *plan, const char *source, const char *bytes,
    size_t size, const struct image_size *image)
{
	struct import_asset *asset = g_new0(struct import_asset, 1);
	const char *slash = strrchr(source, '/');

	asset->source = g_strdup(source);
	asset->content_type = image->content_type;
	asset->size = size;
	asset->width = image->width;
	asset->height = image->height;
	asset->media_path = media_make_path(bytes, size,
	    slash == NULL ? source : slash + 1, image->content_type);
	g_hash_table_insert(plan->assets_by_source, asset->source, asset);
	g_hash_table_insert(
	    plan->assets_by_media_path, asset->media_path, asset);
}

static void
scan_asset(struct import_plan *plan, const char *source, const char *path)
{
	struct image_size image = { 0 };
	g_autofree char *bytes = NULL;
	const char *reason;
	size_t size;

	if (import_file_read(path, IMPORT_ASSET_SIZE_MOST, &bytes, &size,
		&reason) != STATUS_OK) {
		leave_out(plan, source, reason);
		return;
	}
	if (image_size_read(bytes, size, &image) != STATUS_OK)
		image.content_type = download_type(source);
	if (size == 0)
		leave_out(plan, source, "the file is empty");
	else if (image.content_type == NULL)
		leave_out(plan, source,
		    "the file is no image or download of a known kind");
	else
		add_asset(plan, source, bytes, size, &image);
}

static bool
has_name(const char *const names[], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/*
 * Whether the folder at `path` is where a generator has its configuration, one
 * whose name begins with `prefix`.
 */
static bool
has_generator_file(const char *path, const char *prefix)
{
	for (size_t i = 0; i < G_N_ELEMENTS(generator_files); i++) {
		g_autofree char *file =
		    g_build_filename(path, generator_files[i], NULL);

		if (g_str_has_prefix(generator_files[i], prefix) &&
		    g_file_test(file, G_FILE_TEST_IS_REGULAR))
			return true;
	}
	return false;
}

static void
scan_markdown_file(struct import_plan *plan, const char *source,
    const char *path, const struct stat *about, int64_t now)
{
	const char *refusal = import_file_refusal(about);

	plan->markdown_count++;
	if (refusal != NULL)
		import_plan_notice(plan, true, source, 0, "%s", refusal);
	else if ((uint64_t)about->st_size > RENDERER_MAX_FILE)
		import_plan_notice(plan, true, source, 0,
		    "it has %lld bytes; a file may have %lld",
		    (long long)about->st_size, (long long)RENDERER_MAX_FILE);
	else
		scan_markdown(plan, source, path, now);
}

static void
scan_other_file(struct import_plan *plan, const char *source, const char *path,
    const struct stat *about)
{
	const char *refusal = import_file_refusal(about);

	if (S_ISLNK(about->st_mode) && g_file_test(path, G_FILE_TEST_IS_DIR))
		import_plan_notice(plan, false, source, 0,
		    "it is a symbolic link to a folder: left out");
	else if (refusal != NULL)
		leave_out(plan, source, refusal);
	else
		scan_asset(plan, source, path);
}

/* A folder that is looked through. */
struct place {
	int depth;
	bool is_top; /* where a generator keeps its own folders */
	int64_t now;
};

static void scan_folder(
    struct import_plan *plan, const char *folder, int depth, int64_t now);

static void
scan_subfolder(struct import_plan *plan, const struct place *place,
    const char *source, const char *name)
{
	if (place->is_top &&
	    has_name(generator_folders, G_N_ELEMENTS(generator_folders), name))
		import_plan_skip(plan, source);
	else if (place->depth < DEPTH_MOST)
		scan_folder(plan, source, place->depth + 1, place->now);
	else
		import_plan_notice(plan, true, source, 0,
		    "there are more than %d folders in folders", DEPTH_MOST);
}

/* `path` is where `source`, named `name` in its folder, is. */
static void
scan_entry(struct import_plan *plan, const struct place *place,
    const char *source, const char *name, const char *path)
{
	struct stat about;

	if (lstat(path, &about) != 0) {
		import_plan_notice(
		    plan, true, source, 0, "%s", g_strerror(errno));
		return;
	}
	if (name[0] == '.')
		return;
	if (S_ISDIR(about.st_mode))
		scan_subfolder(plan, place, source, name);
	else if (has_name(ignored_names, G_N_ELEMENTS(ignored_names), name))
		return;
	else if (is_markdown(name))
		scan_markdown_file(plan, source, path, &about, place->now);
	else
		scan_other_file(plan, source, path, &about);
}

static void
scan_folder(
    struct import_plan *plan, const char *folder, int depth, int64_t now)
{
	g_autofree char *path = g_build_filename(plan->directory, folder, NULL);
	g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
	const struct place place = {
		.depth = depth,
		.is_top = folder[0] == '\0' || has_generator_file(path, ""),
		.now = now,
	};
	const char *name;

	if (entries == NULL) {
		import_plan_notice(
		    plan, true, folder, 0, "the folder cannot be read");
		return;
	}
	while ((name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *entry = g_build_filename(path, name, NULL);
		g_autofree char *source =
		    folder[0] == '\0' ? g_strdup(name)
				      : g_strconcat(folder, "/", name, NULL);

		scan_entry(plan, &place, source, name, entry);
	}
}

enum status
import_scan(struct import_plan *plan, int64_t now, GError **error)
{
	if (!g_file_test(plan->directory, G_FILE_TEST_IS_DIR))
		return status_fail(error, STATUS_NOT_FOUND, "%s is no folder",
		    plan->directory);
	plan->is_jekyll_site = has_generator_file(plan->directory, "_config.");
	plan->is_other_site =
	    !plan->is_jekyll_site && has_generator_file(plan->directory, "");
	plan->parser = renderer_new(NULL);
	scan_folder(plan, "", 0, now);
	g_clear_pointer(&plan->parser, renderer_free);
	if (plan->markdown_count == 0 && plan->notices->len == 0)
		return status_fail(error, STATUS_NOT_FOUND,
		    "%s holds no Markdown (.md, .markdown)", plan->directory);
	return STATUS_OK;
}
