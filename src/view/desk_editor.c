/*
 * desk_editor.c - the pages where one article is written, compared and
 * published.
 *
 * What must hold: everything that was typed stands in the form again, whatever
 * became of it.
 */
#include "config.h"

#include <string.h>

#include "base/settings.h"
#include "base/text.h"
#include "base/text_difference.h"
#include "model/article_edit.h"
#include "model/media.h"
#include "model/revision.h"
#include "model/session.h"
#include "model/setting.h"
#include "template/template_engine.h"
#include "view/desk_article_view.h"
#include "view/desk_view.h"
#include "view/layout.h"

#include "desk_parts.h"
#include "site_parts.h"

#define CONTEXT_LINES 2

/* ---- differences ---- */

static void
fill_run(struct template_dict *dict, const struct text_run *run,
    const char *old_text, const char *new_text)
{
	static const char *const sections[] = {
		[TEXT_RUN_SAME] = "SAME_RUNS",
		[TEXT_RUN_REMOVED] = "REMOVED_RUNS",
		[TEXT_RUN_ADDED] = "ADDED_RUNS",
	};
	const char *text = run->kind == TEXT_RUN_ADDED ? new_text : old_text;
	g_autofree char *words = NULL;

	if (run->is_folded) {
		template_dict_show(dict, "FOLDED_RUNS");
		words = g_strdup_printf(
		    "%zu lines that are the same", run->line_count);
	} else {
		template_dict_show(dict, sections[run->kind]);
		words = g_strndup(text + run->offset, run->size);
	}
	template_dict_set(dict, "TEXT", words);
}

/* Include the difference of the two texts at marker DIFFERENCE. */
static void
fill_difference(struct template_dict *dict, const GArray *difference,
    const char *old_text, const char *new_text)
{
	g_autoptr(GArray) runs =
	    text_difference_fold(difference, old_text, new_text, CONTEXT_LINES);
	struct template_dict *part =
	    template_dict_include(dict, "DIFFERENCE", "desk/runs.html");

	for (guint i = 0; i < runs->len; i++)
		fill_run(template_dict_add(part, "RUNS"),
		    &g_array_index(runs, struct text_run, i), old_text,
		    new_text);
}

/* ---- the editor ---- */

/* Whether something is wrong in a field that stands under "More". */
static bool
has_problem_in_more(const struct desk_article_form *form)
{
	return form->description_problem != NULL ||
	       form->series_problem != NULL ||
	       form->series_number_problem != NULL ||
	       form->language_problem != NULL ||
	       form->direction_problem != NULL ||
	       form->canonical_url_problem != NULL;
}

/* Whether something is wrong in a field that stands under "Details". */
static bool
has_problem_in_details(const struct desk_article_form *form)
{
	return form->slug_problem != NULL || form->excerpt_problem != NULL ||
	       form->category_problem != NULL || form->tags_problem != NULL ||
	       form->authors_problem != NULL || form->cover_problem != NULL ||
	       has_problem_in_more(form);
}

/* Where it stands and what it is filed under. */
static void
fill_filing(struct template_dict *dict, const struct desk_article_form *form)
{
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_LINE,
		    .name = "slug",
		    .value = form->slug,
		    .hint = "The last part of its address. Empty: from the "
			    "title. If it changes, the old one leads on.",
		    .problem = form->slug_problem,
		    .max_length = 200 },
		{ .kind = DESK_FIELD_TEXT,
		    .name = "excerpt",
		    .value = form->excerpt,
		    .hint = "On cards, in feeds and for search engines. "
			    "Empty: how the text begins.",
		    .problem = form->excerpt_problem,
		    .rows = 3 },
		{ .kind = DESK_FIELD_LINE,
		    .name = "category",
		    .value = form->category,
		    .problem = form->category_problem,
		    .list = "known-categories" },
		{ .kind = DESK_FIELD_LINE,
		    .name = "tags",
		    .value = form->tags,
		    .hint = "With commas between them.",
		    .problem = form->tags_problem,
		    .list = "known-tags" },
		{ .kind = DESK_FIELD_LINE,
		    .name = "authors",
		    .value = form->authors,
		    .hint = "With commas between them, the first one first.",
		    .problem = form->authors_problem,
		    .list = "known-authors" },
	};

	desk_fill_fields(dict, fields, G_N_ELEMENTS(fields));
}

