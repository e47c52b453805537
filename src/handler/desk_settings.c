/*
 * desk_settings.c - what an owner sets about the blog, a page for each part.
 *
 * What must hold: a page is saved whole or not at all; what was typed comes
 * back when it is not; what the settings move (addresses) has moved when the
 * page is shown again.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/text.h"
#include "http/request.h"
#include "http/response.h"
#include "model/permalink.h"
#include "model/setting.h"
#include "model/site.h"
#include "view/desk_settings_view.h"
#include "view/desk_theme.h"
#include "view/feed_view.h"
#include "view/site_view.h"

#include "desk_handler.h"

/* Crawlers that gather texts for language models, by the names under which
 * their makers say they can be kept out. */
static const char WITHOUT_MODELS[] = "User-agent: AI2Bot\n"
				     "User-agent: Amazonbot\n"
				     "User-agent: anthropic-ai\n"
				     "User-agent: Applebot-Extended\n"
				     "User-agent: Bytespider\n"
				     "User-agent: CCBot\n"
				     "User-agent: ChatGPT-User\n"
				     "User-agent: Claude-Web\n"
				     "User-agent: ClaudeBot\n"
				     "User-agent: cohere-ai\n"
				     "User-agent: Diffbot\n"
				     "User-agent: FacebookBot\n"
				     "User-agent: Google-Extended\n"
				     "User-agent: GPTBot\n"
				     "User-agent: meta-externalagent\n"
				     "User-agent: OAI-SearchBot\n"
				     "User-agent: omgili\n"
				     "User-agent: PerplexityBot\n"
				     "User-agent: Timpibot\n"
				     "Disallow: /";

#define MOST_FIELDS 8

static const struct desk_choice COUNTINGS[] = {
	{ "true", "Count views" },
	{ "false", "Count nothing" },
};

static const struct desk_choice DATE_STYLES[] = {
	{ "long", "May 30, 2026" },
	{ "day-first", "30 May 2026" },
	{ "iso", "2026-05-30" },
};

/* The settings on each page, by the keys of model/setting.h. What the page is
 * called stands in the view, beside the others. */
