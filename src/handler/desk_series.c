/*
 * desk_series.c - the series that articles are in, each with its name, for
 * owners and editors.
 *
 * What must hold: all names are saved or none is, and what was typed stands in
 * the form again. A series is made where an article is written, and is gone
 * with its last article: only its name is of interest here.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "model/series.h"
#include "model/site.h"
#include "view/desk_settings_view.h"
#include "view/desk_view.h"
#include "view/layout.h"

#include "desk_handler.h"

#define SERIES_PATH "/desk/settings/series"

/* The names of all series, each in a field of its own. */
struct series_form {
	GPtrArray *series; /* struct series *, as stored */
	GArray *fields;    /* struct desk_field */
	GPtrArray *owned;  /* char * */
};

static const char *
own(struct series_form *form, char *text)
{
	g_ptr_array_add(form->owned, text);
	return text;
}

static void
form_release(struct series_form *form)
{
	if (form->series != NULL)
		g_ptr_array_unref(form->series);
	g_array_unref(form->fields);
	g_ptr_array_unref(form->owned);
}

/* A field for `series`: "name-12", with its name. */
static void
add_field(struct series_form *form, const struct series *series)
{
	g_autofree char *count =
	    layout_count(series->use_count, "article", "articles");
	const struct desk_field field = {
		.kind = DESK_FIELD_LINE,
		.name = own(form,
		    g_strdup_printf("name-%" G_GINT64_FORMAT, series->id)),
		.label =
		    own(form, g_strdup_printf("%s, %s", series->name, count)),
		.value = series->name,
		.is_required = true,
	};

	g_array_append_val(form->fields, field);
}

/* What is stored. In a transaction. */
static enum status
fill(struct exchange *exchange, struct series_form *form)
{
	enum status status =
	    series_list(desk_database_of(exchange), &form->series);

	for (guint i = 0; status == STATUS_OK && i < form->series->len; i++)
		add_field(form, form->series->pdata[i]);
	return status;
}

static void
form_init(struct series_form *form)
{
	*form = (struct series_form){
		.fields = g_array_new(FALSE, FALSE, sizeof(struct desk_field)),
		.owned = g_ptr_array_new_with_free_func(g_free),
	};
}

static enum status
show(struct exchange *exchange, const struct series_form *form)
{
	const struct desk_view view = desk_view_of(exchange);
	const struct desk_settings_page page = {
		.path = SERIES_PATH,
		.title = "Series",
		.lead = form->fields->len > 0
			    ? "Articles that belong together, in an order. "
			      "Which one an article is in stands in its editor."
			    : "No article is in a series yet. Give it the name "
			      "of one in its editor, under More details.",
		.fields =
		    (const struct desk_field *)(const void *)form->fields->data,
		.field_count = form->fields->len,
		.pages = desk_settings_pages(exchange),
	};

	return desk_view_settings(&view, &page, exchange->response->body);
}

enum status
show_desk_series(struct exchange *exchange)
{
	struct series_form form;
	enum status status;

	form_init(&form);
	status = fill(exchange, &form);
	if (status == STATUS_OK)
		status = show(exchange, &form);
	form_release(&form);
	return status;
}

/* Call each what was typed, in the transaction. STATUS_INVALID: its field says
 * what is wrong. */
static enum status
rename_all(struct exchange *exchange, struct series_form *form)
{
	enum status status = fill(exchange, form);
	bool is_wrong = false;

	for (guint i = 0; status == STATUS_OK && i < form->fields->len; i++) {
		const struct series *series = form->series->pdata[i];
		struct desk_field *field =
		    &g_array_index(form->fields, struct desk_field, i);
		const char *typed =
		    form_value(exchange->request->fields, field->name);
		g_autoptr(GError) error = NULL;

		/* One that came since the page was shown. */
		if (typed == NULL || strcmp(typed, series->name) == 0)
			continue;
		field->value = typed;
		status = series_rename(
		    desk_database_of(exchange), series->id, typed, &error);
		if (status != STATUS_INVALID && status != STATUS_CONFLICT)
			continue;
		field->problem = own(form, g_strdup(error->message));
		is_wrong = true;
		status = STATUS_OK;
	}
	return status == STATUS_OK && is_wrong ? STATUS_INVALID : status;
}

enum status
rename_series(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	struct series_form form;
	enum status status = site_begin_write(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	form_init(&form);
	status = site_end_write(site, rename_all(exchange, &form));
	if (status == STATUS_INVALID) {
		exchange->response->status = 422;
		status = show(exchange, &form);
	} else if (status == STATUS_OK) {
		log_info("desk.series", "account",
		    desk_session_of(exchange)->handle);
		desk_go_to(exchange, SERIES_PATH, "saved");
	}
	form_release(&form);
	return status;
}
