/*
 * sign_in.h - from what somebody typed to a session.
 *
 * Whatever is wrong (no such account, another password, another code, an
 * account that was closed) gets the same answer after the same work, so that
 * nobody learns who has an account here. The event is logged: "sign_in.ok",
 * "sign_in.failed", "sign_in.throttled".
 */
#ifndef MODEL_SIGN_IN_H
#define MODEL_SIGN_IN_H

#include <stdint.h>

#include "base/status.h"

struct site;

/* Who tries, and with what. All borrowed, as typed or sent. */
struct sign_in_attempt {
	const char *email;
	const char *password;
	const char *code;          /* one-time or recovery code; "" for none */
	const char *address;       /* "192.0.2.7", "2001:db8::/64" */
	const char *network;       /* what of it may be kept: "192.0.2.0/24" */
	const char *browser;       /* "Firefox on Linux" */
	const char *browser_token; /* of a browser that was here before, or
				      NULL */
};

struct sign_in_result {
	char *token;         /* of the new session; the caller's to free */
	char *browser_token; /* by which the browser is known from now on; the
				caller's to free. NULL: as until now */
	int64_t wait_until;  /* after STATUS_TOO_LARGE */
};

/* Free what `result` holds, not itself. */
void sign_in_result_release(struct sign_in_result *result);

/*
 * Try. STATUS_FORBIDDEN: something does not match; STATUS_TOO_LARGE: too many
 * tries, and nothing was compared (throttle.h); STATUS_BUSY: the database is
 * locked, others are signing in, or memory is short. `out_result` is set on
 * success and, as far as said above, with STATUS_TOO_LARGE.
 */
MUST_CHECK enum status sign_in(struct site *site,
    const struct sign_in_attempt *attempt, int64_t now,
    struct sign_in_result *out_result);

/*
 * Whether `password` is the one of author `author_id`, who is signed in and is
 * asked for it once more: STATUS_OK, STATUS_FORBIDDEN, STATUS_TOO_LARGE and
 * STATUS_BUSY as above. On success `out_hash` is the hash it was compared with,
 * which the caller frees: whoever writes afterwards looks in that transaction
 * whether it is the account's still.
 */
MUST_CHECK enum status sign_in_confirm(struct site *site, int64_t author_id,
    const char *password, const struct sign_in_attempt *attempt, int64_t now,
    char **out_hash, int64_t *out_wait_until);

/*
 * Begin a session of author `author_id`, who has just proved otherwise who they
 * are: by a link, in that write transaction. `attempt` says from where, and no
 * more. Whoever calls it logs what happened. `out_result` as above.
 */
MUST_CHECK enum status sign_in_begin(struct site *site, int64_t author_id,
    const struct sign_in_attempt *attempt, int64_t now,
    struct sign_in_result *out_result);

/*
 * Note that a browser is author `author_id`'s, who has proved it otherwise than
 * by signing in: strangers who guess do not keep it waiting then. Inside a
 * write transaction of the caller's. `browser_token` is the one that came with
 * the request, or NULL; it is kept if it is the author's already, and
 * `out_token` is NULL then; else that is a new one, which the caller frees.
 */
MUST_CHECK enum status sign_in_know_browser(struct site *site,
    int64_t author_id, const char *browser_token, int64_t now,
    char **out_token);

/*
 * Know no browser of author `author_id` any more but that of `kept_token`, or
 * NULL: whoever had the password until now goes on guessing as a stranger does.
 * Inside a write transaction of the caller's.
 */
MUST_CHECK enum status sign_in_forget_browsers(
    struct site *site, int64_t author_id, const char *kept_token);

/*
 * Hash a password, as token_hash_password(), no more than one at a time in all
 * programs of the site: each takes some 256 MB and most of a second.
 */
MUST_CHECK enum status sign_in_hash_password(
    const struct site *site, const char *password, char **out_hash);

#endif
