/*
 * router.h - from an address to the function that answers it.
 *
 * Routes are rows of a constant table; whatever must hold for a route is a
 * column of it.
 */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include <stddef.h>

#include "base/status.h"

struct request;
struct response;

#define ROUTE_MAX_VALUES 4

/* One request on its way through a handler. */
struct exchange {
	const struct request *request;
	struct response *response;
	void *application; /* what the program hangs its own things on */
	/* What stood at the {names} of the pattern, in order; "" beyond. */
	char *values[ROUTE_MAX_VALUES];
};

struct route {
	unsigned methods; /* enum http_method, or-ed; GET implies HEAD */
	const char
	    *pattern; /* "/tags/{slug}/page/{number}": {x} is one segment */
	enum status (*handle)(struct exchange *exchange);
};

enum route_match {
	ROUTE_FOUND,
	ROUTE_NOT_FOUND,
	ROUTE_WRONG_METHOD, /* `out_allow` says which are right */
	ROUTE_HAS_SLASH /* found without its trailing slash: redirect there */
};

/*
 * Find the first row for `path` and `method`. Fills `exchange->values` (freed
 * by exchange_release()). `out_allow` is for 405: "GET, HEAD"; static.
 */
enum route_match router_find(const struct route *routes, size_t count,
    const char *path, unsigned method, struct exchange *exchange,
    const struct route **out_route, const char **out_allow);

void exchange_release(struct exchange *exchange);

#endif
