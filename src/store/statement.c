/*
 * statement.c - prepared statements: found by the address of their text, bound
 * by name, stepped, read.
 *
 * What must hold: a statement is never NULL, so that callers check one place,
 * the step; and what could not be bound or prepared is reported by that step
 * and never runs half-bound.
 */
#include "config.h"

#include "database_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/logger.h"

enum status
store_status(int code)
{
	if (code == SQLITE_IOERR_SHMSIZE)
		return STATUS_TOO_LARGE;
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return STATUS_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
	case SQLITE_INTERRUPT:
		return STATUS_BUSY;
	case SQLITE_CONSTRAINT:
		return STATUS_CONFLICT;
	case SQLITE_FULL:
	case SQLITE_TOOBIG:
		return STATUS_TOO_LARGE;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return STATUS_FORBIDDEN;
	default:
		return STATUS_FAILED;
	}
}

enum status
store_failed(const struct database *database, int code)
{
	enum status status = store_status(code);

	if (status != STATUS_CONFLICT && status != STATUS_BUSY) {
		bool is_damaged = (code & 0xff) == SQLITE_CORRUPT ||
				  (code & 0xff) == SQLITE_NOTADB;

		log_error(is_damaged ? "database.damaged" : "database.failed",
		    "reason", sqlite3_errmsg(database->handle), "code",
		    sqlite3_errstr(code), "help",
		    is_damaged ? "restore the last backup, or recover it: "
				 "sqlite3 byline.db .recover"
			       : NULL);
	}
	return status;
}

static void
prepare(struct statement *statement)
{
	int code =
	    sqlite3_prepare_v3(statement->database->handle, statement->sql, -1,
		SQLITE_PREPARE_PERSISTENT, &statement->handle, NULL);

	if (code != SQLITE_OK)
		statement->problem = store_failed(statement->database, code);
}

struct statement *
database_statement(struct database *database, const char *sql)
{
	struct statement *statement =
	    g_hash_table_lookup(database->statements, sql);

	if (statement == NULL) {
		statement = g_new0(struct statement, 1);
		statement->database = database;
		statement->sql = sql;
		g_hash_table_insert(
		    database->statements, (gpointer)sql, statement);
	}
	statement->problem = STATUS_OK;
	if (statement->handle != NULL) {
		sqlite3_reset(statement->handle);
		sqlite3_clear_bindings(statement->handle);
	} else {
		prepare(statement);
	}
	return statement;
}

void
database_each_statement(const struct database *database,
    void (*visit)(const char *sql, void *data), void *data)
{
	GHashTableIter iter;
	gpointer sql;

	g_hash_table_iter_init(&iter, database->statements);
	while (g_hash_table_iter_next(&iter, &sql, NULL))
		visit(sql, data);
}

/* The number of the parameter `name`: one that is not there is our mistake. */
static int
parameter(const struct statement *statement, const char *name)
{
	int index = sqlite3_bind_parameter_index(statement->handle, name);

	if (index == 0) {
		log_error(
		    "database.parameter", "name", name, "sql", statement->sql);
		abort();
	}
	return index;
}

/* Remember that a value could not be bound: the step will say so. */
static void
note(struct statement *statement, int code)
{
	if (code != SQLITE_OK && statement->problem == STATUS_OK)
		statement->problem = store_failed(statement->database, code);
}

void
statement_bind_text(
    struct statement *statement, const char *name, const char *text)
{
	if (statement->handle == NULL)
		return;
	note(statement,
	    sqlite3_bind_text(statement->handle, parameter(statement, name),
		text, -1, SQLITE_STATIC));
}

void
statement_bind_integer(
    struct statement *statement, const char *name, int64_t value)
{
	if (statement->handle == NULL)
		return;
	note(statement, sqlite3_bind_int64(statement->handle,
			    parameter(statement, name), value));
}

