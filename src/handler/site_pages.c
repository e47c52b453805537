/*
 * site_pages.c - the pages of the public side: load through the models, fill a
 * view.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/text.h"
#include "handler/site_routes.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "model/article.h"
#include "model/author.h"
#include "model/redirect.h"
#include "model/search.h"
#include "model/site.h"

#include "site_handler.h"

/* Far beyond any blog; a number above it is not a page. */
#define MAX_PAGE 1000000

#define HITS_PER_PAGE     20
#define MAX_SEARCH_LENGTH 200 /* characters; the form has it too */

/*
 * The page number in `text`, "" being the first. STATUS_NOT_FOUND for what is
 * no number of a page.
 */
static enum status
parse_page(const char *text, int64_t *out_page)
{
	if (text[0] == '\0') {
		*out_page = 1;
		return STATUS_OK;
	}
	if (text_parse_integer(text, MAX_PAGE, out_page) != STATUS_OK ||
	    *out_page < 1)
		return STATUS_NOT_FOUND;
	return STATUS_OK;
}

enum status
site_show_listing(struct exchange *exchange,
    const struct article_filter *filter, const char *number,
    const struct listing_page *page)
{
	const struct site *site = site_application_of(exchange)->site;
	const struct site_view view = site_view_of(exchange);
	struct article_list list = { 0 };
	enum status status;
	int64_t page_number;

	status = parse_page(number, &page_number);
	if (status != STATUS_OK)
		return status;
	if (page_number == 1 && number[0] != '\0') {
		site_redirect(exchange, page->path);
		return STATUS_OK;
	}
	status = article_list_public(site->database, filter, page_number,
	    site->blog.per_page, exchange->request->now, &list);
	if (status != STATUS_OK)
		return status;
	if (!site_is_not_modified(exchange)) {
		struct listing_page whole = *page;

		whole.list = &list;
		status =
		    site_view_listing(&view, &whole, exchange->response->body);
	}
	article_list_release(&list);
	return status;
}

enum status
show_front_page(struct exchange *exchange)
{
	const struct article_filter filter = { ARTICLE_SCOPE_ALL, 0 };
	struct listing_page page = {
		.path = "/",
		.description = "",
		.has_feed = true,
		.current = "/",
	};
	struct author *owner = NULL;
	enum status status;

	status = author_find_owner(site_database_of(exchange), &owner);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	page.author = owner;
	status =
	    site_show_listing(exchange, &filter, exchange->values[0], &page);
	author_free(owner);
	return status;
}

enum status
show_year(struct exchange *exchange)
{
	struct article_filter filter = { .scope = ARTICLE_SCOPE_YEAR };
	struct listing_page page = {
		.kicker = "Archive",
		.title = exchange->values[0],
		.description = "",
		.current = "/archive",
	};
	g_autofree char *path =
	    g_strconcat("/archive/", exchange->values[0], NULL);
	g_autoptr(GArray) years = NULL;
	enum status status;

	if (text_parse_integer(exchange->values[0], 9999, &filter.key) !=
	    STATUS_OK)
		return STATUS_NOT_FOUND;
	status = article_list_years(site_database_of(exchange), &years);
	if (status != STATUS_OK)
		return status;
	page.path = path;
	for (guint i = 0; i < years->len; i++)
		if (g_array_index(years, struct archive_year, i).year ==
		    filter.key)
			return site_show_listing(
			    exchange, &filter, exchange->values[1], &page);
	return STATUS_NOT_FOUND;
}

/* ---- indexes ---- */

GPtrArray *
site_new_index(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)index_entry_free);
}

void
site_add_index_entry(GPtrArray *entries, const char *directory,
    const char *slug, const char *name, const char *note, int64_t article_count)
{
	struct index_entry *entry = g_new0(struct index_entry, 1);

	entry->path = g_strconcat(directory, "/", slug, NULL);
	entry->name = g_strdup(name);
	entry->description = g_strdup(note);
	entry->article_count = article_count;
	g_ptr_array_add(entries, entry);
}

enum status
site_show_index(struct exchange *exchange, const char *path, const char *title,
    const GPtrArray *entries)
{
	const struct site_view view = site_view_of(exchange);
	const struct index_page page = {
		.path = path, .title = title, .entries = entries
	};

	if (site_is_not_modified(exchange))
		return STATUS_OK;
	return site_view_index(&view, &page, exchange->response->body);
}

enum status
show_archive(struct exchange *exchange)
{
	g_autoptr(GPtrArray) entries = site_new_index();
	g_autoptr(GArray) years = NULL;
	enum status status;

	status = article_list_years(site_database_of(exchange), &years);
	if (status != STATUS_OK)
		return status;
	for (guint i = 0; i < years->len; i++) {
		const struct archive_year *year =
		    &g_array_index(years, struct archive_year, i);
		g_autofree char *name =
		    g_strdup_printf("%" G_GINT64_FORMAT, year->year);

		site_add_index_entry(
		    entries, "/archive", name, name, NULL, year->article_count);
	}
	return site_show_index(exchange, "/archive", "Archive", entries);
}

