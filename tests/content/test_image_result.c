/*
 * test_image_result.c - what byline-image says, and what it never says.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "content/image_result.h"

#define FULL   "file full.jpg image/jpeg 2880 2160 661515\n"
#define NARROW "file 480.jpg image/jpeg 480 360 20080\n"
#define WEBP   "file 480.webp image/webp 480 360 9482\n"

static enum status
parse(const char *text, struct image_result *result, GError **error)
{
	return image_result_parse(text, strlen(text), result, error);
}

static void
assert_refused(const char *text, size_t size)
{
	struct image_result result;
	g_autoptr(GError) error = NULL;

	if (image_result_parse(text, size, &result, &error) != STATUS_FAILED)
		fail_msg("taken: %s", text);
	assert_non_null(strstr(error->message, "not understood"));
}

static void
test_image_result_parse_files(void **state)
{
	struct image_result result;
	(void)state;

	assert_int_equal(
	    parse(FULL NARROW WEBP "end\n", &result, NULL), STATUS_OK);

	assert_int_equal(result.file_count, 3);
	assert_string_equal(result.files[0].name, "full.jpg");
	assert_string_equal(result.files[0].content_type, "image/jpeg");
	assert_int_equal(result.files[0].width, 2880);
	assert_int_equal(result.files[0].height, 2160);
	assert_int_equal(result.files[0].size, 661515);
	assert_string_equal(result.files[1].name, "480.jpg");
	assert_string_equal(result.files[2].name, "480.webp");
	assert_string_equal(result.files[2].content_type, "image/webp");
	assert_int_equal(result.files[2].height, 360);
}

static void
test_image_result_parse_what_is_appended(void **state)
{
	const char *const *names = image_result_names();
	g_autoptr(GString) text = g_string_new(NULL);
	struct image_file file = { .name = "full.webp",
		.content_type = "image/webp",
		.width = 1441,
		.height = 1,
		.size = 7 };
	struct image_result result;
	(void)state;

	image_result_append_file(text, &file);
	for (size_t i = 0; names[i] != NULL; i++) {
		if (!g_str_has_suffix(names[i], ".webp") ||
		    g_str_has_prefix(names[i], "full"))
			continue;
		(void)g_strlcpy(file.name, names[i], sizeof(file.name));
		file.width = (uint32_t)g_ascii_strtoull(names[i], NULL, 10);
		image_result_append_file(text, &file);
	}
	image_result_append_end(text);
	assert_int_equal(parse(text->str, &result, NULL), STATUS_OK);
	assert_int_equal(result.file_count, 4);
	assert_string_equal(result.files[3].name, "1440.webp");
	assert_int_equal(result.files[3].width, 1440);
}

static void
test_image_result_parse_failures(void **state)
{
	static const enum status FAILURES[] = { STATUS_INVALID,
		STATUS_TOO_LARGE, STATUS_BUSY, STATUS_FAILED };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(FAILURES); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GError) error = NULL;
		struct image_result result;

		image_result_append_failure(text, FAILURES[i],
		    "is damaged: 3 \303\227 4, \"so\" it is");
		assert_int_equal(
		    parse(text->str, &result, &error), FAILURES[i]);
		assert_string_equal(
		    error->message, "is damaged: 3 \303\227 4, \"so\" it is");
	}
}

/* Words come from libraries that quote what they have read. */
static void
test_image_result_append_failure_of_any_words(void **state)
{
	g_autofree char *many = g_strnfill(3000, 'x');
	const char *const words[] = { "a\nfile full.jpg image/jpeg 1 1 1\nend",
		"\x1b[2J", "\xff\xfe\x80", "\xe2\x80\xa8 line", many };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GError) error = NULL;
		struct image_result result;

		image_result_append_failure(text, STATUS_INVALID, words[i]);
		assert_int_equal(
		    parse(text->str, &result, &error), STATUS_INVALID);
		assert_null(strpbrk(error->message, "\n\x1b"));
		assert_true(strlen(error->message) <= 204);
	}
}

