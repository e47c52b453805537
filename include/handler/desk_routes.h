/*
 * desk_routes.h - the author's side: from a request to a whole answer.
 */
#ifndef HANDLER_DESK_ROUTES_H
#define HANDLER_DESK_ROUTES_H

#include <stddef.h>

struct launcher;
struct media_store;
struct request;
struct response;
struct route;
struct site;
struct static_files;
struct template_engine;
struct writer;

/* What the desk's program is made of. All borrowed, but for what requests have
 * made: see desk_release(). */
struct desk_application {
	struct site *site; /* whose database is open for writing, or closed */
	struct template_engine *engine;          /* of templates/desk */
	const struct static_files *static_files; /* of the desk */
	/* What shows an article as readers see it. */
	struct template_engine *site_engine;
	const struct static_files *site_static_files;
	/* The Content-Security-Policy of the last one, which the desk may hold
	 * in a frame; or NULL. */
	char *preview_policy;
	/* What renders what is written; NULL until the first time. */
	struct writer *writer;
	/* What starts the program that decodes images, or NULL; and where they
	 * are kept, NULL until the first time. */
	struct launcher *launcher;
	struct media_store *media_store;
};

/* Free what requests have made of `application`: the writer, the store of media
 * and the policy. */
void desk_release(struct desk_application *application);

/* Where the files of the desk stand. */
#define DESK_STATIC_PREFIX "/desk/static/"

/*
 * Answer `request`: finds its route, lets in who may, and turns whatever fails
 * into an error page. Fits struct fcgi_handler; `data` is a struct
 * desk_application. The response is complete on return, whatever happened.
 */
void desk_respond(void *data, const struct request *request, int http_status,
    const char *reason, struct response *response);

/* All routes of the desk, for tests that walk them: `needs` is a guard. */
const struct route *desk_routes(size_t *out_count);

/* Who may use a route: the column `needs` of desk_routes(). */
enum desk_guard {
	DESK_GUARD_ANYBODY, /* who is not signed in, too */
	DESK_GUARD_FILE,    /* a file of ours: no database is needed */
	DESK_GUARD_AUTHOR,  /* who is signed in */
	DESK_GUARD_EDITOR,  /* editors and owners */
	DESK_GUARD_OWNER
};

#endif
