/*
 * database_private.h - what the files of the store share: the two structs that
 * all others see as opaque, and how a result code of SQLite becomes a status.
 */
#ifndef STORE_DATABASE_PRIVATE_H
#define STORE_DATABASE_PRIVATE_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "store/database.h"

struct database {
	sqlite3 *handle;
	enum database_mode mode;
	GHashTable *statements; /* text's address → struct statement *, owned */
	int64_t deadline_at; /* of the monotonic clock, microseconds; 0: none */
	uint32_t data_version; /* at the last database_has_changed() */
};

struct statement {
	struct database *database;
	const char *sql;
	sqlite3_stmt *handle; /* NULL: could not be prepared */
	enum status problem;  /* what the next step reports without running */
};

/* The status that stands for `code`, a result code of SQLite. */
enum status store_status(int code);

/*
 * Log `code` with the connection's own words, once, unless it is an ordinary
 * outcome (constraint, busy), and return its status.
 */
enum status store_failed(const struct database *database, int code);

/*
 * As database_execute(), for text that need not live longer than the call
 * (the migrations); nothing of it is kept.
 */
MUST_CHECK enum status store_execute(
    struct database *database, const char *sql);

/* The first column of the first row of `sql` as an integer. */
MUST_CHECK enum status store_query_integer(
    struct database *database, const char *sql, int64_t *out_value);

#endif
