/*
 * export_tables.c - what stands beside the articles, as JSON.
 *
 * What must hold: of an account only what readers and other authors see; never
 * what lets somebody in.
 */
#include "config.h"

#include "base/date.h"
#include "base/text.h"
#include "model/author.h"
#include "model/export.h"
#include "model/media.h"
#include "model/redirect.h"
#include "model/setting.h"
#include "model/site.h"
#include "model/term_edit.h"

/* Rows that are read at once. */
#define ROWS 500

/* Begin another object of the array at the end of `out`. */
static void
begin_row(GString *out)
{
	g_string_append(out, out->str[out->len - 1] == '[' ? "\n{" : ",\n{");
}

static void
append_flag(GString *out, const char *name, bool is_set)
{
	g_string_append_printf(
	    out, ",\"%s\":%s", name, is_set ? "true" : "false");
}

static void
append_number(GString *out, const char *name, int64_t number)
{
	g_string_append_printf(out, ",\"%s\":%" G_GINT64_FORMAT, name, number);
}

static void
append_optional(GString *out, const char *name, const char *text)
{
	if (text != NULL && *text != '\0')
		text_append_json_member(out, name, text);
}

static void
append_time(GString *out, const char *name, int64_t time)
{
	g_autofree char *text = date_format_rfc3339(time, NULL);

	text_append_json_member(out, name, text);
}

static void
append_setting(const char *key, const char *value, void *data)
{
	GString *out = data;

	g_string_append_c(out, '\n');
	if (out->str[out->len - 2] != '{')
		g_string_insert_c(out, (gssize)out->len - 1, ',');
	text_append_json(out, key);
	g_string_append_c(out, ':');
	text_append_json(out, value);
}

enum status
export_settings(struct site *site, GString *out)
{
	enum status status;

	g_string_append_c(out, '{');
	status =
	    setting_each(site->database, &site->settings, append_setting, out);
	g_string_append(out, "\n}\n");
	return status;
}

enum status
export_authors(struct site *site, GString *out)
{
	g_autoptr(GPtrArray) authors = NULL;
	enum status status = author_list(site->database, &authors);

	if (status != STATUS_OK)
		return status;
	g_string_append_c(out, '[');
	for (guint i = 0; i < authors->len; i++) {
		const struct author *author = g_ptr_array_index(authors, i);

		begin_row(out);
		text_append_json_member(out, "handle", author->handle);
		text_append_json_member(out, "name", author->name);
		append_optional(out, "email", author->email);
		text_append_json_member(
		    out, "role", author_role_name(author->role));
		append_optional(out, "job_title", author->job_title);
		append_optional(out, "biography", author->biography);
		append_optional(out, "picture", author->picture_path);
		append_optional(out, "website", author->website);
		append_optional(out, "time_zone", author->time_zone);
		append_flag(out, "disabled", author->is_disabled);
		g_string_append_c(out, '}');
	}
	g_string_append(out, "\n]\n");
	return STATUS_OK;
}

static void
append_term(GString *out, const struct term *term)
{
	begin_row(out);
	text_append_json_member(out, "slug", term->slug);
	text_append_json_member(out, "name", term->name);
	text_append_json_member(out, "description", term->description);
	append_number(out, "articles", term->article_count);
	g_string_append_c(out, '}');
}

static enum status
append_terms(struct site *site, enum term_kind kind, GString *out)
{
	guint got = ROWS;

	g_string_append_c(out, '[');
	for (int64_t page = 1; got == ROWS; page++) {
		g_autoptr(GPtrArray) terms = NULL;
		enum status status = term_edit_list(
		    site->database, kind, NULL, page, ROWS, &terms);

		if (status != STATUS_OK)
			return status;
		got = terms->len;
		for (guint i = 0; i < got; i++)
			append_term(out, g_ptr_array_index(terms, i));
	}
	g_string_append(out, "\n]\n");
	return STATUS_OK;
}

enum status
export_categories(struct site *site, GString *out)
{
	return append_terms(site, TERM_KIND_CATEGORY, out);
}

enum status
export_tags(struct site *site, GString *out)
{
	return append_terms(site, TERM_KIND_TAG, out);
}

enum status
export_redirects(struct site *site, GString *out)
{
	guint got = ROWS;

	g_string_append_c(out, '[');
	for (int64_t page = 1; got == ROWS; page++) {
		g_autoptr(GPtrArray) rows = NULL;
		enum status status =
		    redirect_list(site->database, NULL, page, ROWS, &rows);

		if (status != STATUS_OK)
			return status;
		got = rows->len;
		for (guint i = 0; i < got; i++) {
			const struct redirect *row = g_ptr_array_index(rows, i);

			begin_row(out);
			text_append_json_member(out, "from", row->path);
			append_optional(out, "to", row->target);
			append_flag(out, "to_article", row->article_id != 0);
			append_time(out, "created", row->created_at);
			g_string_append_c(out, '}');
		}
	}
	g_string_append(out, "\n]\n");
	return STATUS_OK;
}

enum status
export_media(struct site *site, GString *out)
{
	g_autoptr(GPtrArray) all = NULL;
	enum status status = media_list(site->database, &all);

	if (status != STATUS_OK)
		return status;
	g_string_append_c(out, '[');
	for (guint i = 0; i < all->len; i++) {
		const struct media *media = g_ptr_array_index(all, i);

		begin_row(out);
		text_append_json_member(out, "file", media->path);
		text_append_json_member(out, "name", media->original_name);
		text_append_json_member(out, "type", media->content_type);
		append_number(out, "size", media->size);
		text_append_json_member(out, "alt", media->alt);
		append_time(out, "created", media->created_at);
		g_string_append_c(out, '}');
	}
	g_string_append(out, "\n]\n");
	return STATUS_OK;
}