static void
test_image_result_parse_refuses(void **state)
{
	static const char *const LINES[] = {
		"",
		"\n",
		"end\n",
		"end",
		FULL,
		FULL "end",
		FULL "end\n\n",
		FULL "end\nend\n",
		FULL "\nend\n",
		FULL FULL "end\n",
		FULL NARROW NARROW "end\n",
		NARROW FULL "end\n",
		" " FULL "end\n",
		FULL "END\n",
		"\n" FULL "end\n",
		/* names */
		"file ../full.jpg image/jpeg 2880 2160 661515\nend\n",
		"file full.svg image/svg+xml 2880 2160 661515\nend\n",
		"file full.jpg/ image/jpeg 2880 2160 661515\nend\n",
		"file full.JPG image/jpeg 2880 2160 661515\nend\n",
		"file full. image/jpeg 2880 2160 661515\nend\n",
		FULL "file 240.jpg image/jpeg 240 180 20080\nend\n",
		FULL "file 0480.jpg image/jpeg 480 360 20080\nend\n",
		/* types */
		"file full.jpg image/png 2880 2160 661515\nend\n",
		"file full.jpg text/html 2880 2160 661515\nend\n",
		"file full.jpg  2880 2160 661515\nend\n",
		/* numbers */
		"file full.jpg image/jpeg 0 2160 661515\nend\n",
		"file full.jpg image/jpeg 2880 0 661515\nend\n",
		"file full.jpg image/jpeg 2880 2160 0\nend\n",
		"file full.jpg image/jpeg -1 2160 661515\nend\n",
		"file full.jpg image/jpeg +1 2160 661515\nend\n",
		"file full.jpg image/jpeg 02880 2160 661515\nend\n",
		"file full.jpg image/jpeg 0x10 2160 661515\nend\n",
		"file full.jpg image/jpeg 65536 1 661515\nend\n",
		"file full.jpg image/jpeg 7000 7000 661515\nend\n",
		"file full.jpg image/jpeg 4294967297 2160 661515\nend\n",
		"file full.jpg image/jpeg 2880 2160 67108865\nend\n",
		"file full.jpg image/jpeg 2880 2160 "
		"99999999999999999999\nend\n",
		"file full.jpg image/jpeg 2880 2160\nend\n",
		"file full.jpg image/jpeg 2880 2160 661515 1\nend\n",
		"file full.jpg image/jpeg 2880  2160 661515\nend\n",
		"file full.jpg image/jpeg 2880 2160 661515 \nend\n",
		"file full.jpg image/jpeg 2880 2160 661515\r\nend\r\n",
		"file\tfull.jpg image/jpeg 2880 2160 661515\nend\n",
		/* sizes that cannot be */
		FULL "file 480.jpg image/jpeg 481 360 20080\nend\n",
		FULL "file full.webp image/webp 2880 2161 20080\nend\n",
		"file full.jpg image/jpeg 480 360 20080\n" NARROW "end\n",
		/* failures */
		"failed\n",
		"failed \n",
		"failed invalid\n",
		"failed invalid \n",
		"failed ok is fine\n",
		"failed not-found is not there\n",
		"failed invalid words",
		"failed invalid words\nend\n",
		"failed invalid words\n\n",
		"failed invalid \x1b[2J\n",
		"failed invalid \xff\n",
		"failed invalid a\tb\n",
		FULL "failed invalid words\n",
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++)
		assert_refused(LINES[i], strlen(LINES[i]));
	assert_refused(FULL "\0end\n", sizeof(FULL "\0end\n") - 1);
	assert_refused(FULL "end\n\0", sizeof(FULL "end\n\0") - 1);
}

static void
test_image_result_parse_too_much(void **state)
{
	g_autoptr(GString) words = g_string_new("failed invalid ");
	g_autoptr(GString) files = g_string_new(FULL);
	const char *const *names = image_result_names();
	(void)state;

	for (int i = 0; i < 1000; i++)
		g_string_append(words, "words ");
	g_string_append(words, "\n");
	assert_refused(words->str, words->len);
	/* Nine files, each of which would do. */
	for (size_t i = 1; names[i] != NULL && i < 9; i++) {
		const char *ending = strrchr(names[i], '.') + 1;
		guint64 width = g_ascii_strtoull(names[i], NULL, 10);

		g_string_append_printf(files, "file %s image/%s %d %d 9\n",
		    names[i], strcmp(ending, "jpg") == 0 ? "jpeg" : ending,
		    width == 0 ? 2880 : (int)width, width == 0 ? 2160 : 360);
	}
	g_string_append(files, "end\n");
	assert_refused(files->str, files->len);
}

/* However it is cut, or a byte of it changed. */
static void
test_image_result_parse_damaged(void **state)
{
	static const char TEXT[] = FULL NARROW WEBP "end\n";
	struct image_result result;
	(void)state;

	for (size_t size = 0; size < sizeof(TEXT) - 1; size++)
		assert_int_equal(image_result_parse(TEXT, size, &result, NULL),
		    STATUS_FAILED);
	for (size_t i = 0; i < sizeof(TEXT) - 1; i++) {
		for (int byte = 0; byte < 256; byte++) {
			char copy[sizeof(TEXT)];

			memcpy(copy, TEXT, sizeof(TEXT));
			copy[i] = (char)byte;
			if (image_result_parse(copy, sizeof(TEXT) - 1, &result,
				NULL) != STATUS_OK)
				continue;
			assert_int_equal(result.file_count, 3);
			assert_string_equal(result.files[1].name, "480.jpg");
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image_result_parse_files),
		cmocka_unit_test(test_image_result_parse_what_is_appended),
		cmocka_unit_test(test_image_result_parse_failures),
		cmocka_unit_test(test_image_result_append_failure_of_any_words),
		cmocka_unit_test(test_image_result_parse_refuses),
		cmocka_unit_test(test_image_result_parse_too_much),
		cmocka_unit_test(test_image_result_parse_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
