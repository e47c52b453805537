/*
 * desk_publication.c - publishing, scheduling, and taking back.
 *
 * What must hold: what is going to happen is said in words before it happens;
 * what is published is the text that is stored.
 */
#include "config.h"

#include <string.h>

#include "base/date.h"
#include "http/request.h"
#include "http/response.h"
#include "model/link_check.h"
#include "model/setting.h"
#include "model/site.h"

#include "desk_article.h"
#include "desk_handler.h"

/* "2026-05-30T14:00", as a browser's field for date and time wants it; "" for
 * 0. The caller frees it. */
static char *
format_local(int64_t time, GTimeZone *zone)
{
	g_autofree char *exact = NULL;

	if (time == 0)
		return g_strdup("");
	exact = date_format_rfc3339(time, zone);
	return g_strndup(exact, strlen("2026-05-30T14:00"));
}

/* What readers would stumble over, before what is not public yet is. */
static enum status
check(struct exchange *exchange, const struct article_edit *edit,
    GPtrArray *warnings)
{
	struct article *article;
	enum status status;

	if (edit->status == ARTICLE_STATUS_PUBLISHED)
		return STATUS_OK;
	status =
	    article_read_any(desk_database_of(exchange), edit->id, &article);
	if (status != STATUS_OK)
		return status;
	status = link_check(
	    desk_site_of(exchange), article, exchange->request->now, warnings);
	article_free(article);
	return status == STATUS_OK
		   ? desk_find_warnings(exchange, edit, warnings)
		   : status;
}

static enum status
show_page(struct exchange *exchange, const struct article_edit *edit,
    const char *published_at, const char *published_at_problem,
    const char *problem)
{
	const struct desk_view view = desk_view_of(exchange);
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	const struct desk_publication_page page = {
		.edit = edit,
		.published_at = published_at,
		.published_at_problem = published_at_problem,
		.problem = problem,
		.warnings = warnings,
	};
	enum status status = check(exchange, edit, warnings);

	return status == STATUS_OK ? desk_view_publication(
					 &view, &page, exchange->response->body)
				   : status;
}

/* The same after a POST, in a transaction of its own. */
static enum status
show_again(struct exchange *exchange, const struct article_edit *edit,
    const char *published_at, const char *published_at_problem,
    const char *problem)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = show_page(
	    exchange, edit, published_at, published_at_problem, problem);
	site_end_read(site);
	return status;
}

enum status
show_publication(struct exchange *exchange)
{
	const struct desk_view view = desk_view_of(exchange);
	struct article_edit *edit;
	g_autofree char *published_at = NULL;
	enum status status = desk_read_article(exchange, &edit);

	if (status != STATUS_OK)
		return status;
	/* The date that a draft has had says nothing of when it will come. */
	published_at = edit->status == ARTICLE_STATUS_SCHEDULED
			   ? format_local(edit->published_at, desk_zone(&view))
			   : g_strdup("");
	status = show_page(exchange, edit, published_at, NULL, NULL);
	article_edit_free(edit);
	return status;
}

/* What a person asked for, and what is wrong with it. */
struct request_of_publication {
	struct article_wish wish;
	const char *typed;
	const char *time_problem;
	const char *problem;
	const char *said;
	bool is_twice; /* the clocks show that time twice */
};

/* Whether `typed` is what the page shows of the time that is stored, which has
 * no offset: of one that the clocks show twice it does not say which. */
static bool
is_time_kept(
    const struct article_edit *edit, const char *typed, GTimeZone *zone)
{
	g_autofree char *shown = format_local(edit->published_at, zone);

	return edit->status == ARTICLE_STATUS_SCHEDULED &&
	       strcmp(typed, shown) == 0;
}

/* When to publish: `out_time` is 0 where nothing was typed. */
static bool
read_time(const struct exchange *exchange, const struct article_edit *edit,
    struct request_of_publication *asked, int64_t *out_time)
{
	const struct desk_view view = desk_view_of(exchange);
	enum date_local local = DATE_LOCAL_ONCE;

	*out_time = 0;
	if (asked->typed[0] == '\0')
		return true;
	if (is_time_kept(edit, asked->typed, desk_zone(&view))) {
		*out_time = edit->published_at;
		return true;
	}
	if (date_parse_local(
		asked->typed, desk_zone(&view), out_time, &local) != STATUS_OK)
		asked->time_problem =
		    "That is no date and time like 2026-05-30 14:00.";
	else if (local == DATE_LOCAL_SKIPPED)
		asked->time_problem =
		    "There is no such time: the clocks are put on then. Choose "
		    "one before or after.";
	asked->is_twice = local == DATE_LOCAL_TWICE;
	return asked->time_problem == NULL;
}

