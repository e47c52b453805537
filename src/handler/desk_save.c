/*
 * desk_save.c - the one way in which the desk changes an article.
 *
 * What must hold: nothing is locked while the text is rendered; a save is whole
 * or not at all; one that began from an older version than the stored one
 * changes nothing and says so; the same form makes one article, however often
 * it is sent; where nothing would be another, there is no other version.
 */
#include "config.h"

#include <string.h>

#include "base/token.h"
#include "http/request.h"
#include "model/article.h"
#include "model/autosave.h"
#include "model/media.h"
#include "model/site.h"
#include "model/writer.h"

#include "desk_article.h"
#include "desk_handler.h"

#define HASH_DIGITS 32

/* A save under way. */
struct save {
	struct exchange *exchange;
	struct article_form *form;
	const struct article_wish *wish;
	struct document document;
	char *hash;                /* of the form as it was sent */
	struct article_edit *edit; /* what is stored; NULL: nothing yet */
	GArray *author_ids;        /* int64_t, who are to be its authors */
	bool is_done;              /* the same form was sent before */
	GError *error;
};

struct writer *
desk_writer_of(const struct exchange *exchange)
{
	struct desk_application *application =
	    desk_visit_of(exchange)->application;

	if (application->writer == NULL)
		application->writer = writer_new(application->site);
	return application->writer;
}

static const char *
keep_words(struct article_form *form, const GError *error)
{
	char *words = g_strdup(error->message);

	g_ptr_array_add(form->owned, words);
	return words;
}

static enum status
render(struct save *save)
{
	struct desk_article_form *shown = &save->form->shown;
	enum status status =
	    writer_render(desk_writer_of(save->exchange), shown->id,
		shown->title, shown->body, &save->document, &save->error);

	if (status != STATUS_INVALID && status != STATUS_TOO_LARGE)
		return status;
	shown->body_problem = keep_words(save->form, save->error);
	return STATUS_INVALID;
}

/* ---- inside the transaction ---- */

/* The article that this form has made before: all is done if it said the same
 * then, else it is an older version of it. Whoever knows the key of another's
 * form learns nothing by it. */
static enum status
look_for_created(struct save *save)
{
	struct desk_article_form *shown = &save->form->shown;
	struct database *database = desk_database_of(save->exchange);
	g_autofree char *hash = NULL;
	int64_t id;
	enum status status =
	    article_find_created(database, shown->key, &id, &hash);

	if (status != STATUS_OK)
		return status == STATUS_NOT_FOUND ? STATUS_OK : status;
	status = article_edit_read(database, id, &save->edit);
	if (status != STATUS_OK)
		return status;
	if (!desk_may_change(save->exchange, save->edit)) {
		desk_log_refused(save->exchange);
		return desk_fail(save->exchange, STATUS_FORBIDDEN,
		    "This article is another author's.");
	}
	save->is_done = g_strcmp0(hash, save->hash) == 0;
	if (!save->is_done)
		return STATUS_CONFLICT;
	shown->id = id;
	article_form_renew(save->form, save->edit);
	return STATUS_OK;
}

/* Whether all is as it is wanted already: a form that was sent twice. */
static bool
is_as_wanted(const struct save *save)
{
	const struct article_wish *wish = save->wish;
	const struct article_edit *edit = save->edit;

	return (!wish->has_status ||
		   (wish->status == edit->status &&
		       wish->published_at == edit->published_at)) &&
	       article_form_is_stored(save->form, edit);
}

/* The article as it is stored at this moment, and whether it may be saved. */
static enum status
read_stored(struct save *save)
{
	struct desk_article_form *shown = &save->form->shown;
	enum status status;

	if (shown->id == 0)
		return look_for_created(save);
	status = desk_read_article(save->exchange, &save->edit);
	if (status != STATUS_OK)
		return status;
	if (save->edit->trashed_at != 0 && !save->wish->is_untrashed) {
		shown->problem = "It is in the trash: take it out first.";
		return STATUS_INVALID;
	}
	if (save->edit->version == shown->version)
		return STATUS_OK;
	save->is_done = is_as_wanted(save);
	if (!save->is_done)
		return STATUS_CONFLICT;
	article_form_renew(save->form, save->edit);
	return STATUS_OK;
}

static enum status
choose_slug(struct save *save)
{
	struct desk_article_form *shown = &save->form->shown;
	char *slug;
	enum status status;

	if (shown->slug[0] != '\0')
		return STATUS_OK;
	status = article_make_slug(
	    desk_database_of(save->exchange), shown->title, shown->id, &slug);
	if (status == STATUS_CONFLICT) {
		shown->slug_problem = "Please choose one: there are too many "
				      "that are called like this.";
		return STATUS_INVALID;
	}
	if (status != STATUS_OK)
		return status;
	g_ptr_array_add(save->form->owned, slug);
	shown->slug = slug;
	return STATUS_OK;
}

