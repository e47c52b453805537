/*
 * check_web.c - whether the web server at base_url does what the samples in
 * cgi-bin/ have it do. See check.h.
 *
 * What must hold: nothing is asked that changes the blog; whatever a server
 * answers is looked at and never followed; and each finding says which sample
 * shows how it should be.
 */
#include "config.h"

#include <string.h>

#include "base/date.h"
#include "check.h"
#include "model/media.h"
#include "model/site.h"
#include "web_probe.h"

/* A certificate is renewed a month before its end where that works. */
#define RENEWAL_DAYS 14

/* What is shorter gains nothing by being compressed. */
#define COMPRESSIBLE 1000

/* The samples, by what a server says it is: for addresses, for files, for what
 * is compressed. */
static const struct samples {
	const char *server;
	const char *addresses, *files, *compression;
} all_samples[] = {
	{ "nginx", "cgi-bin/nginx.conf.in", "cgi-bin/nginx.conf.in",
	    "cgi-bin/nginx.conf.in" },
	{ "Apache", "cgi-bin/apache-proxy.conf.in (or -fcgid, -cgi)",
	    "cgi-bin/apache-files.conf.in", "cgi-bin/apache-main.conf.in" },
	{ "lighttpd", "cgi-bin/lighttpd.conf.in", "cgi-bin/lighttpd.conf.in",
	    "cgi-bin/lighttpd.conf.in" },
	{ "", "the one for your web server in cgi-bin/",
	    "the one for your web server in cgi-bin/",
	    "the one for your web server in cgi-bin/" },
};

struct web_look {
	struct web_probe *probe;
	struct web_answer front;
	bool is_answering;
	bool has_desk;
	bool is_database_open, is_configuration_open; /* to everybody */
	const struct samples *samples;
};

/* One address that is asked for, and who judges the answer. */
struct question {
	struct web_request request;
	char *url;
	void (*judge)(struct check *check, const struct question *question,
	    const struct web_answer *answer);
	const char *content_type; /* of a file that is looked at, or NULL */
};

/* ---- words ---- */

/* base_url and what comes after it. The caller frees it. */
static char *
address(const struct check *check, const char *path)
{
	return g_strconcat(check->site->settings.base_url, path, NULL);
}

/* "blog.example", or with a port. The caller frees it. */
static char *
host_of(const struct check *check)
{
	return g_strdup(strstr(check->site->settings.origin, "://") + 3);
}

static bool
has_header(const struct web_answer *answer, const char *name, const char *words)
{
	g_autofree char *value = web_answer_header(answer, name);
	g_autofree char *small = g_ascii_strdown(value, -1);

	return strstr(small, words) != NULL;
}

/* How a header of an answer reads in a finding. The caller frees it. */
static char *
quote_header(const struct web_answer *answer, const char *name)
{
	g_autofree char *value = web_answer_header(answer, name);

	return g_strdup_printf("%.100s", *value == '\0' ? "nothing" : value);
}

static bool
is_redirect(const struct web_answer *answer)
{
	return answer->status / 100 == 3 && answer->status != 304;
}

/* A web server says so where the program behind it does not answer. */
static bool
is_unreached(const struct web_answer *answer)
{
	return answer->status >= 502 && answer->status <= 504;
}

/* ---- the first page, and the certificate ---- */

static void
note_unseen(struct check *check, const char *reason)
{
	g_autofree char *url = address(check, "/");

	check_add(check, CHECK_NOTE, "not looked at: %s: %s", url, reason);
}

