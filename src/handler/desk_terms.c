/*
 * desk_terms.c - the tags, categories and series that articles use, put in
 * order by owners and editors.
 *
 * What must hold: before two become one, what that does is said in words, and
 * only then can it be done; what somebody else changed meanwhile is not taken
 * back by a page that was shown before.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/paging.h"
#include "base/text.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "model/site.h"
#include "model/term_edit.h"
#include "view/desk_settings_view.h"

#include "desk_handler.h"

#define TERMS_PER_PAGE 50
#define MAX_PAGE       100000
#define MAX_NAMES      1000 /* that a browser is given to complete */

/* Only the routes of the three lead here. */
static enum term_kind
kind_of(const struct exchange *exchange)
{
	if (g_str_has_prefix(exchange->path, "/desk/settings/categories"))
		return TERM_KIND_CATEGORY;
	if (g_str_has_prefix(exchange->path, "/desk/settings/series"))
		return TERM_KIND_SERIES;
	return TERM_KIND_TAG;
}

/* See other: the page of term `id`, or of all of them (0). */
static void
go_to_terms(struct exchange *exchange, int64_t id, const char *said)
{
	const char *list = desk_terms_path((int)kind_of(exchange));
	g_autofree char *path =
	    id == 0 ? g_strdup(list)
		    : g_strdup_printf("%s/%" G_GINT64_FORMAT, list, id);

	desk_go_to(exchange, path, said);
}

/* ---- the list ---- */

enum status
show_desk_terms(struct exchange *exchange)
{
	const struct desk_view view = desk_view_of(exchange);
	struct database *database = desk_database_of(exchange);
	enum term_kind kind = kind_of(exchange);
	g_autofree char *text = text_normalize_line(desk_query(exchange, "q"));
	int64_t number = desk_number(desk_query(exchange, "page"));
	g_autoptr(GPtrArray) terms = NULL;
	struct desk_terms_page page = {
		.kind = (int)kind,
		.text = text,
		.page = CLAMP(number, 1, MAX_PAGE),
	};
	enum status status =
	    term_edit_count(database, kind, text, &page.found_count);

	page.page_count = paging_count(page.found_count, TERMS_PER_PAGE);
	if (status == STATUS_OK)
		status = term_edit_list(
		    database, kind, text, page.page, TERMS_PER_PAGE, &terms);
	page.terms = terms;
	return status == STATUS_OK
		   ? desk_view_terms(&view, &page, exchange->response->body)
		   : status;
}

/* ---- one ---- */

/* The page of one term, as typed, and what is wrong with it. */
struct term_form {
	const struct term_wish *wish; /* NULL: what is stored */
	const struct term_problems *problems;
	const char *into; /* as typed */
	const char *into_problem;
	const char *problem;
};

#define FIELD_COUNT 3

/* Of a series the name alone, which is the first. */
static size_t
count_fields(enum term_kind kind)
{
	return kind == TERM_KIND_SERIES ? 1 : FIELD_COUNT;
}

static void
fill_fields(struct desk_field fields[FIELD_COUNT], const struct term_wish *wish,
    const struct term_problems *problems)
{
	fields[0] = (struct desk_field){ .kind = DESK_FIELD_LINE,
		.name = "name",
		.value = wish->name,
		.problem = problems->name,
		.max_length = TERM_EDIT_NAME_CHARACTERS,
		.is_required = true };
	fields[1] = (struct desk_field){ .kind = DESK_FIELD_LINE,
		.name = "slug",
		.label = "In its address",
		.value = wish->slug,
		.hint = "Empty: made of the name. The old address leads to the "
			"new one.",
		.problem = problems->slug,
		.max_length = TERM_EDIT_SLUG_SIZE };
	fields[2] = (struct desk_field){ .kind = DESK_FIELD_TEXT,
		.name = "description",
		.value = wish->description,
		.hint = "One paragraph, over its articles.",
		.problem = problems->description,
		.max_length = TERM_EDIT_DESCRIPTION_CHARACTERS };
}