void
statement_bind_bytes(struct statement *statement, const char *name,
    const void *bytes, size_t size)
{
	if (statement->handle == NULL)
		return;
	/* A NULL pointer would bind NULL, which is not the empty BLOB. */
	note(statement,
	    sqlite3_bind_blob64(statement->handle, parameter(statement, name),
		bytes != NULL ? bytes : "", size, SQLITE_STATIC));
}

enum status
statement_step(struct statement *statement)
{
	enum status status;
	int code;

	if (statement->problem != STATUS_OK)
		return statement->problem;
	code = sqlite3_step(statement->handle);
	if (code == SQLITE_ROW)
		return STATUS_OK;
	if (code == SQLITE_DONE) {
		sqlite3_reset(statement->handle);
		return STATUS_NOT_FOUND;
	}
	status = store_failed(statement->database,
	    sqlite3_extended_errcode(statement->database->handle));
	sqlite3_reset(statement->handle);
	return status == STATUS_OK ? STATUS_FAILED : status;
}

enum status
statement_run(struct statement *statement)
{
	enum status status;

	do {
		status = statement_step(statement);
	} while (status == STATUS_OK);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

void
statement_reset(struct statement *statement)
{
	if (statement->handle == NULL)
		return;
	sqlite3_reset(statement->handle);
	sqlite3_clear_bindings(statement->handle);
}

/* What SQLite gives of a column that the statement has not is undefined. */
static sqlite3_stmt *
row_with(struct statement *statement, int column)
{
	int count = sqlite3_data_count(statement->handle);

	g_assert(count == 0 || (column >= 0 && column < count));
	return statement->handle;
}

const char *
statement_text_or_null(struct statement *statement, int column)
{
	return (const char *)sqlite3_column_text(
	    row_with(statement, column), column);
}

const char *
statement_text(struct statement *statement, int column)
{
	const char *text = statement_text_or_null(statement, column);

	return text != NULL ? text : "";
}

const void *
statement_bytes(struct statement *statement, int column)
{
	return sqlite3_column_blob(row_with(statement, column), column);
}

size_t
statement_size(struct statement *statement, int column)
{
	return (size_t)sqlite3_column_bytes(
	    row_with(statement, column), column);
}

int64_t
statement_integer(struct statement *statement, int column)
{
	return sqlite3_column_int64(row_with(statement, column), column);
}

double
statement_real(struct statement *statement, int column)
{
	return sqlite3_column_double(row_with(statement, column), column);
}

bool
statement_is_null(struct statement *statement, int column)
{
	return sqlite3_column_type(row_with(statement, column), column) ==
	       SQLITE_NULL;
}

char *
statement_dup_text(struct statement *statement, int column)
{
	const char *text = statement_text_or_null(statement, column);
	char *copy;
	size_t size;

	if (text == NULL)
		return NULL;
	size = statement_size(statement, column);
	copy = g_malloc(size + 1);
	memcpy(copy, text, size + 1);
	return copy;
}

enum status
statement_list(struct statement *statement,
    void *(*make)(struct statement *statement), void (*free_item)(void *item),
    GPtrArray **out_items)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(free_item);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(items, make(statement));
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_items = g_steal_pointer(&items);
	return STATUS_OK;
}

static void *
dup_first(struct statement *statement)
{
	return statement_dup_text(statement, 0);
}

enum status
statement_list_texts(struct statement *statement, GPtrArray **out_texts)
{
	return statement_list(statement, dup_first, g_free, out_texts);
}

enum status
statement_append_integers(struct statement *statement, GArray *integers)
{
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK) {
		int64_t integer = statement_integer(statement, 0);

		g_array_append_val(integers, integer);
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status
statement_read_integer(struct statement *statement, int64_t *out_integer)
{
	enum status status = statement_step(statement);

	if (status == STATUS_OK)
		*out_integer = statement_integer(statement, 0);
	statement_reset(statement);
	return status;
}
