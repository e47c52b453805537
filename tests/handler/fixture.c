/*
 * fixture.c - see fixture.h. It must keep true that a test asks in the way
 * fcgi.c does: CGI variables in, the head and body of an answer out.
 */
#include "config.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/request.h"
#include "http/response.h"
#include "model/author.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/static_file.h"

static void
add_owner(struct fixture *fixture)
{
	const struct author_draft owner = {
		.name = "Ada Lovelace",
		.email = "ada@example.org",
		.role = AUTHOR_ROLE_OWNER,
		.job_title = "Analyst",
		.biography = "Wrote the first program.",
	};

	assert_int_equal(author_add(fixture->writer->database, &owner,
			     FIXTURE_PAST, &fixture->owner_id, NULL),
	    STATUS_OK);
}

static int
set_up(void **state, const char *base_url)
{
	struct fixture *fixture = g_new0(struct fixture, 1);
	g_autoptr(GError) error = NULL;
	g_autofree char *made = g_dir_make_tmp("byline-test.XXXXXX", NULL);

	fixture->directory = g_build_filename(made, "site", NULL);
	if (site_create(fixture->directory, base_url, &fixture->writer,
		&error) != STATUS_OK ||
	    site_new(fixture->directory, &fixture->site, &error) != STATUS_OK)
		fail_msg("%s", error->message);
	fixture->engine =
	    template_engine_new(template_files, template_files_count, NULL);
	fixture->static_files = static_files_new(
	    builtin_static_files, builtin_static_files_count, NULL);
	fixture->application = (struct site_application){
		.site = fixture->site,
		.engine = fixture->engine,
		.static_files = fixture->static_files,
		.signature = "0123abcd",
	};
	answer_init(&fixture->answer);
	add_owner(fixture);
	*state = fixture;
	return 0;
}

int
fixture_set_up(void **state)
{
	return set_up(state, "http://127.0.0.1:8080");
}

int
fixture_set_up_below(void **state)
{
	return set_up(state, "http://127.0.0.1:8080/blog");
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) entries = NULL;
	const char *name;

	if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK))
		entries = g_dir_open(path, 0, NULL);
	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
	}
	(void)remove(path);
}

int
fixture_tear_down(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *parent = g_path_get_dirname(fixture->directory);

	site_release(&fixture->application);
	site_free(fixture->site);
	site_free(fixture->writer);
	template_engine_free(fixture->engine);
	static_files_free(fixture->static_files);
	answer_release(&fixture->answer);
	remove_tree(parent);
	g_free(fixture->directory);
	g_free(fixture);
	return 0;
}

/* ---- asking ---- */

void
answer_init(struct answer *answer)
{
	*answer = (struct answer){
		.headers = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, g_free),
		.body = g_string_new(NULL),
	};
}

void
answer_release(struct answer *answer)
{
	g_hash_table_destroy(answer->headers);
	g_free(answer->head);
	g_string_free(answer->body, TRUE);
}

static void
take_header(struct answer *answer, const char *line)
{
	const char *colon = strchr(line, ':');
	g_autofree char *name = NULL;
	const char *before;
	char *value;

	if (colon == NULL)
		fail_msg("no header: %s", line);
	name = g_ascii_strdown(line, colon - line);
	before = g_hash_table_lookup(answer->headers, name);
	/* A header that stands there twice is no answer of ours, but for
	 * cookies. */
	if (before != NULL && strcmp(name, "set-cookie") != 0)
		fail_msg("twice in an answer: %s", name);
	value = before == NULL ? g_strdup(colon + 2)
			       : g_strconcat(before, "\n", colon + 2, NULL);
	g_hash_table_insert(answer->headers, g_steal_pointer(&name), value);
}

void
answer_take(struct answer *answer, const struct request *request,
    const struct response *response)
{
	g_autoptr(GString) head = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;

	response_append_head(response, request, head);
	g_hash_table_remove_all(answer->headers);
	lines = g_strsplit(head->str, "\r\n", -1);
	for (char **line = lines; (*line)[0] != '\0'; line++)
		take_header(answer, *line);
	answer->status = response->status;
	g_free(answer->head);
	answer->head = g_strdup(head->str);
	g_string_truncate(answer->body, 0);
	if (response_has_body(response, request))
		g_string_append_len(answer->body, response->body->str,
		    (gssize)response->body->len);
}

static const struct answer *
ask(struct fixture *fixture, const char *const *variables)
{
	const struct request_options options = {
		.base_path = fixture->site->settings.base_path
	};
	struct request request;
	struct response response;
	const char *reason = NULL;
	int http_status = 0;

	response_init(&response);
	if (request_parse(&options, variables, NULL, 0, FIXTURE_NOW, &request,
		&http_status, &reason) == STATUS_OK)
		assert_int_equal(http_status, 0);
	site_respond(
	    &fixture->application, &request, http_status, reason, &response);
	answer_take(&fixture->answer, &request, &response);
	response_release(&response);
	request_release(&request);
	return &fixture->answer;
}

const struct answer *
fixture_ask(
    struct fixture *fixture, const char *method, const char *target, ...)
{
	g_autoptr(GPtrArray) variables = g_ptr_array_new_with_free_func(g_free);
	const char *variable;
	va_list more;

