/*
 * layout.c - the frame around every page, and how addresses are written.
 *
 * What must hold: no address of ours reaches a template but through
 * layout_url() or layout_absolute_url(); links that leave the page (canonical,
 * OpenGraph) are built from base_url, never from what a visitor sent.
 */
#include "config.h"

#include "view/layout.h"

#include <string.h>

#include "base/date.h"
#include "base/language.h"
#include "base/settings.h"
#include "base/text.h"
#include "model/article.h"
#include "model/setting.h"
#include "template/template_engine.h"
#include "view/static_file.h"

#define LAYOUT_TEMPLATE "site/layout.html"

static bool
is_whole_address(const char *path)
{
	return g_str_has_prefix(path, "https://") ||
	       g_str_has_prefix(path, "http://");
}

char *
layout_url(const struct site_view *view, const char *path)
{
	if (is_whole_address(path))
		return g_strdup(path);
	return g_strconcat(view->settings->base_path, path, NULL);
}

char *
layout_absolute_url(const struct site_view *view, const char *path)
{
	if (is_whole_address(path))
		return g_strdup(path);
	return g_strconcat(view->settings->base_url, path, NULL);
}

void
layout_set_url(struct template_dict *dict, const char *name,
    const struct site_view *view, const char *path)
{
	g_autofree char *url = layout_url(view, path);

	template_dict_set(dict, name, url);
}

static void
set_absolute_url(struct template_dict *dict, const char *name,
    const struct site_view *view, const char *path)
{
	g_autofree char *url = layout_absolute_url(view, path);

	template_dict_set(dict, name, url);
}

char *
layout_page_path(const char *path, int64_t page)
{
	if (page <= 1)
		return g_strdup(path);
	return g_strdup_printf("%s/page/%" G_GINT64_FORMAT,
	    strcmp(path, "/") == 0 ? "" : path, page);
}

char *
layout_count(int64_t count, const char *singular, const char *plural)
{
	return g_strdup_printf(
	    "%" G_GINT64_FORMAT " %s", count, count == 1 ? singular : plural);
}

static const char *
direction(bool is_right_to_left)
{
	return is_right_to_left ? "rtl" : "ltr";
}

const char *
layout_show_language(struct template_dict *dict, const struct site_view *view,
    const struct article_summary *article, const char *section,
    const char *language, const char *direction_marker)
{
	bool has_language =
	    text_is_given(article->language) &&
	    strcmp(article->language, view->blog->language) != 0;
	bool has_direction = text_is_given(article->direction);
	const char *held =
	    has_language ? article->language : view->blog->language;

	if (!has_language && !has_direction)
		return held;
	template_dict_show(dict, section);
	template_dict_set(dict, language, held);
	template_dict_set(dict, direction_marker,
	    has_direction ? article->direction
			  : direction(language_is_right_to_left(held)));
	return held;
}

void
layout_set_time(struct template_dict *dict, const struct site_view *view,
    const char *words, const char *machine, int64_t time, const char *language)
{
	const struct blog *blog = view->blog;
	g_autofree char *day =
	    date_format_words(time, blog->zone, blog->date_style, language);
	g_autofree char *exact = date_format_rfc3339(time, blog->zone);

	template_dict_set(dict, words, day);
	template_dict_set(dict, machine, exact);
}

/*
 * The name that stands behind each page's title; its host, while the blog's own
 * cannot be read.
 */
static const char *
site_name_of(const struct site_view *view)
{
	const struct blog *blog = view->blog;

	if (text_is_given(blog->site_name))
		return blog->site_name;
	if (text_is_given(blog->title))
		return blog->title;
	return strstr(view->settings->origin, "://") + strlen("://");
}

