/*
 * address.h - what an address in a document is, and how it is written.
 */
#ifndef CONTENT_ADDRESS_H
#define CONTENT_ADDRESS_H

#include <stdbool.h>

enum address_kind {
	ADDRESS_FORBIDDEN, /* another scheme than http, https, mailto */
	ADDRESS_FRAGMENT,  /* "#..." */
	ADDRESS_PATH,      /* "/..." of this site */
	ADDRESS_RELATIVE,  /* anything else without a scheme */
	ADDRESS_EXTERNAL,  /* http, https, or "//host" */
	ADDRESS_MAIL       /* mailto */
};

/*
 * The address as it may stand in HTML: without what browsers look through
 * (control bytes, white space at the ends), and with percent escapes for what a
 * URL may not hold. The caller frees it.
 */
char *address_normalize(const char *address);

/* The kind of an address that went through address_normalize(). */
enum address_kind address_kind_of(const char *address);

/*
 * Whether a normalized address is https on one of `hosts` (NULL-terminated, may
 * be NULL). "youtube.com" means it and www.youtube.com, "*.example.org" every
 * host below it. User names, ports and escapes in the host are refused.
 */
bool address_is_on_host(const char *address, const char *const *hosts);

#endif
