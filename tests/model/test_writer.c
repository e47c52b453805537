/*
 * test_writer.c - from what an author typed to a stored article: what the child
 * that renders knows of the blog, and what becomes of what it says.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "content/renderer.h"
#include "model/article_edit.h"
#include "model/media.h"
#include "model/rendering.h"
#include "model/search.h"
#include "model/writer.h"
#include "site_fixture.h"

static int64_t
add_image(struct site_fixture *fixture, const char *path, uint32_t width,
    uint32_t height)
{
	g_autofree char *own_path = g_strdup(path);
	const struct media image = {
		.path = own_path,
		.original_name = own_path,
		.content_type = own_path,
		.size = 1,
		.width = width,
		.height = height,
	};
	int64_t id = 0;

	assert_int_equal(
	    media_ensure(fixture->site->database, &image, NOW, &id), STATUS_OK);
	return id;
}

static struct document
render(struct writer *writer, int64_t id, const char *markdown)
{
	struct document document = { 0 };
	g_autoptr(GError) error = NULL;

	if (writer_render(writer, id, "A", markdown, &document, &error) !=
	    STATUS_OK)
		fail_msg("%s", error->message);
	return document;
}

static void
assert_renders(
    struct writer *writer, int64_t id, const char *markdown, const char *part)
{
	struct document document = render(writer, id, markdown);

	if (strstr(document.html, part) == NULL)
		fail_msg("no %s in %s", part, document.html);
	writer_release(&document);
}

/* Render and store `markdown` as version `version` of article `id` (0: a new
 * one); returns its id. */
static int64_t
save(struct site_fixture *fixture, struct writer *writer, int64_t id,
    int64_t version, const char *markdown)
{
	struct site *site = fixture->site;
	struct document document = render(writer, id, markdown);
	const struct article_draft draft = {
		.id = id,
		.version = version,
		.status = ARTICLE_STATUS_PUBLISHED,
		.slug = "a",
		.title = "A",
		.body = markdown,
		.author_ids = &fixture->author_id,
		.author_count = 1,
	};
	g_autoptr(GError) error = NULL;
	int64_t new_version = 0;

	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	if (writer_save(writer, &draft, &document, NOW, &id, &new_version,
		&error) != STATUS_OK)
		fail_msg("%s", error->message);
	assert_int_equal(site_end_write(site, STATUS_OK), STATUS_OK);
	assert_int_equal(new_version, version + 1);
	writer_release(&document);
	return id;
}

static void
test_save_stores_what_was_rendered(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);
	struct search_result found;
	struct article_edit *edit;
	struct article *article;
	int64_t id = save(fixture, writer, 0, 0,
	    "# One\n\nThe *body*\n\n# Two\n\n# Three\n\n```c\nint x;\n```\n");

	assert_int_equal(
	    article_read_any(fixture->site->database, id, &article), STATUS_OK);
	assert_non_null(strstr(article->body_html, "<em>body</em>"));
	assert_non_null(strstr(article->body_html, "hl-type"));
	assert_non_null(strstr(article->contents_html, "<ol>"));
	assert_non_null(strstr(article->summary.excerpt, "body"));
	assert_true(article->word_count > 3);
	article_free(article);
	assert_int_equal(
	    article_edit_read(fixture->site->database, id, &edit), STATUS_OK);
	assert_string_equal(edit->body,
	    "# One\n\nThe *body*\n\n# Two\n\n# Three\n\n```c\nint x;\n```\n");
	article_edit_free(edit);
	assert_int_equal(search_articles(fixture->site->database, "three", 1,
			     10, NOW, &found),
	    STATUS_OK);
	assert_int_equal(found.total_count, 1);
	search_result_release(&found);
	writer_free(writer);
}

/* The page shows the title above the text: readers see it once. */
static void
test_render_a_text_that_begins_with_its_title(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);
	struct document document =
	    render(writer, 0, "# A\n\nThe body\n\n# B\n");

	assert_null(strstr(document.html, "id=\"a\""));
	assert_non_null(strstr(document.html, ">The body<"));
	assert_non_null(strstr(document.html, "id=\"b\""));
	assert_string_equal(document.excerpt, "The body");
	writer_release(&document);
	writer_free(writer);
}

