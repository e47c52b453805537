/*
 * article.h - articles and standing pages: what the read side shows and what a
 * save must keep true.
 *
 * "Public" means status published, published_at not after `now`, not in the
 * trash. Every function that finds something public takes `now`. Each read is
 * answered from an index at the same cost for 20 articles and for 10,000.
 */
#ifndef MODEL_ARTICLE_H
#define MODEL_ARTICLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct blog;
struct database;

enum article_kind {
	ARTICLE_KIND_ARTICLE,
	ARTICLE_KIND_PAGE
};

enum article_status {
	ARTICLE_STATUS_DRAFT,
	ARTICLE_STATUS_SCHEDULED,
	ARTICLE_STATUS_PUBLISHED
};

/* A name with an address: a tag, a category or an author as a card shows it. */
struct article_term {
	int64_t id; /* 0: none */
	char *slug; /* a handle where it is an author */
	char *name;
};

/* What a card shows. */
struct article_summary {
	int64_t id;
	enum article_kind kind;
	char *path; /* without the base path */
	char *title;
	char *excerpt;
	char *language;  /* "" is the blog's */
	char *direction; /* "ltr", "rtl"; "" is the language's */
	int64_t published_at;
	int64_t updated_at;
	uint32_t minutes;
	char *cover_path; /* NULL: none */
	char *cover_alt;
	uint32_t cover_width;
	uint32_t cover_height;
	struct article_term category; /* id 0: none */
	struct article_term author;   /* the first one; id 0: none */
	GArray *co_authors;           /* struct article_term; NULL: none */
	GArray *tags;                 /* struct article_term */
	bool is_pinned;               /* set where it stands first for that */
};

/* Someone who wrote an article, as its page shows them. */
struct article_author {
	int64_t id;
	char *handle;
	char *name;
	char *job_title;
	char *biography;
	char *picture_path; /* NULL: initials */
	char *face_path;    /* the picture as small as fits beside a name */
	char *website;
};

/* An article as its page shows it. */
struct article {
	struct article_summary summary;
	enum article_status status;
	char *slug;
	int64_t version;
	uint32_t word_count;
	bool has_typed_excerpt; /* not just the beginning of the text */
	char *canonical_url;
	char *description; /* as typed; "": the excerpt is one */
	char *series;      /* its name; NULL: it is in none */
	int64_t series_id; /* 0: none */
	int64_t series_number;
	char *contents_html;
	char *body_html;
	GArray *authors; /* struct article_author, at least one if any */
	/* struct media_size (model/media.h), of the cover; NULL: none. */
	GArray *cover_sizes;
};

/* Which articles a listing is of. */
enum article_scope {
	ARTICLE_SCOPE_ALL,
	ARTICLE_SCOPE_TAG,
	ARTICLE_SCOPE_CATEGORY,
	ARTICLE_SCOPE_AUTHOR,
	ARTICLE_SCOPE_YEAR
};

struct article_filter {
	enum article_scope scope;
	int64_t key; /* the id, or the year */
};

enum {
	ARTICLE_PINNED_MOST = 10 /* of those pinned last */
};

/* One page of a listing, newest first. */
struct article_list {
	GPtrArray *articles; /* struct article_summary *, freed with the list */
	int64_t total_count; /* of all pages */
	int64_t page;        /* from 1 */
	int64_t page_count;  /* at least 1 */
};

void article_term_release(struct article_term *term);
void article_summary_free(struct article_summary *summary);
void article_free(struct article *article);
void article_list_release(struct article_list *list);

/* Whether `id` is one of `ids` (GArray of int64_t), of articles or of what they
 * have: authors, tags. */
bool article_ids_include(const GArray *ids, int64_t id);

/*
 * The public article or standing page at `path` (without the base path).
 * STATUS_NOT_FOUND. The caller frees it.
 */
MUST_CHECK enum status article_find_public(struct database *database,
    const char *path, int64_t now, struct article **out_article);

/*
 * Page `page` of the public articles in `filter`, `per_page` on each. On page 1
 * of all articles those that are pinned stand first, at most
 * ARTICLE_PINNED_MOST of them and besides the others; none stands twice on that
 * page, and the other pages are what they are without them.
 * STATUS_NOT_FOUND when there is no such page (page 1 always exists). The
 * caller releases it.
 */
MUST_CHECK enum status article_list_public(struct database *database,
    const struct article_filter *filter, int64_t page, int64_t per_page,
    int64_t now, struct article_list *out_list);

/*
 * The newest `count` public articles in `filter`, whole, for feeds. The caller
 * frees the array; its elements are struct article *.
 */
MUST_CHECK enum status article_list_newest(struct database *database,
    const struct article_filter *filter, int64_t count, int64_t now,
    GPtrArray **out_articles);

