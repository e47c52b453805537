/*
 * query_plan.c - how SQLite answers what the models ask it. See query_plan.h.
 */
#include "config.h"

#include "query_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "../../src/store/database_private.h"

/* Steps of a plan that walk over a whole table, and why they may. */
static const struct {
	const char *statement; /* what it must hold */
	const char *step;
} walks[] = {
	/* Nothing to search by: the full-text index itself answers. */
	{ "article_search MATCH :query",
	    "SCAN article_search VIRTUAL TABLE INDEX " },
	{ "article_search MATCH :words",
	    "SCAN article_search VIRTUAL TABLE INDEX " },
	{ "draft_search MATCH :words",
	    "SCAN draft_search VIRTUAL TABLE INDEX " },
	/* Rows of the indexes, by their numbers. */
	{ "DELETE FROM article_search WHERE rowid",
	    "SCAN article_search VIRTUAL TABLE INDEX 0:=" },
	{ "DELETE FROM draft_search WHERE rowid",
	    "SCAN draft_search VIRTUAL TABLE INDEX 0:=" },
	{ "JOIN article_search s ON s.rowid = a.id",
	    "SCAN s VIRTUAL TABLE INDEX 0:=" },
	{ "JOIN draft_search s ON s.rowid = a.id",
	    "SCAN s VIRTUAL TABLE INDEX 0:=" },
	/* All settings, once after each change: some twenty rows. */
	{ "FROM setting", "SCAN setting" },
	/* All years, in order: one row a year. */
	{ "FROM archive_year ORDER BY year DESC", "SCAN archive_year" },
	/* All that is used, in order: the page shows all of it. */
	{ "FROM tag WHERE article_count > 0",
	    "SCAN tag USING INDEX tag_by_name" },
	{ "FROM category WHERE article_count > 0",
	    "SCAN category USING INDEX category_by_name" },
	{ "FROM author WHERE article_count > 0",
	    "SCAN author USING INDEX author_by_name" },
	{ "AND published_at <= :now ORDER BY title COLLATE NOCASE",
	    "SCAN article USING INDEX article_pages" },
	/* The first row ends it, or there are few. */
	{ "WHERE role = 'owner' ORDER BY id LIMIT 1",
	    "SCAN author USING INDEX author_owner" },
	{ " FROM author ORDER BY id LIMIT 1", "SCAN author" },
	{ "SELECT min(published_at) FROM article WHERE status = 'scheduled'",
	    "SCAN article USING COVERING INDEX article_scheduled" },
	{ "EXISTS (SELECT 1 FROM author WHERE password_hash IS NOT NULL)",
	    "SCAN author USING INDEX author_account" },
	{ "WHERE role = 'owner' AND id <> :id AND password_hash IS NOT NULL",
	    "SCAN author USING INDEX author_account" },
	/* One row, found by an index inside. */
	{ "LIMIT 1) n CROSS JOIN article c", "SCAN n" },
	/* Nearly always empty, and made empty by the next save. */
	{ "UNION ALL SELECT article_id FROM search_removal",
	    "SCAN search_removal" },
	/* What waits for its time: a few. */
	{ "SELECT id FROM article WHERE status = 'scheduled'",
	    "SCAN article USING INDEX article_scheduled" },
	/* The lists of the desk, in the order of an index that has all they
	 * need: a page ends them, or all titles are looked at. */
	{ "SELECT id FROM article WHERE trashed_at IS NULL",
	    "SCAN article USING INDEX article_edited" },
	{ "SELECT id FROM article WHERE status = 'draft'",
	    "SCAN article USING INDEX article_drafts" },
	{ "SELECT id FROM article WHERE status = 'published'",
	    "SCAN article USING INDEX article_published" },
	{ "SELECT id FROM article WHERE trashed_at IS NOT NULL",
	    "SCAN article USING INDEX article_trash" },
	/* How much each of them has. */
	{ "SELECT count(*) FROM article WHERE status = 'draft'",
	    "SCAN article USING INDEX article_drafts" },
	{ "SELECT count(*) FROM article WHERE status = 'scheduled'",
	    "SCAN article USING INDEX article_scheduled" },
	{ "SELECT count(*) FROM article WHERE status = 'published'",
	    "SCAN article USING INDEX article_published" },
	{ "SELECT count(*) FROM article WHERE trashed_at IS NOT NULL",
	    "SCAN article USING INDEX article_trash" },
	/* All who write, for the page that shows them. */
	{ " FROM author ORDER BY id", "SCAN author" },
	/* All who are signed in, when somebody is: some dozens. */
	{ "DELETE FROM session WHERE created_at <= :oldest", "SCAN session" },
	/* The tags of one article. */
	{ " FROM article a JOIN (SELECT coalesce(group_concat(name, ' '), '')",
	    "SCAN g" },
	{ " FROM article a JOIN (SELECT coalesce(group_concat(name, ' '), '')",
	    "SCAN (subquery-" },
	/* What is looked for may stand anywhere in a name, and a page says how
	 * many there are: files, addresses, tags and categories, which are
	 * fewer than articles, in the order of the list. */
	{ " FROM media m WHERE (:text IS NULL OR", "SCAN m" },
	{ " FROM media m WHERE (:text IS NULL OR",
	    "SCAN m USING INDEX media_newest" },
	{ " FROM media m WHERE m.width > 0",
	    "SCAN m USING INDEX media_newest" },
	{ " FROM redirect r LEFT JOIN article a", "SCAN r" },
	{ " FROM tag t WHERE :text IS NULL OR", "SCAN t" },
	{ " FROM tag t WHERE :text IS NULL OR", "SCAN t USING INDEX tag_name" },
	{ " FROM category t WHERE :text IS NULL OR", "SCAN t" },
	{ " FROM category t WHERE :text IS NULL OR",
	    "SCAN t USING INDEX category_name" },
	/* What is under way, a few of each author, and how large it is. */
	{ "FROM file_upload WHERE media_id IS NULL",
	    "SCAN file_upload USING COVERING INDEX file_upload_unfinished" },
	/* What a list can be chosen by: the first ones of each, in order. */
	{ "SELECT id, handle, name, '', 0 FROM author",
	    "SCAN author USING INDEX author_name" },
	{ "SELECT id, slug, name, '', 0 FROM category",
	    "SCAN category USING INDEX category_name" },
	{ "SELECT id, slug, name, '', 0 FROM tag",
	    "SCAN tag USING INDEX tag_name" },
	/* Names that are the same but for their case, when one is changed. */
	{ "SELECT id, name FROM tag WHERE id <> :id",
	    "SCAN tag USING COVERING INDEX tag_name" },
	{ "SELECT id, name FROM category WHERE id <> :id",
	    "SCAN category USING COVERING INDEX category_name" },
	/* All addresses, when what they are made of changes. */
	{ " FROM article a LEFT JOIN category c ON c.id = a.category_id"
	  " ORDER BY a.id",
	    "SCAN a USING INDEX article_card" },
	/* One row of it, by its number. */
	{ "FROM article_search WHERE rowid = :id",
	    "SCAN article_search VIRTUAL TABLE INDEX 0:=" },
	/* Who may be an author, and the series there are: fewer than articles.
	 */
	{ "u.handle, u.name) FROM author u ORDER BY u.id", "SCAN u" },
	{ "SELECT name FROM series ORDER BY name COLLATE NOCASE",
	    "SCAN series USING COVERING INDEX series_name" },
	{ "SELECT id, name FROM series WHERE id <> :id",
	    "SCAN series USING COVERING INDEX series_name" },
	{ " FROM series t WHERE :text IS NULL OR",
	    "SCAN t USING INDEX series_name" },
	{ "SELECT count(*) FROM series t WHERE :text IS NULL OR", "SCAN t" },
	/* The tags and the authors of one article, in order. */
	{ "INSERT INTO revision ", "SCAN (subquery-" },
	/* No table at all. */
	{ "SELECT EXISTS (SELECT 1 FROM ", "SCAN CONSTANT ROW" },
};

