/*
 * banned.h - functions that this project does without, refused by the compiler.
 *
 * Included before every source file by the makefile (-include), so that nobody
 * has to remember it. Each name has a better one beside it.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* What the system's headers declare depends on _GNU_SOURCE, which this sets. */
#include "config.h"

/* The headers that declare them come first, or their own lines would break. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef __cplusplus
#pragma GCC poison strcpy strcat strncpy strncat /* GString, g_strlcpy */
#pragma GCC poison sprintf vsprintf /* g_strdup_printf, g_string_printf */
#pragma GCC poison strtok gets      /* strcspn, getline */
#pragma GCC poison atoi atol atoll  /* text_parse_integer */
#pragma GCC poison gmtime localtime /* date.h, GDateTime */
#pragma GCC poison mktemp tmpnam    /* mkostemp */
#endif

#endif
