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
#include "base/date.h"
#include "base/paging.h"
#include "base/text.h"
#include "model/redirect.h"
#include "model/site.h"
#include "store/database.h"

#define SHOWN_CHARACTERS 80
#define LAST_YEAR        9999

static const char SQL_ARTICLE_AT[] =
    "SELECT status = 'published' AND published_at <= :now"
    " FROM article"
    " WHERE path = :path AND trashed_at IS NULL";

static const char SQL_MEDIA_AT[] = "SELECT 1"
				   " FROM media"
				   " WHERE path = :path";

static const char SQL_TAG_AT[] = "SELECT id"
				 " FROM tag"
				 " WHERE slug = :path";

static const char SQL_CATEGORY_AT[] = "SELECT id"
				      " FROM category"
				      " WHERE slug = :path";

static const char SQL_AUTHOR_AT[] = "SELECT id"
				    " FROM author"
				    " WHERE handle = :path";

/* Addresses below which each word is one of a kind. */
static const struct {
	const char *prefix;
	enum article_scope scope;
	const char *sql; /* NULL: the word is a year */
} KINDS[] = {
	{ "/tags/", ARTICLE_SCOPE_TAG, SQL_TAG_AT },
	{ "/categories/", ARTICLE_SCOPE_CATEGORY, SQL_CATEGORY_AT },
	{ "/authors/", ARTICLE_SCOPE_AUTHOR, SQL_AUTHOR_AT },
	{ "/archive/", ARTICLE_SCOPE_YEAR, NULL },
};

