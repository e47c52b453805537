/*
 * desk_list.c - the list of articles, and those of the revisions and links of
 * one.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "model/article_edit.h"
#include "model/preview_link.h"
#include "model/revision.h"
#include "model/shelf_choice.h"
#include "model/term.h"
#include "template/template_engine.h"
#include "view/desk_article_view.h"
#include "view/desk_view.h"
#include "view/layout.h"

#include "desk_parts.h"
#include "site_parts.h"

/* Each list, by the word in its address. */
static const struct {
	const char *word;
	const char *name;
	const char *empty_note;
} SHELVES[ARTICLE_SHELF_COUNT] = {
	[ARTICLE_SHELF_ALL] = { "", "All",
	    "Nothing has been written yet. The first article begins with a "
	    "title." },
	[ARTICLE_SHELF_DRAFTS] = { "drafts", "Drafts", "There is no draft." },
	[ARTICLE_SHELF_SCHEDULED] = { "scheduled", "Scheduled",
	    "Nothing waits to be published." },
	[ARTICLE_SHELF_PUBLISHED] = { "published", "Published",
	    "Nothing is published yet." },
	[ARTICLE_SHELF_TRASH] = { "trash", "Trash",
	    "The trash is empty. What is put here stays for 30 days." },
};

static const char *const STATES[] = {
	[ARTICLE_STATUS_DRAFT] = "Draft",
	[ARTICLE_STATUS_SCHEDULED] = "Scheduled",
	[ARTICLE_STATUS_PUBLISHED] = "Published",
};

/* What the list can be chosen by, and how many there must be of it for that to
 * be a choice. Of tags there are many: they are typed, with what completes. */
static const struct {
	const char *name;
	const char *label;
	guint fewest;
	bool is_typed;
} CHOICES[SHELF_CHOICE_COUNT] = {
	[SHELF_CHOICE_AUTHOR] = { "author", "Author", 2, false },
	[SHELF_CHOICE_CATEGORY] = { "category", "Category", 1, false },
	[SHELF_CHOICE_TAG] = { "tag", "Tag", 1, true },
};

const char *
desk_shelf_name(int shelf)
{
	return SHELVES[shelf].word;
}

const char *
desk_choice_name(int choice)
{
	return CHOICES[choice].name;
}

static void
append_parameter(GString *path, const char *name, const char *value)
{
	if (*value == '\0')
		return;
	g_string_append_printf(
	    path, "%c%s=", strchr(path->str, '?') == NULL ? '?' : '&', name);
	text_append_path_segment(path, value);
}

/* "/desk/articles?list=drafts&tag=web", with all that is chosen. The caller
 * frees it. */
static char *
shelf_path(const struct desk_list_page *page, int shelf)
{
	GString *path = g_string_new("/desk/articles");

	append_parameter(path, "list", SHELVES[shelf].word);
	for (int i = 0; i < SHELF_CHOICE_COUNT; i++)
		append_parameter(
		    path, CHOICES[i].name, page->choices[i].chosen);
	return g_string_free(path, FALSE);
}

static bool
is_looking(const struct desk_list_page *page)
{
	bool is_given = text_is_given(page->filter->text);

	for (int i = 0; i < SHELF_CHOICE_COUNT; i++)
		is_given = is_given || *page->choices[i].chosen != '\0';
	return is_given;
}

static void
fill_choice(struct template_dict *filters, int kind,
    const struct desk_list_choice *choice)
{
	struct template_dict *field = template_dict_add(filters, "CHOICES");
	struct template_dict *list = template_dict_add(
	    field, CHOICES[kind].is_typed ? "TYPED" : "SELECTS");

	template_dict_set(field, "CHOICE", CHOICES[kind].name);
	template_dict_set(field, "CHOICE_LABEL", CHOICES[kind].label);
	template_dict_set(list, "CHOSEN", choice->chosen);
	for (guint i = 0; i < choice->terms->len; i++) {
		const struct term *term = g_ptr_array_index(choice->terms, i);
		struct template_dict *item = template_dict_add(list, "TERMS");

		template_dict_set(item, "TERM", term->slug);
		template_dict_set(item, "TERM_NAME", term->name);
		if (term->id == choice->id)
			template_dict_show(item, "CHOSEN_MARKS");
	}
}

