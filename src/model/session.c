/*
 * session.c - who is signed in at the desk. See session.h.
 *
 * What must hold: a token is never stored; what is found is not over and its
 * author may sign in at this very moment, so that whoever ends a session or an
 * account ends it in every process at once.
 */
#include "config.h"

#include "model/session.h"

#include "base/text.h"
#include "base/token.h"
#include "store/database.h"

#define NETWORK_CHARACTERS 64
#define BROWSER_CHARACTERS 80

#define SESSION_COLUMNS                                                        \
	" s.id, s.author_id, a.role, a.name, a.handle, s.created_at,"          \
	" s.seen_at, s.network, s.browser, a.time_zone"

/* Not over: begun and used at times that can be believed. */
#define SESSION_IS_ALIVE                                                       \
	" s.created_at > :oldest AND s.seen_at > :idle"                        \
	" AND s.created_at < :latest AND s.seen_at < :latest"                  \
	" AND a.disabled_at IS NULL AND a.password_hash IS NOT NULL"

static const char SQL_INSERT[] =
    "INSERT INTO session (token_hash, author_id, created_at, seen_at,"
    " network, browser)"
    " VALUES (:token_hash, :author_id, :now, :now, :network, :browser)";

static const char SQL_SWEEP[] =
    "DELETE FROM session"
    " WHERE created_at <= :oldest OR seen_at <= :idle"
    " OR created_at >= :latest OR seen_at >= :latest";

static const char SQL_FIND[] = "SELECT" SESSION_COLUMNS " FROM session s"
			       " JOIN author a ON a.id = s.author_id"
			       " WHERE s.token_hash = :token_hash"
			       " AND" SESSION_IS_ALIVE;

static const char SQL_LIST[] =
    "SELECT" SESSION_COLUMNS " FROM session s"
    " JOIN author a ON a.id = s.author_id"
    " WHERE s.author_id = :author_id"
    " AND" SESSION_IS_ALIVE " ORDER BY s.seen_at DESC";

static const char SQL_TOUCH[] = "UPDATE session"
				" SET seen_at = :now"
				" WHERE id = :id";

static const char SQL_END[] = "DELETE FROM session"
			      " WHERE id = :id AND author_id = :author_id";

static const char SQL_END_OTHERS[] =
    "DELETE FROM session"
    " WHERE author_id = :author_id AND id <> :kept_id";

void
session_release(struct session *session)
{
	g_free(session->name);
	g_free(session->handle);
	g_free(session->network);
	g_free(session->browser);
	g_free(session->time_zone);
	*session = (struct session){ 0 };
}

static void
free_session(void *data)
{
	session_release(data);
	g_free(data);
}

static struct session
session_from_row(struct statement *statement)
{
	struct session session = {
		.id = statement_integer(statement, 0),
		.author_id = statement_integer(statement, 1),
		.name = statement_dup_text(statement, 3),
		.handle = statement_dup_text(statement, 4),
		.created_at = statement_integer(statement, 5),
		.seen_at = statement_integer(statement, 6),
		.network = statement_dup_text(statement, 7),
		.browser = statement_dup_text(statement, 8),
		.time_zone = statement_dup_text(statement, 9),
	};
	/* The table allows no other role; the least of them if it did. */
	if (author_parse_role(statement_text(statement, 2), &session.role) !=
	    STATUS_OK)
		session.role = AUTHOR_ROLE_AUTHOR;
	return session;
}

static void *
new_session(struct statement *statement)
{
	struct session *session = g_new(struct session, 1);

	*session = session_from_row(statement);
	return session;
}

/* Between which times a session that is not over was begun and used. */
static void
bind_limits(struct statement *statement, int64_t now)
{
	statement_bind_integer(statement, ":oldest", now - SESSION_SECONDS);
	statement_bind_integer(statement, ":idle", now - SESSION_IDLE_SECONDS);
	statement_bind_integer(
	    statement, ":latest", now + SESSION_CLOCK_SECONDS);
}

enum status
session_begin(struct database *database, int64_t author_id, const char *network,
    const char *browser, int64_t now, char **out_token)
{
	g_autofree char *token = token_new();
	g_autofree char *hash = token_hash(token);
	g_autofree char *short_network =
	    text_truncate(network, NETWORK_CHARACTERS);
	g_autofree char *short_browser =
	    text_truncate(browser, BROWSER_CHARACTERS);
	struct statement *statement = database_statement(database, SQL_SWEEP);
	enum status status;

	bind_limits(statement, now);
	status = statement_run(statement);
	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_INSERT);
	statement_bind_text(statement, ":token_hash", hash);
	statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_integer(statement, ":now", now);
	statement_bind_text(statement, ":network", short_network);
	statement_bind_text(statement, ":browser", short_browser);
	status = statement_run(statement);
	if (status == STATUS_OK)
		*out_token = g_steal_pointer(&token);
	return status;
}

enum status
session_find(struct database *database, const char *token, int64_t now,
    struct session *out_session)
{
	g_autofree char *hash = token_hash(token);
	struct statement *statement = database_statement(database, SQL_FIND);
	enum status status;

	statement_bind_text(statement, ":token_hash", hash);
	bind_limits(statement, now);
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_session = session_from_row(statement);
	statement_reset(statement);
	return status;
}

enum status
session_touch(struct database *database, int64_t id, int64_t now)
{
	struct statement *statement = database_statement(database, SQL_TOUCH);

	statement_bind_integer(statement, ":id", id);
	statement_bind_integer(statement, ":now", now);
	return statement_run(statement);
}

enum status
session_list(struct database *database, int64_t author_id, int64_t now,
    GPtrArray **out_sessions)
{
	struct statement *statement = database_statement(database, SQL_LIST);

	statement_bind_integer(statement, ":author_id", author_id);
	bind_limits(statement, now);
	return statement_list(
	    statement, new_session, free_session, out_sessions);
}

enum status
session_end(struct database *database, int64_t id, int64_t author_id)
{
	struct statement *statement = database_statement(database, SQL_END);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	statement_bind_integer(statement, ":author_id", author_id);
	status = statement_run(statement);
	if (status == STATUS_OK && database_changes(database) == 0)
		return STATUS_NOT_FOUND;
	return status;
}

enum status
session_end_others(
    struct database *database, int64_t author_id, int64_t kept_id)
{
	struct statement *statement =
	    database_statement(database, SQL_END_OTHERS);

	statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_integer(statement, ":kept_id", kept_id);
	return statement_run(statement);
}
