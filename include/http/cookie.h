/*
 * cookie.h - cookies that come with a request (RFC 6265).
 */
#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include <stdbool.h>

/*
 * The name under which the cookie `name` goes to a browser and comes back: with
 * "__Host-" before it where `is_secure`, so that a browser takes it from this
 * host alone and by https. Both directions use this. The caller frees it.
 */
char *cookie_full_name(const char *name, bool is_secure);

/*
 * The value of the cookie `name` (as it was given to response_set_cookie()) in
 * `cookies`, the Cookie header as RFC 6265 section 4.2.1 has it, which may be
 * NULL. Byte for byte, quotes included; names are told apart by the case of
 * their letters. Of two with one name the first counts, and what has no "="
 * is no cookie. NULL: there is none. The caller frees it.
 */
char *cookie_find(const char *cookies, const char *name, bool is_secure);

#endif
