/*
 * import_plan.c - what an import is going to do. See import_plan.h.
 *
 * First every file of the folder is looked at once (import_scan.c); then each
 * article gets its slug and address, since links can only be resolved when all
 * addresses are known.
 */
#include "config.h"

#include "import_plan.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "import_article.h"
#include "import_former.h"
#include "import_scan.h"
#include "model/site.h"

#define MAX_SLUG_SIZE 100 /* bytes */

static void
free_notice(void *data)
{
	struct import_notice *notice = data;

	g_free(notice->file);
	g_free(notice->message);
	g_free(notice);
}

static void
free_article(void *data)
{
	struct import_article *article = data;

	g_free(article->source);
	g_free(article->bytes);
	front_matter_release(&article->front_matter);
	g_free(article->body);
	g_free(article->title);
	g_free(article->slug);
	g_free(article->path);
	g_free(article->old_path);
	g_ptr_array_unref(article->aliases);
	g_free(article->category);
	g_ptr_array_unref(article->tags);
	g_free(article->hash);
	g_free(article->former_hash);
	g_clear_pointer(&article->references, g_array_unref);
	g_free(article);
}

static void
free_asset(void *data)
{
	struct import_asset *asset = data;

	g_free(asset->source);
	g_free(asset->media_path);
	g_free(asset);
}

static struct import_plan *
new_plan(const char *directory, const struct site *site)
{
	struct import_plan *plan = g_new0(struct import_plan, 1);

	plan->directory = g_strdup(directory);
	plan->site = site;
	plan->articles = g_ptr_array_new_with_free_func(free_article);
	plan->notices = g_ptr_array_new_with_free_func(free_notice);
	plan->articles_by_source = g_hash_table_new(g_str_hash, g_str_equal);
	plan->articles_by_address =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	plan->assets_by_source =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_asset);
	plan->assets_by_address =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	plan->assets_by_media_path = g_hash_table_new(g_str_hash, g_str_equal);
	plan->left_out =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	plan->gone = g_ptr_array_new_with_free_func(g_free);
	plan->skipped = g_ptr_array_new_with_free_func(g_free);
	plan->slugs =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return plan;
}

void
import_plan_free(struct import_plan *plan)
{
	if (plan == NULL)
		return;
	g_hash_table_unref(plan->articles_by_source);
	g_hash_table_unref(plan->articles_by_address);
	g_hash_table_unref(plan->assets_by_address);
	g_hash_table_unref(plan->assets_by_media_path);
	g_hash_table_unref(plan->assets_by_source);
	g_hash_table_unref(plan->left_out);
	g_hash_table_unref(plan->slugs);
	g_ptr_array_unref(plan->gone);
	g_ptr_array_unref(plan->skipped);
	g_ptr_array_unref(plan->articles);
	g_ptr_array_unref(plan->notices);
	g_free(plan->directory);
	g_free(plan);
}

/* One line of UTF-8: no name of a file forges a notice or colours a terminal.
 */
static char *
make_line(const char *text)
{
	GString *line = g_string_new(NULL);

	text_append_log(line, text);
	return g_string_free(line, FALSE);
}

void
import_plan_notice(struct import_plan *plan, bool is_error, const char *file,
    uint32_t line, const char *format, ...)
{
	struct import_notice *notice = g_new0(struct import_notice, 1);
	g_autofree char *message = NULL;
	va_list arguments;

	notice->file = make_line(file);
	notice->line = line;
	notice->is_error = is_error;
	va_start(arguments, format);
	message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	notice->message = make_line(message);
	g_ptr_array_add(plan->notices, notice);
}

void
import_plan_skip(struct import_plan *plan, const char *source)
{
	g_ptr_array_add(plan->skipped, make_line(source));
}

static gint
compare_notices(gconstpointer a, gconstpointer b)
{
	const struct import_notice *const *first = a;
	const struct import_notice *const *second = b;
	int order = strcmp((*first)->file, (*second)->file);

	if (order != 0)
		return order;
	return (*first)->line < (*second)->line
		   ? -1
		   : (*first)->line > (*second)->line;
}

void
import_plan_sort_notices(struct import_plan *plan)
{
	g_ptr_array_sort(plan->notices, compare_notices);
}

