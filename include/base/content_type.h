/*
 * content_type.h - what a file is, by the ending of its name, for files whose
 * names we made ourselves.
 */
#ifndef BASE_CONTENT_TYPE_H
#define BASE_CONTENT_TYPE_H

#include <stdbool.h>

/* The media type (RFC 6838) of file `name`, with its charset where it is text;
 * NULL when it is none that we serve by its type. Static. */
const char *content_type_of(const char *name);

/* Whether `content_type` is a picture, a film or a sound. */
bool content_type_is_media(const char *content_type);

#endif
