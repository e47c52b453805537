/*
 * rendering.h - what rendering a stored article needs to know of the blog:
 * where the relative addresses in it lead, and how large the images are that it
 * shows.
 */
#ifndef MODEL_RENDERING_H
#define MODEL_RENDERING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "content/document.h"

struct database;
struct site;

struct rendering;

/*
 * Read all of it, so that a renderer's child finds it in memory. What is stored
 * later is not seen: make a new one. `site`, whose database is open, is
 * borrowed; of the blog's settings, it keeps those of now. The caller frees it.
 */
MUST_CHECK enum status rendering_new(
    const struct site *site, struct rendering **out_rendering);

/*
 * The same for article `article_id` alone (0: for a new one) while its text is
 * `markdown`: it costs the same whatever else the blog has.
 */
MUST_CHECK enum status rendering_new_of(const struct site *site,
    int64_t article_id, const char *markdown, struct rendering **out_rendering);

/* Whether it does for `markdown`, another text of its article, and for `site`
 * as that is now: all that is named in media/ has been looked for, and frames
 * of the same hosts stay. */
bool rendering_covers(const struct rendering *rendering,
    const struct site *site, const char *markdown);

void rendering_free(struct rendering *rendering);

/*
 * The options for renderer_new(); borrowed. The source that is given to
 * renderer_render() with them is the article's id in decimal.
 */
const struct document_options *rendering_options(
    const struct rendering *rendering);

/*
 * Remember, in the caller's transaction, that `references` (GArray of struct
 * document_reference, as a document gives them) are what article `id` refers
 * to, in the place of what was remembered before. Their addresses begin with
 * `base_path`, or are empty where nothing was found.
 */
MUST_CHECK enum status rendering_store_references(struct database *database,
    int64_t id, const GArray *references, const char *base_path);

/*
 * The same, but where relative addresses led stays remembered, too: an older
 * revision may come back, and nothing else knows what "graph.png" was.
 */
MUST_CHECK enum status rendering_add_references(struct database *database,
    int64_t id, const GArray *references, const char *base_path);

/*
 * What article `id` refers to, as it was stored: GArray of struct
 * document_reference, whose addresses have no base path. The caller frees it.
 */
MUST_CHECK enum status rendering_list_references(
    struct database *database, int64_t id, GArray **out_references);

#endif
