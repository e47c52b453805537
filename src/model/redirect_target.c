/*
 * redirect_target.c - redirects to addresses, which people add and which stay
 * behind when a tag or a category moves.
 *
 * What must hold: one hop and no circle. Nothing leads to a path that leads on
 * itself: whoever adds or moves one has what led there follow. And no redirect
 * stands where the blog answers, where nobody would ever be led on.
 */
#include "config.h"

#include "model/redirect.h"

#include <string.h>

#include "article_private.h"
#include "base/text.h"
#include "clean.h"
#include "redirect_private.h"
#include "store/database.h"

static const char SQL_ARTICLE_AT[] = "SELECT id, path"
				     " FROM article"
				     " WHERE path = :path";

static const char SQL_LEADS_TO[] =
    "SELECT r.article_id, coalesce(r.target, a.path)"
    " FROM redirect r"
    " LEFT JOIN article a ON a.id = r.article_id"
    " WHERE r.path = :path";

/* What stands below our addresses just now. */
static const char SQL_STANDS[] = "SELECT EXISTS (SELECT 1 FROM tag"
				 " WHERE :part = 'tags' AND slug = :name)"
				 " OR EXISTS (SELECT 1 FROM category"
				 " WHERE :part = 'categories' AND slug = :name)"
				 " OR EXISTS (SELECT 1 FROM author"
				 " WHERE :part = 'authors' AND handle = :name)"
				 " OR EXISTS (SELECT 1 FROM archive_year"
				 " WHERE :part = 'archive' AND year = :name)"
				 " OR EXISTS (SELECT 1 FROM media"
				 " WHERE :part = 'media' AND path = :name)";

static const char SQL_INSERT[] =
    "INSERT INTO redirect (path, article_id, target, created_at)"
    " VALUES (:path, :article_id, :target, :now)";

static const char SQL_FOLLOW[] = "UPDATE redirect"
				 " SET article_id = :article_id,"
				 " target = :target"
				 " WHERE target = :path";

static const char SQL_KEEP[] =
    "INSERT INTO redirect (path, target, created_at)"
    " VALUES (:path, :target, :now)"
    " ON CONFLICT (path) DO UPDATE"
    " SET article_id = NULL, target = excluded.target";

static const char SQL_FORGET[] = "DELETE FROM redirect"
				 " WHERE target = :path";

/* Where something leads: an article, or a path or an address. */
struct destination {
	int64_t article_id; /* 0: to `target` */
	char *target;       /* of the article, its path now */
};

/* ---- what was typed ---- */

/* What follows `base_url` in `text`, which begins with it; else all of it. */
static const char *
skip_base_url(const char *base_url, const char *text)
{
	size_t size = base_url != NULL ? strlen(base_url) : 0;

	if (size == 0 || g_ascii_strncasecmp(text, base_url, size) != 0 ||
	    strchr("/?#", text[size]) == NULL)
		return text;
	return text[size] == '\0' ? "/" : text + size;
}

/* `text`, which begins with "/", as it is stored. */
static enum status
clean_own_path(const char *text, char **out_path, GError **error)
{
	if (strpbrk(text, "?#") != NULL)
		return status_fail(error, STATUS_INVALID,
		    "it is a path alone, without ? and #");
	if (g_str_has_prefix(text, "//"))
		return status_fail(
		    error, STATUS_INVALID, "it begins with one slash");
	*out_path = redirect_normalize_path(text);
	if (*out_path != NULL)
		return STATUS_OK;
	if (strlen(text) > ARTICLE_PATH_SIZE)
		return status_fail(
		    error, STATUS_INVALID, "it is longer than 1,024 bytes");
	return status_fail(
	    error, STATUS_INVALID, "it is no path like /2020/old");
}

static enum status
clean_path(
    const char *base_url, const char *text, char **out_path, GError **error)
{
	const char *own = skip_base_url(base_url, text);

	if (*own != '/')
		return status_fail(error, STATUS_INVALID,
		    "it begins with a slash, like /2020/old");
	if (strcmp(own, "/") == 0)
		return status_fail(
		    error, STATUS_INVALID, "the front page stands there");
	return clean_own_path(own, out_path, error);
}

