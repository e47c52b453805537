/*
 * database.h - one SQLite file, opened the one safe way.
 *
 * Each process opens its own after fork and never twice. All SQL reaches it as
 * constant text with bound parameters; a prepared statement is kept and found
 * again by the address of its text. Functions of the model layer take a
 * `struct database *` first.
 */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct database;
struct statement;

enum database_mode {
	DATABASE_READ,    /* never writes: "PRAGMA query_only" */
	DATABASE_COPY,    /* the same, also of an older schema: a backup */
	DATABASE_WRITE,   /* the file must exist */
	DATABASE_MIGRATE, /* the same, and migrations run */
	DATABASE_CREATE   /* made if missing, mode 0600; migrations run */
};

/*
 * Open `path` (":memory:" for tests) with the settings of requirement 60
 * (tests/REQUIREMENTS.md):
 * WAL, synchronous=FULL, foreign keys, defensive mode, untrusted schema, no
 * double-quoted strings, limits, cell_size_check, busy timeout of 5 s. A file
 * system that cannot share memory (NFS) gets a rollback journal.
 *
 * Failures, each with words for a person: STATUS_NOT_FOUND (no such file),
 * STATUS_INVALID (not a database, damaged, or made by a newer Byline: the
 * message says which), STATUS_BUSY (locked for longer than the timeout),
 * STATUS_FORBIDDEN (rights). A file without any table, as one whose copying
 * broke off, is STATUS_INVALID except in DATABASE_CREATE: no blog is begun
 * that nobody asked for. In DATABASE_READ and DATABASE_WRITE an older schema is
 * STATUS_INVALID too, and the message names `byline check`. In DATABASE_READ a
 * file that can only be read is opened for reading.
 */
MUST_CHECK enum status database_open(const char *path, enum database_mode mode,
    struct database **out_database, GError **error);

/* Whether WAL may be used beside `path`: not on a file system of a network. */
bool database_can_share_memory(const char *path);

/* Finalize all statements and close; NULL is fine. */
void database_close(struct database *database);

/*
 * Begin a transaction: what is read in it is one snapshot, taken now;
 * `is_write` the write lock at once (BEGIN IMMEDIATE). Not nested. STATUS_BUSY
 * after the busy timeout.
 */
MUST_CHECK enum status database_begin(struct database *database, bool is_write);

/*
 * Let a database that is open for reading write, or not any more: for the one
 * change that falls due while somebody reads. Outside of a transaction. A file
 * that can only be read says so when it is written to.
 */
MUST_CHECK enum status database_set_writable(
    struct database *database, bool is_writable);

/* Make it last. On failure the transaction is rolled back. */
MUST_CHECK enum status database_commit(struct database *database);

/* Undo; harmless without a transaction. */
void database_rollback(struct database *database);

/*
 * Begin a part of the transaction under way that can be undone alone. Parts
 * nest; each is ended by database_end_savepoint().
 */
MUST_CHECK enum status database_begin_savepoint(struct database *database);

/*
 * End the innermost part: what it changed stays when `status` is STATUS_OK and
 * is undone otherwise. Returns `status`, or why that could not be done. A full
 * disk may have ended the whole transaction: then nothing is left to be done.
 */
MUST_CHECK enum status database_end_savepoint(
    struct database *database, enum status status);

/* Whether a transaction is open. */
bool database_in_transaction(const struct database *database);

/*
 * A limit for all that follows, counted from now, in milliseconds: what still
 * runs then, or waits for a lock, ends with STATUS_BUSY. 0 means none.
 */
void database_set_deadline(struct database *database, int64_t milliseconds);

/*
 * Whether anybody, this connection included, has committed a change since the
 * last call (or since it was opened). Inside a transaction it speaks of what
 * that sees. True for as long as the file is replaced or deleted. It costs one
 * system call.
 */
bool database_has_changed(struct database *database);

/*
 * Whether another file, or none, stands where the one stood that was opened: it
 * must be closed and opened again. A write to such a file is refused with
 * STATUS_BUSY by database_begin() and database_commit().
 */
bool database_is_replaced(struct database *database);

/* Row id of the last INSERT, rows changed by the last statement. */
int64_t database_last_id(const struct database *database);
int64_t database_changes(const struct database *database);

