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

/* What somebody had before them who typed: `names` as `text` has them, and the
 * ids of who was meant, "3,1", in the same order. */
struct author_choice_shown {
	const char *names;
	const char *ids;
};

/*
 * Append the ids of who is named in `text` to `ids` (GArray of int64_t), each
 * once, in that order. A name that was shown is whoever was meant by it,
 * however they are called by now; any other is found by handle or by name,
 * whatever its case. What was shown is no secret and gives no right: what in it
 * makes no sense, or is nobody, counts as not shown; so does all of it where
 * `shown` is NULL. STATUS_INVALID, with words in `error`, when a name is
 * nobody's or that of several, or there are more than ARTICLE_AUTHORS_MOST.
 */
MUST_CHECK enum status author_choice_find(struct database *database,
    const char *text, const struct author_choice_shown *shown, GArray *ids,
    GError **error);

/* The ids as they are shown: "3,1". The caller frees it. */
char *author_choice_join(const GArray *ids);

#endif