/* Who is told what it is by now has been shown that. */
static const char *
or_stored(
    const struct term_problems *problems, const char *shown, const char *stored)
{
	return shown != NULL && !problems->is_stale ? shown : stored;
}

static enum status
view_term(struct exchange *exchange, const struct term *term,
    const struct term_form *form, const GPtrArray *terms)
{
	static const struct term_problems none = { 0 };
	const struct desk_view view = desk_view_of(exchange);
	enum term_kind kind = kind_of(exchange);
	const struct term_wish stored = { .name = term->name,
		.slug = term->slug,
		.description = term->description };
	const struct term_wish *wish =
	    form->wish != NULL ? form->wish : &stored;
	const struct term_problems *problems =
	    form->problems != NULL ? form->problems : &none;
	const struct desk_field into = {
		.kind = DESK_FIELD_LINE,
		.name = "into",
		.value = form->into,
		.problem = form->into_problem,
		.autocomplete = "off",
		.list = "names",
		.max_length = TERM_EDIT_NAME_CHARACTERS,
		.is_required = true,
	};
	struct desk_field fields[FIELD_COUNT];
	const struct desk_term_page page = {
		.kind = (int)kind,
		.term = term,
		.shown_name = or_stored(problems, wish->shown_name, term->name),
		.shown_slug = or_stored(problems, wish->shown_slug, term->slug),
		.shown_description = or_stored(
		    problems, wish->shown_description, term->description),
		.fields = fields,
		.field_count = count_fields(kind),
		.into = kind == TERM_KIND_SERIES ? NULL : &into,
		.terms = terms,
		.problem =
		    problems->all != NULL ? problems->all : form->problem,
	};

	fill_fields(fields, wish, problems);
	return desk_view_term(&view, &page, exchange->response->body);
}

static enum status
read_term(struct exchange *exchange, struct term **out_term)
{
	int64_t id = desk_number(exchange->values[0]);

	if (id < 1)
		return STATUS_NOT_FOUND;
	return term_edit_read(
	    desk_database_of(exchange), kind_of(exchange), id, out_term);
}

/* In a transaction. */
static enum status
show_form(struct exchange *exchange, const struct term_form *form)
{
	g_autoptr(GPtrArray) terms = NULL;
	struct term *term;
	enum status status = read_term(exchange, &term);

	if (status != STATUS_OK)
		return status;
	if (kind_of(exchange) != TERM_KIND_SERIES)
		status = term_edit_list(desk_database_of(exchange),
		    kind_of(exchange), NULL, 1, MAX_NAMES, &terms);
	if (status == STATUS_OK)
		status = view_term(exchange, term, form, terms);
	term_free(term);
	return status;
}

enum status
show_desk_term(struct exchange *exchange)
{
	return show_form(exchange, &(struct term_form){ 0 });
}

/* The page again, after a POST that was wrong: `code` of HTTP. */
static enum status
show_again(struct exchange *exchange, int code, const struct term_form *form)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	exchange->response->status = code;
	status = show_form(exchange, form);
	site_end_read(site);
	return status;
}

static void
log_change(const struct exchange *exchange, const char *event)
{
	log_info(event, "account", desk_session_of(exchange)->handle, "path",
	    exchange->path);
}

enum status
update_term(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	int64_t id = desk_number(exchange->values[0]);
	int64_t now = exchange->request->now;
	const struct form *fields = exchange->request->fields;
	bool has_address = kind_of(exchange) != TERM_KIND_SERIES;
	const struct term_wish wish = {
		.name = desk_field(exchange, "name"),
		.slug = has_address ? desk_field(exchange, "slug") : "",
		.description = desk_field(exchange, "description"),
		.shown_name = form_value(fields, "shown_name"),
		.shown_slug =
		    has_address ? form_value(fields, "shown_slug") : NULL,
		.shown_description = form_value(fields, "shown_description"),
	};
	struct term_problems problems = { 0 };
	int64_t moved = 0;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = site_end_write(
	    site, term_edit_update(site->database, kind_of(exchange), id, &wish,
		      now, &moved, &problems));
	if (status == STATUS_INVALID || problems.is_stale) {
		status = show_again(exchange, problems.is_stale ? 409 : 422,
		    &(struct term_form){
			.wish = &wish, .problems = &problems });
	} else if (status == STATUS_OK) {
		log_change(exchange, "term.changed");
		go_to_terms(
		    exchange, id, moved > 0 ? "saved-and-moved" : "saved");
	}
	term_problems_release(&problems);
	return status;
}

