/*
 * desk_articles.c - the list of articles, and the editor of one.
 */
#include "config.h"

#include <string.h>

#include "base/paging.h"
#include "base/text.h"
#include "base/text_difference.h"
#include "http/request.h"
#include "http/response.h"
#include "model/author_choice.h"
#include "model/autosave.h"
#include "model/category.h"
#include "model/media.h"
#include "model/series.h"
#include "model/shelf_choice.h"
#include "model/site.h"
#include "model/tag.h"
#include "model/term.h"

#include "desk_article.h"
#include "desk_handler.h"

#define ROWS_PER_PAGE 50
#define MAX_PAGE      100000

/* What the address of the editor has when its page is to list the warnings. */
#define SAVED_WITH_WARNINGS "saved-with-warnings"

/* ---- finding one ---- */

bool
desk_may_change(
    const struct exchange *exchange, const struct article_edit *edit)
{
	const struct session *session = desk_session_of(exchange);

	return session->role != AUTHOR_ROLE_AUTHOR ||
	       article_ids_include(edit->author_ids, session->author_id);
}

enum status
desk_read_article(struct exchange *exchange, struct article_edit **out_edit)
{
	int64_t id = desk_number(exchange->values[0]);
	struct article_edit *edit;
	enum status status;

	if (id < 1)
		return STATUS_NOT_FOUND;
	status = article_edit_read(desk_database_of(exchange), id, &edit);
	if (status != STATUS_OK)
		return status;
	if (!desk_may_change(exchange, edit)) {
		article_edit_free(edit);
		desk_log_refused(exchange);
		return desk_fail(exchange, STATUS_FORBIDDEN,
		    "This article is another author's.");
	}
	*out_edit = edit;
	return STATUS_OK;
}

enum status
desk_read_article_alone(
    struct exchange *exchange, struct article_edit **out_edit)
{
	struct site *site = desk_site_of(exchange);
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = desk_read_article(exchange, out_edit);
	site_end_read(site);
	return status;
}

void
desk_go_to_article(
    struct exchange *exchange, int64_t id, const char *part, const char *said)
{
	g_autofree char *path =
	    g_strdup_printf("/desk/articles/%" G_GINT64_FORMAT "%s", id, part);

	desk_go_to(exchange, path, said);
}

/* ---- the list ---- */

static enum article_shelf
find_shelf(const char *word)
{
	for (int i = 0; i < ARTICLE_SHELF_COUNT; i++)
		if (strcmp(desk_shelf_name(i), word) == 0)
			return (enum article_shelf)i;
	return ARTICLE_SHELF_ALL;
}

/* What the list can be chosen by, and what is chosen. */
struct choices {
	GPtrArray *terms[SHELF_CHOICE_COUNT]; /* struct term * */
	char *chosen[SHELF_CHOICE_COUNT];
	int64_t ids[SHELF_CHOICE_COUNT]; /* 0: any */
};

static void
choices_release(struct choices *choices)
{
	for (int i = 0; i < SHELF_CHOICE_COUNT; i++) {
		if (choices->terms[i] != NULL)
			g_ptr_array_unref(choices->terms[i]);
		g_free(choices->chosen[i]);
	}
}

static enum status
read_choice(struct exchange *exchange, enum shelf_choice kind, bool is_offered,
    struct choices *choices)
{
	struct database *database = desk_database_of(exchange);
	enum status status;

	if (!is_offered) {
		choices->chosen[kind] = g_strdup("");
		choices->terms[kind] = g_ptr_array_new();
		return STATUS_OK;
	}
	choices->chosen[kind] = text_normalize_line(
	    desk_query(exchange, desk_choice_name((int)kind)));
	status = shelf_choice_list(database, kind, &choices->terms[kind]);
	if (status != STATUS_OK || *choices->chosen[kind] == '\0')
		return status;
	status = shelf_choice_find(
	    database, kind, choices->chosen[kind], &choices->ids[kind]);
	if (status != STATUS_NOT_FOUND)
		return status;
	/* What is not there has no article. */
	choices->ids[kind] = -1;
	return STATUS_OK;
}

/* Whether the list is another one than that of the shelf. */
static bool
is_looking(const struct article_shelf_filter *filter, int64_t own_id)
{
	return text_is_given(filter->text) || filter->author_id != own_id ||
	       filter->category_id != 0 || filter->tag_id != 0;
}

/* The page of what `filter` has; `own_id` is who sees their own articles alone,
 * or 0. */
