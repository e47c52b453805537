/*
 * one_time_link.c - links that let somebody in once. See one_time_link.h.
 */
#include "config.h"

#include "model/one_time_link.h"

#include "base/token.h"
#include "store/database.h"

/* An author who is there already is called, and may do, what they are and may
 * now. */
#define LINK_COLUMNS                                                           \
	" author_id, coalesce((SELECT name FROM author WHERE id = author_id)," \
	" name), email, coalesce((SELECT role FROM author"                     \
	" WHERE id = author_id), role), created_at, expires_at, token_hash"

static const char SQL_INSERT[] =
    "INSERT INTO one_time_link (token_hash, purpose, author_id, name, email,"
    " role, invited_by, created_at, expires_at)"
    " VALUES (:hash, :purpose, :author_id, :name, :email, :role, :invited_by,"
    " :now, :expires_at)";

static const char SQL_SWEEP[] = "DELETE FROM one_time_link"
				" WHERE expires_at <= :now"
				" OR (purpose = :purpose"
				" AND author_id = :author_id)";

/* One that is good for longer than any was made when a clock has gone back. */
static const char SQL_FIND[] = "SELECT" LINK_COLUMNS " FROM one_time_link"
			       " WHERE token_hash = :hash"
			       " AND purpose = :purpose"
			       " AND expires_at > :now"
			       " AND expires_at <= :latest";

static const char SQL_LIST[] = "SELECT" LINK_COLUMNS " FROM one_time_link"
			       " WHERE purpose = :purpose"
			       " AND expires_at > :now"
			       " AND expires_at <= :latest"
			       " ORDER BY created_at DESC, token_hash";

static const char SQL_USE[] = "DELETE FROM one_time_link"
			      " WHERE token_hash = :hash";

static const char SQL_END_ALL[] = "DELETE FROM one_time_link"
				  " WHERE purpose = :purpose";

static const char SQL_END_INVITATIONS[] = "DELETE FROM one_time_link"
					  " WHERE invited_by = :author_id";

static const char SQL_END_AUTHOR[] = "DELETE FROM one_time_link"
				     " WHERE author_id = :author_id"
				     " OR invited_by = :author_id";

static const char *const purpose_names[] = {
	[LINK_PURPOSE_SETUP] = "setup",
	[LINK_PURPOSE_INVITATION] = "invitation",
	[LINK_PURPOSE_RESET] = "reset",
};

void
one_time_link_release(struct one_time_link *link)
{
	g_free(link->name);
	g_free(link->email);
	g_free(link->token_hash);
	*link = (struct one_time_link){ 0 };
}

static void
free_link(void *data)
{
	one_time_link_release(data);
	g_free(data);
}

static void
link_from_row(struct statement *statement, enum link_purpose purpose,
    struct one_time_link *link)
{
	*link = (struct one_time_link){
		.purpose = purpose,
		.author_id = statement_integer(statement, 0),
		.name = statement_dup_text(statement, 1),
		.email = statement_dup_text(statement, 2),
		.created_at = statement_integer(statement, 4),
		.expires_at = statement_integer(statement, 5),
		.token_hash = statement_dup_text(statement, 6),
	};
	/* The table allows no other role; the least of them if it did. */
	if (author_parse_role(statement_text(statement, 3), &link->role) !=
	    STATUS_OK)
		link->role = AUTHOR_ROLE_AUTHOR;
}

static void
bind_optional(struct statement *statement, const char *name, int64_t id)
{
	if (id != 0)
		statement_bind_integer(statement, name, id);
}

static enum status
sweep(struct database *database, const struct one_time_link_draft *draft,
    int64_t now)
{
	struct statement *statement = database_statement(database, SQL_SWEEP);

	statement_bind_integer(statement, ":now", now);
	statement_bind_text(
	    statement, ":purpose", purpose_names[draft->purpose]);
	bind_optional(statement, ":author_id", draft->author_id);
	return statement_run(statement);
}

enum status
one_time_link_make(struct database *database,
    const struct one_time_link_draft *draft, int64_t now, char **out_token)
{
	g_autofree char *token = token_new();
	g_autofree char *hash = token_hash(token);
	enum status status = sweep(database, draft, now);
	struct statement *statement;

	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_INSERT);
	statement_bind_text(statement, ":hash", hash);
	statement_bind_text(
	    statement, ":purpose", purpose_names[draft->purpose]);
	bind_optional(statement, ":author_id", draft->author_id);
	statement_bind_text(
	    statement, ":name", draft->name != NULL ? draft->name : "");
	statement_bind_text(
	    statement, ":email", draft->email != NULL ? draft->email : "");
	statement_bind_text(statement, ":role", author_role_name(draft->role));
	bind_optional(statement, ":invited_by", draft->invited_by);
	statement_bind_integer(statement, ":now", now);
	statement_bind_integer(
	    statement, ":expires_at", now + ONE_TIME_LINK_SECONDS);
	status = statement_run(statement);
	if (status == STATUS_OK)
		*out_token = g_steal_pointer(&token);
	return status;
}

static void
bind_search(struct statement *statement, enum link_purpose purpose, int64_t now)
{
	statement_bind_text(statement, ":purpose", purpose_names[purpose]);
	statement_bind_integer(statement, ":now", now);
	statement_bind_integer(
	    statement, ":latest", now + 2 * ONE_TIME_LINK_SECONDS);
}

enum status
one_time_link_find(struct database *database, enum link_purpose purpose,
    const char *token, int64_t now, struct one_time_link *out_link)
{
	g_autofree char *hash = token_hash(token);
	struct statement *statement = database_statement(database, SQL_FIND);
	enum status status;

	statement_bind_text(statement, ":hash", hash);
	bind_search(statement, purpose, now);
	status = statement_step(statement);
	if (status == STATUS_OK)
		link_from_row(statement, purpose, out_link);
	statement_reset(statement);
	return status;
}

enum status
one_time_link_use(struct database *database, const char *hash)
{
	struct statement *statement = database_statement(database, SQL_USE);
	enum status status;

	statement_bind_text(statement, ":hash", hash);
	status = statement_run(statement);
	if (status == STATUS_OK && database_changes(database) == 0)
		return STATUS_NOT_FOUND;
	return status;
}

enum status
one_time_link_end_all(struct database *database, enum link_purpose purpose)
{
	struct statement *statement = database_statement(database, SQL_END_ALL);

	statement_bind_text(statement, ":purpose", purpose_names[purpose]);
	return statement_run(statement);
}

enum status
one_time_link_end_invitations(struct database *database, int64_t author_id)
{
	struct statement *statement =
	    database_statement(database, SQL_END_INVITATIONS);

	statement_bind_integer(statement, ":author_id", author_id);
	return statement_run(statement);
}

enum status
one_time_link_end_author(struct database *database, int64_t author_id)
{
	struct statement *statement =
	    database_statement(database, SQL_END_AUTHOR);

	statement_bind_integer(statement, ":author_id", author_id);
	return statement_run(statement);
}

enum status
one_time_link_list(struct database *database, enum link_purpose purpose,
    int64_t now, GPtrArray **out_links)
{
	g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func(free_link);
	struct statement *statement = database_statement(database, SQL_LIST);
	enum status status;

	bind_search(statement, purpose, now);
	while ((status = statement_step(statement)) == STATUS_OK) {
		struct one_time_link *link = g_new0(struct one_time_link, 1);

		link_from_row(statement, purpose, link);
		g_ptr_array_add(links, link);
	}
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_links = g_steal_pointer(&links);
	return STATUS_OK;
}
