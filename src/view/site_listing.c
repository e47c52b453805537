/*
 * site_listing.c - lists of cards: the front page, a tag, a category, an
 * author, a year.
 *
 * The title is a card's one link; its style sheet spreads it over the card.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "model/article.h"
#include "model/author.h"
#include "model/setting.h"
#include "template/template_engine.h"
#include "view/layout.h"
#include "view/site_view.h"

#include "site_parts.h"

static char *
listing_path_of(const void *data, int64_t number)
{
	const struct listing_page *page = data;

	return layout_page_path(page->path, number);
}

static void
fill_tags(struct template_dict *dict, const struct article_summary *article)
{
	if (article->tags == NULL || article->tags->len == 0)
		return;
	template_dict_show(dict, "TAG_LISTS");
	for (guint i = 0; i < article->tags->len; i++) {
		const struct article_term *tag =
		    &g_array_index(article->tags, struct article_term, i);

		template_dict_set(
		    template_dict_add(dict, "TAGS"), "TAG", tag->name);
	}
}

/* Who wrote it, unless that is the one author whom the page shows. */
static void
fill_card_authors(struct template_dict *dict,
    const struct article_summary *article, const struct author *shown_author)
{
	bool is_known =
	    shown_author != NULL && shown_author->id == article->author.id;

	if (article->author.id == 0 ||
	    (is_known && article->co_authors == NULL))
		return;
	template_dict_set(template_dict_add(dict, "AUTHORS"), "AUTHOR_NAME",
	    article->author.name);
	for (guint i = 0;
	     article->co_authors != NULL && i < article->co_authors->len; i++)
		template_dict_set(template_dict_add(dict, "AUTHORS"),
		    "AUTHOR_NAME",
		    g_array_index(article->co_authors, struct article_term, i)
			.name);
}

static void
fill_card(struct template_dict *dict, const struct site_view *view,
    const struct article_summary *article, const struct author *shown_author)
{
	const char *language = layout_show_language(dict, view, article,
	    "CARD_LANGUAGES", "CARD_LANGUAGE", "CARD_DIRECTION");

	layout_set_url(dict, "URL", view, article->path);
	template_dict_set(dict, "ARTICLE_TITLE", article->title);
	part_show(dict, "EXCERPTS", "EXCERPT", article->excerpt);
	if (article->category.id != 0)
		part_show(
		    dict, "CATEGORIES", "CATEGORY", article->category.name);
	if (article->is_pinned)
		template_dict_show(dict, "PINNED_MARKS");
	fill_card_authors(dict, article, shown_author);
	fill_tags(dict, article);
	fill_meta(dict, view, article, language);
}

/* The author beside the list; on their own page without what it says already.
 */
static void
fill_listing_author(struct template_dict *dict, const struct site_view *view,
    const struct listing_page *page)
{
	const struct author *author = page->author;
	struct author_block block;

	if (author == NULL)
		return;
	block = (struct author_block){
		.handle = author->handle,
		.name = author->name,
		.job_title = author->job_title,
		.biography = author->biography,
		.picture_path = author->face_path,
		.website = author->website,
		.is_name_known = g_strcmp0(page->title, author->name) == 0,
	};
	if (g_strcmp0(page->description, author->biography) == 0)
		block.biography = NULL;
	fill_author(dict, "AUTHOR", view, &block);
}

static void
fill_listing(struct template_dict *dict, const struct site_view *view,
    const struct listing_page *page)
{
	const struct article_list *list = page->list;
	const struct blog *blog = view->blog;
	bool is_front = page->title == NULL;
	const struct paging paging = {
		.page = list->page,
		.page_count = list->page_count,
		.previous_name = "Newer",
		.next_name = "Older",
		.path_of = listing_path_of,
		.data = page,
	};

	part_show(
	    dict, "KICKERS", "KICKER", is_front ? blog->section : page->kicker);
	template_dict_set(dict, "TITLE", is_front ? blog->title : page->title);
	part_show(dict, "DESCRIPTIONS", "DESCRIPTION",
	    is_front ? blog->tagline : page->description);
	fill_listing_author(dict, view, page);
	if (list->total_count == 0) {
		template_dict_show(dict, "EMPTY_NOTES");
	} else {
		g_autofree char *count =
		    layout_count(list->total_count, "article", "articles");

		part_show(dict, "COUNTS", "COUNT", count);
	}
	for (guint i = 0; i < list->articles->len; i++)
		fill_card(template_dict_add(dict, "CARDS"), view,
		    g_ptr_array_index(list->articles, i), page->author);
	fill_paging(dict, view, &paging);
	fill_subscribe(dict, view);
}

/* What search engines say about it. The caller frees it. */
static char *
make_description(const struct site_view *view, const struct listing_page *page)
{
	const struct blog *blog = view->blog;
	g_autofree char *count = NULL;

	if (page->title == NULL && text_is_given(blog->description))
		return g_strdup(blog->description);
	if (page->title == NULL && text_is_given(blog->tagline))
		return g_strdup(blog->tagline);
	if (page->title == NULL) {
		count = layout_count(
		    page->list->total_count, "article", "articles");
		return g_strdup_printf(
		    "%s, %s: %s.", blog->site_name, blog->title, count);
	}
	if (text_is_given(page->description))
		return g_strdup(page->description);
	return g_strdup_printf(
	    "%s: %s. %s", page->kicker, page->title, blog->title);
}

/* "Tag: SQLite, page 2". The caller frees it. */
static char *
make_head_title(const struct site_view *view, const struct listing_page *page)
{
	const char *title = page->title;
	GString *text = g_string_new(NULL);

	/* The block of an author says already what the page is of. */
	if (title == NULL)
		title = view->blog->title;
	else if (text_is_given(page->kicker) &&
		 page->list->articles->len != 0 && page->author == NULL)
		g_string_append_printf(text, "%s: ", page->kicker);
	g_string_append(text, title);
	if (page->list->page > 1)
		g_string_append_printf(
		    text, ", page %" G_GINT64_FORMAT, page->list->page);
	return g_string_free(text, FALSE);
}

enum status
site_view_listing(
    const struct site_view *view, const struct listing_page *page, GString *out)
{
	const struct article_list *list = page->list;
	g_autofree char *path = layout_page_path(page->path, list->page);
	g_autofree char *previous =
	    layout_page_path(page->path, list->page - 1);
	g_autofree char *next = layout_page_path(page->path, list->page + 1);
	g_autofree char *description = make_description(view, page);
	g_autofree char *head_title = make_head_title(view, page);
	const struct layout_page frame = {
		.path = path,
		.title = page->title,
		.head_title = head_title,
		.description = description,
		.current = page->current,
		.feed_path =
		    page->has_feed && page->title != NULL ? page->path : NULL,
		.previous_path = list->page > 1 ? previous : NULL,
		.next_path = list->page < list->page_count ? next : NULL,
	};
	struct layout layout;

	layout_init(&layout, view, &frame, "site/listing.html");
	fill_listing(layout.main, view, page);
	return layout_finish(&layout, out);
}
