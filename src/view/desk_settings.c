/*
 * desk_settings.c - the pages where an owner sets what the blog is.
 */
#include "config.h"

#include <string.h>

#include "base/data_file.h"
#include "base/text.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/desk_settings_view.h"
#include "view/desk_view.h"
#include "view/layout.h"

#include "desk_parts.h"
#include "site_parts.h"

void
desk_fill_parts(struct template_dict *dict, const struct desk_view *view,
    const char *const *pages, const char *path)
{
	struct template_dict *parts =
	    template_dict_include(dict, "PARTS", "desk/parts.html");

	for (size_t i = 0; pages[i] != NULL; i += 2) {
		struct template_dict *part = template_dict_add(parts, "PARTS");

		desk_set_url(part, "PART_URL", view, pages[i]);
		template_dict_set(part, "PART_NAME", pages[i + 1]);
		if (strcmp(pages[i], path) == 0)
			template_dict_show(part, "PART_MARKS");
	}
}

void
desk_fill_finding(struct template_dict *dict, const struct desk_view *view,
    const char *path, const char *label, const char *text)
{
	struct template_dict *form =
	    template_dict_include(dict, "FINDING", "desk/finding.html");

	desk_set_url(form, "FINDING_URL", view, path);
	template_dict_set(form, "FINDING_LABEL", label);
	template_dict_set(form, "TEXT", text);
}

/* "/desk/settings/tags?q=a&page=2". */
static void
set_page_url(struct template_dict *dict, const char *marker,
    const struct desk_view *view, const char *path, const char *text,
    int64_t page)
{
	g_autoptr(GString) url = g_string_new(path);

	g_string_append_printf(url, "?page=%" G_GINT64_FORMAT, page);
	if (text_is_given(text)) {
		g_string_append(url, "&q=");
		text_append_path_segment(url, text);
	}
	desk_set_url(dict, marker, view, url->str);
}

void
desk_fill_paging(struct template_dict *dict, const struct desk_view *view,
    const char *path, const char *text, int64_t page, int64_t page_count)
{
	struct template_dict *paging;

	if (page_count < 2)
		return;
	paging = template_dict_include(dict, "PAGING", "desk/paging.html");
	template_dict_set_integer(paging, "PAGE", page);
	template_dict_set_integer(paging, "PAGE_COUNT", page_count);
	if (page > 1) {
		template_dict_show(paging, "PREVIOUS_LINKS");
		set_page_url(
		    paging, "PREVIOUS_URL", view, path, text, page - 1);
	}
	if (page < page_count) {
		template_dict_show(paging, "NEXT_LINKS");
		set_page_url(paging, "NEXT_URL", view, path, text, page + 1);
	}
}

enum status
desk_view_settings(const struct desk_view *view,
    const struct desk_settings_page *page, GString *out)
{
	struct desk_page frame;

	desk_page_init(&frame, view, page->title, "desk/settings.html");
	desk_fill_parts(frame.main, view, page->pages, page->path);
	part_show(frame.main, "LEADS", "LEAD", page->lead);
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	for (guint i = 0; page->findings != NULL && i < page->findings->len;
	     i++)
		template_dict_set(template_dict_add(frame.main, "FINDINGS"),
		    "FINDING_TEXT", g_ptr_array_index(page->findings, i));
	if (page->findings != NULL)
		template_dict_show(frame.main, "FINDING_LISTS");
	desk_set_url(frame.main, "ACTION_URL", view, page->path);
	if (page->second_action != NULL) {
		template_dict_show(frame.main, "SECOND_BUTTONS");
		template_dict_set(
		    frame.main, "SECOND_ACTION", page->second_action);
		template_dict_set(
		    frame.main, "SECOND_LABEL", page->second_label);
	}
	if (page->field_count > 0)
		template_dict_show(frame.main, "FORMS");
	desk_fill_fields(frame.main, page->fields, page->field_count);
	return desk_page_finish(&frame, out);
}

enum status
desk_view_export(const struct desk_view *view,
    const struct desk_export_page *page, GString *out)
{
	static const char path[] = "/desk/settings/export";
	g_autofree char *count =
	    layout_count(page->file_count, "file", "files");
	g_autofree char *size = g_format_size((guint64)page->file_size);
	struct desk_page frame;

	desk_page_init(&frame, view, "Export", "desk/export.html");
	desk_fill_parts(frame.main, view, page->pages, path);
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	desk_set_url(frame.main, "ACTION_URL", view, path);
	template_dict_set(frame.main, "FILE_COUNT", count);
	template_dict_set(frame.main, "FILE_SIZE", size);
	return desk_page_finish(&frame, out);
}

/* ---- the theme ---- */

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
desk_list_theme(const char *theme)
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
