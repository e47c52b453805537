/*
 * test_one_time_code.c - codes of an app: those that the RFC lists, those that
 * another implementation makes, and what else is typed.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/one_time_code.h"
#include "base/token.h"

/* "12345678901234567890", the secret of RFC 4226 appendix D and, for SHA-1, of
 * RFC 6238 appendix B. */
static const char RFC_SECRET[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/* RFC 6238 appendix B: its codes have eight digits, of which an app shows the
 * last six. The last rows lie beyond 32 bits. */
static const struct {
	int64_t time;
	const char *code;
} VECTORS[] = {
	{ 59, "94287082" },
	{ INT64_C(1111111109), "07081804" },
	{ INT64_C(1111111111), "14050471" },
	{ INT64_C(1234567890), "89005924" },
	{ INT64_C(2000000000), "69279037" },
	{ INT64_C(20000000000), "65353130" },
};

static void
test_make_vectors_of_rfc_6238(void **state)
{
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(VECTORS); i++) {
		char code[ONE_TIME_CODE_DIGITS + 1];

		assert_int_equal(
		    one_time_code_make(RFC_SECRET,
			VECTORS[i].time / ONE_TIME_CODE_STEP_SECONDS, code),
		    STATUS_OK);
		assert_string_equal(code, VECTORS[i].code + 2);
	}
}

/* RFC 4226 appendix D: the first ten steps. */
static void
test_make_vectors_of_rfc_4226(void **state)
{
	static const char *const CODES[] = { "755224", "287082", "359152",
		"969429", "338314", "254676", "287922", "162583", "399871",
		"520489" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CODES); i++) {
		char code[ONE_TIME_CODE_DIGITS + 1];

		assert_int_equal(
		    one_time_code_make(RFC_SECRET, (int64_t)i, code),
		    STATUS_OK);
		assert_string_equal(code, CODES[i]);
	}
}

/* The five bits of a character of base32 (RFC 4648 section 6). */
static unsigned
base32_value(char character)
{
	return (unsigned)(character >= 'A' ? character - 'A'
					   : character - '2' + 26);
}

/* RFC 4226 section 5.3 by GLib's HMAC: what an app does. */
static void
make_as_an_app(const char *secret, uint64_t step, char out_code[7])
{
	guchar key[20] = { 0 };
	guchar digest[20];
	gsize size = sizeof(digest);
	guint64 message = GUINT64_TO_BE(step);
	GHmac *hmac;
	guint32 word;
	unsigned offset;

	for (unsigned i = 0; i < 160; i++) {
		unsigned bit = base32_value(secret[i / 5]) >> (4 - i % 5) & 1;

		key[i / 8] |= (guchar)(bit << (7 - i % 8));
	}
	hmac = g_hmac_new(G_CHECKSUM_SHA1, key, sizeof(key));
	g_hmac_update(hmac, (const guchar *)&message, sizeof(message));
	g_hmac_get_digest(hmac, digest, &size);
	g_hmac_unref(hmac);
	offset = digest[19] & 0x0F;
	memcpy(&word, digest + offset, sizeof(word));
	word = GUINT32_FROM_BE(word) & 0x7FFFFFFF;
	snprintf(out_code, 7, "%06u", word % 1000000);
}

static void
test_make_as_another_implementation(void **state)
{
	/* The last seconds of 31, 32 and 33 bits lie among these. */
	static const int64_t TIMES[] = { 0, INT64_C(1764288000), G_MAXINT32,
		G_MAXINT32 + INT64_C(1), G_MAXUINT32, G_MAXUINT32 + INT64_C(1),
		INT64_C(8589934592), INT64_C(253402300799) };
	(void)state;

	for (int i = 0; i < 500; i++) {
		g_autofree char *secret = one_time_code_new_secret();

		for (size_t at = 0; at < G_N_ELEMENTS(TIMES); at++) {
			char code[7], other[7];
			int64_t step = TIMES[at] / 30;

			assert_int_equal(
			    one_time_code_make(secret, step, code), STATUS_OK);
			make_as_an_app(secret, (uint64_t)step, other);
			assert_string_equal(code, other);
		}
	}
}

static void
test_new_secret_is_base32_and_unique(void **state)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	(void)state;

	for (int i = 0; i < 1000; i++) {
		char *secret = one_time_code_new_secret();

		assert_int_equal(strlen(secret), ONE_TIME_CODE_SECRET_LENGTH);
		assert_int_equal(strspn(secret, G_CSET_A_2_Z "234567"),
		    ONE_TIME_CODE_SECRET_LENGTH);
		assert_true(g_hash_table_add(seen, secret));
	}
}

