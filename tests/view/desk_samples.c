/*
 * desk_samples.c - a made-up desk, without a database. See desk_samples.h.
 *
 * Nothing here may depend on the clock, the locale or the machine: pages are
 * compared byte for byte. What an author types holds what would break a page.
 */
#include "config.h"

#include "desk_samples.h"

#include <string.h>

#include "base/text_difference.h"
#include "model/article_edit.h"
#include "model/media.h"
#include "model/page_view.h"
#include "model/preview_link.h"
#include "model/revision.h"
#include "model/shelf_choice.h"
#include "model/term.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/desk_article_view.h"
#include "view/desk_front_view.h"
#include "view/static_file.h"

#define DAY ((int64_t)86400)

#define TYPED "Typed \"words\" & <b>marks</b>"

void
desk_sample_init(struct desk_sample *sample)
{
	memset(sample, 0, sizeof(*sample));
	sample->settings.base_url = g_strdup("https://example.org/blog");
	sample->settings.origin = g_strdup("https://example.org");
	sample->settings.base_path = g_strdup("/blog");
	sample->settings.is_https = true;
	sample->blog.site_name = g_strdup("Ada & Co");
	sample->blog.title = g_strdup("Engines");
	sample->blog.language = g_strdup("en");
	sample->blog.time_zone = g_strdup("UTC");
	sample->blog.zone = g_time_zone_new_utc();
	sample->session.id = 7;
	sample->session.author_id = 1;
	sample->session.role = AUTHOR_ROLE_OWNER;
	sample->session.name = g_strdup("Ada Lovelace");
	sample->session.handle = g_strdup("ada-lovelace");
	sample->view = (struct desk_view){
		.engine = template_engine_new(
		    desk_template_files, desk_template_files_count, NULL),
		.static_files = static_files_new_below("/desk/static/",
		    builtin_desk_files, builtin_desk_files_count),
		.settings = &sample->settings,
		.blog = &sample->blog,
		.session = &sample->session,
		.form_token = "0123456789abcdef0123456789abcdef",
		.path = "/desk/articles",
		.now = DESK_SAMPLE_NOW,
	};
}

void
desk_sample_release(struct desk_sample *sample)
{
	template_engine_free(sample->view.engine);
	static_files_free((struct static_files *)sample->view.static_files);
	g_free(sample->settings.base_url);
	g_free(sample->settings.origin);
	g_free(sample->settings.base_path);
	g_free(sample->blog.site_name);
	g_free(sample->blog.title);
	g_free(sample->blog.language);
	g_free(sample->blog.time_zone);
	g_time_zone_unref(sample->blog.zone);
	session_release(&sample->session);
}

static void
sign_out(struct desk_sample *sample)
{
	session_release(&sample->session);
	sample->view.path = "/desk/session";
}

/* ---- forms and errors ---- */

static enum status
show_sign_in(struct desk_sample *sample, GString *out)
{
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_EMAIL,
		    .name = "email",
		    .label = "Email address",
		    .value = "ada@\"example\".org",
		    .problem = "that is no address",
		    .autocomplete = "username",
		    .max_length = 254,
		    .is_required = true,
		    .is_first = true },
		{ .kind = DESK_FIELD_PASSWORD,
		    .name = "password",
		    .label = "Password",
		    .value = "never shown",
		    .is_required = true },
		{ .kind = DESK_FIELD_CODE,
		    .name = "code",
		    .label = "Code",
		    .hint = "Six digits." },
		{ .kind = DESK_FIELD_HIDDEN,
		    .name = "to",
		    .value = "/desk/articles" },
	};
	const struct desk_form form = {
		.title = "Sign in",
		.problem = "That did not match.",
		.action = "/desk/session",
		.button = "Sign in",
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields),
		.note = "Lost your password?",
	};

	sign_out(sample);
	return desk_view_form(&sample->view, &form, out);
}

