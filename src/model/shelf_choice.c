/*
 * shelf_choice.c - what the articles of the desk's lists can be chosen by. See
 * shelf_choice.h.
 */
#include "config.h"

#include "model/shelf_choice.h"

#include "store/database.h"
#include "term_private.h"

static const char SQL_LIST_AUTHORS[] = "SELECT id, handle, name, '', 0"
				       " FROM author"
				       " ORDER BY name COLLATE NOCASE, id"
				       " LIMIT :count";

static const char SQL_LIST_CATEGORIES[] = "SELECT id, slug, name, '', 0"
					  " FROM category"
					  " ORDER BY name COLLATE NOCASE, id"
					  " LIMIT :count";

static const char SQL_LIST_TAGS[] = "SELECT id, slug, name, '', 0"
				    " FROM tag"
				    " ORDER BY name COLLATE NOCASE, id"
				    " LIMIT :count";

static const char SQL_FIND_AUTHOR[] = "SELECT id"
				      " FROM author"
				      " WHERE handle = :text"
				      " UNION ALL"
				      " SELECT id"
				      " FROM author"
				      " WHERE name = :text COLLATE NOCASE"
				      " LIMIT 1";

static const char SQL_FIND_CATEGORY[] = "SELECT id"
					" FROM category"
					" WHERE slug = :text"
					" UNION ALL"
					" SELECT id"
					" FROM category"
					" WHERE name = :text COLLATE NOCASE"
					" LIMIT 1";

static const char SQL_FIND_TAG[] = "SELECT id"
				   " FROM tag"
				   " WHERE slug = :text"
				   " UNION ALL"
				   " SELECT id"
				   " FROM tag"
				   " WHERE name = :text COLLATE NOCASE"
				   " LIMIT 1";

static const struct {
	const char *list, *find;
} SQL[SHELF_CHOICE_COUNT] = {
	[SHELF_CHOICE_AUTHOR] = { SQL_LIST_AUTHORS, SQL_FIND_AUTHOR },
	[SHELF_CHOICE_CATEGORY] = { SQL_LIST_CATEGORIES, SQL_FIND_CATEGORY },
	[SHELF_CHOICE_TAG] = { SQL_LIST_TAGS, SQL_FIND_TAG },
};

enum status
shelf_choice_list(
    struct database *database, enum shelf_choice choice, GPtrArray **out_terms)
{
	struct statement *statement =
	    database_statement(database, SQL[choice].list);

	statement_bind_integer(statement, ":count", SHELF_CHOICE_MOST);
	return term_list_rows(statement, out_terms);
}

enum status
shelf_choice_find(struct database *database, enum shelf_choice choice,
    const char *text, int64_t *out_id)
{
	struct statement *statement =
	    database_statement(database, SQL[choice].find);

	statement_bind_text(statement, ":text", text);
	return statement_read_integer(statement, out_id);
}
