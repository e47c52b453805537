/*
 * redirect.c - addresses that lead elsewhere.
 *
 * What must hold: one hop. A redirect to an article is stored as the article,
 * not as its address, so that it leads to wherever the article stands now.
 */
#include "config.h"

#include "model/redirect.h"

#include <string.h>

#include "article_private.h"
#include "base/text.h"
#include "redirect_private.h"
#include "store/database.h"

#define PAGE_PART "/page" /* before the number of a page that follows */

static const char SQL_FIND[] = "SELECT coalesce(r.target, a.path)"
			       " FROM redirect r"
			       " LEFT JOIN article a ON a.id = r.article_id"
			       " AND a.status = 'published'"
			       " AND a.trashed_at IS NULL"
			       " AND a.published_at <= :now"
			       " WHERE r.path = :path";

static const char SQL_ARTICLE_AT[] = "SELECT 1"
				     " FROM article"
				     " WHERE path = :path";

static const char SQL_LEADS_TO[] = "SELECT article_id"
				   " FROM redirect"
				   " WHERE path = :path";

static const char SQL_INSERT[] =
    "INSERT INTO redirect (path, article_id, created_at)"
    " VALUES (:path, :article_id, :now)";

static const char SQL_REMOVE[] = "DELETE FROM redirect"
				 " WHERE path = :path";

static const char SQL_REMOVE_DUE[] = "DELETE FROM redirect"
				     " WHERE path IN (SELECT path"
				     " FROM article"
				     " WHERE status = 'scheduled'"
				     " AND trashed_at IS NULL"
				     " AND published_at <= :now)";

static const char SQL_KEEP[] =
    "INSERT INTO redirect (path, article_id, created_at)"
    " VALUES (:path, :article_id, :now)"
    " ON CONFLICT (path) DO NOTHING";

static const char SQL_ADD_HITS[] =
    "INSERT INTO redirect_hit (path, count, last_day)"
    " SELECT path, :count, :last_day"
    " FROM redirect"
    " WHERE path = :path"
    " ON CONFLICT (path) DO UPDATE"
    " SET count = count + excluded.count,"
    " last_day = max(last_day, excluded.last_day)";

static enum status
find_exactly(
    struct database *database, const char *path, int64_t now, char **out_target)
{
	struct statement *statement = database_statement(database, SQL_FIND);
	char *target;
	enum status status;

	statement_bind_text(statement, ":path", path);
	statement_bind_integer(statement, ":now", now);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	target = statement_dup_text(statement, 0);
	statement_reset(statement);
	if (target == NULL)
		return STATUS_NOT_FOUND;
	*out_target = target;
	return STATUS_OK;
}

/* "/tags/a" of "/tags/a/page/2"; NULL: it is no such page. The caller frees it.
 */
static char *
first_page_of(const char *path)
{
	const char *number = strrchr(path, '/');
	size_t size;

	if (number == NULL || number[1] == '\0' ||
	    number[1 + strspn(number + 1, "0123456789")] != '\0')
		return NULL;
	size = (size_t)(number - path);
	if (size <= strlen(PAGE_PART) || strncmp(number - strlen(PAGE_PART),
					     PAGE_PART, strlen(PAGE_PART)) != 0)
		return NULL;
	return g_strndup(path, size - strlen(PAGE_PART));
}

enum status
redirect_find(
    struct database *database, const char *path, int64_t now, char **out_target)
{
	g_autofree char *first = NULL;
	enum status status = find_exactly(database, path, now, out_target);

	if (status != STATUS_NOT_FOUND)
		return status;
	first = first_page_of(path);
	return first != NULL ? find_exactly(database, first, now, out_target)
			     : STATUS_NOT_FOUND;
}

/* `out_is_known` says whether there is such a redirect. */
static enum status
add_hits(struct database *database, const char *path, int64_t count,
    int64_t last_day, bool *out_is_known)
{
	struct statement *statement =
	    database_statement(database, SQL_ADD_HITS);
	enum status status;

	statement_bind_text(statement, ":path", path);
	statement_bind_integer(statement, ":count", count);
	statement_bind_integer(statement, ":last_day", last_day);
	status = statement_run(statement);
	*out_is_known = database_changes(database) > 0;
	return status;
}

enum status
redirect_add_hits(struct database *database, const char *path, int64_t count,
    int64_t last_day)
{
	g_autofree char *first = NULL;
	bool is_known;
	enum status status =
	    add_hits(database, path, count, last_day, &is_known);

	if (status != STATUS_OK || is_known)
		return status;
	first = first_page_of(path);
	return first != NULL
		   ? add_hits(database, first, count, last_day, &is_known)
		   : STATUS_OK;
}

/* The integer that `sql` finds by `path`. STATUS_NOT_FOUND. */
static enum status
look_up(struct database *database, const char *sql, const char *path,
    int64_t *out_value)
{
	struct statement *statement = database_statement(database, sql);

	statement_bind_text(statement, ":path", path);
	return statement_read_integer(statement, out_value);
}

/* What lies below our addresses may have been somebody's
 * ("/archive/2013/05/06/a.html"), but for the desk, where a redirect that
 * browsers remember would lock the author out. */
