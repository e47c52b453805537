/*
 * test_failures.c - whatever fails behind a handler, a visitor gets a whole
 * page that says so, with a number that the log has too and nothing of the
 * inside; and once the reason is gone, so is the error.
 *
 * The functions that a database, its opening and a template fail in are wrapped
 * by the linker (tests/handler/local.mk).
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"
#include "store/database.h"
#include "template/template_engine.h"
#include "view/static_file.h"

/* What the wrapped functions do; 0: what they always do. */
static struct {
	int step_at; /* the step that fails, from 1 */
	int step_count;
	enum status step_status;
	enum status open_status;
	enum status begin_status;
	bool is_template_broken;
} fault;

enum status __real_statement_step(struct statement *statement);
enum status __wrap_statement_step(struct statement *statement);
enum status __real_database_open(const char *path, enum database_mode mode,
    struct database **out_database, GError **error);
enum status __wrap_database_open(const char *path, enum database_mode mode,
    struct database **out_database, GError **error);
enum status __real_database_begin(struct database *database, bool is_write);
enum status __wrap_database_begin(struct database *database, bool is_write);
enum status __real_template_expand(struct template_engine *engine,
    const char *file, struct template_dict *dict, GString *out);
enum status __wrap_template_expand(struct template_engine *engine,
    const char *file, struct template_dict *dict, GString *out);

enum status
__wrap_statement_step(struct statement *statement)
{
	if (++fault.step_count != fault.step_at)
		return __real_statement_step(statement);
	/* As the real one leaves it. */
	statement_reset(statement);
	return fault.step_status;
}

enum status
__wrap_database_open(const char *path, enum database_mode mode,
    struct database **out_database, GError **error)
{
	if (fault.open_status != STATUS_OK)
		return status_fail(error, fault.open_status,
		    "the database %s is locked by SQLite 3.40", path);
	return __real_database_open(path, mode, out_database, error);
}

enum status
__wrap_database_begin(struct database *database, bool is_write)
{
	if (fault.begin_status != STATUS_OK)
		return fault.begin_status;
	return __real_database_begin(database, is_write);
}

enum status
__wrap_template_expand(struct template_engine *engine, const char *file,
    struct template_dict *dict, GString *out)
{
	if (fault.is_template_broken)
		return STATUS_FAILED;
	return __real_template_expand(engine, file, dict, out);
}

/* An address for each handler. */
static const char *const TARGETS[] = { "/", "/page/2", "/articles/a-05",
	"/about", "/tags", "/tags/sqlite", "/tags/sqlite/feed.xml",
	"/categories", "/categories/backend", "/categories/backend/rss.xml",
	"/authors", "/authors/ada-lovelace", "/authors/ada-lovelace/feed.json",
	"/archive", "/archive/2025", "/search?q=body", "/feed.xml",
	"/sitemap.xml", "/healthz", "/nothing" };

static int
set_up(void **state)
{
	struct fixture *fixture;
	struct article_draft page;

	memset(&fault, 0, sizeof fault);
	fixture_set_up(state);
	fixture = *state;
	for (int i = 1; i <= 12; i++) {
		g_autofree char *slug = g_strdup_printf("a-%02d", i);

		fixture_article(fixture, slug, i, "Backend", "SQLite,Linux");
	}
	page = fixture_draft(fixture, "about", 0);
	page.kind = ARTICLE_KIND_PAGE;
	fixture_save(fixture, &page);
	return 0;
}

static int
tear_down(void **state)
{
	memset(&fault, 0, sizeof fault);
	return fixture_tear_down(state);
}

/* A page for a person, and nothing for somebody who looks for a way in. */
static void
assert_tells_nothing(const struct fixture *fixture)
{
	static const char *const secrets[] = { "sqlite", "SQLite 3", "SELECT",
		"byline.db", ".c:", "src/", "errno", "libfcgi", "GLib",
		PACKAGE_VERSION, "STATUS_", "database." };

	for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++)
		assert_has_not(fixture, secrets[i]);
	assert_has_not(fixture, fixture->directory);
	assert_string_equal(
	    answer_header(&fixture->answer, "Cache-Control"), "no-store");
	assert_string_equal(answer_header(&fixture->answer, "ETag"), "");
	assert_string_equal(
	    answer_header(&fixture->answer, "Last-Modified"), "");
	assert_string_equal(answer_header(&fixture->answer, "Content-Type"),
	    "text/html; charset=utf-8");
}

/* The number on the page is in the log, with what was asked for. */
static void
assert_number_is_logged(
    const struct fixture *fixture, const char *target, const char *log)
{
	static const char words[] = "The number of this error is ";
	const char *at = strstr(fixture->answer.body->str, words);
	g_autofree char *number = NULL;
	g_autofree char *logged = NULL;
	g_autofree char *asked = NULL;

	if (at == NULL)
		fail_msg("no number: %s", fixture->answer.body->str);
	at += sizeof words - 1;
	number = g_strndup(at, strcspn(at, "."));
	assert_int_equal(strlen(number), 10);
	logged = g_strdup_printf("id=%s", number);
	asked = g_strdup_printf("target=%.5s", target);
	if (strstr(log, logged) == NULL)
		fail_msg("no %s in %s", logged, log);
	if (strchr(target, '=') == NULL && strstr(log, asked) == NULL)
		fail_msg("no %s in %s", asked, log);
}

