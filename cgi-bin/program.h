/*
 * program.h - what a FastCGI program is made of, opened and checked in one
 * place.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <glib.h>

#include "base/status.h"
#include "handler/site_routes.h"

struct page_store;

struct program {
	struct site *site;
	struct template_engine *engine;
	struct static_files *static_files;
	char *signature;
	/* What all that a page is made of was before it was read, but for the
	 * database, and when it was changed last, in microseconds. */
	char *stamp;
	int64_t changed_at;
	char *content_security_policy; /* of pages */
	struct page_store *page_store; /* NULL until program_keep_pages() */
	/* All of the above, as handlers see it. */
	struct site_application application;
};

/*
 * Open the site in `directory`: configuration and names of templates and static
 * files; nothing that a single request does not need. The database stays
 * closed. STATUS_NOT_FOUND, STATUS_INVALID with words. The caller closes it.
 */
MUST_CHECK enum status program_open(
    struct program *program, const char *directory, GError **error);

/*
 * Let pages be kept from one request to the next, in pages/ of the site: for a
 * program that answers one and ends. Not for some seconds after a change.
 */
void program_keep_pages(struct program *program);

/* Free all of it; harmless after program_open() failed. */
void program_close(struct program *program);

/*
 * What a program that stays does before its first request: load every template,
 * write the static files for the web server, and try the database. What is
 * wrong with an override is logged by template_engine_load().
 */
MUST_CHECK enum status program_prepare(struct program *program, GError **error);

/* A plain CGI answer with status 503, for when program_open() failed. */
void program_print_unavailable(void);

#endif
