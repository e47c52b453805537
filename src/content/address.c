/*
 * address.c - addresses, read as a browser reads them.
 *
 * It must stay true that nothing is called relative that a browser would take
 * for a scheme: control bytes are taken out before looking, and a colon before
 * the first "/", "?" or "#" is a scheme whatever stands before it.
 */
#include "config.h"

#include "address.h"

#include <glib.h>
#include <string.h>

#include "content/sanitizer.h"

/* White space and control bytes: a browser strips these at the ends. */
static bool
is_looked_through(unsigned char byte)
{
	return byte <= 0x20 || byte == 0x7f;
}

/* What WHATWG URL calls an error in a path, a query or a fragment. */
static bool
needs_escape(unsigned char byte)
{
	return strchr(" \"<>\\^`{|}", byte) != NULL;
}

char *
address_normalize(const char *address)
{
	size_t size = strlen(address);
	GString *out;

	while (size > 0 && is_looked_through((unsigned char)*address)) {
		address += 1;
		size -= 1;
	}
	while (size > 0 && is_looked_through((unsigned char)address[size - 1]))
		size -= 1;
	out = g_string_sized_new(size);
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)address[i];

		if (byte != ' ' && is_looked_through(byte))
			continue;
		if (needs_escape(byte))
			g_string_append_printf(out, "%%%02X", byte);
		else
			g_string_append_c(out, address[i]);
	}
	return g_string_free(out, FALSE);
}

enum address_kind
address_kind_of(const char *address)
{
	size_t scheme = strcspn(address, ":/?#");

	if (address[scheme] == ':') {
		if ((scheme == 4 &&
			g_ascii_strncasecmp(address, "http", 4) == 0) ||
		    (scheme == 5 &&
			g_ascii_strncasecmp(address, "https", 5) == 0))
			return ADDRESS_EXTERNAL;
		return scheme == 6 &&
			       g_ascii_strncasecmp(address, "mailto", 6) == 0
			   ? ADDRESS_MAIL
			   : ADDRESS_FORBIDDEN;
	}
	if (address[0] == '#')
		return ADDRESS_FRAGMENT;
	if (address[0] != '/')
		return ADDRESS_RELATIVE;
	return address[1] == '/' ? ADDRESS_EXTERNAL : ADDRESS_PATH;
}

bool
sanitizer_allows_address(const char *address, bool is_image)
{
	g_autofree char *normal = address_normalize(address);

	switch (address_kind_of(normal)) {
	case ADDRESS_FORBIDDEN:
		return false;
	case ADDRESS_MAIL:
		return !is_image;
	default:
		return true;
	}
}

static bool
is_host(const char *host, size_t size, const char *pattern)
{
	size_t length = strlen(pattern);

	if (g_str_has_prefix(pattern, "*.")) {
		return size > length - 1 &&
		       g_ascii_strncasecmp(host + size - (length - 1),
			   pattern + 1, length - 1) == 0;
	}
	if (size == length + 4 && g_ascii_strncasecmp(host, "www.", 4) == 0) {
		host += 4;
		size -= 4;
	}
	return size == length && g_ascii_strncasecmp(host, pattern, size) == 0;
}

bool
address_is_on_host(const char *address, const char *const *hosts)
{
	static const char SCHEME[] = "https://";
	const char *host = address + strlen(SCHEME);
	size_t size;

	if (g_ascii_strncasecmp(address, SCHEME, strlen(SCHEME)) != 0)
		return false;
	size = strspn(host,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    ".-");
	if (host[size] != '\0' && strchr("/?#", host[size]) == NULL)
		return false;
	for (size_t i = 0; hosts != NULL && hosts[i] != NULL; i++)
		if (is_host(host, size, hosts[i]))
			return true;
	return false;
}
