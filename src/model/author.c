/*
 * author.c - who writes. Signing in is another file's matter: this one stores
 * the hash it is given and shows it to nobody.
 *
 * What must hold: two authors never share a handle or an address; an address
 * that is stored can stand in a mail as it is.
 */
#include "config.h"

#include "model/author.h"

#include <string.h>

#include "author_private.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "clean.h"
#include "model/author_edit.h"
#include "store/database.h"
#include "term_private.h"

#define AUTHOR_COLUMNS                                                         \
	" id, handle, name, email, role, job_title, biography, picture_path,"  \
	" website, article_count, password_hash IS NOT NULL,"                  \
	" disabled_at IS NOT NULL, time_zone," AUTHOR_FACE

enum {
	EMAIL_SIZE = 254, /* RFC 5321 section 4.5.3.1.3, less the brackets */
	LOCAL_PART_SIZE = 64, /* section 4.5.3.1.1 */
	LABEL_SIZE = 63,      /* RFC 1035 section 2.3.4 */
	LINE_CHARACTERS = 200,
	BIOGRAPHY_CHARACTERS = 2000
};

static const char SQL_FIND[] = "SELECT" AUTHOR_COLUMNS " FROM author"
			       " WHERE handle = :handle";

static const char SQL_FIND_ID[] = "SELECT" AUTHOR_COLUMNS " FROM author"
				  " WHERE id = :id";

static const char SQL_FIND_OWNER[] = "SELECT" AUTHOR_COLUMNS " FROM author"
				     " WHERE role = 'owner'"
				     " ORDER BY id"
				     " LIMIT 1";

/* The only author there is; no row when there are several. */
static const char SQL_FIND_ONLY[] = "SELECT" AUTHOR_COLUMNS " FROM author"
				    " WHERE id = (SELECT min(id) FROM author)"
				    " AND id = (SELECT max(id) FROM author)";

static const char SQL_LIST_USED[] = "SELECT" AUTHOR_COLUMNS " FROM author"
				    " WHERE article_count > 0"
				    " ORDER BY name COLLATE NOCASE";

static const char SQL_LIST[] = "SELECT" AUTHOR_COLUMNS " FROM author"
			       " ORDER BY id";

static const char SQL_BY_NAME[] = "SELECT id"
				  " FROM author"
				  " WHERE name = :name"
				  " ORDER BY id"
				  " LIMIT 1";

static const char SQL_HANDLE_IS_TAKEN[] = "SELECT 1"
					  " FROM author"
					  " WHERE handle = :handle";

static const char SQL_EMAIL_IS_TAKEN[] = "SELECT 1"
					 " FROM author"
					 " WHERE email = :email";

static const char SQL_INSERT[] =
    "INSERT INTO author (handle, name, email, role, password_hash,"
    " job_title, biography, picture_path, website, created_at, updated_at)"
    " VALUES (:handle, :name, :email, :role, :password_hash,"
    " :job_title, :biography, :picture_path, :website, :now, :now)";

/* What is not given stays. */
static const char SQL_UPDATE[] =
    "UPDATE author"
    " SET handle = :handle, name = :name, email = :email,"
    " job_title = :job_title, biography = :biography,"
    " picture_path = :picture_path, website = :website, updated_at = :now"
    " WHERE id = :id";

static const char SQL_SET_ZONE[] = "UPDATE author"
				   " SET time_zone = :time_zone"
				   " WHERE id = :id";

static const char SQL_SET_ROLE[] = "UPDATE author"
				   " SET role = :role, updated_at = :now"
				   " WHERE id = :id";

/* Whether another owner than this one can sign in, or this one is none. */
static const char SQL_IS_NOT_LAST_OWNER[] =
    "SELECT EXISTS (SELECT 1"
    " FROM author"
    " WHERE role = 'owner' AND id <> :id AND password_hash IS NOT NULL"
    " AND disabled_at IS NULL)"
    " OR NOT EXISTS (SELECT 1"
    " FROM author"
    " WHERE role = 'owner' AND id = :id AND password_hash IS NOT NULL)";

static const char *const role_names[] = {
	[AUTHOR_ROLE_OWNER] = "owner",
	[AUTHOR_ROLE_EDITOR] = "editor",
	[AUTHOR_ROLE_AUTHOR] = "author",
};

const char *
author_role_name(enum author_role role)
{
	return role_names[role];
}

enum status
author_parse_role(const char *text, enum author_role *out_role)
{
	for (size_t i = 0; i < G_N_ELEMENTS(role_names); i++) {
		if (strcmp(text, role_names[i]) == 0) {
			*out_role = (enum author_role)i;
			return STATUS_OK;
		}
	}
	return STATUS_INVALID;
}

