/*
 * article_shelf.c - the lists of the desk. See article_edit.h.
 *
 * What must hold: each list is read in the order of an index of its own, which
 * has what is looked for as well; of the rows of articles, which are large, no
 * more are touched than are shown. So a page of 10,000 articles costs little
 * more than one of 20.
 */
#include "config.h"

#include "model/article_edit.h"

#include "article_private.h"
#include "base/text.h"
#include "like.h"
#include "model/search.h"
#include "store/database.h"

static const char SQL_ROW[] =
    "SELECT a.id, a.kind, a.status, a.published_at, a.updated_at,"
    " a.trashed_at, a.title, a.path, c.name, u.name, a.minutes"
    " FROM article a"
    " LEFT JOIN category c ON c.id = a.category_id"
    " LEFT JOIN article_author w ON w.article_id = a.id"
    " AND w.position = 1"
    " LEFT JOIN author u ON u.id = w.author_id"
    " WHERE a.id = :id";

/* Whoever it is that wrote, or the one who is asked for. */
#define BY_AUTHOR                                                              \
	" AND (:author_id IS NULL OR id IN (SELECT article_id"                 \
	" FROM article_author"                                                 \
	" WHERE author_id = :author_id))"

#define IN_CATEGORY                                                            \
	" AND (:category_id IS NULL OR id IN (SELECT id"                       \
	" FROM article"                                                        \
	" WHERE category_id = :category_id))"

#define WITH_TAG                                                               \
	" AND (:tag_id IS NULL OR id IN (SELECT article_id"                    \
	" FROM article_tag"                                                    \
	" WHERE tag_id = :tag_id))"

/* Where the words of a list's texts are: article_index.c. */
#define PUBLIC_WORDS                                                           \
	"SELECT rowid"                                                         \
	" FROM article_search"                                                 \
	" WHERE article_search MATCH :words"

#define PRIVATE_WORDS                                                          \
	"SELECT rowid"                                                         \
	" FROM draft_search"                                                   \
	" WHERE draft_search MATCH :words"

#define ALL_WORDS PUBLIC_WORDS " UNION ALL " PRIVATE_WORDS

/* What is found by its index is not looked at twice. */
#define WITH_TEXT(words)                                                       \
	" AND (:text IS NULL OR id IN (" words ")"                             \
	" OR title LIKE :text ESCAPE '\\' OR slug LIKE :text ESCAPE '\\')"

/* A phrase that is nowhere, where nothing was typed that is a word. */
#define NO_WORDS "\"\""

#define PAGED " LIMIT :count OFFSET :skip"

#define IDS   "SELECT id FROM article"
#define COUNT "SELECT count(*) FROM article"

#define ALL       " WHERE trashed_at IS NULL"
#define DRAFTS    " WHERE status = 'draft' AND trashed_at IS NULL"
#define SCHEDULED " WHERE status = 'scheduled' AND trashed_at IS NULL"
#define PUBLISHED " WHERE status = 'published' AND trashed_at IS NULL"
#define TRASH     " WHERE trashed_at IS NOT NULL"

#define BY_CHANGE  " ORDER BY updated_at DESC, id DESC"
#define BY_DUE     " ORDER BY published_at"
#define BY_DATE    " ORDER BY published_at DESC, id DESC"
#define BY_TRASHED " ORDER BY trashed_at DESC, id DESC"

/* What is shown of a list, what is found in it, and how much there is. */
#define LISTED(shelf, order) IDS shelf BY_AUTHOR order PAGED
#define FOUND(shelf, words, order)                                             \
	IDS shelf BY_AUTHOR IN_CATEGORY WITH_TAG WITH_TEXT(words) order
#define COUNTED(shelf) COUNT shelf BY_AUTHOR

