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
#include "import_plan.h"
#include "model/media.h"
#include "model/redirect.h"
#include "model/site.h"

#define MAX_DEPTH      32         /* folders in folders */
#define MAX_ASSET_SIZE (20 << 20) /* bytes */
/* Front matter may take as much again as the text. */
#define MAX_FILE_SIZE (2 * RENDERER_MAX_INPUT)

/* Files beside the text that are no articles, whatever folder they are in. */
static const char *const ignored_names[] = { "README.md", "LICENSE.md",
	"CHANGELOG.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md" };
static const char *const ignored_folders[] = { "node_modules", "_site",
	"_layouts", "_includes", "_sass", "archetypes", "layouts", "resources",
	"themes", "vendor" };

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

/* ---- names and dates ---- */

static bool
is_markdown(const char *name)
{
	return g_str_has_suffix(name, ".md") ||
	       g_str_has_suffix(name, ".markdown");
}

/* Length of a date and the hyphen or underscore after it, 0 if there is none.
 */
static size_t
date_prefix_size(const char *name)
{
	static const char shape[] = "0000-00-00";

	for (size_t i = 0; shape[i] != '\0'; i++)
		if (shape[i] == '0' ? !g_ascii_isdigit(name[i])
				    : name[i] != shape[i])
			return 0;
	return name[10] == '-' || name[10] == '_' ? 11
	       : name[10] == '\0'                 ? 10
						  : 0;
}

/* The name of the file, or of its folder where the file is an index. */
static char *
base_name(const char *source)
{
	g_autofree char *name = g_path_get_basename(source);
	char *dot = strrchr(name, '.');

	if (dot != NULL)
		*dot = '\0';
	if (strcmp(name, "index") == 0 && strchr(source, '/') != NULL) {
		g_autofree char *folder = import_folder(source);

		return g_path_get_basename(folder);
	}
	return g_steal_pointer(&name);
}

char *
import_scan_name(const char *source)
{
	g_autofree char *name = base_name(source);

	return g_strdup(name + date_prefix_size(name));
}

/* "2025-09-18" where three parts of `path` are a year, a month and a day. */
static char *
date_in_path(const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	for (guint i = 0; i + 2 < g_strv_length(parts); i++) {
		g_autofree char *date = g_strdup_printf(
		    "%s-%s-%s", parts[i], parts[i + 1], parts[i + 2]);

		if (date_prefix_size(date) == 10)
			return g_steal_pointer(&date);
	}
	return NULL;
}

/* What the name of the file or the former address says of the day; or NULL. */
static char *
date_of_names(const struct import_article *article)
{
	g_autofree char *name = base_name(article->source);

	if (date_prefix_size(name) > 0)
		return g_strndup(name, 10);
	if (article->old_path != NULL)
		return date_in_path(article->old_path);
	return NULL;
}

/*
 * When the article was published: by its front matter, else by the name of its
 * file, else by its former address. A date that nobody can read is an error
 * where no name has another: guessing would put the article anywhere.
 */
static bool
find_date(struct import_plan *plan, struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;
	GTimeZone *zone = plan->site->blog.zone;
	g_autofree char *named = date_of_names(article);
	bool is_named =
	    named != NULL &&
	    date_parse(named, zone, &article->published_at) == STATUS_OK;

	if (matter->date == NULL && (named == NULL || is_named))
		return true;
	if (matter->date != NULL &&
	    date_parse(matter->date, zone, &article->published_at) == STATUS_OK)
		return true;
	if (is_named)
		import_plan_notice(plan, false, article->source,
		    matter->date_line,
		    "\"%s\" is no date: took %s from its name", matter->date,
		    named);
	else
		import_plan_notice(plan, true, article->source,
		    matter->date == NULL ? 1 : matter->date_line,
		    "\"%s\" is no date",
		    matter->date == NULL ? named : matter->date);
	return is_named;
}

static void
find_updated(struct import_plan *plan, struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;

	article->updated_at = article->published_at;
	if (matter->updated != NULL &&
	    date_parse(matter->updated, plan->site->blog.zone,
		&article->updated_at) != STATUS_OK)
		import_plan_notice(plan, false, article->source,
		    matter->updated_line, "\"%s\" is no date: left out",
		    matter->updated);
}

/* ---- from front matter to an article ---- */

/* The text of the first heading, for a file whose front matter has no title. */
static char *
first_heading(const char *body)
{
	for (const char *line = body; line != NULL && *line != '\0';
	     line = strchr(line, '\n')) {
		line += *line == '\n';
		if (line[0] == '#' && line[1] == ' ')
			return g_strndup(line + 2, strcspn(line + 2, "\r\n"));
	}
	return NULL;
}

