/*
 * desk_script.c - what a script of ours is told, in JSON.
 *
 * The script of the editor sends the very forms that work without it, with the
 * token in a header, where no form can put it. So it is known by that header,
 * and is told in few words what a person would be shown as a page.
 */
#include "config.h"

#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "http/request.h"
#include "http/response.h"

#include "desk_article.h"
#include "desk_handler.h"

bool
desk_is_script(const struct exchange *exchange)
{
	return exchange->request->form_token != NULL;
}

void
desk_answer_json(struct exchange *exchange, const char *json)
{
	exchange->response->content_type = "application/json; charset=utf-8";
	g_string_assign(exchange->response->body, json);
	g_string_append_c(exchange->response->body, '\n');
}

void
desk_answer_problem(
    struct exchange *exchange, int http_status, const char *reason)
{
	g_autoptr(GString) json = g_string_new("{");
	g_autofree char *problem =
	    g_strdup_printf("%s. %s", desk_error_title(http_status),
		reason != NULL ? reason : desk_error_advice(http_status));
	bool is_signed_out =
	    http_status == 403 && desk_session_of(exchange)->id == 0;

	text_append_json_member(json, "problem", problem);
	g_string_append_printf(
	    json, ",\"signed_out\":%s}", is_signed_out ? "true" : "false");
	exchange->response->status = http_status;
	desk_answer_json(exchange, json->str);
}

void
desk_answer_stored(struct exchange *exchange, const struct article_form *form,
    const GPtrArray *warnings)
{
	const struct desk_view view = desk_view_of(exchange);
	g_autofree char *now = date_format_rfc3339(view.now, desk_zone(&view));
	g_autoptr(GString) json = g_string_new(NULL);

	/* "2026-05-30T14:02:...": the author's clock. */
	now[strlen("2026-05-30T14:02")] = '\0';
	g_string_printf(json,
	    "{\"id\":%" G_GINT64_FORMAT ",\"version\":%" G_GINT64_FORMAT,
	    form->shown.id, form->shown.version);
	text_append_json_member(json, "slug", form->shown.slug);
	text_append_json_member(json, "at", now + strlen("2026-05-30T"));
	article_form_append_renewed(form, json);
	g_string_append(json, ",\"warnings\":[");
	for (guint i = 0; warnings != NULL && i < warnings->len; i++) {
		if (i > 0)
			g_string_append_c(json, ',');
		text_append_json(json, g_ptr_array_index(warnings, i));
	}
	g_string_append(json, "]}");
	desk_answer_json(exchange, json->str);
}

void
desk_answer_invalid(struct exchange *exchange, const struct article_form *form)
{
	g_autoptr(GString) json = g_string_new("{");

	text_append_json_member(json, "problem",
	    form->shown.problem != NULL ? form->shown.problem
					: "Something in the form cannot stay "
					  "as it is.");
	g_string_append_c(json, ',');
	article_form_append_problems(form, json);
	g_string_append_c(json, '}');
	exchange->response->status = 422;
	desk_answer_json(exchange, json->str);
}
