/*
 * test_media.c - files named by their content, recorded once.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/media.h"

static void
test_ensure_records_once(void **state)
{
	struct fixture *fixture = *state;
	char path[] = "0123456789abcdef-a.png";
	char name[] = "A.png", type[] = "image/png", alt[] = "A picture";
	struct media media = {
		.path = path,
		.original_name = name,
		.content_type = type,
		.size = 12345,
		.width = 640,
		.height = 480,
		.alt = alt,
	};
	int64_t first = 0, second = 0;
	const struct media *found;
	g_autoptr(GPtrArray) list = NULL;

	assert_int_equal(
	    media_ensure(fixture->database, &media, NOW, &first), STATUS_OK);
	media.alt = NULL;
	assert_int_equal(
	    media_ensure(fixture->database, &media, NOW, &second), STATUS_OK);
	assert_int_equal(media_list(fixture->database, &list), STATUS_OK);

	assert_int_equal(first, second);
	assert_int_equal(list->len, 1);
	found = g_ptr_array_index(list, 0);
	assert_int_equal(found->id, first);
	assert_string_equal(found->original_name, "A.png");
	assert_string_equal(found->content_type, "image/png");
	assert_int_equal(found->size, 12345);
	assert_int_equal(found->width, 640);
	assert_int_equal(found->height, 480);
	assert_string_equal(found->alt, "A picture");
}

static void
test_make_path(void **state)
{
	static const struct {
		const char *name;
		const char *content_type;
		const char *end;
	} cases[] = {
		{ "My Picture.PNG", "image/png", "-my-picture.png" },
		{ "../../etc/passwd", "image/jpeg", "-passwd.jpg" },
		{ "a.php", "application/x-php", "-a.bin" },
		{ "page.html", "text/html", "-page.bin" },
		{ ".htaccess", "text/plain", "-htaccess.txt" },
		{ "\xf0\x9f\xa6\x80.gif", "image/gif", "-file.gif" },
		{ "broken\xff.gif", "IMAGE/GIF", ".gif" },
		{ "", "application/pdf", ".pdf" },
	};
	g_autofree char *one = NULL;
	g_autofree char *same = NULL;
	g_autofree char *other = NULL;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = media_make_path(
		    "abc", 3, cases[i].name, cases[i].content_type);

		if (!g_str_has_suffix(path, cases[i].end) ||
		    strspn(path, "0123456789abcdef") < 16 ||
		    strchr(path, '/') != NULL)
			fail_msg("\"%s\" became %s", cases[i].name, path);
	}
	one = media_make_path("abc", 3, "a", "image/png");
	same = media_make_path("abc", 3, "a", "image/png");
	other = media_make_path("abd", 3, "a", "image/png");
	assert_string_equal(one, same);
	assert_string_not_equal(one, other);
}

static void
record(
    struct fixture *fixture, const char *path, uint32_t width, uint32_t height)
{
	g_autofree char *own = g_strdup(path);
	char name[] = "a", type[] = "image/png";
	const struct media media = {
		.path = own,
		.original_name = name,
		.content_type = type,
		.size = 1,
		.width = width,
		.height = height,
	};
	int64_t id;

	assert_int_equal(
	    media_ensure(fixture->database, &media, NOW, &id), STATUS_OK);
}

static void
test_find_extent(void **state)
{
	static const struct {
		const char *address;
		uint32_t width, height;
	} cases[] = {
		{ "/media/0123456789abcdef-a.png", 640, 480 },
		{ "/media/0123456789abcdef-b.pdf", 0, 0 },
		{ "/media/0123456789abcdef-c.png", 0, 0 },
		{ "/media/", 0, 0 },
		{ "/media", 0, 0 },
		{ "", 0, 0 },
		{ "0123456789abcdef-a.png", 0, 0 },
		{ "https://example.org/media/0123456789abcdef-a.png", 0, 0 },
		{ "/other/0123456789abcdef-a.png", 0, 0 },
		{ "/media/../media/0123456789abcdef-a.png", 0, 0 },
	};
	struct fixture *fixture = *state;

	record(fixture, "0123456789abcdef-a.png", 640, 480);
	record(fixture, "0123456789abcdef-b.pdf", 0, 0);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		uint32_t width = 7, height = 7;

		assert_int_equal(media_find_extent(fixture->database,
				     cases[i].address, &width, &height),
		    STATUS_OK);
		assert_int_equal(width, cases[i].width);
		assert_int_equal(height, cases[i].height);
	}
}

static void
assert_size(const GArray *sizes, guint i, const char *path, uint32_t width,
    bool is_webp)
{
	const struct media_size *size =
	    &g_array_index(sizes, struct media_size, i);

	assert_string_equal(size->path, path);
	assert_int_equal(size->width, width);
	assert_int_equal(size->is_webp, is_webp);
}

static void
test_list_sizes(void **state)
{
	struct fixture *fixture = *state;
	static const char *const none[] = { "/media/b.png", "/media/c.png",
		"/media/", "", "https://example.org/media/a.png", "a.png" };
	g_autoptr(GArray) sizes = NULL;

	record(fixture, "a.png", 1200, 900);
	record(fixture, "b.png", 400, 300);
	fixture_run(fixture,
	    "INSERT INTO media_variant"
	    " VALUES (1, 'a_960.png', 'image/png', 960, 720, 1),"
	    " (1, 'a_480.webp', 'image/webp', 480, 360, 1),"
	    " (1, 'a_481.png', 'image/png', 481, 360, 1)");
	assert_int_equal(
	    media_list_sizes(fixture->database, "/media/a.png", &sizes),
	    STATUS_OK);

	assert_int_equal(sizes->len, 4);
	assert_size(sizes, 0, "/media/a_480.webp", 480, true);
	assert_size(sizes, 1, "/media/a_481.png", 481, false);
	assert_size(sizes, 2, "/media/a_960.png", 960, false);
	assert_size(sizes, 3, "/media/a.png", 1200, false);
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
		g_autoptr(GArray) nothing = NULL;

		assert_int_equal(
		    media_list_sizes(fixture->database, none[i], &nothing),
		    STATUS_OK);
		assert_int_equal(nothing->len, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ensure_records_once,
		    fixture_set_up, fixture_tear_down),
		cmocka_unit_test(test_make_path),
		cmocka_unit_test_setup_teardown(
		    test_find_extent, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
		    test_list_sizes, fixture_set_up, fixture_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