/* ---- articles, standing pages and old addresses ---- */

static enum status
show_article(struct exchange *exchange, const struct article *article)
{
	const struct site_view view = site_view_of(exchange);
	struct database *database = site_database_of(exchange);
	struct article_summary *previous = NULL, *next = NULL;
	struct article_series *series = NULL;
	g_autoptr(GPtrArray) related = NULL;
	enum status status;

	if (site_is_not_modified(exchange))
		return STATUS_OK;
	if (article->summary.kind == ARTICLE_KIND_PAGE)
		return site_view_standing_page(
		    &view, article, exchange->response->body);
	status = article_find_neighbours(
	    database, article, view.now, &previous, &next);
	if (status == STATUS_OK)
		status = article_list_related(database, article,
		    ARTICLE_PAGE_CANDIDATES, view.now, &related);
	if (status == STATUS_OK)
		status =
		    article_find_series(database, article, view.now, &series);
	if (status == STATUS_OK) {
		const struct article_page page = { .article = article,
			.previous = previous,
			.next = next,
			.related = related,
			.series = series };

		status =
		    site_view_article(&view, &page, exchange->response->body);
	}
	article_summary_free(previous);
	article_summary_free(next);
	article_series_free(series);
	return status;
}

enum status
show_addressed(struct exchange *exchange)
{
	struct article *article;
	enum status status;

	status = article_find_public(site_database_of(exchange), exchange->path,
	    exchange->request->now, &article);
	if (status != STATUS_OK)
		return status;
	status = show_article(exchange, article);
	article_free(article);
	return status;
}

enum status
follow_old_address(struct exchange *exchange)
{
	g_autofree char *target = NULL;
	enum status status;

	status = redirect_find(site_database_of(exchange), exchange->path,
	    exchange->request->now, &target);
	if (status != STATUS_OK)
		return status;
	exchange->response->cache = CACHE_REVALIDATE;
	if (target[0] == '/')
		site_redirect(exchange, target);
	else
		response_redirect(exchange->response, 301, target);
	site_note_redirect(exchange);
	return STATUS_OK;
}

/* ---- search and health ---- */

/*
 * Search for what was typed. What cannot be searched for, or takes too long, is
 * told beside the field, with what was typed in it.
 */
static enum status
search(struct exchange *exchange, int64_t page_number, struct search_page *page,
    struct search_result *result)
{
	struct response *response = exchange->response;
	enum status status;

	if (g_utf8_strlen(page->typed, -1) > MAX_SEARCH_LENGTH) {
		response->status = 400;
		page->message = "That is too long to search for. "
				"Please try a few words of it.";
		return STATUS_OK;
	}
	status = search_articles(site_database_of(exchange), page->typed,
	    page_number, HITS_PER_PAGE, exchange->request->now, result);
	if (status == STATUS_OK)
		page->result = result;
	if (status != STATUS_BUSY)
		return status;
	log_warning("search.too_long", "target", exchange->request->target);
	response->status = 503;
	page->message = "That takes too long to find just now. Please look for "
			"rarer words, or try again in a while.";
	response_add_header(response, "Retry-After", "5");
	return STATUS_OK;
}

enum status
show_search(struct exchange *exchange)
{
	const struct form *query = exchange->request->query;
	const struct site_view view = site_view_of(exchange);
	const char *typed = form_value(query, "q");
	const char *number = form_value(query, "page");
	struct search_page page = { .typed = typed == NULL ? "" : typed };
	struct search_result result = { 0 };
	enum status status;
	int64_t page_number;

	status = parse_page(number == NULL ? "" : number, &page_number);
	if (status != STATUS_OK)
		return status;
	if (page.typed[0] != '\0')
		status = search(exchange, page_number, &page, &result);
	if (status == STATUS_OK &&
	    (page.message != NULL || !site_is_not_modified(exchange)))
		status =
		    site_view_search(&view, &page, exchange->response->body);
	search_result_release(&result);
	return status;
}

enum status
show_health(struct exchange *exchange)
{
	const struct article_filter all = { .scope = ARTICLE_SCOPE_ALL };
	int64_t count;
	enum status status;

	status = article_count_public(
	    site_database_of(exchange), &all, exchange->request->now, &count);
	if (status != STATUS_OK)
		return STATUS_BUSY;
	exchange->response->cache = CACHE_NEVER;
	exchange->response->content_type = "text/plain; charset=utf-8";
	g_string_assign(exchange->response->body, "ok\n");
	return STATUS_OK;
}
