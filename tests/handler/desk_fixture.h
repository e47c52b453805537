/*
 * desk_fixture.h - a blog in a temporary site directory, and a browser at its
 * desk, which keeps cookies and asks through desk_respond().
 */
#ifndef TESTS_HANDLER_DESK_FIXTURE_H
#define TESTS_HANDLER_DESK_FIXTURE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "fixture.h"
#include "handler/desk_routes.h"
#include "model/author.h"
#include "model/site.h"

/* The time of the first request: 2026-05-28T20:26:40Z, a Thursday. */
#define DESK_NOW  INT64_C(1780000000)
#define DESK_DAY  INT64_C(86400)
#define DESK_HOUR INT64_C(3600)

struct desk_fixture {
	char *parent; /* of the site directory */
	struct site *site;
	struct desk_application application;
	GHashTable *cookies;  /* of the browser, by name */
	struct answer answer; /* to the last request */
	int64_t now;          /* of the next one */
	int64_t owner_id;     /* Ada Lovelace: ada@example.org */
};

/* For cmocka: `state` becomes a struct desk_fixture *. Ada is signed in. */
int desk_fixture_set_up(void **state);
/* The same at https://example.org/blog. */
int desk_fixture_set_up_below(void **state);
/* Nobody is signed in, and Ada has no password yet. */
int desk_fixture_set_up_new(void **state);
int desk_fixture_tear_down(void **state);

/* ---- asking ---- */

/*
 * Ask for `target` with the cookies of the browser; `body` may be NULL. More
 * variables ("HTTP_ORIGIN=...") may follow, ended by NULL; each takes the place
 * of the one that a browser would send. Borrowed until the next request.
 */
const struct answer *desk_ask(struct desk_fixture *fixture, const char *method,
    const char *target, const char *body, ...) G_GNUC_NULL_TERMINATED;

/* GET `target`. */
const struct answer *desk_get(struct desk_fixture *fixture, const char *target);

/*
 * Send a form: names and values in turn, ended by NULL, and the token that the
 * forms of this browser have.
 */
const struct answer *desk_post(struct desk_fixture *fixture, const char *target,
    ...) G_GNUC_NULL_TERMINATED;

/* The token that the forms of this browser have. The caller frees it. */
char *desk_form_token(struct desk_fixture *fixture);

/* The first value="..." after `mark` in the last answer, decoded; fails where
 * there is none. The caller frees it. */
char *desk_value_after(const struct desk_fixture *fixture, const char *mark);

/* ---- who ---- */

/* Go on as another author, made for it: "Grace", an editor or author, or as Ada
 * again. Returns whose id. */
int64_t desk_become(struct desk_fixture *fixture, enum author_role role);
void desk_become_owner(struct desk_fixture *fixture);

/* ---- what came of it ---- */

void desk_assert_status(const struct desk_fixture *fixture, int status);
/* See other: `path`, below the base path. */
void desk_assert_goes_to(const struct desk_fixture *fixture, const char *path);
/* Whether the last answer has `text` in its body. */
void desk_assert_has(const struct desk_fixture *fixture, const char *text);
void desk_assert_has_not(const struct desk_fixture *fixture, const char *text);

/* ---- what is stored ---- */

/* The first column of the first row of `sql`, static text. */
int64_t desk_integer(struct desk_fixture *fixture, const char *sql);
void desk_assert_text(
    struct desk_fixture *fixture, const char *sql, const char *wanted);
void desk_run(struct desk_fixture *fixture, const char *sql);

/* An article that was written at the desk, with `title` and `body`: its id. */
int64_t desk_article(
    struct desk_fixture *fixture, const char *title, const char *body);

/* "/desk/articles/ID" and what follows. The caller frees it. */
char *desk_article_path(int64_t id, const char *part);

#endif
