/*
 * settings_check.c - what values byline.conf may hold.
 *
 * What must stay true: whatever passes can be written into a page, a mail or a
 * header as it is, and compared byte for byte with what browsers and web
 * servers send; so hosts are ASCII and lower case, usual ports are left out,
 * and IP addresses have one form.
 */
#include "config.h"

#include "settings_check.h"

#include <sys/un.h>

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

#include "base/text.h"

#define MAX_HOST_SIZE 253

static bool
is_host_label(const char *label, size_t size)
{
	if (size == 0 || size > 63 || label[0] == '-' || label[size - 1] == '-')
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!g_ascii_isalnum(label[i]) && label[i] != '-')
			return false;
	}
	return true;
}

/* A name of RFC 1123 section 2.1 or an IPv4 address. */
static bool
is_host_name(const char *host)
{
	const char *label = host;
	struct in_addr address;

	if (strlen(host) > MAX_HOST_SIZE)
		return false;
	for (;;) {
		size_t size = strcspn(label, ".");

		if (!is_host_label(label, size))
			return false;
		if (label[size] == '\0')
			break;
		label += size + 1;
	}
	/* Browsers read whatever ends in a number as an IPv4 address. */
	return !g_ascii_isdigit(*label) ||
	       inet_pton(AF_INET, host, &address) == 1;
}

static bool
is_ipv6_literal(const char *host)
{
	struct in6_addr address;
	g_autofree char *inside = NULL;
	size_t size = strlen(host);

	if (size < 4 || host[0] != '[' || host[size - 1] != ']')
		return false;
	inside = g_strndup(host + 1, size - 2);
	return inet_pton(AF_INET6, inside, &address) == 1;
}

static bool
is_host(const char *host)
{
	return is_host_name(host) || is_ipv6_literal(host);
}

/* Take ":PORT" off `authority`; 0 when it has none. */
static bool
take_port(char *authority, int64_t *out_port)
{
	char *bracket = strrchr(authority, ']');
	char *colon = strchr(bracket != NULL ? bracket : authority, ':');

	*out_port = 0;
	if (colon == NULL)
		return true;
	*colon = '\0';
	return text_parse_integer(colon + 1, 65535, out_port) == STATUS_OK &&
	       *out_port >= 1;
}

