/*
 * builtin_files.h - the templates and static files that the build put into the
 * program (templates/local.mk).
 */
#ifndef VIEW_BUILTIN_FILES_H
#define VIEW_BUILTIN_FILES_H

#include <stddef.h>

#include "base/data_file.h"

/* templates/site and templates/feed: "site/listing.html". */
extern const struct data_file template_files[];
extern const size_t template_files_count;

/* templates/static: "style.css". */
extern const struct data_file builtin_static_files[];
extern const size_t builtin_static_files_count;

/* templates/desk, and the files of the desk in templates/static. */
extern const struct data_file desk_template_files[];
extern const size_t desk_template_files_count;
extern const struct data_file builtin_desk_files[];
extern const size_t builtin_desk_files_count;

#endif
