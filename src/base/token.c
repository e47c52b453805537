/*
 * token.c - the one face of libsodium.
 *
 * What must stay true: what is stored is a hash, never the token or password;
 * passwords are taken byte for byte as received. Every entry makes sure that
 * libsodium is ready, which costs nothing after the first time and no program
 * that hashes nothing pays for.
 */
#include "config.h"

#include "base/token.h"

#include <glib.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/password_rules.h"

#define HASH_SIZE ((size_t)32)

/* Without a source of randomness nothing that follows would be a secret. */
static void
make_ready(void)
{
	if (sodium_init() < 0)
		g_error("libsodium found no source of randomness");
}

char *
token_new(void)
{
	unsigned char random[32];
	char *token = g_malloc(TOKEN_LENGTH + 1);

	token_random(random, sizeof(random));
	sodium_bin2base64(token, TOKEN_LENGTH + 1, random, sizeof(random),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(random, sizeof(random));
	return token;
}

void
token_random(void *out_bytes, size_t size)
{
	make_ready();
	randombytes_buf(out_bytes, size);
}

uint32_t
token_random_below(uint32_t limit)
{
	g_assert(limit > 0);
	make_ready();
	return randombytes_uniform(limit);
}

bool
token_is_equal(const void *one, const void *other, size_t size)
{
	make_ready();
	return sodium_memcmp(one, other, size) == 0;
}

char *
token_content_hash(const void *bytes, size_t size, size_t digits)
{
	unsigned char hash[HASH_SIZE];
	char *name = g_malloc(2 * HASH_SIZE + 1);

	g_assert(digits <= 2 * HASH_SIZE && digits % 2 == 0);
	make_ready();
	crypto_generichash(hash, sizeof(hash), bytes, size, NULL, 0);
	sodium_bin2hex(name, 2 * HASH_SIZE + 1, hash, sizeof(hash));
	name[digits] = '\0';
	return name;
}

/* libsodium wants its state where a multiple of 64 is. */
struct token_hasher {
	crypto_generichash_state state;
};

struct token_hasher *
token_hasher_new(void)
{
	struct token_hasher *hasher =
	    aligned_alloc(G_ALIGNOF(struct token_hasher), sizeof(*hasher));

	if (hasher == NULL)
		g_error("out of memory");
	make_ready();
	crypto_generichash_init(&hasher->state, NULL, 0, HASH_SIZE);
	return hasher;
}

void
token_hasher_add(struct token_hasher *hasher, const void *bytes, size_t size)
{
	crypto_generichash_update(&hasher->state, bytes, size);
}

char *
token_hasher_finish(struct token_hasher *hasher)
{
	unsigned char hash[HASH_SIZE];
	char *digits = g_malloc(2 * HASH_SIZE + 1);

	crypto_generichash_final(&hasher->state, hash, sizeof(hash));
	sodium_bin2hex(digits, 2 * HASH_SIZE + 1, hash, sizeof(hash));
	free(hasher);
	return digits;
}

char *
token_hash(const char *token)
{
	return token_content_hash(token, strlen(token), 2 * HASH_SIZE);
}

enum status
token_hash_password(const char *password, size_t size, char **out_hash)
{
	g_autofree char *hash = g_malloc0(crypto_pwhash_STRBYTES);

	if (size < PASSWORD_MIN_CHARACTERS || size > PASSWORD_MAX_SIZE)
		return STATUS_INVALID;
	make_ready();
	/* It fails for want of memory alone. */
	if (crypto_pwhash_str(hash, password, size,
		crypto_pwhash_OPSLIMIT_MODERATE,
		crypto_pwhash_MEMLIMIT_MODERATE) != 0)
		return STATUS_BUSY;
	*out_hash = g_steal_pointer(&hash);
	return STATUS_OK;
}

/* libsodium reads a fixed size from a hash, whatever its length. False: it is
 * too long to be one. */
static bool
copy_hash(char stored[crypto_pwhash_STRBYTES], const char *hash)
{
	memset(stored, 0, crypto_pwhash_STRBYTES);
	return g_strlcpy(stored, hash, crypto_pwhash_STRBYTES) <
	       crypto_pwhash_STRBYTES;
}

/* Whether we may have the memory that `hash` says it takes ("m=" kilobytes). */
static bool
has_memory_for(const char *hash)
{
	const char *at = strstr(hash, "$m=");
	guint64 size =
	    at != NULL ? g_ascii_strtoull(at + strlen("$m="), NULL, 10) : 0;
	void *memory;

	/* libsodium refuses what is no hash, and one of more than 4 GB. */
	if (size == 0 || size > G_MAXUINT32 / 1024)
		return true;
	memory = mmap(NULL, size * 1024, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	munmap(memory, size * 1024);
	return true;
}

static enum status
verify(const char *hash, const char *password, size_t size)
{
	char stored[crypto_pwhash_STRBYTES];

	if (size > PASSWORD_MAX_SIZE || !copy_hash(stored, hash))
		return STATUS_FORBIDDEN;
	make_ready();
	/* libsodium says of a hash it had no memory for that the password is
	 * another. */
	if (!has_memory_for(stored))
		return STATUS_BUSY;
	return crypto_pwhash_str_verify(stored, password, size) == 0
		   ? STATUS_OK
		   : STATUS_FORBIDDEN;
}

enum status
token_verify_password(const char *hash, const char *password, size_t size)
{
	return hash != NULL ? verify(hash, password, size)
			    : token_verify_nobody(password, size);
}

enum status
token_verify_nobody(const char *password, size_t size)
{
	/* Salt and hash: base64 of 16 and of 32 bytes, which no password has.
	 */
	g_autofree char *hash = g_strdup_printf(
	    "$argon2id$v=19$m=%zu,t=%zu,p=1$%s$%s",
	    (size_t)crypto_pwhash_MEMLIMIT_MODERATE / 1024,
	    (size_t)crypto_pwhash_OPSLIMIT_MODERATE, "bm9ib2R5IHNpZ25zIGluLg",
	    "YSBwYXNzd29yZCBvZiBub2JvZHkgaXMgbm8gaGFzaCE");

	return verify(hash, password, size);
}

bool
token_password_needs_rehash(const char *hash)
{
	char stored[crypto_pwhash_STRBYTES];

	if (!copy_hash(stored, hash))
		return true;
	make_ready();
	/* The function without "argon2id" is content with argon2i as well. */
	return crypto_pwhash_argon2id_str_needs_rehash(stored,
		   crypto_pwhash_OPSLIMIT_MODERATE,
		   crypto_pwhash_MEMLIMIT_MODERATE) != 0;
}

void
token_wipe(void *secret, size_t size)
{
	sodium_memzero(secret, size);
}
