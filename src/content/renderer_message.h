/*
 * renderer_message.h - what goes between the renderer and its child.
 *
 * A message is a head and a body. Both ends are the same program on the same
 * machine, so numbers stand as they are in memory; but the child has read what
 * a stranger wrote, so whoever reads a message believes no size in it.
 */
#ifndef CONTENT_RENDERER_MESSAGE_H
#define CONTENT_RENDERER_MESSAGE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "content/document.h"
#include "content/front_matter.h"

/* What a request asks for. */
enum message_kind {
	MESSAGE_DOCUMENT,
	MESSAGE_FRONT_MATTER
};

/* Before a request or a reply; `status` is STATUS_OK in a request. */
struct message_head {
	uint32_t status;
	uint32_t size; /* bytes of the body */
};

/* The most that a reply to `size` bytes of Markdown may have. */
size_t message_max_reply(size_t size);

/* The most that a reply with front matter may have. */
#define MESSAGE_MAX_FRONT_MATTER ((size_t)4 << 20)

/* The body of a request. `source` may be NULL. The caller frees it. */
GString *message_new_request(enum message_kind kind, const char *source,
    const char *markdown, size_t size);

/* Read one: both point into `body`, which must live on. False: malformed. */
bool message_read_request(const char *body, size_t size,
    enum message_kind *out_kind, const char **out_source,
    const char **out_markdown, size_t *out_size);

/* The body of a reply that a document was rendered. The caller frees it. */
GString *message_new_document(const struct document *document);

/* Read one; false: malformed. The caller releases `out_document`. */
bool message_read_document(
    const char *body, size_t size, struct document *out_document);

/* The body of a reply that front matter was parsed. The caller frees it. */
GString *message_new_front_matter(const struct front_matter *front_matter);

/*
 * Read one, of a file of `file_size` bytes; false: malformed. The caller
 * releases `out_front_matter`.
 */
bool message_read_front_matter(const char *body, size_t size, size_t file_size,
    struct front_matter *out_front_matter);

#endif
