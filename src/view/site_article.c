/*
 * site_article.c - one article, or one standing page, whole.
 *
 * body_html and contents_html come from content/sanitizer.h, and the JSON-LD
 * from text_append_json(): nothing else goes into a page unescaped.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "base/settings.h"
#include "base/text.h"
#include "model/article.h"
#include "model/media.h"
#include "model/setting.h"
#include "template/template_engine.h"
#include "view/layout.h"
#include "view/site_view.h"

#include "site_parts.h"

/* ---- what machines read ---- */

static void
append_member(GString *json, const char *name, const char *value)
{
	if (text_is_given(value))
		text_append_json_member(json, name, value);
}

static void
append_path(GString *json, const char *name, const struct site_view *view,
    const char *path)
{
	g_autofree char *url = layout_absolute_url(view, path);

	append_member(json, name, url);
}

static void
append_authors(
    GString *json, const struct site_view *view, const struct article *article)
{
	if (article->authors == NULL || article->authors->len == 0)
		return;
	g_string_append(json, ",\"author\":[");
	for (guint i = 0; i < article->authors->len; i++) {
		const struct article_author *author =
		    &g_array_index(article->authors, struct article_author, i);
		g_autofree char *path =
		    g_strconcat("/authors/", author->handle, NULL);

		g_string_append(json, i == 0 ? "{\"@type\":\"Person\""
					     : ",{\"@type\":\"Person\"");
		append_member(json, "name", author->name);
		append_member(json, "jobTitle", author->job_title);
		append_path(json, "url", view, path);
		g_string_append_c(json, '}');
	}
	g_string_append_c(json, ']');
}

static void
append_keywords(GString *json, const struct article_summary *article)
{
	if (article->tags == NULL || article->tags->len == 0)
		return;
	g_string_append(json, ",\"keywords\":[");
	for (guint i = 0; i < article->tags->len; i++) {
		if (i != 0)
			g_string_append_c(json, ',');
		text_append_json(json,
		    g_array_index(article->tags, struct article_term, i).name);
	}
	g_string_append_c(json, ']');
}

/* What sums it up for machines: what was typed for that, or the excerpt. */
static const char *
description_of(const struct article *article)
{
	return text_is_given(article->description) ? article->description
						   : article->summary.excerpt;
}

static void
append_series(GString *json, const struct article_series *series)
{
	if (series == NULL)
		return;
	g_string_append_printf(json,
	    ",\"position\":%" G_GINT64_FORMAT
	    ",\"isPartOf\":{\"@type\":\"CreativeWorkSeries\"",
	    series->part);
	append_member(json, "name", series->name);
	g_string_append_c(json, '}');
}

/* When an article was published and last changed, as machines read it. */
struct article_times {
	char *published;
	char *updated;
};

/* schema.org BlogPosting of the article. The caller frees it. */
static GString *
make_json_ld(const struct site_view *view, const struct article_page *page,
    const struct article_times *times)
{
	const struct article *article = page->article;
	const struct article_summary *summary = &article->summary;
	GString *json = g_string_sized_new(1024);

	g_string_append(json, "{\"@context\":\"https://schema.org\","
			      "\"@type\":\"BlogPosting\"");
	append_member(json, "headline", summary->title);
	append_member(json, "description", description_of(article));
	append_path(json, "url", view, summary->path);
	append_member(json, "datePublished", times->published);
	append_member(json, "dateModified", times->updated);
	append_member(json, "inLanguage",
	    text_is_given(summary->language) ? summary->language
					     : view->blog->language);
	append_authors(json, view, article);
	if (summary->category.id != 0)
		append_member(json, "articleSection", summary->category.name);
	append_keywords(json, summary);
	append_series(json, page->series);
	if (text_is_given(summary->cover_path))
		append_path(json, "image", view, summary->cover_path);
	g_string_append_printf(
	    json, ",\"wordCount\":%" G_GUINT32_FORMAT, article->word_count);
	g_string_append_printf(json,
	    ",\"timeRequired\":\"PT%" G_GUINT32_FORMAT "M\"}",
	    summary->minutes);
	return json;
}

static void
fill_share_image(struct template_dict *dict, const struct site_view *view,
    const struct article_summary *article)
{
	g_autofree char *url = NULL;

	if (!text_is_given(article->cover_path))
		return;
	url = layout_absolute_url(view, article->cover_path);
	part_show(dict, "SHARE_IMAGES", "SHARE_IMAGE_URL", url);
	template_dict_set(dict, "SHARE_IMAGE_ALT", article->cover_alt);
}