/*
 * The statement for `sql`, a static string, ready to be bound: prepared at
 * first use, reset and unbound since. Borrowed until database_close(), and one
 * and the same for each call: who steps through its rows must not call what
 * uses the same text. Never NULL: what kept it from being prepared is what
 * statement_step() returns.
 */
struct statement *database_statement(
    struct database *database, const char *sql);

/* Run `sql` (static, without parameters or rows), several statements allowed.
 */
MUST_CHECK enum status database_execute(
    struct database *database, const char *sql);

/*
 * Call `visit` with the text of each statement prepared until now: for the
 * tests of query plans.
 */
void database_each_statement(const struct database *database,
    void (*visit)(const char *sql, void *data), void *data);

/*
 * Copy the whole database while it is in use to the new file `path` (SQLite's
 * backup API), mode 0600. STATUS_CONFLICT when it exists.
 */
MUST_CHECK enum status database_backup(
    struct database *database, const char *path, GError **error);

/*
 * PRAGMA quick_check (or integrity_check when `is_thorough`) and
 * foreign_key_check. STATUS_INVALID with the first finding in `error`.
 */
MUST_CHECK enum status database_check(
    struct database *database, bool is_thorough, GError **error);

/* ---- statements ---- */

/*
 * Bind the parameter called `name` (":slug"). Bound text is borrowed until the
 * statement is stepped to its end or reset, NULL binds NULL. A wrong name is
 * our mistake: it aborts.
 */
void statement_bind_text(
    struct statement *statement, const char *name, const char *text);
void statement_bind_integer(
    struct statement *statement, const char *name, int64_t value);
/* The same for `size` bytes that need not be text: a BLOB. */
void statement_bind_bytes(struct statement *statement, const char *name,
    const void *bytes, size_t size);

/*
 * The next row: STATUS_OK, STATUS_NOT_FOUND after the last one (the statement
 * is then reset), STATUS_CONFLICT when a constraint forbids it, STATUS_BUSY
 * when the file is locked or the deadline passed, STATUS_TOO_LARGE when the
 * disk is full or a value is over 20 MB, STATUS_FORBIDDEN when the file cannot
 * be written, STATUS_FAILED otherwise. All but CONFLICT and BUSY are logged.
 */
MUST_CHECK enum status statement_step(struct statement *statement);

/*
 * Step a statement that returns no rows to its end: STATUS_OK or as
 * statement_step().
 */
MUST_CHECK enum status statement_run(struct statement *statement);

/*
 * All rows, as `make` makes an item of each, in order; `free_item` frees one.
 * No row is an empty list. The caller unrefs the list. Fails as
 * statement_step().
 */
MUST_CHECK enum status statement_list(struct statement *statement,
    void *(*make)(struct statement *statement), void (*free_item)(void *item),
    GPtrArray **out_items);

/* The same of the first column alone: char *. */
MUST_CHECK enum status statement_list_texts(
    struct statement *statement, GPtrArray **out_texts);

/* Append the first column of each row to `integers` (int64_t); some of them
 * where it fails. */
MUST_CHECK enum status statement_append_integers(
    struct statement *statement, GArray *integers);

/* The first column of the first row. STATUS_NOT_FOUND where there is none, and
 * as statement_step(). */
MUST_CHECK enum status statement_read_integer(
    struct statement *statement, int64_t *out_integer);

/* Done with the rows before the last one: resets and unbinds. */
void statement_reset(struct statement *statement);

/*
 * The columns of the current row, from 0. Text is borrowed until the next step
 * or reset; "" when the column is NULL. statement_text_or_null() gives NULL
 * instead.
 */
const char *statement_text(struct statement *statement, int column);
const char *statement_text_or_null(struct statement *statement, int column);
size_t statement_size(struct statement *statement, int column);
int64_t statement_integer(struct statement *statement, int column);
double statement_real(struct statement *statement, int column);
bool statement_is_null(struct statement *statement, int column);
/* statement_size() bytes of a BLOB, borrowed likewise; NULL when there are
 * none. */
const void *statement_bytes(struct statement *statement, int column);
/* A copy of the text that the caller frees; NULL when the column is NULL. */
char *statement_dup_text(struct statement *statement, int column);

#endif
