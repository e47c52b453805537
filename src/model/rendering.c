/*
 * rendering.c - what rendering a stored article needs to know of the blog. See
 * rendering.h.
 */
#include "config.h"

#include "model/rendering.h"

#include <string.h>

#include "model/site.h"
#include "store/database.h"

#define ALL_ARTICLES (-1)

static const char SQL_REFERENCES[] = "SELECT article_id, reference, target\n"
				     "FROM article_reference";

static const char SQL_REFERENCES_OF_ONE[] =
    "SELECT article_id, reference, target\n"
    "FROM article_reference\n"
    "WHERE article_id = :article_id";

static const char SQL_REFERENCES_OF[] = "SELECT reference, target\n"
					"FROM article_reference\n"
					"WHERE article_id = :article_id";

static const char SQL_IMAGES[] = "SELECT path, width, height\n"
				 "FROM media\n"
				 "WHERE width > 0";

static const char SQL_IMAGE[] = "SELECT path, width, height\n"
				"FROM media\n"
				"WHERE path = :path AND width > 0";

#define VARIANT_COLUMNS                                                        \
	"SELECT m.path, m.content_type, v.path, v.content_type, v.width\n"

static const char SQL_VARIANTS[] =
    VARIANT_COLUMNS "FROM media_variant v\n"
		    "JOIN media m ON m.id = v.media_id\n"
		    "ORDER BY v.media_id, v.width";

static const char SQL_VARIANTS_OF_ONE[] =
    VARIANT_COLUMNS "FROM media m\n"
		    "JOIN media_variant v ON v.media_id = m.id\n"
		    "WHERE m.path = :path\n"
		    "ORDER BY v.width";

static const char SQL_FORGET_REFERENCES[] = "DELETE FROM article_reference\n"
					    "WHERE article_id = :article_id";

static const char SQL_FORGET_OWN_PATHS[] =
    "DELETE FROM article_reference\n"
    "WHERE article_id = :article_id AND substr(reference, 1, 1) = '/'";

static const char SQL_ADD_REFERENCE[] =
    "INSERT INTO article_reference (article_id, reference, target)\n"
    "VALUES (:article_id, :reference, :target)\n"
    "ON CONFLICT DO NOTHING";

/* The size of an image, in pixels. */
struct image_extent {
	uint32_t width, height;
	/* Other sizes, as srcset lists them; NULL: none. */
	GString *plain, *webp;
};

struct rendering {
	struct document_options options;
	char **iframe_hosts; /* as they were when it was made */
	struct link_resolver resolver;
	GHashTable *references; /* "12\nb.png" -> path without the base path */
	/* "/media/..." -> struct image_extent, NULL where there is no image */
	GHashTable *extents;
	bool has_all_images;
};

static const char MEDIA[] = "/media/";

static char *
reference_key(const char *article_id, const char *reference)
{
	return g_strconcat(article_id, "\n", reference, NULL);
}

static bool
resolve(const void *data, const char *source, const char *reference,
    enum link_kind kind, struct link_target *out_target)
{
	const struct rendering *rendering = data;
	const char *base_path = rendering->options.base_path;
	g_autofree char *key =
	    reference_key(source == NULL ? "" : source, reference);
	const char *path = g_hash_table_lookup(rendering->references, key);
	const struct image_extent *extent;

	/* Nothing was there when the text came. */
	if (path != NULL && path[0] == '\0')
		path = NULL;
	if (path == NULL && kind == LINK_KIND_IMAGE && reference[0] == '/')
		path = reference;
	if (path == NULL)
		return false;
	*out_target =
	    (struct link_target){ .url = g_strconcat(base_path, path, NULL) };
	extent = kind == LINK_KIND_IMAGE
		     ? g_hash_table_lookup(rendering->extents, path)
		     : NULL;
	if (extent != NULL) {
		out_target->width = extent->width;
		out_target->height = extent->height;
		if (extent->plain != NULL)
			out_target->srcset = g_strdup(extent->plain->str);
		if (extent->webp != NULL)
			out_target->webp_srcset = g_strdup(extent->webp->str);
	}
	return true;
}

/* Of article `article_id`; ALL_ARTICLES: of each. */
static enum status
load_references(
    struct database *database, int64_t article_id, GHashTable *references)
{
	bool is_of_one = article_id != ALL_ARTICLES;
	struct statement *statement = database_statement(
	    database, is_of_one ? SQL_REFERENCES_OF_ONE : SQL_REFERENCES);
	enum status status;