static void
test_save_refused_changes_nothing(void **state)
{
	struct site_fixture *fixture = *state;
	struct site *site = fixture->site;
	struct writer *writer = writer_new(site);
	int64_t id = save(fixture, writer, 0, 0, "One");
	struct document document = render(writer, id, "Two");
	const struct article_draft draft = {
		.id = id, .version = 0, .slug = "a", .title = "A", .body = "Two"
	};
	int64_t other = -1;
	int64_t version = -1;
	g_autoptr(GError) error = NULL;
	g_autofree char *body = NULL;

	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	assert_int_equal(writer_save(writer, &draft, &document, NOW, &other,
			     &version, &error),
	    STATUS_CONFLICT);
	assert_int_equal(site_end_write(site, STATUS_OK), STATUS_OK);

	body = site_fixture_text(fixture, "SELECT body FROM article");
	assert_string_equal(body, "One");
	assert_int_equal(other, -1);
	assert_int_equal(version, -1);
	assert_non_null(error);
	writer_release(&document);
	writer_free(writer);
}

static void
test_render_knows_the_size_of_images(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);

	add_image(fixture, "one.png", 640, 480);

	assert_renders(writer, 0, "![One](/media/one.png)",
	    "width=\"640\" height=\"480\"");
	assert_renders(writer, 0, "![Two](/media/two.png)",
	    "<img src=\"/media/two.png\" alt=\"Two\"");
	writer_free(writer);
}

/* The child was made before: one that is uploaded while its author writes has
 * its size all the same. */
static void
test_render_knows_the_size_of_new_images(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);

	assert_renders(writer, 0, "![Two](/media/two.png)", "/media/two.png");
	add_image(fixture, "two.png", 320, 200);
	assert_renders(writer, 0, "![Two](/media/two.png)",
	    "width=\"320\" height=\"200\"");
	writer_free(writer);
}

/* Nor was it in the text when the child was made. */
static void
test_render_knows_the_size_of_images_that_come_into_the_text(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);

	add_image(fixture, "one.png", 640, 480);
	add_image(fixture, "two.png", 320, 200);

	assert_renders(writer, 0, "![One](/media/one.png)", "width=\"640\"");
	assert_renders(writer, 0,
	    "![One](/media/one.png)\n\n![Two](/media/two.png)",
	    "width=\"320\"");
	assert_renders(
	    writer, 0, "<img src='/media/two.png' alt=''>", "width=\"320\"");
	writer_free(writer);
}

static void
test_render_offers_other_sizes_of_an_image(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);

	add_image(fixture, "one.png", 640, 480);
	site_fixture_run(fixture,
	    "INSERT INTO media_variant (media_id, path, content_type, width,"
	    " height, size)"
	    " VALUES (1, 'one-480.png', 'image/png', 480, 360, 1),"
	    " (1, 'one-240.png', 'image/png', 240, 180, 1),"
	    " (1, 'one-480.webp', 'image/webp', 480, 360, 1)");

	assert_renders(writer, 0, "![One](/media/one.png)",
	    "srcset=\"/media/one-240.png 240w, /media/one-480.png 480w, "
	    "/media/one.png 640w\"");
	assert_renders(writer, 0, "![One](/media/one.png)",
	    "srcset=\"/media/one-480.webp 480w\"");
	writer_free(writer);
}

/* ---- what an imported text refers to ---- */

static void
remember(struct site_fixture *fixture, int64_t id, const char *reference,
    const char *target)
{
	g_autoptr(GArray) references =
	    g_array_new(FALSE, FALSE, sizeof(struct document_reference));
	const struct document_reference one = {
		.reference = (char *)(uintptr_t)reference,
		.url = (char *)(uintptr_t)target,
	};

	g_array_append_val(references, one);
	assert_int_equal(rendering_store_references(
			     fixture->site->database, id, references, ""),
	    STATUS_OK);
}

static void
test_render_leads_where_the_import_led(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);
	int64_t id = save(fixture, writer, 0, 0, "One");

	add_image(fixture, "graph-1.png", 10, 20);
	remember(fixture, id, "graph.png", "/media/graph-1.png");

	/* Of another article it is another file. */
	assert_renders(
	    writer, id + 1, "![Graph](graph.png)", "src=\"graph.png\"");
	assert_renders(writer, id, "![Graph](graph.png)",
	    "src=\"/media/graph-1.png\" alt=\"Graph\" width=\"10\"");
	assert_renders(writer, 0, "![Graph](graph.png)", "src=\"graph.png\"");
	writer_free(writer);
}

/* An author takes an image out, saves, and has the former text back: its image
 * is there again. */
static void
test_save_remembers_what_former_texts_refer_to(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);
	int64_t id = save(fixture, writer, 0, 0, "One");
	g_autofree char *html = NULL;

	remember(fixture, id, "graph.png", "/media/graph-1.png");
	save(fixture, writer, id, 1, "![Graph](graph.png)");
	save(fixture, writer, id, 2, "No image, [a page](/about).");
	writer_free(writer);
	writer = writer_new(fixture->site);
	save(fixture, writer, id, 3, "![Graph](graph.png)");

	html = site_fixture_text(fixture, "SELECT body_html FROM article");
	assert_non_null(strstr(html, "src=\"/media/graph-1.png\""));
	writer_free(writer);
}

