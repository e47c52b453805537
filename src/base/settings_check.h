/*
 * settings_check.h - whether a value in byline.conf may stand. For settings.c
 * alone.
 *
 * Each check takes a value that is not empty and may replace it by its usual
 * form (`value` owns its string).
 */
#ifndef BASE_SETTINGS_CHECK_H
#define BASE_SETTINGS_CHECK_H

#include <stdbool.h>

/* The parts of a base URL; the caller frees the strings. */
struct base_url {
	char *origin; /* "https://example.org", the usual port left out */
	char *path;   /* "/blog" or "" */
	bool is_https;
};

/*
 * http or https, a host (an international one as A-labels), perhaps a port, and
 * a path of unreserved characters without empty, "." or ".." segments and
 * without a slash at its end; no user, query or fragment. False: it is not, and
 * `out_url` is left alone.
 */
bool base_url_parse(const char *text, struct base_url *out_url);

bool check_base_url(char **value);
/* As http/listener.h describes an address to listen on. */
bool check_listen(char **value);
/* A name of a group as useradd(8) allows it, or its number. */
bool check_group(char **value);
/*
 * An IPv4 or IPv6 address, or a range of them ("10.0.0.0/8"): its usual form is
 * inet_ntop(3)'s, the bits after a range's prefix 0. No range of all addresses,
 * and none of IPv4 inside IPv6.
 */
bool check_ip_range(char **value);
/*
 * A host name or IPv4 address without a port, or "*.example.org" for all below
 * example.org; its usual form is lower case. Nothing but letters, digits, dots,
 * hyphens and that asterisk: it stands as it is in a Content-Security-Policy.
 */
bool check_host_pattern(char **value);
/* A URI for RFC 9116 section 2.5.3. */
bool check_contact(char **value);

#endif