/* The head of an article; `json` must outlive the page. */
static void
fill_article_head(struct template_dict *dict, const struct article *article,
    const struct article_times *times, const GString *json)
{
	template_dict_set(dict, "SHARE_TYPE", "article");
	part_show(dict, "SHARE_TIMES", "SHARE_PUBLISHED", times->published);
	template_dict_set(dict, "SHARE_UPDATED", times->updated);
	for (guint i = 0; article->authors != NULL && i < article->authors->len;
	     i++)
		template_dict_set(template_dict_add(dict, "HEAD_AUTHORS"),
		    "HEAD_AUTHOR",
		    g_array_index(article->authors, struct article_author, i)
			.name);
	template_dict_show(dict, "JSON_LDS");
	template_dict_set_trusted_html(
	    dict, "JSON_LD_HTML", json->str, json->len);
}

/* ---- what people read ---- */

/* Append "/blog/media/a_480.png 480w". */
static void
append_candidate(
    GString *list, const struct site_view *view, const struct media_size *size)
{
	if (list->len > 0)
		g_string_append(list, ", ");
	g_string_append_printf(list, "%s%s %uw", view->settings->base_path,
	    size->path, size->width);
}

/* Other sizes of the cover, for srcset. The image itself is one of the plain
 * ones, which alone are no choice. */
static void
fill_cover_sizes(struct template_dict *dict, const struct site_view *view,
    const struct article *article)
{
	const GArray *sizes = article->cover_sizes;
	g_autoptr(GString) plain = g_string_new(NULL);
	g_autoptr(GString) webp = g_string_new(NULL);

	for (guint i = 0; sizes != NULL && i < sizes->len; i++) {
		const struct media_size *size =
		    &g_array_index(sizes, struct media_size, i);

		append_candidate(size->is_webp ? webp : plain, view, size);
	}
	if (strchr(plain->str, ',') != NULL)
		part_show(dict, "COVER_CHOICES", "COVER_SRCSET", plain->str);
	if (webp->len == 0)
		return;
	part_show(dict, "COVER_WEBPS", "COVER_WEBP_SRCSET", webp->str);
	template_dict_show(dict, "COVER_WEBP_ENDS");
}

static void
set_text(struct template_dict *dict, const struct site_view *view,
    const struct article *article)
{
	layout_show_language(dict, view, &article->summary, "ARTICLE_LANGUAGES",
	    "ARTICLE_LANGUAGE", "ARTICLE_DIRECTION");
	template_dict_set(dict, "TITLE", article->summary.title);
	fill_cover(dict, view, &article->summary);
	fill_cover_sizes(dict, view, article);
	if (text_is_given(article->contents_html)) {
		template_dict_show(dict, "CONTENTS_LISTS");
		template_dict_set_trusted_html(dict, "CONTENTS_HTML",
		    article->contents_html, strlen(article->contents_html));
	}
	if (article->body_html != NULL)
		template_dict_set_trusted_html(dict, "BODY_HTML",
		    article->body_html, strlen(article->body_html));
}

static void
fill_terms(struct template_dict *dict, const struct site_view *view,
    const struct article_summary *article)
{
	if (article->category.id != 0) {
		g_autofree char *path =
		    g_strconcat("/categories/", article->category.slug, NULL);

		part_show(
		    dict, "CATEGORIES", "CATEGORY", article->category.name);
		layout_set_url(dict, "CATEGORY_URL", view, path);
	}
	if (article->tags == NULL || article->tags->len == 0)
		return;
	template_dict_show(dict, "TAG_LISTS");
	for (guint i = 0; i < article->tags->len; i++) {
		const struct article_term *tag =
		    &g_array_index(article->tags, struct article_term, i);
		struct template_dict *item = template_dict_add(dict, "TAGS");
		g_autofree char *path = g_strconcat("/tags/", tag->slug, NULL);

		template_dict_set(item, "TAG", tag->name);
		layout_set_url(item, "TAG_URL", view, path);
	}
}

/* Each author over the text, and under it again if there is more to say. */
static void
fill_authors(struct template_dict *dict, const struct site_view *view,
    const struct article *article)
{
	if (article->authors == NULL)
		return;
	for (guint i = 0; i < article->authors->len; i++) {
		const struct article_author *author =
		    &g_array_index(article->authors, struct article_author, i);
		struct author_block block = {
			.handle = author->handle,
			.name = author->name,
			.job_title = author->job_title,
			.picture_path = author->face_path,
		};

		fill_author(dict, "AUTHORS", view, &block);
		if (!text_is_given(author->biography))
			continue;
		block.biography = author->biography;
		block.website = author->website;
		fill_author(dict, "BIOGRAPHIES", view, &block);
	}
}

