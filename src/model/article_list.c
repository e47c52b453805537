/*
 * article_list.c - listings: pages of cards, feeds, the archive, the sitemap.
 *
 * What must hold: a page costs the same wherever it stands and however many
 * articles there are. Counts are kept by triggers; where a page begins is added
 * up from listing_bucket; the ids come out of one index, in order.
 *
 * A published article dated in the future is counted by the triggers and seen
 * by nobody. It hardly ever exists, so it is counted off at each read, which
 * costs one look at the end of an index.
 */
#include "config.h"

#include "model/article.h"

#include "article_private.h"
#include "base/paging.h"
#include "store/database.h"

enum {
	/* Up to here walking over index entries is cheaper than adding up. */
	SHORT_WALK = 64,
	BUCKET_SECONDS = 1 << 22
};

static const char SQL_COUNT_ALL[] = "SELECT article_count"
				    " FROM blog"
				    " WHERE id = 1";
static const char SQL_COUNT_TAG[] = "SELECT article_count"
				    " FROM tag"
				    " WHERE id = :key";
static const char SQL_COUNT_CATEGORY[] = "SELECT article_count"
					 " FROM category"
					 " WHERE id = :key";
static const char SQL_COUNT_AUTHOR[] = "SELECT article_count"
				       " FROM author"
				       " WHERE id = :key";
static const char SQL_COUNT_YEAR[] = "SELECT article_count"
				     " FROM archive_year"
				     " WHERE year = :key";

static const char SQL_FUTURE_ALL[] = "SELECT count(*)"
				     " FROM article"
				     " WHERE listed_at > :now";
static const char SQL_FUTURE_TAG[] = "SELECT count(*)"
				     " FROM article_tag"
				     " WHERE tag_id = :key"
				     " AND listed_at > :now";
static const char SQL_FUTURE_CATEGORY[] = "SELECT count(*)"
					  " FROM article"
					  " WHERE category_id = :key"
					  " AND listed_at > :now";
static const char SQL_FUTURE_AUTHOR[] = "SELECT count(*)"
					" FROM article_author"
					" WHERE author_id = :key"
					" AND listed_at > :now";
static const char SQL_FUTURE_YEAR[] = "SELECT count(*)"
				      " FROM article"
				      " WHERE year = :key"
				      " AND listed_at > :now";

static const char SQL_IDS_ALL[] = "SELECT id"
				  " FROM article"
				  " WHERE listed_at < :before"
				  " ORDER BY listed_at DESC, id DESC"
				  " LIMIT :count OFFSET :skip";
static const char SQL_IDS_TAG[] = "SELECT article_id"
				  " FROM article_tag"
				  " WHERE tag_id = :key"
				  " AND listed_at < :before"
				  " ORDER BY listed_at DESC, article_id DESC"
				  " LIMIT :count OFFSET :skip";
static const char SQL_IDS_CATEGORY[] = "SELECT id"
				       " FROM article"
				       " WHERE category_id = :key"
				       " AND listed_at < :before"
				       " ORDER BY listed_at DESC, id DESC"
				       " LIMIT :count OFFSET :skip";
static const char SQL_IDS_AUTHOR[] = "SELECT article_id"
				     " FROM article_author"
				     " WHERE author_id = :key"
				     " AND listed_at < :before"
				     " ORDER BY listed_at DESC, article_id DESC"
				     " LIMIT :count OFFSET :skip";
static const char SQL_IDS_YEAR[] = "SELECT id"
				   " FROM article"
				   " WHERE year = :key"
				   " AND listed_at < :before"
				   " ORDER BY listed_at DESC, id DESC"
				   " LIMIT :count OFFSET :skip";

static const char SQL_PINNED[] = "SELECT id"
				 " FROM article"
				 " WHERE pinned_at IS NOT NULL"
				 " AND listed_at <= :now"
				 " ORDER BY pinned_at DESC, id DESC"
				 " LIMIT :count";

static const char SQL_BUCKETS[] = "SELECT bucket, article_count"
				  " FROM listing_bucket"
				  " WHERE scope = :scope"
				  " AND key = :key"
				  " ORDER BY bucket DESC";

