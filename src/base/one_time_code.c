/*
 * one_time_code.c - the one face of liboath.
 *
 * What must stay true: a step is counted in 64 bits. liboath's own functions
 * for RFC 6238 take a time_t, which ends in 2038 on machines where that has 32
 * bits; those for RFC 4226, of which RFC 6238 is an application (section 4.2),
 * take the step as it is.
 */
#include "config.h"

#include "base/one_time_code.h"

#include <liboath/oath.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/logger.h"
#include "base/text.h"
#include "base/token.h"

/* 160 bits: as many as SHA-1 gives. */
#define SECRET_SIZE ((size_t)20)

/* Steps before and after the present one. */
#define WINDOW 1

static enum status
fail(int reason)
{
	log_error("one_time_code.failed", "reason", oath_strerror(reason));
	return STATUS_FAILED;
}

char *
one_time_code_new_secret(void)
{
	char bytes[SECRET_SIZE];
	char *encoded = NULL;
	size_t size = 0;
	char *secret;

	token_random(bytes, sizeof(bytes));
	/* It fails for want of memory alone. */
	if (oath_base32_encode(bytes, sizeof(bytes), &encoded, &size) !=
	    OATH_OK)
		g_error("a secret cannot be written in base32");
	token_wipe(bytes, sizeof(bytes));
	secret = g_strndup(encoded, size);
	token_wipe(encoded, size);
	free(encoded);
	return secret;
}

/* `text` as one part of a label. */
static char *
label_part(const char *text)
{
	g_autofree char *part = g_strdup(text == NULL ? "" : text);

	return text_normalize_line(g_strdelimit(part, ":", ' '));
}

char *
one_time_code_make_address(
    const char *secret, const char *issuer, const char *account)
{
	g_autofree char *issuer_line = label_part(issuer);
	g_autofree char *issuer_part =
	    text_truncate(issuer_line, ONE_TIME_CODE_MAX_ISSUER);
	g_autofree char *account_part = label_part(account);
	GString *address = g_string_new("otpauth://totp/");

	if (text_is_given(issuer_part)) {
		text_append_path_segment(address, issuer_part);
		g_string_append_c(address, ':');
	}
	text_append_path_segment(address, account_part);
	g_string_append_printf(address, "?secret=%s", secret);
	if (text_is_given(issuer_part)) {
		g_string_append(address, "&issuer=");
		text_append_path_segment(address, issuer_part);
	}
	return g_string_free(address, FALSE);
}

/* The bytes of a secret. The caller wipes them. */
static enum status
decode_secret(const char *secret, char out_bytes[SECRET_SIZE])
{
	char *bytes = NULL;
	size_t size = 0;
	int result = oath_base32_decode(secret, strlen(secret), &bytes, &size);
	bool is_secret = result == OATH_OK && size == SECRET_SIZE;

	if (is_secret)
		memcpy(out_bytes, bytes, SECRET_SIZE);
	if (bytes != NULL)
		token_wipe(bytes, size);
	free(bytes);
	if (is_secret)
		return STATUS_OK;
	return fail(result != OATH_OK ? result : OATH_INVALID_BASE32);
}

static enum status
make_code(const char bytes[SECRET_SIZE], int64_t step,
    char out_code[ONE_TIME_CODE_DIGITS + 1])
{
	int result = oath_init();

	if (result == OATH_OK)
		result = oath_hotp_generate(bytes, SECRET_SIZE, (uint64_t)step,
		    ONE_TIME_CODE_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION,
		    out_code);
	return result == OATH_OK ? STATUS_OK : fail(result);
}

enum status
one_time_code_make(
    const char *secret, int64_t step, char out_code[ONE_TIME_CODE_DIGITS + 1])
{
	char bytes[SECRET_SIZE];
	enum status status = decode_secret(secret, bytes);

	if (status != STATUS_OK)
		return status;
	status = make_code(bytes, step, out_code);
	token_wipe(bytes, sizeof(bytes));
	return status;
}

/* The digits of what was typed. */
static bool
read_digits(const char *typed, char out_digits[ONE_TIME_CODE_DIGITS])
{
	size_t count = 0;

	if (!g_utf8_validate(typed, -1, NULL))
		return false;
	for (; *typed != '\0'; typed = g_utf8_next_char(typed)) {
		if (g_unichar_isspace(g_utf8_get_char(typed)))
			continue;
		if (!g_ascii_isdigit(*typed) || count == ONE_TIME_CODE_DIGITS)
			return false;
		out_digits[count++] = *typed;
	}
	return count == ONE_TIME_CODE_DIGITS;
}

/* The last step within the window around `now` of which `digits` are the code;
 * -1 if there is none. Every step is tried, whichever was right. */
static enum status
find_step(const char bytes[SECRET_SIZE],
    const char digits[ONE_TIME_CODE_DIGITS], int64_t now, int64_t *out_step)
{
	const int64_t present = now / ONE_TIME_CODE_STEP_SECONDS;
	int64_t found = -1;

	for (int64_t step = MAX(present - WINDOW, 0); step <= present + WINDOW;
	     step++) {
		char code[ONE_TIME_CODE_DIGITS + 1];
		enum status status = make_code(bytes, step, code);

		if (status != STATUS_OK)
			return status;
		if (token_is_equal(code, digits, ONE_TIME_CODE_DIGITS))
			found = step;
		token_wipe(code, sizeof(code));
	}
	*out_step = found;
	return STATUS_OK;
}

enum status
one_time_code_check(
    const char *secret, const char *typed, int64_t now, int64_t *out_step)
{
	char digits[ONE_TIME_CODE_DIGITS];
	char bytes[SECRET_SIZE];
	int64_t step = -1;
	enum status status = decode_secret(secret, bytes);

	if (status != STATUS_OK)
		return status;
	if (now >= 0 && read_digits(typed, digits))
		status = find_step(bytes, digits, now, &step);
	token_wipe(bytes, sizeof(bytes));
	if (status != STATUS_OK)
		return status;
	if (step < 0)
		return STATUS_INVALID;
	*out_step = step;
	return STATUS_OK;
}
