/*
 * sign_in_fixture.c - an account to sign in to, and hashes that cost nothing.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/token.h"
#include "model/account.h"
#include "model/author.h"
#include "sign_in_fixture.h"

/* ---- in the place of argon2id ---- */

/* The linker calls the functions below, so that nothing can be handed to
 * them. */
int sign_in_comparisons;
int sign_in_hashings;
void (*sign_in_while_comparing)(struct site_fixture *fixture);
void (*sign_in_while_hashing)(struct site_fixture *fixture);
static struct site_fixture *current;

enum status __wrap_token_verify_password(
    const char *hash, const char *password, size_t size);
enum status __wrap_token_verify_nobody(const char *password, size_t size);
enum status __wrap_token_hash_password(
    const char *password, size_t size, char **out_hash);
bool __wrap_token_password_needs_rehash(const char *hash);

/* Call what is to happen now, this once. */
static void
run_hook(void (**hook)(struct site_fixture *))
{
	void (*run)(struct site_fixture *) = *hook;

	*hook = NULL;
	if (run != NULL)
		run(current);
}

static void
compare(void)
{
	sign_in_comparisons++;
	run_hook(&sign_in_while_comparing);
}

enum status
__wrap_token_verify_password(
    const char *hash, const char *password, size_t size)
{
	const char *plain = hash != NULL ? strchr(hash, ':') : NULL;
	bool is_right = plain != NULL && strlen(password) == size &&
			strcmp(plain + 1, password) == 0;

	compare();
	return is_right ? STATUS_OK : STATUS_FORBIDDEN;
}

enum status
__wrap_token_verify_nobody(const char *password, size_t size)
{
	(void)password;
	(void)size;
	compare();
	return STATUS_FORBIDDEN;
}

enum status
__wrap_token_hash_password(const char *password, size_t size, char **out_hash)
{
	sign_in_hashings++;
	run_hook(&sign_in_while_hashing);
	*out_hash = g_strdup_printf("new:%.*s", (int)size, password);
	return STATUS_OK;
}

bool
__wrap_token_password_needs_rehash(const char *hash)
{
	return g_str_has_prefix(hash, "old:");
}

/* ---- trying ---- */

int
sign_in_set_up(void **state)
{
	struct site_fixture *fixture;

	if (site_fixture_set_up(state) != 0)
		return -1;
	fixture = *state;
	sign_in_comparisons = 0;
	sign_in_hashings = 0;
	sign_in_while_comparing = NULL;
	sign_in_while_hashing = NULL;
	current = fixture;
	return account_set_password(fixture->site->database, fixture->author_id,
		   "new:" PASSWORD, NOW) == STATUS_OK
		   ? 0
		   : -1;
}

struct sign_in_attempt
sign_in_make_attempt(const char *email, const char *password)
{
	return (struct sign_in_attempt){
		.email = email,
		.password = password,
		.code = "",
		.address = "192.0.2.7",
		.network = "192.0.2.0/24",
		.browser = "Firefox on Linux",
	};
}

/* Sign in; whoever does is let in at once where that is right. */
enum status
sign_in_try(
    struct site_fixture *fixture, struct sign_in_attempt attempt, int64_t now)
{
	struct sign_in_result result = { 0 };
	enum status status = sign_in(fixture->site, &attempt, now, &result);

	assert_int_equal(status == STATUS_OK, result.token != NULL);
	g_free(result.token);
	g_free(result.browser_token);
	return status;
}

enum status
sign_in_try_password(
    struct site_fixture *fixture, const char *email, const char *password)
{
	return sign_in_try(fixture, sign_in_make_attempt(email, password), NOW);
}

enum status
sign_in_try_code(struct site_fixture *fixture, const char *code, int64_t now)
{
	struct sign_in_attempt attempt =
	    sign_in_make_attempt("ada@example.org", PASSWORD);

	attempt.code = code;
	return sign_in_try(fixture, attempt, now);
}

int64_t
sign_in_count_sessions(struct site_fixture *fixture)
{
	return site_fixture_integer(fixture, "SELECT count(*) FROM session");
}

void
sign_in_ask_for_codes(struct site_fixture *fixture)
{
	assert_int_equal(account_set_code_secret(fixture->site->database,
			     fixture->author_id, SECRET),
	    STATUS_OK);
}

int64_t
sign_in_add_author(struct site_fixture *fixture, const char *email)
{
	const struct author_draft draft = {
		.name = "Grace",
		.email = email,
		.password_hash = "new:" PASSWORD,
	};
	int64_t id = 0;

	assert_int_equal(
	    author_add(fixture->site->database, &draft, NOW, &id, NULL),
	    STATUS_OK);
	return id;
}
