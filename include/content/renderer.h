/*
 * renderer.h - documents rendered in a child process that cannot do harm.
 *
 * cmark has inputs that take quadratic time or grow a thousandfold (a table of
 * 7 KB costs cmark-gfm a second and 247 MB). So rendering happens in a child
 * with limits of time, memory and output, which a pipe connects. One child
 * renders many documents and is replaced when one of them kills it. Front
 * matter is parsed there too.
 */
#ifndef CONTENT_RENDERER_H
#define CONTENT_RENDERER_H

#include <glib.h>
#include <stddef.h>

#include "base/status.h"
#include "content/document.h"

/* The bounds of one document. */
#define RENDERER_MAX_INPUT        ((size_t)1 << 20)   /* bytes of Markdown */
#define RENDERER_MAX_FILE         ((size_t)2 << 20)   /* with front matter */
#define RENDERER_MAX_SECONDS      2                   /* of processor time */
#define RENDERER_MAX_MEMORY       ((size_t)256 << 20) /* bytes */
#define RENDERER_MAX_OUTPUT(size) (8 * (size) + 64 * 1024) /* bytes of HTML */

struct front_matter;
struct renderer;

/*
 * Make a renderer. The child is forked at the first document (and again after
 * it was killed), and sees `options` and what its resolver points to as they
 * are then: they are borrowed and must outlive the renderer. NULL: it
 * is asked for front matter only.
 */
struct renderer *renderer_new(const struct document_options *options);

/* End the child and free. NULL is fine. */
void renderer_free(struct renderer *renderer);

/*
 * Render one document, as document_render(). STATUS_TOO_LARGE: over a bound,
 * with words for the author ("takes longer than 2 s to render: ...");
 * STATUS_BUSY: no process could be made just now. The caller releases
 * `out_document`.
 */
MUST_CHECK enum status renderer_render(struct renderer *renderer,
    const char *source, const char *markdown, size_t size,
    struct document *out_document, GError **error);

/*
 * Begin rendering and take the result later: renderer_begin() sends the
 * document, renderer_finish() waits for the result of the one begun. Between
 * the two the caller may work on something else; only one may be under way.
 */
MUST_CHECK enum status renderer_begin(struct renderer *renderer,
    const char *source, const char *markdown, size_t size, GError **error);
MUST_CHECK enum status renderer_finish(
    struct renderer *renderer, struct document *out_document, GError **error);

/*
 * Parse the front matter of a file, as front_matter_parse(), whose libraries
 * read what a stranger wrote as well. Bounds and failures are those above.
 * Nothing else may be under way. The caller releases `out_front_matter`.
 */
MUST_CHECK enum status renderer_parse_front_matter(struct renderer *renderer,
    const char *bytes, size_t size, struct front_matter *out_front_matter,
    GError **error);

#endif