/* How it looks on a card, and what it is. */
static void
fill_rest(struct template_dict *dict, const struct desk_article_form *form)
{
	static const struct desk_choice kinds[] = {
		{ "article", "Article, in lists and feeds" },
		{ "page", "Standing page, in the navigation" },
	};
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_LINE,
		    .name = "cover_path",
		    .value = form->cover_path,
		    .hint = "Its address: /media/… or https://…",
		    .problem = form->cover_problem,
		    .list = "known-covers" },
		{ .kind = DESK_FIELD_LINE,
		    .name = "cover_alt",
		    .value = form->cover_alt,
		    .hint = "For who cannot see it." },
		{ .kind = DESK_FIELD_CHOICE,
		    .name = "kind",
		    .value = form->kind,
		    .choices = kinds,
		    .choice_count = G_N_ELEMENTS(kinds) },
	};

	desk_fill_fields(dict, fields, G_N_ELEMENTS(fields));
}

/* ---- what few articles need ---- */

/* The series it is a part of, and its place among others. */
static void
fill_place(struct template_dict *dict, const struct desk_view *view,
    const struct desk_article_form *form)
{
	static const struct desk_choice places[] = {
		{ "", "In its place by date" },
		{ "true", "Pinned: before all others" },
	};
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_LINE,
		    .name = "series",
		    .value = form->series,
		    .hint = "The same name in each of its parts.",
		    .problem = form->series_problem,
		    .list = "known-series" },
		{ .kind = DESK_FIELD_NUMBER,
		    .name = "series_number",
		    .value = form->series_number,
		    .hint = "Empty: in the order of publishing.",
		    .problem = form->series_number_problem },
		{ .kind = DESK_FIELD_CHOICE,
		    .name = "pinned",
		    .value = form->pinned,
		    .choices = places,
		    .choice_count = G_N_ELEMENTS(places) },
	};
	bool is_editor = view->session->role != AUTHOR_ROLE_AUTHOR;

	/* An author cannot pin. */
	desk_fill_fields(
	    dict, fields, G_N_ELEMENTS(fields) - (is_editor ? 0 : 1));
}

/* What machines are told of it. */
static void
fill_machine_fields(
    struct template_dict *dict, const struct desk_article_form *form)
{
	static const struct desk_choice directions[] = {
		{ "", "As its language does" },
		{ "ltr", "From left to right" },
		{ "rtl", "From right to left" },
	};
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_TEXT,
		    .name = "description",
		    .value = form->description,
		    .hint = "For search engines, and where its link is "
			    "shared. Empty: the excerpt.",
		    .problem = form->description_problem,
		    .rows = 3 },
		{ .kind = DESK_FIELD_LINE,
		    .name = "language",
		    .value = form->language,
		    .hint = "If it is not the blog's: de, pt-BR, ar.",
		    .problem = form->language_problem },
		{ .kind = DESK_FIELD_CHOICE,
		    .name = "direction",
		    .value = form->direction,
		    .problem = form->direction_problem,
		    .choices = directions,
		    .choice_count = G_N_ELEMENTS(directions) },
		{ .kind = DESK_FIELD_URL,
		    .name = "canonical_url",
		    .value = form->canonical_url,
		    .hint = "Where else it stands, if search engines should "
			    "take that for the original.",
		    .problem = form->canonical_url_problem },
	};

	desk_fill_fields(dict, fields, G_N_ELEMENTS(fields));
}

static void
fill_more(struct template_dict *dict, const struct desk_view *view,
    const struct desk_article_form *form)
{
	struct template_dict *part = template_dict_add(dict, "MORE_PARTS");

	if (has_problem_in_more(form))
		template_dict_show(part, "MORE_OPEN_MARKS");
	fill_place(part, view, form);
	fill_machine_fields(part, form);
}

/* "Published on May 30, 2026, 14:02", "Draft, saved ...". The caller frees it.
 */
static char *
make_state_line(const struct desk_view *view, const struct article_edit *edit)
{
	g_autofree char *saved = NULL;
	g_autofree char *published = NULL;

	if (edit == NULL)
		return g_strdup("Not saved yet");
	saved = desk_format_time(view, edit->updated_at);
	published = desk_format_time(view, edit->published_at);
	if (edit->trashed_at != 0)
		return g_strdup("In the trash");
	switch (edit->status) {
	case ARTICLE_STATUS_SCHEDULED:
		return g_strdup_printf("Scheduled for %s", published);
	case ARTICLE_STATUS_PUBLISHED:
		return g_strdup_printf("Published on %s", published);
	default:
		return g_strdup_printf("Draft, saved on %s", saved);
	}
}

