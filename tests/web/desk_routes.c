/*
 * desk_routes.c - prints the routes of the desk, "METHOD GUARD PATTERN" a line,
 * for tests that walk them all.
 */
#include "config.h"

#include <stdio.h>

#include "handler/desk_routes.h"
#include "http/request.h"
#include "http/router.h"

static const char *const GUARDS[] = {
	[DESK_GUARD_ANYBODY] = "anybody",
	[DESK_GUARD_FILE] = "file",
	[DESK_GUARD_AUTHOR] = "author",
	[DESK_GUARD_EDITOR] = "editor",
	[DESK_GUARD_OWNER] = "owner",
};

int
main(void)
{
	size_t count;
	const struct route *routes = desk_routes(&count);

	for (size_t i = 0; i < count; i++) {
		if ((routes[i].methods & HTTP_METHOD_GET) != 0)
			printf("GET %s %s\n", GUARDS[routes[i].needs],
			    routes[i].pattern);
		if ((routes[i].methods & HTTP_METHOD_POST) != 0)
			printf("POST %s %s\n", GUARDS[routes[i].needs],
			    routes[i].pattern);
	}
	return 0;
}
