/*
 * author_choice.h - the authors of an article as somebody types them: names,
 * with commas between them.
 *
 * Each author is called by the name that is shown; by the handle where the name
 * is another's too, or has a comma in it.
 */
#ifndef MODEL_AUTHOR_CHOICE_H
#define MODEL_AUTHOR_CHOICE_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct database;

/* What author `id` is called. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status author_choice_name(
    struct database *database, int64_t id, char **out_name);

/* What all authors are called, in the order of their ids: GPtrArray of char *.
 * The caller frees it. */
MUST_CHECK enum status author_choice_list(
    struct database *database, GPtrArray **out_names);

/*
 * Append the ids of who is named in `text` to `ids` (GArray of int64_t), each
 * once, in that order: by handle or by name, whatever its case. STATUS_INVALID,
 * with words in `error`, when a name is nobody's or that of several, or there
 * are more than ARTICLE_AUTHORS_MOST.
 */
MUST_CHECK enum status author_choice_find(
    struct database *database, const char *text, GArray *ids, GError **error);

#endif
