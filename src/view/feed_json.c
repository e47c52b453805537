/*
 * feed_json.c - a feed as JSON Feed 1.1 (jsonfeed.org/version/1.1).
 */
#include "config.h"

#include "feed_parts.h"

#include <string.h>

#include "base/date.h"
#include "base/settings.h"
#include "base/text.h"
#include "model/setting.h"

static void
append_time(
    GString *out, const char *name, const struct site_view *view, int64_t time)
{
	g_autofree char *text = date_format_rfc3339(time, view->blog->zone);

	text_append_json_member(out, name, text);
}

static void
append_author(GString *out, const struct site_view *view,
    const struct article_author *author)
{
	g_autofree char *url = feed_author_url(view, author->handle);

	g_string_append_c(out, '{');
	text_append_json_member(out, "name", author->name);
	text_append_json_member(out, "url", url);
	if (text_is_given(author->picture_path)) {
		g_autofree char *avatar = feed_url(view, author->picture_path);

		text_append_json_member(out, "avatar", avatar);
	}
	g_string_append_c(out, '}');
}

static void
append_authors(
    GString *out, const struct site_view *view, const struct article *article)
{
	if (article->authors->len == 0)
		return;
	g_string_append(out, ",\"authors\":[");
	for (guint i = 0; i < article->authors->len; i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		append_author(out, view,
		    &g_array_index(article->authors, struct article_author, i));
	}
	g_string_append_c(out, ']');
}

static void
append_tags(GString *out, const struct article_summary *summary)
{
	const char *comma = "";

	if (summary->category.id == 0 && summary->tags->len == 0)
		return;
	g_string_append(out, ",\"tags\":[");
	if (summary->category.id != 0) {
		text_append_json(out, summary->category.name);
		comma = ",";
	}
	for (guint i = 0; i < summary->tags->len; i++) {
		g_string_append(out, comma);
		text_append_json(out,
		    g_array_index(summary->tags, struct article_term, i).name);
		comma = ",";
	}
	g_string_append_c(out, ']');
}

static void
append_content(
    GString *out, const struct site_view *view, const struct article *article)
{
	g_autoptr(GString) html =
	    g_string_sized_new(strlen(article->body_html) + 4096);

	text_append_absolute_html(
	    html, article->body_html, view->settings->origin);
	text_append_json_member(out, "content_html", html->str);
}

static void
append_item(
    GString *out, const struct site_view *view, const struct article *article)
{
	const struct article_summary *summary = &article->summary;
	g_autofree char *id = feed_article_id(view, summary->id);
	g_autofree char *url = feed_url(view, summary->path);

	g_string_append(out, "\n{");
	text_append_json_member(out, "id", id);
	text_append_json_member(out, "url", url);
	text_append_json_member(out, "title", summary->title);
	if (text_is_given(summary->excerpt))
		text_append_json_member(out, "summary", summary->excerpt);
	if (text_is_given(summary->cover_path)) {
		g_autofree char *image = feed_url(view, summary->cover_path);

		text_append_json_member(out, "image", image);
	}
	append_time(out, "date_published", view, summary->published_at);
	append_time(out, "date_modified", view, feed_updated_at(article));
	if (text_is_given(summary->language))
		text_append_json_member(out, "language", summary->language);
	append_authors(out, view, article);
	append_tags(out, summary);
	append_content(out, view, article);
	g_string_append_c(out, '}');
}

void
feed_append_json(GString *out, const struct site_view *view,
    const struct feed_head *head, const struct feed_page *page)
{
	g_string_append_c(out, '{');
	text_append_json_member(
	    out, "version", "https://jsonfeed.org/version/1.1");
	text_append_json_member(out, "title", head->title);
	text_append_json_member(out, "home_page_url", head->home_url);
	text_append_json_member(out, "feed_url", head->self_url);
	text_append_json_member(out, "description", head->description);
	text_append_json_member(out, "language", view->blog->language);
	g_string_append(out, ",\"authors\":[{");
	text_append_json_member(out, "name", feed_owner(view));
	g_string_append(out, "}],\"items\":[");
	for (guint i = 0; i < page->articles->len; i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		append_item(out, view, page->articles->pdata[i]);
	}
	g_string_append(out, "]}\n");
}
