/*
 * link_check.c - what readers of an article would stumble over. See
 * link_check.h.
 *
 * It reads the exact form that content/sanitizer.h writes: every attribute in
 * double quotes, text without "<" and quotes escaped.
 */
#include "config.h"

#include "model/link_check.h"

#include <string.h>

#include "article_private.h"
#include "base/settings.h"
#include "base/text.h"
#include "model/redirect.h"
#include "store/database.h"

#define SHOWN_CHARACTERS 80

static const char SQL_ARTICLE_AT[] =
    "SELECT status = 'published' AND published_at <= :now"
    " FROM article"
    " WHERE path = :path AND trashed_at IS NULL";

static const char SQL_MEDIA_AT[] = "SELECT 1"
				   " FROM media"
				   " WHERE path = :path";

static const char SQL_TAG_AT[] = "SELECT 1"
				 " FROM tag"
				 " WHERE slug = :path";

static const char SQL_CATEGORY_AT[] = "SELECT 1"
				      " FROM category"
				      " WHERE slug = :path";

static const char SQL_AUTHOR_AT[] = "SELECT 1"
				    " FROM author"
				    " WHERE handle = :path";

/* Addresses below which each word is one of a kind. */
static const struct {
	const char *prefix;
	const char *sql;
} KINDS[] = {
	{ "/tags/", SQL_TAG_AT },
	{ "/categories/", SQL_CATEGORY_AT },
	{ "/authors/", SQL_AUTHOR_AT },
};

/* A look under way. */
struct check {
	struct database *database;
	const char *base_path;
	const char *origin;
	const char *html;
	const char *path; /* of the article */
	const char *page; /* the whole of its address */
	int64_t now;
	GHashTable *seen; /* addresses that were looked at */
	GPtrArray *warnings;
};