/* A field of each kind. */
static enum status
show_form(struct desk_sample *sample, GString *out)
{
	static const struct desk_choice choices[] = { { "a", "First" },
		{ "b", "Second & last" } };
	const struct desk_field fields[] = {
		{ DESK_FIELD_LINE, .name = "line", .label = "Line",
		    .value = TYPED, .list = "names" },
		{ DESK_FIELD_URL, .name = "url", .label = "URL" },
		{ DESK_FIELD_NUMBER, .name = "number", .label = "Number" },
		{ DESK_FIELD_TIME, .name = "time", .label = "Time",
		    .hint = "When?", .problem = "not then" },
		{ DESK_FIELD_TEXT, .name = "text", .label = "Text",
		    .value = "\n\n" TYPED, .rows = 9, .max_length = 10,
		    .problem = "It is too long." },
		{ DESK_FIELD_CHOICE, .name = "choice", .label = "Choice",
		    .value = "b", .choices = choices, .choice_count = 2 },
		{ DESK_FIELD_SWITCH, .name = "on", .label = "On",
		    .value = "true", .hint = "Or off.", .problem = "no" },
		{ DESK_FIELD_SWITCH, .name = "off", .label = "Off" },
	};
	const struct desk_form form = {
		.title = TYPED,
		.lead = "What it is for.",
		.action = "/desk/form",
		.button = "Send",
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields),
		.link_path = "/desk",
		.link_text = "Back",
	};

	sample->view.notice = "Saved.";
	return desk_view_form(&sample->view, &form, out);
}

static enum status
show_error(struct desk_sample *sample, GString *out)
{
	const char *const typed[] = { "title", TYPED, "body",
		"\nA text of more than eighty characters, so that it gets more "
		"than one line to stand in.\n</textarea>",
		"version", "3", "action", "save", "excerpt", "", NULL };

	sample->view.path = "/desk/articles/12";
	return desk_view_error(
	    &sample->view, 503, "the database is locked", typed, out);
}

static enum status
show_bare_error(struct desk_sample *sample, GString *out)
{
	sign_out(sample);
	return desk_view_error(&sample->view, 404, NULL, NULL, out);
}

/* ---- articles ---- */

static char *tags[] = { (char[]){ "Engines" }, (char[]){ "C & C++" }, NULL };

static struct article_edit
make_edit(enum article_status status)
{
	static char slug[] = "a-slug", path[] = "/articles/a-slug";
	static char title[] = TYPED, summary[] = "", excerpt[] = "Excerpt";
	static char body[] = "One line.\n\nThe stored words.\n";
	static char category[] = "Category", empty[] = "";

	return (struct article_edit){
		.id = 12,
		.status = status,
		.version = 3,
		.published_at =
		    status == ARTICLE_STATUS_DRAFT ? 0 : DESK_SAMPLE_NOW + DAY,
		.updated_at = DESK_SAMPLE_NOW - DAY,
		.created_at = DESK_SAMPLE_NOW - 2 * DAY,
		.slug = slug,
		.path = path,
		.title = title,
		.summary = summary,
		.excerpt = excerpt,
		.language = empty,
		.canonical_url = empty,
		.cover_alt = empty,
		.category = category,
		.tags = tags,
		.body = body,
	};
}

static struct desk_article_form
make_form(void)
{
	return (struct desk_article_form){
		.id = 12,
		.version = 3,
		.key = "the-key",
		.kind = "article",
		.title = TYPED,
		.slug = "a-slug",
		.excerpt = TYPED,
		.body = "One line.\n\nThe typed words.\n",
		.category = "Category",
		.tags = "Engines, C & C++",
		.language = "de",
		.canonical_url = "https://example.net/a",
		.cover_path = "/media/a.png",
		.cover_alt = "A cover",
		.authors = "Mira Halloran, grace",
		.authors_shown = "Mira Halloran",
		.author_ids = "1",
		.category_shown = TYPED,
		.tags_shown = TYPED,
		.series_shown = TYPED,
		.description = TYPED,
		.direction = "rtl",
		.series = TYPED,
		.series_number = "2",
		.pinned = "true",
	};
}

static void
add_names(struct desk_editor_page *page, GPtrArray *names, GPtrArray *covers)
{
	static char path[] = "1-a.png", alt[] = TYPED;
	static struct media cover = { .path = path, .alt = alt };

	g_ptr_array_add(covers, &cover);
	g_ptr_array_add(names, (void *)"Engines");
	g_ptr_array_add(names, (void *)"C & C++");
	page->categories = names;
	page->tags = names;
	page->authors = names;
	page->series = names;
	page->covers = covers;
}

