/*
 * program.h - what the FastCGI programs are made of, opened and checked in one
 * place, and started in one way (start.c).
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/sandbox.h"
#include "base/status.h"
#include "http/fcgi.h"
#include "store/database.h"

struct form;
struct page_store;
struct settings;

struct program;

/* In what the programs differ. */
struct program_kind {
	const char *name;    /* "byline.fcgi" */
	const char *purpose; /* for --help: "Answers the readers of" */
	/* How a worker opens the database. */
	enum database_mode database_mode;
	enum sandbox_profile worker_profile, cgi_profile;
	/* As plain CGI it keeps the pages it makes (program_keep_pages()). */
	bool keeps_pages;
	/* Where byline.conf says to listen, or NULL, and with how many
	 * workers. */
	const char *(*listen)(const struct settings *settings);
	int64_t (*workers)(const struct settings *settings);
	/*
	 * Make what answers of an opened program: `data` and `respond` of the
	 * handler. `end` frees it.
	 */
	void (*begin)(struct program *program, struct fcgi_handler *handler);
	void (*end)(struct fcgi_handler *handler);
	/* What each process that answers does before it is confined; may be
	 * NULL. */
	void (*enter)(struct fcgi_handler *handler);
	/* How large a body may be, and what reads forms with files: as in
	 * struct request_options. */
	size_t max_body;
	enum status (*parse_multipart)(const char *content_type,
	    const void *body, size_t size, struct form **out_form);
	/* What is done once before the first request of a program that stays,
	 * beside program_prepare(); may be NULL. */
	enum status (*prepare)(struct program *program,
	    const struct fcgi_handler *handler, GError **error);
	/* What is done and said once it really starts, after `prepare` and not
	 * by a trial (--test); may be NULL. */
	enum status (*announce)(struct program *program, GError **error);
};

struct program {
	const struct program_kind *kind;
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
};

/* The whole of main(): takes the command line, and returns the exit code. */
int program_start(const struct program_kind *kind, int argc, char **argv);

/*
 * Open the site in `directory`: configuration and names of templates and static
 * files; nothing that a single request does not need. The database stays
 * closed. STATUS_NOT_FOUND, STATUS_INVALID with words. The caller closes it.
 */
MUST_CHECK enum status program_open(struct program *program,
    const struct program_kind *kind, const char *directory, GError **error);

/*
 * Let pages be kept from one request to the next, in pages/ of the site: for a
 * program that answers one and ends. Not for some seconds after a change.
 */
void program_keep_pages(struct program *program);

/* Free all of it; harmless after program_open() failed. */
void program_close(struct program *program);

/*
 * What a program that stays does before its first request: load every template
 * and try the database. Changes nothing. What is wrong with an override is
 * logged by template_engine_load().
 */
MUST_CHECK enum status program_prepare(struct program *program, GError **error);

/* Write the static files for the web server; logged where that cannot be. */
void program_publish(const struct program *program);

/* A plain CGI answer with status 503, for when program_open() failed. */
void program_print_unavailable(void);

#endif
