/*
 * site_view.c - the small pages: lists of tags, categories, authors and years,
 * and what is said when something went wrong.
 */
#include "config.h"

#include "view/site_view.h"

#include "model/setting.h"
#include "template/template_engine.h"
#include "view/layout.h"

#include "error_words.h"
#include "site_parts.h"

/* ---- lists of tags, categories, authors, years ---- */

static void
fill_index(struct template_dict *dict, const struct site_view *view,
    const struct index_page *page)
{
	template_dict_set(dict, "TITLE", page->title);
	template_dict_show(
	    dict, page->entries->len == 0 ? "EMPTY_NOTES" : "ENTRY_LISTS");
	for (guint i = 0; i < page->entries->len; i++) {
		const struct index_entry *entry =
		    g_ptr_array_index(page->entries, i);
		struct template_dict *item = template_dict_add(dict, "ENTRIES");
		g_autofree char *count =
		    layout_count(entry->article_count, "article", "articles");

		template_dict_set(item, "ENTRY_NAME", entry->name);
		template_dict_set(item, "ARTICLE_COUNT", count);
		layout_set_url(item, "ENTRY_URL", view, entry->path);
		part_show(item, "ENTRY_DESCRIPTIONS", "ENTRY_DESCRIPTION",
		    entry->description);
	}
}

enum status
site_view_index(
    const struct site_view *view, const struct index_page *page, GString *out)
{
	g_autofree char *description = g_strconcat(page->title, " of ",
	    view->blog->title, ", with their articles.", NULL);
	const struct layout_page frame = {
		.path = page->path,
		.title = page->title,
		.description = description,
	};
	struct layout layout;

	layout_init(&layout, view, &frame, "site/index.html");
	fill_index(layout.main, view, page);
	return layout_finish(&layout, out);
}

void
index_entry_free(struct index_entry *entry)
{
	if (entry == NULL)
		return;
	g_free(entry->path);
	g_free(entry->name);
	g_free(entry->description);
	g_free(entry);
}

/* ---- errors ---- */

/* The first and the last one are for others, too. */
static const struct error_words ERROR_WORDS[] = {
	{ 400, "That request was not understood",
	    "Something in the address or the form is not as it should be. "
	    "Please check it, or go on from the front page." },
	{ 403, "This is not open to you",
	    "The request came from another site, or this part of the blog is "
	    "for its authors." },
	{ 404, "There is no page here",
	    "The address may be mistyped, or the page has moved. Searching "
	    "for a word of its title may find it." },
	{ 405, "That is not possible here",
	    "This address exists, but not for this kind of request. Please go "
	    "back and try again from the page itself." },
	{ 409, "Somebody else was faster",
	    "What you wanted to change has changed meanwhile. Please look at "
	    "it again." },
	{ 413, "That is too large",
	    "More was sent than this address takes. Please try with less." },
	{ 414, "That address is too long",
	    "Please shorten it, or search with fewer words." },
	{ 429, "Slower, please",
	    "Many requests came from where you are in a short time. Please "
	    "wait a minute and try again." },
	{ 431, "Too much came with that request",
	    "Your browser sent more than we read, often because of old "
	    "cookies. Clearing them for this site helps." },
	{ 503, "Busy just now",
	    "The blog cannot answer at this moment. Please try again in a few "
	    "seconds." },
	{ 500, "Something went wrong on our side",
	    "It is not your fault, and it has been noted. Please try again in "
	    "a moment." },
};

static const struct error_words *
words_of(int http_status)
{
	return error_words_find(
	    ERROR_WORDS, G_N_ELEMENTS(ERROR_WORDS), http_status);
}

static void
fill_error(struct template_dict *dict, const struct site_view *view,
    int http_status, const char *reason)
{
	const struct error_words *words = words_of(http_status);

	template_dict_set_integer(dict, "HTTP_STATUS", http_status);
	template_dict_set(dict, "TITLE", words->title);
	template_dict_set(dict, "ADVICE", words->advice);
	part_show(dict, "REASONS", "REASON", reason);
	layout_set_url(dict, "HOME_URL", view, "/");
	if (http_status == 404)
		fill_search_form(dict, view, "", NULL);
}

enum status
site_view_error(const struct site_view *view, int http_status,
    const char *reason, GString *out)
{
	const struct layout_page frame = {
		.title = words_of(http_status)->title,
	};
	struct layout layout;

	layout_init(&layout, view, &frame, "site/error.html");
	fill_error(layout.main, view, http_status, reason);
	return layout_finish(&layout, out);
}
