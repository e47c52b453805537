/*
 * desk_layout.c - the frame around every page of the desk, and its errors.
 *
 * What must hold: each form carries the token; no page says more of the blog
 * than its name while nobody is signed in.
 */
#include "config.h"

#include <string.h>

#include "base/date.h"
#include "base/settings.h"
#include "base/text.h"
#include "model/page_view.h"
#include "model/session.h"
#include "model/setting.h"
#include "template/template_engine.h"
#include "view/desk_view.h"
#include "view/static_file.h"

#include "desk_parts.h"
#include "error_words.h"
#include "site_parts.h"

#define LAYOUT_TEMPLATE "desk/layout.html"

/* The parts of the desk, and who sees them: those whose role is not below. */
static const struct {
	const char *path;
	const char *name;
	enum author_role role;
} links[] = {
	{ "/desk/articles", "Articles", AUTHOR_ROLE_AUTHOR },
	{ "/desk/media", "Media", AUTHOR_ROLE_AUTHOR },
	{ "/desk/authors", "Authors", AUTHOR_ROLE_OWNER },
	{ "/desk/settings", "Settings", AUTHOR_ROLE_EDITOR },
};

char *
desk_url(const struct desk_view *view, const char *path)
{
	return g_strconcat(view->settings->base_path, path, NULL);
}

void
desk_set_url(struct template_dict *dict, const char *name,
    const struct desk_view *view, const char *path)
{
	g_autofree char *url = desk_url(view, path);

	template_dict_set(dict, name, url);
}

GTimeZone *
desk_zone(const struct desk_view *view)
{
	return view->zone != NULL ? view->zone : view->blog->zone;
}

char *
desk_format_time(const struct desk_view *view, int64_t time)
{
	GTimeZone *zone = desk_zone(view);
	g_autofree char *day = NULL;
	g_autofree char *exact = NULL;

	if (time == 0)
		return g_strdup("");
	day = date_format_words(time, zone, view->blog->date_style, "en");
	exact = date_format_rfc3339(time, zone);
	/* "2026-05-30T14:02:...": the hour and minute stand at one place. */
	return g_strdup_printf("%s, %.5s", day, exact + 11);
}

void
desk_set_time(struct template_dict *dict, const char *words,
    const char *machine, const struct desk_view *view, int64_t time)
{
	g_autofree char *text = desk_format_time(view, time);
	g_autofree char *exact = date_format_rfc3339(time, desk_zone(view));

	template_dict_set(dict, words, text);
	if (machine != NULL)
		template_dict_set(dict, machine, exact);
}

char *
desk_format_day(const struct desk_view *view, int64_t day)
{
	return date_format_words(
	    page_view_day_start(day), NULL, view->blog->date_style, "en");
}

void
desk_show_problem(struct template_dict *dict, const char *section,
    const char *marker, const char *problem)
{
	g_autoptr(GString) sentence = g_string_new(problem);

	if (sentence->len == 0)
		return;
	sentence->str[0] = g_ascii_toupper(sentence->str[0]);
	if (strchr(".?!", sentence->str[sentence->len - 1]) == NULL)
		g_string_append_c(sentence, '.');
	part_show(dict, section, marker, sentence->str);
}

static void
set_static_url(struct template_dict *dict, const char *marker,
    const struct desk_view *view, const char *name)
{
	const struct static_file *file =
	    static_files_by_name(view->static_files, name);

	if (file != NULL)
		desk_set_url(dict, marker, view, file->path);
}

/* Whether `path` is `part` or stands below it. */
static bool
is_within(const char *path, const char *part)
{
	size_t size = strlen(part);

	return strncmp(path, part, size) == 0 &&
	       (path[size] == '\0' || path[size] == '/');
}

static void
fill_links(struct template_dict *dict, const struct desk_view *view)
{
	for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
		struct template_dict *item;

		if (view->session->role > links[i].role)
			continue;
		item = template_dict_add(dict, "LINKS");
		template_dict_set(item, "LINK_NAME", links[i].name);
		desk_set_url(item, "LINK_URL", view, links[i].path);
		if (!is_within(view->path, links[i].path))
			continue;
		template_dict_show(item, "CURRENT_MARKS");
		template_dict_set(item, "CURRENT_MARK",
		    strcmp(view->path, links[i].path) == 0 ? "page" : "true");
	}
}

static void
fill_signed_in(struct template_dict *dict, const struct desk_view *view)
{
	if (view->session->id == 0)
		return;
	template_dict_show(dict, "SIGNED_IN_PARTS");
	template_dict_set(dict, "AUTHOR_NAME", view->session->name);
	desk_set_url(dict, "HOME_URL", view, "/");
	if (is_within(view->path, "/desk/account"))
		template_dict_show(dict, "ACCOUNT_MARKS");
	fill_links(dict, view);
}

/* The name of the blog; its host while it has not been set up. */
static const char *
site_name_of(const struct desk_view *view)
{
	if (text_is_given(view->blog->site_name))
		return view->blog->site_name;
	return strstr(view->settings->origin, "://") + strlen("://");
}