/* The day of the last change, where it is not the day of publishing. */
static void
fill_update(struct template_dict *dict, const struct site_view *view,
    const struct article_summary *article, const char *language)
{
	const struct blog *blog = view->blog;
	g_autofree char *published = NULL;
	g_autofree char *updated = NULL;

	if (article->updated_at <= article->published_at)
		return;
	published = date_format_words(
	    article->published_at, blog->zone, blog->date_style, language);
	updated = date_format_words(
	    article->updated_at, blog->zone, blog->date_style, language);
	if (strcmp(published, updated) == 0)
		return;
	template_dict_show(dict, "UPDATES");
	layout_set_time(dict, view, "UPDATED", "UPDATED_DATETIME",
	    article->updated_at, language);
}

/* ---- before and after it ---- */

/* The part of its series `distance` from the article; NULL: there is none. */
static const struct article_summary *
part_near(const struct article_page *page, int distance)
{
	const struct article_series *series = page->series;
	int64_t place;

	if (series == NULL)
		return NULL;
	place = series->part - series->first_part + distance;
	return place < 0 || place >= (int64_t)series->parts->len
		   ? NULL
		   : g_ptr_array_index(series->parts, (guint)place);
}

/* `article`, unless it is a part of the series of this one: at the first part,
 * what was published before may be the second. */
static const struct article_summary *
if_no_part(
    const struct article_page *page, const struct article_summary *article)
{
	const struct article_series *series = page->series;

	for (guint i = 0;
	     article != NULL && series != NULL && i < series->parts->len; i++) {
		const struct article_summary *part =
		    g_ptr_array_index(series->parts, i);

		if (strcmp(part->path, article->path) == 0)
			return NULL;
	}
	return article;
}

/* Who reads a series goes on with that; else with what was published next. */
static const struct article_summary *
previous_of(const struct article_page *page)
{
	const struct article_summary *part = part_near(page, -1);

	return part != NULL ? part : if_no_part(page, page->previous);
}

static const struct article_summary *
next_of(const struct article_page *page)
{
	const struct article_summary *part = part_near(page, 1);

	return part != NULL ? part : if_no_part(page, page->next);
}

static void
fill_neighbours(struct template_dict *dict, const struct site_view *view,
    const struct article_page *page)
{
	const struct article_summary *previous = previous_of(page);
	const struct article_summary *next = next_of(page);

	if (previous == NULL && next == NULL)
		return;
	template_dict_show(dict, "NEIGHBOUR_LISTS");
	if (previous != NULL) {
		part_show(dict, "PREVIOUS_ARTICLES", "PREVIOUS_TITLE",
		    previous->title);
		template_dict_set(dict, "PREVIOUS_WORD",
		    previous == page->previous ? "Previous" : "Previous part");
		layout_set_url(dict, "PREVIOUS_URL", view, previous->path);
	}
	if (next != NULL) {
		part_show(dict, "NEXT_ARTICLES", "NEXT_TITLE", next->title);
		template_dict_set(dict, "NEXT_WORD",
		    next == page->next ? "Next" : "Next part");
		layout_set_url(dict, "NEXT_URL", view, next->path);
	}
}

static void
fill_series(struct template_dict *dict, const struct site_view *view,
    const struct article_page *page)
{
	const struct article_series *series = page->series;

	/* One part alone leads nowhere. */
	if (series == NULL || series->part_count < 2)
		return;
	template_dict_show(dict, "SERIES");
	template_dict_set(dict, "SERIES_NAME", series->name);
	template_dict_set_integer(dict, "SERIES_PART", series->part);
	template_dict_set_integer(dict, "SERIES_COUNT", series->part_count);
	template_dict_set_integer(dict, "SERIES_FIRST", series->first_part);
	for (guint i = 0; i < series->parts->len; i++) {
		const struct article_summary *part =
		    g_ptr_array_index(series->parts, i);
		struct template_dict *item =
		    template_dict_add(dict, "SERIES_ITEMS");

		template_dict_set(item, "PART_TITLE", part->title);
		layout_set_url(item, "PART_URL", view, part->path);
		if (part == part_near(page, 0))
			template_dict_show(item, "PART_MARKS");
	}
}

