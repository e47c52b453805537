/*
 * migrate.c - runs the numbered migrations that a file has not had yet.
 *
 * What must hold: a migration is one transaction and sets user_version in it,
 * so that a file is always at one version or the next, never between; and the
 * file as it was stands beside it before the first one touches what somebody
 * wrote.
 */
#include "config.h"

#include "store/migrate.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/data_file.h"
#include "base/logger.h"
#include "database_private.h"

extern const struct data_file migration_files[];
extern const size_t migration_files_count;

/* The number a migration's file name begins with. */
static int
migration_version(const struct data_file *file)
{
	return (int)strtol(file->name, NULL, 10);
}

int
migrate_latest_version(void)
{
	return migration_version(&migration_files[migration_files_count - 1]);
}

int
migrate_current_version(struct database *database)
{
	int64_t version;

	if (store_query_integer(database, "PRAGMA user_version", &version) !=
	    STATUS_OK)
		return -1;
	return (int)version;
}

/* Keep the file as it is before migration `version`. A copy that an earlier
 * try has left is replaced: what is there now is newer. */
static enum status
keep_copy(
    struct database *database, const char *path, int version, GError **error)
{
	g_autofree char *copy =
	    g_strdup_printf("%s.before-%04d", path, version);
	g_autofree char *fresh = g_strconcat(copy, ".new", NULL);
	enum status status;

	g_unlink(fresh);
	status = database_backup(database, fresh, error);
	if (status != STATUS_OK)
		return status;
	if (g_rename(fresh, copy) < 0) {
		g_unlink(fresh);
		return status_fail(error, STATUS_FAILED,
		    "cannot keep a copy of the database as %s", copy);
	}
	log_info("database.copied", "file", copy);
	return STATUS_OK;
}

/* Inside a transaction: somebody else may have been here since we looked. When
 * it fails, `out_reason` is why, for the caller to free. */
static enum status
run_statements(
    struct database *database, const struct data_file *file, char **out_reason)
{
	int version = migration_version(file);
	enum status status;

	if (migrate_current_version(database) >= version)
		return STATUS_OK;
	status = store_execute(database, file->bytes);
	if (status != STATUS_OK) {
		*out_reason = g_strdup(sqlite3_errmsg(database->handle));
		return status;
	}
	if (migrate_current_version(database) != version) {
		*out_reason =
		    g_strdup("it does not set its own number as user_version");
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

static enum status
run_migration(
    struct database *database, const struct data_file *file, GError **error)
{
	g_autofree char *reason = NULL;
	enum status status = database_begin(database, true);

	if (status == STATUS_OK) {
		status = run_statements(database, file, &reason);
		if (status == STATUS_OK)
			status = database_commit(database);
		else
			database_rollback(database);
	}
	if (status != STATUS_OK)
		return status_fail(error, status,
		    "the database could not be brought up to date (%s: %s); "
		    "it is unchanged",
		    file->name, reason != NULL ? reason : status_name(status));
	return STATUS_OK;
}

enum status
migrate_files(struct database *database, const char *path,
    const struct data_file *files, size_t count, GError **error)
{
	int latest = migration_version(&files[count - 1]);
	int current = migrate_current_version(database);
	bool is_copied;

	if (current < 0)
		return status_fail(
		    error, STATUS_FAILED, "the database cannot be read");
	if (current > latest)
		return status_fail(error, STATUS_INVALID,
		    "the database was made by a newer Byline (version %d of "
		    "its tables; this program knows up to %d): install that",
		    current, latest);
	is_copied =
	    current == 0 || path == NULL || strcmp(path, ":memory:") == 0;
	for (size_t i = 0; i < count; i++) {
		enum status status = STATUS_OK;

		if (migration_version(&files[i]) <= current)
			continue;
		if (!is_copied)
			status = keep_copy(database, path,
			    migration_version(&files[i]), error);
		is_copied = true;
		if (status == STATUS_OK)
			status = run_migration(database, &files[i], error);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

enum status
migrate_database(struct database *database, const char *path, GError **error)
{
	return migrate_files(
	    database, path, migration_files, migration_files_count, error);
}
