/*
 * bench_desk.c - what an author's work costs, in milliseconds of processor
 * time, the child that renders included.
 *
 *   bench_desk DIRECTORY     a site that bench_model has filled
 *
 * Each subject is a whole answer of the desk, from the variables of a request
 * to the bytes of the page, without a web server and without the sandbox.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/date.h"
#include "base/token.h"
#include "handler/desk_routes.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/media.h"
#include "model/session.h"
#include "model/site.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/static_file.h"

enum {
	BODY_SIZE = 25000,
	IMAGE_COUNT = 2000,
	ROUNDS = 5
};

/* So many articles are saved, one after the other. */
#define ARTICLES_SAVED 20

struct bench {
	struct site *site;
	struct desk_application application;
	char *cookies;
	char *author_cookies; /* of one who sees their own articles alone */
	char *form_token;
	char *key;  /* of the editors of this run */
	char *body; /* Markdown */
	GString *answer;
	int status;
	int64_t ids[ARTICLES_SAVED];
	int64_t versions[ARTICLES_SAVED];
	int64_t turn;
};

static void
must(enum status status)
{
	if (status != STATUS_OK) {
		fprintf(stderr, "bench_desk: %s\n", status_name(status));
		exit(1);
	}
}

/* ---- asking ---- */

static void
ask(struct bench *bench, const char *method, const char *target,
    const char *body)
{
	const struct request_options options = {
		.base_path = bench->site->settings.base_path
	};
	g_autofree char *name = g_strconcat("REQUEST_METHOD=", method, NULL);
	g_autofree char *uri = g_strconcat("REQUEST_URI=", target, NULL);
	g_autofree char *cookie =
	    g_strconcat("HTTP_COOKIE=", bench->cookies, NULL);
	g_autofree char *length =
	    g_strdup_printf("CONTENT_LENGTH=%zu", strlen(body));
	const char *variables[] = { name, uri, cookie, length,
		"REMOTE_ADDR=127.0.0.1", "HTTP_SEC_FETCH_SITE=same-origin",
		"CONTENT_TYPE=application/x-www-form-urlencoded", NULL };
	struct request request;
	struct response response;
	const char *reason = NULL;
	int http_status = 0;

	response_init(&response);
	(void)!request_parse(&options, variables, body, strlen(body),
	    date_now(), &request, &http_status, &reason);
	desk_respond(
	    &bench->application, &request, http_status, reason, &response);
	bench->status = response.status;
	g_string_assign(bench->answer, response.body->str);
	response_release(&response);
	request_release(&request);
}

static void
expect(struct bench *bench, int status, const char *what)
{
	if (bench->status == status)
		return;
	fprintf(stderr, "bench_desk: %s: %d\n", what, bench->status);
	exit(1);
}

static void
get(struct bench *bench, const char *target)
{
	ask(bench, "GET", target, "");
	expect(bench, 200, target);
}

/* ---- the subjects ---- */

static void
do_front(struct bench *bench)
{
	get(bench, "/desk");
}

static void
do_front_of_author(struct bench *bench)
{
	char *own = bench->cookies;

	bench->cookies = bench->author_cookies;
	get(bench, "/desk");
	bench->cookies = own;
}

static void
do_list(struct bench *bench)
{
	get(bench, "/desk/articles");
}

static void
do_list_of_author(struct bench *bench)
{
	char *own = bench->cookies;

	bench->cookies = bench->author_cookies;
	get(bench, "/desk/articles");
	bench->cookies = own;
}

static void
do_last_page(struct bench *bench)
{
	get(bench, "/desk/articles?page=200");
}

static void
do_published(struct bench *bench)
{
	get(bench, "/desk/articles?list=published");
}

static void
do_drafts(struct bench *bench)
{
	get(bench, "/desk/articles?list=drafts");
}

static void
do_search(struct bench *bench)
{
	get(bench, "/desk/articles?q=number+77");
}

static void
do_search_none(struct bench *bench)
{
	get(bench, "/desk/articles?q=nowhere");
}

static void
do_search_words(struct bench *bench)
{
	get(bench, "/desk/articles?q=everywhere");
}

static void
do_choice(struct bench *bench)
{
	get(bench, "/desk/articles?author=Author+1&tag=subject-3");
}

static void
do_editor(struct bench *bench)
{
	g_autofree char *target =
	    g_strdup_printf("/desk/articles/%" G_GINT64_FORMAT, bench->ids[0]);

	get(bench, target);
}

