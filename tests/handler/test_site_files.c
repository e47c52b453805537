/*
 * test_site_files.c - style sheets and what authors uploaded: what they are
 * sent as, what they may do in a browser, and which names lead nowhere.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"
#include "view/static_file.h"

static void
test_static_file(void **state)
{
	static const char *const names[][2] = {
		{ "style.css", "text/css; charset=utf-8" },
		{ "icon.svg", "image/svg+xml" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const struct static_file *file =
		    static_files_by_name(fixture->static_files, names[i][0]);
		const struct answer *answer;

		assert_non_null(file);
		answer = assert_status(fixture, file->path, 200);

		assert_int_equal(answer->body->len, file->size);
		assert_memory_equal(answer->body->str, file->bytes, file->size);
		if (!g_str_has_prefix(
			answer_header(answer, "Content-Type"), names[i][1]))
			fail_msg("%s", answer->head);
		assert_string_equal(answer_header(answer, "Cache-Control"),
		    "public, max-age=31536000, immutable");
		assert_string_equal(
		    answer_header(answer, "X-Content-Type-Options"), "nosniff");
	}
}

static void
test_static_file_unknown(void **state)
{
	static const char *const targets[] = { "/static/", "/static",
		"/static/style.css", "/static/style-00000000.css",
		"/static/nothing", "/static/style-%2e%2e.css",
		"/static/..%5cstyle.css" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		const struct answer *answer = fixture_get(fixture, targets[i]);

		if (answer->status != 404 && answer->status != 400)
			fail_msg("%s: %d", targets[i], answer->status);
	}
}

/* Every page names its style sheet by an address that is answered. */
static void
test_static_file_that_a_page_names(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *path = NULL;
	const char *at;

	assert_status(fixture, "/", 200);
	at = strstr(fixture->answer.body->str, "/static/style-");
	assert_non_null(at);
	path = g_strndup(at, strcspn(at, "\""));

	assert_status(fixture, path, 200);
}

/* ---- media ---- */

static const struct {
	const char *name;
	const char *content_type; /* NULL: a download */
} MEDIA[] = {
	{ "a.png", "image/png" },
	{ "a.jpg", "image/jpeg" },
	{ "a.jpeg", "image/jpeg" },
	{ "a.gif", "image/gif" },
	{ "a.webp", "image/webp" },
	{ "a.avif", "image/avif" },
	{ "a.svg", "image/svg+xml" },
	{ "a.ico", "image/vnd.microsoft.icon" },
	{ "a.mp4", "video/mp4" },
	{ "a.webm", "video/webm" },
	{ "a.mp3", "audio/mpeg" },
	{ "a.ogg", "audio/ogg" },
	{ "a.m4a", "audio/mp4" },
	{ "a.html", NULL },
	{ "a.htm", NULL },
	{ "a.xhtml", NULL },
	{ "a.xml", NULL },
	{ "a.js", NULL },
	{ "a.php", NULL },
	{ "a.cgi", NULL },
	{ "a.pdf", NULL },
	{ "a.zip", NULL },
	{ "a.png.php", NULL },
	{ "a.png.html", NULL },
	{ "a.svgz", NULL },
	{ "a", NULL },
	{ "a.", NULL },
	{ "png", NULL },
};

static void
test_media_file_types(void **state)
{
	static const char script[] = "<script>alert(1)</script>";
	struct fixture *fixture = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(MEDIA); i++) {
		g_autofree char *name =
		    g_strconcat("media/", MEDIA[i].name, NULL);
		g_autofree char *target = g_strconcat("/", name, NULL);
		const struct answer *answer;

		fixture_write(fixture, name, script);
		answer = assert_status(fixture, target, 200);

		assert_string_equal(answer->body->str, script);
		assert_string_equal(answer_header(answer, "Content-Type"),
		    MEDIA[i].content_type != NULL ? MEDIA[i].content_type
						  : "application/octet-stream");
		assert_string_equal(
		    answer_header(answer, "Content-Disposition"),
		    MEDIA[i].content_type != NULL ? "" : "attachment");
		assert_non_null(
		    strstr(answer_header(answer, "Content-Security-Policy"),
			"default-src 'none'"));
		assert_non_null(
		    strstr(answer_header(answer, "Content-Security-Policy"),
			"sandbox"));
		assert_string_equal(
		    answer_header(answer, "X-Content-Type-Options"), "nosniff");
		assert_string_equal(answer_header(answer, "Cache-Control"),
		    "public, max-age=31536000, immutable");
	}
}

static void
test_media_file_keeps_every_byte(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *path =
	    g_build_filename(fixture->directory, "media/all.png", NULL);
	g_autofree char *bytes = g_malloc(70000);

	for (size_t i = 0; i < 70000; i++)
		bytes[i] = (char)(i * 31);
	assert_true(g_file_set_contents(path, bytes, 70000, NULL));

	assert_status(fixture, "/media/all.png", 200);

	assert_int_equal(fixture->answer.body->len, 70000);
	assert_memory_equal(fixture->answer.body->str, bytes, 70000);
}

