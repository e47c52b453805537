/*
 * import_links.c - what the links and images of imported articles lead to now.
 *
 * A reference may be relative to the file ("graph.png", "../b/index.md"), to
 * the folder ("@/posts/b.md", Zola), to the site's static files
 * ("/images/a.png", Hugo) or to the address the article had. Runs in the
 * renderer's child: it reads the plan and nothing else.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "import_plan.h"
#include "model/redirect.h"
#include "model/site.h"

/* Folders of a generator whose files stand at the top of its site. */
static const char *const static_folders[] = { "", "static/", "public/",
	"assets/" };

/* What a reference to a page may leave out. */
static const char *const page_endings[] = { "", ".md", ".markdown", "/index.md",
	"/_index.md" };

/* What a path may hold without percent escapes, beside letters and digits. */
#define PATH_CHARACTERS "/!$&'()*+,;=:@"

char *
import_folder(const char *source)
{
	const char *slash = strrchr(source, '/');

	return slash == NULL ? g_strdup("")
			     : g_strndup(source, (size_t)(slash - source));
}

char *
import_join(const char *base, const char *path)
{
	g_autofree char *joined = g_strconcat(base, "/", path, NULL);
	g_auto(GStrv) parts = g_strsplit(joined, "/", -1);
	g_autoptr(GPtrArray) kept = g_ptr_array_new();

	for (char **part = parts; *part != NULL; part++) {
		if (**part == '\0' || strcmp(*part, ".") == 0)
			continue;
		if (strcmp(*part, "..") != 0) {
			g_ptr_array_add(kept, *part);
			continue;
		}
		if (kept->len == 0)
			return NULL;
		g_ptr_array_set_size(kept, (gint)kept->len - 1);
	}
	g_ptr_array_add(kept, NULL);
	return g_strjoinv("/", (char **)kept->pdata);
}

static void
fill_asset(const struct import_plan *plan, const struct import_asset *asset,
    struct link_target *out_target)
{
	*out_target = (struct link_target){
		.url = g_strconcat(plan->site->settings.base_path, "/media/",
		    asset->media_path, NULL),
		.width = asset->width,
		.height = asset->height,
	};
}

static void
fill_page(const struct import_plan *plan, const char *path, const char *suffix,
    struct link_target *out_target)
{
	*out_target = (struct link_target){
		.url = g_strconcat(
		    plan->site->settings.base_path, path, suffix, NULL),
	};
}

/* A file of the folder: an asset, or the source of an article. */
static bool
resolve_source(const struct import_plan *plan, const char *source,
    const char *suffix, struct link_target *out_target)
{
	const struct import_asset *asset =
	    g_hash_table_lookup(plan->assets_by_source, source);

	if (asset != NULL) {
		fill_asset(plan, asset, out_target);
		return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(page_endings); i++) {
		g_autofree char *name =
		    g_strconcat(source, page_endings[i], NULL);
		const struct import_article *article =
		    g_hash_table_lookup(plan->articles_by_source, name);

		if (article == NULL)
			continue;
		fill_page(plan, article->path, suffix, out_target);
		return true;
	}
	return false;
}

/*
 * Something that stood at `address` ("/2018/03/12/a", with its percent escapes)
 * on the old site.
 */
static bool
resolve_address(const struct import_plan *plan, const char *address,
    const char *suffix, struct link_target *out_target)
{
	g_autofree char *key = redirect_normalize_path(address);
	const struct import_article *article;
	const struct import_asset *asset;

	if (key == NULL)
		return false;
	article = g_hash_table_lookup(plan->articles_by_address, key);
	asset = g_hash_table_lookup(plan->assets_by_address, key);
	if (asset != NULL)
		fill_asset(plan, asset, out_target);
	else if (article != NULL)
		fill_page(plan, article->path, suffix, out_target);
	return asset != NULL || article != NULL;
}

/*
 * Not found: say why, where the folder has such a file that did not come along.
 * An address of a page may be of something that is not in the folder.
 */
static bool
fail(const struct import_plan *plan, const char *source, enum link_kind kind,
    struct link_target *out_target)
{
	const char *reason =
	    source == NULL ? NULL : g_hash_table_lookup(plan->left_out, source);

	if (reason == NULL && kind == LINK_KIND_IMAGE)
		reason = "file not found";
	out_target->problem = reason;
	return false;
}

/* The path of a reference, and what follows it. */
struct reference {
	char *written;      /* with percent escapes, as it may stand in HTML */
	char *path;         /* decoded, as files are named; NULL: not UTF-8 */
	const char *suffix; /* "?..." or "#..." or "" */
	enum link_kind kind;
};

