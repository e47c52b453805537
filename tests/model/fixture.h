/*
 * fixture.h - a blog in memory for the tests of the models.
 */
#ifndef TESTS_MODEL_FIXTURE_H
#define TESTS_MODEL_FIXTURE_H

#include <stdint.h>

#include "model/article.h"
#include "model/setting.h"
#include "store/database.h"

/* The time at which all tests run: 2026-05-28T20:26:40Z. */
enum {
	NOW = 1780000000,
	DAY = 86400
};

struct fixture {
	struct database *database;
	struct blog blog;
	int64_t author_id; /* Ada Lovelace, the owner */
};

/* For cmocka: `state` becomes a struct fixture *. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/*
 * A published article with slug `slug`, from `days` ago, by the fixture's
 * author, ready to be changed and saved.
 */
struct article_draft fixture_draft(
    const struct fixture *fixture, const char *slug, int64_t days);

/* Save `draft` in a transaction of its own, which is committed even when the
 * save fails. */
enum status fixture_try_save(struct fixture *fixture,
    const struct article_draft *draft, int64_t *out_id, GError **error);

/* The same, which must work; returns the id. */
int64_t fixture_save(
    struct fixture *fixture, const struct article_draft *draft);

/* Save fixture_draft() with these tags, separated by commas, and category. */
int64_t fixture_article(struct fixture *fixture, const char *slug, int64_t days,
    const char *category, const char *tags);

/* Run `sql`, static text without parameters. */
void fixture_run(struct fixture *fixture, const char *sql);

/* The first column of the first row of `sql`, static text. */
int64_t fixture_integer(struct fixture *fixture, const char *sql);
char *fixture_text(struct fixture *fixture, const char *sql);

/* How many public articles a reader finds at `now` who looks for `word`. */
int64_t fixture_count_found(
    struct database *database, const char *word, int64_t now);

/* Fail unless every count and bucket kept by triggers is what counting gives.
 */
void fixture_assert_counts(struct fixture *fixture);

#endif