/*
 * The public articles just before and after `article` in time; NULL where there
 * is none. Only path and title are set. The caller frees both.
 */
MUST_CHECK enum status article_find_neighbours(struct database *database,
    const struct article *article, int64_t now,
    struct article_summary **out_previous, struct article_summary **out_next);

/* Where an article stands in its series. */
struct article_series {
	char *name;
	int64_t part;       /* from 1 */
	int64_t part_count; /* this one included */
	int64_t first_part; /* which the first of `parts` is */
	GPtrArray *parts;   /* struct article_summary *; id, path, title */
};

void article_series_free(struct article_series *series);

/*
 * The series of `article`, which is counted as one of its parts whether it is
 * public or not; the others are public at `now`. Of a long series only the
 * ARTICLE_SERIES_NEAR parts before and after are in `parts`. NULL where it is
 * in none. The caller frees it.
 */
enum {
	ARTICLE_SERIES_NEAR = 25
};
MUST_CHECK enum status article_find_series(struct database *database,
    const struct article *article, int64_t now,
    struct article_series **out_series);

/*
 * At most `count` public articles that share most tags with `article`, the
 * nearest in time first among equals; filled up from its category, then from
 * the newest. The work is bounded whatever the number of articles. The caller
 * frees the array; its elements are struct article_summary *.
 */
MUST_CHECK enum status article_list_related(struct database *database,
    const struct article *article, int64_t count, int64_t now,
    GPtrArray **out_related);

/*
 * Visit path and updated_at of everything public, articles and pages, newest
 * first, for the sitemap. Returns early when `visit` returns false.
 */
MUST_CHECK enum status article_each_public(struct database *database,
    int64_t now,
    bool (*visit)(const char *path, int64_t updated_at, void *data),
    void *data);

/*
 * When the newest of what is public at `now` was published, and when the next
 * of what is published comes to be public (where a clock is behind); 0 where
 * there is none.
 */
MUST_CHECK enum status article_moments(struct database *database, int64_t now,
    int64_t *out_newest_at, int64_t *out_next_at);

/* The standing pages, by title; path and title only. */
MUST_CHECK enum status article_list_pages(
    struct database *database, int64_t now, GPtrArray **out_pages);

/* A year and how many public articles it has. */
struct archive_year {
	int64_t year;
	int64_t article_count;
};

/* The years that have articles, newest first: GArray of struct archive_year. */
MUST_CHECK enum status article_list_years(
    struct database *database, GArray **out_years);

/* How many public articles `filter` has. */
MUST_CHECK enum status article_count_public(struct database *database,
    const struct article_filter *filter, int64_t now, int64_t *out_count);

/* ---- the write side ---- */

/*
 * All that a save sets. Strings are borrowed. What is derived from `body`
 * (content/renderer.h) comes with it: the model never renders.
 */
struct article_draft {
	int64_t id;      /* 0: a new article */
	int64_t new_id;  /* of article_next_id(), for a new one; 0: any */
	int64_t version; /* the version it began from; ignored for a new one */
	enum article_kind kind;
	enum article_status status;
	int64_t published_at; /* 0: not set */
	int64_t updated_at;   /* 0: `now` */
	const char *slug;
	const char *title;
	const char *summary;     /* what the author typed as excerpt, or "" */
	const char *description; /* for search engines; "": the excerpt */
	const char *language;
	const char *direction; /* "", "ltr" or "rtl" */
	const char *canonical_url;
	const char *series;    /* its name, made if new; NULL or "": none */
	int64_t series_number; /* 0: by its time; to ARTICLE_SERIES_LAST */
	int64_t pinned_at;     /* 0: it is not pinned */
	const char *cover_path;
	const char *cover_alt;
	uint32_t cover_width, cover_height;
	const char *category;    /* its name, made if new; NULL or "": none */
	const char *const *tags; /* names, made if new; NULL-terminated */
	const int64_t *author_ids;
	size_t author_count;
	const char *body;
	/* derived */
	const char *body_html;
	const char *contents_html;
	const char *excerpt;
	const char *text; /* plain text of the body, for searching */
	uint32_t word_count;
	uint32_t minutes;
	/* where it was imported from, or NULL */
	const char *import_source;
	const char *import_hash;
	int64_t saved_by; /* author id of the revision; 0: nobody signed in */
};

/* The parts of a draft that are one line of text. */
enum article_field {
	ARTICLE_FIELD_TITLE,
	ARTICLE_FIELD_SUMMARY,
	ARTICLE_FIELD_EXCERPT,
	ARTICLE_FIELD_DESCRIPTION,
	ARTICLE_FIELD_LANGUAGE,
	ARTICLE_FIELD_DIRECTION,
	ARTICLE_FIELD_CANONICAL_URL,
	ARTICLE_FIELD_COVER_PATH,
	ARTICLE_FIELD_COVER_ALT,
	ARTICLE_FIELD_CATEGORY,
	ARTICLE_FIELD_SERIES,
	ARTICLE_FIELD_TAG /* one of them */
};