static enum status
show_new_editor(struct desk_sample *sample, GString *out)
{
	const struct desk_article_form form = {
		.key = "the-key",
		.kind = "article",
		.title = "",
		.slug = "",
		.excerpt = "",
		.body = "",
		.category = "",
		.tags = "",
		.language = "",
		.canonical_url = "",
		.cover_path = "",
		.cover_alt = "",
		.authors = "Mira Halloran",
		.authors_shown = "Mira Halloran",
		.author_ids = "1",
		.category_shown = "",
		.tags_shown = "",
		.series_shown = "",
		.description = "",
		.direction = "",
		.series = "",
		.series_number = "",
		.pinned = "",
	};
	const struct desk_editor_page page = { .form = &form };

	sample->view.path = "/desk/articles/new";
	return desk_view_editor(&sample->view, &page, out);
}

static enum status
show_editor(struct desk_sample *sample, GString *out)
{
	const struct article_edit edit = make_edit(ARTICLE_STATUS_PUBLISHED);
	const struct desk_article_form form = make_form();
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GPtrArray) covers = g_ptr_array_new();
	g_autoptr(GPtrArray) warnings = g_ptr_array_new();
	struct desk_editor_page page = {
		.form = &form,
		.edit = &edit,
		.unsaved_at = DESK_SAMPLE_NOW - 60,
		.unsaved_key = "other-key",
		.is_preview_shown = true,
		.is_draft = true,
		.warnings = warnings,
	};

	g_ptr_array_add(warnings, (void *)"Line 3: no such language");
	add_names(&page, names, covers);
	sample->view.path = "/desk/articles/12";
	sample->view.notice = "Saved.";
	return desk_view_editor(&sample->view, &page, out);
}

static enum status
show_editor_with_problems(struct desk_sample *sample, GString *out)
{
	struct article_edit edit = make_edit(ARTICLE_STATUS_SCHEDULED);
	struct desk_article_form form = make_form();
	const struct desk_editor_page page = { .form = &form, .edit = &edit };

	edit.trashed_at = DESK_SAMPLE_NOW;
	form.kind = "page";
	form.title_problem = "the title is too long";
	form.slug_problem = "Another article has it.";
	form.excerpt_problem = form.title_problem;
	form.body_problem = form.title_problem;
	form.category_problem = form.title_problem;
	form.tags_problem = form.title_problem;
	form.language_problem = form.title_problem;
	form.canonical_url_problem = form.title_problem;
	form.cover_problem = form.title_problem;
	form.authors_problem = form.title_problem;
	form.description_problem = form.title_problem;
	form.direction_problem = form.title_problem;
	form.series_problem = form.title_problem;
	form.series_number_problem = form.title_problem;
	form.problem = "Something is wrong";
	sample->view.path = "/desk/articles/12";
	return desk_view_editor(&sample->view, &page, out);
}

static enum status
show_conflict(struct desk_sample *sample, GString *out)
{
	const struct article_edit edit = make_edit(ARTICLE_STATUS_DRAFT);
	struct desk_article_form form = make_form();
	g_autoptr(GArray) difference = text_difference(
	    edit.body, strlen(edit.body), form.body, strlen(form.body));
	const struct desk_editor_page page = {
		.form = &form,
		.edit = &edit,
		.difference = difference,
		.old_text = edit.body,
		.new_text = form.body,
	};

	form.problem = "This article was saved elsewhere.";
	sample->view.path = "/desk/articles/12";
	return desk_view_editor(&sample->view, &page, out);
}

/* ---- lists ---- */

static struct article_row *
make_row(int64_t id, enum article_status status)
{
	static char title[] = TYPED, path[] = "/articles/a";
	static char category[] = "Category", author[] = "Ada Lovelace";
	struct article_row *row = g_new0(struct article_row, 1);

	*row = (struct article_row){
		.id = id,
		.status = status,
		.published_at =
		    status == ARTICLE_STATUS_DRAFT ? 0 : DESK_SAMPLE_NOW,
		.updated_at = DESK_SAMPLE_NOW - id * 60,
		.title = title,
		.path = path,
		.category = status == ARTICLE_STATUS_DRAFT ? NULL : category,
		.author = status == ARTICLE_STATUS_DRAFT ? NULL : author,
		.minutes = 5,
	};
	return row;
}