/* "1234 words · 6 min" of what is stored. */
static void
fill_counts(struct template_dict *dict, const struct article_edit *edit)
{
	uint32_t word_count = edit != NULL ? edit->word_count : 0;
	uint32_t minutes = edit != NULL ? edit->minutes : 1;
	g_autofree char *words = layout_count(word_count, "word", "words");
	g_autofree char *counts =
	    g_strdup_printf("%s · %u min", words, minutes);

	template_dict_set(dict, "COUNTS", counts);
}

/* Where the text in the form is kept: stored, as a draft, or nowhere yet. */
static const char *
find_kept(const struct desk_editor_page *page)
{
	const struct desk_article_form *form = page->form;

	if (page->difference != NULL || form->problem != NULL ||
	    form->title_problem != NULL || form->body_problem != NULL ||
	    has_problem_in_details(form))
		return "no";
	return page->is_draft ? "draft" : "yes";
}

static const char *
publish_word(const struct article_edit *edit)
{
	if (edit == NULL || edit->status == ARTICLE_STATUS_DRAFT)
		return "Publish…";
	return edit->status == ARTICLE_STATUS_SCHEDULED ? "Reschedule…"
							: "Take back…";
}

/* What is in the trash is not saved before it is taken out; but a text that is
 * only here yet can be sent again once it is, from this page. */
static void
fill_buttons(struct template_dict *dict, const struct desk_editor_page *page)
{
	const struct article_edit *edit = page->edit;
	bool is_trashed = edit != NULL && edit->trashed_at != 0;

	if (!is_trashed)
		part_show(dict, "PUBLISH_BUTTONS", "PUBLISH_WORD",
		    publish_word(edit));
	else
		part_show(dict, "RESTORE_BUTTONS", "TRASH_LABEL",
		    "Take it out of the trash");
	if (!is_trashed || strcmp(find_kept(page), "yes") != 0) {
		struct template_dict *save =
		    template_dict_add(dict, "SAVE_BUTTONS");

		if (is_trashed)
			template_dict_show(save, "RESTORE_MARKS");
	}
}

static void
fill_names(
    struct template_dict *dict, const char *section, const GPtrArray *names)
{
	for (guint i = 0; names != NULL && i < names->len; i++)
		template_dict_set(template_dict_add(dict, section), "NAME",
		    g_ptr_array_index(names, i));
}

static void
fill_covers(struct template_dict *dict, const GPtrArray *covers)
{
	for (guint i = 0; covers != NULL && i < covers->len; i++) {
		const struct media *media = g_ptr_array_index(covers, i);
		struct template_dict *item =
		    template_dict_add(dict, "KNOWN_COVERS");

		template_dict_set(item, "PATH", media->path);
		template_dict_set(item, "SHOWS",
		    *media->alt != '\0' ? media->alt : media->original_name);
	}
}

static void
fill_warnings(struct template_dict *dict, const GPtrArray *warnings)
{
	if (warnings == NULL || warnings->len == 0)
		return;
	template_dict_show(dict, "WARNING_LISTS");
	for (guint i = 0; i < warnings->len; i++)
		template_dict_set(template_dict_add(dict, "WARNINGS"),
		    "WARNING", g_ptr_array_index(warnings, i));
}

/* What only an article has that is stored. */
static void
fill_stored(struct template_dict *dict, const struct desk_view *view,
    const struct article_edit *edit)
{
	template_dict_show(dict, "STORED_PARTS");
	template_dict_set(
	    dict, "TRASH_WORD", edit->trashed_at != 0 ? "restore" : "trash");
	if (edit->trashed_at == 0)
		part_show(
		    dict, "TRASH_BUTTONS", "TRASH_LABEL", "Move to the trash");
	if (edit->status != ARTICLE_STATUS_PUBLISHED || edit->trashed_at != 0)
		return;
	template_dict_show(dict, "PUBLIC_LINKS");
	desk_set_url(dict, "PUBLIC_URL", view, edit->path);
}

static void
fill_unsaved(struct template_dict *dict, const struct desk_view *view,
    const struct desk_editor_page *page)
{
	if (page->unsaved_at == 0)
		return;
	template_dict_show(dict, "UNSAVED_NOTES");
	template_dict_set(dict, "UNSAVED_KEY", page->unsaved_key);
	desk_set_time(dict, "UNSAVED", NULL, view, page->unsaved_at);
}