static void
fill_static_files(struct template_dict *dict, const struct site_view *view)
{
	static const struct {
		const char *marker;
		const char *name;
	} files[] = {
		{ "STYLE_URL", "style.css" },
		{ "ICON_URL", "icon.svg" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		const struct static_file *file =
		    static_files_by_name(view->static_files, files[i].name);

		if (file != NULL)
			layout_set_url(dict, files[i].marker, view, file->path);
	}
}

static void
fill_titles(struct template_dict *dict, const struct site_view *view,
    const struct layout_page *page)
{
	const char *site_name = site_name_of(view);
	const char *title = page->title;
	const char *head_title = page->head_title;

	if (title == NULL)
		title = view->blog->title;
	if (head_title == NULL)
		head_title = title;
	template_dict_set(dict, "SITE_NAME", site_name);
	template_dict_set(dict, "SHARE_TITLE", title);
	if (g_strcmp0(head_title, site_name) == 0) {
		template_dict_set(dict, "HEAD_TITLE", site_name);
	} else {
		g_autofree char *both =
		    g_strconcat(head_title, " – ", site_name, NULL);

		template_dict_set(dict, "HEAD_TITLE", both);
	}
	if (text_is_given(page->description)) {
		template_dict_show(dict, "HEAD_DESCRIPTIONS");
		template_dict_set(dict, "HEAD_DESCRIPTION", page->description);
	}
}

static void
fill_addresses(struct template_dict *dict, const struct site_view *view,
    const struct layout_page *page)
{
	if (page->path == NULL) {
		template_dict_show(dict, "UNLISTED_MARKS");
		return;
	}
	template_dict_show(dict, "CANONICALS");
	set_absolute_url(dict, "CANONICAL_URL", view,
	    text_is_given(page->canonical_url) ? page->canonical_url
					       : page->path);
	template_dict_show(dict, "SHARE_CARDS");
	template_dict_set(dict, "SHARE_TYPE", "website");
	if (page->previous_path != NULL) {
		template_dict_show(dict, "PREVIOUS_ADDRESSES");
		layout_set_url(dict, "PREVIOUS_URL", view, page->previous_path);
	}
	if (page->next_path != NULL) {
		template_dict_show(dict, "NEXT_ADDRESSES");
		layout_set_url(dict, "NEXT_URL", view, page->next_path);
	}
}

static void
add_feed(struct template_dict *dict, const struct site_view *view,
    const char *title, const char *path)
{
	struct template_dict *feed = template_dict_add(dict, "FEEDS");

	template_dict_set(feed, "FEED_TITLE", title);
	layout_set_url(feed, "FEED_URL", view, path);
}

static void
fill_feeds(struct template_dict *dict, const struct site_view *view,
    const struct layout_page *page)
{
	if (page->feed_path != NULL)
		add_feed(dict, view, page->title, page->feed_path);
	add_feed(dict, view,
	    text_is_given(view->blog->title) ? view->blog->title
					     : site_name_of(view),
	    "");
	layout_set_url(dict, "HOME_FEED_URL", view, "");
}

static void
fill_navigation(struct template_dict *dict, const struct site_view *view,
    const struct layout_page *page)
{
	const GPtrArray *links = view->blog->navigation;
	const char *current = page->current;

	if (current == NULL)
		current = page->path;
	layout_set_url(dict, "HOME_URL", view, "/");
	if (links == NULL || links->len == 0)
		return;
	template_dict_show(dict, "NAVIGATIONS");
	for (guint i = 0; i < links->len; i++) {
		const struct blog_link *link = g_ptr_array_index(links, i);
		struct template_dict *item = template_dict_add(dict, "LINKS");

		template_dict_set(item, "LINK_NAME", link->name);
		layout_set_url(item, "LINK_URL", view, link->address);
		if (g_strcmp0(link->address, current) != 0)
			continue;
		template_dict_show(item, "CURRENT_MARKS");
		template_dict_set(item, "CURRENT_MARK",
		    g_strcmp0(current, page->path) == 0 ? "page" : "true");
	}
}

void
layout_init(struct layout *layout, const struct site_view *view,
    const struct layout_page *page, const char *file)
{
	const struct blog *blog = view->blog;
	struct template_dict *dict = template_dict_new();

	template_dict_set(dict, "LANGUAGE",
	    text_is_given(blog->language) ? blog->language : "en");
	template_dict_set(dict, "DIRECTION", direction(blog->is_right_to_left));
	fill_static_files(dict, view);
	fill_titles(dict, view, page);
	fill_addresses(dict, view, page);
	fill_feeds(dict, view, page);
	fill_navigation(dict, view, page);
	if (text_is_given(blog->footer)) {
		template_dict_show(dict, "FOOTERS");
		template_dict_set(dict, "FOOTER", blog->footer);
	}
	layout->view = view;
	layout->root = dict;
	layout->main = template_dict_include(dict, "MAIN", file);
}

enum status
layout_finish(struct layout *layout, GString *out)
{
	enum status status = template_expand(
	    layout->view->engine, LAYOUT_TEMPLATE, layout->root, out);

	template_dict_free(layout->root);
	layout->root = NULL;
	layout->main = NULL;
	return status;
}