static GPtrArray *
make_rows(void)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
	struct article_row *row;

	g_ptr_array_add(rows, make_row(1, ARTICLE_STATUS_DRAFT));
	g_ptr_array_add(rows, make_row(2, ARTICLE_STATUS_SCHEDULED));
	row = make_row(3, ARTICLE_STATUS_PUBLISHED);
	row->kind = ARTICLE_KIND_PAGE;
	g_ptr_array_add(rows, row);
	row = make_row(4, ARTICLE_STATUS_PUBLISHED);
	row->trashed_at = DESK_SAMPLE_NOW;
	g_ptr_array_add(rows, row);
	return rows;
}

static const int64_t counts[ARTICLE_SHELF_COUNT] = { 120, 1, 1, 118, 4 };

/* Two, with ids 7 and 8. The caller frees the array. */
static GPtrArray *
make_choices(void)
{
	static char slug[] = "ada", name[] = TYPED;
	static struct term terms[] = {
		{ .id = 7, .slug = slug, .name = name },
		{ .id = 8, .slug = name, .name = slug },
	};
	GPtrArray *choices = g_ptr_array_new();

	g_ptr_array_add(choices, &terms[0]);
	g_ptr_array_add(choices, &terms[1]);
	return choices;
}

static enum status
show_list(struct desk_sample *sample, GString *out)
{
	g_autoptr(GPtrArray) rows = make_rows();
	g_autoptr(GPtrArray) terms = make_choices();
	const struct desk_list_choice choices[SHELF_CHOICE_COUNT] = {
		[SHELF_CHOICE_AUTHOR] = { "ada", 7, terms },
		[SHELF_CHOICE_CATEGORY] = { "", 0, terms },
		[SHELF_CHOICE_TAG] = { TYPED, -1, terms },
	};
	const struct article_shelf_filter filter = {
		.shelf = ARTICLE_SHELF_PUBLISHED, .text = "\"a\" & b"
	};
	const struct desk_list_page page = {
		.filter = &filter,
		.choices = choices,
		.rows = rows,
		.counts = counts,
		.found_count = 118,
		.page = 2,
		.page_count = 3,
	};

	return desk_view_list(&sample->view, &page, out);
}

static enum status
show_empty_list(struct desk_sample *sample, GString *out)
{
	static const int64_t none[ARTICLE_SHELF_COUNT] = { 0 };
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	g_autoptr(GPtrArray) terms = g_ptr_array_new();
	const struct desk_list_choice choices[SHELF_CHOICE_COUNT] = {
		{ "", 0, terms }, { "", 0, terms }, { "", 0, terms }
	};
	const struct article_shelf_filter filter = { 0 };
	const struct desk_list_page page = {
		.filter = &filter,
		.choices = choices,
		.rows = rows,
		.counts = none,
		.page = 1,
		.page_count = 1,
	};

	return desk_view_list(&sample->view, &page, out);
}

/* Views on some days, and what was viewed most. */
static struct page_view_summary
make_views(void)
{
	static char title[] = TYPED, other[] = "The other";
	static struct page_view_article articles[] = {
		{ .id = 12, .title = title, .count = 1204 },
		{ .id = 13, .title = other, .count = 1 },
	};
	struct page_view_summary views = {
		.first_day =
		    page_view_day(DESK_SAMPLE_NOW, NULL) - PAGE_VIEW_DAYS + 1,
		.counts = { [0] = 3,
		    [4] = 1,
		    [15] = 700,
		    [28] = 500,
		    [29] = 1 },
		.total = 1205,
		.most = g_ptr_array_new(),
	};

	for (size_t i = 0; i < G_N_ELEMENTS(articles); i++)
		g_ptr_array_add(views.most, &articles[i]);
	return views;
}

static enum status
show_front(struct desk_sample *sample, GString *out)
{
	g_autoptr(GPtrArray) rows = make_rows();
	g_autoptr(GPtrArray) attentions = g_ptr_array_new();
	struct page_view_summary views = make_views();
	const struct desk_front_page page = {
		.counts = counts,
		.drafts = rows,
		.scheduled = rows,
		.attentions = attentions,
		.views = &views,
	};
	enum status status;

	g_ptr_array_add(attentions, (void *)"A mail failed.");
	sample->view.path = "/desk";
	sample->blog.is_counting_views = true;
	status = desk_view_front(&sample->view, &page, out);
	page_view_summary_release(&views);
	return status;
}