static const struct part {
	const char *word; /* in its address */
	const char *lead;
	const char *second_action, *second_label;
	struct desk_field fields[MOST_FIELDS]; /* up to one without a name */
} PARTS[] = {
	{ "blog", NULL, NULL, NULL,
	    {
		{ .kind = DESK_FIELD_LINE,
		    .name = "site_name",
		    .hint = "Beside the navigation, and after the title of "
			    "each page.",
		    .is_required = true },
		{ .kind = DESK_FIELD_LINE,
		    .name = "section",
		    .hint = "The small line over the title: Writing." },
		{ .kind = DESK_FIELD_LINE,
		    .name = "title",
		    .is_required = true },
		{ .kind = DESK_FIELD_LINE,
		    .name = "tagline",
		    .hint = "One line that says what it is about." },
		{ .kind = DESK_FIELD_TEXT,
		    .name = "description",
		    .hint = "For search engines. Empty: the tagline." },
		{ .kind = DESK_FIELD_LINE,
		    .name = "footer",
		    .hint = "A line at the end of each page." },
	    } },
	{ "reading", NULL, NULL, NULL,
	    {
		{ .kind = DESK_FIELD_NUMBER,
		    .name = "per_page",
		    .is_required = true },
		{ .kind = DESK_FIELD_NUMBER,
		    .name = "feed_size",
		    .is_required = true },
		{ .kind = DESK_FIELD_CHOICE,
		    .name = "date_style",
		    .choices = DATE_STYLES,
		    .choice_count = G_N_ELEMENTS(DATE_STYLES) },
		{ .kind = DESK_FIELD_LINE,
		    .name = "language",
		    .hint = "Of what you write: en, de, pt-BR, ar.",
		    .is_required = true },
		{ .kind = DESK_FIELD_LINE,
		    .name = "time_zone",
		    .hint = "Europe/Berlin, America/New_York, UTC.",
		    .is_required = true },
	    } },
	{ "addresses",
	    "Old addresses go on leading to the articles when this changes.",
	    NULL, NULL,
	    {
		{ .kind = DESK_FIELD_LINE,
		    .name = "permalink",
		    .hint = "Made of {slug} {year} {month} {day} {category} "
			    "{id}: /articles/{slug}.",
		    .is_required = true },
	    } },
	{ "embedding",
	    "Whose pages may stand inside articles, in frames: videos, mostly. "
	    "Frames of all others become links when an article is saved, and "
	    "are kept from readers at once. After a change here, an article "
	    "takes it when it is saved next; the command byline rebuild does "
	    "so for all of them.",
	    NULL, NULL,
	    {
		{ .kind = DESK_FIELD_TEXT,
		    .name = "iframe_hosts",
		    .hint = "One a line, the name alone: www.youtube.com. "
			    "*.example.org is every host below example.org. "
			    "Empty: no frames.",
		    .rows = 8 },
	    } },
	{ "navigation", NULL, NULL, NULL,
	    {
		{ .kind = DESK_FIELD_TEXT,
		    .name = "navigation",
		    .hint = "One a line: Archive = /archive. Empty: articles, "
			    "archive, tags, your standing pages and search.",
		    .rows = 8 },
	    } },
	{ "subscribing",
	    "What stands beside the form by which readers subscribe.", NULL,
	    NULL,
	    {
		{ .kind = DESK_FIELD_LINE,
		    .name = "subscribe_title",
		    .is_required = true },
		{ .kind = DESK_FIELD_TEXT,
		    .name = "subscribe_text",
		    .hint = "What comes, how often, and how to leave." },
	    } },
	{ "counting",
	    "How often each article is read, by day, and how often an old "
	    "address is followed. For that a page shows an image of one pixel, "
	    "and each time it is asked for, the number of the article and the "
	    "quarter of an hour are noted; what is kept of that, for 400 days, "
	    "is how many there were on each day: no cookie, no address, no "
	    "browser, nothing about who reads. Robots that say what they are "
	    "do not count. Nor do readers whose browser keeps images away.",
	    NULL, NULL,
	    {
		{ .kind = DESK_FIELD_CHOICE,
		    .name = "count_views",
		    .hint = "What was counted until now stays when this "
			    "changes.",
		    .choices = COUNTINGS,
		    .choice_count = G_N_ELEMENTS(COUNTINGS) },
	    } },
	{ "robots",
	    "What robots.txt tells the crawlers of search engines and others. "
	    "Those who mean well keep to it.",
	    "keep-models-out", "Keep crawlers for language models out",
	    {
		{ .kind = DESK_FIELD_TEXT,
		    .name = "robots",
		    .hint = "Empty: all may read everything, and are told of "
			    "the sitemap.",
		    .rows = 14 },
	    } },
	{ "theme",
	    "What the folder theme of the site changes, as of now. Programs "
	    "that run take a change once they are started anew.",
	    NULL, NULL,
	    {
		{ .kind = DESK_FIELD_TEXT,
		    .name = "theme_notes",
		    .hint = "For yourself: where it is from, what you changed "
			    "and why. Readers do not see it.",
		    .rows = 8 },
	    } },
};

static const struct part *
find_part(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
		if (strcmp(PARTS[i].word, word) == 0)
			return &PARTS[i];
	return NULL;
}

/* A page with what stands in its fields. */
struct settings_form {
	const struct part *part;
	struct desk_field fields[MOST_FIELDS];
	size_t count;
	GPtrArray *owned; /* char * */
};

static void
form_init(struct settings_form *form, const struct part *part)
{
	form->part = part;
	form->owned = g_ptr_array_new_with_free_func(g_free);
	for (form->count = 0; form->count < MOST_FIELDS &&
			      part->fields[form->count].name != NULL;
	     form->count++)
		form->fields[form->count] = part->fields[form->count];
}

static const char *
own(struct settings_form *form, const char *text)
{
	char *copy = g_strdup(text);

	g_ptr_array_add(form->owned, copy);
	return copy;
}

static void
fill_value(const char *key, const char *value, void *data)
{
	struct settings_form *form = data;

	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->fields[i].name, key) == 0)
			form->fields[i].value = own(form, value);
}

static enum status
show_form(struct exchange *exchange, const struct settings_form *form,
    const char *problem)
{
	const struct desk_view view = desk_view_of(exchange);
	const struct part *part = form->part;
	g_autofree char *path =
	    g_strconcat("/desk/settings/", part->word, NULL);
	g_autofree char *theme =
	    g_build_filename(desk_site_of(exchange)->directory, "theme", NULL);
	g_autoptr(GPtrArray) findings =
	    strcmp(part->word, "theme") == 0 ? desk_theme_list(theme) : NULL;
	const struct desk_settings_page page = {
		.findings = findings,
		.path = path,
		.lead = part->lead,
		.fields = form->fields,
		.field_count = form->count,
		.second_action = part->second_action,
		.second_label = part->second_label,
		.problem = problem,
	};

	return desk_view_settings(&view, &page, exchange->response->body);
}

