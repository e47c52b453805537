/*
 * test_token.c - secrets: their form, their hashes, and what is refused.
 */
#include "config.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "base/token.h"

static void
test_new_is_url_safe_and_unique(void **state)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	(void)state;

	for (int i = 0; i < 1000; i++) {
		char *token = token_new();

		assert_int_equal(strlen(token), TOKEN_LENGTH);
		assert_int_equal(
		    strspn(token, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_"),
		    TOKEN_LENGTH);
		assert_true(g_hash_table_add(seen, token));
	}
}

/* BLAKE2b-256, as any other implementation computes it. */
static void
test_content_hash_known_answers(void **state)
{
	g_autofree char *empty = token_content_hash("", 0, 64);
	g_autofree char *abc = token_content_hash("abc", 3, 64);
	g_autofree char *start = token_content_hash("abc", 3, 12);
	g_autofree char *token = token_hash("abc");
	(void)state;

	assert_string_equal(empty, "0e5751c026e543b2e8ab2eb06099daa1"
				   "d1e5df47778f7787faab45cdf12fe3a8");
	assert_string_equal(abc, "bddd813c634239723171ef3fee98579b"
				 "94964e3bb1cb3e427262c8c068d52319");
	assert_string_equal(start, "bddd813c6342");
	assert_string_equal(token, abc);
}

static void
test_hasher_takes_bytes_one_after_the_other(void **state)
{
	struct token_hasher *hasher = token_hasher_new();
	struct token_hasher *other = token_hasher_new();
	g_autofree char *hash = NULL;
	g_autofree char *empty = NULL;
	g_autofree char *wanted = token_content_hash("abc", 3, 64);
	g_autofree char *wanted_empty = token_content_hash("", 0, 64);

	(void)state;
	token_hasher_add(hasher, "a", 1);
	token_hasher_add(hasher, "", 0);
	token_hasher_add(hasher, "bc", 2);
	hash = token_hasher_finish(hasher);
	empty = token_hasher_finish(other);

	assert_string_equal(hash, wanted);
	assert_string_equal(empty, wanted_empty);
}

static void
test_random_fills_all_it_is_given(void **state)
{
	unsigned char all[65] = { 0 };
	unsigned char bytes[65];
	(void)state;

	for (int i = 0; i < 40; i++) {
		memset(bytes, 0, sizeof(bytes));
		token_random(bytes, 64);
		assert_int_equal(bytes[64], 0);
		for (size_t at = 0; at < sizeof(bytes); at++)
			all[at] |= bytes[at];
	}

	/* A bit stays 0 in 40 tries once in 2^40. */
	for (size_t at = 0; at < 64; at++)
		assert_int_equal(all[at], 0xFF);
}

/* 31 is no power of two: a remainder of random bytes would favour the low ones
 * by a seventh. */
static void
test_random_below_favours_none(void **state)
{
	unsigned counts[31] = { 0 };
	(void)state;

	for (int i = 0; i < 31 * 10000; i++) {
		uint32_t number = token_random_below(31);

		assert_true(number < 31);
		counts[number]++;
	}

	/* Six standard deviations are 600. */
	for (size_t i = 0; i < 31; i++)
		assert_in_range(counts[i], 9400, 10600);
	assert_int_equal(token_random_below(1), 0);
}

static void
test_is_equal(void **state)
{
	(void)state;

	assert_true(token_is_equal("123456", "123456", 6));
	assert_true(token_is_equal("12345x", "12345y", 5));
	assert_true(token_is_equal("a", "b", 0));
	assert_false(token_is_equal("123456", "123457", 6));
	assert_false(token_is_equal("123456", "023456", 6));
	assert_false(token_is_equal("a\0b", "a\0c", 3));
}

static void
test_wipe(void **state)
{
	char secret[] = "kept secret";
	const char wiped[sizeof(secret)] = { 0 };
	(void)state;

	token_wipe(secret, sizeof(secret) - 1);

	assert_memory_equal(secret, wiped, sizeof(secret));
}