/* ---- what is there already ---- */

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
	const char *const *first = a;
	const char *const *second = b;

	return strcmp(*first, *second);
}

/* An article stays when its file goes: somebody should know of it. */
static void
note_if_gone(struct import_plan *plan, const char *import_source)
{
	const char *source = import_source + strlen("markdown:");
	g_autofree char *path = g_build_filename(plan->directory, source, NULL);

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		g_ptr_array_add(plan->gone, make_line(source));
}

static void
load_record(struct import_plan *plan, const struct article_record *record)
{
	const char *source =
	    record->import_source == NULL ? "" : record->import_source;

	g_hash_table_insert(
	    plan->slugs, g_strdup(record->slug), g_strdup(source));
	if (record->trashed_at == 0 && g_str_has_prefix(source, "markdown:"))
		note_if_gone(plan, source);
}

/* Every slug that the site has, those in the trash too. */
static enum status
load_records(struct import_plan *plan)
{
	static const char *const lists[] = { NULL, "trash" };

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autoptr(GPtrArray) records = NULL;
		enum status status = article_list_records(
		    plan->site->database, lists[i], &records);

		if (status != STATUS_OK)
			return status;
		for (guint j = 0; j < records->len; j++)
			load_record(plan, g_ptr_array_index(records, j));
	}
	g_ptr_array_sort(plan->gone, compare_texts);
	return STATUS_OK;
}

/* ---- slugs and addresses ---- */

/* Whether `slug` is free for `article`, or its own already. */
static bool
is_free(const struct import_plan *plan, const struct import_article *article,
    const char *slug)
{
	const char *owner = g_hash_table_lookup(plan->slugs, slug);
	g_autofree char *key = g_strconcat("markdown:", article->source, NULL);

	return owner == NULL || strcmp(owner, key) == 0;
}

/* What the file itself suggests as a slug; may be empty. */
static char *
suggest_slug(const struct import_article *article)
{
	const struct front_matter *matter = &article->front_matter;
	g_autofree char *name = NULL;

	if (matter->slug != NULL)
		return text_slug(matter->slug, MAX_SLUG_SIZE);
	if (article->old_path != NULL) {
		const char *last = strrchr(article->old_path, '/') + 1;

		name = g_str_has_suffix(last, ".html")
			   ? g_strndup(last, strlen(last) - strlen(".html"))
			   : g_strdup(last);
	} else {
		name = import_article_name(article->source);
	}
	return text_slug(name, MAX_SLUG_SIZE);
}

/*
 * `slug` with the year, the month or the day it was published, or a number:
 * whichever makes it free.
 */
static char *
extend_slug(const struct import_plan *plan,
    const struct import_article *article, const char *slug)
{
	int date[3];

	date_split(article->published_at, plan->site->blog.zone, &date[0],
	    &date[1], &date[2]);
	for (int parts = 1; article->published_at != 0 && parts <= 3; parts++) {
		g_autoptr(GString) longer = g_string_new(slug);

		for (int i = 0; i < parts; i++)
			g_string_append_printf(longer, "-%02d", date[i]);
		if (is_free(plan, article, longer->str))
			return g_string_free(g_steal_pointer(&longer), FALSE);
	}
	for (int number = 2;; number++) {
		g_autofree char *longer =
		    g_strdup_printf("%s-%d", slug, number);

		if (is_free(plan, article, longer))
			return g_steal_pointer(&longer);
	}
}

/* The slug that `article` gets if nobody has it: of its file, or its title. */
static char *
wish_slug(const struct import_article *article)
{
	g_autofree char *slug = suggest_slug(article);

	if (slug[0] == '\0') {
		g_free(slug);
		slug = text_slug(article->title, MAX_SLUG_SIZE);
	}
	return slug[0] == '\0' ? g_strdup("article") : g_steal_pointer(&slug);
}

/*
 * Another article has `slug`: find one like it. False, with a notice, when the
 * file itself names it: then it is not imported, since an address that somebody
 * chose must not change unasked.
 */
static bool
avoid_slug(
    struct import_plan *plan, struct import_article *article, const char *slug)
{
	const char *owner = g_hash_table_lookup(plan->slugs, slug);
	const char *name = strchr(owner, ':');

