/*
 * writer.h - from what an author typed to a stored article: renders in a child
 * process (content/renderer.h) what model/article.h stores.
 */
#ifndef MODEL_WRITER_H
#define MODEL_WRITER_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"
#include "content/document.h"
#include "model/article.h"

struct site;
struct writer;

/* Make a writer of `site`, which is borrowed and whose database is open when
 * something is written. The caller frees it. */
struct writer *writer_new(struct site *site);
void writer_free(struct writer *writer);

/*
 * Render `markdown` as article `article_id` (0: a new one) called `title`,
 * whose relative addresses lead where they led when it was imported; a heading
 * at its beginning that is the title is left out (content/title.h). Inside a
 * transaction of the caller's, or outside of any. Fails as renderer_render(),
 * with words for the author. The caller frees what `out_document` holds by
 * writer_release().
 */
MUST_CHECK enum status writer_render(struct writer *writer, int64_t article_id,
    const char *title, const char *markdown, struct document *out_document,
    GError **error);

void writer_release(struct document *document);

/*
 * Save `draft`, of which everything but what is derived has been set, with
 * `document`, which is its body rendered: article_save() in the write
 * transaction of the caller's, and what the article refers to. Fails as
 * article_save().
 */
MUST_CHECK enum status writer_save(struct writer *writer,
    const struct article_draft *draft, const struct document *document,
    int64_t now, int64_t *out_id, int64_t *out_version, GError **error);

#endif