enum {
	ARTICLE_TAGS_MOST = 64,     /* of one article */
	ARTICLE_AUTHORS_MOST = 64,  /* the same */
	ARTICLE_SERIES_LAST = 99999 /* number of a part */
};

/*
 * Whether article_save() takes `text` as `field`: STATUS_INVALID, and `error`
 * says why not, when it is not UTF-8, too long, or nothing the field can be. It
 * may be empty or NULL.
 */
MUST_CHECK enum status article_check_field(
    enum article_field field, const char *text, GError **error);

/*
 * Save `draft` inside a transaction that the caller began: article, tags,
 * authors, category, series, revision, search index, and where the path changed
 * a redirect from the old one; a redirect that stands at the new one goes once
 * the article is published. A published_at in the future makes a published
 * article scheduled, unless it is published already, with that date.
 *
 * STATUS_CONFLICT: the slug or path is another article's, or `version` is not
 * the current one; `error` says which. STATUS_INVALID: no title, slug not a
 * slug, a standing page whose slug is one of our own addresses ("tags",
 * "search"). Whatever fails leaves the transaction as it was, and the caller
 * may go on in it. `out_id` and `out_version` may be NULL.
 */
MUST_CHECK enum status article_save(struct database *database,
    const struct blog *blog, const struct article_draft *draft, int64_t now,
    int64_t *out_id, int64_t *out_version, GError **error);

/*
 * The lowest id above those of all articles. Until the transaction of the
 * caller ends, it and those after it may be new_id of new articles: so their
 * addresses are known before any of them is saved.
 */
MUST_CHECK enum status article_next_id(
    struct database *database, int64_t *out_id);

/*
 * Where article_save() will put `draft`, as of `now`, in the transaction that
 * the caller began: its category is made if it is new, and a new article has a
 * new_id where `blog`'s pattern asks for the id. Only what an address is made
 * of needs to be set. Whether the address is free is not looked at. Fails as
 * article_save() for an article that is not there, another version or a
 * category that cannot be. The caller frees `out_path`.
 */
MUST_CHECK enum status article_plan_path(struct database *database,
    const struct blog *blog, const struct article_draft *draft, int64_t now,
    char **out_path, GError **error);

/*
 * The permalink that `blog`'s pattern gives, without the base path:
 * "/articles/a". `category_slug` may be NULL ("uncategorized" then). The caller
 * frees it.
 */
char *article_make_path(const struct blog *blog, enum article_kind kind,
    int64_t id, const char *slug, int64_t published_at,
    const char *category_slug);

/* What `byline list` and a repeated import look at. */
struct article_record {
	int64_t id;
	enum article_kind kind;
	enum article_status status;
	int64_t version;
	int64_t published_at; /* 0: none */
	int64_t updated_at;
	int64_t trashed_at;
	uint32_t minutes;
	char *slug;
	char *path;
	char *title;
	char *category;      /* name, or NULL */
	char **tags;         /* names */
	char *import_source; /* or NULL */
	char *import_hash;   /* or NULL */
};

void article_record_free(struct article_record *record);

/*
 * All articles and pages not in the trash, newest first; `status` is NULL for
 * all or one of "draft", "scheduled", "published", "trash". Elements are struct
 * article_record *. The caller frees the array.
 */
MUST_CHECK enum status article_list_records(
    struct database *database, const char *status, GPtrArray **out_records);

/* The record imported from `source`. STATUS_NOT_FOUND. */
MUST_CHECK enum status article_find_import(struct database *database,
    const char *source, struct article_record **out_record);

/*
 * Visit every article, page and trashed article with what it takes to render it
 * again, until `visit` returns anything but STATUS_OK, which is then returned.
 * For `byline rebuild`.
 */
struct article_source {
	int64_t id;
	int64_t version;
	const char *path;
	const char *title; /* content/title.h: not to be rendered as well */
	const char *body;
	const char *summary;
	const char *import_source; /* or NULL */
};
MUST_CHECK enum status article_each_source(struct database *database,
    enum status (*visit)(const struct article_source *source, void *data),
    void *data);

/*
 * What was derived anew from the body that article `id` has as of `version`:
 * stored as it is, version and updated_at unchanged. STATUS_NOT_FOUND: it is
 * gone or of another version by now, which was rendered when it was saved.
 * Needs a transaction.
 */
struct article_derived {
	const char *body_html, *contents_html, *excerpt, *text;
	uint32_t word_count, minutes;
};
MUST_CHECK enum status article_update_derived(struct database *database,
    int64_t id, int64_t version, const struct article_derived *derived);

/* "draft", "scheduled", "published". */
const char *article_status_name(enum article_status status);

#endif
