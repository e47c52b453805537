/*
 * feed_atom.c - a feed as RFC 4287 defines it.
 */
#include "config.h"

#include "feed_parts.h"

#include <string.h>

#include "base/date.h"
#include "model/setting.h"

static void
append_link(
    GString *out, const char *relation, const char *type, const char *url)
{
	g_string_append(out, "<link");
	feed_append_attribute(out, "rel", relation);
	feed_append_attribute(out, "type", type);
	feed_append_attribute(out, "href", url);
	g_string_append(out, "/>\n");
}

static void
append_time(
    GString *out, const char *name, const struct site_view *view, int64_t time)
{
	g_autofree char *text = date_format_rfc3339(time, view->blog->zone);

	feed_append_element(out, name, text);
}

static void
append_authors(
    GString *out, const struct site_view *view, const struct article *article)
{
	for (guint i = 0; i < article->authors->len; i++) {
		const struct article_author *author =
		    &g_array_index(article->authors, struct article_author, i);
		g_autofree char *url = feed_author_url(view, author->handle);

		g_string_append(out, "<author>");
		feed_append_element(out, "name", author->name);
		feed_append_element(out, "uri", url);
		g_string_append(out, "</author>\n");
	}
}

static void
append_category(GString *out, const struct article_term *term)
{
	g_string_append(out, "<category");
	feed_append_attribute(out, "term", term->slug);
	feed_append_attribute(out, "label", term->name);
	g_string_append(out, "/>\n");
}

static void
append_categories(GString *out, const struct article_summary *summary)
{
	if (summary->category.id != 0)
		append_category(out, &summary->category);
	for (guint i = 0; i < summary->tags->len; i++)
		append_category(
		    out, &g_array_index(summary->tags, struct article_term, i));
}

static void
append_entry(
    GString *out, const struct site_view *view, const struct article *article)
{
	const struct article_summary *summary = &article->summary;
	g_autofree char *id = feed_article_id(view, summary->id);
	g_autofree char *url = feed_url(view, summary->path);

	g_string_append(out, "<entry");
	if (*summary->language &&
	    strcmp(summary->language, view->blog->language) != 0)
		feed_append_attribute(out, "xml:lang", summary->language);
	g_string_append(out, ">\n");
	feed_append_element(out, "id", id);
	feed_append_element(out, "title", summary->title);
	append_link(out, "alternate", "text/html", url);
	append_time(out, "published", view, summary->published_at);
	append_time(out, "updated", view, feed_updated_at(article));
	append_authors(out, view, article);
	append_categories(out, summary);
	if (*summary->excerpt)
		feed_append_element(out, "summary", summary->excerpt);
	feed_append_cover(out, view, article);
	g_string_append(out, "<content type=\"html\">");
	feed_append_content(out, view, article);
	g_string_append(out, "</content>\n</entry>\n");
}

void
feed_append_atom(GString *out, const struct site_view *view,
    const struct feed_head *head, const struct feed_page *page)
{
	g_string_append(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			     "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
			     "xmlns:media=\"http://search.yahoo.com/mrss/\"");
	feed_append_attribute(out, "xml:lang", view->blog->language);
	g_string_append(out, ">\n");
	feed_append_element(out, "id", head->id);
	feed_append_element(out, "title", head->title);
	feed_append_element(out, "subtitle", head->description);
	append_time(out, "updated", view, head->updated_at);
	append_link(out, "self", "application/atom+xml", head->self_url);
	append_link(out, "alternate", "text/html", head->home_url);
	/* an article need not name one, and then this holds */
	g_string_append(out, "<author>");
	feed_append_element(out, "name", feed_owner(view));
	g_string_append(out, "</author>\n<generator>Byline</generator>\n");
	for (guint i = 0; i < page->articles->len; i++)
		append_entry(out, view, page->articles->pdata[i]);
	g_string_append(out, "</feed>\n");
}