/* A search that takes too long is a matter of its words, which are kept. */
static void
assert_search_is_kept(const struct fixture *fixture)
{
	assert_has(fixture, "takes too long");
	assert_has(fixture, "value=\"body\"");
}

/* Fail step `at` of what `target` asks the database; false: there is none. */
static bool
check_step(struct fixture *fixture, const char *target, int at,
    enum status status, int http_status)
{
	int log = fixture_capture_log();
	g_autofree char *said = NULL;
	const struct answer *answer;

	fault.step_at = at;
	fault.step_count = 0;
	fault.step_status = status;
	answer = fixture_get(fixture, target);
	said = fixture_release_log(log);
	fault.step_at = 0;
	if (fault.step_count < at)
		return false;

	if (strcmp(target, "/healthz") == 0)
		http_status = 503;
	if (answer->status != http_status)
		fail_msg("%s, step %d: %d instead of %d", target, at,
		    answer->status, http_status);
	assert_string_equal(answer_header(answer, "Retry-After"),
	    http_status == 503 ? "5" : "");
	assert_has(fixture, "<h1");
	assert_has(fixture, "</html>");
	assert_tells_nothing(fixture);
	if (status == STATUS_BUSY && g_str_has_prefix(target, "/search"))
		assert_search_is_kept(fixture);
	else
		assert_number_is_logged(fixture, target, said);
	return true;
}

/* Every step of every page fails in turn. */
static void
check_every_step(struct fixture *fixture, enum status status, int http_status)
{
	int count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(TARGETS); i++) {
		/* Known before, so that every step is the page's own. */
		g_autofree char *page =
		    g_strdup(fixture_get(fixture, TARGETS[i])->body->str);

		for (int at = 1;
		     check_step(fixture, TARGETS[i], at, status, http_status);
		     at++)
			count++;
		fixture_get(fixture, TARGETS[i]);
		assert_string_equal(fixture->answer.body->str, page);
	}
	assert_true(count > 100);
}

static void
test_fails_at_every_step(void **state)
{
	check_every_step(*state, STATUS_FAILED, 500);
}

static void
test_busy_at_every_step(void **state)
{
	check_every_step(*state, STATUS_BUSY, 503);
}

/* A full disk, and a file that cannot be written: neither is the visitor's. */
static void
test_full_disk_at_every_step(void **state)
{
	check_every_step(*state, STATUS_TOO_LARGE, 503);
}

static void
test_rights_at_every_step(void **state)
{
	check_every_step(*state, STATUS_FORBIDDEN, 503);
}

/* ---- no database at all ---- */

static void
assert_unavailable(struct fixture *fixture, const char *target)
{
	int log = fixture_capture_log();
	g_autofree char *said = NULL;

	assert_status(fixture, target, 503);
	said = fixture_release_log(log);
	assert_string_equal(
	    answer_header(&fixture->answer, "Retry-After"), "5");
	assert_has(fixture, "<h1");
	assert_tells_nothing(fixture);
	assert_number_is_logged(fixture, target, said);
}

static void
test_database_cannot_be_opened(void **state)
{
	static const enum status reasons[] = { STATUS_BUSY, STATUS_NOT_FOUND,
		STATUS_INVALID, STATUS_FORBIDDEN, STATUS_FAILED };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
		fault.open_status = reasons[i];
		for (size_t k = 0; k < G_N_ELEMENTS(TARGETS); k++)
			assert_unavailable(fixture, TARGETS[k]);
	}

	fault.open_status = STATUS_OK;
	assert_status(fixture, "/about", 200);
}

static void
test_no_transaction(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/about", 200);
	fault.begin_status = STATUS_BUSY;
	for (size_t i = 0; i < G_N_ELEMENTS(TARGETS); i++)
		assert_unavailable(fixture, TARGETS[i]);

	fault.begin_status = STATUS_OK;
	assert_status(fixture, "/about", 200);
}

static void
move(const struct fixture *fixture, const char *from, const char *to)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		g_autofree char *old = g_strconcat(
		    fixture->directory, "/", from, suffixes[i], NULL);
		g_autofree char *new =
		    g_strconcat(fixture->directory, "/", to, suffixes[i], NULL);

		(void)rename(old, new);
	}
}

static void
test_database_is_moved_away_and_comes_back(void **state)
{
	struct fixture *fixture = *state;

	assert_status(fixture, "/about", 200);
	site_free(fixture->writer);
	fixture->writer = NULL;

	move(fixture, "byline.db", "away.db");
	assert_unavailable(fixture, "/about");
	assert_unavailable(fixture, "/");

	move(fixture, "away.db", "byline.db");
	assert_status(fixture, "/about", 200);
}