static void
find_title(struct import_plan *plan, struct import_article *article)
{
	g_autofree char *title = g_strdup(article->front_matter.title);

	if (title == NULL)
		title = first_heading(article->body);
	if (title == NULL) {
		title = import_scan_name(article->source);
		import_plan_notice(plan, false, article->source, 1,
		    "it has no title: called \"%s\" after its file", title);
	}
	article->title = text_normalize_line(title);
}

static void
add_alias(
    struct import_plan *plan, struct import_article *article, const char *alias)
{
	char *path = redirect_normalize_path(alias);

	if (path == NULL) {
		import_plan_notice(plan, false, article->source, 1,
		    "\"%s\" cannot be an address here: left out", alias);
		return;
	}
	g_ptr_array_add(article->aliases, path);
}

/* What Jekyll makes of categories, date and name of a post. */
static char *
jekyll_address(const struct front_matter *matter, const char *name)
{
	g_autofree char *categories = g_strjoinv("/", matter->categories);
	g_autofree char *date = g_strndup(name, 10);

	g_strdelimit(date, "-", '/');
	return g_strconcat(
	    "/", categories, "/", date, "/", name + 11, ".html", NULL);
}

/* What Hugo and Zola make of the folder and the name of a file. */
static char *
folder_address(const struct import_article *article)
{
	const char *slug = article->front_matter.slug;
	g_autofree char *file = g_path_get_basename(article->source);
	g_autofree char *near = import_folder(article->source);
	g_autofree char *folder = g_str_has_prefix(file, "index.")
				      ? import_folder(near)
				      : g_strdup(near);
	g_autofree char *name = import_scan_name(article->source);
	const char *inside = folder;

	if (g_str_has_prefix(inside, "content/"))
		inside += strlen("content/");
	else if (strcmp(inside, "content") == 0)
		inside += strlen("content");
	return g_strconcat(inside[0] == '\0' ? "" : "/", inside, "/",
	    slug == NULL ? name : slug, NULL);
}

/*
 * Where the article stood: as its front matter says, or where its generator put
 * it when nobody said otherwise.
 */
static void
find_addresses(struct import_plan *plan, struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;
	g_autofree char *name = base_name(article->source);
	g_autofree char *address = NULL;
	g_autofree char *made = NULL;

	/* ":title" and the like are patterns, not addresses. */
	if (matter->path != NULL && strchr(matter->path, ':') == NULL)
		address = g_strdup(matter->path);
	else if (matter->format == FRONT_MATTER_YAML &&
		 date_prefix_size(name) == 11)
		address = jekyll_address(matter, name);
	if (address != NULL) {
		add_alias(plan, article, address);
	} else {
		/* Nobody asked for this one: what is none is no news. */
		address = folder_address(article);
		made = redirect_normalize_path(address);
	}
	if (made != NULL)
		g_ptr_array_add(article->aliases, g_steal_pointer(&made));
	if (article->aliases->len > 0)
		article->old_path =
		    g_strdup(g_ptr_array_index(article->aliases, 0));
	for (char **alias = matter->aliases; *alias != NULL; alias++)
		add_alias(plan, article, *alias);
}

/* The first category is the article's; whatever else there is are tags. */
static void
find_subjects(struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;

	for (char **tag = matter->tags; *tag != NULL; tag++)
		g_ptr_array_add(article->tags, g_strdup(*tag));
	for (char **category = matter->categories; *category != NULL;
	     category++) {
		if (category == matter->categories)
			article->category = g_strdup(*category);
		else
			g_ptr_array_add(article->tags, g_strdup(*category));
	}
	g_ptr_array_add(article->tags, NULL);
}

static void
find_state(
    struct import_plan *plan, struct import_article *article, int64_t now)
{
	const struct front_matter *matter = &article->front_matter;

	if (g_strcmp0(matter->layout, "page") == 0) {
		article->kind = ARTICLE_KIND_PAGE;
		/* A standing page shows no date, but it must have one. */
		if (article->published_at == 0)
			article->published_at = now;
	}
	article->status = ARTICLE_STATUS_PUBLISHED;
	if (matter->is_draft || strstr(article->source, "_drafts/") != NULL) {
		article->status = ARTICLE_STATUS_DRAFT;
	} else if (article->published_at == 0) {
		article->status = ARTICLE_STATUS_DRAFT;
		import_plan_notice(plan, false, article->source, 1,
		    "it has no date: imported as a draft");
	}
}

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
	const char *body = article->bytes + article->front_matter.body_offset;

	if (g_str_has_prefix(name, "_index."))
		return true;
	return article->front_matter.title == NULL &&
	       body[strspn(body, " \t\r\n")] == '\0';
}

