/*
 * token.h - randomness, secrets and hashes, by libsodium. Nothing else in the
 * project calls it.
 */
#ifndef BASE_TOKEN_H
#define BASE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Characters of a token without the NUL: 32 random bytes in URL-safe base64. */
#define TOKEN_LENGTH 43

/* A new token of 256 random bits. The caller frees it. */
char *token_new(void);

/* Fill `out_bytes` with `size` random bytes. */
void token_random(void *out_bytes, size_t size);

/* A random number from 0 to `limit` - 1, each as likely as any other. `limit`
 * is not 0. */
uint32_t token_random_below(uint32_t limit);

/*
 * Whether two secrets of `size` bytes are the same, in a time that depends on
 * `size` alone: how long a refusal takes tells nothing of what was right.
 */
bool token_is_equal(const void *one, const void *other, size_t size);

/* The form in which a token is stored: BLAKE2b-256 of it, 64 hexadecimal
 * digits. The caller frees it. */
char *token_hash(const char *token);

/*
 * Hash a password with argon2id at libsodium's MODERATE limits (about 0.7 s and
 * 256 MB); the result says its own parameters. Whether it may be one is asked
 * of base/password_rules.h before; here only `size` must be at least
 * PASSWORD_MIN_CHARACTERS and at most PASSWORD_MAX_SIZE bytes, else
 * STATUS_INVALID. STATUS_BUSY when there is not enough memory just now. The
 * caller frees it.
 */
MUST_CHECK enum status token_hash_password(
    const char *password, size_t size, char **out_hash);

/*
 * STATUS_OK when `password` is the one behind `hash`, else STATUS_FORBIDDEN; in
 * the time of token_verify_nobody() when `hash` is NULL, which is how an
 * account without a password has it. STATUS_BUSY: there is not enough memory
 * just now to tell.
 */
MUST_CHECK enum status token_verify_password(
    const char *hash, const char *password, size_t size);

/*
 * Spend the work of token_verify_password() with a hash of today's parameters,
 * for an account that does not exist: so that its answer comes no sooner than
 * that of one that does. STATUS_FORBIDDEN, or STATUS_BUSY as above.
 */
MUST_CHECK enum status token_verify_nobody(const char *password, size_t size);

/*
 * Whether `hash` was made with other parameters than token_hash_password() has
 * now: then, once `password` has been verified, it is to be hashed anew. True
 * too for what is no hash.
 */
bool token_password_needs_rehash(const char *hash);

/*
 * Overwrite a secret that is needed no longer; unlike memset(3), no compiler
 * leaves it out.
 */
void token_wipe(void *secret, size_t size);

/*
 * BLAKE2b of `size` bytes, its first `digits` (at most 64, even) hexadecimal
 * digits: the name of a file by its content. The caller frees it.
 */
char *token_content_hash(const void *bytes, size_t size, size_t digits);

/* The same of bytes that come one after the other. */
struct token_hasher;

struct token_hasher *token_hasher_new(void);
void token_hasher_add(
    struct token_hasher *hasher, const void *bytes, size_t size);

/* All 64 digits, for the caller to free; the hasher is freed. */
char *token_hasher_finish(struct token_hasher *hasher);

#endif
