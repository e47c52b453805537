/*
 * site_parts.c - pieces that several pages have in common: the author's block,
 * the subscribe form, the search form, the links from page to page.
 */
#include "config.h"

#include "site_parts.h"

#include <string.h>

#include "base/text.h"
#include "model/article.h"
#include "model/setting.h"
#include "template/template_engine.h"
#include "view/layout.h"

void
part_show(struct template_dict *dict, const char *section, const char *marker,
    const char *value)
{
	if (!text_is_given(value))
		return;
	template_dict_show(dict, section);
	template_dict_set(dict, marker, value);
}

/* ---- authors ---- */

/* The first letter or digit of `word`; 0 where it has none. */
static gunichar
first_letter(const char *word)
{
	for (const char *at = word; *at != '\0'; at = g_utf8_next_char(at))
		if (g_unichar_isalnum(g_utf8_get_char(at)))
			return g_unichar_totitle(g_utf8_get_char(at));
	return 0;
}

/*
 * The first letters of the first and the last word of `name` that have any, in
 * capitals; what `name` begins with where none has. The caller frees it.
 */
static char *
make_initials(const char *name)
{
	g_auto(GStrv) words = g_strsplit(name, " ", -1);
	GString *initials = g_string_sized_new(16);
	gunichar first = 0, last = 0;

	for (char **word = words; *word != NULL; word++) {
		gunichar letter = first_letter(*word);

		if (first == 0)
			first = letter;
		else if (letter != 0)
			last = letter;
	}
	g_string_append_unichar(
	    initials, first != 0 ? first : g_utf8_get_char(name));
	if (last != 0)
		g_string_append_unichar(initials, last);
	return g_string_free(initials, FALSE);
}

/* The address of a site without what every address has. The caller frees it. */
static char *
make_website_name(const char *website)
{
	const char *begin = strstr(website, "://");
	size_t size;

	begin = begin == NULL ? website : begin + 3;
	if (g_str_has_prefix(begin, "www."))
		begin += 4;
	size = strlen(begin);
	while (size > 0 && begin[size - 1] == '/')
		size--;
	return g_strndup(begin, size);
}

static void
fill_face(struct template_dict *dict, const struct site_view *view,
    const struct author_block *block)
{
	g_autofree char *initials = NULL;

	if (text_is_given(block->picture_path)) {
		template_dict_show(dict, "PICTURES");
		layout_set_url(dict, "PICTURE_URL", view, block->picture_path);
	} else if (text_is_given(block->name)) {
		initials = make_initials(block->name);
		part_show(dict, "INITIAL_LISTS", "INITIALS", initials);
	}
}

void
fill_author(struct template_dict *dict, const char *marker,
    const struct site_view *view, const struct author_block *block)
{
	struct template_dict *author =
	    template_dict_include(dict, marker, "site/author.html");
	g_autofree char *path = g_strconcat("/authors/", block->handle, NULL);

	fill_face(author, view, block);
	if (!block->is_name_known)
		part_show(author, "NAMES", "AUTHOR_NAME", block->name);
	layout_set_url(author, "AUTHOR_URL", view, path);
	part_show(author, "JOB_TITLES", "JOB_TITLE", block->job_title);
	part_show(author, "BIOGRAPHIES", "BIOGRAPHY", block->biography);
	if (text_is_given(block->website)) {
		g_autofree char *name = make_website_name(block->website);

		part_show(author, "WEBSITES", "WEBSITE_URL", block->website);
		template_dict_set(author, "WEBSITE_NAME", name);
	}
}

/* ---- forms ---- */

/* While nobody can subscribe by mail, the feed keeps readers in the loop. */
static void
fill_follow(struct template_dict *dict, const struct site_view *view)
{
	struct template_dict *follow =
	    template_dict_include(dict, "SUBSCRIBE", "site/follow.html");

	template_dict_set(
	    follow, "SUBSCRIBE_TITLE", view->blog->subscribe_title);
	layout_set_url(follow, "FEED_URL", view, "/feed.xml");
}

void
fill_subscribe(struct template_dict *dict, const struct site_view *view)
{
	struct template_dict *form;

	if (!view->blog->is_subscribing_open) {
		fill_follow(dict, view);
		return;
	}
	form = template_dict_include(dict, "SUBSCRIBE", "site/subscribe.html");
	template_dict_set(form, "SUBSCRIBE_TITLE", view->blog->subscribe_title);
	template_dict_set(form, "SUBSCRIBE_TEXT", view->blog->subscribe_text);
	layout_set_url(form, "SUBSCRIBE_URL", view, "/subscribe");
}

