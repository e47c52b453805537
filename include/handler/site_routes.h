/*
 * site_routes.h - the public side: from a request to a whole answer.
 */
#ifndef HANDLER_SITE_ROUTES_H
#define HANDLER_SITE_ROUTES_H

#include <stdint.h>

struct page_store;
struct request;
struct response;
struct site;
struct static_files;
struct template_engine;

/* What the public program is made of. All borrowed, but for the policy. */
struct site_application {
	struct site *site;
	struct template_engine *engine;
	const struct static_files *static_files;
	/* Stands in every ETag; differs when program, theme or configuration
	 * do. */
	const char *signature;
	/* Where pages are kept that were made, NULL: nowhere. */
	struct page_store *page_store;
	/* The Content-Security-Policy of pages, and of which state of the
	 * blog's settings it is; NULL until they have been read once. */
	char *policy;
	int64_t policy_generation, policy_changed_at;
};

/* Free what requests have made of `application`: the policy. */
void site_release(struct site_application *application);

/*
 * Answer `request`: finds its route, runs it inside one read transaction, and
 * turns whatever fails into an error page. `http_status` is 0, or the status
 * with which the request was refused at the edge, for `reason`. The response is
 * complete on return, whatever happened; its policy is borrowed until the next
 * one. Where the settings could not be read yet it has none, and that of
 * byline.conf is for whoever sends it. Fits struct fcgi_handler; `data` is a
 * struct site_application.
 */
void site_respond(void *data, const struct request *request, int http_status,
    const char *reason, struct response *response);

#endif