/* Why there was no answer at all. */
static void
explain_silence(struct check *check)
{
	int code = web_probe_code(check->web->probe);
	const char *words = web_probe_words(check->web->probe);
	g_autofree char *url = address(check, "/");

	if (code == CURL_NO_SUCH_NAME)
		note_unseen(check, "this name is not known here");
	else if (code == CURL_REFUSED)
		check_add(check, CHECK_WARNING,
		    "nobody answers at %s: start the web server, and let it "
		    "listen there (\"listen\" or \"server.port\" in the "
		    "samples of cgi-bin/)",
		    url);
	else if (code == CURL_OUT_OF_TIME)
		check_add(check, CHECK_WARNING,
		    "%s does not answer in time: look at the log of the web "
		    "server, and whether a firewall is in the way",
		    url);
	else if (code == CURL_NO_TLS)
		check_add(check, CHECK_ERROR,
		    "%s does not answer by TLS (%s): add TLS to the server "
		    "block of the sample in cgi-bin/, or set base_url to http",
		    url, words);
	else
		check_add(check, CHECK_WARNING, "%s does not answer: %s", url,
		    *words == '\0' ? "nothing came" : words);
}

/* What to do about it, by what TLS libraries say. */
static const char *
remedy_certificate(const char *words)
{
	static const struct {
		const char *words, *remedy;
	} remedies[] = {
		{ "expired", "renew it, and reload the web server" },
		{ "not yet valid", "set the clocks of both machines" },
		{ "self", "get one from an authority that browsers know, "
			  "such as Let's Encrypt" },
		{ "issuer", "let the web server send the whole chain "
			    "(fullchain.pem), from an authority that browsers "
			    "know" },
		{ "name", "get one for this name, or let the web server "
			  "show the right one (\"server_name\", "
			  "\"ServerName\")" },
		{ "", "get one that browsers know" },
	};
	g_autofree char *small = g_ascii_strdown(words, -1);
	size_t i = 0;

	while (strstr(small, remedies[i].words) == NULL)
		i++;
	return remedies[i].remedy;
}

static void
judge_certificate_end(struct check *check)
{
	int64_t end = web_probe_certificate_end(check->web->probe);
	int64_t left = end - date_now();
	g_autofree char *host = host_of(check);
	g_autofree char *day = date_format_words(
	    end, check->site->blog.zone, check->site->blog.date_style, "en");

	if (end == 0)
		note_unseen(check, "curl does not say when the certificate "
				   "ends");
	else if (left < RENEWAL_DAYS * DAY_SECONDS)
		check_add(check, CHECK_WARNING,
		    "the certificate of %s ends on %s, in %lld days: see why "
		    "it is not renewed by itself, renew it, and reload the web "
		    "server",
		    host, day, (long long)(left / DAY_SECONDS));
}

static enum status
ask_front(struct check *check)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *url = address(check, "/");
	const struct web_request request = { WEB_READ, url, NULL };
	enum status status;

	web_answer_release(&check->web->front);
	status = web_probe_ask(
	    check->web->probe, &request, 1, &check->web->front, &error);
	if (status != STATUS_OK)
		note_unseen(check, error->message);
	return status;
}

/* The rest is looked at all the same. */
static enum status
refuse_certificate(struct check *check)
{
	const char *words = web_probe_words(check->web->probe);
	g_autofree char *host = host_of(check);

	check_add(check, CHECK_ERROR,
	    "browsers do not accept the certificate of %s (%s): %s", host,
	    words, remedy_certificate(words));
	web_probe_trust_all(check->web->probe);
	return ask_front(check);
}

static const struct samples *
find_samples(const struct web_answer *answer)
{
	g_autofree char *server = web_answer_header(answer, "Server");
	const struct samples *samples = all_samples;

	while (!g_str_has_prefix(server, samples->server))
		samples++;
	return samples;
}

void
check_certificate(struct check *check)
{
	bool is_https = check->site->settings.is_https;
	int code;

	check->web = g_new0(struct web_look, 1);
	check->web->probe = web_probe_new();
	if (ask_front(check) != STATUS_OK)
		return;
	code = web_probe_code(check->web->probe);
	if (code == CURL_BAD_CERTIFICATE || code == CURL_OTHER_CERTIFICATE) {
		if (refuse_certificate(check) != STATUS_OK)
			return;
	} else if (is_https && check->web->front.status != 0) {
		judge_certificate_end(check);
	}
	check->web->is_answering = check->web->front.status != 0;
	check->web->samples = find_samples(&check->web->front);
	if (!check->web->is_answering)
		explain_silence(check);
}

/* ---- whose page it is ---- */

