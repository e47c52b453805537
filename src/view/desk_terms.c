/*
 * desk_terms.c - the pages of tags and categories: all of them, one, and what
 * merging two would do.
 */
#include "config.h"

#include "base/text.h"
#include "model/term_edit.h"
#include "template/template_engine.h"
#include "view/desk_settings_view.h"
#include "view/desk_view.h"
#include "view/layout.h"

#include "desk_parts.h"
#include "site_parts.h"

static const struct {
	const char *path;
	const char *public_path;
	const char *title;
	const char *one;
	const char *empty_note;
} WORDS[] = {
	[TERM_KIND_TAG] = { "/desk/settings/tags", "/tags/", "Tags", "tag",
	    "There is no tag yet. Tags are made where articles are written." },
	[TERM_KIND_CATEGORY] = { "/desk/settings/categories", "/categories/",
	    "Categories", "category",
	    "There is no category yet. Categories are made where articles are "
	    "written." },
};

const char *
desk_terms_path(int kind)
{
	return WORDS[kind].path;
}

static void
set_count(struct template_dict *dict, const char *marker, int64_t count)
{
	g_autofree char *words = layout_count(count, "article", "articles");

	template_dict_set(dict, marker, words);
}

static void
fill_row(struct template_dict *row, const struct desk_view *view, int kind,
    const struct term_edit *term)
{
	g_autofree char *path =
	    g_strdup_printf("%s/%" G_GINT64_FORMAT, WORDS[kind].path, term->id);
	g_autofree char *address =
	    g_strconcat(WORDS[kind].public_path, term->slug, NULL);

	desk_set_url(row, "TERM_URL", view, path);
	template_dict_set(row, "NAME", term->name);
	template_dict_set(row, "ADDRESS", address);
	set_count(row, "COUNT", term->use_count);
	if (term->use_count != term->article_count) {
		template_dict_show(row, "PUBLISHED_NOTES");
		template_dict_set_integer(
		    row, "PUBLISHED_COUNT", term->article_count);
	}
}

enum status
desk_view_terms(const struct desk_view *view,
    const struct desk_terms_page *page, GString *out)
{
	bool is_search = text_is_given(page->text);
	struct desk_page frame;

	desk_page_init(
	    &frame, view, WORDS[page->kind].title, "desk/terms.html");
	desk_fill_parts(frame.main, view, page->pages, WORDS[page->kind].path);
	if (is_search || page->page_count > 1)
		desk_fill_finding(frame.main, view, WORDS[page->kind].path,
		    "Find by name", page->text);
	if (is_search)
		template_dict_set_integer(
		    template_dict_add(frame.main, "FOUND_NOTES"), "FOUND_COUNT",
		    page->found_count);
	if (page->terms->len > 0)
		template_dict_show(frame.main, "TABLES");
	else
		part_show(frame.main, "EMPTY_NOTES", "EMPTY_NOTE",
		    is_search ? "No name has that in it."
			      : WORDS[page->kind].empty_note);
	for (guint i = 0; i < page->terms->len; i++)
		fill_row(template_dict_add(frame.main, "ROWS"), view,
		    page->kind, g_ptr_array_index(page->terms, i));
	desk_fill_paging(frame.main, view, WORDS[page->kind].path, page->text,
	    page->page, page->page_count);
	return desk_page_finish(&frame, out);
}

/* Where a form about `term` leads to, `rest` after its own address. */
static void
set_action(struct template_dict *dict, const char *name,
    const struct desk_view *view, int kind, const struct term_edit *term,
    const char *rest)
{
	g_autofree char *path = g_strdup_printf(
	    "%s/%" G_GINT64_FORMAT "%s", WORDS[kind].path, term->id, rest);

	desk_set_url(dict, name, view, path);
}

static void
set_actions(struct template_dict *dict, const struct desk_view *view, int kind,
    const struct term_edit *term)
{
	set_action(dict, "TERM_URL", view, kind, term, "");
	set_action(dict, "MERGE_URL", view, kind, term, "/merge");
}

enum status
desk_view_term(const struct desk_view *view, const struct desk_term_page *page,
    GString *out)
{
	struct desk_page frame;

	desk_page_init(&frame, view, page->term->name, "desk/term.html");
	desk_fill_parts(frame.main, view, page->pages, WORDS[page->kind].path);
	template_dict_set(frame.main, "KIND", WORDS[page->kind].one);
	set_actions(frame.main, view, page->kind, page->term);
	set_action(
	    frame.main, "DELETE_URL", view, page->kind, page->term, "/delete");
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	desk_fill_fields(frame.main, page->fields, page->field_count);
	desk_fill_fields(
	    template_dict_include(frame.main, "INTO", "desk/fields.html"),
	    page->into, 1);
	for (guint i = 0; i < page->terms->len; i++) {
		const struct term_edit *other =
		    g_ptr_array_index(page->terms, i);

		if (other->id != page->term->id)
			template_dict_set(
			    template_dict_add(frame.main, "NAMES"), "NAME",
			    other->name);
	}
	set_count(frame.main, "COUNT", page->term->use_count);
	template_dict_show(frame.main,
	    page->term->use_count > 0 ? "USED_NOTES" : "DELETE_FORMS");
	return desk_page_finish(&frame, out);
}

enum status
desk_view_merge(const struct desk_view *view,
    const struct desk_merge_page *page, GString *out)
{
	g_autofree char *title = g_strdup_printf(
	    "Merge %s into %s", page->term->name, page->into->name);
	g_autofree char *from =
	    g_strconcat(WORDS[page->kind].public_path, page->term->slug, NULL);
	g_autofree char *to =
	    g_strconcat(WORDS[page->kind].public_path, page->into->slug, NULL);
	struct desk_page frame;

	desk_page_init(&frame, view, title, "desk/merge.html");
	desk_fill_parts(frame.main, view, page->pages, WORDS[page->kind].path);
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	set_actions(frame.main, view, page->kind, page->term);
	template_dict_set(frame.main, "KIND", WORDS[page->kind].one);
	template_dict_set(frame.main, "NAME", page->term->name);
	template_dict_set(frame.main, "INTO_NAME", page->into->name);
	template_dict_set_integer(frame.main, "INTO_ID", page->into->id);
	set_count(frame.main, "COUNT", page->term->use_count);
	if (page->term->article_count > 0) {
		template_dict_show(frame.main, "ADDRESS_NOTES");
		template_dict_set(frame.main, "ADDRESS", from);
		template_dict_set(frame.main, "INTO_ADDRESS", to);
	}
	part_show(frame.main, "DESCRIPTION_NOTES", "DESCRIPTION",
	    page->term->description);
	return desk_page_finish(&frame, out);
}