/* Whether `article`, whose front matter is parsed, is to be imported. */
static bool
fill_article(
    struct import_plan *plan, struct import_article *article, int64_t now)
{
	const struct front_matter *matter = &article->front_matter;

	for (guint i = 0; i < matter->warnings->len; i++) {
		const struct document_warning *warning = &g_array_index(
		    matter->warnings, struct document_warning, i);

		import_plan_notice(plan, false, article->source, warning->line,
		    "%s", warning->message);
	}
	article->body = g_strdup(article->bytes + matter->body_offset);
	find_title(plan, article);
	find_addresses(plan, article);
	if (!find_date(plan, article))
		return false;
	find_updated(plan, article);
	find_subjects(article);
	find_state(plan, article, now);
	return true;
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
	char *bytes;
	size_t size;

	if (!g_file_get_contents(path, &bytes, &size, &error)) {
		import_plan_notice(plan, true, source, 0, "%s", error->message);
		return;
	}
	article = new_article(source, bytes, size);
	g_ptr_array_add(plan->articles, article);
	if (check_encoding(plan, source, bytes, size)) {
		if (front_matter_parse(bytes, size, &article->front_matter,
			&error) != STATUS_OK)
			notice_front_matter(plan, source, error->message);
		else if (is_section(article))
			plan->section_count++;
		else if (fill_article(plan, article, now))
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

static void
scan_asset(struct import_plan *plan, const char *source, const char *path)
{
	struct image_size image = { 0 };
	struct import_asset *asset;
	g_autofree char *bytes = NULL;
	size_t size;

	if (!g_file_get_contents(path, &bytes, &size, NULL))
		return;
	if (image_size_read(bytes, size, &image) != STATUS_OK)
		image.content_type = download_type(source);
	if (image.content_type == NULL)
		return;
	asset = g_new0(struct import_asset, 1);
	asset->source = g_strdup(source);
	asset->content_type = image.content_type;
	asset->size = size;
	asset->width = image.width;
	asset->height = image.height;
	asset->media_path = media_make_path(bytes, size,
	    strrchr(source, '/') == NULL ? source : strrchr(source, '/') + 1,
	    image.content_type);
	g_hash_table_insert(plan->assets_by_source, asset->source, asset);
	g_hash_table_insert(
	    plan->assets_by_media_path, asset->media_path, asset);
}

static bool
is_ignored(const char *name, bool is_folder)
{
	const char *const *names = is_folder ? ignored_folders : ignored_names;
	size_t count = is_folder ? G_N_ELEMENTS(ignored_folders)
				 : G_N_ELEMENTS(ignored_names);

	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return name[0] == '.';
}

static void
scan_file(struct import_plan *plan, const char *source, const char *path,
    const struct stat *about, int64_t now)
{
	if (is_markdown(source)) {
		if ((uint64_t)about->st_size > MAX_FILE_SIZE)
			import_plan_notice(plan, true, source, 0,
			    "it has %lld bytes; a file may have %lld",
			    (long long)about->st_size,
			    (long long)MAX_FILE_SIZE);
		else
			scan_markdown(plan, source, path, now);
	} else if (about->st_size <= MAX_ASSET_SIZE) {
		scan_asset(plan, source, path);
	}
}

static void
scan_folder(
    struct import_plan *plan, const char *folder, int depth, int64_t now)
{
	g_autofree char *path = g_build_filename(plan->directory, folder, NULL);
	g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
	const char *name;

	if (entries == NULL) {
		import_plan_notice(
		    plan, true, folder, 0, "the folder cannot be read");
		return;
	}
	while ((name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *entry_path =
		    g_build_filename(path, name, NULL);
		g_autofree char *source =
		    folder[0] == '\0' ? g_strdup(name)
				      : g_strconcat(folder, "/", name, NULL);
		struct stat about;

		/* A link may lead anywhere, and in circles. */
		if (lstat(entry_path, &about) != 0 || S_ISLNK(about.st_mode))
			continue;
		if (is_ignored(name, S_ISDIR(about.st_mode)))
			continue;
		if (S_ISREG(about.st_mode))
			scan_file(plan, source, entry_path, &about, now);
		else if (S_ISDIR(about.st_mode) && depth < MAX_DEPTH)
			scan_folder(plan, source, depth + 1, now);
	}
}

enum status
import_scan(struct import_plan *plan, int64_t now, GError **error)
{
	if (!g_file_test(plan->directory, G_FILE_TEST_IS_DIR))
		return status_fail(error, STATUS_NOT_FOUND, "%s is no folder",
		    plan->directory);
	scan_folder(plan, "", 0, now);
	return STATUS_OK;
}
