/*
 * import_article.c - what the front matter and the name of a file make of an
 * article.
 *
 * What is wrong with a key that an article can do without is named with its
 * line, and the key is left out: nobody loses a text for a tag.
 */
#include "config.h"

#include "import_article.h"

#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "content/title.h"
#include "import_plan.h"
#include "model/redirect.h"
#include "model/site.h"

/* ---- names and dates ---- */

/* Length of a date and the hyphen or underscore after it, 0 if there is none.
 */
static size_t
date_prefix_size(const char *name)
{
	static const char shape[] = "0000-00-00";

	for (size_t i = 0; shape[i] != '\0'; i++)
		if (shape[i] == '0' ? !g_ascii_isdigit(name[i])
				    : name[i] != shape[i])
			return 0;
	return name[10] == '-' || name[10] == '_' ? 11
	       : name[10] == '\0'                 ? 10
						  : 0;
}

/* The name of the file, or of its folder where the file is an index. */
static char *
base_name(const char *source)
{
	g_autofree char *name = g_path_get_basename(source);
	char *dot = strrchr(name, '.');

	if (dot != NULL)
		*dot = '\0';
	if (strcmp(name, "index") == 0 && strchr(source, '/') != NULL) {
		g_autofree char *folder = import_folder(source);

		return g_path_get_basename(folder);
	}
	return g_steal_pointer(&name);
}

char *
import_article_name(const char *source)
{
	g_autofree char *name = base_name(source);

	return g_strdup(name + date_prefix_size(name));
}

/* Whether a folder of `path` is one in which Jekyll looks for posts. */
static bool
is_below_posts(const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	return g_strv_contains((const char *const *)parts, "_posts") ||
	       g_strv_contains((const char *const *)parts, "_drafts");
}

bool
import_is_jekyll(
    const struct import_plan *plan, const struct import_article *article)
{
	g_autofree char *name = g_path_get_basename(article->source);
	g_autofree char *folder = import_folder(article->source);
	g_autofree char *top = g_canonicalize_filename(plan->directory, NULL);
	g_autofree char *top_name = g_path_get_basename(top);

	return article->front_matter.format == FRONT_MATTER_YAML &&
	       (plan->is_jekyll_site || is_below_posts(folder) ||
		   is_below_posts(top_name) ||
		   (!plan->is_other_site && date_prefix_size(name) == 11));
}

/* "2025-09-18" where three parts of `path` are a year, a month and a day. */
static char *
date_in_path(const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	for (guint i = 0; i + 2 < g_strv_length(parts); i++) {
		g_autofree char *date = g_strdup_printf(
		    "%s-%s-%s", parts[i], parts[i + 1], parts[i + 2]);

		if (date_prefix_size(date) == 10)
			return g_steal_pointer(&date);
	}
	return NULL;
}

/* What the name of the file or the former address says of the day; or NULL. */
static char *
date_of_names(const struct import_article *article)
{
	g_autofree char *name = base_name(article->source);

	if (date_prefix_size(name) > 0)
		return g_strndup(name, 10);
	if (article->old_path != NULL)
		return date_in_path(article->old_path);
	return NULL;
}

/*
 * What `text` says of a day is noon, so that it is the same day for most
 * readers. What was written this morning is to be read this morning.
 */
static void
read_date(struct import_plan *plan, struct import_article *article,
    const char *text, bool *out_is_date)
{
	GTimeZone *zone = plan->site->blog.zone;
	int day[3], today[3];

	*out_is_date =
	    date_parse(text, zone, &article->published_at) == STATUS_OK;
	if (!*out_is_date || strchr(text, ':') != NULL ||
	    article->published_at <= plan->now)
		return;
	date_split(article->published_at, zone, &day[0], &day[1], &day[2]);
	date_split(plan->now, zone, &today[0], &today[1], &today[2]);
	if (memcmp(day, today, sizeof(day)) == 0)
		article->published_at = plan->now;
}

/*
 * When the article was published: by its front matter, else by the name of its
 * file, else by its former address. A date that nobody can read is an error
 * where no name has another: guessing would put the article anywhere.
 */