	name = name == NULL ? "an article of the blog" : name + 1;
	if (article->front_matter.slug != NULL) {
		import_plan_notice(plan, true, article->source,
		    front_matter_line(
			&article->front_matter, &article->front_matter.slug),
		    "its slug \"%s\" is that of %s", slug, name);
		return false;
	}
	article->slug = extend_slug(plan, article, slug);
	import_plan_notice(plan, false, article->source, 1,
	    "\"%s\" is the slug of %s: this one became \"%s\"", slug, name,
	    article->slug);
	return true;
}

/* Give `article`, which has none, its slug. False as avoid_slug(). */
static bool
choose_slug(struct import_plan *plan, struct import_article *article)
{
	g_autofree char *slug = wish_slug(article);

	if (is_free(plan, article, slug))
		article->slug = g_steal_pointer(&slug);
	else if (!avoid_slug(plan, article, slug))
		return false;
	g_hash_table_insert(plan->slugs, g_strdup(article->slug),
	    g_strconcat("markdown:", article->source, NULL));
	return true;
}

/*
 * Links to `article` are written before it is saved: so the model says now
 * where it will stand. STATUS_INVALID, noticed: nowhere, and it cannot be
 * imported.
 */
static enum status
choose_path(struct import_plan *plan, struct import_article *article)
{
	const struct article_draft draft = {
		.id = article->id,
		.new_id = article->id == 0 ? plan->next_id++ : 0,
		.version = article->version,
		.kind = article->kind,
		.status = article->status,
		.published_at = article->published_at,
		.slug = article->slug,
		.category = article->category,
	};
	g_autoptr(GError) error = NULL;
	enum status status;

	article->new_id = draft.new_id;
	g_clear_pointer(&article->path, g_free);
	status = article_plan_path(plan->site->database, &plan->site->blog,
	    &draft, plan->now, &article->path, &error);
	if (status != STATUS_INVALID && status != STATUS_CONFLICT)
		return status;
	import_plan_notice(
	    plan, true, article->source, 1, "%s", error->message);
	return STATUS_INVALID;
}

/* Remember which addresses led to `article`, the first article of each. */
static void
record_addresses(struct import_plan *plan, struct import_article *article)
{
	g_hash_table_insert(plan->articles_by_source, article->source, article);
	for (guint i = 0; i < article->aliases->len; i++) {
		const char *alias = g_ptr_array_index(article->aliases, i);

		if (!g_hash_table_contains(plan->articles_by_address, alias))
			g_hash_table_insert(plan->articles_by_address,
			    g_strdup(alias), article);
	}
}

/*
 * The files in the folder of an article that is a folder of its own were served
 * below its address.
 */
static void
record_asset_addresses(struct import_plan *plan)
{
	GHashTableIter each;
	void *value;

	g_hash_table_iter_init(&each, plan->assets_by_source);
	while (g_hash_table_iter_next(&each, NULL, &value)) {
		struct import_asset *asset = value;
		g_autofree char *folder = import_folder(asset->source);
		g_autofree char *index = g_strconcat(folder, "/index.md", NULL);
		const struct import_article *article =
		    g_hash_table_lookup(plan->articles_by_source, index);

		if (article != NULL && article->old_path != NULL)
			g_hash_table_insert(plan->assets_by_address,
			    g_strconcat(article->old_path, "/",
				strrchr(asset->source, '/') + 1, NULL),
			    asset);
	}
}

/* ---- the whole ---- */

static gint
compare_sources(gconstpointer a, gconstpointer b)
{
	const struct import_article *const *first = a;
	const struct import_article *const *second = b;

	return strcmp((*first)->source, (*second)->source);
}

