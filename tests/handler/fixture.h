/*
 * fixture.h - a blog in a temporary site directory, and visitors who ask it
 * through site_respond().
 */
#ifndef TESTS_HANDLER_FIXTURE_H
#define TESTS_HANDLER_FIXTURE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "handler/site_routes.h"
#include "model/article.h"
#include "model/site.h"

/* The time of every request: 2100-01-01, later than any change the clock of
 * this machine dates. FIXTURE_PAST is when the first article was published:
 * 2025-06-15T12:00:00Z. */
enum {
	FIXTURE_DAY = 86400,
	FIXTURE_PAST = 1749988800
};
#define FIXTURE_NOW INT64_C(4102444800)

struct request;
struct response;

/* What a visitor gets, as the web server would. */
struct answer {
	int status;
	/* By lower-case name; of several cookies, one a line. */
	GHashTable *headers;
	char *head;    /* all of them, as sent */
	GString *body; /* "" where none is sent */
};

void answer_init(struct answer *answer);
void answer_release(struct answer *answer);

/* Fill `answer` with what a web server gets of `response`. */
void answer_take(struct answer *answer, const struct request *request,
    const struct response *response);

struct fixture {
	char *directory;
	struct site *writer; /* the author's side */
	struct site *site;   /* the readers' side */
	struct template_engine *engine;
	struct static_files *static_files;
	struct site_application application;
	struct answer answer; /* to the last request */
	int64_t owner_id;     /* Ada Lovelace */
};

/* For cmocka: `state` becomes a struct fixture *, an empty blog. */
int fixture_set_up(void **state);
/* The same at http://127.0.0.1:8080/blog. */
int fixture_set_up_below(void **state);
int fixture_tear_down(void **state);

/*
 * Ask for `target`; more variables ("HTTP_IF_NONE_MATCH=...") may follow, ended
 * by NULL. Borrowed until the next request.
 */
const struct answer *fixture_ask(struct fixture *fixture, const char *method,
    const char *target, ...) G_GNUC_NULL_TERMINATED;

/* GET `target` without anything more. */
const struct answer *fixture_get(struct fixture *fixture, const char *target);

/* The header, "" where there is none; borrowed. */
const char *answer_header(const struct answer *answer, const char *name);

/* GET `target`, and fail unless it is answered by `status`. */
const struct answer *assert_status(
    struct fixture *fixture, const char *target, int status);
/* The same with a redirect to `location`. */
void assert_redirect(
    struct fixture *fixture, const char *target, const char *location);
/* Whether the last answer has `text` in its body. */
void assert_has(const struct fixture *fixture, const char *text);
void assert_has_not(const struct fixture *fixture, const char *text);

/* A published article, from `days` after FIXTURE_PAST, by Ada, ready to be
 * changed and saved. */
struct article_draft fixture_draft(
    const struct fixture *fixture, const char *slug, int64_t days);
/* Save it at the time `now` in a transaction of its own; returns its id. */
int64_t fixture_save_at(
    struct fixture *fixture, const struct article_draft *draft, int64_t now);
int64_t fixture_save(
    struct fixture *fixture, const struct article_draft *draft);
/* Save fixture_draft() with these tags, separated by commas, and category
 * (NULL: none). */
int64_t fixture_article(struct fixture *fixture, const char *slug, int64_t days,
    const char *category, const char *tags);

/* Change setting `key`. */
void fixture_set(struct fixture *fixture, const char *key, const char *value);

/* Run `sql`, static text, as the author. */
void fixture_run(struct fixture *fixture, const char *sql);

/* Put `text` into file `name` of the site directory. */
void fixture_write(struct fixture *fixture, const char *name, const char *text);

/*
 * What is logged goes into a file until fixture_release_log() gives it back;
 * the caller frees it.
 */
int fixture_capture_log(void);
char *fixture_release_log(int log);

#endif
