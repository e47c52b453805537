/*
 * feed_rss.c - a feed as RSS 2.0 with the modules that readers know: content,
 * Dublin Core, Atom's link to itself, Media RSS.
 */
#include "config.h"

#include "feed_parts.h"

#include "base/date.h"
#include "base/text.h"
#include "model/setting.h"

static void
append_time(GString *out, const char *name, int64_t time)
{
	g_autofree char *text = date_format_rfc5322(time);

	feed_append_element(out, name, text);
}

static void
append_categories(GString *out, const struct article_summary *summary)
{
	if (summary->category.id != 0)
		feed_append_element(out, "category", summary->category.name);
	for (guint i = 0; i < summary->tags->len; i++)
		feed_append_element(out, "category",
		    g_array_index(summary->tags, struct article_term, i).name);
}

static void
append_item(
    GString *out, const struct site_view *view, const struct article *article)
{
	const struct article_summary *summary = &article->summary;
	g_autofree char *id = feed_article_id(view, summary->id);
	g_autofree char *url = feed_url(view, summary->path);

	g_string_append(out, "<item>\n");
	feed_append_element(out, "title", summary->title);
	feed_append_element(out, "link", url);
	g_string_append(out, "<guid isPermaLink=\"false\">");
	text_append_xml(out, id);
	g_string_append(out, "</guid>\n");
	append_time(out, "pubDate", summary->published_at);
	for (guint i = 0; i < article->authors->len; i++)
		feed_append_element(out, "dc:creator",
		    g_array_index(article->authors, struct article_author, i)
			.name);
	append_categories(out, summary);
	if (*summary->excerpt)
		feed_append_element(out, "description", summary->excerpt);
	feed_append_cover(out, view, article);
	g_string_append(out, "<content:encoded>");
	feed_append_content(out, view, article);
	g_string_append(out, "</content:encoded>\n</item>\n");
}

void
feed_append_rss(GString *out, const struct site_view *view,
    const struct feed_head *head, const struct feed_page *page)
{
	g_string_append(out,
	    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	    "<rss version=\"2.0\" "
	    "xmlns:atom=\"http://www.w3.org/2005/Atom\" "
	    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
	    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
	    "xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n");
	feed_append_element(out, "title", head->title);
	feed_append_element(out, "link", head->home_url);
	feed_append_element(out, "description", head->description);
	feed_append_element(out, "language", view->blog->language);
	append_time(out, "lastBuildDate", head->updated_at);
	feed_append_element(out, "generator", "Byline");
	g_string_append(
	    out, "<atom:link rel=\"self\" type=\"application/rss+xml\"");
	feed_append_attribute(out, "href", head->self_url);
	g_string_append(out, "/>\n");
	for (guint i = 0; i < page->articles->len; i++)
		append_item(out, view, page->articles->pdata[i]);
	g_string_append(out, "</channel>\n</rss>\n");
}