/* How large the cover is: as it was found before, unless nobody knew. */
static enum status
find_cover(struct save *save, struct article_draft *draft)
{
	const struct article_edit *edit = save->edit;

	if (edit != NULL && edit->cover_width != 0 &&
	    g_strcmp0(edit->cover_path, draft->cover_path) == 0) {
		draft->cover_width = edit->cover_width;
		draft->cover_height = edit->cover_height;
		return STATUS_OK;
	}
	return media_find_extent(desk_database_of(save->exchange),
	    draft->cover_path, &draft->cover_width, &draft->cover_height);
}

/* ---- who wrote it ---- */

/* The words for an author who would take somebody out, or NULL. Only an editor
 * does that: nobody loses an article to a co-author, or by a slip. */
static const char *
find_taken_out(const struct save *save, const GArray *stored)
{
	const struct session *session = desk_session_of(save->exchange);

	if (session->role != AUTHOR_ROLE_AUTHOR)
		return NULL;
	if (!article_ids_include(save->author_ids, session->author_id))
		return "You would lose this article: please stay one of its "
		       "authors. An editor can take you out.";
	for (guint i = 0; stored != NULL && i < stored->len; i++)
		if (!article_ids_include(
			save->author_ids, g_array_index(stored, int64_t, i)))
			return "Only an editor can take another author out.";
	return NULL;
}

static enum status
refuse_authors(struct save *save, const char *problem)
{
	save->form->shown.authors_problem = problem;
	return STATUS_INVALID;
}

/* Who wrote it: whoever is named; of a new one where nobody is, whoever begins
 * it. */
static enum status
choose_authors(struct save *save)
{
	const struct session *session = desk_session_of(save->exchange);
	const GArray *stored =
	    save->edit != NULL ? save->edit->author_ids : NULL;
	const char *problem;
	enum status status;

	status = article_form_find_authors(save->form,
	    desk_database_of(save->exchange), save->author_ids, &save->error);
	if (status == STATUS_INVALID) {
		problem = keep_words(save->form, save->error);
		g_clear_error(&save->error);
		return refuse_authors(save, problem);
	}
	if (status != STATUS_OK)
		return status;
	if (save->author_ids->len == 0 && stored == NULL)
		g_array_append_val(save->author_ids, session->author_id);
	if (save->author_ids->len == 0 && stored != NULL && stored->len > 0)
		return refuse_authors(save, "An article has an author.");
	problem = find_taken_out(save, stored);
	return problem != NULL ? refuse_authors(save, problem) : STATUS_OK;
}

static void
fill_authors(const struct save *save, struct article_draft *draft)
{
	draft->saved_by = desk_session_of(save->exchange)->author_id;
	draft->author_ids =
	    (const int64_t *)(const void *)save->author_ids->data;
	draft->author_count = save->author_ids->len;
}

/* What stands first on the front page is for who edits the whole blog. */
static void
fill_pin(const struct save *save, struct article_draft *draft)
{
	const struct session *session = desk_session_of(save->exchange);
	int64_t stored = save->edit != NULL ? save->edit->pinned_at : 0;
	bool is_wanted = strcmp(save->form->shown.pinned, "true") == 0;

	if (session->role == AUTHOR_ROLE_AUTHOR || (is_wanted && stored != 0))
		draft->pinned_at = stored;
	else if (is_wanted)
		draft->pinned_at = save->exchange->request->now;
}

/* ---- storing ---- */

/*
 * Public or not, and since when. What is to stay as it is stays what it is at
 * this moment: a scheduled article may have been published since somebody
 * looked. One that waited in the trash is a draft: its time may have passed.
 */
static void
fill_status(const struct save *save, struct article_draft *draft)
{
	const struct article_wish *wish = save->wish;
	const struct article_edit *edit = save->edit;

	draft->status = ARTICLE_STATUS_DRAFT;
	if (wish->has_status) {
		draft->status = wish->status;
		draft->published_at = wish->published_at;
	} else if (edit != NULL) {
		if (!wish->is_untrashed ||
		    edit->status != ARTICLE_STATUS_SCHEDULED)
			draft->status = edit->status;
		draft->published_at = edit->published_at;
	}
}

static enum status
store_article(struct save *save)
{
	struct exchange *exchange = save->exchange;
	struct desk_article_form *shown = &save->form->shown;
	bool is_new = shown->id == 0;
	struct article_draft draft;
	enum status status;

	article_form_to_draft(save->form, &draft);
	fill_status(save, &draft);
	fill_authors(save, &draft);
	fill_pin(save, &draft);
	status = find_cover(save, &draft);
	if (status == STATUS_OK && save->wish->is_untrashed)
		status = article_untrash(desk_database_of(exchange), shown->id);
	if (status == STATUS_OK)
		status = writer_save(desk_writer_of(exchange), &draft,
		    &save->document, exchange->request->now, &shown->id,
		    &shown->version, &save->error);
	if (status == STATUS_OK && is_new)
		status = article_set_creation_key(desk_database_of(exchange),
		    shown->id, shown->key, save->hash);
	return status;
}

/* What article_save() refuses belongs to a field. */
static enum status
explain(struct save *save, enum status status)
{
	struct desk_article_form *shown = &save->form->shown;

	if (save->error == NULL ||
	    (status != STATUS_INVALID && status != STATUS_CONFLICT))
		return status;
	if (status == STATUS_CONFLICT)
		shown->slug_problem = keep_words(save->form, save->error);
	else
		shown->problem = keep_words(save->form, save->error);
	return STATUS_INVALID;
}

