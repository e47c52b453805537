/*
 * session.h - who is signed in at the desk, and in which browser.
 *
 * A session is begun by a token of 256 random bits that the browser keeps in a
 * cookie; stored is token_hash() of it. It ends by itself when nobody used it
 * for SESSION_IDLE_SECONDS, and SESSION_SECONDS after it began, whatever the
 * clock does in between: one that seems to have been used in the future by more
 * than SESSION_CLOCK_SECONDS is over too.
 */
#ifndef MODEL_SESSION_H
#define MODEL_SESSION_H

#include <glib.h>
#include <stdint.h>

#include "base/date.h"
#include "base/status.h"
#include "model/author.h"

struct database;

#define SESSION_IDLE_SECONDS  (7 * DAY_SECONDS)
#define SESSION_SECONDS       (60 * DAY_SECONDS)
#define SESSION_CLOCK_SECONDS ((int64_t)2 * 3600)
#define SESSION_TOUCH_SECONDS 60 /* how exact seen_at is */

struct session {
	int64_t id; /* 0: nobody is signed in */
	int64_t author_id;
	enum author_role role;
	char *name;   /* of the author */
	char *handle; /* of the author */
	int64_t created_at, seen_at;
	char *network;   /* "192.0.2.0/24" */
	char *browser;   /* "Firefox on Linux" */
	char *time_zone; /* of the author; "": the blog's */
};

/* Free what `session` holds, not itself. */
void session_release(struct session *session);

/*
 * Begin a session of author `author_id`, inside a transaction of the caller's.
 * `network` and `browser` are for people to read, and cut where they are long.
 * Sessions that are over are swept out. The caller frees `out_token`, which is
 * stored nowhere.
 */
MUST_CHECK enum status session_begin(struct database *database,
    int64_t author_id, const char *network, const char *browser, int64_t now,
    char **out_token);

/*
 * The session of `token` at `now`. STATUS_NOT_FOUND: there is none, it is over,
 * or its author may not sign in any more. The caller releases it.
 */
MUST_CHECK enum status session_find(struct database *database,
    const char *token, int64_t now, struct session *out_session);

/* Note that session `id` is used at `now`. */
MUST_CHECK enum status session_touch(
    struct database *database, int64_t id, int64_t now);

/* The sessions of an author that are not over, the one used last first:
 * GPtrArray of struct session *. The caller frees it. */
MUST_CHECK enum status session_list(struct database *database,
    int64_t author_id, int64_t now, GPtrArray **out_sessions);

/* End session `id` of author `author_id`. STATUS_NOT_FOUND: there is none. */
MUST_CHECK enum status session_end(
    struct database *database, int64_t id, int64_t author_id);

/* End all sessions of an author but `kept_id` (0: all). */
MUST_CHECK enum status session_end_others(
    struct database *database, int64_t author_id, int64_t kept_id);

#endif