static void
test_database_is_replaced_by_garbage(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *garbage = g_strnfill(65536, 'x');

	assert_status(fixture, "/about", 200);
	site_free(fixture->writer);
	fixture->writer = NULL;
	move(fixture, "byline.db", "away.db");

	fixture_write(fixture, "byline.db", garbage);
	assert_unavailable(fixture, "/about");

	move(fixture, "away.db", "byline.db");
	assert_status(fixture, "/about", 200);
}

/* What was wrong with a request is said also where there is no database. */
static void
test_refused_without_a_database(void **state)
{
	struct fixture *fixture = *state;

	fault.open_status = STATUS_NOT_FOUND;

	assert_status(fixture, "/%zz", 400);
	assert_has(fixture, "the address is not well-formed");
	assert_tells_nothing(fixture);
}

/* A page that says so has its style sheet all the same. */
static void
test_files_need_no_database(void **state)
{
	struct fixture *fixture = *state;
	const char *style =
	    static_files_by_name(fixture->static_files, "style.css")->path;

	fixture_write(fixture, "media/1-a.png", "picture");
	fault.open_status = STATUS_BUSY;

	assert_status(fixture, style, 200);
	assert_status(fixture, "/media/1-a.png", 200);
	assert_status(fixture, "/media/2-b.png", 503);
}

/* ---- no template ---- */

static void
test_template_fails(void **state)
{
	struct fixture *fixture = *state;

	fault.is_template_broken = true;
	for (size_t i = 0; i < G_N_ELEMENTS(TARGETS); i++) {
		const char *target = TARGETS[i];
		int wanted = strcmp(target, "/nothing") == 0 ? 404 : 500;
		const struct answer *answer = fixture_get(fixture, target);

		/* Feeds are made without templates. */
		if (answer->status == 200) {
			assert_true(strstr(target, "feed") != NULL ||
				    strstr(target, "rss") != NULL ||
				    strstr(target, "sitemap") != NULL ||
				    strcmp(target, "/healthz") == 0);
			continue;
		}
		assert_int_equal(answer->status, wanted);
		assert_string_equal(answer_header(answer, "Content-Type"),
		    "text/plain; charset=utf-8");
		assert_string_equal(answer->body->str,
		    "This page cannot be shown just now. "
		    "Please try again later.\n");
	}

	fault.is_template_broken = false;
	assert_status(fixture, "/about", 200);
}

/* A page whose template fails has no validator: nobody keeps the error. */
static void
test_failure_is_not_kept(void **state)
{
	struct fixture *fixture = *state;

	fault.is_template_broken = true;
	fixture_get(fixture, "/about");

	assert_string_equal(
	    answer_header(&fixture->answer, "Cache-Control"), "no-store");
	assert_string_equal(answer_header(&fixture->answer, "ETag"), "");
	assert_string_equal(
	    answer_header(&fixture->answer, "Last-Modified"), "");
}

/* ---- the log ---- */

static void
test_failure_cannot_forge_a_line(void **state)
{
	struct fixture *fixture = *state;
	int log = fixture_capture_log();
	g_autofree char *said = NULL;
	g_auto(GStrv) lines = NULL;

	fault.begin_status = STATUS_BUSY;
	fixture_get(fixture,
	    "/search?q=a%0aforged&x=\n2026-01-01T00:00:00Z error forged.event");
	said = fixture_release_log(log);

	lines = g_strsplit(said, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		assert_false(g_str_has_prefix(*line, "2026-01-01"));
	assert_null(strstr(said, " error forged.event id"));
}

/* Standard error that is full, or closed, fails no request (fault 32). */
static void
test_log_is_full(void **state)
{
	struct fixture *fixture = *state;
	int before = dup(STDERR_FILENO);
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	fault.begin_status = STATUS_BUSY;
	dup2(fileno(full), STDERR_FILENO);
	fixture_get(fixture, "/about");
	close(STDERR_FILENO);
	fixture_get(fixture, "/about");
	dup2(before, STDERR_FILENO);
	close(before);
	fclose(full);

	assert_int_equal(fixture->answer.status, 503);
	assert_has(fixture, "</html>");
}

int
main(void)
{
#define ONCE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		ONCE(test_fails_at_every_step),
		ONCE(test_busy_at_every_step),
		ONCE(test_full_disk_at_every_step),
		ONCE(test_rights_at_every_step),
		ONCE(test_database_cannot_be_opened),
		ONCE(test_no_transaction),
		ONCE(test_database_is_moved_away_and_comes_back),
		ONCE(test_database_is_replaced_by_garbage),
		ONCE(test_refused_without_a_database),
		ONCE(test_files_need_no_database),
		ONCE(test_template_fails),
		ONCE(test_failure_is_not_kept),
		ONCE(test_failure_cannot_forge_a_line),
		ONCE(test_log_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
