/*
 * test_qr_code.c - QR codes: drawn from their path, looked at, and read by
 * another program.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "base/one_time_code.h"
#include "base/qr_code.h"

/* The largest there is, and its quiet zone. */
#define MAX_SIZE (177 + 8)

/* Pixels of a module, for who looks for it in a picture. */
#define SCALE 4

struct drawing {
	int size;
	bool is_dark[MAX_SIZE][MAX_SIZE];
};

/* An integer at `at`, which moves behind it. */
static int
read_number(const char **at)
{
	char *end;
	gint64 number = g_ascii_strtoll(*at, &end, 10);

	assert_true(end > *at);
	*at = end;
	return (int)number;
}

static int
read_command(const char **at, char name)
{
	assert_int_equal(**at, name);
	(*at)++;
	return read_number(at);
}

/* Draw a path of rectangles one module high, each "Mx yhNv1h-Nz"; nothing else
 * may stand in it, and nothing is drawn twice. */
static void
draw(const struct qr_code *code, struct drawing *out_drawing)
{
	assert_in_range(code->size, 21 + 8, MAX_SIZE);
	memset(out_drawing, 0, sizeof(*out_drawing));
	out_drawing->size = code->size;
	for (const char *at = code->path; *at != '\0'; at++) {
		int x = read_command(&at, 'M');
		int y = read_number(&at);
		int width = read_command(&at, 'h');

		assert_int_equal(read_command(&at, 'v'), 1);
		assert_int_equal(read_command(&at, 'h'), -width);
		assert_int_equal(*at, 'z');
		assert_in_range(y, 4, code->size - 5);
		assert_in_range(x, 4, code->size - 5);
		assert_in_range(width, 1, code->size - 4 - x);
		for (int i = 0; i < width; i++) {
			assert_false(out_drawing->is_dark[y][x + i]);
			out_drawing->is_dark[y][x + i] = true;
		}
	}
}

static void
draw_text(const char *text, struct drawing *out_drawing)
{
	struct qr_code code = { 0 };

	assert_int_equal(qr_code_init(&code, text), STATUS_OK);
	draw(&code, out_drawing);
	qr_code_release(&code);
	assert_null(code.path);
}

/* A finder pattern, its upper left corner at (x, y), with the light modules
 * around it. */
static void
assert_finder(const struct drawing *drawing, int x, int y)
{
	static const char *const PATTERN[] = { ".........", ".#######.",
		".#.....#.", ".#.###.#.", ".#.###.#.", ".#.###.#.", ".#.....#.",
		".#######.", "........." };

	for (int row = 0; row < 9; row++)
		for (int column = 0; column < 9; column++)
			assert_int_equal(
			    drawing->is_dark[y + row - 1][x + column - 1],
			    PATTERN[row][column] == '#');
}

/* What ISO/IEC 18004 has in every code, by itself. */
static void
assert_structure(const struct drawing *drawing)
{
	const int side = drawing->size - 8;

	assert_int_equal(side % 4, 17 % 4);
	assert_finder(drawing, 4, 4);
	assert_finder(drawing, 4 + side - 7, 4);
	assert_finder(drawing, 4, 4 + side - 7);
	for (int i = 8; i < side - 8; i++) {
		assert_int_equal(drawing->is_dark[4 + 6][4 + i], i % 2 == 0);
		assert_int_equal(drawing->is_dark[4 + i][4 + 6], i % 2 == 0);
	}
	assert_true(drawing->is_dark[4 + side - 8][4 + 8]);
	/* The two bits of the level: M is 00, and they are masked by 10. */
	assert_true(drawing->is_dark[4 + 8][4]);
	assert_false(drawing->is_dark[4 + 8][5]);
}

static void
test_init_structure(void **state)
{
	static struct drawing drawing;
	(void)state;

	for (size_t size = 1; size <= 2331; size += size / 3 + 1) {
		g_autofree char *text = g_strnfill(size, 'x');

		draw_text(text, &drawing);
		assert_structure(&drawing);
	}
}

/* Version 1 and 40 at level M: 14 and 2,331 bytes. */
static void
test_init_takes_the_smallest_that_has_room(void **state)
{
	g_autofree char *largest = g_strnfill(2331, 'x');
	static struct drawing drawing;
	(void)state;

	draw_text("fourteen bytes", &drawing);
	assert_int_equal(drawing.size, 21 + 8);
	draw_text("fifteen bytes..", &drawing);
	assert_int_equal(drawing.size, 25 + 8);
	draw_text(largest, &drawing);
	assert_int_equal(drawing.size, MAX_SIZE);
}

