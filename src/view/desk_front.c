/*
 * desk_front.c - what an author sees first.
 */
#include "config.h"

#include "model/article_edit.h"
#include "model/setting.h"
#include "template/template_engine.h"
#include "view/desk_front_view.h"
#include "view/desk_view.h"

#include "desk_parts.h"

/* Over all else: how many there are of something, and where they are. */
static void
fill_number(struct template_dict *dict, const struct desk_view *view,
    int64_t count, const char *name, const char *path)
{
	struct template_dict *item = template_dict_add(dict, "NUMBERS");

	template_dict_set_integer(item, "NUMBER", count);
	template_dict_set(item, "NUMBER_NAME", name);
	desk_set_url(item, "NUMBER_URL", view, path);
}

static void
fill_numbers(struct template_dict *dict, const struct desk_view *view,
    const int64_t *counts)
{
	int64_t drafts = counts[ARTICLE_SHELF_DRAFTS];

	fill_number(dict, view, drafts, drafts == 1 ? "draft" : "drafts",
	    "/desk/articles?list=drafts");
	fill_number(dict, view, counts[ARTICLE_SHELF_SCHEDULED], "scheduled",
	    "/desk/articles?list=scheduled");
	fill_number(dict, view, counts[ARTICLE_SHELF_PUBLISHED], "published",
	    "/desk/articles?list=published");
}

static void
fill_row(struct template_dict *dict, const struct desk_view *view,
    const struct article_row *row)
{
	template_dict_set_integer(dict, "ID", row->id);
	template_dict_set(dict, "TITLE", row->title);
	desk_set_time(dict, "WHEN", "WHEN_MACHINE", view,
	    row->status == ARTICLE_STATUS_SCHEDULED ? row->published_at
						    : row->updated_at);
}

static void
fill_rows(struct template_dict *dict, const struct desk_view *view,
    const GPtrArray *rows, const char *section, const char *empty_section)
{
	if (rows->len == 0)
		template_dict_show(dict, empty_section);
	for (guint i = 0; i < rows->len; i++)
		fill_row(template_dict_add(dict, section), view,
		    g_ptr_array_index(rows, i));
}

enum status
desk_view_front(const struct desk_view *view,
    const struct desk_front_page *page, GString *out)
{
	struct desk_page frame;

	desk_page_init(&frame, view, "Desk", "desk/front.html");
	template_dict_set(frame.main, "BLOG_TITLE", view->blog->title);
	if (page->attentions->len > 0)
		template_dict_show(frame.main, "ATTENTION_PARTS");
	for (guint i = 0; i < page->attentions->len; i++)
		template_dict_set(template_dict_add(frame.main, "ATTENTIONS"),
		    "ATTENTION", g_ptr_array_index(page->attentions, i));
	fill_numbers(frame.main, view, page->counts);
	desk_fill_views(frame.main, view, page->views);
	fill_rows(frame.main, view, page->drafts, "DRAFTS", "NO_DRAFT_NOTES");
	fill_rows(frame.main, view, page->scheduled, "SCHEDULED",
	    "NOTHING_SCHEDULED_NOTES");
	return desk_page_finish(&frame, out);
}