/* At 1111111111 it is the 37037037th step for 29 seconds more. */
static void
test_check_one_step_either_way(void **state)
{
	const int64_t start = INT64_C(37037037) * 30;
	static const struct {
		int64_t after_start;
		enum status status;
	} TABLE[] = {
		{ -31, STATUS_INVALID },
		{ -30, STATUS_OK },
		{ -1, STATUS_OK },
		{ 0, STATUS_OK },
		{ 29, STATUS_OK },
		{ 30, STATUS_OK },
		{ 59, STATUS_OK },
		{ 60, STATUS_INVALID },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++) {
		int64_t step = -1;

		assert_int_equal(one_time_code_check(RFC_SECRET, "050471",
				     start + TABLE[i].after_start, &step),
		    TABLE[i].status);
		assert_int_equal(
		    step, TABLE[i].status == STATUS_OK ? 37037037 : -1);
	}
}

static void
test_check_after_2038(void **state)
{
	int64_t step;
	(void)state;

	assert_int_equal(one_time_code_check(
			     RFC_SECRET, "353130", INT64_C(20000000000), &step),
	    STATUS_OK);

	assert_int_equal(step, INT64_C(666666666));
}

/* What keeps the step of a code that was used refuses it a second time, also
 * where the clock was set back in between. */
static void
test_check_gives_one_step_to_a_code(void **state)
{
	int64_t first, again, next;
	(void)state;

	assert_int_equal(
	    one_time_code_check(RFC_SECRET, "050471", 1111111111, &first),
	    STATUS_OK);
	assert_int_equal(
	    one_time_code_check(RFC_SECRET, "0 5 0 4 7 1", 1111111150, &again),
	    STATUS_OK);
	assert_int_equal(
	    one_time_code_check(RFC_SECRET, "266759", 1111111150, &next),
	    STATUS_OK);

	assert_int_equal(again, first);
	assert_int_equal(next, first + 1);
}

/* One step in 10^6 has the code of the step before: used as the earlier, it
 * would work as the later again. */
static void
test_check_names_the_later_of_two_steps(void **state)
{
	const int64_t first = INT64_C(37079356);
	(void)state;

	for (int64_t now = first * 30; now < (first + 2) * 30; now++) {
		int64_t step = -1;

		assert_int_equal(
		    one_time_code_check(RFC_SECRET, "186519", now, &step),
		    STATUS_OK);
		assert_int_equal(step, first + 1);
	}
}

static void
test_check_what_was_typed(void **state)
{
	static const struct {
		const char *typed;
		enum status status;
	} TABLE[] = {
		{ "050471", STATUS_OK },
		{ "050 471", STATUS_OK },
		{ " 05 04 71\t\r\n", STATUS_OK },
		{ "050\xC2\xA0"
		  "471",
		    STATUS_OK },
		{ "050\xE2\x80\xAF"
		  "471",
		    STATUS_OK },
		{ "", STATUS_INVALID },
		{ " ", STATUS_INVALID },
		{ "50471", STATUS_INVALID },
		{ "0050471", STATUS_INVALID },
		{ "0504710", STATUS_INVALID },
		{ "050471050471", STATUS_INVALID },
		{ "050472", STATUS_INVALID },
		{ "14050471", STATUS_INVALID },
		{ "050-471", STATUS_INVALID },
		{ "050471x", STATUS_INVALID },
		{ "O5O471", STATUS_INVALID },
		{ "+50471", STATUS_INVALID },
		{ "０５０４７１", STATUS_INVALID },
		{ "050471\xFF", STATUS_INVALID },
		{ "\xC2", STATUS_INVALID },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++) {
		int64_t step = -1;

		assert_int_equal(one_time_code_check(RFC_SECRET, TABLE[i].typed,
				     1111111111, &step),
		    TABLE[i].status);
		assert_int_equal(
		    step, TABLE[i].status == STATUS_OK ? 37037037 : -1);
	}
}

/* There is no step before the first, and no code before 1970. */
static void
test_check_at_the_beginning_of_time(void **state)
{
	int64_t step = -1;
	(void)state;

	assert_int_equal(
	    one_time_code_check(RFC_SECRET, "755224", 0, &step), STATUS_OK);
	assert_int_equal(step, 0);
	assert_int_equal(one_time_code_check(RFC_SECRET, "755224", -1, &step),
	    STATUS_INVALID);
	assert_int_equal(
	    one_time_code_check(RFC_SECRET, "755224", G_MININT64, &step),
	    STATUS_INVALID);
	assert_int_equal(
	    one_time_code_check(RFC_SECRET, "755224", G_MAXINT64, &step),
	    STATUS_INVALID);
}