/* A field for each that there is a choice of, or that was chosen. */
static void
fill_choices(struct template_dict *dict, const struct desk_list_page *page)
{
	struct template_dict *filters = NULL;

	for (int i = 0; i < SHELF_CHOICE_COUNT; i++) {
		const struct desk_list_choice *choice = &page->choices[i];

		if (choice->terms->len < CHOICES[i].fewest &&
		    *choice->chosen == '\0')
			continue;
		if (filters == NULL)
			filters = template_dict_add(dict, "FILTERS");
		fill_choice(filters, i, choice);
	}
}

static void
fill_shelves(struct template_dict *dict, const struct desk_view *view,
    const struct desk_list_page *page)
{
	for (int i = 0; i < ARTICLE_SHELF_COUNT; i++) {
		struct template_dict *item = template_dict_add(dict, "SHELVES");
		g_autofree char *shelf = shelf_path(page, i);
		g_autofree char *path =
		    desk_page_path(shelf, page->filter->text, 1);

		template_dict_set(item, "SHELF_NAME", SHELVES[i].name);
		template_dict_set_integer(item, "SHELF_COUNT", page->counts[i]);
		desk_set_url(item, "SHELF_URL", view, path);
		if (i == (int)page->filter->shelf)
			template_dict_show(item, "SHELF_MARKS");
	}
	part_show(dict, "SHELF_FIELDS", "SHELF_VALUE",
	    SHELVES[page->filter->shelf].word);
	template_dict_set(dict, "TEXT", page->filter->text);
}

/* The time beside the state: since when, at what time. */
static void
fill_when(struct template_dict *dict, const struct desk_view *view,
    const struct article_row *row)
{
	int64_t when = row->trashed_at;

	if (when != 0)
		part_show(dict, "WHEN_WORDS", "WHEN_WORD", "since");
	else if (row->status != ARTICLE_STATUS_DRAFT)
		when = row->published_at;
	if (when == 0)
		return;
	template_dict_show(dict, "WHENS");
	desk_set_time(dict, "WHEN", "WHEN_MACHINE", view, when);
}

static void
fill_row(struct template_dict *dict, const struct desk_view *view,
    const struct article_row *row)
{
	template_dict_set_integer(dict, "ID", row->id);
	template_dict_set(dict, "TITLE", row->title);
	part_show(dict, "CATEGORIES", "CATEGORY", row->category);
	if (row->kind == ARTICLE_KIND_PAGE)
		template_dict_show(dict, "PAGE_MARKS");
	template_dict_set(
	    dict, "AUTHOR", row->author != NULL ? row->author : "–");
	template_dict_set(dict, "STATE",
	    row->trashed_at != 0 ? "In the trash" : STATES[row->status]);
	template_dict_set(dict, "STATE_CLASS",
	    row->trashed_at != 0 ? "trash" : article_status_name(row->status));
	fill_when(dict, view, row);
	desk_set_time(
	    dict, "CHANGED", "CHANGED_MACHINE", view, row->updated_at);
}