enum status
show_settings(struct exchange *exchange)
{
	const struct part *part = find_part(exchange->values[0]);
	struct settings_form form;
	enum status status;

	if (part == NULL)
		return STATUS_NOT_FOUND;
	form_init(&form, part);
	status = setting_each(desk_database_of(exchange),
	    &desk_site_of(exchange)->settings, fill_value, &form);
	if (status == STATUS_OK)
		status = show_form(exchange, &form, NULL);
	g_ptr_array_unref(form.owned);
	return status;
}

enum status
go_to_settings(struct exchange *exchange)
{
	desk_go_to(exchange, desk_first_part(desk_session_of(exchange)), NULL);
	return STATUS_OK;
}

/* Check each field; false when something is wrong with one. */
static bool
check(struct settings_form *form)
{
	bool is_right = true;

	for (size_t i = 0; i < form->count; i++) {
		struct desk_field *field = &form->fields[i];
		g_autoptr(GError) error = NULL;

		if (setting_check(field->name, field->value, &error) ==
		    STATUS_OK)
			continue;
		field->problem = own(form, error->message);
		is_right = false;
	}
	return is_right;
}

/* Store all of them, and move what stands elsewhere by them. In a write
 * transaction. */
static enum status
store(struct exchange *exchange, const struct settings_form *form,
    int64_t *out_moved, GError **error)
{
	struct database *database = desk_database_of(exchange);
	bool is_moved = false;
	enum status status = STATUS_OK;

	*out_moved = 0;
	for (size_t i = 0; i < form->count && status == STATUS_OK; i++) {
		status = setting_store(database, form->fields[i].name,
		    form->fields[i].value, error);
		is_moved =
		    is_moved || permalink_depends_on(form->fields[i].name);
	}
	if (status == STATUS_OK && is_moved)
		status = permalink_apply(
		    database, exchange->request->now, out_moved, error);
	return status;
}

/* What is said once `part` is saved. */
static const char *
said_of(const struct part *part, int64_t moved)
{
	if (strcmp(part->word, "embedding") == 0)
		return "saved-for-frames";
	return moved > 0 ? "saved-and-moved" : "saved";
}

static enum status
save(struct exchange *exchange, struct settings_form *form)
{
	struct site *site = desk_site_of(exchange);
	g_autofree char *path =
	    g_strconcat("/desk/settings/", form->part->word, NULL);
	g_autoptr(GError) error = NULL;
	int64_t moved;
	enum status status;

	if (!check(form)) {
		exchange->response->status = 422;
		return show_form(exchange, form, NULL);
	}
	status = site_begin_write(site, exchange->request->now);
	if (status != STATUS_OK)
		return status;
	status = site_end_write(site, store(exchange, form, &moved, &error));
	if ((status == STATUS_INVALID || status == STATUS_CONFLICT) &&
	    error != NULL) {
		exchange->response->status = 422;
		return show_form(exchange, form, error->message);
	}
	if (status != STATUS_OK)
		return status;
	log_info("desk.settings", "account", desk_session_of(exchange)->handle,
	    "part", form->part->word);
	desk_go_to(exchange, path, said_of(form->part, moved));
	return STATUS_OK;
}

/* What was typed, or else what robots.txt says by itself, and that those
 * crawlers keep out. */
static const char *
keep_models_out(const struct exchange *exchange, struct settings_form *form,
    const char *typed)
{
	struct site_view view = desk_site_view_of(exchange);
	struct blog blog = *view.blog;
	g_autofree char *plain = text_normalize(typed);
	g_autoptr(GString) text = g_string_new(g_strstrip(plain));
	g_autofree char *joined = NULL;

	if (text->len == 0) {
		blog.robots = (char *)"";
		view.blog = &blog;
		feed_view_robots(&view, text);
	}
	g_strchomp(text->str);
	if (strstr(text->str, WITHOUT_MODELS) != NULL)
		return own(form, text->str);
	joined = g_strconcat(text->str, "\n\n", WITHOUT_MODELS, NULL);
	return own(form, joined);
}

enum status
update_settings(struct exchange *exchange)
{
	const struct part *part = find_part(exchange->values[0]);
	struct settings_form form;
	enum status status;

	if (part == NULL)
		return STATUS_NOT_FOUND;
	form_init(&form, part);
	for (size_t i = 0; i < form.count; i++)
		form.fields[i].value =
		    desk_field(exchange, form.fields[i].name);
	if (strcmp(desk_field(exchange, "action"), "keep-models-out") == 0 &&
	    strcmp(part->word, "robots") == 0)
		form.fields[0].value =
		    keep_models_out(exchange, &form, form.fields[0].value);
	status = save(exchange, &form);
	g_ptr_array_unref(form.owned);
	return status;
}