static enum status
clean_target(
    const char *base_url, const char *text, char **out_target, GError **error)
{
	const char *own = skip_base_url(base_url, text);

	if (strcmp(own, "/") == 0) {
		*out_target = g_strdup(own);
		return STATUS_OK;
	}
	if (*own == '/')
		return clean_own_path(own, out_target, error);
	if (!text_is_valid_utf8(own, strlen(own), NULL) ||
	    !clean_is_web_address(own))
		return status_fail(error, STATUS_INVALID,
		    "it is a path like /new, or an address that begins with "
		    "https:// or http://");
	if (strlen(own) > REDIRECT_TARGET_SIZE)
		return status_fail(
		    error, STATUS_INVALID, "it is longer than 2,048 bytes");
	*out_target = g_strdup(own);
	return STATUS_OK;
}

enum status
redirect_check_path(const char *base_url, const char *path, GError **error)
{
	g_autofree char *clean = NULL;

	return clean_path(base_url, path, &clean, error);
}

enum status
redirect_check_target(const char *base_url, const char *target, GError **error)
{
	g_autofree char *clean = NULL;

	return clean_target(base_url, target, &clean, error);
}

/* ---- what stands where ---- */

/* What stands at the address of a list, "/tags/a", and moves with it. */
static const char *const LIST_PARTS[] = { "", "/feed.xml", "/rss.xml",
	"/feed.json", NULL };

/* Whether `rest`, what follows "/tags/a", is one of its pages. */
static bool
is_page_of_list(const char *rest)
{
	int64_t number;

	if (g_strv_contains(LIST_PARTS, rest))
		return true;
	return g_str_has_prefix(rest, "/page/") &&
	       text_parse_integer(rest + 6, INT64_MAX, &number) == STATUS_OK;
}

/* Whether something stands below the part of the blog that `path` names. */
static enum status
look_below(struct database *database, const char *path, bool *out_stands)
{
	g_auto(GStrv) segments = g_strsplit(path + 1, "/", 3);
	g_autofree char *rest = NULL;
	struct statement *statement;
	enum status status;

	*out_stands = false;
	if (segments[0] == NULL || segments[1] == NULL)
		return STATUS_OK;
	rest = segments[2] != NULL ? g_strconcat("/", segments[2], NULL)
				   : g_strdup("");
	if (!is_page_of_list(rest))
		return STATUS_OK;
	statement = database_statement(database, SQL_STANDS);
	statement_bind_text(statement, ":part", segments[0]);
	statement_bind_text(statement, ":name", segments[1]);
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_stands = statement_integer(statement, 0) != 0;
	statement_reset(statement);
	return status;
}

/* Whether `path` is that of an image that counts a view: "/views/12.gif". */
static bool
is_view_image(const char *path)
{
	static const char folder[] = "/views/";
	const char *number = path + strlen(folder);

	return g_str_has_prefix(path, folder) && g_ascii_isdigit(*number) &&
	       strcmp(number + strspn(number, "0123456789"), ".gif") == 0;
}

/* Whether the blog answers at `path`, which is no article's, just now. */
static enum status
is_answered(struct database *database, const char *path, bool *out_is_answered)
{
	if (redirect_is_own_path(path) || strcmp(path, "/") == 0 ||
	    (g_str_has_prefix(path, "/page/") && is_page_of_list(path)) ||
	    is_view_image(path) ||
	    strcmp(path, "/.well-known/security.txt") == 0) {
		*out_is_answered = true;
		return STATUS_OK;
	}
	return look_below(database, path, out_is_answered);
}

/* What `sql` says of `path`; STATUS_NOT_FOUND. */
static enum status
find_destination(struct database *database, const char *sql, const char *path,
    struct destination *out_destination)
{
	struct statement *statement = database_statement(database, sql);
	enum status status;

	statement_bind_text(statement, ":path", path);
	status = statement_step(statement);
	if (status == STATUS_OK) {
		out_destination->article_id = statement_integer(statement, 0);
		out_destination->target = statement_dup_text(statement, 1);
	}
	statement_reset(statement);
	return status;
}

/* Where one comes in the end who is led to `target`. */
static enum status
resolve(struct database *database, const char *target,
    struct destination *out_destination)
{
	bool stays = *target != '/';
	enum status status = STATUS_OK;

