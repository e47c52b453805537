/*
 * test_desk_file_upload.c - what a script is told while it sends a file in
 * pieces, and what becomes of the file.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk_fixture.h"
#include "model/file_upload.h"

/* As the script asks: its token is in a header. */
static void
ask_script(struct desk_fixture *fixture, const char *target, const char *body,
    const char *content_type)
{
	g_autofree char *token = desk_form_token(fixture);
	g_autofree char *header =
	    g_strconcat("HTTP_X_FORM_TOKEN=", token, NULL);
	g_autofree char *type =
	    g_strconcat("CONTENT_TYPE=", content_type, NULL);

	desk_ask(fixture, "POST", target, body, header, type, NULL);
	assert_string_equal(answer_header(&fixture->answer, "Content-Type"),
	    "application/json; charset=utf-8");
}

static void
begin(struct desk_fixture *fixture, const char *fields)
{
	ask_script(fixture, "/desk/uploads", fields,
	    "application/x-www-form-urlencoded");
}

static void
put(struct desk_fixture *fixture, const char *target, const char *piece)
{
	ask_script(fixture, target, piece, "application/octet-stream");
}

static void
end(struct desk_fixture *fixture, const char *fields)
{
	ask_script(fixture, "/desk/uploads/k/end", fields,
	    "application/x-www-form-urlencoded");
}

static void
assert_told(const struct desk_fixture *fixture, int status, const char *json)
{
	desk_assert_status(fixture, status);
	assert_string_equal(fixture->answer.body->str, json);
}

static void
test_pieces_become_a_file(void **state)
{
	struct desk_fixture *fixture = *state;

	begin(fixture, "key=k&name=My+%5Bown%5D.txt&size=10");
	assert_told(fixture, 200, "{\"size\":0}\n");
	put(fixture, "/desk/uploads/k?offset=0", "Some words");
	assert_told(fixture, 200, "{\"size\":10}\n");
	put(fixture, "/desk/uploads/k/end", "");

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, "{\"id\":1,\"name\":\"My [own].txt\"");
	desk_assert_has(
	    fixture, "\"markdown\":\"[My \\\\[own\\\\].txt](/media/");
	desk_assert_text(
	    fixture, "SELECT original_name FROM media", "My [own].txt");
}

static void
test_wrong_offset_is_told_the_right_one(void **state)
{
	struct desk_fixture *fixture = *state;

	begin(fixture, "key=k&name=a&size=10");
	put(fixture, "/desk/uploads/k?offset=0", "Some");

	put(fixture, "/desk/uploads/k?offset=6", "ords");
	assert_told(fixture, 409, "{\"size\":4}\n");
	put(fixture, "/desk/uploads/k/end", "");

	assert_told(fixture, 409, "{\"size\":4}\n");
}

static void
test_too_much_is_said_in_words(void **state)
{
	struct desk_fixture *fixture = *state;
	g_autofree char *piece = g_strnfill(FILE_UPLOAD_PIECE + 1, 'x');

	begin(fixture, "key=k&name=a&size=10485761");
	desk_assert_status(fixture, 413);
	desk_assert_has(fixture, " a is larger than 10 MB");
	begin(fixture, "key=k&name=a&size=3");
	put(fixture, "/desk/uploads/k?offset=0", "Some");
	desk_assert_status(fixture, 413);
	desk_assert_has(fixture, "longer than was said");
	put(fixture, "/desk/uploads/k?offset=0", piece);

	desk_assert_status(fixture, 413);
	desk_assert_has(fixture, "at most 96 KB");
}

static void
test_what_is_refused_is_named(void **state)
{
	struct desk_fixture *fixture = *state;

	/* An image, and nothing is there to make it safe. */
	begin(fixture, "key=k&name=a.gif&size=10");
	put(fixture, "/desk/uploads/k?offset=0", "GIF89a\1\1\1\1");
	put(fixture, "/desk/uploads/k/end", "");

	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "{\"problem\":\"a.gif is an image");
	put(fixture, "/desk/uploads/k/end", "");
	desk_assert_status(fixture, 404);
}

static void
test_what_it_shows_comes_with_the_end(void **state)
{
	static const char problem[] = "\"problem\":\"a was here already";
	struct desk_fixture *fixture = *state;
	g_autofree char *letters = g_strnfill(501, 'x');
	g_autofree char *too_long = g_strconcat("alt=", letters, NULL);

	begin(fixture, "key=k&name=a&size=4");
	put(fixture, "/desk/uploads/k?offset=0", "Some");
	end(fixture, "alt=");
	/* It has come before, and nobody has said what it shows. */
	end(fixture, too_long);
	desk_assert_status(fixture, 422);
	desk_assert_has(fixture, "longer than 500 characters");
	desk_assert_text(fixture, "SELECT alt FROM media", "");
	end(fixture, "alt=+A++view+");
	desk_assert_status(fixture, 200);
	desk_assert_has_not(fixture, problem);
	desk_assert_text(fixture, "SELECT alt FROM media", "A view");
	end(fixture, "alt=Another");

	desk_assert_status(fixture, 200);
	desk_assert_has(fixture, problem);
	desk_assert_text(fixture, "SELECT alt FROM media", "A view");
}

static void
test_uploads_are_their_authors_alone(void **state)
{
	struct desk_fixture *fixture = *state;

	begin(fixture, "key=k&name=a&size=10");
	put(fixture, "/desk/uploads/k?offset=0", "Some");
	desk_become(fixture, AUTHOR_ROLE_EDITOR);

	put(fixture, "/desk/uploads/k?offset=4", "more");
	desk_assert_status(fixture, 404);
	put(fixture, "/desk/uploads/k/end", "");

	desk_assert_status(fixture, 404);
}

static void
test_description_by_a_script(void **state)
{
	struct desk_fixture *fixture = *state;

	begin(fixture, "key=k&name=a&size=4");
	put(fixture, "/desk/uploads/k?offset=0", "Some");
	put(fixture, "/desk/uploads/k/end", "");
	ask_script(fixture, "/desk/media/1", "alt=A+view",
	    "application/x-www-form-urlencoded");

	assert_told(fixture, 200, "{}\n");
	desk_assert_text(fixture, "SELECT alt FROM media", "A view");
}

#define AT_THE_DESK(test)                                                      \
	cmocka_unit_test_setup_teardown(                                       \
	    test, desk_fixture_set_up, desk_fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AT_THE_DESK(test_pieces_become_a_file),
		AT_THE_DESK(test_wrong_offset_is_told_the_right_one),
		AT_THE_DESK(test_too_much_is_said_in_words),
		AT_THE_DESK(test_what_is_refused_is_named),
		AT_THE_DESK(test_what_it_shows_comes_with_the_end),
		AT_THE_DESK(test_uploads_are_their_authors_alone),
		AT_THE_DESK(test_description_by_a_script),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
