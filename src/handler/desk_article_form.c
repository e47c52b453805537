/*
 * desk_article_form.c - the form of an article: read, filled, checked, kept.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "base/token.h"
#include "http/form.h"
#include "model/article_edit.h"
#include "model/author_choice.h"

#include "desk_article.h"
#include "desk_handler.h"

/* An article without a title gets one, so that nothing waits for it. */
#define UNTITLED "Untitled"

/* The fields that are typed, by their names. */
#define FIELD(name)                                                            \
	{                                                                      \
#name, offsetof(struct desk_article_form, name)                \
	}
static const struct {
	const char *name;
	size_t offset;
} FIELDS[] = {
	FIELD(key),
	FIELD(kind),
	FIELD(title),
	FIELD(slug),
	FIELD(excerpt),
	FIELD(body),
	FIELD(category),
	FIELD(tags),
	FIELD(language),
	FIELD(canonical_url),
	FIELD(cover_path),
	FIELD(cover_alt),
	FIELD(authors),
	FIELD(authors_shown),
	FIELD(author_ids),
	FIELD(category_shown),
	FIELD(tags_shown),
	FIELD(series_shown),
	FIELD(description),
	FIELD(direction),
	FIELD(series),
	FIELD(series_number),
	FIELD(pinned),
};

static const char **
member(struct desk_article_form *form, size_t i)
{
	return (const char **)(void *)((char *)form + FIELDS[i].offset);
}

static const char *
value_of(const struct desk_article_form *form, size_t i)
{
	return *(const char *const *)(const void *)((const char *)form +
						    FIELDS[i].offset);
}

void
article_form_init(struct article_form *form)
{
	*form = (struct article_form){
		.owned = g_ptr_array_new_with_free_func(g_free),
	};
	for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++)
		*member(&form->shown, i) = "";
	form->shown.kind = "article";
}

void
article_form_release(struct article_form *form)
{
	g_ptr_array_unref(form->owned);
}

/* Keep `text` as long as the form. */
static const char *
own(struct article_form *form, char *text)
{
	g_ptr_array_add(form->owned, text);
	return text;
}

static char *
or_empty(const char *text)
{
	return g_strdup(text != NULL ? text : "");
}

/* What a browser sends of a text has CR LF at the ends of its lines. */
static char *
with_plain_lines(const char *text)
{
	GString *plain = g_string_sized_new(strlen(text));

	for (const char *at = text; *at != '\0'; at++)
		if (at[0] != '\r' || at[1] != '\n')
			g_string_append_c(plain, *at);
	return g_string_free(plain, FALSE);
}

void
article_form_read(struct article_form *form, const struct form *fields)
{
	const char *former_key = form->shown.key;
	const char *version;

	if (fields == NULL)
		return;
	version = form_value(fields, "version");
	for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
		const char *value = form_value(fields, FIELDS[i].name);

		if (value != NULL)
			*member(&form->shown, i) =
			    own(form, with_plain_lines(value));
	}
	if (!text_is_key(form->shown.key))
		form->shown.key = former_key;
	form->shown.version = version != NULL ? desk_number(version) : -1;
}

void
article_form_set_body(struct article_form *form, const char *body)
{
	form->shown.body = own(form, with_plain_lines(body));
}

/* What the article has of what may be renamed. */
static void
set_terms_shown(struct article_form *form, const struct article_edit *edit)
{
	struct desk_article_form *shown = &form->shown;

	shown->category_shown = own(form, or_empty(edit->category));
	shown->tags_shown = own(form, g_strjoinv(", ", edit->tags));
	shown->series_shown = own(form, or_empty(edit->series));
}

void
article_form_renew(struct article_form *form, const struct article_edit *edit)
{
	struct desk_article_form *shown = &form->shown;

	shown->version = edit->version;
	shown->authors_shown = own(form, g_strjoinv(", ", edit->authors));
	shown->author_ids = own(form, author_choice_join(edit->author_ids));
	set_terms_shown(form, edit);
}

