/*
 * desk_fixture.c - a browser at the desk. See desk_fixture.h.
 */
#include "config.h"

#include "desk_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "base/text.h"
#include "base/token.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/session.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/static_file.h"

/* ---- a blog ---- */

static void
make_application(struct desk_fixture *fixture)
{
	struct desk_application *application = &fixture->application;

	*application = (struct desk_application){
		.site = fixture->site,
		.engine = template_engine_new(
		    desk_template_files, desk_template_files_count, NULL),
		.static_files = static_files_new_below(DESK_STATIC_PREFIX,
		    builtin_desk_files, builtin_desk_files_count),
		.site_engine = template_engine_new(
		    template_files, template_files_count, NULL),
		.site_static_files = static_files_new(
		    builtin_static_files, builtin_static_files_count, NULL),
	};
	assert_int_equal(
	    template_engine_load(application->engine, NULL), STATUS_OK);
	assert_int_equal(
	    template_engine_load(application->site_engine, NULL), STATUS_OK);
}

static int
set_up(void **state, const char *base_url)
{
	struct desk_fixture *fixture = g_new0(struct desk_fixture, 1);
	const struct author_draft owner = {
		.name = "Ada Lovelace",
		.email = "ada@example.org",
		.role = AUTHOR_ROLE_OWNER,
	};
	g_autofree char *directory = NULL;
	g_autoptr(GError) error = NULL;

	fixture->now = DESK_NOW;
	fixture->parent = g_dir_make_tmp("byline-desk-XXXXXX", NULL);
	directory = g_build_filename(fixture->parent, "site", NULL);
	if (site_create(directory, base_url, &fixture->site, &error) !=
	    STATUS_OK)
		fail_msg("%s", error->message);
	make_application(fixture);
	fixture->cookies =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	answer_init(&fixture->answer);
	assert_int_equal(author_add(fixture->site->database, &owner, DESK_NOW,
			     &fixture->owner_id, NULL),
	    STATUS_OK);
	*state = fixture;
	return 0;
}

int
desk_fixture_set_up_new(void **state)
{
	return set_up(state, "http://127.0.0.1:8080");
}

int
desk_fixture_set_up(void **state)
{
	int result = desk_fixture_set_up_new(state);

	desk_become_owner(*state);
	return result;
}