static bool
is_base_path(const char *path)
{
	while (*path == '/') {
		size_t size = 0;

		path++;
		while (
		    g_ascii_isalnum(path[size]) ||
		    (path[size] != '\0' && strchr("-._~", path[size]) != NULL))
			size++;
		if (size == 0 || (size == 1 && path[0] == '.') ||
		    (size == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		path += size;
	}
	return *path == '\0';
}

bool
base_url_parse(const char *text, struct base_url *out_url)
{
	bool is_https = g_ascii_strncasecmp(text, "https://", 8) == 0;
	g_autofree char *authority = NULL;
	g_autofree char *host = NULL;
	int64_t usual_port = is_https ? 443 : 80;
	int64_t port;
	size_t size;

	if (!is_https && g_ascii_strncasecmp(text, "http://", 7) != 0)
		return false;
	text += is_https ? 8 : 7;
	size = strcspn(text, "/?#");
	authority = g_strndup(text, size);
	text += size;
	if (!take_port(authority, &port) || !is_host(authority) ||
	    !is_base_path(text))
		return false;
	host = g_ascii_strdown(authority, -1);
	out_url->is_https = is_https;
	out_url->path = g_strdup(text);
	if (port == 0 || port == usual_port)
		out_url->origin =
		    g_strdup_printf("http%s://%s", is_https ? "s" : "", host);
	else
		out_url->origin = g_strdup_printf(
		    "http%s://%s:%d", is_https ? "s" : "", host, (int)port);
	return true;
}

bool
check_base_url(char **value)
{
	struct base_url url;

	if (!base_url_parse(*value, &url))
		return false;
	g_free(*value);
	*value = g_strconcat(url.origin, url.path, NULL);
	g_free(url.origin);
	g_free(url.path);
	return true;
}

/* "unix:/run/byline.sock" or, with an octal mode, "unix:/run/byline.sock,0660".
 * The kernel holds the path in a field of fixed size. */
static bool
is_unix_address(const char *address)
{
	const char *comma = strrchr(address, ',');
	size_t path_size =
	    comma != NULL ? (size_t)(comma - address) : strlen(address);
	size_t digits;

	if (address[0] != '/' ||
	    path_size >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return false;
	if (comma == NULL)
		return true;
	digits = strspn(comma + 1, "01234567");
	return digits >= 3 && digits <= 4 && comma[1 + digits] == '\0';
}

bool
check_listen(char **value)
{
	const char *address = *value;
	int64_t port;

	if (g_str_has_prefix(address, "unix:"))
		return is_unix_address(address + strlen("unix:"));
	if (g_str_has_prefix(address, "127.0.0.1:"))
		address += strlen("127.0.0.1:");
	else if (g_str_has_prefix(address, "[::1]:"))
		address += strlen("[::1]:");
	else
		return false;
	return text_parse_integer(address, 65535, &port) == STATUS_OK;
}

bool
check_group(char **value)
{
	const char *name = *value;
	size_t size = strlen(name);

	if (size > 32 || name[0] == '-')
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!g_ascii_isalnum(name[i]) && strchr("_-.", name[i]) == NULL)
			return false;
	}
	return true;
}

/* The length of a range's prefix. That of IPv4 inside IPv6 could be counted in
 * two ways, and one of no bits would be everybody. */
static bool
parse_prefix(
    const char *text, int family, const unsigned char *address, int64_t *out)
{
	static const unsigned char INSIDE[12] = { [10] = 0xff, [11] = 0xff };
	const int64_t most = family == AF_INET ? 32 : 128;

	if (family == AF_INET6 && memcmp(address, INSIDE, sizeof(INSIDE)) == 0)
		return false;
	return text_parse_integer(text, most, out) == STATUS_OK && *out >= 1;
}

static void
clear_bits_after(unsigned char *address, size_t size, size_t prefix)
{
	for (size_t i = 0; i < size; i++) {
		if (i * 8 >= prefix)
			address[i] = 0;
		else if (prefix - i * 8 < 8)
			address[i] &= (unsigned char)(0xff00U >> prefix % 8);
	}
}

bool
check_ip_range(char **value)
{
	unsigned char address[sizeof(struct in6_addr)] = { 0 };
	char usual[INET6_ADDRSTRLEN];
	int family = strchr(*value, ':') != NULL ? AF_INET6 : AF_INET;
	const char *slash = strchr(*value, '/');
	g_autofree char *first = slash != NULL
				     ? g_strndup(*value, slash - *value)
				     : g_strdup(*value);
	int64_t prefix = 0;

	if (inet_pton(family, first, address) != 1)
		return false;
	if (slash != NULL) {
		if (!parse_prefix(slash + 1, family, address, &prefix))
			return false;
		clear_bits_after(address, sizeof(address), (size_t)prefix);
	}
	if (inet_ntop(family, address, usual, sizeof(usual)) == NULL)
		return false;
	g_free(*value);
	*value = slash != NULL ? g_strdup_printf("%s/%d", usual, (int)prefix)
			       : g_strdup(usual);
	return true;
}

/* "*.example.org": nobody means every host of a whole country, nor half an
 * IPv4 address. */
static bool
is_host_pattern(const char *text)
{
	struct in_addr address;

	if (!g_str_has_prefix(text, "*."))
		return is_host_name(text);
	text += 2;
	return is_host_name(text) && strchr(text, '.') != NULL &&
	       inet_pton(AF_INET, text, &address) != 1;
}

bool
check_host_pattern(char **value)
{
	char *lower;

	/* A Content-Security-Policy can name no IPv6 address. */
	if (!is_host_pattern(*value))
		return false;
	lower = g_ascii_strdown(*value, -1);
	g_free(*value);
	*value = lower;
	return true;
}

bool
check_contact(char **value)
{
	static const char *const SCHEMES[] = { "mailto:", "https://", "tel:" };

	for (const char *at = *value; *at != '\0'; at++) {
		if (!g_ascii_isgraph(*at))
			return false;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(SCHEMES); i++) {
		if (g_str_has_prefix(*value, SCHEMES[i]))
			return strlen(*value) > strlen(SCHEMES[i]);
	}
	return false;
}