void
article_form_fill(struct article_form *form, const struct article_edit *edit)
{
	struct desk_article_form *shown = &form->shown;

	shown->id = edit->id;
	shown->key = own(form, token_new());
	shown->kind = edit->kind == ARTICLE_KIND_PAGE ? "page" : "article";
	shown->title = own(form, g_strdup(edit->title));
	shown->slug = own(form, g_strdup(edit->slug));
	shown->excerpt = own(form, g_strdup(edit->summary));
	shown->body = own(form, g_strdup(edit->body));
	shown->language = own(form, g_strdup(edit->language));
	shown->canonical_url = own(form, g_strdup(edit->canonical_url));
	shown->cover_alt = own(form, g_strdup(edit->cover_alt));
	shown->description = own(form, g_strdup(edit->description));
	shown->direction = own(form, g_strdup(edit->direction));
	shown->pinned = edit->pinned_at != 0 ? "true" : "";
	if (edit->series_number != 0)
		shown->series_number = own(form,
		    g_strdup_printf("%" G_GINT64_FORMAT, edit->series_number));
	if (edit->cover_path != NULL)
		shown->cover_path = own(form, g_strdup(edit->cover_path));
	article_form_renew(form, edit);
	shown->authors = shown->authors_shown;
	shown->category = shown->category_shown;
	shown->tags = shown->tags_shown;
	shown->series = shown->series_shown;
}

void
article_form_make_key(struct article_form *form)
{
	form->shown.key = own(form, token_new());
}

void
article_form_begin(
    struct article_form *form, int64_t author_id, const char *author)
{
	struct desk_article_form *shown = &form->shown;

	article_form_make_key(form);
	shown->authors = own(form, g_strdup(author));
	shown->authors_shown = shown->authors;
	shown->author_ids =
	    own(form, g_strdup_printf("%" G_GINT64_FORMAT, author_id));
}

enum status
article_form_find_authors(const struct article_form *form,
    struct database *database, GArray *ids, GError **error)
{
	const struct author_choice_shown shown = {
		.names = form->shown.authors_shown,
		.ids = form->shown.author_ids,
	};

	return author_choice_find(
	    database, form->shown.authors, &shown, ids, error);
}

/* ---- what was renamed since ---- */

/* The names between commas. The caller frees it. */
static char **
split_names(const char *text)
{
	char **names = g_strsplit(text, ",", -1);
	size_t count = 0;

	for (size_t i = 0; names[i] != NULL; i++) {
		char *name = text_normalize_line(names[i]);

		g_free(names[i]);
		if (*name != '\0')
			names[count++] = name;
		else
			g_free(name);
	}
	names[count] = NULL;
	return names;
}

/* Whatever its case: what is there keeps the spelling that it has. */
static bool
is_same_name(const char *one, const char *other)
{
	g_autofree char *line = text_normalize_line(one);
	g_autofree char *other_line = text_normalize_line(other);
	g_autofree char *folded = g_utf8_casefold(line, -1);
	g_autofree char *other_folded = g_utf8_casefold(other_line, -1);

	return strcmp(folded, other_folded) == 0;
}

/* The number of `name` in `names`; their count, where it is none of them. */
static size_t
find_name(char *const *names, const char *name)
{
	size_t i = 0;

	while (names[i] != NULL && !is_same_name(names[i], name))
		i++;
	return i;
}

static bool
has_name(char *const *names, const char *name)
{
	return names[find_name(names, name)] != NULL;
}

static bool
has_same_names(const char *one, const char *other)
{
	g_auto(GStrv) names = split_names(one);
	g_auto(GStrv) others = split_names(other);
	size_t i = 0;

	while (names[i] != NULL && others[i] != NULL &&
	       is_same_name(names[i], others[i]))
		i++;
	return names[i] == NULL && others[i] == NULL;
}

/* The tags that are typed, each as it is called now. Those that are stored
 * stand in the order in which they were shown, unless two of them have become
 * one: then who is not found again is among those that were not shown. */
