/*
 * fixture.c - a blog in memory for the tests of the models.
 */
#include "config.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/author.h"
#include "model/search.h"

int
fixture_set_up(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);
	const struct author_draft owner = {
		.name = "Ada Lovelace",
		.email = "ada@example.org",
		.role = AUTHOR_ROLE_OWNER,
		.job_title = "Analyst",
		.biography = "Wrote the first program.",
	};

	assert_int_equal(database_open(":memory:", DATABASE_CREATE,
			     &fixture->database, NULL),
	    STATUS_OK);
	assert_int_equal(
	    setting_load(fixture->database, &fixture->blog), STATUS_OK);
	assert_int_equal(author_add(fixture->database, &owner, NOW,
			     &fixture->author_id, NULL),
	    STATUS_OK);
	*state = fixture;
	return 0;
}

int
fixture_tear_down(void **state)
{
	struct fixture *fixture = *state;

	database_close(fixture->database);
	setting_release(&fixture->blog);
	g_free(fixture);
	return 0;
}

struct article_draft
fixture_draft(const struct fixture *fixture, const char *slug, int64_t days)
{
	return (struct article_draft){
		.status = ARTICLE_STATUS_PUBLISHED,
		.published_at = NOW - days * DAY,
		.slug = slug,
		.title = slug,
		.author_ids = &fixture->author_id,
		.author_count = 1,
		.body = "The *body*.",
		.body_html = "<p>The <em>body</em>.</p>\n",
		.contents_html = "",
		.excerpt = "The body.",
		.text = "The body.",
		.word_count = 2,
		.minutes = 1,
	};
}

enum status
fixture_try_save(struct fixture *fixture, const struct article_draft *draft,
    int64_t *out_id, GError **error)
{
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	status = article_save(
	    fixture->database, &fixture->blog, draft, NOW, out_id, NULL, error);
	/* Whatever came out: what is refused must leave nothing to commit. */
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
	return status;
}

int64_t
fixture_save(struct fixture *fixture, const struct article_draft *draft)
{
	int64_t id = 0;
	g_autoptr(GError) error = NULL;

	if (fixture_try_save(fixture, draft, &id, &error) != STATUS_OK)
		fail_msg("%s: %s", draft->slug, error->message);
	return id;
}

int64_t
fixture_article(struct fixture *fixture, const char *slug, int64_t days,
    const char *category, const char *tags)
{
	struct article_draft draft = fixture_draft(fixture, slug, days);
	g_auto(GStrv) names = g_strsplit(tags != NULL ? tags : "", ",", -1);

	draft.category = category;
	draft.tags = (const char *const *)names;
	return fixture_save(fixture, &draft);
}

void
fixture_run(struct fixture *fixture, const char *sql)
{
	assert_int_equal(database_execute(fixture->database, sql), STATUS_OK);
}

int64_t
fixture_integer(struct fixture *fixture, const char *sql)
{
	struct statement *statement =
	    database_statement(fixture->database, sql);
	int64_t value;

	assert_int_equal(statement_step(statement), STATUS_OK);
	value = statement_integer(statement, 0);
	statement_reset(statement);
	return value;
}

char *
fixture_text(struct fixture *fixture, const char *sql)
{
	struct statement *statement =
	    database_statement(fixture->database, sql);
	char *text;

	assert_int_equal(statement_step(statement), STATUS_OK);
	text = statement_dup_text(statement, 0);
	statement_reset(statement);
	return text;
}

/* What the triggers keep, less what is right: no row may remain. */
static const char SQL_WRONG_BUCKETS[] =
    "WITH listed AS (SELECT * FROM article WHERE listed_at IS NOT NULL),"
    " entry (scope, key, at) AS ("
    " SELECT 0, 0, listed_at FROM listed"
    " UNION ALL SELECT 2, coalesce(category_id, 0), listed_at FROM listed"
    " UNION ALL SELECT 4, year, listed_at FROM listed"
    " UNION ALL SELECT 1, t.tag_id, l.listed_at"
    " FROM article_tag t JOIN listed l ON l.id = t.article_id"
    " UNION ALL SELECT 3, w.author_id, l.listed_at"
    " FROM article_author w JOIN listed l ON l.id = w.article_id),"
    " right AS (SELECT scope, key, at >> 22 AS bucket, count(*) AS n"
    " FROM entry GROUP BY 1, 2, 3)"
    " SELECT count(*) FROM (SELECT * FROM"
    " (SELECT * FROM right EXCEPT SELECT * FROM listing_bucket)"
    " UNION ALL SELECT * FROM"
    " (SELECT * FROM listing_bucket EXCEPT SELECT * FROM right))";

static const char SQL_WRONG_COUNTS[] =
    "WITH listed AS (SELECT * FROM article WHERE listed_at IS NOT NULL)"
    " SELECT (SELECT count(*) FROM tag t WHERE article_count <>"
    " (SELECT count(*) FROM article_tag j JOIN listed l"
    " ON l.id = j.article_id WHERE j.tag_id = t.id))"
    " + (SELECT count(*) FROM author t WHERE article_count <>"
    " (SELECT count(*) FROM article_author j JOIN listed l"
    " ON l.id = j.article_id WHERE j.author_id = t.id))"
    " + (SELECT count(*) FROM category t WHERE article_count <>"
    " (SELECT count(*) FROM listed l WHERE l.category_id = t.id))"
    " + (SELECT count(*) FROM blog WHERE article_count <>"
    " (SELECT count(*) FROM listed))"
    " + (SELECT count(*) FROM (SELECT year, count(*) FROM listed GROUP BY 1"
    " EXCEPT SELECT year, article_count FROM archive_year))"
    " + (SELECT count(*) FROM (SELECT year, article_count FROM archive_year"
    " EXCEPT SELECT year, count(*) FROM listed GROUP BY 1))"
    " + (SELECT count(*) FROM article_tag j JOIN article a"
    " ON a.id = j.article_id WHERE j.listed_at IS NOT a.listed_at)"
    " + (SELECT count(*) FROM article_author j JOIN article a"
    " ON a.id = j.article_id WHERE j.listed_at IS NOT a.listed_at)";

int64_t
fixture_count_found(struct database *database, const char *word, int64_t now)
{
	struct search_result result;
	int64_t count;

	assert_int_equal(
	    search_articles(database, word, 1, 10, now, &result), STATUS_OK);
	count = result.total_count;
	search_result_release(&result);
	return count;
}

void
fixture_assert_counts(struct fixture *fixture)
{
	assert_int_equal(fixture_integer(fixture, SQL_WRONG_COUNTS), 0);
	assert_int_equal(fixture_integer(fixture, SQL_WRONG_BUCKETS), 0);
}
