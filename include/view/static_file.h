/*
 * static_file.h - style sheets, icons and scripts, named by their content.
 *
 * "style.css" is served as "/static/style-{hash}.css", so that it may be kept
 * for a year. A file of the same name in theme/static/ takes the place of a
 * built-in one, and others there are served as well.
 *
 * Of the theme counts what is a regular file of at most 10 MiB, right in that
 * folder, with a name of letters, digits, ".", "_" and "-" that does not begin
 * with a dot. Anything else there is named in the log and left alone: a link,
 * too, which in somebody else's theme might lead to what nobody may read.
 */
#ifndef VIEW_STATIC_FILE_H
#define VIEW_STATIC_FILE_H

#include <glib.h>
#include <stddef.h>

#include "base/data_file.h"
#include "base/status.h"

struct static_files;

struct static_file {
	char *name; /* "style.css" */
	char *path; /* "/static/style-1a2b3c4d.css", without the base path */
	const char *content_type; /* static */
	const char *bytes;
	size_t size;
};

/*
 * The built-in files with those of `theme_directory`/static over them (NULL:
 * none). A file is read and its hash made when it is first asked for, and kept:
 * one request of plain CGI pays for what its page names and no more. `builtin`
 * must outlive the result. The caller frees it.
 */
struct static_files *static_files_new(
    const struct data_file *builtin, size_t count, const char *theme_directory);

/* The same for files that stand at other addresses, which no theme changes:
 * below `prefix` ("/desk/static/"), borrowed. */
struct static_files *static_files_new_below(
    const char *prefix, const struct data_file *builtin, size_t count);

void static_files_free(struct static_files *files);

/* By name; NULL when there is none, or none that can be read. Borrowed. */
const struct static_file *static_files_by_name(
    const struct static_files *files, const char *name);

/* By path; NULL when there is none. Borrowed. */
const struct static_file *static_files_by_path(
    const struct static_files *files, const char *path);

/*
 * Write each file to `directory` (made if need be) under the last part of its
 * path, readable by all, so that a web server can serve "/static/" from it.
 * What stands there already is left, and so are files of former versions:
 * pages published before still name them. On failure `error` names the file.
 */
MUST_CHECK enum status static_files_publish(
    const struct static_files *files, const char *directory, GError **error);

#endif
