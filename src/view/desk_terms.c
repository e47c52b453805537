/*
 * desk_terms.c - the pages of tags, categories and series: all of them, one,
 * and what merging two would do.
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

#define TERMS_LEAD                                                             \
	"Rename them, say what they are for, or make two of them one."

static const struct {
	const char *path;
	const char *public_path; /* NULL: readers have no address of it */
	const char *one;
	const char *lead;
	const char *empty_note;
} WORDS[] = {
	[TERM_KIND_TAG] = { "/desk/settings/tags", "/tags/", "tag", TERMS_LEAD,
	    "There is no tag yet. Tags are made where articles are written." },
	[TERM_KIND_CATEGORY] = { "/desk/settings/categories", "/categories/",
	    "category", TERMS_LEAD,
	    "There is no category yet. Categories are made where articles are "
	    "written." },
	[TERM_KIND_SERIES] = { "/desk/settings/series", NULL, "series",
	    "Articles that belong together, in an order. Which one an article "
	    "is in stands in its editor.",
	    "No article is in a series yet. Give it the name of one in its "
	    "editor, under More details." },
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
fill_address(struct template_dict *row, int kind, const struct term *term)
{
	g_autofree char *address =
	    g_strconcat(WORDS[kind].public_path, term->slug, NULL);

	part_show(row, "ADDRESSES", "ADDRESS", address);
	if (term->use_count != term->article_count) {
		template_dict_show(row, "PUBLISHED_NOTES");
		template_dict_set_integer(
		    row, "PUBLISHED_COUNT", term->article_count);
	}
}

static void
fill_row(struct template_dict *row, const struct desk_view *view, int kind,
    const struct term *term)
{
	g_autofree char *path =
	    g_strdup_printf("%s/%" G_GINT64_FORMAT, WORDS[kind].path, term->id);

	desk_set_url(row, "TERM_URL", view, path);
	template_dict_set(row, "NAME", term->name);
	set_count(row, "COUNT", term->use_count);
	if (WORDS[kind].public_path != NULL)
		fill_address(row, kind, term);
}

enum status
desk_view_terms(const struct desk_view *view,
    const struct desk_terms_page *page, GString *out)
{
	bool is_search = text_is_given(page->text);
	const struct desk_paging paging = { WORDS[page->kind].path, page->text,
		page->page, page->page_count, false };
	struct desk_page frame;

	desk_part_init(
	    &frame, view, WORDS[page->kind].path, NULL, "desk/terms.html");
	template_dict_set(frame.main, "LEAD", WORDS[page->kind].lead);
	if (WORDS[page->kind].public_path != NULL)
		template_dict_show(frame.main, "ADDRESS_HEADS");
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
	desk_fill_paging(frame.main, view, &paging);
	return desk_page_finish(&frame, out);
}

/* Where a form about `term` leads to, `rest` after its own address. */
static void
set_action(struct template_dict *dict, const char *name,
    const struct desk_view *view, int kind, const struct term *term,
    const char *rest)
{
	g_autofree char *path = g_strdup_printf(
	    "%s/%" G_GINT64_FORMAT "%s", WORDS[kind].path, term->id, rest);

	desk_set_url(dict, name, view, path);
}

/* What else can be done to one: merging and deleting it. */
static void
fill_ends(struct template_dict *main, const struct desk_view *view,
    const struct desk_term_page *page)
{
	struct template_dict *ends = template_dict_add(main, "ENDS");

	set_action(ends, "MERGE_URL", view, page->kind, page->term, "/merge");
	set_action(ends, "DELETE_URL", view, page->kind, page->term, "/delete");
	desk_fill_fields(
	    template_dict_include(ends, "INTO", "desk/fields.html"), page->into,
	    1);
	for (guint i = 0; i < page->terms->len; i++) {
		const struct term *other = g_ptr_array_index(page->terms, i);

		if (other->id != page->term->id)
			template_dict_set(template_dict_add(ends, "NAMES"),
			    "NAME", other->name);
	}
	template_dict_show(
	    ends, page->term->use_count > 0 ? "USED_NOTES" : "DELETE_FORMS");
}

enum status
desk_view_term(const struct desk_view *view, const struct desk_term_page *page,
    GString *out)
{
	struct desk_page frame;

	desk_part_init(&frame, view, WORDS[page->kind].path, page->term->name,
	    "desk/term.html");
	template_dict_set(frame.main, "KIND", WORDS[page->kind].one);
	set_action(frame.main, "TERM_URL", view, page->kind, page->term, "");
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	template_dict_set(frame.main, "SHOWN_NAME", page->shown_name);
	if (WORDS[page->kind].public_path != NULL) {
		part_show(frame.main, "SHOWN_ADDRESSES", "SHOWN_SLUG",
		    page->shown_slug);
		template_dict_set(
		    frame.main, "SHOWN_DESCRIPTION", page->shown_description);
	}
	desk_fill_fields(frame.main, page->fields, page->field_count);
	set_count(frame.main, "COUNT", page->term->use_count);
	if (page->into != NULL)
		fill_ends(frame.main, view, page);
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

	desk_part_init(
	    &frame, view, WORDS[page->kind].path, title, "desk/merge.html");
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	set_action(frame.main, "TERM_URL", view, page->kind, page->term, "");
	set_action(
	    frame.main, "MERGE_URL", view, page->kind, page->term, "/merge");
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