static void
test_password_round_trip(void **state)
{
	/* Taken as received: a NUL, a space at the end, UTF-8. */
	static const char PASSWORD[] = "pass\0wörd ";
	const size_t size = sizeof(PASSWORD) - 1;
	g_autofree char *hash = NULL;
	(void)state;

	assert_int_equal(token_hash_password(PASSWORD, size, &hash), STATUS_OK);

	assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=262144,t=3,p=1$"));
	assert_int_equal(
	    token_verify_password(hash, PASSWORD, size), STATUS_OK);
	assert_int_equal(
	    token_verify_password(hash, PASSWORD, size - 1), STATUS_FORBIDDEN);
	assert_int_equal(
	    token_verify_password(hash, "pass\0word ", 10), STATUS_FORBIDDEN);
}

static void
test_password_sizes(void **state)
{
	g_autofree char *longest = g_strnfill(1024, 'x');
	g_autofree char *longer = g_strnfill(1025, 'x');
	char *hash = NULL;
	(void)state;

	assert_int_equal(
	    token_hash_password("1234567", 7, &hash), STATUS_INVALID);
	assert_int_equal(
	    token_hash_password(longer, 1025, &hash), STATUS_INVALID);
	assert_null(hash);
	assert_int_equal(token_hash_password(longest, 1024, &hash), STATUS_OK);
	assert_int_equal(
	    token_verify_password(hash, longer, 1025), STATUS_FORBIDDEN);
	g_free(hash);
}

/* bcrypt and its like end at 72 bytes. */
static void
test_password_counts_to_its_last_byte(void **state)
{
	g_autofree char *password = g_strnfill(73, 'x');
	g_autofree char *hash = NULL;
	(void)state;

	assert_int_equal(token_hash_password(password, 73, &hash), STATUS_OK);

	assert_int_equal(token_verify_password(hash, password, 73), STATUS_OK);
	assert_int_equal(
	    token_verify_password(hash, password, 72), STATUS_FORBIDDEN);
	password[72] = 'y';
	assert_int_equal(
	    token_verify_password(hash, password, 73), STATUS_FORBIDDEN);
}

static void
test_password_needs_rehash(void **state)
{
	static const char SALT_AND_HASH[] =
	    "c2FsdCBvZiBzb21lYm9keQ$"
	    "YSBwYXNzd29yZCBvZiBub2JvZHkgaXMgbm8gaGFzaCE";
	static const struct {
		const char *parameters;
		bool needs_rehash;
	} TABLE[] = {
		{ "$argon2id$v=19$m=262144,t=3,p=1$", false },
		{ "$argon2id$v=19$m=65536,t=3,p=1$", true },
		{ "$argon2id$v=19$m=262144,t=2,p=1$", true },
		{ "$argon2id$v=19$m=1048576,t=4,p=1$", true },
		{ "$argon2i$v=19$m=262144,t=3,p=1$", true },
		{ "$2b$12$", true },
	};
	g_autofree char *long_text = g_strnfill(1000, '$');
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++) {
		g_autofree char *hash =
		    g_strconcat(TABLE[i].parameters, SALT_AND_HASH, NULL);

		assert_int_equal(
		    token_password_needs_rehash(hash), TABLE[i].needs_rehash);
	}
	assert_true(token_password_needs_rehash(""));
	assert_true(token_password_needs_rehash(long_text));
}

static void
test_verify_refuses_what_is_no_hash(void **state)
{
	g_autofree char *long_text = g_strnfill(1000, '$');
	(void)state;

	assert_int_equal(
	    token_verify_password(NULL, "password", 8), STATUS_FORBIDDEN);
	assert_int_equal(
	    token_verify_password("", "password", 8), STATUS_FORBIDDEN);
	assert_int_equal(
	    token_verify_password("password", "password", 8), STATUS_FORBIDDEN);
	assert_int_equal(
	    token_verify_password(long_text, "password", 8), STATUS_FORBIDDEN);
	assert_int_equal(
	    token_verify_password("$argon2id$v=19$m=1,t=1,p=1$", "p", 1),
	    STATUS_FORBIDDEN);
}

