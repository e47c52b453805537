/*
 * check.h - what the parts of `byline check` share: the list of findings.
 */
#ifndef CHECK_H
#define CHECK_H

#include <glib.h>

struct site;
struct web_look;

enum check_level {
	CHECK_NOTE,    /* could not be looked at, or is so on purpose */
	CHECK_WARNING, /* somebody should look */
	CHECK_ERROR    /* readers or authors are harmed */
};

struct finding {
	const char *check; /* static */
	enum check_level level;
	char *message; /* what is wrong, and what to do */
};

struct check {
	struct site *site;
	GArray *findings;     /* struct finding */
	const char *name;     /* of the check that runs */
	struct web_look *web; /* NULL until check_certificate() */
};

/* Add what the running check found, in words. Whatever bytes are in it, it is
 * one line that colours no terminal. */
void check_add(struct check *check, enum check_level level, const char *format,
    ...) G_GNUC_PRINTF(3, 4);

/* What the machine gives: files, memory, room, and a file system that fits. */
void check_limits(struct check *check);

/*
 * What base_url answers, for which curl(1) is started; all of it takes at most
 * WEB_PROBE_SECONDS. check_certificate() comes first: it asks for the first
 * page, which check_web() looks at before it asks for more. What cannot be
 * asked is a note. check_end_web() frees what both kept.
 */
void check_certificate(struct check *check);
void check_web(struct check *check);
void check_end_web(struct check *check);

#endif
