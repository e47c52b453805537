/*
 * desk_draft.c - what is kept of what was typed before it is saved, and how it
 * will look.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "model/autosave.h"
#include "model/media.h"
#include "model/series.h"
#include "model/site.h"
#include "model/writer.h"
#include "view/site_view.h"

#include "desk_article.h"
#include "desk_handler.h"

#define TERM_SIZE 100

/* ---- keeping ---- */

enum status
desk_store_draft(struct exchange *exchange, const struct article_form *form)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	g_autofree char *fields = article_form_serialize(form);
	const struct autosave autosave = {
		.article_id = form->shown.id,
		.editor_key = (char *)form->shown.key,
		.author_id = desk_session_of(exchange)->author_id,
		.version = form->shown.version,
		.fields = fields,
	};
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	return site_end_write(
	    site, autosave_store(site->database, &autosave, now));
}

enum status
desk_read_draft(struct exchange *exchange, int64_t article_id, const char *key,
    struct article_form *form)
{
	struct autosave autosave;
	struct form *fields = NULL;
	enum status status = autosave_find_by_key(desk_database_of(exchange),
	    article_id, desk_session_of(exchange)->author_id, key, &autosave);

	if (status != STATUS_OK)
		return status;
	status = form_parse(autosave.fields, strlen(autosave.fields), &fields);
	if (status == STATUS_OK)
		article_form_read(form, fields);
	form_free(fields);
	autosave_release(&autosave);
	return status;
}

/*
 * A new article is there from the first draft on, so that there is something to
 * keep drafts of. Where the answer to that first one was lost, the same editor
 * sends more of its text as a new article again: then that is a draft of the
 * one that it has made.
 */
static enum status
begin_article_of(
    struct exchange *exchange, struct article_form *form, bool *out_is_kept)
{
	const struct article_wish as_it_is = { 0 };
	struct article_edit *made = NULL;
	enum status status = desk_save(exchange, form, &as_it_is, NULL, &made);

	*out_is_kept = status == STATUS_OK;
	if (status != STATUS_CONFLICT || made == NULL)
		return status;
	form->shown.id = made->id;
	form->shown.version = made->version;
	article_edit_free(made);
	return STATUS_OK;
}

/* What the form is a draft of when not all of it can be saved as it is: an
 * article with no more than its title, if that can. */
static enum status
begin_bare_article_of(struct exchange *exchange, struct article_form *form)
{
	struct article_form bare;
	bool is_kept;
	enum status status;

	article_form_init(&bare);
	bare.shown.key = form->shown.key;
	bare.shown.kind = form->shown.kind;
	if (form->shown.title_problem == NULL)
		bare.shown.title = form->shown.title;
	status = begin_article_of(exchange, &bare, &is_kept);
	form->shown.id = bare.shown.id;
	form->shown.version = bare.shown.version;
	article_form_release(&bare);
	return status;
}

/* A draft is kept as it was typed, whatever its fields hold: what is wrong with
 * them is said when it is saved. */
static enum status
begin_kept(struct exchange *exchange, struct article_form *form)
{
	bool is_kept = false;
	enum status status = STATUS_INVALID;

	if (article_form_check(form))
		status = begin_article_of(exchange, form, &is_kept);
	if (status == STATUS_INVALID)
		status = begin_bare_article_of(exchange, form);
	if (status != STATUS_OK || is_kept)
		return status;
	return desk_store_draft(exchange, form);
}

/* Keep a draft: of the article in the address, or of a new one. */
enum status
autosave_article(struct exchange *exchange)
{
	struct article_edit *edit = NULL;
	struct article_form form;
	bool is_new = exchange->values[0][0] == '\0';
	enum status status = STATUS_OK;

	if (!is_new)
		status = desk_read_article_alone(exchange, &edit);
	if (status != STATUS_OK)
		return status;
	article_form_init(&form);
	if (edit != NULL)
		article_form_fill(&form, edit);
	status = desk_read_form(exchange, &form);
	if (form.shown.key[0] == '\0')
		article_form_make_key(&form);
	if (status == STATUS_OK)
		status = is_new ? begin_kept(exchange, &form)
				: desk_store_draft(exchange, &form);
	if (status == STATUS_OK) {
		desk_answer_stored(exchange, &form, NULL);
	} else if (status == STATUS_INVALID &&
		   article_form_problem(&form) != NULL) {
		desk_answer_invalid(exchange, &form);
		status = STATUS_OK;
	}
	article_form_release(&form);
	article_edit_free(edit);
	return status;
}