int
desk_fixture_set_up_below(void **state)
{
	int result = set_up(state, "https://example.org/blog");

	desk_become_owner(*state);
	return result;
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
desk_fixture_tear_down(void **state)
{
	struct desk_fixture *fixture = *state;
	struct desk_application *application = &fixture->application;

	desk_release(application);
	template_engine_free(application->engine);
	template_engine_free(application->site_engine);
	static_files_free((struct static_files *)application->static_files);
	static_files_free(
	    (struct static_files *)application->site_static_files);
	site_free(fixture->site);
	g_hash_table_destroy(fixture->cookies);
	answer_release(&fixture->answer);
	remove_tree(fixture->parent);
	g_free(fixture->parent);
	g_free(fixture);
	return 0;
}

/* ---- cookies ---- */

static void
keep_cookie(struct desk_fixture *fixture, const char *cookie)
{
	const char *equals = strchr(cookie, '=');
	size_t size = strcspn(cookie, ";");

	assert_non_null(equals);
	if (strstr(cookie, "Max-Age=0") != NULL) {
		g_autofree char *name =
		    g_strndup(cookie, (size_t)(equals - cookie));

		g_hash_table_remove(fixture->cookies, name);
		return;
	}
	g_hash_table_insert(fixture->cookies,
	    g_strndup(cookie, (size_t)(equals - cookie)),
	    g_strndup(equals + 1, size - (size_t)(equals + 1 - cookie)));
}

static void
keep_cookies(struct desk_fixture *fixture)
{
	const char *header = answer_header(&fixture->answer, "Set-Cookie");
	g_auto(GStrv) cookies = g_strsplit(header, "\n", -1);

	for (size_t i = 0; cookies[i] != NULL; i++)
		keep_cookie(fixture, cookies[i]);
}

static char *
make_cookie_variable(const struct desk_fixture *fixture)
{
	GString *variable = g_string_new("HTTP_COOKIE=");
	GHashTableIter iterator;
	void *name, *value;

	g_hash_table_iter_init(&iterator, fixture->cookies);
	while (g_hash_table_iter_next(&iterator, &name, &value))
		g_string_append_printf(
		    variable, "%s=%s; ", (char *)name, (char *)value);
	return g_string_free(variable, FALSE);
}

/* ---- asking ---- */

/* Put "NAME=value" in the place of the variable of that name. */
static void
set_variable(GPtrArray *variables, const char *variable)
{
	size_t size = strcspn(variable, "=") + 1;

	for (guint i = 0; i < variables->len; i++)
		if (strncmp(variables->pdata[i], variable, size) == 0)
			g_ptr_array_remove_index(variables, i--);
	g_ptr_array_add(variables, g_strdup(variable));
}

static GPtrArray *
make_variables(const struct desk_fixture *fixture, const char *method,
    const char *target, size_t body_size)
{
	const char *origin = fixture->site->settings.origin;
	GPtrArray *variables = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(
	    variables, g_strconcat("REQUEST_METHOD=", method, NULL));
	g_ptr_array_add(variables, g_strconcat("REQUEST_URI=", target, NULL));
	g_ptr_array_add(variables, g_strdup("REMOTE_ADDR=192.0.2.7"));
	g_ptr_array_add(variables,
	    g_strconcat("HTTP_HOST=", strstr(origin, "://") + 3, NULL));
	g_ptr_array_add(
	    variables, g_strdup("HTTP_USER_AGENT=Mozilla/5.0 (X11; Linux "
				"x86_64; rv:128.0) Firefox/128.0"));
	g_ptr_array_add(variables, make_cookie_variable(fixture));
	if (strcmp(method, "POST") != 0)
		return variables;
	g_ptr_array_add(variables, g_strdup("HTTP_SEC_FETCH_SITE=same-origin"));
	g_ptr_array_add(variables, g_strconcat("HTTP_ORIGIN=", origin, NULL));
	g_ptr_array_add(variables,
	    g_strdup("CONTENT_TYPE=application/x-www-form-urlencoded"));
	g_ptr_array_add(
	    variables, g_strdup_printf("CONTENT_LENGTH=%zu", body_size));
	return variables;
}

static const struct answer *
ask(struct desk_fixture *fixture, GPtrArray *variables, const char *body)
{
	const struct request_options options = {
		.base_path = fixture->site->settings.base_path
	};
	size_t size = body != NULL ? strlen(body) : 0;
	struct request request;
	struct response response;
	const char *reason = NULL;
	int http_status = 0;

	g_ptr_array_add(variables, NULL);
	response_init(&response);
	if (request_parse(&options, (const char *const *)variables->pdata, body,
		size, fixture->now, &request, &http_status,
		&reason) == STATUS_OK)
		assert_int_equal(http_status, 0);
	desk_respond(
	    &fixture->application, &request, http_status, reason, &response);
	answer_take(&fixture->answer, &request, &response);
	response_release(&response);
	request_release(&request);
	keep_cookies(fixture);
	return &fixture->answer;
}

const struct answer *
desk_ask(struct desk_fixture *fixture, const char *method, const char *target,
    const char *body, ...)
{
	g_autoptr(GPtrArray) variables = make_variables(
	    fixture, method, target, body != NULL ? strlen(body) : 0);
	const char *variable;
	va_list more;

	va_start(more, body);
	while ((variable = va_arg(more, const char *)) != NULL)
		set_variable(variables, variable);
	va_end(more);
	return ask(fixture, variables, body);
}

const struct answer *
desk_get(struct desk_fixture *fixture, const char *target)
{
	return desk_ask(fixture, "GET", target, NULL, NULL);
}

/* The secret that the forms of this browser are made of is a cookie; what they
 * make of it stands in each of them. */
char *
desk_form_token(struct desk_fixture *fixture)
{
	g_autofree char *target = g_strconcat(
	    fixture->site->settings.base_path, "/desk/nowhere", NULL);
	g_autofree char *plain = NULL;

	if (g_hash_table_lookup(fixture->cookies, "byline_form") == NULL &&
	    g_hash_table_lookup(fixture->cookies, "__Host-byline_form") == NULL)
		desk_get(fixture, target);
	plain = g_strconcat("form ",
	    g_hash_table_lookup(fixture->cookies,
		fixture->site->settings.is_https ? "__Host-byline_form"
						 : "byline_form"),
	    NULL);
	return token_content_hash(plain, strlen(plain), 32);
}

static void
append_field(GString *body, const char *name, const char *value)
{
	if (body->len > 0)
		g_string_append_c(body, '&');
	g_string_append(body, name);
	g_string_append_c(body, '=');
	text_append_path_segment(body, value);
}

const struct answer *
desk_post(struct desk_fixture *fixture, const char *target, ...)
{
	g_autofree char *token = desk_form_token(fixture);
	g_autoptr(GString) body = g_string_new(NULL);
	const char *name;
	va_list fields;

	va_start(fields, target);
	while ((name = va_arg(fields, const char *)) != NULL)
		append_field(body, name, va_arg(fields, const char *));
	va_end(fields);
	append_field(body, "form_token", token);
	return desk_ask(fixture, "POST", target, body->str, NULL);
}

char *
desk_value_after(const struct desk_fixture *fixture, const char *mark)
{
	static const char value[] = " value=\"";
	const char *at = strstr(fixture->answer.body->str, mark);
	g_autoptr(GString) plain = NULL;

	if (at != NULL)
		at = strstr(at, value);
	if (at == NULL)
		fail_msg(
		    "no value after %s in %s", mark, fixture->answer.body->str);
	at += strlen(value);
	plain = g_string_new_len(at, (gssize)strcspn(at, "\""));
	g_string_replace(plain, "&quot;", "\"", 0);
	g_string_replace(plain, "&#39;", "'", 0);
	g_string_replace(plain, "&lt;", "<", 0);
	g_string_replace(plain, "&gt;", ">", 0);
	g_string_replace(plain, "&amp;", "&", 0);
	return g_string_free(g_steal_pointer(&plain), FALSE);
}

/* ---- who ---- */

/* A session as signing in begins it, without the work of comparing. */
static void
sign_in(struct desk_fixture *fixture, int64_t author_id)
{
	struct site *site = fixture->site;
	char *token = NULL;

	assert_int_equal(site_begin_write(site, fixture->now), STATUS_OK);
	assert_int_equal(account_set_password(
			     site->database, author_id, "hash", fixture->now),
	    STATUS_OK);
	assert_int_equal(
	    session_begin(site->database, author_id, "192.0.2.0/24",
		"Firefox on Linux", fixture->now, &token),
	    STATUS_OK);
	assert_int_equal(site_end_write(site, STATUS_OK), STATUS_OK);
	g_hash_table_insert(fixture->cookies,
	    g_strdup(site->settings.is_https ? "__Host-byline_session"
					     : "byline_session"),
	    token);
}

void
desk_become_owner(struct desk_fixture *fixture)
{
	sign_in(fixture, fixture->owner_id);
}

int64_t
desk_become(struct desk_fixture *fixture, enum author_role role)
{
	g_autofree char *email =
	    g_strdup_printf("%s@example.org", author_role_name(role));
	const struct author_draft draft = {
		.name = "Grace", .email = email, .role = role
	};
	struct account account;
	int64_t id = 0;

	if (account_find(fixture->site->database, email, &account) ==
	    STATUS_OK) {
		id = account.author_id;
		account_release(&account);
	} else {
		assert_int_equal(author_add(fixture->site->database, &draft,
				     fixture->now, &id, NULL),
		    STATUS_OK);
	}
	sign_in(fixture, id);
	return id;
}

/* ---- what came of it ---- */

/* What is printed at once has a limit. */
static void
print_answer(const struct desk_fixture *fixture)
{
	g_auto(GStrv) lines = g_strsplit(fixture->answer.body->str, "\n", -1);

	print_error("%s", fixture->answer.head);
	for (size_t i = 0; lines[i] != NULL; i++)
		print_error("%.300s\n", lines[i]);
}

void
desk_assert_status(const struct desk_fixture *fixture, int status)
{
	if (fixture->answer.status == status)
		return;
	print_answer(fixture);
	fail_msg("%d instead of %d", fixture->answer.status, status);
}

void
desk_assert_goes_to(const struct desk_fixture *fixture, const char *path)
{
	g_autofree char *location =
	    g_strconcat(fixture->site->settings.base_path, path, NULL);

	desk_assert_status(fixture, 303);
	assert_string_equal(
	    answer_header(&fixture->answer, "Location"), location);
}

void
desk_assert_has(const struct desk_fixture *fixture, const char *text)
{
	if (strstr(fixture->answer.body->str, text) != NULL)
		return;
	print_answer(fixture);
	fail_msg("no \"%s\"", text);
}

void
desk_assert_has_not(const struct desk_fixture *fixture, const char *text)
{
	if (strstr(fixture->answer.body->str, text) == NULL)
		return;
	print_answer(fixture);
	fail_msg("\"%s\" is there", text);
}

/* ---- what is stored ---- */

int64_t
desk_integer(struct desk_fixture *fixture, const char *sql)
{
	struct statement *statement =
	    database_statement(fixture->site->database, sql);
	int64_t value;

	assert_int_equal(statement_step(statement), STATUS_OK);
	value = statement_integer(statement, 0);
	statement_reset(statement);
	return value;
}

void
desk_assert_text(
    struct desk_fixture *fixture, const char *sql, const char *wanted)
{
	struct statement *statement =
	    database_statement(fixture->site->database, sql);
	g_autofree char *text = NULL;

	assert_int_equal(statement_step(statement), STATUS_OK);
	text = statement_dup_text(statement, 0);
	statement_reset(statement);
	if (g_strcmp0(text, wanted) != 0)
		fail_msg("\"%s\" instead of \"%s\"",
		    text != NULL ? text : "NULL",
		    wanted != NULL ? wanted : "NULL");
}

void
desk_run(struct desk_fixture *fixture, const char *sql)
{
	assert_int_equal(
	    database_execute(fixture->site->database, sql), STATUS_OK);
}

char *
desk_article_path(int64_t id, const char *part)
{
	return g_strdup_printf(
	    "/desk/articles/%" G_GINT64_FORMAT "%s", id, part);
}

int64_t
desk_article(struct desk_fixture *fixture, const char *title, const char *body)
{
	const char *location;

	desk_post(
	    fixture, "/desk/articles", "title", title, "body", body, NULL);
	desk_assert_status(fixture, 303);
	location = answer_header(&fixture->answer, "Location");
	return g_ascii_strtoll(strrchr(location, '/') + 1, NULL, 10);
}