static enum status
show_list(struct exchange *exchange, const struct article_shelf_filter *filter,
    int64_t own_id, const struct choices *choices)
{
	const struct desk_view view = desk_view_of(exchange);
	struct database *database = desk_database_of(exchange);
	int64_t number = desk_number(desk_query(exchange, "page"));
	int64_t counts[ARTICLE_SHELF_COUNT];
	struct desk_list_choice shown[SHELF_CHOICE_COUNT];
	g_autoptr(GPtrArray) rows = NULL;
	struct desk_list_page page = {
		.filter = filter,
		.choices = shown,
		.counts = counts,
		.page = CLAMP(number, 1, MAX_PAGE),
	};
	enum status status = article_count_shelves(database, own_id, counts);

	if (status != STATUS_OK)
		return status;
	for (int i = 0; i < SHELF_CHOICE_COUNT; i++)
		shown[i] = (struct desk_list_choice){ choices->chosen[i],
			choices->ids[i], choices->terms[i] };
	page.found_count = counts[filter->shelf];
	status = article_list_shelf(database, filter, page.page, ROWS_PER_PAGE,
	    &rows, is_looking(filter, own_id) ? &page.found_count : NULL);
	page.rows = rows;
	page.page_count = paging_count(page.found_count, ROWS_PER_PAGE);
	return status == STATUS_OK
		   ? desk_view_list(&view, &page, exchange->response->body)
		   : status;
}

enum status
show_articles(struct exchange *exchange)
{
	const struct session *session = desk_session_of(exchange);
	bool is_author = session->role == AUTHOR_ROLE_AUTHOR;
	int64_t own_id = is_author ? session->author_id : 0;
	g_autofree char *text = text_normalize_line(desk_query(exchange, "q"));
	struct choices choices = { 0 };
	enum status status = STATUS_OK;

	for (int i = 0; status == STATUS_OK && i < SHELF_CHOICE_COUNT; i++)
		status = read_choice(exchange, (enum shelf_choice)i,
		    i != SHELF_CHOICE_AUTHOR || !is_author, &choices);
	if (status == STATUS_OK) {
		const struct article_shelf_filter filter = {
			.shelf = find_shelf(desk_query(exchange, "list")),
			.text = text,
			.author_id = is_author
					 ? own_id
					 : choices.ids[SHELF_CHOICE_AUTHOR],
			.category_id = choices.ids[SHELF_CHOICE_CATEGORY],
			.tag_id = choices.ids[SHELF_CHOICE_TAG],
		};

		status = show_list(exchange, &filter, own_id, &choices);
	}
	choices_release(&choices);
	return status;
}

/* ---- the editor ---- */

static enum status
list_names(struct database *database, GPtrArray *categories, GPtrArray *tags)
{
	g_autoptr(GPtrArray) used_categories = NULL;
	g_autoptr(GPtrArray) used_tags = NULL;
	enum status status = category_list_used(database, &used_categories);

	if (status == STATUS_OK)
		status = tag_list_used(database, &used_tags);
	if (status != STATUS_OK)
		return status;
	for (guint i = 0; i < used_categories->len; i++) {
		const struct term *category =
		    g_ptr_array_index(used_categories, i);

		g_ptr_array_add(categories, g_strdup(category->name));
	}
	for (guint i = 0; i < used_tags->len; i++) {
		const struct term *tag = g_ptr_array_index(used_tags, i);

		g_ptr_array_add(tags, g_strdup(tag->name));
	}
	return STATUS_OK;
}

/* Fill in what else the editor has, and show it. In a transaction. */
static enum status
show_page(struct exchange *exchange, struct desk_editor_page *page)
{
	const struct desk_view view = desk_view_of(exchange);
	g_autoptr(GPtrArray) categories =
	    g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) authors = NULL;
	g_autoptr(GPtrArray) series = NULL;
	g_autoptr(GPtrArray) covers = NULL;
	struct database *database = desk_database_of(exchange);
	enum status status = list_names(database, categories, tags);

	if (status == STATUS_OK)
		status = author_choice_list(database, &authors);
	if (status == STATUS_OK)
		status = series_list_names(database, &series);
	if (status == STATUS_OK)
		status = media_list_images(database, MEDIA_OFFERED, &covers);
	if (status != STATUS_OK)
		return status;
	page->categories = categories;
	page->tags = tags;
	page->authors = authors;
	page->series = series;
	page->covers = covers;
	return desk_view_editor(&view, page, exchange->response->body);
}

enum status
desk_show_editor(struct exchange *exchange, const struct article_form *form,
    const struct article_edit *edit)
{
	struct site *site = desk_site_of(exchange);
	struct desk_editor_page page = { .form = &form->shown, .edit = edit };
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = show_page(exchange, &page);
	site_end_read(site);
	return status;
}

