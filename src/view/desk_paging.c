/*
 * desk_paging.c - the pages of a list of the desk: their addresses, and the way
 * from one to the next.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "template/template_engine.h"
#include "view/desk_view.h"

#include "desk_parts.h"
#include "site_parts.h"

char *
desk_page_path(const char *path, const char *text, int64_t page)
{
	GString *out = g_string_new(path);
	char mark = strchr(path, '?') == NULL ? '?' : '&';

	if (text_is_given(text)) {
		g_string_append_printf(out, "%cq=", mark);
		text_append_path_segment(out, text);
		mark = '&';
	}
	if (page > 1)
		g_string_append_printf(
		    out, "%cpage=%" G_GINT64_FORMAT, mark, page);
	return g_string_free(out, FALSE);
}

static void
set_page_url(struct template_dict *dict, const char *marker,
    const struct desk_view *view, const struct desk_paging *paging,
    int64_t page)
{
	g_autofree char *path =
	    desk_page_path(paging->path, paging->text, page);

	desk_set_url(dict, marker, view, path);
}

void
desk_fill_paging(struct template_dict *dict, const struct desk_view *view,
    const struct desk_paging *paging)
{
	struct template_dict *links;

	if (paging->page_count < 2)
		return;
	links = template_dict_include(dict, "PAGING", "desk/paging.html");
	template_dict_set_integer(links, "PAGE", paging->page);
	template_dict_set_integer(links, "PAGE_COUNT", paging->page_count);
	if (paging->page > 1) {
		part_show(links, "PREVIOUS_LINKS", "PREVIOUS_NAME",
		    paging->is_by_time ? "Newer" : "Previous");
		set_page_url(
		    links, "PREVIOUS_URL", view, paging, paging->page - 1);
	}
	if (paging->page < paging->page_count) {
		part_show(links, "NEXT_LINKS", "NEXT_NAME",
		    paging->is_by_time ? "Older" : "Next");
		set_page_url(links, "NEXT_URL", view, paging, paging->page + 1);
	}
}