static bool
is_same_text(const char *one, const char *other)
{
	return strcmp(one != NULL ? one : "", other != NULL ? other : "") == 0;
}

/* Whether a save would change nothing: what is stored is what the form says,
 * and its text would be rendered as it was. */
static enum status
is_stored_already(struct save *save, bool *out_is_same)
{
	const struct document *document = &save->document;
	struct article *article;
	enum status status;

	*out_is_same = save->edit != NULL && !save->wish->is_untrashed &&
		       is_as_wanted(save);
	if (!*out_is_same)
		return STATUS_OK;
	status = article_read_any(
	    desk_database_of(save->exchange), save->edit->id, &article);
	if (status != STATUS_OK)
		return status;
	*out_is_same =
	    is_same_text(article->body_html, document->html) &&
	    is_same_text(article->contents_html, document->contents_html);
	article_free(article);
	return STATUS_OK;
}

/* Store what would change. Files that are there again have their use, too. */
static enum status
store_change(struct save *save)
{
	bool is_same;
	enum status status = is_stored_already(save, &is_same);

	if (status != STATUS_OK)
		return status;
	return is_same ? media_note_uses(desk_database_of(save->exchange),
			     save->edit->id, save->document.html)
		       : store_article(save);
}

/* Who goes on with the form goes on from what is stored by now. */
static enum status
renew_form(struct save *save)
{
	struct article_edit *stored;
	enum status status = article_edit_read(
	    desk_database_of(save->exchange), save->form->shown.id, &stored);

	if (status != STATUS_OK)
		return status;
	article_form_renew(save->form, stored);
	article_edit_free(stored);
	return STATUS_OK;
}

static enum status
store(struct save *save)
{
	struct exchange *exchange = save->exchange;
	struct desk_article_form *shown = &save->form->shown;
	enum status status = read_stored(save);

	if (status != STATUS_OK || save->is_done)
		return status;
	if (save->edit != NULL)
		article_form_follow(save->form, save->edit);
	status = choose_slug(save);
	if (status == STATUS_OK)
		status = choose_authors(save);
	if (status == STATUS_OK)
		status = explain(save, store_change(save));
	if (status == STATUS_OK)
		status = renew_form(save);
	if (status == STATUS_OK)
		status = autosave_remove(desk_database_of(exchange), shown->id,
		    desk_session_of(exchange)->author_id, shown->key);
	return status;
}

/* ---- all of it ---- */

/* Tells a form of a new article from one that says something else; versions are
 * of those that are stored. The caller frees it. */
static char *
hash_form(const struct article_form *form)
{
	struct article_form unstored = *form;
	g_autofree char *fields = NULL;

	unstored.shown.version = 0;
	fields = article_form_serialize(&unstored);

	return token_content_hash(fields, strlen(fields), HASH_DIGITS);
}

static void
save_release(struct save *save)
{
	article_edit_free(save->edit);
	g_array_unref(save->author_ids);
	writer_release(&save->document);
	g_free(save->hash);
	g_clear_error(&save->error);
}

static void
collect_warnings(const struct document *document, GPtrArray *warnings)
{
	for (guint i = 0; warnings != NULL && i < document->warnings->len;
	     i++) {
		const struct document_warning *warning = &g_array_index(
		    document->warnings, struct document_warning, i);

		g_ptr_array_add(warnings,
		    warning->line != 0 ? g_strdup_printf("Line %u: %s",
					     warning->line, warning->message)
				       : g_strdup(warning->message));
	}
}

enum status
desk_find_warnings(struct exchange *exchange, const struct article_edit *edit,
    GPtrArray *warnings)
{
	struct document document;
	g_autoptr(GError) error = NULL;
	enum status status = writer_render(desk_writer_of(exchange), edit->id,
	    edit->title, edit->body, &document, &error);

	if (status == STATUS_INVALID || status == STATUS_TOO_LARGE) {
		g_ptr_array_add(warnings, g_strdup(error->message));
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	collect_warnings(&document, warnings);
	writer_release(&document);
	return STATUS_OK;
}

enum status
desk_save(struct exchange *exchange, struct article_form *form,
    const struct article_wish *wish, GPtrArray *warnings,
    struct article_edit **out_edit)
{
	struct site *site = desk_site_of(exchange);
	struct save save = { .exchange = exchange, .form = form, .wish = wish };
	int64_t id = form->shown.id;
	enum status status = render(&save);

	if (status != STATUS_OK) {
		g_clear_error(&save.error);
		return status;
	}
	save.author_ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	save.hash = hash_form(form);
	status = site_begin_write(site, exchange->request->now);
	if (status == STATUS_OK)
		status = site_end_write(site, store(&save));
	if (status == STATUS_OK)
		collect_warnings(&save.document, warnings);
	else
		form->shown.id = id;
	if (status == STATUS_CONFLICT && out_edit != NULL)
		*out_edit = g_steal_pointer(&save.edit);
	save_release(&save);
	return status;
}
