/*
 * one_time_code.h - the six digits of an authenticator app, by liboath. Nothing
 * else in the project calls it.
 *
 * RFC 6238 as every app knows it: HMAC-SHA-1, 6 digits, steps of 30 seconds
 * since 1970, a secret of 160 bits (RFC 4226 section 4, R6) written in base32
 * (RFC 4648 section 6). For the day the app is lost there is
 * base/recovery_code.h.
 */
#ifndef BASE_ONE_TIME_CODE_H
#define BASE_ONE_TIME_CODE_H

#include <stdint.h>

#include "base/status.h"

#define ONE_TIME_CODE_DIGITS       6
#define ONE_TIME_CODE_STEP_SECONDS 30

/* Characters of a secret in base32, without the NUL. */
#define ONE_TIME_CODE_SECRET_LENGTH 32

/* Characters of an issuer that an app has room for. */
#define ONE_TIME_CODE_MAX_ISSUER 40

/*
 * A new secret of 160 random bits: 32 characters A-Z and 2-7, in which form it
 * is stored and typed into an app. Each code is made from it, so that it cannot
 * be stored as a hash. The caller wipes and frees it.
 */
char *one_time_code_new_secret(void);

/*
 * The address that an app takes a secret from, mostly as a QR code:
 * "otpauth://totp/ISSUER:ACCOUNT?secret=SECRET&issuer=ISSUER". `issuer` is the
 * title of the blog, `account` the author's address; both are valid UTF-8 and
 * stand in it as one line, percent-encoded but for unreserved characters (RFC
 * 3986 section 2.3). A colon in them becomes a space, since one parts the two,
 * and of an issuer the first 40 characters are taken. Without an issuer (NULL,
 * or nothing that can be seen) its two parts are left out. The caller frees it.
 */
char *one_time_code_make_address(
    const char *secret, const char *issuer, const char *account);

/*
 * The code of `secret` in one step: the `step`-th 30 seconds since 1970, from 0
 * on. STATUS_FAILED, logged, when `secret` is none of
 * one_time_code_new_secret() (lower case and spaces are read, too).
 */
MUST_CHECK enum status one_time_code_make(
    const char *secret, int64_t step, char out_code[ONE_TIME_CODE_DIGITS + 1]);

/*
 * Whether `typed` is the code of `secret` at the time `now` (UTC seconds), or
 * one step of 30 seconds before or after it, for clocks that differ (RFC 6238
 * section 5.2). White space in `typed` is ignored, as apps show "123 456"; it
 * may be any bytes. The codes are compared in constant time.
 *
 * `out_step` is the step it belongs to; the later one, if to two. A code works
 * once: the caller keeps the step of the last one that was used, and refuses
 * one whose step is not later, in the transaction that signs in.
 *
 * STATUS_INVALID: it is not. STATUS_FAILED: as one_time_code_make().
 */
MUST_CHECK enum status one_time_code_check(
    const char *secret, const char *typed, int64_t now, int64_t *out_step);

#endif