static const char SQL_EACH_PUBLIC[] = "SELECT path, updated_at"
				      " FROM article"
				      " WHERE status = 'published'"
				      " AND trashed_at IS NULL"
				      " AND published_at <= :now"
				      " ORDER BY published_at DESC, id DESC";

static const char SQL_NEWEST[] = "SELECT max(published_at)"
				 " FROM article INDEXED BY article_public"
				 " WHERE status = 'published'"
				 " AND trashed_at IS NULL"
				 " AND published_at <= :now";

static const char SQL_NEXT[] = "SELECT min(published_at)"
			       " FROM article INDEXED BY article_public"
			       " WHERE status = 'published'"
			       " AND trashed_at IS NULL"
			       " AND published_at > :now";

static const char SQL_PAGES[] = "SELECT path, title"
				" FROM article"
				" WHERE kind = 'page'"
				" AND status = 'published'"
				" AND trashed_at IS NULL"
				" AND published_at <= :now"
				" ORDER BY title COLLATE NOCASE";

static const char SQL_YEARS[] = "SELECT year, article_count"
				" FROM archive_year"
				" ORDER BY year DESC";

static const struct {
	const char *count;
	const char *future;
	const char *ids;
} scopes[] = {
	[ARTICLE_SCOPE_ALL] = { SQL_COUNT_ALL, SQL_FUTURE_ALL, SQL_IDS_ALL },
	[ARTICLE_SCOPE_TAG] = { SQL_COUNT_TAG, SQL_FUTURE_TAG, SQL_IDS_TAG },
	[ARTICLE_SCOPE_CATEGORY] = { SQL_COUNT_CATEGORY, SQL_FUTURE_CATEGORY,
	    SQL_IDS_CATEGORY },
	[ARTICLE_SCOPE_AUTHOR] = { SQL_COUNT_AUTHOR, SQL_FUTURE_AUTHOR,
	    SQL_IDS_AUTHOR },
	[ARTICLE_SCOPE_YEAR] = { SQL_COUNT_YEAR, SQL_FUTURE_YEAR,
	    SQL_IDS_YEAR },
};

/* The statements about all articles have no key. */
static void
bind_key(struct statement *statement, const struct article_filter *filter)
{
	if (filter->scope != ARTICLE_SCOPE_ALL)
		statement_bind_integer(statement, ":key", filter->key);
}

/* The first number of the first row; 0 without a row. */
static enum status
read_number(struct statement *statement, int64_t *out_number)
{
	enum status status = statement_step(statement);

	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	*out_number = status == STATUS_OK ? statement_integer(statement, 0) : 0;
	statement_reset(statement);
	return STATUS_OK;
}

/* How many articles the triggers count in `filter`, and how many of these are
 * still to come. */
static enum status
count_listed(struct database *database, const struct article_filter *filter,
    int64_t now, int64_t *out_count, int64_t *out_future)
{
	struct statement *count =
	    database_statement(database, scopes[filter->scope].count);
	struct statement *future;
	enum status status;

	bind_key(count, filter);
	status = read_number(count, out_count);
	if (status != STATUS_OK)
		return status;
	future = database_statement(database, scopes[filter->scope].future);
	bind_key(future, filter);
	statement_bind_integer(future, ":now", now);
	return read_number(future, out_future);
}

/*
 * Where to begin so that the `position` newest of all listed articles, future
 * ones included, are passed over: at listed_at < `out_before`, then `out_skip`
 * more.
 */
static enum status
find_start(struct database *database, const struct article_filter *filter,
    int64_t position, int64_t *out_before, int64_t *out_skip)
{
	struct statement *statement = database_statement(database, SQL_BUCKETS);
	int64_t passed = 0;
	enum status status;

	statement_bind_integer(statement, ":scope", filter->scope);
	statement_bind_integer(statement, ":key",
	    filter->scope == ARTICLE_SCOPE_ALL ? 0 : filter->key);
	while ((status = statement_step(statement)) == STATUS_OK) {
		int64_t bucket = statement_integer(statement, 0);
		int64_t count = statement_integer(statement, 1);

		if (passed + count > position) {
			*out_before = (bucket + 1) * BUCKET_SECONDS;
			*out_skip = position - passed;
			statement_reset(statement);
			return STATUS_OK;
		}
		passed += count;
	}
	return status;
}