static bool
find_date(struct import_plan *plan, struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;
	uint32_t line = front_matter_line(matter, &matter->date);
	g_autofree char *named = date_of_names(article);
	bool is_named = false, is_dated = false;

	if (named != NULL)
		read_date(plan, article, named, &is_named);
	if (matter->date == NULL && (named == NULL || is_named))
		return true;
	if (matter->date != NULL)
		read_date(plan, article, matter->date, &is_dated);
	if (is_dated)
		return true;
	if (is_named)
		import_plan_notice(plan, false, article->source, line,
		    "\"%s\" is no date: took %s from its name", matter->date,
		    named);
	else
		import_plan_notice(plan, true, article->source, line,
		    "\"%s\" is no date",
		    matter->date == NULL ? named : matter->date);
	return is_named;
}

static void
find_updated(struct import_plan *plan, struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;

	if (matter->updated != NULL &&
	    date_parse(matter->updated, plan->site->blog.zone,
		&article->updated_at) != STATUS_OK)
		import_plan_notice(plan, false, article->source,
		    front_matter_line(matter, &matter->updated),
		    "\"%s\" is no date: left out", matter->updated);
}

/* ---- from front matter to an article ---- */

static void
find_title(struct import_plan *plan, struct import_article *article)
{
	g_autofree char *title = g_strdup(article->front_matter.title);

	if (title == NULL)
		title = title_find(article->body);
	if (title == NULL) {
		title = import_article_name(article->source);
		import_plan_notice(plan, false, article->source, 1,
		    "it has no title: called \"%s\" after its file", title);
	}
	article->title = text_normalize_line(title);
}

/* `member` is that of the front matter which holds `alias`. */
static void
add_alias(struct import_plan *plan, struct import_article *article,
    const char *alias, const void *member)
{
	char *path = redirect_normalize_path(alias);

	if (path == NULL) {
		import_plan_notice(plan, false, article->source,
		    front_matter_line(&article->front_matter, member),
		    "\"%s\" cannot be an address here: left out", alias);
		return;
	}
	g_ptr_array_add(article->aliases, path);
}

/* "2026/05/30": of the front matter, or else of the name of the file. */
static char *
jekyll_date(const struct import_plan *plan, const struct front_matter *matter,
    const char *name)
{
	int64_t date;
	int year, month, day;

	if (matter->date == NULL ||
	    date_parse(matter->date, plan->site->blog.zone, &date) !=
		STATUS_OK) {
		g_autofree char *named = g_strndup(name, 10);

		return g_strdup(g_strdelimit(named, "-", '/'));
	}
	date_split(date, plan->site->blog.zone, &year, &month, &day);
	return g_strdup_printf("%04d/%02d/%02d", year, month, day);
}

/*
 * What Jekyll makes of categories, date and name of a post when nobody said
 * otherwise (its lib/jekyll/drops/url_drop.rb): "/:categories/:year/:month/
 * :day/:title.html", with the categories in lower case.
 */
static char *
jekyll_address(const struct import_plan *plan,
    const struct front_matter *matter, const char *name)
{
	g_autofree char *written = g_strjoinv("/", matter->categories);
	g_autofree char *categories = g_utf8_strdown(written, -1);
	g_autofree char *date = jekyll_date(plan, matter, name);
	const char *title = matter->slug == NULL ? name + 11 : matter->slug;
	g_autofree char *path = g_strconcat(categories[0] == '\0' ? "" : "/",
	    categories, "/", date, "/", title, ".html", NULL);

	/* It is no address yet: "C#" and "100%" are names. */
	return g_uri_escape_string(path, "/", TRUE);
}

