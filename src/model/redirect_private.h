/*
 * redirect_private.h - what the files about redirects share.
 */
#ifndef MODEL_REDIRECT_PRIVATE_H
#define MODEL_REDIRECT_PRIVATE_H

#include <stdbool.h>

/* Whether `path` is one where the blog answers itself, whatever it holds. */
bool redirect_is_own_path(const char *path);

#endif