static void
read_reference(const char *text, enum link_kind kind, struct reference *out)
{
	const char *suffix = text + strcspn(text, "?#");

	out->written = g_strndup(text, (size_t)(suffix - text));
	out->path = g_uri_unescape_string(out->written, NULL);
	out->suffix = suffix;
	out->kind = kind;
	if (out->path != NULL &&
	    !text_is_valid_utf8(out->path, strlen(out->path), NULL))
		g_clear_pointer(&out->path, g_free);
}

static bool
resolve_absolute(const struct import_plan *plan,
    const struct reference *reference, struct link_target *out_target)
{
	if (resolve_address(
		plan, reference->written, reference->suffix, out_target))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(static_folders); i++) {
		g_autofree char *source =
		    import_join(static_folders[i], reference->path + 1);

		if (source == NULL)
			continue;
		if (resolve_source(plan, source, reference->suffix, out_target))
			return true;
		if (g_hash_table_contains(plan->left_out, source))
			return fail(plan, source, reference->kind, out_target);
	}
	return fail(plan, NULL, reference->kind, out_target);
}

/*
 * Relative to the address that the article had: "a.html" stands in its folder,
 * "a" is one. The escapes stay in what was written: "a%23b" is one name, and
 * "a#b" is none.
 */
static bool
resolve_relative_address(const struct import_plan *plan,
    const struct import_article *article, const struct reference *reference,
    struct link_target *out_target)
{
	g_autofree char *folder = NULL;
	g_autofree char *escaped = NULL;
	g_autofree char *joined = NULL;
	g_autofree char *address = NULL;

	if (article->old_path == NULL)
		return false;
	folder = g_str_has_suffix(article->old_path, ".html")
		     ? import_folder(article->old_path)
		     : g_strdup(article->old_path);
	escaped = g_uri_escape_string(folder, PATH_CHARACTERS, TRUE);
	joined = import_join(escaped, reference->written);
	if (joined == NULL)
		return false;
	address = g_strconcat("/", joined, NULL);
	if (resolve_address(plan, address, reference->suffix, out_target))
		return true;
	if (reference->kind == LINK_KIND_IMAGE)
		return false;
	/* Where it led, it still leads: a redirect may be added later. */
	fill_page(plan, address, reference->suffix, out_target);
	return true;
}

static bool
resolve_relative(const struct import_plan *plan,
    const struct import_article *article, const struct reference *reference,
    struct link_target *out_target)
{
	const char *path = reference->path;
	g_autofree char *folder = import_folder(article->source);
	g_autofree char *near = NULL;

	if (path != NULL)
		near = g_str_has_prefix(path, "@/") ? import_join("", path + 2)
						    : import_join(folder, path);
	if (near != NULL &&
	    resolve_source(plan, near, reference->suffix, out_target))
		return true;
	if (near != NULL && g_hash_table_contains(plan->left_out, near))
		return fail(plan, near, reference->kind, out_target);
	return resolve_relative_address(plan, article, reference, out_target) ||
	       fail(plan, NULL, reference->kind, out_target);
}

/* Where the front matter says that `reference` leads, or NULL. */
static const char *
find_exported(const struct import_article *article, const char *reference)
{
	size_t size = strlen(reference);

	for (char **line = article->front_matter.references; *line != NULL;
	     line++)
		if (strncmp(*line, reference, size) == 0 &&
		    g_str_has_prefix(*line + size, " -> /"))
			return *line + size + strlen(" -> ");
	return NULL;
}

/* As Byline exported it: a file of media/, or an address that the article had
 * or was told of. */
static bool
resolve_exported(const struct import_plan *plan, const char *target,
    enum link_kind kind, struct link_target *out_target)
{
	struct reference parts;
	bool is_found;

	read_reference(target, kind, &parts);
	is_found =
	    parts.path != NULL && resolve_absolute(plan, &parts, out_target);
	/* A file that did not come along is missed; a page may come later. */
	if (!is_found && kind != LINK_KIND_IMAGE) {
		fill_page(plan, parts.written, parts.suffix, out_target);
		is_found = true;
	}
	g_free(parts.written);
	g_free(parts.path);
	return is_found;
}

bool
import_resolve(const void *data, const char *source, const char *reference,
    enum link_kind kind, struct link_target *out_target)
{
	const struct import_plan *plan = data;
	const struct import_article *article =
	    g_hash_table_lookup(plan->articles_by_source, source);
	const char *exported =
	    article == NULL ? NULL : find_exported(article, reference);
	struct reference parts;
	bool is_found;

	if (exported != NULL)
		return resolve_exported(plan, exported, kind, out_target);
	read_reference(reference, kind, &parts);
	if (article == NULL || parts.written[0] == '\0' ||
	    (parts.path == NULL && parts.written[0] == '/'))
		is_found = fail(plan, NULL, kind, out_target);
	else if (parts.written[0] == '/')
		is_found = resolve_absolute(plan, &parts, out_target);
	else
		is_found = resolve_relative(plan, article, &parts, out_target);
	g_free(parts.written);
	g_free(parts.path);
	return is_found;
}