void
fill_search_form(struct template_dict *dict, const struct site_view *view,
    const char *typed, const char *message)
{
	struct template_dict *form =
	    template_dict_include(dict, "SEARCH_FORM", "site/search_form.html");

	layout_set_url(form, "SEARCH_URL", view, "/search");
	template_dict_set(form, "TYPED", typed);
	part_show(form, "MESSAGES", "MESSAGE", message);
}

/* ---- from page to page ---- */

/* Whether page `number` is shown by its number: the ends, the neighbours, and a
 * page that would be the only one left out. */
static bool
is_shown(const struct paging *paging, int64_t number)
{
	int64_t distance = ABS(number - paging->page);

	if (number == 1 || number == paging->page_count || distance <= 1)
		return true;
	return distance == 2 &&
	       (number == 2 || number == paging->page_count - 1);
}

static void
add_page(struct template_dict *dict, const struct site_view *view,
    const struct paging *paging, int64_t number)
{
	struct template_dict *item = template_dict_add(dict, "PAGES");
	g_autofree char *path = paging->path_of(paging->data, number);

	template_dict_set_integer(item, "PAGE", number);
	if (number == paging->page) {
		template_dict_show(item, "THIS_PAGES");
	} else {
		template_dict_show(item, "OTHER_PAGES");
		layout_set_url(item, "PAGE_URL", view, path);
	}
}

static void
add_pages(struct template_dict *dict, const struct site_view *view,
    const struct paging *paging)
{
	int64_t first = MAX(paging->page - 2, 2);
	int64_t last = MIN(paging->page + 2, paging->page_count - 1);

	add_page(dict, view, paging, 1);
	if (first > 2 || !is_shown(paging, 2))
		template_dict_show(template_dict_add(dict, "PAGES"), "GAPS");
	for (int64_t number = first; number <= last; number++)
		if (is_shown(paging, number))
			add_page(dict, view, paging, number);
	if (last < paging->page_count - 1 ||
	    !is_shown(paging, paging->page_count - 1))
		template_dict_show(template_dict_add(dict, "PAGES"), "GAPS");
	add_page(dict, view, paging, paging->page_count);
}

static void
fill_paging_end(struct template_dict *dict, const struct site_view *view,
    const struct paging *paging, bool is_next)
{
	g_autofree char *path =
	    paging->path_of(paging->data, paging->page + (is_next ? 1 : -1));

	template_dict_show(dict, is_next ? "LATER_PAGES" : "EARLIER_PAGES");
	layout_set_url(dict, is_next ? "NEXT_URL" : "PREVIOUS_URL", view, path);
	template_dict_set(dict, is_next ? "NEXT_NAME" : "PREVIOUS_NAME",
	    is_next ? paging->next_name : paging->previous_name);
}

void
fill_paging(struct template_dict *dict, const struct site_view *view,
    const struct paging *paging)
{
	struct template_dict *links;

	if (paging->page_count < 2)
		return;
	template_dict_show(dict, "PAGE_NUMBERS");
	template_dict_set_integer(dict, "PAGE", paging->page);
	template_dict_set_integer(dict, "PAGE_COUNT", paging->page_count);
	links = template_dict_include(dict, "PAGING", "site/paging.html");
	if (paging->page > 1)
		fill_paging_end(links, view, paging, false);
	if (paging->page < paging->page_count)
		fill_paging_end(links, view, paging, true);
	add_pages(links, view, paging);
}

/* ---- articles ---- */

void
fill_meta(struct template_dict *dict, const struct site_view *view,
    const struct article_summary *article, const char *language)
{
	layout_set_time(
	    dict, view, "DATE", "DATETIME", article->published_at, language);
	template_dict_set_integer(dict, "MINUTES", article->minutes);
}

void
fill_cover(struct template_dict *dict, const struct site_view *view,
    const struct article_summary *article)
{
	if (!text_is_given(article->cover_path))
		return;
	template_dict_show(dict, "COVERS");
	layout_set_url(dict, "COVER_URL", view, article->cover_path);
	template_dict_set(dict, "COVER_ALT", article->cover_alt);
	if (article->cover_width == 0 || article->cover_height == 0)
		return;
	template_dict_show(dict, "COVER_SIZES");
	template_dict_set_integer(dict, "COVER_WIDTH", article->cover_width);
	template_dict_set_integer(dict, "COVER_HEIGHT", article->cover_height);
}
