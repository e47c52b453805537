/*
 * site_taxonomy.c - tags, categories and authors: sets of terms that articles
 * have, each with an index of its terms, and each term with a listing and
 * feeds.
 *
 * What is used by drafts alone does not exist for readers: that there is such a
 * term would say something about them.
 */
#include "config.h"

#include <string.h>

#include "handler/site_routes.h"
#include "http/request.h"
#include "model/article.h"
#include "model/author.h"
#include "model/category.h"
#include "model/site.h"
#include "model/tag.h"
#include "model/term.h"
#include "view/feed_view.h"

#include "site_handler.h"

/* One tag, category or author; all of it borrowed from that. */
struct shown_term {
	int64_t id;
	const char *slug;
	const char *name;
	const char *description; /* on its own page */
	const char *note;        /* in the index; NULL: none */
	int64_t article_count;
	const struct author *author; /* NULL: it is none */
};

struct taxonomy {
	const char *path;
	const char *title;
	const char *term_title;
	enum article_scope scope;
	enum status (*list)(struct database *database, GPtrArray **out_items);
	enum status (*find)(
	    struct database *database, const char *slug, void **out_item);
	struct shown_term (*term_of)(const void *item);
	void (*free)(void *item);
};

/* ---- tags and categories ---- */

static enum status
find_tag(struct database *database, const char *slug, void **out_item)
{
	struct term *tag;
	enum status status = tag_find(database, slug, &tag);

	if (status == STATUS_OK)
		*out_item = tag;
	return status;
}

static enum status
find_category(struct database *database, const char *slug, void **out_item)
{
	struct term *category;
	enum status status = category_find(database, slug, &category);

	if (status == STATUS_OK)
		*out_item = category;
	return status;
}

static struct shown_term
term_of_term(const void *item)
{
	const struct term *term = item;

	return (struct shown_term){ term->id, term->slug, term->name,
		term->description, term->description, term->article_count,
		NULL };
}

static void
free_term(void *item)
{
	term_free(item);
}

/* ---- authors ---- */

static enum status
find_author(struct database *database, const char *slug, void **out_item)
{
	struct author *author;
	enum status status = author_find(database, slug, &author);

	if (status == STATUS_OK)
		*out_item = author;
	return status;
}

static struct shown_term
term_of_author(const void *item)
{
	const struct author *author = item;

	return (struct shown_term){ author->id, author->handle, author->name,
		author->biography, author->job_title, author->article_count,
		author };
}

static void
free_author(void *item)
{
	author_free(item);
}

/* ---- all of them ---- */

static const struct taxonomy taxonomies[] = {
	{ "/tags", "Tags", "Tag", ARTICLE_SCOPE_TAG, tag_list_used, find_tag,
	    term_of_term, free_term },
	{ "/categories", "Categories", "Category", ARTICLE_SCOPE_CATEGORY,
	    category_list_used, find_category, term_of_term, free_term },
	{ "/authors", "Authors", "Author", ARTICLE_SCOPE_AUTHOR,
	    author_list_used, find_author, term_of_author, free_author },
};

/* The one whose address was asked for: only its routes lead here. */
static const struct taxonomy *
taxonomy_of(const struct exchange *exchange)
{
	const struct taxonomy *found = taxonomies;

	while (!g_str_has_prefix(exchange->path, found->path))
		found++;
	return found;
}

static char *
make_path(const struct taxonomy *taxonomy, const struct shown_term *term)
{
	return g_strconcat(taxonomy->path, "/", term->slug, NULL);
}

/* Whether `author` is the one whose blog it is, whom its front page names. */
static enum status
check_owner(struct database *database, const struct author *author)
{
	struct author *owner;
	enum status status = author_find_owner(database, &owner);

	if (status != STATUS_OK)
		return status;
	if (owner->id != author->id)
		status = STATUS_NOT_FOUND;
	author_free(owner);
	return status;
}

