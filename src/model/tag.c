/*
 * tag.c - narrow subjects, found by slug, listed by name, made when first used.
 *
 * What must hold: article_count is the triggers' alone; nothing here sets it.
 */
#include "config.h"

#include "model/tag.h"

#include "store/database.h"
#include "term_private.h"

static const char SQL_FIND[] =
    "SELECT id, slug, name, description, article_count"
    " FROM tag"
    " WHERE slug = :slug";

static const char SQL_LIST_USED[] =
    "SELECT id, slug, name, description, article_count"
    " FROM tag"
    " WHERE article_count > 0"
    " ORDER BY name COLLATE NOCASE";

static const char SQL_NAMES_OF[] = "SELECT t.name"
				   " FROM article_tag g"
				   " JOIN tag t ON t.id = g.tag_id"
				   " WHERE g.article_id = :id"
				   " ORDER BY g.position";

static const char SQL_NAMED[] = "SELECT id"
				" FROM tag"
				" WHERE name = :name COLLATE NOCASE"
				" ORDER BY id"
				" LIMIT 1";

static const char SQL_FIND_NAME[] = "SELECT id, name"
				    " FROM tag"
				    " WHERE slug = :slug";

static const char SQL_INSERT[] = "INSERT INTO tag (slug, name)"
				 " VALUES (:slug, :name)";

static const struct term_table tag_table = {
	.named_sql = SQL_NAMED,
	.find_sql = SQL_FIND_NAME,
	.insert_sql = SQL_INSERT,
	.read_sql = SQL_FIND,
	.list_used_sql = SQL_LIST_USED,
};

enum status
tag_find(struct database *database, const char *slug, struct term **out_tag)
{
	return term_read(database, &tag_table, slug, out_tag);
}

enum status
tag_list_used(struct database *database, GPtrArray **out_tags)
{
	return term_list_used(database, &tag_table, out_tags);
}

enum status
tag_list_names(struct database *database, int64_t article_id, char ***out_names)
{
	struct statement *statement =
	    database_statement(database, SQL_NAMES_OF);
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();
	enum status status;

	statement_bind_integer(statement, ":id", article_id);
	while ((status = statement_step(statement)) == STATUS_OK)
		g_strv_builder_add(names, statement_text(statement, 0));
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_names = g_strv_builder_end(names);
	return STATUS_OK;
}

enum status
tag_ensure(struct database *database, const char *name, int64_t *out_id)
{
	return term_ensure(database, &tag_table, name, out_id);
}