	if (is_of_one)
		statement_bind_integer(statement, ":article_id", article_id);
	while ((status = statement_step(statement)) == STATUS_OK)
		g_hash_table_insert(references,
		    reference_key(statement_text(statement, 0),
			statement_text(statement, 1)),
		    statement_dup_text(statement, 2));
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static void
free_extent(void *data)
{
	struct image_extent *extent = data;

	if (extent == NULL)
		return;
	if (extent->plain != NULL)
		g_string_free(extent->plain, TRUE);
	if (extent->webp != NULL)
		g_string_free(extent->webp, TRUE);
	g_free(extent);
}

/* Append "/media/a-480.png 480w". */
static void
append_candidate(
    GString **list, const char *base_path, const char *path, int64_t width)
{
	if (*list == NULL)
		*list = g_string_new(NULL);
	else
		g_string_append(*list, ", ");
	g_string_append_printf(
	    *list, "%s/media/%s %" G_GINT64_FORMAT "w", base_path, path, width);
}

/* Read what `statement` finds of images. */
static enum status
read_images(struct statement *statement, GHashTable *extents)
{
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK) {
		struct image_extent *extent = g_new0(struct image_extent, 1);

		extent->width = (uint32_t)statement_integer(statement, 1);
		extent->height = (uint32_t)statement_integer(statement, 2);
		g_hash_table_insert(extents,
		    g_strconcat(MEDIA, statement_text(statement, 0), NULL),
		    extent);
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Read what `statement` finds of their other sizes. */
static enum status
read_variants(
    struct statement *statement, const char *base_path, GHashTable *extents)
{
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK) {
		g_autofree char *key =
		    g_strconcat(MEDIA, statement_text(statement, 0), NULL);
		struct image_extent *extent = g_hash_table_lookup(extents, key);
		bool is_webp =
		    strcmp(statement_text(statement, 3), "image/webp") == 0 &&
		    strcmp(statement_text(statement, 1), "image/webp") != 0;

		if (extent != NULL)
			append_candidate(
			    is_webp ? &extent->webp : &extent->plain, base_path,
			    statement_text(statement, 2),
			    statement_integer(statement, 4));
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The image itself is the last of its sizes. */
static void
append_full_sizes(GHashTable *extents, const char *base_path)
{
	GHashTableIter iterator;
	void *key, *value;

	g_hash_table_iter_init(&iterator, extents);
	while (g_hash_table_iter_next(&iterator, &key, &value)) {
		struct image_extent *extent = value;

		if (extent != NULL && extent->plain != NULL)
			append_candidate(&extent->plain, base_path,
			    (const char *)key + strlen(MEDIA), extent->width);
	}
}

static enum status
load_all_images(
    struct database *database, const char *base_path, GHashTable *extents)
{
	enum status status =
	    read_images(database_statement(database, SQL_IMAGES), extents);

	return status == STATUS_OK
		   ? read_variants(database_statement(database, SQL_VARIANTS),
			 base_path, extents)
		   : status;
}

/* ---- the images that one text names ---- */

/* The next name of a file in media/ that stands in the text at `*at`, which is
 * then behind it: "/media/a.png". NULL when there is none. The caller frees it.
 */
static char *
next_media(const char **at)
{
	const char *begin = strstr(*at, MEDIA);
	const char *end;

	if (begin == NULL)
		return NULL;
	end = begin + strlen(MEDIA);
	end += strcspn(end, " \t\r\n\"'()<>[]{}?#|\\`*");
	*at = end;
	return g_strndup(begin, (size_t)(end - begin));
}

static enum status
load_image(struct database *database, const char *base_path, const char *path,
    GHashTable *extents)
{
	struct statement *statement = database_statement(database, SQL_IMAGE);
	enum status status;

	if (g_hash_table_contains(extents, path))
		return STATUS_OK;
	g_hash_table_insert(extents, g_strdup(path), NULL);
	statement_bind_text(statement, ":path", path + strlen(MEDIA));
	status = read_images(statement, extents);
	if (status != STATUS_OK || g_hash_table_lookup(extents, path) == NULL)
		return status;
	statement = database_statement(database, SQL_VARIANTS_OF_ONE);
	statement_bind_text(statement, ":path", path + strlen(MEDIA));
	return read_variants(statement, base_path, extents);
}

static enum status
load_images_in(struct database *database, const char *base_path,
    const char *text, GHashTable *extents)
{
	enum status status = STATUS_OK;
	char *path;

	while (status == STATUS_OK && (path = next_media(&text)) != NULL) {
		status = load_image(database, base_path, path, extents);
		g_free(path);
	}
	return status;
}

/* What the text names, and what is behind other names in it. */
static enum status
load_images_of(struct database *database, const char *markdown,
    const struct rendering *rendering)
{
	const char *base_path = rendering->options.base_path;
	GHashTableIter iterator;
	void *target;
	enum status status =
	    load_images_in(database, base_path, markdown, rendering->extents);

	g_hash_table_iter_init(&iterator, rendering->references);
	while (status == STATUS_OK &&
	       g_hash_table_iter_next(&iterator, NULL, &target))
		status = load_images_in(
		    database, base_path, target, rendering->extents);
	return status;
}

bool
rendering_covers(const struct rendering *rendering, const struct site *site,
    const char *markdown)
{
	bool is_covered =
	    g_strv_equal((const char *const *)rendering->iframe_hosts,
		(const char *const *)site->blog.iframe_hosts);
	char *path;

	if (rendering->has_all_images)
		return is_covered;
	while (is_covered && (path = next_media(&markdown)) != NULL) {
		is_covered = g_hash_table_contains(rendering->extents, path);
		g_free(path);
	}
	return is_covered;
}

/* ---- making one ---- */

static struct rendering *
new_rendering(const struct site *site)
{
	struct rendering *rendering = g_new0(struct rendering, 1);

	rendering->references =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	rendering->extents =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_extent);
	rendering->resolver = (struct link_resolver){ resolve, rendering };
	rendering->iframe_hosts = g_strdupv(site->blog.iframe_hosts);
	rendering->options = (struct document_options){
		.base_path = site->settings.base_path,
		.iframe_hosts = (const char *const *)rendering->iframe_hosts,
		.resolver = &rendering->resolver,
	};
	return rendering;
}

/* `rendering`, of which `status` is what became of reading it. */
static enum status
finish(struct rendering *rendering, enum status status,
    struct rendering **out_rendering)
{
	if (status != STATUS_OK) {
		rendering_free(rendering);
		return status;
	}
	append_full_sizes(rendering->extents, rendering->options.base_path);
	*out_rendering = rendering;
	return STATUS_OK;
}

enum status
rendering_new(const struct site *site, struct rendering **out_rendering)
{
	struct rendering *rendering = new_rendering(site);
	enum status status = load_references(
	    site->database, ALL_ARTICLES, rendering->references);

	rendering->has_all_images = true;
	if (status == STATUS_OK)
		status = load_all_images(site->database,
		    site->settings.base_path, rendering->extents);
	return finish(rendering, status, out_rendering);
}

enum status
rendering_new_of(const struct site *site, int64_t article_id,
    const char *markdown, struct rendering **out_rendering)
{
	struct rendering *rendering = new_rendering(site);
	enum status status =
	    load_references(site->database, article_id, rendering->references);

	if (status == STATUS_OK)
		status = load_images_of(site->database, markdown, rendering);
	return finish(rendering, status, out_rendering);
}

void
rendering_free(struct rendering *rendering)
{
	if (rendering == NULL)
		return;
	g_hash_table_unref(rendering->references);
	g_hash_table_unref(rendering->extents);
	g_strfreev(rendering->iframe_hosts);
	g_free(rendering);
}

const struct document_options *
rendering_options(const struct rendering *rendering)
{
	return &rendering->options;
}

static enum status
add_reference(struct database *database, int64_t id,
    const struct document_reference *reference, const char *base_path)
{
	struct statement *statement =
	    database_statement(database, SQL_ADD_REFERENCE);

	statement_bind_integer(statement, ":article_id", id);
	statement_bind_text(statement, ":reference", reference->reference);
	statement_bind_text(statement, ":target",
	    reference->url[0] == '\0' ? ""
				      : reference->url + strlen(base_path));
	return statement_run(statement);
}

/* Run `forget`, and add `references` to what it leaves. */
static enum status
replace_references(struct database *database, const char *forget, int64_t id,
    const GArray *references, const char *base_path)
{
	struct statement *statement = database_statement(database, forget);
	enum status status;

	statement_bind_integer(statement, ":article_id", id);
	status = statement_run(statement);
	for (guint i = 0; status == STATUS_OK && i < references->len; i++) {
		const struct document_reference *reference =
		    &g_array_index(references, struct document_reference, i);

		if (reference->url[0] == '\0' ||
		    g_str_has_prefix(reference->url, base_path))
			status =
			    add_reference(database, id, reference, base_path);
	}
	return status;
}

enum status
rendering_store_references(struct database *database, int64_t id,
    const GArray *references, const char *base_path)
{
	return replace_references(
	    database, SQL_FORGET_REFERENCES, id, references, base_path);
}

enum status
rendering_add_references(struct database *database, int64_t id,
    const GArray *references, const char *base_path)
{
	return replace_references(
	    database, SQL_FORGET_OWN_PATHS, id, references, base_path);
}

static void
release_reference(void *data)
{
	struct document_reference *reference = data;

	g_free(reference->reference);
	g_free(reference->url);
}

enum status
rendering_list_references(
    struct database *database, int64_t id, GArray **out_references)
{
	struct statement *statement =
	    database_statement(database, SQL_REFERENCES_OF);
	g_autoptr(GArray) references =
	    g_array_new(FALSE, FALSE, sizeof(struct document_reference));
	enum status status;

	g_array_set_clear_func(references, release_reference);
	statement_bind_integer(statement, ":article_id", id);
	while ((status = statement_step(statement)) == STATUS_OK) {
		const struct document_reference reference = {
			.reference = statement_dup_text(statement, 0),
			.url = statement_dup_text(statement, 1),
		};

		g_array_append_val(references, reference);
	}
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_references = g_steal_pointer(&references);
	return STATUS_OK;
}
