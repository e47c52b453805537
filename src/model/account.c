/*
 * account.c - the part of an author that signs in. See account.h.
 */
#include "config.h"

#include "model/account.h"

#include <glib.h>

#include "model/author.h"
#include "model/one_time_link.h"
#include "model/preview_link.h"
#include "model/session.h"
#include "store/database.h"

#define ACCOUNT_COLUMNS                                                        \
	" id, handle, password_hash, code_secret, code_step,"                  \
	" disabled_at IS NOT NULL"

static const char SQL_FIND[] = "SELECT" ACCOUNT_COLUMNS " FROM author"
			       " WHERE email = :email";

static const char SQL_READ[] = "SELECT" ACCOUNT_COLUMNS " FROM author"
			       " WHERE id = :id";

static const char SQL_IS_THERE[] = "SELECT EXISTS (SELECT 1"
				   " FROM author"
				   " WHERE password_hash IS NOT NULL)";

static const char SQL_SET_PASSWORD[] =
    "UPDATE author"
    " SET password_hash = :hash, updated_at = :now"
    " WHERE id = :id";

static const char SQL_DISABLE[] = "UPDATE author"
				  " SET disabled_at = :now"
				  " WHERE id = :id";

static const char SQL_ENABLE[] = "UPDATE author"
				 " SET disabled_at = NULL"
				 " WHERE id = :id";

static const char SQL_FORGET_BROWSERS[] = "DELETE FROM known_browser"
					  " WHERE author_id = :id";

static const char SQL_NOTE_SIGN_IN[] = "UPDATE author"
				       " SET signed_in_at = :now"
				       " WHERE id = :id";

static const char SQL_SET_SECRET[] = "UPDATE author"
				     " SET code_secret = :secret,"
				     " code_step = 0"
				     " WHERE id = :id";

static const char SQL_USE_CODE[] = "UPDATE author"
				   " SET code_step = :step"
				   " WHERE id = :id AND code_step < :step";

static const char SQL_ADD_RECOVERY[] =
    "INSERT INTO recovery_code (author_id, code_hash)"
    " VALUES (:id, :hash)";

static const char SQL_USE_RECOVERY[] =
    "DELETE FROM recovery_code"
    " WHERE author_id = :id AND code_hash = :hash";

static const char SQL_FORGET_RECOVERY[] = "DELETE FROM recovery_code"
					  " WHERE author_id = :id";

static const char SQL_COUNT_RECOVERY[] = "SELECT count(*)"
					 " FROM recovery_code"
					 " WHERE author_id = :id";

void
account_release(struct account *account)
{
	g_free(account->handle);
	g_free(account->password_hash);
	g_free(account->code_secret);
	*account = (struct account){ 0 };
}

static enum status
read_one(struct statement *statement, struct account *out_account)
{
	enum status status = statement_step(statement);

	if (status == STATUS_OK)
		*out_account = (struct account){
			.author_id = statement_integer(statement, 0),
			.handle = statement_dup_text(statement, 1),
			.password_hash = statement_dup_text(statement, 2),
			.code_secret = statement_dup_text(statement, 3),
			.code_step = statement_integer(statement, 4),
			.is_disabled = statement_integer(statement, 5) != 0,
		};
	statement_reset(statement);
	return status;
}

enum status
account_find(
    struct database *database, const char *email, struct account *out_account)
{
	struct statement *statement = database_statement(database, SQL_FIND);

	statement_bind_text(statement, ":email", email);
	return read_one(statement, out_account);
}

enum status
account_read(
    struct database *database, int64_t author_id, struct account *out_account)
{
	struct statement *statement = database_statement(database, SQL_READ);

	statement_bind_integer(statement, ":id", author_id);
	return read_one(statement, out_account);
}

enum status
account_is_there(struct database *database, bool *out_is_there)
{
	struct statement *statement =
	    database_statement(database, SQL_IS_THERE);
	enum status status = statement_step(statement);

	if (status == STATUS_OK)
		*out_is_there = statement_integer(statement, 0) != 0;
	statement_reset(statement);
	return status;
}

/* Run `statement`, which changes the one author bound to it. */
static enum status
run_on_author(
    struct database *database, struct statement *statement, int64_t author_id)
{
	enum status status;