static bool
body_has(const struct web_answer *answer, const char *before, const char *words)
{
	g_autofree char *text = g_strconcat(before, words, NULL);

	return memmem(answer->body->str, answer->body->len, text,
		   strlen(text)) != NULL;
}

/* The first page leads to itself, and to its feeds. */
static bool
is_of_this_blog(const struct check *check)
{
	const char *base_url = check->site->settings.base_url;
	const struct web_answer *front = &check->web->front;
	g_autofree char *home = g_strconcat(base_url, "/\"", NULL);
	g_autofree char *feed = g_strconcat(base_url, "/feed.xml\"", NULL);

	return body_has(front, "rel=\"canonical\" href=\"", home) ||
	       body_has(front, "href=\"", feed);
}

static void
judge_front_redirect(struct check *check)
{
	g_autofree char *place = quote_header(&check->web->front, "Location");
	g_autofree char *url = address(check, "/");

	check_add(check, CHECK_ERROR,
	    "%s leads to %s: set base_url in byline.conf to the address where "
	    "the blog is, or take that redirect out of the web server; compare "
	    "%s",
	    url, place, check->web->samples->addresses);
}

/* False: it is not this blog, which has been said. */
static bool
judge_front(struct check *check)
{
	const struct web_answer *front = &check->web->front;
	const char *sample = check->web->samples->addresses;
	g_autofree char *url = address(check, "/");

	if (is_redirect(front))
		judge_front_redirect(check);
	else if (is_unreached(front))
		check_add(check, CHECK_ERROR,
		    "%s answers with %u: the web server does not reach "
		    "byline.fcgi; start that, and let both name the same "
		    "socket, as in %s",
		    url, front->status, sample);
	else if (front->status != 200)
		check_add(check, CHECK_ERROR,
		    "%s answers with %u: let the web server ask byline.fcgi "
		    "for it, as in %s; the reason is in the logs of both",
		    url, front->status, sample);
	else if (is_of_this_blog(check))
		return true;
	else if (body_has(front, "content=\"", "Byline\""))
		check_add(check, CHECK_ERROR,
		    "%s shows a blog that goes by another address: reload "
		    "byline.fcgi, if base_url in byline.conf has changed, or "
		    "let the web server ask the socket of this blog, as in %s",
		    url, sample);
	else
		check_add(check, CHECK_ERROR,
		    "%s shows something that is not this blog: let the web "
		    "server ask byline.fcgi for it before any file of its own, "
		    "as in %s",
		    url, sample);
	return false;
}

/* ---- files ---- */

static void
judge_type(struct check *check, const struct question *question,
    const struct web_answer *answer)
{
	g_autofree char *type = web_answer_header(answer, "Content-Type");
	g_autofree char *quoted = quote_header(answer, "Content-Type");

	if (question->content_type != NULL &&
	    !g_str_has_prefix(type, question->content_type))
		check_add(check, CHECK_ERROR,
		    "%s has the type %s and should have %s: compare the types "
		    "in %s",
		    question->url, quoted, question->content_type,
		    check->web->samples->files);
}

/* False: there is no such file, which has been said. */
static bool
judge_file(struct check *check, const struct question *question,
    const struct web_answer *answer)
{
	if (answer->status != 200) {
		check_add(check, CHECK_ERROR,
		    "%s answers with %u: let the web server send it, or ask "
		    "byline.fcgi for it, as in %s",
		    question->url, answer->status, check->web->samples->files);
		return false;
	}
	judge_type(check, question, answer);
	if (!has_header(answer, "X-Content-Type-Options", "nosniff"))
		check_add(check, CHECK_ERROR,
		    "%s comes without \"X-Content-Type-Options: nosniff\", so "
		    "that a browser may take it for something else: add it, as "
		    "in %s",
		    question->url, check->web->samples->files);
	return true;
}

