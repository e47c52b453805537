/*
 * check.h - what the parts of `byline check` share: the list of findings.
 */
#ifndef CHECK_H
#define CHECK_H

#include <glib.h>

struct site;

enum check_level {
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
	GArray *findings; /* struct finding */
	const char *name; /* of the check that runs */
};

/* Add what the running check found, in words. Whatever bytes are in it, it is
 * one line that colours no terminal. */
void check_add(struct check *check, enum check_level level, const char *format,
    ...) G_GNUC_PRINTF(3, 4);

/* What the machine gives: files, memory, room, and a file system that fits. */
void check_limits(struct check *check);

#endif