enum status
begin_article(struct exchange *exchange)
{
	struct article_form form;
	struct desk_editor_page page = { .form = &form.shown };
	g_autofree char *name = NULL;
	enum status status;

	article_form_init(&form);
	status = author_choice_name(desk_database_of(exchange),
	    desk_session_of(exchange)->author_id, &name);
	if (status == STATUS_OK) {
		article_form_begin(
		    &form, desk_session_of(exchange)->author_id, name);
		status = show_page(exchange, &page);
	}
	article_form_release(&form);
	return status;
}

/* Whether the draft says something else than what is stored. */
static bool
says_more(struct exchange *exchange, const struct article_edit *edit,
    const struct autosave *autosave)
{
	struct article_form form;
	bool is_more;

	article_form_init(&form);
	is_more = desk_read_draft(exchange, edit->id, autosave->editor_key,
		      &form) != STATUS_OK;
	if (!is_more) {
		article_form_follow(&form, edit);
		is_more = !article_form_is_stored(&form, edit);
	}
	article_form_release(&form);
	return is_more;
}

/* Whether a draft has been left that says something else than what is stored.
 */
static enum status
look_for_draft(struct exchange *exchange, const struct article_edit *edit,
    struct autosave *out_autosave)
{
	enum status status = autosave_find(desk_database_of(exchange), edit->id,
	    desk_session_of(exchange)->author_id, out_autosave);

	if (status == STATUS_OK && !says_more(exchange, edit, out_autosave)) {
		autosave_release(out_autosave);
		*out_autosave = (struct autosave){ 0 };
	}
	return status;
}

static enum status
show_stored(struct exchange *exchange, const struct article_edit *edit)
{
	const char *key = desk_query(exchange, "draft");
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	struct autosave autosave = { 0 };
	struct article_form form;
	struct desk_editor_page page = {
		.form = &form.shown,
		.edit = edit,
		.warnings = warnings,
	};
	enum status status = STATUS_OK;

	article_form_init(&form);
	article_form_fill(&form, edit);
	if (strcmp(desk_query(exchange, "said"), SAVED_WITH_WARNINGS) == 0)
		status = desk_find_warnings(exchange, edit, warnings);
	if (status == STATUS_OK && *key != '\0')
		status = desk_read_draft(exchange, edit->id, key, &form);
	else if (status == STATUS_OK)
		status = look_for_draft(exchange, edit, &autosave);
	/* It was saved, or thrown away, since the address was made. */
	if (status == STATUS_NOT_FOUND)
		status = STATUS_OK;
	page.unsaved_at = autosave.saved_at;
	page.unsaved_key = autosave.editor_key;
	page.is_draft = *key != '\0';
	page.is_preview_shown =
	    *desk_query(exchange, "preview") != '\0' && *key != '\0';
	if (status == STATUS_OK)
		status = show_page(exchange, &page);
	autosave_release(&autosave);
	article_form_release(&form);
	return status;
}

enum status
show_article_editor(struct exchange *exchange)
{
	struct article_edit *edit;
	enum status status = desk_read_article(exchange, &edit);

	if (status != STATUS_OK)
		return status;
	status = show_stored(exchange, edit);
	article_edit_free(edit);
	return status;
}

/* ---- saving ---- */

/*
 * Somebody saved since: show what differs and what was typed, on top of what is
 * stored now, so that saving again is a decision.
 */
static enum status
show_conflict(struct exchange *exchange, struct article_form *form,
    const struct article_edit *edit)
{
	struct site *site = desk_site_of(exchange);
	struct article_form stored;
	struct desk_editor_page page = { .form = &form->shown, .edit = edit };
	g_autofree char *old_text = NULL;
	g_autofree char *new_text = NULL;
	g_autoptr(GArray) difference = NULL;
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	article_form_follow(form, edit);
	article_form_init(&stored);
	article_form_fill(&stored, edit);
	page.old_text = old_text = article_form_make_comparable(&stored, form);
	page.new_text = new_text = article_form_make_comparable(form, &stored);
	page.difference = difference = text_difference(
	    old_text, strlen(old_text), new_text, strlen(new_text));
	article_form_release(&stored);
	form->shown.id = edit->id;
	form->shown.version = edit->version;
	form->shown.problem =
	    "This article was saved elsewhere since you opened it. Nothing "
	    "was changed. Compare, and save again if yours is to be the text.";
	exchange->response->status = 409;
	status = show_page(exchange, &page);
	site_end_read(site);
	return status;
}

