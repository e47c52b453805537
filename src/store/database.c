/*
 * database.c - opens the SQLite file the one safe way, and its transactions.
 *
 * What must hold: every connection carries all settings that database.h
 * names, whoever opens it; a process has one descriptor of the file and no more
 * (the locks of POSIX are dropped when a second one is closed); and nothing is
 * acknowledged that was written to a file which no longer stands at its path.
 */
#include "config.h"

#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/logger.h"
#include "database_private.h"
#include "store/migrate.h"

enum {
	BUSY_MILLISECONDS = 5000,
	MEGABYTE = 1000 * 1000,
	/* Virtual machine steps between two looks at the clock: some 50 µs. */
	STEPS_BETWEEN_CLOCKS = 4000,
	WAL_CHECKPOINT_PAGES = 512,  /* 8 MB: then it is written back */
	WAL_ALARM_PAGES = 4000,      /* 64 MB: somebody reads for very long */
	APPLICATION_ID = 0x42594c4e, /* "BYLN", set by the first migration */
};

static const struct {
	int option;
	int value;
} connection_options[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
	{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_DQS_DML, 0 },
	{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
	{ SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
};

static const struct {
	int limit;
	int value;
} connection_limits[] = {
	{ SQLITE_LIMIT_LENGTH, 20 * MEGABYTE },
	{ SQLITE_LIMIT_SQL_LENGTH, 100 * 1000 },
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 999 },
	{ SQLITE_LIMIT_WORKER_THREADS, 0 },
};

/* Counts only while a file is empty. Large pages, since a text of 34 KB is then
 * three reads and not nine. */
static const char SQL_PAGE_SIZE[] = "PRAGMA page_size = 16384";

static const char SQL_SETTINGS[] = "PRAGMA cell_size_check = ON;"
				   "PRAGMA mmap_size = 0;"
				   "PRAGMA foreign_keys = ON;"
				   "PRAGMA synchronous = FULL;"
				   "PRAGMA temp_store = MEMORY;"
				   "PRAGMA cache_size = -1536;"
				   "PRAGMA journal_size_limit = 16777216;";

static const char SQL_QUERY_ONLY[] = "PRAGMA query_only = ON";
static const char SQL_WRITABLE[] = "PRAGMA query_only = OFF";

/* File systems on which processes of two machines could share the file, or
 * whose locks cannot be relied on: no WAL there. The numbers of statfs(2). */
static const unsigned long shared_file_systems[] = {
	0x6969,     /* NFS */
	0x517b,     /* SMB */
	0xff534d42, /* CIFS */
	0xfe534d42, /* SMB 2 */
	0x01021997, /* 9P */
	0x5346414f, /* AFS */
	0x6b414653, /* kAFS */
	0x73757245, /* Coda */
	0x00c36400, /* Ceph */
	0x0bd00bd0, /* Lustre */
	0x47504653, /* GPFS */
	0x01161970, /* GFS2 */
	0x7461636f, /* OCFS2 */
};

/* ---- opening ---- */

static bool
is_for_writing(enum database_mode mode)
{
	return mode != DATABASE_READ && mode != DATABASE_COPY;
}

static bool
is_in_memory(const char *path)
{
	return strcmp(path, ":memory:") == 0;
}

/* What stands in the way of opening `path`, in words. SQLite says "unable to
 * open database file" to all of it. */
static enum status
explain_open(const char *path, int system_error, GError **error)
{
	struct stat info = { 0 };
	bool is_there = stat(path, &info) == 0;

	if (!is_there && errno == ENOENT)
		return status_fail(error, STATUS_NOT_FOUND,
		    "there is no database %s: put it or a backup there, or "
		    "remove byline.conf and begin with byline init",
		    path);
	if (access(path, R_OK) < 0)
		return status_fail(error, STATUS_FORBIDDEN,
		    "cannot read the database %s: %s", path, g_strerror(errno));
	if (is_there && !S_ISREG(info.st_mode))
		return status_fail(
		    error, STATUS_INVALID, "%s is not a file", path);
	/* ENOENT is of some file beside it. */
	return status_fail(error, STATUS_FORBIDDEN,
	    "cannot open the database %s: %s; whoever reads it must be able "
	    "to read and make the files beside it (-wal, -shm)",
	    path,
	    system_error != 0 && system_error != ENOENT
		? g_strerror(system_error)
		: "its folder cannot be written, or its disk does not let "
		  "programs share memory");
}

/* Turn the connection's last error while opening into a status with words. */
static enum status
explain_code(
    struct database *database, const char *path, int code, GError **error)
{
	switch (code & 0xff) {
	case SQLITE_NOTADB:
		return status_fail(
		    error, STATUS_INVALID, "%s is not a database", path);
	case SQLITE_CORRUPT:
		return status_fail(error, STATUS_INVALID,
		    "the database %s is damaged: restore the last backup, or "
		    "recover it with \"sqlite3 byline.db .recover\"",
		    path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return status_fail(error, STATUS_BUSY,
		    "the database %s is locked by another program", path);
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return explain_open(
		    path, sqlite3_system_errno(database->handle), error);
	case SQLITE_FULL:
		return status_fail(error, STATUS_TOO_LARGE,
		    "there is no space left on the disk of %s", path);
	default:
		return status_fail(error, STATUS_FAILED,
		    "the database %s cannot be read: %s", path,
		    sqlite3_errmsg(database->handle));
	}
}

/* Make an empty file that nobody else may read. SQLite gives -wal and -shm the
 * same rights. Closed before SQLite opens it: see the top of the file. */
static enum status
make_file(const char *path, GError **error)
{
	int descriptor =
	    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int reason;

	if (descriptor >= 0) {
		close(descriptor);
		return STATUS_OK;
	}
	if (errno == EEXIST)
		return STATUS_OK;
	reason = errno;
	return status_fail(error,
	    reason == ENOENT   ? STATUS_NOT_FOUND
	    : reason == ENOSPC ? STATUS_TOO_LARGE
			       : STATUS_FORBIDDEN,
	    "cannot make the database %s: %s", path, g_strerror(reason));
}

static int
look_at_clock(void *data)
{
	const struct database *database = data;

	return database->deadline_at != 0 &&
	       g_get_monotonic_time() > database->deadline_at;
}

/* After each commit: what SQLite does by itself, and an alarm when a reader
 * that never ends keeps the log from being written back. */
static int
write_back(void *data, sqlite3 *handle, const char *name, int pages)
{
	int log_pages = 0, done_pages = 0;

	(void)data;
	if (pages < WAL_CHECKPOINT_PAGES)
		return SQLITE_OK;
	sqlite3_wal_checkpoint_v2(
	    handle, name, SQLITE_CHECKPOINT_PASSIVE, &log_pages, &done_pages);
	if (pages >= WAL_ALARM_PAGES && done_pages < log_pages)
		log_warning("database.log_grows", "reason",
		    "another program has been reading for a long time");
	return SQLITE_OK;
}

static void
apply_settings(struct database *database)
{
	for (size_t i = 0; i < G_N_ELEMENTS(connection_options); i++)
		sqlite3_db_config(database->handle,
		    connection_options[i].option, connection_options[i].value,
		    NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(connection_limits); i++)
		sqlite3_limit(database->handle, connection_limits[i].limit,
		    connection_limits[i].value);
	sqlite3_extended_result_codes(database->handle, 1);
	sqlite3_busy_timeout(database->handle, BUSY_MILLISECONDS);
	sqlite3_progress_handler(
	    database->handle, STEPS_BETWEEN_CLOCKS, look_at_clock, database);
}

bool
database_can_share_memory(const char *path)
{
	struct statfs info;

	if (statfs(path, &info) < 0)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(shared_file_systems); i++)
		if ((unsigned long)info.f_type == shared_file_systems[i])
			return false;
	return true;
}

/* WAL where it works, a rollback journal elsewhere. A file that is in WAL
 * already and now stands where memory cannot be shared can only be opened
 * exclusively, which is how it gets out of that mode. */
static enum status
choose_journal(struct database *database, const char *path)
{
	int code;

	if (is_in_memory(path))
		return STATUS_OK;
	if (database_can_share_memory(path) &&
	    store_execute(database, "PRAGMA journal_mode = WAL") == STATUS_OK)
		return STATUS_OK;
	code = sqlite3_extended_errcode(database->handle);
	if (database_can_share_memory(path) && (code & 0xff) != SQLITE_CANTOPEN)
		return store_status(code);
	return store_execute(database, "PRAGMA locking_mode = EXCLUSIVE;"
				       "PRAGMA journal_mode = DELETE;"
				       "PRAGMA locking_mode = NORMAL;"
				       "PRAGMA user_version;");
}

/* Whether the file is ours, and of a version this program can work with. */
static enum status
check_schema(struct database *database, const char *path, GError **error)
{
	int64_t version, application, table_count;

	if (store_query_integer(database, "PRAGMA user_version", &version) !=
		STATUS_OK ||
	    store_query_integer(
		database, "PRAGMA application_id", &application) != STATUS_OK ||
	    store_query_integer(database, "SELECT count(*) FROM sqlite_schema",
		&table_count) != STATUS_OK)
		return explain_code(database, path,
		    sqlite3_extended_errcode(database->handle), error);
	if (table_count > 0 && application != APPLICATION_ID)
		return status_fail(error, STATUS_INVALID,
		    "%s is the database of another program", path);
	if (version > migrate_latest_version())
		return status_fail(error, STATUS_INVALID,
		    "the database %s was made by a newer Byline (version %d of "
		    "its tables; this program knows up to %d): install that",
		    path, (int)version, migrate_latest_version());
	if (table_count == 0 && database->mode != DATABASE_CREATE)
		return status_fail(error, STATUS_INVALID,
		    "the database %s is empty: put a backup in its place, or "
		    "remove it and byline.conf and begin with byline init",
		    path);
	if (database->mode == DATABASE_MIGRATE ||
	    database->mode == DATABASE_CREATE)
		return migrate_database(database, path, error);
	if (version < migrate_latest_version() &&
	    database->mode != DATABASE_COPY)
		return status_fail(error, STATUS_INVALID,
		    "the database %s was made by an older Byline: run byline "
		    "check, which brings it up to date",
		    path);
	return STATUS_OK;
}

/* Whoever only reads writes nothing back, not even at its end. */
static enum status
set_up_reading(struct database *database)
{
	enum status status;

	sqlite3_db_config(
	    database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	status = store_execute(database, SQL_SETTINGS);
	return status == STATUS_OK ? store_execute(database, SQL_QUERY_ONLY)
				   : status;
}

static enum status
set_up_writing(struct database *database, const char *path)
{
	enum status status = store_execute(database, SQL_PAGE_SIZE);

	/* First of all that reads the file: see there. */
	if (status == STATUS_OK)
		status = choose_journal(database, path);
	if (status == STATUS_OK)
		status = store_execute(database, SQL_SETTINGS);
	sqlite3_wal_hook(database->handle, write_back, NULL);
	return status;
}

static enum status
set_up(struct database *database, const char *path, GError **error)
{
	bool is_writing = is_for_writing(database->mode);
	enum status status;

	apply_settings(database);
	if (is_writing && sqlite3_db_readonly(database->handle, "main") == 1)
		return status_fail(error, STATUS_FORBIDDEN,
		    "the database %s cannot be written: look at its rights, "
		    "its owner and its disk",
		    path);
	status = is_writing ? set_up_writing(database, path)
			    : set_up_reading(database);
	if (status != STATUS_OK)
		return explain_code(database, path,
		    sqlite3_extended_errcode(database->handle), error);
	return check_schema(database, path, error);
}

static void
free_statement(void *data)
{
	struct statement *statement = data;

	sqlite3_finalize(statement->handle);
	g_free(statement);
}

enum status
database_open(const char *path, enum database_mode mode,
    struct database **out_database, GError **error)
{
	enum status status = STATUS_OK;
	struct database *database;
	int code;

	/* Counting memory takes a lock at each allocation. Refused, harmlessly,
	 * once SQLite has started. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (!is_in_memory(path)) {
		if (mode == DATABASE_CREATE)
			status = make_file(path, error);
		else if (access(path, F_OK) < 0 && errno == ENOENT)
			status = explain_open(path, errno, error);
	}
	if (status != STATUS_OK)
		return status;
	database = g_new0(struct database, 1);
	database->mode = mode;
	database->statements =
	    g_hash_table_new_full(NULL, NULL, NULL, free_statement);
	code = sqlite3_open_v2(path, &database->handle,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
	    NULL);
	if (database->handle == NULL)
		g_error("out of memory");
	status = code == SQLITE_OK ? set_up(database, path, error)
				   : explain_code(database, path, code, error);
	if (status != STATUS_OK) {
		database_close(database);
		return status;
	}
	database_has_changed(database);
	*out_database = database;
	return STATUS_OK;
}

void
database_close(struct database *database)
{
	if (database == NULL)
		return;
	database_rollback(database);
	g_hash_table_destroy(database->statements);
	/* So that readers find everything in the file itself, which is faster
	 * than finding it in the log. */
	if (is_for_writing(database->mode))
		sqlite3_wal_checkpoint_v2(database->handle, NULL,
		    SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	if (sqlite3_close(database->handle) != SQLITE_OK)
		log_error("database.close", "reason",
		    sqlite3_errmsg(database->handle));
	g_free(database);
}

/* ---- running text that is not kept ---- */

/* Step to the end; what a PRAGMA answers does not matter here. */
static int
run_to_end(sqlite3_stmt *handle)
{
	int code, final;

	do {
		code = sqlite3_step(handle);
	} while (code == SQLITE_ROW);
	final = sqlite3_finalize(handle);
	return code == SQLITE_DONE ? final : code;
}

enum status
store_execute(struct database *database, const char *sql)
{
	while (*sql != '\0') {
		sqlite3_stmt *handle;
		int code = sqlite3_prepare_v2(
		    database->handle, sql, -1, &handle, &sql);

		if (code == SQLITE_OK && handle != NULL)
			code = run_to_end(handle);
		if (code != SQLITE_OK)
			return store_status(code);
	}
	return STATUS_OK;
}

enum status
store_query_integer(
    struct database *database, const char *sql, int64_t *out_value)
{
	sqlite3_stmt *handle;
	int code = sqlite3_prepare_v2(database->handle, sql, -1, &handle, NULL);
	int64_t value;
	int final;

	if (code != SQLITE_OK)
		return store_status(code);
	code = sqlite3_step(handle);
	value = code == SQLITE_ROW ? sqlite3_column_int64(handle, 0) : 0;
	final = sqlite3_finalize(handle);
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? STATUS_NOT_FOUND
					   : store_status(final);
	*out_value = value;
	return STATUS_OK;
}

enum status
database_execute(struct database *database, const char *sql)
{
	enum status status = store_execute(database, sql);

	if (status == STATUS_OK)
		return status;
	return store_failed(
	    database, sqlite3_extended_errcode(database->handle));
}

/* ---- transactions ---- */

static const char SQL_BEGIN_READ[] = "BEGIN DEFERRED";
static const char SQL_BEGIN_WRITE[] = "BEGIN IMMEDIATE";
static const char SQL_COMMIT[] = "COMMIT";
static const char SQL_ROLLBACK[] = "ROLLBACK";
/* Of savepoints with one name, the innermost is meant (SQLite, SAVEPOINT). */
static const char SQL_SAVEPOINT[] = "SAVEPOINT part";
static const char SQL_UNDO_SAVEPOINT[] = "ROLLBACK TO part";
static const char SQL_RELEASE_SAVEPOINT[] = "RELEASE part";
/* Any read would do: BEGIN alone does not yet fix what is seen. */
static const char SQL_SNAPSHOT[] = "PRAGMA data_version";

bool
database_is_replaced(struct database *database)
{
	int has_moved = 0;

	/* An in-memory database has no file that could move. */
	if (sqlite3_file_control(database->handle, "main",
		SQLITE_FCNTL_HAS_MOVED, &has_moved) != SQLITE_OK)
		return false;
	return has_moved != 0;
}

static enum status
begin_write(struct database *database)
{
	enum status status =
	    statement_run(database_statement(database, SQL_BEGIN_WRITE));

	if (status != STATUS_OK || !database_is_replaced(database))
		return status;
	log_error("database.replaced", "reason",
	    "another file stands where ours was; nothing is written to it "
	    "until it is opened again");
	database_rollback(database);
	return STATUS_BUSY;
}

enum status
database_set_writable(struct database *database, bool is_writable)
{
	g_assert(!database_in_transaction(database));
	return store_execute(
	    database, is_writable ? SQL_WRITABLE : SQL_QUERY_ONLY);
}

enum status
database_begin(struct database *database, bool is_write)
{
	enum status status;

	g_assert(!database_in_transaction(database));
	if (is_write)
		return begin_write(database);
	status = statement_run(database_statement(database, SQL_BEGIN_READ));
	if (status != STATUS_OK)
		return status;
	status = statement_run(database_statement(database, SQL_SNAPSHOT));
	if (status != STATUS_OK)
		database_rollback(database);
	return status;
}

enum status
database_commit(struct database *database)
{
	bool is_write =
	    sqlite3_txn_state(database->handle, NULL) == SQLITE_TXN_WRITE;
	enum status status;

	if (is_write && database_is_replaced(database)) {
		log_error("database.replaced", "reason",
		    "another file stands where ours was; the change was not "
		    "made");
		database_rollback(database);
		return STATUS_BUSY;
	}
	status = statement_run(database_statement(database, SQL_COMMIT));
	if (status != STATUS_OK)
		database_rollback(database);
	return status;
}

/* The limit of a request must not keep it from being undone. */
static enum status
run_to_its_end(struct database *database, const char *sql)
{
	int64_t deadline_at = database->deadline_at;
	enum status status;

	database->deadline_at = 0;
	status = statement_run(database_statement(database, sql));
	database->deadline_at = deadline_at;
	return status;
}

void
database_rollback(struct database *database)
{
	enum status status;

	if (!database_in_transaction(database))
		return;
	status = run_to_its_end(database, SQL_ROLLBACK);
	if (status != STATUS_OK)
		log_error("database.rollback", "reason", status_name(status));
}

enum status
database_begin_savepoint(struct database *database)
{
	g_assert(database_in_transaction(database));
	return statement_run(database_statement(database, SQL_SAVEPOINT));
}

enum status
database_end_savepoint(struct database *database, enum status status)
{
	enum status released;

	if (!database_in_transaction(database))
		return status;
	if (status != STATUS_OK) {
		enum status undone =
		    run_to_its_end(database, SQL_UNDO_SAVEPOINT);

		if (undone != STATUS_OK)
			return undone;
	}
	released = run_to_its_end(database, SQL_RELEASE_SAVEPOINT);
	return status == STATUS_OK ? released : status;
}

bool
database_in_transaction(const struct database *database)
{
	return sqlite3_get_autocommit(database->handle) == 0;
}

void
database_set_deadline(struct database *database, int64_t milliseconds)
{
	bool is_limited = milliseconds > 0;

	database->deadline_at =
	    is_limited ? g_get_monotonic_time() + milliseconds * 1000 : 0;
	sqlite3_busy_timeout(database->handle,
	    is_limited && milliseconds < BUSY_MILLISECONDS ? (int)milliseconds
							   : BUSY_MILLISECONDS);
}

bool
database_has_changed(struct database *database)
{
	uint32_t version = 0;
	bool is_same;

	/* Who cannot look says yes: the caller's own reading tells why. */
	if (!database_in_transaction(database) &&
	    statement_run(database_statement(database, SQL_SNAPSHOT)) !=
		STATUS_OK)
		return true;
	sqlite3_file_control(
	    database->handle, "main", SQLITE_FCNTL_DATA_VERSION, &version);
	is_same = version == database->data_version;
	database->data_version = version;
	return !is_same || database_is_replaced(database);
}

int64_t
database_last_id(const struct database *database)
{
	return sqlite3_last_insert_rowid(database->handle);
}

int64_t
database_changes(const struct database *database)
{
	return sqlite3_changes64(database->handle);
}
