/*
 * desk_handler.h - what the handlers of the desk share. Private to the layer.
 *
 * Who is signed in has been found, and let through by the guard of the route,
 * before a handler is called. A GET is answered inside one read transaction; a
 * POST came from a form of ours and begins its own transactions. What is not
 * this author's to change is STATUS_FORBIDDEN.
 */
#ifndef DESK_HANDLER_H
#define DESK_HANDLER_H

#include <glib.h>
#include <stdbool.h>

#include "base/status.h"
#include "handler/desk_routes.h"
#include "http/router.h"
#include "model/session.h"
#include "view/desk_view.h"

struct database;
struct form;
struct media_store;
struct one_time_link_draft;
struct sign_in_attempt;
struct sign_in_result;
struct site_view;

/* One request at the desk; what exchange->application points to. */
struct desk_visit {
	struct desk_application *application;
	struct session session; /* id 0: nobody is signed in */
	char *session_token;    /* of the cookie, or NULL */
	char *browser_token;
	char *form_secret; /* of the cookie, or a new one */
	bool is_new_secret;
	char *form_token; /* that stands in forms, made of the secret */
	GTimeZone *zone;  /* the author's own; NULL: the blog's */
	bool is_secure;   /* cookies are for https alone */
	/* What a handler wants to be said of an error, or NULL. */
	char *reason;
};

/* ---- what there is ---- */

struct desk_visit *desk_visit_of(const struct exchange *exchange);
struct site *desk_site_of(const struct exchange *exchange);
struct database *desk_database_of(const struct exchange *exchange);
const struct session *desk_session_of(const struct exchange *exchange);
struct desk_view desk_view_of(const struct exchange *exchange);

/* The same site as its readers see it. */
struct site_view desk_site_view_of(const struct exchange *exchange);

/* A field of the form that was sent, "" when it was not; of the query. */
const char *desk_field(const struct exchange *exchange, const char *name);
const char *desk_query(const struct exchange *exchange, const char *name);

/* A number of the form or the address; -1 when it is none. */
int64_t desk_number(const char *text);

/* Let a page show all visits that were noted until now. It leaves the read
 * transaction of a GET, and begins another one. */
MUST_CHECK enum status desk_count_visits(struct exchange *exchange);

/* ---- answers ---- */

/* See other: `path`, after which `said` (one of the words in desk_notice.c, or
 * NULL) is told. */
void desk_go_to(struct exchange *exchange, const char *path, const char *said);

/* What `said` means, or NULL. */
const char *desk_notice(const char *said);