/* As article_list_ids(), when `future` is known. */
static enum status
list_ids_after(struct database *database, const struct article_filter *filter,
    int64_t skip, int64_t count, int64_t future, int64_t now, GArray *ids)
{
	int64_t before = now + 1;
	struct statement *statement;

	if (skip > SHORT_WALK) {
		enum status status =
		    find_start(database, filter, skip + future, &before, &skip);

		if (status == STATUS_NOT_FOUND)
			return STATUS_OK;
		if (status != STATUS_OK)
			return status;
	}
	statement = database_statement(database, scopes[filter->scope].ids);
	bind_key(statement, filter);
	statement_bind_integer(statement, ":before", before);
	statement_bind_integer(statement, ":count", count);
	statement_bind_integer(statement, ":skip", skip);
	return statement_append_integers(statement, ids);
}

enum status
article_list_ids(struct database *database, const struct article_filter *filter,
    int64_t skip, int64_t count, int64_t now, GArray *ids)
{
	int64_t total, future = 0;

	if (skip > SHORT_WALK) {
		enum status status =
		    count_listed(database, filter, now, &total, &future);

		if (status != STATUS_OK)
			return status;
	}
	return list_ids_after(database, filter, skip, count, future, now, ids);
}

/* ---- pages of cards ---- */

void
article_list_release(struct article_list *list)
{
	if (list->articles != NULL)
		g_ptr_array_unref(list->articles);
	*list = (struct article_list){ 0 };
}

/* The pinned ones, before what else the first page of all articles has. */
static enum status
list_pinned(struct database *database, const struct article_filter *filter,
    int64_t page, int64_t now, GArray *ids)
{
	struct statement *statement;

	if (filter->scope != ARTICLE_SCOPE_ALL || page != 1)
		return STATUS_OK;
	statement = database_statement(database, SQL_PINNED);
	statement_bind_integer(statement, ":now", now);
	statement_bind_integer(statement, ":count", ARTICLE_PINNED_MOST);
	return statement_append_integers(statement, ids);
}

static enum status
add_summaries(struct database *database, const GArray *ids,
    const GArray *others, bool is_pinned, GPtrArray *summaries)
{
	for (guint i = 0; i < ids->len; i++) {
		struct article_summary *summary;
		int64_t id = g_array_index(ids, int64_t, i);
		enum status status;

		if (others != NULL && article_ids_include(others, id))
			continue;
		status = article_read_summary(database, id, &summary);
		if (status != STATUS_OK)
			return status;
		summary->is_pinned = is_pinned;
		g_ptr_array_add(summaries, summary);
	}
	return STATUS_OK;
}

enum status
article_list_public(struct database *database,
    const struct article_filter *filter, int64_t page, int64_t per_page,
    int64_t now, struct article_list *out_list)
{
	int64_t count, future;
	enum status status =
	    count_listed(database, filter, now, &count, &future);
	g_autoptr(GArray) ids = NULL;
	g_autoptr(GArray) pinned = NULL;
	g_autoptr(GPtrArray) articles = NULL;
	int64_t total_count, page_count;

	if (status != STATUS_OK)
		return status;
	total_count = MAX(count - future, 0);
	page_count = paging_count(total_count, per_page);
	if (page < 1 || page > page_count)
		return STATUS_NOT_FOUND;
	ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	pinned = g_array_new(FALSE, FALSE, sizeof(int64_t));
	status = list_ids_after(database, filter, (page - 1) * per_page,
	    per_page, future, now, ids);
	if (status == STATUS_OK)
		status = list_pinned(database, filter, page, now, pinned);
	if (status != STATUS_OK)
		return status;
	articles = g_ptr_array_new_full(
	    ids->len, (GDestroyNotify)article_summary_free);
	status = add_summaries(database, pinned, NULL, true, articles);
	if (status == STATUS_OK)
		status = add_summaries(database, ids, pinned, false, articles);
	if (status != STATUS_OK)
		return status;
	*out_list = (struct article_list){
		.articles = g_steal_pointer(&articles),
		.total_count = total_count,
		.page = page,
		.page_count = page_count,
	};
	return STATUS_OK;
}

