/*
 * category.c - broad subjects, found by slug, listed by name, made when first
 * used.
 *
 * What must hold: article_count is the triggers' alone; nothing here sets it.
 */
#include "config.h"

#include "model/category.h"

#include "store/database.h"
#include "term.h"

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
};

void
category_free(struct category *category)
{
	if (category == NULL)
		return;
	g_free(category->slug);
	g_free(category->name);
	g_free(category->description);
	g_free(category);
}

static void
free_category(void *category)
{
	category_free(category);
}

static struct category *
category_from_row(struct statement *statement)
{
	struct category *category = g_new0(struct category, 1);

	category->id = statement_integer(statement, 0);
	category->slug = statement_dup_text(statement, 1);
	category->name = statement_dup_text(statement, 2);
	category->description = statement_dup_text(statement, 3);
	category->article_count = statement_integer(statement, 4);
	return category;
}

enum status
category_find(
    struct database *database, const char *slug, struct category **out_category)
{
	struct statement *statement = database_statement(database, SQL_FIND);
	enum status status;

	statement_bind_text(statement, ":slug", slug);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	*out_category = category_from_row(statement);
	statement_reset(statement);
	return STATUS_OK;
}

enum status
category_list_used(struct database *database, GPtrArray **out_categories)
{
	struct statement *statement =
	    database_statement(database, SQL_LIST_USED);
	g_autoptr(GPtrArray) categories =
	    g_ptr_array_new_with_free_func(free_category);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(categories, category_from_row(statement));
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_categories = g_steal_pointer(&categories);
	return STATUS_OK;
}

enum status
category_ensure(struct database *database, const char *name, int64_t *out_id)
{
	return term_ensure(database, &category_table, name, out_id);
}
