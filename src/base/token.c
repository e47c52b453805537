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
#include <string.h>

#define PASSWORD_MIN_SIZE 8
#define PASSWORD_MAX_SIZE 1024
#define HASH_SIZE         ((size_t)32)

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

	make_ready();
	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(token, TOKEN_LENGTH + 1, random, sizeof(random),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(random, sizeof(random));
	return token;
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

char *
token_hash(const char *token)
{
	return token_content_hash(token, strlen(token), 2 * HASH_SIZE);
}

enum status
token_hash_password(const char *password, size_t size, char **out_hash)
{
	g_autofree char *hash = g_malloc0(crypto_pwhash_STRBYTES);

	if (size < PASSWORD_MIN_SIZE || size > PASSWORD_MAX_SIZE)
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

bool
token_verify_password(const char *hash, const char *password, size_t size)
{
	/* libsodium reads a fixed size from `hash`, whatever its length. */
	char stored[crypto_pwhash_STRBYTES] = { 0 };

	if (hash == NULL || size > PASSWORD_MAX_SIZE)
		return false;
	if (g_strlcpy(stored, hash, sizeof(stored)) >= sizeof(stored))
		return false;
	make_ready();
	return crypto_pwhash_str_verify(stored, password, size) == 0;
}

void
token_wipe(void *secret, size_t size)
{
	sodium_memzero(secret, size);
}
