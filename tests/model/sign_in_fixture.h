/*
 * sign_in_fixture.h - an account to sign in to, and hashes that cost nothing.
 *
 * Hashing a password takes most of a second: the functions that do are stood in
 * for (ld --wrap), count how often they are called, and let a test change the
 * world meanwhile.
 */
#ifndef BYLINE_TESTS_MODEL_SIGN_IN_FIXTURE_H
#define BYLINE_TESTS_MODEL_SIGN_IN_FIXTURE_H

#include "base/status.h"
#include "model/sign_in.h"
#include "site_fixture.h"

#define PASSWORD "a good one"
#define SECRET   "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

extern int sign_in_comparisons;
extern int sign_in_hashings;

/* Called once, while the next password is compared, or hashed. */
extern void (*sign_in_while_comparing)(struct site_fixture *fixture);
extern void (*sign_in_while_hashing)(struct site_fixture *fixture);

/* A site whose author ada@example.org has the password PASSWORD. */
int sign_in_set_up(void **state);

/* An attempt without a code, from one address and browser. */
struct sign_in_attempt sign_in_make_attempt(
    const char *email, const char *password);

/* Sign in; a token comes with STATUS_OK and with nothing else. */
enum status sign_in_try(
    struct site_fixture *fixture, struct sign_in_attempt attempt, int64_t now);
enum status sign_in_try_password(
    struct site_fixture *fixture, const char *email, const char *password);

/* Sign in as ada@example.org with PASSWORD and a code. */
enum status sign_in_try_code(
    struct site_fixture *fixture, const char *code, int64_t now);

int64_t sign_in_count_sessions(struct site_fixture *fixture);

/* The author's account asks for one-time codes made of SECRET from now on. */
void sign_in_ask_for_codes(struct site_fixture *fixture);

/* Add an author Grace whose password is PASSWORD; gives the id. */
int64_t sign_in_add_author(struct site_fixture *fixture, const char *email);

#endif
