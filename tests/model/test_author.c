/*
 * test_author.c - who writes: handles and addresses that nobody else has.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"
#include "model/author.h"

static enum status
add(struct fixture *fixture, const char *name, const char *email,
    const char *handle)
{
	const struct author_draft draft = {
		.name = name,
		.email = email,
		.handle = handle,
		.role = AUTHOR_ROLE_EDITOR,
	};
	int64_t id = -1;
	g_autoptr(GError) error = NULL;
	enum status status =
	    author_add(fixture->database, &draft, NOW, &id, &error);

	assert_int_equal(status == STATUS_OK, id > 0);
	assert_int_equal(status == STATUS_OK, error == NULL);
	return status;
}

static struct author *
find(struct fixture *fixture, const char *handle)
{
	struct author *author = NULL;

	assert_int_equal(
	    author_find(fixture->database, handle, &author), STATUS_OK);
	return author;
}

static void
test_add_and_find(void **state)
{
	struct fixture *fixture = *state;
	struct author *missing;
	struct author *author;

	author = find(fixture, "ada-lovelace");

	assert_string_equal(author->name, "Ada Lovelace");
	assert_string_equal(author->email, "ada@example.org");
	assert_int_equal(author->role, AUTHOR_ROLE_OWNER);
	assert_string_equal(author->job_title, "Analyst");
	assert_string_equal(author->biography, "Wrote the first program.");
	assert_null(author->picture_path);
	assert_string_equal(author->website, "");
	assert_int_equal(author->article_count, 0);
	assert_int_equal(author_find(fixture->database, "nobody", &missing),
	    STATUS_NOT_FOUND);
	author_free(author);
}

static void
test_add_numbers_handles(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, "Ada Lovelace", NULL, NULL), STATUS_OK);
	assert_int_equal(
	    add(fixture, "\xf0\x9f\xa6\x80", NULL, NULL), STATUS_OK);
	assert_int_equal(
	    add(fixture, "Other", NULL, "ada-lovelace"), STATUS_CONFLICT);
	assert_int_equal(
	    add(fixture, "Other", NULL, "Not A Handle"), STATUS_INVALID);

	author_free(find(fixture, "ada-lovelace-2"));
	author_free(find(fixture, "u-1f980"));
}

/* The limit of 60 bytes falls into the middle of a letter. */
static void
test_add_cuts_handles_between_letters(void **state)
{
	struct fixture *fixture = *state;
	GString *name = g_string_new("a");
	g_autofree char *handle = NULL;

	for (int i = 0; i < 40; i++)
		g_string_append(name, "\xd0\xb6");
	handle = g_strndup(name->str, 59);
	assert_int_equal(add(fixture, name->str, NULL, NULL), STATUS_OK);

	author_free(find(fixture, handle));
	g_string_free(name, TRUE);
}

static void
test_add_refuses_what_is_no_address(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *long_local = g_strnfill(65, 'x');
	g_autofree char *long_email =
	    g_strdup_printf("%s@example.org", long_local);
	g_autofree char *label = g_strnfill(64, 'x');
	g_autofree char *long_label = g_strdup_printf("a@%s.org", label);
	const char *wrong[] = { "a", "@example.org", "a@", "a@b@c", "a b@c.org",
		"a@b c.org", "a@-b.org", "a@b-.org", "a@b..org", ".a@b.org",
		"a.@b.org", "a..b@c.org", "\"a\"@b.org", "a@b.org\r\nBcc: c@d",
		"a\nb@c.org", "a@b.org\n", "<a@b.org>", "a@[127.0.0.1]",
		"\xc3\xa4@b.org", "a;b@c.org", "a,b@c.org", "a\\b@c.org",
		"a(b)@c.org", long_email, long_label };

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		if (add(fixture, "Name", wrong[i], NULL) != STATUS_INVALID)
			fail_msg("\"%s\" was taken", wrong[i]);
}

static void
test_add_takes_addresses(void **state)
{
	struct fixture *fixture = *state;
	struct author *author;

	assert_int_equal(
	    add(fixture, "A", "a+b.c@Mail.Example.ORG", "a"), STATUS_OK);
	assert_int_equal(
	    add(fixture, "B", "b@b\xc3\xbc\x63her.example", "b"), STATUS_OK);
	assert_int_equal(
	    add(fixture, "C", "ADA@example.org", "c"), STATUS_CONFLICT);

	author = find(fixture, "a");
	assert_string_equal(author->email, "a+b.c@mail.example.org");
	author_free(author);
	author = find(fixture, "b");
	assert_string_equal(author->email, "b@xn--bcher-kva.example");
	author_free(author);
}