static void
test_init_refuses(void **state)
{
	g_autofree char *larger = g_strnfill(2332, 'x');
	g_autofree char *huge = g_strnfill(1 << 20, 'x');
	g_autofree char *digits = g_strnfill(5597, '1');
	struct qr_code code = { 0 };
	(void)state;

	assert_int_equal(qr_code_init(&code, ""), STATUS_INVALID);
	assert_int_equal(qr_code_init(&code, larger), STATUS_TOO_LARGE);
	assert_int_equal(qr_code_init(&code, huge), STATUS_TOO_LARGE);
	assert_int_equal(qr_code_init(&code, digits), STATUS_TOO_LARGE);
	assert_null(code.path);
	digits[5596] = '\0';
	assert_int_equal(qr_code_init(&code, digits), STATUS_OK);
	qr_code_release(&code);
}

/* The longest address that one_time_code.h makes has room. */
static void
test_init_of_the_longest_address(void **state)
{
	g_autoptr(GString) title = g_string_new(NULL);
	g_autofree char *account = g_strnfill(254, '@');
	g_autofree char *secret = one_time_code_new_secret();
	g_autofree char *address = NULL;
	static struct drawing drawing;
	(void)state;

	for (int i = 0; i < 200; i++)
		g_string_append(title, "😀");
	address = one_time_code_make_address(secret, title->str, account);

	draw_text(address, &drawing);

	assert_structure(&drawing);
}

/* A picture in the simplest form that there is: PGM, of ASCII. */
static void
write_picture(const struct drawing *drawing, const char *file)
{
	g_autoptr(GString) picture = g_string_new(NULL);
	const int side = drawing->size * SCALE;

	g_string_printf(picture, "P2 %d %d 1\n", side, side);
	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++)
			g_string_append(picture,
			    drawing->is_dark[y / SCALE][x / SCALE] ? "0\n"
								   : "1\n");
	assert_true(g_file_set_contents(file, picture->str, -1, NULL));
}

/* What zbarimg(1) reads in a picture of the code of `text`. */
static char *
read_back(const char *text, const char *folder)
{
	g_autofree char *file = g_build_filename(folder, "code.pgm", NULL);
	g_autofree char *quoted = g_shell_quote(file);
	g_autofree char *command =
	    g_strconcat("zbarimg -q --raw --nodbus ", quoted, NULL);
	static struct drawing drawing;
	char *read = NULL;
	int how;

	draw_text(text, &drawing);
	write_picture(&drawing, file);
	assert_true(
	    g_spawn_command_line_sync(command, &read, NULL, &how, NULL));
	assert_int_equal(how, 0);
	assert_int_equal(g_remove(file), 0);
	return read;
}

static void
assert_read_back(const char *text, const char *folder)
{
	g_autofree char *line = g_strconcat(text, "\n", NULL);
	g_autofree char *read = read_back(text, folder);

	assert_string_equal(read, line);
}

static void
test_init_is_read_by_another_program(void **state)
{
	static const char *const TEXTS[] = { "x", "0123456789",
		"HTTPS://EXAMPLE.ORG/", "https://example.org/?a=b&c=d#e",
		"Größe, 大きさ, размер", "<path d=\"\"/>" };
	g_autofree char *program = g_find_program_in_path("zbarimg");
	g_autofree char *folder = NULL;
	g_autofree char *secret = one_time_code_new_secret();
	g_autofree char *address = one_time_code_make_address(
	    secret, "Über „Größe“ 😀", "mira@example.org");
	g_autofree char *much = g_strnfill(1000, 'x');
	(void)state;

	if (program == NULL) {
		print_message("zbarimg (package zbar-tools) is not there\n");
		skip();
	}
	folder = g_dir_make_tmp("byline-test.XXXXXX", NULL);
	assert_non_null(folder);

	for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++)
		assert_read_back(TEXTS[i], folder);
	assert_read_back(address, folder);
	assert_read_back(much, folder);

	assert_int_equal(g_rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init_structure),
		cmocka_unit_test(test_init_takes_the_smallest_that_has_room),
		cmocka_unit_test(test_init_refuses),
		cmocka_unit_test(test_init_of_the_longest_address),
		cmocka_unit_test(test_init_is_read_by_another_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