/* What has been imported before keeps its slug. */
static enum status
find_former_articles(struct import_plan *plan)
{
	g_ptr_array_sort(plan->articles, compare_sources);
	for (guint i = 0; i < plan->articles->len; i++) {
		struct import_article *article = plan->articles->pdata[i];
		enum status status;

		import_replace_liquid(plan, article);
		status = import_former_find(plan, article);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* Those that have a slug go first; then the others in order of their names. */
static void
choose_slugs(struct import_plan *plan)
{
	for (guint i = 0; i < plan->articles->len;) {
		struct import_article *article = plan->articles->pdata[i];

		if (article->slug == NULL && !choose_slug(plan, article)) {
			g_ptr_array_remove_index(plan->articles, i);
			continue;
		}
		record_addresses(plan, article);
		i++;
	}
	record_asset_addresses(plan);
}

static gboolean
is_article(gpointer key, gpointer value, gpointer article)
{
	(void)key;
	return value == article;
}

/* Choose the path of article `index`; one that can have none is removed. */
static enum status
choose_path_of(struct import_plan *plan, guint index, bool *out_is_removed)
{
	struct import_article *article = plan->articles->pdata[index];
	enum status status = choose_path(plan, article);

	*out_is_removed = status == STATUS_INVALID;
	if (status != STATUS_INVALID)
		return status;
	g_hash_table_foreach_remove(
	    plan->articles_by_source, is_article, article);
	g_hash_table_foreach_remove(
	    plan->articles_by_address, is_article, article);
	g_ptr_array_remove_index(plan->articles, index);
	return STATUS_OK;
}

/* Decide which articles change by themselves, and where those will stand. */
static enum status
choose_actions(struct import_plan *plan)
{
	for (guint i = 0; i < plan->articles->len;) {
		struct import_article *article = plan->articles->pdata[i];
		bool is_removed = false;
		enum status status = STATUS_OK;

		import_former_compare(plan, article);
		if (article->action != IMPORT_KEEP)
			status = choose_path_of(plan, i, &is_removed);
		if (status != STATUS_OK)
			return status;
		i += !is_removed;
	}
	return STATUS_OK;
}

/*
 * Change the articles that would be kept but for what they refer to.
 * `out_has_moved`: one of them stands elsewhere now, so that links to it
 * change.
 */
static enum status
change_stale_articles(struct import_plan *plan, bool *out_has_moved)
{
	*out_has_moved = false;
	for (guint i = 0; i < plan->articles->len;) {
		struct import_article *article = plan->articles->pdata[i];
		g_autofree char *former_path = g_strdup(article->path);
		bool is_stale = false, is_removed = false;
		enum status status = STATUS_OK;

		if (article->action == IMPORT_KEEP)
			status =
			    import_former_is_stale(plan, article, &is_stale);
		if (status == STATUS_OK && is_stale) {
			article->action = IMPORT_CHANGE;
			status = choose_path_of(plan, i, &is_removed);
		}
		if (status != STATUS_OK)
			return status;
		if (is_removed || strcmp(article->path, former_path) != 0)
			*out_has_moved = true;
		i += !is_removed;
	}
	return STATUS_OK;
}

static enum status
choose_addresses(struct import_plan *plan)
{
	bool has_moved = true;
	enum status status = find_former_articles(plan);

	if (status == STATUS_OK)
		status = article_next_id(plan->site->database, &plan->next_id);
	if (status != STATUS_OK)
		return status;
	choose_slugs(plan);
	status = choose_actions(plan);
	while (status == STATUS_OK && has_moved)
		status = change_stale_articles(plan, &has_moved);
	return status;
}

/* What the folder and the blog hold decides all slugs and addresses. */
static enum status
fill_plan(struct import_plan *plan, int64_t now, GError **error)
{
	enum status status = import_scan(plan, now, error);

	if (status != STATUS_OK)
		return status;
	g_ptr_array_sort(plan->skipped, compare_texts);
	status = load_records(plan);
	if (status == STATUS_OK)
		status = choose_addresses(plan);
	if (status != STATUS_OK)
		return status_fail(error, status,
		    "the database cannot be read: %s", status_name(status));
	return STATUS_OK;
}

enum status
import_plan_new(const char *directory, const struct site *site, int64_t now,
    struct import_plan **out_plan, GError **error)
{
	struct import_plan *plan = new_plan(directory, site);
	enum status status;

	plan->now = now;
	status = fill_plan(plan, now, error);
	if (status == STATUS_OK)
		*out_plan = plan;
	else
		import_plan_free(plan);
	return status;
}