static void
judge_style(struct check *check, const struct question *question,
    const struct web_answer *answer)
{
	if (judge_file(check, question, answer) &&
	    !has_header(answer, "Cache-Control", "immutable") &&
	    !has_header(answer, "Cache-Control", "max-age=31536000"))
		check_add(check, CHECK_WARNING,
		    "%s may not be kept for a year (\"immutable\"), and is "
		    "asked for again with each page: add Cache-Control, as in "
		    "%s",
		    question->url, check->web->samples->files);
}

static void
judge_image(struct check *check, const struct question *question,
    const struct web_answer *answer)
{
	if (judge_file(check, question, answer) &&
	    !has_header(answer, "Content-Security-Policy", "sandbox"))
		check_add(check, CHECK_ERROR,
		    "%s comes without \"Content-Security-Policy: ...sandbox\", "
		    "so that a file which somebody uploads may run in the "
		    "blog's name: add it, as in %s",
		    question->url, check->web->samples->files);
}

static void
judge_download(struct check *check, const struct question *question,
    const struct web_answer *answer)
{
	judge_image(check, question, answer);
	if (answer->status == 200 &&
	    !has_header(answer, "Content-Disposition", "attachment"))
		check_add(check, CHECK_ERROR,
		    "%s is shown in the browser: whatever is no image, sound "
		    "or film has to be a download (\"Content-Disposition: "
		    "attachment\"), as in %s",
		    question->url, check->web->samples->files);
}

/* ---- programs ---- */

static void
judge_desk(struct check *check, const struct question *question,
    const struct web_answer *answer)
{
	const char *sample = check->web->samples->addresses;

	check->web->has_desk = answer->status == 200 || is_redirect(answer);
	if (answer->status == 404)
		check_add(check, CHECK_NOTE,
		    "%s answers with 404, so that nobody writes there; if "
		    "somebody should, let the web server ask desk.fcgi, as in "
		    "%s",
		    question->url, sample);
	else if (is_unreached(answer))
		check_add(check, CHECK_ERROR,
		    "%s answers with %u: the web server does not reach "
		    "desk.fcgi; start that, and let both name the same socket, "
		    "as in %s",
		    question->url, answer->status, sample);
	else if (!check->web->has_desk)
		check_add(check, CHECK_ERROR,
		    "%s answers with %u: the reason is in the logs of the web "
		    "server and of desk.fcgi; compare %s",
		    question->url, answer->status, sample);
	else if (!has_header(answer, "Cache-Control", "no-store"))
		check_add(check, CHECK_ERROR,
		    "%s may be kept by a cache, and be shown to somebody else: "
		    "take all below /desk out of caching, and leave "
		    "\"Cache-Control: no-store\" as it is; compare %s",
		    question->url, sample);
}

static void
judge_compression(struct check *check, const struct question *question,
    const struct web_answer *answer)
{
	g_autofree char *coding = web_answer_header(answer, "Content-Encoding");

	if (*coding == '\0' && check->web->front.body->len > COMPRESSIBLE)
		check_add(check, CHECK_WARNING,
		    "%s is not compressed, and takes three times as long over "
		    "a slow line: let the web server compress it, as in %s",
		    question->url, check->web->samples->compression);
}

static void
judge_plain(struct check *check, const struct question *question,
    const struct web_answer *answer)
{
	g_autofree char *place = web_answer_header(answer, "Location");

	if (!is_redirect(answer) || !g_str_has_prefix(place, "https://"))
		check_add(check, CHECK_WARNING,
		    "%s answers with %u and does not lead to https: let the "
		    "web server redirect all of it (nginx: \"return 301 "
		    "https://$host$request_uri\"); compare %s",
		    question->url, answer->status,
		    check->web->samples->addresses);
}

/* ---- what nobody may read ---- */

static void
judge_secret(struct check *check, const struct question *question,
    const struct web_answer *answer)
{
	static const char DATABASE[] = "SQLite format 3";
	bool is_database = g_str_has_prefix(answer->body->str, DATABASE);
	bool *is_open = is_database ? &check->web->is_database_open
				    : &check->web->is_configuration_open;

	if (answer->status / 100 != 2 || *is_open ||
	    (!is_database && strstr(answer->body->str, "base_url") == NULL))
		return;
	/* One way in is to be closed first: others may be the same. */
	*is_open = true;
	check_add(check, CHECK_ERROR,
	    "%s gives %s to everybody: move the site directory out of the "
	    "folders of the web server, and let that send nothing of it but "
	    "public/static/ and media/, as in %s%s",
	    question->url, is_database ? "the database" : "byline.conf",
	    check->web->samples->files,
	    is_database ? "; then have every author set a new password "
			  "(byline author reset)"
			: "");
}