/* The sanitizers and valgrind need more than the process may then have. */
static bool
is_watched(void)
{
#ifdef WITH_SANITIZERS
	return true;
#else
	const char *preloaded = g_getenv("LD_PRELOAD");

	return preloaded != NULL && strstr(preloaded, "vgpreload") != NULL;
#endif
}

/* The processor's time of one call: others on the machine do not count. */
static double
seconds_of(const char *hash, const char *password)
{
	struct timespec start, end;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start), 0);
	assert_int_equal(
	    token_verify_password(hash, password, strlen(password)),
	    STATUS_FORBIDDEN);
	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end), 0);
	return (double)(end.tv_sec - start.tv_sec) +
	       (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

/* A wrong password and an account that is not there are refused at the cost of
 * one and the same hash. */
static void
test_verify_nobody_takes_the_time_of_somebody(void **state)
{
	g_autofree char *hash = NULL;
	double somebody = G_MAXDOUBLE, nobody = G_MAXDOUBLE;
	(void)state;

	if (is_watched())
		skip();
	assert_int_equal(
	    token_hash_password("of somebody", 11, &hash), STATUS_OK);

	for (int i = 0; i < 4; i++) {
		somebody = MIN(somebody, seconds_of(hash, "a wrong one"));
		nobody = MIN(nobody, seconds_of(NULL, "a wrong one"));
	}

	print_message("somebody: %.3f s, nobody: %.3f s\n", somebody, nobody);
	assert_true(nobody > 0.8 * somebody);
	assert_true(somebody > 0.8 * nobody);
}

static enum status
hash_anything(const char *hash)
{
	char *out;

	(void)hash;
	return token_hash_password("password", 8, &out);
}

static enum status
verify_anything(const char *hash)
{
	return token_verify_password(hash, "password", 8);
}

/* What `function` says in a process that may have no 256 MB more. */
static enum status
without_memory(enum status (*function)(const char *hash), const char *hash)
{
	const struct rlimit little = { 64 << 20, 64 << 20 };
	pid_t child = fork();
	int how;

	if (child == 0) {
		if (setrlimit(RLIMIT_AS, &little) != 0)
			_exit(100);
		_exit((int)function(hash));
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFEXITED(how));
	return (enum status)WEXITSTATUS(how);
}

/* Another 256 MB are refused: then somebody else is to be let out first. */
static void
test_password_without_memory_is_busy(void **state)
{
	(void)state;

	if (is_watched())
		skip();
	assert_int_equal(without_memory(hash_anything, NULL), STATUS_BUSY);
}

/* Nobody is told that the right password is wrong. */
static void
test_verify_without_memory_is_busy(void **state)
{
	g_autofree char *hash = NULL;
	(void)state;

	if (is_watched())
		skip();
	assert_int_equal(token_hash_password("password", 8, &hash), STATUS_OK);

	assert_int_equal(without_memory(verify_anything, hash), STATUS_BUSY);
	assert_int_equal(without_memory(verify_anything, NULL), STATUS_BUSY);
	assert_int_equal(
	    without_memory(verify_anything, "no hash"), STATUS_FORBIDDEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_is_url_safe_and_unique),
		cmocka_unit_test(test_content_hash_known_answers),
		cmocka_unit_test(test_hasher_takes_bytes_one_after_the_other),
		cmocka_unit_test(test_random_fills_all_it_is_given),
		cmocka_unit_test(test_random_below_favours_none),
		cmocka_unit_test(test_is_equal),
		cmocka_unit_test(test_wipe),
		cmocka_unit_test(test_password_round_trip),
		cmocka_unit_test(test_password_sizes),
		cmocka_unit_test(test_password_counts_to_its_last_byte),
		cmocka_unit_test(test_password_needs_rehash),
		cmocka_unit_test(test_verify_refuses_what_is_no_hash),
		cmocka_unit_test(test_verify_nobody_takes_the_time_of_somebody),
		cmocka_unit_test(test_password_without_memory_is_busy),
		cmocka_unit_test(test_verify_without_memory_is_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
