/*
 * tag.c - narrow subjects, found by slug, listed by name, made when first used.
 *
 * What must hold: article_count is the triggers' alone; nothing here sets it.
 */
#include "config.h"

#include "model/tag.h"

#include "store/database.h"
#include "term.h"

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
};

void
tag_free(struct tag *tag)
{
	if (tag == NULL)
		return;
	g_free(tag->slug);
	g_free(tag->name);
	g_free(tag->description);
	g_free(tag);
}

static void
free_tag(void *tag)
{
	tag_free(tag);
}

static struct tag *
tag_from_row(struct statement *statement)
{
	struct tag *tag = g_new0(struct tag, 1);

	tag->id = statement_integer(statement, 0);
	tag->slug = statement_dup_text(statement, 1);
	tag->name = statement_dup_text(statement, 2);
	tag->description = statement_dup_text(statement, 3);
	tag->article_count = statement_integer(statement, 4);
	return tag;
}

enum status
tag_find(struct database *database, const char *slug, struct tag **out_tag)
{
	struct statement *statement = database_statement(database, SQL_FIND);
	enum status status;

	statement_bind_text(statement, ":slug", slug);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	*out_tag = tag_from_row(statement);
	statement_reset(statement);
	return STATUS_OK;
}

enum status
tag_list_used(struct database *database, GPtrArray **out_tags)
{
	struct statement *statement =
	    database_statement(database, SQL_LIST_USED);
	g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func(free_tag);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(tags, tag_from_row(statement));
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_tags = g_steal_pointer(&tags);
	return STATUS_OK;
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