static const char SQL_LIST_ALL[] = LISTED(ALL, BY_CHANGE);
static const char SQL_LIST_DRAFTS[] = LISTED(DRAFTS, BY_CHANGE);
static const char SQL_LIST_SCHEDULED[] = LISTED(SCHEDULED, BY_DUE);
static const char SQL_LIST_PUBLISHED[] = LISTED(PUBLISHED, BY_DATE);
static const char SQL_LIST_TRASH[] = LISTED(TRASH, BY_TRASHED);

static const char SQL_FIND_ALL[] = FOUND(ALL, ALL_WORDS, BY_CHANGE);
static const char SQL_FIND_DRAFTS[] = FOUND(DRAFTS, PRIVATE_WORDS, BY_CHANGE);
static const char SQL_FIND_SCHEDULED[] = FOUND(SCHEDULED, PUBLIC_WORDS, BY_DUE);
static const char SQL_FIND_PUBLISHED[] =
    FOUND(PUBLISHED, PUBLIC_WORDS, BY_DATE);
static const char SQL_FIND_TRASH[] = FOUND(TRASH, PRIVATE_WORDS, BY_TRASHED);

static const char SQL_COUNT_DRAFTS[] = COUNTED(DRAFTS);
static const char SQL_COUNT_SCHEDULED[] = COUNTED(SCHEDULED);
static const char SQL_COUNT_PUBLISHED[] = COUNTED(PUBLISHED);
static const char SQL_COUNT_TRASH[] = COUNTED(TRASH);

static const struct {
	const char *list;
	const char *find;
	const char *count; /* NULL: the sum of the others but the trash */
} SHELVES[ARTICLE_SHELF_COUNT] = {
	[ARTICLE_SHELF_ALL] = { SQL_LIST_ALL, SQL_FIND_ALL, NULL },
	[ARTICLE_SHELF_DRAFTS] = { SQL_LIST_DRAFTS, SQL_FIND_DRAFTS,
	    SQL_COUNT_DRAFTS },
	[ARTICLE_SHELF_SCHEDULED] = { SQL_LIST_SCHEDULED, SQL_FIND_SCHEDULED,
	    SQL_COUNT_SCHEDULED },
	[ARTICLE_SHELF_PUBLISHED] = { SQL_LIST_PUBLISHED, SQL_FIND_PUBLISHED,
	    SQL_COUNT_PUBLISHED },
	[ARTICLE_SHELF_TRASH] = { SQL_LIST_TRASH, SQL_FIND_TRASH,
	    SQL_COUNT_TRASH },
};

static void
free_row(void *data)
{
	struct article_row *row = data;

	g_free(row->title);
	g_free(row->path);
	g_free(row->category);
	g_free(row->author);
	g_free(row);
}

static struct article_row *
row_from_statement(struct statement *statement)
{
	struct article_row *row = g_new0(struct article_row, 1);

	row->id = statement_integer(statement, 0);
	row->kind = article_kind_from_name(statement_text(statement, 1));
	row->status = article_status_from_name(statement_text(statement, 2));
	row->published_at = statement_integer(statement, 3);
	row->updated_at = statement_integer(statement, 4);
	row->trashed_at = statement_integer(statement, 5);
	row->title = statement_dup_text(statement, 6);
	row->path = statement_dup_text(statement, 7);
	row->category = statement_dup_text(statement, 8);
	row->author = statement_dup_text(statement, 9);
	row->minutes = (uint32_t)statement_integer(statement, 10);
	return row;
}

/* 0 is any, which stays NULL. */
static void
bind_id(struct statement *statement, const char *name, int64_t id)
{
	if (id != 0)
		statement_bind_integer(statement, name, id);
}

/* ---- how many ---- */

static enum status
count_shelf(struct database *database, enum article_shelf shelf,
    int64_t author_id, int64_t *out_count)
{
	struct statement *statement =
	    database_statement(database, SHELVES[shelf].count);

	bind_id(statement, ":author_id", author_id);
	return statement_read_integer(statement, out_count);
}

