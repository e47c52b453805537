/*
 * account.h - the part of an author that signs in: password, one-time codes,
 * recovery codes, and whether the account is open.
 */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct database;

struct account {
	int64_t author_id;
	char *handle;
	char *password_hash; /* NULL: cannot sign in */
	char *code_secret;   /* of one-time codes, base32; NULL: none asked for
			      */
	int64_t code_step;   /* of the last one-time code used */
	bool is_disabled;
};

/* Free what `account` holds, not itself. */
void account_release(struct account *account);

/* The account with this e-mail address, in whatever case, or of this author.
 * STATUS_NOT_FOUND. The caller releases it. */
MUST_CHECK enum status account_find(
    struct database *database, const char *email, struct account *out_account);
MUST_CHECK enum status account_read(
    struct database *database, int64_t author_id, struct account *out_account);

/* Whether anybody can sign in: false on a blog that is set up first. */
MUST_CHECK enum status account_is_there(
    struct database *database, bool *out_is_there);

/* Set the password, a hash of token_hash_password(); NULL takes it away. Other
 * sessions are the caller's to end (session_end_others()). */
MUST_CHECK enum status account_set_password(struct database *database,
    int64_t author_id, const char *hash, int64_t now);

/* Keep the account from signing in, or let it; account_close() does more. */
MUST_CHECK enum status account_set_disabled(struct database *database,
    int64_t author_id, bool is_disabled, int64_t now);

/*
 * Close the account for good, until account_open(): it is signed out everywhere
 * at once, no browser is known any more, no link that it made or was given lets
 * anybody in, and no link that it made shows an article that is not public.
 * What it wrote stays. STATUS_CONFLICT: it is the only owner who can sign in;
 * STATUS_NOT_FOUND: there is no such author. Inside a write transaction of the
 * caller's.
 */
MUST_CHECK enum status account_close(
    struct database *database, int64_t author_id, int64_t now);

/* Let it sign in again with the password that it has. STATUS_NOT_FOUND. */
MUST_CHECK enum status account_open(
    struct database *database, int64_t author_id, int64_t now);

/* Note that it was signed in to. */
MUST_CHECK enum status account_note_sign_in(
    struct database *database, int64_t author_id, int64_t now);

/*
 * Ask for one-time codes of `secret` from now on, NULL: for none any more.
 * Former recovery codes are worth nothing then.
 */
MUST_CHECK enum status account_set_code_secret(
    struct database *database, int64_t author_id, const char *secret);

/* Use the one-time code of `step`. STATUS_CONFLICT: that one, or a later one,
 * was used before. */
MUST_CHECK enum status account_use_code(
    struct database *database, int64_t author_id, int64_t step);

/* Add a recovery code by its hash; use one: STATUS_NOT_FOUND when it is none,
 * or was used. */
MUST_CHECK enum status account_add_recovery_code(
    struct database *database, int64_t author_id, const char *hash);
MUST_CHECK enum status account_use_recovery_code(
    struct database *database, int64_t author_id, const char *hash);

/* None of the recovery codes that there are is worth anything any more. */
MUST_CHECK enum status account_forget_recovery_codes(
    struct database *database, int64_t author_id);

/* How many recovery codes are left. */
MUST_CHECK enum status account_count_recovery_codes(
    struct database *database, int64_t author_id, int64_t *out_count);

#endif
