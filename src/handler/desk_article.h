/*
 * desk_article.h - what the handlers of articles share. Private to the layer.
 */
#ifndef DESK_ARTICLE_H
#define DESK_ARTICLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "model/article_edit.h"
#include "view/desk_article_view.h"

struct database;
struct document;
struct exchange;
struct form;
struct writer;

/* What renders and saves; made when it is first needed. */
struct writer *desk_writer_of(const struct exchange *exchange);

/* Whether whoever is signed in may change the article: an editor any, an author
 * those of their own. */
bool desk_may_change(
    const struct exchange *exchange, const struct article_edit *edit);

/*
 * The article that the first {name} of the address is the id of, if whoever is
 * signed in may change it. STATUS_NOT_FOUND, STATUS_FORBIDDEN. In a
 * transaction. The caller frees it.
 */
MUST_CHECK enum status desk_read_article(
    struct exchange *exchange, struct article_edit **out_edit);

/* The same in a transaction of its own, for whoever has none. */
MUST_CHECK enum status desk_read_article_alone(
    struct exchange *exchange, struct article_edit **out_edit);

/* Go to a page of article `id`: "" for its editor, or "/revisions". */
void desk_go_to_article(
    struct exchange *exchange, int64_t id, const char *part, const char *said);

/* ---- desk_article_form.c: the form, and what it says ---- */

/* A form with what it owns. */
struct article_form {
	struct desk_article_form shown;
	GPtrArray *owned; /* char *, that `shown` points to */
	int problem_count;
};

void article_form_init(struct article_form *form);
void article_form_release(struct article_form *form);

/* What was sent, or kept in an autosave. A key that can be none is left out. */
void article_form_read(struct article_form *form, const struct form *fields);

/* The text, where it did not come with the form. */
void article_form_set_body(struct article_form *form, const char *body);

/* What is stored. */
void article_form_fill(
    struct article_form *form, const struct article_edit *edit);

/* A new one, by the author with this id, called `author`. */
void article_form_begin(
    struct article_form *form, int64_t author_id, const char *author);

/* Give it a key of its own, where none came with it. */
void article_form_make_key(struct article_form *form);

/*
 * Have the form call category, series and tags as `edit` does, what is stored
 * now, where nobody typed anything else: what was renamed or merged since the
 * form was made is meant by its former name. Where the article was saved since,
 * so that they may be others, all of a field counts, else each tag.
 */
void article_form_follow(
    struct article_form *form, const struct article_edit *edit);

/* Have the form know that what is stored now, `edit`, is what it was made of:
 * whom and what its names mean. */
void article_form_renew(
    struct article_form *form, const struct article_edit *edit);

/* Append the ids of the authors that the form names: as author_choice_find().
 */
MUST_CHECK enum status article_form_find_authors(
    const struct article_form *form, struct database *database, GArray *ids,
    GError **error);

/* Find what is wrong with single fields; false when something is. */
bool article_form_check(struct article_form *form);

/* The first thing that is wrong, for an answer that does not have the form;
 * NULL: nothing. */
const char *article_form_problem(const struct article_form *form);

/* Whether saving the form would change nothing of `edit`. */
bool article_form_is_stored(
    const struct article_form *form, const struct article_edit *edit);

/* The text of `form`, and over it the fields in which `other` is not like it, a
 * line each: what a comparison of the two shows. The caller frees it. */
char *article_form_make_comparable(
    const struct article_form *form, const struct article_form *other);

/* The draft that the form is, but for what comes from elsewhere (status, dates,
 * authors, what is derived); borrowed from `form`. */
void article_form_to_draft(
    struct article_form *form, struct article_draft *out_draft);

/* The form as it is kept. The caller frees it. */
char *article_form_serialize(const struct article_form *form);

/* Append what is wrong, as a member "problems" of JSON: {"title":"..."}. */
void article_form_append_problems(
    const struct article_form *form, GString *json);

/* Append what article_form_renew() has set, as a member "fields" of JSON:
 * [["version","2"],...], for the form to have. */
void article_form_append_renewed(
    const struct article_form *form, GString *json);

/* ---- desk_text_upload.c ---- */

/*
 * The form that was sent. A long text has come before it in pieces, and then
 * the form has the key of that in "body_piece" and no "body": STATUS_INVALID,
 * with words for a person, when it is not there whole. Begins a transaction of
 * its own.
 */
MUST_CHECK enum status desk_read_form(
    struct exchange *exchange, struct article_form *form);

/* ---- desk_script.c ---- */

/* Tell a script what is stored: {"id":1,"version":2,"slug":"a"}, and what its
 * form is to have in hidden fields from then on. */
void desk_answer_stored(struct exchange *exchange,
    const struct article_form *form, const GPtrArray *warnings);

/* Tell a script what is wrong in which field; 422. */
void desk_answer_invalid(
    struct exchange *exchange, const struct article_form *form);

/* ---- desk_draft.c ---- */

/* Store the form as a draft beside its article, in a transaction of its own. */
MUST_CHECK enum status desk_store_draft(
    struct exchange *exchange, const struct article_form *form);

/*
 * Read into `form` what the author who is signed in has typed in the editor
 * with `key` and not saved. STATUS_NOT_FOUND. In a transaction.
 */
MUST_CHECK enum status desk_read_draft(struct exchange *exchange,
    int64_t article_id, const char *key, struct article_form *form);

/* Show the page of an article, public or not, as readers will see it. */
MUST_CHECK enum status desk_show_as_page(
    struct exchange *exchange, struct article *article);

/* ---- desk_save.c ---- */

/* What a save is to make of an article: a draft stays one, and what is
 * published or scheduled stays that, unless it says something else. */
struct article_wish {
	bool is_untrashed; /* it is taken out of the trash */
	bool has_status;   /* and is from now on what the next two say */
	enum article_status status;
	int64_t published_at; /* 0: not set */
};

/*
 * Render and save the form. STATUS_INVALID: the form says what is wrong;
 * STATUS_CONFLICT: somebody saved since, `out_edit` is what is stored now (the
 * caller frees it); STATUS_OK: `form->shown.id` is the article's.
 */
MUST_CHECK enum status desk_save(struct exchange *exchange,
    struct article_form *form, const struct article_wish *wish,
    GPtrArray *warnings, struct article_edit **out_edit);

/* Add what the text of `edit` may not be meant to say to `warnings`: char *,
 * for the caller to free. */
MUST_CHECK enum status desk_find_warnings(struct exchange *exchange,
    const struct article_edit *edit, GPtrArray *warnings);

/* Show the editor with the form: `edit` is what is stored, or NULL. */
MUST_CHECK enum status desk_show_editor(struct exchange *exchange,
    const struct article_form *form, const struct article_edit *edit);

#endif