static void
test_normalize_email(void **state)
{
	g_autofree char *local = g_strnfill(64, 'x');
	g_autofree char *label = g_strnfill(63, 'y');
	/* Of 254 bytes and of one more. */
	g_autofree char *longest =
	    g_strdup_printf("%s@%s.%s.%.61s", local, label, label, label);
	g_autofree char *longer = g_strconcat(longest, "y", NULL);
	g_autofree char *endless = g_strnfill(1 << 20, 'z');
	g_autofree char *word = g_strconcat("a@", endless, NULL);
	g_autofree char *letters = NULL;
	const struct {
		const char *text;
		const char *email; /* NULL: none */
	} cases[] = {
		{ "Ada@Example.ORG", "Ada@example.org" },
		{ "ada@localhost", "ada@localhost" },
		{ "ada@B\xc3\xbc\x63her.example", "ada@xn--bcher-kva.example" },
		{ "o'brien+news@example.org", "o'brien+news@example.org" },
		{ longest, longest },
		{ longer, NULL },
		{ "", NULL },
		{ "@", NULL },
		{ "ada", NULL },
		{ " ada@example.org", NULL },
		{ "ada@example.org ", NULL },
		{ "ada@example.org.", NULL },
		{ "ada@\xff.org", NULL },
		{ "ada@\xf0\x9f\xa6\x80.\xff", NULL },
		{ "ada@example.org\r\nBcc: eve@example.org", NULL },
		{ word, NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *email = author_normalize_email(cases[i].text);

		if (g_strcmp0(email, cases[i].email) != 0)
			fail_msg("\"%.80s\" became %s", cases[i].text,
			    email != NULL ? email : "nothing");
	}
	for (size_t i = 1; i < 1 << 20; i += 2) {
		endless[i - 1] = '\xc3';
		endless[i] = '\xbc';
	}
	letters = g_strconcat("a@", endless, NULL);
	assert_null(author_normalize_email(letters));
}

static void
test_add_refuses_other_fields(void **state)
{
	struct fixture *fixture = *state;
	struct author_draft draft = { .name = "A", .role = AUTHOR_ROLE_AUTHOR };
	int64_t id;

	assert_int_equal(add(fixture, " ", NULL, NULL), STATUS_INVALID);
	assert_int_equal(add(fixture, NULL, NULL, NULL), STATUS_INVALID);
	assert_int_equal(add(fixture, "\xff", NULL, NULL), STATUS_INVALID);
	draft.website = "javascript:alert(1)";
	assert_int_equal(author_add(fixture->database, &draft, NOW, &id, NULL),
	    STATUS_INVALID);
	draft.website = "https://example.org/a";
	assert_int_equal(
	    author_add(fixture->database, &draft, NOW, &id, NULL), STATUS_OK);
}

static void
test_update_changes_what_is_given(void **state)
{
	struct fixture *fixture = *state;
	const struct author_draft draft = {
		.job_title = "Countess",
		.picture_path = "/media/ada.png",
		.email = "ADA@example.org",
	};
	struct author *author;

	assert_int_equal(
	    author_update(fixture->database, "ada-lovelace", &draft, NOW, NULL),
	    STATUS_OK);

	author = find(fixture, "ada-lovelace");
	assert_string_equal(author->name, "Ada Lovelace");
	assert_string_equal(author->email, "ada@example.org");
	assert_string_equal(author->job_title, "Countess");
	assert_string_equal(author->biography, "Wrote the first program.");
	assert_string_equal(author->picture_path, "/media/ada.png");
	assert_int_equal(author->role, AUTHOR_ROLE_OWNER);
	author_free(author);
}

static void
test_update_refuses(void **state)
{
	struct fixture *fixture = *state;
	const struct author_draft taken = { .handle = "b" };
	const struct author_draft nameless = { .name = " " };
	const struct author_draft renamed = { .handle = "ada" };

	assert_int_equal(add(fixture, "B", "b@example.org", "b"), STATUS_OK);

	assert_int_equal(
	    author_update(fixture->database, "ada-lovelace", &taken, NOW, NULL),
	    STATUS_CONFLICT);
	assert_int_equal(author_update(fixture->database, "ada-lovelace",
			     &nameless, NOW, NULL),
	    STATUS_INVALID);
	assert_int_equal(
	    author_update_id(fixture->database, 12345, &renamed, NOW, NULL),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    author_update(fixture->database, "nobody", &renamed, NOW, NULL),
	    STATUS_NOT_FOUND);
	assert_int_equal(author_update(fixture->database, "ada-lovelace",
			     &renamed, NOW, NULL),
	    STATUS_OK);
	author_free(find(fixture, "ada"));
}

static void
test_ensure(void **state)
{
	struct fixture *fixture = *state;
	int64_t ada = 0, new = 0, again = 0, nobody;
	struct author *author;

	assert_int_equal(
	    author_ensure(fixture->database, " Ada  Lovelace ", NOW, &ada),
	    STATUS_OK);
	assert_int_equal(
	    author_ensure(fixture->database, "Grace Hopper", NOW, &new),
	    STATUS_OK);
	assert_int_equal(
	    author_ensure(fixture->database, "Grace Hopper", NOW, &again),
	    STATUS_OK);

	assert_int_equal(ada, fixture->author_id);
	assert_int_equal(new, again);
	assert_true(new != ada);
	assert_int_equal(
	    author_ensure(fixture->database, "", NOW, &nobody), STATUS_INVALID);
	author = find(fixture, "grace-hopper");
	assert_null(author->email);
	assert_int_equal(author->role, AUTHOR_ROLE_AUTHOR);
	author_free(author);
}

static void
test_find_owner(void **state)
{
	struct fixture *fixture = *state;
	struct author *author = NULL;

	assert_int_equal(add(fixture, "B", NULL, NULL), STATUS_OK);

	assert_int_equal(
	    author_find_owner(fixture->database, &author), STATUS_OK);
	assert_string_equal(author->handle, "ada-lovelace");
	author_free(author);
	fixture_run(fixture, "DELETE FROM author WHERE role = 'owner'");
	assert_int_equal(
	    author_find_owner(fixture->database, &author), STATUS_OK);
	assert_string_equal(author->handle, "b");
	author_free(author);
	fixture_run(fixture, "DELETE FROM author");
	assert_int_equal(
	    author_find_owner(fixture->database, &author), STATUS_NOT_FOUND);
}

static void
test_lists(void **state)
{
	struct fixture *fixture = *state;
	GPtrArray *used = NULL, *everyone = NULL;

	assert_int_equal(add(fixture, "B", NULL, NULL), STATUS_OK);
	fixture_article(fixture, "a", 1, NULL, NULL);

	assert_int_equal(author_list_used(fixture->database, &used), STATUS_OK);
	assert_int_equal(author_list(fixture->database, &everyone), STATUS_OK);

	assert_int_equal(used->len, 1);
	assert_int_equal(
	    ((const struct author *)used->pdata[0])->article_count, 1);
	assert_int_equal(everyone->len, 2);
	g_ptr_array_unref(used);
	g_ptr_array_unref(everyone);
}

static void
test_roles(void **state)
{
	enum author_role role;

	(void)state;
	assert_int_equal(author_parse_role("editor", &role), STATUS_OK);
	assert_string_equal(author_role_name(role), "editor");
	assert_int_equal(author_parse_role("Owner", &role), STATUS_INVALID);
	assert_int_equal(author_parse_role("", &role), STATUS_INVALID);
}

/* ---- another role ---- */

static int64_t
add_owner(struct fixture *fixture, const char *name, const char *hash)
{
	const struct author_draft draft = {
		.name = name,
		.role = AUTHOR_ROLE_OWNER,
		.password_hash = hash,
	};
	int64_t id;

	assert_int_equal(
	    author_add(fixture->database, &draft, NOW, &id, NULL), STATUS_OK);
	return id;
}

static void
test_set_role(void **state)
{
	struct fixture *fixture = *state;
	struct author *author;

	fixture_run(fixture, "UPDATE author SET password_hash = 'x'");
	assert_int_equal(add(fixture, "B", NULL, "b"), STATUS_OK);
	author = find(fixture, "b");

	assert_int_equal(author_set_role(fixture->database, author->id,
			     AUTHOR_ROLE_AUTHOR, NOW + 5),
	    STATUS_OK);
	author_free(author);
	author = find(fixture, "b");
	assert_int_equal(author->role, AUTHOR_ROLE_AUTHOR);
	assert_int_equal(author_set_role(fixture->database, author->id,
			     AUTHOR_ROLE_OWNER, NOW + 6),
	    STATUS_OK);
	author_free(author);
	author = find(fixture, "b");
	assert_int_equal(author->role, AUTHOR_ROLE_OWNER);
	author_free(author);

	assert_int_equal(
	    author_set_role(fixture->database, 12345, AUTHOR_ROLE_AUTHOR, NOW),
	    STATUS_NOT_FOUND);
	assert_int_equal(fixture_integer(fixture,
			     "SELECT updated_at FROM author WHERE handle ="
			     " 'b'"),
	    NOW + 6);
}

/* Somebody is always there who may do everything, and can. */
static void
test_set_role_of_the_last_owner(void **state)
{
	struct fixture *fixture = *state;
	struct database *database = fixture->database;
	int64_t ada = fixture->author_id, ben;

	fixture_run(fixture, "UPDATE author SET password_hash = 'x'");
	add_owner(fixture, "Who cannot sign in", NULL);
	ben = add_owner(fixture, "Who may not", "x");
	fixture_run(fixture,
	    "UPDATE author SET disabled_at = 1 WHERE name = 'Who may not'");

	assert_int_equal(
	    author_set_role(database, ada, AUTHOR_ROLE_EDITOR, NOW),
	    STATUS_CONFLICT);
	assert_int_equal(
	    author_set_role(database, ada, AUTHOR_ROLE_OWNER, NOW), STATUS_OK);
	fixture_run(fixture, "UPDATE author SET disabled_at = NULL");
	assert_int_equal(
	    author_set_role(database, ada, AUTHOR_ROLE_EDITOR, NOW), STATUS_OK);
	assert_int_equal(
	    author_set_role(database, ben, AUTHOR_ROLE_AUTHOR, NOW),
	    STATUS_CONFLICT);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM author WHERE role ="
				     " 'owner' AND password_hash IS NOT NULL"),
	    1);
}