/* Whether `step` is `walk`, or begins like it where that has no end. */
static bool
is_walk(const char *step, const char *walk)
{
	bool is_open =
	    g_str_has_suffix(walk, " ") || g_str_has_suffix(walk, "-");

	return is_open ? g_str_has_prefix(step, walk) : strcmp(step, walk) == 0;
}

static bool
is_allowed(const char *sql, const char *step)
{
	if (strstr(step, "USE TEMP B-TREE") != NULL)
		return false;
	if (!g_str_has_prefix(step, "SCAN "))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(walks); i++)
		if (strstr(sql, walks[i].statement) != NULL &&
		    is_walk(step, walks[i].step))
			return true;
	return false;
}

void
query_plan_check(struct database *database, const char *sql, GString *problems)
{
	g_autofree char *explain =
	    g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
	sqlite3_stmt *plan = NULL;

	if (sqlite3_prepare_v2(database->handle, explain, -1, &plan, NULL) !=
	    SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(database->handle));
	while (sqlite3_step(plan) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(plan, 3);

		if (!is_allowed(sql, step))
			g_string_append_printf(
			    problems, "%s\n  in %s\n", step, sql);
	}
	sqlite3_finalize(plan);
}

static void
collect(const char *sql, void *data)
{
	g_ptr_array_add(data, (gpointer)sql);
}

GPtrArray *
query_plan_statements(struct database *database)
{
	GPtrArray *statements = g_ptr_array_new();

	database_each_statement(database, collect, statements);
	return statements;
}

guint
query_plan_check_new(struct database *database, GPtrArray *before)
{
	g_autoptr(GPtrArray) after = query_plan_statements(database);
	g_autoptr(GString) problems = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;
	guint checked = 0;

	for (guint i = 0; i < after->len; i++) {
		if (g_ptr_array_find(before, after->pdata[i], NULL))
			continue;
		query_plan_check(database, after->pdata[i], problems);
		checked++;
	}
	/* What is printed at once has a limit. */
	lines = g_strsplit(problems->str, "\n", -1);
	for (size_t i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
		print_error("%.200s\n", lines[i]);
	assert_int_equal(problems->len, 0);
	return checked;
}

int64_t
query_plan_count_steps(struct database *database)
{
	int64_t steps = 0;
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, database->statements);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct statement *statement = value;

		steps += sqlite3_stmt_status(
		    statement->handle, SQLITE_STMTSTATUS_VM_STEP, 1);
	}
	return steps;
}