bool
redirect_is_own_path(const char *path)
{
	return article_path_is_reserved(path) &&
	       (strchr(path + 1, '/') == NULL ||
		   g_str_has_prefix(path, "/desk/"));
}

enum status
redirect_add_to_article(struct database *database, const char *path,
    int64_t article_id, int64_t now, bool *out_is_new)
{
	struct statement *statement;
	enum status status;
	int64_t value;

	if (*path != '/' || strlen(path) > ARTICLE_PATH_SIZE ||
	    !text_is_valid_utf8(path, strlen(path), NULL) ||
	    redirect_is_own_path(path))
		return STATUS_INVALID;
	status = look_up(database, SQL_LEADS_TO, path, &value);
	if (status == STATUS_OK) {
		if (value != article_id)
			return STATUS_CONFLICT;
		if (out_is_new != NULL)
			*out_is_new = false;
		return STATUS_OK;
	}
	if (status == STATUS_NOT_FOUND)
		status = look_up(database, SQL_ARTICLE_AT, path, &value);
	if (status != STATUS_NOT_FOUND)
		return status == STATUS_OK ? STATUS_CONFLICT : status;
	statement = database_statement(database, SQL_INSERT);
	statement_bind_text(statement, ":path", path);
	statement_bind_integer(statement, ":article_id", article_id);
	statement_bind_integer(statement, ":now", now);
	status = statement_run(statement);
	if (status == STATUS_OK && out_is_new != NULL)
		*out_is_new = true;
	return status;
}

enum status
redirect_remove(struct database *database, const char *path)
{
	struct statement *statement = database_statement(database, SQL_REMOVE);

	statement_bind_text(statement, ":path", path);
	return statement_run(statement);
}

enum status
redirect_remove_due(struct database *database, int64_t now)
{
	struct statement *statement =
	    database_statement(database, SQL_REMOVE_DUE);

	statement_bind_integer(statement, ":now", now);
	return statement_run(statement);
}

enum status
redirect_keep_path(struct database *database, const char *path,
    int64_t article_id, int64_t now)
{
	struct statement *statement = database_statement(database, SQL_KEEP);

	statement_bind_text(statement, ":path", path);
	statement_bind_integer(statement, ":article_id", article_id);
	statement_bind_integer(statement, ":now", now);
	return statement_run(statement);
}

/* ---- other generators' addresses ---- */

/* `text` without "scheme://host", or NULL when it is of another scheme. */
static const char *
skip_origin(const char *text)
{
	const char *rest = text;

	if (g_ascii_strncasecmp(text, "http://", 7) == 0)
		rest = text + 7;
	else if (g_ascii_strncasecmp(text, "https://", 8) == 0)
		rest = text + 8;
	else if (g_str_has_prefix(text, "//"))
		rest = text + 2;
	else {
		/* "mailto:a", but not "/a:b" and not "a/b:c". */
		size_t size = strcspn(text, ":/?#");

		return text[size] == ':' ? NULL : text;
	}
	return rest + strcspn(rest, "/?#");
}

/* Percent-decoded once, or NULL when that fails or gives what no path may
 * hold. */
static char *
decode_path(const char *text, size_t size)
{
	g_autofree char *path = g_uri_unescape_segment(text, text + size, NULL);

	if (path == NULL || !text_is_valid_utf8(path, strlen(path), NULL))
		return NULL;
	for (const char *at = path; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar point = g_utf8_get_char(at);

		if (g_unichar_iscntrl(point) || point == '\\' ||
		    point == 0x2028 || point == 0x2029)
			return NULL;
	}
	return g_steal_pointer(&path);
}

/* The segments of `path`, without empty ones and "."; NULL when ".." is one. */
static GString *
join_segments(const char *path)
{
	g_auto(GStrv) segments = g_strsplit(path, "/", -1);
	g_autoptr(GString) joined = g_string_new(NULL);

	for (size_t i = 0; segments[i] != NULL; i++) {
		bool is_index = segments[i + 1] == NULL &&
				(strcmp(segments[i], "index.html") == 0 ||
				    strcmp(segments[i], "index.htm") == 0);

		if (strcmp(segments[i], "..") == 0)
			return NULL;
		if (*segments[i] == '\0' || strcmp(segments[i], ".") == 0 ||
		    is_index)
			continue;
		g_string_append_c(joined, '/');
		g_string_append(joined, segments[i]);
	}
	return g_steal_pointer(&joined);
}

char *
redirect_normalize_path(const char *text)
{
	const char *path = skip_origin(text);
	g_autofree char *decoded = NULL;
	g_autofree char *composed = NULL;
	g_autoptr(GString) joined = NULL;

	if (path == NULL)
		return NULL;
	decoded = decode_path(path, strcspn(path, "?#"));
	if (decoded == NULL)
		return NULL;
	composed = g_utf8_normalize(decoded, -1, G_NORMALIZE_NFC);
	joined = join_segments(g_strstrip(composed));
	/* The front page is nobody's old address. */
	if (joined == NULL || joined->len == 0 ||
	    joined->len > ARTICLE_PATH_SIZE)
		return NULL;
	return g_strdup(joined->str);
}