/* ---- all of it ---- */

/* Add a question, whose url is ours from now on. Borrowed until the next one.
 */
static struct question *
add_question(GArray *questions, enum web_method method, char *url,
    void (*judge)(
	struct check *, const struct question *, const struct web_answer *))
{
	struct question question = {
		.request = { .method = method },
		.url = g_steal_pointer(&url),
		.judge = judge,
	};

	question.request.url = question.url;
	g_array_append_val(questions, question);
	return &g_array_index(questions, struct question, questions->len - 1);
}

/* The style sheet that the first page names: another program than this one may
 * have made it. */
static void
add_style(struct check *check, GArray *questions)
{
	g_autofree char *before = g_strconcat(
	    "href=\"", check->site->settings.base_path, "/static/", NULL);
	const char *body = check->web->front.body->str;
	const char *found = strstr(body, before);
	struct question *question;

	while (found != NULL) {
		const char *path = found + strlen("href=\"");
		size_t size = strcspn(path, "\"");

		if (size > 4 && memcmp(path + size - 4, ".css", 4) == 0) {
			g_autofree char *name = g_strndup(path, size);

			question = add_question(questions, WEB_LOOK,
			    g_strconcat(
				check->site->settings.origin, name, NULL),
			    judge_style);
			question->content_type = "text/css";
			return;
		}
		found = strstr(path, before);
	}
}

static bool
is_shown(const struct media *media)
{
	return g_str_has_prefix(media->content_type, "image/");
}

static bool
is_download(const struct media *media)
{
	return !is_shown(media) &&
	       !g_str_has_prefix(media->content_type, "audio/") &&
	       !g_str_has_prefix(media->content_type, "video/");
}

/* The first file of a kind that is there. */
static void
add_medium(struct check *check, GArray *questions, const GPtrArray *all,
    bool (*is_wanted)(const struct media *media))
{
	for (guint i = 0; i < all->len; i++) {
		const struct media *media = g_ptr_array_index(all, i);
		g_autofree char *name =
		    g_strconcat("/media/", media->path, NULL);
		g_autofree char *path = site_path(check->site, name + 1);
		struct question *question;

		if (!is_wanted(media) ||
		    !g_file_test(path, G_FILE_TEST_IS_REGULAR))
			continue;
		question =
		    add_question(questions, WEB_LOOK, address(check, name),
			is_shown(media) ? judge_image : judge_download);
		question->content_type =
		    is_shown(media) ? g_intern_string(media->content_type)
				    : NULL;
		return;
	}
}

static void
add_media(struct check *check, GArray *questions)
{
	g_autoptr(GPtrArray) all = NULL;

	if (media_list(check->site->database, &all) != STATUS_OK)
		return;
	add_medium(check, questions, all, is_shown);
	add_medium(check, questions, all, is_download);
}

/* Where a site directory is found that lies where it should not. */
static void
add_secrets(struct check *check, GArray *questions)
{
	static const char *const paths[] = { "/byline.conf", "/../byline.conf",
		"/media/../byline.conf", "/media../byline.conf",
		"/static/../../byline.conf", "/%2e%2e/byline.conf",
		"/byline.db", "/../byline.db", "/media/../byline.db",
		"/media../byline.db", "/static/../../byline.db" };
	g_autofree char *directory =
	    g_canonicalize_filename(check->site->directory, NULL);
	g_autofree char *name = g_path_get_basename(directory);
	g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
	g_autofree char *below = g_strdup_printf("/%s/byline.db", escaped);

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
		add_question(questions, WEB_BEGIN, address(check, paths[i]),
		    judge_secret);
	add_question(questions, WEB_BEGIN, address(check, below), judge_secret);
}