/* ---- reading ---- */

void
author_free(struct author *author)
{
	if (author == NULL)
		return;
	g_free(author->handle);
	g_free(author->name);
	g_free(author->email);
	g_free(author->job_title);
	g_free(author->biography);
	g_free(author->picture_path);
	g_free(author->face_path);
	g_free(author->website);
	g_free(author->time_zone);
	g_free(author);
}

static void
free_author(void *author)
{
	author_free(author);
}

static void *
author_from_row(struct statement *statement)
{
	struct author *author = g_new0(struct author, 1);

	author->id = statement_integer(statement, 0);
	author->handle = statement_dup_text(statement, 1);
	author->name = statement_dup_text(statement, 2);
	author->email = statement_dup_text(statement, 3);
	/* The table allows no other role; the least of them if it did. */
	if (author_parse_role(statement_text(statement, 4), &author->role) !=
	    STATUS_OK)
		author->role = AUTHOR_ROLE_AUTHOR;
	author->job_title = statement_dup_text(statement, 5);
	author->biography = statement_dup_text(statement, 6);
	author->picture_path = statement_dup_text(statement, 7);
	author->website = statement_dup_text(statement, 8);
	author->article_count = statement_integer(statement, 9);
	author->has_password = statement_integer(statement, 10) != 0;
	author->is_disabled = statement_integer(statement, 11) != 0;
	author->time_zone = statement_dup_text(statement, 12);
	author->face_path = statement_dup_text(statement, 13);
	return author;
}

static enum status
read_one(struct statement *statement, struct author **out_author)
{
	enum status status = statement_step(statement);

	if (status != STATUS_OK)
		return status;
	*out_author = author_from_row(statement);
	statement_reset(statement);
	return STATUS_OK;
}

enum status
author_find(
    struct database *database, const char *handle, struct author **out_author)
{
	struct statement *statement = database_statement(database, SQL_FIND);

	statement_bind_text(statement, ":handle", handle);
	return read_one(statement, out_author);
}

enum status
author_find_id(
    struct database *database, int64_t id, struct author **out_author)
{
	struct statement *statement = database_statement(database, SQL_FIND_ID);

	statement_bind_integer(statement, ":id", id);
	return read_one(statement, out_author);
}

enum status
author_find_owner(struct database *database, struct author **out_author)
{
	enum status status =
	    read_one(database_statement(database, SQL_FIND_OWNER), out_author);

	if (status != STATUS_NOT_FOUND)
		return status;
	return read_one(
	    database_statement(database, SQL_FIND_ONLY), out_author);
}

enum status
author_list_used(struct database *database, GPtrArray **out_authors)
{
	return statement_list(database_statement(database, SQL_LIST_USED),
	    author_from_row, free_author, out_authors);
}

enum status
author_list(struct database *database, GPtrArray **out_authors)
{
	return statement_list(database_statement(database, SQL_LIST),
	    author_from_row, free_author, out_authors);
}

/* ---- addresses ---- */

/* One label of a host name: RFC 5321 section 4.1.2, sub-domain. */
static bool
is_label(const char *label)
{
	size_t size = strlen(label);

	if (size == 0 || size > LABEL_SIZE || label[0] == '-' ||
	    label[size - 1] == '-')
		return false;
	for (const char *at = label; *at != '\0'; at++)
		if (!g_ascii_isalnum(*at) && *at != '-')
			return false;
	return true;
}

static bool
is_domain(const char *domain)
{
	g_auto(GStrv) labels = g_strsplit(domain, ".", -1);

	for (size_t i = 0; labels[i] != NULL; i++)
		if (!is_label(labels[i]))
			return false;
	return labels[0] != NULL;
}

/* Dot-string of RFC 5321 section 4.1.2. The quoted form is legal, used by
 * nobody, and what injections into mail are made of: refused. */
static bool
is_local_part(const char *text, size_t size)
{
	if (size == 0 || size > LOCAL_PART_SIZE)
		return false;
	for (size_t i = 0; i < size; i++) {
		bool is_dot = text[i] == '.';

		if (is_dot && (i == 0 || i + 1 == size || text[i - 1] == '.'))
			return false;
		if (!is_dot && !g_ascii_isalnum(text[i]) &&
		    memchr("!#$%&'*+-/=?^_`{|}~", text[i], 19) == NULL)
			return false;
	}
	return true;
}