/* The form of article `i`, as a browser sends it. */
static char *
make_form(struct bench *bench, int64_t i)
{
	g_autofree char *body = g_uri_escape_string(bench->body, NULL, FALSE);

	return g_strdup_printf(
	    "form_token=%s&version=%" G_GINT64_FORMAT
	    "&key=%.20s-%d&title=Measured+%d&tags=Bench%%2C+Other"
	    "&category=Measures&excerpt=&body=%s%%0D%%0A%%0D%%0A%d",
	    bench->form_token, bench->versions[i], bench->key, (int)i, (int)i,
	    body, (int)bench->turn++);
}

static void
save(struct bench *bench, int64_t i)
{
	g_autofree char *form = make_form(bench, i);
	g_autofree char *target =
	    g_strdup_printf("/desk/articles/%" G_GINT64_FORMAT, bench->ids[i]);

	ask(bench, "POST", target, form);
	expect(bench, 303, "save");
	bench->versions[i]++;
}

static void
do_save(struct bench *bench)
{
	save(bench, 0);
}

static void
do_save_another(struct bench *bench)
{
	save(bench, 1 + bench->turn % (ARTICLES_SAVED - 1));
}

static void
do_autosave(struct bench *bench)
{
	g_autofree char *form = make_form(bench, 0);
	g_autofree char *target = g_strdup_printf(
	    "/desk/articles/%" G_GINT64_FORMAT "/autosave", bench->ids[0]);

	ask(bench, "POST", target, form);
	expect(bench, 200, "autosave");
}

static void
do_preview(struct bench *bench)
{
	g_autofree char *form = make_form(bench, 0);

	ask(bench, "POST", "/desk/preview", form);
	expect(bench, 200, "preview");
}

static const struct {
	const char *name;
	void (*run)(struct bench *bench);
	int calls;
} subjects[] = {
	{ "first page", do_front, 50 },
	{ "first page, of an author", do_front_of_author, 50 },
	{ "list, page 1", do_list, 100 },
	{ "list, of one of its authors", do_list_of_author, 100 },
	{ "list, page 200", do_last_page, 100 },
	{ "list, what is published", do_published, 100 },
	{ "list, drafts", do_drafts, 100 },
	{ "list, some looked for", do_search, 50 },
	{ "list, none found", do_search_none, 50 },
	{ "list, a word in many texts", do_search_words, 50 },
	{ "list, of an author and a tag", do_choice, 50 },
	{ "editor", do_editor, 100 },
	{ "autosave of 25 KB", do_autosave, 50 },
	{ "preview of 25 KB", do_preview, 50 },
	{ "save of 25 KB, once more", do_save, 20 },
	{ "save of 25 KB, each another", do_save_another, 20 },
};

/* ---- measuring ---- */

static double
milliseconds(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

/* The best of some rounds: what is left when nothing else was in the way. What
 * the child has used is known once it has ended. */
static double
measure(struct bench *bench, void (*run)(struct bench *bench), int calls)
{
	double best = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double begin =
		    milliseconds(RUSAGE_SELF) + milliseconds(RUSAGE_CHILDREN);
		double each;

		for (int i = 0; i < calls; i++)
			run(bench);
		desk_release(&bench->application);
		each = (milliseconds(RUSAGE_SELF) +
			   milliseconds(RUSAGE_CHILDREN) - begin) /
		       calls;
		if (round == 0 || each < best)
			best = each;
	}
	return best;
}

/* ---- what is there before ---- */

/* Text, headings, links, an image and code, as articles about programs have. */
static char *
make_body(void)
{
	GString *body = g_string_new("# What was measured\n\n");

	while (body->len < BODY_SIZE)
		g_string_append(body,
		    "## A heading of its own\n\n"
		    "Some *words* with [a link](https://example.org/a) and "
		    "`code` in them, as many as a paragraph has that somebody "
		    "wrote who knows what it is about, and then some more of "
		    "them, **bold** ones too.\n\n"
		    "![What it shows](/media/image-7.png)\n\n"
		    "- one\n- two\n- three\n\n"
		    "```c\nstatic int\nadd(int one, int other)\n{\n"
		    "\t/* never wrong */\n\treturn one + other;\n}\n```\n\n"
		    "```python\ndef add(one, other):\n"
		    "    \"\"\"Never wrong.\"\"\"\n    return one + other\n"
		    "```\n\n");
	return g_string_free(body, FALSE);
}

