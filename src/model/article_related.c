/*
 * article_related.c - what else a reader of this article may like.
 *
 * What must hold: the work is bounded whatever the number of articles. Each of
 * the article's tags gives the few articles nearest in time on either side, out
 * of one index; those that more tags give come first.
 */
#include "config.h"

#include "model/article.h"

#include <stdlib.h>

#include "article_private.h"
#include "store/database.h"

enum {
	TAG_LIMIT = 6,      /* tags looked at */
	CANDIDATE_LIMIT = 8 /* articles of a tag on each side */
};

static const char SQL_OLDER_OF_TAG[] =
    "SELECT article_id, listed_at"
    " FROM article_tag"
    " WHERE tag_id = :tag"
    " AND listed_at <= :at"
    " ORDER BY listed_at DESC, article_id DESC"
    " LIMIT :limit";

static const char SQL_NEWER_OF_TAG[] = "SELECT article_id, listed_at"
				       " FROM article_tag"
				       " WHERE tag_id = :tag"
				       " AND listed_at > :at"
				       " AND listed_at <= :now"
				       " ORDER BY listed_at, article_id"
				       " LIMIT :limit";

struct candidate {
	int64_t id;
	int64_t distance; /* seconds between the two */
	int64_t shared;   /* tags in common */
};

/* What is being looked for, and what was found. */
struct related {
	struct database *database;
	const struct article *article;
	int64_t now;
	GArray *candidates; /* struct candidate */
};

static void
add_candidate(struct related *related, int64_t id, int64_t listed_at)
{
	int64_t at = related->article->summary.published_at;
	const struct candidate candidate = {
		.id = id,
		.distance = at > listed_at ? at - listed_at : listed_at - at,
		.shared = 1,
	};

	if (id == related->article->summary.id)
		return;
	for (guint i = 0; i < related->candidates->len; i++) {
		struct candidate *known =
		    &g_array_index(related->candidates, struct candidate, i);

		if (known->id == id) {
			known->shared++;
			return;
		}
	}
	g_array_append_val(related->candidates, candidate);
}

static enum status
add_candidates(struct related *related, struct statement *statement)
{
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		add_candidate(related, statement_integer(statement, 0),
		    statement_integer(statement, 1));
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status
add_tag(struct related *related, int64_t tag)
{
	int64_t at = related->article->summary.published_at;
	struct statement *older =
	    database_statement(related->database, SQL_OLDER_OF_TAG);
	struct statement *newer;
	enum status status;

	statement_bind_integer(older, ":tag", tag);
	statement_bind_integer(older, ":at", at);
	/* One more: the article itself is among these. */
	statement_bind_integer(older, ":limit", CANDIDATE_LIMIT + 1);
	status = add_candidates(related, older);
	if (status != STATUS_OK)
		return status;
	newer = database_statement(related->database, SQL_NEWER_OF_TAG);
	statement_bind_integer(newer, ":tag", tag);
	statement_bind_integer(newer, ":at", at);
	statement_bind_integer(newer, ":now", related->now);
	statement_bind_integer(newer, ":limit", CANDIDATE_LIMIT);
	return add_candidates(related, newer);
}

/* Most tags in common, then nearest in time, then newest: never by chance. */
static int
compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left;
	const struct candidate *b = right;

	if (a->shared != b->shared)
		return a->shared > b->shared ? -1 : 1;
	if (a->distance != b->distance)
		return a->distance < b->distance ? -1 : 1;
	return a->id == b->id ? 0 : a->id > b->id ? -1 : 1;
}

/* Add the newest of `filter` to `ids` until there are `count`. */
static enum status
fill_up(struct related *related, const struct article_filter *filter,
    int64_t count, GArray *ids)
{
	g_autoptr(GArray) newest = NULL;
	enum status status;

	if (ids->len >= count)
		return STATUS_OK;
	newest = g_array_new(FALSE, FALSE, sizeof(int64_t));
	/* As many as may be there already, and the article itself. */
	status = article_list_ids(related->database, filter, 0,
	    count + ids->len + 1, related->now, newest);
	for (guint i = 0; i < newest->len && ids->len < count; i++) {
		int64_t id = g_array_index(newest, int64_t, i);

		if (id != related->article->summary.id &&
		    !article_ids_include(ids, id))
			g_array_append_val(ids, id);
	}
	return status;
}

static enum status
choose_ids(struct related *related, int64_t count, GArray *ids)
{
	const GArray *tags = related->article->summary.tags;
	const struct article_filter all = { .scope = ARTICLE_SCOPE_ALL };
	const struct article_filter category = {
		.scope = ARTICLE_SCOPE_CATEGORY,
		.key = related->article->summary.category.id,
	};

	for (guint i = 0; i < tags->len && i < TAG_LIMIT; i++) {
		enum status status = add_tag(
		    related, g_array_index(tags, struct article_term, i).id);

		if (status != STATUS_OK)
			return status;
	}
	g_array_sort(related->candidates, compare_candidates);
	for (guint i = 0; i < related->candidates->len && ids->len < count; i++)
		g_array_append_val(ids,
		    g_array_index(related->candidates, struct candidate, i).id);
	if (category.key != 0) {
		enum status status = fill_up(related, &category, count, ids);

		if (status != STATUS_OK)
			return status;
	}
	return fill_up(related, &all, count, ids);
}

enum status
article_list_related(struct database *database, const struct article *article,
    int64_t count, int64_t now, GPtrArray **out_related)
{
	g_autoptr(GArray) candidates =
	    g_array_new(FALSE, FALSE, sizeof(struct candidate));
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct related related = {
		.database = database,
		.article = article,
		.now = now,
		.candidates = candidates,
	};
	g_autoptr(GPtrArray) found = NULL;
	enum status status = STATUS_OK;

	/* A standing page stands alone. */
	if (article->summary.kind == ARTICLE_KIND_ARTICLE)
		status = choose_ids(&related, count, ids);
	if (status != STATUS_OK)
		return status;
	found = g_ptr_array_new_full(
	    ids->len, (GDestroyNotify)article_summary_free);
	for (guint i = 0; i < ids->len; i++) {
		struct article_summary *summary;

		status = article_read_summary(
		    database, g_array_index(ids, int64_t, i), &summary);
		if (status != STATUS_OK)
			return status;
		g_ptr_array_add(found, summary);
	}
	*out_related = g_steal_pointer(&found);
	return STATUS_OK;
}