static void G_GNUC_PRINTF(2, 3)
    warn(struct check *check, const char *format, ...)
{
	va_list arguments;

	if (check->warnings->len >= LINK_CHECK_MOST)
		return;
	va_start(arguments, format);
	g_ptr_array_add(check->warnings, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

/* ---- reading tags ---- */

static bool
is_element(const char *tag, const char *name)
{
	return g_str_has_prefix(tag + 1, name) && tag[1 + strlen(name)] == ' ';
}

/* The value of attribute `name` in the tag from `tag` to `end`, its entities
 * decoded; NULL when it has none. The caller frees it. */
static char *
find_attribute(const char *tag, const char *end, const char *name)
{
	g_autofree char *opening = g_strdup_printf(" %s=\"", name);
	const char *at = g_strstr_len(tag, end - tag, opening);
	const char *close;
	g_autoptr(GString) value = NULL;

	if (at == NULL)
		return NULL;
	at += strlen(opening);
	close = memchr(at, '"', (size_t)(end - at));
	if (close == NULL)
		return NULL;
	value = g_string_new_len(at, close - at);
	g_string_replace(value, "&quot;", "\"", 0);
	g_string_replace(value, "&lt;", "<", 0);
	g_string_replace(value, "&gt;", ">", 0);
	g_string_replace(value, "&amp;", "&", 0);
	return g_string_free(g_steal_pointer(&value), FALSE);
}

/* ---- where links lead ---- */

/* Run `sql`, whose parameter is `path`: whether it has a row, and a true one.
 */
static enum status
look_up(struct check *check, const char *sql, const char *path, bool *out_is,
    bool *out_is_true)
{
	struct statement *statement = database_statement(check->database, sql);
	enum status status;

	statement_bind_text(statement, ":path", path);
	if (sql == SQL_ARTICLE_AT)
		statement_bind_integer(statement, ":now", check->now);
	status = statement_step(statement);
	*out_is = status == STATUS_OK;
	*out_is_true = *out_is && statement_integer(statement, 0) != 0;
	statement_reset(statement);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status
check_media(struct check *check, const char *name, const char *shown)
{
	bool is_there, is_true;
	enum status status =
	    look_up(check, SQL_MEDIA_AT, name, &is_there, &is_true);

	if (status == STATUS_OK && !is_there)
		warn(check, "There is no file at %s.", shown);
	return status;
}

/* What once stood at `path` may have moved. */
static enum status
check_redirect(struct check *check, const char *path, const char *shown)
{
	g_autofree char *target = NULL;
	enum status status =
	    redirect_find(check->database, path, check->now, &target);

	if (status == STATUS_NOT_FOUND)
		warn(check, "The link to %s leads nowhere.", shown);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* `path` is one where Byline answers itself. */
static enum status
check_reserved(struct check *check, const char *path, const char *shown)
{
	for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++) {
		const char *word = path + strlen(KINDS[i].prefix);
		g_autofree char *name = NULL;
		bool is_there, is_true;
		enum status status;

		if (!g_str_has_prefix(path, KINDS[i].prefix))
			continue;
		name = g_strndup(word, strcspn(word, "/"));
		status =
		    look_up(check, KINDS[i].sql, name, &is_there, &is_true);
		return status == STATUS_OK && !is_there
			   ? check_redirect(check, path, shown)
			   : status;
	}
	return STATUS_OK;
}

/* `path` is decoded, without the base path, a query and a fragment. */
static enum status
check_own_path(struct check *check, const char *path, const char *shown)
{
	g_autofree char *normal = redirect_normalize_path(path);
	bool is_there, is_public;
	enum status status;

	if (normal == NULL || strcmp(normal, check->path) == 0)
		return STATUS_OK;
	if (g_str_has_prefix(normal, "/media/"))
		return check_media(check, normal + strlen("/media/"), shown);
	if (article_path_is_reserved(normal) &&
	    !g_str_has_prefix(normal, "/articles/"))
		return check_reserved(check, normal, shown);
	status = look_up(check, SQL_ARTICLE_AT, normal, &is_there, &is_public);
	if (status != STATUS_OK)
		return status;
	if (is_there && !is_public)
		warn(check, "The link to %s leads to what is not public yet.",
		    shown);
	return is_there ? STATUS_OK : check_redirect(check, normal, shown);
}

/* The part of `address` that is a path of this blog; NULL: it is another's. The
 * caller frees it. */
static char *
own_path(const struct check *check, const char *address)
{
	size_t base_size = strlen(check->base_path);
	const char *path = address;
	g_autofree char *raw = NULL;

	if (g_str_has_prefix(path, check->origin))
		path += strlen(check->origin);
	if (path[0] != '/' && path != address && path[0] != '\0')
		return NULL;
	if (path[0] == '/' && path[1] == '/')
		return NULL;
	if (path == address && path[0] != '/')
		return NULL;
	if (strncmp(path, check->base_path, base_size) != 0 ||
	    (path[base_size] != '/' && path[base_size] != '\0'))
		return NULL;
	raw = g_strndup(path + base_size, strcspn(path + base_size, "?#"));
	return g_uri_unescape_string(raw, "/");
}

static enum status
check_address(struct check *check, const char *address)
{
	g_autofree char *shown = text_truncate(address, SHOWN_CHARACTERS);
	g_autofree char *whole = NULL;
	g_autofree char *path = NULL;
	g_autoptr(GUri) uri = NULL;

	if (address[0] == '#')
		return STATUS_OK;
	if (g_uri_peek_scheme(address) == NULL)
		whole = g_uri_resolve_relative(
		    check->page, address, G_URI_FLAGS_NONE, NULL);
	path = own_path(check, whole != NULL ? whole : address);
	if (path != NULL)
		return check_own_path(check, path, shown);
	if (!g_str_has_prefix(address, "http:") &&
	    !g_str_has_prefix(address, "https:"))
		return STATUS_OK;
	uri = g_uri_parse(address, G_URI_FLAGS_NONE, NULL);
	if (uri == NULL || !text_is_given(g_uri_get_host(uri)))
		warn(check, "%s is no address that a browser understands.",
		    shown);
	return STATUS_OK;
}

/* ---- all of an article ---- */

static enum status
check_link(struct check *check, const char *tag, const char *end,
    const char *attribute)
{
	char *address = find_attribute(tag, end, attribute);

	/* What stands there several times is named once. */
	if (address == NULL || !g_hash_table_add(check->seen, address))
		return STATUS_OK;
	return check_address(check, address);
}

static enum status
check_tag(struct check *check, const char *tag, const char *end)
{
	if (is_element(tag, "a"))
		return check_link(check, tag, end, "href");
	if (is_element(tag, "img"))
		return check_link(check, tag, end, "src");
	return STATUS_OK;
}

static enum status
check_html(struct check *check)
{
	const char *at = check->html;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && (at = strchr(at, '<')) != NULL) {
		const char *end = strchr(at, '>');

		if (end == NULL)
			break;
		status = check_tag(check, at, end);
		at = end;
	}
	return status;
}

enum status
link_check(struct database *database, const struct settings *settings,
    const struct article *article, int64_t now, GPtrArray *warnings)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *page = g_strconcat(
	    settings->origin, settings->base_path, article->summary.path, NULL);
	struct check check = {
		.database = database,
		.base_path = settings->base_path,
		.origin = settings->origin,
		.html = article->body_html,
		.path = article->summary.path,
		.page = page,
		.now = now,
		.seen = seen,
		.warnings = warnings,
	};

	if (article->summary.cover_path != NULL &&
	    !text_is_given(article->summary.cover_alt))
		warn(&check, "The cover image has no text for who cannot see "
			     "it.");
	return check_html(&check);
}