/* Go on with a draft, or throw it away. */
enum status
decide_draft(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	const char *key = desk_field(exchange, "key");
	struct article_edit *edit;
	enum status status = desk_read_article_alone(exchange, &edit);
	g_autofree char *part = NULL;

	if (status != STATUS_OK)
		return status;
	if (!text_is_key(key)) {
		status = STATUS_INVALID;
	} else if (strcmp(desk_field(exchange, "action"), "discard") != 0) {
		part = g_strdup_printf("?draft=%s", key);
		desk_go_to_article(exchange, edit->id, part, NULL);
	} else {
		status = site_begin_write(site, exchange->request->now);
		if (status == STATUS_OK)
			status = site_end_write(site,
			    autosave_remove(site->database, edit->id,
				desk_session_of(exchange)->author_id, key));
		if (status == STATUS_OK)
			desk_go_to_article(exchange, edit->id, "", "discarded");
	}
	article_edit_free(edit);
	return status;
}

/* ---- looking ---- */

static void
replace(char **text, const char *with)
{
	g_free(*text);
	*text = g_strdup(with);
}

/* The term called `name` as it would be; "": none. */
static struct article_term
make_term(const char *name)
{
	if (name[0] == '\0')
		return (struct article_term){ 0 };
	return (struct article_term){
		.id = -1,
		.slug = text_slug(name, TERM_SIZE),
		.name = g_strdup(name),
	};
}

static void
apply_terms(struct article_summary *summary, const struct article_draft *draft)
{
	article_term_release(&summary->category);
	summary->category = make_term(draft->category);
	g_array_set_size(summary->tags, 0);
	for (size_t i = 0; draft->tags[i] != NULL; i++) {
		struct article_term tag = make_term(draft->tags[i]);

		g_array_append_val(summary->tags, tag);
	}
}

/* Put what was typed into `article`, which is then as it would be. */
static void
apply(const struct article_draft *draft, const struct document *document,
    struct article *article)
{
	struct article_summary *summary = &article->summary;
	bool has_cover = text_is_given(draft->cover_path);

	replace(&summary->title, draft->title);
	replace(&summary->excerpt,
	    text_is_given(draft->summary) ? draft->summary : document->excerpt);
	replace(&summary->language, draft->language);
	replace(&summary->direction, draft->direction);
	replace(&article->description, draft->description);
	replace(&summary->cover_path, has_cover ? draft->cover_path : NULL);
	replace(&summary->cover_alt, draft->cover_alt);
	replace(&article->body_html, document->html);
	replace(&article->contents_html, document->contents_html);
	summary->kind = draft->kind;
	summary->minutes = document->minutes;
	article->has_typed_excerpt = text_is_given(draft->summary);
	apply_terms(summary, draft);
}

/* The series that was typed: one that is there, or that there would be. */
static enum status
apply_series(struct database *database, const struct article_draft *draft,
    struct article *article)
{
	enum status status;

	g_clear_pointer(&article->series, g_free);
	article->series_id = 0;
	article->series_number = draft->series_number > 0
				     ? draft->series_number
				     : ARTICLE_SERIES_LAST + 1;
	if (!text_is_given(draft->series))
		return STATUS_OK;
	article->series = g_strdup(draft->series);
	status = series_find(database, draft->series, &article->series_id);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The authors that were typed; who they are now, where those are none. */
static enum status
apply_authors(struct database *database, const struct article_form *form,
    struct article *article)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	enum status status =
	    article_form_find_authors(form, database, ids, NULL);

	if (status == STATUS_INVALID || (status == STATUS_OK && ids->len == 0))
		return STATUS_OK;
	return status == STATUS_OK
		   ? article_show_authors(database, article, ids)
		   : status;
}

static enum status
render_draft(struct exchange *exchange, struct article_form *form,
    struct article *article)
{
	g_autoptr(GError) error = NULL;
	struct article_draft draft;
	struct document document;
	enum status status =
	    writer_render(desk_writer_of(exchange), article->summary.id,
		form->shown.title, form->shown.body, &document, &error);

	if (status == STATUS_INVALID || status == STATUS_TOO_LARGE)
		return desk_fail(
		    exchange, STATUS_INVALID, "%s", error->message);
	if (status != STATUS_OK)
		return status;
	article_form_to_draft(form, &draft);
	status = media_find_extent(desk_database_of(exchange), draft.cover_path,
	    &article->summary.cover_width, &article->summary.cover_height);
	if (status == STATUS_OK) {
		if (article->cover_sizes != NULL)
			g_array_unref(article->cover_sizes);
		article->cover_sizes = NULL;
		status = media_list_sizes(desk_database_of(exchange),
		    draft.cover_path, &article->cover_sizes);
	}
	if (status == STATUS_OK)
		apply(&draft, &document, article);
	writer_release(&document);
	if (status == STATUS_OK)
		status =
		    apply_series(desk_database_of(exchange), &draft, article);
	return status == STATUS_OK
		   ? apply_authors(desk_database_of(exchange), form, article)
		   : status;
}