static enum status
show_front_uncounted(struct desk_sample *sample, GString *out)
{
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	const struct page_view_summary views = { 0 };
	const struct desk_front_page page = {
		.counts = counts,
		.drafts = none,
		.scheduled = none,
		.attentions = none,
		.views = &views,
	};

	sample->view.path = "/desk";
	return desk_view_front(&sample->view, &page, out);
}

static enum status
show_empty_front(struct desk_sample *sample, GString *out)
{
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	const struct page_view_summary views = { 0 };
	const struct desk_front_page page = {
		.counts = counts,
		.drafts = none,
		.scheduled = none,
		.attentions = none,
		.views = &views,
	};

	sample->blog.is_counting_views = true;
	sample->session.role = AUTHOR_ROLE_AUTHOR;
	sample->view.path = "/desk";
	return desk_view_front(&sample->view, &page, out);
}

/* ---- publishing, revisions, sharing ---- */

static enum status
show_publication(struct desk_sample *sample, GString *out)
{
	const struct article_edit edit = make_edit(ARTICLE_STATUS_SCHEDULED);
	g_autoptr(GPtrArray) warnings = g_ptr_array_new();
	const struct desk_publication_page page = {
		.edit = &edit,
		.published_at = "2026-05-31T10:00",
		.published_at_problem = "that has passed",
		.problem = "something else is wrong",
		.warnings = warnings,
	};

	g_ptr_array_add(warnings, (void *)"The link to /a leads nowhere.");
	sample->view.path = "/desk/articles/12/publication";
	return desk_view_publication(&sample->view, &page, out);
}

static enum status
show_publication_of(struct desk_sample *sample, enum article_status status,
    int64_t published_at, GString *out)
{
	struct article_edit edit = make_edit(status);
	const struct desk_publication_page page = { .edit = &edit,
		.published_at = "" };

	edit.published_at = published_at;
	sample->view.path = "/desk/articles/12/publication";
	return desk_view_publication(&sample->view, &page, out);
}

static enum status
show_first_publication(struct desk_sample *sample, GString *out)
{
	return show_publication_of(sample, ARTICLE_STATUS_DRAFT, 0, out);
}

static enum status
show_second_publication(struct desk_sample *sample, GString *out)
{
	return show_publication_of(
	    sample, ARTICLE_STATUS_DRAFT, DESK_SAMPLE_NOW - DAY, out);
}

static enum status
show_taking_back(struct desk_sample *sample, GString *out)
{
	return show_publication_of(
	    sample, ARTICLE_STATUS_PUBLISHED, DESK_SAMPLE_NOW - DAY, out);
}

static enum status
show_revisions(struct desk_sample *sample, GString *out)
{
	static char title[] = TYPED, author[] = "Ada Lovelace";
	const struct article_edit edit = make_edit(ARTICLE_STATUS_DRAFT);
	struct revision newest = { .version = 3,
		.title = title,
		.author = author,
		.created_at = DESK_SAMPLE_NOW + 20 };
	struct revision within_that_minute = {
		.version = 2, .title = title, .created_at = DESK_SAMPLE_NOW
	};
	struct revision oldest = { .version = 1,
		.title = title,
		.created_at = DESK_SAMPLE_NOW - DAY };
	g_autoptr(GPtrArray) revisions = g_ptr_array_new();
	const struct desk_revisions_page page = { .edit = &edit,
		.revisions = revisions };

	g_ptr_array_add(revisions, &newest);
	g_ptr_array_add(revisions, &within_that_minute);
	g_ptr_array_add(revisions, &oldest);
	sample->view.path = "/desk/articles/12/revisions";
	return desk_view_revisions(&sample->view, &page, out);
}