	statement_bind_integer(statement, ":id", author_id);
	status = statement_run(statement);
	if (status == STATUS_OK && database_changes(database) == 0)
		return STATUS_NOT_FOUND;
	return status;
}

enum status
account_set_password(
    struct database *database, int64_t author_id, const char *hash, int64_t now)
{
	struct statement *statement =
	    database_statement(database, SQL_SET_PASSWORD);

	statement_bind_text(statement, ":hash", hash);
	statement_bind_integer(statement, ":now", now);
	return run_on_author(database, statement, author_id);
}

enum status
account_set_disabled(
    struct database *database, int64_t author_id, bool is_disabled, int64_t now)
{
	struct statement *statement = database_statement(
	    database, is_disabled ? SQL_DISABLE : SQL_ENABLE);

	if (is_disabled)
		statement_bind_integer(statement, ":now", now);
	return run_on_author(database, statement, author_id);
}

static enum status
forget_browsers(struct database *database, int64_t author_id)
{
	struct statement *statement =
	    database_statement(database, SQL_FORGET_BROWSERS);

	statement_bind_integer(statement, ":id", author_id);
	return statement_run(statement);
}

enum status
account_close(struct database *database, int64_t author_id, int64_t now)
{
	bool is_last = false;
	enum status status =
	    author_is_last_owner(database, author_id, &is_last);

	if (status == STATUS_OK && is_last)
		status = STATUS_CONFLICT;
	if (status == STATUS_OK)
		status = account_set_disabled(database, author_id, true, now);
	if (status == STATUS_OK)
		status = session_end_others(database, author_id, 0);
	if (status == STATUS_OK)
		status = one_time_link_end_author(database, author_id);
	if (status == STATUS_OK)
		status = preview_link_end_author(database, author_id);
	if (status == STATUS_OK)
		status = forget_browsers(database, author_id);
	return status;
}

enum status
account_open(struct database *database, int64_t author_id, int64_t now)
{
	return account_set_disabled(database, author_id, false, now);
}

enum status
account_note_sign_in(struct database *database, int64_t author_id, int64_t now)
{
	struct statement *statement =
	    database_statement(database, SQL_NOTE_SIGN_IN);

	statement_bind_integer(statement, ":now", now);
	return run_on_author(database, statement, author_id);
}

enum status
account_forget_recovery_codes(struct database *database, int64_t author_id)
{
	struct statement *statement =
	    database_statement(database, SQL_FORGET_RECOVERY);

	statement_bind_integer(statement, ":id", author_id);
	return statement_run(statement);
}

enum status
account_set_code_secret(
    struct database *database, int64_t author_id, const char *secret)
{
	struct statement *statement;
	enum status status = account_forget_recovery_codes(database, author_id);

	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_SET_SECRET);
	statement_bind_text(statement, ":secret", secret);
	return run_on_author(database, statement, author_id);
}

enum status
account_use_code(struct database *database, int64_t author_id, int64_t step)
{
	struct statement *statement =
	    database_statement(database, SQL_USE_CODE);
	enum status status;

	statement_bind_integer(statement, ":step", step);
	status = run_on_author(database, statement, author_id);
	return status == STATUS_NOT_FOUND ? STATUS_CONFLICT : status;
}

enum status
account_add_recovery_code(
    struct database *database, int64_t author_id, const char *hash)
{
	struct statement *statement =
	    database_statement(database, SQL_ADD_RECOVERY);

	statement_bind_text(statement, ":hash", hash);
	return run_on_author(database, statement, author_id);
}

enum status
account_use_recovery_code(
    struct database *database, int64_t author_id, const char *hash)
{
	struct statement *statement =
	    database_statement(database, SQL_USE_RECOVERY);

	statement_bind_text(statement, ":hash", hash);
	return run_on_author(database, statement, author_id);
}

enum status
account_count_recovery_codes(
    struct database *database, int64_t author_id, int64_t *out_count)
{
	struct statement *statement =
	    database_statement(database, SQL_COUNT_RECOVERY);

	statement_bind_integer(statement, ":id", author_id);
	return statement_read_integer(statement, out_count);
}