	g_ptr_array_add(
	    variables, g_strconcat("REQUEST_METHOD=", method, NULL));
	g_ptr_array_add(variables, g_strconcat("REQUEST_URI=", target, NULL));
	g_ptr_array_add(variables, g_strdup("REMOTE_ADDR=192.0.2.1"));
	va_start(more, target);
	while ((variable = va_arg(more, const char *)) != NULL)
		g_ptr_array_add(variables, g_strdup(variable));
	va_end(more);
	g_ptr_array_add(variables, NULL);
	return ask(fixture, (const char *const *)variables->pdata);
}

const struct answer *
fixture_get(struct fixture *fixture, const char *target)
{
	return fixture_ask(fixture, "GET", target, NULL);
}

const char *
answer_header(const struct answer *answer, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	const char *value = g_hash_table_lookup(answer->headers, lower);

	return value == NULL ? "" : value;
}

const struct answer *
assert_status(struct fixture *fixture, const char *target, int status)
{
	const struct answer *answer = fixture_get(fixture, target);

	if (answer->status != status)
		fail_msg("%s: %d instead of %d\n%s", target, answer->status,
		    status, answer->head);
	return answer;
}

void
assert_redirect(
    struct fixture *fixture, const char *target, const char *location)
{
	const struct answer *answer = assert_status(fixture, target, 301);

	assert_string_equal(answer_header(answer, "Location"), location);
}

void
assert_has(const struct fixture *fixture, const char *text)
{
	if (strstr(fixture->answer.body->str, text) == NULL)
		fail_msg("no \"%s\" in %s%s", text, fixture->answer.head,
		    fixture->answer.body->str);
}

void
assert_has_not(const struct fixture *fixture, const char *text)
{
	if (strstr(fixture->answer.body->str, text) != NULL)
		fail_msg("\"%s\" in %s%s", text, fixture->answer.head,
		    fixture->answer.body->str);
}

/* ---- writing ---- */

struct article_draft
fixture_draft(const struct fixture *fixture, const char *slug, int64_t days)
{
	return (struct article_draft){
		.status = ARTICLE_STATUS_PUBLISHED,
		.published_at = FIXTURE_PAST + days * FIXTURE_DAY,
		.slug = slug,
		.title = slug,
		.author_ids = &fixture->owner_id,
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

int64_t
fixture_save_at(
    struct fixture *fixture, const struct article_draft *draft, int64_t now)
{
	struct site *writer = fixture->writer;
	g_autoptr(GError) error = NULL;
	int64_t id = 0;

	assert_int_equal(database_begin(writer->database, true), STATUS_OK);
	assert_int_equal(site_refresh(writer, FIXTURE_NOW), STATUS_OK);
	if (article_save(writer->database, &writer->blog, draft, now, &id, NULL,
		&error) != STATUS_OK)
		fail_msg("%s: %s", draft->slug, error->message);
	assert_int_equal(database_commit(writer->database), STATUS_OK);
	return id;
}

int64_t
fixture_save(struct fixture *fixture, const struct article_draft *draft)
{
	return fixture_save_at(fixture, draft, FIXTURE_NOW);
}

int64_t
fixture_article(struct fixture *fixture, const char *slug, int64_t days,
    const char *category, const char *tags)
{
	struct article_draft draft = fixture_draft(fixture, slug, days);
	g_auto(GStrv) names = g_strsplit(tags == NULL ? "" : tags, ",", -1);

	draft.category = category;
	draft.tags = (const char *const *)names;
	return fixture_save(fixture, &draft);
}

void
fixture_set(struct fixture *fixture, const char *key, const char *value)
{
	g_autoptr(GError) error = NULL;

	if (setting_store(fixture->writer->database, key, value, &error) !=
	    STATUS_OK)
		fail_msg("%s: %s", key, error->message);
}

void
fixture_run(struct fixture *fixture, const char *sql)
{
	assert_int_equal(
	    database_execute(fixture->writer->database, sql), STATUS_OK);
}

void
fixture_write(struct fixture *fixture, const char *name, const char *text)
{
	g_autofree char *path =
	    g_build_filename(fixture->directory, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	assert_int_equal(g_mkdir_with_parents(parent, 0755), 0);
	assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* ---- the log ---- */

/* Returns where standard error led before. */
int
fixture_capture_log(void)
{
	int file = memfd_create("log", MFD_CLOEXEC);
	int before = dup(STDERR_FILENO);

	assert_true(file >= 0 && before >= 0);
	assert_int_equal(dup2(file, STDERR_FILENO), STDERR_FILENO);
	close(file);
	return before;
}

char *
fixture_release_log(int log)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char part[4096];
	ssize_t size;

	assert_int_equal(lseek(STDERR_FILENO, 0, SEEK_SET), 0);
	while ((size = read(STDERR_FILENO, part, sizeof part)) > 0)
		g_string_append_len(text, part, size);
	assert_int_equal(dup2(log, STDERR_FILENO), STDERR_FILENO);
	close(log);
	return g_strdup(text->str);
}