	if (!stays)
		status = is_answered(database, target, &stays);
	if (status == STATUS_OK && !stays) {
		status = find_destination(
		    database, SQL_ARTICLE_AT, target, out_destination);
		if (status == STATUS_NOT_FOUND)
			status = find_destination(
			    database, SQL_LEADS_TO, target, out_destination);
		if (status != STATUS_NOT_FOUND)
			return status;
		status = STATUS_OK;
	}
	if (status == STATUS_OK)
		out_destination->target = g_strdup(target);
	return status;
}

/* ---- adding ---- */

static bool
is_same(const struct destination *left, const struct destination *right)
{
	return left->article_id == right->article_id &&
	       (left->article_id != 0 ||
		   strcmp(left->target, right->target) == 0);
}

/* STATUS_OK when `path` is free, or leads to `destination` already, which
 * `out_is_there` says. */
static enum status
check_free(struct database *database, const char *path,
    const struct destination *destination, bool *out_is_there, GError **error)
{
	struct destination found = { 0 };
	bool is_taken = false;
	enum status status = is_answered(database, path, &is_taken);

	*out_is_there = false;
	if (status != STATUS_OK)
		return status;
	if (is_taken)
		return status_fail(
		    error, STATUS_CONFLICT, "the blog answers there itself");
	status = find_destination(database, SQL_LEADS_TO, path, &found);
	if (status == STATUS_OK) {
		*out_is_there = is_same(&found, destination);
		if (!*out_is_there)
			status = status_fail(error, STATUS_CONFLICT,
			    "it leads to %s already", found.target);
		g_free(found.target);
		return status;
	}
	if (status == STATUS_NOT_FOUND)
		status =
		    find_destination(database, SQL_ARTICLE_AT, path, &found);
	g_free(found.target);
	if (status == STATUS_OK)
		return status_fail(
		    error, STATUS_CONFLICT, "an article stands there");
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Bind where it leads to; an article has no target of its own. */
static void
bind_destination(
    struct statement *statement, const struct destination *destination)
{
	if (destination->article_id != 0)
		statement_bind_integer(
		    statement, ":article_id", destination->article_id);
	else
		statement_bind_text(statement, ":target", destination->target);
}

static enum status
follow(struct database *database, const char *path,
    const struct destination *destination)
{
	struct statement *statement = database_statement(database, SQL_FOLLOW);

	statement_bind_text(statement, ":path", path);
	bind_destination(statement, destination);
	return statement_run(statement);
}

static enum status
insert(struct database *database, const char *path,
    const struct destination *destination, int64_t now)
{
	struct statement *statement = database_statement(database, SQL_INSERT);
	enum status status;

	statement_bind_text(statement, ":path", path);
	bind_destination(statement, destination);
	statement_bind_integer(statement, ":now", now);
	status = statement_run(statement);
	return status == STATUS_OK ? follow(database, path, destination)
				   : status;
}

static enum status
add(struct database *database, const char *path, const char *target,
    int64_t now, bool *out_is_new, GError **error)
{
	struct destination destination = { 0 };
	bool is_there = false;
	enum status status = resolve(database, target, &destination);

	if (status == STATUS_OK)
		status =
		    check_free(database, path, &destination, &is_there, error);
	if (status == STATUS_OK && strcmp(path, target) == 0)
		status = status_fail(
		    error, STATUS_INVALID, "both are the same address");
	else if (status == STATUS_OK && destination.article_id == 0 &&
		 strcmp(path, destination.target) == 0)
		status = status_fail(error, STATUS_INVALID,
		    "%s leads back to it: a circle", target);
	if (status == STATUS_OK && !is_there)
		status = insert(database, path, &destination, now);
	if (status == STATUS_OK && out_is_new != NULL)
		*out_is_new = !is_there;
	g_free(destination.target);
	return status;
}

enum status
redirect_add_target(struct database *database, const char *base_url,
    const char *path, const char *target, int64_t now, bool *out_is_new,
    GError **error)
{
	g_autofree char *from = NULL;
	g_autofree char *to = NULL;
	enum status status;

	g_assert(database_in_transaction(database));
	status = clean_path(base_url, path, &from, error);
	if (status == STATUS_OK)
		status = clean_target(base_url, target, &to, error);
	return status == STATUS_OK
		   ? add(database, from, to, now, out_is_new, error)
		   : status;
}

enum status
redirect_move(struct database *database, const char *path, const char *target,
    int64_t now)
{
	struct statement *statement = database_statement(database, SQL_KEEP);
	enum status status;

	statement_bind_text(statement, ":path", path);
	statement_bind_text(statement, ":target", target);
	statement_bind_integer(statement, ":now", now);
	status = statement_run(statement);
	return status == STATUS_OK ? redirect_follow(database, path, target)
				   : status;
}

enum status
redirect_follow(struct database *database, const char *path, const char *target)
{
	const struct destination destination = { .target = (char *)target };
	enum status status = follow(database, path, &destination);

	return status == STATUS_OK ? redirect_remove(database, target) : status;
}

enum status
redirect_move_list(struct database *database, const char *path,
    const char *target, bool was_public, int64_t now)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && LIST_PARTS[i] != NULL; i++) {
		g_autofree char *from = g_strconcat(path, LIST_PARTS[i], NULL);
		g_autofree char *to = g_strconcat(target, LIST_PARTS[i], NULL);

		status = was_public ? redirect_move(database, from, to, now)
				    : redirect_follow(database, from, to);
	}
	return status;
}

