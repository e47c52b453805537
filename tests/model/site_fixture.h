/*
 * site_fixture.h - a blog in a temporary site directory, for what needs more of
 * it than its database.
 */
#ifndef TESTS_MODEL_SITE_FIXTURE_H
#define TESTS_MODEL_SITE_FIXTURE_H

#include <stdint.h>

#include "model/site.h"

/* The time at which all tests run: 2026-05-28T20:26:40Z. */
enum {
	NOW = 1780000000,
	DAY = 86400
};

struct site_fixture {
	char *parent; /* of the site directory */
	struct site *site;
	int64_t author_id; /* Ada Lovelace, the owner: ada@example.org */
};

/* For cmocka: `state` becomes a struct site_fixture *. */
int site_fixture_set_up(void **state);
int site_fixture_tear_down(void **state);

/* Run `sql`, static text without parameters. */
void site_fixture_run(struct site_fixture *fixture, const char *sql);

/* The first column of the first row of `sql`, static text. */
int64_t site_fixture_integer(struct site_fixture *fixture, const char *sql);
char *site_fixture_text(struct site_fixture *fixture, const char *sql);

#endif