/* Nobody is locked out by an owner who never could sign in. */
static void
test_set_role_of_an_owner_without_password(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(author_set_role(fixture->database, fixture->author_id,
			     AUTHOR_ROLE_AUTHOR, NOW),
	    STATUS_OK);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

static void
test_set_time_zone(void **state)
{
	static const char *const wrong[] = { "Mars/Olympus", "+02:00", "EST5",
		"europe/berlin" };
	struct fixture *fixture = *state;
	struct author *author = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		assert_int_equal(author_set_time_zone(fixture->database,
				     fixture->author_id, wrong[i]),
		    STATUS_INVALID);
	assert_int_equal(author_set_time_zone(fixture->database,
			     fixture->author_id, "Europe/London"),
	    STATUS_OK);

	assert_int_equal(
	    author_find(fixture->database, "ada-lovelace", &author), STATUS_OK);
	assert_string_equal(author->time_zone, "Europe/London");
	author_free(author);
	assert_int_equal(
	    author_set_time_zone(fixture->database, fixture->author_id, ""),
	    STATUS_OK);
	assert_int_equal(author_set_time_zone(fixture->database, 99, "UTC"),
	    STATUS_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_add_and_find),
		TEST(test_add_numbers_handles),
		TEST(test_add_cuts_handles_between_letters),
		TEST(test_add_refuses_what_is_no_address),
		TEST(test_add_takes_addresses),
		cmocka_unit_test(test_normalize_email),
		TEST(test_add_refuses_other_fields),
		TEST(test_update_changes_what_is_given),
		TEST(test_update_refuses),
		TEST(test_set_time_zone),
		TEST(test_ensure),
		TEST(test_find_owner),
		TEST(test_lists),
		cmocka_unit_test(test_roles),
		TEST(test_set_role),
		TEST(test_set_role_of_the_last_owner),
		TEST(test_set_role_of_an_owner_without_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
