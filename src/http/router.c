/*
 * router.c - see router.h. It must keep true that a path is decided on in its
 * one canonical spelling: byte for byte, no folding of case, dots or slashes.
 */
#include "config.h"

#include "http/router.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "http/request.h"

/* A piece of the path. */
struct segment {
	const char *start;
	size_t size;
};

static size_t
segment_size(const char *at)
{
	return strcspn(at, "/");
}

/*
 * Whether `path` (`size` bytes) is what `pattern` says; what stood at its
 * {names} is put into `values`.
 */
static bool
matches(const char *pattern, const char *path, size_t size,
    struct segment values[ROUTE_MAX_VALUES])
{
	const char *end = path + size;
	size_t value_count = 0;

	while (*pattern == '/' && path < end && *path == '/') {
		size_t wanted, got;

		pattern++;
		path++;
		wanted = segment_size(pattern);
		got = MIN(segment_size(path), (size_t)(end - path));

		if (pattern[0] == '{') {
			g_assert(value_count < ROUTE_MAX_VALUES);
			if (got == 0)
				return false;
			values[value_count++] =
			    (struct segment){ .start = path, .size = got };
		} else if (wanted != got || memcmp(pattern, path, got) != 0) {
			return false;
		}
		pattern += wanted;
		path += got;
	}
	return *pattern == '\0' && path == end;
}

/* Methods that a row answers: GET implies HEAD. */
static unsigned
methods_of(const struct route *route)
{
	unsigned methods = route->methods;

	if ((methods & HTTP_METHOD_GET) != 0)
		methods |= HTTP_METHOD_HEAD;
	return methods;
}

static const char *
allow_of(unsigned methods)
{
	static const char *const names[8] = {
		[0] = "",
		[HTTP_METHOD_GET] = "GET",
		[HTTP_METHOD_HEAD] = "HEAD",
		[HTTP_METHOD_GET | HTTP_METHOD_HEAD] = "GET, HEAD",
		[HTTP_METHOD_POST] = "POST",
		[HTTP_METHOD_GET | HTTP_METHOD_POST] = "GET, POST",
		[HTTP_METHOD_HEAD | HTTP_METHOD_POST] = "HEAD, POST",
		[HTTP_METHOD_GET | HTTP_METHOD_HEAD | HTTP_METHOD_POST] =
		    "GET, HEAD, POST",
	};

	return names[methods & 7];
}

/* The first row for the path and the method; `*out_methods` is what all rows
 * for the path answer to. */
static const struct route *
find_row(const struct route *routes, size_t count, const char *path,
    size_t size, unsigned method, struct segment values[ROUTE_MAX_VALUES],
    unsigned *out_methods)
{
	unsigned methods = 0;

	for (size_t i = 0; i < count; i++) {
		struct segment found[ROUTE_MAX_VALUES] = { { NULL, 0 } };

		if (!matches(routes[i].pattern, path, size, found))
			continue;
		methods |= methods_of(&routes[i]);
		if ((methods_of(&routes[i]) & method) == 0)
			continue;
		memcpy(values, found, sizeof(found));
		*out_methods = methods;
		return &routes[i];
	}
	*out_methods = methods;
	return NULL;
}

/* How long `path` is without the slash at its end; "/" is the front page. */
static size_t
size_without_slash(const char *path)
{
	size_t size = strlen(path);

	return size > 1 && path[size - 1] == '/' && path[size - 2] != '/'
		   ? size - 1
		   : size;
}

enum route_match
router_find(const struct route *routes, size_t count, const char *path,
    unsigned method, struct exchange *exchange, const struct route **out_route,
    const char **out_allow)
{
	struct segment values[ROUTE_MAX_VALUES] = { { NULL, 0 } };
	size_t size = size_without_slash(path);
	unsigned methods;

	exchange->path = g_strndup(path, size);
	*out_route =
	    find_row(routes, count, path, size, method, values, &methods);
	for (size_t i = 0; i < ROUTE_MAX_VALUES; i++)
		exchange->values[i] =
		    values[i].size > 0
			? g_strndup(values[i].start, values[i].size)
			: g_strdup("");
	if (*out_route != NULL)
		return ROUTE_FOUND;
	if (methods == 0)
		return ROUTE_NOT_FOUND;
	*out_allow = allow_of(methods);
	return ROUTE_WRONG_METHOD;
}

bool
exchange_has_slash(const struct exchange *exchange)
{
	return strlen(exchange->path) < strlen(exchange->request->path);
}

void
exchange_release(struct exchange *exchange)
{
	for (size_t i = 0; i < ROUTE_MAX_VALUES; i++)
		g_clear_pointer(&exchange->values[i], g_free);
	g_clear_pointer(&exchange->path, g_free);
}
