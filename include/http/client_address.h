/*
 * client_address.h - whose request this is, when proxies stand between, and how
 * much of that is written down.
 */
#ifndef HTTP_CLIENT_ADDRESS_H
#define HTTP_CLIENT_ADDRESS_H

#include <stdbool.h>

/*
 * The client's numeric address: `peer` (REMOTE_ADDR), unless that is one of
 * `proxies` ("192.0.2.1", "2001:db8::/32"; NULL-terminated, may be NULL): then
 * the last address of `forwarded_for` (X-Forwarded-For, may be NULL) that is
 * not one of them. What is not an address ends the search, and the last proxy
 * is the client. "" when `peer` is not an address. IPv4 inside IPv6
 * ("::ffff:192.0.2.1") is written as IPv4. The caller frees it.
 */
char *client_address(
    const char *peer, const char *forwarded_for, const char *const *proxies);

/* Whether `peer` is one of `proxies`, as above. */
bool client_address_is_proxy(const char *peer, const char *const *proxies);

/*
 * The network of `address`, which is all that a log may hold of a person
 * (requirement 62 of tests/REQUIREMENTS.md): "192.0.2.0/24", "2001:db8:1::/48".
 * NULL when it is no address. The caller frees it.
 */
char *client_address_truncate(const char *address);

/*
 * What one customer of a network may have: the address itself ("192.0.2.7"), or
 * the first half of an IPv6 address ("2001:db8:1:2::/64"). "" when it is no
 * address. For counting, not for keeping. The caller frees it.
 */
char *client_address_scope(const char *address);

#endif