enum status
redirect_forget_list(struct database *database, const char *path)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && LIST_PARTS[i] != NULL; i++) {
		g_autofree char *target =
		    g_strconcat(path, LIST_PARTS[i], NULL);
		struct statement *statement =
		    database_statement(database, SQL_FORGET);

		statement_bind_text(statement, ":path", target);
		status = statement_run(statement);
	}
	return status;
}

/* ---- many at once ---- */

void
redirect_problem_free(void *problem)
{
	struct redirect_problem *data = problem;

	g_free(data->reason);
	g_free(data);
}

static void
add_problem(GPtrArray *problems, int64_t line, const char *reason)
{
	struct redirect_problem *problem = g_new0(struct redirect_problem, 1);

	problem->line = line;
	problem->reason = g_strdup(reason);
	g_ptr_array_add(problems, problem);
}

/* The words of `line`, which is changed: at most `most`. Returns how many there
 * are. */
static size_t
split_line(char *line, char *words[], size_t most)
{
	size_t count = 0;

	for (char *at = line; *at != '\0' && count < most; count++) {
		words[count] = at;
		at += strcspn(at, " \t");
		if (*at != '\0')
			*at++ = '\0';
		at += strspn(at, " \t");
	}
	return count;
}

/* Which of the two is wrong, for one who sees only the line. */
static enum status
check_words(
    const char *base_url, const char *path, const char *target, GError **error)
{
	enum status status = redirect_check_path(base_url, path, error);

	if (status != STATUS_OK) {
		g_prefix_error(error, "the old address: ");
		return status;
	}
	status = redirect_check_target(base_url, target, error);
	if (status != STATUS_OK)
		g_prefix_error(error, "the new address: ");
	return status;
}

static enum status
add_line(struct database *database, const char *base_url, char *line,
    int64_t now, bool *out_is_new, GError **error)
{
	char *words[3];
	enum status status;

	*out_is_new = false;
	g_strstrip(line);
	if (*line == '\0' || *line == '#')
		return STATUS_OK;
	if (split_line(line, words, G_N_ELEMENTS(words)) != 2)
		return status_fail(error, STATUS_INVALID,
		    "it has an old and a new address, with a space between");
	status = check_words(base_url, words[0], words[1], error);
	return status == STATUS_OK
		   ? redirect_add_target(database, base_url, words[0], words[1],
			 now, out_is_new, error)
		   : status;
}

enum status
redirect_add_lines(struct database *database, const char *base_url,
    const char *text, int64_t now, int64_t *out_count, GPtrArray *problems)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	int64_t count = 0;

	for (size_t i = 0; lines[i] != NULL; i++) {
		g_autoptr(GError) error = NULL;
		bool is_new;
		enum status status = add_line(
		    database, base_url, lines[i], now, &is_new, &error);

		if (status != STATUS_OK && error == NULL)
			return status;
		if (status != STATUS_OK)
			add_problem(problems, (int64_t)i + 1, error->message);
		else if (is_new)
			count++;
	}
	if (problems->len > 0)
		return STATUS_INVALID;
	*out_count = count;
	return STATUS_OK;
}
