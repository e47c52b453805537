/*
 * client_address.h - whose request this is, when proxies stand between.
 */
#ifndef HTTP_CLIENT_ADDRESS_H
#define HTTP_CLIENT_ADDRESS_H

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

#endif
