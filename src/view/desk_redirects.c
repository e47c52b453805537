/*
 * desk_redirects.c - the page of the addresses that lead elsewhere.
 */
#include "config.h"

#include <inttypes.h>

#include "base/date.h"
#include "base/text.h"
#include "model/page_view.h"
#include "model/redirect.h"
#include "template/template_engine.h"
#include "view/desk_settings_view.h"
#include "view/desk_view.h"

#include "desk_parts.h"
#include "site_parts.h"

#define REDIRECTS_PATH "/desk/settings/redirects"

/* How often it was followed, as far as that is counted. */
static void
fill_hits(struct template_dict *row, const struct desk_view *view,
    const struct redirect *redirect)
{
	g_autofree char *words = NULL;
	g_autofree char *day = NULL;
	g_autofree char *machine = NULL;

	if (redirect->hit_count == 0) {
		template_dict_set(row, "HITS", "Never followed");
		return;
	}
	words = g_strdup_printf("Followed %" PRId64 " %s", redirect->hit_count,
	    redirect->hit_count == 1 ? "time" : "times");
	template_dict_set(row, "HITS", words);
	template_dict_show(row, "LAST_HITS");
	day = desk_format_day(view, redirect->last_hit_day);
	machine = date_format_words(page_view_day_start(redirect->last_hit_day),
	    NULL, DATE_STYLE_ISO, "en");
	template_dict_set(row, "LAST_HIT", day);
	template_dict_set(row, "LAST_HIT_MACHINE", machine);
}

static void
fill_row(struct template_dict *row, const struct desk_view *view,
    const struct redirect *redirect)
{
	template_dict_set(row, "PATH", redirect->path);
	if (redirect->article_id != 0) {
		template_dict_show(row, "ARTICLES");
		template_dict_set_integer(row, "ID", redirect->article_id);
		template_dict_set(
		    row, "ARTICLE_TITLE", redirect->article_title);
	} else {
		part_show(row, "TARGETS", "TARGET", redirect->target);
	}
	if (redirect->created_at > 0) {
		template_dict_show(row, "SINCES");
		desk_set_time(
		    row, "SINCE", "SINCE_MACHINE", view, redirect->created_at);
	}
	fill_hits(row, view, redirect);
}

static void
fill_line_problems(struct template_dict *dict, const GPtrArray *problems)
{
	if (problems == NULL || problems->len == 0)
		return;
	template_dict_show(dict, "LINE_PROBLEM_PARTS");
	for (guint i = 0; i < problems->len; i++) {
		const struct redirect_problem *problem =
		    g_ptr_array_index(problems, i);
		struct template_dict *item =
		    template_dict_add(dict, "LINE_PROBLEMS");

		template_dict_set_integer(item, "LINE", problem->line);
		template_dict_set(item, "REASON", problem->reason);
	}
}

static void
fill_list(struct template_dict *dict, const struct desk_view *view,
    const struct desk_redirects_page *page)
{
	bool is_search = text_is_given(page->text);
	const struct desk_paging paging = { REDIRECTS_PATH, page->text,
		page->page, page->page_count, false };

	if (is_search || page->page_count > 1)
		desk_fill_finding(dict, view, REDIRECTS_PATH,
		    "Find by address or title", page->text);
	if (is_search)
		template_dict_set_integer(
		    template_dict_add(dict, "FOUND_NOTES"), "FOUND_COUNT",
		    page->found_count);
	if (page->rows->len > 0)
		template_dict_show(dict, "TABLES");
	else
		part_show(dict, "EMPTY_NOTES", "EMPTY_NOTE",
		    is_search ? "No redirect has that in it."
			      : "No address leads elsewhere yet.");
	for (guint i = 0; i < page->rows->len; i++)
		fill_row(template_dict_add(dict, "ROWS"), view,
		    g_ptr_array_index(page->rows, i));
	desk_fill_paging(dict, view, &paging);
}

enum status
desk_view_redirects(const struct desk_view *view,
    const struct desk_redirects_page *page, GString *out)
{
	struct desk_page frame;

	desk_part_init(
	    &frame, view, REDIRECTS_PATH, NULL, "desk/redirects.html");
	if (page->rows != NULL)
		fill_list(frame.main, view, page);
	desk_fill_fields(frame.main, page->fields, page->field_count);
	fill_line_problems(frame.main, page->line_problems);
	desk_fill_fields(
	    template_dict_include(frame.main, "LINES", "desk/fields.html"),
	    page->lines, 1);
	return desk_page_finish(&frame, out);
}