/* Fail with `status` for a reason that a person can read. */
MUST_CHECK enum status desk_fail(struct exchange *exchange, enum status status,
    const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Log that whoever is signed in asked for what is not theirs. */
void desk_log_refused(const struct exchange *exchange);

/* Whether `path` leads to a page of the desk and nowhere else. */
bool desk_is_own_path(const char *path);

/* Seconds until `wait_until` in words for Retry-After and for a person, and the
 * answer's status: 429. The caller frees the words. */
char *desk_answer_too_often(struct exchange *exchange, int64_t wait_until);

/* ---- desk_script.c: what a script of ours is told ---- */

/* Whether a script of ours asks, which wants JSON and no page. */
bool desk_is_script(const struct exchange *exchange);

/* The answer is the JSON object whose members `json` has, with its braces. */
void desk_answer_json(struct exchange *exchange, const char *json);

/* The answer is an error in words: {"problem":"...","signed_out":false}. */
void desk_answer_problem(
    struct exchange *exchange, int http_status, const char *reason);

/* ---- desk_cookie.c: who comes, and from where ---- */

/* Read the cookies of the request into the visit. Where this browser has no
 * secret for its forms yet, one is made: `is_new_secret`. */
void desk_read_cookies(struct exchange *exchange);

/* Write them: a session that begins (NULL: ends), and how this browser is
 * known. */
void desk_set_session(struct exchange *exchange, const char *token);
void desk_set_browser(struct exchange *exchange, const char *token);
void desk_set_form_secret(struct exchange *exchange);

/* Fill what of `attempt` is known of whoever sent the request. The caller frees
 * address and network with desk_release_attempt(). */
void desk_fill_attempt(
    const struct exchange *exchange, struct sign_in_attempt *attempt);
void desk_release_attempt(struct sign_in_attempt *attempt);

/*
 * Begin a session of author `author_id`, who comes by a link that is used up in
 * that write transaction: either all of it is done or nothing. Once it is done,
 * the result is for desk_go_in().
 */
MUST_CHECK enum status desk_let_in(struct exchange *exchange, int64_t author_id,
    struct sign_in_result *out_result);

/* Give the browser its new session, end whatever session it had before, and go
 * on to `target`. Frees what `result` holds. */
void desk_go_in(struct exchange *exchange, struct sign_in_result *result,
    const char *target, const char *said);

/*
 * End every session of whoever is signed in, and begin one anew for this
 * browser, where what they may do or how they sign in has changed: in that
 * write transaction. Once it is done, the caller gives `out_token`, which is
 * theirs to free, to desk_set_session().
 */
MUST_CHECK enum status desk_renew_sessions(
    struct exchange *exchange, char **out_token);

/* ---- desk_confirm.c: who is signed in shows that once more ---- */

/*
 * Whether the field "password" of the form is the password of whoever is signed
 * in: STATUS_FORBIDDEN, or STATUS_TOO_LARGE after too many tries, with words
 * for the field and the status of the answer set; without words
 * STATUS_TOO_LARGE is a full disk. `out_hash` is for desk_change_access(). The
 * caller frees both.
 */
MUST_CHECK enum status desk_confirm_password(
    struct exchange *exchange, char **out_hash, char **out_words);

/* Whoever is signed in is known in this browser alone. In a write transaction.
 */
MUST_CHECK enum status desk_forget_other_browsers(struct exchange *exchange);

/*
 * Change what it takes to sign in by `change`, which gets `data`, in a write
 * transaction: all other sessions and known browsers end with it, and this
 * session has a new token. `event` is logged. STATUS_CONFLICT, with words,
 * where somebody has set the password anew since `compared_hash`; and as
 * `change`.
 */
MUST_CHECK enum status desk_change_access(struct exchange *exchange,
    const char *compared_hash,
    enum status (*change)(struct exchange *exchange, void *data), void *data,
    const char *event);

/* ---- desk_guard.c ---- */

/* STATUS_OK when the request was meant for us: STATUS_NOT_FOUND, it names
 * another host. */
MUST_CHECK enum status desk_check_host(const struct exchange *exchange);

/* Whether the blog is one that only its own machine reaches. */
bool desk_is_loopback(const struct exchange *exchange);

/* False when it is a form, and the browser says that another site sent it: then
 * the cookies of this browser may not have come with it. */
bool desk_comes_from_here(const struct exchange *exchange);

/* STATUS_OK when a form of this desk sent the request in this browser. */
MUST_CHECK enum status desk_check_origin(struct exchange *exchange);

/* Find who is signed in; nobody is no failure. In a transaction. */
MUST_CHECK enum status desk_find_session(struct exchange *exchange);

/* Whether whoever is signed in passes `guard`. */
bool desk_passes(const struct exchange *exchange, enum desk_guard guard);

/* ---- the handlers, by file ---- */

/* desk_session.c */
enum status show_sign_in(struct exchange *exchange);
enum status begin_session(struct exchange *exchange);
enum status end_session(struct exchange *exchange);

/* desk_setup.c */
enum status show_setup(struct exchange *exchange);
enum status set_up(struct exchange *exchange);

/* desk_link.c */
enum status show_reset(struct exchange *exchange);
enum status reset_password(struct exchange *exchange);
enum status show_invitation(struct exchange *exchange);
enum status accept_invitation(struct exchange *exchange);

/* desk_account.c */
enum status show_account(struct exchange *exchange);
enum status update_profile(struct exchange *exchange);
enum status change_email(struct exchange *exchange);
enum status change_password(struct exchange *exchange);
enum status end_one_session(struct exchange *exchange);
enum status end_other_sessions(struct exchange *exchange);

/* desk_codes.c */
enum status show_codes(struct exchange *exchange);
enum status begin_codes(struct exchange *exchange);
enum status renew_recovery_codes(struct exchange *exchange);
enum status end_codes(struct exchange *exchange);

/* desk_author.c */
/* STATUS_OK when author `author_id` has no account yet and can be given one (0:
 * a new author); STATUS_CONFLICT, with words. In a transaction. */
MUST_CHECK enum status desk_check_invited(
    struct exchange *exchange, int64_t author_id);
enum status show_author(struct exchange *exchange);
enum status update_author_profile(struct exchange *exchange);
enum status invite_as_author(struct exchange *exchange);

/* desk_authors.c */
/* Make the link of an invitation, and answer with the page that shows it. */
MUST_CHECK enum status desk_make_invitation(
    struct exchange *exchange, const struct one_time_link_draft *draft);
enum status show_authors(struct exchange *exchange);
enum status invite_author(struct exchange *exchange);
enum status end_invitation(struct exchange *exchange);
enum status update_author(struct exchange *exchange);
enum status set_access(struct exchange *exchange);

/* desk_media.c */
/* Where files are kept; made when it is first needed. Borrowed. */
struct media_store *desk_media_store(const struct exchange *exchange);
enum status show_media(struct exchange *exchange);
enum status upload_media(struct exchange *exchange);
enum status show_file(struct exchange *exchange);
enum status describe_file(struct exchange *exchange);
enum status delete_file(struct exchange *exchange);

/* desk_file_upload.c */
enum status begin_file_upload(struct exchange *exchange);
enum status write_file_upload(struct exchange *exchange);
enum status finish_file_upload(struct exchange *exchange);

/* desk_settings.c */
enum status go_to_settings(struct exchange *exchange);
enum status show_settings(struct exchange *exchange);
enum status update_settings(struct exchange *exchange);

/* desk_export.c */
enum status show_export(struct exchange *exchange);
enum status send_export(struct exchange *exchange);

/* desk_terms.c */
enum status show_desk_terms(struct exchange *exchange);
enum status show_desk_term(struct exchange *exchange);
enum status update_term(struct exchange *exchange);
enum status show_merge(struct exchange *exchange);
enum status merge_term(struct exchange *exchange);
enum status delete_term(struct exchange *exchange);

/* desk_redirects.c */
enum status show_redirects(struct exchange *exchange);
enum status add_redirect(struct exchange *exchange);
enum status remove_redirect(struct exchange *exchange);
enum status import_redirects(struct exchange *exchange);

/* desk_front.c */
enum status show_desk(struct exchange *exchange);

/* desk_articles.c */
enum status show_articles(struct exchange *exchange);
enum status begin_article(struct exchange *exchange);
enum status create_article(struct exchange *exchange);
enum status show_article_editor(struct exchange *exchange);
enum status update_article(struct exchange *exchange);
enum status trash_article(struct exchange *exchange);
enum status untrash_article(struct exchange *exchange);

/* desk_publication.c */
enum status show_publication(struct exchange *exchange);
enum status set_publication(struct exchange *exchange);

/* desk_sharing.c */
enum status show_sharing(struct exchange *exchange);
enum status share_article(struct exchange *exchange);
enum status end_sharing(struct exchange *exchange);
enum status show_shared(struct exchange *exchange);

/* desk_revisions.c */
enum status show_revisions(struct exchange *exchange);
enum status show_revision(struct exchange *exchange);
enum status restore_revision(struct exchange *exchange);

/* desk_draft.c */
enum status autosave_article(struct exchange *exchange);
enum status decide_draft(struct exchange *exchange);
enum status preview_article(struct exchange *exchange);
enum status preview_new_article(struct exchange *exchange);
enum status preview_text(struct exchange *exchange);

/* desk_text_upload.c */
enum status write_text_upload(struct exchange *exchange);

/* desk_files.c */
enum status show_desk_file(struct exchange *exchange);

#endif