enum status
article_count_shelves(struct database *database, int64_t author_id,
    int64_t out_counts[ARTICLE_SHELF_COUNT])
{
	int64_t all = 0;

	for (int i = 0; i < ARTICLE_SHELF_COUNT; i++) {
		enum status status;

		if (SHELVES[i].count == NULL)
			continue;
		status = count_shelf(
		    database, (enum article_shelf)i, author_id, &out_counts[i]);
		if (status != STATUS_OK)
			return status;
		if (i != ARTICLE_SHELF_TRASH)
			all += out_counts[i];
	}
	out_counts[ARTICLE_SHELF_ALL] = all;
	return STATUS_OK;
}

static enum status
count_all(struct database *database, const struct article_shelf_filter *filter,
    int64_t *out_count)
{
	int64_t counts[ARTICLE_SHELF_COUNT];
	enum status status =
	    article_count_shelves(database, filter->author_id, counts);

	if (status == STATUS_OK)
		*out_count = counts[filter->shelf];
	return status;
}

/* ---- which ---- */

/* The ids of a page, when nothing is looked for. */
static enum status
list_ids(struct database *database, const struct article_shelf_filter *filter,
    int64_t skip, int64_t count, GArray *ids)
{
	struct statement *statement =
	    database_statement(database, SHELVES[filter->shelf].list);

	bind_id(statement, ":author_id", filter->author_id);
	statement_bind_integer(statement, ":count", count);
	statement_bind_integer(statement, ":skip", skip);
	return statement_append_integers(statement, ids);
}

/* Whether more than whose articles they are decides. */
static bool
is_looking(const struct article_shelf_filter *filter)
{
	return filter->category_id != 0 || filter->tag_id != 0 ||
	       text_is_given(filter->text);
}

/* The ids of a page of what is looked for, and how many there are: in one walk,
 * since the titles are most of the work. */
static enum status
find_ids(struct database *database, const struct article_shelf_filter *filter,
    int64_t skip, int64_t count, GArray *ids, int64_t *out_total)
{
	g_autofree char *pattern = like_pattern(filter->text);
	g_autofree char *words =
	    pattern != NULL ? search_make_query(filter->text) : NULL;
	struct statement *statement =
	    database_statement(database, SHELVES[filter->shelf].find);
	int64_t total = 0;
	enum status status;

	statement_bind_text(statement, ":text", pattern);
	statement_bind_text(
	    statement, ":words", words != NULL ? words : NO_WORDS);
	bind_id(statement, ":author_id", filter->author_id);
	bind_id(statement, ":category_id", filter->category_id);
	bind_id(statement, ":tag_id", filter->tag_id);
	while ((status = statement_step(statement)) == STATUS_OK) {
		int64_t id = statement_integer(statement, 0);

		if (total >= skip && total - skip < count)
			g_array_append_val(ids, id);
		total++;
	}
	*out_total = total;
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* ---- what is shown ---- */

static enum status
read_row(struct database *database, int64_t id, GPtrArray *rows)
{
	struct statement *statement = database_statement(database, SQL_ROW);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status == STATUS_OK)
		g_ptr_array_add(rows, row_from_statement(statement));
	statement_reset(statement);
	return status;
}

enum status
article_list_shelf(struct database *database,
    const struct article_shelf_filter *filter, int64_t page, int64_t per_page,
    GPtrArray **out_rows, int64_t *out_total)
{
	bool is_walk = is_looking(filter);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
	int64_t skip = (page - 1) * per_page;
	int64_t total = 0;
	enum status status;

	if (is_walk)
		status =
		    find_ids(database, filter, skip, per_page, ids, &total);
	else
		status = list_ids(database, filter, skip, per_page, ids);
	if (status == STATUS_OK && !is_walk && out_total != NULL)
		status = count_all(database, filter, &total);
	for (guint i = 0; i < ids->len && status == STATUS_OK; i++)
		status =
		    read_row(database, g_array_index(ids, int64_t, i), rows);
	if (status != STATUS_OK)
		return status;
	*out_rows = g_steal_pointer(&rows);
	if (out_total != NULL)
		*out_total = total;
	return STATUS_OK;
}