static void
add_compression(struct check *check, GArray *questions)
{
	struct question *question = add_question(
	    questions, WEB_DROP, address(check, "/"), judge_compression);

	question->request.header = "Accept-Encoding: gzip";
}

/* Where https has its own port, http has too. */
static void
add_plain(struct check *check, GArray *questions)
{
	const struct settings *settings = &check->site->settings;
	const char *host = settings->origin + strlen("https://");

	if (settings->is_https && strchr(host, ':') == NULL)
		add_question(questions, WEB_LOOK,
		    g_strconcat(
			"http://", host, settings->base_path, "/", NULL),
		    judge_plain);
}

static void
free_question(void *data)
{
	g_free(((struct question *)data)->url);
}

static void
note_silence(struct check *check, const char *url)
{
	check_add(check, CHECK_NOTE,
	    "not looked at: %s: there was no answer, or not in time", url);
}

/* What nobody may read, and http beside https, need not be answered; but
 * curl may have run out of time before it asked. */
static bool
is_missed(const struct check *check, const struct question *question)
{
	return (question->judge != judge_secret &&
		   question->judge != judge_plain) ||
	       web_probe_code(check->web->probe) == CURL_OUT_OF_TIME;
}

static void
ask_all(struct check *check, const GArray *questions)
{
	g_autofree struct web_request *requests =
	    g_new0(struct web_request, questions->len);
	g_autofree struct web_answer *answers =
	    g_new0(struct web_answer, questions->len);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < questions->len; i++)
		requests[i] =
		    g_array_index(questions, struct question, i).request;
	if (web_probe_ask(check->web->probe, requests, questions->len, answers,
		&error) != STATUS_OK) {
		note_unseen(check, error->message);
		return;
	}
	for (guint i = 0; i < questions->len; i++) {
		const struct question *question =
		    &g_array_index(questions, struct question, i);

		if (answers[i].status != 0)
			question->judge(check, question, &answers[i]);
		else if (is_missed(check, question))
			note_silence(check, question->url);
		web_answer_release(&answers[i]);
	}
}

/* A form with a file in it, sent by who has no script. Nobody is signed in:
 * whatever the desk says of it, it has come through. */
static void
check_upload(struct check *check)
{
	g_autofree char *url = address(check, "/desk/media");
	const struct web_request request = { WEB_SEND, url, NULL };
	g_autoptr(GError) error = NULL;
	struct web_answer answer;

	if (web_probe_ask(check->web->probe, &request, 1, &answer, &error) !=
	    STATUS_OK) {
		note_unseen(check, error->message);
		return;
	}
	if (answer.status == 0)
		note_silence(check, url);
	else if (answer.status == 413 || answer.status == 500)
		check_add(check, CHECK_WARNING,
		    "%s refuses 10 MB with %u: files are taken up to that "
		    "size, and without a script all at once; raise the limit "
		    "(client_max_body_size, LimitRequestBody, "
		    "FcgidMaxRequestLen, server.max-request-size), as in %s",
		    url, answer.status, check->web->samples->addresses);
	web_answer_release(&answer);
}

void
check_web(struct check *check)
{
	g_autoptr(GArray) questions =
	    g_array_new(FALSE, FALSE, sizeof(struct question));

	if (!check->web->is_answering)
		return;
	g_array_set_clear_func(questions, free_question);
	if (judge_front(check)) {
		/* First: curl remembers from an answer by TLS that all else
		 * is to go that way (Strict-Transport-Security). */
		add_plain(check, questions);
		add_style(check, questions);
		add_media(check, questions);
		add_question(
		    questions, WEB_LOOK, address(check, "/desk"), judge_desk);
		add_compression(check, questions);
	}
	add_secrets(check, questions);
	ask_all(check, questions);
	if (check->web->has_desk)
		check_upload(check);
}

void
check_end_web(struct check *check)
{
	if (check->web == NULL)
		return;
	web_answer_release(&check->web->front);
	web_probe_free(check->web->probe);
	g_free(check->web);
	check->web = NULL;
}