/* ---- merging ---- */

/* Say what would happen. */
static enum status
view_merge(struct exchange *exchange, const struct term *term, int64_t into_id,
    const char *problem)
{
	const struct desk_view view = desk_view_of(exchange);
	struct term *into;
	struct desk_merge_page page = {
		.kind = (int)kind_of(exchange),
		.term = term,
		.problem = problem,
	};
	enum status status = term_edit_read(
	    desk_database_of(exchange), kind_of(exchange), into_id, &into);

	if (status != STATUS_OK)
		return status;
	page.into = into;
	status = desk_view_merge(&view, &page, exchange->response->body);
	term_free(into);
	return status;
}

static enum status
refuse_into(struct exchange *exchange, const char *typed, const char *problem)
{
	exchange->response->status = 422;
	return show_form(exchange,
	    &(struct term_form){ .into = typed, .into_problem = problem });
}

enum status
show_merge(struct exchange *exchange)
{
	const char *typed = desk_query(exchange, "into");
	struct term *term;
	int64_t into_id;
	enum status status = read_term(exchange, &term);

	if (status != STATUS_OK)
		return status;
	status = term_edit_find(
	    desk_database_of(exchange), kind_of(exchange), typed, &into_id);
	if (status == STATUS_NOT_FOUND)
		status = refuse_into(exchange, typed,
		    *typed == '\0' ? "choose one by its name"
				   : "none is called so");
	else if (status == STATUS_OK && into_id == term->id)
		status = refuse_into(exchange, typed, "that is the same one");
	else if (status == STATUS_OK)
		status = view_merge(exchange, term, into_id, NULL);
	term_free(term);
	return status;
}

/* What would happen, again, and why it cannot. */
static enum status
show_merge_again(
    struct exchange *exchange, int64_t into_id, const char *problem)
{
	struct site *site = desk_site_of(exchange);
	struct term *term = NULL;
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = read_term(exchange, &term);
	if (status == STATUS_OK) {
		exchange->response->status = 422;
		status = view_merge(exchange, term, into_id, problem);
	}
	term_free(term);
	site_end_read(site);
	return status;
}

enum status
merge_term(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	int64_t id = desk_number(exchange->values[0]);
	int64_t into_id = desk_number(desk_field(exchange, "into"));
	int64_t now = exchange->request->now;
	g_autoptr(GError) error = NULL;
	int64_t moved = 0;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = site_end_write(
	    site, term_edit_merge(site->database, kind_of(exchange), id,
		      into_id, now, &moved, &error));
	if ((status == STATUS_INVALID || status == STATUS_CONFLICT) &&
	    error != NULL)
		return show_merge_again(exchange, into_id, error->message);
	if (status != STATUS_OK)
		return status;
	log_change(exchange, "term.merged");
	go_to_terms(
	    exchange, into_id, moved > 0 ? "merged-and-moved" : "merged");
	return STATUS_OK;
}

/* ---- deleting ---- */

enum status
delete_term(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	int64_t id = desk_number(exchange->values[0]);
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = site_end_write(
	    site, term_edit_delete(site->database, kind_of(exchange), id));
	if (status == STATUS_CONFLICT)
		return show_again(exchange, 422,
		    &(struct term_form){
			.problem = "an article uses it meanwhile, so it was "
				   "not deleted" });
	if (status != STATUS_OK)
		return status;
	log_change(exchange, "term.deleted");
	go_to_terms(exchange, 0, "deleted");
	return STATUS_OK;
}