/* To the editor, with the draft that it keeps and how that will look. */
static void
go_to_preview(struct exchange *exchange, const struct article_form *form)
{
	g_autofree char *part =
	    g_strdup_printf("?draft=%s&preview=1", form->shown.key);

	desk_go_to_article(exchange, form->shown.id, part, NULL);
}

/* Where the button that was pressed leads once all is saved. */
static void
go_on(struct exchange *exchange, const struct article_form *form,
    GPtrArray *warnings)
{
	const char *action = desk_field(exchange, "action");

	if (desk_is_script(exchange))
		desk_answer_stored(exchange, form, warnings);
	else if (strcmp(action, "preview") == 0)
		go_to_preview(exchange, form);
	else if (strcmp(action, "publish") == 0)
		desk_go_to_article(
		    exchange, form->shown.id, "/publication", NULL);
	else
		desk_go_to_article(exchange, form->shown.id, "",
		    warnings->len > 0 ? SAVED_WITH_WARNINGS : "saved");
}

static enum status
save_form(struct exchange *exchange, struct article_form *form,
    const struct article_edit *edit)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	const struct article_wish as_it_is = { 0 };
	struct article_edit *stored = NULL;
	enum status status = STATUS_INVALID;

	if (article_form_check(form))
		status =
		    desk_save(exchange, form, &as_it_is, warnings, &stored);
	if (status == STATUS_OK) {
		go_on(exchange, form, warnings);
	} else if (status == STATUS_INVALID && desk_is_script(exchange)) {
		desk_answer_invalid(exchange, form);
		status = STATUS_OK;
	} else if (status == STATUS_INVALID) {
		exchange->response->status = 422;
		status = desk_show_editor(exchange, form, edit);
	} else if (status == STATUS_CONFLICT && stored != NULL &&
		   !desk_is_script(exchange)) {
		status = show_conflict(exchange, form, stored);
	}
	article_edit_free(stored);
	return status;
}

enum status
create_article(struct exchange *exchange)
{
	struct article_form form;
	enum status status;

	article_form_init(&form);
	status = desk_read_form(exchange, &form);
	/* Who sends a form of their own may leave the key out. */
	if (form.shown.key[0] == '\0')
		article_form_make_key(&form);
	if (status == STATUS_OK)
		status = save_form(exchange, &form, NULL);
	article_form_release(&form);
	return status;
}

/* Keep what was typed beside what is stored, and show how it will look. */
static enum status
preview_form(struct exchange *exchange, const struct article_form *form)
{
	enum status status = desk_store_draft(exchange, form);

	if (status == STATUS_OK)
		go_to_preview(exchange, form);
	return status;
}

enum status
update_article(struct exchange *exchange)
{
	struct article_edit *edit;
	struct article_form form;
	enum status status = desk_read_article_alone(exchange, &edit);

	if (status != STATUS_OK)
		return status;
	article_form_init(&form);
	article_form_fill(&form, edit);
	status = desk_read_form(exchange, &form);
	if (status == STATUS_OK &&
	    strcmp(desk_field(exchange, "action"), "preview") == 0)
		status = preview_form(exchange, &form);
	else if (status == STATUS_OK)
		status = save_form(exchange, &form, edit);
	article_form_release(&form);
	article_edit_free(edit);
	return status;
}

/* ---- the trash ---- */

enum status
trash_article(struct exchange *exchange)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	struct article_edit *edit = NULL;
	int64_t count;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = desk_read_article(exchange, &edit);
	if (status == STATUS_OK && edit->trashed_at == 0)
		status = article_trash(site->database, edit->id, now);
	if (status == STATUS_OK)
		status = article_empty_trash(site->database, now, &count);
	status = site_end_write(site, status);
	article_edit_free(edit);
	if (status == STATUS_OK)
		desk_go_to(exchange, "/desk/articles?list=trash", "trashed");
	return status;
}

enum status
untrash_article(struct exchange *exchange)
{
	struct article_edit *edit;
	struct article_form form;
	const struct article_wish wish = { .is_untrashed = true };
	enum status status = desk_read_article_alone(exchange, &edit);

	if (status != STATUS_OK)
		return status;
	article_form_init(&form);
	article_form_fill(&form, edit);
	if (edit->trashed_at != 0)
		status = desk_save(exchange, &form, &wish, NULL, NULL);
	if (status == STATUS_INVALID)
		status = desk_fail(
		    exchange, status, "%s", article_form_problem(&form));
	if (status == STATUS_OK)
		desk_go_to_article(exchange, edit->id, "", "untrashed");
	article_form_release(&form);
	article_edit_free(edit);
	return status;
}
