/*
 * template_theme.h - the templates of a theme: reading them, and keeping what
 * is wrong with them for a person to read.
 */
#ifndef TEMPLATE_TEMPLATE_THEME_H
#define TEMPLATE_TEMPLATE_THEME_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/data_file.h"
#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An empty GArray of struct template_problem that frees what it holds. */
GArray *template_problems_new(void);

/* The same problems again, the strings copied. The caller frees it. */
GArray *template_problems_copy(const GArray *problems);

void template_problems_add(GArray *problems, const char *file, uint32_t line,
    gboolean is_fatal, const char *message);

/* Write those from index `first` on to the log. */
void template_problems_log(const GArray *problems, guint first);

/*
 * Read the template at `path`, a regular file of at most 1 MiB.
 * STATUS_NOT_FOUND when there is none; `error` says why it cannot be read. The
 * caller frees `out_text`.
 */
MUST_CHECK enum status template_theme_read(
    const char *path, GString **out_text, GError **error);

/* The names of all markers, sections and includes that the built-in templates
 * have ("TITLE", "#TAGS", ">MAIN"): a set. The caller frees it. */
GHashTable *template_theme_known(const struct data_file *builtin, size_t count);

/* Add a problem for each name that the override `file` with `text` has and
 * `known` has not, in the order of their lines. */
void template_theme_check_names(
    const char *file, const GString *text, GHashTable *known, GArray *problems);

#ifdef __cplusplus
}
#endif

#endif
