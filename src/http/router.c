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

enum route_match
router_find(const struct route *routes, size_t count, const char *path,
    unsigned method, struct exchange *exchange, const struct route **out_route,
    const char **out_allow)
{
	struct segment values[ROUTE_MAX_VALUES];
	size_t size = strlen(path);
	unsigned methods;
	const struct route *route =
	    find_row(routes, count, path, size, method, values, &methods);

	if (route != NULL) {
		for (size_t i = 0; i < ROUTE_MAX_VALUES; i++) {
			const struct segment *value = &values[i];

			exchange->values[i] =
			    value->size > 0
				? g_strndup(value->start, value->size)
				: g_strdup("");
		}
		*out_route = route;
		return ROUTE_FOUND;
	}
	if (methods != 0) {
		*out_allow = allow_of(methods);
		return ROUTE_WRONG_METHOD;
	}
	if (size > 1 && path[size - 1] == '/' && path[size - 2] != '/') {
		(void)find_row(
		    routes, count, path, size - 1, method, values, &methods);
		if (methods != 0)
			return ROUTE_HAS_SLASH;
	}
	return ROUTE_NOT_FOUND;
}

void
exchange_release(struct exchange *exchange)
{
	for (size_t i = 0; i < ROUTE_MAX_VALUES; i++)
		g_clear_pointer(&exchange->values[i], g_free);
}
