/*
 * fixture.h - a folder for the databases of a test, and short ways to use them.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <stdint.h>
#include <sys/types.h>

#include "store/database.h"

struct folder {
	char *directory;
	char *path; /* of a database in it */
};

/* For cmocka: `state` becomes a struct folder *. */
int folder_set_up(void **state);
int folder_tear_down(void **state);

#define WITH_FOLDER(name)                                                      \
	cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

/* The database at `path`, which must open. */
struct database *open_as(const char *path, enum database_mode mode);

/* Run statements, which must succeed; the integer that one selects. */
void run(struct database *database, const char *sql);
int64_t integer(struct database *database, const char *sql);

/* The rights to the file `path` with `suffix`. */
mode_t mode_of(const char *path, const char *suffix);

#endif