static bool
read_schedule(const struct exchange *exchange,
    struct request_of_publication *asked, int64_t time)
{
	asked->said = asked->is_twice ? "scheduled-first" : "scheduled";
	asked->wish = (struct article_wish){
		.has_status = true,
		.status = ARTICLE_STATUS_SCHEDULED,
		.published_at = time,
	};
	if (time == 0)
		asked->time_problem = "Please say when.";
	else if (time <= exchange->request->now)
		asked->time_problem = "That has passed already. Choose a time "
				      "to come, or publish it now.";
	return asked->time_problem == NULL;
}

/* Now; or, if it was published before or whoever asks says so, under a date
 * that has passed. */
static bool
read_publishing(const struct exchange *exchange,
    const struct article_edit *edit, struct request_of_publication *asked,
    int64_t time)
{
	int64_t now = exchange->request->now;

	if (time > now)
		return read_schedule(exchange, asked, time);
	if (time == 0 && edit->status == ARTICLE_STATUS_DRAFT)
		time = edit->published_at;
	asked->said = "published";
	asked->wish = (struct article_wish){
		.has_status = true,
		.status = ARTICLE_STATUS_PUBLISHED,
		.published_at = time != 0 && time <= now ? time : now,
	};
	return true;
}

static bool
read_taking_back(
    const struct article_edit *edit, struct request_of_publication *asked)
{
	bool is_published = edit->status == ARTICLE_STATUS_PUBLISHED;

	asked->said = "unpublished";
	asked->wish = (struct article_wish){
		.has_status = true,
		.status = ARTICLE_STATUS_DRAFT,
		.published_at = is_published ? edit->published_at : 0,
	};
	return true;
}

/* Fill in what was asked for; false when that cannot be. What was not asked for
 * in so many words is not done. */
static bool
read_request(const struct exchange *exchange, const struct article_edit *edit,
    struct request_of_publication *asked)
{
	const char *action = desk_field(exchange, "action");
	int64_t time;

	if (strcmp(action, "unpublish") == 0)
		return read_taking_back(edit, asked);
	asked->typed = desk_field(exchange, "published_at");
	if (!read_time(exchange, edit, asked, &time))
		return false;
	if (strcmp(action, "schedule") == 0)
		return read_schedule(exchange, asked, time);
	if (strcmp(action, "publish") == 0)
		return read_publishing(exchange, edit, asked, time);
	asked->problem = "Please choose one of the buttons.";
	return false;
}

static enum status
show_problem(struct exchange *exchange, const struct article_edit *edit,
    const struct request_of_publication *asked)
{
	exchange->response->status = 422;
	return show_again(
	    exchange, edit, asked->typed, asked->time_problem, asked->problem);
}

/* Save what is stored once more, in its new state. */
static enum status
change(struct exchange *exchange, const struct article_edit *edit,
    struct request_of_publication *asked)
{
	int64_t version = desk_number(desk_field(exchange, "version"));
	struct article_edit *stored = NULL;
	struct article_form form;
	enum status status;

	article_form_init(&form);
	article_form_fill(&form, edit);
	/* What a person has not seen is not published in their name. */
	if (version >= 0)
		form.shown.version = version;
	status = desk_save(exchange, &form, &asked->wish, NULL, &stored);
	if (status == STATUS_CONFLICT) {
		asked->problem =
		    "The text was saved elsewhere since you opened this page. "
		    "Nothing was changed: please look at it again.";
		exchange->response->status = 409;
		status = show_again(exchange, stored != NULL ? stored : edit,
		    asked->typed, NULL, asked->problem);
	} else if (status == STATUS_INVALID) {
		asked->problem = article_form_problem(&form);
		status = show_problem(exchange, edit, asked);
	} else if (status == STATUS_OK) {
		desk_go_to_article(exchange, edit->id, "", asked->said);
	}
	article_form_release(&form);
	article_edit_free(stored);
	return status;
}

enum status
set_publication(struct exchange *exchange)
{
	struct request_of_publication asked = { .typed = "" };
	struct article_edit *edit;
	enum status status = desk_read_article_alone(exchange, &edit);

	if (status != STATUS_OK)
		return status;
	if (edit->trashed_at != 0)
		asked.problem = "It is in the trash: take it out first.";
	if (asked.problem == NULL && read_request(exchange, edit, &asked))
		status = change(exchange, edit, &asked);
	else
		status = show_problem(exchange, edit, &asked);
	article_edit_free(edit);
	return status;
}