static void
fill_form(struct template_dict *dict, const struct desk_view *view,
    const struct desk_article_form *form)
{
	g_autofree char *action =
	    form->id == 0
		? g_strdup("/desk/articles")
		: g_strdup_printf("/desk/articles/%" G_GINT64_FORMAT, form->id);

	desk_set_url(dict, "ACTION_URL", view, action);
	template_dict_set_integer(dict, "ID", form->id);
	template_dict_set_integer(dict, "VERSION", form->version);
	template_dict_set(dict, "KEY", form->key);
	template_dict_set(dict, "AUTHORS_SHOWN", form->authors_shown);
	template_dict_set(dict, "AUTHOR_IDS", form->author_ids);
	template_dict_set(dict, "CATEGORY_SHOWN", form->category_shown);
	template_dict_set(dict, "TAGS_SHOWN", form->tags_shown);
	template_dict_set(dict, "SERIES_SHOWN", form->series_shown);
	template_dict_set(dict, "TITLE_VALUE", form->title);
	template_dict_set(dict, "BODY_VALUE", form->body);
	desk_show_problem(
	    dict, "TITLE_PROBLEMS", "TITLE_PROBLEM", form->title_problem);
	desk_show_problem(
	    dict, "BODY_PROBLEMS", "BODY_PROBLEM", form->body_problem);
	desk_show_problem(dict, "PAGE_PROBLEMS", "PAGE_PROBLEM", form->problem);
	if (form->id == 0 && form->title[0] == '\0')
		template_dict_show(dict, "TITLE_FIRST_MARKS");
	fill_filing(dict, form);
	fill_rest(dict, form);
	fill_more(dict, view, form);
}

enum status
desk_view_editor(const struct desk_view *view,
    const struct desk_editor_page *page, GString *out)
{
	const struct desk_article_form *form = page->form;
	g_autofree char *state_line = make_state_line(view, page->edit);
	const char *title = "New article";
	struct desk_page frame;
	struct template_dict *dict;

	if (form->title[0] != '\0')
		title = form->title;
	desk_page_init(&frame, view, title, "desk/editor.html");
	template_dict_show(frame.root, "EDITOR_STYLES");
	desk_page_run_script(&frame);
	dict = frame.main;
	fill_form(dict, view, form);
	template_dict_set(dict, "STATE_LINE", state_line);
	template_dict_set(dict, "KEPT", find_kept(page));
	template_dict_set_integer(dict, "AUTHOR_ID", view->session->author_id);
	fill_counts(dict, page->edit);
	fill_buttons(dict, page);
	fill_unsaved(dict, view, page);
	fill_warnings(dict, page->warnings);
	fill_names(dict, "KNOWN_CATEGORIES", page->categories);
	fill_names(dict, "KNOWN_TAGS", page->tags);
	fill_names(dict, "KNOWN_AUTHORS", page->authors);
	fill_names(dict, "KNOWN_SERIES", page->series);
	fill_covers(dict, page->covers);
	if (page->is_preview_shown)
		template_dict_show(dict, "PREVIEWS");
	if (page->edit != NULL)
		fill_stored(dict, view, page->edit);
	if (page->difference != NULL) {
		template_dict_show(dict, "DIFFERENCES");
		fill_difference(
		    dict, page->difference, page->old_text, page->new_text);
	}
	return desk_page_finish(&frame, out);
}

/* ---- publishing ---- */

/* What is going to happen, in words. The caller frees it. */
static char *
make_promise(const struct desk_view *view, const struct article_edit *edit)
{
	g_autofree char *when = desk_format_time(view, edit->published_at);
	const char *base_url = view->settings->base_url;

	switch (edit->status) {
	case ARTICLE_STATUS_SCHEDULED:
		return g_strdup_printf("It will be published on %s at %s%s.",
		    when, base_url, edit->path);
	case ARTICLE_STATUS_PUBLISHED:
		return g_strdup_printf("It was published on %s at %s%s.", when,
		    base_url, edit->path);
	default:
		if (edit->published_at == 0)
			return g_strdup_printf("It will stand at %s%s at once, "
					       "and in the lists and feeds.",
			    base_url, edit->path);
		return g_strdup_printf("It will stand at %s%s again at once, "
				       "under the date it had before: %s.",
		    base_url, edit->path, when);
	}
}

