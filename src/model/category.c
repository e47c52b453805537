/*
 * category.c - broad subjects, found by slug, listed by name, made when first
 * used.
 *
 * What must hold: article_count is the triggers' alone; nothing here sets it.
 */
#include "config.h"

#include "model/category.h"

#include "term_private.h"

static const char SQL_FIND[] =
    "SELECT id, slug, name, description, article_count"
    " FROM category"
    " WHERE slug = :slug";

static const char SQL_LIST_USED[] =
    "SELECT id, slug, name, description, article_count"
    " FROM category"
    " WHERE article_count > 0"
    " ORDER BY name COLLATE NOCASE";

static const char SQL_NAMED[] = "SELECT id"
				" FROM category"
				" WHERE name = :name COLLATE NOCASE"
				" ORDER BY id"
				" LIMIT 1";

static const char SQL_FIND_NAME[] = "SELECT id, name"
				    " FROM category"
				    " WHERE slug = :slug";

static const char SQL_INSERT[] = "INSERT INTO category (slug, name)"
				 " VALUES (:slug, :name)";

static const struct term_table category_table = {
	.named_sql = SQL_NAMED,
	.find_sql = SQL_FIND_NAME,
	.insert_sql = SQL_INSERT,
	.read_sql = SQL_FIND,
	.list_used_sql = SQL_LIST_USED,
};

enum status
category_find(
    struct database *database, const char *slug, struct term **out_category)
{
	return term_read(database, &category_table, slug, out_category);
}

enum status
category_list_used(struct database *database, GPtrArray **out_categories)
{
	return term_list_used(database, &category_table, out_categories);
}

enum status
category_ensure(struct database *database, const char *name, int64_t *out_id)
{
	return term_ensure(database, &category_table, name, out_id);
}