/* Each in six sizes, as images are kept. */
static const char SQL_ADD_VARIANTS[] =
    "INSERT INTO media_variant (media_id, path, content_type, width, height,"
    " size)"
    " SELECT m.id, m.path || '-' || w.column1 || t.column1,"
    " 'image/' || t.column1, w.column1, w.column1, 1000"
    " FROM media m, (VALUES (480), (960), (1440)) w,"
    " (VALUES ('png'), ('webp')) t"
    " WHERE true"
    " ON CONFLICT DO NOTHING";

static void
add_images(struct database *database)
{
	for (int i = 0; i < IMAGE_COUNT; i++) {
		g_autofree char *path = g_strdup_printf("image-%d.png", i);
		char type[] = "image/png";
		const struct media image = {
			.path = path,
			.original_name = path,
			.content_type = type,
			.size = 1000,
			.width = 640,
			.height = 480,
		};
		int64_t id;

		must(media_ensure(database, &image, date_now(), &id));
	}
	must(database_execute(database, SQL_ADD_VARIANTS));
}

/* As if each article had been viewed on each of the last days. */
static const char SQL_ADD_VIEWS[] =
    "WITH RECURSIVE ago (days) AS (SELECT 0 UNION ALL"
    " SELECT days + 1 FROM ago WHERE days < 40)"
    " INSERT INTO page_view (article_id, day, count)"
    " SELECT a.id, unixepoch() / 86400 - ago.days,"
    " 1 + (a.id * 37 + ago.days * ago.days * 11) % 90"
    " FROM article a, ago"
    " WHERE a.status = 'published'"
    " ON CONFLICT DO NOTHING";

/* Sign author `id` in as a `role`. The caller frees the cookies. */
static char *
sign_in(struct bench *bench, int64_t id, enum author_role role)
{
	struct site *site = bench->site;
	int64_t now = date_now();
	g_autofree char *secret = g_strnfill(TOKEN_LENGTH, 's');
	g_autofree char *token = NULL;

	must(site_begin_write(site, now));
	must(author_set_role(site->database, id, role, now));
	must(account_set_password(site->database, id, "hash", now));
	must(session_begin(
	    site->database, id, "127.0.0.0/24", "Bench", now, &token));
	must(site_end_write(site, STATUS_OK));
	return g_strdup_printf(
	    "byline_session=%s; byline_form=%s", token, secret);
}

static void
begin(struct bench *bench)
{
	const char *mark = "name=\"form_token\" value=\"";
	const char *at;

	must(database_begin(bench->site->database, true));
	add_images(bench->site->database);
	must(database_execute(bench->site->database, SQL_ADD_VIEWS));
	must(database_commit(bench->site->database));
	bench->author_cookies = sign_in(bench, 2, AUTHOR_ROLE_AUTHOR);
	bench->cookies = sign_in(bench, 1, AUTHOR_ROLE_OWNER);
	get(bench, "/desk/articles/new");
	at = strstr(bench->answer->str, mark);
	g_assert(at != NULL);
	at += strlen(mark);
	bench->form_token = g_strndup(at, strcspn(at, "\""));
}

static void
add_articles(struct bench *bench)
{
	for (int i = 0; i < ARTICLES_SAVED; i++) {
		g_autofree char *form = make_form(bench, i);
		int64_t id = 0;

		ask(bench, "POST", "/desk/articles/new/autosave", form);
		expect(bench, 200, "a new article");
		id = strtoll(strchr(bench->answer->str, ':') + 1, NULL, 10);
		bench->ids[i] = id;
		bench->versions[i] = 1;
	}
}

int
main(int argc, char **argv)
{
	struct bench bench = { .answer = g_string_new(NULL) };
	GError *error = NULL;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_desk DIRECTORY\n");
		return 2;
	}
	must(site_new(argv[1], &bench.site, &error));
	must(
	    site_open_database(bench.site, DATABASE_WRITE, date_now(), &error));
	bench.application = (struct desk_application){
		.site = bench.site,
		.engine = template_engine_new(
		    desk_template_files, desk_template_files_count, NULL),
		.static_files = static_files_new_below(DESK_STATIC_PREFIX,
		    builtin_desk_files, builtin_desk_files_count),
	};
	must(template_engine_load(bench.application.engine, NULL));
	bench.body = make_body();
	bench.key = token_new();
	begin(&bench);
	add_articles(&bench);
	for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++)
		printf("%-30s %8.2f ms\n", subjects[i].name,
		    measure(&bench, subjects[i].run, subjects[i].calls));
	return 0;
}