/* A look under way. */
struct check {
	const struct site *site;
	const struct article *article;
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

/* Run `sql`, whose parameter is `path`: whether it has a row, and the number in
 * it; 0 without one. */
static enum status
look_up(struct check *check, const char *sql, const char *path, bool *out_is,
    int64_t *out_number)
{
	struct statement *statement =
	    database_statement(check->site->database, sql);
	enum status status;

	statement_bind_text(statement, ":path", path);
	if (sql == SQL_ARTICLE_AT)
		statement_bind_integer(statement, ":now", check->now);
	status = statement_step(statement);
	*out_is = status == STATUS_OK;
	*out_number = *out_is ? statement_integer(statement, 0) : 0;
	statement_reset(statement);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status
check_media(struct check *check, const char *name, const char *shown)
{
	bool is_there;
	int64_t number;
	enum status status =
	    look_up(check, SQL_MEDIA_AT, name, &is_there, &number);

	if (status == STATUS_OK && !is_there)
		warn(check, "There is no file at %s.", shown);
	return status;
}

/* What once stood at `path` may have moved; else `words` say where it leads. */
static enum status
check_redirect(
    struct check *check, const char *path, const char *shown, const char *words)
{
	g_autofree char *target = NULL;
	enum status status =
	    redirect_find(check->site->database, path, check->now, &target);

	if (status == STATUS_NOT_FOUND)
		warn(check, "The link to %s leads %s.", shown, words);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Whether the listing of `filter` has a page called `number`. The article may
 * be one more in it. */
static enum status
has_page(struct check *check, const struct article_filter *filter,
    const char *number, bool *out_has)
{
	int64_t count, page;
	enum status status = article_count_public(
	    check->site->database, filter, check->now, &count);

	if (status == STATUS_OK)
		*out_has =
		    text_parse_integer(number, INT64_MAX, &page) == STATUS_OK &&
		    page >= 1 &&
		    page <= paging_count(count + 1, check->site->blog.per_page);
	return status;
}

/* Whether `year` has a public article, or gets one by this. */
static enum status
has_year(struct check *check, const char *year, bool *out_has, int64_t *out_key)
{
	struct article_filter filter = { .scope = ARTICLE_SCOPE_YEAR };
	int64_t published_at =
	    MAX(check->article->summary.published_at, check->now);
	int64_t count;
	int own, month, day;
	enum status status;

	*out_has = false;
	if (text_parse_integer(year, LAST_YEAR, &filter.key) != STATUS_OK)
		return STATUS_OK;
	status = article_count_public(
	    check->site->database, &filter, check->now, &count);
	date_split(published_at, check->site->blog.zone, &own, &month, &day);
	*out_has = status == STATUS_OK && (count > 0 || filter.key == own);
	*out_key = filter.key;
	return status;
}

/* Whether there is the listing whose address goes on with `word` after the
 * prefix of kind `kind`; "one/page/2" is a page of it. */
static enum status
has_listing(struct check *check, size_t kind, const char *word, bool *out_has)
{
	struct article_filter filter = { .scope = KINDS[kind].scope };
	g_auto(GStrv) parts = g_strsplit(word, "/", 3);
	enum status status =
	    KINDS[kind].sql == NULL
		? has_year(check, parts[0], out_has, &filter.key)
		: look_up(
		      check, KINDS[kind].sql, parts[0], out_has, &filter.key);

	if (status != STATUS_OK || !*out_has || g_strv_length(parts) < 3 ||
	    strcmp(parts[1], "page") != 0)
		return status;
	return has_page(check, &filter, parts[2], out_has);
}

/* `path` is one where Byline answers itself. */
static enum status
check_reserved(struct check *check, const char *path, const char *shown)
{
	const struct article_filter all = { .scope = ARTICLE_SCOPE_ALL };
	bool is_there = true;
	enum status status = STATUS_OK;

	if (g_str_has_prefix(path, "/page/"))
		status =
		    has_page(check, &all, path + strlen("/page/"), &is_there);
	for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++)
		if (g_str_has_prefix(path, KINDS[i].prefix))
			status = has_listing(check, i,
			    path + strlen(KINDS[i].prefix), &is_there);
	return status == STATUS_OK && !is_there
		   ? check_redirect(check, path, shown, "nowhere")
		   : status;
}

/* `path` is decoded, without the base path, a query and a fragment. */
static enum status
check_own_path(struct check *check, const char *path, const char *shown)
{
	g_autofree char *normal = redirect_normalize_path(path);
	bool is_there;
	int64_t is_public;
	enum status status;

	if (normal == NULL || strcmp(normal, check->article->summary.path) == 0)
		return STATUS_OK;
	if (g_str_has_prefix(normal, "/media/"))
		return check_media(check, normal + strlen("/media/"), shown);
	if (article_path_is_reserved(normal) &&
	    !g_str_has_prefix(normal, "/articles/"))
		return check_reserved(check, normal, shown);
	status = look_up(check, SQL_ARTICLE_AT, normal, &is_there, &is_public);
	if (status != STATUS_OK || is_public != 0)
		return status;
	return check_redirect(check, normal, shown,
	    is_there ? "to what is not public yet" : "nowhere");
}

/* The part of `address` that is a path of this blog; NULL: it is another's. The
 * caller frees it. */
static char *
own_path(const struct check *check, const char *address)
{
	const struct settings *settings = &check->site->settings;
	size_t base_size = strlen(settings->base_path);
	const char *path = address;
	g_autofree char *raw = NULL;

	if (g_str_has_prefix(path, settings->origin))
		path += strlen(settings->origin);
	if (path[0] != '/' && path != address && path[0] != '\0')
		return NULL;
	if (path[0] == '/' && path[1] == '/')
		return NULL;
	if (path == address && path[0] != '/')
		return NULL;
	if (strncmp(path, settings->base_path, base_size) != 0 ||
	    (path[base_size] != '/' && path[base_size] != '\0'))
		return NULL;
	raw = g_strndup(path + base_size, strcspn(path + base_size, "?#"));
	return g_uri_unescape_string(raw, "/");
}

/* Whether a browser could look for `host`: none of its parts is empty but what
 * a dot at its end is before. */
static bool
is_host(const char *host)
{
	return text_is_given(host) && host[0] != '.' &&
	       strstr(host, "..") == NULL;
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
	if (uri == NULL || !is_host(g_uri_get_host(uri)))
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
	const char *at = check->article->body_html;
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

/* Whoever comes to an old address of another article is led on to that, until
 * this one stands there. */
static enum status
check_place(struct check *check)
{
	g_autofree char *target = NULL;
	g_autofree char *shown = NULL;
	enum status status = redirect_find(check->site->database,
	    check->article->summary.path, check->now, &target);

	if (status != STATUS_OK)
		return status == STATUS_NOT_FOUND ? STATUS_OK : status;
	shown = text_truncate(target, SHOWN_CHARACTERS);
	warn(check,
	    "Who comes to this address has been led to %s so far, and will "
	    "find this instead.",
	    shown);
	return STATUS_OK;
}

enum status
link_check(const struct site *site, const struct article *article, int64_t now,
    GPtrArray *warnings)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *page = g_strconcat(site->settings.origin,
	    site->settings.base_path, article->summary.path, NULL);
	struct check check = {
		.site = site,
		.article = article,
		.page = page,
		.now = now,
		.seen = seen,
		.warnings = warnings,
	};
	enum status status = check_place(&check);

	if (status != STATUS_OK)
		return status;
	if (article->summary.cover_path != NULL &&
	    !text_is_given(article->summary.cover_alt))
		warn(&check, "The cover image has no text for who cannot see "
			     "it.");
	return check_html(&check);
}