static void
test_media_file_empty(void **state)
{
	struct fixture *fixture = *state;

	fixture_write(fixture, "media/empty.png", "");

	assert_status(fixture, "/media/empty.png", 200);
	assert_int_equal(fixture->answer.body->len, 0);
}

static void
test_media_file_names_that_lead_nowhere(void **state)
{
	static const char *const targets[] = { "/media", "/media/",
		"/media/nothing.png", "/media/a.png/x.php", "/media/a.png/",
		"/media/A.png", "/media/a%2epng%20", "/media/..",
		"/media/../byline.db", "/media/..%2fbyline.db",
		"/media/%2e%2e/byline.db", "/media/%2e%2e%2fbyline.db",
		"/media/..%5cbyline.db", "/media/.htaccess",
		"/media/%2ehtaccess", "/media/folder", "/media/folder/a.png",
		"/media/a.png%00.html", "/media/a.png%0a", "/media/a*",
		"/media/~a.png", "/media/a.png;x", "/byline.db",
		"/byline.conf" };
	struct fixture *fixture = *state;

	fixture_write(fixture, "media/a.png", "PNG");
	fixture_write(fixture, "media/.htaccess", "AddHandler");
	fixture_write(fixture, "media/folder/a.png", "PNG");
	fixture_write(fixture, "media/A.png", "PNG");
	for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
		const struct answer *answer = fixture_get(fixture, targets[i]);

		/* What is there has one address. */
		if (answer->status == 301)
			assert_string_equal(
			    answer_header(answer, "Location"), "/media/a.png");
		else if (answer->status != 404 && answer->status != 400)
			fail_msg("%s: %d", targets[i], answer->status);
		assert_has_not(fixture, "PNG");
	}
}

static void
test_media_file_of_a_long_name(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *name = g_strnfill(300, 'a');
	g_autofree char *target = g_strconcat("/media/", name, ".png", NULL);

	assert_status(fixture, target, 404);
}

/* Whoever gets a link into the folder does not get at the database by it. */
static void
test_media_file_links_are_not_followed(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *link =
	    g_build_filename(fixture->directory, "media/link.png", NULL);
	g_autofree char *dangling =
	    g_build_filename(fixture->directory, "media/dangling.png", NULL);

	fixture_write(fixture, "secret.txt", "SECRET");
	assert_int_equal(symlink("../secret.txt", link), 0);
	assert_int_equal(symlink("nowhere", dangling), 0);

	assert_status(fixture, "/media/link.png", 404);
	assert_has_not(fixture, "SECRET");
	assert_status(fixture, "/media/dangling.png", 404);
}

/* A pipe would keep the program waiting for ever. */
static void
test_media_file_that_is_no_file(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *pipe =
	    g_build_filename(fixture->directory, "media/pipe.png", NULL);
	g_autofree char *folder =
	    g_build_filename(fixture->directory, "media/folder.png", NULL);

	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(mkdir(folder, 0700), 0);

	assert_status(fixture, "/media/pipe.png", 404);
	assert_status(fixture, "/media/folder.png", 404);
}

/* Only a web server can send what does not fit into memory. */
static void
test_media_file_too_large(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *path =
	    g_build_filename(fixture->directory, "media/film.mp4", NULL);
	int log = fixture_capture_log();
	g_autofree char *said = NULL;

	fixture_write(fixture, "media/film.mp4", "film");
	assert_int_equal(truncate(path, (64 << 20) + 1), 0);
	fixture_get(fixture, "/media/film.mp4");
	said = fixture_release_log(log);

	assert_int_equal(fixture->answer.status, 404);
	assert_non_null(strstr(said, "media.unread file=film.mp4"));
	assert_has_not(fixture, "film");
}

static void
test_media_file_below_a_base_path(void **state)
{
	struct fixture *fixture = *state;

	fixture_write(fixture, "media/a.png", "PNG");

	assert_status(fixture, "/blog/media/a.png", 200);
	assert_status(fixture, "/blog/", 200);
	assert_has(fixture, "href=\"/blog/static/style-");
}

int
main(void)
{
#define ONCE(test)                                                             \
	cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_media_file_below_a_base_path, fixture_set_up_below,
		    fixture_tear_down),
		ONCE(test_static_file),
		ONCE(test_static_file_unknown),
		ONCE(test_static_file_that_a_page_names),
		ONCE(test_media_file_types),
		ONCE(test_media_file_keeps_every_byte),
		ONCE(test_media_file_empty),
		ONCE(test_media_file_names_that_lead_nowhere),
		ONCE(test_media_file_of_a_long_name),
		ONCE(test_media_file_links_are_not_followed),
		ONCE(test_media_file_that_is_no_file),
		ONCE(test_media_file_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
