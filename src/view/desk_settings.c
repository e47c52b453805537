/*
 * desk_settings.c - the pages where an owner sets what the blog is.
 */
#include "config.h"

#include <string.h>

#include "model/session.h"
#include "template/template_engine.h"
#include "view/desk_settings_view.h"
#include "view/desk_view.h"
#include "view/layout.h"

#include "desk_parts.h"
#include "site_parts.h"

/* The pages in order, and who sees them: those whose role is not below. */
static const struct part {
	const char *path;
	const char *title;
	enum author_role role;
} PARTS[] = {
	{ "/desk/settings/blog", "The blog", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/reading", "Lists and dates", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/addresses", "Addresses", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/embedding", "Embedding", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/navigation", "Navigation", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/subscribing", "Subscribing", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/counting", "Counting", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/robots", "Robots", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/theme", "Theme", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/export", "Export", AUTHOR_ROLE_OWNER },
	{ "/desk/settings/categories", "Categories", AUTHOR_ROLE_EDITOR },
	{ "/desk/settings/tags", "Tags", AUTHOR_ROLE_EDITOR },
	{ "/desk/settings/series", "Series", AUTHOR_ROLE_EDITOR },
	{ "/desk/settings/redirects", "Redirects", AUTHOR_ROLE_EDITOR },
};

static bool
is_open_to(const struct part *part, const struct session *session)
{
	return session->role <= part->role;
}

const char *
desk_first_part(const struct session *session)
{
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(PARTS) && !is_open_to(&PARTS[i], session))
		i++;
	return PARTS[i].path;
}

static const char *
title_of(const char *path)
{
	for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
		if (strcmp(PARTS[i].path, path) == 0)
			return PARTS[i].title;
	g_assert_not_reached();
}

/* Include the navigation among the pages at PARTS; the one at `path` is shown.
 */
static void
fill_parts(
    struct template_dict *dict, const struct desk_view *view, const char *path)
{
	struct template_dict *parts =
	    template_dict_include(dict, "PARTS", "desk/parts.html");

	for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++) {
		struct template_dict *part;

		if (!is_open_to(&PARTS[i], view->session))
			continue;
		part = template_dict_add(parts, "PARTS");
		desk_set_url(part, "PART_URL", view, PARTS[i].path);
		template_dict_set(part, "PART_NAME", PARTS[i].title);
		if (strcmp(PARTS[i].path, path) == 0)
			template_dict_show(part, "PART_MARKS");
	}
}

void
desk_part_init(struct desk_page *page, const struct desk_view *view,
    const char *path, const char *title, const char *file)
{
	desk_page_init(
	    page, view, title != NULL ? title : title_of(path), file);
	fill_parts(page->main, view, path);
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

	desk_part_init(&frame, view, page->path, NULL, "desk/settings.html");
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

	desk_part_init(&frame, view, path, NULL, "desk/export.html");
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	desk_set_url(frame.main, "ACTION_URL", view, path);
	template_dict_set(frame.main, "FILE_COUNT", count);
	template_dict_set(frame.main, "FILE_SIZE", size);
	return desk_page_finish(&frame, out);
}