/* What Hugo and Zola make of the folder and the name of a file, escaped. */
static char *
folder_address(const struct import_article *article)
{
	const char *slug = article->front_matter.slug;
	g_autofree char *file = g_path_get_basename(article->source);
	g_autofree char *near = import_folder(article->source);
	g_autofree char *folder = g_str_has_prefix(file, "index.")
				      ? import_folder(near)
				      : g_strdup(near);
	g_autofree char *name = import_article_name(article->source);
	g_autofree char *path = NULL;
	const char *inside = folder;

	if (g_str_has_prefix(inside, "content/"))
		inside += strlen("content/");
	else if (strcmp(inside, "content") == 0)
		inside += strlen("content");
	path = g_strconcat(inside[0] == '\0' ? "" : "/", inside, "/",
	    slug == NULL ? name : slug, NULL);
	return g_uri_escape_string(path, "/", TRUE);
}

/*
 * Where the article stood: as its front matter says, or where its generator put
 * it when nobody said otherwise.
 */
static void
find_addresses(struct import_plan *plan, struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;
	g_autofree char *name = base_name(article->source);
	g_autofree char *address = NULL;
	g_autofree char *made = NULL;

	/* ":title" and the like are patterns, not addresses. */
	if (matter->path != NULL && strchr(matter->path, ':') == NULL)
		address = g_strdup(matter->path);
	else if (matter->format == FRONT_MATTER_YAML &&
		 date_prefix_size(name) == 11)
		address = jekyll_address(plan, matter, name);
	if (address != NULL) {
		add_alias(plan, article, address, &matter->path);
	} else {
		/* Nobody asked for this one: what is none is no news. */
		address = folder_address(article);
		made = redirect_normalize_path(address);
	}
	if (made != NULL)
		g_ptr_array_add(article->aliases, g_steal_pointer(&made));
	if (article->aliases->len > 0)
		article->old_path =
		    g_strdup(g_ptr_array_index(article->aliases, 0));
	for (char **alias = matter->aliases; *alias != NULL; alias++)
		add_alias(plan, article, *alias, &matter->aliases);
}

/* Say that `text`, a value of `member`, cannot be `field`: false; or true. */
static bool
check_field(struct import_plan *plan, const struct import_article *article,
    enum article_field field, const char *text, const void *member)
{
	g_autoptr(GError) error = NULL;

	if (article_check_field(field, text, &error) == STATUS_OK)
		return true;
	import_plan_notice(plan, false, article->source,
	    front_matter_line(&article->front_matter, member), "%s: left out",
	    error->message);
	return false;
}

/* Leave out what the article can do without and is nothing it can have. */
static void
check_texts(struct import_plan *plan, struct import_article *article)
{
	struct front_matter *matter = &article->front_matter;
	const struct {
		enum article_field field;
		char **member;
	} texts[] = {
		{ ARTICLE_FIELD_SUMMARY, &matter->summary },
		{ ARTICLE_FIELD_DESCRIPTION, &matter->description },
		{ ARTICLE_FIELD_LANGUAGE, &matter->language },
		{ ARTICLE_FIELD_DIRECTION, &matter->direction },
		{ ARTICLE_FIELD_SERIES, &matter->series },
		{ ARTICLE_FIELD_CANONICAL_URL, &matter->canonical_url },
		{ ARTICLE_FIELD_COVER_ALT, &matter->cover_alt },
	};

	/* What a browser finds out is what Byline does without. */
	if (g_strcmp0(matter->direction, "auto") == 0)
		g_clear_pointer(&matter->direction, g_free);
	/* "en_US", as Jekyll's plugins write a locale. */
	if (matter->language != NULL)
		g_strdelimit(matter->language, "_", '-');
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (!check_field(plan, article, texts[i].field,
			*texts[i].member, texts[i].member))
			g_clear_pointer(texts[i].member, g_free);
}

static void
add_tag(struct import_plan *plan, struct import_article *article,
    const char *tag, const void *member)
{
	if (!check_field(plan, article, ARTICLE_FIELD_TAG, tag, member))
		return;
	if (article->tags->len == ARTICLE_TAGS_MOST)
		import_plan_notice(plan, false, article->source,
		    front_matter_line(&article->front_matter, member),
		    "an article has at most %d tags: \"%s\" left out",
		    ARTICLE_TAGS_MOST, tag);
	else
		g_ptr_array_add(article->tags, g_strdup(tag));
}

