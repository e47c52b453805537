/*
 * rendering.c - what rendering a stored article needs to know of the blog. See
 * rendering.h.
 */
#include "config.h"

#include "model/rendering.h"

#include <string.h>

#include "base/settings.h"
#include "store/database.h"

static const char SQL_REFERENCES[] = "SELECT article_id, reference, target\n"
				     "FROM article_reference";

static const char SQL_REFERENCES_OF[] = "SELECT reference, target\n"
					"FROM article_reference\n"
					"WHERE article_id = :article_id";

static const char SQL_IMAGE_SIZES[] = "SELECT path, width, height\n"
				      "FROM media\n"
				      "WHERE width > 0";

static const char SQL_FORGET_REFERENCES[] = "DELETE FROM article_reference\n"
					    "WHERE article_id = :article_id";

static const char SQL_ADD_REFERENCE[] =
    "INSERT INTO article_reference (article_id, reference, target)\n"
    "VALUES (:article_id, :reference, :target)\n"
    "ON CONFLICT DO NOTHING";

/* The size of an image, in pixels. */
struct image_extent {
	uint32_t width, height;
};

struct rendering {
	struct document_options options;
	struct link_resolver resolver;
	GHashTable *references; /* "12\nb.png" -> path without the base path */
	GHashTable *extents;    /* "/media/..." -> struct image_extent */
};

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
	}
	return true;
}

static enum status
load_references(struct database *database, GHashTable *references)
{
	struct statement *statement =
	    database_statement(database, SQL_REFERENCES);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		g_hash_table_insert(references,
		    reference_key(statement_text(statement, 0),
			statement_text(statement, 1)),
		    statement_dup_text(statement, 2));
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status
load_extents(struct database *database, GHashTable *extents)
{
	struct statement *statement =
	    database_statement(database, SQL_IMAGE_SIZES);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK) {
		struct image_extent *extent = g_new(struct image_extent, 1);

		extent->width = (uint32_t)statement_integer(statement, 1);
		extent->height = (uint32_t)statement_integer(statement, 2);
		g_hash_table_insert(extents,
		    g_strconcat("/media/", statement_text(statement, 0), NULL),
		    extent);
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status
rendering_new(struct database *database, const struct settings *settings,
    struct rendering **out_rendering)
{
	struct rendering *rendering = g_new0(struct rendering, 1);
	enum status status;

	rendering->references =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	rendering->extents =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	rendering->resolver = (struct link_resolver){ resolve, rendering };
	rendering->options = (struct document_options){
		.base_path = settings->base_path,
		.iframe_hosts = (const char *const *)settings->iframe_hosts,
		.resolver = &rendering->resolver,
	};
	status = load_references(database, rendering->references);
	if (status == STATUS_OK)
		status = load_extents(database, rendering->extents);
	if (status != STATUS_OK) {
		rendering_free(rendering);
		return status;
	}
	*out_rendering = rendering;
	return STATUS_OK;
}

void
rendering_free(struct rendering *rendering)
{
	if (rendering == NULL)
		return;
	g_hash_table_unref(rendering->references);
	g_hash_table_unref(rendering->extents);
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

enum status
rendering_store_references(struct database *database, int64_t id,
    const GArray *references, const char *base_path)
{
	struct statement *forget =
	    database_statement(database, SQL_FORGET_REFERENCES);
	enum status status;

	statement_bind_integer(forget, ":article_id", id);
	status = statement_run(forget);
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