/* The same with what is kept by `key`, if anything is. */
static enum status
apply_draft(struct exchange *exchange, const char *key,
    const struct article_edit *edit, struct article *article)
{
	struct article_form form;
	enum status status;

	article_form_init(&form);
	status = desk_read_draft(exchange, edit->id, key, &form);
	if (status == STATUS_OK) {
		article_form_follow(&form, edit);
		status = render_draft(exchange, &form, article);
	}
	article_form_release(&form);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The policy of a page, but that the desk may hold it in a frame. It is there
 * until the next one. */
static const char *
make_preview_policy(const struct exchange *exchange)
{
	struct desk_application *application =
	    desk_visit_of(exchange)->application;
	g_autofree char *policy = response_make_policy(
	    (const char *const *)application->site->blog.iframe_hosts);
	g_auto(GStrv) parts = g_strsplit(policy, "frame-ancestors 'none'", 2);

	g_free(application->preview_policy);
	application->preview_policy =
	    g_strjoinv("frame-ancestors 'self'", parts);
	return application->preview_policy;
}

/* Show the page as readers will see it; the desk may hold it in a frame. */
enum status
desk_show_as_page(struct exchange *exchange, struct article *article)
{
	const struct site_view view = desk_site_view_of(exchange);
	struct article_page page = { .article = article };
	struct response *response = exchange->response;
	struct article_series *series;
	enum status status;

	response->content_security_policy = make_preview_policy(exchange);
	if (article->summary.published_at == 0)
		article->summary.published_at = view.now;
	if (article->summary.kind == ARTICLE_KIND_PAGE)
		return site_view_standing_page(&view, article, response->body);
	status = article_find_series(
	    desk_database_of(exchange), article, view.now, &series);
	if (status != STATUS_OK)
		return status;
	page.series = series;
	status = site_view_article(&view, &page, response->body);
	article_series_free(series);
	return status;
}

enum status
preview_article(struct exchange *exchange)
{
	const char *key = desk_query(exchange, "key");
	struct article_edit *edit;
	struct article *article = NULL;
	enum status status = desk_read_article(exchange, &edit);

	if (status != STATUS_OK)
		return status;
	status =
	    article_read_any(desk_database_of(exchange), edit->id, &article);
	if (status == STATUS_OK && *key != '\0')
		status = apply_draft(exchange, key, edit, article);
	if (status == STATUS_OK)
		status = desk_show_as_page(exchange, article);
	article_free(article);
	article_edit_free(edit);
	return status;
}

/* The page of an article that has no text yet, for a preview to be put into. */
enum status
preview_new_article(struct exchange *exchange)
{
	struct article *article = g_new0(struct article, 1);
	enum status status;

	article->summary.kind = ARTICLE_KIND_ARTICLE;
	article->summary.path = g_strdup("/");
	article->summary.title = g_strdup("New article");
	article->summary.minutes = 1;
	status = desk_show_as_page(exchange, article);
	article_free(article);
	return status;
}

static void
answer_rendered(struct exchange *exchange, const struct document *document)
{
	g_autoptr(GString) json = g_string_new(NULL);

	g_string_printf(json, "{\"words\":%u,\"minutes\":%u",
	    document->word_count, document->minutes);
	text_append_json_member(json, "html", document->html);
	text_append_json_member(json, "contents", document->contents_html);
	g_string_append_c(json, '}');
	desk_answer_json(exchange, json->str);
}

static enum status
render(struct exchange *exchange, int64_t id, const struct article_form *form,
    struct document *out_document, GError **error)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = writer_render(desk_writer_of(exchange), id, form->shown.title,
	    form->shown.body, out_document, error);
	site_end_read(site);
	return status;
}

/* Render what was sent, for the preview beside the text. */
enum status
preview_text(struct exchange *exchange)
{
	int64_t id = MAX(desk_number(desk_field(exchange, "id")), 0);
	g_autoptr(GError) error = NULL;
	struct document document;
	struct article_form form;
	enum status status;

	article_form_init(&form);
	status = desk_read_form(exchange, &form);
	if (status == STATUS_OK)
		status = render(exchange, id, &form, &document, &error);
	if (status == STATUS_OK) {
		answer_rendered(exchange, &document);
		writer_release(&document);
	} else if (error != NULL &&
		   (status == STATUS_INVALID || status == STATUS_TOO_LARGE)) {
		form.shown.problem = error->message;
		desk_answer_invalid(exchange, &form);
		status = STATUS_OK;
	}
	article_form_release(&form);
	return status;
}
