/*
 * site_search.c - the search form and what was found.
 *
 * The words that matched come between SEARCH_MARK_BEGIN and SEARCH_MARK_END;
 * here they become sections, so that no text is ever written as HTML.
 */
#include "config.h"

#include <string.h>

#include "model/article.h"
#include "model/search.h"
#include "model/setting.h"
#include "template/template_engine.h"
#include "view/layout.h"
#include "view/site_view.h"

#include "site_parts.h"

static const char begin_mark[] = { SEARCH_MARK_BEGIN, '\0' };
static const char end_mark[] = { SEARCH_MARK_END, '\0' };

static void
set_bytes(struct template_dict *dict, const char *marker, const char *begin,
    const char *end)
{
	g_autofree char *text = g_strndup(begin, (gsize)(end - begin));

	template_dict_set(dict, marker, text);
}

/* Split `text` into sections of plain text followed by marked text. A mark that
 * is never closed goes to the end. */
static void
fill_parts(struct template_dict *dict, const char *section, const char *text)
{
	const char *end = text + strlen(text);
	const char *at = text;

	while (at < end) {
		const char *plain_end = at + strcspn(at, begin_mark);
		struct template_dict *part = template_dict_add(dict, section);

		set_bytes(part, "PLAIN", at, plain_end);
		at = plain_end;
		if (at < end) {
			const char *marked = at + 1;
			const char *marked_end =
			    marked + strcspn(marked, end_mark);

			template_dict_show(part, "MARKS");
			set_bytes(part, "MARKED", marked, marked_end);
			at = marked_end < end ? marked_end + 1 : end;
		}
	}
}

static void
fill_hit(struct template_dict *dict, const struct site_view *view,
    const struct search_hit *hit)
{
	const struct article_summary *article = hit->article;
	const char *language = layout_show_language(dict, view, article,
	    "CARD_LANGUAGES", "CARD_LANGUAGE", "CARD_DIRECTION");

	layout_set_url(dict, "URL", view, article->path);
	fill_parts(dict, "TITLE_PARTS",
	    hit->title_marked != NULL ? hit->title_marked : article->title);
	if (hit->snippet != NULL)
		fill_parts(dict, "SNIPPET_PARTS", hit->snippet);
	if (article->category.id != 0)
		part_show(
		    dict, "CATEGORIES", "CATEGORY", article->category.name);
	if (article->kind == ARTICLE_KIND_ARTICLE) {
		template_dict_show(dict, "DATES");
		fill_meta(dict, view, article, language);
	}
}

static char *
search_path_of(const void *data, int64_t number)
{
	const struct search_page *page = data;
	g_autofree char *typed = g_uri_escape_string(page->typed, NULL, FALSE);

	if (number == 1)
		return g_strconcat("/search?q=", typed, NULL);
	return g_strdup_printf(
	    "/search?q=%s&page=%" G_GINT64_FORMAT, typed, number);
}

static void
fill_result(struct template_dict *dict, const struct site_view *view,
    const struct search_page *page)
{
	const struct search_result *result = page->result;
	const struct paging paging = {
		.page = result->page,
		.page_count = result->page_count,
		.previous_name = "Previous",
		.next_name = "Next",
		.path_of = search_path_of,
		.data = page,
	};
	g_autofree char *count =
	    layout_count(result->total_count, "result", "results");

	template_dict_show(dict, "RESULTS");
	template_dict_set(
	    dict, "COUNT", result->total_count == 0 ? "No results" : count);
	for (guint i = 0; i < result->hits->len; i++)
		fill_hit(template_dict_add(dict, "HITS"), view,
		    g_ptr_array_index(result->hits, i));
	if (result->total_count == 0) {
		template_dict_show(dict, "NOTHING_FOUND_NOTES");
		layout_set_url(dict, "TAGS_URL", view, "/tags");
		layout_set_url(dict, "ARCHIVE_URL", view, "/archive");
	}
	fill_paging(dict, view, &paging);
}

static void
fill_search(struct template_dict *dict, const struct site_view *view,
    const struct search_page *page)
{
	fill_search_form(dict, view, page->typed, page->message);
	if (page->result != NULL)
		fill_result(dict, view, page);
	else
		template_dict_show(dict, "HINTS");
}

enum status
site_view_search(
    const struct site_view *view, const struct search_page *page, GString *out)
{
	bool has_words = page->typed[0] != '\0' && page->message == NULL;
	g_autofree char *title =
	    has_words ? g_strconcat("“", page->typed, "”: search", NULL)
		      : g_strdup("Search");
	g_autofree char *description = g_strconcat(
	    "Search the articles of ", view->blog->title, ".", NULL);
	const struct layout_page frame = {
		.path = "/search",
		.title = "Search",
		.head_title = title,
		.description = description,
	};
	struct layout layout;

	layout_init(&layout, view, &frame, "site/search.html");
	fill_search(layout.main, view, page);
	return layout_finish(&layout, out);
}