static char *
follow_each(const char *typed, const char *shown, char *const *stored)
{
	g_auto(GStrv) names = split_names(typed);
	g_auto(GStrv) former = split_names(shown);
	g_autoptr(GStrvBuilder) tags = g_strv_builder_new();
	g_auto(GStrv) list = NULL;
	bool is_in_order =
	    g_strv_length(former) == g_strv_length((char **)stored);
	bool is_lost = false;

	for (size_t i = 0; names[i] != NULL; i++) {
		size_t at = find_name(former, names[i]);

		if (former[at] != NULL && is_in_order)
			g_strv_builder_add(tags, stored[at]);
		else if (former[at] == NULL || has_name(stored, names[i]))
			g_strv_builder_add(tags, names[i]);
		else
			is_lost = true;
	}
	for (size_t i = 0; is_lost && stored[i] != NULL; i++)
		if (!has_name(former, stored[i]))
			g_strv_builder_add(tags, stored[i]);
	list = g_strv_builder_end(tags);
	return g_strjoinv(", ", list);
}

void
article_form_follow(struct article_form *form, const struct article_edit *edit)
{
	struct desk_article_form *shown = &form->shown;
	const struct desk_article_form former = *shown;

	set_terms_shown(form, edit);
	if (is_same_name(shown->category, former.category_shown))
		shown->category = shown->category_shown;
	if (is_same_name(shown->series, former.series_shown))
		shown->series = shown->series_shown;
	if (has_same_names(shown->tags, former.tags_shown))
		shown->tags = shown->tags_shown;
	else if (shown->version == edit->version)
		shown->tags = own(form,
		    follow_each(shown->tags, former.tags_shown, edit->tags));
}

/* ---- what is wrong ---- */

static void
check_field(struct article_form *form, enum article_field field,
    const char *text, const char **out_problem)
{
	g_autoptr(GError) error = NULL;

	if (article_check_field(field, text, &error) == STATUS_OK)
		return;
	*out_problem = own(form, g_strdup(error->message));
	form->problem_count++;
}

static void
check_tags(struct article_form *form)
{
	g_auto(GStrv) tags = split_names(form->shown.tags);
	const char **problem = &form->shown.tags_problem;

	for (size_t i = 0; tags[i] != NULL && *problem == NULL; i++)
		check_field(form, ARTICLE_FIELD_TAG, tags[i], problem);
	if (*problem != NULL || g_strv_length(tags) <= ARTICLE_TAGS_MOST)
		return;
	*problem = own(form, g_strdup_printf("An article has at most %d tags.",
				 ARTICLE_TAGS_MOST));
	form->problem_count++;
}

static void
check_slug(struct article_form *form)
{
	if (form->shown.slug[0] == '\0' || text_is_slug(form->shown.slug))
		return;
	form->shown.slug_problem =
	    "It is made of lower-case letters, digits and hyphens, like "
	    "my-first-article.";
	form->problem_count++;
}

/* The number that was typed for the part of a series; 0: none, -1: it is none.
 */
static int64_t
read_series_number(const struct article_form *form)
{
	g_autofree char *typed = text_normalize_line(form->shown.series_number);
	int64_t number;

	if (*typed == '\0')
		return 0;
	return text_parse_integer(typed, ARTICLE_SERIES_LAST, &number) ==
			   STATUS_OK &&
		       number > 0
		   ? number
		   : -1;
}

static void
check_series(struct article_form *form)
{
	struct desk_article_form *shown = &form->shown;

	check_field(
	    form, ARTICLE_FIELD_SERIES, shown->series, &shown->series_problem);
	if (read_series_number(form) >= 0)
		return;
	shown->series_number_problem =
	    own(form, g_strdup_printf(
			  "It is a number from 1 to %d.", ARTICLE_SERIES_LAST));
	form->problem_count++;
}

bool
article_form_check(struct article_form *form)
{
	struct desk_article_form *shown = &form->shown;

	check_field(
	    form, ARTICLE_FIELD_TITLE, shown->title, &shown->title_problem);
	check_field(form, ARTICLE_FIELD_SUMMARY, shown->excerpt,
	    &shown->excerpt_problem);
	check_field(form, ARTICLE_FIELD_CATEGORY, shown->category,
	    &shown->category_problem);
	check_field(form, ARTICLE_FIELD_LANGUAGE, shown->language,
	    &shown->language_problem);
	check_field(form, ARTICLE_FIELD_CANONICAL_URL, shown->canonical_url,
	    &shown->canonical_url_problem);
	check_field(form, ARTICLE_FIELD_COVER_PATH, shown->cover_path,
	    &shown->cover_problem);
	check_field(form, ARTICLE_FIELD_COVER_ALT, shown->cover_alt,
	    &shown->cover_problem);
	check_field(form, ARTICLE_FIELD_DESCRIPTION, shown->description,
	    &shown->description_problem);
	check_field(form, ARTICLE_FIELD_DIRECTION, shown->direction,
	    &shown->direction_problem);
	check_series(form);
	check_tags(form);
	check_slug(form);
	return form->problem_count == 0;
}