static void
test_check_with_what_is_no_secret(void **state)
{
	static const char *const SECRETS[] = { "", "GEZDGNBV", "not base32!",
		"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBV" };
	int64_t step = -1;
	char code[7];
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(SECRETS); i++) {
		assert_int_equal(one_time_code_check(
				     SECRETS[i], "050471", 1111111111, &step),
		    STATUS_FAILED);
		assert_int_equal(
		    one_time_code_make(SECRETS[i], 1, code), STATUS_FAILED);
	}
	assert_int_equal(step, -1);
}

/* What another library reads in an address. */
static void
assert_address(const char *address, const char *label, const char *issuer)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GUri) uri =
	    g_uri_parse(address, G_URI_FLAGS_PARSE_RELAXED, &error);
	g_autoptr(GHashTable) parameters = NULL;

	assert_null(error);
	assert_string_equal(g_uri_get_scheme(uri), "otpauth");
	assert_string_equal(g_uri_get_host(uri), "totp");
	assert_string_equal(g_uri_get_path(uri), label);
	assert_null(g_uri_get_fragment(uri));
	parameters = g_uri_parse_params(
	    strchr(address, '?') + 1, -1, "&", G_URI_PARAMS_NONE, &error);
	assert_null(error);
	assert_int_equal(g_hash_table_size(parameters), issuer == NULL ? 1 : 2);
	assert_string_equal(
	    g_hash_table_lookup(parameters, "secret"), RFC_SECRET);
	if (issuer != NULL)
		assert_string_equal(
		    g_hash_table_lookup(parameters, "issuer"), issuer);
}

static void
test_make_address(void **state)
{
	g_autofree char *address = one_time_code_make_address(
	    RFC_SECRET, "Notes & Queries", "mira@example.org");
	(void)state;

	assert_string_equal(address,
	    "otpauth://totp/Notes%20%26%20Queries:mira%40example.org"
	    "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	    "&issuer=Notes%20%26%20Queries");
}

static void
test_make_address_is_read_back(void **state)
{
	static const struct {
		const char *issuer, *account, *label, *read;
	} TABLE[] = {
		{ "Notes", "a@b.example", "/Notes:a@b.example", "Notes" },
		{ "Über „Größe“ 😀", "a@b.example",
		    "/Über „Größe“ 😀:a@b.example", "Über „Größe“ 😀" },
		{ "100%/?#[]@!$&'()*+,;=\"<>\\^`{|}", "a+b@c.example",
		    "/100%/?#[]@!$&'()*+,;=\"<>\\^`{|}:a+b@c.example",
		    "100%/?#[]@!$&'()*+,;=\"<>\\^`{|}" },
		{ "One: two:three", "a:b", "/One two three:a b",
		    "One two three" },
		{ " two\r\nlines\t", "a@b.example", "/two lines:a@b.example",
		    "two lines" },
		{ "", "a@b.example", "/a@b.example", NULL },
		{ NULL, "a@b.example", "/a@b.example", NULL },
		{ " : ", "a@b.example", "/a@b.example", NULL },
		{ "A title that goes on for longer than apps can show",
		    "a@b.example",
		    "/A title that goes on for longer than…:a@b.example",
		    "A title that goes on for longer than…" },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++) {
		g_autofree char *address = one_time_code_make_address(
		    RFC_SECRET, TABLE[i].issuer, TABLE[i].account);

		assert_address(address, TABLE[i].label, TABLE[i].read);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make_vectors_of_rfc_6238),
		cmocka_unit_test(test_make_vectors_of_rfc_4226),
		cmocka_unit_test(test_make_as_another_implementation),
		cmocka_unit_test(test_new_secret_is_base32_and_unique),
		cmocka_unit_test(test_check_one_step_either_way),
		cmocka_unit_test(test_check_after_2038),
		cmocka_unit_test(test_check_gives_one_step_to_a_code),
		cmocka_unit_test(test_check_names_the_later_of_two_steps),
		cmocka_unit_test(test_check_what_was_typed),
		cmocka_unit_test(test_check_at_the_beginning_of_time),
		cmocka_unit_test(test_check_with_what_is_no_secret),
		cmocka_unit_test(test_make_address),
		cmocka_unit_test(test_make_address_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