void
desk_page_init(struct desk_page *page, const struct desk_view *view,
    const char *title, const char *file)
{
	struct template_dict *dict = template_dict_new();
	g_autofree char *head_title =
	    g_strconcat(title, " – ", site_name_of(view), NULL);

	template_dict_set(dict, "HEAD_TITLE", head_title);
	template_dict_set(dict, "TITLE", title);
	template_dict_set(dict, "SITE_NAME", site_name_of(view));
	template_dict_set(dict, "FORM_TOKEN", view->form_token);
	desk_set_url(dict, "DESK", view, "/desk");
	set_static_url(dict, "STYLE_URL", view, "desk.css");
	set_static_url(dict, "ICON_URL", view, "icon.svg");
	set_static_url(dict, "EDITOR_STYLE_URL", view, "editor.css");
	set_static_url(dict, "SCRIPT_URL", view, "desk.js");
	template_dict_set(
	    dict, "BODY_CLASS", view->session->id != 0 ? "inside" : "outside");
	fill_signed_in(dict, view);
	part_show(dict, "NOTICES", "NOTICE", view->notice);
	page->view = view;
	page->root = dict;
	page->main = template_dict_include(dict, "MAIN", file);
}

void
desk_page_run_script(struct desk_page *page)
{
	template_dict_show(page->root, "SCRIPTS");
}

enum status
desk_page_finish(struct desk_page *page, GString *out)
{
	enum status status = template_expand(
	    page->view->engine, LAYOUT_TEMPLATE, page->root, out);

	template_dict_free(page->root);
	page->root = NULL;
	page->main = NULL;
	return status;
}

/* ---- errors ---- */

/* The first and the last one are for others, too. */
static const struct error_words ERROR_WORDS[] = {
	{ 400, "That was not understood",
	    "Something in the address or the form is not as it should be." },
	{ 403, "This is not open to you",
	    "It is another author's, or over by now." },
	{ 404, "There is nothing here",
	    "The address may be mistyped, or what stood here was deleted." },
	{ 405, "That is not possible here",
	    "Please go back and try again from the page itself." },
	{ 409, "Somebody else was faster",
	    "What you wanted to change has changed meanwhile. Please look at "
	    "it again." },
	{ 413, "That is too large",
	    "A form may hold 1 MB, an uploaded file 10 MB. Please go back: "
	    "what you typed is still in your browser." },
	{ 421, "The desk has another address",
	    "Please sign in at the address that its administrator gave it." },
	{ 429, "Too many tries", "Please wait before you try again." },
	{ 431, "Too much came with that request",
	    "Your browser sent more than we read, often because of old "
	    "cookies. Clearing them for this site helps." },
	{ 503, "Busy just now",
	    "Nothing was changed. Please try again in a few seconds." },
	{ 507, "The disk is full",
	    "Nothing was changed, since there is no room for it. Please ask "
	    "your administrator, and keep this page open: what you typed is "
	    "still here." },
	{ 500, "Something went wrong on our side",
	    "Nothing was changed, and it has been noted. Please try again in "
	    "a moment." },
};

static const struct error_words *
words_of(int http_status)
{
	return error_words_find(
	    ERROR_WORDS, G_N_ELEMENTS(ERROR_WORDS), http_status);
}

/* Fields that a form has of itself. */
static const char *const UNTYPED[] = { "action", "body_piece", "id", "into",
	"invitation", "key", "kind", "link", "path", "role", "shown",
	"version" };

static bool
is_untyped(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(UNTYPED); i++)
		if (strcmp(UNTYPED[i], name) == 0)
			return true;
	return false;
}

static void
fill_typed_field(
    struct template_dict *dict, const char *name, const char *value)
{
	bool is_hidden = is_untyped(name) || *value == '\0';
	struct template_dict *field = template_dict_add(
	    dict, is_hidden ? "UNTYPED_FIELDS" : "TYPED_FIELDS");

	template_dict_set(field, "NAME", name);
	template_dict_set(field, "VALUE", value);
	if (is_hidden)
		return;
	template_dict_set(field, "LABEL", desk_label(name));
	template_dict_set_integer(field, "ROWS", strlen(value) > 80 ? 8 : 1);
}

const char *
desk_error_title(int http_status)
{
	return words_of(http_status)->title;
}

const char *
desk_error_advice(int http_status)
{
	return words_of(http_status)->advice;
}

static void
fill_typed(struct template_dict *dict, const struct desk_view *view,
    const char *const *typed)
{
	bool is_any = false;

	for (size_t i = 0; typed[i] != NULL; i += 2)
		is_any = is_any ||
			 (!is_untyped(typed[i]) && typed[i + 1][0] != '\0');
	if (!is_any)
		return;
	template_dict_show(dict, "AGAIN_FORMS");
	desk_set_url(dict, "ACTION_URL", view, view->path);
	for (size_t i = 0; typed[i] != NULL; i += 2)
		fill_typed_field(dict, typed[i], typed[i + 1]);
}

enum status
desk_view_error(const struct desk_view *view, int http_status,
    const char *reason, const char *const *typed, GString *out)
{
	const struct error_words *words = words_of(http_status);
	struct desk_page page;

	desk_page_init(&page, view, words->title, "desk/error.html");
	/* What a 403 advises is a guess at its reason, where none is given. */
	if (http_status != 403 || reason == NULL)
		part_show(page.main, "ADVICES", "ADVICE", words->advice);
	desk_show_problem(page.main, "REASONS", "REASON", reason);
	if (typed != NULL)
		fill_typed(page.main, view, typed);
	return desk_page_finish(&page, out);
}
