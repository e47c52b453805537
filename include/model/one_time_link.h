/*
 * one_time_link.h - links that let somebody in once: who sets the blog up, who
 * was invited, who lost the password.
 *
 * The token of a link is 256 random bits; stored is token_hash() of it. It is
 * good for one purpose, until it is used or its time is over. Looking at what
 * it leads to uses nothing up.
 */
#ifndef MODEL_ONE_TIME_LINK_H
#define MODEL_ONE_TIME_LINK_H

#include <glib.h>
#include <stdint.h>

#include "base/date.h"
#include "base/status.h"
#include "model/author.h"

struct database;

enum link_purpose {
	LINK_PURPOSE_SETUP,      /* of a blog that nobody can sign in to */
	LINK_PURPOSE_INVITATION, /* of a new author, or one without account */
	LINK_PURPOSE_RESET       /* of an author's password */
};

#define ONE_TIME_LINK_SECONDS (7 * DAY_SECONDS)

struct one_time_link {
	enum link_purpose purpose;
	/* Whose password is reset, or who is given an account; 0: nobody's. */
	int64_t author_id;
	char *name, *email;    /* of who is invited, or "" */
	enum author_role role; /* of who is invited */
	int64_t created_at, expires_at;
	char *token_hash; /* names it, and opens nothing */
};

/* Free what `link` holds, not itself. */
void one_time_link_release(struct one_time_link *link);

/* What it takes to make one; strings are borrowed, NULL is "". */
struct one_time_link_draft {
	enum link_purpose purpose;
	int64_t author_id; /* of a reset, or who gets an account; 0: none */
	const char *name, *email;
	enum author_role role;
	int64_t invited_by; /* author id; 0: from the shell */
};

/*
 * Make a link, good for ONE_TIME_LINK_SECONDS; those whose time is over are
 * swept out, and those that were made for the same of the same author, which
 * are not wanted any more. Inside a transaction of the caller's, who frees
 * `out_token`.
 */
MUST_CHECK enum status one_time_link_make(struct database *database,
    const struct one_time_link_draft *draft, int64_t now, char **out_token);

/* The link of `token` for `purpose`, not over at `now`. STATUS_NOT_FOUND. The
 * caller releases it. */
MUST_CHECK enum status one_time_link_find(struct database *database,
    enum link_purpose purpose, const char *token, int64_t now,
    struct one_time_link *out_link);

/* Use a link up, by its token_hash. STATUS_NOT_FOUND: somebody did before. */
MUST_CHECK enum status one_time_link_use(
    struct database *database, const char *hash);

/* End all links of `purpose`. */
MUST_CHECK enum status one_time_link_end_all(
    struct database *database, enum link_purpose purpose);

/* End all links that author `author_id` made for others, who is no longer
 * somebody who may. */
MUST_CHECK enum status one_time_link_end_invitations(
    struct database *database, int64_t author_id);

/* End all links of author `author_id`: those made for others, and one to set a
 * new password. */
MUST_CHECK enum status one_time_link_end_author(
    struct database *database, int64_t author_id);

/* The links of `purpose` that are not over, the newest first: GPtrArray of
 * struct one_time_link *. The caller frees it. */
MUST_CHECK enum status one_time_link_list(struct database *database,
    enum link_purpose purpose, int64_t now, GPtrArray **out_links);

#endif