char *
author_normalize_email(const char *text)
{
	const char *at = strrchr(text, '@');
	g_autofree char *domain = NULL;
	g_autofree char *lower = NULL;
	g_autofree char *email = NULL;

	if (at == NULL || !is_local_part(text, (size_t)(at - text)))
		return NULL;
	domain = g_hostname_to_ascii(at + 1);
	if (domain == NULL || !is_domain(domain))
		return NULL;
	lower = g_ascii_strdown(domain, -1);
	email = g_strdup_printf("%.*s@%s", (int)(at - text), text, lower);
	return strlen(email) <= EMAIL_SIZE ? g_steal_pointer(&email) : NULL;
}

/* ---- adding ---- */

/* The first free handle like `slug`: slug, slug-2 ... */
static enum status
free_handle(struct database *database, const char *slug, char **out_handle)
{
	g_assert(text_is_slug(slug));
	for (int number = 1; number <= TERM_SLUG_TRIES; number++) {
		g_autofree char *handle = term_numbered_slug(slug, number);
		struct statement *statement =
		    database_statement(database, SQL_HANDLE_IS_TAKEN);
		enum status status;

		statement_bind_text(statement, ":handle", handle);
		status = statement_step(statement);
		statement_reset(statement);
		if (status == STATUS_NOT_FOUND) {
			*out_handle = g_steal_pointer(&handle);
			return STATUS_OK;
		}
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_CONFLICT;
}

/* The handle that `draft` asks for, or one from its name. */
static enum status
choose_handle(struct database *database, const struct author_draft *draft,
    const char *name, char **out_handle, GError **error)
{
	struct statement *statement;
	enum status status;

	if (draft->handle == NULL || *draft->handle == '\0') {
		g_autofree char *slug = term_slug(name);
		/* It cuts between characters. */
		g_autofree char *handle =
		    text_slug(slug, AUTHOR_EDIT_HANDLE_SIZE);

		return free_handle(database, handle, out_handle);
	}
	if (!text_is_slug(draft->handle))
		return status_fail(error, STATUS_INVALID,
		    "a handle is made of lower-case letters, digits and "
		    "hyphens, like \"ada-lovelace\"");
	statement = database_statement(database, SQL_HANDLE_IS_TAKEN);
	statement_bind_text(statement, ":handle", draft->handle);
	status = statement_step(statement);
	statement_reset(statement);
	if (status == STATUS_OK)
		return status_fail(error, STATUS_CONFLICT,
		    "there is an author with the handle %s already",
		    draft->handle);
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_handle = g_strdup(draft->handle);
	return STATUS_OK;
}

static enum status
check_email(struct database *database, const char *text, char **out_email,
    GError **error)
{
	g_autofree char *email = NULL;
	struct statement *statement;
	enum status status;

	*out_email = NULL;
	if (text == NULL || *text == '\0')
		return STATUS_OK;
	email = author_normalize_email(text);
	if (email == NULL)
		return status_fail(error, STATUS_INVALID,
		    "that is not an e-mail address we can use, like "
		    "ada@example.org");
	statement = database_statement(database, SQL_EMAIL_IS_TAKEN);
	statement_bind_text(statement, ":email", email);
	status = statement_step(statement);
	statement_reset(statement);
	if (status == STATUS_OK)
		return status_fail(error, STATUS_CONFLICT,
		    "there is an author with the address %s already", email);
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_email = g_steal_pointer(&email);
	return STATUS_OK;
}

/* What a row holds, cleaned and checked. */
struct author_row {
	char *handle, *name, *email;
	char *job_title, *biography, *picture_path, *website;
};

static void
author_row_release(struct author_row *row)
{
	g_free(row->handle);
	g_free(row->name);
	g_free(row->email);
	g_free(row->job_title);
	g_free(row->biography);
	g_free(row->picture_path);
	g_free(row->website);
}

static bool
is_web_address(const char *line)
{
	return *line == '\0' || clean_is_web_address(line);
}

static bool
is_given(const char *line)
{
	return *line != '\0';
}

enum status
author_clean_field(
    enum author_field field, const char *text, char **out_line, GError **error)
{
	static const struct {
		const char *name;
		size_t limit; /* characters */
		bool (*is_right)(const char *line);
		const char *problem; /* where it is not */
	} fields[] = {
		[AUTHOR_FIELD_NAME] = { "name", TERM_NAME_CHARACTERS, is_given,
		    "an author needs a name" },
		[AUTHOR_FIELD_JOB_TITLE] = { "job title", LINE_CHARACTERS, NULL,
		    NULL },
		[AUTHOR_FIELD_BIOGRAPHY] = { "biography", BIOGRAPHY_CHARACTERS,
		    NULL, NULL },
		[AUTHOR_FIELD_PICTURE_PATH] = { "picture", LINE_CHARACTERS,
		    NULL, NULL },
		[AUTHOR_FIELD_WEBSITE] = { "website", LINE_CHARACTERS,
		    is_web_address,
		    "the website must be an http or https address" },
	};
	g_autofree char *line = NULL;
	enum status status = clean_field(
	    fields[field].name, text, fields[field].limit, &line, error);

	if (status != STATUS_OK)
		return status;
	if (fields[field].is_right != NULL && !fields[field].is_right(line))
		return status_fail(
		    error, STATUS_INVALID, "%s", fields[field].problem);
	*out_line = g_steal_pointer(&line);
	return STATUS_OK;
}

/* Whatever in `draft` needs no look at other authors. */
static enum status
clean_row(
    const struct author_draft *draft, struct author_row *row, GError **error)
{
	const struct {
		enum author_field field;
		const char *text;
		char **out;
	} lines[] = {
		{ AUTHOR_FIELD_NAME, draft->name, &row->name },
		{ AUTHOR_FIELD_JOB_TITLE, draft->job_title, &row->job_title },
		{ AUTHOR_FIELD_BIOGRAPHY, draft->biography, &row->biography },
		{ AUTHOR_FIELD_PICTURE_PATH, draft->picture_path,
		    &row->picture_path },
		{ AUTHOR_FIELD_WEBSITE, draft->website, &row->website },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		enum status status = author_clean_field(
		    lines[i].field, lines[i].text, lines[i].out, error);

		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

static void
bind_row(struct statement *statement, const struct author_row *row)
{
	statement_bind_text(statement, ":handle", row->handle);
	statement_bind_text(statement, ":name", row->name);
	statement_bind_text(statement, ":email", row->email);
	statement_bind_text(statement, ":job_title", row->job_title);
	statement_bind_text(statement, ":biography", row->biography);
	statement_bind_text(statement, ":picture_path",
	    *row->picture_path != '\0' ? row->picture_path : NULL);
	statement_bind_text(statement, ":website", row->website);
}

static enum status
insert(struct database *database, const struct author_draft *draft,
    const struct author_row *row, int64_t now)
{
	const char *hash = draft->password_hash;
	struct statement *statement = database_statement(database, SQL_INSERT);

	bind_row(statement, row);
	statement_bind_text(statement, ":role", author_role_name(draft->role));
	statement_bind_text(statement, ":password_hash",
	    hash != NULL && *hash != '\0' ? hash : NULL);
	statement_bind_integer(statement, ":now", now);
	return statement_run(statement);
}

/* `status`, with words if it has none yet. */
static enum status
explain(enum status status, GError **error, const GError *known)
{
	if (status == STATUS_OK || known != NULL)
		return status;
	return status_fail(error, status, "the author could not be stored: %s",
	    status_name(status));
}

enum status
author_add(struct database *database, const struct author_draft *draft,
    int64_t now, int64_t *out_id, GError **error)
{
	struct author_row row = { 0 };
	GError *reason = NULL;
	enum status status = clean_row(draft, &row, &reason);

	if (status == STATUS_OK)
		status =
		    check_email(database, draft->email, &row.email, &reason);
	if (status == STATUS_OK)
		status = choose_handle(
		    database, draft, row.name, &row.handle, &reason);
	if (status == STATUS_OK)
		status = insert(database, draft, &row, now);
	if (status == STATUS_OK)
		*out_id = database_last_id(database);
	status = explain(status, &reason, reason);
	author_row_release(&row);
	if (reason != NULL)
		g_propagate_error(error, reason);
	return status;
}

/* Put what is stored into the members of `draft` that are not given. */
static struct author_draft
merge_draft(const struct author_draft *draft, const struct author *author)
{
	struct author_draft whole = *draft;

	if (whole.name == NULL)
		whole.name = author->name;
	if (whole.job_title == NULL)
		whole.job_title = author->job_title;
	if (whole.biography == NULL)
		whole.biography = author->biography;
	if (whole.picture_path == NULL)
		whole.picture_path = author->picture_path;
	if (whole.website == NULL)
		whole.website = author->website;
	return whole;
}

static enum status
update(struct database *database, const struct author *author,
    const struct author_draft *draft, int64_t now, GError **error)
{
	const struct author_draft whole = merge_draft(draft, author);
	struct author_row row = { 0 };
	enum status status = clean_row(&whole, &row, error);

	/* What stays the same is no conflict with itself. */
	if (draft->email == NULL ||
	    g_ascii_strcasecmp(
		draft->email, author->email != NULL ? author->email : "") == 0)
		row.email = g_strdup(author->email);
	else if (status == STATUS_OK)
		status = check_email(database, draft->email, &row.email, error);
	if (draft->handle == NULL || strcmp(draft->handle, author->handle) == 0)
		row.handle = g_strdup(author->handle);
	else if (status == STATUS_OK)
		status = choose_handle(
		    database, &whole, row.name, &row.handle, error);
	if (status == STATUS_OK) {
		struct statement *statement =
		    database_statement(database, SQL_UPDATE);

		bind_row(statement, &row);
		statement_bind_integer(statement, ":id", author->id);
		statement_bind_integer(statement, ":now", now);
		status = statement_run(statement);
	}
	author_row_release(&row);
	return status;
}

/* The same with `author`, which is freed, where `status` says that it was
 * found; it says why not in words. */
static enum status
update_found(struct database *database, enum status status,
    struct author *author, const struct author_draft *draft, int64_t now,
    GError **error)
{
	GError *reason = NULL;

	if (status == STATUS_OK)
		status = update(database, author, draft, now, &reason);
	author_free(author);
	status = explain(status, &reason, reason);
	if (reason != NULL)
		g_propagate_error(error, reason);
	return status;
}

enum status
author_update(struct database *database, const char *handle,
    const struct author_draft *draft, int64_t now, GError **error)
{
	struct author *author = NULL;
	enum status status = author_find(database, handle, &author);

	if (status == STATUS_NOT_FOUND)
		return status_fail(error, status,
		    "there is no author with the handle %s", handle);
	return update_found(database, status, author, draft, now, error);
}

enum status
author_update_id(struct database *database, int64_t id,
    const struct author_draft *draft, int64_t now, GError **error)
{
	struct author *author = NULL;
	enum status status = author_find_id(database, id, &author);

	if (status == STATUS_NOT_FOUND)
		return status_fail(error, status, "that author is gone");
	return update_found(database, status, author, draft, now, error);
}

enum status
author_set_time_zone(struct database *database, int64_t id, const char *name)
{
	g_autoptr(GTimeZone) zone = time_zone_new(name);
	struct statement *statement;
	enum status status;

	if (zone == NULL && *name != '\0')
		return STATUS_INVALID;
	statement = database_statement(database, SQL_SET_ZONE);
	statement_bind_integer(statement, ":id", id);
	statement_bind_text(statement, ":time_zone", name);
	status = statement_run(statement);
	if (status == STATUS_OK && database_changes(database) == 0)
		return STATUS_NOT_FOUND;
	return status;
}

enum status
author_is_last_owner(struct database *database, int64_t id, bool *out_is_last)
{
	struct statement *statement =
	    database_statement(database, SQL_IS_NOT_LAST_OWNER);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_is_last = statement_integer(statement, 0) == 0;
	statement_reset(statement);
	return status;
}

enum status
author_set_role(
    struct database *database, int64_t id, enum author_role role, int64_t now)
{
	struct statement *statement;
	bool is_last = false;
	enum status status = author_is_last_owner(database, id, &is_last);

	if (status != STATUS_OK)
		return status;
	if (role != AUTHOR_ROLE_OWNER && is_last)
		return STATUS_CONFLICT;
	statement = database_statement(database, SQL_SET_ROLE);
	statement_bind_integer(statement, ":id", id);
	statement_bind_text(statement, ":role", author_role_name(role));
	statement_bind_integer(statement, ":now", now);
	status = statement_run(statement);
	if (status == STATUS_OK && database_changes(database) == 0)
		return STATUS_NOT_FOUND;
	return status;
}

enum status
author_ensure(
    struct database *database, const char *name, int64_t now, int64_t *out_id)
{
	struct author_draft draft = { .role = AUTHOR_ROLE_AUTHOR };
	g_autofree char *line = NULL;
	enum status status = clean_line(name, TERM_NAME_CHARACTERS, &line);
	struct statement *statement;

	if (status != STATUS_OK || *line == '\0')
		return STATUS_INVALID;
	statement = database_statement(database, SQL_BY_NAME);
	statement_bind_text(statement, ":name", line);
	status = statement_read_integer(statement, out_id);
	if (status != STATUS_NOT_FOUND)
		return status;
	draft.name = line;
	return author_add(database, &draft, now, out_id, NULL);
}
