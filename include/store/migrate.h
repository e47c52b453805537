/*
 * migrate.h - from an older schema to this program's.
 *
 * Migrations are numbered SQL files (db/migrations), built into the program.
 * Each runs in one transaction that also sets user_version; none is edited once
 * released. Before the first one runs on a file that has content, a copy is
 * kept beside it: "byline.db.before-0004".
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <glib.h>
#include <stddef.h>

#include "base/status.h"

struct data_file;
struct database;

/* The user_version that this program's newest migration sets. */
int migrate_latest_version(void);

/* The user_version of `database`, -1 when it cannot be read. */
int migrate_current_version(struct database *database);

/*
 * Run what is missing. `path` is where the copy goes (NULL or ":memory:":
 * none). STATUS_INVALID when the file is newer than this program. On failure
 * nothing of the failing migration remains, and `error` names it and what
 * SQLite says.
 */
MUST_CHECK enum status migrate_database(
    struct database *database, const char *path, GError **error);

/* The same with another list of migrations, in the order of their numbers: for
 * tests. */
MUST_CHECK enum status migrate_files(struct database *database,
    const char *path, const struct data_file *files, size_t count,
    GError **error);

#endif
