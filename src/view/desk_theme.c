/*
 * desk_theme.c - what a theme changes. See desk_theme.h.
 */
#include "config.h"

#include "view/desk_theme.h"

#include <stdbool.h>
#include <string.h>

#include "base/data_file.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"

static bool
is_builtin(const struct data_file *files, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(files[i].name, name) == 0)
			return true;
	return false;
}

/* What a file of theme/static/ at `path` does: see static_file.h. */
static const char *
explain_static(const char *path, const char *name)
{
	static const char characters[] =
	    G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-";

	if (g_file_test(path, G_FILE_TEST_IS_SYMLINK) || name[0] == '.' ||
	    name[strspn(name, characters)] != '\0')
		return "does nothing: it is a link, or has a name that is not "
		       "of letters, digits, \".\", \"_\" and \"-\"";
	return is_builtin(
		   builtin_static_files, builtin_static_files_count, name)
		   ? "takes the place of ours"
		   : "is a file of its own";
}

static const char *
explain_template(const char *name)
{
	return is_builtin(template_files, template_files_count, name)
		   ? "takes the place of ours"
		   : "is no template of ours, and does nothing";
}

/* Say of each file in `folder` ("", "site/", "static/") of the theme what it
 * does. */
static void
list_theme_folder(const char *theme, const char *folder, GPtrArray *lines)
{
	bool is_static = strcmp(folder, "static/") == 0;
	g_autofree char *path = g_build_filename(theme, folder, NULL);
	g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
	const char *entry;

	while (entries != NULL && (entry = g_dir_read_name(entries)) != NULL) {
		g_autofree char *shown = g_utf8_make_valid(entry, -1);
		g_autofree char *name = g_strconcat(folder, entry, NULL);
		g_autofree char *full = g_build_filename(path, entry, NULL);

		if (!g_file_test(full, G_FILE_TEST_IS_REGULAR))
			continue;
		g_ptr_array_add(
		    lines, g_strdup_printf("theme/%s%s %s.", folder, shown,
			       is_static ? explain_static(full, entry)
					 : explain_template(name)));
	}
}

static void
list_theme_problems(const char *theme, GPtrArray *lines)
{
	struct template_engine *engine =
	    template_engine_new(template_files, template_files_count, theme);
	g_autoptr(GArray) problems = NULL;
	enum status status = template_engine_load(engine, &problems);

	for (guint i = 0;
	     status == STATUS_OK && problems != NULL && i < problems->len;
	     i++) {
		const struct template_problem *problem =
		    &g_array_index(problems, struct template_problem, i);
		g_autofree char *name = g_path_get_basename(problem->file);

		g_ptr_array_add(lines,
		    g_strdup_printf("%s, line %u: %s.%s", name,
			(unsigned)problem->line, problem->message,
			problem->is_fatal ? " Ours serves instead." : ""));
	}
	template_engine_free(engine);
}

static int
compare_lines(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

GPtrArray *
desk_theme_list(const char *theme)
{
	static const char *const folders[] = { "", "site/", "static/" };
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
		list_theme_folder(theme, folders[i], lines);
	g_ptr_array_sort(lines, compare_lines);
	if (lines->len == 0)
		g_ptr_array_add(lines,
		    g_strdup("There is no theme: each page is as Byline has "
			     "it."));
	else
		list_theme_problems(theme, lines);
	return lines;
}
