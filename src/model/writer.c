/*
 * writer.c - from what an author typed to a stored article. See writer.h.
 *
 * The child that renders sees what was in memory when it was made: the sizes of
 * the images in the one article that is being written, and where its relative
 * addresses lead. It is made anew for another article, for an image that has
 * not been in the text before, and once there are new files or the hosts are
 * others whose frames may stand in articles.
 */
#include "config.h"

#include "model/writer.h"

#include <string.h>

#include "content/renderer.h"
#include "content/title.h"
#include "model/rendering.h"
#include "model/site.h"
#include "store/database.h"

static const char SQL_NEWEST_MEDIA[] = "SELECT coalesce(max(id), 0)"
				       " FROM media";

struct writer {
	struct site *site;
	struct rendering *rendering; /* NULL until something is rendered */
	struct renderer *renderer;
	/* What the two are of. */
	int64_t article_id;
	int64_t newest_media;
};

struct writer *
writer_new(struct site *site)
{
	struct writer *writer = g_new0(struct writer, 1);

	writer->site = site;
	return writer;
}

static void
forget(struct writer *writer)
{
	/* The child first: it looks into the rendering. */
	renderer_free(writer->renderer);
	rendering_free(writer->rendering);
	writer->renderer = NULL;
	writer->rendering = NULL;
}

void
writer_free(struct writer *writer)
{
	if (writer == NULL)
		return;
	forget(writer);
	g_free(writer);
}

static enum status
find_newest_media(struct database *database, int64_t *out_id)
{
	return statement_read_integer(
	    database_statement(database, SQL_NEWEST_MEDIA), out_id);
}

/* Have a renderer that knows of article `article_id` and what is in it. */
static enum status
prepare(struct writer *writer, int64_t article_id, const char *markdown)
{
	struct site *site = writer->site;
	int64_t newest_media = 0;
	enum status status = find_newest_media(site->database, &newest_media);

	if (status != STATUS_OK)
		return status;
	if (writer->renderer != NULL && writer->article_id == article_id &&
	    writer->newest_media == newest_media &&
	    rendering_covers(writer->rendering, site, markdown))
		return STATUS_OK;
	forget(writer);
	status =
	    rendering_new_of(site, article_id, markdown, &writer->rendering);
	if (status != STATUS_OK)
		return status;
	writer->renderer = renderer_new(rendering_options(writer->rendering));
	writer->article_id = article_id;
	writer->newest_media = newest_media;
	return STATUS_OK;
}

enum status
writer_render(struct writer *writer, int64_t article_id, const char *title,
    const char *markdown, struct document *out_document, GError **error)
{
	g_autofree char *source =
	    g_strdup_printf("%" G_GINT64_FORMAT, article_id);
	g_autofree char *body = title_hide(markdown, title);
	enum status status = prepare(writer, article_id, markdown);

	if (status != STATUS_OK)
		return status_fail(error, status,
		    "what the article refers to cannot be read: %s",
		    status_name(status));
	return renderer_render(
	    writer->renderer, source, body, strlen(body), out_document, error);
}

void
writer_release(struct document *document)
{
	document_release(document);
}

enum status
writer_save(struct writer *writer, const struct article_draft *draft,
    const struct document *document, int64_t now, int64_t *out_id,
    int64_t *out_version, GError **error)
{
	struct site *site = writer->site;
	struct article_draft whole = *draft;
	int64_t id;
	enum status status;

	whole.body_html = document->html;
	whole.contents_html = document->contents_html;
	whole.excerpt = document->excerpt;
	whole.text = document->text;
	whole.word_count = document->word_count;
	whole.minutes = document->minutes;
	status = article_save(
	    site->database, &site->blog, &whole, now, &id, out_version, error);
	if (status != STATUS_OK)
		return status;
	status = rendering_add_references(
	    site->database, id, document->references, site->settings.base_path);
	if (status != STATUS_OK)
		return status_fail(error, status,
		    "what the article refers to cannot be stored: %s",
		    status_name(status));
	*out_id = id;
	return STATUS_OK;
}
