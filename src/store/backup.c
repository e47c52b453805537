/*
 * backup.c - a copy of the database while it is in use, and whether it is
 * sound.
 *
 * What must hold: a copy is one committed state, whole or not there at all, and
 * nobody but its owner may read it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/logger.h"
#include "database_private.h"

static const char SQL_QUICK_CHECK[] = "PRAGMA quick_check(1)";
static const char SQL_INTEGRITY_CHECK[] = "PRAGMA integrity_check(1)";
static const char SQL_FOREIGN_KEY_CHECK[] = "PRAGMA foreign_key_check";

/* Copy everything in one step: in WAL mode that keeps no writer waiting, and a
 * writer between two steps would start it over. */
static int
copy_pages(sqlite3 *target, sqlite3 *source)
{
	sqlite3_backup *backup =
	    sqlite3_backup_init(target, "main", source, "main");
	int tries = 0;
	int code, final;

	if (backup == NULL)
		return sqlite3_extended_errcode(target);
	do {
		code = sqlite3_backup_step(backup, -1);
		if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
			sqlite3_sleep(50);
	} while (
	    (code == SQLITE_BUSY || code == SQLITE_LOCKED) && ++tries < 100);
	final = sqlite3_backup_finish(backup);
	return final != SQLITE_OK    ? final
	       : code == SQLITE_DONE ? SQLITE_OK
				     : code;
}

enum status
database_backup(struct database *database, const char *path, GError **error)
{
	int descriptor =
	    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	sqlite3 *target = NULL;
	enum status status;
	int code, closed;

	if (descriptor < 0)
		return status_fail(error,
		    errno == EEXIST ? STATUS_CONFLICT : STATUS_FORBIDDEN,
		    "cannot make %s: %s", path, g_strerror(errno));
	close(descriptor);
	code = sqlite3_open_v2(path, &target,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
	    NULL);
	if (code == SQLITE_OK)
		code = copy_pages(target, database->handle);
	closed = sqlite3_close(target);
	if (code == SQLITE_OK)
		code = closed;
	if (code == SQLITE_OK)
		return STATUS_OK;
	g_unlink(path);
	status = store_status(code);
	return status_fail(error, status == STATUS_OK ? STATUS_FAILED : status,
	    "the database could not be copied to %s: %s", path,
	    sqlite3_errstr(code));
}

/* What the first row of a check says, if it is not "ok". */
static enum status
run_check(struct database *database, const char *sql, GError **error)
{
	struct statement *statement = database_statement(database, sql);
	enum status status = statement_step(statement);
	enum status result = STATUS_OK;
	const char *finding;

	if (status == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (status != STATUS_OK)
		return status_fail(error,
		    status == STATUS_FAILED ? STATUS_INVALID : status,
		    "the database could not be checked: %s",
		    sqlite3_errmsg(database->handle));
	finding = statement_text(statement, 0);
	if (strcmp(finding, "ok") != 0)
		result = status_fail(error, STATUS_INVALID,
		    sql == SQL_FOREIGN_KEY_CHECK
			? "the table %s refers to a row that is not there"
			: "the database is damaged: %s",
		    finding);
	statement_reset(statement);
	return result;
}

enum status
database_check(struct database *database, bool is_thorough, GError **error)
{
	enum status status = run_check(database,
	    is_thorough ? SQL_INTEGRITY_CHECK : SQL_QUICK_CHECK, error);

	if (status != STATUS_OK)
		return status;
	return run_check(database, SQL_FOREIGN_KEY_CHECK, error);
}