/* The first category is the article's; whatever else there is are tags. */
static void
find_subjects(struct import_plan *plan, struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;

	for (char **tag = matter->tags; *tag != NULL; tag++)
		add_tag(plan, article, *tag, &matter->tags);
	for (char **category = matter->categories; *category != NULL;
	     category++) {
		if (article->category != NULL)
			add_tag(plan, article, *category, &matter->categories);
		else if (check_field(plan, article, ARTICLE_FIELD_CATEGORY,
			     *category, &matter->categories))
			article->category = g_strdup(*category);
	}
	g_ptr_array_add(article->tags, NULL);
}

/* Which part of its series it is, where that is said. */
static void
find_part(struct import_plan *plan, struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;
	const char *number = matter->series_number;

	if (number == NULL || matter->series == NULL)
		return;
	if (text_parse_integer(number, ARTICLE_SERIES_LAST,
		&article->series_number) == STATUS_OK &&
	    article->series_number > 0)
		return;
	article->series_number = 0;
	import_plan_notice(plan, false, article->source,
	    front_matter_line(matter, &matter->series_number),
	    "\"%s\" is no number of a part, from 1 to %d: left out", number,
	    ARTICLE_SERIES_LAST);
}

/* Whether it stands before others: true, or above 0, as Hexo counts; then the
 * highest stands first. */
static void
find_pin(struct import_plan *plan, struct import_article *article)
{
	static const char *const words[] = { "true", "false", "yes", "no", "on",
		"off" };
	const struct front_matter *matter = &article->front_matter;
	int64_t number;

	if (matter->pinned == NULL)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(matter->pinned, words[i]) == 0) {
			article->is_pinned = i % 2 == 0;
			return;
		}
	if (text_parse_integer(matter->pinned, INT64_MAX, &number) ==
	    STATUS_OK) {
		article->is_pinned = number > 0;
		article->pinned_at = number;
	} else {
		import_plan_notice(plan, false, article->source,
		    front_matter_line(matter, &matter->pinned),
		    "\"%s\" says neither that it is pinned nor that it is "
		    "not: left out",
		    matter->pinned);
	}
}

static void
find_state(
    struct import_plan *plan, struct import_article *article, int64_t now)
{
	const struct front_matter *matter = &article->front_matter;

	if (g_strcmp0(matter->layout, "page") == 0) {
		article->kind = ARTICLE_KIND_PAGE;
		/* A standing page shows no date, but it must have one. */
		if (article->published_at == 0)
			article->published_at = now;
	}
	article->status = ARTICLE_STATUS_PUBLISHED;
	if (matter->is_draft || strstr(article->source, "_drafts/") != NULL) {
		article->status = ARTICLE_STATUS_DRAFT;
	} else if (article->published_at == 0) {
		article->status = ARTICLE_STATUS_DRAFT;
		import_plan_notice(plan, false, article->source, 1,
		    "it has no date: imported as a draft");
	} else if (article->published_at > now) {
		import_plan_notice(plan, false, article->source,
		    front_matter_line(matter, &matter->date),
		    "its date is in the future: the first import after that "
		    "publishes it");
	}
}

bool
import_article_fill(
    struct import_plan *plan, struct import_article *article, int64_t now)
{
	const struct front_matter *matter = &article->front_matter;

	for (guint i = 0; i < matter->warnings->len; i++) {
		const struct document_warning *warning = &g_array_index(
		    matter->warnings, struct document_warning, i);

		import_plan_notice(plan, false, article->source, warning->line,
		    "%s", warning->message);
	}
	article->body = g_strdup(article->bytes + matter->body_offset);
	find_title(plan, article);
	find_addresses(plan, article);
	if (!find_date(plan, article))
		return false;
	find_updated(plan, article);
	check_texts(plan, article);
	find_subjects(plan, article);
	find_part(plan, article);
	find_pin(plan, article);
	find_state(plan, article, now);
	return true;
}