static void
fill_related_one(struct template_dict *item, const struct site_view *view,
    const struct article_summary *article)
{
	const char *language = layout_show_language(item, view, article,
	    "RELATED_LANGUAGES", "RELATED_LANGUAGE", "RELATED_DIRECTION");

	template_dict_set(item, "RELATED_TITLE", article->title);
	layout_set_url(item, "RELATED_URL", view, article->path);
	fill_meta(item, view, article, language);
}

static bool
is_at(const struct article_summary *article, const char *path)
{
	return article != NULL && strcmp(article->path, path) == 0;
}

/* The page leads to no article twice: there are others that are related, while
 * those before and after it are what they are. */
static void
fill_related(struct template_dict *dict, const struct site_view *view,
    const struct article_page *page)
{
	const GPtrArray *related = page->related;
	int count = 0;

	for (guint i = 0; related != NULL && i < related->len &&
			  count < ARTICLE_PAGE_RELATED;
	     i++) {
		const struct article_summary *article =
		    g_ptr_array_index(related, i);

		if (is_at(previous_of(page), article->path) ||
		    is_at(next_of(page), article->path))
			continue;
		fill_related_one(
		    template_dict_add(dict, "RELATED_ARTICLES"), view, article);
		count++;
	}
	if (count > 0)
		template_dict_show(dict, "RELATED_LISTS");
}

/* The image by which a view is counted: handler/site_views.c. */
static void
fill_view_image(
    struct template_dict *dict, const struct site_view *view, int64_t id)
{
	g_autofree char *path = NULL;

	if (!view->is_counting)
		return;
	path = g_strdup_printf("/views/%" PRId64 ".gif", id);
	template_dict_show(dict, "COUNTED_VIEWS");
	layout_set_url(dict, "VIEW_URL", view, path);
}

static void
fill_article(struct template_dict *dict, const struct site_view *view,
    const struct article_page *page)
{
	const struct article *article = page->article;
	const struct article_summary *summary = &article->summary;
	const char *language = text_is_given(summary->language)
				   ? summary->language
				   : view->blog->language;

	set_text(dict, view, article);
	/* Nobody wants to read the beginning of the text twice. */
	if (text_is_given(summary->excerpt))
		part_show(dict,
		    article->has_typed_excerpt ? "LEADS" : "HIDDEN_SUMMARIES",
		    "EXCERPT", summary->excerpt);
	layout_set_url(dict, "URL", view, summary->path);
	fill_terms(dict, view, summary);
	fill_authors(dict, view, article);
	fill_meta(dict, view, summary, language);
	fill_update(dict, view, summary, language);
	fill_series(dict, view, page);
	fill_neighbours(dict, view, page);
	fill_related(dict, view, page);
	fill_subscribe(dict, view);
	fill_view_image(dict, view, summary->id);
}

enum status
site_view_article(
    const struct site_view *view, const struct article_page *page, GString *out)
{
	const struct article *article = page->article;
	const struct article_summary *previous = previous_of(page);
	const struct article_summary *next = next_of(page);
	const struct layout_page frame = {
		.path = article->summary.path,
		.title = article->summary.title,
		.description = description_of(article),
		.canonical_url = article->canonical_url,
		.previous_path = previous != NULL ? previous->path : NULL,
		.next_path = next != NULL ? next->path : NULL,
	};
	const struct article_summary *summary = &article->summary;
	struct article_times times;
	struct layout layout;
	GString *json;
	enum status status;

	times.published =
	    date_format_rfc3339(summary->published_at, view->blog->zone);
	times.updated =
	    summary->updated_at <= summary->published_at
		? g_strdup(times.published)
		: date_format_rfc3339(summary->updated_at, view->blog->zone);
	json = make_json_ld(view, page, &times);
	layout_init(&layout, view, &frame, "site/article.html");
	fill_article_head(layout.root, article, &times, json);
	fill_share_image(layout.root, view, summary);
	fill_article(layout.main, view, page);
	status = layout_finish(&layout, out);
	g_string_free(json, TRUE);
	g_free(times.published);
	g_free(times.updated);
	return status;
}

enum status
site_view_standing_page(
    const struct site_view *view, const struct article *article, GString *out)
{
	const struct layout_page frame = {
		.path = article->summary.path,
		.title = article->summary.title,
		.description = description_of(article),
		.canonical_url = article->canonical_url,
	};
	struct layout layout;

	layout_init(&layout, view, &frame, "site/page.html");
	fill_share_image(layout.root, view, &article->summary);
	set_text(layout.main, view, article);
	fill_view_image(layout.main, view, article->summary.id);
	return layout_finish(&layout, out);
}
