/*
 * redirect.h - addresses that lead elsewhere.
 */
#ifndef MODEL_REDIRECT_H
#define MODEL_REDIRECT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct database;

/*
 * Where `path` (without the base path and without a slash at the end) leads: a
 * path without the base path, or a whole http or https address. Only what leads
 * to a public article, or to an address, is found; STATUS_NOT_FOUND otherwise.
 * ".../page/2" and so on lead, unless they do of themselves, where the path
 * before that leads: how many pages there are changes, and what stood on which.
 * The caller frees it.
 */
MUST_CHECK enum status redirect_find(struct database *database,
    const char *path, int64_t now, char **out_target);

/*
 * Make `path` lead to article `article_id`. A path where an article stands is
 * STATUS_CONFLICT, so is one that leads to another article already; the same
 * again is STATUS_OK with `out_is_new` (may be NULL) false, also where a draft
 * has come to stand since. STATUS_INVALID when it does not begin with "/", is
 * longer than 1,024 bytes, or is where the blog answers itself.
 */
MUST_CHECK enum status redirect_add_to_article(struct database *database,
    const char *path, int64_t article_id, int64_t now, bool *out_is_new);

/*
 * Readers find an article at `path` from now on: whatever led on from there
 * does no more.
 */
MUST_CHECK enum status redirect_remove(
    struct database *database, const char *path);

/* The same of each scheduled article that is due at `now`, before it is
 * published. */
MUST_CHECK enum status redirect_remove_due(
    struct database *database, int64_t now);

/*
 * Article `article_id` has left `path`: lead on from there. Where it leads on
 * already the article was never public there, and that stays.
 */
MUST_CHECK enum status redirect_keep_path(struct database *database,
    const char *path, int64_t article_id, int64_t now);

/*
 * `text` (a path, alias or permalink of another generator, with or without
 * slashes at its ends, an origin, a query, "index.html") in the form `path` has
 * above: percent-decoded once, in NFC, without empty segments. NULL when it
 * names nothing that could be an address here: the front page, "..", a control
 * character, over 1,024 bytes. The caller frees it.
 */
char *redirect_normalize_path(const char *text);

/* ---- to addresses ---- */

enum {
	REDIRECT_TARGET_SIZE = 2048 /* bytes that an http(s) address may have */
};

/*
 * Make `path` lead to `target`, both as a person types them: paths of this blog
 * without the base path, percent-encoded or not, or whole addresses that begin
 * with `base_url` ("https://example.org/blog", NULL: none does); the target may
 * be any http or https address. Inside a write transaction of the caller's.
 *
 * It is one hop: a target that leads on itself is replaced by where it leads,
 * an article's address by the article, and what led to `path` leads to the
 * target from now on. The same again is STATUS_OK with `out_is_new` (may be
 * NULL) false.
 *
 * STATUS_INVALID: one of them is no such address, or both are the same.
 * STATUS_CONFLICT: an article stands at `path`, the blog answers there itself
 * (/tags/a, while there is a tag a), or it leads elsewhere already. `error`
 * says which, for who stands before the field.
 */
MUST_CHECK enum status redirect_add_target(struct database *database,
    const char *base_url, const char *path, const char *target, int64_t now,
    bool *out_is_new, GError **error);

/* Whether `path` as typed can lead to `target` as typed as far as their form
 * goes: the STATUS_INVALID of redirect_add_target(), for each field alone. */
MUST_CHECK enum status redirect_check_path(
    const char *base_url, const char *path, GError **error);
MUST_CHECK enum status redirect_check_target(
    const char *base_url, const char *target, GError **error);

/*
 * What the blog answered at `path` it answers at `target` now, another path of
 * its own: lead on from there, wherever that led before, and redirect_follow().
 */
MUST_CHECK enum status redirect_move(struct database *database,
    const char *path, const char *target, int64_t now);

/* Have what led to `path` lead to `target`, a path of the blog's own, and let
 * nothing lead on from there. */
MUST_CHECK enum status redirect_follow(
    struct database *database, const char *path, const char *target);

/*
 * The page of a tag, a category or an author has left `path` for `target`, and
 * its feeds with it: redirect_move() each. One that readers never saw
 * (`was_public`) tells nothing of itself: redirect_follow().
 */
MUST_CHECK enum status redirect_move_list(struct database *database,
    const char *path, const char *target, bool was_public, int64_t now);

/* There is no such page at `path` any more, nor its feeds: nothing leads
 * there. */
MUST_CHECK enum status redirect_forget_list(
    struct database *database, const char *path);

/* ---- many at once ---- */

/* A line that is wrong. */
struct redirect_problem {
	int64_t line; /* from 1 */
	char *reason; /* for a person */
};

/*
 * Add each line of `text`, "/old /new" or "/old https://elsewhere"; empty lines
 * and those that begin with "#" count as lines and say nothing. `out_count` is
 * how many were new. STATUS_INVALID when a line is wrong, with all of these in
 * `problems` (struct redirect_problem *): the caller, whose write transaction
 * it is, rolls that back.
 */
MUST_CHECK enum status redirect_add_lines(struct database *database,
    const char *base_url, const char *text, int64_t now, int64_t *out_count,
    GPtrArray *problems);

/* For a GPtrArray of them. */
void redirect_problem_free(void *problem);

/*
 * Visitors have followed `path` `count` times, the last one on `last_day` (as
 * in model/page_view.h): the path as they asked for it, which redirect_find()
 * has led on. Nothing is added where it leads no more. Inside a write
 * transaction of the caller's.
 */
MUST_CHECK enum status redirect_add_hits(struct database *database,
    const char *path, int64_t count, int64_t last_day);

/* ---- lists ---- */

struct redirect {
	char *path;
	int64_t article_id;  /* 0: it leads to `target` */
	char *article_title; /* or NULL */
	char *target;        /* a path or an address; the article's path */
	int64_t created_at;
	int64_t hit_count;    /* how often it was followed */
	int64_t last_hit_day; /* as in model/page_view.h; 0: never */
};

/*
 * Page `page` (from 1) of the redirects with `text` in the path, the target or
 * the article's title (NULL or "": all), by path, `per_page` on each:
 * GPtrArray of struct redirect *, which the caller frees.
 */
MUST_CHECK enum status redirect_list(struct database *database,
    const char *text, int64_t page, int64_t per_page, GPtrArray **out_rows);

/* How many there are with `text`. */
MUST_CHECK enum status redirect_count(
    struct database *database, const char *text, int64_t *out_count);

#endif