/* ---- feeds ---- */

static void
free_article(void *article)
{
	article_free(article);
}

enum status
article_list_newest(struct database *database,
    const struct article_filter *filter, int64_t count, int64_t now,
    GPtrArray **out_articles)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	enum status status =
	    article_list_ids(database, filter, 0, count, now, ids);
	g_autoptr(GPtrArray) articles = NULL;

	if (status != STATUS_OK)
		return status;
	articles = g_ptr_array_new_full(ids->len, free_article);
	for (guint i = 0; i < ids->len; i++) {
		struct article *article;

		status = article_read(
		    database, g_array_index(ids, int64_t, i), &article);
		if (status != STATUS_OK)
			return status;
		g_ptr_array_add(articles, article);
	}
	*out_articles = g_steal_pointer(&articles);
	return STATUS_OK;
}

/* ---- all of them ---- */

enum status
article_each_public(struct database *database, int64_t now,
    bool (*visit)(const char *path, int64_t updated_at, void *data), void *data)
{
	struct statement *statement =
	    database_statement(database, SQL_EACH_PUBLIC);
	enum status status;

	statement_bind_integer(statement, ":now", now);
	while ((status = statement_step(statement)) == STATUS_OK) {
		if (!visit(statement_text(statement, 0),
			statement_integer(statement, 1), data)) {
			statement_reset(statement);
			return STATUS_OK;
		}
	}
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The one integer that `sql` answers for `now`, 0 for NULL. */
static enum status
read_moment(struct database *database, const char *sql, int64_t now,
    int64_t *out_moment)
{
	struct statement *statement = database_statement(database, sql);

	statement_bind_integer(statement, ":now", now);
	return statement_read_integer(statement, out_moment);
}

enum status
article_moments(struct database *database, int64_t now, int64_t *out_newest_at,
    int64_t *out_next_at)
{
	enum status status =
	    read_moment(database, SQL_NEWEST, now, out_newest_at);

	return status == STATUS_OK
		   ? read_moment(database, SQL_NEXT, now, out_next_at)
		   : status;
}

enum status
article_list_pages(
    struct database *database, int64_t now, GPtrArray **out_pages)
{
	struct statement *statement = database_statement(database, SQL_PAGES);
	g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)article_summary_free);
	enum status status;

	statement_bind_integer(statement, ":now", now);
	while ((status = statement_step(statement)) == STATUS_OK) {
		struct article_summary *page =
		    g_new0(struct article_summary, 1);

		page->path = statement_dup_text(statement, 0);
		page->title = statement_dup_text(statement, 1);
		g_ptr_array_add(pages, page);
	}
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_pages = g_steal_pointer(&pages);
	return STATUS_OK;
}

enum status
article_list_years(struct database *database, GArray **out_years)
{
	struct statement *statement = database_statement(database, SQL_YEARS);
	g_autoptr(GArray) years =
	    g_array_new(FALSE, FALSE, sizeof(struct archive_year));
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK) {
		const struct archive_year year = {
			.year = statement_integer(statement, 0),
			.article_count = statement_integer(statement, 1),
		};

		g_array_append_val(years, year);
	}
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_years = g_steal_pointer(&years);
	return STATUS_OK;
}

enum status
article_count_public(struct database *database,
    const struct article_filter *filter, int64_t now, int64_t *out_count)
{
	int64_t count, future;
	enum status status =
	    count_listed(database, filter, now, &count, &future);

	if (status != STATUS_OK)
		return status;
	*out_count = MAX(count - future, 0);
	return STATUS_OK;
}
