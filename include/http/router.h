/*
 * router.h - from an address to the function that answers it.
 *
 * Routes are rows of a constant table; whatever must hold for a route is a
 * column of it.
 */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include <stdbool.h>
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
	/* The path of the request without a slash at its end, which has one
	 * spelling; set by router_find(). */
	char *path;
	/* What stood at the {names} of the pattern, in order; "" beyond. */
	char *values[ROUTE_MAX_VALUES];
};

struct route {
	unsigned methods; /* enum http_method, or-ed; GET implies HEAD */
	/* What must be there before the row is called: the program's own
	 * flags. */
	unsigned needs;
	const char
	    *pattern; /* "/tags/{slug}/page/{number}": {x} is one segment */
	enum status (*handle)(struct exchange *exchange);
};

enum route_match {
	ROUTE_FOUND,
	ROUTE_NOT_FOUND,
	ROUTE_WRONG_METHOD /* `out_allow` says which are right */
};

/*
 * Find the first row for `path`, less a slash at its end, and `method`. Fills
 * `exchange->path` and `exchange->values` (freed by exchange_release()).
 * `out_route` is NULL unless the row is found. `out_allow` is for 405: "GET,
 * HEAD"; static.
 */
enum route_match router_find(const struct route *routes, size_t count,
    const char *path, unsigned method, struct exchange *exchange,
    const struct route **out_route, const char **out_allow);

/* Whether the path of the request ends in a slash that the page's own address
 * does not have. After router_find(). */
bool exchange_has_slash(const struct exchange *exchange);

void exchange_release(struct exchange *exchange);

#endif