enum status
desk_view_list(const struct desk_view *view, const struct desk_list_page *page,
    GString *out)
{
	bool is_search = is_looking(page);
	g_autofree char *path = shelf_path(page, (int)page->filter->shelf);
	const struct desk_paging paging = { path, page->filter->text,
		page->page, page->page_count, true };
	struct desk_page frame;

	desk_page_init(&frame, view, "Articles", "desk/articles.html");
	fill_shelves(frame.main, view, page);
	fill_choices(frame.main, page);
	if (is_search) {
		g_autofree char *count =
		    layout_count(page->found_count, "article", "articles");

		part_show(frame.main, "FOUND_NOTES", "FOUND", count);
	}
	if (page->rows->len > 0)
		template_dict_show(frame.main, "TABLES");
	else
		part_show(frame.main, "EMPTY_NOTES", "EMPTY_NOTE",
		    is_search ? "Nothing was found."
			      : SHELVES[page->filter->shelf].empty_note);
	for (guint i = 0; i < page->rows->len; i++)
		fill_row(template_dict_add(frame.main, "ROWS"), view,
		    g_ptr_array_index(page->rows, i));
	desk_fill_paging(frame.main, view, &paging);
	return desk_page_finish(&frame, out);
}

/* How many of `revisions` were saved in each minute, by what that is called. */
static GHashTable *
count_minutes(const struct desk_view *view, const GPtrArray *revisions)
{
	GHashTable *counts =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < revisions->len; i++) {
		const struct revision *revision =
		    g_ptr_array_index(revisions, i);
		char *minute = desk_format_time(view, revision->created_at);
		int count =
		    GPOINTER_TO_INT(g_hash_table_lookup(counts, minute));

		g_hash_table_replace(
		    counts, minute, GINT_TO_POINTER(count + 1));
	}
	return counts;
}

/* Links to what was saved in one minute are told apart by their numbers. */
static void
fill_revision(struct template_dict *dict, const struct desk_view *view,
    const struct revision *revision, GHashTable *counts)
{
	g_autofree char *minute = desk_format_time(view, revision->created_at);

	template_dict_set_integer(dict, "VERSION", revision->version);
	template_dict_set(dict, "REVISION_TITLE", revision->title);
	template_dict_set(
	    dict, "AUTHOR", revision->author != NULL ? revision->author : "–");
	desk_set_time(
	    dict, "SAVED", "SAVED_MACHINE", view, revision->created_at);
	if (GPOINTER_TO_INT(g_hash_table_lookup(counts, minute)) == 1)
		return;
	template_dict_show(dict, "NUMBERS");
}

enum status
desk_view_revisions(const struct desk_view *view,
    const struct desk_revisions_page *page, GString *out)
{
	g_autoptr(GHashTable) counts = count_minutes(view, page->revisions);
	struct desk_page frame;

	desk_page_init(&frame, view, "Revisions", "desk/revisions.html");
	template_dict_set_integer(frame.main, "ID", page->edit->id);
	template_dict_set(frame.main, "ARTICLE_TITLE", page->edit->title);
	for (guint i = 0; i < page->revisions->len; i++) {
		const struct revision *revision =
		    g_ptr_array_index(page->revisions, i);
		struct template_dict *row =
		    template_dict_add(frame.main, "ROWS");

		fill_revision(row, view, revision, counts);
		if (revision->version == page->edit->version)
			template_dict_show(row, "CURRENT_MARKS");
	}
	return desk_page_finish(&frame, out);
}

enum status
desk_view_sharing(const struct desk_view *view,
    const struct desk_sharing_page *page, GString *out)
{
	struct desk_page frame;

	desk_page_init(&frame, view, "Share it", "desk/sharing.html");
	template_dict_set_integer(frame.main, "ID", page->edit->id);
	template_dict_set(frame.main, "ARTICLE_TITLE", page->edit->title);
	part_show(frame.main, "NEW_LINKS", "NEW_LINK", page->link);
	for (guint i = 0; i < page->links->len; i++) {
		const struct preview_link *link =
		    g_ptr_array_index(page->links, i);
		struct template_dict *row =
		    template_dict_add(frame.main, "SHARED_LINKS");

		template_dict_set(row, "LINK", link->token_hash);
		part_show(row, "AUTHORS", "AUTHOR", link->author);
		desk_set_time(
		    row, "MADE", "MADE_MACHINE", view, link->created_at);
	}
	return desk_page_finish(&frame, out);
}
