/*
 * site_fixture.c - a blog in a temporary site directory. See site_fixture.h.
 */
#include "config.h"

#include "site_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "model/author.h"

int
site_fixture_set_up(void **state)
{
	struct site_fixture *fixture = g_new0(struct site_fixture, 1);
	const struct author_draft owner = {
		.name = "Ada Lovelace",
		.email = "ada@example.org",
		.role = AUTHOR_ROLE_OWNER,
	};
	g_autofree char *directory = NULL;
	g_autoptr(GError) error = NULL;

	fixture->parent = g_dir_make_tmp("byline-model-XXXXXX", NULL);
	directory = g_build_filename(fixture->parent, "site", NULL);
	if (site_create(directory, "http://127.0.0.1:8080", &fixture->site,
		&error) != STATUS_OK)
		fail_msg("%s", error->message);
	assert_int_equal(author_add(fixture->site->database, &owner, NOW,
			     &fixture->author_id, NULL),
	    STATUS_OK);
	*state = fixture;
	return 0;
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
	}
	(void)g_remove(path);
}

int
site_fixture_tear_down(void **state)
{
	struct site_fixture *fixture = *state;

	site_free(fixture->site);
	remove_tree(fixture->parent);
	g_free(fixture->parent);
	g_free(fixture);
	return 0;
}

void
site_fixture_run(struct site_fixture *fixture, const char *sql)
{
	assert_int_equal(
	    database_execute(fixture->site->database, sql), STATUS_OK);
}

int64_t
site_fixture_integer(struct site_fixture *fixture, const char *sql)
{
	struct statement *statement =
	    database_statement(fixture->site->database, sql);
	int64_t value;

	assert_int_equal(statement_step(statement), STATUS_OK);
	value = statement_integer(statement, 0);
	statement_reset(statement);
	return value;
}

char *
site_fixture_text(struct site_fixture *fixture, const char *sql)
{
	struct statement *statement =
	    database_statement(fixture->site->database, sql);
	char *text;

	assert_int_equal(statement_step(statement), STATUS_OK);
	text = statement_dup_text(statement, 0);
	statement_reset(statement);
	return text;
}
