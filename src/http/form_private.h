/*
 * form_private.h - what a struct form is made of, for those who fill one.
 */
#ifndef HTTP_FORM_PRIVATE_H
#define HTTP_FORM_PRIVATE_H

#include <glib.h>
#include <stddef.h>

struct form_file;

struct field {
	const char *name; /* both in `text` or `strings` */
	const char *value;
};

struct form {
	size_t count;
	struct field *fields;
	char *text; /* of a form in application/x-www-form-urlencoded */
	/* Of one in multipart/form-data: */
	GStringChunk *strings;
	size_t file_count;
	struct form_file *files;
};

#endif