void
article_form_append_problems(const struct article_form *form, GString *json)
{
	const struct desk_article_form *shown = &form->shown;
	const struct {
		const char *name;
		const char *problem;
	} problems[] = {
		{ "title", shown->title_problem },
		{ "slug", shown->slug_problem },
		{ "excerpt", shown->excerpt_problem },
		{ "body", shown->body_problem },
		{ "category", shown->category_problem },
		{ "tags", shown->tags_problem },
		{ "language", shown->language_problem },
		{ "canonical_url", shown->canonical_url_problem },
		{ "cover_path", shown->cover_problem },
		{ "authors", shown->authors_problem },
		{ "description", shown->description_problem },
		{ "direction", shown->direction_problem },
		{ "series", shown->series_problem },
		{ "series_number", shown->series_number_problem },
	};

	g_string_append(json, "\"problems\":{");
	for (size_t i = 0; i < G_N_ELEMENTS(problems); i++)
		if (problems[i].problem != NULL)
			text_append_json_member(
			    json, problems[i].name, problems[i].problem);
	g_string_append_c(json, '}');
}

void
article_form_append_renewed(const struct article_form *form, GString *json)
{
	const struct desk_article_form *shown = &form->shown;
	const struct {
		const char *name;
		const char *value;
	} fields[] = {
		{ "authors_shown", shown->authors_shown },
		{ "author_ids", shown->author_ids },
		{ "category_shown", shown->category_shown },
		{ "tags_shown", shown->tags_shown },
		{ "series_shown", shown->series_shown },
	};

	g_string_append_printf(json,
	    ",\"fields\":[[\"version\",\"%" G_GINT64_FORMAT "\"]",
	    shown->version);
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_string_append_printf(json, ",[\"%s\",", fields[i].name);
		text_append_json(json, fields[i].value);
		g_string_append_c(json, ']');
	}
	g_string_append_c(json, ']');
}

const char *
article_form_problem(const struct article_form *form)
{
	const struct desk_article_form *shown = &form->shown;
	const char *const problems[] = { shown->problem, shown->title_problem,
		shown->body_problem, shown->slug_problem,
		shown->excerpt_problem, shown->category_problem,
		shown->tags_problem, shown->language_problem,
		shown->canonical_url_problem, shown->cover_problem,
		shown->authors_problem, shown->description_problem,
		shown->direction_problem, shown->series_problem,
		shown->series_number_problem };

	for (size_t i = 0; i < G_N_ELEMENTS(problems); i++)
		if (problems[i] != NULL)
			return problems[i];
	return NULL;
}

/* ---- whether it is what is stored ---- */

static bool
is_same_line(const char *typed, const char *stored)
{
	g_autofree char *one = text_normalize_line(typed);
	g_autofree char *other = text_normalize_line(stored);

	return strcmp(one, other) == 0;
}

/* The fields that are one line each, as they are typed. */
static bool
has_same_lines(
    const struct desk_article_form *one, const struct desk_article_form *other)
{
	return is_same_line(one->excerpt, other->excerpt) &&
	       is_same_line(one->kind, other->kind) &&
	       is_same_line(one->language, other->language) &&
	       is_same_line(one->canonical_url, other->canonical_url) &&
	       is_same_line(one->cover_path, other->cover_path) &&
	       is_same_line(one->cover_alt, other->cover_alt) &&
	       is_same_line(one->description, other->description) &&
	       is_same_line(one->direction, other->direction) &&
	       is_same_line(one->series_number, other->series_number) &&
	       is_same_line(one->pinned, other->pinned);
}

