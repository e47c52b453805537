/*
 * desk_redirects.c - the addresses that lead elsewhere, kept by owners and
 * editors.
 *
 * What must hold: of many that are added at once, all are stored or none, and
 * whoever typed them gets them back with every wrong line named.
 */
#include "config.h"

#include "base/logger.h"
#include "base/paging.h"
#include "base/settings.h"
#include "base/text.h"
#include "http/request.h"
#include "http/response.h"
#include "model/redirect.h"
#include "model/site.h"
#include "view/desk_settings_view.h"

#include "desk_handler.h"

#define REDIRECTS_PATH     "/desk/settings/redirects"
#define REDIRECTS_PER_PAGE 50
#define MAX_PAGE           100000
#define MAX_PATH_TYPED     3200 /* a path of 1,024 bytes, percent-encoded */

/* What was typed into the page, and what is wrong with it. */
struct redirect_form {
	const char *from, *to, *lines;
	const char *from_problem, *to_problem, *lines_problem;
	const GPtrArray *line_problems; /* struct redirect_problem *, or NULL */
};

static enum status
view_page(struct exchange *exchange, const struct redirect_form *form,
    const struct desk_redirects_page *list)
{
	const struct desk_view view = desk_view_of(exchange);
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_LINE,
		    .name = "from",
		    .value = form->from,
		    .hint = "A path of this blog: /2020/old",
		    .problem = form->from_problem,
		    .autocomplete = "off",
		    .max_length = MAX_PATH_TYPED,
		    .is_required = true },
		{ .kind = DESK_FIELD_LINE,
		    .name = "to",
		    .value = form->to,
		    .hint = "A path of this blog, or a whole address.",
		    .problem = form->to_problem,
		    .autocomplete = "off",
		    .max_length = MAX_PATH_TYPED,
		    .is_required = true },
	};
	const struct desk_field lines = {
		.kind = DESK_FIELD_TEXT,
		.name = "lines",
		.value = form->lines,
		.hint = "/old /new or /old https://elsewhere.example. A line "
			"that begins with # is a remark. At most 1 MB.",
		.problem = form->lines_problem,
		.rows = 8,
		.is_required = true,
	};
	struct desk_redirects_page page = *list;

	page.fields = fields;
	page.field_count = G_N_ELEMENTS(fields);
	page.lines = &lines;
	page.line_problems = form->line_problems;
	return desk_view_redirects(&view, &page, exchange->response->body);
}

enum status
show_redirects(struct exchange *exchange)
{
	const struct redirect_form form = { 0 };
	struct database *database = desk_database_of(exchange);
	g_autofree char *text = text_normalize_line(desk_query(exchange, "q"));
	int64_t number = desk_number(desk_query(exchange, "page"));
	g_autoptr(GPtrArray) rows = NULL;
	struct desk_redirects_page page = {
		.text = text,
		.page = CLAMP(number, 1, MAX_PAGE),
	};
	enum status status = desk_count_visits(exchange);

	if (status == STATUS_OK)
		status = redirect_count(database, text, &page.found_count);
	page.page_count = paging_count(page.found_count, REDIRECTS_PER_PAGE);
	if (status == STATUS_OK)
		status = redirect_list(
		    database, text, page.page, REDIRECTS_PER_PAGE, &rows);
	page.rows = rows;
	return status == STATUS_OK ? view_page(exchange, &form, &page) : status;
}

/* The forms again, after a POST that was wrong: without the list, under which
 * nobody would see what is. */
static enum status
show_again(struct exchange *exchange, const struct redirect_form *form)
{
	const struct desk_redirects_page list = { .page = 1, .page_count = 1 };

	exchange->response->status = 422;
	return view_page(exchange, form, &list);
}

/* What is wrong with each of the two; NULL where nothing is. */
static bool
check_form(const struct exchange *exchange, struct redirect_form *form,
    GError **from_error, GError **to_error)
{
	const char *base_url = desk_site_of(exchange)->settings.base_url;

	if (redirect_check_path(base_url, form->from, from_error) != STATUS_OK)
		form->from_problem = (*from_error)->message;
	if (redirect_check_target(base_url, form->to, to_error) != STATUS_OK)
		form->to_problem = (*to_error)->message;
	return form->from_problem == NULL && form->to_problem == NULL;
}

enum status
add_redirect(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) to_error = NULL;
	struct redirect_form form = {
		.from = desk_field(exchange, "from"),
		.to = desk_field(exchange, "to"),
	};
	enum status status;

	if (!check_form(exchange, &form, &error, &to_error))
		return show_again(exchange, &form);
	status = site_begin_write(site, now);
	if (status != STATUS_OK)
		return status;
	status = site_end_write(
	    site, redirect_add_target(site->database, site->settings.base_url,
		      form.from, form.to, now, NULL, &error));
	if (error != NULL) {
		/* Each is right alone: it is where they lead that is not. */
		if (status == STATUS_CONFLICT)
			form.from_problem = error->message;
		else
			form.to_problem = error->message;
		return show_again(exchange, &form);
	}
	if (status != STATUS_OK)
		return status;
	log_info("redirect.added", "account", desk_session_of(exchange)->handle,
	    "path", form.from);
	desk_go_to(exchange, REDIRECTS_PATH, "redirect-added");
	return STATUS_OK;
}

enum status
remove_redirect(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const char *path = desk_field(exchange, "path");
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	/* Whoever removed it was faster: it is gone all the same. */
	status = site_end_write(site, redirect_remove(site->database, path));
	if (status != STATUS_OK)
		return status;
	log_info("redirect.removed", "account",
	    desk_session_of(exchange)->handle, "path", path);
	desk_go_to(exchange, REDIRECTS_PATH, "redirect-removed");
	return STATUS_OK;
}

enum status
import_redirects(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	g_autoptr(GPtrArray) problems =
	    g_ptr_array_new_with_free_func(redirect_problem_free);
	struct redirect_form form = { .lines = desk_field(exchange, "lines"),
		.line_problems = problems };
	int64_t count = 0;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = site_end_write(
	    site, redirect_add_lines(site->database, site->settings.base_url,
		      form.lines, now, &count, problems));
	if (status == STATUS_INVALID) {
		form.lines_problem = "nothing was stored: some lines are "
				     "wrong, which are named above";
		return show_again(exchange, &form);
	}
	if (status != STATUS_OK)
		return status;
	log_info(
	    "redirect.imported", "account", desk_session_of(exchange)->handle);
	desk_go_to(exchange, REDIRECTS_PATH,
	    count > 0 ? "redirects-added" : "redirects-known");
	return STATUS_OK;
}
