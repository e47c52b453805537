/*
 * desk_profile.h - the form for what an author is to readers, which they have
 * on the page of their account, and owners on a page for each author. Private
 * to the layer.
 */
#ifndef DESK_PROFILE_H
#define DESK_PROFILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "model/author_edit.h"
#include "view/desk_account_view.h"
#include "view/desk_view.h"

struct author;
struct exchange;

enum {
	DESK_PROFILE_FIELDS = 6
};

/* What was typed, and what is wrong with it. */
struct desk_profile_typed {
	struct author_wish wish; /* all NULL: nothing was typed */
	struct author_problems problems;
};

/* What the page of the form is filled with; its fields borrow from it and from
 * what was typed. */
struct desk_profile {
	struct author *author;
	GPtrArray *images;
	char *mark, *face_url;
	struct desk_field fields[DESK_PROFILE_FIELDS];
};

/* Read what was typed. It is borrowed from the request. */
void desk_profile_read(
    const struct exchange *exchange, struct desk_profile_typed *typed);

/* Read author `id` and the library, and fill in the fields: with what was
 * typed, or is stored. `is_own`: whoever reads it is that author. In a
 * transaction. The caller releases `profile`, whatever comes of it.
 * STATUS_NOT_FOUND. */
MUST_CHECK enum status desk_profile_init(struct desk_profile *profile,
    const struct exchange *exchange, int64_t id,
    const struct desk_profile_typed *typed, bool is_own);
void desk_profile_release(struct desk_profile *profile);

#endif