static enum status
show_revision_with(struct desk_sample *sample, char *body, char *description,
    bool is_restorable, GString *out)
{
	static char title[] = TYPED;
	const struct article_edit edit = make_edit(ARTICLE_STATUS_DRAFT);
	const struct revision revision = { .version = 1,
		.title = title,
		.body = body,
		.description = description,
		.created_at = DESK_SAMPLE_NOW - DAY };
	g_autoptr(GArray) difference =
	    text_difference(body, strlen(body), edit.body, strlen(edit.body));
	const struct desk_revision_page page = {
		.edit = &edit,
		.revision = &revision,
		.is_restorable = is_restorable,
		.difference = difference,
		.old_text = body,
		.new_text = edit.body,
	};

	sample->view.path = "/desk/articles/12/revisions/1";
	return desk_view_revision(&sample->view, &page, out);
}

static enum status
show_revision(struct desk_sample *sample, GString *out)
{
	static char body[] = "One line.\n\nThe first <words> of it.\n";
	static char description[] = "";

	return show_revision_with(sample, body, description, true, out);
}

/* From before more than its text was kept. */
static enum status
show_old_revision(struct desk_sample *sample, GString *out)
{
	static char body[] = "One line.\n\nThe first <words> of it.\n";

	return show_revision_with(sample, body, NULL, true, out);
}

static enum status
show_revision_of_names(struct desk_sample *sample, GString *out)
{
	static char body[] =
	    "Category: Other\n\nOne line.\n\nThe stored words.\n";
	static char description[] = "";

	return show_revision_with(sample, body, description, false, out);
}

static enum status
show_same_revision(struct desk_sample *sample, GString *out)
{
	static char body[] = "One line.\n\nThe stored words.\n";
	static char description[] = "";

	return show_revision_with(sample, body, description, false, out);
}

static enum status
show_sharing(struct desk_sample *sample, GString *out)
{
	static char hash[] = "hash", author[] = "Ada Lovelace";
	const struct article_edit edit = make_edit(ARTICLE_STATUS_DRAFT);
	struct preview_link links[] = {
		{ .token_hash = hash,
		    .author = author,
		    .created_at = DESK_SAMPLE_NOW },
		{ .token_hash = hash, .created_at = DESK_SAMPLE_NOW - DAY },
	};
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	const struct desk_sharing_page page = {
		.edit = &edit,
		.links = all,
		.link = "https://example.org/blog/desk/shared/token",
	};

	g_ptr_array_add(all, &links[0]);
	g_ptr_array_add(all, &links[1]);
	sample->view.path = "/desk/articles/12/sharing";
	return desk_view_sharing(&sample->view, &page, out);
}

const struct desk_sample_page desk_sample_pages[] = {
	{ "sign-in", show_sign_in, true },
	{ "form", show_form, true },
	{ "error", show_error, true },
	{ "error-bare", show_bare_error, true },
	{ "front", show_front, true },
	{ "front-uncounted", show_front_uncounted, false },
	{ "front-empty", show_empty_front, false },
	{ "list", show_list, true },
	{ "list-empty", show_empty_list, true },
	{ "editor-new", show_new_editor, true },
	{ "editor", show_editor, true },
	{ "editor-problems", show_editor_with_problems, true },
	{ "conflict", show_conflict, true },
	{ "publication", show_publication, true },
	{ "publication-first", show_first_publication, true },
	{ "publication-again", show_second_publication, true },
	{ "publication-back", show_taking_back, true },
	{ "revisions", show_revisions, true },
	{ "revision", show_revision, true },
	{ "revision-old", show_old_revision, true },
	{ "revision-names", show_revision_of_names, true },
	{ "revision-same", show_same_revision, true },
	{ "sharing", show_sharing, true },
};
const size_t desk_sample_pages_count = G_N_ELEMENTS(desk_sample_pages);

const struct desk_sample_page *
desk_sample_at(size_t i)
{
	if (i < desk_sample_pages_count)
		return &desk_sample_pages[i];
	i -= desk_sample_pages_count;
	return i < desk_sample_more_pages_count ? &desk_sample_more_pages[i]
						: NULL;
}

GString *
desk_sample_make(const struct desk_sample_page *page)
{
	struct desk_sample sample;
	GString *out = g_string_new(NULL);

	desk_sample_init(&sample);
	if (page->show(&sample, out) != STATUS_OK)
		g_error("no page %s", page->name);
	desk_sample_release(&sample);
	return out;
}
