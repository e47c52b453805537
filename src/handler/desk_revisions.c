/*
 * desk_revisions.c - what was saved before, and how to have it back.
 *
 * All of a revision is compared with what is stored now. What comes back is the
 * article's own: its texts, cover, language, where it appeared first. Names and
 * addresses do not: a tag may have been merged into another on purpose, which a
 * restored name would make anew, a category may be part of the address, the
 * slug another's by now, and who is no author any more may have been taken out
 * by an editor. Whoever wants one of them back reads here what it was, and
 * types it. What a revision does not know, since it is older than the column
 * for it, stays as it is.
 */
#include "config.h"

#include <string.h>

#include "base/text_difference.h"
#include "http/request.h"
#include "http/response.h"
#include "model/media.h"
#include "model/revision.h"
#include "model/site.h"

#include "desk_article.h"
#include "desk_handler.h"

#define MOST_REVISIONS 500

enum status
show_revisions(struct exchange *exchange)
{
	const struct desk_view view = desk_view_of(exchange);
	g_autoptr(GPtrArray) revisions = NULL;
	struct article_edit *edit;
	enum status status = desk_read_article(exchange, &edit);

	if (status != STATUS_OK)
		return status;
	status = revision_list(
	    desk_database_of(exchange), edit->id, MOST_REVISIONS, &revisions);
	if (status == STATUS_OK) {
		const struct desk_revisions_page page = { .edit = edit,
			.revisions = revisions };

		status =
		    desk_view_revisions(&view, &page, exchange->response->body);
	}
	article_edit_free(edit);
	return status;
}

/* The revision that the address names, in a transaction. */
static enum status
read_revision(struct exchange *exchange, const struct article_edit *edit,
    struct revision **out_revision)
{
	int64_t version = desk_number(exchange->values[1]);

	return version < 1 ? STATUS_NOT_FOUND
			   : revision_read(desk_database_of(exchange), edit->id,
				 version, out_revision);
}

/* Have a field of a form say what a revision does, if that knows it. */
static void
take(const char **field, const char *kept)
{
	if (kept != NULL)
		*field = kept;
}

static void
take_cover(struct article_form *form, const struct revision *revision)
{
	take(&form->shown.cover_path, revision->cover_path);
	take(&form->shown.cover_alt, revision->cover_alt);
}

/* A cover whose file was deleted since would be a picture that is broken: it
 * does not come back, nor what it shows. In a transaction. */
static enum status
look_for_cover(struct exchange *exchange, const struct article_edit *edit,
    const struct revision *revision, bool *out_is_lost)
{
	g_autofree char *address = NULL;
	enum status status;

	if (revision->cover_path == NULL ||
	    !g_str_has_prefix(revision->cover_path, "/media/") ||
	    g_strcmp0(revision->cover_path, edit->cover_path) == 0) {
		*out_is_lost = false;
		return STATUS_OK;
	}
	status = media_find_image(
	    desk_database_of(exchange), revision->cover_path, &address);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	*out_is_lost = status == STATUS_NOT_FOUND;
	return STATUS_OK;
}

/* The article with what comes back of `revision`. */
static void
fill_form(struct article_form *form, const struct article_edit *edit,
    const struct revision *revision, bool is_cover_lost)
{
	struct desk_article_form *shown = &form->shown;

	article_form_fill(form, edit);
	take(&shown->title, revision->title);
	take(&shown->excerpt, revision->summary);
	take(&shown->body, revision->body);
	take(&shown->description, revision->description);
	take(&shown->language, revision->language);
	take(&shown->direction, revision->direction);
	take(&shown->canonical_url, revision->canonical_url);
	if (!is_cover_lost)
		take_cover(form, revision);
}

/* And what is compared alone. */
static void
fill_rest(struct article_form *form, const struct revision *revision)
{
	struct desk_article_form *shown = &form->shown;

	take_cover(form, revision);
	take(&shown->slug, revision->slug);
	take(&shown->category, revision->category);
	take(&shown->tags, revision->tags);
	take(&shown->series, revision->series);
	take(&shown->series_number, revision->series_number);
	take(&shown->authors, revision->authors);
}

static enum status
show(struct exchange *exchange, const struct article_edit *edit,
    const struct revision *revision, bool is_cover_lost)
{
	const struct desk_view view = desk_view_of(exchange);
	struct desk_revision_page page = { .edit = edit, .revision = revision };
	g_autofree char *old_text = NULL;
	g_autofree char *new_text = NULL;
	g_autoptr(GArray) difference = NULL;
	struct article_form former, stored;

	article_form_init(&former);
	article_form_init(&stored);
	fill_form(&former, edit, revision, is_cover_lost);
	page.is_restorable = !article_form_is_stored(&former, edit);
	fill_rest(&former, revision);
	article_form_fill(&stored, edit);
	page.old_text = old_text =
	    article_form_make_comparable(&former, &stored);
	page.new_text = new_text =
	    article_form_make_comparable(&stored, &former);
	page.difference = difference = text_difference(
	    old_text, strlen(old_text), new_text, strlen(new_text));
	article_form_release(&former);
	article_form_release(&stored);
	return desk_view_revision(&view, &page, exchange->response->body);
}

enum status
show_revision(struct exchange *exchange)
{
	struct article_edit *edit;
	struct revision *revision = NULL;
	bool is_cover_lost = false;
	enum status status = desk_read_article(exchange, &edit);

	if (status != STATUS_OK)
		return status;
	status = read_revision(exchange, edit, &revision);
	if (status == STATUS_OK)
		status =
		    look_for_cover(exchange, edit, revision, &is_cover_lost);
	if (status == STATUS_OK)
		status = show(exchange, edit, revision, is_cover_lost);
	revision_free(revision);
	article_edit_free(edit);
	return status;
}

/* Both in one snapshot, for a POST. */
static enum status
look_at_both(struct exchange *exchange, struct article_edit **out_edit,
    struct revision **out_revision, bool *out_is_cover_lost)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = desk_read_article(exchange, out_edit);
	if (status == STATUS_OK)
		status = read_revision(exchange, *out_edit, out_revision);
	if (status == STATUS_OK)
		status = look_for_cover(
		    exchange, *out_edit, *out_revision, out_is_cover_lost);
	site_end_read(site);
	return status;
}

/* What the revision says becomes what the article does, by a save like any
 * other: what was stored until now is a revision too. */
static enum status
restore(struct exchange *exchange, const struct article_edit *edit,
    const struct revision *revision, bool is_cover_lost)
{
	const struct article_wish as_it_is = { 0 };
	struct article_form form;
	enum status status;

	article_form_init(&form);
	fill_form(&form, edit, revision, is_cover_lost);
	form.shown.version = desk_number(desk_field(exchange, "version"));
	status = desk_save(exchange, &form, &as_it_is, NULL, NULL);
	if (status == STATUS_INVALID)
		status = desk_fail(
		    exchange, status, "%s", article_form_problem(&form));
	if (status == STATUS_OK)
		desk_go_to_article(exchange, edit->id, "", "restored");
	article_form_release(&form);
	return status;
}

enum status
restore_revision(struct exchange *exchange)
{
	struct article_edit *edit = NULL;
	struct revision *revision = NULL;
	bool is_cover_lost = false;
	enum status status =
	    look_at_both(exchange, &edit, &revision, &is_cover_lost);

	if (status == STATUS_OK)
		status = restore(exchange, edit, revision, is_cover_lost);
	revision_free(revision);
	article_edit_free(edit);
	return status;
}
