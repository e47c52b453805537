/*
 * export_article.c - an article as a file that other programs read, too.
 *
 * A string of JSON is one of YAML 1.2: our own encoder writes both.
 */
#include "config.h"

#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "model/article_edit.h"
#include "model/export.h"
#include "store/database.h"

/* What stands before a name that begins with a date. */
#define BEFORE_DATE "a-"

static const char SQL_REFERENCES[] =
    "SELECT reference, target"
    " FROM article_reference"
    " WHERE article_id = :id AND target LIKE '/%'"
    " ORDER BY reference";

enum status
export_list_references(
    struct database *database, int64_t id, GPtrArray **out_references)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	struct statement *statement =
	    database_statement(database, SQL_REFERENCES);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(
		    lines, g_strconcat(statement_text(statement, 0), " -> ",
			       statement_text(statement, 1), NULL));
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_references = g_steal_pointer(&lines);
	return STATUS_OK;
}

static void
append_text(GString *out, const char *key, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	g_string_append_printf(out, "%s: ", key);
	text_append_json(out, text);
	g_string_append_c(out, '\n');
}

static void
append_number(GString *out, const char *key, int64_t number)
{
	if (number != 0)
		g_string_append_printf(
		    out, "%s: %" G_GINT64_FORMAT "\n", key, number);
}

static void
append_time(GString *out, const char *key, int64_t time)
{
	g_autofree char *text = date_format_rfc3339(time, NULL);

	if (time != 0)
		g_string_append_printf(out, "%s: %s\n", key, text);
}

static void
append_list(GString *out, const char *key, const char *const *texts)
{
	if (texts == NULL || texts[0] == NULL)
		return;
	g_string_append_printf(out, "%s:\n", key);
	for (; *texts != NULL; texts++) {
		g_string_append(out, "  - ");
		text_append_json(out, *texts);
		g_string_append_c(out, '\n');
	}
}

/* Whether a name begins with a date, which other generators read from it; or
 * with one behind what is put before such a name, so that no two are one. */
static bool
is_like_date(const char *name)
{
	static const char shape[] = "0000-00-00";

	while (g_str_has_prefix(name, BEFORE_DATE))
		name += strlen(BEFORE_DATE);
	for (size_t i = 0; shape[i] != '\0'; i++)
		if (shape[i] == '0' ? !g_ascii_isdigit(name[i])
				    : name[i] != shape[i])
			return false;
	return true;
}

char *
export_article_path(const struct article_edit *edit)
{
	return g_strdup_printf("%s/%s%s.md",
	    edit->kind == ARTICLE_KIND_PAGE ? "pages" : "articles",
	    is_like_date(edit->slug) ? BEFORE_DATE : "", edit->slug);
}

/* An address with a year in it would say when a draft is from that has no date
 * yet: it is left out. */
static bool
has_settled_path(const struct article_edit *edit)
{
	return edit->status != ARTICLE_STATUS_DRAFT || edit->published_at != 0;
}

/* Under the names that other programs know; but a description that is all there
 * is they, and the importer, would show readers as the excerpt. */
static void
append_words(GString *out, const struct article_edit *edit)
{
	append_text(out, "excerpt", edit->summary);
	append_text(out,
	    edit->summary[0] != '\0' ? "description" : "meta_description",
	    edit->description);
}

/* Where it stands among others. When it was pinned is a number that is higher
 * for what comes first, which is how Hexo has it. */
static void
append_place(GString *out, const struct article_edit *edit)
{
	append_text(out, "series", edit->series);
	append_number(out, "series_order", edit->series_number);
	append_number(out, "pinned", edit->pinned_at);
}

GString *
export_article(const struct article_edit *edit, const char *const *authors,
    const char *const *aliases, const char *const *references)
{
	GString *out = g_string_new("---\n");

	append_text(out, "title", edit->title);
	append_text(out, "slug", edit->slug);
	if (edit->kind == ARTICLE_KIND_PAGE)
		append_text(out, "layout", "page");
	if (has_settled_path(edit))
		append_text(out, "path", edit->path);
	append_time(out, "date", edit->published_at);
	append_time(out, "updated", edit->updated_at);
	append_text(out, "status", article_status_name(edit->status));
	if (edit->status == ARTICLE_STATUS_DRAFT)
		g_string_append(out, "draft: true\n");
	append_list(out, "authors", authors);
	append_text(out, "category", edit->category);
	append_list(out, "tags", (const char *const *)edit->tags);
	append_place(out, edit);
	append_words(out, edit);
	append_text(out, "language", edit->language);
	append_text(out, "dir", edit->direction);
	append_text(out, "cover", edit->cover_path);
	append_text(out, "cover_alt", edit->cover_alt);
	append_text(out, "canonical_url", edit->canonical_url);
	append_list(out, "aliases", aliases);
	append_list(out, "references", references);
	g_string_append(out, "---\n");
	g_string_append(out, edit->body);
	return out;
}
