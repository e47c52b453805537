/*
 * client_address.c - see client_address.h. It must keep true that an address
 * which a client made up counts for nothing: only what a trusted proxy added.
 */
#include "config.h"

#include "http/client_address.h"

#include <arpa/inet.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* An IPv6 address, or IPv4 as ::ffff:a.b.c.d. */
struct address {
	uint8_t bytes[16];
	bool is_v4;
};

static const uint8_t V4_PREFIX[12] = { [10] = 0xff, [11] = 0xff };

static bool
parse_address(const char *text, size_t size, struct address *out)
{
	char copy[INET6_ADDRSTRLEN];

	if (size == 0 || size >= sizeof(copy))
		return false;
	memcpy(copy, text, size);
	copy[size] = '\0';
	if (inet_pton(AF_INET, copy, out->bytes + 12) == 1) {
		memcpy(out->bytes, V4_PREFIX, sizeof(V4_PREFIX));
		out->is_v4 = true;
		return true;
	}
	if (inet_pton(AF_INET6, copy, out->bytes) != 1)
		return false;
	out->is_v4 = memcmp(out->bytes, V4_PREFIX, sizeof(V4_PREFIX)) == 0;
	return true;
}

static char *
format_address(const struct address *address)
{
	char text[INET6_ADDRSTRLEN];
	const char *result =
	    address->is_v4
		? inet_ntop(AF_INET, address->bytes + 12, text, sizeof(text))
		: inet_ntop(AF_INET6, address->bytes, text, sizeof(text));

	return g_strdup(result != NULL ? result : "");
}

static bool
has_same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned rest = bits % 8;
	uint8_t mask = (uint8_t)(0xff00U >> rest);

	if (memcmp(a, b, bits / 8) != 0)
		return false;
	return rest == 0 || ((a[bits / 8] ^ b[bits / 8]) & mask) == 0;
}

/* Whether `address` is `proxy`, an address or a range of them. */
static bool
is_in_range(const struct address *address, const char *proxy)
{
	size_t size = strcspn(proxy, "/");
	struct address first;
	guint64 bits = 128;

	if (!parse_address(proxy, size, &first) ||
	    first.is_v4 != address->is_v4)
		return false;
	if (proxy[size] == '/') {
		guint64 most = first.is_v4 ? 32 : 128;

		if (!g_ascii_string_to_unsigned(
			proxy + size + 1, 10, 0, most, &bits, NULL))
			return false;
		if (first.is_v4)
			bits += 96;
	}
	return has_same_bits(address->bytes, first.bytes, (unsigned)bits);
}

static bool
is_proxy(const struct address *address, const char *const *proxies)
{
	for (; proxies != NULL && *proxies != NULL; proxies++) {
		if (is_in_range(address, *proxies))
			return true;
	}
	return false;
}

/* The last member of the list in `text` (`*size` bytes), trimmed; `*size` is
 * then what stands before it. */
static const char *
take_last(const char *text, size_t *size, size_t *out_member_size)
{
	size_t end = *size;
	size_t start;

	while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t'))
		end--;
	start = end;
	while (start > 0 && text[start - 1] != ',')
		start--;
	*size = start > 0 ? start - 1 : 0;
	while (start < end && (text[start] == ' ' || text[start] == '\t'))
		start++;
	*out_member_size = end - start;
	return text + start;
}

char *
client_address(
    const char *peer, const char *forwarded_for, const char *const *proxies)
{
	struct address client, next;
	size_t left = forwarded_for != NULL ? strlen(forwarded_for) : 0;

	if (!parse_address(peer, strlen(peer), &client))
		return g_strdup("");
	while (left > 0 && is_proxy(&client, proxies)) {
		size_t size;
		const char *member = take_last(forwarded_for, &left, &size);

		if (!parse_address(member, size, &next))
			break;
		client = next;
	}
	return format_address(&client);
}

bool
client_address_is_proxy(const char *peer, const char *const *proxies)
{
	struct address address;

	return parse_address(peer, strlen(peer), &address) &&
	       is_proxy(&address, proxies);
}

char *
client_address_truncate(const char *address)
{
	struct address network;
	g_autofree char *text = NULL;

	if (!parse_address(address, strlen(address), &network))
		return NULL;
	if (network.is_v4)
		network.bytes[15] = 0;
	else
		memset(network.bytes + 6, 0, sizeof(network.bytes) - 6);
	text = format_address(&network);
	return g_strconcat(text, network.is_v4 ? "/24" : "/48", NULL);
}

char *
client_address_scope(const char *address)
{
	struct address network;
	g_autofree char *text = NULL;

	if (!parse_address(address, strlen(address), &network))
		return g_strdup("");
	if (network.is_v4)
		return format_address(&network);
	memset(network.bytes + 8, 0, sizeof(network.bytes) - 8);
	text = format_address(&network);
	return g_strconcat(text, "/64", NULL);
}
