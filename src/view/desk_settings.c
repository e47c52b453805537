/*
 * desk_settings.c - the pages where an owner sets what the blog is.
 */
#include "config.h"

#include <string.h>

#include "template/template_engine.h"
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