/* STATUS_NOT_FOUND unless readers know of `term`. */
static enum status
check_shown(struct database *database, const struct shown_term *term)
{
	if (term->article_count > 0)
		return STATUS_OK;
	return term->author == NULL ? STATUS_NOT_FOUND
				    : check_owner(database, term->author);
}

/*
 * What the first value of the route names, if readers know of it, and the
 * articles it has. STATUS_NOT_FOUND. The caller frees `out_item`, from which
 * `out_term` borrows.
 */
static enum status
find_term(const struct exchange *exchange, void **out_item,
    struct shown_term *out_term, struct article_filter *out_filter)
{
	const struct taxonomy *taxonomy = taxonomy_of(exchange);
	struct database *database = site_database_of(exchange);
	enum status status;
	struct shown_term term;
	void *item;

	status = taxonomy->find(database, exchange->values[0], &item);
	if (status != STATUS_OK)
		return status;
	term = taxonomy->term_of(item);
	status = check_shown(database, &term);
	if (status != STATUS_OK) {
		taxonomy->free(item);
		return status;
	}
	*out_item = item;
	*out_term = term;
	*out_filter = (struct article_filter){ taxonomy->scope, term.id };
	return STATUS_OK;
}

enum status
show_term(struct exchange *exchange)
{
	const struct taxonomy *taxonomy = taxonomy_of(exchange);
	struct article_filter filter;
	struct shown_term term;
	enum status status;
	void *item;

	status = find_term(exchange, &item, &term, &filter);
	if (status == STATUS_OK) {
		g_autofree char *path = make_path(taxonomy, &term);

		status =
		    site_show_listing(exchange, &filter, exchange->values[1],
			&(struct listing_page){
			    .path = path,
			    .kicker = taxonomy->term_title,
			    .title = term.name,
			    .description = term.description,
			    .has_feed = true,
			    .author = term.author,
			    .current = taxonomy->path,
			});
		taxonomy->free(item);
	}
	return status;
}

enum status
show_term_feed(struct exchange *exchange)
{
	const struct taxonomy *taxonomy = taxonomy_of(exchange);
	struct article_filter filter;
	struct shown_term term;
	enum status status;
	void *item;

	status = find_term(exchange, &item, &term, &filter);
	if (status == STATUS_OK) {
		g_autofree char *path = make_path(taxonomy, &term);

		status = site_show_feed(exchange, &filter,
		    &(struct feed_page){
			.path = path,
			.title = term.name,
			.description = term.description,
		    });
		taxonomy->free(item);
	}
	return status;
}

enum status
show_terms(struct exchange *exchange)
{
	const struct taxonomy *taxonomy = taxonomy_of(exchange);
	g_autoptr(GPtrArray) entries = site_new_index();
	g_autoptr(GPtrArray) items = NULL;
	enum status status;

	status = taxonomy->list(site_database_of(exchange), &items);
	if (status != STATUS_OK)
		return status;
	for (guint i = 0; i < items->len; i++) {
		struct shown_term term =
		    taxonomy->term_of(g_ptr_array_index(items, i));

		site_add_index_entry(entries, taxonomy->path, term.slug,
		    term.name, term.note, term.article_count);
	}
	return site_show_index(
	    exchange, taxonomy->path, taxonomy->title, entries);
}

enum status
site_each_term(struct database *database,
    void (*visit)(const char *path, void *data), void *data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(taxonomies); i++) {
		g_autoptr(GPtrArray) items = NULL;
		enum status status = taxonomies[i].list(database, &items);

		if (status != STATUS_OK)
			return status;
		for (guint j = 0; j < items->len; j++) {
			struct shown_term term =
			    taxonomies[i].term_of(g_ptr_array_index(items, j));
			g_autofree char *path =
			    make_path(&taxonomies[i], &term);

			visit(path, data);
		}
	}
	return STATUS_OK;
}
