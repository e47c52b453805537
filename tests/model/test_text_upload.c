/*
 * test_text_upload.c - a text that comes in pieces is put together as it was,
 * is its author's alone, and does not stay.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/author.h"
#include "model/text_upload.h"

static enum status
write_at(struct fixture *fixture, const char *key, size_t offset,
    const char *bytes, size_t size, int64_t now)
{
	size_t whole = 4711;
	enum status status = text_upload_write(fixture->database,
	    fixture->author_id, key, offset, bytes, size, now, &whole);

	assert_int_equal(whole, status == STATUS_OK ? offset + size : 4711);
	return status;
}

static void
put(struct fixture *fixture, const char *key, size_t offset, const char *bytes)
{
	assert_int_equal(
	    write_at(fixture, key, offset, bytes, strlen(bytes), NOW),
	    STATUS_OK);
}

static size_t
size_of(struct fixture *fixture, const char *key)
{
	size_t size;

	assert_int_equal(
	    text_upload_size(fixture->database, fixture->author_id, key, &size),
	    STATUS_OK);
	return size;
}

static void
assert_text(struct fixture *fixture, const char *key, const char *wanted)
{
	g_autofree char *text = NULL;

	assert_int_equal(
	    text_upload_read(fixture->database, fixture->author_id, key, &text),
	    STATUS_OK);
	assert_string_equal(text, wanted);
}

static void
assert_gone(struct fixture *fixture, const char *key)
{
	char *text;

	assert_int_equal(
	    text_upload_read(fixture->database, fixture->author_id, key, &text),
	    STATUS_NOT_FOUND);
	assert_int_equal(size_of(fixture, key), 0);
}

static void
test_write_puts_pieces_together(void **state)
{
	struct fixture *fixture = *state;

	/* The first piece ends inside the "ü". */
	put(fixture, "k", 0, "Gr\xc3");
	put(fixture, "k", 3,
	    "\xbc\xc3\x9f"
	    "e");

	assert_text(fixture, "k", "Grüße");
	assert_int_equal(size_of(fixture, "k"), 7);
}

static void
test_write_replaces_the_end(void **state)
{
	struct fixture *fixture = *state;

	put(fixture, "k", 0, "one two three");
	put(fixture, "k", 4, "2");
	assert_text(fixture, "k", "one 2");

	put(fixture, "k", 0, "");

	assert_text(fixture, "k", "");
}

static void
test_write_leaves_no_gap(void **state)
{
	struct fixture *fixture = *state;

	put(fixture, "k", 0, "abc");

	assert_int_equal(
	    write_at(fixture, "k", 4, "e", 1, NOW), STATUS_CONFLICT);
	assert_int_equal(
	    write_at(fixture, "other", 1, "b", 1, NOW), STATUS_CONFLICT);

	assert_text(fixture, "k", "abc");
	assert_gone(fixture, "other");
}

static void
test_write_has_a_limit(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *text = g_strnfill(TEXT_UPLOAD_MAX_SIZE + 1, 'x');

	assert_int_equal(
	    write_at(fixture, "k", 0, text, TEXT_UPLOAD_MAX_SIZE, NOW),
	    STATUS_OK);
	assert_int_equal(
	    write_at(fixture, "k", TEXT_UPLOAD_MAX_SIZE, "x", 1, NOW),
	    STATUS_INVALID);
	assert_int_equal(
	    write_at(fixture, "k", SIZE_MAX, "x", 1, NOW), STATUS_INVALID);
	assert_int_equal(
	    write_at(fixture, "k", 0, text, TEXT_UPLOAD_MAX_SIZE + 1, NOW),
	    STATUS_INVALID);

	assert_int_equal(size_of(fixture, "k"), TEXT_UPLOAD_MAX_SIZE);
}

static void
test_write_is_one_authors(void **state)
{
	struct fixture *fixture = *state;
	const struct author_draft draft = { .name = "Mary",
		.email = "mary@example.org",
		.role = AUTHOR_ROLE_OWNER };
	int64_t other;
	char *text;
	size_t size;

	assert_int_equal(
	    author_add(fixture->database, &draft, NOW, &other, NULL),
	    STATUS_OK);
	put(fixture, "k", 0, "mine");

	assert_int_equal(text_upload_read(fixture->database, other, "k", &text),
	    STATUS_NOT_FOUND);
	assert_int_equal(text_upload_write(fixture->database, other, "k", 0,
			     "hers", 4, NOW, &size),
	    STATUS_OK);

	assert_text(fixture, "k", "mine");
}

static void
test_write_keeps_the_last_few(void **state)
{
	struct fixture *fixture = *state;
	const char *const keys[] = { "a", "b", "c", "d", "e" };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		assert_int_equal(
		    write_at(fixture, keys[i], 0, "x", 1, NOW), STATUS_OK);
	assert_gone(fixture, "a");
	assert_int_equal(write_at(fixture, "b", 1, "y", 1, NOW), STATUS_OK);

	/* In the same second: the one that is written never goes. */
	assert_text(fixture, "b", "xy");
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM text_upload"),
	    TEXT_UPLOAD_MAX_COUNT);

	/* What is not taken makes no room for itself. */
	assert_int_equal(
	    write_at(fixture, "gap", 1, "z", 1, NOW), STATUS_CONFLICT);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM text_upload"),
	    TEXT_UPLOAD_MAX_COUNT);
}

static void
test_write_sweeps_what_is_old(void **state)
{
	struct fixture *fixture = *state;

	put(fixture, "old", 0, "x");

	assert_int_equal(
	    write_at(fixture, "k", 0, "y", 1, NOW + TEXT_UPLOAD_SECONDS),
	    STATUS_OK);
	assert_text(fixture, "old", "x");
	assert_int_equal(
	    write_at(fixture, "k", 0, "y", 1, NOW + TEXT_UPLOAD_SECONDS + 1),
	    STATUS_OK);

	assert_gone(fixture, "old");
}

static void
test_read_what_is_no_text(void **state)
{
	struct fixture *fixture = *state;
	char *text;

	put(fixture, "k", 0, "half \xc3");
	assert_int_equal(
	    text_upload_read(fixture->database, fixture->author_id, "k", &text),
	    STATUS_INVALID);

	assert_int_equal(write_at(fixture, "k", 0, "a\0b", 3, NOW), STATUS_OK);

	assert_int_equal(
	    text_upload_read(fixture->database, fixture->author_id, "k", &text),
	    STATUS_INVALID);
}

#define WITH_BLOG(test)                                                        \
	cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BLOG(test_write_puts_pieces_together),
		WITH_BLOG(test_write_replaces_the_end),
		WITH_BLOG(test_write_leaves_no_gap),
		WITH_BLOG(test_write_has_a_limit),
		WITH_BLOG(test_write_is_one_authors),
		WITH_BLOG(test_write_keeps_the_last_few),
		WITH_BLOG(test_write_sweeps_what_is_old),
		WITH_BLOG(test_read_what_is_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