/* Whether the authors are those that are stored: nothing was typed, or what
 * they were shown as, or what they are called now. */
static bool
has_same_authors(const struct desk_article_form *form,
    const struct desk_article_form *stored)
{
	return form->authors[0] == '\0' ||
	       is_same_line(form->authors, stored->authors) ||
	       (is_same_line(form->authors, form->authors_shown) &&
		   strcmp(form->author_ids, stored->author_ids) == 0);
}

bool
article_form_is_stored(
    const struct article_form *form, const struct article_edit *edit)
{
	const struct desk_article_form *shown = &form->shown;
	struct article_form stored;
	bool is_same;

	article_form_init(&stored);
	article_form_fill(&stored, edit);
	is_same =
	    strcmp(shown->body, stored.shown.body) == 0 &&
	    has_same_names(shown->tags, stored.shown.tags) &&
	    is_same_name(shown->category, stored.shown.category) &&
	    (shown->slug[0] == '\0' ||
		strcmp(shown->slug, stored.shown.slug) == 0) &&
	    is_same_line(shown->title[0] != '\0' ? shown->title : UNTITLED,
		stored.shown.title) &&
	    is_same_name(shown->series, stored.shown.series) &&
	    has_same_authors(shown, &stored.shown) &&
	    has_same_lines(shown, &stored.shown);
	article_form_release(&stored);
	return is_same;
}

/* ---- beside another ---- */

/* Whether a comparison has field `i` as a line. */
static bool
is_line(size_t i)
{
	static const char *const others[] = { "key", "body", "authors_shown",
		"author_ids", "category_shown", "tags_shown", "series_shown",
		NULL };

	return !g_strv_contains(others, FIELDS[i].name);
}

static bool
is_same_field(const char *name, const char *one, const char *other)
{
	return strcmp(name, "tags") == 0 ? has_same_names(one, other)
					 : is_same_line(one, other);
}

char *
article_form_make_comparable(
    const struct article_form *form, const struct article_form *other)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
		const char *name = FIELDS[i].name;
		const char *value = value_of(&form->shown, i);
		g_autofree char *line = text_normalize_line(value);

		if (is_line(i) &&
		    !is_same_field(name, value, value_of(&other->shown, i)))
			g_string_append_printf(
			    text, "%s: %s\n", desk_label(name), line);
	}
	if (text->len > 0)
		g_string_append_c(text, '\n');
	g_string_append(text, form->shown.body);
	return g_string_free(text, FALSE);
}

/* ---- what it becomes ---- */

void
article_form_to_draft(
    struct article_form *form, struct article_draft *out_draft)
{
	const struct desk_article_form *shown = &form->shown;
	g_autofree char *title = text_normalize_line(shown->title);
	const char *category = own(form, text_normalize_line(shown->category));
	const char *series = own(form, text_normalize_line(shown->series));
	char **tags = split_names(shown->tags);

	for (size_t i = 0; tags[i] != NULL; i++)
		own(form, tags[i]);
	/* The array itself is owned as its strings are. */
	own(form, (char *)(void *)tags);
	*out_draft = (struct article_draft){
		.id = shown->id,
		.version = shown->version,
		.kind = strcmp(shown->kind, "page") == 0 ? ARTICLE_KIND_PAGE
							 : ARTICLE_KIND_ARTICLE,
		.slug = shown->slug,
		.title = title[0] != '\0' ? shown->title : UNTITLED,
		.summary = shown->excerpt,
		.description = shown->description,
		.language = shown->language,
		.direction = shown->direction,
		.canonical_url = shown->canonical_url,
		.series = series,
		.series_number = read_series_number(form),
		.cover_path = shown->cover_path,
		.cover_alt = shown->cover_alt,
		.category = category,
		.tags = (const char *const *)tags,
		.body = shown->body,
	};
}

char *
article_form_serialize(const struct article_form *form)
{
	GString *out = g_string_new(NULL);

	g_string_printf(out, "version=%" G_GINT64_FORMAT, form->shown.version);
	for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
		g_string_append_printf(out, "&%s=", FIELDS[i].name);
		text_append_path_segment(out, value_of(&form->shown, i));
	}
	return g_string_free(out, FALSE);
}
