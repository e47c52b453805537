/*
 * response_cookie.h - cookies that go out with an answer (RFC 6265).
 */
#ifndef HTTP_RESPONSE_COOKIE_H
#define HTTP_RESPONSE_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct response;

/* Bytes of name and value together: more, a browser throws away. */
#define RESPONSE_MAX_COOKIE 4096

/*
 * Set the cookie `name` to `value` for `max_age` seconds; 0 takes it away, and
 * less than 0 keeps it until the browser ends. It goes to no script (HttpOnly),
 * with no request from another site but a link (SameSite=Lax), to all of the
 * host (Path=/), and where `is_secure` by https alone, under the name that
 * cookie_full_name() makes. Such an answer is its reader's alone: nobody may
 * keep it, and `cache` becomes CACHE_NEVER.
 *
 * STATUS_INVALID: `name` is empty or no token (RFC 9110 section 5.6.2), or
 * `value` has a byte that is no cookie-octet (RFC 6265 section 4.1.1): a
 * control character, a space, any of `",;\`, or one above 0x7E.
 * STATUS_TOO_LARGE: over RESPONSE_MAX_COOKIE. The response is then as it was.
 */
MUST_CHECK enum status response_set_cookie(struct response *response,
    const char *name, const char *value, int64_t max_age, bool is_secure);

#endif
