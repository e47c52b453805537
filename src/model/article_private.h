/*
 * article_private.h - what the files about articles share: the columns of a
 * card and of a whole article, how a row of them becomes a struct, and the
 * statements that more than one of them needs.
 */
#ifndef MODEL_ARTICLE_PRIVATE_H
#define MODEL_ARTICLE_PRIVATE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "model/article.h"

struct database;
struct statement;

/* What article_summary_from_row() reads, and where from: `k` is the index
 * article_card. */
#define ARTICLE_SUMMARY_COLUMNS                                                \
	" k.id, k.path, k.title, k.excerpt, k.language, k.published_at,"       \
	" k.updated_at, k.minutes, k.cover_path, k.cover_alt, k.cover_width,"  \
	" k.cover_height, c.id, c.slug, c.name, u.id, u.handle, u.name,"       \
	" k.kind, k.direction, EXISTS (SELECT 1 FROM article_author o"         \
	" WHERE o.article_id = k.id AND o.position = 2)"
#define ARTICLE_SUMMARY_JOINS                                                  \
	" LEFT JOIN category c ON c.id = k.category_id"                        \
	" LEFT JOIN article_author w ON w.article_id = k.id"                   \
	" AND w.position = 1"                                                  \
	" LEFT JOIN author u ON u.id = w.author_id"

enum {
	ARTICLE_SUMMARY_COLUMN_COUNT = 21
};

/* Fill `summary` from the current row, all but its tags and other authors,
 * which are made empty. */
void article_summary_from_row(
    struct statement *statement, struct article_summary *summary);

/* Free what `summary` holds, not itself. */
void article_summary_release(struct article_summary *summary);

/* The tags of summary->id, in order, added to summary->tags, and where it has
 * several authors all but the first. */
MUST_CHECK enum status article_read_terms(
    struct database *database, struct article_summary *summary);

/* The card of article `id`, which was listed in the same snapshot, with tags;
 * public or not. */
MUST_CHECK enum status article_read_summary(struct database *database,
    int64_t id, struct article_summary **out_summary);

/* Append author `id` to the authors of `article`. STATUS_NOT_FOUND. */
MUST_CHECK enum status article_read_author(
    struct database *database, int64_t id, struct article *article);

/* Article `id`, which was listed in the same snapshot, whole; public or not. */
MUST_CHECK enum status article_read(
    struct database *database, int64_t id, struct article **out_article);

/*
 * The ids of at most `count` public articles in `filter`, newest first, after
 * the `skip` newest, appended to `ids` (GArray of int64_t).
 */
MUST_CHECK enum status article_list_ids(struct database *database,
    const struct article_filter *filter, int64_t skip, int64_t count,
    int64_t now, GArray *ids);

/* What an article has in order. */
enum article_join {
	ARTICLE_JOIN_TAGS,
	ARTICLE_JOIN_AUTHORS
};

/* The ids of those of article `id`: GArray of int64_t. The caller unrefs it. */
MUST_CHECK enum status article_list_joined(struct database *database,
    enum article_join join, int64_t id, GArray **out_ids);

/* Have them be `ids`. Nothing is written where they are. */
MUST_CHECK enum status article_write_joined(struct database *database,
    enum article_join join, int64_t id, const int64_t *ids, size_t count);

/* The words of the columns kind and status. */
const char *article_kind_name(enum article_kind kind);
enum article_kind article_kind_from_name(const char *name);
enum article_status article_status_from_name(const char *name);

/*
 * `text` (NULL counts as "") as it is stored: one line in NFC. STATUS_INVALID
 * as article_check_field(). The caller frees it.
 */
MUST_CHECK enum status article_clean_field(enum article_field field,
    const char *text, char **out_line, GError **error);

enum {
	ARTICLE_PATH_SIZE = 1024 /* bytes that an address may have */
};

/* Whether `path` (without the base path) is one that Byline answers itself:
 * "/tags", "/media/a.png". */
bool article_path_is_reserved(const char *path);

/*
 * Bring what the search indexes hold of article `id` up to date: its row and
 * its tags are stored already, `text` is the plain text of its body, which is
 * of no account while it is a draft or in the trash. It is in one of them
 * afterwards, in that of readers or in that of the desk (article_index.c);
 * nothing happens when nothing has changed. Inside a write transaction of the
 * caller's.
 */
MUST_CHECK enum status article_index(
    struct database *database, int64_t id, const char *text);

/* Have the search indexes hold nothing of articles that were deleted. Inside a
 * write transaction of the caller's. */
MUST_CHECK enum status article_index_sweep(struct database *database);

#endif