/* Publishing, and scheduling: two forms, so that a key that sends one does not
 * do the other. */
static void
fill_publishing(struct template_dict *dict, const struct desk_view *view,
    const struct desk_publication_page *page)
{
	bool is_scheduled = page->edit->status == ARTICLE_STATUS_SCHEDULED;
	g_autofree char *hint =
	    view->zone != NULL
		? g_strdup_printf(
		      "In your time zone, %s.", view->session->time_zone)
		: g_strdup_printf("In the time zone of the blog, %s.",
		      view->blog->time_zone);
	const struct desk_field field = {
		.kind = DESK_FIELD_TIME,
		.name = "published_at",
		.value = page->published_at,
		.hint = hint,
		.problem = page->published_at_problem,
		.is_required = true,
	};

	template_dict_show(dict, "PUBLISH_PARTS");
	template_dict_set(dict, "SCHEDULE_TITLE",
	    is_scheduled ? "Or at yet another time" : "Or at another time");
	desk_fill_fields(dict, &field, 1);
}

static void
fill_publication(struct template_dict *dict, const struct desk_view *view,
    const struct desk_publication_page *page)
{
	const struct article_edit *edit = page->edit;
	bool is_published = edit->status == ARTICLE_STATUS_PUBLISHED;
	g_autofree char *promise = make_promise(view, edit);

	template_dict_set_integer(dict, "ID", edit->id);
	template_dict_set_integer(dict, "VERSION", edit->version);
	template_dict_set(dict, "ARTICLE_TITLE", edit->title);
	template_dict_set(dict, "WHAT_HAPPENS", promise);
	if (!is_published)
		fill_publishing(dict, view, page);
	if (edit->status == ARTICLE_STATUS_DRAFT)
		return;
	template_dict_show(dict, "UNPUBLISH_PARTS");
	template_dict_set(dict, "UNPUBLISH_ADVICE",
	    is_published ? "Readers will not find it any more; you go on with "
			   "it as a draft."
			 : "It waits no more; you go on with it as a draft.");
	template_dict_set(dict, "UNPUBLISH_LABEL",
	    is_published ? "Make it a draft again" : "Do not publish it");
}

enum status
desk_view_publication(const struct desk_view *view,
    const struct desk_publication_page *page, GString *out)
{
	struct desk_page frame;

	desk_page_init(&frame, view,
	    page->edit->status == ARTICLE_STATUS_PUBLISHED ? "Take back"
							   : "Publish",
	    "desk/publication.html");
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	fill_warnings(frame.main, page->warnings);
	fill_publication(frame.main, view, page);
	return desk_page_finish(&frame, out);
}

/* ---- one revision ---- */

/* The form that restores it, and what that brings back. */
static void
fill_restoring(
    struct template_dict *dict, const struct desk_revision_page *page)
{
	template_dict_show(dict, "RESTORE_PARTS");
	template_dict_set_integer(dict, "VERSION", page->revision->version);
	template_dict_set_integer(dict, "STORED_VERSION", page->edit->version);
	template_dict_show(dict,
	    page->revision->description != NULL ? "WHOLE_NOTES" : "TEXT_NOTES");
}

enum status
desk_view_revision(const struct desk_view *view,
    const struct desk_revision_page *page, GString *out)
{
	g_autofree char *when =
	    desk_format_time(view, page->revision->created_at);
	g_autofree char *title = g_strconcat("Revision of ", when, NULL);
	bool is_same =
	    page->difference->len == 0 ||
	    (page->difference->len == 1 &&
		g_array_index(page->difference, struct text_run, 0).kind ==
		    TEXT_RUN_SAME);
	struct desk_page frame;

	desk_page_init(&frame, view, title, "desk/revision.html");
	template_dict_set_integer(frame.main, "ID", page->edit->id);
	template_dict_set(frame.main, "ARTICLE_TITLE", page->revision->title);
	if (page->is_restorable)
		fill_restoring(frame.main, page);
	else
		template_dict_show(frame.main, "WAY_BACK_PARTS");
	if (is_same)
		template_dict_show(frame.main, "SAME_NOTES");
	else if (!page->is_restorable)
		template_dict_show(frame.main, "NAMES_NOTES");
	fill_difference(
	    frame.main, page->difference, page->old_text, page->new_text);
	return desk_page_finish(&frame, out);
}