/* What stands below the blog's own root is remembered as it is now. */
static void
test_save_forgets_what_the_text_names_itself(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);
	int64_t id = save(
	    fixture, writer, 0, 0, "![A](/media/a.png) ![B](/media/b.png)");
	g_autofree char *references = NULL;

	save(fixture, writer, id, 1, "![B](/media/b.png)");

	references = site_fixture_text(
	    fixture, "SELECT group_concat(reference) FROM article_reference");
	assert_string_equal(references, "/media/b.png");
	writer_free(writer);
}

/* ---- what cannot be rendered ---- */

static void
test_render_a_text_that_is_too_large(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);
	g_autofree char *largest = g_strnfill(RENDERER_MAX_INPUT, 'x');
	g_autofree char *larger = g_strnfill(RENDERER_MAX_INPUT + 1, 'x');
	struct document document;
	g_autoptr(GError) error = NULL;

	assert_int_equal(
	    writer_render(writer, 0, "A", larger, &document, &error),
	    STATUS_TOO_LARGE);
	assert_non_null(error);
	assert_renders(writer, 0, largest, "<p>xxx");
	writer_free(writer);
}

/* One text that kills the child costs the next one nothing. */
static void
test_render_after_a_text_that_took_too_long(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);
	g_autoptr(GString) table = g_string_new(NULL);
	struct document document;
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < 6000; i++)
		g_string_append(table, "- ");
	g_string_append(table, "x");
	for (int i = 0; i < 60000; i++)
		g_string_append(table, "\n");
	if (writer_render(writer, 0, "A", table->str, &document, &error) ==
	    STATUS_OK)
		writer_release(&document);
	else
		assert_non_null(error);

	assert_renders(writer, 0, "The *next*", "<em>next</em>");
	writer_free(writer);
}

static void
test_render_nothing(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);
	struct document document = render(writer, 0, "");

	assert_string_equal(document.html, "");
	assert_string_equal(document.text, "");
	assert_int_equal(document.minutes, 1);
	writer_release(&document);
	writer_free(writer);
}

static void
test_free_what_was_never_used(void **state)
{
	struct site_fixture *fixture = *state;

	writer_free(writer_new(fixture->site));
	writer_free(NULL);
}

/* Within a transaction of the caller's as well as outside of any. */
static void
test_render_in_a_transaction(void **state)
{
	struct site_fixture *fixture = *state;
	struct writer *writer = writer_new(fixture->site);

	assert_int_equal(site_begin_read(fixture->site, NOW), STATUS_OK);
	assert_renders(writer, 0, "*x*", "<em>x</em>");
	site_end_read(fixture->site);
	writer_free(writer);
}

/* The child that renders knows of a change of whose frames stay. */
static void
test_render_keeps_frames_of_the_hosts_of_now(void **state)
{
	static const char text[] =
	    "<iframe src=\"https://a.example/x\" title=\"X\"></iframe>";
	struct site_fixture *fixture = *state;
	struct site *site = fixture->site;
	struct writer *writer = writer_new(site);

	assert_renders(writer, 0, text, "<a href=\"https://a.example/x\"");
	assert_int_equal(site_begin_write(site, NOW), STATUS_OK);
	assert_int_equal(
	    site_end_write(site, setting_store(site->database, "iframe_hosts",
				     "a.example", NULL)),
	    STATUS_OK);
	assert_int_equal(site_begin_read(site, NOW), STATUS_OK);
	assert_renders(writer, 0, text, "<iframe src=\"https://a.example/x\"");
	site_end_read(site);
	writer_free(writer);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, site_fixture_set_up, site_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_save_stores_what_was_rendered),
		TEST(test_render_a_text_that_begins_with_its_title),
		TEST(test_save_refused_changes_nothing),
		TEST(test_render_knows_the_size_of_images),
		TEST(test_render_knows_the_size_of_new_images),
		TEST(
		    test_render_knows_the_size_of_images_that_come_into_the_text),
		TEST(test_render_offers_other_sizes_of_an_image),
		TEST(test_render_leads_where_the_import_led),
		TEST(test_save_remembers_what_former_texts_refer_to),
		TEST(test_save_forgets_what_the_text_names_itself),
		TEST(test_render_a_text_that_is_too_large),
		TEST(test_render_after_a_text_that_took_too_long),
		TEST(test_render_nothing),
		TEST(test_free_what_was_never_used),
		TEST(test_render_in_a_transaction),
		TEST(test_render_keeps_frames_of_the_hosts_of_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
