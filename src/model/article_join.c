/*
 * article_join.c - the tags and the authors of an article, each in order.
 *
 * What must hold: positions go from 1 without a gap; an article whose rows are
 * right already is not written to.
 */
#include "config.h"

#include <string.h>

#include "article_private.h"
#include "store/database.h"

static const char SQL_TAG_IDS[] = "SELECT tag_id"
				  " FROM article_tag"
				  " WHERE article_id = :id"
				  " ORDER BY position";

static const char SQL_DELETE_TAGS[] = "DELETE FROM article_tag"
				      " WHERE article_id = :id";

static const char SQL_INSERT_TAG[] =
    "INSERT INTO article_tag (article_id, position, tag_id)"
    " VALUES (:id, :position, :other)";

static const char SQL_AUTHOR_IDS[] = "SELECT author_id"
				     " FROM article_author"
				     " WHERE article_id = :id"
				     " ORDER BY position";

static const char SQL_DELETE_AUTHORS[] = "DELETE FROM article_author"
					 " WHERE article_id = :id";

static const char SQL_INSERT_AUTHOR[] =
    "INSERT INTO article_author (article_id, position, author_id)"
    " VALUES (:id, :position, :other)";

static const struct {
	const char *ids, *clear, *insert;
} SQL[] = {
	[ARTICLE_JOIN_TAGS] = { SQL_TAG_IDS, SQL_DELETE_TAGS, SQL_INSERT_TAG },
	[ARTICLE_JOIN_AUTHORS] = { SQL_AUTHOR_IDS, SQL_DELETE_AUTHORS,
	    SQL_INSERT_AUTHOR },
};

enum status
article_list_joined(struct database *database, enum article_join join,
    int64_t id, GArray **out_ids)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct statement *statement =
	    database_statement(database, SQL[join].ids);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_append_integers(statement, ids);
	if (status == STATUS_OK)
		*out_ids = g_steal_pointer(&ids);
	return status;
}

/* Whether the rows that are there are `ids` already. */
static enum status
has_same_rows(struct database *database, enum article_join join, int64_t id,
    const int64_t *ids, size_t count, bool *out_is_same)
{
	g_autoptr(GArray) stored = NULL;
	enum status status = article_list_joined(database, join, id, &stored);

	if (status == STATUS_OK)
		*out_is_same = stored->len == count &&
			       (count == 0 || memcmp(stored->data, ids,
						  count * sizeof(*ids)) == 0);
	return status;
}

enum status
article_write_joined(struct database *database, enum article_join join,
    int64_t id, const int64_t *ids, size_t count)
{
	bool is_same;
	enum status status =
	    has_same_rows(database, join, id, ids, count, &is_same);
	struct statement *statement;

	if (status != STATUS_OK || is_same)
		return status;
	statement = database_statement(database, SQL[join].clear);
	statement_bind_integer(statement, ":id", id);
	status = statement_run(statement);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		statement = database_statement(database, SQL[join].insert);
		statement_bind_integer(statement, ":id", id);
		statement_bind_integer(statement, ":position", (int64_t)i + 1);
		statement_bind_integer(statement, ":other", ids[i]);
		status = statement_run(statement);
	}
	return status;
}
